#define _GNU_SOURCE /* strptime, timegm */
/* cli/cmd_admin.c: `orgvet admin`: users, tokens, services and tenants of an import service. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/store.h"

enum { VALUES = 64 /* most uses of a repeatable option */ };

/* One administrative operation on the store. */
struct call {
    const struct cli_args *args;
    struct ov_store *store;
    const char *name; /* borrowed: the operand after the verb; NULL: none */
    struct ov_error err;
};

static size_t values_of(const struct cli_args *args, enum cli_option_id id, const char **values)
{
    size_t count = 0;
    for (size_t i = 0; i < args->option_count; i++)
        if (args->options[i].id == id && count < VALUES)
            values[count++] = args->options[i].value;
    return count;
}

/* *seconds: the time of --valid-until (ISO 8601 in UTC) since the epoch, at least 1; 0: not given.
 * False after a message. */
static bool valid_until(const struct cli_args *args, int64_t *seconds)
{
    static const char *const formats[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ",
                                          "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"};
    const char *value = cli_value(args, OPT_VALID_UNTIL, NULL);
    *seconds = 0;
    for (size_t i = 0; value && i < sizeof formats / sizeof *formats; i++) {
        struct tm when = {0}, same;
        const char *end = strptime(value, formats[i], &when);
        if (!end || *end)
            continue;
        struct tm normal = when; /* timegm turns 30 February into 2 March */
        time_t until = timegm(&normal);
        if (!gmtime_r(&until, &same) || same.tm_mday != when.tm_mday ||
            same.tm_hour != when.tm_hour)
            break;
        *seconds = until > 1 ? (int64_t)until : 1;
        if (until <= time(NULL))
            cli_note("`--valid-until %s` is in the past: the token would never be valid", value);
        return true;
    }
    if (value)
        cli_fail(
            "`--valid-until %s` is not a valid time: use 2030-01-31 or 2030-01-31T12:00:00Z (UTC)",
            value);
    return !value;
}

/* The first line of a password file; *password is a view of it. The caller frees the result; NULL
 * after a message. */
static char *read_password(const char *path, struct ov_text *password)
{
    size_t len;
    char *text = cli_read_file(path, 4096, &len);
    if (!text)
        return NULL;
    const char *end = memchr(text, '\n', len);
    if (end)
        len = (size_t)(end - text);
    if (len && text[len - 1] == '\r')
        len--;
    *password = (struct ov_text){text, len};
    if (len)
        return text;
    cli_fail("no password on the first line of `%s`", path);
    free(text);
    return NULL;
}

static enum ov_status user_add(struct call *call)
{
    const struct cli_args *args = call->args;
    const char *capabilities[VALUES], *path = cli_value(args, OPT_PASSWORD_FILE, NULL);
    size_t count = values_of(args, OPT_CAPABILITY, capabilities);
    bool none = count == 1 && strcmp(capabilities[0], "none") == 0;
    struct ov_user_options options = {
        .username = call->name,
        .first_name = cli_value(args, OPT_FIRST_NAME, NULL),
        .last_name = cli_value(args, OPT_LAST_NAME, NULL),
        .tenant = cli_value(args, OPT_USER_TENANT, NULL),
        .administrator = cli_has(args, OPT_ADMINISTRATOR),
        .capabilities = capabilities,
        .capability_count = none ? 0 : count,
        .default_capabilities = count == 0,
    };
    char *text = path ? read_password(path, &options.password) : NULL;
    if (path && !text)
        return OV_E_OPTION;
    enum ov_status status = ov_admin_user_add(call->store, &options, &call->err);
    free(text);
    return status;
}

static enum ov_status user_remove(struct call *call)
{
    bool suspended = false;
    enum ov_status status = ov_admin_user_remove(call->store, call->name, &suspended, &call->err);
    if (status == OV_OK && suspended)
        printf(
            cli_say("`%s` has run imports or exports and is kept for the record: suspended, tokens "
                    "removed\n"),
            call->name);
    return status;
}

static enum ov_status user_password(struct call *call)
{
    struct ov_text password;
    struct ov_user_change change = {.username = call->name, .password = &password};
    const char *path = cli_value(call->args, OPT_PASSWORD_FILE, NULL);
    if (!path) {
        cli_fail("`user password` needs `--password-file FILE` (`-`: standard input)");
        return OV_E_OPTION;
    }
    char *text = read_password(path, &password);
    enum ov_status status =
        text ? ov_admin_user_change(call->store, &change, &call->err) : OV_E_OPTION;
    free(text);
    return status;
}

static enum ov_status user_suspend(struct call *call)
{
    struct ov_user_change change = {.username = call->name, .suspended = OV_SUSPEND};
    return ov_admin_user_change(call->store, &change, &call->err);
}

static enum ov_status user_resume(struct call *call)
{
    struct ov_user_change change = {.username = call->name, .suspended = OV_REACTIVATE};
    return ov_admin_user_change(call->store, &change, &call->err);
}

static enum ov_status token_add(struct call *call)
{
    char token[OV_TOKEN_LENGTH + 1];
    struct ov_token_options options = {.username = cli_value(call->args, OPT_USER, NULL),
                                       .service = cli_value(call->args, OPT_SERVICE, NULL),
                                       .ip = cli_value(call->args, OPT_IP, NULL)};
    if (!options.username) {
        cli_fail("`token add` needs `--user NAME`");
        return OV_E_OPTION;
    }
    if (!valid_until(call->args, &options.valid_until))
        return OV_E_OPTION;
    bool authorised = true;
    enum ov_status status =
        ov_admin_token_add(call->store, &options, token, &authorised, &call->err);
    if (status == OV_OK)
        printf("%s\n", token);
    if (status == OV_OK && !authorised)
        cli_note(
            "`%s` is not authorised for the service `%s`, so the token will be refused until you "
            "run `orgvet admin service allow %s --user %s`",
            options.username, options.service, options.service, options.username);
    return status;
}

static enum ov_status token_remove(struct call *call)
{
    char *end;
    errno = 0;
    long long id = strtoll(call->name, &end, 10);
    if (*end || errno || end == call->name) {
        cli_fail("`%s` is not a token id; `orgvet admin token list` lists the ids", call->name);
        return OV_E_OPTION;
    }
    return ov_admin_token_remove(call->store, id, &call->err);
}

static enum ov_status service_add(struct call *call)
{
    const char *functions[VALUES];
    struct ov_service_entry entry = {
        .name = call->name,
        .functions = functions,
        .function_count = values_of(call->args, OPT_FUNCTION, functions),
        .capability = cli_value(call->args, OPT_CAPABILITY, NULL),
        .everybody = cli_has(call->args, OPT_EVERYBODY),
        .no_uploads = cli_has(call->args, OPT_WITHOUT_UPLOADS),
        .no_downloads = cli_has(call->args, OPT_WITHOUT_DOWNLOADS),
    };
    return ov_admin_service_add(call->store, &entry, &call->err);
}

static enum ov_status service_remove(struct call *call)
{
    return ov_admin_service_remove(call->store, call->name, &call->err);
}

static enum ov_status allow(struct call *call, bool yes)
{
    int64_t until;
    const char *user = cli_value(call->args, OPT_USER, NULL);
    if (!user) {
        cli_fail("`service %s` needs `--user NAME`", yes ? "allow" : "disallow");
        return OV_E_OPTION;
    }
    if (!valid_until(call->args, &until))
        return OV_E_OPTION;
    return ov_admin_service_allow(call->store, call->name, user, yes,
                                  cli_value(call->args, OPT_IP, NULL), until, &call->err);
}

static enum ov_status service_allow(struct call *call)
{
    return allow(call, true);
}

static enum ov_status service_disallow(struct call *call)
{
    return allow(call, false);
}

static enum ov_status tenant_add(struct call *call)
{
    int64_t id;
    enum ov_status status = ov_admin_tenant_add(
        call->store, call->name, cli_value(call->args, OPT_IDNUMBER, NULL), &id, &call->err);
    if (status == OV_OK)
        printf("%lld\n", (long long)id);
    return status;
}

static enum ov_status tenant_remove(struct call *call)
{
    return ov_admin_tenant_remove(call->store, call->name, &call->err);
}

static enum ov_status tenant_limit(struct call *call)
{
    size_t digits = strspn(call->name, "0123456789");
    if (digits == 0 || digits > 9 || call->name[digits]) {
        cli_fail("`tenant limit` needs a number (0: no limit)");
        return OV_E_OPTION;
    }
    return ov_admin_tenant_limit(call->store, strtoll(call->name, NULL, 10), &call->err);
}

static enum ov_status list(struct call *call, enum ov_admin_list what)
{
    const struct ov_sink out = cli_sink(stdout);
    return ov_admin_list(call->store, what, &out, &call->err);
}

static enum ov_status user_list(struct call *call)
{
    return list(call, OV_LIST_USERS);
}

static enum ov_status token_list(struct call *call)
{
    return list(call, OV_LIST_TOKENS);
}

static enum ov_status service_list(struct call *call)
{
    return list(call, OV_LIST_SERVICES);
}

static enum ov_status tenant_list(struct call *call)
{
    return list(call, OV_LIST_TENANTS);
}

static enum ov_status framework_list(struct call *call)
{
    return list(call, OV_LIST_FRAMEWORKS);
}

static const struct {
    const char *what, *verb;
    bool named; /* takes one operand */
    enum ov_status (*run)(struct call *call);
} calls[] = {
    {"user", "add", true, user_add},
    {"user", "remove", true, user_remove},
    {"user", "password", true, user_password},
    {"user", "suspend", true, user_suspend},
    {"user", "resume", true, user_resume},
    {"user", "list", false, user_list},
    {"token", "add", false, token_add},
    {"token", "remove", true, token_remove},
    {"token", "list", false, token_list},
    {"service", "add", true, service_add},
    {"service", "remove", true, service_remove},
    {"service", "list", false, service_list},
    {"service", "allow", true, service_allow},
    {"service", "disallow", true, service_disallow},
    {"tenant", "add", true, tenant_add},
    {"tenant", "remove", true, tenant_remove},
    {"tenant", "list", false, tenant_list},
    {"tenant", "limit", true, tenant_limit},
    {"framework", "list", false, framework_list},
};
enum { CALLS = sizeof calls / sizeof *calls };

int cmd_admin(const struct cli_args *args)
{
    struct call call = {.args = args, .err.language = cli_language()};
    const char *what = args->operand_count > 0 ? args->operands[0] : "";
    const char *verb = args->operand_count > 1 ? args->operands[1] : "";
    size_t index = 0;
    int code = strcmp(what, "store") == 0 ? cli_store_command(args, verb) : -1;
    if (code >= 0)
        return code;
    while (index < CALLS &&
           (strcmp(calls[index].what, what) != 0 || strcmp(calls[index].verb, verb) != 0))
        index++;
    if (index == CALLS)
        return cli_fail(
            "`admin` needs an object, such as user, token, service, tenant or store, and an action, "
            "such as add, remove, list or check; `man orgvet-admin` lists them all");
    if (args->operand_count != 2u + calls[index].named)
        return cli_fail(calls[index].named ? OV_N_("`admin %s %s` needs exactly one name")
                                           : OV_N_("`admin %s %s` takes no arguments"),
                        what, verb);
    call.name = calls[index].named ? args->operands[2] : NULL;
    char *folder = cli_data_folder(args);
    call.store = folder ? cli_store_open(args, folder, NULL) : NULL;
    free(folder);
    if (!call.store)
        return EXIT_FAILED;
    enum ov_status status = calls[index].run(&call);
    ov_store_close(call.store);
    if (status == OV_OK)
        return cli_finish();
    return call.err.status == OV_OK ? EXIT_FAILED : cli_fail("%s", call.err.message);
}
