/* vet/check.c: the pipeline and its public interface (orgvet/check.h).
 *
 * ov_check_feed passes bytes to the reader (csv/), which calls on_record for each record. Blank
 * rows are buffered; the first other record is the header and is bound to fields (mapping/); every
 * further one is checked by the rules and added to the hierarchy (row.c). ov_check_finish runs the
 * rules that need all rows and sorts the findings; ov_check_next (findings.c) returns them with
 * their messages. */
#include "vet/check_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "csv/parser.h"
#include "csv/reader.h"
#include "vet/add_finding.h"
#include "vet/check_access.h"
#include "vet/header.h"
#include "vet/jobs.h"
#include "vet/laid_out.h"
#include "vet/lines.h"
#include "vet/proposals.h"
#include "vet/root_cause.h"
#include "vet/row.h"
#include "vet/rules_file.h"
#include "vet/rules_mapping.h"
#include "vet/rules_record.h"
#include "vet/rules_tree.h"
#include "vet/survey.h"

static ov_record_fn on_record;
static ov_head_fn on_head;

/* Sets the key for redaction: the given one, or a random one if empty. */
static bool set_redact_key(struct ov_check *check, struct ov_text key)
{
    char random[32];
    if (key.len == 0) {
        if (!ov_random(random, sizeof random))
            return false;
        key = (struct ov_text){random, sizeof random};
    }
    return ov_arena_copy(&check->arena, key, &check->options.redact_key);
}

struct ov_check *ov_check_new(const struct ov_check_options *options, struct ov_error *err)
{
    struct ov_check *check = calloc(1, sizeof *check);
    if (!check) {
        ov_fail_memory(err);
        return NULL;
    }
    ov_list_init(&check->list);
    check->options = *options;
    check->list.cap = options->max_kept;
    check->list.most = options->max_findings;
    if (!check->options.read.max_cell)
        check->options.read.max_cell = OV_MAX_CELL;
    if (!check->options.threads)
        check->options.threads = 1;
    if (!check->options.max_depth)
        check->options.max_depth = OV_MAX_DEPTH;
    if (options->require_id)
        check->list.severity[OV_R302] = OV_ERROR;
    if (options->single_root)
        check->list.severity[OV_R407] = OV_ERROR;
    check->facts.id_column = check->facts.parent_column = check->facts.name_column = -1;
    check->forest = ov_forest_new();
    if (!check->forest) {
        ov_fail_memory(err);
        ov_check_free(check);
        return NULL;
    }
    check->hash_key = check->forest->hash_key;
    check->options.redact_key = (struct ov_text){0};
    if (options->redact && !set_redact_key(check, options->redact_key)) {
        ov_fail_memory(err);
        ov_check_free(check);
        return NULL;
    }
    check->file_name = strdup(options->file_name ? options->file_name : "");
    check->sheet = options->read.sheet ? strdup(options->read.sheet) : NULL;
    check->options.read.sheet = check->sheet;
    check->sha = options->keep_for_reread ? ov_sha256_new() : NULL;
    check->hashed = calloc(1, sizeof *check->hashed);
    enum { HASHED = 16 /* `#` and eight digits: redacting one cannot fail */ };
    if (!check->file_name || (options->read.sheet && !check->sheet) || !check->hashed ||
        !ov_buf_room(check->hashed, HASHED) || (options->keep_for_reread && !check->sha))
        ov_fail_memory(err);
    else
        check->reader = ov_reader_new(&options->read, on_record, check, err);
    if (!check->reader) {
        ov_check_free(check);
        return NULL;
    }
    check->pending_end = &check->pending;
    ov_reader_on_head(check->reader, on_head);
    return check;
}

void ov_check_free(struct ov_check *check)
{
    if (!check)
        return;
    ov_reader_free(check->reader);
    ov_sha256_free(check->sha);
    ov_loader_free(check->loader);
    for (size_t i = 0; i < check->pattern_count; i++)
        ov_pattern_free(check->patterns[i].pattern);
    for (size_t i = 0; i < check->fit_count; i++)
        free(check->fits[i].hashes);
    free(check->patterns);
    free(check->markers);
    free(check->marker_uses);
    free(check->blanks);
    free(check->headers);
    free(check->header_places);
    free(check->header_data);
    free(check->first_columns);
    free(check->gone);
    free(check->accept);
    free(check->file_name);
    free(check->sheet);
    while (check->pending) {
        struct ov_kept_record *next = check->pending->next;
        ov_kept_record_free(check->pending);
        check->pending = next;
    }
    ov_laid_out_deinit(check);
    ov_row_map_deinit(&check->row_map);
    ov_settings_deinit(&check->settings);
    ov_list_deinit(&check->list);
    ov_forest_free(check->forest);
    ov_places_deinit(&check->places);
    free(check->names);
    ov_shape_deinit(&check->shape);
    ov_cycles_deinit(&check->cycles);
    ov_buf_deinit(&check->texts);
    ov_buf_deinit(&check->shown);
    if (check->hashed)
        ov_buf_deinit(check->hashed);
    free(check->hashed);
    ov_arena_deinit(&check->arena);
    free(check);
}

/* Options. */

/* Fails when bytes have been fed already: options must be set before. */
static enum ov_status still_open(const struct ov_check *check, struct ov_error *err)
{
    return check->started ? ov_fail(err, OV_E_STATE, "options must be set before the first byte")
                          : OV_OK;
}

enum ov_status ov_check_set(struct ov_check *check, struct ov_text key, struct ov_text value,
                            struct ov_error *err)
{
    if (still_open(check, err) != OV_OK)
        return OV_E_STATE;
    return ov_settings_put(&check->settings, key, value, err);
}

enum ov_status ov_check_set_json(struct ov_check *check, struct ov_text json, struct ov_error *err)
{
    if (still_open(check, err) != OV_OK)
        return OV_E_STATE;
    return ov_settings_put_json(&check->settings, json, err);
}

enum ov_status ov_check_set_severity(struct ov_check *check, const struct ov_rule *rule, bool off,
                                     enum ov_severity severity, struct ov_error *err)
{
    if (still_open(check, err) != OV_OK)
        return OV_E_STATE;
    for (size_t i = 0; i < OV_RULES; i++) {
        if (ov_rule_at(i) == rule) {
            check->list.severity[i] = off ? OV_OFF : (int)severity;
            check->list.stays[i] = check->options.errors_stay;
            return OV_OK;
        }
    }
    return ov_fail(err, OV_E_OPTION, "unknown rule");
}

enum ov_status ov_check_set_pattern(struct ov_check *check, struct ov_text field,
                                    struct ov_text regex, struct ov_error *err)
{
    if (still_open(check, err) != OV_OK)
        return OV_E_STATE;
    bool known = false;
    if (ov_text_equal(field, OV_TEXT("parent")))
        field = OV_TEXT("parentid");
    for (size_t i = 0; i < ov_importer_count(); i++)
        known |= ov_importer_field(ov_importer_at(i), field) >= 0;
    if (!known)
        return ov_fail(err, OV_E_OPTION, "pattern for unknown field `%.*s`", OV_FMT(field));
    struct ov_field_pattern pattern = {0};
    struct ov_error why = OV_ERROR_LIKE(err);
    pattern.pattern = ov_pattern_new(regex, &why);
    if (!pattern.pattern)
        return ov_fail(err, why.status, "invalid pattern for `%.*s`: %s", OV_FMT(field),
                       why.message);
    if (!ov_grow(&check->patterns, &check->pattern_capacity, check->pattern_count + 1,
                 sizeof *check->patterns) ||
        !ov_arena_copy(&check->arena, field, &pattern.field) ||
        !ov_arena_copy(&check->arena, regex, &pattern.regex)) {
        ov_pattern_free(pattern.pattern);
        return ov_fail_memory(err);
    }
    check->patterns[check->pattern_count++] = pattern;
    return OV_OK;
}

enum ov_status ov_check_add_root_marker(struct ov_check *check, struct ov_text value,
                                        struct ov_error *err)
{
    if (still_open(check, err) != OV_OK)
        return OV_E_STATE;
    struct ov_text copy;
    if (!ov_grow(&check->markers, &check->marker_capacity, check->marker_count + 1,
                 sizeof *check->markers) ||
        !ov_arena_copy(&check->arena, value, &copy))
        return ov_fail_memory(err);
    check->markers[check->marker_count++] = copy;
    return OV_OK;
}

enum ov_status ov_check_set_layout(struct ov_check *check, enum ov_layout_key key,
                                   struct ov_text value, struct ov_error *err)
{
    enum ov_status status = still_open(check, err);
    return status == OV_OK ? ov_layout_set(&check->layout, key, value, err) : status;
}

void ov_check_expect(struct ov_check *check, uint64_t bytes)
{
    check->expected = bytes;
}

enum ov_status ov_check_add_existing(struct ov_check *check, struct ov_text id,
                                     struct ov_error *err)
{
    if (still_open(check, err) != OV_OK)
        return OV_E_STATE;
    return id.len ? ov_forest_add_existing(check->forest, id, err) : OV_OK;
}

/* The header. */

/* User uploads and a header that the user chose are read as they are. */
static enum ov_status on_head(void *ctx, struct ov_error *err)
{
    const struct ov_check *check = ctx;
    return check->jobs ? OV_OK : ov_survey_head(ctx, err);
}

static enum ov_status on_header(struct ov_check *check, struct ov_vetted *vetted,
                                struct ov_error *err)
{
    const struct ov_record *record = vetted->record;
    enum ov_status status;
    check->result.header_row = record->place.line;
    check->facts.has_header = true;
    if (!ov_header_keep(check, record))
        return ov_fail_memory(err);
    if ((status = ov_header_delimiter(check, err)) != OV_OK || check->facts.stopped ||
        (status = ov_header_other_upload(check, err)) != OV_OK || check->facts.stopped)
        return status;
    ov_rules_flush_blanks(check, false);
    ov_rules_titles(check);
    ov_rules_record(check, vetted, false);
    check->facts.header_broken = record->error && record->error_cell < record->kept &&
                                 record->cells[record->error_cell].flags & OV_CELL_BROKEN;
    if (check->jobs)
        return check->facts.header_broken ? OV_OK : ov_jobs_header(check, err);
    check->importer = ov_header_importer(check, &check->result.importer_column);
    if (!check->importer && !check->options.importer_required) {
        check->importer = ov_importer_at(0);
        check->importer_assumed = true;
    }
    if (check->facts.header_broken || !check->importer)
        return OV_OK;
    status = ov_bind(check->importer, &check->settings, check->headers, check->facts.header_count,
                     &check->binding, err);
    if (status != OV_OK)
        return status;
    check->facts.bound = true;
    for (size_t i = 0; i < check->importer->field_count; i++)
        check->field_names[i] = check->importer->fields[i].name;
    const struct ov_setting *missing = ov_settings_get(&check->settings, OV_TEXT("missing_parent"));
    check->facts.reroots = missing && ov_text_equal(missing->value, OV_TEXT("root"));
    if (check->facts.reroots &&
        (check->list.severity[OV_R402] == OV_AS_IS || check->list.stays[OV_R402])) {
        check->list.severity[OV_R402] = OV_WARNING;
        check->list.stays[OV_R402] = false;
    }
    check->given = check->binding;
    if ((status = ov_lay_out_header(check, err)) != OV_OK ||
        (status = ov_find_proposals(check, err)) != OV_OK)
        return status;
    ov_rules_mapping(check);
    if ((status = ov_go_on_with_proposals(check, err)) != OV_OK ||
        (status = ov_lay_out_columns(check, err)) != OV_OK)
        return status;
    ov_header_plan(check);
    check->marker_uses = calloc(check->marker_count + 1, sizeof *check->marker_uses);
    if (!check->marker_uses)
        return ov_fail_memory(err);
    check->loader = ov_loader_new(check->forest, check->options.threads);
    return check->loader ? OV_OK : ov_fail_memory(err);
}

/* The rows. */

static enum ov_status leave_out(struct ov_check *check, const struct ov_record *record,
                                enum ov_line line, struct ov_error *err)
{
    check->not_rows++;
    check->result.left_out += line == OV_LINE_LEFT || line == OV_LINE_UNWANTED;
    if (line < OV_LINE_LEFT)
        ov_report_line(check, record, line);
    return ov_row_map_add(&check->row_map, (uint64_t)record->row, line) ? OV_OK
                                                                        : ov_fail_memory(err);
}

/* Vets a record that is a row. */
static enum ov_status vet_row(struct ov_check *check, const struct ov_record *record,
                              struct ov_error *err)
{
    struct ov_record own;
    struct ov_vetted vetted = {.record = record};
    if (check->facts.bound && !ov_layout_is_plain(&check->layout)) {
        enum ov_line line;
        enum ov_status status = ov_lay_out_row(check, record, &line, err);
        return status == OV_OK && line != OV_LINE_ROW ? leave_out(check, record, line, err)
                                                      : status;
    }
    if (check->not_rows) { /* rows are numbered without the records that are none */
        own = *record;
        own.row = (int64_t)check->rows + 1;
        vetted.record = &own;
    }
    vetted.row = (uint32_t)vetted.record->row;
    return ov_vet_row(check, &vetted, err);
}

enum { PENDING_MOST = 16 /* more lines of totals in a row are not believed */ };

static enum ov_status keep_pending(struct ov_check *check, const struct ov_record *record,
                                   struct ov_error *err)
{
    struct ov_kept_record *kept = ov_kept_record_new(record);
    if (!kept)
        return ov_fail_memory(err);
    *check->pending_end = kept;
    check->pending_end = &kept->next;
    check->pending_count++;
    return OV_OK;
}

/* Vets what seemed to be totals: an ordinary row follows, or (last) the file ends, and then it
 * depends on the hierarchy. */
static enum ov_status settle_pending(struct ov_check *check, bool last, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    while (check->pending && status == OV_OK) {
        struct ov_kept_record *kept = check->pending;
        bool total = last && ov_is_total(check, &kept->record);
        status = total ? leave_out(check, &kept->record, OV_LINE_TOTAL, err)
                       : vet_row(check, &kept->record, err);
        check->pending = kept->next;
        check->pending_count--;
        ov_kept_record_free(kept);
    }
    if (!check->pending)
        check->pending_end = &check->pending;
    return status;
}

/* A record below the header that is not blank. */
static enum ov_status on_line(struct ov_check *check, const struct ov_record *record,
                              struct ov_error *err)
{
    enum ov_line line = check->jobs ? OV_LINE_ROW : ov_line_of(check, record);
    if (line == OV_LINE_TOTAL && check->pending_count < PENDING_MOST)
        return keep_pending(check, record, err);
    if (check->pending) {
        enum ov_status status = settle_pending(check, false, err);
        if (status != OV_OK)
            return status;
    }
    return line == OV_LINE_ROW || line == OV_LINE_TOTAL ? vet_row(check, record, err)
                                                        : leave_out(check, record, line, err);
}

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    static const struct ov_cell no_id;
    struct ov_check *check = ctx;
    enum ov_status status = OV_OK;
    if (check->facts.stopped || (check->options.settings_only && check->facts.has_header))
        return OV_OK;
    if (record->row < 0)
        return ov_rules_blank(check, record) ? OV_OK : ov_fail_memory(err);
    if (record->row >= OV_ROWS_MAX)
        return ov_fail(err, OV_E_LIMIT, "more than %d rows", OV_ROWS_MAX);
    if (check->facts.has_header) {
        if (check->blank_count)
            ov_rules_flush_blanks(check, false);
        status = on_line(check, record, err);
    } else {
        struct ov_vetted vetted = {.record = record, .id = &no_id};
        status = on_header(check, &vetted, err);
        if (check->options.settings_only && check->facts.has_header)
            ov_reader_stop(check->reader);
    }
    if (status == OV_OK && check->list.failed)
        status = ov_fail_memory(err);
    return status;
}

/* Input. */

enum ov_status ov_check_feed(struct ov_check *check, const void *bytes, size_t len,
                             struct ov_error *err)
{
    if (check->failed != OV_OK || check->facts.finished)
        return ov_fail(err, OV_E_STATE, "the check has already finished");
    check->started = true;
    if (check->sha)
        ov_sha256_add(check->sha, bytes, len);
    return check->failed = ov_reader_feed(check->reader, bytes, len, err);
}

bool ov_check_has_settings(const struct ov_check *check)
{
    return check->facts.has_header;
}

bool ov_check_has_columns(const struct ov_check *check)
{
    return check->facts.bound;
}

enum ov_other_upload ov_check_other_upload(const struct ov_check *check)
{
    if (ov_check_maps(check, OV_TEXT("parentid")))
        return OV_OTHER_NONE;
    return ov_headers_upload(check->headers, check->facts.header_count);
}

bool ov_check_maps(const struct ov_check *check, struct ov_text field)
{
    int index = check->facts.bound ? ov_importer_field(check->importer, field) : -1;
    return index >= 0 && check->binding.fields[index].column >= 0;
}

static uint64_t count_existing_parents(const struct ov_forest *forest)
{
    uint64_t count = 0;
    for (ov_node row = 0; forest->existing && row < forest->count; row++)
        count += ov_node_is_name(forest->parent[row]) &&
                 !ov_forest_is_missing(forest, forest->parent[row]);
    return count;
}

static void fill_result(struct ov_check *check)
{
    struct ov_check_result *result = &check->result;
    struct ov_text column;
    result->importer = check->jobs || result->other == OV_OTHER_USERS ? ov_importer_users()
                       : result->other == OV_OTHER_COURSES            ? ov_importer_courses()
                       : check->importer                              ? check->importer
                                         : ov_header_importer(check, &column);
    if (!result->importer)
        result->importer = ov_importer_at(0);
    result->importer_assumed =
        check->importer_assumed ||
        (check->options.importer_required && check->facts.has_header && !check->importer);
    result->is_workbook = ov_reader_is_workbook(check->reader);
    result->sheet = ov_reader_sheet(check->reader);
    result->encoding = ov_reader_encoding(check->reader);
    result->encoding_sure = ov_reader_is_sure(check->reader);
    result->delimiter = ov_reader_delimiter(check->reader);
    result->delimiter_name = ov_reader_delimiter_name(check->reader);
    result->rows = check->rows - check->made;
    result->has_hierarchy = !check->jobs && !result->other;
    result->nodes = check->shape.nodes;
    result->roots = check->shape.roots;
    result->max_depth = check->shape.max_depth;
    result->existing_parents = count_existing_parents(check->forest);
    for (int s = 0; s < OV_SEVERITIES; s++)
        result->severities[s] = ov_list_total(&check->list, (enum ov_severity)s);
}

/* Appends the settings to the root cause, then sets both texts of the result, as the buffer no
 * longer grows. */
static enum ov_status fill_texts(struct ov_check *check, struct ov_error *err)
{
    size_t cause = check->texts.len;
    if (check->facts.bound)
        ov_binding_json(&check->given, OV_JSON_PLAIN, &check->texts);
    else
        ov_buf_string(&check->texts, "{}");
    if (check->texts.failed)
        return ov_fail_memory(err);
    check->result.root_cause = (struct ov_text){check->texts.ptr, cause};
    check->result.settings = (struct ov_text){check->texts.ptr + cause, check->texts.len - cause};
    return OV_OK;
}

static enum ov_status conclude(struct ov_check *check, struct ov_error *err)
{
    const struct ov_names names = ov_vet_names(check);
    enum ov_status status = OV_OK;
    if (check->facts.bound) {
        status = ov_loader_finish(check->loader, err);
        ov_loader_free(check->loader);
        check->loader = NULL;
        if (status == OV_OK)
            status = settle_pending(check, true, err);
        if (status == OV_OK)
            status = ov_lay_out_tree(check, err);
        for (size_t i = 0; i < check->marker_count; i++)
            check->marker_uses[i].row = ov_forest_find(check->forest, check->markers[i]);
    }
    if (check->facts.has_header && !check->facts.stopped)
        ov_rules_flush_blanks(check, true);
    ov_rules_file(check);
    if (check->facts.bound && !ov_reader_foreign(check->reader)) {
        if (status == OV_OK)
            status = ov_rules_tree(check, err);
        if (status == OV_OK)
            status = ov_find_cause(check, err);
    }
    if (check->jobs)
        status = ov_jobs_conclude(check, err);
    if (status == OV_OK && (check->list.failed || !ov_list_sort(&check->list, &names)))
        status = ov_fail_memory(err);
    if (status != OV_OK)
        return status;
    fill_result(check);
    return fill_texts(check, err);
}

enum ov_status ov_check_finish(struct ov_check *check, struct ov_error *err)
{
    if (check->failed != OV_OK || check->facts.finished)
        return ov_fail(err, OV_E_STATE, "the check has already finished");
    enum ov_status status = ov_reader_finish(check->reader, err);
    if (status == OV_OK)
        status = conclude(check, err);
    check->facts.finished = status == OV_OK;
    if (check->sha)
        ov_sha256_hex(check->sha, check->sha256);
    return check->failed = status;
}

/* Results. */

const struct ov_check_result *ov_check_result(const struct ov_check *check)
{
    return &check->result;
}

const char *ov_check_likely_encoding(const struct ov_check *check, size_t index)
{
    return ov_reader_likely_encoding(check->reader, index);
}

bool ov_check_cause_option(const struct ov_check *check, size_t index, struct ov_text *option)
{
    if (index >= check->option_count)
        return false;
    *option = check->options_of_cause[index];
    return true;
}

uint64_t ov_check_count(const struct ov_check *check, size_t rule_index)
{
    return ov_list_count(&check->list, (enum ov_rule_index)rule_index);
}

bool ov_check_gone(const struct ov_check *check, size_t index, struct ov_text *fingerprint)
{
    if (index >= check->gone_count)
        return false;
    *fingerprint = check->gone[index];
    return true;
}

const char *ov_check_sha256(const struct ov_check *check)
{
    return check->sha256;
}

struct ov_text ov_check_given_setting(const struct ov_check *check, struct ov_text key)
{
    const struct ov_setting *setting = ov_settings_get(&check->settings, key);
    return setting ? setting->value : (struct ov_text){0};
}

enum ov_status ov_check_given_settings(const struct ov_check *check, const struct ov_sink *out,
                                       struct ov_error *err)
{
    struct ov_buf text = {0};
    ov_settings_json(&check->settings, &text);
    return ov_buf_write(&text, out, err);
}
