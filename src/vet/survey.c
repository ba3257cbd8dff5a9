/* vet/survey.c: see survey.h. */
#include "vet/survey.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "csv/reader.h"
#include "mapping/find_header.h"
#include "vet/check_internal.h"

enum {
    LOOKED_AT = 200, /* records by which the usual number of cells is judged */
    CELLS_MOST = 256 /* cells kept of a record; more make no difference */
};

/* The first records of a file. */
struct head {
    struct ov_arena arena;
    struct ov_head_row rows[OV_HEADER_AMONG]; /* not blank; texts in the arena */
    struct ov_place places[OV_HEADER_AMONG];  /* of these */
    size_t count;
    size_t seen;                   /* records that are not blank */
    size_t comments;               /* of these: begin with `#` */
    size_t filled[CELLS_MOST + 1]; /* how many records have so many filled cells */
    bool done;                     /* enough were seen */
};

static size_t count_filled(const struct ov_record *record)
{
    size_t filled = 0;
    for (size_t i = 0; i < record->kept && i < CELLS_MOST; i++)
        filled += !ov_unicode_is_blank(record->cells[i].text);
    return filled;
}

static bool keep_row(struct head *head, const struct ov_record *record, size_t filled)
{
    size_t count = record->kept < CELLS_MOST ? record->kept : CELLS_MOST;
    struct ov_text *cells = ov_arena_take(&head->arena, (count ? count : 1) * sizeof *cells);
    if (!cells)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!ov_arena_copy(&head->arena, record->cells[i].text, &cells[i]))
            return false;
    head->places[head->count] = record->place;
    head->rows[head->count++] = (struct ov_head_row){cells, count, filled};
    return true;
}

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct head *head = ctx;
    if (record->row < 0)
        return OV_OK;
    size_t filled = count_filled(record);
    if (head->count < OV_HEADER_AMONG && !keep_row(head, record, filled))
        return ov_fail_memory(err);
    head->filled[filled]++;
    head->comments +=
        record->kept && record->cells[0].text.len && record->cells[0].text.ptr[0] == '#';
    head->done = ++head->seen >= LOOKED_AT;
    return head->done ? OV_E_STATE : OV_OK; /* ends the survey */
}

/* The number of filled cells that most records have; of equal ones the greatest. */
static size_t usual_filled(const struct head *head)
{
    size_t usual = 0;
    for (size_t i = 1; i <= CELLS_MOST; i++)
        if (head->filled[i] && head->filled[i] >= head->filled[usual])
            usual = i;
    return usual;
}

/* The records above the header: title lines. */
static void note_titles(struct ov_check *check, const struct head *head, size_t header)
{
    size_t most = 0;
    for (size_t i = 0; i < header; i++)
        most = head->rows[i].filled > most ? head->rows[i].filled : most;
    check->titles = header > 0;
    check->title_place = head->places[0];
    check->facts.titles_sparse = most * 2 < head->rows[header].filled;
}

/* Whether the first record names two fields by their own names: then it is the header, and words
 * need not be asked. */
static bool is_plain(const struct head *head)
{
    unsigned names = 0;
    for (size_t i = 0; i < head->rows[0].count; i++)
        names |= ov_heading_names(NULL, head->rows[0].cells[i]);
    return (names & (names - 1)) != 0;
}

static void find_header(struct ov_check *check, const struct head *head,
                        const struct ov_words *words)
{
    size_t header = 0;
    if (check->options.read.header_row == 0) {
        header = ov_find_header(words, head->rows, head->count, usual_filled(head));
        note_titles(check, head, header);
    }
    check->header_row = head->places[header].line;
    if (header + 1 < head->count &&
        ov_is_second_header(words, &head->rows[header], &head->rows[header + 1]))
        check->second_header = head->places[header + 1].line;
    check->comments = head->comments * 2 < head->seen;
    if (header && check->titles) {
        check->facts.header_found = true;
        check->options.read.header_row = check->header_row;
        ov_reader_set_header_row(check->reader, check->header_row);
    }
}

/* Reads the first records; OV_E_MEMORY is the only failure. */
static enum ov_status read_head(const struct ov_check *check, struct head *head,
                                struct ov_error *err)
{
    struct ov_error own = {.status = OV_OK};
    enum ov_status status = ov_reader_survey(check->reader, on_record, head, &own);
    bool enough = status == OV_E_STATE && head->done;
    return status == OV_OK || enough ? OV_OK : ov_fail_memory(err);
}

enum ov_status ov_survey_head(void *ctx, struct ov_error *err)
{
    struct ov_check *check = ctx;
    struct head *head = calloc(1, sizeof *head);
    if (!head)
        return ov_fail_memory(err);
    enum ov_status status = read_head(check, head, err);
    struct ov_words *words = NULL;
    if (status == OV_OK && head->count && !is_plain(head) && !(words = ov_words_new()))
        status = ov_fail_memory(err);
    if (status == OV_OK && head->count)
        find_header(check, head, words);
    if (ov_words_failed(words))
        status = ov_fail_memory(err);
    ov_words_free(words);
    ov_arena_deinit(&head->arena);
    free(head);
    return status;
}
