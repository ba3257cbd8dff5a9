#define _GNU_SOURCE /* sched_getaffinity */
/* cli/input.c: input files. A read error is never mistaken for the end of a file. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/message.h"

static size_t read_at(void *ctx, uint64_t offset, char *buf, size_t len)
{
    const struct cli_input *input = ctx;
    return ov_read_at(input->seekable ? input->fd : fileno(input->spool), offset, buf, len);
}

bool cli_input_open(struct cli_input *input, const char *path, const char *name, bool keep_copy)
{
    bool standard = strcmp(path, "-") == 0;
    *input = (struct cli_input){.path = path, .name = name};
    input->source = (struct ov_source){read_at, input};
    input->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0 || fstat(input->fd, &input->about) != 0) {
        cli_fail("cannot read `%s`: %s", name, strerror(errno));
        cli_input_close(input);
        return false;
    }
    if (S_ISDIR(input->about.st_mode)) {
        cli_fail("cannot read `%s`: it is a directory; name the CSV files in it", name);
        cli_input_close(input);
        return false;
    }
    /* offsets in findings count from where reading starts, so it must be the beginning */
    input->seekable = S_ISREG(input->about.st_mode) && lseek(input->fd, 0, SEEK_CUR) == 0;
    input->size = input->seekable && input->about.st_size > 0 ? (uint64_t)input->about.st_size : 0;
    if (!input->seekable && keep_copy)
        input->spool = tmpfile(); /* without it there are no excerpts */
    return true;
}

struct ov_text cli_input_peek(struct cli_input *input, size_t most)
{
    char *head = malloc(most);
    long n = 1;
    size_t len = 0;
    while (head && len < most && n > 0)
        if ((n = cli_input_read(input, head + len, most - len)) > 0)
            len += (size_t)n;
    input->head = head;
    input->head_len = len;
    return (struct ov_text){head, len};
}

bool cli_input_is_json(struct cli_input *input)
{
    struct ov_text head = cli_input_peek(input, 64);
    size_t at = 0;
    if (head.len >= 3 && memcmp(head.ptr, "\xEF\xBB\xBF", 3) == 0)
        at = 3;
    while (at < head.len && strchr(" \t\r\n", head.ptr[at]))
        at++;
    return at < head.len && head.ptr[at] == '{';
}

long cli_input_read(struct cli_input *input, void *buf, size_t len)
{
    ssize_t n;
    size_t left = input->head_len - input->head_at;
    if (left) { /* these bytes were already read and copied */
        n = (ssize_t)(len < left ? len : left);
        memcpy(buf, input->head + input->head_at, (size_t)n);
        input->head_at += (size_t)n;
        return (long)n;
    }
    do
        n = read(input->fd, buf, len);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        input->problem = errno;
    if (n > 0 && input->spool && fwrite(buf, 1, (size_t)n, input->spool) != (size_t)n) {
        fclose(input->spool); /* no space for a copy: no excerpts */
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

bool cli_input_made(struct cli_input *input)
{
    input->fd = dup(fileno(input->spool));
    input->seekable = input->fd >= 0 && lseek(input->fd, 0, SEEK_SET) == 0;
    if (!input->seekable || fstat(input->fd, &input->about) != 0) {
        cli_fail("cannot write a temporary file: %s", strerror(errno));
        return false;
    }
    fclose(input->spool);
    input->spool = NULL;
    return true;
}

void cli_input_fail(const struct cli_input *input)
{
    if (input->problem)
        cli_fail("cannot read `%s`: %s", input->name, strerror(input->problem));
}

void cli_input_release(struct cli_input *input)
{
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    input->fd = -1;
}

void cli_input_close(struct cli_input *input)
{
    cli_input_release(input);
    if (input->spool)
        fclose(input->spool);
    free(input->head);
    *input = (struct cli_input){.fd = -1};
}

char *cli_read_input(struct cli_input *input, size_t most, size_t *len)
{
    size_t room = 64 * 1024;
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
        n = cli_input_read(input, text + *len, room - *len);
        *len += n > 0 ? (size_t)n : 0;
    }
    cli_input_fail(input);
    bool unread = input->problem != 0;
    if (n == 0 && *len <= most)
        return text;
    if (!text || (n > 0 && *len <= most))
        cli_fail("out of memory");
    else if (!unread)
        cli_fail("`%s` is too large", input->name);
    free(text);
    return NULL;
}

char *cli_read_file(const char *path, size_t most, size_t *len)
{
    struct cli_input input;
    if (!cli_input_open(&input, path, path, false))
        return NULL;
    char *text = cli_read_input(&input, most, len);
    cli_input_close(&input);
    return text;
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
