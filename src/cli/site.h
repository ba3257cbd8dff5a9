/* cli/site.h: what the commands that talk to an import service share. Exit codes are those of
 * cli/cmd.h; every code but EXIT_FINE comes after a message. */
#ifndef CLI_SITE_H
#define CLI_SITE_H

#include "cli/args.h"
#include "cli/choices.h"
#include "cli/input.h"
#include "client/client.h"

/* A text that grows; {0} is empty. */
struct cli_text {
    char *ptr;   /* owned: the caller frees; NUL-terminated, or NULL while empty */
    size_t len;  /* bytes, without the NUL */
    bool failed; /* out of memory: what was added since is missing */
};
/* Appends a text; on failure sets text->failed. */
void cli_text_put(struct cli_text *text, const char *more);
/* A sink that appends to *text, which must outlive it; fails with OV_E_MEMORY. */
struct ov_sink cli_text_sink(struct cli_text *text);

/* A client of the service that the user named; notes its address on standard error. The caller
 * frees it with ov_client_free; NULL after a message. */
struct ov_client *cli_client(struct cli_choices *choices, const struct cli_args *args);
/* Prints a failure of the client; returns the exit code for it. */
int cli_client_fail(const struct ov_error *err);
/* *id: the only operand as a positive id; false after a message. */
bool cli_id_operand(const struct cli_args *args, int64_t *id);
/* Waits until an import or export has ended, at most --timeout seconds, and draws its progress on a
 * terminal. EXIT_FINE: completed; EXIT_REFUSED: failed (no message), or still running. */
int cli_wait(struct ov_client *client, const struct cli_args *args, bool is_export, int64_t id);
/* Prints the log of an import to standard output; false with err set. */
bool cli_print_log(struct ov_client *client, int64_t import, struct ov_error *err);
/* Uploads an input that can be read again. *item: the id of the upload; sha256: the digest of what
 * was sent, in hexadecimal. Returns the exit code. */
int cli_upload(struct ov_client *client, struct cli_input *input, int64_t *item, char sha256[65]);

/* site_form.c: the form in which a vetted file is uploaded */
struct cli_form {
    struct ov_form *upload;     /* owned */
    struct cli_input *input;    /* borrowed: what to upload, the file or `canonical` */
    struct cli_input canonical; /* owned: the canonical form, where that is uploaded */
};
/* Decides on the form, and writes the canonical one if needed; returns the exit code. Borrows
 * `file` and `check` until cli_form_deinit, which the caller calls in any case. Do not move *form:
 * `input` may point into it. */
int cli_form_init(struct cli_form *form, struct cli_input *file, struct ov_check *check);
void cli_form_deinit(struct cli_form *form);

#endif
