/* payload/fix/fix_text.c: the summary for people: what was fixed and what was not. */
#include "base/error.h"
#include "base/i18n.h"
#include "base/unicode.h"
#include "payload/fix/fix.h"

enum { LEFT_SHOWN = 20 /* skipped edits that are listed individually */ };

static const struct {
    const char *one, *many; /* what was fixed; {0}: how often; many NULL: as one */
    const char *left;       /* what was not fixed */
} words[OV_FIX_KINDS] = {
    [OV_FIX_ENCODING] = {OV_N_("the encoding"), NULL,
                         OV_N_("the encoding, and with it everything else: left as it is")},
    [OV_FIX_BOM] = {OV_N_("the byte-order mark"), NULL,
                    OV_N_("the byte-order mark: left as it is")},
    [OV_FIX_LINE_ENDS] = {OV_N_("{0} line ending"), OV_N_("{0} line endings"),
                          OV_N_("line endings: left as they are")},
    [OV_FIX_DELIMITER] = {OV_N_("the delimiter"), NULL, OV_N_("the delimiter: left as it is")},
    [OV_FIX_BLANK] = {OV_N_("{0} blank row"), OV_N_("{0} blank rows"),
                      OV_N_("blank rows: left as they are")},
    [OV_FIX_TITLES] = {OV_N_("the lines above the header"), NULL,
                       OV_N_("the lines above the header: left as they are")},
    [OV_FIX_HEADERS] = {OV_N_("{0} repeated header"), OV_N_("{0} repeated headers"),
                        OV_N_("repeated headers: left as they are")},
    [OV_FIX_SPACE] = {OV_N_("{0} value with white space around it"),
                      OV_N_("{0} values with white space around them"),
                      OV_N_("values with white space around them: left as they are")},
    [OV_FIX_SURPLUS] = {OV_N_("{0} row with empty cells beyond the header"),
                        OV_N_("{0} rows with empty cells beyond the header"),
                        OV_N_("empty cells beyond the header: left as they are")},
    [OV_FIX_INVISIBLE] = {OV_N_("{0} value with invisible characters"),
                          OV_N_("{0} values with invisible characters"),
                          OV_N_("values with invisible characters: left as they are")},
    [OV_FIX_FLAG] = {OV_N_("{0} flag"), OV_N_("{0} flags"), OV_N_("flags: left as they are")},
    [OV_FIX_ZEROS] = {OV_N_("{0} value that lost its leading zeros"),
                      OV_N_("{0} values that lost their leading zeros"),
                      OV_N_("values that lost their leading zeros: left as they are")},
    [OV_FIX_PARENT] = {OV_N_("{0} missing parent"), OV_N_("{0} missing parents"),
                       OV_N_("missing parents: left as they are")},
    [OV_FIX_NOT_ROWS] = {OV_N_("{0} line that is not a row"), OV_N_("{0} lines that are not rows"),
                         OV_N_("lines that are not rows: left as they are")},
    [OV_FIX_ORDER] = {OV_N_("{0} row before its parent"), OV_N_("{0} rows before their parents"),
                      OV_N_("rows before their parents: left as they are")},
};

/* The summary being written. */
struct summary_text {
    struct ov_buf *out;       /* borrowed */
    const struct ov_fix *fix; /* borrowed */
    struct ov_text name;      /* of the file; borrowed */
    enum ov_language language;
    bool written; /* the fixed file was written */
};

static void put_message(const struct summary_text *t, const char *text)
{
    ov_buf_string(t->out, ov_translate(t->language, text));
}

static void put_counted(const struct summary_text *t, uint64_t count, const char *one,
                        const char *many)
{
    ov_buf_say_count(t->out, t->language, count, one, many);
}

static void begin_line(const struct summary_text *t)
{
    ov_buf_string(t->out, "orgvet: ");
    ov_buf_escaped(t->out, t->name);
    ov_buf_string(t->out, ": ");
}

static void put_fixed(const struct summary_text *t, int kind, uint64_t count)
{
    const struct ov_fix *fix = t->fix;
    const struct ov_check_result *result = ov_check_result(fix->before);
    if (kind == OV_FIX_DELIMITER && result->delimiter == fix->delimiter)
        put_message(t, OV_N_("the `sep=` line"));
    else
        put_counted(t, count, words[kind].one,
                    words[kind].many ? words[kind].many : words[kind].one);
    if (kind == OV_FIX_ENCODING) {
        ov_buf_format(t->out, " (%s → UTF-8", result->encoding);
        put_message(t, t->written ? "" : OV_N_(", not visible in a text diff"));
        ov_buf_char(t->out, ')');
    } else if (kind == OV_FIX_DELIMITER && result->delimiter != fix->delimiter) {
        ov_buf_format(t->out, " (`%s` → `%s`)", result->delimiter_name,
                      ov_delimiter_name(fix->delimiter));
        put_message(t, fix->survey.sep ? OV_N_(" and the `sep=` line") : "");
    }
}

static void put_done(const struct summary_text *t, const struct ov_fix_summary *summary)
{
    bool any = false;
    begin_line(t);
    for (int kind = 0; kind < OV_FIX_KINDS; kind++) {
        if (!summary->fixed[kind])
            continue;
        put_message(t, any ? ", " : t->written ? OV_N_("fixed: ") : OV_N_("can be fixed: "));
        put_fixed(t, kind, summary->fixed[kind]);
        any = true;
    }
    if (!summary->has_columns)
        put_message(t, OV_N_("nothing can be fixed until it is clear what the columns are"));
    else if (!any)
        put_message(t, OV_N_("nothing to fix"));
    ov_buf_char(t->out, '\n');
}

/* Appends which rule the fix would violate, or (since) which finding prevents it. */
static void put_why(const struct summary_text *t, unsigned rule, bool since)
{
    const char *text =
        since ? OV_N_(", as long as {0} {1} is not fixed") : OV_N_("; the fix would cause {0} {1}");
    ov_buf_say(t->out, t->language, text,
               OV_OTHERS(ov_text_of(ov_rule_at(rule)->code), ov_text_of(ov_rule_at(rule)->name)));
}

static void put_left_file(const struct summary_text *t, int kind)
{
    unsigned why = t->fix->left_why[kind];
    begin_line(t);
    put_message(t, words[kind].left);
    if (why != OV_NO_RULE)
        put_why(t, why, why < OV_R201 || why == OV_R311);
    ov_buf_char(t->out, '\n');
}

static void put_left_cell(const struct summary_text *t, const struct ov_edit *edit)
{
    ov_buf_string(t->out, "orgvet: ");
    ov_buf_escaped(t->out, t->name);
    ov_buf_format(t->out, ":%llu:%llu: ", (unsigned long long)edit->place.line,
                  (unsigned long long)edit->place.column);
    ov_buf_say_escaped(t->out, t->language, OV_N_("`{0}`: left as it is"), OV_OTHERS(edit->value));
    if (edit->why == OV_TOO_MUCH)
        put_message(t, OV_N_(", because too much depends on it"));
    else if (edit->why == OV_NO_RULE)
        put_message(t, OV_N_("; the fix would move a row to a different parent"));
    else
        put_why(t, edit->why, edit->why < OV_R201);
    ov_buf_char(t->out, '\n');
}

static void put_left(const struct summary_text *t)
{
    const struct ov_fix *fix = t->fix;
    uint64_t left = 0;
    for (int kind = 0; kind < OV_FIX_KINDS; kind++)
        if (fix->left >> kind & 1)
            put_left_file(t, kind);
    for (size_t i = 0, end; i < fix->edits.count; i = end) {
        const struct ov_edit *edit = &fix->edits.items[i];
        bool on = false; /* some edit of the cell is on: it is fixed */
        for (end = i; end < fix->edits.count && fix->edits.items[end].row == edit->row &&
                      fix->edits.items[end].column == edit->column;
             end++)
            on |= fix->edits.items[end].on;
        if (!on && left++ < LEFT_SHOWN)
            put_left_cell(t, edit);
    }
    if (left > LEFT_SHOWN) {
        begin_line(t);
        put_counted(t, left - LEFT_SHOWN, OV_N_("{0} more value is left as it is"),
                    OV_N_("{0} more values are left as they are"));
        ov_buf_char(t->out, '\n');
    }
}

static void put_guesses(const struct summary_text *t, uint64_t guesses)
{
    begin_line(t);
    if (t->fix->options.unsafe) {
        put_counted(t, guesses, OV_N_("{0} missing parent remains"),
                    OV_N_("{0} missing parents remain"));
        put_counted(t, t->fix->options.confidence,
                    OV_N_(": the confidence of the guess is below {0}% (`--confidence`)"),
                    OV_N_(": the confidence of the guess is below {0}% (`--confidence`)"));
    } else {
        put_counted(t, guesses, OV_N_("`--unsafe` would fix {0} more by guessing what was meant"),
                    OV_N_("`--unsafe` would fix {0} more by guessing what was meant"));
    }
    ov_buf_char(t->out, '\n');
}

static void put_remaining(const struct summary_text *t, const struct ov_fix_summary *summary)
{
    uint64_t errors = summary->findings[OV_ERROR], warnings = summary->findings[OV_WARNING];
    bool ended = t->written || !ov_fix_is_needed(t->fix);
    if (summary->guesses)
        put_guesses(t, summary->guesses);
    if (errors + warnings == 0)
        return;
    begin_line(t);
    if (errors)
        put_counted(t, errors, OV_N_("{0} error"), OV_N_("{0} errors"));
    put_message(t, errors && warnings ? OV_N_(" and ") : "");
    if (warnings)
        put_counted(t, warnings, OV_N_("{0} warning"), OV_N_("{0} warnings"));
    put_message(t, !ended                   ? OV_N_(" will remain (listed by `orgvet check`)")
                   : errors + warnings == 1 ? OV_N_(" remains (listed by `orgvet check`)")
                                            : OV_N_(" remain (listed by `orgvet check`)"));
    ov_buf_char(t->out, '\n');
}

enum ov_status ov_fix_write_summary(const struct ov_fix *fix, struct ov_text name, bool written,
                                    const struct ov_sink *out, struct ov_error *err)
{
    struct ov_fix_summary summary = ov_fix_summary(fix);
    struct ov_buf text = {0};
    const struct summary_text t = {&text, fix, name, ov_check_choices(fix->before)->language,
                                   written};
    put_done(&t, &summary);
    put_left(&t);
    put_remaining(&t, &summary);
    if (!written && ov_fix_is_needed(fix)) {
        ov_buf_string(&text, "orgvet: ");
        put_message(&t, OV_N_("nothing was written; use `--write` to write the changes"));
        ov_buf_char(&text, '\n');
    }
    return ov_buf_write(&text, out, err);
}
