/* vet/jobs.c: see orgvet/jobs.h. Values not found in any file become the parents of rows in a
 * separate check, so that suggestions for them are found as for any missing parent (suggest.c). */
#include "orgvet/jobs.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/unicode.h"
#include "vet/check_internal.h"
#include "vet/jobs.h"
#include "vet/suggest.h"

enum kind { POSITION, DEPARTMENT, KINDS };

static const struct {
    struct ov_text column;
    const char *noun, *importer;
    enum ov_rule_index rule;
} kinds[KINDS] = {
    [POSITION] = {{"jobposition", 11}, "position", "positions", OV_R601},
    [DEPARTMENT] = {{"jobdepartment", 13}, "department", "departments", OV_R602},
};

/* A value of the upload that is not in any file. */
struct unknown {
    uint32_t row, column; /* of the upload */
    struct ov_text user;  /* arena of the upload's list */
};

/* The known identifiers of one kind. */
struct known {
    struct ov_check *check;  /* owned: the known identifiers are its existing ones; its rows stand
                                for the unknown values */
    bool given;              /* some file with this kind was added */
    bool met;                /* the upload has a column of this kind */
    struct unknown *unknown; /* owned: per row of `check` */
    size_t count, capacity;
};

struct ov_jobs {
    struct known known[KINDS];
    int *columns; /* owned: per column of the upload its kind, or -1 */
    size_t column_count;
    int user; /* the column that identifies users, or -1 */
};

struct ov_jobs *ov_jobs_new(struct ov_error *err)
{
    struct ov_jobs *jobs = calloc(1, sizeof *jobs);
    bool fine = jobs != NULL;
    if (!jobs)
        ov_fail_memory(err);
    for (int k = 0; k < KINDS && fine; k++) {
        struct ov_check_options options = {.importer =
                                               ov_importer_find(ov_text_of(kinds[k].importer))};
        jobs->known[k].check = ov_check_new(&options, err);
        fine = jobs->known[k].check != NULL;
        if (fine)
            jobs->known[k].check->importer = options.importer;
    }
    if (fine)
        return jobs;
    ov_jobs_free(jobs);
    return NULL;
}

void ov_jobs_free(struct ov_jobs *jobs)
{
    if (!jobs)
        return;
    for (int k = 0; k < KINDS; k++) {
        ov_check_free(jobs->known[k].check);
        free(jobs->known[k].unknown);
    }
    free(jobs->columns);
    free(jobs);
}

enum ov_status ov_jobs_add(struct ov_jobs *jobs, const struct ov_check *check, struct ov_error *err)
{
    const struct ov_forest *forest = check->forest;
    enum ov_status status = OV_OK;
    if (check->importer_assumed)
        return ov_fail(
            err, OV_E_OPTION,
            "cannot tell whether these are positions or departments: specify it in the file "
            "name, in orgvet.json, or with `--importer`");
    if (!check->facts.bound)
        return OV_OK; /* without a readable header no identifiers are known */
    int field = ov_importer_kind(check->importer, OV_FIELD_ID);
    int column = check->binding.fields[field].column;
    if (column >= 0 && column != check->facts.id_column)
        return ov_fail(err, OV_E_OPTION,
                       "jobs refer to the ID number, but the identifier is another column: use "
                       "`--identifier` with the ID number column");
    struct known *known = &jobs->known[POSITION];
    if (check->importer == jobs->known[DEPARTMENT].check->importer)
        known = &jobs->known[DEPARTMENT];
    known->given = true;
    for (ov_node row = 0; row < forest->count && status == OV_OK; row++)
        status = ov_check_add_existing(known->check, ov_forest_id(forest, row), err);
    for (uint32_t i = 0; i < forest->existing && status == OV_OK; i++)
        status = ov_check_add_existing(known->check, ov_forest_name(forest, OV_NODE_NAME + i), err);
    return status;
}

struct ov_check *ov_jobs_check(struct ov_jobs *jobs, const struct ov_check_options *options,
                               struct ov_error *err)
{
    struct ov_check *check = ov_check_new(options, err);
    if (check)
        check->jobs = jobs;
    return check;
}

const char *ov_jobs_unchecked(const struct ov_jobs *jobs)
{
    for (int k = 0; k < KINDS; k++)
        if (jobs->known[k].met && !jobs->known[k].given)
            return kinds[k].noun;
    return NULL;
}

/* The kind of a header such as jobposition1, or -1. */
static int kind_of(struct ov_text header)
{
    header = ov_text_trim(header);
    for (int k = 0; k < KINDS; k++) {
        struct ov_text name = kinds[k].column;
        if (header.len <= name.len ||
            !ov_text_equal_nocase((struct ov_text){header.ptr, name.len}, name))
            continue;
        if (ov_text_is_digits((struct ov_text){header.ptr + name.len, header.len - name.len}))
            return k;
    }
    return -1;
}

/* The columns that identify a user; the first one present is used. */
static const char *const users[] = {"username", "idnumber", "email"};
enum { USERS = sizeof users / sizeof *users };

bool ov_jobs_reads(struct ov_text header)
{
    for (size_t u = 0; u < USERS; u++)
        if (ov_text_equal_nocase(ov_text_trim(header), ov_text_of(users[u])))
            return true;
    return kind_of(header) >= 0;
}

enum ov_status ov_jobs_header(struct ov_check *check, struct ov_error *err)
{
    struct ov_jobs *jobs = check->jobs;
    bool any = false;
    jobs->columns = calloc(check->facts.header_count + 1, sizeof *jobs->columns);
    jobs->column_count = check->facts.header_count;
    jobs->user = -1;
    if (!jobs->columns)
        return ov_fail_memory(err);
    for (size_t i = 0; i < check->facts.header_count; i++) {
        int kind = jobs->columns[i] = kind_of(check->headers[i]);
        any |= kind >= 0;
        if (kind >= 0)
            jobs->known[kind].met = true;
    }
    for (size_t u = 0; u < USERS && jobs->user < 0; u++)
        for (size_t i = 0; i < check->facts.header_count && jobs->user < 0; i++)
            if (ov_text_equal_nocase(ov_text_trim(check->headers[i]), ov_text_of(users[u])))
                jobs->user = (int)i;
    check->facts.id_column = jobs->user;
    if (any)
        return OV_OK;
    return ov_fail(err, OV_E_OPTION,
                   "it has no column jobdepartment1 or jobposition1, so it is not a job upload");
}

/* Records a value that is not in any file. */
static enum ov_status note_unknown(struct ov_check *check, struct known *known,
                                   const struct ov_vetted *vetted, size_t column,
                                   struct ov_error *err)
{
    const struct ov_record *record = vetted->record;
    struct ov_text value = record->cells[column].text;
    struct ov_place place = ov_cell_place(record, column);
    struct ov_place cells[OV_ROW_CELLS] = {[OV_AT_PARENT] = place};
    const struct ov_entry entry = {.id = ov_key_of((struct ov_text){0}),
                                   .parent = ov_key_of(value)};
    if (!ov_grow(&known->unknown, &known->capacity, known->count + 1, sizeof *known->unknown) ||
        !ov_places_add(&known->check->places, &record->place, cells))
        return ov_fail_memory(err);
    known->unknown[known->count++] = (struct unknown){vetted->row, (uint32_t)column,
                                                      ov_list_keep(&check->list, vetted->id->text)};
    return ov_forest_add(known->check->forest, &entry, 1, err);
}

enum ov_status ov_jobs_row(struct ov_check *check, const struct ov_vetted *vetted,
                           struct ov_error *err)
{
    const struct ov_record *record = vetted->record;
    enum ov_status status = OV_OK;
    for (size_t i = 0; i < check->jobs->column_count && i < record->kept && status == OV_OK; i++) {
        if (check->jobs->columns[i] < 0 || vetted->broken || record->cells[i].text.len == 0)
            continue; /* in a broken row cells may be in the wrong column */
        struct known *known = &check->jobs->known[check->jobs->columns[i]];
        if (known->given && !ov_forest_knows(known->check->forest, record->cells[i].text))
            status = note_unknown(check, known, vetted, i, err);
    }
    return status;
}

/* Turns the findings about the unknown values into findings of the upload. */
static void report(struct ov_check *check, const struct known *known, enum ov_rule_index rule)
{
    const struct ov_list *found = &known->check->list;
    for (size_t i = 0; i < found->count; i++) {
        const struct ov_item *from = &found->items[i];
        const struct unknown *unknown = &known->unknown[from->row - 1];
        enum ov_message message = (enum ov_message)from->message;
        if (message == OV_M_MISSING_PARENT || message == OV_M_MISSING_NONE ||
            message == OV_M_MISSING_TAINTED)
            message = OV_M_MISSING_JOB;
        struct ov_item *item = ov_list_add(&check->list, rule, message, from->place, unknown->row);
        if (!item)
            continue;
        item->value = from->value;
        item->suggestion = from->suggestion;
        item->id = unknown->user;
        item->header = unknown->column;
        item->m = from->m;
    }
}

enum ov_status ov_jobs_conclude(struct ov_check *check, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    for (int k = 0; k < KINDS && status == OV_OK; k++) {
        struct known *known = &check->jobs->known[k];
        ov_forest_resolve(known->check->forest);
        status = ov_rules_missing_parent(known->check, err);
        if (status == OV_OK && known->check->list.failed)
            status = ov_fail_memory(err);
        if (status == OV_OK)
            report(check, known, kinds[k].rule);
    }
    return status;
}
