/* cli/baseline.h: the baselines of --baseline and --write-baseline. */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "cli/args.h"
#include "cli/input.h"

/* The baselines of --baseline and --write-baseline. */
struct cli_baseline {
    const char *read, *write;          /* borrowed: paths; NULL: not given */
    char *read_folder, *write_folder;  /* owned: the folders of these, ending in `/` */
    struct ov_baseline *known, *found; /* owned: the one read, and the one to be written */
    uint64_t count;                    /* findings to be written */
    bool quiet, redact;                /* print no notes; no messages of findings */
};
/* Reads --baseline and prepares --write-baseline; *baseline borrows args' texts. False after a
 * message. The caller calls cli_baseline_deinit in either case. */
bool cli_baseline_init(struct cli_baseline *baseline, const struct cli_args *args);
void cli_baseline_deinit(struct cli_baseline *baseline);
/* Hides known findings of a finished check that kept all findings, and notes which of the baseline
 * are gone. With --write-baseline it adds all findings to the new baseline and hides them. False
 * after a message. */
bool cli_baseline_apply(struct cli_baseline *baseline, const struct cli_input *input,
                        struct ov_check *check);
/* Writes the file of --write-baseline, if given; false after a message. */
bool cli_baseline_finish(struct cli_baseline *baseline);

#endif
