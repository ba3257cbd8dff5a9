/* cli/compare.c: snapshots of files for comparison, and limits on changes. */
#include <stdlib.h>
#include <string.h>

#include "cli/compare.h"
#include "cli/args.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/vet.h"

bool cli_parse_budgets(const struct cli_args *args, struct cli_budgets *budgets)
{
    static const struct {
        enum cli_option_id id;
        const char *name;
        enum ov_budget_kind kind;
    } known[CLI_BUDGETS] = {{OPT_MAX_REMOVED, "max-removed", OV_BUDGET_REMOVED},
                            {OPT_MAX_MOVED, "max-moved", OV_BUDGET_MOVED},
                            {OPT_MAX_RENAMED, "max-renamed", OV_BUDGET_RENAMED}};
    budgets->count = 0;
    for (size_t i = 0; i < CLI_BUDGETS; i++) {
        const char *given = cli_value(args, known[i].id, NULL);
        struct ov_budget *budget = &budgets->items[budgets->count];
        if (!given)
            continue;
        if (!ov_budget_parse(ov_text_of(given), budget)) {
            cli_fail("`--%s` takes a number or a percentage, such as 10 or 3%%, not `%s`",
                     known[i].name, given);
            return false;
        }
        budget->kind = known[i].kind;
        budgets->count++;
    }
    return true;
}

static enum ov_status feed_snapshot(void *ctx, const void *bytes, size_t len, struct ov_error *err)
{
    return ov_snapshot_feed(ctx, bytes, len, err);
}

static struct ov_snapshot *finished(struct ov_snapshot *snapshot, const struct cli_input *input,
                                    bool fed, struct ov_error *err)
{
    if (fed && ov_snapshot_finish(snapshot, err) == OV_OK)
        return snapshot;
    if (err->message[0])
        cli_fail("%s: %s", input->name, err->message);
    ov_snapshot_free(snapshot);
    return NULL;
}

struct ov_snapshot *cli_snapshot_of(struct cli_input *input, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_snapshot *snapshot = ov_snapshot_new(check, &err);
    bool fed = snapshot && cli_read_again(input, feed_snapshot, snapshot, &err);
    return finished(snapshot, input, fed, &err);
}

static struct ov_snapshot *of_payload(const struct cli_vetting *vetting, struct cli_input *input)
{
    static char buf[64 * 1024];
    struct ov_error err = {.language = cli_language()};
    struct ov_snapshot *snapshot = ov_snapshot_of_payload(vetting->options.importer, &err);
    bool fed = snapshot != NULL;
    long n = 0;
    while (fed && (n = cli_input_read(input, buf, sizeof buf)) > 0)
        fed = ov_snapshot_feed(snapshot, buf, (size_t)n, &err) == OV_OK;
    cli_input_fail(input);
    return finished(snapshot, input, fed && n == 0, &err);
}

static struct ov_snapshot *of_csv(struct cli_vetting *vetting, struct cli_input *input,
                                  bool *errors)
{
    struct ov_check *check;
    if (cli_vet_input(vetting, input, &check) != CLI_VETTED)
        return NULL;
    struct ov_snapshot *snapshot = cli_snapshot_of(input, check);
    *errors = ov_check_result(check)->severities[OV_ERROR] > 0;
    ov_check_free(check);
    return snapshot;
}

/* Notes what cannot be compared. */
static void note_not_compared(const struct cli_vetting *vetting, const struct cli_input *input,
                              const struct ov_snapshot *snapshot, bool errors)
{
    if (cli_has(vetting->args, OPT_QUIET))
        return;
    if (errors)
        cli_note("%s has errors (`orgvet check` lists them); only what can be read is compared",
                 input->name);
    if (ov_snapshot_left_out(snapshot))
        cli_note("%s: %llu rows without an identifier of their own are skipped", input->name,
                 (unsigned long long)ov_snapshot_left_out(snapshot));
}

struct ov_snapshot *cli_snapshot(struct cli_vetting *vetting, const char *path)
{
    struct cli_input input;
    bool errors = false;
    if (!cli_input_open(&input, path, cli_name_of(vetting->args, path), true))
        return NULL;
    struct ov_snapshot *snapshot =
        cli_input_is_json(&input) ? of_payload(vetting, &input) : of_csv(vetting, &input, &errors);
    if (snapshot)
        note_not_compared(vetting, &input, snapshot, errors);
    cli_input_close(&input);
    return snapshot;
}
