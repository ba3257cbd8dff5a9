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
    struct ov_decoder *decoder = ov_decoder_new(encoding, 0, NULL);
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

/* Pages of words in the languages for which people use an encoding: guessed, or only named. */
static void test_encodings_of_the_world(void)
{
    static const struct {
        const char *name;
        bool guessed, sure;
        const char *bytes, *last; /* of the last line, in UTF-8 */
    } pages[] = {
        {"windows-1252", true, true,
         "P0,Gesch\xE4"
         "ftsf\xFChrung\n"
         "P1,B\xFCro\n"
         "P2,\xD6"
         "ffentlichkeitsarbeit\n"
         "P3,Buchhaltung\n"
         "P4,Rechtspr\xFC"
         "fung\n"
         "P5,Geb\xE4udeverwaltung\n"
         "P6,Qualit\xE4t\n"
         "P7,Au\xDF"
         "endienst\n"
         "P8,F\xF6rderung\n"
         "P9,K\xFC"
         "che\n",
         "Küche"},
        {"windows-1250", true, false,
         "P0,Zarz\xB9"
         "d\n"
         "P1,Ksi\xEAgowo\x9C\xE6\n"
         "P2,Dzia\xB3\n"
         "P3,kadr\n"
         "P4,Dzia\xB3\n"
         "P5,sprzeda\xBFy\n"
         "P6,O\x9Crodek\n"
         "P7,bada\xF1\n"
         "P8,Zarz\xB9"
         "dzanie\n"
         "P9,produkcj\xB9\n"
         "P10,Kontrola\n"
         "P11,jako\x9C"
         "ci\n"
         "P12,Magazyn\n"
         "P13,g\xB3\xF3wny\n"
         "P14,Obs\xB3uga\n"
         "P15,klient\xF3w\n",
         "klientów"},
        {"windows-1251", true, false,
         "P0,\xC4\xE8\xF0\xE5\xEA\xF6\xE8\xFF\n"
         "P1,\xC1\xF3\xF5\xE3\xE0\xEB\xF2\xE5\xF0\xE8\xFF\n"
         "P2,\xCE\xF2\xE4\xE5\xEB\n"
         "P3,\xEA\xE0\xE4\xF0\xEE\xE2\n"
         "P4,\xCE\xF2\xE4\xE5\xEB\n"
         "P5,\xEF\xF0\xEE\xE4\xE0\xE6\n"
         "P6,\xD1\xEB\xF3\xE6\xE1\xE0\n"
         "P7,\xE1\xE5\xE7\xEE\xEF\xE0\xF1\xED\xEE\xF1\xF2\xE8\n"
         "P8,\xD1\xEA\xEB\xE0\xE4\n"
         "P9,\xCF\xF0\xEE\xE8\xE7\xE2\xEE\xE4\xF1\xF2\xE2\xEE\n"
         "P10,\xCA\xEE\xED\xF2\xF0\xEE\xEB\xFC\n"
         "P11,\xEA\xE0\xF7\xE5\xF1\xF2\xE2\xE0\n",
         "качества"},
        {"windows-1253", true, false,
         "P0,\xC4\xE9\xE5\xFD\xE8\xF5\xED\xF3\xE7\n"
         "P1,\xCB\xEF\xE3\xE9\xF3\xF4\xDE\xF1\xE9\xEF\n"
         "P2,\xD0\xF1\xEF\xF3\xF9\xF0\xE9\xEA\xEF\xFD\n"
         "P3,\xD0\xF9\xEB\xDE\xF3\xE5\xF9\xED\n"
         "P4,\xCA\xDD\xED\xF4\xF1\xEF\n"
         "P5,\xE5\xF1\xE5\xF5\xED\xFE\xED\n"
         "P6,\xC4\xE9\xE1\xF7\xE5\xDF\xF1\xE9\xF3\xE7\n"
         "P7,\xF0\xE1\xF1\xE1\xE3\xF9\xE3\xDE\xF2\n",
         "παραγωγής"},
        {"KOI8-R", true, false,
         "P0,\xE4\xC9\xD2\xC5\xCB\xC3\xC9\xD1\n"
         "P1,\xE2\xD5\xC8\xC7\xC1\xCC\xD4\xC5\xD2\xC9\xD1\n"
         "P2,\xEF\xD4\xC4\xC5\xCC\n"
         "P3,\xCB\xC1\xC4\xD2\xCF\xD7\n"
         "P4,\xEF\xD4\xC4\xC5\xCC\n"
         "P5,\xD0\xD2\xCF\xC4\xC1\xD6\n"
         "P6,\xF3\xCC\xD5\xD6\xC2\xC1\n"
         "P7,\xC2\xC5\xDA\xCF\xD0\xC1\xD3\xCE\xCF\xD3\xD4\xC9\n"
         "P8,\xF3\xCB\xCC\xC1\xC4\n"
         "P9,\xF0\xD2\xCF\xC9\xDA\xD7\xCF\xC4\xD3\xD4\xD7\xCF\n",
         "Производство"},
        {"CP932", true, false,
         "P0,\x96{\x8E\xD0\n"
         "P1,\x8Co\x97\x9D\x95\x94\n"
         "P2,\x90l\x8E\x96\x95\x94\n"
         "P3,\x89"
         "c\x8B\xC6\x95\x94\n"
         "P4,\x8C\xA4\x8B\x86\x8AJ\x94\xAD\n"
         "P5,\x90\xB6\x8EY\x8A\xC7\x97\x9D\n"
         "P6,\x95i\x8E\xBF\x8A\xC7\x97\x9D\n"
         "P7,\x8F\xEE\x95\xF1\x83V\x83X\x83"
         "e\x83\x80\n"
         "P8,\x83\x5C\x83t\x83g\x83"
         "E\x83"
         "F\x83"
         "A\n"
         "P9,\x94\x5C\x97\xCD\x8AJ\x94\xAD\n",
         "能力開発"},
        {"EUC-JP", true, false,
         "P0,\xCB\xDC\xBC\xD2\n"
         "P1,\xB7\xD0\xCD\xFD\xC9\xF4\n"
         "P2,\xBF\xCD\xBB\xF6\xC9\xF4\n"
         "P3,\xB1\xC4\xB6\xC8\xC9\xF4\n"
         "P4,\xB8\xA6\xB5\xE6\xB3\xAB\xC8\xAF\n"
         "P5,\xC0\xB8\xBB\xBA\xB4\xC9\xCD\xFD\n"
         "P6,\xC9\xCA\xBC\xC1\xB4\xC9\xCD\xFD\n"
         "P7,\xBE\xF0\xCA\xF3\xA5\xB7\xA5\xB9\xA5\xC6\xA5\xE0\n"
         "P8,\xA5\xBD\xA5\xD5\xA5\xC8\xA5\xA6\xA5\xA7\xA5\xA2\n"
         "P9,\xC7\xBD\xCE\xCF\xB3\xAB\xC8\xAF\n",
         "能力開発"},
        {"GB18030", true, false,
         "P0,\xD7\xDC\xB2\xBF\n"
         "P1,\xB2\xC6\xCE\xF1\xB2\xBF\n"
         "P2,\xC8\xCB\xC1\xA6\xD7\xCA\xD4\xB4\xB2\xBF\n"
         "P3,\xCF\xFA\xCA\xDB\xB2\xBF\n"
         "P4,\xCA\xD0\xB3\xA1\xB2\xBF\n"
         "P5,\xD1\xD0\xB7\xA2\xD6\xD0\xD0\xC4\n"
         "P6,\xC9\xFA\xB2\xFA\xB9\xDC\xC0\xED\n"
         "P7,\xD6\xCA\xC1\xBF\xBC\xEC\xD1\xE9\n"
         "P8,\xBF\xCD\xBB\xA7\xB7\xFE\xCE\xF1\xB2\xBF\n"
         "P9,\xD0\xC5\xCF\xA2\xBC\xBC\xCA\xF5\xB2\xBF\n",
         "信息技术部"},
        {"IBM850", false, true,
         "P0,Gesch\x84"
         "ftsf\x81hrung\n"
         "P1,B\x81ro\n"
         "P2,\x99"
         "ffentlichkeitsarbeit\n",
         "Öffentlichkeitsarbeit"},
        {"macintosh", false, true,
         "P0,Direction\n"
         "P1,g\x8En\x8Erale\n"
         "P2,S\x8E"
         "curit\x8E\n"
         "P3,\x83tudes\n",
         "Études"},
        {"Big5", false, true,
         "P0,\xC1`\xB3\xA1\n"
         "P1,\xB0]\xB0\xC8\xB3\xA1\n"
         "P2,\xA4H\xA4O\xB8\xEA\xB7\xBD\xB3\xA1\n",
         "人力資源部"},
        {"EUC-KR", false, true,
         "P0,\xBA\xBB\xBB\xE7\n"
         "P1,\xC0\xE7\xB9\xAB\xBA\xCE\n"
         "P2,\xC0\xCE\xBB\xE7\xBA\xCE\n",
         "인사부"},
    };
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct transcript transcript = {0};
        const struct ov_read_options options = {.encoding =
                                                    pages[i].guessed ? NULL : pages[i].name};
        struct ov_reader *reader = ov_reader_new(&options, note, &transcript, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
        CU_ASSERT_EQUAL(ov_reader_feed(reader, pages[i].bytes, strlen(pages[i].bytes), NULL),
                        OV_OK);
        CU_ASSERT_EQUAL(ov_reader_finish(reader, NULL), OV_OK);
        CU_ASSERT_STRING_EQUAL(ov_reader_encoding(reader), pages[i].name);
        CU_ASSERT_EQUAL(ov_reader_is_sure(reader), pages[i].sure);
        struct ov_text said = ov_buf_view(&transcript.text);
        CU_ASSERT_PTR_NOT_NULL(memmem(said.ptr, said.len, pages[i].last, strlen(pages[i].last)));
        ov_reader_free(reader);
        ov_buf_deinit(&transcript.text);
    }
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
    for (size_t i = 0; i < 4096; i++) /* words, by which an encoding can be guessed */
        bytes[i] = "Stra\xDF"
                   "e S\xFC"
                   "d,x yz\n"[i % 16];
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
    CU_add_test(suite, "encodings of the world", test_encodings_of_the_world);
    CU_add_test(suite, "the first mebibyte decides",
                test_encoding_is_decided_on_the_first_mebibyte);
    CU_add_test(suite, "cell limits", test_limits);
}
