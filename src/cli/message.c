/* cli/message.c: see message.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/message.h"
#include "cli/cmd.h"
#include "cli/output.h"

/* Prints a message to standard error, translated and escaped: formats are ours, but values may come
 * from a file, a configuration or a service. A translated format must have the same conversions in
 * the same order. */
static void print_escaped(const char *before, const char *format, va_list args, const char *after)
{
    char *text = NULL;
    size_t len = 0;
    struct cli_output output;
    FILE *memory = open_memstream(&text, &len);
    cli_output_standard(&output, STDERR_FILENO);
    if (memory)
        vfprintf(memory, cli_say(format), args);
    if (memory && fclose(memory) == 0) {
        fputs(before, stderr);
        fflush(stderr);
        cli_output_guard(&output, CLI_GUARD_TEXT);
        (void)!ov_write_escaped(&output.sink, (struct ov_text){text, len},
                                NULL); /* standard error is the last resort */
        fputs(after, stderr);
    }
    free(text);
}

static void print_line(const char *format, va_list args)
{
    print_escaped("orgvet: ", format, args, "\n");
}

int cli_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_line(format, args);
    va_end(args);
    return EXIT_FAILED;
}

void cli_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_line(format, args);
    va_end(args);
}

void cli_ask(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_escaped("", format, args, "");
    va_end(args);
}

int cli_finish(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return cli_fail("cannot write to standard output");
    return EXIT_FINE;
}

enum ov_language cli_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale && *locale)
            return ov_language_of(ov_text_of(locale));
    }
    return OV_ENGLISH;
}

const char *cli_say(const char *text)
{
    return ov_translate(cli_language(), text);
}

/* The width of a word in columns: one per code point. */
static int width_of(const char *word, size_t len)
{
    int width = 0;
    for (size_t i = 0; i < len; i++)
        width += ((unsigned char)word[i] & 0xC0) != 0x80;
    return width;
}

void cli_print_wrapped(FILE *out, const char *text, int indent, int width)
{
    int column = indent;
    while (*text) {
        size_t len = strcspn(text, " ");
        int word = width_of(text, len);
        if (column > indent && column + 1 + word > width) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fwrite(text, 1, len, out);
        column += word;
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static enum ov_status write_file(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    (void)err;
    (void)!fwrite(data, 1, len, ctx); /* callers check ferror() */
    return OV_OK;
}

struct ov_sink cli_sink(FILE *out)
{
    return (struct ov_sink){write_file, out};
}

void cli_put_json(FILE *out, struct ov_text text)
{
    const struct ov_sink sink = cli_sink(out);
    (void)!ov_write_json(&sink, text, NULL); /* the caller checks ferror(out) */
}

void cli_put_escaped(FILE *out, struct ov_text text)
{
    const struct ov_sink sink = cli_sink(out);
    (void)!ov_write_escaped(&sink, text, NULL); /* likewise */
}
