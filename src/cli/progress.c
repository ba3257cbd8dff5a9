/* cli/progress.c: progress of a run: a line on a terminal, and a summary on interrupt. Its state is
 * global because the signal handler needs it. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/host.h"

enum { FIRST_MS = 1000, STEP_MS = 100, LINE = 160 };

static struct {
    _Atomic uint64_t bytes;      /* read so far, all files together */
    uint64_t total_bytes;        /* 0: not known */
    uint64_t files, total_files; /* reported so far, and all of them */
    uint64_t rows, errors, warnings;
    uint64_t began, drawn; /* milliseconds of the monotonic clock: start, and last drawing */
    bool shown;            /* standard error is a terminal, and not --quiet */
    bool paused, visible;
    pthread_mutex_t lock; /* held while drawing and clearing */
} run = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* What an interrupt prints, prepared in advance: cli_last_words points to the current one of
 * two. */
static struct cli_last_words words[2] = {{"orgvet: interrupted\n", 20}};
_Atomic(const struct cli_last_words *) cli_last_words = &words[0];

static void write_last_words(void)
{
    struct cli_last_words *other = &words[cli_last_words == &words[0]];
    int len = snprintf(other->text, sizeof other->text,
                       "%sorgvet: interrupted: this is not all: %llu of %llu file%s vetted: %llu "
                       "row%s, %llu error%s, %llu warning%s\n",
                       run.shown ? "\r\033[K" : "", (unsigned long long)run.files,
                       (unsigned long long)run.total_files, run.total_files == 1 ? "" : "s",
                       (unsigned long long)run.rows, run.rows == 1 ? "" : "s",
                       (unsigned long long)run.errors, run.errors == 1 ? "" : "s",
                       (unsigned long long)run.warnings, run.warnings == 1 ? "" : "s");
    other->len = len < 0                            ? 0
                 : (size_t)len < sizeof other->text ? (size_t)len
                                                    : sizeof other->text - 1;
    cli_last_words = other;
    cli_host_last_words(other->text);
}

uint64_t cli_now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

void cli_progress_begin(uint64_t files, uint64_t bytes, bool quiet)
{
    if (files == 0 && run.total_files)
        return; /* part of a run that has started */
    run.total_files = files;
    run.total_bytes = bytes;
    run.bytes = 0;
    run.paused = false;
    run.began = run.drawn = cli_now_ms();
    run.shown = !quiet && isatty(STDERR_FILENO) == 1;
    if (files)
        write_last_words();
}

static void put_size(char *text, size_t len, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    size_t unit = 0;
    for (; bytes >= 1000 && unit + 1 < sizeof units / sizeof *units; unit++)
        bytes /= 1000;
    snprintf(text, len, unit && bytes < 10 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

/* Draws the line; the caller holds the lock. */
static void draw(uint64_t time)
{
    char line[LINE], rate[24], done[24], all[24];
    double seconds = (double)(time - run.began) / 1000, bytes = (double)run.bytes;
    double speed = bytes / seconds, total = (double)run.total_bytes;
    int len;
    put_size(rate, sizeof rate, speed);
    put_size(done, sizeof done, bytes);
    put_size(all, sizeof all, total);
    if (total > bytes && speed > 0)
        len = snprintf(line, sizeof line, "\r%3.0f %%  %s of %s  %s/s  %.0f s left\033[K",
                       100 * bytes / total, done, all, rate, (total - bytes) / speed + 0.5);
    else if (total > 0)
        len = snprintf(line, sizeof line, "\r100 %%  %s read; building the hierarchy\033[K", all);
    else
        len = snprintf(line, sizeof line, "\r%s  %s/s\033[K", done, rate);
    if (len > 0 && write(STDERR_FILENO, line, (size_t)len) == (ssize_t)len)
        run.visible = true;
    run.drawn = time;
}

void cli_progress_add(size_t bytes)
{
    run.bytes += bytes;
    if (!run.shown || pthread_mutex_trylock(&run.lock) != 0)
        return;
    uint64_t time = cli_now_ms();
    bool last = run.total_bytes && run.bytes >= run.total_bytes;
    if (!run.paused && time - run.began >= FIRST_MS && (last || time - run.drawn >= STEP_MS))
        draw(time);
    pthread_mutex_unlock(&run.lock);
}

void cli_progress_pause(bool pause)
{
    if (!run.shown)
        return;
    pthread_mutex_lock(&run.lock);
    run.paused = pause;
    if (pause && run.visible) {
        static const char clear[] = "\r\033[K";
        run.visible = write(STDERR_FILENO, clear, sizeof clear - 1) < 0;
    }
    pthread_mutex_unlock(&run.lock);
}

void cli_progress_reported(const struct ov_check_result *result)
{
    run.rows += result->rows;
    run.errors += result->severities[OV_ERROR];
    run.warnings += result->severities[OV_WARNING];
    run.files++;
    write_last_words();
}
