/* cli/compare.h: snapshots of files and the limits of a comparison. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "cli/vet.h"

/* The limits that were given. */
enum { CLI_BUDGETS = 3 };
struct cli_budgets {
    struct ov_budget items[CLI_BUDGETS];
    size_t count;
};
/* Reads --max-removed, --max-moved and --max-renamed; false after a message. */
bool cli_parse_budgets(const struct cli_args *args, struct cli_budgets *budgets);
/* A snapshot of a file: a CSV, which is vetted, or a payload. Reports skipped rows on standard
 * error. The caller frees it with ov_snapshot_free; NULL after a message. */
struct ov_snapshot *cli_snapshot(struct cli_vetting *vetting, const char *path);
/* A snapshot of a CSV that was vetted with `keep_for_reread` and keep_copy. The caller frees it;
 * NULL after a message. */
struct ov_snapshot *cli_snapshot_of(struct cli_input *input, struct ov_check *check);

#endif
