/* mapping/find_header.c: see find_header.h. A record has a point for every different field that its
 * cells name. */
#include "mapping/find_header.h"

#include "base/unicode.h"
#include "mapping/bind.h"

enum { WORDS_MOST = 6 /* a longer text is not a heading */ };

/* One bit for a field, by its kind and place in the table. */
static unsigned bit_of(const struct ov_importer *importer, int field)
{
    switch (importer->fields[field].kind) {
    case OV_FIELD_ID: return OV_NAMES_ID;
    case OV_FIELD_NAME: return OV_NAMES_NAME;
    case OV_FIELD_PARENT: return OV_NAMES_PARENT;
    default: return (unsigned)OV_NAMES_OTHERS << field;
    }
}

static unsigned by_roles(unsigned roles)
{
    if (roles & (OV_ROLE_GLOBAL | OV_ROLE_DEPARTMENTAL | OV_ROLE_FORMAT))
        return OV_NAMES_OTHERS << 10;
    if (roles & OV_ROLE_PARENT)
        return OV_NAMES_PARENT;
    if (roles & OV_ROLE_OTHER)
        return 0;
    if (roles & OV_ROLE_DESCRIPTION)
        return OV_NAMES_OTHERS << 11;
    if (roles & OV_ROLE_ID)
        return OV_NAMES_ID;
    return roles & OV_ROLE_NAME ? OV_NAMES_NAME : 0;
}

unsigned ov_heading_names(const struct ov_words *words, struct ov_text heading)
{
    for (size_t i = 0; i < ov_importer_count(); i++) {
        int field = ov_heading_field(ov_importer_at(i), heading);
        if (field >= 0)
            return bit_of(ov_importer_at(i), field);
    }
    size_t count = 0;
    unsigned roles = words ? ov_words_roles(words, heading, &count) : 0;
    return count <= WORDS_MOST ? by_roles(roles) : 0;
}

static unsigned names_of(const struct ov_words *words, const struct ov_head_row *row)
{
    unsigned names = 0;
    for (size_t i = 0; i < row->count; i++)
        names |= ov_heading_names(row->count > 1 ? words : NULL, row->cells[i]);
    return names;
}

static unsigned points_of(unsigned names)
{
    unsigned points = 0;
    for (; names; names &= names - 1)
        points++;
    return points;
}

static bool is_number(struct ov_text text)
{
    struct ov_text trimmed = ov_text_trim(text);
    bool digit = false;
    for (size_t i = 0; i < trimmed.len; i++) {
        char c = trimmed.ptr[i];
        digit |= c >= '0' && c <= '9';
        if ((c < '0' || c > '9') && c != '.' && c != ',' && c != '-' && c != '+')
            return false;
    }
    return digit;
}

static bool has_number(const struct ov_head_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (is_number(row->cells[i]))
            return true;
    return false;
}

/* Whether a later record names both a name and a parent, with more points. */
static bool is_outdone(const unsigned *names, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (names[i] & OV_NAMES_NAME && names[i] & OV_NAMES_PARENT &&
            points_of(names[i]) > points_of(names[0]))
            return true;
    return false;
}

/* By the points alone; `count` when no record has enough. */
static size_t with_most_points(const struct ov_head_row *rows, const unsigned *names, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        bool enough = points_of(names[i]) >= 2 || (rows[i].count == 1 && names[i] == OV_NAMES_NAME);
        if (enough && !has_number(&rows[i]) &&
            (best == count || points_of(names[i]) > points_of(names[best])))
            best = i;
    }
    return best;
}

static size_t choose(const struct ov_head_row *rows, const unsigned *names, size_t count,
                     size_t usual)
{
    if (points_of(names[0]) >= 2 || (rows[0].filled >= usual && !is_outdone(names, count)))
        return 0;
    size_t best = with_most_points(rows, names, count);
    if (best < count)
        return best;
    for (size_t i = 1; i < count && rows[0].filled == 1; i++)
        if (rows[i].filled > 1 && rows[i].filled >= usual)
            return i;
    return 0;
}

size_t ov_find_header(const struct ov_words *words, const struct ov_head_row *rows, size_t count,
                      size_t usual)
{
    unsigned names[OV_HEADER_AMONG] = {0};
    for (size_t i = 0; i < count; i++)
        names[i] = names_of(words, &rows[i]);
    size_t at = choose(rows, names, count, usual);
    bool below = at + 1 < count && points_of(names[at + 1]) > points_of(names[at]) &&
                 !has_number(&rows[at + 1]);
    return below ? at + 1 : at;
}

bool ov_is_second_header(const struct ov_words *words, const struct ov_head_row *header,
                         const struct ov_head_row *below)
{
    unsigned same = 0;
    for (size_t i = 0; i < below->count; i++) {
        unsigned named = ov_heading_names(words, below->cells[i]);
        unsigned above = i < header->count ? ov_heading_names(words, header->cells[i]) : 0;
        if (named && named != above)
            return false;
        same += named != 0;
    }
    return same >= 2;
}
