/* payload/emit/draw.c: see draw.h. */
#include "payload/emit/draw.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "finding/message.h"
#include "vet/check_access.h"

enum { INDENTED = 60 /* levels that are indented; deeper rows show their level instead */ };

/* The first finding of the row at or after `item`, except for information; or NULL. */
static const struct ov_item *finding_of(const struct ov_drawn *row, const struct ov_item *item)
{
    for (; item && item < row->end; item++)
        if (item->row != OV_NO_ROW && ov_item_node(item) == row->node && item->severity != OV_INFO)
            return item;
        else if (item->row != OV_NO_ROW && item->row > row->first->row)
            break;
    return NULL;
}

static bool is_wrong(const struct ov_drawn *row)
{
    for (const struct ov_item *item = row->first; (item = finding_of(row, item)); item++)
        if (item->severity == OV_ERROR)
            return true;
    return false;
}

static void put_codes(struct ov_buf *out, const struct ov_drawn *row, const char *between)
{
    bool any = false;
    for (const struct ov_item *item = row->first; (item = finding_of(row, item)); item++) {
        ov_buf_string(out, any ? between : "");
        ov_buf_string(out, ov_rule_at(item->rule)->code);
        any = true;
    }
}

/* Text. */

/* Appends a translated text with a number in it; grouped: with separators between groups of three
 * digits. */
static void put_message(struct ov_canvas *canvas, const char *text, uint64_t number, bool grouped)
{
    enum ov_language language = ov_check_choices(canvas->check)->language;
    struct ov_buf digits = {0};
    if (grouped)
        ov_buf_number_in(&digits, number, language);
    else
        ov_buf_decimal(&digits, number);
    ov_buf_say(&canvas->out, language, text, OV_OTHERS(ov_buf_view(&digits)));
    canvas->out.failed |= digits.failed;
    ov_buf_deinit(&digits);
}

static void put_findings(struct ov_canvas *canvas, const struct ov_drawn *row)
{
    const struct ov_names names = ov_vet_names(canvas->check);
    struct ov_buf *out = &canvas->out;
    bool color = canvas->options->color;
    for (const struct ov_item *item = row->first; (item = finding_of(row, item)); item++) {
        bool error = item->severity == OV_ERROR;
        ov_buf_string(out, color ? (error ? "  \033[31m" : "  \033[33m") : "  ");
        ov_buf_string(out, canvas->options->ascii ? "<- " : error ? "✗ " : "! ");
        ov_buf_string(out, ov_rule_at(item->rule)->code);
        ov_buf_string(out, ": ");
        ov_item_message(item, &names, out);
        put_message(canvas, OV_N_(" (line {0})"), item->place.line, false);
        ov_buf_string(out, color ? "\033[0m" : "");
    }
}

static bool draw_text(struct ov_canvas *canvas, const struct ov_drawn *row)
{
    static const char *const box[] = {"│   ", "    ", "├── ", "└── "};
    static const char *const plain[] = {"|   ", "    ", "|-- ", "`-- "};
    const char *const *lines = canvas->options->ascii ? plain : box;
    struct ov_buf *out = &canvas->out;
    if (!ov_grow(&canvas->open, &canvas->levels, (size_t)row->level + 1, 1))
        return false;
    canvas->open[row->level] = !row->last;
    uint32_t indented = row->level <= INDENTED ? row->level : 0;
    for (uint32_t level = 2; level < indented; level++)
        ov_buf_string(out, lines[canvas->open[level] ? 0 : 1]);
    if (row->level > INDENTED) {
        ov_buf_string(out, canvas->options->ascii ? "... " : "⋯ ");
        put_message(canvas, OV_N_("level {0}: "), row->level, false);
    } else if (row->level > 1) {
        ov_buf_string(out, lines[row->last ? 3 : 2]);
    }
    ov_buf_escaped(out, row->id);
    ov_buf_string(out, row->id.len && row->name.len ? "  " : "");
    ov_buf_escaped(out, row->name);
    if (row->below) {
        ov_buf_string(out, "  ");
        put_message(canvas, row->cut ? OV_N_("(+{0} below)") : OV_N_("({0} below)"), row->below,
                    true);
    }
    put_findings(canvas, row);
    ov_buf_char(out, '\n');
    return true;
}

/* Graphviz. */

static void put_dot_string(struct ov_buf *out, struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\')
            ov_buf_char(out, '\\');
        ov_buf_char(out, c < ' ' || c == 0x7F ? ' ' : (char)c);
    }
}

static void draw_dot(struct ov_canvas *canvas, const struct ov_drawn *row)
{
    struct ov_buf *out = &canvas->out;
    ov_buf_format(out, "  n%u [label=\"", row->node + 1);
    put_dot_string(out, row->id);
    ov_buf_string(out, row->id.len && row->name.len ? "\\n" : "");
    put_dot_string(out, row->name);
    if (row->cut) {
        ov_buf_string(out, "\\n");
        put_message(canvas, "(+{0} below)", row->below, false);
    }
    ov_buf_char(out, '"');
    if (finding_of(row, row->first)) {
        ov_buf_string(out, is_wrong(row) ? ", color=red" : ", color=orange");
        ov_buf_string(out, ", xlabel=\"");
        put_codes(out, row, " ");
        ov_buf_char(out, '"');
    }
    ov_buf_string(out, "];\n");
    if (row->parent != OV_NODE_NONE)
        ov_buf_format(out, "  n%u -> n%u;\n", row->parent + 1, row->node + 1);
}

/* Mermaid. */

static void put_mermaid_string(struct ov_buf *out, struct ov_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || c == 0x7F)
            ov_buf_char(out, ' ');
        else if (c == '"' || c == '#' || c == '<' || c == '>' || c == '&' || c == '`' || c == '\\')
            ov_buf_format(out, "#%u;", (unsigned)c);
        else
            ov_buf_char(out, (char)c);
    }
}

static void draw_mermaid(struct ov_canvas *canvas, const struct ov_drawn *row)
{
    struct ov_buf *out = &canvas->out;
    ov_buf_format(out, "  n%u[\"", row->node + 1);
    put_mermaid_string(out, row->id);
    ov_buf_string(out, row->id.len && row->name.len ? "<br>" : "");
    put_mermaid_string(out, row->name);
    if (row->cut) {
        ov_buf_string(out, "<br>");
        put_message(canvas, "(+{0} below)", row->below, false);
    }
    if (finding_of(row, row->first)) {
        ov_buf_string(out, "<br>");
        put_codes(out, row, " ");
    }
    ov_buf_string(out, "\"]");
    if (finding_of(row, row->first))
        ov_buf_string(out, is_wrong(row) ? ":::error" : ":::warning");
    ov_buf_char(out, '\n');
    if (row->parent != OV_NODE_NONE)
        ov_buf_format(out, "  n%u --> n%u\n", row->parent + 1, row->node + 1);
}

/* JSON. */

static void draw_json(struct ov_canvas *canvas, const struct ov_drawn *row)
{
    struct ov_json *json = &canvas->json;
    const struct ov_item *item = finding_of(row, row->first);
    ov_json_line(json);
    ov_json_object(json, NULL);
    ov_json_text_or_null(json, "id", row->id);
    ov_json_text(json, "name", row->name);
    ov_json_text_or_null(json, "parent", row->parent_id);
    ov_json_number(json, "depth", row->level);
    ov_json_number(json, "size", row->below + UINT64_C(1));
    ov_json_number(json, "row", row->node + UINT64_C(1));
    if (item) {
        ov_json_list(json, "findings");
        for (; item; item = finding_of(row, item + 1))
            ov_json_string(json, NULL, ov_rule_at(item->rule)->code);
        ov_json_end(json);
    }
    ov_json_end(json);
}

static void begin_json(struct ov_canvas *canvas)
{
    struct ov_json *json = &canvas->json;
    json->out = &canvas->out;
    ov_json_object(json, NULL);
    ov_json_number(json, "schema_version", 1);
    ov_json_string(json, "importer", ov_importer_name(ov_check_binding(canvas->check)->importer));
    ov_json_list(json, "nodes");
}

static void end_json(struct ov_canvas *canvas)
{
    ov_json_line(&canvas->json);
    ov_json_end(&canvas->json);
    ov_json_end(&canvas->json);
    ov_buf_char(&canvas->out, '\n');
}

void ov_draw_begin(struct ov_canvas *canvas)
{
    switch (canvas->options->format) {
    case OV_TREE_TEXT: break;
    case OV_TREE_DOT:
        ov_buf_string(&canvas->out, "digraph organisation {\n  node [shape=box];\n");
        break;
    case OV_TREE_MERMAID:
        ov_buf_string(&canvas->out, "flowchart TD\n  classDef error stroke:#c00,color:#c00\n"
                                    "  classDef warning stroke:#c60\n");
        break;
    case OV_TREE_JSON: begin_json(canvas); break;
    }
}

bool ov_draw_row(struct ov_canvas *canvas, const struct ov_drawn *row)
{
    switch (canvas->options->format) {
    case OV_TREE_TEXT:
        if (!draw_text(canvas, row))
            return false;
        break;
    case OV_TREE_DOT: draw_dot(canvas, row); break;
    case OV_TREE_MERMAID: draw_mermaid(canvas, row); break;
    case OV_TREE_JSON: draw_json(canvas, row); break;
    }
    canvas->drawn++;
    return !canvas->out.failed;
}

void ov_draw_end(struct ov_canvas *canvas)
{
    if (canvas->options->format == OV_TREE_DOT)
        ov_buf_string(&canvas->out, "}\n");
    if (canvas->options->format == OV_TREE_JSON)
        end_json(canvas);
}
