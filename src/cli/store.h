/* cli/store.h: the store of an import service, for the commands that run one. */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include "cli/cli.h"
#include "server/server.h"

/* The folder of --data, or the user's own; NULL after a message. The caller frees it. */
char *cli_data_folder(const struct cli_args *args);
/* Opens the store in a folder, and sets it up when it has no users yet (*made), the token of
 * `admin` in admin.token; NULL after a message. */
struct ov_store *cli_store_open(const char *folder, bool *made);

#endif
