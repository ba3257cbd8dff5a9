/* cli/vet.c: vets one file as the options specify, for every command that vets. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/sheets.h"
#include "cli/vet.h"
#include "cli/args.h"
#include "cli/input.h"
#include "cli/mapping.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"

enum { PIECE = 128 * 1024, THREADS_MAX = 1024 };

bool cli_color(const struct cli_args *args, int fd, bool *color)
{
    const char *when = cli_value(args, OPT_COLOR, "auto");
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    *color = strcmp(when, "always") == 0;
    if (strcmp(when, "auto") == 0)
        *color = isatty(fd) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
    else if (!*color && strcmp(when, "never") != 0) {
        cli_fail("invalid value `%s` for `--color`: must be auto, always or never", when);
        return false;
    }
    return true;
}

bool cli_is_read(const struct cli_args *args, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, "orgvet.json") == 0)
        return true; /* never overwrite a configuration */
    for (size_t i = 0; i < args->operand_count; i++)
        if (cli_same_file(path, args->operands[i]))
            return true;
    for (size_t i = 0; i < args->option_count; i++) {
        const struct cli_given *given = &args->options[i];
        if (((given->id == OPT_EXISTING || given->id == OPT_AGAINST || given->id == OPT_JOBS_FILE ||
              given->id == OPT_CONFIG_FILE) &&
             cli_same_file(path, given->value)) ||
            (given->id == OPT_SETTINGS && given->value[0] == '@' &&
             cli_same_file(path, given->value + 1)))
            return true;
    }
    return false;
}

bool cli_level(const char *name, int *level)
{
    for (int s = 0; s < OV_SEVERITIES; s++) {
        if (strcmp(name, ov_severity_name((enum ov_severity)s)) == 0) {
            *level = s;
            return true;
        }
    }
    return false;
}

/* Sets the key of --redact and --redact-key, one for all files of a run; false after a message. */
static bool take_key(struct cli_vetting *vetting)
{
    enum { RANDOM = 32, SHORTEST = 16, LONGEST = 64 * 1024 };
    const char *path = cli_value(vetting->args, OPT_REDACT_KEY, NULL);
    size_t len = RANDOM;
    vetting->options.redact = path || cli_has(vetting->args, OPT_REDACT);
    if (!vetting->options.redact)
        return true;
    vetting->key = path ? cli_read_file(path, LONGEST, &len) : malloc(RANDOM);
    if (path && vetting->key && len < SHORTEST) {
        cli_fail("`%s` is too short for a key: with fewer than %d bytes the hashes can be guessed; "
                 "create one with `openssl rand -hex 32 > %s`",
                 path, SHORTEST, path);
        return false;
    }
    if (!path && (!vetting->key || getrandom(vetting->key, RANDOM, 0) != RANDOM)) {
        cli_fail("cannot generate a random key");
        return false;
    }
    vetting->options.redact_key = (struct ov_text){vetting->key, len};
    return vetting->key != NULL;
}

bool cli_vetting_init(struct cli_vetting *vetting, const struct cli_args *args)
{
    struct ov_check_options *options = &vetting->options;
    const char *name = cli_value(args, OPT_IMPORTER, NULL);
    uint64_t depth, threads;
    *vetting = (struct cli_vetting){.args = args};
    if (!cli_read_options(args, &options->read) || !cli_number(args, OPT_MAX_DEPTH, 0, &depth) ||
        !cli_number(args, OPT_THREADS, cli_processors(), &threads))
        return false;
    if (threads == 0 || threads > THREADS_MAX) {
        cli_fail("`--threads` must be from 1 to %d", THREADS_MAX);
        return false;
    }
    if (cli_has(args, OPT_MAX_DEPTH) && (depth == 0 || depth > 1000000000)) {
        cli_fail("`--max-depth` must be from 1 to 1000000000");
        return false;
    }
    options->max_depth = (uint32_t)depth;
    options->threads = (unsigned)threads;
    options->accept_mapping = cli_has(args, OPT_ACCEPT_MAPPING);
    options->require_id = cli_has(args, OPT_REQUIRE_ID);
    if (!take_key(vetting))
        return false;
    const char *comment = cli_value(args, OPT_COMMENT, "");
    if (cli_has(args, OPT_COMMENT) &&
        (comment[0] <= ' ' || comment[0] >= 0x7F || comment[1] != '\0')) {
        cli_fail("`--comment` takes one character, such as `#`");
        return false;
    }
    options->comment = comment[0];
    options->language = cli_language();
    options->single_root = cli_has(args, OPT_SINGLE_ROOT);
    options->importer = name ? ov_importer_find(ov_text_of(name)) : NULL;
    if (name && !options->importer) {
        cli_fail("unknown importer `%s`; it must be positions or departments", name);
        return false;
    }
    return cli_read_existing(args, &vetting->existing);
}

void cli_vetting_deinit(struct cli_vetting *vetting)
{
    cli_ids_deinit(&vetting->existing);
    free(vetting->key);
}

static enum ov_status apply_severity(const char *given, struct ov_check *check,
                                     struct ov_error *err)
{
    struct ov_text code, name;
    int level = 0;
    if (!cli_split(OPT_SEVERITY, given, &code, &name)) {
        err->status = OV_E_IO;
        return OV_E_IO;
    }
    const struct ov_rule *rule = ov_rule_find(code);
    bool off = strcmp(name.ptr, "off") == 0;
    if (rule && (off || cli_level(name.ptr, &level)))
        return ov_check_set_severity(check, rule, off, (enum ov_severity)level, err);
    err->status = OV_E_OPTION;
    const struct ov_rule *near = rule ? NULL : ov_rule_nearest(code);
    if (rule)
        snprintf(err->message, sizeof err->message,
                 "`--severity %s` needs a level: error, warning, info or off", given);
    else if (near)
        snprintf(err->message, sizeof err->message, "unknown rule `%.*s`; did you mean %s (%s)?",
                 (int)code.len, code.ptr, near->code, near->name);
    else
        snprintf(err->message, sizeof err->message,
                 "unknown rule `%.*s`; `orgvet explain` lists those there are", (int)code.len,
                 code.ptr);
    return OV_E_OPTION;
}

int cli_severity(const struct cli_args *args, const char *code)
{
    const struct ov_rule *rule = ov_rule_find(ov_text_of(code));
    int severity = (int)rule->severity;
    for (size_t i = 0; i < args->option_count; i++) {
        struct ov_text name, level;
        if (args->options[i].id != OPT_SEVERITY ||
            !cli_split(OPT_SEVERITY, args->options[i].value, &name, &level) ||
            ov_rule_find(name) != rule)
            continue;
        if (!cli_level(level.ptr, &severity))
            severity = -1;
    }
    return severity;
}

enum ov_status cli_apply_layout(const struct cli_args *args, struct ov_check *check,
                                struct ov_error *err)
{
    static const struct {
        enum cli_option_id id;
        enum ov_layout_key key;
    } layout[] = {
        {OPT_PARENTS, OV_LAYOUT_PARENTS},     {OPT_PATH_SEPARATOR, OV_LAYOUT_SEPARATOR},
        {OPT_FILL_DOWN, OV_LAYOUT_FILL_DOWN}, {OPT_WHERE, OV_LAYOUT_WHERE},
        {OPT_VALID_ON, OV_LAYOUT_VALID_ON},   {OPT_VALID_FROM, OV_LAYOUT_VALID_FROM},
        {OPT_VALID_TO, OV_LAYOUT_VALID_TO},
    };
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < args->option_count && status == OV_OK; i++) {
        struct ov_text value = ov_text_of(args->options[i].value);
        if (args->options[i].id == OPT_ROOT_MARKER)
            status = ov_check_add_root_marker(check, value, err);
        for (size_t k = 0; k < sizeof layout / sizeof *layout && status == OV_OK; k++)
            if (args->options[i].id == layout[k].id)
                status = ov_check_set_layout(check, layout[k].key, value, err);
    }
    return status;
}

/* Applies the rule options to a check. */
static enum ov_status apply_rules(const struct cli_args *args, struct ov_check *check,
                                  struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < args->option_count && status == OV_OK; i++) {
        const struct cli_given *given = &args->options[i];
        struct ov_text field, regex;
        if (given->id == OPT_SEVERITY) {
            status = apply_severity(given->value, check, err);
        } else if (given->id == OPT_PATTERN) {
            if (cli_split(OPT_PATTERN, given->value, &field, &regex))
                status = ov_check_set_pattern(check, field, regex, err);
            else
                status = err->status = OV_E_IO;
        }
    }
    return status == OV_OK ? cli_apply_layout(args, check, err) : status;
}

/* Whether the given settings import the file into an existing framework. */
static bool has_framework(const struct ov_check *check)
{
    struct ov_text target = ov_check_given_setting(check, ov_text_of("target_framework"));
    return target.len == 8 && memcmp(target.ptr, "existing", 8) == 0;
}

/* Applies settings and the identifiers of --existing; a user upload has neither. */
static enum ov_status apply_target(struct cli_vetting *vetting, struct ov_check *check,
                                   struct ov_error *err)
{
    if (vetting->jobs)
        return OV_OK;
    enum ov_status status = cli_apply_settings(vetting->args, check, err);
    if (status != OV_OK || !vetting->existing.first)
        return status;
    if (!vetting->for_site || has_framework(check))
        return cli_apply_existing(&vetting->existing, check, err);
    cli_note("the identifiers of `--existing` are ignored: the framework is new and does not have "
             "them (`--settings` can set target_framework and select_framework)");
    return OV_OK;
}

static struct ov_check *new_check(struct cli_vetting *vetting, const char *name, const char *sheet,
                                  struct ov_error *err)
{
    struct ov_check_options options = vetting->options;
    options.file_name = name;
    options.errors_stay = vetting->for_site;
    options.read.sheet = sheet ? sheet : options.read.sheet;
    struct ov_check *check =
        vetting->jobs ? ov_jobs_check(vetting->jobs, &options, err) : ov_check_new(&options, err);
    if (check && (apply_rules(vetting->args, check, err) != OV_OK ||
                  apply_target(vetting, check, err) != OV_OK)) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

const char *cli_name_of(const struct cli_args *args, const char *path)
{
    return strcmp(path, "-") == 0 ? cli_value(args, OPT_STDIN_FILENAME, "<stdin>") : path;
}

enum cli_vetted cli_job_begin(struct cli_job *job, struct cli_vetting *vetting,
                              struct cli_input *input, const char *sheet)
{
    *job = (struct cli_job){.vetting = vetting, .input = input, .err.language = cli_language()};
    job->check = new_check(vetting, input->name, sheet, &job->err);
    if (!job->check && job->err.message[0])
        cli_fail("%s", job->err.message);
    if (job->check)
        ov_check_expect(job->check, input->size);
    return job->check ? CLI_VETTED : CLI_BAD_OPTIONS;
}

void cli_job_run(struct cli_job *job)
{
    char *buf = malloc(PIECE);
    long n = buf ? 1 : -1;
    while (buf && (n = cli_input_read(job->input, buf, PIECE)) > 0 &&
           ov_check_feed(job->check, buf, (size_t)n, &job->err) == OV_OK)
        cli_progress_add((size_t)n);
    job->fed = n == 0 && ov_check_finish(job->check, &job->err) == OV_OK;
    if (!buf)
        snprintf(job->err.message, sizeof job->err.message, "out of memory");
    free(buf);
}

/* Notes assumptions about the importer and the target framework. */
static void add_notes(const struct cli_job *job, const struct ov_check_result *result)
{
    if (cli_has(job->vetting->args, OPT_QUIET))
        return;
    if (result->other)
        cli_note(result->other == OV_OTHER_USERS
                     ? OV_N_("%s: not vetted: this is a user upload (to check the positions and "
                             "departments that it names, use `--jobs-file`)")
                     : OV_N_("%s: not vetted: this is a course upload"),
                 job->input->name);
    else if (result->importer_assumed && !job->vetting->options.importer_required)
        cli_note(
            "%s: no importer given and the columns match several; vetted as `positions` (choose "
            "with `--importer`)",
            job->input->name);
    else if (result->importer_column.len)
        cli_note(
            "%s: no importer given; vetted as `%s`, the only one with the column `%.*s` (choose "
            "with `--importer`)",
            job->input->name, ov_importer_name(result->importer), (int)result->importer_column.len,
            result->importer_column.ptr);
    if (result->existing_parents && !has_framework(job->check))
        cli_note(
            "%s: rows whose parent is only in `--existing`: %llu; a new framework will not "
            "contain these parents. To import into the existing framework, add `--settings "
            "'{\"target_framework\":\"existing\",\"select_framework\":\"ID\"}'`, where ID is its "
            "id or idnumber",
            job->input->name, (unsigned long long)result->existing_parents);
}

enum cli_vetted cli_job_end(struct cli_job *job, struct ov_check **check)
{
    *check = job->fed ? job->check : NULL;
    if (!job->fed) {
        ov_check_free(job->check);
        if (job->err.message[0])
            cli_fail("%s: %s", job->input->name, job->err.message);
        cli_input_fail(job->input);
        return CLI_UNREADABLE;
    }
    add_notes(job, ov_check_result(*check));
    return CLI_VETTED;
}

/* Says which sheets could be meant. */
static void fail_sheets(const struct cli_input *input, const struct cli_sheets *sheets)
{
    char names[512] = "";
    size_t len = 0;
    for (size_t i = 0; i < sheets->count && len < sizeof names; i++)
        len += (size_t)snprintf(names + len, sizeof names - len, "%s`%s`", i ? ", " : "",
                                sheets->names[i]);
    cli_fail("%s: several sheets look like files of an importer: %s; choose one with `--sheet`",
             input->name, names);
}

enum cli_vetted cli_vet_sheet(struct cli_vetting *vetting, struct cli_input *input,
                              const char *sheet, struct ov_check **check)
{
    struct cli_job job;
    *check = NULL;
    enum cli_vetted vetted = cli_job_begin(&job, vetting, input, sheet);
    if (vetted != CLI_VETTED)
        return vetted;
    cli_job_run(&job);
    cli_progress_pause(true);
    return cli_job_end(&job, check);
}

enum cli_vetted cli_vet_input(struct cli_vetting *vetting, struct cli_input *input,
                              struct ov_check **check)
{
    struct cli_sheets sheets;
    enum cli_vetted vetted = CLI_UNREADABLE;
    *check = NULL;
    if (!cli_sheets_find(&sheets, vetting, input))
        return vetted;
    if (sheets.count > 1)
        fail_sheets(input, &sheets);
    else
        vetted = cli_vet_sheet(vetting, input, sheets.count ? sheets.names[0] : NULL, check);
    cli_sheets_deinit(&sheets);
    return vetted;
}

enum cli_vetted cli_vet(struct cli_vetting *vetting, const char *path, struct cli_input *input,
                        struct ov_check **check)
{
    if (!cli_input_open(input, path, cli_name_of(vetting->args, path), vetting->keep_copy))
        return CLI_UNREADABLE;
    cli_progress_begin(0, input->size, cli_has(vetting->args, OPT_QUIET));
    enum cli_vetted vetted = cli_vet_input(vetting, input, check);
    if (vetted != CLI_VETTED)
        cli_input_close(input);
    return vetted;
}

bool cli_print_findings(const struct cli_vetting *vetting, const struct cli_input *input,
                        struct ov_check *check, bool beside_rows)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    struct ov_report_options options = {.quiet = cli_has(vetting->args, OPT_QUIET),
                                        .beside_rows = beside_rows,
                                        .verbose =
                                            beside_rows && cli_has(vetting->args, OPT_VERBOSE),
                                        .language = cli_language()};
    const char *name = isatty(STDERR_FILENO) ? "pretty" : "plain";
    const struct ov_format *format = ov_format_find(ov_text_of(name));
    if (!cli_color(vetting->args, STDERR_FILENO, &options.color))
        return false;
    options.max_findings = ov_format_max_findings(format);
    cli_output_standard(&output, STDERR_FILENO);
    cli_output_guard(&output, CLI_GUARD_TEXT);
    struct ov_report *report = ov_report_new(format, &options, &output.sink, &err);
    bool fine = report &&
                ov_report_add(report, input->name, check, &input->source, &err) == OV_OK &&
                ov_report_end(report, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s", err.message);
    ov_report_free(report);
    return fine;
}

bool cli_encoding_is_sure(const struct cli_input *input, const struct ov_check *check)
{
    const struct ov_check_result *result = ov_check_result(check);
    const char *name;
    char names[160] = "";
    if (result->encoding_sure)
        return true;
    if (result->sample.len)
        cli_note("%s: read as %s, line %llu is `%.*s`", input->name, result->encoding,
                 (unsigned long long)result->sample_line, (int)result->sample.len,
                 result->sample.ptr);
    for (size_t i = 0; (name = ov_check_likely_encoding(check, i)) != NULL; i++) {
        size_t len = strlen(names);
        snprintf(names + len, sizeof names - len, "%s`--encoding %s`", i ? ", " : "", name);
    }
    cli_fail("%s: nothing was written, because the encoding is not certain; name it, the likeliest "
             "first: %s",
             input->name, names);
    return false;
}

bool cli_can_read_again(const struct cli_input *input)
{
    if (input->seekable || input->spool)
        return true;
    cli_fail("%s: the file must be read twice, but there is no space for a copy in /tmp",
             input->name);
    return false;
}

bool cli_read_again(struct cli_input *input, cli_take *take, void *ctx, struct ov_error *err)
{
    static char buf[PIECE];
    uint64_t at = 0;
    size_t n;
    if (!cli_can_read_again(input))
        return false;
    while ((n = input->source.read_at(input->source.ctx, at, buf, sizeof buf)) > 0) {
        if (take(ctx, buf, n, err) != OV_OK)
            return false;
        at += n;
    }
    return true; /* a read error looks like an early end, which `take` must detect */
}
