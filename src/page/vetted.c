/* page/vetted.c: see vetted.h. */
#include "page/vetted.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "orgvet/fix.h"
#include "orgvet/report.h"
#include "page/changes.h"
#include "page/facts.h"
#include "service/access.h"
#include "service/draft.h"
#include "service/import.h"

enum {
    ROWS = 500,    /* most rows or nodes of an answer */
    CELL = 300,    /* code points of a cell in a list of rows */
    FOUND = 1000,  /* most rows that a search in the hierarchy tells */
    RING = 16,     /* rows of a ring that are told; its cut is among them */
    OVERVIEW = 40, /* levels of the whole at once */
    WIDEST = 10000 /* parts of it */
};

/* --- the look --- */

/* What is asked about. */
struct asked {
    struct ov_request *request;
    int64_t item, tenant;
    struct ov_draft draft;
    struct ov_look_options options;
    int64_t framework; /* an existing one that is imported into; 0: none */
    struct ov_look *look;
};

static struct ov_looks *looks_of(const struct ov_request *request)
{
    return request->service->page_state;
}

static bool read_delimiter(struct asked *asked)
{
    struct ov_text text = ov_request_param(asked->request, "delimiter");
    return text.len == 0 || ov_delimiter_parse(text, &asked->options.delimiter) ||
           ov_fault(asked->request, OV_FAULT_PARAMETER, "`%.*s` is no delimiter", OV_QUOTE(text));
}

static bool read_importer(struct asked *asked)
{
    struct ov_text text = ov_request_param(asked->request, "importer");
    if (text.len)
        asked->options.importer = ov_importer_find(text);
    return text.len == 0 || asked->options.importer ||
           ov_fault(asked->request, OV_FAULT_PARAMETER, "There is no importer `%.*s`",
                    OV_QUOTE(text));
}

static bool read_asked(struct asked *asked)
{
    struct ov_request *request = asked->request;
    struct ov_text encoding = ov_request_param(request, "encoding");
    if (!ov_text_number(ov_request_param(request, "item"), &asked->item))
        return ov_fault(request, OV_FAULT_MISSING_PARAM, "item");
    if (!ov_access_has_function(request, OV_TEXT("tool_wp_perform_import")))
        return request->err.status == OV_OK &&
               ov_fault(request, OV_FAULT_ACCESS, "The token's service imports nothing");
    if (!ov_access_need(request, OV_CAN_IMPORT) ||
        !ov_draft_find(request, asked->item, &asked->draft))
        return false;
    asked->options.language = ov_language_of(request->language);
    asked->options.settings = ov_request_param(request, "settings");
    if (encoding.len)
        asked->options.encoding = ov_pool_string(&request->pool, encoding);
    asked->options.file_name = ov_pool_string(&request->pool, asked->draft.name);
    return ov_access_tenant(request, ov_request_param(request, "tenant"), false, &asked->tenant) &&
           read_delimiter(asked) && read_importer(asked);
}

/* The identifiers of the framework that is imported into. */
static enum ov_status add_existing(void *ctx, struct ov_check *check, struct ov_error *err)
{
    struct asked *asked = ctx;
    const struct ov_setting *target =
        ov_settings_get(&check->settings, OV_TEXT("target_framework"));
    if (!target || !ov_text_equal(target->value, OV_TEXT("existing")))
        return OV_OK;
    if (!asked->options.importer)
        return ov_fail(err, OV_E_OPTION,
                       "which importer is meant has to be chosen before an existing framework");
    struct ov_sql *sql = ov_request_read(asked->request);
    return sql ? ov_intake_target(check, sql, asked->options.importer, asked->tenant,
                                  &asked->framework, err)
               : OV_E_IO;
}

static struct ov_look *make(void *ctx, struct ov_error *err)
{
    struct asked *asked = ctx;
    struct ov_store *store = asked->request->service->store;
    struct ov_sql *sql = ov_request_read(asked->request);
    asked->options.existing = add_existing;
    asked->options.existing_ctx = asked;
    asked->options.file = sql ? ov_content_to_file(store, sql, asked->draft.content, err) : -1;
    if (asked->options.file < 0)
        return NULL;
    asked->options.rows = ov_store_scratch(store, err);
    if (asked->options.rows < 0) {
        close(asked->options.file);
        return NULL;
    }
    struct ov_look *look = ov_look_new(&asked->options, err);
    ov_request_read_end(asked->request);
    return look;
}

/* Of a framework: how often it was imported into, and undone, so that what is kept is of its
 * present state. */
static bool put_state(struct asked *asked, struct ov_buf *key)
{
    struct ov_request *request = asked->request;
    int64_t state = 0;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql ||
        ov_sql_number(sql, "SELECT coalesce(sum(id * 8 + status), 0) FROM import WHERE status > ?1",
                      OV_BIND(OV_SQL_I(OV_STATE_RUNNING)), &state, NULL, &request->err) != OV_OK)
        return false;
    ov_buf_format(key, "%lld", (long long)state);
    return true;
}

static bool take(struct asked *asked)
{
    static const char *const parts[] = {"importer", "settings", "encoding", "delimiter", "tenant"};
    struct ov_request *request = asked->request;
    struct ov_error err = {0};
    struct ov_buf key = {0};
    if (!read_asked(asked))
        return false;
    ov_buf_format(&key, "%lld %lld %s", (long long)request->caller.account, (long long)asked->item,
                  ov_language_tag(asked->options.language));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ov_buf_char(&key, '\0');
        ov_buf_text(&key, ov_request_param(request, parts[i]));
    }
    ov_buf_char(&key, '\0');
    bool good = !ov_text_contains_nocase(asked->options.settings, OV_TEXT("existing")) ||
                put_state(asked, &key);
    ov_request_read_end(request); /* waiting for others must not keep it */
    if (key.failed)
        good = ov_fail_memory(&request->err) == OV_OK;
    if (good)
        asked->look = ov_looks_take(looks_of(request), ov_buf_view(&key), make, asked, &err);
    ov_buf_deinit(&key);
    if (asked->look || !good)
        return asked->look != NULL;
    if (err.status == OV_E_OPTION || err.status == OV_E_PATTERN || err.status == OV_E_LIMIT)
        return ov_fault(request, OV_FAULT_PARAMETER, "%s", err.message);
    return ov_fail(&request->err, err.status, "%s", err.message) == OV_OK;
}

/* --- questions --- */

/* A number among the parameters, from 0 to most; 0 when it is none. */
static uint32_t number(const struct ov_request *request, const char *name, uint32_t most)
{
    int64_t value;
    ov_text_number(ov_request_param(request, name), &value);
    return value > most ? most : (uint32_t)value;
}

static struct ov_look_filter filter_of(const struct ov_request *request)
{
    struct ov_text severity = ov_request_param(request, "severity");
    struct ov_look_filter filter = {.code = ov_request_param(request, "code"),
                                    .text = ov_request_param(request, "text"),
                                    .only = ov_request_param(request, "only").len > 0,
                                    .severity = -1};
    for (int i = 0; i < OV_SEVERITIES; i++)
        if (ov_text_equal(severity, ov_text_of(ov_severity_name((enum ov_severity)i))))
            filter.severity = i;
    return filter;
}

typedef enum ov_status question(struct asked *asked, struct ov_buf *out, struct ov_error *err);

static enum ov_status put_row(struct ov_look *look, uint32_t row, size_t most, struct ov_buf *out,
                              struct ov_error *err)
{
    struct ov_look_row read;
    enum ov_status status = ov_look_read(look, row, &read, err);
    bool cut = false;
    if (status != OV_OK)
        return status;
    ov_buf_format(out, "{\"row\":%lu,\"line\":%llu,\"cells\":[", (unsigned long)row + 1,
                  (unsigned long long)read.line);
    for (uint32_t i = 0; i < read.cells; i++) {
        struct ov_text cell = ov_look_cell(&read), some = ov_utf8_cut(cell, most);
        ov_buf_string(out, i ? "," : "");
        ov_buf_json(out, some, OV_JSON_PLAIN);
        cut |= some.len < cell.len;
    }
    ov_buf_format(out, "],\"cut\":%s,\"findings\":[", cut ? "true" : "false");
    if (look->finding[row])
        status = ov_facts_findings(look, look->finding[row] - 1,
                                   ov_look_findings_end(look, look->finding[row] - 1), out, err);
    ov_buf_string(out, "]}");
    return status;
}

static enum ov_status rows(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    struct ov_look_filter filter = filter_of(asked->request);
    const struct ov_look_view *view = ov_look_view(asked->look, &filter, err);
    if (!view)
        return err->status;
    uint32_t from = number(asked->request, "from", view->count);
    uint32_t most = number(asked->request, "most", ROWS);
    enum ov_status status = OV_OK;
    ov_buf_format(out, "{\"total\":%lu,\"rows\":[", (unsigned long)view->count);
    for (uint32_t i = from; i < view->count && i - from < most && status == OV_OK; i++) {
        ov_buf_string(out, i > from ? "," : "");
        status = put_row(asked->look, ov_look_view_row(view, i), CELL, out, err);
    }
    ov_buf_string(out, "]}");
    return status;
}

static enum ov_status row(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    enum { WHOLE = 100 * 1000 /* bytes of a cell */ };
    uint32_t wanted = number(asked->request, "row", UINT32_MAX);
    if (wanted == 0 || wanted > asked->look->branches.rows) {
        ov_buf_string(out, "null");
        return OV_OK;
    }
    return put_row(asked->look, wanted - 1, WHOLE, out, err);
}

/* Where a row stands among those that a filter leaves; -1: nowhere. */
static enum ov_status position(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    struct ov_look_filter filter = filter_of(asked->request);
    const struct ov_look_view *view = ov_look_view(asked->look, &filter, err);
    uint32_t wanted = number(asked->request, "row", UINT32_MAX) - 1;
    if (!view)
        return err->status;
    uint32_t place = ov_look_view_place(view, wanted);
    bool there = place < view->count && ov_look_view_row(view, place) == wanted;
    ov_buf_format(out, "%ld", there ? (long)place : -1L);
    return OV_OK;
}

/* The next place behind or before one that has a finding; -1: there is none. */
static enum ov_status next(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    struct ov_look_filter filter = filter_of(asked->request);
    const struct ov_look_view *view = ov_look_view(asked->look, &filter, err);
    if (!view)
        return err->status;
    bool back = ov_request_param(asked->request, "back").len > 0;
    long at = (long)number(asked->request, "from", view->count), step = back ? -1 : 1;
    for (at += step; at >= 0 && at < (long)view->count; at += step)
        if (asked->look->finding[ov_look_view_row(view, (uint32_t)at)])
            break;
    ov_buf_format(out, "%ld", at < (long)view->count ? at : -1L);
    return OV_OK;
}

/* --- the hierarchy --- */

static void put_ring(const struct ov_look *look, const struct ov_cycle *ring, struct ov_buf *out)
{
    const ov_node *loop = look->check->cycles.rows + ring->loop;
    size_t told = ring->loop_count < RING ? ring->loop_count : RING;
    ov_buf_format(out, ",\"loop\":{\"cut\":%lu,\"size\":%zu,\"rows\":[",
                  (unsigned long)ring->cut + 1, ring->loop_count);
    for (size_t i = 0; i < told; i++)
        ov_buf_format(out, "%s%lu", i ? "," : "", (unsigned long)loop[i] + 1);
    ov_buf_string(out, "]}");
}

static enum ov_status put_node(struct ov_look *look, uint32_t node, struct ov_buf *out,
                               struct ov_error *err)
{
    const struct ov_branches *branches = &look->branches;
    const struct ov_cycle *ring = ov_branches_ring(branches, node);
    struct ov_look_row read;
    ov_buf_format(out, "{\"node\":%lu,\"up\":%ld,\"kids\":%lu,\"below\":%lu,\"worst\":%u",
                  (unsigned long)node,
                  node == ov_branches_top(branches) ? -1L : (long)branches->up[node],
                  (unsigned long)ov_branches_kids(branches, node),
                  (unsigned long)branches->below[node], (unsigned)branches->worst_below[node]);
    if (node < branches->rows) {
        enum ov_status status = ov_look_read(look, node, &read, err);
        if (status != OV_OK)
            return status;
        ov_buf_format(out, ",\"row\":%lu,\"id\":", (unsigned long)node + 1);
        ov_buf_json(out, ov_utf8_cut(ov_look_column(&read, look->check->id_column), CELL),
                    OV_JSON_PLAIN);
        ov_buf_string(out, ",\"name\":");
        ov_buf_json(out, ov_utf8_cut(ov_look_column(&read, look->check->name_column), CELL),
                    OV_JSON_PLAIN);
    } else if (node < branches->rows + branches->names) {
        bool there;
        struct ov_text name = ov_branches_name(branches, node, &there);
        ov_buf_string(out, there ? ",\"there\":" : ",\"missing\":");
        ov_buf_json(out, ov_utf8_cut(name, CELL), OV_JSON_PLAIN);
    } else if (ring) {
        put_ring(look, ring, out);
    }
    ov_buf_char(out, '}');
    return OV_OK;
}

static bool node_of(const struct asked *asked, uint32_t *node)
{
    *node = number(asked->request, "node", UINT32_MAX);
    return asked->look->has_rows && *node < asked->look->branches.nodes;
}

static enum ov_status node(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    uint32_t wanted;
    if (node_of(asked, &wanted))
        return put_node(asked->look, wanted, out, err);
    ov_buf_string(out, "null");
    return OV_OK;
}

static enum ov_status children(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_branches *branches = &asked->look->branches;
    enum ov_status status = OV_OK;
    uint32_t of;
    ov_buf_char(out, '[');
    if (node_of(asked, &of)) {
        uint32_t kids = ov_branches_kids(branches, of);
        uint32_t from = number(asked->request, "from", kids);
        uint32_t most = number(asked->request, "most", ROWS);
        for (uint32_t i = from; i < kids && i - from < most && status == OV_OK; i++) {
            ov_buf_string(out, i > from ? "," : "");
            status = put_node(asked->look, branches->kids[branches->first[of] + i], out, err);
        }
    }
    ov_buf_char(out, ']');
    return status;
}

/* From a row's node up to the one below the top: the page turns it round. */
static enum ov_status way(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_branches *branches = &asked->look->branches;
    uint32_t at = number(asked->request, "row", UINT32_MAX);
    (void)err;
    ov_buf_char(out, '[');
    if (asked->look->has_rows && at > 0 && at <= branches->rows) {
        bool any = false;
        for (at--; at != ov_branches_top(branches); at = branches->up[at], any = true)
            ov_buf_format(out, "%s{\"node\":%lu,\"index\":%lu}", any ? "," : "", (unsigned long)at,
                          (unsigned long)ov_branches_index(branches, at));
    }
    ov_buf_char(out, ']');
    return OV_OK;
}

/* Rows whose identifier or name holds a text. */
static enum ov_status find(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    struct ov_look *look = asked->look;
    struct ov_look_filter filter = {.text = ov_request_param(asked->request, "text"),
                                    .severity = -1};
    const struct ov_look_view *view = ov_look_view(look, &filter, err);
    struct ov_buf folded = {0};
    enum ov_status status = view ? OV_OK : err->status;
    uint32_t found = 0;
    ov_buf_char(out, '[');
    for (uint32_t i = 0; view && i < view->count && found < FOUND && status == OV_OK; i++) {
        struct ov_look_row read;
        status = ov_look_read(look, ov_look_view_row(view, i), &read, err);
        if (status == OV_OK &&
            ((look->check->id_column >= 0 &&
              ov_look_has(&read, filter.text, &folded, look->check->id_column)) ||
             (look->check->name_column >= 0 &&
              ov_look_has(&read, filter.text, &folded, look->check->name_column))))
            ov_buf_format(out, "%s%lu", found++ ? "," : "",
                          (unsigned long)ov_look_view_row(view, i) + 1);
    }
    ov_buf_char(out, ']');
    ov_buf_deinit(&folded);
    return status;
}

static enum ov_status overview(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    uint32_t width = number(asked->request, "width", WIDEST);
    if (asked->look->has_rows && width)
        return ov_branches_overview(&asked->look->branches, width, OVERVIEW, out, err);
    ov_buf_string(out, "[]");
    return OV_OK;
}

static enum ov_status about(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    return ov_facts_put(asked->look, asked->draft.name, out, err);
}

/* The first row from a line on: its number. */
static enum ov_status row_at(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    uint32_t line = number(asked->request, "line", UINT32_MAX);
    uint32_t low = 0, high = asked->look->branches.rows;
    while (low < high) {
        struct ov_look_row read;
        uint32_t middle = low + (high - low) / 2;
        enum ov_status status = ov_look_read(asked->look, middle, &read, err);
        if (status != OV_OK)
            return status;
        if (read.line < line)
            low = middle + 1;
        else
            high = middle;
    }
    ov_buf_format(out, "%lu", (unsigned long)low + 1);
    return OV_OK;
}

/* The file beside the framework that it is imported into. */
static enum ov_status changes(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    const struct ov_check *check = asked->look->check;
    const struct ov_setting *select =
        ov_settings_get(&check->settings, OV_TEXT("select_framework"));
    struct ov_sql *sql = ov_request_read(asked->request);
    int64_t framework = 0;
    if (!sql)
        return OV_E_IO;
    enum ov_status status = select && asked->look->has_rows
                                ? ov_framework_find(sql, select->value, check->importer->name,
                                                    asked->tenant, &framework, err)
                                : OV_OK;
    if (status == OV_OK && framework)
        return ov_changes_put(asked->look, sql, framework, asked->draft.name, out, err);
    ov_buf_string(out, "null");
    return status;
}

/* --- mending --- */

static enum ov_status put_in_file(void *ctx, const char *bytes, size_t len, struct ov_error *err)
{
    return ov_write_all(*(int *)ctx, bytes, len)
               ? OV_OK
               : ov_fail(err, OV_E_IO, "a file cannot be written: the disk is full");
}

static void read_fix(const struct ov_request *request, struct ov_fix_options *options)
{
    struct ov_text kinds = ov_request_param(request, "kinds");
    for (int kind = 0; kind < OV_FIX_KINDS; kind++)
        if (ov_text_contains_nocase(kinds, ov_text_of(ov_facts_fix_name((enum ov_fix_kind)kind))))
            options->kinds |= 1u << kind;
    options->unsafe = (options->kinds & (1u << OV_FIX_ZEROS | 1u << OV_FIX_PARENT)) != 0;
    options->row = number(request, "row", UINT32_MAX);
    options->confidence = number(request, "confidence", 100);
}

static enum ov_status mend(struct asked *asked, int file, struct ov_fix_summary *summary,
                           struct ov_error *err)
{
    struct ov_fix_options options = {0};
    struct ov_look *look = asked->look;
    struct ov_sink sink = {put_in_file, &file};
    read_fix(asked->request, &options);
    struct ov_fix *fix = ov_fix_new(look->check, &look->source, &options, err);
    enum ov_status status = fix ? ov_fix_write(fix, &sink, err) : err->status;
    if (status == OV_OK)
        *summary = ov_fix_summary(fix);
    ov_fix_free(fix);
    return status;
}

/* Puts a mended copy of the file into a draft area of its own: its number, and what was mended. */
static enum ov_status fix(struct asked *asked, struct ov_buf *out, struct ov_error *err)
{
    struct ov_request *request = asked->request;
    struct ov_fix_summary summary = {0};
    struct ov_upload upload = {.name = asked->draft.name};
    struct stat about;
    int64_t drop, item;
    ov_text_number(ov_request_param(request, "drop"), &drop);
    upload.fd = ov_store_scratch(request->service->store, err);
    if (upload.fd < 0)
        return OV_E_IO;
    enum ov_status status = mend(asked, upload.fd, &summary, err);
    if (status == OV_OK && fstat(upload.fd, &about) != 0)
        status = ov_fail(err, OV_E_IO, "a file cannot be read back");
    upload.size = status == OV_OK ? (uint64_t)about.st_size : 0;
    bool good = status == OV_OK && ov_draft_add(request, &upload, drop, &item);
    close(upload.fd);
    if (status == OV_OK && good) {
        ov_buf_format(out, "{\"item\":%lld,\"mended\":", (long long)item);
        ov_facts_fixes(summary.mended, out);
        ov_buf_string(out, ",\"left\":");
        ov_facts_fixes(summary.left, out);
        ov_buf_char(out, '}');
    }
    return status;
}

/* --- all of them --- */

static const struct {
    const char *name;
    question *ask;
} questions[] = {
    {"about", about},     {"rows", rows},         {"row", row},           {"position", position},
    {"next", next},       {"node", node},         {"children", children}, {"way", way},
    {"find", find},       {"overview", overview}, {"fix", fix},           {"at", row_at},
    {"changes", changes},
};

bool ov_vetted_ask(struct ov_request *request, struct ov_text what)
{
    struct asked asked = {.request = request};
    question *ask = NULL;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (ov_text_equal(what, ov_text_of(questions[i].name)))
            ask = questions[i].ask;
    if (!ask)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    if (!take(&asked))
        return false;
    enum ov_status status = ask(&asked, &request->answer.body, &request->err);
    ov_looks_give(looks_of(request), asked.look);
    if (status == OV_OK && request->answer.body.failed)
        status = ov_fail_memory(&request->err);
    return status == OV_OK && request->fault == OV_FAULT_NONE;
}

static enum ov_status write_report(struct asked *asked, const struct ov_format *format, int file,
                                   struct ov_error *err)
{
    struct ov_report_options options = {.language = asked->options.language};
    struct ov_sink sink = {put_in_file, &file};
    struct ov_look *look = asked->look;
    struct ov_report *report = ov_report_new(format, &options, &sink, err);
    enum ov_status status =
        report ? ov_report_add(report, asked->options.file_name, look->check, &look->source, err)
               : err->status;
    if (status == OV_OK)
        status = ov_report_end(report, err);
    ov_report_free(report);
    return status;
}

/* The draft itself, such as a mended copy. */
static bool send_draft(struct asked *asked)
{
    struct ov_request *request = asked->request;
    struct ov_answer *answer = &request->answer;
    int64_t size = 0;
    if (!read_asked(asked))
        return false;
    struct ov_sql *sql = ov_request_read(request);
    if (!sql ||
        ov_sql_number(sql, "SELECT size FROM content WHERE id = ?1",
                      OV_BIND(OV_SQL_I(asked->draft.content)), &size, NULL, &request->err) != OV_OK)
        return false;
    answer->content = asked->draft.content;
    answer->size = (uint64_t)size;
    answer->type = "application/octet-stream";
    answer->file_name = OV_TEXT("file.csv");
    return true;
}

bool ov_vetted_download(struct ov_request *request)
{
    static const char *const types[][2] = {{"csv", "text/csv; charset=utf-8"},
                                           {"json", "application/json"},
                                           {"html", "text/html; charset=utf-8"}};
    struct ov_answer *answer = &request->answer;
    struct ov_text what = ov_request_param(request, "what");
    struct asked asked = {.request = request};
    const char *type = NULL;
    if (ov_text_equal(what, OV_TEXT("file")))
        return send_draft(&asked);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ov_text_equal(what, ov_text_of(types[i][0])))
            type = types[i][1];
    if (!type)
        return ov_fault(request, OV_FAULT_NO_FILE, NULL);
    if (!take(&asked))
        return false;
    const struct ov_format *format = ov_format_find(what);
    struct stat about;
    int file = ov_store_scratch(request->service->store, &request->err);
    if (file >= 0) {
        enum ov_status status = write_report(&asked, format, file, &request->err);
        if (status == OV_OK && fstat(file, &about) == 0) {
            answer->file = file;
            answer->size = (uint64_t)about.st_size;
            answer->type = type;
            answer->file_name = ov_pool_format(&request->pool, "report.%.*s", OV_FMT(what));
        } else {
            close(file);
        }
    }
    ov_looks_give(looks_of(request), asked.look);
    return answer->file >= 0;
}
