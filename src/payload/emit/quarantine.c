/* payload/emit/quarantine.c: see quarantine.h. */
#include "payload/emit/quarantine.h"

#include "csv/quote.h"
#include "finding/message.h"
#include "vet/check_access.h"

void ov_quarantine_header(struct ov_buf *out, const struct ov_check *check)
{
    char delimiter = ov_check_result(check)->delimiter;
    ov_buf_string(out, OV_UTF8_MARK); /* it is for people */
    static const char *const own[] = {"orgvet_line", "orgvet_code", "orgvet_problem",
                                      "orgvet_source"};
    for (size_t i = 0; i < ov_check_facts(check)->header_count; i++) {
        ov_buf_csv(out, ov_check_headers(check)[i], delimiter);
        ov_buf_char(out, delimiter);
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (i)
            ov_buf_char(out, delimiter);
        ov_buf_string(out, own[i]);
    }
    ov_buf_char(out, '\n');
}

static bool is_error_of(const struct ov_item *item, uint32_t row)
{
    return item->severity == OV_ERROR && item->row == row;
}

/* Advances to the first finding of a row: both are in file order. */
static void seek(struct ov_quarantine *quarantine, uint32_t row)
{
    const struct ov_list *list = ov_check_list(quarantine->check);
    while (quarantine->next < list->count && (list->items[quarantine->next].row == OV_NO_ROW ||
                                              list->items[quarantine->next].row < row))
        quarantine->next++;
}

/* Appends the finding's code; or, with `message`, its message and help. */
static void put_finding(const struct ov_item *item, const struct ov_names *names, bool message,
                        struct ov_buf *out)
{
    if (!message) {
        ov_buf_string(out, ov_rule_at(item->rule)->code);
        return;
    }
    ov_item_message(item, names, out);
    size_t before = out->len;
    ov_buf_string(out, "; ");
    ov_item_help(item, names, out);
    if (out->len == before + 2) /* the finding has no help */
        out->len = before;
}

/* Appends the codes, or the messages, of the row's errors; false when it has none. */
static bool put_errors(const struct ov_quarantine *quarantine, uint32_t row, bool messages,
                       struct ov_buf *out)
{
    const struct ov_check *check = quarantine->check;
    const struct ov_names names = ov_vet_names(check);
    bool any = false;
    for (size_t i = quarantine->next;
         i < ov_check_list(check)->count && ov_check_list(check)->items[i].row == row; i++) {
        const struct ov_item *item = &ov_check_list(check)->items[i];
        if (!is_error_of(item, row))
            continue;
        if (any)
            ov_buf_string(out, messages ? " | " : " ");
        put_finding(item, &names, messages, out);
        any = true;
    }
    return any;
}

/* Why a row has no place in the hierarchy although no finding about it is an error. */
static const char *why_homeless(const struct ov_check *check, ov_node row)
{
    const struct ov_forest *forest = ov_check_forest(check);
    if (ov_forest_is(forest, row, OV_ROW_BROKEN))
        return "the row is broken";
    if (ov_forest_is(forest, row, OV_ROW_DUPLICATE))
        return "an earlier row has the same identifier";
    if (ov_forest_is(forest, row, OV_ROW_SELF))
        return "it is its own parent";
    if (ov_forest_is_missing(forest, forest->parent[row]))
        return "its parent is not in the file";
    return "its parents lead round in a circle";
}

static void put_problem(const struct ov_quarantine *quarantine, const struct ov_record *record,
                        enum ov_row_state state, bool messages, struct ov_buf *out)
{
    const struct ov_check *check = quarantine->check;
    const struct ov_item *of_file = quarantine->of_file;
    uint32_t row = (uint32_t)record->row;
    if (put_errors(quarantine, row, messages, out))
        return;
    if (of_file) {
        const struct ov_names names = ov_vet_names(check);
        put_finding(of_file, &names, messages, out);
    } else if (messages && state == OV_ROW_BELOW) {
        ov_buf_string(out, "its parent is held back");
    } else if (messages) {
        ov_buf_string(out, why_homeless(check, row - 1));
    }
}

/* Whether the row contains more than its cells under the header, or could not be parsed. */
static bool is_odd(const struct ov_check *check, const struct ov_record *record)
{
    return record->error || record->count > ov_check_facts(check)->header_count ||
           record->kept != record->count;
}

void ov_quarantine_row(struct ov_quarantine *quarantine, const struct ov_record *record,
                       enum ov_row_state state, struct ov_buf *out)
{
    const struct ov_check *check = quarantine->check;
    char delimiter = ov_check_result(check)->delimiter;
    struct ov_buf problem = {0};
    if ((uint64_t)record->row > ov_check_rows(check) - ov_check_made(check))
        return; /* a unit that was made: the rows below it say what is wrong with it */
    seek(quarantine, (uint32_t)record->row);
    for (size_t i = 0; i < ov_check_facts(check)->header_count; i++) {
        if (i < record->kept)
            ov_buf_csv(out, record->cells[i].text, delimiter);
        ov_buf_char(out, delimiter);
    }
    ov_buf_decimal(out, record->place.line);
    for (int messages = 0; messages < 2; messages++) {
        problem.len = 0;
        put_problem(quarantine, record, state, messages, &problem);
        ov_buf_char(out, delimiter);
        ov_buf_csv(out, ov_buf_view(&problem), delimiter);
    }
    ov_buf_char(out, delimiter);
    if (is_odd(check, record)) { /* the whole row in one cell */
        problem.len = 0;
        for (size_t i = 0; i < record->kept; i++) {
            ov_buf_string(&problem, i ? (const char[]){delimiter, '\0'} : "");
            ov_buf_csv(&problem, record->cells[i].text, delimiter);
        }
        ov_buf_csv(out, ov_buf_view(&problem), delimiter);
    }
    ov_buf_char(out, '\n');
    out->failed |= problem.failed;
    ov_buf_deinit(&problem);
}
