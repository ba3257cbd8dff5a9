/* cli/message.h: messages to standard error, and texts for people. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <orgvet/orgvet.h>
#include <stdio.h>

/* The language for messages, from the locale (POSIX: LC_ALL, LC_MESSAGES, LANG). */
enum ov_language cli_language(void);
/* A text of orgvet's in that language, static; the text itself if there is no translation. A
 * translated format has the same conversions in the same order. */
const char *cli_say(const char *text);
/* Prints a text wrapped at spaces, and a line end. Lines are at most `width` columns where words
 * allow it; from the second one on they are indented by `indent`, the columns already used on the
 * first. Errors: ferror(out). */
void cli_print_wrapped(FILE *out, const char *text, int indent, int width);
/* Print a text as a JSON string, or escaped for people. Errors: ferror(out). */
void cli_put_json(FILE *out, struct ov_text text);
void cli_put_escaped(FILE *out, struct ov_text text);

/* Writes to a file of stdio, borrowed. Errors: ferror(out). */
struct ov_sink cli_sink(FILE *out);
/* Flushes standard output; EXIT_FINE, or EXIT_FAILED after a message. */
int cli_finish(void);
/* Prints "orgvet: " and a message, translated and escaped, to standard error; returns
 * EXIT_FAILED. */
int cli_fail(const char *format, ...) OV_PRINTF(1, 2);
/* Prints a question to standard error, translated and escaped, without prefix and line end. */
void cli_ask(const char *format, ...) OV_PRINTF(1, 2);
/* As cli_fail, for a note that is not a failure. */
void cli_note(const char *format, ...) OV_PRINTF(1, 2);

#endif
