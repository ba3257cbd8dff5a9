/* cli/store.h: the store of an import service, for the commands that run one. */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include "cli/args.h"
#include "server/server.h"

/* The folder of --data or else the user's default, without a trailing slash; it need not exist. The
 * caller frees it; NULL after a message. */
char *cli_data_folder(const struct cli_args *args);
/* Opens the store in a folder, or the database of --store or ORGVET_STORE. made: not NULL for the
 * command that may create it, and sets it up when it has no users yet (*made), with the token of
 * `admin` in admin.token. NULL after a message.
 */
struct ov_store *cli_store_open(const struct cli_args *args, const char *folder, bool *made);

/* `orgvet admin store VERB`: creates, checks, upgrades or moves the store. Returns the exit code;
 * -1: there is no such verb. */
int cli_store_command(const struct cli_args *args, const char *verb);

#endif
