/* cli/cmd_check.c: `orgvet check`. Each file has its own ov_check, which may run ahead in another
 * thread; results go into every report in the order of the operands. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/baseline.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/compare.h"
#include "cli/discover.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/paths.h"
#include "cli/progress.h"
#include "cli/reports.h"
#include "cli/sheets.h"
#include "cli/vet.h"

enum { AHEAD = 2 /* most files vetted at the same time */ };

/* A file being checked. */
struct slot {
    struct cli_choice *choice;
    struct cli_input input;
    struct cli_job job;
    enum cli_vetted vetted;
    enum cli_fit fit;
    bool threaded;
    pthread_t thread;
};

/* A file to check, or a sheet of a workbook. */
struct entry {
    const char *path; /* borrowed */
    char *sheet;      /* owned: NULL: the file, or the sheet that is usually read */
};

/* What all files share. */
struct run {
    const struct cli_args *args;
    struct cli_choices choices;
    struct cli_reports reports;
    struct ov_snapshot *before; /* of --against; NULL: not given */
    struct cli_baseline baseline;
    const char *users;    /* borrowed: the file of --jobs-file; NULL: not given */
    struct ov_jobs *jobs; /* the rows that this file may refer to */
    struct slot slots[AHEAD];
    struct entry *entries; /* owned */
    size_t count;
    bool two;   /* vet two files at a time */
    bool fatal; /* skip the remaining files */
    uint64_t skipped;
};

/* *level: the lowest severity that makes the run fail; OV_SEVERITIES: none does. False after a
 * message. */
static bool parse_fail_on(const struct cli_args *args, int *level)
{
    const char *name = cli_value(args, OPT_FAIL_ON, "error");
    *level = OV_SEVERITIES;
    if (strcmp(name, "never") == 0 || cli_level(name, level))
        return true;
    cli_fail("invalid value `%s` for `--fail-on`: must be error, warning, info or never", name);
    return false;
}

/* --- the files --- */

static bool add_entry(struct run *run, const char *path, char *sheet)
{
    struct entry *grown = realloc(run->entries, (run->count + 1) * sizeof *grown);
    if (!grown) {
        cli_fail("out of memory");
        return false;
    }
    run->entries = grown;
    run->entries[run->count++] = (struct entry){path, sheet};
    return true;
}

/* Adds a file: of a workbook each sheet that looks like a file of an importer. */
static bool add_file(struct run *run, const char *path)
{
    struct cli_choice *choice = cli_choice_for(&run->choices, path);
    struct cli_sheets sheets = {0};
    struct cli_input input;
    struct stat about;
    size_t added = 0;
    bool fine = true;
    if (!choice || strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode) ||
        access(path, R_OK) != 0)
        return add_entry(run, path, NULL); /* what is wrong is said when it is opened */
    if (!cli_input_open(&input, path, path, false))
        return false;
    fine = cli_sheets_find(&sheets, &choice->vetting, &input);
    cli_input_close(&input);
    for (; fine && added < sheets.count; added++) {
        fine = add_entry(run, path, sheets.names[added]);
        sheets.names[added] = NULL; /* the entry's */
    }
    cli_sheets_deinit(&sheets);
    return fine && (added || add_entry(run, path, NULL));
}

static bool add_files(struct run *run)
{
    for (size_t i = 0; i < run->args->operand_count; i++)
        if (!add_file(run, run->args->operands[i]))
            return false;
    return true;
}

/* Reads the file of --against, if given; false after a message. */
static bool read_before(struct run *run)
{
    const char *path = cli_value(run->args, OPT_AGAINST, NULL);
    struct cli_budgets budgets;
    if (!cli_parse_budgets(run->args, &budgets))
        return false;
    if (!path && budgets.count) {
        cli_fail("`--max-removed`, `--max-moved` and `--max-renamed` need `--against OLD`");
        return false;
    }
    if (!path)
        return true;
    for (size_t i = 0; strcmp(path, "-") == 0 && i < run->args->operand_count; i++) {
        if (strcmp(run->args->operands[i], "-") == 0) {
            cli_fail("only one of FILE and OLD can be standard input");
            return false;
        }
    }
    struct cli_choice *choice = cli_choice_to_read(&run->choices, run->args->operands[0]);
    run->before = choice ? cli_snapshot(&choice->vetting, path) : NULL;
    return run->before != NULL;
}

/* Whether vetting two files at a time is faster than one after the other with two threads each,
 * which take about 1/1.6 of the time for a large file. *total: the bytes of all files, 0 if not
 * known. */
static bool two_are_faster(const struct run *run, uint64_t *total)
{
    uint64_t largest = 0, threads;
    bool known = run->args->operand_count > 1;
    *total = 0;
    for (size_t i = 0; i < run->args->operand_count; i++) {
        struct stat about;
        if (stat(run->args->operands[i], &about) != 0)
            continue; /* reported when the file is opened */
        known &= S_ISREG(about.st_mode) && about.st_size >= 0;
        uint64_t size = known ? (uint64_t)about.st_size : 0;
        *total += size;
        largest = size > largest ? size : largest;
    }
    if (!known && run->args->operand_count > 1)
        *total = 0;
    return known && cli_number(run->args, OPT_THREADS, cli_processors(), &threads) && threads > 1 &&
           (double)largest < 0.625 * (double)*total;
}

/* Compares a file with --against and adds OV501 for each exceeded limit; false after a message. */
static bool compare(struct run *run, const struct cli_args *args, struct cli_input *input,
                    struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    struct cli_budgets budgets;
    struct ov_text before = ov_text_of(cli_value(args, OPT_AGAINST, NULL));
    if (!cli_parse_budgets(args, &budgets))
        return false;
    struct ov_snapshot *after = cli_snapshot_of(input, check);
    struct ov_diff *diff = after ? ov_diff_new(run->before, after, &err) : NULL;
    bool fine = diff != NULL;
    if (fine && (!budgets.count || cli_has(args, OPT_VERBOSE)) && !cli_has(args, OPT_QUIET)) {
        struct ov_diff_summary s = ov_diff_summary(diff);
        cli_note(
            "%s: compared with %s: %llu added, %llu removed, %llu renamed, %llu moved, %llu with "
            "changed details (`orgvet diff` lists them)",
            input->name, before.ptr, (unsigned long long)s.added, (unsigned long long)s.removed,
            (unsigned long long)s.renamed, (unsigned long long)s.moved,
            (unsigned long long)s.changed);
    }
    for (size_t i = 0; fine && i < budgets.count; i++)
        fine = ov_check_add_budget(check, diff, &budgets.items[i], before, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    ov_diff_free(diff);
    ov_snapshot_free(after);
    return fine;
}

/* Removes the findings that the configuration suppresses; false after a message. */
static bool suppress(const struct cli_choice *choice, const struct cli_input *input,
                     struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    uint64_t count = 0;
    char *path = choice->suppresses ? cli_path_in(choice->config->folder, input->name) : NULL;
    bool fine = !choice->suppresses || path;
    if (path)
        fine = ov_check_suppress(check, choice->config->config, ov_text_of(path), &count, &err) ==
               OV_OK;
    if (err.message[0])
        cli_fail("%s: %s", input->name, err.message);
    if (fine && count && !cli_has(&choice->args, OPT_QUIET))
        cli_note(count == 1 ? OV_N_("%s: %llu finding suppressed by %s")
                            : OV_N_("%s: %llu findings suppressed by %s"),
                 input->name, (unsigned long long)count, choice->config->shown);
    free(path);
    return fine;
}

/* Notes which suppressions matched no finding in any file of the run. */
static void note_unused_suppressions(const struct run *run)
{
    for (struct cli_config *one = run->choices.configs; one; one = one->next) {
        struct ov_suppression unused;
        if (!one->config) /* ignored */
            continue;
        for (size_t at = 0; ov_config_next_suppression(one->config, &at, &unused);) {
            if (!unused.tried || unused.met)
                continue;
            cli_note(
                unused.identifier.len
                    ? OV_N_(
                          "%s:%llu:%llu: unused suppression: no matching finding (%s of %.*s); remove it once "
                          "the problem is fixed for good")
                    : OV_N_(
                          "%s:%llu:%llu: unused suppression: no matching finding (%s%.*s); remove it once the "
                          "problem is fixed for good"),
                one->shown, (unsigned long long)unused.line, (unsigned long long)unused.column,
                unused.rule->code, (int)unused.identifier.len,
                unused.identifier.ptr ? unused.identifier.ptr : "");
        }
    }
}

static void *run_job(void *job)
{
    cli_job_run(job);
    return NULL;
}

/* Sets the vetting options that the reports and the run require. */
static void set_check_options(const struct run *run, struct cli_vetting *vetting, bool keep_all)
{
    vetting->options.provisional = true;
    vetting->options.other_uploads = true;
    vetting->options.keep_for_reread |= run->reports.reread || run->before;
    vetting->keep_copy |= run->reports.keep_copy || run->before;
    vetting->options.max_kept = run->reports.max_kept;
    if (run->baseline.read || run->baseline.write || keep_all)
        vetting->options.max_kept = 0; /* findings beyond those shown may be known or suppressed */
    if (run->two)
        vetting->options.threads = 1;
}

/* Whether an operand is the user upload, which is vetted after all other files. */
static bool is_jobs_file(const struct run *run, const char *path)
{
    return run->users && cli_same_file(path, run->users);
}

/* Starts to check a file, in its own thread where that is faster. */
static void start_file(struct run *run, size_t index)
{
    struct slot *slot = &run->slots[index % AHEAD];
    const char *path = run->entries[index].path, *sheet = run->entries[index].sheet;
    *slot = (struct slot){.vetted = CLI_BAD_OPTIONS,
                          .choice = cli_choice_for_sheet(&run->choices, path, sheet)};
    int level;
    if (!slot->choice || !parse_fail_on(&slot->choice->args, &level))
        return;
    struct cli_vetting *vetting = &slot->choice->vetting;
    set_check_options(run, vetting, slot->choice->suppresses);
    slot->vetted = CLI_UNREADABLE;
    if (!cli_input_open(&slot->input, path, cli_name_of(&slot->choice->args, path),
                        vetting->keep_copy))
        return;
    slot->fit = is_jobs_file(run, path) ? CLI_EXCLUDED : cli_fit_of(slot->choice, &slot->input);
    if (slot->fit < CLI_UNNAMED)
        slot->vetted = cli_job_begin(&slot->job, vetting, &slot->input, sheet);
    if (slot->fit >= CLI_UNNAMED || slot->vetted != CLI_VETTED)
        cli_input_close(&slot->input);
    else if (run->two)
        slot->threaded = pthread_create(&slot->thread, NULL, run_job, &slot->job) == 0;
}

/* Compares, filters and reports a vetted file; returns the exit code. */
static int report(struct run *run, struct slot *slot, struct ov_check *check)
{
    struct ov_error err = {.language = cli_language()};
    int level, code = EXIT_FINE;
    bool upload = slot->choice->vetting.jobs != NULL;
    if (!upload && run->jobs && ov_jobs_add(run->jobs, check, &err) != OV_OK)
        return cli_fail("%s: %s", slot->input.name, err.message);
    if (!parse_fail_on(&slot->choice->args, &level) ||
        (!upload && run->before && !compare(run, &slot->choice->args, &slot->input, check)) ||
        !suppress(slot->choice, &slot->input, check) ||
        !cli_baseline_apply(&run->baseline, &slot->input, check))
        return EXIT_FAILED;
    if (!cli_reports_add(&run->reports, &slot->input, check)) {
        run->fatal = true; /* the output cannot be written */
        return EXIT_FAILED;
    }
    if (run->reports.of_rows &&
        !cli_print_findings(&slot->choice->vetting, &slot->input, check, true))
        return EXIT_FAILED;
    for (int s = level; s < OV_SEVERITIES; s++)
        if (ov_check_result(check)->severities[s])
            code = EXIT_FINDINGS;
    if (ov_check_result(check)->provisional && level < OV_SEVERITIES)
        code = EXIT_FINDINGS; /* whatever a baseline or a severity hides */
    cli_progress_reported(ov_check_result(check));
    return code;
}

/* Waits for a started file and reports it; returns the exit code. */
static int finish_file(struct run *run, size_t index)
{
    struct slot *slot = &run->slots[index % AHEAD];
    struct ov_check *check;
    if (slot->choice && !is_jobs_file(run, run->entries[index].path))
        cli_note_fit(slot->choice, run->entries[index].path, slot->fit);
    if (slot->fit >= CLI_UNNAMED) {
        run->skipped++;
        return EXIT_FINE;
    }
    if (slot->vetted != CLI_VETTED) {
        run->fatal |= slot->vetted == CLI_BAD_OPTIONS;
        return EXIT_FAILED;
    }
    if (slot->threaded)
        pthread_join(slot->thread, NULL);
    else
        cli_job_run(&slot->job);
    cli_progress_pause(true);
    slot->vetted = cli_job_end(&slot->job, &check);
    int code = EXIT_FAILED;
    if (slot->vetted == CLI_VETTED && !run->fatal)
        code = report(run, slot, check);
    run->fatal |= slot->vetted == CLI_BAD_OPTIONS;
    cli_progress_pause(false);
    cli_input_close(&slot->input);
    ov_check_free(check);
    return code;
}

static int check_all(struct run *run)
{
    size_t count = run->count, started = 0, ahead = run->two ? AHEAD : 1;
    int code = EXIT_FINE;
    for (size_t i = 0; i < count && (!run->fatal || i < started); i++) {
        while (started < count && started < i + ahead && !run->fatal)
            start_file(run, started++);
        int one = finish_file(run, i);
        code = one > code ? one : code;
    }
    return code;
}

/* Vets the user upload, once all rows that it may refer to are known; returns the exit code. */
static int check_users(struct run *run)
{
    struct cli_choice *choice = cli_choice_for(&run->choices, run->users);
    struct slot slot = {.choice = choice, .vetted = CLI_UNREADABLE};
    struct ov_check *check = NULL;
    int code = EXIT_FAILED;
    if (!choice)
        return EXIT_FAILED;
    set_check_options(run, &choice->vetting, choice->suppresses);
    choice->vetting.jobs = run->jobs;
    /* the reading options are those of the operands */
    const struct ov_read_options read = choice->vetting.options.read;
    choice->vetting.options.read = (struct ov_read_options){.reader = read.reader};
    if (cli_vet(&choice->vetting, run->users, &slot.input, &check) == CLI_VETTED) {
        const char *noun = ov_jobs_unchecked(run->jobs);
        if (noun && !cli_has(run->args, OPT_QUIET))
            cli_note(strcmp(noun, "position") == 0
                         ? OV_N_("%s: positions not checked: no positions file given")
                         : OV_N_("%s: departments not checked: no departments file given"),
                     run->users);
        code = report(run, &slot, check);
        cli_input_close(&slot.input);
    }
    ov_check_free(check);
    choice->vetting.jobs = NULL;
    choice->vetting.options.read = read;
    return code;
}

/* Finds the user upload: --jobs-file, or `jobs_file` in the configuration of the first file. False
 * after a message. */
static bool find_user_upload(struct run *run)
{
    struct ov_error err = {.language = cli_language()};
    const struct cli_choice *choice = cli_choice_for(&run->choices, run->args->operands[0]);
    if (!choice)
        return false;
    run->users = cli_value(&choice->args, OPT_JOBS_FILE, NULL);
    if (!run->users)
        return true;
    run->jobs = ov_jobs_new(&err);
    if (!run->jobs)
        cli_fail("%s", err.message);
    return run->jobs != NULL;
}

static void note_all_skipped(const struct run *run)
{
    size_t count = run->count;
    if (run->skipped != count || run->users || cli_has(run->args, OPT_QUIET))
        return;
    const char *config = run->choices.list->config->shown;
    if (count == 1)
        cli_note("nothing was vetted: no glob in `files` of %s matches %s", config,
                 run->args->operands[0]);
    else
        cli_note(
            "nothing was vetted: no glob in `files` of %s matches any of these files; `-v` lists "
            "them",
            config);
}

int cmd_check(const struct cli_args *args)
{
    struct run *run = calloc(1, sizeof *run);
    int code = EXIT_FAILED, level;
    uint64_t bytes = 0;
    if (!run)
        return cli_fail("out of memory");
    run->args = run->choices.args = args;
    run->fatal = true;
    signal(SIGPIPE, SIG_IGN); /* so that temporary files are removed */
    if (args->operand_count == 0)
        cli_fail("no file given; use `orgvet check FILE…`, or `-` for standard input");
    else if (parse_fail_on(args, &level) && find_user_upload(run) && read_before(run) &&
             add_files(run) && cli_baseline_init(&run->baseline, args) &&
             cli_reports_open(&run->reports, args, run->count))
        run->fatal = false;
    if (!run->fatal) {
        run->two = two_are_faster(run, &bytes);
        cli_progress_begin(run->count + (run->users != NULL), bytes, cli_has(args, OPT_QUIET));
        code = check_all(run);
        if (run->users && !run->fatal && code == EXIT_FAILED)
            cli_fail(
                "%s: not checked, because not all positions and departments that it can refer to are "
                "known",
                run->users);
        else if (run->users && !run->fatal) {
            int one = check_users(run);
            code = one > code ? one : code;
        }
        cli_progress_pause(true);
    }
    if (!run->fatal && code != EXIT_FAILED && !cli_baseline_finish(&run->baseline))
        code = EXIT_FAILED;
    if (!cli_reports_close(&run->reports, !run->fatal))
        code = run->reports.broken_pipe ? EXIT_PIPE : EXIT_FAILED;
    if (!run->fatal && !cli_has(args, OPT_QUIET))
        note_unused_suppressions(run);
    if (!run->fatal)
        note_all_skipped(run);
    ov_snapshot_free(run->before);
    ov_jobs_free(run->jobs);
    cli_baseline_deinit(&run->baseline);
    cli_choices_deinit(&run->choices);
    for (size_t i = 0; i < run->count; i++)
        free(run->entries[i].sheet);
    free(run->entries);
    free(run);
    return code;
}
