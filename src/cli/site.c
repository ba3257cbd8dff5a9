/* cli/site.c: what the commands that use an import service share: site, token, waiting, log and
 * upload. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/site.h"
#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/discover.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/vet.h"

enum {
    TOKENS_MAX = 64 * 1024, /* size of the token file in bytes */
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

/* --- which site, and which token --- */

/* Whether two addresses are the same site, ignoring case and trailing slashes. */
static bool same_site(const char *a, const char *b)
{
    size_t a_len = strlen(a), b_len = strlen(b);
    while (a_len && a[a_len - 1] == '/')
        a_len--;
    while (b_len && b[b_len - 1] == '/')
        b_len--;
    return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

/* The site and token, before anything is sent. */
struct address {
    const char *site;   /* chosen by the user; NULL: none */
    const char *found;  /* named only by a file's configuration; NULL: none */
    const char *origin; /* where `found` was set */
    char tokens[TOKENS_MAX];
    const char *token; /* borrowed from `tokens` or the environment; NULL: none */
    char own[1024];    /* the site, if the user's own configuration names it */
};

/* Finds the site that the user chose: on the command line, in the environment, or in their own
 * configuration. Also notes one that a file's configuration names, which is not enough. False after
 * a message. */
static bool find_site(struct address *address, struct cli_choices *choices,
                      const struct cli_args *args)
{
    const char *environment = getenv("ORGVET_SITE");
    struct cli_config *own;
    struct ov_config_value value;
    for (size_t i = args->option_count; i-- > 0;) {
        const struct cli_given *given = &args->options[i];
        if (given->id == OPT_SITE && !given->origin && !address->site)
            address->site = given->value;
        if (given->id == OPT_SITE && given->origin && !given->own && !address->found) {
            address->found = given->value;
            address->origin = given->origin;
        }
    }
    if (!address->site && environment && *environment)
        address->site = environment;
    if (address->site)
        return true;
    if (!cli_own_config(choices, &own))
        return false;
    for (size_t at = 0; own && ov_config_next(own->config, 0, &at, &value);)
        if (value.key == OV_CONFIG_SITE) {
            snprintf(address->own, sizeof address->own, "%.*s", (int)value.text.len,
                     value.text.ptr);
            address->site = address->own;
        }
    return true;
}

/* Reads the token file into text as a string; false after a message. */
static bool read_tokens(const char *path, char text[TOKENS_MAX])
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
    while (!open_to_others && len < TOKENS_MAX - 1 && got > 0)
        if ((got = read(fd, text + len, TOKENS_MAX - 1 - len)) > 0)
            len += (size_t)got;
    if (!standard)
        close(fd);
    text[len] = '\0';
    if (open_to_others)
        cli_fail("other users can read the token file `%s`; to fix this, run `chmod 600 %s`", path,
                 path);
    else if (got < 0)
        cli_fail("cannot read the token file `%s`: %s", path, strerror(errno));
    else if (len == TOKENS_MAX - 1)
        cli_fail("`%s` is too large", path);
    return !open_to_others && got >= 0 && len < TOKENS_MAX - 1;
}

/* A line of the token file: `SITE TOKEN`, or `TOKEN` for any site. */
struct token_line {
    char *site; /* NULL: any */
    char *token;
};
enum { TOKEN_LINES = 256 };

/* Splits the text, which the lines borrow, in place; returns the number of lines. */
static size_t split_tokens(char *text, struct token_line lines[TOKEN_LINES])
{
    size_t count = 0;
    char *line;
    while (count < TOKEN_LINES && (line = strtok_r(text, "\r\n", &text))) {
        char *at = line, *first = strtok_r(at, " \t", &at);
        char *second = first ? strtok_r(at, " \t", &at) : NULL;
        if (first)
            lines[count++] =
                second ? (struct token_line){first, second} : (struct token_line){NULL, first};
    }
    return count;
}

/* Chooses the token for the site. If no site was named, the only line with a site names it. */
static void choose_token(struct address *address)
{
    struct token_line lines[TOKEN_LINES];
    size_t count = split_tokens(address->tokens, lines), sites = 0;
    const char *meant = address->site ? address->site : address->found;
    const struct token_line *any = NULL, *only = NULL;
    for (size_t i = 0; i < count && !address->token; i++) {
        if (!lines[i].site) {
            any = any ? any : &lines[i];
        } else if (meant && same_site(meant, lines[i].site)) {
            address->site = meant;
            address->token = lines[i].token;
        } else {
            only = sites++ == 0 ? &lines[i] : NULL;
        }
    }
    if (!meant && only) {
        address->site = only->site;
        address->token = only->token;
    } else if (!address->token && address->site && any) {
        address->token = any->token;
    }
}

/* Reports why there is no site. */
static void fail_site(const struct address *address)
{
    if (address->found)
        cli_fail("%s: the site `%s` is set only in a file's configuration, which is not enough to "
                 "send it a token; if it is the right site, add `--site %s`",
                 address->origin, address->found, address->found);
    else
        cli_fail(
            "no import service given; set its address with --site, ORGVET_SITE or `site` in your "
            "own orgvet.json");
}

struct ov_client *cli_client(struct cli_choices *choices, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    struct address address = {0};
    const char *path = cli_value(args, OPT_TOKEN_FILE, NULL), *token = getenv("ORGVET_TOKEN");
    if (!find_site(&address, choices, args) || (path && !read_tokens(path, address.tokens)))
        return NULL;
    if (path)
        choose_token(&address);
    else if (token && *token)
        address.token = token;
    if (!address.site) {
        fail_site(&address);
        return NULL;
    }
    if (!address.token && path)
        cli_fail("the token file `%s` has no token for `%s`", path, address.site);
    else if (!address.token)
        cli_fail("a token is required: specify a file that contains it with `--token-file`, or set "
                 "`ORGVET_TOKEN`");
    if (!address.token)
        return NULL;
    struct ov_client_options options = {.site = address.site,
                                        .token = address.token,
                                        .insecure_http = cli_has(args, OPT_INSECURE_HTTP),
                                        .language = cli_language()};
    struct ov_client *client = ov_client_new(&options, &err);
    if (client)
        cli_note("site: %s", address.site);
    else
        cli_fail("%s", err.message);
    return client;
}

/* --- texts --- */

static enum ov_status append_text(void *ctx, const char *data, size_t len, struct ov_error *err)
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
    (void)!append_text(text, more, strlen(more), NULL); /* text->failed reports it */
}

struct ov_sink cli_text_sink(struct cli_text *text)
{
    return (struct ov_sink){append_text, text};
}

bool cli_id_operand(const struct cli_args *args, int64_t *id)
{
    const char *text = args->operand_count == 1 ? args->operands[0] : "";
    size_t digits = strspn(text, "0123456789");
    *id = digits && digits < 18 && !text[digits] ? strtoll(text, NULL, 10) : 0;
    if (*id == 0)
        cli_fail("an id is required: the number printed when the import or export was scheduled");
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
        fprintf(stderr, "\r\033[K%s %lld [%s] ", cli_say(is_export ? "export" : "import"),
                (long long)id, bar);
    if (!clear)
        cli_put_escaped(stderr, ov_text_of(cli_say(status->words)));
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
            cli_fail("after %llu seconds the status is still `%s`; the work continues on the site: "
                     "`orgvet status %lld%s` shows its progress",
                     (unsigned long long)seconds, cli_say(status.words), (long long)id,
                     is_export ? " --export" : "");
            return EXIT_REFUSED;
        }
        if (pause > LAST_POLL_MS)
            pause = LAST_POLL_MS;
        nanosleep(&(struct timespec){pause / 1000, pause % 1000 * 1000000}, NULL);
    }
}

/* Prints an entry, escaped and guarded: texts of a service must not be commands to a terminal or a
 * runner. */
static bool print_entry(void *ctx, const struct ov_client_entry *entry)
{
    struct cli_output *output = ctx;
    char *text = NULL;
    size_t len = 0;
    FILE *line = open_memstream(&text, &len);
    if (!line)
        return false;
    fprintf(line, entry->code.len ? "%.*s[%.*s]" : "%.*s", (int)entry->level.len, entry->level.ptr,
            (int)entry->code.len, entry->code.ptr);
    if (entry->line)
        fprintf(line, " %lld:%lld", (long long)entry->line, (long long)entry->column);
    else if (entry->row)
        fprintf(line, cli_say(" row %lld"), (long long)entry->row);
    fprintf(line, ": %.*s", (int)entry->message.len, entry->message.ptr);
    bool fine = fclose(line) == 0 &&
                ov_write_escaped(&output->sink, (struct ov_text){text, len}, NULL) == OV_OK &&
                output->sink.write(output, "\n", 1, NULL) == OV_OK;
    free(text);
    return fine;
}

bool cli_print_log(struct ov_client *client, int64_t import, struct ov_error *err)
{
    struct cli_output output;
    fflush(stdout);
    cli_output_standard(&output, STDOUT_FILENO);
    cli_output_guard(&output, CLI_GUARD_TEXT);
    return ov_client_log(client, import, print_entry, &output, err) == OV_OK;
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
