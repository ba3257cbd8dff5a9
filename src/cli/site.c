/* cli/site.c: what the commands that ask an import service share. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

enum {
    TOKEN_MAX = 1024,
    WAIT_SECONDS = 3600,
    FIRST_POLL_MS = 200,
    LAST_POLL_MS = 5000,
};

int cli_client_fail(const struct ov_error *err)
{
    cli_fail("%s", err->message);
    return err->status == OV_E_NETWORK   ? EXIT_NETWORK
           : err->status == OV_E_REFUSED ? EXIT_REFUSED
                                         : EXIT_FAILED;
}

/* The command line, then the environment, then the configuration. */
static const char *site_of(const struct cli_args *args)
{
    const char *configured = NULL, *environment = getenv("ORGVET_SITE");
    for (size_t i = args->option_count; i-- > 0;) {
        if (args->options[i].id != OPT_SITE)
            continue;
        if (!args->options[i].origin)
            return args->options[i].value;
        if (!configured)
            configured = args->options[i].value;
    }
    return environment && *environment ? environment : configured;
}

/* Reads the token's file into text, without what stands behind its first line. */
static bool read_token(const char *path, char text[TOKEN_MAX])
{
    struct stat about;
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) {
        cli_fail("cannot read the token file `%s`: %s", path, strerror(errno));
        return false;
    }
    bool open_to_others = !standard && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0;
    size_t len = 0;
    ssize_t got = 1;
    while (!open_to_others && len < TOKEN_MAX - 1 && got > 0)
        if ((got = read(fd, text + len, TOKEN_MAX - 1 - len)) > 0)
            len += (size_t)got;
    if (!standard)
        close(fd);
    text[len] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    if (open_to_others)
        cli_fail("others can read the token file `%s`: `chmod 600 %s` mends that", path, path);
    else if (got < 0)
        cli_fail("cannot read the token file `%s`: %s", path, strerror(errno));
    else if (!*text)
        cli_fail("the token file `%s` is empty", path);
    return !open_to_others && got >= 0 && *text;
}

struct ov_client *cli_client(const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    char text[TOKEN_MAX];
    const char *site = site_of(args), *path = cli_value(args, OPT_TOKEN_FILE, NULL);
    const char *token = getenv("ORGVET_TOKEN");
    if (!site) {
        cli_fail("which import service? Name its address by --site, ORGVET_SITE or `site` in "
                 "orgvet.json");
        return NULL;
    }
    if (path && !read_token(path, text))
        return NULL;
    if (path)
        token = text;
    if (!token || !*token) {
        cli_fail("a token is needed: name a file that holds it by --token-file, or set "
                 "ORGVET_TOKEN");
        return NULL;
    }
    struct ov_client_options options = {.site = site,
                                        .token = token,
                                        .insecure_http = cli_has(args, OPT_INSECURE_HTTP),
                                        .language = cli_language()};
    struct ov_client *client = ov_client_new(&options, &err);
    if (!client)
        cli_fail("%s", err.message);
    return client;
}

static enum ov_status put(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    struct cli_text *text = ctx;
    char *grown = text->failed ? NULL : realloc(text->ptr, text->len + len + 1);
    if (!grown) {
        text->failed = true;
        if (err)
            *err = (struct ov_error){.status = OV_E_MEMORY, .message = "out of memory"};
        return OV_E_MEMORY;
    }
    memcpy(grown + text->len, data, len);
    text->ptr = grown;
    text->len += len;
    text->ptr[text->len] = '\0';
    return OV_OK;
}

void cli_text_put(struct cli_text *text, const char *more)
{
    (void)!put(text, more, strlen(more), NULL); /* text->failed tells */
}

struct ov_sink cli_text_sink(struct cli_text *text)
{
    return (struct ov_sink){put, text};
}

bool cli_id_operand(const struct cli_args *args, int64_t *id)
{
    const char *text = args->operand_count == 1 ? args->operands[0] : "";
    size_t digits = strspn(text, "0123456789");
    *id = digits && digits < 18 && !text[digits] ? strtoll(text, NULL, 10) : 0;
    if (*id == 0)
        cli_fail("an id is needed: the number that scheduling gave");
    return *id != 0;
}

static void draw(const struct ov_client_status *status, bool is_export, int64_t id, bool clear)
{
    if (!isatty(STDERR_FILENO))
        return;
    char bar[21];
    int full = status->progress < 0 ? 0 : status->progress > 100 ? 20 : (int)(status->progress / 5);
    for (int i = 0; i < 20; i++)
        bar[i] = i < full ? '#' : '.';
    bar[20] = '\0';
    if (clear)
        fprintf(stderr, "\r\033[K");
    else
        fprintf(stderr, "\r\033[K%s %lld [%s] %s", cli_say(is_export ? "export" : "import"),
                (long long)id, bar, cli_say(status->words));
}

int cli_wait(struct ov_client *client, const struct cli_args *args, bool is_export, int64_t id)
{
    struct ov_client_status status = {0};
    struct ov_error err = {.language = cli_language()};
    uint64_t seconds;
    if (!cli_number(args, OPT_TIMEOUT, WAIT_SECONDS, &seconds))
        return EXIT_FAILED;
    uint64_t until = cli_now_ms() + (seconds < 1000000 ? seconds : 1000000) * 1000;
    for (long pause = FIRST_POLL_MS;; pause = pause * 3 / 2) {
        if (ov_client_status(client, is_export, id, &status, &err) != OV_OK)
            return cli_client_fail(&err);
        draw(&status, is_export, id, status.ended);
        if (status.ended)
            return status.good ? EXIT_FINE : EXIT_REFUSED;
        if (cli_now_ms() >= until) {
            draw(&status, is_export, id, true);
            cli_fail(
                "after %llu seconds it is still `%s`; it goes on there: `orgvet status %lld%s` "
                "tells how far it is",
                (unsigned long long)seconds, cli_say(status.words), (long long)id,
                is_export ? " --export" : "");
            return EXIT_REFUSED;
        }
        if (pause > LAST_POLL_MS)
            pause = LAST_POLL_MS;
        nanosleep(&(struct timespec){pause / 1000, pause % 1000 * 1000000}, NULL);
    }
}

/* Prints a text of the service's: without what a terminal would act on. */
static void put_text(struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++)
        putchar((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F ? ' ' : text.ptr[i]);
}

static bool print_entry(void *ctx, const struct ov_client_entry *entry)
{
    (void)ctx;
    put_text(entry->level);
    if (entry->code.len) {
        putchar('[');
        put_text(entry->code);
        putchar(']');
    }
    if (entry->line)
        printf(" %lld:%lld", (long long)entry->line, (long long)entry->column);
    else if (entry->row)
        printf(" row %lld", (long long)entry->row);
    fputs(": ", stdout);
    put_text(entry->message);
    putchar('\n');
    return !ferror(stdout);
}

bool cli_print_log(struct ov_client *client, int64_t import, struct ov_error *err)
{
    return ov_client_log(client, import, print_entry, NULL, err) == OV_OK;
}

static uint64_t size_of(const struct cli_input *input)
{
    struct stat about;
    int fd = input->seekable ? input->fd : input->spool ? fileno(input->spool) : -1;
    return fd >= 0 && fstat(fd, &about) == 0 ? (uint64_t)about.st_size : 0;
}

int cli_upload(struct ov_client *client, struct cli_input *input, int64_t *item, char sha256[65])
{
    struct ov_error err = {.language = cli_language()};
    const char *slash = strrchr(input->name, '/');
    struct ov_client_file file = {
        .name = slash ? slash + 1 : input->name, .source = &input->source, .size = size_of(input)};
    if (strcmp(file.name, "<stdin>") == 0)
        file.name = "stdin.csv";
    if (!cli_can_read_again(input))
        return EXIT_FAILED;
    if (ov_client_upload(client, &file, item, sha256, &err) != OV_OK)
        return cli_client_fail(&err);
    return EXIT_FINE;
}
