/* cli/paths.h: paths and globs. A "real" path is absolute and has no symbolic links; a folder ends
 * in `/`. */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include <stdbool.h>
#include <stddef.h>

/* The files that operands expand to; {0} is empty. */
struct cli_operands {
    char **paths; /* owned, as is each path */
    size_t count;
};

/* The concatenation of three texts. The caller frees it; NULL after a message. */
char *cli_joined(const char *a, const char *b, const char *c);
/* Whether a real path is below a real folder. */
bool cli_is_in(const char *folder, const char *path);
/* The root of the repository that contains a real folder: the nearest folder with `.git`. The
 * caller frees it; NULL: there is none, or no memory. */
char *cli_repository_of(const char *folder);
/* The name of a file in a configuration: its path relative to the real folder, or the real path if
 * it is not below it. The caller frees it; NULL after a message. */
char *cli_path_in(const char *folder, const char *path);
/* An absolute path as the user would write it: relative to the working folder when it is below it
 * or up to four levels above, else unchanged. The caller frees it; NULL after a message. */
char *cli_shown(const char *path);
/* The real folder of a file, which need not exist. The caller frees it; NULL with errno set,
 * ENOMEM after a message. */
char *cli_find_folder(const char *path);
/* As cli_find_folder; NULL after a message. */
char *cli_folder_of(const char *path);

/* Whether an operand contains a wildcard (`*`, `?`, `[`) and does not exist as a file. */
bool cli_is_glob(const char *operand);
/* Adds an operand, or if it is a glob the regular files that it matches; files that a link takes
 * out of the repository are skipped with a note. Copies; false after a message. */
bool cli_operands_expand(struct cli_operands *operands, const char *operand);
void cli_operands_deinit(struct cli_operands *operands);

/* Whether a path ends like the name of a workbook. */
bool cli_is_workbook_name(const char *path);

#endif
