/* mapping/layout.c: see layout.h. */
#include "mapping/layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/unicode.h"

/* In the order in which they are preferred. */
static const char *const separators[] = {" > ", " / ", "/", "\\", ">", "::"};
static_assert(sizeof separators / sizeof *separators == OV_SEPARATORS, "as layout.h says");

/* --- options --- */

static struct ov_layout_use *add_use(struct ov_layout *layout, enum ov_layout_key key,
                                     struct ov_text column, struct ov_error *err)
{
    struct ov_layout_use use = {.key = key, .index = -1, .orders = OV_DATE_ANY};
    if (!ov_grow(&layout->uses, &layout->capacity, layout->count + 1, sizeof use) ||
        !ov_arena_copy(&layout->arena, column, &use.column)) {
        ov_fail_memory(err);
        return NULL;
    }
    layout->uses[layout->count] = use;
    return &layout->uses[layout->count++];
}

static bool is_one_of(char c, const char *ends)
{
    return c && strchr(ends, c);
}

/* Takes a heading off the start of a text: up to one of the characters in `ends`, or in double
 * quotes, where a quote is doubled. The result is in the arena. False when it is malformed; then
 * *column is empty. */
static bool take_heading(struct ov_layout *layout, struct ov_text *text, const char *ends,
                         struct ov_text *column)
{
    char *copy = ov_arena_take(&layout->arena, text->len + 1);
    size_t len = 0, at = 0;
    bool quoted = text->len && text->ptr[0] == '"';
    *column = (struct ov_text){0};
    if (!copy)
        return false;
    if (quoted) {
        for (at = 1; at < text->len; at++) {
            if (text->ptr[at] == '"' && (at + 1 == text->len || text->ptr[at + 1] != '"'))
                break;
            at += text->ptr[at] == '"';
            copy[len++] = text->ptr[at];
        }
        if (at++ >= text->len || (at < text->len && !is_one_of(text->ptr[at], ends)))
            return false;
    } else {
        for (; at < text->len && !is_one_of(text->ptr[at], ends); at++)
            copy[len++] = text->ptr[at];
    }
    *text = (struct ov_text){text->ptr + at, text->len - at};
    *column = (struct ov_text){copy, len};
    return len > 0;
}

/* Splits `kind=rest`; *rest is empty without `=`. */
static struct ov_text split_kind(struct ov_text value, struct ov_text *rest)
{
    const char *equals = value.len ? memchr(value.ptr, '=', value.len) : NULL;
    size_t len = equals ? (size_t)(equals - value.ptr) : value.len;
    *rest = equals ? (struct ov_text){equals + 1, value.len - len - 1} : (struct ov_text){0};
    return (struct ov_text){value.ptr, len};
}

static const struct {
    const char *name;
    bool columns; /* the option names columns */
} kinds[] = {
    [OV_PARENTS_ID] = {"id", false},         [OV_PARENTS_NAME] = {"name", false},
    [OV_PARENTS_EITHER] = {"either", false}, [OV_PARENTS_LEVELS] = {"levels", true},
    [OV_PARENTS_PATH] = {"path", true},      [OV_PARENTS_OUTLINE] = {"outline", true},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Forgets the columns of an earlier option of the same kind: the last one applies. */
static void drop_uses(struct ov_layout *layout, enum ov_layout_key key)
{
    size_t kept = 0;
    for (size_t i = 0; i < layout->count; i++)
        if (layout->uses[i].key != key)
            layout->uses[kept++] = layout->uses[i];
    layout->count = kept;
}

static enum ov_status set_parents(struct ov_layout *layout, struct ov_text value,
                                  struct ov_error *err)
{
    struct ov_text rest, kind = split_kind(value, &rest), column;
    unsigned found = 0;
    while (found < KINDS && !ov_text_equal(kind, ov_text_of(kinds[found].name)))
        found++;
    if (found == KINDS || kinds[found].columns != (rest.len > 0))
        return ov_fail(err, OV_E_OPTION,
                       "invalid value `%.*s` for `--parents`: must be id, name, either, "
                       "levels=COLUMN,COLUMN…, path=COLUMN or outline=COLUMN",
                       OV_FMT(value));
    drop_uses(layout, OV_LAYOUT_PARENTS);
    layout->parents = (enum ov_parents)found;
    if (!ov_arena_copy(&layout->arena, value, &layout->parents_given))
        return ov_fail_memory(err);
    const char *ends = found == OV_PARENTS_LEVELS ? "," : "";
    while (rest.len) {
        bool fine = take_heading(layout, &rest, ends, &column) && rest.len != 1;
        for (size_t i = 0; i < layout->count && fine; i++)
            fine = layout->uses[i].key != OV_LAYOUT_PARENTS ||
                   !ov_text_equal(layout->uses[i].column, column);
        if (!fine)
            return ov_fail(
                err, OV_E_OPTION,
                "invalid value `%.*s` for `--parents`: a column name is empty or there twice, or its closing double quote is missing or misplaced",
                OV_FMT(value));
        if (!add_use(layout, OV_LAYOUT_PARENTS, column, err))
            return OV_E_MEMORY;
        if (rest.len)
            rest = (struct ov_text){rest.ptr + 1, rest.len - 1};
    }
    return OV_OK;
}

static enum ov_status set_where(struct ov_layout *layout, struct ov_text value,
                                struct ov_error *err)
{
    struct ov_text rest = value, column;
    bool quoted = value.len && value.ptr[0] == '"';
    bool fine = take_heading(layout, &rest, quoted ? "=!" : "=", &column);
    bool differs = false;
    if (fine && quoted && rest.len && rest.ptr[0] == '!') { /* "A"!=x */
        differs = true;
        rest = (struct ov_text){rest.ptr + 1, rest.len - 1};
    } else if (fine && !quoted && column.ptr[column.len - 1] == '!') {
        differs = true;
        fine = --column.len > 0;
    }
    if (!fine || rest.len == 0 || rest.ptr[0] != '=')
        return ov_fail(err, OV_E_OPTION,
                       "invalid value `%.*s` for `--where`: must be COLUMN=VALUE or "
                       "COLUMN!=VALUE",
                       OV_FMT(value));
    struct ov_layout_use *use = add_use(layout, OV_LAYOUT_WHERE, column, err);
    if (!use)
        return OV_E_MEMORY;
    use->differs = differs;
    rest = ov_unicode_trim((struct ov_text){rest.ptr + 1, rest.len - 1});
    return ov_arena_copy(&layout->arena, rest, &use->value) ? OV_OK : ov_fail_memory(err);
}

static enum ov_status set_column(struct ov_layout *layout, enum ov_layout_key key,
                                 struct ov_text value, struct ov_error *err)
{
    if (ov_unicode_is_blank(value))
        return ov_fail(
            err, OV_E_OPTION,
            "the column name for `--fill-down`, `--valid-from` or `--valid-to` must not be empty");
    if (key != OV_LAYOUT_FILL_DOWN)
        drop_uses(layout, key);
    return add_use(layout, key, value, err) ? OV_OK : OV_E_MEMORY;
}

enum ov_status ov_layout_set(struct ov_layout *layout, enum ov_layout_key key, struct ov_text value,
                             struct ov_error *err)
{
    switch (key) {
    case OV_LAYOUT_PARENTS: return set_parents(layout, value, err);
    case OV_LAYOUT_WHERE: return set_where(layout, value, err);
    case OV_LAYOUT_SEPARATOR:
        if (value.len == 0)
            return ov_fail(err, OV_E_OPTION, "`--path-separator` must not be empty");
        layout->separator_given = true;
        return ov_arena_copy(&layout->arena, value, &layout->separator) ? OV_OK
                                                                        : ov_fail_memory(err);
    case OV_LAYOUT_VALID_ON:
        layout->valid_on = ov_date_parse(value, OV_DATE_YMD);
        return layout->valid_on ? OV_OK
                                : ov_fail(err, OV_E_OPTION,
                                          "invalid value `%.*s` for `--valid-on`: must be a date "
                                          "such as 2024-06-01",
                                          OV_FMT(value));
    default: return set_column(layout, key, value, err);
    }
}

enum ov_status ov_layout_copy(struct ov_layout *layout, const struct ov_layout *from,
                              struct ov_error *err)
{
    enum ov_status status = OV_OK;
    if (from->parents_given.len)
        status = set_parents(layout, from->parents_given, err);
    if (status == OV_OK && from->separator_given)
        status = ov_layout_set(layout, OV_LAYOUT_SEPARATOR, from->separator, err);
    layout->valid_on = from->valid_on;
    for (size_t i = 0; i < from->count && status == OV_OK; i++) {
        const struct ov_layout_use *use = &from->uses[i];
        if (use->key == OV_LAYOUT_PARENTS)
            continue;
        struct ov_layout_use *copy = add_use(layout, use->key, use->column, err);
        if (!copy || !ov_arena_copy(&layout->arena, use->value, &copy->value))
            return ov_fail_memory(err);
        copy->differs = use->differs;
    }
    return status;
}

static bool has_use(const struct ov_layout *layout, enum ov_layout_key key)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->uses[i].key == key)
            return true;
    return false;
}

enum ov_status ov_layout_verify(const struct ov_layout *layout, struct ov_error *err)
{
    bool dated = has_use(layout, OV_LAYOUT_VALID_FROM) || has_use(layout, OV_LAYOUT_VALID_TO);
    if (layout->valid_on && !dated)
        return ov_fail(
            err, OV_E_OPTION,
            "`--valid-on` needs the columns with the dates: add `--valid-from COLUMN`, `--valid-to COLUMN` or both");
    if (dated && !layout->valid_on)
        return ov_fail(err, OV_E_OPTION,
                       "`--valid-from` and `--valid-to` need a day: add `--valid-on DATE`");
    if (layout->separator_given && !layout->parents_given.len)
        return ov_fail(err, OV_E_OPTION, "`--path-separator` needs `--parents path=COLUMN`");
    return OV_OK;
}

void ov_layout_deinit(struct ov_layout *layout)
{
    free(layout->uses);
    ov_arena_deinit(&layout->arena);
    *layout = (struct ov_layout){0};
}

/* --- columns --- */

static int find_column(const struct ov_binding *binding, struct ov_text name)
{
    for (size_t i = 0; i < binding->header_count; i++)
        if (ov_text_equal(binding->headers[i], name))
            return (int)i;
    for (size_t i = 0; i < binding->header_count; i++)
        if (ov_text_equal(ov_unicode_trim(binding->headers[i]), ov_unicode_trim(name)))
            return (int)i;
    if (ov_text_equal(name, OV_TEXT("identifier")))
        return binding->id;
    int field = ov_importer_field(binding->importer, name);
    return field < 0 ? -1 : binding->fields[field].column;
}

/* Whether nothing but the name is read from a column, so that the name of a path can be put there.
 */
static bool can_take_name(const struct ov_binding *binding, int column)
{
    int name = ov_importer_kind(binding->importer, OV_FIELD_NAME);
    for (int i = 0; i < (int)binding->importer->field_count; i++)
        if (i != name && binding->fields[i].column == column)
            return false;
    return !binding->id_given.len || binding->id != column;
}

/* A column that is not read at all; -1: none. */
static int spare_column(const struct ov_layout *layout, const struct ov_binding *binding)
{
    for (int i = 0; i < (int)binding->header_count; i++)
        if (!ov_layout_reads(layout, i) && !ov_binding_reads(binding, i))
            return i;
    return -1;
}

/* Where the name of a path goes: the column of the name if that is not part of the path, which then
 * remains as it is; otherwise the first column of the path that no other field is read from, or one
 * that is not read at all. */
static void choose_name_column(struct ov_layout *layout, const struct ov_binding *binding)
{
    int name = ov_binding_column(binding, OV_FIELD_NAME), first = -1;
    bool part = false;
    layout->incomplete = false;
    for (size_t i = 0; i < layout->count; i++) {
        int column = layout->uses[i].index;
        if (layout->uses[i].key != OV_LAYOUT_PARENTS)
            continue;
        layout->incomplete |= column < 0;
        if (first < 0 && column >= 0 && can_take_name(binding, column))
            first = column;
        part |= column == name;
    }
    if (first < 0)
        first = spare_column(layout, binding);
    layout->own_names = name >= 0 && !part;
    layout->name_column = layout->own_names ? name : ov_layout_is_numbered(layout) ? -1 : first;
}

void ov_layout_resolve(struct ov_layout *layout, const struct ov_binding *binding)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->uses[i].index < 0)
            layout->uses[i].index = find_column(binding, layout->uses[i].column);
    if (ov_layout_is_path(layout))
        choose_name_column(layout, binding);
}

bool ov_layout_is_path(const struct ov_layout *layout)
{
    return layout->parents >= OV_PARENTS_LEVELS;
}

bool ov_layout_is_plain(const struct ov_layout *layout)
{
    return layout->count == 0;
}

bool ov_layout_is_importers(const struct ov_layout *layout)
{
    return ov_layout_is_plain(layout) && layout->parents == OV_PARENTS_ID;
}

bool ov_layout_reads(const struct ov_layout *layout, int column)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->uses[i].index == column)
            return true;
    return false;
}

bool ov_layout_takes(const struct ov_layout *layout, int column)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->uses[i].index == column && layout->uses[i].key != OV_LAYOUT_FILL_DOWN)
            return true;
    return false;
}

bool ov_layout_is_numbered(const struct ov_layout *layout)
{
    size_t wanted = layout->own_names ? layout->depths : layout->depths * 2 - layout->depths / 5;
    return layout->parents == OV_PARENTS_OUTLINE && layout->numbers &&
           layout->numbers * 2 >= wanted;
}

bool ov_layout_gives_names(const struct ov_layout *layout)
{
    return ov_layout_is_path(layout) && !layout->own_names && !ov_layout_is_numbered(layout);
}

/* --- what the values say --- */

static bool is_date(const struct ov_layout_use *use)
{
    return use->key == OV_LAYOUT_VALID_FROM || use->key == OV_LAYOUT_VALID_TO;
}

bool ov_layout_is_curious(const struct ov_layout *layout)
{
    return layout->valid_on || layout->parents == OV_PARENTS_OUTLINE ||
           layout->parents == OV_PARENTS_PATH;
}

void ov_layout_count_separators(struct ov_text cell, size_t counts[OV_SEPARATORS])
{
    for (size_t i = 0; i < OV_SEPARATORS; i++) {
        struct ov_text mark = ov_text_of(separators[i]);
        counts[i] += ov_text_find(cell, mark) < cell.len;
    }
}

struct ov_text ov_layout_likely_separator(const size_t counts[OV_SEPARATORS])
{
    size_t most = 0;
    for (size_t i = 1; i < OV_SEPARATORS; i++)
        if (counts[i] > counts[most])
            most = i;
    return counts[most] ? ov_text_of(separators[most]) : (struct ov_text){0};
}

static void learn_date(struct ov_layout_use *use, struct ov_text cell)
{
    unsigned orders = ov_date_orders(cell, OV_DATE_ANY);
    if (orders)
        use->orders &= orders;
    if (orders == (OV_DATE_DMY | OV_DATE_MDY) &&
        ov_date_parse(cell, OV_DATE_DMY) != ov_date_parse(cell, OV_DATE_MDY))
        use->differ |= orders;
}

void ov_layout_learn(struct ov_layout *layout, const struct ov_record *record)
{
    for (size_t i = 0; i < layout->count; i++) {
        struct ov_layout_use *use = &layout->uses[i];
        if (use->index < 0 || (size_t)use->index >= record->kept)
            continue;
        struct ov_text text = record->cells[use->index].text, cell = ov_unicode_trim(text);
        if (cell.len == 0)
            continue;
        if (is_date(use))
            learn_date(use, cell);
        if (use->key != OV_LAYOUT_PARENTS)
            continue;
        size_t parts = ov_number_parts(cell);
        ov_layout_count_separators(cell, layout->separators);
        layout->separated +=
            layout->separator_given && ov_text_find(cell, layout->separator) < cell.len;
        layout->depths++;
        layout->numbers += parts > 0;
        layout->dotted += parts > 1;
        layout->indented += ov_unicode_indent(text) > 0;
    }
}

size_t ov_number_parts(struct ov_text text)
{
    size_t parts = 0, digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !digits)
            return 0;
        if (c != '.' && (c < '0' || c > '9'))
            return 0;
        parts += c != '.' && digits == 0;
        digits = c == '.' ? 0 : digits + 1;
    }
    return parts;
}

bool ov_layout_depth(const struct ov_layout *layout, struct ov_text cell, size_t *depth)
{
    int64_t number = 0;
    size_t parts = ov_number_parts(cell);
    bool fine = layout->dotted ? parts > 0 : ov_text_number(cell, &number);
    *depth = layout->dotted ? parts : (size_t)number;
    return fine;
}

/* Reads columns of dates in the order that fits them all, if there is only one. */
static void share_orders(struct ov_layout *layout)
{
    unsigned common = OV_DATE_ANY;
    for (size_t i = 0; i < layout->count; i++)
        if (is_date(&layout->uses[i]))
            common &= layout->uses[i].orders;
    if (common == 0 || common & (common - 1))
        return;
    for (size_t i = 0; i < layout->count; i++)
        if (is_date(&layout->uses[i]))
            layout->uses[i].orders = common;
}

/* The heading of the column that a path or an outline is read from. */
static struct ov_text place_heading(const struct ov_layout *layout, const struct ov_text *headers)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->uses[i].key == OV_LAYOUT_PARENTS && layout->uses[i].index >= 0)
            return headers[layout->uses[i].index];
    return (struct ov_text){0};
}

/* Whether some cell says where its row belongs. */
static enum ov_status verify_places(const struct ov_layout *layout, const struct ov_text *headers,
                                    struct ov_error *err)
{
    struct ov_text heading = place_heading(layout, headers);
    if (layout->depths < 2)
        return OV_OK;
    if (layout->parents == OV_PARENTS_OUTLINE && !layout->numbers && !layout->indented)
        return ov_fail(err, OV_E_OPTION,
                       "the column `%.*s` is not an outline: its values are neither numbers nor do "
                       "they begin with spaces",
                       OV_FMT(heading));
    if (layout->parents != OV_PARENTS_PATH)
        return OV_OK;
    if (layout->separator_given && !layout->separated)
        return ov_fail(err, OV_E_OPTION,
                       "no value in the column `%.*s` contains the separator `%.*s`",
                       OV_FMT(heading), OV_FMT(layout->separator));
    if (!layout->separator.len)
        return ov_fail(err, OV_E_OPTION,
                       "no value in the column `%.*s` contains a separator; name it with "
                       "`--path-separator`",
                       OV_FMT(heading));
    return OV_OK;
}

enum ov_status ov_layout_decide(struct ov_layout *layout, const struct ov_text *headers,
                                struct ov_error *err)
{
    if (ov_layout_is_numbered(layout) && !layout->own_names)
        layout->name_column = -1;
    if (layout->parents == OV_PARENTS_PATH && !layout->separator_given)
        layout->separator = ov_layout_likely_separator(layout->separators);
    share_orders(layout);
    for (size_t i = 0; i < layout->count; i++) {
        struct ov_layout_use *use = &layout->uses[i];
        if (!is_date(use) || use->index < 0 || use->orders == OV_DATE_ANY)
            continue;
        if (use->orders == 0)
            return ov_fail(
                err, OV_E_OPTION,
                "the dates in the column `%.*s` do not all have the same order of day, month and year: write them in the form 2024-06-01",
                OV_FMT(headers[use->index]));
        if (use->orders & (use->orders - 1) && (use->orders & ~use->differ) == 0)
            return ov_fail(
                err, OV_E_OPTION,
                "the dates in the column `%.*s` can be read as day/month or as month/day: write them in the form 2024-06-01",
                OV_FMT(headers[use->index]));
        use->orders &= ~use->orders + 1; /* of those that are the same days the first */
    }
    return verify_places(layout, headers, err);
}
