/* cli/progress.h: the progress line, and what an interrupted run says. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <orgvet/orgvet.h>
#include <stdatomic.h>

/* Milliseconds of the monotonic clock. */
uint64_t cli_now_ms(void);

/* Starts a run over a number of files and bytes (0: not known). files 0: a single file without a
 * summary on interrupt; ignored during a run. quiet: draw nothing. */
void cli_progress_begin(uint64_t files, uint64_t bytes, bool quiet);
/* Adds to the number of bytes read; from any thread. */
void cli_progress_add(size_t bytes);
/* Clears the progress line while something else is printed (pause), or allows it again. */
void cli_progress_pause(bool pause);
/* Adds a reported file to the summary. */
void cli_progress_reported(const struct ov_check_result *result);
/* What an interrupt prints: how far the run has come. The signal handler may read it at any
 * time. */
struct cli_last_words {
    char text[240];
    size_t len;
};
extern _Atomic(const struct cli_last_words *) cli_last_words;

#endif
