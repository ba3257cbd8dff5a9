/* mapping/dates.c: see dates.h. */
#include "mapping/dates.h"

#include "base/text.h"
#include "base/unicode.h"

/* Three numbers and what separates them. */
struct groups {
    int number[3];
    size_t digits[3];
    char mark;
};

/* Whether only a time of day follows: after a space or a T, digits, colons, points, signs, Z, AM
 * and PM. */
static bool is_time(struct ov_text rest)
{
    if (rest.len == 0)
        return true;
    if (rest.ptr[0] != ' ' && rest.ptr[0] != 'T')
        return false;
    for (size_t i = 1; i < rest.len; i++)
        if (!strchr("0123456789:.+-Z AMPamp", rest.ptr[i]) || rest.ptr[i] == '\0')
            return false;
    return rest.len > 1;
}

static bool read_groups(struct ov_text text, struct groups *groups)
{
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        if (i > 0) {
            char mark = at < text.len ? text.ptr[at++] : '\0';
            if ((mark != '-' && mark != '/' && mark != '.') || (i == 2 && mark != groups->mark))
                return false;
            groups->mark = mark;
        }
        size_t start = at;
        groups->number[i] = 0;
        for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9' && at - start < 4; at++)
            groups->number[i] = groups->number[i] * 10 + (text.ptr[at] - '0');
        groups->digits[i] = at - start;
        if (at == start)
            return false;
    }
    return is_time((struct ov_text){text.ptr + at, text.len - at});
}

static int day_number(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return 0;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > days[month - 1] + (month == 2 && leap))
        return 0;
    return year * 10000 + month * 100 + day;
}

/* 2024-06-01 or 20240601; 0: neither. */
static int parse_iso(struct ov_text text)
{
    struct groups groups;
    if (text.len >= 8 && ov_text_is_digits((struct ov_text){text.ptr, 8}) &&
        is_time((struct ov_text){text.ptr + 8, text.len - 8})) {
        int number = 0;
        for (int i = 0; i < 8; i++)
            number = number * 10 + (text.ptr[i] - '0');
        return day_number(number / 10000, number / 100 % 100, number % 100);
    }
    if (!read_groups(text, &groups) || groups.mark != '-' || groups.digits[0] != 4 ||
        groups.digits[1] > 2 || groups.digits[2] > 2)
        return 0;
    return day_number(groups.number[0], groups.number[1], groups.number[2]);
}

/* A year of two digits is one of 1970 to 2069; 0: it has neither two nor four. */
static int full_year(int year, size_t digits)
{
    if (digits == 2)
        return year < 70 ? 2000 + year : 1900 + year;
    return digits == 4 ? year : 0;
}

static int parse_groups(struct ov_text text, enum ov_date_order order)
{
    struct groups groups;
    if (!read_groups(text, &groups))
        return 0;
    const int *number = groups.number;
    int year_at = order == OV_DATE_YMD ? 0 : 2;
    for (int i = 0; i < 3; i++)
        if (i != year_at && groups.digits[i] > 2)
            return 0;
    /* with two digits first, 24/06/01 could be anything: a leading year has four */
    if (order == OV_DATE_YMD && groups.digits[0] != 4)
        return 0;
    int year = full_year(number[year_at], groups.digits[year_at]);
    switch (order) {
    case OV_DATE_DMY: return day_number(year, number[1], number[0]);
    case OV_DATE_MDY: return day_number(year, number[0], number[1]);
    default: return day_number(year, number[1], number[2]);
    }
}

/* The number of a month by its name, or the beginning of it: three letters or more. */
static int month_of(struct ov_text name)
{
    static const struct {
        const char *name;
        int month;
    } months[] = {
        {"january", 1},   {"januar", 1},    {"february", 2}, {"februar", 2},  {"march", 3},
        {"märz", 3},      {"mrz", 3},       {"april", 4},    {"may", 5},      {"mai", 5},
        {"june", 6},      {"juni", 6},      {"july", 7},     {"juli", 7},     {"august", 8},
        {"sept", 9},      {"september", 9}, {"october", 10}, {"oktober", 10}, {"november", 11},
        {"december", 12}, {"dezember", 12},
    };
    for (size_t i = 0; name.len >= 3 && i < sizeof months / sizeof *months; i++) {
        struct ov_text month = ov_text_of(months[i].name);
        if (name.len <= month.len &&
            ov_text_equal_nocase(name, (struct ov_text){month.ptr, name.len}))
            return months[i].month;
    }
    return 0;
}

/* Takes a run of digits, or of what is neither a digit nor a separator, off the start of a text,
 * and the separators behind it. */
static struct ov_text take_word(struct ov_text *text)
{
    static const char separators[] = " -./,";
    size_t len = 0, next;
    bool digits = text->len && text->ptr[0] >= '0' && text->ptr[0] <= '9';
    while (len < text->len && !memchr(separators, text->ptr[len], sizeof separators - 1) &&
           (text->ptr[len] >= '0' && text->ptr[len] <= '9') == digits)
        len++;
    next = len;
    while (next < text->len && memchr(separators, text->ptr[next], sizeof separators - 1))
        next++;
    struct ov_text word = {text->ptr, len};
    *text = (struct ov_text){text->ptr + next, text->len - next};
    return word;
}

/* 01-Jun-2024, 1. Juni 2024; 0: neither. */
static int parse_named(struct ov_text text)
{
    struct ov_text day = take_word(&text), month = take_word(&text), year = take_word(&text);
    int64_t days, years;
    if (day.len > 2 || year.len > 4 || !ov_text_number(day, &days) ||
        !ov_text_number(year, &years) || (text.len && text.ptr[0] > '9'))
        return 0;
    return day_number(full_year((int)years, year.len), month_of(month), (int)days);
}

int ov_date_parse(struct ov_text cell, enum ov_date_order order)
{
    struct ov_text text = ov_unicode_trim(cell);
    int day = parse_iso(text);
    if (!day && text.len && text.ptr[0] >= '0' && text.ptr[0] <= '9')
        day = parse_named(text);
    return day ? day : parse_groups(text, order);
}

unsigned ov_date_orders(struct ov_text cell, unsigned orders)
{
    unsigned fitting = 0;
    for (unsigned order = OV_DATE_DMY; order <= OV_DATE_YMD; order *= 2)
        if ((orders & order) && ov_date_parse(cell, (enum ov_date_order)order))
            fitting |= order;
    return fitting;
}
