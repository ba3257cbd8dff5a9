/* mapping/columns.c: see columns.h. Values are compared by 64-bit hashes. */
#include "mapping/columns.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/unicode.h"
#include "mapping/dates.h"
#include "mapping/layout.h"

bool ov_is_flag_word(struct ov_text value)
{
    static const char *const words[] = {
        "0",  "1",   "yes",  "no",    "y",    "n",      "true", "false", "t",    "f",    "x",
        "on", "off", "ja",   "nein",  "wahr", "falsch", "oui",  "non",   "vrai", "faux", "si",
        "sí", "sì",  "vero", "falso", "sim",  "não",    "nao",  "nee",   "tak",  "nie",  "ano",
        "ne", "nej", "да",   "нет",   "はい", "いいえ", "是",   "否",    "نعم",  "لا",   "-"};
    struct ov_text trimmed = ov_unicode_trim(value);
    for (size_t i = 0; trimmed.len <= 9 && i < sizeof words / sizeof *words; i++)
        if (ov_text_equal_nocase(trimmed, ov_text_of(words[i])))
            return true;
    return false;
}

bool ov_is_plain_number(struct ov_text value)
{
    size_t digits = 0;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        digits += c >= '0' && c <= '9';
        if ((c < '0' || c > '9') && c != '.' && c != ',' && c != '-' && c != '+' && c != ' ')
            return false;
    }
    return digits > 0;
}

bool ov_is_in_foreign_quotes(struct ov_text value)
{
    static const char *const pairs[][2] = {{"'", "'"}, {"‘", "’"}, {"“", "”"}, {"„", "“"},
                                           {"„", "”"}, {"«", "»"}, {"`", "`"}, {"‚", "‘"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t open = strlen(pairs[i][0]), close = strlen(pairs[i][1]);
        if (value.len >= open + close + 1 && memcmp(value.ptr, pairs[i][0], open) == 0 &&
            memcmp(value.ptr + value.len - close, pairs[i][1], close) == 0)
            return true;
    }
    return false;
}

/* Three groups of digits with the same mark between them, perhaps with a time behind. */
static bool is_date(struct ov_text value)
{
    size_t groups = 0, digits = 0, at = 0;
    char mark = '\0';
    for (; at < value.len && groups < 3; at++) {
        char c = value.ptr[at];
        if (c >= '0' && c <= '9') {
            groups += digits++ == 0;
            continue;
        }
        if (digits == 0 || digits > 4 || (c != '-' && c != '/' && c != '.') || (mark && c != mark))
            return false;
        mark = c;
        digits = 0;
    }
    return groups == 3 && mark;
}

static void add_step(struct ov_steps *steps, size_t depth)
{
    if (steps->count++ == 0) {
        steps->first = steps->last = steps->deepest = depth;
        return;
    }
    size_t more = depth > steps->last ? depth - steps->last : 0;
    if (more && !steps->unit)
        steps->unit = more;
    steps->broken |= more > steps->unit || depth < steps->first;
    steps->last = depth;
    if (depth > steps->deepest)
        steps->deepest = depth;
}

/* What is before the last separator of a path; empty: it is not a path. */
static struct ov_text before_last(struct ov_text path)
{
    for (size_t at = path.len; at-- > 1;) {
        char c = path.ptr[at];
        bool colons = c == ':' && path.ptr[at - 1] == ':';
        if (c != '/' && c != '\\' && c != '>' && !colons)
            continue;
        struct ov_text rest = {path.ptr + at + 1, path.len - at - 1};
        bool last = !ov_unicode_is_blank(rest);
        return last ? ov_unicode_trim((struct ov_text){path.ptr, at - colons})
                    : (struct ov_text){0};
    }
    return (struct ov_text){0};
}

/* Notes a value with a separator in it; false when out of memory. */
static bool judge_path(struct ov_column *column, struct ov_text value)
{
    struct ov_text above = before_last(ov_unicode_trim(value));
    if (above.len == 0)
        return true;
    if (!ov_grow(&column->above, &column->above_capacity, (size_t)column->paths + 1,
                 sizeof *column->above))
        return false;
    column->above[column->paths++] = ov_hash(above, 0);
    return true;
}

/* Notes a value that ends with something in brackets; false when out of memory. */
static bool judge_brackets(struct ov_column *column, struct ov_text value)
{
    struct ov_text text = ov_unicode_trim(value);
    struct ov_text inside = ov_text_in_brackets(text);
    if (inside.len == 0 || inside.ptr < text.ptr + 2)
        return true;
    if (!ov_grow(&column->inside, &column->inside_capacity, (size_t)column->bracketed + 1,
                 sizeof *column->inside))
        return false;
    column->inside[column->bracketed++] = ov_hash(ov_unicode_trim(inside), 0);
    return true;
}

/* False when out of memory. */
static bool judge(struct ov_column *column, struct ov_text value)
{
    size_t letters = 0;
    bool mail = false, space = false, digit = false, path = false;
    for (const char *p = value.ptr, *end = p + value.len; p < end;) {
        uint32_t code;
        p += ov_utf8_next(p, end, &code);
        letters +=
            code < 0x80 ? (code | 0x20) >= 'a' && (code | 0x20) <= 'z' : ov_unicode_is_letter(code);
        mail |= code == '@';
        space |= ov_unicode_is_space(code);
        digit |= code >= '0' && code <= '9';
        path |= code == '/' || code == '\\' || code == '>' || code == ':';
    }
    size_t indent = ov_unicode_indent(value), parts = digit ? ov_number_parts(value) : 0;
    if (parts)
        add_step(&column->parts, parts);
    column->dotted += parts > 1;
    column->indented += indent > 0;
    add_step(&column->indents, indent);
    if (value.len <= 2 && ov_text_is_digits(value))
        add_step(&column->depths, ov_text_number_up_to(value, 99));
    column->numbers += ov_is_plain_number(value);
    column->dates += is_date(value) || (digit && letters && ov_date_parse(value, OV_DATE_DMY));
    column->flags += (value.len == 1 || !digit) && ov_is_flag_word(value);
    column->texts += letters >= 2 && !mail && (space || !digit);
    column->mails += mail;
    column->quoted += ov_is_in_foreign_quotes(value);
    column->bytes += value.len;
    if (value.len > column->longest)
        column->longest = value.len;
    bool brackets = value.ptr[value.len - 1] == ')';
    return (!path || judge_path(column, value)) && (!brackets || judge_brackets(column, value));
}

bool ov_columns_add(struct ov_columns *columns, const struct ov_record *record)
{
    size_t cells = record->kept < OV_COLUMNS_MOST ? record->kept : OV_COLUMNS_MOST;
    if (cells > columns->count)
        columns->count = cells;
    for (size_t i = 0; i < columns->count; i++) {
        struct ov_column *column = &columns->items[i];
        struct ov_text value = i < cells ? record->cells[i].text : (struct ov_text){0};
        size_t before = column->capacity;
        if (!ov_grow(&column->hashes, &column->capacity, columns->rows + 1, sizeof *column->hashes))
            return false;
        if (before == 0) /* the column is new: the rows so far did not have it */
            memset(column->hashes, 0, columns->rows * sizeof *column->hashes);
        uint64_t hash = value.len ? ov_hash(value, 0) : 0;
        column->hashes[columns->rows] = value.len && hash == 0 ? 1 : hash;
        column->filled += value.len > 0;
        if (value.len && !judge(column, value))
            return false;
    }
    columns->rows++;
    return true;
}

/* The slot of a hash in a set, or the free one where it belongs. */
static size_t slot_of(const struct ov_column *column, uint64_t hash)
{
    size_t at = hash & column->set_mask;
    while (column->set[at] && column->set[at] != hash)
        at = (at + 1) & column->set_mask;
    return at;
}

bool ov_columns_finish(struct ov_columns *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct ov_column *column = &columns->items[i];
        size_t slots = 16;
        while (slots < column->filled * 2)
            slots *= 2;
        column->set = calloc(slots, sizeof *column->set);
        if (!column->set)
            return false;
        column->set_mask = slots - 1;
        for (size_t row = 0; row < columns->rows; row++) {
            uint64_t hash = column->hashes[row];
            size_t at = hash ? slot_of(column, hash) : 0;
            if (hash && !column->set[at]) {
                column->set[at] = hash;
                column->distinct++;
            }
        }
    }
    return true;
}

void ov_columns_deinit(struct ov_columns *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        free(columns->items[i].hashes);
        free(columns->items[i].set);
        free(columns->items[i].above);
        free(columns->items[i].inside);
    }
    *columns = (struct ov_columns){0};
}

uint64_t ov_columns_contained(const struct ov_columns *columns, size_t column, size_t in)
{
    uint64_t contained = 0;
    const struct ov_column *from = &columns->items[column], *to = &columns->items[in];
    for (size_t row = 0; row < columns->rows; row++)
        contained += from->hashes[row] && to->set[slot_of(to, from->hashes[row])];
    return contained;
}

uint64_t ov_columns_inside(const struct ov_columns *columns, size_t column, size_t in)
{
    uint64_t inside = 0;
    const struct ov_column *from = &columns->items[column], *to = &columns->items[in];
    for (size_t i = 0; i < from->bracketed; i++)
        inside += to->set[slot_of(to, from->inside[i])] != 0;
    return inside;
}

bool ov_columns_determined(const struct ov_columns *columns, size_t column, size_t by,
                           uint64_t *count)
{
    const struct ov_column *from = &columns->items[column], *key = &columns->items[by];
    uint64_t *first = calloc(key->set_mask + 1, sizeof *first); /* per slot of the key */
    *count = 0;
    for (size_t row = 0; first && row < columns->rows; row++) {
        if (!key->hashes[row] || !from->hashes[row])
            continue;
        uint64_t *value = &first[slot_of(key, key->hashes[row])];
        if (!*value)
            *value = from->hashes[row];
        *count += *value == from->hashes[row];
    }
    free(first);
    return first != NULL;
}

bool ov_columns_nested(const struct ov_columns *columns, size_t column, uint64_t *below,
                       uint64_t *different)
{
    const struct ov_column *c = &columns->items[column];
    struct ov_column seen = {.set_mask = c->set_mask};
    seen.set = calloc(seen.set_mask + 1, sizeof *seen.set);
    *below = *different = 0;
    for (size_t i = 0; seen.set && i < c->paths; i++) {
        size_t at = slot_of(&seen, c->above[i]);
        *different += !seen.set[at];
        seen.set[at] = c->above[i];
        *below += c->set[slot_of(c, c->above[i])] != 0;
    }
    free(seen.set);
    return seen.set != NULL;
}

bool ov_columns_is_acyclic(const struct ov_columns *columns, size_t id, size_t parent)
{
    const struct ov_column *ids = &columns->items[id], *parents = &columns->items[parent];
    size_t slots = ids->set_mask + 1;
    bool acyclic = true;
    uint32_t *row_of = calloc(slots, sizeof *row_of);         /* per slot: row + 1 */
    uint32_t *seen = calloc(columns->rows + 1, sizeof *seen); /* per row: the walk that met it */
    for (uint32_t row = 0; row_of && row < columns->rows; row++)
        if (ids->hashes[row])
            row_of[slot_of(ids, ids->hashes[row])] = row + 1;
    for (uint32_t row = 0; row_of && seen && acyclic && row < columns->rows; row++) {
        uint32_t walk = row + 1, at = walk;
        while (at && !seen[at]) {
            seen[at] = walk;
            uint64_t up = parents->hashes[at - 1];
            at = up && up != ids->hashes[at - 1] ? row_of[slot_of(ids, up)] : 0;
        }
        acyclic = !at || seen[at] != walk;
    }
    acyclic = acyclic && row_of && seen;
    free(row_of);
    free(seen);
    return acyclic;
}
