/* csv/place.c: where cells stand. A record of the fast reader carries its text; places in it are
 * counted only when somebody asks. */
#include <string.h>

#include "base/text.h"
#include "orgvet/records.h"

/* The place of the byte at index `at` of the record's text, which is valid UTF-8. */
static struct ov_place place_in_text(const struct ov_record *record, size_t at)
{
    struct ov_place place = record->place;
    size_t start = 0; /* of the line */
    place.byte_offset = record->origin ? record->origin[at] : place.byte_offset + at;
    for (size_t i = 0; !record->one_line && i < at; i++) {
        char c = record->text[i];
        if (c != '\n' && c != '\r')
            continue;
        if (c == '\r' && i + 1 < record->size && record->text[i + 1] == '\n') {
            if (i + 1 == at)
                break;
            i++;
        }
        place.line++;
        place.column = 1;
        start = i + 1;
    }
    place.column += record->plain
                        ? at
                        : ov_utf8_count_valid((struct ov_text){record->text + start, at - start});
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
