/* tests/simd/scan.c: compares every variant of the scanner that this processor supports with the
 * plain C one, on random blocks. Needs only scan.c, so that it can be compiled for another
 * processor and run in an emulator. Ends with "N passed, N failed". */
#include "csv/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 40, ROUNDS = 20000 };

static uint64_t state = 88172645463325252u;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

static void fill(char *text, size_t len)
{
    static const char bytes[] = "abcdefgh,,,,\n\r\"\"\"\"\\\x7F\x80\xFF\t;| ";
    unsigned kinds = 8 + below(sizeof bytes - 8), stay = 1 + below(6);
    for (size_t i = 0; i < len; i++)
        text[i] = below(stay) ? 'x' : bytes[below(kinds)];
}

/* Scans a few blocks at a time, as the reader does. */
static size_t scan(ov_scan_fn *fn, const char *text, unsigned step, char delimiter, uint32_t *index,
                   size_t *count)
{
    struct ov_scan scan = {.after_separator = 1};
    size_t done = 0;
    *count = 0;
    while (done < BLOCKS * OV_SCAN_BLOCK) {
        size_t blocks = BLOCKS - done / OV_SCAN_BLOCK, found;
        blocks = blocks < step ? blocks : step;
        size_t scanned =
            fn(&scan, text + done, blocks, delimiter, (uint32_t)done, index + *count, &found);
        *count += found;
        done += scanned;
        if (scanned < blocks * OV_SCAN_BLOCK)
            break;
    }
    return done;
}

int main(void)
{
    static uint32_t expected[BLOCKS * OV_SCAN_BLOCK + 4], got[BLOCKS * OV_SCAN_BLOCK + 4];
    static char text[BLOCKS * OV_SCAN_BLOCK];
    static const char delimiters[] = ",;\t|:";
    int passed = 0, failed = 0;
    for (size_t i = 0; ov_scan_name(i); i++) {
        ov_scan_fn *variant = ov_scan_variant(ov_scan_name(i));
        int wrong = 0;
        if (!variant)
            continue;
        for (int round = 0; round < ROUNDS; round++) {
            char delimiter = delimiters[below(5)];
            size_t a, b;
            fill(text, sizeof text);
            size_t x = scan(ov_scan_variant("plain"), text, BLOCKS, delimiter, expected, &a);
            size_t y = scan(variant, text, 1 + below(BLOCKS), delimiter, got, &b);
            wrong += x != y || a != b || memcmp(expected, got, a * sizeof *got) != 0;
        }
        printf("%s: %s\n", ov_scan_name(i), wrong ? "FAILED" : "as plain C");
        passed += !wrong;
        failed += wrong > 0;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
