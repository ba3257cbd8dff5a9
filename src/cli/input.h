/* cli/input.h: files that are read. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <orgvet/orgvet.h>
#include <stdio.h>
#include <sys/stat.h>

/* An open input; the path `-` is standard input. */
struct cli_input {
    const char *path; /* borrowed: as given */
    const char *name; /* borrowed: in findings and messages */
    int fd;
    bool seekable;            /* a regular file, read from its start: it can be read again */
    uint64_t size;            /* bytes; 0: not known */
    char *head;               /* owned: bytes read ahead by cli_input_peek */
    size_t head_len, head_at; /* length of head, and how much of it cli_input_read has returned */
    int problem;              /* errno of a failed read; 0: no failure */
    struct stat about;        /* the file's status when it was opened */
    FILE *spool;              /* owned: copy of an input that is not seekable; NULL: none is kept */
    struct ov_source source;  /* reads the file or its copy at any offset */
};

/* Opens path for reading; *input borrows path and name. keep_copy: keep a temporary copy of an
 * input that cannot be read twice, if there is space. False after a message. Do not move *input:
 * `source` points to it. */
bool cli_input_open(struct cli_input *input, const char *path, const char *name, bool keep_copy);
/* Reads the next bytes: returns their number, 0 at the end, -1 on failure; cli_input_fail reports
 * it. */
long cli_input_read(struct cli_input *input, void *buf, size_t len);
/* The first bytes, at most `most`, which cli_input_read still returns; owned by the input. Shorter
 * at the end of the file, on a read error, or when memory is short. Call it at most once, before
 * the first read. */
struct ov_text cli_input_peek(struct cli_input *input, size_t most);
/* Whether the input begins like a JSON object; calls cli_input_peek. */
bool cli_input_is_json(struct cli_input *input);
/* Prints the failure of a read, if there was one. */
void cli_input_fail(const struct cli_input *input);
/* Makes an input from what the caller writes to *sink, kept in a temporary file; borrows name. It
 * is read through `source`. False after a message. */
bool cli_input_make(struct cli_input *input, const char *name, struct ov_sink *sink);
/* From now on what was written to the input is read from its start, like a file. False after a
 * message. */
bool cli_input_made(struct cli_input *input);
/* Closes the file, so that another can take its name; it cannot be read again. */
void cli_input_release(struct cli_input *input);
/* Closes what is open and frees; standard input stays open. */
void cli_input_close(struct cli_input *input);
/* Reads a whole file of at most `most` bytes; no NUL is added. The caller frees; NULL after a
 * message. */
char *cli_read_file(const char *path, size_t most, size_t *len);
/* As cli_read_file, for the rest of an open input. */
char *cli_read_input(struct cli_input *input, size_t most, size_t *len);
/* The number of processors that this process may use, from 1 to 8. */
unsigned cli_processors(void);
/* Whether both paths lead to the same regular file. */
bool cli_same_file(const char *a, const char *b);

#endif
