/* mapping/recognize.c: see recognize.h. What is certain comes first: levels with numbers in their
 * headings, paths, outlines; then columns whose values are nested in each other. */
#include "mapping/recognize.h"

#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "csv/quote.h"

struct recognizing {
    const struct ov_words *words;
    const struct ov_binding *binding;
    const struct ov_columns *columns;
    size_t count;
    unsigned roles[OV_COLUMNS_MOST]; /* enum ov_role of each heading */
    int series[OV_COLUMNS_MOST];     /* the levels found */
    size_t series_count;
    bool failed; /* out of memory */
};

static const struct ov_column *facts(const struct recognizing *r, size_t column)
{
    return &r->columns->items[column];
}

/* Whether an option can name the column. */
static bool is_named(const struct recognizing *r, size_t column)
{
    const struct ov_text *headers = r->binding->headers;
    if (ov_unicode_is_blank(headers[column]) || ov_is_own_column(headers[column]) ||
        memchr(headers[column].ptr, '\0', headers[column].len))
        return false;
    for (size_t i = 0; i < column; i++)
        if (ov_text_equal(headers[i], headers[column]))
            return false;
    return true;
}

static bool is_text(const struct ov_column *column)
{
    return column->filled && column->texts * 2 >= column->filled && !column->mails;
}

/* Whether a column can be a level: nothing else is read from it. */
static bool may_be_level(const struct recognizing *r, size_t column)
{
    return ov_binding_fields(r->binding, (int)column) == 0 && is_named(r, column) &&
           is_text(facts(r, column));
}

/* Rows in which a level is filled though the one before is empty. */
static uint64_t count_gaps(const struct recognizing *r, size_t upper, size_t lower)
{
    uint64_t gaps = 0;
    for (size_t row = 0; row < r->columns->rows; row++)
        gaps += facts(r, lower)->hashes[row] && !facts(r, upper)->hashes[row];
    return gaps;
}

/* Whether the filled levels of nearly every row come before its empty ones. */
static bool is_filled_in_order(const struct recognizing *r)
{
    uint64_t gaps = 0;
    for (size_t i = 1; i < r->series_count; i++)
        gaps += count_gaps(r, (size_t)r->series[i - 1], (size_t)r->series[i]);
    return gaps * 10 <= r->columns->rows;
}

/* --- headings with numbers: `Level 1`, `2. Ebene`, `L3`, `三级部门` --- */

struct numbered {
    struct ov_text before, after; /* of the number */
    int64_t number;
};

/* The first Chinese numeral in a heading. */
static bool read_numeral(struct ov_text heading, struct numbered *out)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++) {
        struct ov_text numeral = ov_text_of(numerals[i]);
        size_t at = ov_text_find(heading, numeral);
        if (at == heading.len)
            continue;
        size_t end = at + numeral.len;
        *out = (struct numbered){.before = {heading.ptr, at},
                                 .after = {heading.ptr + end, heading.len - end},
                                 .number = (int64_t)i + 1};
        return true;
    }
    return false;
}

static bool read_numbered(struct ov_text heading, struct numbered *out)
{
    size_t start = 0, end;
    while (start < heading.len && (heading.ptr[start] < '0' || heading.ptr[start] > '9'))
        start++;
    for (end = start; end < heading.len && heading.ptr[end] >= '0' && heading.ptr[end] <= '9';)
        end++;
    if (start == end)
        return read_numeral(heading, out);
    out->before = (struct ov_text){heading.ptr, start};
    out->after = (struct ov_text){heading.ptr + end, heading.len - end};
    return ov_text_number((struct ov_text){heading.ptr + start, end - start}, &out->number);
}

static bool follows(const struct numbered *a, const struct numbered *b)
{
    return b->number == a->number + 1 && ov_text_equal_nocase(a->before, b->before) &&
           ov_text_equal_nocase(a->after, b->after);
}

/* Whether numbered columns are levels rather than, for example, the lines of an address: their
 * heading says so, or the first of them has few values. */
static bool are_levels(const struct recognizing *r)
{
    size_t top = (size_t)r->series[0];
    return r->series_count > 1 && is_filled_in_order(r) && (r->roles[top] & OV_ROLE_PERSON) == 0 &&
           ((r->roles[top] & OV_ROLE_LEVEL) ||
            facts(r, top)->distinct * 4 <= facts(r, top)->filled);
}

/* Collects the columns whose headings count on from that of a column: none where it is not the
 * first level. */
static void collect_numbered(struct recognizing *r, size_t from)
{
    struct numbered last, next;
    r->series_count = 0;
    if (!may_be_level(r, from) || !read_numbered(r->binding->headers[from], &last) ||
        last.number > 1)
        return;
    r->series[r->series_count++] = (int)from;
    for (size_t i = from + 1; i < r->count; i++) {
        if (!may_be_level(r, i) || !read_numbered(r->binding->headers[i], &next) ||
            !follows(&last, &next))
            continue;
        r->series[r->series_count++] = (int)i;
        last = next;
    }
}

static bool find_numbered(struct recognizing *r)
{
    for (size_t i = 0; i < r->count; i++) {
        collect_numbered(r, i);
        if (r->series_count && are_levels(r))
            return true;
    }
    return false;
}

/* --- columns nested in each other --- */

static bool is_unit(const struct recognizing *r, size_t column)
{
    return (r->roles[column] & (OV_ROLE_ENTITY | OV_ROLE_LEVEL)) != 0;
}

/* Whether a column may be one of nested units, by its heading; the top one may also be, for
 * example, a company or a country. */
static bool may_be_units(const struct recognizing *r, size_t column, bool top)
{
    const unsigned others = OV_ROLE_PERSON | OV_ROLE_DESCRIPTION | OV_ROLE_PARENT;
    return may_be_level(r, column) &&
           (is_unit(r, column) || !(r->roles[column] & (top ? others : others | OV_ROLE_OTHER)));
}

/* Whether each value of a column is below the same one of the column before: nearly always; of
 * units often, since there are teams of the same name; and of units that only some rows have
 * anyway. */
static bool is_below(struct recognizing *r, size_t upper, size_t lower)
{
    const struct ov_column *u = facts(r, upper), *l = facts(r, lower);
    bool units = is_unit(r, lower) && !(r->roles[lower] & OV_ROLE_NAME);
    uint64_t same;
    if (l->filled > u->filled || (l->filled == u->filled && l->distinct < u->distinct) ||
        count_gaps(r, upper, lower))
        return false;
    if (!ov_columns_determined(r->columns, upper, lower, &same)) {
        r->failed = true;
        return false;
    }
    return same * 20 >= l->filled * 19 ||
           (units && (l->filled < u->filled || same * 2 >= l->filled));
}

/* Whether a series of nested columns is more than columns that depend on each other by chance: rows
 * end at different levels, or there are three levels of units. */
static bool are_nested(const struct recognizing *r)
{
    const struct ov_column *top = facts(r, (size_t)r->series[0]);
    const struct ov_column *end = facts(r, (size_t)r->series[r->series_count - 1]);
    size_t units = 0;
    for (size_t i = 0; i < r->series_count; i++)
        units += is_unit(r, (size_t)r->series[i]);
    if (r->series_count < 2 || top->filled < r->columns->rows || top->distinct * 2 > top->filled)
        return false;
    bool ragged = end->filled < r->columns->rows;
    return ragged ? r->series_count > 2 || units == 2
                  : r->series_count > 2 && units > 1 && top->distinct < end->distinct;
}

static bool find_nested(struct recognizing *r)
{
    for (size_t i = 0; i < r->count && !r->failed; i++) {
        if (!may_be_units(r, i, true))
            continue;
        r->series[0] = (int)i;
        r->series_count = 1;
        for (size_t k = i + 1; k < r->count; k++)
            if (may_be_units(r, k, false) && is_below(r, (size_t)r->series[r->series_count - 1], k))
                r->series[r->series_count++] = (int)k;
        if (are_nested(r))
            return true;
    }
    return false;
}

/* --- levels that are written once for all rows below them, as in merged cells --- */

/* Whether in each row only the first levels are empty, none of them in the first row, and in some
 * rows one is. */
static bool is_merged(const struct recognizing *r)
{
    uint64_t merged = 0;
    if (r->series_count < 2)
        return false;
    for (size_t row = 0; row < r->columns->rows; row++) {
        bool filled = false;
        for (size_t i = 0; i < r->series_count; i++) {
            bool here = facts(r, (size_t)r->series[i])->hashes[row] != 0;
            if ((filled || row == 0) && !here)
                return false;
            filled |= here;
        }
        if (!filled)
            return false;
        merged += facts(r, (size_t)r->series[0])->hashes[row] == 0;
    }
    return r->columns->rows > 2 && merged * 4 >= r->columns->rows;
}

/* Collects a column and those of units behind it. */
static void collect_units(struct recognizing *r, size_t top)
{
    r->series_count = 0;
    if (!may_be_units(r, top, true))
        return;
    r->series[r->series_count++] = (int)top;
    for (size_t i = top + 1; i < r->count; i++)
        if (may_be_units(r, i, false) && is_unit(r, i))
            r->series[r->series_count++] = (int)i;
}

static bool find_merged(struct recognizing *r)
{
    for (size_t i = 0; i < r->count; i++) {
        collect_numbered(r, i);
        if (is_unit(r, i) && is_merged(r)) /* not the lines of an address */
            return true;
    }
    for (size_t i = 0; i < r->count; i++) {
        collect_units(r, i);
        if (is_merged(r))
            return true;
    }
    return false;
}

/* --- one column --- */

/* Whether one column can say where a row belongs: nothing but the name is read from it. */
static bool may_be_place(const struct recognizing *r, size_t column)
{
    size_t fields = ov_binding_fields(r->binding, (int)column);
    bool name = ov_binding_column(r->binding, OV_FIELD_NAME) == (int)column;
    return fields == (name ? 1 : 0) && is_named(r, column) && facts(r, column)->filled;
}

/* Most cells are paths, and these have their beginnings in common, or are below other rows. */
static bool is_path(struct recognizing *r, size_t column)
{
    const struct ov_column *c = facts(r, column);
    uint64_t below, different;
    if (!may_be_place(r, column) || c->paths < 2 || c->paths * 2 < c->filled ||
        c->dates * 2 > c->filled || c->texts * 2 < c->filled)
        return false;
    if (!ov_columns_nested(r->columns, column, &below, &different)) {
        r->failed = true;
        return false;
    }
    return below * 2 >= c->paths || different * 4 <= c->paths * 3;
}

static bool is_depth(struct recognizing *r, size_t column)
{
    const struct ov_column *c = facts(r, column);
    const struct ov_steps *depths = &c->depths;
    return may_be_place(r, column) && (r->roles[column] & OV_ROLE_LEVEL) &&
           depths->count == r->columns->rows && !depths->broken && depths->first <= 1 &&
           depths->unit == 1 && depths->deepest > depths->first;
}

/* Numbers like 1, 1.1, 1.2, 2, each of which is in one row. */
static bool is_numbering(struct recognizing *r, size_t column)
{
    const struct ov_column *c = facts(r, column);
    return may_be_place(r, column) && c->dotted && c->parts.count == r->columns->rows &&
           c->distinct == c->filled && !c->parts.broken && c->parts.first == 1 &&
           c->parts.unit == 1;
}

static bool is_indented(struct recognizing *r, size_t column)
{
    const struct ov_column *c = facts(r, column);
    return may_be_place(r, column) && is_text(c) && c->filled == r->columns->rows &&
           c->indented * 2 >= c->filled && c->indents.first == 0 && !c->indents.broken;
}

static int find_column(struct recognizing *r, bool fits(struct recognizing *r, size_t column))
{
    for (size_t i = 0; i < r->count && !r->failed; i++)
        if (fits(r, i))
            return (int)i;
    return -1;
}

/* --- the option --- */

/* Appends a heading; in double quotes where it would be read as something else. */
static void put_heading(struct ov_buf *out, struct ov_text heading)
{
    if (heading.ptr[0] != '"' && !memchr(heading.ptr, ',', heading.len))
        ov_buf_text(out, heading);
    else
        ov_buf_csv_quoted(out, heading);
}

static void put_levels(const struct recognizing *r, struct ov_buf *out)
{
    ov_buf_string(out, "levels=");
    for (size_t i = 0; i < r->series_count; i++) {
        if (i)
            ov_buf_char(out, ',');
        put_heading(out, r->binding->headers[r->series[i]]);
    }
}

static bool put_column(const struct recognizing *r, struct ov_buf *out, const char *option,
                       int column)
{
    if (column < 0)
        return false;
    ov_buf_string(out, option);
    put_heading(out, r->binding->headers[column]);
    return true;
}

bool ov_recognize_layout(const struct ov_words *words, const struct ov_binding *binding,
                         const struct ov_columns *columns, struct ov_buf *out,
                         struct ov_filled_columns *filled)
{
    struct recognizing r = {.words = words, .binding = binding, .columns = columns};
    size_t word_count;
    filled->count = 0;
    r.count = binding->header_count < columns->count ? binding->header_count : columns->count;
    for (size_t i = 0; words && i < r.count; i++)
        r.roles[i] = ov_words_roles(words, binding->headers[i], &word_count);
    bool levels = find_numbered(&r);
    if (!levels && !put_column(&r, out, "path=", find_column(&r, is_path)) &&
        !put_column(&r, out, "outline=", find_column(&r, is_depth)) &&
        !put_column(&r, out, "outline=", find_column(&r, is_numbering)) &&
        !put_column(&r, out, "outline=", find_column(&r, is_indented)))
        levels = find_nested(&r);
    bool merged = !levels && !out->len && !r.failed && find_merged(&r);
    if (levels || merged)
        put_levels(&r, out);
    for (size_t i = 0; merged && i < r.series_count; i++)
        if (facts(&r, (size_t)r.series[i])->filled < columns->rows)
            filled->items[filled->count++] = (size_t)r.series[i];
    return !r.failed && !out->failed;
}
