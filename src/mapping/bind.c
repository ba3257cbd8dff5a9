/* mapping/bind.c: see bind.h. */
#include "mapping/bind.h"

#include <stdio.h>

#include "base/error.h"
#include "base/unicode.h"

enum { NEAR_EDITS = 2 /* maximum edit distance between a header and the field it resembles */ };

static int find_header(const struct ov_binding *binding, struct ov_text header)
{
    for (size_t i = 0; i < binding->header_count; i++)
        if (ov_text_equal(binding->headers[i], header))
            return (int)i;
    return -1;
}

/* A header without case, spaces, invisible characters, `_`, `-` and a `*` at its end, truncated to
 * more than any field's name needs. */
struct folded {
    char text[64];
    size_t len;
};

static struct ov_text fold(struct ov_text header, struct folded *out)
{
    out->len = 0;
    while (header.len && out->len < sizeof out->text) {
        uint32_t code;
        size_t taken = ov_utf8_next(header.ptr, header.ptr + header.len, &code);
        char c = header.ptr[0];
        if (c >= 'A' && c <= 'Z')
            out->text[out->len++] = (char)(c + ('a' - 'A'));
        else if (!ov_unicode_is_space(code) && !ov_unicode_is_invisible(code) && c != '_' &&
                 c != '-')
            for (size_t i = 0; i < taken && out->len < sizeof out->text; i++)
                out->text[out->len++] = header.ptr[i];
        header.ptr += taken;
        header.len -= taken;
    }
    if (out->len && out->text[out->len - 1] == '*')
        out->len--;
    return (struct ov_text){out->text, out->len};
}

static bool is_word_of(const struct ov_field *field, struct ov_text folded_header)
{
    if (ov_text_equal(folded_header, ov_text_of(field->name)))
        return true;
    for (const char *const *alias = field->aliases; *alias; alias++)
        if (ov_text_equal(folded_header, ov_text_of(*alias)))
            return true;
    return false;
}

int ov_heading_field(const struct ov_importer *importer, struct ov_text heading)
{
    struct folded folded;
    struct ov_text text = fold(heading, &folded);
    for (size_t f = 0; f < importer->field_count; f++)
        if (is_word_of(&importer->fields[f], text))
            return (int)f;
    return -1;
}

bool ov_header_is_known(struct ov_text header)
{
    struct folded folded;
    struct ov_text text = fold(header, &folded);
    for (size_t i = 0; i < ov_importer_count(); i++) {
        const struct ov_importer *importer = ov_importer_at(i);
        for (size_t f = 0; f < importer->field_count; f++) {
            if (is_word_of(&importer->fields[f], text))
                return true;
            for (const char *const *word = importer->fields[f].looks_like; *word; word++)
                if (ov_text_equal(text, ov_text_of(*word)))
                    return true;
        }
    }
    return false;
}

/* Binds a column to the field if it is the first that matches; otherwise notes it as a rival. */
static void offer(struct ov_bound_field *bound, int column, enum ov_bound_by by)
{
    if (column < 0 || column == bound->column)
        return;
    if (bound->column < 0) {
        bound->column = column;
        bound->by = by;
    } else if (bound->rival < 0) {
        bound->rival = column;
    }
}

static void bind_automatically(const struct ov_binding *binding, const struct ov_field *field,
                               struct ov_bound_field *bound)
{
    offer(bound, find_header(binding, ov_text_of(field->name)), OV_BOUND_EXACT);
    for (const char *const *alias = field->aliases; *alias; alias++)
        offer(bound, find_header(binding, ov_text_of(*alias)), OV_BOUND_ALIAS);
    for (size_t i = 0; i < binding->header_count; i++) {
        struct folded folded;
        if (is_word_of(field, fold(binding->headers[i], &folded)) &&
            find_header(binding, binding->headers[i]) == (int)i)
            offer(bound, (int)i, OV_BOUND_FOLDED);
    }
}

/* The setting PREFIX + field name; `csvmapping:parent` is the same as `csvmapping:parentid`. The
 * last one given wins. */
static const struct ov_setting *field_setting(const struct ov_binding *binding,
                                              struct ov_text prefix, int field)
{
    const struct ov_settings *settings = binding->settings;
    for (size_t i = settings->count; i-- > 0;) {
        struct ov_text name;
        if (ov_setting_field(settings->items[i].key, prefix, &name) &&
            ov_importer_field(binding->importer, name) == field)
            return &settings->items[i];
    }
    return NULL;
}

static void bind_field(struct ov_binding *binding, int index)
{
    struct ov_bound_field *bound = &binding->fields[index];
    *bound = (struct ov_bound_field){.column = -1, .rival = -1};
    const struct ov_setting *given = field_setting(binding, OV_SETTING_MAPPING, index);
    bound->fallback = field_setting(binding, OV_SETTING_DEFAULT, index);
    if (!given) {
        bind_automatically(binding, &binding->importer->fields[index], bound);
        return;
    }
    bound->given = given->value;
    bound->column = given->value.len ? find_header(binding, given->value) : -1;
    bound->by = given->value.len == 0 ? OV_BOUND_OFF
                : bound->column < 0   ? OV_BOUND_UNKNOWN
                                      : OV_BOUND_GIVEN;
}

/* Binds the identifier: to the setting's column; otherwise to that of idnumber; otherwise to one
 * headed id or code; otherwise to that of the name (CONTRACT 7). */
static void bind_identifier(struct ov_binding *binding)
{
    const struct ov_setting *given = ov_settings_get(binding->settings, OV_TEXT("identifier"));
    int id = ov_importer_kind(binding->importer, OV_FIELD_ID);
    if (given && given->value.len) {
        binding->id_given = given->value;
        binding->id = find_header(binding, given->value);
        binding->id_unknown = binding->id < 0;
        return;
    }
    binding->id = binding->fields[id].column;
    if (binding->fields[id].by == OV_BOUND_UNKNOWN)
        return;
    static const char *const usual[] = {"id", "code"};
    for (size_t w = 0; w < 2; w++)
        for (size_t i = 0; i < binding->header_count && binding->id < 0; i++)
            if (ov_text_equal_nocase(binding->headers[i], ov_text_of(usual[w])))
                binding->id = (int)i;
    if (binding->id < 0)
        binding->id = ov_binding_column(binding, OV_FIELD_NAME);
}

static bool setting_is(const struct ov_settings *settings, struct ov_text key, struct ov_text value)
{
    const struct ov_setting *setting = ov_settings_get(settings, key);
    return setting && ov_text_equal(setting->value, value);
}

/* Rejects settings that the importer does not have, or that contradict each other. */
static enum ov_status check_settings(const struct ov_binding *binding, struct ov_error *err)
{
    const struct ov_settings *settings = binding->settings;
    for (size_t i = 0; i < settings->count; i++) {
        struct ov_text key = settings->items[i].key, name;
        if ((ov_setting_field(key, OV_SETTING_MAPPING, &name) ||
             ov_setting_field(key, OV_SETTING_DEFAULT, &name)) &&
            ov_importer_field(binding->importer, name) < 0)
            return ov_fail(err, OV_E_OPTION, "the importer `%s` has no setting `%.*s`",
                           binding->importer->name, OV_FMT(key));
    }
    const struct ov_setting *framework = ov_settings_get(settings, OV_TEXT("select_framework"));
    if (setting_is(settings, OV_TEXT("target_framework"), OV_TEXT("existing")) &&
        (!framework || framework->is_null || framework->value.len == 0))
        return ov_fail(
            err, OV_E_OPTION,
            "`target_framework` is `existing`, so `select_framework` must specify which one: its "
            "numeric id or its idnumber");
    return OV_OK;
}

enum ov_status ov_bind(const struct ov_importer *importer, const struct ov_settings *settings,
                       const struct ov_text *headers, size_t header_count,
                       struct ov_binding *binding, struct ov_error *err)
{
    *binding = (struct ov_binding){.importer = importer,
                                   .headers = headers,
                                   .header_count = header_count,
                                   .settings = settings,
                                   .id = -1};
    for (size_t i = 0; i < importer->field_count; i++)
        bind_field(binding, (int)i);
    bind_identifier(binding);
    binding->hierarchy = !setting_is(settings, OV_TEXT("hierarchy"), OV_TEXT("none"));
    return check_settings(binding, err);
}

const struct ov_importer *ov_bind_importer_of(const struct ov_text *headers, size_t header_count,
                                              size_t *column)
{
    const struct ov_importer *only = NULL;
    for (size_t i = 0; i < header_count; i++) {
        const struct ov_importer *owner = NULL;
        size_t count = 0;
        struct folded folded;
        struct ov_text header = fold(headers[i], &folded);
        for (size_t k = 0; k < ov_importer_count(); k++) {
            const struct ov_importer *importer = ov_importer_at(k);
            for (size_t f = 0; f < importer->field_count; f++) {
                if (is_word_of(&importer->fields[f], header)) {
                    owner = importer;
                    count++;
                }
            }
        }
        if (count != 1 || owner == only)
            continue;
        if (only)
            return NULL; /* columns of two importers */
        only = owner;
        *column = i;
    }
    return only;
}

int ov_binding_column(const struct ov_binding *binding, enum ov_field_kind kind)
{
    int field = ov_importer_kind(binding->importer, kind);
    return field < 0 ? -1 : binding->fields[field].column;
}

void ov_binding_accept(struct ov_binding *binding, int field, int column)
{
    binding->fields[field].column = column;
    binding->fields[field].by = OV_BOUND_PROPOSED;
    binding->fields[field].rival = -1;
    if (binding->importer->fields[field].kind == OV_FIELD_ID && !binding->id_given.len)
        binding->id = column;
}

void ov_binding_leave(struct ov_binding *binding, int field)
{
    binding->fields[field].column = -1;
    binding->fields[field].by = OV_BOUND_OFF;
}

size_t ov_binding_fields(const struct ov_binding *binding, int column)
{
    size_t count = 0;
    for (size_t i = 0; i < binding->importer->field_count; i++)
        count += binding->fields[i].column == column;
    return count;
}

bool ov_binding_reads(const struct ov_binding *binding, int column)
{
    bool reads = binding->id == column;
    for (size_t i = 0; i < binding->importer->field_count; i++)
        reads |= binding->fields[i].column == column;
    return reads;
}

bool ov_binding_is_rival(const struct ov_binding *binding, int column)
{
    struct folded folded;
    struct ov_text header = fold(binding->headers[column], &folded);
    for (size_t i = 0; i < binding->importer->field_count; i++)
        if (binding->fields[i].rival >= 0 && binding->fields[i].column != column &&
            is_word_of(&binding->importer->fields[i], header))
            return true;
    return false;
}

static bool ends_with(struct ov_text text, const char *end)
{
    struct ov_text word = ov_text_of(end);
    return text.len > word.len &&
           ov_text_equal((struct ov_text){text.ptr + text.len - word.len, word.len}, word);
}

/* The distance of a header from a field's words: 0 when it contains one or is a known other
 * word. */
static unsigned distance_to(const struct ov_field *field, struct ov_text header)
{
    struct folded folded;
    struct ov_text text = fold(header, &folded);
    unsigned least = NEAR_EDITS + 1;
    for (const char *const *word = field->looks_like; *word; word++)
        if (ov_text_equal(text, ov_text_of(*word)))
            return 0;
    if (field->kind == OV_FIELD_ID && (ends_with(text, "id") || ends_with(text, "code") ||
                                       ends_with(text, "key") || ends_with(text, "number")))
        least = 1; /* Position ID, Unique ID, dept_code */
    for (size_t i = 0; text.len && (i == 0 || field->aliases[i - 1]); i++) {
        struct ov_text word = ov_text_of(i ? field->aliases[i - 1] : field->name);
        unsigned bound = word.len > 5 ? NEAR_EDITS : 1;
        if (ov_text_contains_nocase(text, word))
            return 0;
        unsigned distance = text.len >= 3 ? ov_text_distance(text, word, bound) : bound + 1;
        if (distance <= bound && distance < least)
            least = distance;
    }
    return least;
}

int ov_binding_near_column(const struct ov_binding *binding, int field)
{
    int near = -1;
    unsigned least = NEAR_EDITS + 1;
    for (size_t i = 0; i < binding->header_count; i++) {
        unsigned distance = distance_to(&binding->importer->fields[field], binding->headers[i]);
        if (distance < least && !ov_binding_reads(binding, (int)i)) {
            least = distance;
            near = (int)i;
        }
    }
    return near;
}

int ov_binding_near_field(const struct ov_binding *binding, int column)
{
    int near = -1;
    unsigned least = NEAR_EDITS + 1;
    for (size_t i = 0; i < binding->importer->field_count; i++) {
        const struct ov_field *field = &binding->importer->fields[i];
        /* rows identified by another column do not also need an idnumber */
        bool wanted = binding->fields[i].by == OV_BOUND_NOT &&
                      (field->kind != OV_FIELD_ID || binding->id < 0 ||
                       binding->id == ov_binding_column(binding, OV_FIELD_NAME));
        unsigned distance = wanted ? distance_to(field, binding->headers[column]) : least;
        if (distance < least) {
            least = distance;
            near = (int)i;
        }
    }
    return near;
}

static void put_prefixed(struct ov_json *json, struct ov_text prefix, const char *field,
                         struct ov_text value)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s%s", OV_FMT(prefix), field);
    ov_json_text(json, key, value);
}

static void put_fields(struct ov_json *json, const struct ov_binding *binding)
{
    for (size_t i = 0; i < binding->importer->field_count; i++) {
        const struct ov_field *field = &binding->importer->fields[i];
        const struct ov_bound_field *bound = &binding->fields[i];
        struct ov_text column = bound->given;
        if (bound->column >= 0)
            column = binding->headers[bound->column];
        put_prefixed(json, OV_SETTING_MAPPING, field->name, column);
        if (bound->fallback && !bound->fallback->is_null)
            put_prefixed(json, OV_SETTING_DEFAULT, field->name, bound->fallback->value);
        else if (field->fallback)
            put_prefixed(json, OV_SETTING_DEFAULT, field->name, ov_text_of(field->fallback));
    }
}

void ov_binding_json(const struct ov_binding *binding, enum ov_json_style style, struct ov_buf *out)
{
    static const char *const extensions[] = {"missing_parent", "conflict_idnumber"};
    const struct ov_settings *settings = binding->settings;
    struct ov_json json = {.out = out, .style = style};
    struct ov_text identifier = binding->id_given, select = OV_TEXT("select_framework");
    if (binding->id >= 0)
        identifier = binding->headers[binding->id];
    bool existing = setting_is(settings, OV_TEXT("target_framework"), OV_TEXT("existing"));
    ov_json_object(&json, NULL);
    ov_json_string(&json, "target_framework", existing ? "existing" : "new");
    ov_json_string(&json, "hierarchy", binding->hierarchy ? "selected" : "none");
    ov_json_text(&json, "identifier", identifier);
    put_fields(&json, binding);
    ov_setting_put(&json, select, ov_settings_get(settings, select));
    for (size_t i = 0; i < 2; i++) {
        struct ov_text key = ov_text_of(extensions[i]);
        const struct ov_setting *setting = ov_settings_get(settings, key);
        if (setting && !setting->is_null)
            ov_setting_put(&json, key, setting);
    }
    ov_json_end(&json);
}

bool ov_is_own_column(struct ov_text heading)
{
    return ov_text_begins(heading, OV_TEXT("orgvet_"));
}
