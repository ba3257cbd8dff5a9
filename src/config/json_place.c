/* config/json_place.c: see json_place.h. */
#include "config/json_place.h"

#include "base/mem.h"
#include "base/text.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The offset after the string or other token that starts at `at`. */
static size_t token_end(struct ov_text json, size_t at)
{
    if (json.ptr[at] != '"') {
        while (at < json.len && !is_space(json.ptr[at]) && !strchr(",:]}", json.ptr[at]))
            at++;
        return at;
    }
    for (at++; at < json.len && json.ptr[at] != '"'; at++)
        at += json.ptr[at] == '\\';
    return at < json.len ? at + 1 : json.len;
}

static size_t skip_space(struct ov_text json, size_t at)
{
    while (at < json.len && is_space(json.ptr[at]))
        at++;
    return at;
}

/* Advances a place to a later offset. */
static void advance(struct ov_text json, struct ov_place *place, size_t offset)
{
    size_t line = (size_t)place->byte_offset;
    for (size_t i = line; i < offset && i < json.len; i++) {
        if (json.ptr[i] == '\n') {
            place->line++;
            place->column = 1;
            line = i + 1;
        }
    }
    place->column += ov_utf8_count((struct ov_text){json.ptr + line, offset - line});
    place->byte_offset = offset;
}

bool ov_json_places(struct ov_text json, struct ov_json_value **values, size_t *count)
{
    struct ov_place place = {.line = 1, .column = 1}, key = {0};
    size_t at = 0, capacity = 0;
    bool keyed = false;
    *values = NULL;
    *count = 0;
    while (at < json.len) {
        char c = json.ptr[at];
        if (is_space(c) || strchr(",:]}", c)) {
            at++;
            continue;
        }
        size_t end = c == '{' || c == '[' ? at + 1 : token_end(json, at);
        size_t next = skip_space(json, end);
        advance(json, &place, at);
        if (c == '"' && next < json.len && json.ptr[next] == ':') {
            key = place;
            keyed = true;
        } else {
            if (!ov_grow(values, &capacity, *count + 1, sizeof **values))
                return false;
            (*values)[(*count)++] = (struct ov_json_value){place, keyed ? key : place};
            keyed = false;
        }
        at = end;
    }
    return true;
}

struct ov_place ov_json_place(struct ov_text json, size_t offset)
{
    struct ov_place place = {.line = 1, .column = 1};
    advance(json, &place, offset);
    return place;
}
