/* tests/unit/test_edits.c: edits of rows, compared with edits of a small table in memory. */
#include "unit.h"

#include "base/text.h"
#include "csv/reader.h"
#include "csv/row_edits.h"

enum { ROWS = 12, WIDTH = 3, MOST = 40 };

/* A row of the model. */
struct row {
    int64_t key; /* its line, or minus its number */
    bool removed, kept;
    const char *cells[WIDTH];
};
struct table {
    struct row rows[MOST];
    size_t count;
    uint32_t added;
};

static const char *const words[] = {"", "a", "b", "c", "d e", "f,\"g\""};

static const char *any_word(struct rng *rng)
{
    return words[rng_below(rng, sizeof words / sizeof *words)];
}

static void put_row(struct ov_buf *out, int64_t key, const char *const *cells)
{
    ov_buf_format(out, "%lld", (long long)key);
    for (size_t i = 0; i < WIDTH; i++)
        ov_buf_format(out, "|%s", cells[i]);
    ov_buf_char(out, '\n');
}

/* Whether it is a blank row of the file. */
static bool is_blank(const struct row *row)
{
    if (row->key < 0)
        return false;
    for (size_t i = 0; i < WIDTH; i++)
        if (*row->cells[i])
            return false;
    return true;
}

static struct row *find(struct table *table, int64_t key)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].key == key)
            return &table->rows[i];
    return NULL;
}

static int64_t any_key(struct table *table, struct rng *rng)
{
    return table->rows[rng_below(rng, (unsigned)table->count)].key;
}

/* Adds a row behind those of its line, and those that were added there. */
static void add(struct table *table, int64_t after, const char *const *cells)
{
    size_t at = 0;
    while (table->rows[at].key != after)
        at++;
    at++;
    while (at < table->count && table->rows[at].key < 0)
        at++;
    memmove(&table->rows[at + 1], &table->rows[at], (table->count - at) * sizeof *table->rows);
    table->count++;
    table->rows[at] = (struct row){.key = -(int64_t)++table->added};
    memcpy(table->rows[at].cells, cells, sizeof table->rows[at].cells);
}

static void edit(struct table *table, struct ov_row_edits *edits, struct rng *rng)
{
    int64_t key = any_key(table, rng);
    uint32_t column = rng_below(rng, WIDTH);
    const char *from = any_word(rng), *to = any_word(rng);
    enum ov_status status = OV_OK;
    switch (rng_below(rng, 9)) {
    case 8:
        find(table, key)->removed = false;
        status = ov_row_edits_restore(edits, key, NULL);
        break;
    case 0:
        find(table, key)->removed = true;
        status = ov_row_edits_remove(edits, key, NULL);
        break;
    case 1:
        find(table, key)->kept = true;
        status = ov_row_edits_keep(edits, key, NULL);
        break;
    case 2:
        if (table->count < MOST && key > 0) {
            const char *cells[] = {to, from, to};
            const struct ov_text texts[] = {ov_text_of(to), ov_text_of(from), ov_text_of(to)};
            add(table, key, cells);
            status = ov_row_edits_add(edits, (uint64_t)key, texts, WIDTH, NULL);
        }
        break;
    case 3:
    case 4:
        for (size_t i = 1; i < table->count; i++)
            if (strcmp(table->rows[i].cells[column], from) == 0)
                table->rows[i].cells[column] = to;
        status = ov_row_edits_replace(edits, column, ov_text_of(from), ov_text_of(to), NULL);
        break;
    default:
        find(table, key)->cells[column] = to;
        status = ov_row_edits_set(edits, key, column, ov_text_of(to), NULL);
    }
    CU_ASSERT_EQUAL(status, OV_OK);
}

/* What was read: as of the model, without blank rows. */
struct seen {
    struct ov_buf text;
    int64_t rows;
};

static enum ov_status note(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct seen *seen = ctx;
    (void)err;
    if (record->row < 0)
        return OV_OK;
    CU_ASSERT_EQUAL(record->row, seen->rows++);
    ov_buf_format(&seen->text, "%lld",
                  record->added ? -(long long)record->added : (long long)record->place.line);
    for (size_t i = 0; i < WIDTH; i++) {
        struct ov_text cell = i < record->kept ? record->cells[i].text : (struct ov_text){0};
        ov_buf_char(&seen->text, '|');
        ov_buf_text(&seen->text, cell);
    }
    ov_buf_string(&seen->text, record->is_row ? "!\n" : "\n");
    return OV_OK;
}

static void put_cell(struct ov_buf *out, const char *cell)
{
    if (!strpbrk(cell, ",\"")) {
        ov_buf_string(out, cell);
        return;
    }
    ov_buf_char(out, '"');
    for (; *cell; cell++)
        ov_buf_format(out, *cell == '"' ? "\"\"" : "%c", *cell);
    ov_buf_char(out, '"');
}

static void test_random_edits(void)
{
    struct rng rng = {4711};
    for (int round = 0; round < 3000; round++) {
        struct table table = {.count = ROWS};
        struct ov_buf file = {0}, expected = {0};
        struct seen seen = {0};
        struct ov_row_edits *edits = ov_row_edits_new();
        CU_ASSERT_PTR_NOT_NULL_FATAL(edits);
        for (size_t i = 0; i < ROWS; i++) {
            table.rows[i].key = (int64_t)i + 1;
            for (size_t k = 0; k < WIDTH; k++) {
                table.rows[i].cells[k] = i ? any_word(&rng) : "h";
                ov_buf_string(&file, k ? "," : "");
                put_cell(&file, table.rows[i].cells[k]);
            }
            ov_buf_char(&file, '\n');
        }
        for (unsigned i = rng_below(&rng, 25); i > 0; i--)
            edit(&table, edits, &rng);
        for (size_t i = 0; i < table.count; i++) {
            const struct row *row = &table.rows[i];
            if (row->removed || is_blank(row))
                continue;
            put_row(&expected, row->key, row->cells);
            if (row->kept) {
                expected.len--;
                ov_buf_string(&expected, "!\n");
            }
        }
        CU_ASSERT_EQUAL(ov_row_edits_close(edits, NULL), OV_OK);
        const struct ov_read_options options = {
            .delimiter = ',', .edits = edits, .reader = round % 2 ? "libcsv" : NULL};
        struct ov_reader *reader = ov_reader_new(&options, note, &seen, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
        CU_ASSERT_EQUAL(ov_reader_feed(reader, file.ptr, file.len, NULL), OV_OK);
        CU_ASSERT_EQUAL(ov_reader_finish(reader, NULL), OV_OK);
        bool header = !table.rows[0].removed && !is_blank(&table.rows[0]);
        if (header) /* without one, the first row is the header */
            CU_ASSERT_TRUE(ov_text_equal(ov_buf_view(&seen.text), ov_buf_view(&expected)));
        ov_reader_free(reader);
        ov_row_edits_free(edits);
        ov_buf_deinit(&file);
        ov_buf_deinit(&expected);
        ov_buf_deinit(&seen.text);
    }
}

void suite_edits(void)
{
    CU_pSuite suite = CU_add_suite("edits", NULL, NULL);
    CU_add_test(suite, "random edits, as of a table", test_random_edits);
}
