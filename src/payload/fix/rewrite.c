/* payload/fix/rewrite.c: see rewrite.h.
 *
 * The bytes are decoded as they were for the check, and the decoded text is read again as UTF-8, so
 * that the places of records and cells are offsets in that text. The text is kept back to the start
 * of the current record. A record is finished when the next one starts: the text between the two is
 * its line end. */
#include "payload/fix/rewrite.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "csv/decode.h"
#include "csv/quote.h"
#include "payload/fix/sort_rows.h"
#include "payload/reread/rows.h"
#include "vet/check_access.h"

enum { PIECE = 256 * 1024 /* bytes read at once */ };

struct rewriter {
    const struct ov_rewrite *how; /* borrowed, like survey */
    struct ov_survey *survey;
    struct ov_sha256 *sha; /* owned, like all below */
    struct ov_decoder *decoder;
    struct ov_window window;
    struct ov_reader *reader;
    char *bytes;
    struct ov_buf text;        /* decoded text, from the start of the current record */
    uint64_t base;             /* offset of `text` in the whole decoded text */
    struct ov_sort_rows order; /* {0} if rows keep their order */

    /* the current record */
    uint64_t start, end; /* offsets in the whole text; end: before its line end */
    int64_t row;         /* as in ov_record; or BEFORE */
    struct ov_buf fixed; /* its new text */
    bool dropped;        /* it is removed */
    struct ov_row_cursor cursor;
    unsigned torn; /* index of the rule violated by the first torn record so far, or OV_NO_RULE:
                      what follows may be inside its cell and is not edited */
    struct ov_buf first; /* the first piece with its byte-order mark */
    size_t edit;         /* index of the first edit for the current row or a later one */
};
enum { BEFORE = -2 /* the text before the header, which is not a record */ };

static struct ov_text slice(const struct rewriter *rewriter, uint64_t from, uint64_t to)
{
    return (struct ov_text){rewriter->text.ptr + (from - rewriter->base), (size_t)(to - from)};
}

static bool is_on(const struct rewriter *rewriter, enum ov_fix_kind kind)
{
    return (rewriter->how->kinds & 1u << kind) != 0;
}

/* Lines. */

static void count_line_end(struct ov_survey *survey, struct ov_text end)
{
    survey->lf += end.len == 1 && end.ptr[0] == '\n';
    survey->cr += end.len == 1 && end.ptr[0] == '\r';
    survey->crlf += end.len == 2;
}

static void put_line_end(struct rewriter *rewriter, struct ov_text end)
{
    count_line_end(rewriter->survey, end);
    ov_buf_text(&rewriter->fixed,
                end.len && is_on(rewriter, OV_FIX_LINE_ENDS) ? rewriter->how->line_end : end);
}

static bool is_sep_line(struct ov_text line)
{
    char delimiter;
    uint32_t wide;
    if (line.len == 7 && line.ptr[0] == '"' && line.ptr[6] == '"')
        line = (struct ov_text){line.ptr + 1, 5};
    return line.len == 5 && memcmp(line.ptr, "sep=", 4) == 0 &&
           ov_delimiter_parse((struct ov_text){line.ptr + 4, 1}, &delimiter, &wide);
}

/* Copies the lines before the header: a `sep=` line, which may be removed, and titles. */
static void fix_titles(struct rewriter *rewriter, struct ov_text text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at, first = at;
        while (end < text.len && text.ptr[end] != '\r' && text.ptr[end] != '\n')
            end++;
        at = end;
        if (at < text.len)
            at += text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n' ? 2 : 1;
        struct ov_text line = {text.ptr + first, end - first};
        bool sep = first == 0 && at > end && is_sep_line(line);
        rewriter->survey->sep |= sep;
        rewriter->survey->titles += !sep;
        if (is_on(rewriter, sep ? OV_FIX_DELIMITER : OV_FIX_TITLES))
            continue;
        ov_buf_text(&rewriter->fixed, line);
        put_line_end(rewriter, (struct ov_text){text.ptr + end, at - end});
    }
}

/* Pieces. */

static enum ov_status put_piece(struct rewriter *rewriter, struct ov_text old, struct ov_text fixed,
                                struct ov_error *err)
{
    const struct ov_rewrite *how = rewriter->how;
    if (!how->on_piece || (old.len == 0 && fixed.len == 0))
        return OV_OK;
    return how->on_piece(how->ctx, old, fixed, err);
}

/* Passes on a row, now or once its parent has been, and then the rows that waited for it. */
static enum ov_status put_row(struct rewriter *rewriter, struct ov_text old, struct ov_text fixed,
                              struct ov_error *err)
{
    if (!rewriter->how->order || rewriter->row <= 0)
        return put_piece(rewriter, old, fixed, err);
    struct ov_sort_rows *order = &rewriter->order;
    ov_node row = (ov_node)(rewriter->row - 1);
    if (ov_sort_rows_must_wait(order, row)) {
        rewriter->survey->moved++;
        if (!ov_sort_rows_keep(order, row, fixed))
            return ov_fail_memory(err);
        return put_piece(rewriter, old, (struct ov_text){0}, err);
    }
    enum ov_status status = put_piece(rewriter, old, fixed, err);
    ov_sort_rows_passed(order, row);
    struct ov_text waited;
    while (status == OV_OK && ov_sort_rows_next(order, &waited))
        status = put_piece(rewriter, (struct ov_text){0}, waited, err);
    return status == OV_OK && order->failed ? ov_fail_memory(err) : status;
}

/* The text with the byte-order mark of the file, which the decoder has dropped. */
static struct ov_text with_bom(struct rewriter *rewriter, struct ov_text old)
{
    ov_buf_string(&rewriter->first, OV_UTF8_MARK);
    ov_buf_text(&rewriter->first, old);
    return ov_buf_view(&rewriter->first);
}

/* Finishes the current record: the next one starts at `next`, or the file ends there. */
static enum ov_status finish_record(struct rewriter *rewriter, uint64_t next, bool last,
                                    struct ov_error *err)
{
    struct ov_text old = slice(rewriter, rewriter->start, next);
    struct ov_text line_end = slice(rewriter, rewriter->end, next);
    if (rewriter->row == BEFORE) {
        struct ov_text titles = slice(rewriter, rewriter->start, next);
        if (titles.len && !last && strchr("\r\n", titles.ptr[titles.len - 1]) == NULL)
            return OV_OK; /* not a complete line: it belongs to the header */
        fix_titles(rewriter, titles);
    } else if (rewriter->dropped) {
        count_line_end(rewriter->survey, line_end);
    } else {
        put_line_end(rewriter, line_end);
        if (last && line_end.len == 0 && rewriter->how->order)
            ov_buf_text(&rewriter->fixed, rewriter->how->line_end);
    }
    struct ov_text fixed = ov_buf_view(&rewriter->fixed);
    if (rewriter->survey->bom && rewriter->start == 0)
        old = with_bom(rewriter, old);
    bool failed = rewriter->fixed.failed || rewriter->first.failed;
    enum ov_status status = failed ? ov_fail_memory(err) : put_row(rewriter, old, fixed, err);
    rewriter->fixed.len = 0;
    rewriter->start = next;
    return status;
}

/* Cells. */

/* Whether some cells of the record have no certain end. */
static bool is_torn(const struct ov_record *record)
{
    return record->kept != record->count ||
           (record->error && record->error_cell < record->kept &&
            record->cells[record->error_cell].flags & OV_CELL_BROKEN);
}

/* Whether the record can be converted to another delimiter. It cannot if an unquoted cell with a
 * stray quote, which is copied as it is, contains that delimiter. */
static bool can_convert(const struct ov_record *record, char delimiter)
{
    if (is_torn(record))
        return false;
    for (size_t i = 0; record->error && i < record->kept; i++) {
        struct ov_text text = record->cells[i].text;
        if (record->cells[i].flags & OV_CELL_STRAY && memchr(text.ptr, delimiter, text.len))
            return false;
    }
    return true;
}

/* The cells that a record should have: where rows differ from the header, without empty headings at
 * its end above nothing. */
static size_t wanted_cells(const struct rewriter *rewriter)
{
    const struct ov_check *check = rewriter->how->check;
    size_t columns = ov_check_facts(check)->columns, used = ov_check_used_columns(check);
    bool ragged = ov_list_count(ov_check_list(check), OV_R107) > 0;
    return ragged && used && used < columns ? used : columns;
}

/* Whether the record has more cells than that, and all of these are empty. */
static bool has_surplus(const struct rewriter *rewriter, const struct ov_record *record)
{
    size_t columns = wanted_cells(rewriter);
    if (record->row < 0 || record->count <= columns || record->kept != record->count ||
        record->error)
        return false;
    for (size_t i = columns; i < record->kept; i++)
        if (record->cells[i].text.len)
            return false;
    return true;
}

/* The index of the rule that the record violates, so that its cells are not edited; or OV_NO_RULE.
 */
static unsigned obstacle(const struct rewriter *rewriter, const struct ov_record *record)
{
    if (record->error)
        return record->error == ov_rule_at(OV_R105) ? OV_R105 : OV_R106;
    if (rewriter->torn != OV_NO_RULE)
        return rewriter->torn;
    if (record->count != ov_check_facts(rewriter->how->check)->columns &&
        !has_surplus(rewriter, record))
        return OV_R107;
    if (record->invalid_count)
        return OV_R103;
    for (size_t i = 0; i < record->kept; i++) {
        if (record->cells[i].flags & OV_CELL_LARGE)
            return OV_R111;
        if (record->cells[i].text.len &&
            memchr(record->cells[i].text.ptr, '\0', record->cells[i].text.len))
            return OV_R104;
    }
    return OV_NO_RULE;
}

/* Whether the record has edits to apply; turns off those of a broken row. */
static bool has_edits(struct rewriter *rewriter, const struct ov_record *record)
{
    struct ov_edits *edits = rewriter->how->edits;
    uint32_t row = (uint32_t)record->row;
    bool any = false;
    while (rewriter->edit < edits->count && edits->items[rewriter->edit].row < row)
        rewriter->edit++;
    for (size_t i = rewriter->edit; i < edits->count && edits->items[i].row == row; i++)
        any |= edits->items[i].on;
    unsigned why = any ? obstacle(rewriter, record) : OV_NO_RULE;
    if (why != OV_NO_RULE)
        ov_edits_undo(edits, row, OV_NO_COLUMN, why);
    return any && why == OV_NO_RULE;
}

/* Determines the new text of a cell; false when it is unchanged. */
static bool edited_text(const struct rewriter *rewriter, const struct ov_record *record,
                        size_t column, struct ov_text *text)
{
    const struct ov_edits *edits = rewriter->how->edits;
    bool any = false;
    *text = record->cells[column].text;
    for (size_t i = rewriter->edit;
         i < edits->count && edits->items[i].row == (uint64_t)record->row; i++) {
        const struct ov_edit *edit = &edits->items[i];
        if (!edit->on || edit->column != column)
            continue;
        *text = edit->kind == OV_FIX_SPACE
                    ? ov_edits_trim(rewriter->how->check, (uint32_t)column, *text)
                    : edit->to;
        any = true;
    }
    return any;
}

static void put_cell(struct rewriter *rewriter, const struct ov_record *record, size_t column,
                     struct ov_text source, char delimiter)
{
    struct ov_text text;
    bool quoted = (record->cells[column].flags & OV_CELL_QUOTED) != 0;
    if (edited_text(rewriter, record, column, &text)) {
        if (quoted)
            ov_buf_csv_quoted(&rewriter->fixed, text);
        else
            ov_buf_csv(&rewriter->fixed, text, delimiter);
    } else if (quoted || !source.len || !memchr(source.ptr, delimiter, source.len)) {
        ov_buf_text(&rewriter->fixed, source);
    } else {
        ov_buf_csv(&rewriter->fixed, source, delimiter);
    }
}

static void put_cells(struct rewriter *rewriter, const struct ov_record *record, uint64_t at)
{
    char delimiter = is_on(rewriter, OV_FIX_DELIMITER)
                         ? rewriter->how->delimiter
                         : ov_check_result(rewriter->how->check)->delimiter;
    const char *name = ov_check_result(rewriter->how->check)->delimiter_name;
    size_t width = ov_check_choices(rewriter->how->check)->read.wide_delimiter ? strlen(name) : 1;
    bool cut = is_on(rewriter, OV_FIX_SURPLUS) && has_surplus(rewriter, record);
    size_t cells = cut ? wanted_cells(rewriter) : record->kept;
    for (size_t i = 0; i < cells; i++) {
        bool last = i + 1 == record->kept;
        uint64_t next = last ? rewriter->end + width : ov_cell_place(record, i + 1).byte_offset;
        if (i && (is_on(rewriter, OV_FIX_DELIMITER) || width == 1))
            ov_buf_char(&rewriter->fixed, delimiter);
        else if (i)
            ov_buf_string(&rewriter->fixed, name);
        put_cell(rewriter, record, i, slice(rewriter, at, next - width), delimiter);
        at = next;
    }
}

/* What the record is; numbers it as the check did. */
static enum ov_line line_of(struct rewriter *rewriter, struct ov_record *record)
{
    uint64_t row = 0;
    if (record->row <= 0)
        return OV_LINE_ROW;
    enum ov_line line = ov_row_map_next(ov_check_row_map(rewriter->how->check), &rewriter->cursor,
                                        (uint64_t)record->row, &row);
    record->row = line == OV_LINE_ROW ? (int64_t)row : -1;
    return line;
}

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct rewriter *rewriter = ctx;
    const struct ov_rewrite *how = rewriter->how;
    uint64_t start = record->place.byte_offset;
    if (start > rewriter->start) {
        enum ov_status status = finish_record(rewriter, start, false, err);
        if (status != OV_OK)
            return status;
    }
    if (rewriter->start < start) /* an extra byte-order mark: kept with the header */
        ov_buf_text(&rewriter->fixed, slice(rewriter, rewriter->start, start));
    struct ov_record own = *record;
    enum ov_line line = line_of(rewriter, &own);
    bool blank = record->row < 0;
    record = &own;
    rewriter->end = ov_record_end(record).byte_offset;
    rewriter->row = record->row;
    rewriter->survey->blank += blank;
    rewriter->survey->headers += line == OV_LINE_HEADER;
    rewriter->survey->not_rows += line == OV_LINE_TOTAL || line == OV_LINE_COMMENT;
    rewriter->survey->stuck += !can_convert(record, how->delimiter);
    if (rewriter->torn == OV_NO_RULE && is_torn(record))
        rewriter->torn = record->error == ov_rule_at(OV_R105) ? OV_R105 : OV_R106;
    rewriter->survey->torn = rewriter->torn;
    rewriter->dropped =
        (blank && is_on(rewriter, OV_FIX_BLANK)) ||
        (line == OV_LINE_HEADER && is_on(rewriter, OV_FIX_HEADERS)) ||
        ((line == OV_LINE_TOTAL || line == OV_LINE_COMMENT) && is_on(rewriter, OV_FIX_NOT_ROWS));
    if (rewriter->dropped)
        return OV_OK;
    bool edits = record->row >= 0 && has_edits(rewriter, record);
    bool surplus = has_surplus(rewriter, record);
    rewriter->survey->surplus += surplus;
    if (edits || (surplus && is_on(rewriter, OV_FIX_SURPLUS)) ||
        (is_on(rewriter, OV_FIX_DELIMITER) &&
         how->delimiter != ov_check_result(how->check)->delimiter))
        put_cells(rewriter, record, start);
    else
        ov_buf_text(&rewriter->fixed, slice(rewriter, start, rewriter->end));
    return rewriter->fixed.failed ? ov_fail_memory(err) : OV_OK;
}

/* Bytes. */

/* Feeds the reader the decoded text and keeps the text of the current record. */
static enum ov_status feed_decoded(struct rewriter *rewriter, struct ov_error *err)
{
    struct ov_window *window = &rewriter->window;
    rewriter->survey->invalid += window->invalid_len;
    ov_buf_put(&rewriter->text, window->text, window->len);
    if (rewriter->text.failed)
        return ov_fail_memory(err);
    enum ov_status status = ov_reader_feed(rewriter->reader, window->text, window->len, err);
    ov_window_drop(window, window->len);
    size_t done = (size_t)(rewriter->start - rewriter->base);
    if (done) {
        memmove(rewriter->text.ptr, rewriter->text.ptr + done, rewriter->text.len - done);
        rewriter->text.len -= done;
        rewriter->base += done;
    }
    return status;
}

static enum ov_status read_all(struct rewriter *rewriter, struct ov_error *err)
{
    const struct ov_source *source = rewriter->how->source;
    uint64_t at = 0;
    size_t got, wanted = OV_HEAD_SIZE; /* the encoding is determined from the first piece */
    enum ov_status status = OV_OK;
    do {
        got = source->read_at(source->ctx, at, rewriter->bytes, wanted);
        struct ov_text piece = {rewriter->bytes, got};
        ov_sha256_add(rewriter->sha, rewriter->bytes, got);
        if (at == 0) {
            rewriter->survey->bom = got >= 3 && memcmp(rewriter->bytes, OV_UTF8_MARK, 3) == 0;
            status = ov_decoder_decide(rewriter->decoder, piece, got < wanted, err);
            rewriter->survey->bom &=
                strcmp(ov_decoder_encoding(rewriter->decoder)->name, "UTF-8") == 0;
            if (rewriter->survey->bom && !is_on(rewriter, OV_FIX_BOM))
                ov_buf_string(&rewriter->fixed, OV_UTF8_MARK);
        }
        at += got;
        if (status == OV_OK)
            status = ov_decoder_feed(rewriter->decoder, piece, got == 0, &rewriter->window, err);
        rewriter->survey->converted |=
            !rewriter->survey->bom &&
            !ov_text_equal(piece, (struct ov_text){rewriter->window.text, rewriter->window.len});
        if (status == OV_OK)
            status = feed_decoded(rewriter, err);
        wanted = PIECE;
    } while (status == OV_OK && got);
    if (status == OV_OK)
        status = ov_reader_finish(rewriter->reader, err);
    uint64_t end = rewriter->base + rewriter->text.len;
    if (status == OV_OK && (end > rewriter->start || rewriter->fixed.len))
        status = finish_record(rewriter, end, true, err);
    return status;
}

static enum ov_status init(struct rewriter *rewriter, struct ov_error *err)
{
    const struct ov_check *check = rewriter->how->check;
    struct ov_read_options read = ov_check_choices(check)->read;
    rewriter->row = BEFORE;
    rewriter->torn = rewriter->survey->torn = OV_NO_RULE;
    rewriter->sha = ov_sha256_new();
    rewriter->bytes = malloc(OV_HEAD_SIZE);
    if (!rewriter->sha || !rewriter->bytes ||
        (rewriter->how->order && !ov_sort_rows_init(&rewriter->order, rewriter->how->order)))
        return ov_fail_memory(err);
    rewriter->decoder = ov_decoder_new(read.encoding, 0, err);
    read.encoding = "UTF-8";
    read.delimiter = ov_check_result(check)->delimiter;
    rewriter->reader = ov_reader_new(&read, on_record, rewriter, err);
    return rewriter->decoder && rewriter->reader ? OV_OK : OV_E_MEMORY;
}

static void deinit(struct rewriter *rewriter)
{
    ov_sha256_free(rewriter->sha);
    ov_decoder_free(rewriter->decoder);
    ov_window_deinit(&rewriter->window);
    ov_reader_free(rewriter->reader);
    free(rewriter->bytes);
    ov_buf_deinit(&rewriter->text);
    ov_buf_deinit(&rewriter->fixed);
    ov_buf_deinit(&rewriter->first);
    ov_sort_rows_deinit(&rewriter->order);
}

enum ov_status ov_rewrite_run(const struct ov_rewrite *how, struct ov_survey *survey,
                              struct ov_error *err)
{
    struct rewriter rewriter = {.how = how, .survey = survey};
    *survey = (struct ov_survey){0};
    enum ov_status status = init(&rewriter, err);
    if (status == OV_OK)
        status = read_all(&rewriter, err);
    if (status == OV_OK)
        status = ov_rows_unchanged(how->check, rewriter.sha, err);
    deinit(&rewriter);
    return status;
}
