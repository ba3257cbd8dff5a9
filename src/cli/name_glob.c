/* cli/name_glob.c: see name_glob.h. */
#include "cli/name_glob.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/message.h"

/* Whether a word is the name of a month, in full or (English only) as three letters, or an
 * abbreviation such as Q, KW or V. */
static bool is_date_word(const char *word, size_t len)
{
    static const char *const months[] = {
        "january",     "february",  "march",   "april",    "may",      "june",    "july",
        "august",      "september", "october", "november", "december", "januar",  "februar",
        "m\xC3\xA4rz", "maerz",     "mai",     "juni",     "juli",     "oktober", "dezember",
        "okt",         "dez",       "q",       "kw",       "v"};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        size_t whole = strlen(months[i]);
        if ((len == whole || (len == 3 && i < 12)) && strncasecmp(word, months[i], len) == 0)
            return true;
    }
    return false;
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Appends a character to a glob, escaped if necessary. */
static void put_literal(char *glob, size_t *len, char c)
{
    if (strchr("*?[\\", c))
        glob[(*len)++] = '\\';
    glob[(*len)++] = c;
}

/* Kinds of characters in a file name. */
enum { WORD = 'w', DATE = 'd', BETWEEN = 'b' };

/* Marks the characters of a name as part of words, of dates and numbers, or of neither; the latter
 * belong to an adjacent date. Returns whether the name contains a word. */
static bool mark(const char *name, size_t len, char *marks)
{
    bool words = false;
    for (size_t i = 0, run; i < len; i += run) {
        for (run = 0; i + run < len && is_letter(name[i + run]);)
            run++;
        bool date = run ? is_date_word(name + i, run) : isdigit((unsigned char)name[i]) != 0;
        char kind = date ? DATE : run ? WORD : BETWEEN;
        words |= kind == WORD;
        run += run == 0;
        memset(marks + i, kind, run);
    }
    for (size_t i = 1; i < len; i++)
        if (marks[i] == BETWEEN && marks[i - 1] == DATE)
            marks[i] = DATE;
    for (size_t i = len; i-- > 1;)
        if (marks[i - 1] == BETWEEN && marks[i] == DATE)
            marks[i - 1] = DATE;
    return words;
}

char *cli_name_glob(const char *path, bool siblings)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t whole = strlen(path), start = slash ? (size_t)(slash - path) + 1 : 0, len = 0;
    size_t end = dot && dot > path + start ? (size_t)(dot - path) : whole;
    char *glob = malloc(2 * whole + 2), *marks = calloc(whole + 1, 1);
    if (!glob || !marks) {
        cli_fail("out of memory");
        free(glob);
        free(marks);
        return NULL;
    }
    siblings = siblings && mark(path + start, end - start, marks + start);
    for (size_t i = 0; i < whole; i++) {
        if (siblings && i == end && (len == 0 || glob[len - 1] != '*'))
            glob[len++] = '*';
        if (!siblings || marks[i] != DATE)
            put_literal(glob, &len, path[i]);
        else if (i == start || marks[i - 1] != DATE)
            glob[len++] = '*';
    }
    if (siblings && end == whole && (len == 0 || glob[len - 1] != '*'))
        glob[len++] = '*';
    glob[len] = '\0';
    free(marks);
    return glob;
}
