/* payload/fix_text.c: what was mended and what was not, for people. */
#include "base/error.h"
#include "payload/fix.h"

enum { LEFT_SHOWN = 20 /* changes left undone that are told one by one */ };

static const struct {
    const char *one, *many; /* behind a number; or alone, of what there is one of */
} words[OV_FIX_KINDS] = {
    [OV_FIX_ENCODING] = {"the encoding", NULL},
    [OV_FIX_BOM] = {"the byte-order mark", NULL},
    [OV_FIX_LINE_ENDS] = {"line end", "line ends"},
    [OV_FIX_DELIMITER] = {"the delimiter", NULL},
    [OV_FIX_BLANK] = {"blank row", "blank rows"},
    [OV_FIX_SPACE] = {"value with white space around it", "values with white space around them"},
    [OV_FIX_FLAG] = {"flag", "flags"},
    [OV_FIX_ZEROS] = {"value that lost its leading zeros", "values that lost their leading zeros"},
    [OV_FIX_PARENT] = {"missing parent", "missing parents"},
    [OV_FIX_ORDER] = {"row before its parent", "rows before their parents"},
};

static void put_mended(struct ov_buf *out, const struct ov_fix *fix, int kind, uint64_t count,
                       bool written)
{
    const struct ov_check_result *result = &fix->before->result;
    if (words[kind].many) {
        ov_buf_number(out, count);
        ov_buf_char(out, ' ');
    }
    if (kind == OV_FIX_DELIMITER && result->delimiter == fix->delimiter)
        ov_buf_string(out, "the `sep=` line");
    else
        ov_buf_string(out, count == 1 || !words[kind].many ? words[kind].one : words[kind].many);
    if (kind == OV_FIX_ENCODING)
        ov_buf_format(out, " (%s → UTF-8%s)", result->encoding,
                      written ? "" : ", which a difference of texts does not show");
    else if (kind == OV_FIX_DELIMITER && result->delimiter != fix->delimiter)
        ov_buf_format(out, " (`%s` → `%s`)%s", ov_delimiter_name(result->delimiter),
                      ov_delimiter_name(fix->delimiter),
                      fix->survey.sep ? " and the `sep=` line" : "");
}

static void put_done(struct ov_buf *out, const struct ov_fix *fix, struct ov_text name,
                     bool written, const struct ov_fix_summary *summary)
{
    bool any = false;
    ov_buf_string(out, "orgvet: ");
    ov_buf_escaped(out, name);
    ov_buf_string(out, ": ");
    for (int kind = 0; kind < OV_FIX_KINDS; kind++) {
        if (!summary->mended[kind])
            continue;
        ov_buf_string(out, any ? ", " : written ? "mended: " : "can be mended: ");
        put_mended(out, fix, kind, summary->mended[kind], written);
        any = true;
    }
    if (!summary->has_columns)
        ov_buf_string(out, "nothing can be mended while it is not clear what the columns are");
    else if (!any)
        ov_buf_string(out, "nothing to mend");
    ov_buf_char(out, '\n');
}

/* What the mended file would break, or what stands in the way. */
static void put_rule(struct ov_buf *out, unsigned rule)
{
    ov_buf_format(out, "%s %s", ov_rule_at(rule)->code, ov_rule_at(rule)->name);
}

static void put_left_file(struct ov_buf *out, const struct ov_fix *fix, struct ov_text name,
                          int kind)
{
    unsigned why = fix->left_why[kind];
    ov_buf_string(out, "orgvet: ");
    ov_buf_escaped(out, name);
    ov_buf_format(out, words[kind].many ? ": %s: left as they are" : ": %s: left as it is",
                  kind == OV_FIX_ENCODING ? "the encoding, and with it all else"
                  : words[kind].many      ? words[kind].many
                                          : words[kind].one);
    if (why != OV_NO_RULE) {
        ov_buf_string(out, why < OV_R201 || why == OV_R311 ? ", as long as there is "
                                                           : "; else there would be ");
        put_rule(out, why);
    }
    ov_buf_char(out, '\n');
}

static void put_left_cell(struct ov_buf *out, const struct ov_edit *edit, struct ov_text name)
{
    ov_buf_string(out, "orgvet: ");
    ov_buf_escaped(out, name);
    ov_buf_format(out, ":%llu:%llu: `", (unsigned long long)edit->place.line,
                  (unsigned long long)edit->place.column);
    ov_buf_escaped(out, edit->value);
    ov_buf_string(out, "`: left as it is");
    if (edit->why == OV_TOO_MUCH) {
        ov_buf_string(out, ", since too much depends on it\n");
        return;
    }
    if (edit->why == OV_NO_RULE) {
        ov_buf_string(out, "; else a row would be below another parent\n");
        return;
    }
    ov_buf_string(out, edit->why < OV_R201 ? ", as long as there is " : "; else there would be ");
    put_rule(out, edit->why);
    ov_buf_char(out, '\n');
}

static void put_left(struct ov_buf *out, const struct ov_fix *fix, struct ov_text name)
{
    uint64_t left = 0;
    for (int kind = 0; kind < OV_FIX_KINDS; kind++)
        if (fix->left >> kind & 1)
            put_left_file(out, fix, name, kind);
    for (size_t i = 0, end; i < fix->edits.count; i = end) {
        const struct ov_edit *edit = &fix->edits.items[i];
        bool on = false; /* some edit of the cell is: it is mended */
        for (end = i; end < fix->edits.count && fix->edits.items[end].row == edit->row &&
                      fix->edits.items[end].column == edit->column;
             end++)
            on |= fix->edits.items[end].on;
        if (!on && left++ < LEFT_SHOWN)
            put_left_cell(out, edit, name);
    }
    if (left > LEFT_SHOWN) {
        ov_buf_string(out, "orgvet: ");
        ov_buf_escaped(out, name);
        ov_buf_string(out, ": ");
        ov_buf_number(out, left - LEFT_SHOWN);
        ov_buf_string(out, " more values are left as they are\n");
    }
}

static void put_remaining(struct ov_buf *out, const struct ov_fix *fix, struct ov_text name,
                          bool written, const struct ov_fix_summary *summary)
{
    uint64_t errors = summary->findings[OV_ERROR], warnings = summary->findings[OV_WARNING];
    if (summary->guesses) {
        ov_buf_string(out, "orgvet: ");
        ov_buf_escaped(out, name);
        ov_buf_string(out, fix->options.unsafe ? ": " : ": `--unsafe` would mend ");
        ov_buf_number(out, summary->guesses);
        if (fix->options.unsafe)
            ov_buf_format(
                out, " missing %s left: the guess is less sure than %u %% (`--confidence`)\n",
                summary->guesses == 1 ? "parent is" : "parents are", fix->options.confidence);
        else
            ov_buf_string(out, " more, by guessing what was meant\n");
    }
    if (errors + warnings == 0)
        return;
    ov_buf_string(out, "orgvet: ");
    ov_buf_escaped(out, name);
    ov_buf_string(out, ": ");
    if (errors) {
        ov_buf_number(out, errors);
        ov_buf_string(out, errors == 1 ? " error" : " errors");
    }
    if (errors && warnings)
        ov_buf_string(out, " and ");
    if (warnings) {
        ov_buf_number(out, warnings);
        ov_buf_string(out, warnings == 1 ? " warning" : " warnings");
    }
    ov_buf_string(out, !written ? " will remain" : errors + warnings == 1 ? " remains" : " remain");
    ov_buf_string(out, ", which `orgvet check` lists\n");
}

enum ov_status ov_fix_write_summary(const struct ov_fix *fix, struct ov_text name, bool written,
                                    const struct ov_sink *out, struct ov_error *err)
{
    struct ov_fix_summary summary = ov_fix_summary(fix);
    struct ov_buf text = {0};
    put_done(&text, fix, name, written, &summary);
    put_left(&text, fix, name);
    put_remaining(&text, fix, name, written || !ov_fix_is_needed(fix), &summary);
    if (!written && ov_fix_is_needed(fix))
        ov_buf_string(&text, "orgvet: nothing was written; `--write` does it\n");
    enum ov_status status =
        text.failed ? ov_fail_memory(err) : out->write(out->ctx, text.ptr, text.len, err);
    ov_buf_deinit(&text);
    return status;
}
