/* cli/paths.c: paths as users, configurations and the system write them, and globs as operands. */
#include <glob.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/paths.h"
#include "cli/input.h"
#include "cli/message.h"

char *cli_joined(const char *a, const char *b, const char *c)
{
    size_t len = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(len);
    if (text)
        snprintf(text, len, "%s%s%s", a, b, c);
    else
        cli_fail("out of memory");
    return text;
}

char *cli_find_folder(const char *path)
{
    char *copy = strdup(path), *real = copy ? realpath(dirname(copy), NULL) : NULL;
    char *folder = real ? cli_joined(real, strcmp(real, "/") == 0 ? "" : "/", "") : NULL;
    if (!copy)
        cli_fail("out of memory");
    free(copy);
    free(real);
    return folder;
}

char *cli_folder_of(const char *path)
{
    char *folder = cli_find_folder(path);
    if (!folder)
        cli_fail("cannot find the folder of `%s`", path);
    return folder;
}

char *cli_path_in(const char *folder, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *own = strcmp(path, "-") == 0 ? NULL : cli_find_folder(path);
    char *whole = own ? cli_joined(own, name, "") : cli_joined(path, "", "");
    bool inside = own && whole && cli_is_in(folder, whole);
    char *result = inside ? cli_joined(whole + strlen(folder), "", "") : whole;
    if (inside)
        free(whole);
    free(own);
    return result;
}

char *cli_shown(const char *path)
{
    char *here = realpath(".", NULL), up[256] = "";
    const char *rest = path;
    size_t len = here ? strlen(here) : 0, depth = 0;
    while (len > 1 && strlen(up) + 4 < sizeof up && depth < 4 &&
           !(strncmp(path, here, len) == 0 && path[len] == '/')) {
        here[len = (size_t)(strrchr(here, '/') - here)] = '\0';
        strcat(up, "../");
        depth++;
    }
    if (len > 1 && strncmp(path, here, len) == 0 && path[len] == '/')
        rest = path + len + 1;
    else
        up[0] = '\0';
    free(here);
    return cli_joined(up, rest, "");
}

bool cli_is_in(const char *folder, const char *path)
{
    return strncmp(path, folder, strlen(folder)) == 0;
}

char *cli_repository_of(const char *folder)
{
    char *root = strdup(folder);
    for (size_t len = root ? strlen(root) : 0; len; len = strlen(root)) {
        char *mark = cli_joined(root, ".git", "");
        bool found = mark && access(mark, F_OK) == 0;
        free(mark);
        if (found)
            return root;
        root[len - 1] = '\0';
        char *slash = strrchr(root, '/');
        if (!slash)
            break;
        slash[1] = '\0';
    }
    free(root);
    return NULL;
}

/* --- operands --- */

/* The folder that must contain the files a glob matches. For a path below the working folder: the
 * working folder's repository. Otherwise, or if there is none: the repository of the folder before
 * the first wildcard, or that folder. NULL after a message; the caller frees it. */
static char *reach_of(const char *pattern)
{
    char *start = strdup(pattern);
    if (!start) {
        cli_fail("out of memory");
        return NULL;
    }
    start[strcspn(start, "*?[")] = '\0';
    char *slash = strrchr(start, '/');
    strcpy(slash ? slash + 1 : start, "");
    bool from_here = start[0] != '/' && strncmp(start, "..", 2) != 0;
    char *name = cli_joined(start, "x", "");
    char *here = from_here ? cli_folder_of("./x") : NULL;
    char *root = here ? cli_repository_of(here) : NULL;
    char *folder = root || !name ? NULL : cli_folder_of(name);
    if (folder && !(root = cli_repository_of(folder))) {
        root = folder;
        folder = NULL;
    }
    free(start);
    free(name);
    free(here);
    free(folder);
    return root;
}

/* Adds a copy of a path; false after a message. */
static bool add_path(struct cli_operands *operands, const char *path)
{
    char **grown = realloc(operands->paths, (operands->count + 1) * sizeof *grown);
    char *copy = strdup(path);
    if (grown)
        operands->paths = grown;
    if (grown && copy) {
        grown[operands->count++] = copy;
        return true;
    }
    free(copy);
    cli_fail("out of memory");
    return false;
}

/* Whether a path was added already, under another name perhaps. */
static bool is_added(const struct cli_operands *operands, size_t first, const char *path)
{
    for (size_t i = first; i < operands->count; i++)
        if (cli_same_file(operands->paths[i], path))
            return true;
    return false;
}

/* A glob being expanded. */
struct expansion {
    struct cli_operands *operands;
    const char *pattern, *reach; /* as given; the folder that must contain what matches */
    size_t first;                /* the first path of this glob */
    bool any;                    /* something matched */
};

/* Adds the files that match a glob without `**`; false after a message. */
static bool add_matches(struct expansion *expansion, const char *pattern)
{
    glob_t found = {0};
    int code = glob(pattern, 0, NULL, &found);
    bool fine = code == 0 || code == GLOB_NOMATCH;
    expansion->any |= code == 0;
    for (size_t i = 0; fine && i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        struct stat about;
        char *real = realpath(path, NULL);
        if (!real || !cli_is_in(expansion->reach, real) || stat(real, &about) != 0 ||
            !S_ISREG(about.st_mode))
            cli_note("%s: skipped: not a file in `%s`", path, expansion->reach);
        else if (pattern == expansion->pattern ||
                 !is_added(expansion->operands, expansion->first, path))
            fine = add_path(expansion->operands, path);
        free(real);
    }
    globfree(&found);
    if (code != 0 && code != GLOB_NOMATCH)
        cli_fail("cannot search for files that match `%s`", expansion->pattern);
    return fine;
}

static bool matches_any(const char *pattern)
{
    glob_t found = {0};
    bool any = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return any;
}

/* The first component of a glob that is `**`; NULL: there is none. */
static const char *deep_part(const char *pattern)
{
    const char *at = pattern;
    while ((at = strstr(at, "**/")) && at != pattern && at[-1] != '/')
        at++;
    return at;
}

/* Adds the files that match a glob, in which `**` stands for any number of folders, as in the
 * configuration; false after a message. */
static bool add_deep_matches(struct expansion *expansion, const char *pattern)
{
    enum { DEEPEST = 32 /* folders for a `**` */, STEP = 2 };
    const char *deep = deep_part(pattern);
    if (!deep)
        return add_matches(expansion, pattern);
    size_t head = (size_t)(deep - pattern);
    char *one = malloc(strlen(pattern) + (size_t)STEP * DEEPEST + 1);
    bool fine = one != NULL;
    if (!one)
        cli_fail("out of memory");
    for (size_t folders = 0; fine && folders < DEEPEST; folders++) {
        memcpy(one, pattern, head);
        for (size_t i = 0; i < folders; i++)
            memcpy(one + head + i * STEP, "*/", STEP);
        char *end = one + head + folders * STEP;
        *end = '\0';
        if (folders && !matches_any(one)) /* there are no folders as deep as that */
            break;
        strcpy(end, deep + strlen("**/"));
        fine = add_deep_matches(expansion, one);
    }
    free(one);
    return fine;
}

/* Adds the files that match an operand as a glob; false after a message. */
static bool expand(struct cli_operands *operands, const char *pattern)
{
    char *reach = reach_of(pattern);
    struct expansion expansion = {operands, pattern, reach, operands->count, false};
    bool fine = reach && add_deep_matches(&expansion, pattern);
    free(reach);
    if (fine && !expansion.any) {
        cli_fail("no file matches `%s`", pattern);
        return false;
    }
    return fine;
}

bool cli_is_glob(const char *operand)
{
    struct stat about;
    return strpbrk(operand, "*?[") && lstat(operand, &about) != 0;
}

bool cli_operands_expand(struct cli_operands *operands, const char *operand)
{
    return cli_is_glob(operand) ? expand(operands, operand) : add_path(operands, operand);
}

void cli_operands_deinit(struct cli_operands *operands)
{
    for (size_t i = 0; i < operands->count; i++)
        free(operands->paths[i]);
    free(operands->paths);
    *operands = (struct cli_operands){0};
}

bool cli_is_workbook_name(const char *path)
{
    static const char *const endings[] = {".xlsx", ".xlsm", ".xls", ".ods"};
    const char *dot = strrchr(path, '.');
    bool is = false;
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        is |= strcasecmp(dot, endings[i]) == 0;
    return is;
}
