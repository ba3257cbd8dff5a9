/* vet/rules_file.c: what can be wrong with a file as a whole. */
#include "vet/rules_file.h"

#include <string.h>

#include "vet/add_finding.h"

/* OV101 */
static void empty_file(struct ov_check *check)
{
    uint64_t row = check->options.read.header_row, skipped = row ? row - 1 : 0;
    if (check->facts.has_header)
        return;
    struct ov_item *item = ov_vet_file(check, OV_R101,
                                       skipped              ? OV_M_SKIPPED_ALL
                                       : check->blank_count ? OV_M_NO_HEADER
                                                            : OV_M_EMPTY_FILE);
    if (item)
        item->n = skipped;
}

/* OV102 */
static void no_rows(struct ov_check *check)
{
    if (check->facts.has_header && !check->facts.stopped && check->rows == 0)
        ov_vet_file(check, OV_R102, OV_M_NO_ROWS);
}

/* OV112 */
static void not_utf8(struct ov_check *check)
{
    const char *encoding = ov_reader_encoding(check->reader);
    if (!check->facts.has_header || check->facts.stopped || strcmp(encoding, "UTF-8") == 0 ||
        ov_reader_is_workbook(check->reader))
        return;
    bool sure = ov_reader_is_sure(check->reader), shown = check->result.sample.len > 0;
    struct ov_item *item = ov_vet_file(check, OV_R112,
                                       ov_reader_guessed_utf16(check->reader) ? OV_M_READ_AS_UTF16
                                       : !sure && shown                       ? OV_M_GUESSED_AS
                                       : !sure                                ? OV_M_GUESSED
                                       : shown                                ? OV_M_READ_AS_EXAMPLE
                                                                              : OV_M_READ_AS);
    if (!item)
        return;
    const char *other = ov_reader_likely_encoding(check->reader, 1);
    item->value = ov_text_of(encoding);
    item->suggestion = ov_text_of(other ? other : "");
    item->n = check->result.sample_line;
    ov_list_extra(&check->list, item, check->result.sample);
}

/* OV204 */
static void empty_headers(struct ov_check *check)
{
    for (int i = 0; check->facts.bound && i < (int)check->facts.header_count; i++)
        if (check->headers[i].len == 0 && check->header_data[i])
            ov_vet_header(check, OV_R204, OV_WARNING, OV_M_EMPTY_HEADER, i, -1);
}

/* OV313 */
static void foreign_quotes(struct ov_check *check)
{
    for (size_t i = 0; i < check->quoted_count; i++) {
        const struct ov_quoted_column *quoted = &check->quoted[i];
        struct ov_item *item = NULL;
        if (quoted->count)
            item =
                ov_list_add(&check->list, OV_R313, OV_M_FOREIGN_QUOTES, quoted->place, quoted->row);
        if (!item)
            continue;
        item->header = (uint32_t)quoted->column;
        item->value = quoted->value;
        item->n = quoted->count;
    }
}

/* OV117 */
static void hidden_rows(struct ov_check *check)
{
    struct ov_place place;
    uint64_t count = ov_reader_hidden(check->reader, &place);
    struct ov_item *item = NULL;
    if (count && check->facts.has_header && !check->facts.stopped)
        item = ov_list_add(&check->list, OV_R117, OV_M_HIDDEN_ROWS, place, OV_NO_ROW);
    if (item)
        item->n = count;
}

void ov_rules_file(struct ov_check *check)
{
    const char *foreign = ov_reader_foreign(check->reader);
    if (foreign) { /* nothing else is worth reporting, nor what was found in the part that is read
                    */
        ov_list_clear(&check->list);
        struct ov_item *item = ov_vet_file(check, OV_R103, OV_M_NOT_CSV);
        if (item)
            item->value = ov_text_of(ov_translate(check->options.language, foreign));
        return;
    }
#define OV_RULE_FILE(number, name, severity, function, summary) function(check);
#include "finding/rules.def"
}
