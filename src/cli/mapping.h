/* cli/mapping.h: options that several commands share: reading, settings, and existing items. */
#ifndef CLI_MAPPING_H
#define CLI_MAPPING_H

#include <orgvet/orgvet.h>

#include "cli/args.h"

/* Sets the options that --encoding, --delimiter, --skip, --max-cell and --reader specify, borrowed
 * from args; false after a message. */
bool cli_read_options(const struct cli_args *args, struct ov_read_options *options);
/* Applies --settings, --map, --default and --identifier. On OV_E_OPTION err has the reason;
 * OV_E_IO: a message may have been printed instead. */
enum ov_status cli_apply_settings(const struct cli_args *args, struct ov_check *check,
                                  struct ov_error *err);

/* The identifiers of --existing, as a list; {0} is empty. */
struct cli_id {
    struct cli_id *next;
    size_t len; /* bytes */
    char bytes[];
};
struct cli_ids {
    struct cli_id *first; /* owned */
};
/* Reads the files of --existing into *ids, which the caller frees with cli_ids_deinit in either
 * case; false after a message. */
bool cli_read_existing(const struct cli_args *args, struct cli_ids *ids);
/* Adds the identifiers to a check. */
enum ov_status cli_apply_existing(const struct cli_ids *ids, struct ov_check *check,
                                  struct ov_error *err);
void cli_ids_deinit(struct cli_ids *ids);

#endif
