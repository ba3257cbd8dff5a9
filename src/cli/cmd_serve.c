/* cli/cmd_serve.c: `orgvet serve` and `orgvet cron`. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/store.h"
#include "page/page.h"

enum { PEM_MAX = 1 << 20, WORKERS_MOST = 64 };

static void put_line(void *ctx, const char *line, size_t len)
{
    (void)ctx;
    fprintf(stderr, "%.*s\n", (int)len, line); /* one call: lines do not mix */
}

static int back_up(const struct cli_args *args, const char *folder, const char *path)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_store *store = cli_store_open(args, folder, NULL);
    if (!store)
        return EXIT_FAILED;
    enum ov_status status = ov_store_backup(store, path, &err);
    ov_store_close(store);
    return status == OV_OK ? EXIT_FINE : cli_fail("%s", err.message);
}

/* *number: an option's value from 1 to 1000000; 0: not given. False after a message. */
static bool small_number(const struct cli_args *args, enum cli_option_id id, unsigned *number)
{
    uint64_t value;
    if (!cli_number(args, id, 0, &value))
        return false;
    if (value > 1000000 || (value == 0 && cli_has(args, id))) {
        cli_fail("the option `--%s` expects a number from 1 to 1000000", cli_options[id].name);
        return false;
    }
    *number = (unsigned)value;
    return true;
}

static bool cron_seconds(const struct cli_args *args, int64_t *seconds)
{
    uint64_t number;
    const char *value = cli_value(args, OPT_CRON_SECONDS, NULL);
    *seconds = value && strcmp(value, "-1") == 0 ? -1 : 0;
    if (*seconds < 0)
        return true;
    if (!cli_number(args, OPT_CRON_SECONDS, 0, &number))
        return false;
    *seconds = number < 1000000000 ? (int64_t)number : 1000000000;
    return true;
}

static bool read_options(const struct cli_args *args, struct ov_service_options *options)
{
    unsigned lease = 0;
    if (!small_number(args, OPT_LEASE, &lease))
        return false;
    options->lease_seconds = lease;
    if (!small_number(args, OPT_WORKERS, &options->workers))
        return false;
    if (options->workers > WORKERS_MOST) {
        cli_fail("the option `--workers` expects a number from 1 to %d", (int)WORKERS_MOST);
        return false;
    }
    return cron_seconds(args, &options->cron_seconds) &&
           cli_number(args, OPT_MAX_UPLOAD, 0, &options->max_upload) &&
           cli_number(args, OPT_USER_QUOTA, 0, &options->user_quota) &&
           small_number(args, OPT_MAX_CONNECTIONS, &options->max_connections) &&
           small_number(args, OPT_MAX_PER_ADDRESS, &options->max_connections_per_address) &&
           small_number(args, OPT_HEADER_TIMEOUT, &options->header_seconds) &&
           small_number(args, OPT_BODY_TIMEOUT, &options->body_seconds);
}

/* A PEM file as a string, which the caller frees; NULL after a message. */
static char *read_pem(const char *path)
{
    size_t len;
    char *text = cli_read_file(path, PEM_MAX, &len), *string = text ? malloc(len + 1) : NULL;
    if (string) {
        memcpy(string, text, len);
        string[len] = '\0';
    } else if (text) {
        cli_fail("out of memory");
    }
    free(text);
    return string;
}

static void greet(const struct cli_args *args, const struct ov_service *service, const char *folder,
                  bool made)
{
    const char *url = ov_service_url(service), *store = cli_value(args, OPT_STORE, NULL);
    if (made) {
        printf(
            cli_say("A new store was created in %s. The user `admin` has full access; the token is "
                    "in\n%s/admin.token: open %s in a browser and sign in\nwith it, or try it from "
                    "another terminal:\n"),
            folder, folder, url);
        printf("\n"
               "  orgvet submit FILE.csv --site %s --token-file %s/admin.token\n"
               "  curl '%s/webservice/rest/server.php?moodlewsrestformat=json' \\\n"
               "    -d wsfunction=core_webservice_get_site_info -d wstoken=$(cat "
               "%s/admin.token)\n"
               "  orgvet admin --data %s%s%s%s user list\n\n",
               url, folder, url, folder, folder, store ? " --store '" : "", store ? store : "",
               store ? "'" : "");
    }
    printf(cli_say("listening on %s\n"), url);
    fflush(stdout);
}

/* Waits for one of the signals in `ends`, which all threads block (they inherit the mask). */
static void wait_for_end(const sigset_t *ends)
{
    int number;
    while (sigwait(ends, &number) != 0)
        continue;
}

static int serve(const struct cli_args *args, const char *folder,
                 const struct ov_service_options *options)
{
    struct ov_error err = {.language = cli_language()};
    sigset_t ends;
    bool made;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* the file size limit must be an error, not the end */
    struct ov_store *store = cli_store_open(args, folder, &made);
    if (!store)
        return EXIT_FAILED;
    struct ov_service *service = ov_service_new(store, options, &err);
    if (!service) {
        ov_store_close(store);
        return cli_fail("%s", err.message);
    }
    greet(args, service, folder, made);
    wait_for_end(&ends);
    ov_service_free(service);
    ov_store_close(store);
    return EXIT_FINE;
}

/* Where `make install` puts the page without a server, seen from the command. */
static const char offline_page[] = "/share/orgvet/orgvet.html";
enum { OFFLINE_PATH = PATH_MAX + sizeof offline_page };

/* `path`; NULL where that page is not installed. */
static const char *installed_offline_page(char path[OFFLINE_PATH])
{
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX);
    for (int up = 0; up < 2; up++) /* from PREFIX/bin/orgvet to PREFIX */
        while (len > 0 && path[--len] != '/')
            continue;
    if (len < 0)
        return NULL;
    memcpy(path + len, offline_page, sizeof offline_page);
    return access(path, R_OK) == 0 ? path : NULL;
}

int cmd_serve(const struct cli_args *args)
{
    char installed[OFFLINE_PATH];
    struct ov_service_options options = {
        .listen = cli_value(args, OPT_LISTEN, NULL),
        .base_url = cli_value(args, OPT_BASE_URL, NULL),
        .site_name = cli_value(args, OPT_SITE_NAME, NULL),
        .offline_page = cli_value(args, OPT_OFFLINE_PAGE, installed_offline_page(installed)),
        .trust_proxy = cli_has(args, OPT_TRUST_PROXY),
        .namespaced_exceptions = cli_has(args, OPT_NAMESPACED),
        .page = ov_page(),
        .log = put_line,
    };
    const char *cert = cli_value(args, OPT_TLS_CERT, NULL),
               *key = cli_value(args, OPT_TLS_KEY, NULL);
    bool backup = args->operand_count > 0 && strcmp(args->operands[0], "backup") == 0;
    if (args->operand_count && !(backup && args->operand_count == 2))
        return cli_fail("`serve` takes no arguments except `backup FILE`");
    if (!cert != !key)
        return cli_fail("`--tls-cert` and `--tls-key` must be given together");
    if (options.base_url && strncmp(options.base_url, "http://", 7) != 0 &&
        strncmp(options.base_url, "https://", 8) != 0)
        return cli_fail("`--base-url` must begin with http:// or https://");
    if (options.base_url && strlen(options.base_url) > 250)
        return cli_fail("`--base-url` is too long");
    if (options.offline_page && access(options.offline_page, R_OK) != 0)
        return cli_fail("cannot read `%s`: %s", options.offline_page, strerror(errno));
    char *folder = cli_data_folder(args);
    if (!folder)
        return EXIT_FAILED;
    int code = EXIT_FAILED;
    char *cert_text = cert ? read_pem(cert) : NULL;
    char *key_text = cert_text ? read_pem(key) : NULL;
    options.tls_cert = cert_text;
    options.tls_key = key_text;
    if (backup)
        code = back_up(args, folder, args->operands[1]);
    else if (read_options(args, &options) && (!cert || key_text))
        code = serve(args, folder, &options);
    free(cert_text);
    free(key_text);
    free(folder);
    return code;
}

int cmd_cron(const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_cron_result result;
    if (args->operand_count)
        return cli_fail("`cron` takes no arguments");
    char *folder = cli_data_folder(args);
    struct ov_store *store = folder ? cli_store_open(args, folder, NULL) : NULL;
    free(folder);
    if (!store)
        return EXIT_FAILED;
    enum ov_status status = ov_service_cron(store, &result, &err);
    ov_store_close(store);
    if (status != OV_OK)
        return cli_fail("%s", err.message);
    if (result.busy) {
        printf("%s\n", cli_say("another worker is already running; nothing was done"));
        return cli_finish();
    }
    printf(cli_say("imports: %llu completed, %llu with errors; exports: %llu completed, %llu with "
                   "errors\n"),
           (unsigned long long)result.imports_done, (unsigned long long)result.imports_failed,
           (unsigned long long)result.exports_done, (unsigned long long)result.exports_failed);
    return cli_finish();
}
