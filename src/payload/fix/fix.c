/* payload/fix/fix.c: determines what can be fixed (orgvet/fix.h).
 *
 * Edits of cells are proposed for the findings (edits.h). The file is rewritten with them
 * (rewrite.h) and vetted again; edits that cause new findings are undone (verify.h), until no edit
 * does. The fixed file is then treated in the same way, until a round gains nothing. So running the
 * fix on its own output changes nothing more, within the limits below. */
#include <stdlib.h>

#include "base/error.h"
#include "payload/fix/fix.h"
#include "payload/fix/verify.h"
#include "payload/fix/patch.h"
#include "payload/reread/rows.h"
#include "vet/check_access.h"
#include "vet/check_clone.h"

enum {
    CONFIDENCE = 75, /* percent; the default */
    ROUNDS = 16,     /* most; all but the last fix something */
    GENTLE = 6,      /* attempts per round that undo as little as possible */
    ATTEMPTS = 12,   /* attempts per round before all edits of identifiers and parents are undone */
    VETTINGS = 60,   /* checks in all rounds; then no more edits are proposed */
    GUESSINGS = 4,   /* those of them that compare missing parents by edit distance */
};

#define OF_CELLS (1u << OV_FIX_SPACE | 1u << OV_FIX_INVISIBLE | 1u << OV_FIX_FLAG)

/* Rewriting. */

static struct ov_rewrite make_rewrite(const struct ov_fix *fix, ov_piece_fn *on_piece, void *ctx)
{
    bool crlf = fix->survey.crlf > fix->survey.lf;
    return (struct ov_rewrite){.check = fix->before,
                               .source = fix->source,
                               .edits = (struct ov_edits *)&fix->edits,
                               .kinds = fix->kinds,
                               .delimiter = fix->delimiter,
                               .line_end = crlf ? OV_TEXT("\r\n") : OV_TEXT("\n"),
                               .order = fix->sorted ? ov_fix_current(fix) : NULL,
                               .on_piece = on_piece,
                               .ctx = ctx};
}

/* Collects pieces of the fixed file into larger blocks. */
struct gathering {
    struct ov_buf buf;
    struct ov_check *check;     /* borrowed: fed with the blocks; or NULL */
    const struct ov_sink *sink; /* borrowed: receives the blocks, if check is NULL */
};
enum { GATHERED = 64 * 1024 };

static enum ov_status flush_gathered(struct gathering *gathering, struct ov_error *err)
{
    struct ov_text text = ov_buf_view(&gathering->buf);
    gathering->buf.len = 0;
    if (gathering->buf.failed)
        return ov_fail_memory(err);
    if (text.len == 0)
        return OV_OK;
    return gathering->check ? ov_check_feed(gathering->check, text.ptr, text.len, err)
                            : gathering->sink->write(gathering->sink->ctx, text.ptr, text.len, err);
}

static enum ov_status gather(void *ctx, struct ov_text old, struct ov_text fixed,
                             struct ov_error *err)
{
    struct gathering *gathering = ctx;
    (void)old;
    ov_buf_text(&gathering->buf, fixed);
    return gathering->buf.len < GATHERED ? OV_OK : flush_gathered(gathering, err);
}

static enum ov_status rewrite_into(struct ov_fix *fix, struct gathering *gathering,
                                   struct ov_survey *survey, struct ov_error *err)
{
    struct ov_rewrite how = make_rewrite(fix, gather, gathering);
    enum ov_status status = ov_rewrite_run(&how, survey, err);
    if (status == OV_OK)
        status = flush_gathered(gathering, err);
    ov_buf_deinit(&gathering->buf);
    return status;
}

/* Vets the file as it would be after the fixes; the caller frees the check; NULL on failure. guess:
 * compare missing parents by edit distance too, which is slow. */
static struct ov_check *vet(struct ov_fix *fix, bool guess, struct ov_survey *survey,
                            struct ov_error *err)
{
    if (fix->options.stopped && fix->options.stopped(fix->options.ctx)) {
        ov_fail(err, OV_E_STATE, "fixing was aborted");
        return NULL;
    }
    fix->vettings++;
    fix->guessings += guess;
    struct ov_read_options read = ov_check_choices(fix->before)->read;
    if (fix->kinds & 1u << OV_FIX_ENCODING || !fix->survey.converted)
        read.encoding = NULL;
    if (fix->kinds & 1u << OV_FIX_DELIMITER) {
        read.delimiter = 0;
        read.wide_delimiter = 0;
    }
    if (ov_check_facts(fix->before)->header_found)
        read.header_row = 0;
    struct gathering gathering = {.check = ov_check_like(fix->before, &read, err)};
    struct ov_check *check = gathering.check;
    if (check && !guess)
        ov_check_guess_little(check);
    if (check && (rewrite_into(fix, &gathering, survey, err) != OV_OK ||
                  ov_check_finish(check, err) != OV_OK)) {
        ov_check_free(check);
        return NULL;
    }
    return check;
}

/* Whole-file fixes. */

static bool ends_with(const char *name, const char *end)
{
    struct ov_text text = ov_text_of(name), tail = ov_text_of(end);
    if (text.len < tail.len)
        return false;
    text.ptr += text.len - tail.len;
    text.len = tail.len;
    return ov_text_equal_nocase(text, tail);
}

static char best_delimiter(const struct ov_check *check)
{
    bool tabs = ends_with(ov_check_file_name(check), ".tsv") ||
                ends_with(ov_check_file_name(check), ".tab");
    return tabs && ov_check_result(check)->delimiter == '\t' ? '\t' : ',';
}

/* Gives up all fixes: the encoding cannot be fixed, and the output is always UTF-8. */
static void abandon(struct ov_fix *fix, unsigned why)
{
    ov_edits_undo_all(&fix->edits, why);
    fix->kinds = 0;
    fix->left = 1u << OV_FIX_ENCODING;
    fix->left_why[OV_FIX_ENCODING] = why;
}

static bool is_abandoned(const struct ov_fix *fix)
{
    return (fix->left & 1u << OV_FIX_ENCODING) != 0;
}

/* Gives up one whole-file fix; false when it was not to be applied. */
static bool give_up_kind(struct ov_fix *fix, enum ov_fix_kind kind, unsigned why)
{
    if (!(fix->kinds & 1u << kind))
        return false;
    fix->kinds &= ~(1u << kind);
    fix->left |= 1u << kind;
    fix->left_why[kind] = why;
    return true;
}

/* Determines which whole-file fixes are needed and possible. */
static enum ov_status survey_file(struct ov_fix *fix, struct ov_error *err)
{
    const struct ov_check *check = fix->before;
    struct ov_survey *survey = &fix->survey;
    fix->delimiter = best_delimiter(check);
    struct ov_rewrite how = make_rewrite(fix, NULL, NULL);
    enum ov_status status = ov_rewrite_run(&how, survey, err);
    if (status != OV_OK)
        return status;
    /* text that is identical in UTF-8, such as ASCII, need not be converted */
    bool utf8 = strcmp(ov_check_result(check)->encoding, "UTF-8") == 0 || !survey->converted;
    unsigned wanted = 0;
    if (!utf8)
        wanted |= 1u << OV_FIX_ENCODING;
    if (survey->bom)
        wanted |= 1u << OV_FIX_BOM;
    if (survey->cr || (survey->lf && survey->crlf))
        wanted |= 1u << OV_FIX_LINE_ENDS;
    if (survey->blank)
        wanted |= 1u << OV_FIX_BLANK;
    if (survey->titles && ov_check_facts(check)->header_found &&
        (ov_check_facts(check)->titles_sparse || fix->options.unsafe))
        wanted |= 1u << OV_FIX_TITLES;
    if (survey->headers)
        wanted |= 1u << OV_FIX_HEADERS;
    if (survey->surplus)
        wanted |= 1u << OV_FIX_SURPLUS;
    if (survey->not_rows && fix->options.unsafe)
        wanted |= 1u << OV_FIX_NOT_ROWS;
    if (survey->sep || ov_check_result(check)->delimiter != fix->delimiter)
        wanted |= 1u << OV_FIX_DELIMITER;
    if (!utf8 && (survey->invalid || ov_list_count(ov_check_list(check), OV_R311))) {
        abandon(fix,
                survey->invalid ? OV_R103 : OV_R311); /* OV311: the file may be UTF-8 after all */
        return OV_OK;
    }
    if (!utf8 && !ov_check_result(check)->encoding_sure) {
        abandon(fix, OV_R112);
        return OV_OK;
    }
    fix->kinds = wanted & fix->options.kinds;
    if (survey->stuck)
        give_up_kind(fix, OV_FIX_DELIMITER, OV_R106);
    if (survey->torn != OV_NO_RULE) { /* later lines may be inside its cell */
        give_up_kind(fix, OV_FIX_DELIMITER, survey->torn);
        give_up_kind(fix, OV_FIX_LINE_ENDS, survey->torn);
        give_up_kind(fix, OV_FIX_BLANK, survey->torn);
        give_up_kind(fix, OV_FIX_HEADERS, survey->torn);
        give_up_kind(fix, OV_FIX_SURPLUS, survey->torn);
        give_up_kind(fix, OV_FIX_NOT_ROWS, survey->torn);
    }
    return OV_OK;
}

/* Gives up the next whole-file fix in a fixed order; false when none is left. */
static bool give_up_one(struct ov_fix *fix, const struct ov_check *is)
{
    static const enum ov_fix_kind order[] = {OV_FIX_NOT_ROWS,  OV_FIX_SURPLUS, OV_FIX_HEADERS,
                                             OV_FIX_TITLES,    OV_FIX_BLANK,   OV_FIX_LINE_ENDS,
                                             OV_FIX_DELIMITER, OV_FIX_BOM};
    unsigned why = OV_NO_RULE;
    for (size_t rule = 0; why == OV_NO_RULE && rule < OV_RULES; rule++)
        if (ov_list_count(ov_check_list(is), (enum ov_rule_index)rule) >
            ov_list_count(ov_check_list(ov_fix_current(fix)), (enum ov_rule_index)rule))
            why = (unsigned)rule;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (give_up_kind(fix, order[i], why))
            return true;
    if (!(fix->kinds & 1u << OV_FIX_ENCODING))
        return false;
    abandon(fix, why);
    return true;
}

/* Undoes edits when the fixed file is read differently, so that findings cannot be compared. An
 * unclosed quote extends to the next quote, so the edits after a torn row are undone if there are
 * any; otherwise all are. Returns how many were undone. */
static size_t undo_blindly(struct ov_fix *fix)
{
    const struct ov_list *list = ov_check_list(ov_fix_current(fix));
    size_t undone = 0, torn = 0;
    while (torn < list->count && list->items[torn].rule != OV_R105 &&
           list->items[torn].rule != OV_R106)
        torn++;
    if (torn < list->count)
        for (size_t i = ov_edits_find(&fix->edits, list->items[torn].row + 1); i < fix->edits.count;
             i++)
            undone += ov_edits_undo(&fix->edits, fix->edits.items[i].row, OV_NO_COLUMN,
                                    list->items[torn].rule);
    return undone ? undone : ov_edits_undo_all(&fix->edits, OV_NO_RULE);
}

/* Whether the fixed file is read with the delimiter and encoding it is written in. */
static bool is_understood(const struct ov_fix *fix, const struct ov_check *is)
{
    char delimiter = fix->kinds & 1u << OV_FIX_DELIMITER ? fix->delimiter
                                                         : ov_check_result(fix->before)->delimiter;
    return ov_check_facts(is)->finished && !ov_check_list(is)->cut &&
           ov_check_result(is)->delimiter == delimiter &&
           strcmp(ov_check_result(is)->encoding, "UTF-8") == 0;
}

/* Rounds. */

/* Accepts the fixed file (takes over `is`) and keeps its edits. If parents are still missing, it is
 * vetted again with suggestions by edit distance, which were disabled before. */
static enum ov_status accept_fixed(struct ov_fix *fix, struct ov_check *is, struct ov_error *err)
{
    struct ov_survey survey;
    if (ov_list_count(ov_check_list(is), OV_R402) && fix->guessings < GUESSINGS) {
        ov_check_free(is);
        is = vet(fix, true, &survey, err);
        if (!is)
            return err->status;
    }
    ov_check_free(fix->after);
    fix->after = is;
    ov_edits_keep(&fix->edits);
    return OV_OK;
}

/* Vets the file with the current edits and undoes those that make it worse, until none does. */
static enum ov_status settle(struct ov_fix *fix, struct ov_error *err)
{
    for (int attempt = 0; !is_abandoned(fix); attempt++) {
        struct ov_survey survey;
        if (attempt == ATTEMPTS)
            ov_edits_undo_columns(&fix->edits, (uint32_t)ov_check_facts(fix->before)->id_column,
                                  (uint32_t)ov_check_facts(fix->before)->parent_column,
                                  OV_TOO_MUCH);
        if (attempt == 2 * ATTEMPTS)
            ov_edits_undo_all(&fix->edits, OV_TOO_MUCH);
        enum ov_verdict verdict = OV_HOPELESS;
        ov_edits_try(&fix->edits);
        struct ov_check *is = vet(fix, false, &survey, err);
        if (!is)
            return err->status;
        enum ov_status status = OV_OK;
        if (is_understood(fix, is))
            status = ov_verify_fix(ov_fix_current(fix), is, &fix->edits, attempt < GENTLE, &verdict,
                                   err);
        if (status == OV_OK && verdict == OV_BETTER)
            return accept_fixed(fix, is, err);
        bool go_on =
            verdict == OV_UNDONE || undo_blindly(fix) || (!fix->after && give_up_one(fix, is));
        ov_check_free(is);
        if (status != OV_OK)
            return status;
        if (!go_on)
            return ov_fail(err, OV_E_STATE,
                           "the fixed file would be read differently: nothing is fixed");
    }
    return OV_OK;
}

/* Proposes edits of some kinds and settles them. *gained is set when more edits are on than before.
 */
static enum ov_status fix_kinds(struct ov_fix *fix, unsigned kinds, bool *gained,
                                struct ov_error *err)
{
    size_t proposed, before = 0, after = 0;
    kinds &= fix->options.kinds;
    if (is_abandoned(fix) || fix->vettings >= VETTINGS)
        return OV_OK;
    for (int kind = 0; kind < OV_FIX_KINDS; kind++)
        before += ov_edits_count(&fix->edits, (enum ov_fix_kind)kind, true);
    enum ov_status status = ov_edits_propose(&fix->edits, ov_fix_current(fix), fix->before, kinds,
                                             &fix->options, &proposed, err);
    bool first = fix->kinds && !fix->after;
    if (status != OV_OK || (!proposed && !first))
        return status;
    status = settle(fix, err);
    for (int kind = 0; kind < OV_FIX_KINDS; kind++)
        after += ov_edits_count(&fix->edits, (enum ov_fix_kind)kind, true);
    *gained |= after > before;
    return status;
}

static enum ov_status fix_cells(struct ov_fix *fix, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    bool gained = true;
    for (int round = 0; status == OV_OK && gained && round < ROUNDS; round++) {
        gained = false;
        status = fix_kinds(fix, OF_CELLS, &gained, err);
        /* zeros first: restoring them resolves parents that are missing now */
        if (status == OV_OK && fix->options.unsafe)
            status = fix_kinds(fix, 1u << OV_FIX_ZEROS, &gained, err);
        if (status == OV_OK && fix->options.unsafe)
            status = fix_kinds(fix, 1u << OV_FIX_PARENT, &gained, err);
    }
    return status;
}

static enum ov_status put_rows_in_order(struct ov_fix *fix, struct ov_error *err)
{
    struct ov_survey survey;
    if (!fix->options.sort || is_abandoned(fix) || ov_check_shape(ov_fix_current(fix))->ordered ||
        !ov_check_facts(ov_fix_current(fix))->tree)
        return OV_OK;
    if (fix->survey.torn != OV_NO_RULE) {
        fix->left |= 1u << OV_FIX_ORDER;
        fix->left_why[OV_FIX_ORDER] = fix->survey.torn;
        return OV_OK;
    }
    fix->sorted = true;
    struct ov_check *is = vet(fix, false, &survey, err);
    if (!is)
        return err->status;
    fix->moved = survey.moved;
    fix->sorted = survey.moved && ov_verify_sorted(ov_fix_current(fix), is);
    if (survey.moved && !fix->sorted) {
        fix->left |= 1u << OV_FIX_ORDER;
        fix->left_why[OV_FIX_ORDER] = OV_NO_RULE;
    }
    ov_check_free(is);
    return OV_OK;
}

static enum ov_status find_fixes(struct ov_fix *fix, struct ov_error *err)
{
    const struct ov_check *check = fix->before;
    if (!ov_check_can_reread(check) || ov_check_list(check)->cut)
        return ov_fail(
            err, OV_E_STATE,
            "fixing needs a finished check, made with `keep_for_reread`, with all its findings");
    if (!ov_check_facts(check)->bound) /* the columns are unknown: nothing can be fixed */
        return OV_OK;
    enum ov_status status = survey_file(fix, err);
    if (status == OV_OK)
        status = fix_cells(fix, err);
    return status == OV_OK ? put_rows_in_order(fix, err) : status;
}

struct ov_fix *ov_fix_new(struct ov_check *check, const struct ov_source *source,
                          const struct ov_fix_options *options, struct ov_error *err)
{
    struct ov_error own = OV_ERROR_LIKE(err);
    struct ov_fix *fix = calloc(1, sizeof *fix);
    if (!fix) {
        ov_fail_memory(err);
        return NULL;
    }
    fix->before = check;
    fix->source = source;
    fix->options = *options;
    if (!fix->options.confidence)
        fix->options.confidence = CONFIDENCE;
    if (!fix->options.kinds)
        fix->options.kinds = ~0u;
    fix->options.kinds |= 1u << OV_FIX_ENCODING;
    if (find_fixes(fix, &own) != OV_OK) {
        ov_fix_free(fix);
        if (err && err->status == OV_OK)
            *err = own;
        return NULL;
    }
    return fix;
}

void ov_fix_free(struct ov_fix *fix)
{
    if (!fix)
        return;
    ov_check_free(fix->after);
    ov_edits_deinit(&fix->edits);
    free(fix);
}

/* Results. */

struct ov_fix_summary ov_fix_summary(const struct ov_fix *fix)
{
    const struct ov_survey *survey = &fix->survey;
    const struct ov_check *check = ov_fix_current(fix);
    struct ov_fix_summary summary = {.has_columns = ov_check_facts(fix->before)->bound};
    uint64_t ends = survey->lf + survey->crlf + survey->cr;
    uint64_t most = survey->crlf > survey->lf ? survey->crlf : survey->lf;
    for (int kind = 0; kind < OV_FIX_KINDS; kind++) {
        summary.fixed[kind] = ov_edits_count(&fix->edits, (enum ov_fix_kind)kind, true);
        summary.left[kind] = ov_edits_count(&fix->edits, (enum ov_fix_kind)kind, false);
        summary.fixed[kind] += fix->kinds >> kind & 1;
        summary.left[kind] += fix->left >> kind & 1;
    }
    if (fix->kinds & 1u << OV_FIX_LINE_ENDS)
        summary.fixed[OV_FIX_LINE_ENDS] = ends - most;
    if (fix->kinds & 1u << OV_FIX_BLANK)
        summary.fixed[OV_FIX_BLANK] = survey->blank;
    if (fix->kinds & 1u << OV_FIX_HEADERS)
        summary.fixed[OV_FIX_HEADERS] = survey->headers;
    if (fix->kinds & 1u << OV_FIX_SURPLUS)
        summary.fixed[OV_FIX_SURPLUS] = survey->surplus;
    if (fix->kinds & 1u << OV_FIX_NOT_ROWS)
        summary.fixed[OV_FIX_NOT_ROWS] = survey->not_rows;
    summary.fixed[OV_FIX_ORDER] = fix->sorted ? fix->moved : 0;
    for (int severity = 0; severity < OV_SEVERITIES; severity++)
        summary.findings[severity] = ov_check_result(check)->severities[severity];
    for (size_t i = 0; i < ov_check_list(check)->count; i++) {
        const struct ov_item *item = &ov_check_list(check)->items[i];
        bool sure = item->rule == OV_R402 && item->suggestion.len &&
                    ov_edits_confidence(item) >= fix->options.confidence;
        if (fix->options.unsafe)
            summary.guesses += item->rule == OV_R402 && item->suggestion.len && !sure;
        else
            summary.guesses += sure || item->message == OV_M_LOST_ZEROS;
    }
    return summary;
}

bool ov_fix_is_needed(const struct ov_fix *fix)
{
    struct ov_fix_summary summary = ov_fix_summary(fix);
    for (int kind = 0; kind < OV_FIX_KINDS; kind++)
        if (summary.fixed[kind])
            return true;
    return false;
}

/* Writes the original file; OV_E_IO when it is not the one that was vetted. */
static enum ov_status copy_file(const struct ov_fix *fix, const struct ov_sink *out,
                                struct ov_error *err)
{
    struct ov_sha256 *sha = ov_sha256_new();
    char *bytes = malloc(GATHERED);
    enum ov_status status = sha && bytes ? OV_OK : ov_fail_memory(err);
    size_t got = 1;
    for (uint64_t at = 0; status == OV_OK && got; at += got) {
        got = fix->source->read_at(fix->source->ctx, at, bytes, GATHERED);
        ov_sha256_add(sha, bytes, got);
        if (got)
            status = out->write(out->ctx, bytes, got, err);
    }
    if (status == OV_OK)
        status = ov_rows_unchanged(fix->before, sha, err);
    ov_sha256_free(sha);
    free(bytes);
    return status;
}

enum ov_status ov_fix_write(struct ov_fix *fix, const struct ov_sink *out, struct ov_error *err)
{
    struct ov_survey survey;
    struct gathering gathering = {.sink = out};
    return ov_fix_is_needed(fix) ? rewrite_into(fix, &gathering, &survey, err)
                                 : copy_file(fix, out, err);
}

enum ov_status ov_fix_write_patch(struct ov_fix *fix, const struct ov_patch_options *options,
                                  const struct ov_sink *out, struct ov_error *err)
{
    struct ov_survey survey;
    struct ov_patch patch;
    if (!ov_fix_is_needed(fix))
        return OV_OK;
    ov_patch_init(&patch, options, out);
    struct ov_rewrite how = make_rewrite(fix, ov_patch_put, &patch);
    enum ov_status status = ov_rewrite_run(&how, &survey, err);
    if (status == OV_OK)
        status = ov_patch_end(&patch, err);
    ov_patch_deinit(&patch);
    return status;
}
