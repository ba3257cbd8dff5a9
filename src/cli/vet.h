/* cli/vet.h: vetting of files, with the options of the command line. */
#ifndef CLI_VET_H
#define CLI_VET_H

#include "cli/input.h"
#include "cli/mapping.h"

struct cli_vetting;

/* A file being vetted. */
struct cli_job {
    struct cli_vetting *vetting; /* borrowed */
    struct cli_input *input;     /* borrowed */
    struct ov_check *check;      /* owned until cli_job_end */
    struct ov_error err;
    bool fed; /* the whole file was read and vetted */
};
/* How vetting ended. */
enum cli_vetted { CLI_VETTED, CLI_UNREADABLE, CLI_BAD_OPTIONS };
/* Prepares to vet an open input, borrowed until cli_job_end. sheet: of a workbook; NULL: that of
 * the options. CLI_VETTED, or CLI_BAD_OPTIONS after a message; then neither of the next two may be
 * called. */
enum cli_vetted cli_job_begin(struct cli_job *job, struct cli_vetting *vetting,
                              struct cli_input *input, const char *sheet);
/* Reads and vets, in any thread. Prints nothing but progress; a failure is kept in the job. */
void cli_job_run(struct cli_job *job);
/* Prints the failure, if any, and notes. CLI_VETTED: the caller frees *check; else *check is
 * NULL. */
enum cli_vetted cli_job_end(struct cli_job *job, struct ov_check **check);

/* How a command vets its files. */
struct cli_vetting {
    const struct cli_args *args; /* borrowed */
    struct ov_check_options options;
    struct cli_ids existing; /* owned: of --existing */
    char *key;               /* owned: of --redact and --redact-key */
    struct ov_jobs *jobs;    /* borrowed: the file is a user upload that refers to these rows; NULL:
                                it is not */
    const char *const *sheets;  /* borrowed: those of a workbook that the configuration names */
    size_t sheet_count;         /* 0: those that look like an importer's file are meant … */
    const char *const *skipped; /* … but for these, borrowed, too */
    size_t skipped_count;
    bool keep_copy; /* the input will be read again: for excerpts, or as a whole */
    bool for_site;  /* what an import service would refuse stays an error despite
                       --severity, and --existing is ignored for a new framework */
};

/* Applies --root-marker, and the options of the layout. */
enum ov_status cli_apply_layout(const struct cli_args *args, struct ov_check *check,
                                struct ov_error *err);
/* Reads the options that control vetting; *vetting borrows args. False after a message. The caller
 * calls cli_vetting_deinit in either case. */
bool cli_vetting_init(struct cli_vetting *vetting, const struct cli_args *args);
void cli_vetting_deinit(struct cli_vetting *vetting);
/* The name of a path in findings, borrowed from path or args. */
const char *cli_name_of(const struct cli_args *args, const char *path);
/* Vets an open input. CLI_VETTED: the caller frees *check; else *check is NULL, after a message. */
enum cli_vetted cli_vet_input(struct cli_vetting *vetting, struct cli_input *input,
                              struct ov_check **check);
/* The same for a sheet of a workbook; NULL: the one that is usually read. */
enum cli_vetted cli_vet_sheet(struct cli_vetting *vetting, struct cli_input *input,
                              const char *sheet, struct ov_check **check);
/* Opens and vets a file. CLI_VETTED: the caller closes *input and frees *check; else neither is to
 * be used, after a message. */
enum cli_vetted cli_vet(struct cli_vetting *vetting, const char *path, struct cli_input *input,
                        struct ov_check **check);
/* Prints the findings to standard error, for commands whose output is not a report; beside_rows:
 * only those that a report of rows leaves out. False after a message. */
bool cli_print_findings(const struct cli_vetting *vetting, const struct cli_input *input,
                        struct ov_check *check, bool beside_rows);
/* Receives the next bytes, borrowed for the call; a failure stops the reading. */
typedef enum ov_status cli_take(void *ctx, const void *bytes, size_t len, struct ov_error *err);
/* Whether the encoding of a vetted input is certain, so that it may be written or sent as it was
 * read. False after a message that names the likeliest encodings. */
bool cli_encoding_is_sure(const struct cli_input *input, const struct ov_check *check);
/* Whether the input can be read again: it is a file, or there is a copy of it. False after a
 * message. */
bool cli_can_read_again(const struct cli_input *input);
/* Passes a vetted input to `take` from its beginning; not reentrant. False after a message, or when
 * `take` fails, with *err set by it. A read error looks like an early end, which `take`'s reader
 * must detect. */
bool cli_read_again(struct cli_input *input, cli_take *take, void *ctx, struct ov_error *err);
/* *level: the enum ov_severity of this name; false if there is none, *level unchanged. */
bool cli_level(const char *name, int *level);

/* The severity of a rule with --severity applied; below 0: off. The code must exist. */
int cli_severity(const struct cli_args *args, const char *code);
/* *color: whether output to fd may be coloured, by --color, NO_COLOR, TERM and whether fd is a
 * terminal. False after a message. */
bool cli_color(const struct cli_args *args, int fd, bool *color);
/* Whether a path is a file that the command reads: an operand, the file of --existing, --against,
 * --jobs-file, --config or --settings @FILE, or any orgvet.json. */
bool cli_is_read(const struct cli_args *args, const char *path);

#endif
