/* draft/view.c: see view.h. The file is read twice: to vet it, and to write its rows, as they were
 * read, to a second file that allows random access. */
#include "draft/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "csv/row_edits.h"
#include "draft/compare.h"
#include "payload/reread/rows.h"
#include "vet/check_access.h"
#include "vet/check_clone.h"

enum {
    PIECE = 1 << 20,     /* bytes buffered before they are written */
    FINDING_BYTES = 200, /* approximate memory per finding */
    COLUMNS = 10000      /* maximum number of columns */
};

/* --- the file --- */

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    const int *file = ctx;
    return ov_read_at(*file, offset, buf, len);
}

static enum ov_status vet(struct ov_view *view, const struct ov_view_options *options,
                          struct ov_error *err)
{
    struct ov_check_options how = {.importer = options->importer,
                                   .file_name = options->file_name,
                                   .language = options->language,
                                   .keep_for_reread = true,
                                   .max_findings = options->max_findings,
                                   .threads = 2};
    if (options->encoding && !(view->encoding = strdup(options->encoding)))
        return ov_fail_memory(err);
    how.read.encoding = view->encoding;
    how.read.delimiter = options->delimiter;
    how.read.header_row = options->header_row;
    how.read.sheet = options->sheet;
    how.read.edits = view->edits;
    view->check = ov_check_new(&how, err);
    if (!view->check)
        return err->status;
    enum ov_status status =
        options->settings.len ? ov_check_set_json(view->check, options->settings, err) : OV_OK;
    for (size_t i = 0; i < options->layout_count && status == OV_OK; i++)
        status =
            ov_check_set_layout(view->check, options->layout[i].key, options->layout[i].value, err);
    if (status == OV_OK && options->existing)
        status = options->existing(options->ctx, view->check, err);
    return status == OV_OK ? ov_vet_source(view->check, &view->source, view->size, err) : status;
}

struct ov_check *ov_view_vet(const struct ov_view *view, uint64_t findings, struct ov_error *err)
{
    struct ov_check *check = ov_check_again(view->check, findings, err);
    if (check && ov_vet_source(check, &view->source, view->size, err) != OV_OK) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

enum ov_status ov_view_bytes(const struct ov_view *view, uint64_t most, const bool *enough,
                             ov_bytes_fn *on_bytes, void *ctx, struct ov_error *err)
{
    enum { BYTES = 64 * 1024 };
    uint64_t end = most < view->size ? most : view->size;
    char *bytes = malloc(BYTES);
    enum ov_status status = bytes ? OV_OK : ov_fail_memory(err);
    size_t got = 0;
    for (uint64_t at = 0; status == OV_OK && at < end && !(enough && *enough); at += got) {
        got = ov_read_at(view->file, at, bytes, end - at < BYTES ? (size_t)(end - at) : BYTES);
        status =
            got ? on_bytes(ctx, bytes, got, err) : ov_fail(err, OV_E_IO, "cannot read a file back");
    }
    free(bytes);
    return status;
}

/* --- writing the rows --- */

/* The rows being written. */
struct writer {
    struct ov_view *view;
    struct ov_buf out;
    uint64_t written; /* bytes written before `out` */
    size_t count, capacity;
};

static enum ov_status flush(struct writer *writer, struct ov_error *err)
{
    if (!ov_write_all(writer->view->rows_file, writer->out.ptr, writer->out.len))
        return ov_fail(err, OV_E_IO, "cannot write a file: %s", strerror(errno));
    writer->written += writer->out.len;
    writer->out.len = 0;
    return OV_OK;
}

/* Appends a number in as few bytes as possible: seven bits per byte, lowest first; all but the last
 * byte have the high bit set. */
static void put_number(struct ov_buf *out, uint64_t number)
{
    for (; number > 0x7F; number >>= 7)
        ov_buf_char(out, (char)(0x80 | (number & 0x7F)));
    ov_buf_char(out, (char)number);
}

static uint64_t read_number(struct ov_text *bytes)
{
    uint64_t number = 0;
    for (unsigned shift = 0; bytes->len && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*bytes->ptr++;
        bytes->len--;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    return number;
}

static bool note_place(struct writer *writer)
{
    struct ov_view *view = writer->view;
    if (!ov_grow(&view->row_at, &writer->capacity, writer->count + 1, sizeof *view->row_at))
        return false;
    view->row_at[writer->count++] = writer->written + writer->out.len;
    return true;
}

static enum ov_status on_row(void *ctx, const struct ov_record *record,
                             const struct ov_values *values, struct ov_error *err)
{
    struct writer *writer = ctx;
    (void)values;
    if (!note_place(writer))
        return ov_fail_memory(err);
    put_number(&writer->out, record->place.line);
    put_number(&writer->out, record->added);
    put_number(&writer->out, record->kept);
    for (size_t i = 0; i < record->kept; i++) {
        bool edited = record->cells[i].flags & OV_CELL_EDITED;
        put_number(&writer->out, (uint64_t)record->cells[i].text.len << 1 | edited);
        ov_buf_text(&writer->out, record->cells[i].text);
    }
    if (writer->out.failed)
        return ov_fail_memory(err);
    return writer->out.len < PIECE ? OV_OK : flush(writer, err);
}

static enum ov_status write_rows(struct ov_view *view, struct ov_error *err)
{
    struct writer writer = {.view = view};
    struct ov_rows rows = {0};
    enum ov_status status = ov_rows_init(&rows, view->check, on_row, &writer, err);
    if (status == OV_OK)
        status = ov_rows_read(&rows, &view->source, err);
    if (status == OV_OK && !note_place(&writer))
        status = ov_fail_memory(err);
    if (status == OV_OK)
        status = flush(&writer, err);
    view->rows_size = writer.written;
    ov_rows_deinit(&rows);
    ov_buf_deinit(&writer.out);
    return status;
}

static enum ov_status link_findings(struct ov_view *view, struct ov_error *err)
{
    const struct ov_list *list = ov_check_list(view->check);
    view->finding = calloc((size_t)ov_check_rows(view->check) + 1, sizeof *view->finding);
    if (!view->finding)
        return ov_fail_memory(err);
    for (size_t i = list->count; i-- > 0;) {
        uint32_t row = list->items[i].row;
        if (row != 0 && row != OV_NO_ROW && row <= ov_check_rows(view->check))
            view->finding[row - 1] = (uint32_t)i + 1;
    }
    return OV_OK;
}

/* A file that cannot be compared, such as one without identifiers, can still be viewed: only
 * OV_E_MEMORY and OV_E_IO are failures. */
static enum ov_status compare(struct ov_view *view, const struct ov_view_options *options,
                              struct ov_error *err)
{
    struct ov_error own = OV_ERROR_LIKE(err);
    if (!options->read_framework)
        return OV_OK;
    struct ov_snapshot *before =
        options->read_framework(options->ctx, ov_check_importer(view->check), &own);
    view->compare = before ? ov_compare_new(view, before, &own) : NULL;
    bool failed = own.status == OV_E_MEMORY || own.status == OV_E_IO;
    return view->compare || !failed ? OV_OK : ov_fail(err, own.status, "%s", own.message);
}

struct ov_view *ov_view_new(const struct ov_view_options *options, struct ov_error *err)
{
    struct stat about;
    struct ov_view *view = calloc(1, sizeof *view);
    if (!view) {
        close(options->file);
        close(options->rows);
        ov_row_edits_free(options->edits);
        ov_fail_memory(err);
        return NULL;
    }
    view->file = options->file;
    view->rows_file = options->rows;
    view->edits = options->edits;
    view->source = (struct ov_source){read_at, &view->file};
    enum ov_status status =
        fstat(view->file, &about) == 0 ? OV_OK : ov_fail(err, OV_E_IO, "cannot read a file back");
    if (status == OV_OK && view->edits)
        status = ov_row_edits_close(view->edits, err);
    if (status == OV_OK) {
        view->size = (uint64_t)about.st_size;
        status = vet(view, options, err);
    }
    if (status == OV_OK && view->check && ov_check_facts(view->check)->header_count > COLUMNS)
        status = ov_fail(err, OV_E_LIMIT, "the header has more than %d columns", (int)COLUMNS);
    view->has_rows = status == OV_OK && view->check && ov_check_facts(view->check)->has_header &&
                     !ov_check_facts(view->check)->stopped;
    if (view->has_rows)
        status = write_rows(view, err);
    if (view->has_rows && status == OV_OK)
        status = link_findings(view, err);
    if (view->has_rows && status == OV_OK)
        status = compare(view, options, err);
    if (view->has_rows && status == OV_OK)
        status = ov_draft_tree_init(&view->tree, view->check,
                                    view->compare ? view->compare->before : NULL, err);
    if (status == OV_OK)
        return view;
    ov_view_free(view);
    return NULL;
}

void ov_view_free(struct ov_view *view)
{
    if (!view)
        return;
    for (int i = 0; i < OV_VIEW_FILTERED; i++)
        ov_filtered_clear(&view->views[i]);
    ov_draft_tree_deinit(&view->tree);
    ov_compare_free(view->compare);
    ov_check_free(view->check);
    ov_row_edits_free(view->edits);
    free(view->encoding);
    free(view->row_at);
    free(view->finding);
    ov_buf_deinit(&view->record);
    close(view->file);
    close(view->rows_file);
    free(view);
}

struct ov_view_size ov_view_size(const struct ov_view *view)
{
    /* approximate bytes of the check, per row, name and column */
    enum { CHECK_ROW = 48, CHECK_NAME = 40, CHECK_COLUMN = 400 };
    const struct ov_check *check = view->check;
    struct ov_view_size size = {0, view->size + view->rows_size};
    size.memory =
        ov_check_rows(check) * (sizeof *view->row_at + sizeof *view->finding + CHECK_ROW) +
        (uint64_t)ov_check_list(check)->count * FINDING_BYTES + view->record.capacity +
        (uint64_t)ov_check_facts(check)->header_count * CHECK_COLUMN +
        ov_draft_tree_size(&view->tree) + (view->compare ? ov_compare_size(view->compare) : 0);
    if (view->edits)
        size.memory += ov_row_edits_size(view->edits);
    if (ov_check_forest(check))
        size.memory += (uint64_t)ov_check_forest(check)->name_count * CHECK_NAME;
    for (int i = 0; i < OV_VIEW_FILTERED; i++)
        size.memory += view->views[i].rows ? view->views[i].count * sizeof(uint32_t) : 0;
    return size;
}

/* --- a row --- */

uint32_t ov_view_file_rows(const struct ov_view *view)
{
    return (uint32_t)(ov_check_rows(view->check) - ov_check_made(view->check));
}

enum ov_status ov_view_read(struct ov_view *view, uint32_t row, struct ov_view_row *found,
                            struct ov_error *err)
{
    uint64_t at = view->row_at[row];
    size_t len = (size_t)(view->row_at[row + 1] - at);
    struct ov_buf *record = &view->record;
    record->len = 0;
    *found = (struct ov_view_row){0};
    if (!ov_buf_room(record, len))
        return ov_fail_memory(err);
    if (ov_read_at(view->rows_file, at, record->ptr, len) != len)
        return ov_fail(err, OV_E_IO, "cannot read a file back");
    record->len = len;
    found->rest = ov_buf_view(record);
    found->line = read_number(&found->rest);
    int64_t added = (int64_t)read_number(&found->rest);
    if (row < ov_view_file_rows(view))
        found->key = added ? -added : (int64_t)found->line;
    found->cells = (uint32_t)read_number(&found->rest);
    return OV_OK;
}

struct ov_text ov_view_cell(struct ov_view_row *row)
{
    uint64_t number = read_number(&row->rest);
    size_t len = (size_t)(number >> 1);
    row->edited = number & 1;
    struct ov_text cell = {row->rest.ptr, len < row->rest.len ? len : row->rest.len};
    row->rest.ptr += cell.len;
    row->rest.len -= cell.len;
    return cell;
}

struct ov_text ov_view_column(const struct ov_view_row *row, int column)
{
    struct ov_view_row copy = *row;
    struct ov_text cell = {0};
    if (column < 0 || (uint32_t)column >= row->cells)
        return cell;
    for (int i = 0; i <= column; i++)
        cell = ov_view_cell(&copy);
    return cell;
}

/* --- findings --- */

enum ov_status ov_view_finding(struct ov_view *view, size_t index, struct ov_finding *finding)
{
    return ov_check_finding(view->check, index, finding);
}

size_t ov_view_findings_end(const struct ov_view *view, size_t first)
{
    const struct ov_list *list = ov_check_list(view->check);
    size_t end = first;
    while (end < list->count && list->items[end].row == list->items[first].row)
        end++;
    return end;
}
