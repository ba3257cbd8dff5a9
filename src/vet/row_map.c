/* vet/row_map.c: see row_map.h. */
#include "vet/row_map.h"

#include <stdlib.h>

#include "base/mem.h"

bool ov_row_map_add(struct ov_row_map *map, uint64_t record, enum ov_line line)
{
    struct ov_row_run *last = map->count ? &map->runs[map->count - 1] : NULL;
    if (last && last->line == line && last->first + last->count == record &&
        last->count < UINT32_MAX) {
        last->count++;
        return true;
    }
    if (!ov_grow(&map->runs, &map->capacity, map->count + 1, sizeof *map->runs))
        return false;
    map->runs[map->count++] = (struct ov_row_run){record, 1, line};
    return true;
}

void ov_row_map_deinit(struct ov_row_map *map)
{
    free(map->runs);
    *map = (struct ov_row_map){0};
}

enum ov_line ov_row_map_next(const struct ov_row_map *map, struct ov_row_cursor *cursor,
                             uint64_t record, uint64_t *row)
{
    while (cursor->run < map->count &&
           map->runs[cursor->run].first + map->runs[cursor->run].count <= record)
        cursor->less += map->runs[cursor->run++].count;
    const struct ov_row_run *run = cursor->run < map->count ? &map->runs[cursor->run] : NULL;
    if (run && run->first <= record)
        return run->line;
    *row = record - cursor->less;
    return OV_LINE_ROW;
}
