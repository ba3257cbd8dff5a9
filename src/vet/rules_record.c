/* vet/rules_record.c: what can be wrong with a record as a whole, before its cells are interpreted.
 */
#include <stdio.h>
#include <string.h>

#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/rules_record.h"
#include "vet/when.h"

/* OV103: one finding per run of invalid bytes. */
static void invalid_bytes(struct ov_check *check, struct ov_vetted *vetted)
{
    const struct ov_record *record = vetted->record;
    if (record->invalid_count == 0)
        return;
    vetted->broken = true;
    for (size_t i = 0; i < record->invalid_kept; i++) {
        const struct ov_invalid *invalid = &record->invalid[i];
        char hex[4 * 4 + 1] = "";
        struct ov_item *item =
            ov_vet_record(check, vetted, OV_R103, OV_M_BAD_BYTES, invalid->place);
        if (!item)
            continue;
        for (size_t k = 0; k < invalid->count; k++)
            snprintf(hex + 4 * k, 5, "\\x%02X", (unsigned)invalid->bytes[k]);
        item->value = ov_list_keep(&check->list, ov_text_of(hex));
        ov_list_extra(&check->list, item, ov_text_of(ov_reader_encoding(check->reader)));
    }
    /* beyond the reader's limit they are only counted */
    ov_list_count_only(&check->list, OV_R103, record->invalid_count - record->invalid_kept);
}

/* OV104: one finding per record, at the first cell that contains a NUL. */
static void nul_bytes(struct ov_check *check, struct ov_vetted *vetted)
{
    const struct ov_record *record = vetted->record;
    for (size_t i = 0; i < record->kept; i++) {
        struct ov_text text = record->cells[i].text;
        if (text.len && memchr(text.ptr, '\0', text.len)) {
            vetted->broken = true;
            ov_vet_cell(check, vetted, OV_R104, OV_ERROR, OV_M_NUL_BYTE, i, -1);
            return;
        }
    }
}

static bool has_backslash_quote(const struct ov_cell *cell)
{
    struct ov_text text = cell->text;
    for (size_t i = 0; i < text.len; i++) {
        const char *found = memchr(text.ptr + i, '\\', text.len - i);
        if (!found)
            return false;
        i = (size_t)(found - text.ptr);
        if (i + 1 < text.len ? text.ptr[i + 1] == '"' : (cell->flags & OV_CELL_QUOTED) != 0)
            return true;
    }
    return false;
}

/* The cell whose quotes end the parsing of the record, or NULL. */
static const struct ov_cell *given_up(const struct ov_record *record)
{
    if (!record->error || record->error_cell >= record->kept ||
        !(record->cells[record->error_cell].flags & OV_CELL_BROKEN))
        return NULL;
    return &record->cells[record->error_cell];
}

/* OV105 or OV106 for a record whose parsing was aborted: one finding. */
static void wrong_quotes(struct ov_check *check, struct ov_vetted *vetted)
{
    const struct ov_record *record = vetted->record;
    const struct ov_cell *cell = given_up(record);
    if (!cell)
        return;
    bool closed = record->error == ov_rule_at(OV_R106);
    enum ov_message message = closed ? OV_M_TEXT_AFTER_QUOTE : OV_M_OPEN_QUOTE;
    if (cell->flags & OV_CELL_LARGE)
        message = OV_M_LONG_QUOTED;
    else if (closed && has_backslash_quote(cell))
        message = OV_M_BACKSLASHED_QUOTE;
    struct ov_item *item = ov_vet_cell(check, vetted, closed ? OV_R106 : OV_R105, OV_ERROR, message,
                                       record->error_cell, -1);
    vetted->broken = true;
    if (item)
        item->n = check->options.read.max_cell;
}

/* OV106 for unquoted cells that contain a quote. */
static void stray_quotes(struct ov_check *check, struct ov_vetted *vetted)
{
    if (given_up(vetted->record))
        return;
    for (size_t i = 0; i < vetted->record->kept; i++) {
        if (!(vetted->record->cells[i].flags & OV_CELL_STRAY))
            continue;
        vetted->broken = true;
        struct ov_text text = ov_text_trim(vetted->record->cells[i].text);
        bool space = text.len && text.ptr[0] == '"';
        ov_vet_cell(check, vetted, OV_R106, OV_ERROR,
                    space ? OV_M_SPACE_BEFORE_QUOTE : OV_M_QUOTE_IN_CELL, i, -1);
    }
}

/* Majority vote (Boyer and Moore): keeps the count of cells that most rows have. */
static void note_ragged(struct ov_ragged *ragged, uint64_t cells, bool filled)
{
    if (ragged->votes == 0 && ragged->cells != cells)
        *ragged = (struct ov_ragged){.cells = cells};
    bool same = ragged->cells == cells;
    ragged->votes += same ? 1 : -(uint64_t)1;
    ragged->rows += same;
    ragged->filled |= same && filled;
}

/* OV107: at the first surplus cell, or at the end of the row. */
static void ragged(struct ov_check *check, struct ov_vetted *vetted)
{
    const struct ov_record *record = vetted->record;
    if (vetted->row == 0 || check->facts.header_broken || given_up(record) ||
        record->count == check->facts.columns)
        return;
    vetted->broken = true;
    bool many = record->count > check->facts.columns;
    struct ov_place place = ov_record_end(record);
    if (many && check->facts.columns < record->kept)
        place = ov_cell_place(record, check->facts.columns);
    bool empty = many && record->kept == record->count;
    for (size_t i = check->facts.columns; empty && i < record->count; i++)
        empty = record->cells[i].text.len == 0;
    note_ragged(&check->ragged, record->count, many && !empty);
    struct ov_item *item =
        ov_vet_record(check, vetted, OV_R107,
                      empty                                          ? OV_M_TOO_MANY_EMPTY
                      : many && ov_reader_is_workbook(check->reader) ? OV_M_TOO_MANY_IN_SHEET
                      : many                                         ? OV_M_TOO_MANY
                                                                     : OV_M_TOO_FEW,
                      place);
    if (item) {
        item->n = record->count;
        item->m = check->facts.columns;
    }
}

/* OV110: for every cell that could be read. */
static void backslashes(struct ov_check *check, struct ov_vetted *vetted)
{
    for (size_t i = 0; i < vetted->record->kept; i++) {
        if (vetted->record->cells[i].flags & OV_CELL_BROKEN ||
            !has_backslash_quote(&vetted->record->cells[i]))
            continue;
        check->facts.backslash_quote = true;
        ov_vet_cell(check, vetted, OV_R110, OV_WARNING, OV_M_BACKSLASH_QUOTE, i, -1);
    }
}

static bool is_needed(const struct ov_check *check, size_t column)
{
    for (size_t i = 0; i < check->plan_count; i++)
        if ((size_t)check->plans[i].column == column)
            return true;
    return false;
}

/* OV111: the row is broken only if a planned column is too large. */
static void large_cells(struct ov_check *check, struct ov_vetted *vetted)
{
    for (size_t i = 0; i < vetted->record->kept; i++) {
        if ((vetted->record->cells[i].flags & (OV_CELL_LARGE | OV_CELL_BROKEN)) != OV_CELL_LARGE)
            continue;
        vetted->broken |= is_needed(check, i);
        struct ov_item *item =
            ov_vet_cell(check, vetted, OV_R111, OV_ERROR, OV_M_LARGE_CELL, i, -1);
        if (item)
            item->n = check->options.read.max_cell;
    }
}

/* OV312: in columns that are read, and in headings. */
static void unkept_values(struct ov_check *check, struct ov_vetted *vetted)
{
    const struct ov_record *record = vetted->record;
    for (size_t i = 0; i < record->kept; i++)
        if (record->cells[i].flags & OV_CELL_UNKEPT && (vetted->row == 0 || is_needed(check, i)))
            ov_vet_cell(check, vetted, OV_R312, OV_ERROR, OV_M_UNKEPT, i, -1);
}

static const struct {
    unsigned when;
    void (*run)(struct ov_check *check, struct ov_vetted *vetted);
} record_rules[] = {
#define OV_RULE_RECORD(number, name, severity, when, function, summary) {when, function},
#include "finding/rules.def"
};

static unsigned triggers_of(const struct ov_check *check, const struct ov_record *record)
{
    unsigned when = OV_WHEN_ANY | OV_WHEN_ODD, flags = 0;
    for (size_t i = 0; i < record->kept; i++)
        flags |= record->cells[i].flags;
    return when | (flags & OV_CELL_STRAY ? OV_WHEN_STRAY : 0u) |
           (flags & OV_CELL_UNKEPT ? OV_WHEN_UNKEPT : 0u) |
           (flags & OV_CELL_LARGE ? OV_WHEN_LARGE : 0u) | (given_up(record) ? OV_WHEN_BROKEN : 0u) |
           (record->count != check->facts.columns ? OV_WHEN_WIDTH : 0u);
}

void ov_rules_record(struct ov_check *check, struct ov_vetted *vetted, bool all)
{
    unsigned when = all ? ~0u : triggers_of(check, vetted->record);
    for (size_t i = 0; i < sizeof record_rules / sizeof *record_rules; i++)
        if (record_rules[i].when & when)
            record_rules[i].run(check, vetted);
}

bool ov_rules_blank(struct ov_check *check, const struct ov_record *record)
{
    struct ov_place place = record->place;
    struct ov_blank_run *last = check->blank_count ? &check->blanks[check->blank_count - 1] : NULL;
    check->facts.blank_within |= record->count > 0;
    if (!last || last->first.line + last->count != place.line) {
        if (!ov_grow(&check->blanks, &check->blank_capacity, check->blank_count + 1,
                     sizeof *check->blanks))
            return false;
        last = &check->blanks[check->blank_count++];
        *last = (struct ov_blank_run){.first = place};
    }
    last->count++;
    last->empty = record->count ? 0 : last->empty + 1;
    return true;
}

/* OV108: for the buffered blank rows, which another record follows; at the end of the file empty
 * lines do not count. */
void ov_rules_flush_blanks(struct ov_check *check, bool end)
{
    check->facts.blank_within |= check->blank_count > 0 && !end;
    for (size_t i = 0; i < check->blank_count; i++) {
        const struct ov_blank_run *run = &check->blanks[i];
        uint64_t count = end ? run->count - run->empty : run->count;
        struct ov_item *item = NULL;
        if (count)
            item = ov_list_add(&check->list, OV_R108, count > 1 ? OV_M_BLANK_ROWS : OV_M_BLANK_ROW,
                               run->first, OV_NO_ROW);
        if (item)
            item->n = count;
    }
    check->blank_count = 0;
}

/* OV113: lines above a header that was found. */
void ov_rules_titles(struct ov_check *check)
{
    struct ov_item *item = NULL;
    if (check->titles)
        item = ov_list_add(&check->list, OV_R113,
                           check->facts.titles_sparse ? OV_M_TITLES : OV_M_TITLES_FULL,
                           check->title_place, OV_NO_ROW);
    if (item)
        item->n = check->header_row;
}
