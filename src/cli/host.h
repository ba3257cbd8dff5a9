/* cli/host.h: what is reported to the script that runs orgvet (WebAssembly,
 * src/offline/npm/program.js): signals go to the script, which then cleans up in place of
 * on_signal. Elsewhere nothing. */
#ifndef CLI_HOST_H
#define CLI_HOST_H

#ifdef __EMSCRIPTEN__
/* A temporary file is none any more. (The script knows of it by O_EXCL, before it exists.) */
void cli_host_forget(const char *path);
/* What an interrupt prints. */
void cli_host_last_words(const char *text);
/* A path that the user gave, perhaps after `NAME=` or `@`, as this program knows paths: with `/`
 * alone, and below one root; kept until the program ends. */
const char *cli_host_path(const char *given);
#else
static inline void cli_host_forget(const char *path)
{
    (void)path;
}
static inline void cli_host_last_words(const char *text)
{
    (void)text;
}
static inline const char *cli_host_path(const char *given)
{
    return given;
}
#endif

#endif
