/* cli/cmd_site.c: `orgvet export`, `status`, `log`, `rollback` and `delete`: the other functions of
 * an import service, for scripts. */
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/site.h"

#define EXPORTER "tool_organisation\\tool_wp\\exporter\\orgstructure"

/* Runs a command with a client. The configuration is that of the working folder. */
static int with_client(const struct cli_args *args,
                       int (*run)(struct ov_client *client, const struct cli_args *args))
{
    struct cli_choices choices = {.args = args};
    const struct cli_choice *choice = cli_choice_for(&choices, ".");
    struct ov_client *client = choice ? cli_client(&choices, &choice->args) : NULL;
    int code = client ? run(client, args) : EXIT_FAILED;
    ov_client_free(client);
    cli_choices_deinit(&choices);
    return code;
}

/* --- export --- */

/* Writes the settings of an export as JSON; false after a message. The caller frees text->ptr. */
static bool export_settings(const struct cli_args *args, struct cli_text *text)
{
    const char *before = "\"";
    cli_text_put(text, "{\"export_instances\":\"");
    cli_text_put(text, cli_value(args, OPT_INSTANCES, "all"));
    cli_text_put(text, "\",\"select_frameworks\":[");
    for (size_t i = 0; i < args->option_count; i++) {
        const char *value = args->options[i].value;
        if (args->options[i].id != OPT_FRAMEWORK)
            continue;
        if (strpbrk(value, "\"\\")) {
            cli_fail("`%s` is not a valid framework id", value);
            return false;
        }
        cli_text_put(text, before);
        cli_text_put(text, value);
        cli_text_put(text, "\"");
        before = ",\"";
    }
    cli_text_put(text, "]}");
    if (text->failed)
        cli_fail("out of memory");
    return !text->failed;
}

static int download(struct ov_client *client, const struct cli_args *args, int64_t id)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    char *name = NULL, chosen[80];
    const char *path = cli_value(args, OPT_EXPORT_OUTPUT, NULL);
    if (!path) { /* do not trust a file name from the service: generate an equivalent one */
        snprintf(chosen, sizeof chosen, "organisation-structure-export-%lld.zip", (long long)id);
        path = chosen;
    }
    if (!cli_output_open(&output, path))
        return EXIT_FAILED;
    enum ov_status status = ov_client_download(client, id, &output.sink, &name, &err);
    free(name);
    if (!cli_output_close(&output, status == OV_OK))
        return EXIT_FAILED;
    if (status != OV_OK)
        return cli_client_fail(&err);
    if (strcmp(path, "-") != 0)
        printf("%s\n", path);
    return cli_finish();
}

static int run_export(struct ov_client *client, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    struct cli_text settings = {0};
    if (!export_settings(args, &settings)) {
        free(settings.ptr);
        return EXIT_FAILED;
    }
    struct ov_client_work work = {.is_export = true,
                                  .kind = ov_text_of(EXPORTER),
                                  .settings = {settings.ptr, settings.len},
                                  .tenant = cli_value(args, OPT_SITE_TENANT, NULL),
                                  .notenant = cli_has(args, OPT_NOTENANT)};
    enum ov_status status = ov_client_schedule(client, &work, &id, &err);
    free(settings.ptr);
    if (status != OV_OK)
        return cli_client_fail(&err);
    int code = cli_wait(client, args, true, id);
    if (code == EXIT_REFUSED)
        cli_fail("export %lld was not completed", (long long)id);
    return code == EXIT_FINE ? download(client, args, id) : code;
}

int cmd_export(const struct cli_args *args)
{
    if (args->operand_count)
        return cli_fail("`export` takes no arguments; specify the file with `--output`");
    return with_client(args, run_export);
}

/* --- status, log, rollback, delete --- */

static int run_status(struct ov_client *client, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    struct ov_client_status status;
    int64_t id;
    if (!cli_id_operand(args, &id))
        return EXIT_FAILED;
    if (ov_client_status(client, cli_has(args, OPT_IS_EXPORT), id, &status, &err) != OV_OK)
        return cli_client_fail(&err);
    printf("{\"status\":%lld,\"statusstr\":", (long long)status.status);
    cli_put_json(stdout, ov_text_of(status.words));
    printf(",\"progress\":%lld}\n", (long long)status.progress);
    return cli_finish();
}

int cmd_status(const struct cli_args *args)
{
    return with_client(args, run_status);
}

static int run_log(struct ov_client *client, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    if (!cli_id_operand(args, &id))
        return EXIT_FAILED;
    if (!cli_print_log(client, id, &err))
        return cli_client_fail(&err);
    return cli_finish();
}

int cmd_log(const struct cli_args *args)
{
    return with_client(args, run_log);
}

static int run_rollback(struct ov_client *client, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id, items, frameworks;
    if (!cli_id_operand(args, &id))
        return EXIT_FAILED;
    if (ov_client_roll_back(client, id, &items, &frameworks, &err) != OV_OK)
        return cli_client_fail(&err);
    printf(cli_say("undone; items removed: %lld, frameworks removed: %lld\n"), (long long)items,
           (long long)frameworks);
    return cli_finish();
}

int cmd_rollback(const struct cli_args *args)
{
    return with_client(args, run_rollback);
}

static int run_delete(struct ov_client *client, const struct cli_args *args)
{
    struct ov_error err = {.language = cli_language()};
    int64_t id;
    if (!cli_id_operand(args, &id))
        return EXIT_FAILED;
    if (ov_client_delete(client, cli_has(args, OPT_IS_EXPORT), id, &err) != OV_OK)
        return cli_client_fail(&err);
    return EXIT_FINE;
}

int cmd_delete(const struct cli_args *args)
{
    return with_client(args, run_delete);
}
