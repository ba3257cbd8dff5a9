/* cli/output.c: output files. A file appears complete or not at all: it is written to a temporary
 * file in the same folder, synced and renamed. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/cmd.h"
#include "cli/host.h"
#include "cli/message.h"
#include "cli/progress.h"

/* The existing temporary files, global because the signal handler needs them. */
enum { TEMPORARIES = 32 };
static const char *volatile temporaries[TEMPORARIES];

/* Removes temporary files and ends the process: an interrupt prints a summary and exits with
 * EXIT_INTERRUPTED; other signals are raised again. */
static void on_signal(int number)
{
    for (int i = 0; i < TEMPORARIES; i++)
        if (temporaries[i])
            unlink(temporaries[i]);
    if (number == SIGINT) {
        const struct cli_last_words *last = cli_last_words;
        if (write(STDERR_FILENO, last->text, last->len) < 0)
            _exit(EXIT_INTERRUPTED); /* standard error cannot be written */
        _exit(EXIT_INTERRUPTED);
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void watch(int number)
{
    if (signal(number, on_signal) == SIG_IGN) /* ignored before, for example by nohup */
        signal(number, SIG_IGN);
}

void cli_output_init(void)
{
    watch(SIGINT);
    signal(SIGXFSZ, SIG_IGN); /* exceeding the file size limit is reported as a write error */
    /* Keep a closed standard descriptor from being reused for a file: occupy it with one that fails
     * when used in its usual direction. */
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

static void remember(const char *temporary)
{
    static const int numbers[] = {SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        watch(numbers[i]);
    for (int i = 0; i < TEMPORARIES; i++) {
        if (!temporaries[i]) {
            temporaries[i] = temporary;
            break;
        }
    }
}

static void forget(const char *temporary)
{
    for (int i = 0; i < TEMPORARIES; i++)
        if (temporaries[i] == temporary)
            temporaries[i] = NULL;
    cli_host_forget(temporary);
}

static enum ov_status write_bytes(struct cli_output *output, const char *data, size_t len,
                                  struct ov_error *err)
{
    while (len > 0) {
        ssize_t n = write(output->fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            output->broken_pipe = errno == EPIPE;
            if (!output->failed && !output->broken_pipe && output->path)
                cli_fail("cannot write `%s`: %s", output->path, strerror(errno));
            else if (!output->failed && !output->broken_pipe)
                cli_fail("cannot write to standard output: %s", strerror(errno));
            output->failed = true;
            if (err && err->status == OV_OK)
                err->status = OV_E_IO;
            return OV_E_IO;
        }
        data += n;
        len -= (size_t)n;
    }
    return OV_OK;
}

/* The length in bytes of the UTF-8 control character at the start of some bytes: C0 except tab and
 * line ends, DEL, C1, or directional formatting. 0: there is none. */
static size_t control_at(const unsigned char *at, size_t len)
{
    if ((*at < 0x20 && *at != '\t' && *at != '\n' && *at != '\r') || *at == 0x7F)
        return 1;
    if (len >= 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F)
        return 2;
    bool direction = len >= 3 && at[0] == 0xE2 &&
                     ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) ||
                      (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9));
    return direction ? 3 : 0;
}

/* The number of bytes to escape at this place; updates the state of the line. */
static size_t unsafe_at(struct cli_output *output, const char *at, size_t len)
{
    char c = *at;
    bool ours = output->guard == CLI_GUARD_COMMANDS;
    bool colon = c == ':' && !output->in_line && !ours;
    bool command = (colon && output->held == 1) || (c == '[' && output->held >= 2);
    output->held = c == '#' || (colon && !command) ? output->held + 1 : 0;
    if (c == '\n' || c == '\r')
        output->in_line = false;
    else if (c != ' ' && c != '\t' && !(colon && !command))
        output->in_line = true;
    if (command)
        return 1;
    return output->guard == CLI_GUARD_CELLS ? control_at((const unsigned char *)at, len) : 0;
}

/* Writes so that a runner takes no line for a command: escapes the second colon at the beginning of
 * a line, and the bracket of `##[`. */
static enum ov_status write_guarded(struct cli_output *output, const char *data, size_t len,
                                    struct ov_error *err)
{
    enum ov_status status = OV_OK;
    size_t from = 0;
    for (size_t i = 0; i < len && status == OV_OK; i++) {
        size_t unsafe = unsafe_at(output, data + i, len - i);
        if (unsafe == 0)
            continue;
        status = write_bytes(output, data + from, i - from, err);
        for (size_t k = 0; k < unsafe && status == OV_OK; k++) {
            char escape[8];
            int length = snprintf(escape, sizeof escape, "\\x%02X", (unsigned char)data[i + k]);
            status = write_bytes(output, escape, (size_t)length, err);
        }
        i += unsafe - 1;
        from = i + 1;
    }
    return status == OV_OK ? write_bytes(output, data + from, len - from, err) : status;
}

static enum ov_status write_all(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct cli_output *output = ctx;
    return output->guard ? write_guarded(output, data, len, err)
                         : write_bytes(output, data, len, err);
}

void cli_output_guard(struct cli_output *output, enum cli_guard guard)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    struct stat about;
    bool logged = !output->path && fstat(output->fd, &about) == 0 && !S_ISREG(about.st_mode) &&
                  actions && strcmp(actions, "true") == 0;
    if (logged || (guard == CLI_GUARD_CELLS && !output->path && isatty(output->fd)))
        output->guard = guard;
}

static bool fail_open(struct cli_output *output)
{
    cli_fail("cannot write `%s`: %s", output->path, strerror(errno));
    free(output->temporary);
    free(output->target);
    output->temporary = output->target = NULL;
    output->fd = -1;
    return false;
}

void cli_output_standard(struct cli_output *output, int fd)
{
    *output = (struct cli_output){.fd = fd};
    output->sink = (struct ov_sink){write_all, output};
}

/* The names of a file's extended attributes, including POSIX ACLs, each followed by NUL. False if
 * they cannot be read. The caller frees *names in either case. */
static bool list_attributes(int fd, char **names, size_t *len)
{
    *names = NULL;
    *len = 0;
    ssize_t need = flistxattr(fd, NULL, 0);
    if (need < 0)
        return errno == ENOTSUP;
    if (need == 0)
        return true;
    *names = malloc((size_t)need);
    ssize_t got = *names ? flistxattr(fd, *names, (size_t)need) : -1;
    *len = got < 0 ? 0 : (size_t)got;
    return got >= 0;
}

/* The value of an attribute; NULL if it cannot be read. The caller frees it. */
static char *attribute(int fd, const char *name, size_t *len)
{
    ssize_t need = fgetxattr(fd, name, NULL, 0);
    char *value = need < 0 ? NULL : malloc((size_t)need + 1);
    ssize_t got = value ? fgetxattr(fd, name, value, (size_t)need) : -1;
    *len = got < 0 ? 0 : (size_t)got;
    if (got >= 0)
        return value;
    free(value);
    return NULL;
}

/* Copies an attribute to the second file, unless it has the same value already. */
static bool copy_attribute(int from, int to, const char *name)
{
    size_t len, have;
    char *value = attribute(from, name, &len), *there = attribute(to, name, &have);
    bool fine = value && ((there && have == len && memcmp(value, there, len) == 0) ||
                          fsetxattr(to, name, value, len, 0) == 0);
    free(value);
    free(there);
    return fine;
}

/* Makes the ACL and extended attributes of the second file equal to those of the first. */
static bool copy_attributes(int from, int to)
{
    char *names, *extra;
    size_t len, extra_len;
    bool fine = list_attributes(to, &extra, &extra_len);
    for (size_t i = 0; fine && i < extra_len; i += strlen(extra + i) + 1)
        if (fgetxattr(from, extra + i, NULL, 0) < 0) /* such as the folder's default ACL */
            fine = fremovexattr(to, extra + i) == 0;
    free(extra);
    fine = list_attributes(from, &names, &len) && fine;
    for (size_t i = 0; fine && i < len; i += strlen(names + i) + 1)
        fine = copy_attribute(from, to, names + i);
    free(names);
    return fine;
}

/* Gives the new file the owner, group, ACL and attributes of the existing one; returns whether all
 * could be set. */
static bool keep_all(const struct cli_output *output, const struct stat *there)
{
    struct stat now;
    int fd = open(output->target, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool owned = fchown(output->fd, there->st_uid, there->st_gid) == 0 ||
                 (fstat(output->fd, &now) == 0 && now.st_uid == there->st_uid &&
                  now.st_gid == there->st_gid);
    bool fine = fd >= 0 && copy_attributes(fd, output->fd);
    if (fd >= 0)
        close(fd);
    errno = 0; /* not an error here: output->keeps records it */
    return owned && fine;
}

bool cli_output_open(struct cli_output *output, const char *path)
{
    struct stat about;
    cli_output_standard(output, STDOUT_FILENO);
    if (!path || strcmp(path, "-") == 0)
        return true;
    output->path = path;
    bool exists = stat(path, &about) == 0;
    if (exists && !S_ISREG(about.st_mode)) { /* do not replace a device or pipe */
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output->fd >= 0 || fail_open(output);
    }
    static const char suffix[] = ".orgvet-XXXXXX";
    if (exists) /* replace the target of a symbolic link, not the link */
        output->target = realpath(path, NULL);
    const char *target = output->target ? output->target : path;
    output->temporary = malloc(strlen(target) + sizeof suffix);
    if (!output->temporary) {
        errno = ENOMEM;
        return fail_open(output);
    }
    strcpy(output->temporary, target);
    strcat(output->temporary, suffix);
    output->fd = mkstemp(output->temporary);
    if (output->fd < 0)
        return fail_open(output);
    remember(output->temporary);
    mode_t mask = umask(0);
    umask(mask);
    output->keeps = !output->target || keep_all(output, &about);
    if (fchmod(output->fd, exists ? about.st_mode & 07777 : 0666 & ~mask) != 0) {
        int reason = errno;
        unlink(output->temporary);
        forget(output->temporary);
        close(output->fd);
        errno = reason;
        return fail_open(output);
    }
    return true;
}

bool cli_output_append(struct cli_output *output, const char *path)
{
    cli_output_standard(output, -1);
    output->path = path;
    output->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    return output->fd >= 0 || fail_open(output);
}

/* Makes a rename survive a power failure; ignores errors of file systems that cannot sync
 * folders. */
static void sync_folder(const char *path)
{
    char *copy = strdup(path);
    int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(copy);
}

/* Whether the existing file is still the one that was read; false after a message. */
static bool is_as_before(struct cli_output *output)
{
    struct stat now;
    const struct stat *before = output->before;
    if (!before || (stat(output->path, &now) == 0 && now.st_dev == before->st_dev &&
                    now.st_ino == before->st_ino && now.st_size == before->st_size &&
                    now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
                    now.st_mtim.tv_nsec == before->st_mtim.tv_nsec))
        return true;
    cli_fail("`%s` was changed by someone else in the meantime; nothing was written, start again",
             output->path);
    output->failed = true;
    return false;
}

bool cli_output_close(struct cli_output *output, bool keep)
{
    if (!output->path)
        return !output->failed;
    bool fine = !output->failed && keep;
    if (output->fd >= 0 && output->temporary && fine && fsync(output->fd) != 0)
        fine = false;
    if (output->fd >= 0 && close(output->fd) != 0)
        fine = false;
    fine = fine && is_as_before(output);
    if (output->temporary && fine &&
        rename(output->temporary, output->target ? output->target : output->path) != 0)
        fine = false;
    if (output->temporary && fine)
        sync_folder(output->target ? output->target : output->path);
    if (!fine && keep && !output->failed)
        cli_fail("cannot write `%s`: %s", output->path, strerror(errno));
    if (output->temporary && !fine)
        unlink(output->temporary);
    if (output->temporary)
        forget(output->temporary);
    free(output->temporary);
    free(output->target);
    output->temporary = output->target = NULL;
    output->fd = -1;
    return fine || !keep;
}
