#define _GNU_SOURCE /* sched_getaffinity */
/* cli/input.c: files in. A read error is never taken for the end of a file. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    const struct cli_input *input = ctx;
    int fd = input->seekable ? input->fd : fileno(input->spool);
    size_t got = 0;
    while (got < len) {
        ssize_t n = pread(fd, buf + got, len - got, (off_t)(offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    return got;
}

bool cli_input_open(struct cli_input *input, const char *path, const char *name, bool keep_copy)
{
    struct stat about;
    bool standard = strcmp(path, "-") == 0;
    *input = (struct cli_input){.path = path, .name = name};
    input->source = (struct ov_source){read_at, input};
    input->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0 || fstat(input->fd, &about) != 0) {
        cli_fail("cannot read `%s`: %s", name, strerror(errno));
        cli_input_close(input);
        return false;
    }
    if (S_ISDIR(about.st_mode)) {
        cli_fail("cannot read `%s`: it is a directory; name the CSV files in it", name);
        cli_input_close(input);
        return false;
    }
    /* the offsets of findings count from where reading starts */
    input->seekable = S_ISREG(about.st_mode) && lseek(input->fd, 0, SEEK_CUR) == 0;
    input->size = input->seekable && about.st_size > 0 ? (uint64_t)about.st_size : 0;
    if (!input->seekable && keep_copy)
        input->spool = tmpfile(); /* without one there are no excerpts */
    return true;
}

bool cli_input_is_json(struct cli_input *input)
{
    long n = cli_input_read(input, input->head, sizeof input->head);
    size_t at = 0;
    if (n <= 0)
        return false;
    input->head_len = (size_t)n;
    if (input->head_len >= 3 && memcmp(input->head, "\xEF\xBB\xBF", 3) == 0)
        at = 3;
    while (at < input->head_len && strchr(" \t\r\n", input->head[at]))
        at++;
    return at < input->head_len && input->head[at] == '{';
}

long cli_input_read(struct cli_input *input, void *buf, size_t len)
{
    ssize_t n;
    if (input->head_len && len >= input->head_len) { /* it was read, and copied, before */
        n = (ssize_t)input->head_len;
        memcpy(buf, input->head, input->head_len);
        input->head_len = 0;
        return (long)n;
    }
    do
        n = read(input->fd, buf, len);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        input->problem = errno;
    if (n > 0 && input->spool && fwrite(buf, 1, (size_t)n, input->spool) != (size_t)n) {
        fclose(input->spool); /* no room for a copy: no excerpts */
        input->spool = NULL;
    }
    if (n == 0 && input->spool && fflush(input->spool) != 0) {
        fclose(input->spool);
        input->spool = NULL;
    }
    return (long)n;
}

static enum ov_status write_spool(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct cli_input *input = ctx;
    if (fwrite(data, 1, len, input->spool) == len && fflush(input->spool) == 0) {
        input->size += len;
        return OV_OK;
    }
    if (err && err->status == OV_OK) {
        err->status = OV_E_IO;
        snprintf(err->message, sizeof err->message, cli_say("cannot write a temporary file: %s"),
                 strerror(errno));
    }
    return OV_E_IO;
}

bool cli_input_make(struct cli_input *input, const char *name, struct ov_sink *sink)
{
    *input = (struct cli_input){.path = name, .name = name, .fd = -1, .spool = tmpfile()};
    input->source = (struct ov_source){read_at, input};
    *sink = (struct ov_sink){write_spool, input};
    if (!input->spool)
        cli_fail("cannot write a temporary file: %s", strerror(errno));
    return input->spool != NULL;
}

void cli_input_fail(const struct cli_input *input)
{
    if (input->problem)
        cli_fail("cannot read `%s`: %s", input->name, strerror(input->problem));
}

void cli_input_close(struct cli_input *input)
{
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    if (input->spool)
        fclose(input->spool);
    *input = (struct cli_input){.fd = -1};
}

char *cli_read_file(const char *path, size_t most, size_t *len)
{
    struct cli_input input;
    size_t room = 64 * 1024;
    if (!cli_input_open(&input, path, path, false))
        return NULL;
    char *text = malloc(room);
    long n = text ? 1 : -1;
    *len = 0;
    while (n > 0 && *len <= most) {
        if (*len == room) {
            char *grown = realloc(text, room *= 2);
            if (!grown)
                break;
            text = grown;
        }
        n = cli_input_read(&input, text + *len, room - *len);
        *len += n > 0 ? (size_t)n : 0;
    }
    cli_input_fail(&input);
    bool unread = input.problem != 0;
    cli_input_close(&input);
    if (n == 0 && *len <= most)
        return text;
    if (!text || (n > 0 && *len <= most))
        cli_fail("out of memory");
    else if (!unread)
        cli_fail("`%s` is too large", path);
    free(text);
    return NULL;
}

unsigned cli_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > 8 ? 8 : (unsigned)count;
}

bool cli_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
           x.st_ino == y.st_ino;
}
