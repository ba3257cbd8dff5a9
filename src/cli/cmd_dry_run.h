/* cli/cmd_dry_run.h: what `dry-run` shares with its question to a site. */
#ifndef CLI_CMD_DRY_RUN_H
#define CLI_CMD_DRY_RUN_H

#include "cli/choices.h"

/* The check for a dry run: as that of `submit`, without the options that concern rows only. Where
 * err's message becomes part of the service's answer, err->language must be English. The caller
 * frees; NULL with err set, or after a message. */
struct ov_check *cli_dry_run_read(const struct cli_choice *choice, struct cli_input *input,
                                  struct ov_error *err);
/* Notes that rows have errors, which a dry run does not report. */
void cli_dry_run_note(const struct cli_input *input, const struct ov_check *check);

#endif
