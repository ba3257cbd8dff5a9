/* server/api/validate.c: see validate.h. */
#include "server/api/validate.h"

#include <stdlib.h>

#include "base/error.h"

/* The path of a value: the names that lead to it. */
struct path {
    const char *name;
    const struct path *above;
};

static void put_path(struct ov_buf *out, const struct path *path)
{
    if (!path || !path->name)
        return;
    put_path(out, path->above); /* bounded by the depth of the declarations */
    ov_buf_string(out, path->name);
    ov_buf_string(out, " => Invalid parameter value detected: ");
}

static struct ov_value *wrong(struct ov_request *request, const struct path *path,
                              const char *detail, struct ov_text value)
{
    struct ov_buf text = {.maximum = 1024};
    put_path(&text, path);
    ov_fault(request, OV_FAULT_PARAMETER, "%.*s%s%.*s", OV_FMT(ov_buf_view(&text)), detail,
             OV_QUOTE(value));
    ov_buf_deinit(&text);
    return NULL;
}

/* Parses an integer in PHP's canonical form: no spaces, plus sign or leading zeros. */
static bool read_int(struct ov_text text, int64_t *number)
{
    char digits[24];
    if (text.len == 0 || text.len > 20)
        return false;
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    struct ov_text unsigned_part = text;
    if (*text.ptr == '-') {
        unsigned_part.ptr++;
        unsigned_part.len--;
    }
    if (!ov_text_is_digits(unsigned_part) || (*unsigned_part.ptr == '0' && text.len > 1))
        return false;
    char *end;
    *number = strtoll(digits, &end, 10);
    return unsigned_part.len < 19; /* below 10^18: exact */
}

static struct ov_value *validate_scalar(struct ov_request *request, const struct ov_spec *spec,
                                        const struct ov_value *given, const struct path *path)
{
    if (given->kind != OV_VALUE_TEXT)
        return wrong(request, path, "Scalar type expected, array or object received.", OV_TEXT(""));
    if (ov_utf8_valid_prefix(given->text, NULL) != given->text.len)
        return wrong(request, path, "the value is no valid UTF-8", OV_TEXT(""));
    int64_t number = 0;
    if (spec->type == OV_TYPE_INT) {
        if (read_int(given->text, &number))
            return ov_value_of_int(&request->pool, number);
    } else if (spec->type == OV_TYPE_BOOL) {
        if (read_int(given->text, &number) && (number == 0 || number == 1))
            return ov_value_of_bool(&request->pool, number != 0);
    } else {
        if (given->text.len && memchr(given->text.ptr, 0, given->text.len))
            return wrong(request, path, "the value holds a NUL byte", OV_TEXT(""));
        return ov_value_of_text(&request->pool, given->text);
    }
    return wrong(request, path,
                 spec->type == OV_TYPE_INT ? "Invalid external api parameter: the value is not an "
                                             "integer: "
                                           : "Invalid external api parameter: the value is neither "
                                             "0 nor 1: ",
                 given->text);
}

/* The older shape of settings: a list of {name, value}, converted to a map. */
static struct ov_value *validate_settings(struct ov_request *request, const struct ov_value *given,
                                          const struct path *path)
{
    struct ov_value *map = ov_value_new(&request->pool, OV_VALUE_MAP);
    for (const struct ov_value *one = given->first; one; one = one->next) {
        const struct ov_value *name = NULL, *value = NULL;
        if (one->kind == OV_VALUE_MAP) {
            name = ov_value_get(one, OV_TEXT("name"));
            value = ov_value_get(one, OV_TEXT("value"));
        }
        if (!name || name->kind != OV_VALUE_TEXT || (value && value->kind != OV_VALUE_TEXT) ||
            one->count != 1u + (value != NULL))
            return wrong(request, path,
                         "settings as a list are settings[0][name]=… and settings[0][value]=…",
                         OV_TEXT(""));
        struct ov_value *text =
            ov_value_of_text(&request->pool, value ? value->text : (struct ov_text){0});
        ov_value_add(map, name->text, text);
    }
    return map;
}

static struct ov_value *validate(struct ov_request *request, const struct ov_spec *spec,
                                 const struct ov_value *given, const struct path *path);

static struct ov_value *validate_list(struct ov_request *request, const struct ov_spec *spec,
                                      const struct ov_value *given, const struct path *path)
{
    if (given->kind != OV_VALUE_MAP)
        return wrong(request, path, "Only arrays accepted. The bad value is: ", given->text);
    struct ov_value *list = ov_value_new(&request->pool, OV_VALUE_LIST);
    for (const struct ov_value *one = given->first; one; one = one->next) {
        struct ov_value *valid = validate(request, spec->of, one, path);
        if (!valid)
            return NULL;
        ov_value_add(list, (struct ov_text){0}, valid);
    }
    return list;
}

static bool is_known(const struct ov_spec *specs, struct ov_text name)
{
    for (; specs->name; specs++)
        if (ov_text_equal(name, ov_text_of(specs->name)))
            return true;
    return false;
}

/* A fault if there are undeclared names: one message lists all of them. */
static bool no_surplus(struct ov_request *request, const struct ov_spec *specs,
                       const struct ov_value *given, const struct path *path)
{
    struct ov_buf names = {.maximum = 1024};
    for (const struct ov_value *one = given->first; one; one = one->next) {
        if (is_known(specs, one->name) || names.len > 200)
            continue;
        ov_buf_string(&names, names.len ? ", " : "");
        ov_buf_text(&names, ov_utf8_cut(one->name, 200));
    }
    if (names.len) {
        bool valid = ov_utf8_valid_prefix(ov_buf_view(&names), NULL) == names.len;
        ov_buf_string(&names, ") detected in parameter array.");
        wrong(request, path, "Unexpected keys (",
              valid ? ov_pool_text(&request->pool, ov_buf_view(&names))
                    : OV_TEXT("not valid UTF-8) detected in parameter array."));
    }
    bool none = names.len == 0;
    ov_buf_deinit(&names);
    return none;
}

static struct ov_value *validate_struct(struct ov_request *request, const struct ov_spec *specs,
                                        const struct ov_value *given, const struct path *path)
{
    if (given->kind != OV_VALUE_MAP)
        return wrong(request, path, "Only arrays accepted. The bad value is: ", given->text);
    struct ov_value *map = ov_value_new(&request->pool, OV_VALUE_MAP);
    for (const struct ov_spec *spec = specs; spec->name; spec++) {
        const struct path here = {spec->name, path};
        const struct ov_value *one = ov_value_get(given, ov_text_of(spec->name));
        struct ov_value fallback = {.kind = OV_VALUE_TEXT};
        if (!one && spec->fallback) {
            fallback.text = ov_text_of(spec->fallback);
            one = &fallback;
        } else if (!one && spec->optional) {
            continue;
        } else if (!one) {
            return wrong(request, path,
                         "Missing required key in single structure: ", ov_text_of(spec->name));
        }
        struct ov_value *valid = validate(request, spec, one, &here);
        if (!valid)
            return NULL;
        ov_value_add(map, ov_text_of(spec->name), valid);
    }
    return no_surplus(request, specs, given, path) ? map : NULL;
}

static struct ov_value *validate(struct ov_request *request, const struct ov_spec *spec,
                                 const struct ov_value *given, const struct path *path)
{
    if (spec->type == OV_TYPE_LIST)
        return validate_list(request, spec, given, path);
    if (spec->type == OV_TYPE_STRUCT)
        return validate_struct(request, spec->of, given, path);
    if (spec->type == OV_TYPE_SETTINGS && given->kind == OV_VALUE_MAP)
        return validate_settings(request, given, path);
    return validate_scalar(request, spec, given, path);
}

struct ov_value *ov_validate(struct ov_request *request, const struct ov_spec *params,
                             const struct ov_value *given)
{
    return validate_struct(request, params, given, NULL);
}
