/* tests/bench/generate.c: writes a positions CSV to standard output, the same bytes for the same
 * arguments on every machine.
 *
 * usage: generate ROWS [QUOTED [ERRORS [SHAPE]]]
 * QUOTED  percent of rows with quoted cells (default 10)
 * ERRORS  per mille of rows with an error (default 0): missing parents, duplicate identifiers, a
 *         surplus cell, invalid flags, empty names
 * SHAPE   tree (default; every parent is an earlier row), chain, star, cycle, duplicate (one
 *         identifier for all rows), missing (no parent exists), stray (a quote inside every row) */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SplitMix64: a fixed sequence. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static const char *const grades[] = {"Junior", "Senior", "Deputy", "Assistant", "Acting", "Lead"};
static const char *const jobs[] = {"analyst",   "engineer", "accountant", "manager",
                                   "recruiter", "planner",  "buyer",      "technician"};
static const char *const places[] = {"Payroll", "Logistics", "Finance", "Research",
                                     "Sales",   "Service",   "Legal",   "Production"};

enum shape { TREE, CHAIN, STAR, CYCLE, DUPLICATE, MISSING, STRAY, SHAPES };
static const char *const shapes[SHAPES] = {"tree",      "chain",   "star", "cycle",
                                           "duplicate", "missing", "stray"};

/* What to get wrong in a row. */
enum wrong { NOTHING, LOST_PARENT, TWICE, SURPLUS, BAD_FLAG, NO_NAME, WRONGS };

static uint64_t parent_of(enum shape shape, uint64_t row, uint64_t rows, uint64_t *state)
{
    uint64_t any = next(state);
    switch (shape) {
    case CHAIN: return row - 1;
    case CYCLE: return row == 0 ? rows - 1 : row - 1;
    case STAR:
    case DUPLICATE: return 0;
    case MISSING: return rows + any % rows;
    default: return any % row;
    }
}

static void write_row(enum shape shape, uint64_t row, uint64_t rows, bool quoted, enum wrong wrong,
                      uint64_t *state)
{
    uint64_t pick = next(state), id = row;
    const char *grade = grades[pick % 6], *job = jobs[pick >> 8 & 7],
               *place = places[pick >> 16 & 7];
    bool top = row == 0 && shape != CYCLE;
    if (shape == DUPLICATE || (wrong == TWICE && row > 0))
        id = shape == DUPLICATE ? 1 : row - 1;
    printf("P%08llu,", (unsigned long long)id);
    if (!top) {
        uint64_t parent = parent_of(shape, row, rows, state);
        if (wrong == LOST_PARENT)
            parent += rows;
        printf("P%08llu", (unsigned long long)parent);
    }
    if (wrong == NO_NAME)
        printf(",,");
    else
        printf(quoted ? ",\"%s %s, %s %llu\"," : ",%s %s %s %llu,", grade, job, place,
               (unsigned long long)row);
    printf(quoted           ? "\"Works for %s, each %s, as \"\"%s %llu\"\" there\","
           : shape == STRAY ? "Works for \"%s\" once every %s and reports as %s %llu,"
                            : "Works for %s once every %s and reports as %s %llu,",
           place, pick >> 24 & 1 ? "week" : "month", job, (unsigned long long)(pick >> 40));
    printf("%s%s\n",
           wrong == BAD_FLAG ? "maybe"
           : pick >> 32 & 1  ? "1"
                             : "0",
           wrong == SURPLUS ? ",surplus" : "");
}

int main(int argc, char **argv)
{
    static char buffer[1 << 20];
    uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, state = 1;
    uint64_t quoted = argc > 2 ? strtoull(argv[2], NULL, 10) : 10;
    uint64_t errors = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    int shape = argc > 4 ? SHAPES : TREE;
    for (int i = 0; argc > 4 && i < SHAPES; i++)
        if (strcmp(argv[4], shapes[i]) == 0)
            shape = i;
    if (rows == 0 || shape == SHAPES) {
        fprintf(stderr, "usage: generate ROWS [QUOTED-percent [ERRORS-permille [SHAPE]]]\n");
        return 2;
    }
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    puts("idnumber,parentid,name,description,globalmanager");
    for (uint64_t row = 0; row < rows; row++) {
        uint64_t dice = next(&state);
        enum wrong wrong = NOTHING;
        if (dice % 1000 < errors)
            wrong = (enum wrong)(1 + (dice >> 20) % (WRONGS - 1));
        write_row((enum shape)shape, row, rows, (dice >> 40) % 100 < quoted, wrong, &state);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
