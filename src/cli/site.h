/* cli/site.h: what the commands that talk to an import service share. */
#ifndef CLI_SITE_H
#define CLI_SITE_H

#include "cli/cli.h"
#include "client/client.h"

/* A text that grows; {0} at first. */
struct cli_text {
    char *ptr; /* owned by whoever has it: to be freed */
    size_t len;
    bool failed; /* for want of memory: what came since is missing */
};
void cli_text_put(struct cli_text *text, const char *more);
struct ov_sink cli_text_sink(struct cli_text *text);

/* A client of the service that the user named; prints its address. NULL after a message. */
struct ov_client *cli_client(struct cli_choices *choices, const struct cli_args *args);
/* Tells a failure; the exit code for it. */
int cli_client_fail(const struct ov_error *err);
/* The operand as an id; false after a message. */
bool cli_id_operand(const struct cli_args *args, int64_t *id);
/* Waits for an import or export, with a line on a terminal; the exit code: EXIT_FINE when it has
 * ended well. */
int cli_wait(struct ov_client *client, const struct cli_args *args, bool is_export, int64_t id);
/* Prints the log of an import; false after a message. */
bool cli_print_log(struct ov_client *client, int64_t import, struct ov_error *err);
/* Uploads an input that was vetted or can be read again; the exit code. */
int cli_upload(struct ov_client *client, struct cli_input *input, int64_t *item, char sha256[65]);

/* site_form.c: what is uploaded of a vetted file */
struct cli_form {
    struct ov_form *upload;     /* owned */
    struct cli_input *input;    /* what is to be uploaded: the file, or `canonical` */
    struct cli_input canonical; /* owned */
};
/* Decides, and writes the canonical form where that is uploaded; the exit code: EXIT_FINE, or
 * another after a message. `file` and `check` must outlive it; cli_form_deinit in any case. */
int cli_form_init(struct cli_form *form, struct cli_input *file, struct ov_check *check);
void cli_form_deinit(struct cli_form *form);

#endif
