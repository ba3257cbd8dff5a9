/* vet/unit_ids.c: see unit_ids.h. */
#include "vet/unit_ids.h"

#include <string.h>

#include "base/error.h"
#include "base/search.h"

enum { ID_MOST = 100 /* code points */, HASH_DIGITS = 16 };
#define SEPARATOR OV_TEXT(" > ")

/* Whether a text ends like an identifier that was told apart. */
static bool ends_in_hash(struct ov_text text)
{
    if (text.len <= HASH_DIGITS || text.ptr[text.len - HASH_DIGITS - 1] != '~')
        return false;
    for (size_t i = text.len - HASH_DIGITS; i < text.len; i++)
        if (!strchr("0123456789abcdef", text.ptr[i]))
            return false;
    return true;
}

/* Appends the path, of at most some names; false when its names cannot be told from it. */
static bool put_path(const struct ov_units *units, uint32_t unit, struct ov_buf *out)
{
    uint32_t path[ID_MOST] = {0};
    size_t count = 0;
    for (; unit != OV_UNIT_NONE && count < ID_MOST; unit = units->items[unit].above)
        path[count++] = unit;
    bool plain = unit == OV_UNIT_NONE;
    for (size_t i = count; i-- > 0;) {
        struct ov_text name = ov_utf8_cut(ov_units_name(units, path[i]), (ID_MOST + 1) * 4);
        if (ov_utf8_count(ov_buf_view(out)) > ID_MOST)
            return false; /* only its beginning is needed */
        if (out->len)
            ov_buf_text(out, SEPARATOR);
        ov_buf_text(out, name);
        plain &= memchr(name.ptr, '>', name.len) == NULL;
    }
    return plain;
}

/* Replaces the path by as much of it as fits, and a hash of all of it. */
static void tell_apart(uint64_t hash, struct ov_buf *id)
{
    size_t at = 0;
    for (size_t codes = 0; at < id->len && codes < ID_MOST - HASH_DIGITS - 1; codes++) {
        uint32_t code;
        at += ov_utf8_next(id->ptr + at, id->ptr + id->len, &code);
    }
    id->len = at;
    ov_buf_format(id, "~%016llx", (unsigned long long)hash);
}

void ov_make_id(struct ov_buf *buf, const struct ov_forest *forest, bool plain, uint64_t hash)
{
    struct ov_text text = ov_buf_view(buf);
    if (!plain || ends_in_hash(text) || ov_utf8_count(text) > ID_MOST ||
        ov_node_is_row(ov_forest_find(forest, text)))
        tell_apart(hash, buf);
}

static bool is_before(const void *hashes, size_t index, const void *hash)
{
    return ((const uint64_t *)hashes)[index] < *(const uint64_t *)hash;
}

/* Whether another unit has the same path of names. */
static bool is_shared(const struct ov_units *units, uint32_t unit)
{
    if (!units->sorted_hashes)
        return false;
    uint64_t hash = units->name_hashes[unit];
    size_t at = ov_lower_bound(units->sorted_hashes, 0, units->count, &hash, is_before);
    return at + 1 < units->count && units->sorted_hashes[at + 1] == hash;
}

/* Sets an identifier to the path of a unit. Returns whether that is enough to tell it apart. */
static bool set_path(const struct ov_units *units, uint32_t unit, struct ov_buf *id)
{
    id->len = 0;
    return put_path(units, unit, id) && !is_shared(units, unit);
}

bool ov_units_put_id(const struct ov_units *units, const struct ov_forest *forest, uint32_t unit,
                     struct ov_buf *buf)
{
    ov_make_id(buf, forest, set_path(units, unit, buf), units->items[unit].hash);
    return !buf->failed;
}

/* --- links --- */

/* Rows whose identifiers are made together, so that none needs to wait for its slot. */
enum { UNNAMED_MOST = 32 };
struct unnamed {
    ov_node rows[UNNAMED_MOST];
    bool plain[UNNAMED_MOST];
    struct ov_buf ids[UNNAMED_MOST];
    size_t count;
};

static enum ov_status identify(const struct ov_units *units, struct ov_forest *forest,
                               struct unnamed *unnamed, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < unnamed->count && status == OV_OK; i++) {
        struct ov_buf *id = &unnamed->ids[i];
        uint32_t unit = units->of_row[unnamed->rows[i]];
        ov_make_id(id, forest, unnamed->plain[i], units->items[unit].hash);
        status = id->failed ? ov_fail_memory(err)
                            : ov_forest_identify(forest, unnamed->rows[i], ov_buf_view(id), err);
    }
    unnamed->count = 0;
    return status;
}

static void add_unnamed(const struct ov_units *units, const struct ov_forest *forest,
                        struct unnamed *unnamed, ov_node row)
{
    struct ov_buf *id = &unnamed->ids[unnamed->count];
    unnamed->rows[unnamed->count] = row;
    unnamed->plain[unnamed->count++] = set_path(units, units->of_row[row], id);
    ov_forest_prefetch(forest, ov_buf_view(id));
}

enum ov_status ov_units_link(const struct ov_units *units, struct ov_forest *forest,
                             struct ov_error *err)
{
    struct unnamed unnamed = {0};
    enum ov_status status = OV_OK;
    for (ov_node row = 0; row < units->row_count && status == OV_OK; row++) {
        uint32_t unit = units->of_row[row];
        if (unit == OV_UNIT_NONE || ov_forest_is(forest, row, OV_ROW_BROKEN))
            continue;
        bool leaf = unit & OV_UNIT_LEAF;
        uint32_t above = leaf ? unit & ~OV_UNIT_LEAF : units->items[unit].above;
        if (above != OV_UNIT_NONE)
            ov_forest_set_parent(forest, row, units->items[above].row);
        if (ov_forest_is(forest, row, OV_ROW_ANONYMOUS))
            add_unnamed(units, forest, &unnamed, row);
        if (unnamed.count == UNNAMED_MOST)
            status = identify(units, forest, &unnamed, err);
    }
    if (status == OV_OK)
        status = identify(units, forest, &unnamed, err);
    for (size_t i = 0; i < UNNAMED_MOST; i++)
        ov_buf_deinit(&unnamed.ids[i]);
    return status;
}
