/* csv/place.c: places of cells. A record of the SIMD reader carries its text; places in it are only
 * counted on demand. */
#include <string.h>

#include "base/text.h"
#include "orgvet/records.h"

/* Advances to the byte at index `to`, at or after the current one. The text is valid UTF-8. */
static void walk_to(struct ov_walk *walk, const struct ov_record *record, size_t to)
{
    size_t start = walk->at; /* of the bytes counted as columns */
    for (size_t i = start; !record->one_line && i < to; i++) {
        char c = record->text[i];
        bool half = c == '\r' && i + 1 < to && record->text[i + 1] == '\n'; /* of a CRLF */
        if ((c != '\n' && c != '\r') || half)
            continue;
        walk->line++;
        walk->column = 1;
        start = i + 1;
    }
    walk->column += ov_utf8_count_valid((struct ov_text){record->text + start, to - start});
    walk->at = to;
}

/* The place of the byte at index `at` of the record's text. Calls in ascending order scan the text
 * only once. */
static struct ov_place place_in_text(const struct ov_record *record, size_t at)
{
    struct ov_walk *walk = record->walk;
    struct ov_place place = record->place;
    place.byte_offset = record->origin ? record->origin[at] : place.byte_offset + at;
    if (!walk) {
        place.column += at;
        return place;
    }
    if (at < walk->at)
        *walk = (struct ov_walk){0, place.line, place.column};
    walk_to(walk, record, at);
    place.line = walk->line;
    place.column = walk->column;
    return place;
}

struct ov_place ov_cell_place(const struct ov_record *record, size_t cell)
{
    return record->places ? record->places[cell] : place_in_text(record, record->cells[cell].at);
}

struct ov_place ov_record_end(const struct ov_record *record)
{
    return record->places ? record->places[record->kept] : place_in_text(record, record->size);
}
