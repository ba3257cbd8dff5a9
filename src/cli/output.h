/* cli/output.h: files that are written. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <orgvet/orgvet.h>
#include <sys/stat.h>

/* An output: standard output, or a file that is created complete or not at all. */
struct cli_output {
    const char *path; /* borrowed; NULL: standard output or standard error */
    char *temporary;  /* owned: the file renamed at the end; NULL: written directly */
    char *target;     /* owned: the existing file that path resolves to; NULL: path itself */
    int fd;
    bool keeps;                /* the temporary file has the target's owner, group, ACL and extended
                                  attributes, or there is no target */
    const struct stat *before; /* borrowed: the file is replaced only if it still has this status;
                                  NULL: it is replaced in any case */
    bool failed;               /* a message was printed, or broken_pipe */
    bool broken_pipe;          /* the reader closed the pipe: not reported */
    unsigned guard;            /* enum cli_guard, CLI_GUARD_NONE where it is not needed */
    bool in_line;              /* with a guard: the line has more than white space so far */
    unsigned held;             /* with a guard: number of consecutive `:` or `#` just written */
    struct ov_sink sink;       /* writes to this output */
};

/* Opens standard output or standard error. Do not move *output: `sink` points to it. */
void cli_output_standard(struct cli_output *output, int fd);
/* Opens a file, which is borrowed by name; NULL and `-` are standard output. False after a
 * message. */
bool cli_output_open(struct cli_output *output, const char *path);
/* Opens a file for appending, written directly. False after a message. */
bool cli_output_append(struct cli_output *output, const char *path);
/* What to escape so that a log of GitHub Actions takes no text for a workflow command: a line that
 * begins with `::`, and `##[`. */
enum cli_guard {
    CLI_GUARD_NONE,
    CLI_GUARD_TEXT,     /* a text that is otherwise escaped already */
    CLI_GUARD_COMMANDS, /* lines that begin with `::` are orgvet's own: only `##[` */
    CLI_GUARD_CELLS,    /* raw cells: control characters too, and on a terminal as well */
};
/* Sets the guard if the output goes to such a log, or for CLI_GUARD_CELLS to a terminal. Never
 * affects a file. */
void cli_output_guard(struct cli_output *output, enum cli_guard guard);
/* Finishes, and frees; keep: whether the file is to appear. False after a message, or when
 * broken_pipe. */
bool cli_output_close(struct cli_output *output, bool keep);
/* Call once at the start: handles signals, and reserves the descriptors 0 to 2 that are closed, so
 * that no file is opened under these numbers. */
void cli_output_init(void);

#endif
