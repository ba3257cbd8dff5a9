#define _GNU_SOURCE /* memmem */
/* tests/unit/test_csv.c: compares the reader with a naive one, for every way to split the input. */
#include "unit.h"

#include "base/text.h"
#include "csv/decode.h"
#include "csv/dispatch.h"

/* The output of a reader as text, one record per line. */
struct transcript {
    struct ov_buf text;
};

static enum ov_status note(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    struct transcript *transcript = ctx;
    struct ov_buf *out = &transcript->text;
    struct ov_place end = ov_record_end(record);
    (void)err;
    ov_buf_format(out, "%lld @%llu:%llu:%llu-%llu:%llu:%llu n%zu", (long long)record->row,
                  (unsigned long long)record->place.line, (unsigned long long)record->place.column,
                  (unsigned long long)record->place.byte_offset, (unsigned long long)end.line,
                  (unsigned long long)end.column, (unsigned long long)end.byte_offset,
                  record->count);
    if (record->error)
        ov_buf_format(out, " %s at %zu", record->error->code, record->error_cell);
    for (size_t i = 0; i < record->kept; i++) {
        const struct ov_cell *cell = &record->cells[i];
        struct ov_place place = ov_cell_place(record, i);
        ov_buf_format(out, " |%llu:%llu:%llu f%u ", (unsigned long long)place.line,
                      (unsigned long long)place.column, (unsigned long long)place.byte_offset,
                      cell->flags);
        ov_buf_text(out, cell->text);
    }
    for (size_t i = 0; i < record->invalid_kept; i++)
        ov_buf_format(out, " !%llu:%llu", (unsigned long long)record->invalid[i].place.column,
                      (unsigned long long)record->invalid[i].place.byte_offset);
    ov_buf_char(out, '\n');
    return OV_OK;
}

/* Reads bytes in chunks of `piece`, or of random sizes if it is 0. */
static void read_in_pieces(struct ov_text bytes, const struct ov_read_options *options,
                           size_t piece, struct transcript *transcript)
{
    struct ov_error err = {0};
    struct rng rng = {bytes.len * 77 + 5};
    transcript->text.len = 0;
    struct ov_reader *reader = ov_reader_new(options, note, transcript, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
    for (size_t at = 0; at < bytes.len;) {
        size_t take = piece ? piece : 1 + rng_below(&rng, 9);
        take = take < bytes.len - at ? take : bytes.len - at;
        /* an exact-size copy, so that sanitizers detect reads past its end */
        char *copy = malloc(take);
        CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
        memcpy(copy, bytes.ptr + at, take);
        CU_ASSERT_EQUAL(ov_reader_feed(reader, copy, take, &err), OV_OK);
        free(copy);
        at += take;
    }
    CU_ASSERT_EQUAL(ov_reader_finish(reader, &err), OV_OK);
    ov_buf_format(&transcript->text, "%s %s", ov_reader_encoding(reader),
                  ov_delimiter_name(ov_reader_delimiter(reader)));
    ov_reader_free(reader);
}

/* Decodes and parses in chunks of `piece` bytes, with libcsv alone if scan is NULL. The reader
 * itself buffers the first mebibyte, so that small inputs reach its parser in one chunk; this
 * bypasses it. */
static void parse_in_pieces(struct ov_text bytes, const char *encoding, size_t max_cell,
                            size_t piece, ov_scan_fn *scan, struct transcript *transcript)
{
    struct ov_window window = {0};
    struct ov_cursor cursor;
    struct ov_record_sink sink = {.on_record = note, .ctx = transcript};
    struct ov_decoder *decoder = ov_decoder_new(encoding, NULL);
    ov_cursor_init(&cursor, &window);
    struct ov_dispatch dispatch;
    CU_ASSERT_TRUE_FATAL(ov_dispatch_init(&dispatch, scan, ',', max_cell, &cursor, &sink));
    CU_ASSERT_PTR_NOT_NULL_FATAL(decoder);
    CU_ASSERT_EQUAL(ov_decoder_decide(decoder, bytes, true, NULL), OV_OK);
    transcript->text.len = 0;
    for (size_t at = 0; at <= bytes.len; at += piece) {
        size_t take = piece < bytes.len - at ? piece : bytes.len - at;
        bool last = at + piece > bytes.len;
        ov_dispatch_drop(&dispatch);
        CU_ASSERT_EQUAL(
            ov_decoder_feed(decoder, (struct ov_text){bytes.ptr + at, take}, last, &window, NULL),
            OV_OK);
        CU_ASSERT_EQUAL(ov_dispatch_run(&dispatch, last, NULL), OV_OK);
    }
    ov_dispatch_deinit(&dispatch);
    ov_decoder_free(decoder);
    ov_window_deinit(&window);
}

static size_t random_csv(struct rng *rng, char *out, size_t most)
{
    static const char *const parts[] = {"a",    "b",        ",",  ",",  ",",   ";",    "\"",
                                        "\"",   "\"\"",     "\n", "\n", "\r",  "\r\n", "\xC3\xA9",
                                        "\xFF", "\xE2\x82", " ",  "\t", "xyz", "\\\"", "\0z"};
    size_t len = 0, pieces = rng_below(rng, 40);
    for (size_t i = 0; i < pieces; i++) {
        size_t which = rng_below(rng, sizeof parts / sizeof *parts);
        size_t size = which == sizeof parts / sizeof *parts - 1 ? 2 : strlen(parts[which]);
        if (len + size > most)
            break;
        memcpy(out + len, parts[which], size);
        len += size;
    }
    return len;
}

static void test_any_chunking(void)
{
    struct rng rng = {42};
    struct transcript whole = {0}, cut = {0};
    static const char *const encodings[] = {NULL, "UTF-8", "windows-1252", "UTF-16LE", "GB18030"};
    for (int round = 0; round < 4000; round++) {
        char bytes[256];
        struct ov_text text = {bytes, random_csv(&rng, bytes, sizeof bytes)};
        struct ov_read_options options = {.encoding = encodings[rng_below(&rng, 5)],
                                          .delimiter = rng_below(&rng, 2) ? ',' : 0,
                                          .header_row = rng_below(&rng, 8) == 0 ? 2 : 0,
                                          .max_cell =
                                              rng_below(&rng, 2) ? 1 + rng_below(&rng, 8) : 0};
        read_in_pieces(text, &options, text.len + 1, &whole);
        for (size_t piece = 0; piece < 4; piece++) {
            read_in_pieces(text, &options, piece, &cut);
            if (!ov_text_equal(ov_buf_view(&whole.text), ov_buf_view(&cut.text))) {
                CU_FAIL("chunking makes a difference");
                printf("  round %d, pieces of %zu:\n%.*s\n--\n%.*s\n", round, piece,
                       OV_FMT(ov_buf_view(&whole.text)), OV_FMT(ov_buf_view(&cut.text)));
                round = 4000;
                break;
            }
        }
    }
    CU_PASS("4,000 random inputs");
    ov_buf_deinit(&whole.text);
    ov_buf_deinit(&cut.text);
}

static void test_any_chunking_of_the_parser(void)
{
    struct rng rng = {4711};
    struct transcript whole = {0}, cut = {0};
    static const char *const encodings[] = {"UTF-8",    "windows-1252", "UTF-16LE",
                                            "UTF-16BE", "Shift_JIS",    "CP1258"};
    for (int round = 0; round < 6000; round++) {
        char bytes[256];
        struct ov_text text = {bytes, random_csv(&rng, bytes, sizeof bytes)};
        const char *encoding = encodings[rng_below(&rng, 6)];
        size_t max_cell = rng_below(&rng, 2) ? 1 + rng_below(&rng, 8) : 1000;
        parse_in_pieces(text, encoding, max_cell, text.len + 1, NULL, &whole);
        for (size_t piece = 1; piece < 6; piece++) {
            parse_in_pieces(text, encoding, max_cell, piece, NULL, &cut);
            if (!ov_text_equal(ov_buf_view(&whole.text), ov_buf_view(&cut.text))) {
                CU_FAIL("chunking makes a difference");
                printf("  round %d, %s, cells of %zu, pieces of %zu: %.*s\n%.*s\n--\n%.*s\n", round,
                       encoding, max_cell, piece, OV_FMT(text), OV_FMT(ov_buf_view(&whole.text)),
                       OV_FMT(ov_buf_view(&cut.text)));
                round = 6000;
                break;
            }
        }
    }
    CU_PASS("6,000 random inputs");
    ov_buf_deinit(&whole.text);
    ov_buf_deinit(&cut.text);
}

/* Files that are mostly well-formed, longer than a few blocks, with occasional errors. */
static size_t almost_well_formed(struct rng *rng, char *out)
{
    static const char *const cells[] = {
        "",
        "a",
        "abc",
        "name of a unit",
        "\"\"",
        "\"q\"",
        "\"a,b\"",
        "\"x\ny\"",
        "\"l\r\n\r\"",
        "\"\"\"q\"\"\"",
        "\"he said \"\"no\"\"\"",
        "é",
        "\"é\"",
        "\\",
        "\t",
        " x ",
        "12;3",
        "P000123",
        "and a cell that goes on for longer than a block of sixty-four bytes does, just so"};
    static const char *const wrong[] = {"a\"b", "\"a\"b", "\"",     "\"open",  " \"a\"",
                                        "\xFF", "\xC3",   "\"\"\"", "\"a\"\"", "x\"\""};
    static const char *const ends[] = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};
    const unsigned kinds = sizeof cells / sizeof *cells, wrongs = sizeof wrong / sizeof *wrong;
    unsigned rows = rng_below(rng, 30), rare = 1 + rng_below(rng, 60);
    size_t len = 0;
    for (size_t r = 0; r < rows; r++) {
        size_t count = 1 + rng_below(rng, 6);
        for (size_t c = 0; c < count; c++) {
            const char *cell = rng_below(rng, rare) == 0 ? wrong[rng_below(rng, wrongs)]
                                                         : cells[rng_below(rng, kinds)];
            len += (size_t)sprintf(out + len, "%s%s", c ? "," : "", cell);
        }
        if (r + 1 < rows || rng_below(rng, 2))
            len += (size_t)sprintf(out + len, "%s", ends[rng_below(rng, 7)]);
    }
    return len;
}

static void test_fast_reads_as_libcsv(void)
{
    enum { ROUNDS = 8000 };
    static const char *const encodings[] = {"UTF-8", "UTF-8", "windows-1252", "UTF-16BE"};
    struct rng rng = {99};
    struct transcript slow = {0}, fast = {0};
    size_t variants = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char bytes[30 * 6 * 100];
        struct ov_text text = {bytes, rng_below(&rng, 4) ? almost_well_formed(&rng, bytes)
                                                         : random_csv(&rng, bytes, 1000)};
        const char *encoding = encodings[rng_below(&rng, 4)];
        size_t max_cell = rng_below(&rng, 4) ? 1000 : 1 + rng_below(&rng, 20);
        parse_in_pieces(text, encoding, max_cell, text.len + 1, NULL, &slow);
        for (size_t i = 0; ov_scan_name(i); i++) {
            ov_scan_fn *scan = ov_scan_variant(ov_scan_name(i));
            size_t piece = rng_below(&rng, 2) ? text.len + 1 : 1 + rng_below(&rng, 200);
            if (!scan)
                continue;
            variants++;
            parse_in_pieces(text, encoding, max_cell, piece, scan, &fast);
            if (!ov_text_equal(ov_buf_view(&slow.text), ov_buf_view(&fast.text))) {
                CU_FAIL("the fast reader disagrees with libcsv");
                printf("  round %d, %s, %s, cells of %zu, pieces of %zu: %.*s\n%.*s\n--\n%.*s\n",
                       round, ov_scan_name(i), encoding, max_cell, piece, OV_FMT(text),
                       OV_FMT(ov_buf_view(&slow.text)), OV_FMT(ov_buf_view(&fast.text)));
                round = ROUNDS;
                break;
            }
        }
    }
    CU_ASSERT_TRUE(variants >= ROUNDS); /* plain C runs everywhere */
    ov_buf_deinit(&slow.text);
    ov_buf_deinit(&fast.text);
}

/* A naive reader of well-formed UTF-8: byte by byte, directly from RFC 4180. */
static void read_naively(struct ov_text bytes, struct ov_buf *out)
{
    uint64_t line = 1, column = 1;
    size_t at = 0;
    long long row = 0;
    while (at < bytes.len) {
        struct ov_buf cells = {0};
        size_t count = 0, filled = 0, start = at;
        uint64_t start_line = line;
        bool ended = false;
        if (bytes.ptr[at] == '\n' || bytes.ptr[at] == '\r')
            ended = true; /* an empty line */
        while (!ended) {
            ov_buf_format(&cells, " |%llu:%llu:%zu f%d ", (unsigned long long)line,
                          (unsigned long long)column, at, at < bytes.len && bytes.ptr[at] == '"');
            count++;
            bool quoted = at < bytes.len && bytes.ptr[at] == '"';
            if (quoted) {
                at++;
                column++;
            }
            while (at < bytes.len) {
                char c = bytes.ptr[at];
                if (quoted && c == '"' && at + 1 < bytes.len && bytes.ptr[at + 1] == '"') {
                    at++;
                    column++;
                } else if (quoted && c == '"') {
                    at++;
                    column++;
                    break;
                } else if (!quoted && (c == ',' || c == '\n' || c == '\r')) {
                    break;
                }
                ov_buf_char(&cells, c);
                filled++;
                at++;
                if (c == '\n' || (c == '\r' && !(at < bytes.len && bytes.ptr[at] == '\n'))) {
                    line++;
                    column = 1;
                } else if (c != '\r' && ((unsigned char)c & 0xC0) != 0x80) {
                    column++;
                }
            }
            ended = at == bytes.len || bytes.ptr[at] != ',';
            if (!ended) {
                at++;
                column++;
            }
        }
        ov_buf_format(out, "%lld @%llu:1:%zu-%llu:%llu:%zu n%zu", filled ? row++ : -1,
                      (unsigned long long)start_line, start, (unsigned long long)line,
                      (unsigned long long)column, at, count);
        ov_buf_text(out, ov_buf_view(&cells));
        ov_buf_char(out, '\n');
        ov_buf_deinit(&cells);
        if (at < bytes.len && bytes.ptr[at] == '\r' && at + 1 < bytes.len &&
            bytes.ptr[at + 1] == '\n')
            at++;
        if (at < bytes.len) {
            at++;
            line++;
            column = 1;
        }
    }
    ov_buf_string(out, "UTF-8 ,");
}

static size_t well_formed_csv(struct rng *rng, char *out)
{
    static const char *const plain[] = {"", "a", "abc", "é", " x ", "12;3", "\xF0\x9F\x98\x80"};
    static const char *const quoted[] = {"\"\"",          "\"a\"",       "\"a,b\"", "\"x\ny\"",
                                         "\"\"\"q\"\"\"", "\"l\r\n\r\"", "\"é\""};
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    size_t len = 0, rows = rng_below(rng, 6);
    for (size_t r = 0; r < rows; r++) {
        size_t cells = 1 + rng_below(rng, 4);
        for (size_t c = 0; c < cells; c++) {
            const char *cell =
                rng_below(rng, 2) ? plain[rng_below(rng, 7)] : quoted[rng_below(rng, 7)];
            len += (size_t)sprintf(out + len, "%s%s", c ? "," : "", cell);
        }
        if (r + 1 < rows || rng_below(rng, 2))
            len += (size_t)sprintf(out + len, "%s", ends[rng_below(rng, 3)]);
    }
    return len;
}

static void test_against_naive_reader(void)
{
    struct rng rng = {7};
    struct transcript transcript = {0};
    struct ov_buf naive = {0};
    const struct ov_read_options options = {.delimiter = ',', .encoding = "UTF-8"};
    for (int round = 0; round < 20000; round++) {
        char bytes[1024];
        struct ov_text text = {bytes, well_formed_csv(&rng, bytes)};
        naive.len = 0;
        read_naively(text, &naive);
        read_in_pieces(text, &options, 1 + rng_below(&rng, 64), &transcript);
        if (!ov_text_equal(ov_buf_view(&transcript.text), ov_buf_view(&naive))) {
            CU_FAIL("the naive reader disagrees");
            printf("  %.*s\n--\n%.*s\n--\n%.*s\n", OV_FMT(text),
                   OV_FMT(ov_buf_view(&transcript.text)), OV_FMT(ov_buf_view(&naive)));
            break;
        }
    }
    CU_PASS("20,000 random files");
    ov_buf_deinit(&naive);
    ov_buf_deinit(&transcript.text);
}

static void test_decisions(void)
{
    static const struct {
        struct ov_text bytes;
        const char *encoding;
        const char *delimiter;
    } cases[] = {
        {{"a,b\n1,2\n", 8}, "UTF-8", ","},
        {{"a;b\n1,5;2\n", 10}, "UTF-8", ";"},
        {{"a\tb\n1\t2\n", 8}, "UTF-8", "tab"},
        {{"a|b,c\n1|2\n3|4\n", 14}, "UTF-8", "|"},
        {{"a\nb, c\nd\n", 9}, "UTF-8", ","},
        {{"sep=:\na,b:c\n", 12}, "UTF-8", ":"},
        {{"\xEF\xBB\xBF"
          "a,b\n",
          7},
         "UTF-8",
         ","},
        {{"\xFF\xFE"
          "a\0,\0b\0\n\0",
          10},
         "UTF-16LE",
         ","},
        {{"\xFE\xFF\0a\0;\0b\0\n", 10}, "UTF-16BE", ";"},
        {{"a\0,\0b\0\n\0", 8}, "UTF-16LE", ","},
        {{"a,\xE9\n", 5}, "windows-1252", ","},
        {{"a,\xC3\xA9\n", 6}, "UTF-8", ","},
        {{"a,\xC3", 3}, "windows-1252", ","},
        {{"", 0}, "UTF-8", ","},
    };
    const struct ov_read_options options = {0};
    struct transcript transcript = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[40];
        snprintf(expected, sizeof expected, "%s %s", cases[i].encoding, cases[i].delimiter);
        read_in_pieces(cases[i].bytes, &options, 2, &transcript);
        struct ov_text said = ov_buf_view(&transcript.text);
        size_t length = strlen(expected);
        struct ov_text end = {said.ptr + (said.len < length ? 0 : said.len - length),
                              said.len < length ? said.len : length};
        ASSERT_TEXT(end, expected);
    }
    ov_buf_deinit(&transcript.text);
}

static void test_encoding_is_decided_on_the_first_mebibyte(void)
{
    enum { SIZE = (1 << 20) + 64 };
    char *bytes = malloc(SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = i % 16 == 15 ? '\n' : i % 16 == 7 ? ',' : 'x';
    bytes[(1 << 20) - 1] = '\xC3'; /* cut off at the boundary, but the beginning of é */
    bytes[1 << 20] = '\xA9';
    bytes[(1 << 20) + 20] = '\xE9';
    struct transcript transcript = {0};
    read_in_pieces((struct ov_text){bytes, SIZE}, &(struct ov_read_options){0}, 4096, &transcript);
    struct ov_text said = ov_buf_view(&transcript.text);
    ASSERT_TEXT(((struct ov_text){said.ptr + said.len - 7, 7}), "UTF-8 ,");
    CU_ASSERT_PTR_NOT_NULL(memmem(said.ptr, said.len, "!5:1048596", 10));
    bytes[100] = '\xE9';
    read_in_pieces((struct ov_text){bytes, SIZE}, &(struct ov_read_options){0}, 4096, &transcript);
    said = ov_buf_view(&transcript.text);
    ASSERT_TEXT(((struct ov_text){said.ptr + said.len - 14, 14}), "windows-1252 ,");
    ov_buf_deinit(&transcript.text);
    free(bytes);
}

static void test_limits(void)
{
    struct transcript transcript = {0};
    const struct ov_read_options options = {.delimiter = ',', .max_cell = 4};
    read_in_pieces(OV_TEXT("abcd,\"abcd\",\"a\"\"bc\"\nabcdefg,x\n\"abcde\",y\n\"abcde\nf\",z\n"),
                   &options, 3, &transcript);
    ASSERT_TEXT(ov_buf_view(&transcript.text),
                "0 @1:1:0-1:20:19 n3 |1:1:0 f0 abcd |1:6:5 f1 abcd |1:13:12 f1 a\"bc\n"
                "1 @2:1:20-2:10:29 n2 |2:1:20 f4 abcd |2:9:28 f0 x\n"
                "2 @3:1:30-3:10:39 n1 OV106 at 0 |3:1:30 f13 abcd\n"
                "3 @4:1:40-4:7:46 n1 OV105 at 0 |4:1:40 f13 abcd\n"
                "4 @5:1:47-5:5:51 n2 OV106 at 0 |5:1:47 f16 f\" |5:4:50 f0 z\n"
                "UTF-8 ,");
    ov_buf_deinit(&transcript.text);
}

void suite_csv(void)
{
    CU_pSuite suite = CU_add_suite("csv", NULL, NULL);
    CU_add_test(suite, "any chunking gives the same records", test_any_chunking);
    CU_add_test(suite, "the fast reader reads as libcsv", test_fast_reads_as_libcsv);
    CU_add_test(suite, "any chunking of the parser", test_any_chunking_of_the_parser);
    CU_add_test(suite, "a naive reader agrees", test_against_naive_reader);
    CU_add_test(suite, "encoding and delimiter", test_decisions);
    CU_add_test(suite, "the first mebibyte decides",
                test_encoding_is_decided_on_the_first_mebibyte);
    CU_add_test(suite, "cell limits", test_limits);
}
