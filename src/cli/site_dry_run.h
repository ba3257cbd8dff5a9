/* cli/site_dry_run.h: `dry-run` by an import service. */
#ifndef CLI_SITE_DRY_RUN_H
#define CLI_SITE_DRY_RUN_H

#include "cli/choices.h"

/* Prints the answer of a site about a file, or if input is NULL about the export
 * that the options name; returns the exit code. */
int cli_site_dry_run(struct cli_choices *choices, const struct cli_choice *choice,
                     struct cli_input *input);

#endif
