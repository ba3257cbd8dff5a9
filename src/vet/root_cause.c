/* vet/root_cause.c: see root_cause.h. The header has another number of cells than the rows, the
 * parents are given otherwise than by the identifier of their row, or that was read from the wrong
 * column, or one row that many others name as their parent is misspelt or missing. */
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/search.h"
#include "base/shell.h"
#include "base/unicode.h"
#include "csv/cell.h"
#include "finding/message.h"
#include "vet/check_internal.h"
#include "vet/check_access.h"
#include "vet/root_cause.h"

/* Chooses the columns to try as the identifier: the first ones with a header, except the identifier
 * and the parent. */
static void choose_fits(struct ov_check *check)
{
    for (int i = 0; i < (int)check->facts.header_count && check->fit_count < OV_FIT_COLUMNS; i++) {
        if (i == check->facts.id_column || i == check->facts.parent_column ||
            check->headers[i].len == 0)
            continue;
        uint64_t *hashes = malloc(OV_FIT_ROWS * sizeof *hashes);
        if (!hashes) {
            check->list.failed = true;
            return;
        }
        check->fits[check->fit_count++] = (struct ov_fit){i, hashes};
    }
}

void ov_fit_row(struct ov_check *check, const struct ov_record *record)
{
    if (check->fit_rows == 0)
        choose_fits(check);
    for (size_t i = 0; i < check->fit_count; i++) {
        struct ov_fit *fit = &check->fits[i];
        struct ov_text text = ov_cell_text(record, fit->column); /* a short row may lack it */
        fit->hashes[check->fit_rows] = ov_hash(text, check->hash_key);
    }
    check->fit_rows++;
}

/* Counts the sampled rows whose parent is missing (*missing), and returns how many of these parents
 * are values of the column. */
static uint64_t count_fitting(const struct ov_check *check, const struct ov_fit *fit,
                              uint64_t *missing)
{
    const struct ov_forest *forest = check->forest;
    uint64_t fitting = 0;
    *missing = 0;
    if (check->fit_rows)
        qsort(fit->hashes, check->fit_rows, sizeof *fit->hashes, ov_by_number);
    for (ov_node row = 0; row < forest->count && row < check->fit_rows; row++) {
        if (!ov_forest_is_missing(forest, forest->parent[row]))
            continue;
        uint64_t hash = ov_hash(ov_forest_name(forest, forest->parent[row]), forest->hash_key);
        (*missing)++;
        fitting += bsearch(&hash, fit->hashes, check->fit_rows, sizeof hash, ov_by_number) != NULL;
    }
    return fitting;
}

/* The column whose values are nine in ten of the parents or more, if
 * at least half of the parents are missing from the identifiers; or -1. *clears: missing parents it
 * would resolve, extrapolated if not *exact; *exact: all rows were sampled. */
static int fitting_column(const struct ov_check *check, uint64_t *clears, bool *exact)
{
    const struct ov_forest *forest = check->forest;
    uint64_t with_parent = 0, without = 0;
    for (ov_node row = 0; row < forest->count; row++) {
        with_parent += forest->parent[row] != OV_NODE_NONE;
        without += ov_forest_is_missing(forest, forest->parent[row]);
    }
    if (without < 2 || without * 2 < with_parent)
        return -1;
    for (size_t i = 0; i < check->fit_count; i++) {
        uint64_t missing, fitting = count_fitting(check, &check->fits[i], &missing);
        /* in a file longer than the sample, a parent may occur only after it */
        *exact = forest->count <= check->fit_rows;
        if (missing && fitting * 10 >= missing * 9) {
            *clears =
                *exact ? fitting : (uint64_t)((double)without * (double)fitting / (double)missing);
            return check->fits[i].column;
        }
    }
    return -1;
}

/* Adds an option that the root cause advises; nothing of it is shown with options.redact. */
static void add_option(struct ov_check *check, struct ov_text option, struct ov_text value)
{
    struct ov_text copy;
    if (check->options.redact || check->option_count + 2 > OV_CAUSE_OPTIONS)
        return;
    check->list.failed |= !ov_arena_copy(&check->arena, value, &copy);
    check->options_of_cause[check->option_count++] = option;
    check->options_of_cause[check->option_count++] = copy;
}

/* Appends a value as a word of a command, or withheld. */
static void put_shown(const struct ov_check *check, struct ov_buf *out, struct ov_text value)
{
    if (check->options.redact)
        ov_buf_redacted(out, check->options.redact_key, value, true);
    else
        ov_buf_shell(out, value);
}

/* What the sentence about the root cause names; see the texts. */
struct cause_words {
    struct ov_buf about, other, option, sampled;
};

/* The parents are values of another column than the identifier. */
static const char *say_identifier(struct ov_check *check, int column, bool exact,
                                  struct cause_words *words)
{
    struct ov_names names = ov_vet_names(check);
    check->result.root_cause_column = ov_names_header(&names, check->headers[column]);
    ov_buf_escaped(&words->about, check->result.root_cause_column);
    ov_buf_escaped(&words->other, ov_names_header(&names, check->headers[check->facts.id_column]));
    ov_buf_shell(&words->option, check->result.root_cause_column);
    ov_buf_number_in(&words->sampled, check->fit_rows, check->options.language);
    add_option(check, OV_TEXT("--identifier"), check->headers[column]);
    return exact
               ? OV_N_("the parents refer to the column `{1}`, not to the identifier `{2}`: "
                       "`--identifier {3}` fixes {0} findings")
               : OV_N_("the parents refer to the column `{1}`, not to the identifier `{2}`: "
                       "`--identifier {3}` fixes about {0} findings (based on the first {4} rows)");
}

/* Whether nine in ten rows have the same number of cells, other than the header. */
static bool is_header_ragged(const struct ov_check *check)
{
    return check->ragged.rows > 2 && check->ragged.rows * 10 >= check->rows * 9 &&
           ov_list_count(&check->list, OV_R107) >= check->ragged.rows;
}

static const char *say_header(struct ov_check *check, struct cause_words *words)
{
    const struct ov_ragged *ragged = &check->ragged;
    check->cause.clears = ov_list_count(&check->list, OV_R107);
    check->cause.line = check->result.header_row;
    ov_buf_decimal(&words->about, check->result.header_row);
    ov_buf_number_in(&words->other, check->facts.columns, check->options.language);
    ov_buf_number_in(&words->option, ragged->cells, check->options.language);
    if (ragged->cells < check->facts.columns && ov_check_used_columns(check) <= ragged->cells)
        return OV_N_("the header in line {1} has {2} cells, but most rows have {3}; the extra "
                     "headings are empty: `orgvet fix --write` removes them");
    if (ragged->cells < check->facts.columns)
        return OV_N_("the header in line {1} has {2} cells, but most rows have {3}: delete the "
                     "surplus headings, or add the missing cells to the rows");
    if (ragged->filled)
        return OV_N_("the header in line {1} has {2} cells, but most rows have {3}: add the "
                     "missing headings there");
    return OV_N_(
        "the header in line {1} has {2} cells, but most rows have {3}; the extra ones are empty: `orgvet fix --write` removes them");
}

/* The rows say otherwise than by identifiers where they belong; that a column is missing is then
 * no fault. */
static const char *say_layout(struct ov_check *check, struct cause_words *words)
{
    struct ov_text option = check->guess.parents_given;
    add_option(check, OV_TEXT("--parents"), option);
    ov_buf_shell(&words->option, option);
    for (size_t i = 0; ov_check_proposed_fill(check, i, &option); i++) {
        add_option(check, OV_TEXT("--fill-down"), option);
        ov_buf_string(&words->option, " --fill-down ");
        ov_buf_shell(&words->option, option);
    }
    check->cause.clears = ov_list_count(&check->list, OV_R208);
    if (ov_layout_gives_names(&check->guess))
        check->cause.clears += ov_list_count(&check->list, OV_R201);
    return OV_N_(
        "no column contains the parents, but other columns show where each row belongs: use `--parents {3}`");
}

/* The parents are names, or contain identifiers. */
static const char *say_parents(struct ov_check *check, struct cause_words *words)
{
    struct ov_cause *cause = &check->cause;
    add_option(check, OV_TEXT("--parents"), ov_text_of(cause->parents));
    ov_buf_string(&words->option, cause->parents);
    cause->clears = cause->found;
    cause->line = 0;
    return strcmp(cause->parents, "name") == 0
               ? OV_N_("the parents are given by name: `--parents {3}` fixes {0} findings")
               : OV_N_("the parents are given by name or with other words around the identifier: "
                       "`--parents {3}` fixes {0} findings");
}

/* Whether identifiers are there more than once because rows are dated. */
static bool is_dated(const struct ov_check *check)
{
    return check->valid_from >= 0 && !check->layout.valid_on && !check->options.redact &&
           ov_list_count(&check->list, OV_R401) > 0;
}

static void put_option(struct ov_check *check, struct ov_buf *out, const char *option,
                       struct ov_text value)
{
    add_option(check, ov_text_of(option), value);
    ov_buf_string(out, out->len ? " " : "");
    ov_buf_string(out, option);
    ov_buf_char(out, ' ');
    ov_buf_shell(out, value);
}

/* There are several dated rows for one identifier: those valid today are meant. */
static const char *say_dated(struct ov_check *check, struct cause_words *words)
{
    char today[16] = "2000-01-01";
    time_t now = time(NULL);
    struct tm tm;
    if (localtime_r(&now, &tm))
        strftime(today, sizeof today, "%Y-%m-%d", &tm);
    put_option(check, &words->option, "--valid-on", ov_text_of(today));
    put_option(check, &words->option, "--valid-from", check->headers[check->valid_from]);
    if (check->valid_to >= 0)
        put_option(check, &words->option, "--valid-to", check->headers[check->valid_to]);
    check->cause.clears = ov_list_count(&check->list, OV_R401);
    check->cause.line = 0;
    return OV_N_("some identifiers have several dated rows: `{3}` reads those that are valid on "
                 "that day and fixes {0} findings");
}

/* Some values mean that there is no parent. */
static const char *say_markers(struct ov_check *check, struct cause_words *words)
{
    const struct ov_cause *cause = &check->cause;
    for (size_t i = 0; i < cause->marker_count; i++) {
        add_option(check, OV_TEXT("--root-marker"), cause->markers[i]);
        ov_buf_string(&words->option, i ? " --root-marker " : "--root-marker ");
        put_shown(check, &words->option, cause->markers[i]);
    }
    put_shown(check, &words->about, cause->markers[0]);
    return OV_N_("`{1}` probably means that there is no parent: `{3}` clears {0} findings");
}

/* One row is to be changed or added; NULL: there is no such row. */
static const char *say_row(const struct ov_check *check, struct cause_words *words)
{
    const struct ov_cause *cause = &check->cause;
    if (!cause->clears)
        return NULL;
    if (cause->line) {
        ov_buf_decimal(&words->about, cause->line);
        return OV_N_("fixing line {1} would resolve {0} findings");
    }
    if (check->options.redact)
        ov_buf_redacted(&words->about, check->options.redact_key, cause->missing, true);
    else
        ov_buf_escaped(&words->about, cause->missing);
    return OV_N_("adding a row with the identifier `{1}` would resolve {0} findings");
}

/* Appends the sentence to the check's texts. */
static void put_cause(struct ov_check *check, const char *text, const struct cause_words *words)
{
    struct ov_buf clears = {0};
    ov_buf_number_in(&clears, check->cause.clears, check->options.language);
    if (text)
        ov_buf_say(&check->texts, check->options.language, text,
                   OV_OTHERS(ov_buf_view(&clears), ov_buf_view(&words->about),
                             ov_buf_view(&words->other), ov_buf_view(&words->option),
                             ov_buf_view(&words->sampled)));
    check->texts.failed |= clears.failed || words->about.failed || words->other.failed ||
                           words->option.failed || words->sampled.failed;
    ov_buf_deinit(&clears);
}

enum ov_status ov_find_cause(struct ov_check *check, struct ov_error *err)
{
    struct ov_cause *cause = &check->cause;
    struct cause_words words = {0};
    uint64_t clearing = 0;
    bool exact = true;
    bool layout = ov_layout_is_path(&check->guess) && ov_list_count(&check->list, OV_R208) &&
                  !check->options.redact;
    int column = -1;
    if (!layout && !cause->parents && ov_list_count(&check->list, OV_R402))
        column = fitting_column(check, &clearing, &exact);
    if (column >= 0) {
        cause->clears = clearing;
        cause->line = 0;
    }
    const char *text = is_header_ragged(check) ? say_header(check, &words)
                       : layout                ? say_layout(check, &words)
                       : is_dated(check)       ? say_dated(check, &words)
                       : cause->parents        ? say_parents(check, &words)
                       : column >= 0           ? say_identifier(check, column, exact, &words)
                       : cause->marker_count   ? say_markers(check, &words)
                                               : say_row(check, &words);
    put_cause(check, text, &words);
    ov_buf_deinit(&words.about);
    ov_buf_deinit(&words.other);
    ov_buf_deinit(&words.option);
    ov_buf_deinit(&words.sampled);
    check->result.root_cause_line = cause->line;
    check->result.root_cause_clears = cause->clears;
    return check->texts.failed ? ov_fail_memory(err) : OV_OK;
}
