/* vet/lines.c: see lines.h. */
#include "vet/lines.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "csv/cell.h"
#include "vet/add_finding.h"
#include "vet/rules_cell.h"

/* What the last line of a report says, folded to words: alone, or followed by `:` or numbers. */
static const char *const last_words[] = {
#define OV_LAST_WORDS(...) __VA_ARGS__,
#include "vet/last_words.def"
};
/* Words for rows, in "8 rows selected". */
static const char *const row_words[] = {
#define OV_ROW_WORDS(...) __VA_ARGS__,
#include "vet/last_words.def"
};
static const char *const row_verbs[] = {
#define OV_ROW_VERBS(...) __VA_ARGS__,
#include "vet/last_words.def"
};

/* --- repeated headers --- */

static bool same_heading(struct ov_text a, struct ov_text b, struct ov_buf *x, struct ov_buf *y)
{
    a = ov_unicode_trim(a);
    b = ov_unicode_trim(b);
    if (ov_text_equal_nocase(a, b))
        return true;
    if (a.len == 0 || b.len == 0 || (ov_ascii_prefix(a) == a.len && ov_ascii_prefix(b) == b.len))
        return false;
    ov_unicode_fold(a, x);
    ov_unicode_fold(b, y);
    return !x->failed && ov_text_equal(ov_buf_view(x), ov_buf_view(y));
}

static bool is_header_again(const struct ov_check *check, const struct ov_record *record)
{
    struct ov_buf x = {0}, y = {0};
    size_t filled = 0;
    bool same = record->kept >= check->facts.header_count;
    for (size_t i = 0; same && i < record->kept; i++) {
        struct ov_text text = record->cells[i].text;
        if (i < check->facts.header_count && ov_is_own_column(check->headers[i]))
            continue;
        filled += text.len > 0;
        same = i < check->facts.header_count ? same_heading(text, check->headers[i], &x, &y)
                                             : text.len == 0;
    }
    ov_buf_deinit(&x);
    ov_buf_deinit(&y);
    return same && filled;
}

/* A line of dashes or equals signs, as some tools draw below a header. */
static bool is_ruler(const struct ov_record *record)
{
    size_t strokes = 0;
    for (size_t i = 0; i < record->kept; i++) {
        struct ov_text text = record->cells[i].text;
        for (size_t k = 0; k < text.len; k++) {
            if (!strchr("-=+|: _", text.ptr[k]) || text.ptr[k] == '\0')
                return false;
            strokes += text.ptr[k] == '-' || text.ptr[k] == '=';
        }
    }
    return strokes >= 3;
}

/* Whether the first cell may begin the header again: cheap, and almost always false. */
static bool may_repeat_header(const struct ov_check *check, const struct ov_record *record)
{
    struct ov_text cell = ov_cell_text(record, 0), heading = check->headers[0];
    if (cell.len == 0 || heading.len == 0)
        return cell.len == heading.len;
    unsigned char a = (unsigned char)cell.ptr[0], b = (unsigned char)heading.ptr[0];
    return a <= ' ' || b <= ' ' || a >= 0x80 || b >= 0x80 || (a | 0x20) == (b | 0x20);
}

/* --- totals --- */

static bool is_number(struct ov_text text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        digits += c >= '0' && c <= '9';
        if ((c < '0' || c > '9') && c != '.' && c != ',' && c != '-' && c != '+' && c != ' ' &&
            c != '%')
            return false;
    }
    return digits > 0;
}

/* The next word of folded words, or an empty text. */
static struct ov_text next_word(struct ov_text *words)
{
    const char *space = words->len ? memchr(words->ptr, ' ', words->len) : NULL;
    size_t len = space ? (size_t)(space - words->ptr) : words->len;
    struct ov_text word = {words->ptr, len};
    len += space ? 1 : 0;
    words->ptr += len;
    words->len -= len;
    return word;
}

static bool is_one_of(struct ov_text word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ov_text_equal(word, ov_text_of(words[i])))
            return true;
    return false;
}
#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof *(words))

/* "8 rows", "8 rows selected" */
static bool is_count_of_rows(struct ov_text words)
{
    if (!ov_text_is_digits(next_word(&words)) || !IS_ONE_OF(next_word(&words), row_words))
        return false;
    while (words.len)
        if (!IS_ONE_OF(next_word(&words), row_verbs))
            return false;
    return true;
}

/* Whether folded words are one of the phrases, and nothing but numbers follows. */
static bool is_last_phrase(struct ov_text words)
{
    while (words.len) {
        struct ov_text rest = words;
        for (size_t i = 0; i < sizeof last_words / sizeof *last_words; i++)
            if (ov_text_equal(ov_text_trim(words), ov_text_of(last_words[i])))
                return true;
        /* without the last word, if that is a number */
        size_t last = ov_text_trim(rest).len;
        while (last && rest.ptr[last - 1] != ' ')
            last--;
        struct ov_text number = ov_text_trim((struct ov_text){rest.ptr + last, rest.len - last});
        if (!ov_text_is_digits(number))
            return false;
        words.len = last;
    }
    return false;
}

static bool is_last_words(struct ov_text text)
{
    struct ov_buf words = {0};
    struct ov_text before = text;
    for (size_t i = 0; i < text.len && before.len == text.len; i++)
        if (text.ptr[i] == ':' || (text.len - i >= 3 && !memcmp(text.ptr + i, "：", 3)))
            before.len = i;
    bool last = false;
    if (text.len <= 200) {
        ov_unicode_fold_words(before, &words);
        last = !words.failed && is_last_phrase(ov_buf_view(&words));
        if (!last) {
            ov_unicode_fold_words(text, &words);
            last = !words.failed && is_count_of_rows(ov_buf_view(&words));
        }
    }
    ov_buf_deinit(&words);
    return last;
}

static int first_filled(const struct ov_record *record)
{
    for (size_t i = 0; i < record->kept; i++)
        if (record->cells[i].text.len)
            return (int)i;
    return -1;
}

/* Whether everything but the parent speaks for a line of totals. Most rows fail the first test:
 * they have a name, and an identifier before or behind it. */
static bool may_be_total(const struct ov_check *check, const struct ov_record *record)
{
    int first = first_filled(record), id = check->facts.id_column, name = check->facts.name_column;
    if (first < 0)
        return false; /* a row that was added, and is to be filled */
    struct ov_text name_text = ov_cell_text(record, name), id_text = ov_cell_text(record, id);
    if (name != first && name_text.len && !is_number(name_text))
        return false;
    if (id != first && id_text.len) {
        int64_t number;
        if (!ov_text_number(id_text, &number) || (uint64_t)number != check->rows)
            return false;
    }
    if (record->error || record->invalid_count)
        return false;
    for (size_t i = 0; i < check->plan_count; i++) {
        int column = check->plans[i].column;
        struct ov_text text = ov_cell_text(record, column);
        if (column != first && column != check->facts.parent_column && text.len && !is_number(text))
            return false;
    }
    return is_last_words(record->cells[first].text);
}

bool ov_is_total(const struct ov_check *check, const struct ov_record *record)
{
    struct ov_text parent = ov_cell_text(record, check->facts.parent_column);
    struct ov_text id = ov_cell_text(record, check->facts.id_column);
    if (parent.len && ov_node_is_row(ov_forest_find(check->forest, parent)))
        return false;
    return !id.len || ov_forest_find(check->forest, id) == OV_NODE_NONE;
}

/* --- comments --- */

static bool is_comment(const struct ov_check *check, const struct ov_record *record)
{
    const struct ov_cell *cell = &record->cells[0];
    if (!check->comments || cell->flags & OV_CELL_QUOTED)
        return false;
    return record->count < check->facts.columns || (cell->text.len > 1 && cell->text.ptr[1] == ' ');
}

/* --- all --- */

/* Whether a record is a row at the first glance, as nearly all are: its name begins with a letter,
 * it has an identifier or so before that, and it does not begin as a line of another kind may. */
static bool is_plainly_row(const struct ov_check *check, const struct ov_record *record)
{
    struct ov_text first = record->cells[0].text,
                   name = ov_cell_text(record, check->facts.name_column);
    if (check->facts.name_column <= 0 || record->row <= 1 || first.len == 0 || name.len == 0)
        return false;
    unsigned char letter = (unsigned char)(name.ptr[0] | 0x20), c = (unsigned char)first.ptr[0];
    return letter >= 'a' && letter <= 'z' && c != '#' &&
           c != (unsigned char)check->options.comment && !may_repeat_header(check, record);
}

enum ov_line ov_line_of(const struct ov_check *check, const struct ov_record *record)
{
    if (record->kept == 0 || !check->facts.bound || is_plainly_row(check, record) || record->is_row)
        return OV_LINE_ROW;
    char c = record->cells[0].text.len ? record->cells[0].text.ptr[0] : '\0';
    if (check->options.comment && c == check->options.comment)
        return OV_LINE_LEFT;
    if (!ov_list_is_off(&check->list, OV_R114) &&
        (record->place.line == check->second_header ||
         (may_repeat_header(check, record) && is_header_again(check, record)) ||
         ((c == '-' || c == '=' || c == '|' || c == '+') && record->row <= 1 && is_ruler(record))))
        return OV_LINE_HEADER;
    if (c == '#' && !ov_list_is_off(&check->list, OV_R116) && is_comment(check, record))
        return OV_LINE_COMMENT;
    return !ov_list_is_off(&check->list, OV_R115) && may_be_total(check, record) ? OV_LINE_TOTAL
                                                                                 : OV_LINE_ROW;
}

void ov_report_line(struct ov_check *check, const struct ov_record *record, enum ov_line line)
{
    static const struct {
        enum ov_rule_index rule;
        enum ov_message message;
    } reports[] = {
        [OV_LINE_HEADER] = {OV_R114, OV_M_HEADER_AGAIN},
        [OV_LINE_TOTAL] = {OV_R115, OV_M_TOTAL},
        [OV_LINE_COMMENT] = {OV_R116, OV_M_COMMENT},
    };
    enum ov_message message = reports[line].message;
    if (line == OV_LINE_HEADER && record->place.line == check->second_header)
        message = OV_M_SECOND_HEADER;
    else if (line == OV_LINE_HEADER && is_ruler(record))
        message = OV_M_RULER;
    struct ov_item *item =
        ov_list_add(&check->list, reports[line].rule, message, record->place, OV_NO_ROW);
    int first = first_filled(record);
    if (item && !check->options.redact && first >= 0)
        item->value = ov_list_keep_short(&check->list, record->cells[first].text);
}

void ov_report_commented(struct ov_check *check, struct ov_vetted *vetted)
{
    enum ov_message damaged;
    if (!ov_is_damaged(vetted->id->text, &damaged))
        ov_vet_cell(check, vetted, OV_R116, OV_WARNING, OV_M_COMMENTED_ROW,
                    (size_t)check->facts.id_column, -1);
}

/* --- copies --- */

struct ov_kept_record *ov_kept_record_new(const struct ov_record *record)
{
    struct ov_kept_record *kept = calloc(1, sizeof *kept);
    size_t bytes = 0, at = 0;
    if (!kept)
        return NULL;
    for (size_t i = 0; i < record->kept; i++)
        bytes += record->cells[i].text.len;
    kept->text = malloc(bytes + 1);
    kept->cells = calloc(record->kept + 1, sizeof *kept->cells);
    kept->places = calloc(record->kept + 1, sizeof *kept->places);
    kept->invalid = calloc(record->invalid_kept + 1, sizeof *kept->invalid);
    if (!kept->text || !kept->cells || !kept->places || !kept->invalid) {
        ov_kept_record_free(kept);
        return NULL;
    }
    for (size_t i = 0; i < record->kept; i++) {
        struct ov_text text = record->cells[i].text;
        kept->places[i] = ov_cell_place(record, i);
        kept->cells[i] = record->cells[i];
        kept->cells[i].text.ptr = kept->text + at;
        if (text.len)
            memcpy(kept->text + at, text.ptr, text.len);
        at += text.len;
    }
    kept->places[record->kept] = ov_record_end(record);
    if (record->invalid_kept)
        memcpy(kept->invalid, record->invalid, record->invalid_kept * sizeof *kept->invalid);
    kept->record = *record;
    kept->record.cells = kept->cells;
    kept->record.places = kept->places;
    kept->record.invalid = kept->invalid;
    kept->record.text = NULL;
    kept->record.walk = NULL;
    kept->record.origin = NULL;
    kept->record.plain = false;
    return kept;
}

void ov_kept_record_free(struct ov_kept_record *kept)
{
    if (!kept)
        return;
    free(kept->text);
    free(kept->cells);
    free(kept->places);
    free(kept->invalid);
    free(kept);
}
