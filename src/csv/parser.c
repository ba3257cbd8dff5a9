/* csv/parser.c: see parser.h. The only file that includes libcsv.
 *
 * Data flow: step() finds the slice up to the next delimiter or line end, feed() passes it to
 * libcsv, whose callbacks on_cell and on_row fill the record, and deliver() hands the record to the
 * sink. When the quotes of a cell prove to be malformed, fall_back() returns to the cell's first
 * byte, and run_broken() reads the rest of that physical line. */
#include "csv/parser.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "finding/rule.h"

enum { STRICT = CSV_STRICT | CSV_STRICT_FINI, LENIENT = 0, BLOCK = 16 * 1024 };

struct ov_parser {
    struct csv_parser csv;
    char delimiter;
    size_t max_cell;
    struct ov_cursor *cursor;
    struct ov_record_sink *sink;
    bool is_stop[256]; /* delimiter, CR, LF: slices end there */

    /* the current cell */
    bool cell_open;   /* its first byte was read */
    bool cell_quoted; /* that byte was a quote */
    size_t cell_fed;  /* bytes of it passed to libcsv */
    size_t cell_at;   /* window index of its first byte, if quoted */
    struct ov_place cell_place;
    bool cell_stray;          /* unquoted with a quote inside: libcsv continues in lenient mode */
    bool cell_overlong;       /* quoted, closed, and over the limit */
    size_t cell_invalid_kept; /* invalid bytes of the record that precede the cell */
    uint64_t cell_invalid_count;

    /* the rest of the line after malformed quotes */
    bool broken;
    bool broken_large;  /* because it reached the limit */
    bool broken_taken;  /* libcsv has returned its text */
    bool quote_pending; /* the last byte may be the closing quote */
    bool quote_closed;  /* the opening quote was closed on this line */

    /* the current record */
    struct ov_record record;
    struct ov_cell *cells;
    size_t cells_capacity;
    struct ov_place *places; /* of the cells, and of the end of the record */
    size_t places_capacity;
    size_t *starts; /* offset of each cell's text in `text`, which may still be reallocated */
    size_t starts_capacity;
    struct ov_buf text;
    struct ov_invalid *invalid;
    size_t invalid_capacity;
    bool row_done;  /* libcsv reported the end of the record */
    bool no_memory; /* out of memory in a callback, which cannot stop libcsv */
    bool delivered; /* a record was delivered */
};

static int no_space(unsigned char c)
{
    (void)c;
    return 0; /* spaces are data */
}

struct ov_parser *ov_parser_new(char delimiter, size_t max_cell, struct ov_cursor *cursor,
                                struct ov_record_sink *sink)
{
    struct ov_parser *parser = calloc(1, sizeof *parser);
    if (!parser)
        return NULL;
    csv_init(&parser->csv, STRICT);
    csv_set_delim(&parser->csv, (unsigned char)delimiter);
    csv_set_space_func(&parser->csv, no_space);
    csv_set_blk_size(&parser->csv, BLOCK);
    parser->delimiter = delimiter;
    parser->max_cell = max_cell;
    parser->cursor = cursor;
    parser->sink = sink;
    parser->is_stop[(unsigned char)delimiter] = true;
    parser->is_stop['\r'] = parser->is_stop['\n'] = true;
    return parser;
}

void ov_parser_free(struct ov_parser *parser)
{
    if (!parser)
        return;
    csv_free(&parser->csv);
    free(parser->cells);
    free(parser->places);
    free(parser->starts);
    free(parser->invalid);
    ov_buf_deinit(&parser->text);
    free(parser);
}

static void add_cell(struct ov_parser *parser, struct ov_text text, unsigned flags)
{
    struct ov_record *record = &parser->record;
    size_t room = 16 * parser->max_cell > OV_KEPT_TEXT ? 16 * parser->max_cell : OV_KEPT_TEXT;
    size_t index = record->count++;
    if (index >= OV_KEPT_CELLS)
        return;
    if (parser->text.len + text.len > room) { /* a giant record: further cells count as too large */
        text.len = 0;
        flags |= OV_CELL_LARGE;
    }
    if (!ov_grow(&parser->cells, &parser->cells_capacity, index + 1, sizeof *parser->cells) ||
        !ov_grow(&parser->places, &parser->places_capacity, index + 2, sizeof *parser->places) ||
        !ov_grow(&parser->starts, &parser->starts_capacity, index + 1, sizeof *parser->starts)) {
        parser->no_memory = true;
        return;
    }
    parser->starts[index] = parser->text.len;
    parser->cells[index] = (struct ov_cell){.text.len = text.len, .flags = flags};
    parser->places[index] = parser->cell_place;
    ov_buf_text(&parser->text, text);
    parser->no_memory |= parser->text.failed;
    record->kept++;
}

/* libcsv callback: the end of a cell. */
static void on_cell(void *bytes, size_t len, void *ctx)
{
    struct ov_parser *parser = ctx;
    struct ov_text text = {bytes, len};
    unsigned flags = 0;
    if (!parser->cell_open) /* an empty cell after the last delimiter of the file */
        parser->cell_place = ov_cursor_place(parser->cursor);
    if (parser->cell_quoted && len > parser->max_cell) {
        parser->cell_overlong = true;
        return;
    }
    if (parser->cell_quoted)
        flags |= OV_CELL_QUOTED;
    if (parser->cell_stray) {
        flags |= OV_CELL_STRAY;
        csv_set_opts(&parser->csv, STRICT);
    }
    if (len > parser->max_cell) {
        flags |= OV_CELL_LARGE;
        text = ov_utf8_cut(text, parser->max_cell);
    }
    add_cell(parser, text, flags);
    parser->cell_open = parser->cell_quoted = parser->cell_stray = false;
}

/* libcsv callback for the rest of a line with malformed quotes; only its first cell is reliable. */
static void on_broken_cell(void *bytes, size_t len, void *ctx)
{
    struct ov_parser *parser = ctx;
    unsigned flags = OV_CELL_QUOTED | OV_CELL_BROKEN;
    if (parser->broken_taken)
        return;
    parser->broken_taken = true;
    if (parser->broken_large)
        flags |= OV_CELL_LARGE;
    add_cell(parser, ov_utf8_cut((struct ov_text){bytes, len}, parser->max_cell), flags);
}

/* libcsv callback: the end of a record. */
static void on_row(int terminator, void *ctx)
{
    struct ov_parser *parser = ctx;
    (void)terminator;
    parser->row_done = true;
}

static void on_invalid(void *ctx, const struct ov_invalid *invalid)
{
    struct ov_parser *parser = ctx;
    struct ov_record *record = &parser->record;
    record->invalid_count++;
    if (record->invalid_kept == OV_KEPT_INVALID)
        return;
    if (!ov_grow(&parser->invalid, &parser->invalid_capacity, record->invalid_kept + 1,
                 sizeof *parser->invalid)) {
        parser->no_memory = true;
        return;
    }
    parser->invalid[record->invalid_kept++] = *invalid;
}

static bool is_blank(const struct ov_record *record)
{
    if (record->error || record->kept != record->count)
        return false;
    for (size_t i = 0; i < record->kept; i++)
        if (record->cells[i].text.len || record->cells[i].flags & OV_CELL_LARGE)
            return false;
    return true;
}

/* Flags the cells with invalid bytes: each place belongs to the last cell that starts before it. */
static void mark_invalid_cells(struct ov_parser *parser)
{
    const struct ov_record *record = &parser->record;
    size_t cell = 0;
    for (size_t i = 0; i < record->invalid_kept && record->kept; i++) {
        while (cell + 1 < record->kept &&
               parser->places[cell + 1].byte_offset <= parser->invalid[i].place.byte_offset)
            cell++;
        parser->cells[cell].flags |= OV_CELL_INVALID;
    }
}

/* Delivers the record and resets the state for the next one. */
static enum ov_status deliver(struct ov_parser *parser, struct ov_place end, struct ov_error *err)
{
    struct ov_record *record = &parser->record;
    if (parser->no_memory || !ov_grow(&parser->places, &parser->places_capacity, record->kept + 1,
                                      sizeof *parser->places))
        return ov_fail_memory(err);
    const char *text = parser->text.len ? parser->text.ptr : "";
    for (size_t i = 0; i < record->kept; i++)
        parser->cells[i].text.ptr = text + parser->starts[i];
    mark_invalid_cells(parser);
    record->cells = parser->cells;
    record->invalid = parser->invalid;
    record->places = parser->places;
    parser->places[record->kept] = end;
    enum ov_status status = ov_record_sink_put(parser->sink, record, is_blank(record), err);
    *record = (struct ov_record){0};
    parser->delivered = true;
    parser->text.len = 0;
    parser->row_done = false;
    parser->cell_open = parser->cell_quoted = parser->cell_stray = false;
    return status;
}

static void open_cell(struct ov_parser *parser)
{
    const struct ov_cursor *cursor = parser->cursor;
    parser->cell_place = ov_cursor_place(cursor);
    if (parser->record.count == 0)
        parser->record.place = parser->cell_place;
    parser->cell_open = true;
    parser->cell_invalid_kept = parser->record.invalid_kept;
    parser->cell_invalid_count = parser->record.invalid_count;
    parser->cell_at = cursor->at;
    parser->cell_fed = 0;
    parser->cell_quoted = cursor->window->text[cursor->at] == '"';
}

/* The quotes of the open cell are malformed, or it is too large: return to its first byte, to read
 * the rest of its physical line as the end of the record. */
static void fall_back(struct ov_parser *parser, bool large)
{
    struct ov_record *record = &parser->record;
    csv_set_opts(&parser->csv, LENIENT);
    csv_fini(&parser->csv, NULL, NULL, NULL);
    ov_cursor_rewind(parser->cursor, parser->cell_at, parser->cell_place);
    record->invalid_kept = parser->cell_invalid_kept;
    record->invalid_count = parser->cell_invalid_count;
    parser->row_done = false;
    parser->cell_overlong = false;
    parser->cell_fed = 0;
    parser->broken = true;
    parser->broken_large = large;
    parser->broken_taken = parser->quote_pending = parser->quote_closed = false;
}

/* Tracks the quotes of a broken cell: is the opening quote closed on this line? */
static void follow_quotes(struct ov_parser *parser, struct ov_text part, bool starts)
{
    for (size_t i = starts; i < part.len && !parser->quote_closed; i++) {
        if (part.ptr[i] == '"')
            parser->quote_pending = !parser->quote_pending;
        else if (parser->quote_pending)
            parser->quote_closed = true;
    }
}

static enum ov_status end_broken(struct ov_parser *parser, struct ov_error *err)
{
    bool closed = parser->quote_closed || parser->quote_pending;
    csv_fini(&parser->csv, on_broken_cell, NULL, parser);
    csv_set_opts(&parser->csv, STRICT);
    parser->record.error = ov_rule_at(closed ? OV_R106 : OV_R105);
    parser->record.error_cell = parser->record.count - 1;
    parser->broken = false;
    return deliver(parser, ov_cursor_place(parser->cursor), err);
}

/* Reads the next bytes of the line of a broken cell. */
static enum ov_status run_broken(struct ov_parser *parser, struct ov_error *err)
{
    struct ov_cursor *cursor = parser->cursor;
    size_t end = ov_cursor_line_end(cursor);
    struct ov_text part = {cursor->window->text + cursor->at, end - cursor->at};
    bool starts = parser->cell_fed == 0;
    follow_quotes(parser, part, starts);
    size_t limit =
        parser->max_cell + 4; /* one code point more than is kept, so that none is split */
    size_t room = parser->cell_fed < limit ? limit - parser->cell_fed : 0;
    size_t take = part.len < room ? part.len : room;
    if (take && csv_parse(&parser->csv, part.ptr, take, on_broken_cell, NULL, parser) != take)
        return ov_fail_memory(err);
    parser->cell_fed += part.len;
    ov_cursor_pass(cursor, end, on_invalid, parser);
    if (end == cursor->window->len)
        return OV_OK;
    enum ov_status status = end_broken(parser, err);
    ov_cursor_pass_line_end(cursor);
    return status;
}

/* The length of the next slice that libcsv may get without exceeding the limit; at least 1, unless
 * an unquoted cell already exceeds it. Never splits a code point. */
static size_t slice_room(const struct ov_parser *parser, size_t at, size_t stop)
{
    size_t used = parser->cell_quoted ? parser->csv.entry_pos : parser->cell_fed;
    size_t limit =
        parser->max_cell + (parser->cell_quoted ? 2 : 1); /* including its closing quote */
    size_t room = limit > used ? limit - used : 0;
    if (stop - at <= room)
        return stop - at;
    const char *text = parser->cursor->window->text;
    size_t end = at + room, lead = end;
    while (lead > at && end - lead < 3 && ((unsigned char)text[lead] & 0xC0) == 0x80)
        lead--;
    uint32_t code;
    size_t length = lead < end ? ov_utf8_next(text + lead, text + stop, &code) : 0;
    if (length && code != UINT32_MAX && lead + length > end)
        end = lead + length;
    return end - at;
}

/* Passes the slice up to `stop` to libcsv, and also the byte at `stop` if it is in the window. */
static enum ov_status feed(struct ov_parser *parser, size_t stop, struct ov_error *err)
{
    struct ov_cursor *cursor = parser->cursor;
    const char *text = cursor->window->text;
    size_t start = cursor->at, body = slice_room(parser, start, stop);
    bool whole = start + body == stop, too_large = !whole && !parser->cell_quoted;
    size_t take = body + (whole && stop < cursor->window->len ? 1 : 0);
    size_t taken = csv_parse(&parser->csv, text + start, take, on_cell, on_row, parser);
    parser->cell_fed += taken;
    if (taken < take) {
        if (csv_error(&parser->csv) != CSV_EPARSE)
            return ov_fail_memory(err);
        if (parser->cell_quoted) {
            fall_back(parser, false);
            return OV_OK;
        }
        if (!parser->record.error) {
            parser->record.error = ov_rule_at(OV_R106);
            parser->record.error_cell = parser->record.count;
        }
        parser->cell_stray = true;
        csv_set_opts(&parser->csv, LENIENT);
        ov_cursor_pass(cursor, start + taken, on_invalid, parser);
        return OV_OK;
    }
    if (parser->cell_overlong ||
        (parser->cell_quoted && parser->csv.entry_pos > parser->max_cell + 1)) {
        fall_back(parser, true);
        return OV_OK;
    }
    /* An unquoted cell over the limit: skip the rest of it. */
    ov_cursor_pass(cursor, too_large ? stop : start + body, on_invalid, parser);
    if (take == body)
        return parser->no_memory ? ov_fail_memory(err) : OV_OK;
    struct ov_place end = ov_cursor_place(cursor);
    if (text[stop] == parser->delimiter)
        ov_cursor_pass(cursor, stop + 1, NULL, NULL);
    else
        ov_cursor_pass_line_end(cursor);
    return parser->row_done ? deliver(parser, end, err) : OV_OK;
}

/* Reads the next slice. */
static enum ov_status step(struct ov_parser *parser, struct ov_error *err)
{
    struct ov_cursor *cursor = parser->cursor;
    const struct ov_window *window = cursor->window;
    if (parser->broken)
        return run_broken(parser, err);
    char first = window->text[cursor->at];
    if (!parser->cell_open) {
        if (parser->record.count == 0 && first == '\n' && cursor->after_cr) {
            ov_cursor_pass_line_end(cursor);
            return OV_OK;
        }
        if (parser->record.count == 0 && (first == '\n' || first == '\r')) {
            struct ov_place here = parser->record.place = ov_cursor_place(cursor);
            ov_cursor_pass_line_end(cursor);
            return deliver(parser, here, err);
        }
        open_cell(parser);
    }
    size_t stop = cursor->at;
    while (stop < window->len && !parser->is_stop[(unsigned char)window->text[stop]])
        stop++;
    return feed(parser, stop, err);
}

/* Completes the final record. */
static enum ov_status finish(struct ov_parser *parser, struct ov_error *err)
{
    if (parser->broken)
        return end_broken(parser, err);
    if (csv_fini(&parser->csv, on_cell, on_row, parser) != 0)
        fall_back(parser, false);
    else if (parser->cell_overlong)
        fall_back(parser, true);
    else if (parser->row_done)
        return deliver(parser, ov_cursor_place(parser->cursor), err);
    return OV_OK;
}

enum ov_status ov_parser_run(struct ov_parser *parser, bool last, bool *more, struct ov_error *err)
{
    const struct ov_cursor *cursor = parser->cursor;
    enum ov_status status = OV_OK;
    parser->delivered = false;
    *more = false;
    while (status == OV_OK && !parser->delivered) {
        if (cursor->at < cursor->window->len) {
            status = step(parser, err);
        } else if (last && !ov_parser_is_between(parser)) {
            status = finish(parser, err);
        } else {
            *more = true;
            break;
        }
    }
    return status;
}

bool ov_parser_is_between(const struct ov_parser *parser)
{
    return !parser->cell_open && !parser->broken && parser->record.count == 0;
}

size_t ov_parser_drop(struct ov_parser *parser)
{
    bool held = parser->cell_open && parser->cell_quoted && !parser->broken;
    size_t keep = held ? parser->cell_at : parser->cursor->at;
    ov_cursor_drop(parser->cursor, keep);
    parser->cell_at -= held ? keep : 0;
    return keep;
}
