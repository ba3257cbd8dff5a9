/* vet/rules_cell.c: what can be wrong with a value, judged by its cell alone. One function per
 * rule; which are called, and when none can be, follows from rules.def. */
#include <assert.h>
#include <string.h>

#include "base/entity.h"
#include "base/error.h"
#include "base/unicode.h"
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/rules_cell.h"
#include "vet/when.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The cell being checked. */
struct value {
    struct ov_check *check;
    struct ov_vetted *vetted;
    const struct ov_plan *plan;
    struct ov_text text;
    struct ov_error *err;
    enum ov_status status; /* OV_E_PATTERN */
};

static struct ov_item *add_cell_finding_as(struct value *value, enum ov_rule_index rule,
                                           enum ov_severity severity, enum ov_message message)
{
    return ov_vet_cell(value->check, value->vetted, rule, severity, message,
                       (size_t)value->plan->column, value->plan->field);
}

static struct ov_item *add_cell_finding(struct value *value, enum ov_rule_index rule,
                                        enum ov_message message)
{
    return add_cell_finding_as(value, rule, ov_rule_at(rule)->severity, message);
}

static void suggest(struct value *value, struct ov_item *item, struct ov_text suggestion)
{
    item->suggestion = ov_list_keep_short(&value->check->list, suggestion);
}

/* OV303 */
static void too_long(struct value *value)
{
    unsigned limit = value->plan->limit;
    if (limit == 0 || value->text.len <= limit)
        return;
    size_t length = ov_utf8_count(value->text);
    struct ov_item *item = length > limit ? add_cell_finding(value, OV_R303, OV_M_TOO_LONG) : NULL;
    if (item) {
        item->n = length;
        item->m = limit;
    }
}

/* OV304 */
static void bad_flag(struct value *value)
{
    static const struct {
        const char *word, *flag;
    } words[] = {{"yes", "1"},   {"y", "1"},  {"true", "1"}, {"t", "1"},   {"x", "1"},
                 {"ja", "1"},    {"on", "1"}, {"wahr", "1"}, {"no", "0"},  {"n", "0"},
                 {"false", "0"}, {"f", "0"},  {"nein", "0"}, {"off", "0"}, {"falsch", "0"}};
    if (value->plan->kind != OV_FIELD_FLAG || value->text.len == 0 ||
        ov_field_accepts(OV_FIELD_FLAG, value->text))
        return;
    struct ov_text trimmed = ov_unicode_trim(value->text);
    const char *flag = NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ov_text_equal_nocase(trimmed, ov_text_of(words[i].word)))
            flag = words[i].flag;
    if (trimmed.len && ov_field_accepts(OV_FIELD_FLAG, trimmed))
        flag = trimmed.ptr[0] == '1' ? "1" : "0";
    struct ov_item *item =
        add_cell_finding(value, OV_R304, flag ? OV_M_BAD_FLAG_NEAR : OV_M_BAD_FLAG);
    if (item)
        item->suggestion = ov_text_of(flag);
}

/* OV305 */
static void bad_format(struct value *value)
{
    if (value->plan->kind == OV_FIELD_FORMAT && value->text.len &&
        !ov_field_accepts(OV_FIELD_FORMAT, value->text))
        add_cell_finding(value, OV_R305, OV_M_BAD_FORMAT);
}

/* OV306: an error in identifiers and parents */
static void surrounding_space(struct value *value)
{
    struct ov_text trimmed = ov_unicode_trim(value->text);
    if (trimmed.len == value->text.len)
        return;
    bool identity = value->plan->is_id || value->plan->is_parent;
    struct ov_item *item =
        add_cell_finding_as(value, OV_R306, identity ? OV_ERROR : OV_WARNING, OV_M_SPACE);
    if (item && trimmed.len)
        suggest(value, item, trimmed);
}

/* Whether a joiner is between letters of a script that joins them, or between emoji. */
static bool is_joining(uint32_t before, uint32_t after)
{
    bool letters = before >= 0x590 && before < 0x1100 && after >= 0x590 && after < 0x1100;
    bool emoji = (before >= 0x1F000 || before == 0xFE0F || (before >= 0x2190 && before < 0x2C00)) &&
                 (after >= 0x1F000 || (after >= 0x2190 && after < 0x2C00));
    return letters || emoji;
}

static bool is_right_to_left(uint32_t code)
{
    return (code >= 0x590 && code < 0x900) || (code >= 0xFB1D && code < 0xFE00) ||
           (code >= 0xFE70 && code < 0xFEFF);
}

/* Whether a character that nobody sees is out of place between these. Marks of direction belong
 * beside letters that are written from right to left. */
static bool is_stray_invisible(uint32_t code, uint32_t before, uint32_t after)
{
    if (code == 0x200C || code == 0x200D)
        return !is_joining(before, after);
    if (code == 0x200E || code == 0x200F || code == 0x061C)
        return !is_right_to_left(before) && !is_right_to_left(after);
    return ov_unicode_is_invisible(code) || (code >= 0x202A && code <= 0x202C) ||
           (code >= 0x2066 && code <= 0x2069) || (code >= 0x2061 && code <= 0x2064) ||
           code == 0x180E;
}

/* What is wrong with a character of a value; OV_MESSAGES: nothing. */
static enum ov_message judge_character(uint32_t code, uint32_t before, uint32_t after, bool lines)
{
    if (lines && (code == '\t' || code == '\n' || code == '\r'))
        return OV_MESSAGES;
    if (code == '\n' || code == '\r')
        return OV_M_LINE_BREAK;
    if (code == '\t')
        return OV_M_TAB;
    if (code == 0x202D || code == 0x202E)
        return OV_M_BIDI;
    if (code != 0 && (code < 0x20 || (code >= 0x7F && code < 0xA0))) /* NUL is reported by OV104 */
        return OV_M_CONTROL;
    return is_stray_invisible(code, before, after) ? OV_M_INVISIBLE : OV_MESSAGES;
}

enum ov_message ov_odd_character(struct ov_text text, bool lines, uint32_t *odd)
{
    const char *p = text.ptr, *end = p + text.len;
    enum ov_message found = OV_MESSAGES;
    for (uint32_t before = 0; p < end; before = *odd) {
        uint32_t after = 0;
        p += ov_utf8_next(p, end, odd);
        if (p < end)
            ov_utf8_next(p, end, &after);
        found = judge_character(*odd, before, after, lines);
        if (found != OV_MESSAGES)
            return found;
    }
    return found;
}

void ov_buf_visible(struct ov_buf *out, struct ov_text text)
{
    uint32_t before = 0, code;
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t after = 0;
        size_t taken = ov_utf8_next(p, end, &code);
        if (p + taken < end)
            ov_utf8_next(p + taken, end, &after);
        if (!is_stray_invisible(code, before, after)) {
            ov_buf_put(out, p, taken);
            before = code;
        }
        p += taken;
    }
}

void ov_name_character(struct ov_check *check, struct ov_item *item, uint32_t code)
{
    struct ov_buf name = {0};
    ov_buf_format(&name, "U+%04X", (unsigned)code);
    ov_list_extra(&check->list, item, ov_buf_view(&name));
    ov_buf_deinit(&name);
}

/* Whether a value is only a part of its cell, which cannot be replaced by it. */
static bool is_part(const struct value *value)
{
    const struct ov_layout *layout = &value->check->layout;
    return (layout->parents == OV_PARENTS_PATH || layout->parents == OV_PARENTS_OUTLINE) &&
           ov_layout_gives_names(layout) && value->plan->column == layout->name_column;
}

/* OV307: the first such character of the cell. What nobody sees does no harm in names and
 * descriptions, apart from searching them. */
static void control_character(struct value *value)
{
    uint32_t odd;
    enum ov_field_kind kind = value->plan->kind;
    enum ov_message message = ov_odd_character(value->text, kind == OV_FIELD_LONG_TEXT, &odd);
    if (message == OV_MESSAGES)
        return;
    bool harmless = message == OV_M_INVISIBLE && !value->plan->is_id && !value->plan->is_parent &&
                    (kind == OV_FIELD_NAME || kind == OV_FIELD_LONG_TEXT);
    bool invisible = message == OV_M_INVISIBLE;
    if (invisible && value->plan->is_id)
        message = OV_M_INVISIBLE_ID;
    if (invisible && is_part(value))
        message = OV_M_INVISIBLE_PART;
    struct ov_item *item =
        add_cell_finding_as(value, OV_R307, harmless ? OV_WARNING : OV_ERROR, message);
    if (!item)
        return;
    ov_name_character(value->check, item, odd);
    if (!invisible)
        return;
    struct ov_buf visible = {0};
    ov_buf_visible(&visible, value->text);
    item->suggestion = ov_list_keep(&value->check->list, ov_buf_view(&visible));
    value->check->list.failed |= visible.failed;
    ov_buf_deinit(&visible);
}

/* OV308; an empty value matches any pattern */
static void pattern_mismatch(struct value *value)
{
    const struct ov_field_pattern *pattern = value->text.len ? value->plan->pattern : NULL;
    enum ov_match match = pattern ? ov_pattern_search(pattern->pattern, value->text) : OV_MATCH_YES;
    if (match == OV_MATCH_LIMIT) {
        struct ov_place place = ov_cell_place(value->vetted->record, (size_t)value->plan->column);
        value->status = ov_fail(
            value->err, OV_E_PATTERN,
            "the pattern for `%.*s` needs too many steps for the value in line %llu: simplify it "
            "(the usual cause is nested repetition)",
            OV_FMT(pattern->field), (unsigned long long)place.line);
        return;
    }
    struct ov_item *item =
        match == OV_MATCH_NO ? add_cell_finding(value, OV_R308, OV_M_PATTERN) : NULL;
    if (item)
        ov_list_extra(&value->check->list, item, pattern->regex);
}

/* Whether a text is a number as people write it: sign, digits with separators, exponent, %. */
static bool is_number(struct ov_text text)
{
    size_t i = 0, digits = 0;
    if (i < text.len && (text.ptr[i] == '+' || text.ptr[i] == '-'))
        i++;
    for (; i < text.len && (is_digit(text.ptr[i]) || text.ptr[i] == '.' || text.ptr[i] == ','); i++)
        digits += is_digit(text.ptr[i]);
    if (digits && i + 1 < text.len && (text.ptr[i] == 'e' || text.ptr[i] == 'E')) {
        size_t k = i + 1;
        if (text.ptr[k] == '+' || text.ptr[k] == '-')
            k++;
        size_t exponent = k;
        while (k < text.len && is_digit(text.ptr[k]))
            k++;
        i = k > exponent ? k : i;
    }
    if (i < text.len && text.ptr[i] == '%')
        i++;
    return digits && i == text.len;
}

static bool is_formula_start(char c)
{
    return c == '=' || c == '+' || c == '-' || c == '@';
}

/* ="00123", which keeps a spreadsheet from changing the value. */
static bool is_wrapped(struct ov_text text)
{
    return text.len > 3 && text.ptr[0] == '=' && text.ptr[1] == '"' &&
           text.ptr[text.len - 1] == '"';
}

/* OV309; what a spreadsheet has done to the value is OV310 */
static void formula(struct value *value)
{
    if (is_wrapped(value->text) && (value->plan->is_id || value->plan->is_parent))
        return;
    if (value->text.len && is_formula_start(value->text.ptr[0]) && !is_number(value->text))
        add_cell_finding(value, OV_R309, OV_M_FORMULA);
}

/* A number as spreadsheets write it, such as 2E+05. */
static bool is_scientific(struct ov_text text)
{
    const char *e = memchr(text.ptr, 'E', text.len);
    if (!e || e + 2 >= text.ptr + text.len || (e[1] != '+' && e[1] != '-'))
        return false;
    struct ov_text exponent = {e + 2, (size_t)(text.ptr + text.len - (e + 2))};
    return is_digit(text.ptr[0]) && ov_text_is_digits(exponent) && is_number(text);
}

/* The length of a month's short name at p, as spreadsheets write it; 0: there is none. */
static size_t month_at(const char *p, size_t len)
{
    size_t letters = 0;
    while (letters < len && letters < 6 &&
           ((p[letters] | 0x20) >= 'a' && (p[letters] | 0x20) <= 'z'))
        letters++;
    if (len < 3 || letters == 6 || (letters < 3 && (unsigned char)p[letters] < 0x80))
        return 0;
    static const char *const months[] = {
        "jan",  "feb",  "mar",  "apr",  "may", "jun", "jul", "aug",  "sep",  "oct",  "nov",
        "dec",  "jän",  "mär",  "mrz",  "mai", "okt", "dez", "janv", "févr", "mars", "avr",
        "juin", "juil", "août", "sept", "déc", "ene", "abr", "ago",  "dic",  "gen",  "mag",
        "giu",  "lug",  "set",  "ott",  "fev", "mrt", "maa", "mei",  "sty",  "lut",  "kwi",
        "maj",  "cze",  "lip",  "sie",  "wrz", "paź", "lis", "gru",  "led",  "úno",  "bře",
        "dub",  "kvě",  "čvn",  "čvc",  "srp", "zář", "říj", "pro",  "янв",  "фев",  "мар",
        "апр",  "май",  "мая",  "июн",  "июл", "авг", "сен", "окт",  "ноя",  "дек"};
    size_t longest = 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        size_t n = strlen(months[i]);
        if (n > longest && n <= len &&
            ov_text_equal_nocase((struct ov_text){p, n}, (struct ov_text){months[i], n}))
            longest = n;
    }
    if (longest && longest < len && p[longest] == '.')
        longest++;
    return longest;
}

static size_t digits_at(const char *p, size_t len, size_t most)
{
    size_t i = 0;
    while (i < len && i < most && is_digit(p[i]))
        i++;
    return i;
}

/* A date as 2026-03-01, 01.03.2026 or 3/1/2026, perhaps with a time. */
static bool is_numeric_date(struct ov_text text)
{
    size_t groups[3] = {0}, at = 0;
    char mark = '\0';
    for (size_t g = 0; g < 3; g++) {
        groups[g] = digits_at(text.ptr + at, text.len - at, 4);
        at += groups[g];
        if (groups[g] == 0 || (g < 2 && at >= text.len))
            return false;
        if (g == 2)
            break;
        if ((text.ptr[at] != '-' && text.ptr[at] != '/' && text.ptr[at] != '.') ||
            (mark && text.ptr[at] != mark))
            return false;
        mark = text.ptr[at++];
    }
    bool iso = groups[0] == 4 && groups[1] == 2 && groups[2] == 2 && mark == '-';
    bool local = groups[0] <= 2 && groups[1] <= 2 && groups[2] == 4 && mark != '-';
    return (iso || local) && (at == text.len || text.ptr[at] == ' ' || text.ptr[at] == 'T');
}

/* A date such as 1-Mar, 1-Mar-26 or Mar-26, into which spreadsheets convert MAR1 and 3-1. */
static bool is_named_date(struct ov_text text)
{
    const char *p = text.ptr, *end = p + text.len;
    size_t day = digits_at(p, text.len, 2);
    if (day) {
        p += day;
        if (p < end && *p == '.')
            p++;
        if (p == end || (*p != '-' && *p != ' '))
            return false;
        p++;
    }
    size_t month = month_at(p, (size_t)(end - p));
    if (month == 0)
        return false;
    p += month;
    if (p == end)
        return day > 0;
    if (*p != '-' && *p != ' ')
        return false;
    p++;
    size_t year = digits_at(p, (size_t)(end - p), 4);
    return (year == 2 || year == 4) && p + year == end;
}

static bool is_error_value(struct ov_text text)
{
    static const char *const errors[] = {
        "#REF!",    "#N/A",       "#NAME?",     "#VALUE!",  "#DIV/0!",   "#NUM!",
        "#NULL!",   "#SPILL!",    "#CALC!",     "#FIELD!",  "#BLOCKED!", "#CONNECT!",
        "#BEZUG!",  "#WERT!",     "#NV",        "#ZAHL!",   "#NOM?",     "#VALEUR!",
        "#NOMBRE!", "#NUL!",      "#¡REF!",     "#¡VALOR!", "#¿NOMBRE?", "#¡NUM!",
        "#¡DIV/0!", "#N/D",       "#VALORE!",   "#NOME?",   "#RIF!",     "#VALOR!",
        "#WAARDE!", "#VERW!",     "#NB",        "#ARG!",    "#ADR!",     "#ЗНАЧ!",
        "#ССЫЛКА!", "#Н/Д",       "#ИМЯ?",      "#ДЕЛ/0!",  "#ЧИСЛО!",   "#HODNOTA!",
        "#ODKAZ!",  "#VÄRDEFEL!", "#REFERENS!", "#SAKNAS!", "#VÆRDI!",   "#REFERENCE!",
        "#I/T"};
    size_t hashes = 0;
    while (hashes < text.len && text.ptr[hashes] == '#')
        hashes++;
    if (hashes >= 3 && hashes == text.len) /* a column that was too narrow */
        return true;
    for (size_t i = 0; hashes && i < sizeof errors / sizeof *errors; i++)
        if (ov_text_equal_nocase(text, ov_text_of(errors[i])))
            return true;
    return false;
}

/* More than fifteen digits, of which all behind the fifteenth are zeros. */
static bool is_rounded(struct ov_text text)
{
    if (text.len <= 15 || !ov_text_is_digits(text))
        return false;
    for (size_t i = 15; i < text.len; i++)
        if (text.ptr[i] != '0')
            return false;
    return true;
}

/* A whole number with `.0` or `,0`, as data frames write it. */
static bool is_dot_zero(struct ov_text text)
{
    size_t digits = digits_at(text.ptr, text.len, text.len);
    return digits && text.len == digits + 2 &&
           (text.ptr[digits] == '.' || text.ptr[digits] == ',') && text.ptr[digits + 1] == '0';
}

bool ov_is_date(struct ov_text text)
{
    return text.len && (is_named_date(text) || is_numeric_date(text));
}

bool ov_is_damaged(struct ov_text id, enum ov_message *message)
{
    if (id.len == 0)
        return false;
    if (is_scientific(id))
        *message = OV_M_DAMAGED_NUMBER;
    else if (is_rounded(id))
        *message = OV_M_DAMAGED_ROUNDED;
    else if (is_wrapped(id))
        *message = OV_M_DAMAGED_WRAPPED;
    else if (is_dot_zero(id))
        *message = OV_M_DAMAGED_DOT_ZERO;
    else if (ov_is_date(id))
        *message = OV_M_DAMAGED_DATE;
    else if (is_error_value(id))
        *message = OV_M_DAMAGED_ERROR;
    else
        return false;
    return true;
}

/* OV310 of any value: an error value instead of it. Those of identifiers are the tree's business,
 * as all that a spreadsheet has changed there. */
static void error_value(struct value *value)
{
    if (value->plan->is_id || !value->text.len || !is_error_value(value->text))
        return;
    add_cell_finding_as(value, OV_R310, OV_ERROR, OV_M_DAMAGED_ERROR);
}

/* OV314 */
static void entity(struct value *value)
{
    enum ov_field_kind kind = value->plan->kind;
    if (kind == OV_FIELD_LONG_TEXT || kind == OV_FIELD_FLAG || kind == OV_FIELD_FORMAT)
        return;
    struct ov_buf decoded = {0};
    if (ov_decode_entities(value->text, &decoded)) {
        struct ov_item *item = add_cell_finding(value, OV_R314, OV_M_ENTITY);
        if (item)
            suggest(value, item, ov_buf_view(&decoded));
    }
    value->check->list.failed |= decoded.failed;
    ov_buf_deinit(&decoded);
}

/* Decodes one double-encoded character: a UTF-8 sequence whose bytes were each read as
 * windows-1252. Returns how many bytes of text it takes up, 0 when there is none; `out` receives
 * its UTF-8. */
static size_t twice_decoded(const char *p, const char *end, char out[4], size_t *out_len)
{
    uint32_t code;
    size_t taken = ov_utf8_next(p, end, &code);
    int lead = code >= 0xC2 && code <= 0xF4 ? (int)code : 0; /* the same value in windows-1252 */
    if (!lead)
        return 0;
    *out_len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    out[0] = (char)lead;
    for (size_t i = 1; i < *out_len; i++) {
        if (p + taken >= end)
            return 0;
        taken += ov_utf8_next(p + taken, end, &code);
        int byte = code == UINT32_MAX ? -1 : ov_unicode_to_cp1252(code);
        if (byte < 0x80 || byte > 0xBF)
            return 0;
        out[i] = (char)byte;
    }
    bool valid = ov_utf8_next(out, out + *out_len, &code) == *out_len && code != UINT32_MAX;
    return valid ? taken : 0;
}

/* The first double-encoded character, or the end. */
static const char *find_twice_decoded(const char *p, const char *end)
{
    char out[4];
    size_t out_len;
    while (p < end && (p = memchr(p, 0xC3, (size_t)(end - p))) != NULL) {
        if (twice_decoded(p, end, out, &out_len))
            return p;
        p++;
    }
    return end;
}

/* OV311 */
static void mojibake(struct value *value)
{
    const char *p = value->text.ptr, *end = p + value->text.len;
    struct ov_buf fixed = {0};
    if (find_twice_decoded(p, end) == end)
        return;
    while (p < end) {
        const char *next = find_twice_decoded(p, end);
        ov_buf_put(&fixed, p, (size_t)(next - p));
        char out[4];
        size_t out_len = 0;
        p = next == end ? end : next + twice_decoded(next, end, out, &out_len);
        ov_buf_put(&fixed, out, out_len);
    }
    struct ov_item *item = add_cell_finding(value, OV_R311, OV_M_MOJIBAKE);
    if (item)
        suggest(value, item, ov_buf_view(&fixed));
    value->check->list.failed |= fixed.failed;
    ov_buf_deinit(&fixed);
}

/* OV301: empty, or only white space. Not reported for broken rows. */
static void empty_name(struct value *value)
{
    if (value->plan->required && !value->vetted->broken && ov_unicode_is_blank(value->text))
        add_cell_finding(value, OV_R301, OV_M_EMPTY_NAME);
}

/* OV302. Not reported for broken rows. */
static void empty_id(struct value *value)
{
    if (value->plan->is_id && value->text.len == 0 && !value->plan->repeats &&
        !value->vetted->broken && !ov_layout_is_path(&value->check->layout))
        add_cell_finding(value, OV_R302, OV_M_EMPTY_ID);
}

/* --- dispatch; each function decides by itself, `when` only saves calling it --- */

static const struct {
    unsigned when;
    void (*run)(struct value *value);
} cell_rules[] = {
#define OV_RULE_CELL(number, name, severity, when, function, summary) {when, function},
#define OV_RULE_CELL_TOO(number, when, function)                      {when, function},
#include "finding/rules.def"
};

enum {
    CELL_RULES_WHEN = 0 /* what triggers any of them */
#define OV_RULE_CELL(number, name, severity, when, function, summary) | (when)
#define OV_RULE_CELL_TOO(number, when, function)                      | (when)
#include "finding/rules.def"
    ,
    RECORD_RULES_WHEN = 0
#define OV_RULE_RECORD(number, name, severity, when, function, summary) | (when)
#include "finding/rules.def"
    ,
    /* in a record that is plain: printable ASCII without `&` */
    NEVER_PLAIN = OV_WHEN_CONTROL | OV_WHEN_LATIN | OV_WHEN_ENTITY,
};
static_assert((CELL_RULES_WHEN &
               ~(OV_WHEN_ANY | OV_WHEN_MISSING | OV_WHEN_LONG | OV_WHEN_VALUE | OV_WHEN_PATTERN |
                 OV_WHEN_EDGE | OV_WHEN_FORMULA | OV_WHEN_HASH | NEVER_PLAIN | OV_ONCE)) == 0,
              "may_trigger and triggers_of have to know what triggers a rule about cells");
static_assert((RECORD_RULES_WHEN & ~(OV_WHEN_ANY | OV_WHEN_ODD | OV_WHEN_STRAY | OV_WHEN_BROKEN |
                                     OV_WHEN_LARGE | OV_WHEN_WIDTH | OV_WHEN_UNKEPT)) == 0,
              "ov_rules_nothing_to_say has to know what triggers a rule about records");

/* Whether a text of printable ASCII without `&` may trigger a rule. Conditions that no rule has
 * vanish. */
static inline bool may_trigger(const struct ov_plan *plan, struct ov_text text)
{
    if (CELL_RULES_WHEN & OV_WHEN_ANY)
        return true;
    if (text.len == 0)
        return (CELL_RULES_WHEN & OV_WHEN_MISSING) && (plan->required || plan->is_id);
    char first = text.ptr[0], last = text.ptr[text.len - 1];
    if (((CELL_RULES_WHEN & OV_WHEN_LONG) && plan->limit && text.len > plan->limit) ||
        ((CELL_RULES_WHEN & OV_WHEN_PATTERN) && plan->pattern) ||
        ((CELL_RULES_WHEN & OV_WHEN_EDGE) && (first == ' ' || last == ' ')) ||
        ((CELL_RULES_WHEN & OV_WHEN_FORMULA) && is_formula_start(first)) ||
        ((CELL_RULES_WHEN & OV_WHEN_HASH) && first == '#'))
        return true;
    return (CELL_RULES_WHEN & OV_WHEN_VALUE) &&
           (plan->kind == OV_FIELD_FLAG || plan->kind == OV_FIELD_FORMAT) &&
           !ov_field_accepts(plan->kind, text);
}

bool ov_rules_nothing_to_say(const struct ov_check *check, const struct ov_record *record)
{
    if ((RECORD_RULES_WHEN & OV_WHEN_ANY) || !record->plain ||
        record->count != check->facts.columns || !check->facts.bound)
        return false;
    for (size_t i = 0; i < check->plan_count; i++)
        if (may_trigger(&check->plans[i], record->cells[check->plans[i].column].text))
            return false;
    return true;
}

/* What the bytes of a text trigger, in one pass that spares most cells the slower rules. */
static unsigned triggers_of_bytes(struct ov_text text)
{
    unsigned char control = 0, latin = 0, entity = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        /* C2 starts U+0080 to U+009F, E2 those of U+2000 on, EF U+FEFF, D8 U+061C, E1 U+180E */
        control |= (unsigned char)((c < 0x20) | (c == 0x7F) | (c == 0xC2) | (c == 0xE2) |
                                   (c == 0xEF) | (c == 0xD8) | (c == 0xE1));
        latin |= (unsigned char)(c == 0xC3);
        entity |= (unsigned char)(c == '&');
    }
    unsigned char first = (unsigned char)text.ptr[0];
    unsigned char last = (unsigned char)text.ptr[text.len - 1];
    bool edge = first <= ' ' || last <= ' ' || first >= 0x80 || last >= 0x80;
    return (control ? OV_WHEN_CONTROL : 0u) | (latin ? OV_WHEN_LATIN : 0u) |
           (entity ? OV_WHEN_ENTITY : 0u) | (text.ptr[0] == '#' ? OV_WHEN_HASH : 0u) |
           (edge ? OV_WHEN_EDGE : 0u) | (is_formula_start(text.ptr[0]) ? OV_WHEN_FORMULA : 0u);
}

static unsigned triggers_of(const struct value *value)
{
    const struct ov_plan *plan = value->plan;
    struct ov_text text = value->text;
    unsigned when = OV_WHEN_ANY;
    if (text.len == 0)
        return when | OV_WHEN_MISSING;
    if (plan->required && !value->vetted->broken && ov_unicode_is_blank(text))
        return when | OV_WHEN_MISSING | (triggers_of_bytes(text) & OV_WHEN_CONTROL);
    if (!plan->repeats)
        when |= triggers_of_bytes(text);
    if (plan->limit && text.len > plan->limit)
        when |= OV_WHEN_LONG;
    if (plan->pattern)
        when |= OV_WHEN_PATTERN;
    if ((plan->kind == OV_FIELD_FLAG || plan->kind == OV_FIELD_FORMAT) &&
        !ov_field_accepts(plan->kind, text))
        when |= OV_WHEN_VALUE;
    return when;
}

enum ov_status ov_rules_cell(struct ov_check *check, struct ov_vetted *vetted,
                             const struct ov_plan *plan, bool all, struct ov_error *err)
{
    struct value value = {.check = check,
                          .vetted = vetted,
                          .plan = plan,
                          .text = vetted->record->cells[plan->column].text,
                          .err = err};
    unsigned when = all ? ~0u : triggers_of(&value);
    for (size_t i = 0; i < sizeof cell_rules / sizeof *cell_rules; i++)
        if (cell_rules[i].when & when && !(cell_rules[i].when & OV_ONCE && plan->repeats))
            cell_rules[i].run(&value);
    return value.status;
}
