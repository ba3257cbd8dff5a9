/* book/values.c: see values.h. */
#include "book/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY = 86400 /* seconds */ };

/* --- formats --- */

/* Whether a letter of a format is one of dates (1) or of times (2); `m` can be either (4). */
static unsigned kind_of(char c)
{
    switch (c | 0x20) {
    case 'y':
    case 'd': return 1;
    case 'h':
    case 's': return 2;
    case 'm': return 4;
    default: return 0;
    }
}

struct ov_number_format ov_number_format(struct ov_text code)
{
    unsigned kinds = 0, zeros = 0, others = 0;
    for (size_t i = 0; i < code.len && code.ptr[i] != ';'; i++) {
        char c = code.ptr[i];
        if (c == '"' || c == '[') { /* literal text; a colour or a condition, but also [h] */
            char end = c == '"' ? '"' : ']';
            bool elapsed = c == '[' && i + 1 < code.len && (kind_of(code.ptr[i + 1]) & 6) &&
                           (code.ptr[i + 2 < code.len ? i + 2 : i] == ']' ||
                            code.ptr[i + 2 < code.len ? i + 2 : i] == code.ptr[i + 1]);
            kinds |= elapsed ? 2 : 0;
            for (i++; i < code.len && code.ptr[i] != end;)
                i++;
        } else if (c == '\\' || c == '_' || c == '*') {
            i++;
        } else {
            kinds |= kind_of(c);
            zeros += c == '0';
            others += c != '0';
        }
    }
    if (kinds & 1)
        return (struct ov_number_format){.as = kinds & 2 ? OV_AS_DATE_TIME : OV_AS_DATE};
    if (kinds & 2)
        return (struct ov_number_format){.as = OV_AS_TIME};
    if (kinds & 4)
        return (struct ov_number_format){.as = OV_AS_DATE};
    if (zeros > 1 && !others)
        return (struct ov_number_format){.as = OV_AS_ZEROS, .digits = zeros};
    return (struct ov_number_format){.as = OV_AS_NUMBER};
}

struct ov_number_format ov_builtin_format(unsigned number)
{
    struct ov_number_format format = {.as = OV_AS_NUMBER};
    if (number == 22)
        format.as = OV_AS_DATE_TIME;
    else if ((number >= 18 && number <= 21) || (number >= 45 && number <= 47))
        format.as = OV_AS_TIME;
    else if ((number >= 14 && number <= 17) || (number >= 27 && number <= 36) ||
             (number >= 50 && number <= 58))
        format.as = OV_AS_DATE;
    return format;
}

/* --- numbers --- */

/* A whole number of at most 15 digits is what it is. */
static bool is_whole(struct ov_text text)
{
    size_t start = text.len && text.ptr[0] == '-';
    struct ov_text digits = {text.ptr + start, text.len - start};
    return ov_text_is_digits(digits) && digits.len <= 15 &&
           (digits.len == 1 || digits.ptr[0] != '0');
}

/* As a spreadsheet shows it: 15 significant digits, without an exponent where it is not needed. */
static void put_double(struct ov_buf *out, double value)
{
    char text[64];
    if (value == floor(value) && fabs(value) < 1e15) {
        ov_buf_format(out, "%.0f", value == 0 ? 0.0 : value);
        return;
    }
    snprintf(text, sizeof text, "%.15g", value);
    const char *exponent = strchr(text, 'e');
    if (exponent && fabs(value) < 1 && fabs(value) >= 1e-9) {
        snprintf(text, sizeof text, "%.*f", 14 - (int)strtol(exponent + 1, NULL, 10), value);
        size_t len = strlen(text);
        while (len && text[len - 1] == '0')
            text[--len] = '\0';
    }
    for (char *c = text; *c; c++)
        *c = *c == 'e' ? 'E' : *c;
    ov_buf_string(out, text);
}

/* The day of the proleptic Gregorian calendar with this number from 1970-01-01. */
static void put_day(struct ov_buf *out, long days)
{
    long z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    long doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    long month = mp + (mp < 10 ? 3 : -9);
    ov_buf_format(out, "%04ld-%02ld-%02ld", yoe + era * 400 + (month <= 2), month,
                  doy - (153 * mp + 2) / 5 + 1);
}

static void put_time(struct ov_buf *out, long seconds)
{
    ov_buf_format(out, "%02ld:%02ld", seconds / 3600, seconds / 60 % 60);
    ov_buf_format(out, ":%02ld", seconds % 60);
}

/* The nearest number of seconds for a part of a day, or for days, from 0. */
static long seconds_of(double days)
{
    return (long)(days * DAY + 0.5);
}

static void put_date(struct ov_buf *out, double value, enum ov_shown_as as, bool date1904)
{
    const long epoch = date1904 ? -24107 : -25569; /* days before 1970 */
    double days = floor(value);
    long seconds = seconds_of(value - days);
    if (seconds >= DAY) {
        days += 1;
        seconds -= DAY;
    }
    if (!date1904 && days < 60) /* the day 60, 1900-02-29, was never there */
        days += 1;
    if (as == OV_AS_TIME) {
        put_time(out, seconds_of(value));
        return;
    }
    put_day(out, (long)days + epoch);
    if (as == OV_AS_DATE_TIME) {
        ov_buf_char(out, 'T');
        put_time(out, seconds);
    }
}

void ov_put_number(struct ov_buf *out, struct ov_text number, struct ov_number_format format,
                   bool date1904)
{
    char text[64], *end;
    if (format.as == OV_AS_NUMBER && is_whole(number)) {
        ov_buf_text(out, number);
        return;
    }
    if (number.len == 0 || number.len >= sizeof text) {
        ov_buf_text(out, number);
        return;
    }
    memcpy(text, number.ptr, number.len);
    text[number.len] = '\0';
    double value = strtod(text, &end);
    bool dated = format.as >= OV_AS_DATE && format.as <= OV_AS_DATE_TIME;
    if (*end || !isfinite(value)) {
        ov_buf_text(out, number);
    } else if (dated && value >= 0 && value < 2958466) { /* up to 9999-12-31 */
        put_date(out, value, format.as, date1904);
    } else if (format.as == OV_AS_ZEROS && value >= 0 && value < 1e15) {
        ov_buf_format(out, "%0*.0f", (int)(format.digits < 40 ? format.digits : 40), value);
    } else {
        put_double(out, value);
    }
}
