/* cli/name_glob.h: globs for a file and its later versions. */
#ifndef CLI_NAME_GLOB_H
#define CLI_NAME_GLOB_H

#include <stdbool.h>

/* A glob that matches only this path or, with `siblings`, also paths whose names differ in dates
 * and numbers or continue: `hr/positions-2026.csv` becomes `hr/positions*.csv`. NULL after a
 * message; the caller frees it. */
char *cli_name_glob(const char *path, bool siblings);

#endif
