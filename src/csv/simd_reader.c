/* csv/simd_reader.c: see simd_reader.h. Data flow: index_blocks() has the scanner index the next
 * blocks of the window; find_cells() turns the entries up to a line end into cells;
 * ov_simd_reader_run() delivers the record. */
#include "csv/simd_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

struct ov_simd_reader {
    ov_scan_fn *scan;
    struct ov_cursor *cursor;
    struct ov_record_sink *sink;
    char delimiter;
    size_t max_cell;
    struct ov_scan state;
    bool in_step;    /* the index describes the bytes after the cursor */
    bool stopped;    /* the scanner found something that is not well-formed */
    bool waiting;    /* for more bytes */
    size_t step;     /* number of blocks to scan next */
    size_t base;     /* window index that entries are relative to */
    size_t scanned;  /* window index after the last byte scanned */
    uint32_t *index; /* owned: entries; those before `next` are used */
    size_t next, count, index_capacity;
    struct ov_cell *cells; /* owned */
    size_t cells_capacity;
    struct ov_walk walk; /* of the record being delivered */
    char *unescaped;     /* owned: texts of cells with doubled quotes */
    size_t unescaped_len, unescaped_capacity;
};

struct ov_simd_reader *ov_simd_reader_new(ov_scan_fn *scan, char delimiter, size_t max_cell,
                                          struct ov_cursor *cursor, struct ov_record_sink *sink)
{
    struct ov_simd_reader *fast = calloc(1, sizeof *fast);
    if (!fast)
        return NULL;
    fast->scan = scan;
    fast->cursor = cursor;
    fast->sink = sink;
    fast->delimiter = delimiter;
    fast->max_cell = max_cell;
    return fast;
}

void ov_simd_reader_free(struct ov_simd_reader *fast)
{
    if (!fast)
        return;
    free(fast->index);
    free(fast->cells);
    free(fast->unescaped);
    free(fast);
}

void ov_simd_reader_moved(struct ov_simd_reader *fast)
{
    fast->in_step = false;
}

void ov_simd_reader_dropped(struct ov_simd_reader *fast, size_t n)
{
    fast->base -= n; /* may wrap, and wraps back when a position is added */
    fast->scanned -= n;
}

/* Starts a new index at the cursor. */
static void start(struct ov_simd_reader *fast)
{
    fast->state = (struct ov_scan){.after_separator = 1};
    fast->base = fast->scanned = fast->cursor->at;
    fast->next = fast->count = 0;
    fast->stopped = fast->waiting = false;
    fast->step = OV_FAST_FIRST;
    fast->in_step = true;
}

/* Scans the last bytes of the file, less than a block, padded with letters. */
static size_t scan_tail(struct ov_simd_reader *fast, struct ov_text tail, uint32_t base,
                        uint32_t *index, size_t *count)
{
    char block[OV_SCAN_BLOCK];
    memset(block, fast->delimiter == 'x' ? 'y' : 'x', sizeof block);
    memcpy(block, tail.ptr, tail.len);
    size_t scanned = fast->scan(&fast->state, block, 1, fast->delimiter, base, index, count);
    return scanned < tail.len ? scanned : tail.len;
}

/* The result of a step. */
enum found {
    FOUND,
    MORE,     /* the record is incomplete */
    NOT_OURS, /* it is not plainly well-formed */
    NO_MEMORY,
};

/* Removes used entries from the index and makes the rest relative to the cursor. */
static void rebase(struct ov_simd_reader *fast)
{
    uint32_t gone = (uint32_t)(fast->cursor->at - fast->base);
    fast->count -= fast->next;
    for (size_t i = 0; i < fast->count; i++)
        fast->index[i] = fast->index[fast->next + i] - gone;
    fast->next = 0;
    fast->base = fast->cursor->at;
}

/* Indexes the next blocks of the window. */
static enum found index_blocks(struct ov_simd_reader *fast, bool last)
{
    const struct ov_cursor *cursor = fast->cursor;
    size_t left = cursor->window->len - fast->scanned, blocks = left / OV_SCAN_BLOCK, count;
    bool tail = blocks == 0 && last;
    if (fast->stopped || fast->scanned - cursor->at > OV_FAST_RECORD)
        return NOT_OURS;
    if (left == 0 || (blocks == 0 && !last))
        return MORE;
    struct ov_text rest = {cursor->window->text + fast->scanned, left};
    if (blocks > fast->step)
        blocks = fast->step;
    if (fast->step < OV_FAST_STEP)
        fast->step *= 2;
    rebase(fast);
    if (!ov_grow(&fast->index, &fast->index_capacity,
                 fast->count + (OV_FAST_STEP * OV_SCAN_BLOCK + OV_SCAN_SLACK), sizeof *fast->index))
        return NO_MEMORY;
    uint32_t base = (uint32_t)(fast->scanned - fast->base), *index = fast->index + fast->count;
    size_t wanted = tail ? left : blocks * OV_SCAN_BLOCK;
    size_t scanned =
        tail ? scan_tail(fast, rest, base, index, &count)
             : fast->scan(&fast->state, rest.ptr, blocks, fast->delimiter, base, index, &count);
    fast->count += count;
    fast->scanned += scanned;
    fast->stopped = scanned < wanted || tail;
    return FOUND;
}

/* Unescapes the text of a quoted cell with doubled quotes. */
static bool unescape(struct ov_simd_reader *fast, struct ov_text *text)
{
    /* capacity for the whole record, so that its earlier texts do not move */
    const struct ov_cursor *cursor = fast->cursor;
    if (fast->unescaped_len == 0 &&
        !ov_grow(&fast->unescaped, &fast->unescaped_capacity, cursor->window->len - cursor->at, 1))
        return false;
    char *to = fast->unescaped + fast->unescaped_len, *begin = to;
    const char *from = text->ptr, *end = from + text->len;
    while (from < end) {
        const char *quote = memchr(from, '"', (size_t)(end - from));
        size_t size = (size_t)((quote ? quote + 1 : end) - from);
        memcpy(to, from, size);
        to += size;
        from += size + (quote ? 1 : 0);
    }
    *text = (struct ov_text){begin, (size_t)(to - begin)};
    fast->unescaped_len += text->len;
    return true;
}

/* The record at the cursor, under construction. */
struct finding {
    struct ov_record record;
    size_t end;       /* window index of its line end */
    uint32_t special; /* flags of the entries of its cells, or-ed */
    bool filled;      /* some cell is not empty */
};

static enum found add_cell(struct ov_simd_reader *fast, struct finding *finding, size_t begin,
                           size_t end, uint32_t entry)
{
    const char *text = fast->cursor->window->text;
    size_t index = finding->record.count++;
    if (index == fast->cells_capacity &&
        !ov_grow(&fast->cells, &fast->cells_capacity, index + 1, sizeof *fast->cells))
        return NO_MEMORY;
    struct ov_cell *cell = &fast->cells[index];
    *cell = (struct ov_cell){.text = {text + begin, end - begin},
                             .at = (uint32_t)(begin - fast->cursor->at)};
    if (end > begin && text[begin] == '"') {
        cell->flags = OV_CELL_QUOTED;
        cell->text.ptr++;
        cell->text.len -= 2;
        if (entry & OV_SCAN_ESCAPED && !unescape(fast, &cell->text))
            return NO_MEMORY;
    }
    finding->special |= entry;
    finding->filled |= cell->text.len > 0;
    return cell->text.len > fast->max_cell ? NOT_OURS : FOUND;
}

/* Builds the cells of the record at the cursor. */
static enum found find_cells(struct ov_simd_reader *fast, bool last, struct finding *finding)
{
    struct ov_cursor *cursor = fast->cursor;
    const char *text = cursor->window->text;
    size_t begin = cursor->at, used = 0; /* entries of this record */
    enum found found;
    finding->record.count = 0;
    finding->special = 0;
    finding->filled = false;
    fast->unescaped_len = 0;
    for (;;) {
        if (fast->next + used == fast->count) {
            if ((found = index_blocks(fast, last)) != FOUND)
                return found;
            continue;
        }
        uint32_t entry = fast->index[fast->next + used++];
        size_t at = fast->base + (entry & OV_SCAN_AT);
        if (at == cursor->at && text[at] == '\n' && cursor->after_cr) {
            ov_cursor_pass_line_end(cursor); /* the second half of the previous line end */
            fast->next += used;
            used = 0;
            begin = cursor->at;
            continue;
        }
        if ((found = add_cell(fast, finding, begin, at, entry)) != FOUND)
            return found;
        begin = at + 1;
        if (text[at] == fast->delimiter)
            continue;
        finding->end = at;
        break;
    }
    if (finding->end == cursor->at) /* an empty line has no cells */
        finding->record.count = 0;
    if (cursor->invalid_next < cursor->window->invalid_len &&
        cursor->window->invalid[cursor->invalid_next].at < finding->end)
        return NOT_OURS;
    fast->next += used;
    return FOUND;
}

static enum ov_status hand_out(struct ov_simd_reader *fast, struct finding *finding,
                               struct ov_error *err)
{
    struct ov_record *record = &finding->record;
    struct ov_cursor *cursor = fast->cursor;
    const struct ov_window *window = cursor->window;
    uint64_t lines = 1;
    record->place.line = cursor->line; /* field by field: it is read again at once */
    record->place.column = cursor->column;
    record->place.byte_offset = ov_window_origin(window, cursor->at);
    record->cells = fast->cells;
    record->kept = record->count;
    record->plain = !(finding->special & OV_SCAN_ODD);
    record->text = window->text + cursor->at;
    record->size = finding->end - cursor->at;
    record->origin = window->origin ? window->origin + cursor->at : NULL;
    record->one_line = record->plain || (!memchr(record->text, '\n', record->size) &&
                                         !memchr(record->text, '\r', record->size));
    fast->walk = (struct ov_walk){0, cursor->line, cursor->column};
    record->walk = record->plain ? NULL : &fast->walk;
    if (!record->one_line)
        lines += ov_record_end(record).line - record->place.line;
    enum ov_status status = ov_record_sink_put(fast->sink, record, !finding->filled, err);
    cursor->after_cr = window->text[finding->end] == '\r';
    cursor->at = finding->end + 1;
    cursor->line += lines;
    return status;
}

enum ov_status ov_simd_reader_run(struct ov_simd_reader *fast, bool last, bool *more,
                                  struct ov_error *err)
{
    struct finding finding = {0};
    enum ov_status status = OV_OK;
    enum found found = FOUND;
    if (!fast->in_step)
        start(fast);
    *more = true;
    if (fast->waiting && !last && fast->cursor->window->len - fast->scanned < OV_SCAN_BLOCK)
        return OV_OK; /* nothing has changed */
    while (status == OV_OK && (found = find_cells(fast, last, &finding)) == FOUND)
        status = hand_out(fast, &finding, err);
    *more = fast->waiting = found == MORE;
    return found == NO_MEMORY ? ov_fail_memory(err) : status;
}
