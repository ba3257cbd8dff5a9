/* cli/cli.h: what the commands share. The command line uses <orgvet/…> alone. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <orgvet/orgvet.h>
#include <stdio.h>
#include <sys/stat.h>

/* Exit codes. */
enum {
    EXIT_FINE = 0,     /* nothing at or above --fail-on */
    EXIT_FINDINGS = 1, /* findings; a refused dry run */
    EXIT_FAILED = 2,   /* usage, unreadable input, output that cannot be written */
    EXIT_REFUSED = 3,  /* the import service refused, or the import failed */
    EXIT_NETWORK = 4,  /* the import service could not be reached */
    EXIT_INTERRUPTED = 130,
    EXIT_PIPE = 141, /* the reader of the output has left: as the signal would end it */
};

/* The commands: their numbers, and as bits for options.def. */
enum cli_command_number {
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    bit##_NUMBER,
#include "cli/commands.def"
#undef CLI_COMMAND
    COMMANDS
};
enum {
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    bit = 1 << bit##_NUMBER,
#include "cli/commands.def"
#undef CLI_COMMAND
    NONE = 0,
    ALL = (1 << COMMANDS) - 1,
    VETTING = CHECK | EMIT | TREE | DIFF | FIX | SUBMIT, /* those that vet a file first */
    EXPANDED = CHECK | FIX | CONFIG,                     /* those that take any number of files */
    CONFIGURED = VETTING | DRY_RUN | CONFIG,             /* those that a configuration speaks to */
    SITES = SUBMIT | EXPORT | STATUS | LOG | ROLLBACK | DELETE, /* those that ask a service */
};

enum cli_option_id {
#define CLI_OPTION(id, name, letter, argument, words, commands, help) OPT_##id,
#include "cli/options.def"
#undef CLI_OPTION
    OPTIONS
};

/* An option on the command line, or in a configuration. */
struct cli_given {
    enum cli_option_id id;
    bool off;           /* --no-NAME */
    const char *value;  /* NULL when it takes none */
    const char *origin; /* FILE:LINE:COLUMN; NULL: the command line */
    bool own;           /* of the user's own configuration */
};

/* Files that operands name; {0} is none. */
struct cli_operands {
    char **paths; /* owned */
    size_t count;
};
/* A parsed command line. */
struct cli_args {
    struct cli_given *options; /* in the order given */
    size_t option_count;
    const char **operands;
    size_t operand_count;
    struct cli_operands files; /* what operands refers to once globs are expanded */
};

/* A command. */
struct cli_command {
    const char *name, *operands, *summary;
    unsigned bit;
    int (*run)(const struct cli_args *args); /* returns an exit code */
    const char *nothing, *something;         /* what exit codes 0 and 1 mean; NULL: there is no 1 */
    const char *description;                 /* paragraphs, a line each */
};
extern const struct cli_command cli_commands[COMMANDS];

/* args.c */

/* An option of options.def. */
struct cli_option {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* NULL: it takes none */
    const char *words;    /* the values that it can have, a space between; NULL: any */
    unsigned commands;
    const char *help;
};
extern const struct cli_option cli_options[OPTIONS];

/* Parses what follows the command; false after a message on stderr. cli_args_deinit frees. */
bool cli_args_parse(struct cli_args *args, unsigned command, int argc, char **argv);
/* Expands operands that are globs (cli_operands_expand), as a shell does where there is one; false
 * after a message. */
bool cli_args_expand(struct cli_args *args);
void cli_args_deinit(struct cli_args *args);
/* Whether it was given, and the last time not as --no-NAME. */
bool cli_has(const struct cli_args *args, enum cli_option_id id);
/* The value given last, or fallback. */
const char *cli_value(const struct cli_args *args, enum cli_option_id id, const char *fallback);
/* The value given last as a number; false after a message when it is none. */
bool cli_number(const struct cli_args *args, enum cli_option_id id, uint64_t fallback,
                uint64_t *number);
/* Splits KEY=VALUE at the first `=`; false after a message when there is none. */
bool cli_split(enum cli_option_id id, const char *argument, struct ov_text *key,
               struct ov_text *value);
/* The language of the locale for messages (POSIX: LC_ALL, LC_MESSAGES, LANG). */
enum ov_language cli_language(void);
/* A text of orgvet's own in it; formats have the same places in the same order. */
const char *cli_say(const char *text);
/* Prints the rest of a line, wrapped at spaces before `width` columns and indented from the second
 * line on, and a line end. `indent` columns are there already. */
void cli_print_wrapped(FILE *out, const char *text, int indent, int width);
/* Prints a text as a JSON string, or escaped for people. */
void cli_put_json(FILE *out, struct ov_text text);
void cli_put_escaped(FILE *out, struct ov_text text);
/* Prints the options of a command. */
void cli_print_options(FILE *out, unsigned command);
/* The nearest of some words, for "did you mean"; NULL when none is near. */
const char *cli_nearest(const char *word, const char *const *words, size_t count);

/* Flushes standard output; EXIT_FINE, or EXIT_FAILED after a message. */
int cli_finish(void);
/* Prints "orgvet: " and a message to stderr; returns EXIT_FAILED. */
int cli_fail(const char *format, ...) OV_PRINTF(1, 2);
/* Prints a question to stderr, as it is: without a line end. */
void cli_ask(const char *format, ...) OV_PRINTF(1, 2);
/* The same without a failure: something that is worth knowing. */
void cli_note(const char *format, ...) OV_PRINTF(1, 2);

/* input.c */

/* A file that is being read; `-` is standard input. */
struct cli_input {
    const char *path; /* as given */
    const char *name; /* in findings */
    int fd;
    bool seekable;            /* excerpts can be read from it */
    uint64_t size;            /* bytes, 0 when it is not known */
    char *head;               /* owned: bytes that were looked at */
    size_t head_len, head_at; /* of these, how many, and how many were read since */
    int problem;              /* errno of a read that failed; 0: none did */
    struct stat about;        /* when it was opened */
    FILE *spool;              /* else a copy of what was read; NULL: none is kept */
    struct ov_source source;
};

/* Opens; false after a message. keep_copy: excerpts will be wanted. */
bool cli_input_open(struct cli_input *input, const char *path, const char *name, bool keep_copy);
/* Reads the next bytes: how many, 0 at the end, -1 on failure, which cli_input_fail tells. */
long cli_input_read(struct cli_input *input, void *buf, size_t len);
/* Looks at its first bytes, at most `most` of them, which are still to be read then. Less at an
 * error too, which the next read will meet. Before the first read; once. */
struct ov_text cli_input_peek(struct cli_input *input, size_t most);
/* Whether it begins as JSON does; looks at its first bytes. */
bool cli_input_is_json(struct cli_input *input);
void cli_input_fail(const struct cli_input *input);
/* An input that is first written, through *sink, to a temporary file, and is called `name`; false
 * after a message. */
bool cli_input_make(struct cli_input *input, const char *name, struct ov_sink *sink);
void cli_input_close(struct cli_input *input);
/* Reads a whole file of at most `most` bytes into allocated memory, which the caller frees; NULL
 * after a message. */
char *cli_read_file(const char *path, size_t most, size_t *len);
/* The same of the rest of an open input. */
char *cli_read_input(struct cli_input *input, size_t most, size_t *len);
/* Processors that this process may run on, at most 8. */
unsigned cli_processors(void);
/* Whether it may be colored: --color, NO_COLOR, TERM, and whether fd is a terminal; false after a
 * message. */
bool cli_color(const struct cli_args *args, int fd, bool *color);
/* Whether a path leads to a file that the command reads: an operand, --existing, --settings
 * @FILE. */
bool cli_is_read(const struct cli_args *args, const char *path);
/* Whether two paths lead to the same file. */
bool cli_same_file(const char *a, const char *b);

/* output.c */

/* Where a report goes: standard output, or a file that appears only when all went well. */
struct cli_output {
    const char *path; /* NULL: standard output */
    char *temporary;  /* the file that is renamed at the end; NULL: written directly */
    char *target;     /* what path leads to; NULL: path itself */
    int fd;
    bool keeps;                /* the owner, group, ACL and attributes of the file that is there */
    const struct stat *before; /* borrowed: nothing is written unless the file that is there is
                                  still this one; NULL: it does not matter */
    bool failed;               /* a message was printed, or the reader has left */
    bool broken_pipe;          /* the reader has left: nobody wants to hear of it */
    unsigned guard;            /* enum cli_guard, where it is needed */
    bool in_line;              /* with a guard: something other than white space is on the line */
    unsigned held;             /* with a guard: so many `:` or `#` that were written last */
    struct ov_sink sink;
};

/* Standard output or standard error. */
void cli_output_standard(struct cli_output *output, int fd);
/* A file; NULL and `-` are standard output. False after a message. */
bool cli_output_open(struct cli_output *output, const char *path);
/* A file that is added to, as it is written. False after a message. */
bool cli_output_append(struct cli_output *output, const char *path);
/* Keeps what is written to a log of GitHub Actions from being taken for workflow commands, with an
 * escape of the format: a line that begins with `::`, and `##[`. Elsewhere, and for a file, it
 * changes nothing. */
enum cli_guard {
    CLI_GUARD_NONE,
    CLI_GUARD_TEXT,     /* what is in it is escaped already, but for these */
    CLI_GUARD_COMMANDS, /* lines that begin with `::` are our own */
    CLI_GUARD_CELLS,    /* a file's own bytes: control characters too, and for a terminal as well */
};
void cli_output_guard(struct cli_output *output, enum cli_guard guard);
/* Finishes: keep says whether the file is to appear. False after a message. */
bool cli_output_close(struct cli_output *output, bool keep);
/* Notes which of stdin, stdout, stderr were closed, and keeps their numbers from being used. */
void cli_output_init(void);

/* mapping.c: options of several commands */

/* Fills in --encoding, --delimiter, --skip, --max-cell; false after a message. */
bool cli_read_options(const struct cli_args *args, struct ov_read_options *options);
/* Applies --settings, --map, --default, --identifier. On OV_E_OPTION err says why. */
enum ov_status cli_apply_settings(const struct cli_args *args, struct ov_check *check,
                                  struct ov_error *err);

/* Identifiers of --existing. {0} is none. */
struct cli_id {
    struct cli_id *next;
    size_t len;
    char bytes[];
};
struct cli_ids {
    struct cli_id *first;
};
/* Reads the files of --existing, once; false after a message. */
bool cli_read_existing(const struct cli_args *args, struct cli_ids *ids);
enum ov_status cli_apply_existing(const struct cli_ids *ids, struct ov_check *check,
                                  struct ov_error *err);
void cli_ids_deinit(struct cli_ids *ids);

/* vet.c */

struct cli_vetting;

/* A file being vetted. */
struct cli_job {
    struct cli_vetting *vetting;
    struct cli_input *input;
    struct ov_check *check;
    struct ov_error err;
    bool fed;
};
enum cli_vetted { CLI_VETTED, CLI_UNREADABLE, CLI_BAD_OPTIONS };
/* Begins with an open input; anything but CLI_VETTED comes after a message. */
enum cli_vetted cli_job_begin(struct cli_job *job, struct cli_vetting *vetting,
                              struct cli_input *input);
/* Reads and vets; in any thread, says nothing. */
void cli_job_run(struct cli_job *job);
/* Says what went wrong, if anything. The caller frees *check, which is NULL unless CLI_VETTED. */
enum cli_vetted cli_job_end(struct cli_job *job, struct ov_check **check);

/* How a command vets its files. */
struct cli_vetting {
    const struct cli_args *args;
    struct ov_check_options options;
    struct cli_ids existing;
    char *key;            /* owned: of --redact */
    struct ov_jobs *jobs; /* the file is a user upload, held against these; else NULL */
    bool keep_copy;       /* what is read will be wanted again: for excerpts, or to be read twice */
    bool for_site;        /* what an import service would refuse is an error: --severity lowers no
                             error, and --existing is of no use for a new framework */
};

/* Whether the file goes into a framework that exists already: by the settings that were given. */
bool cli_has_framework(const struct ov_check *check);
/* Applies the root markers that were given. */
enum ov_status cli_apply_root_markers(const struct cli_args *args, struct ov_check *check,
                                      struct ov_error *err);
/* Takes over the options that say how to vet; false after a message. cli_vetting_deinit frees. */
bool cli_vetting_init(struct cli_vetting *vetting, const struct cli_args *args);
void cli_vetting_deinit(struct cli_vetting *vetting);
/* The name of a path in findings. */
const char *cli_name_of(const struct cli_args *args, const char *path);
/* Vets an open input. CLI_VETTED, or another after a message. The caller frees *check. */
enum cli_vetted cli_vet_input(struct cli_vetting *vetting, struct cli_input *input,
                              struct ov_check **check);
/* Vets a file. CLI_VETTED: the caller closes *input and frees *check; else after a message. */
enum cli_vetted cli_vet(struct cli_vetting *vetting, const char *path, struct cli_input *input,
                        struct ov_check **check);
/* Prints the findings to standard error, for a command whose output is something else; false after
 * a message. */
bool cli_print_findings(const struct cli_vetting *vetting, const struct cli_input *input,
                        struct ov_check *check);
/* Reads a vetted input again, from its beginning; false after a message. The input was opened by
 * cli_vet with keep_copy. */
typedef enum ov_status cli_take(void *ctx, const void *bytes, size_t len, struct ov_error *err);
/* Whether it can be: it is a file, or there is a copy of it; false after a message. */
bool cli_can_read_again(const struct cli_input *input);
bool cli_read_again(struct cli_input *input, cli_take *take, void *ctx, struct ov_error *err);
/* The severity of this name; false when there is none. */
bool cli_level(const char *name, int *level);

/* compare.c */

enum { CLI_BUDGETS = 3 };
struct cli_budgets {
    struct ov_budget items[CLI_BUDGETS];
    size_t count;
};
/* --max-removed, --max-moved, --max-renamed; false after a message. */
bool cli_parse_budgets(const struct cli_args *args, struct cli_budgets *budgets);
/* What a file means: a CSV, which is vetted, or a payload; NULL after a message. Says on standard
 * error what is left out. */
struct ov_snapshot *cli_snapshot(struct cli_vetting *vetting, const char *path);
/* How bad a rule is when --severity is heeded: a severity, or below 0 when it is off. */
int cli_severity(const struct cli_args *args, const char *code);
/* The same of a CSV that was vetted with `keep_for_reread` and keep_copy. */
struct ov_snapshot *cli_snapshot_of(struct cli_input *input, struct ov_check *check);

/* baseline.c */

/* --baseline and --write-baseline. */
struct cli_baseline {
    const char *read, *write; /* paths; NULL: not asked for */
    char *read_folder, *write_folder;
    struct ov_baseline *known, *found;
    uint64_t count; /* findings that are going to be written */
    bool quiet, redact;
};
/* Reads what is known; false after a message. cli_baseline_deinit frees in any case. */
bool cli_baseline_init(struct cli_baseline *baseline, const struct cli_args *args);
void cli_baseline_deinit(struct cli_baseline *baseline);
/* Takes what is known out of a finished check with all its findings, and says what is gone; when a
 * baseline is written, all is known from now on. False after a message. */
bool cli_baseline_apply(struct cli_baseline *baseline, const struct cli_input *input,
                        struct ov_check *check);
/* Writes the baseline that was asked for; false after a message. */
bool cli_baseline_finish(struct cli_baseline *baseline);

/* paths.c */

/* The texts in one, which the caller frees; NULL after a message. */
char *cli_joined(const char *a, const char *b, const char *c);
/* Whether a path without links is below a folder that ends in `/`. */
bool cli_is_in(const char *folder, const char *path);
/* The root of the repository that a folder without links is in, ending in `/`; NULL: there is none.
 * The caller frees it. */
char *cli_repository_of(const char *folder);
/* How a configuration calls a file: its path from the configuration's folder. NULL when there is no
 * memory; the caller frees it. */
char *cli_path_in(const char *folder, const char *path);
/* An absolute path as the user would write it: from the working folder, where it is in or above it.
 * NULL after a message; the caller frees it. */
char *cli_shown(const char *path);
/* The folder of a file that may not be there yet, without links, ending in a slash; NULL with errno
 * when it is not found, ENOMEM after a message. The caller frees it. */
char *cli_find_folder(const char *path);
/* The same; NULL after a message. */
char *cli_folder_of(const char *path);

/* Whether an operand is not a file but a glob (`*`, `?`, `[`). */
bool cli_is_glob(const char *operand);
/* Adds an operand, or the files that match it as a glob, of which links may not lead out of the
 * repository; false after a message. */
bool cli_operands_expand(struct cli_operands *operands, const char *operand);
bool cli_operands_add(struct cli_operands *operands, const char *path);
void cli_operands_deinit(struct cli_operands *operands);

/* discover.c: which orgvet.json counts for a file */

/* Why a configuration is read. */
enum cli_config_origin {
    CLI_NAMED,      /* by --config */
    CLI_DISCOVERED, /* in the folder of the file, or above it */
    CLI_OWN,        /* the user's own */
};

/* An orgvet.json. */
struct cli_config {
    enum cli_config_origin origin;
    char *path;   /* where it is */
    char *root;   /* of a discovered one: the repository, or its folder; what it names lies below */
    char *folder; /* that it is in, without links, ending in `/` */
    char *shown;  /* its path in messages */
    struct ov_config *config; /* NULL: it may not count */
    struct cli_config *next;
};

struct cli_choices;
void cli_config_free(struct cli_config *config);
/* The configuration of a file, `-` for the working folder; *config NULL when it has none. Lives as
 * long as choices. False after a message. */
bool cli_config_of(struct cli_choices *choices, const char *path, struct cli_config **config);
/* The user's own; *config NULL when there is none. False after a message. */
bool cli_own_config(struct cli_choices *choices, struct cli_config **config);

/* choices.c: what is in force for each file: its configuration, then the command line. */

/* Files that are vetted alike. */
struct cli_choice {
    struct cli_config *config; /* NULL: none */
    char *fits;                /* of each of its scopes: '1' when it is for these files */
    bool unnamed;              /* it names files, but not these */
    bool excluded;             /* it says that these are to be skipped */
    bool suppresses;           /* it suppresses findings in them */
    struct cli_args args;      /* values of the configuration, then the command line */
    char **texts;              /* owned: what args refers to */
    size_t text_count;
    struct cli_vetting vetting;
    struct cli_choice *next;
};

struct cli_choices {
    const struct cli_args *args;
    struct cli_config *configs;
    struct cli_choice *list;
};
/* The choice for a file; NULL after a message. cli_choices_deinit frees all. */
struct cli_choice *cli_choice_for(struct cli_choices *choices, const char *path);
/* How a configuration fits a file. */
enum cli_fit {
    CLI_FITS,        /* it names the file, or no files at all */
    CLI_LOOKS_RIGHT, /* it names others; the file looks like one of an importer, and is vetted */
    CLI_UNNAMED,     /* it names others: the file is skipped */
    CLI_EXCLUDED,    /* it says that the file is to be skipped */
};
/* Of an open input, before it is read. */
enum cli_fit cli_fit_of(const struct cli_choice *choice, struct cli_input *input);
/* Says what is worth knowing of it, some with --verbose alone. */
void cli_note_fit(const struct cli_choice *choice, const char *name, enum cli_fit fit);
/* The same for a file that is read a second time, for what it means. */
struct cli_choice *cli_choice_to_read(struct cli_choices *choices, const char *path);
void cli_choices_deinit(struct cli_choices *choices);
/* reports.c */

/* One report and where it goes. */
struct cli_report {
    struct ov_report *report;
    struct cli_output output;
};
enum { CLI_REPORTS = 32 };
/* The reports of a run, and what they ask of each check. */
struct cli_reports {
    const struct cli_args *args;
    struct cli_report items[CLI_REPORTS];
    size_t count;
    bool reread, keep_copy; /* a file is read again: for what it means, for excerpts */
    uint64_t max_kept;      /* most findings of each rule that any of them shows; 0: all */
    bool broken_pipe;       /* the reader of a report has left */
};
/* Opens those that are asked for; false after a message. cli_reports_close in any case. */
bool cli_reports_open(struct cli_reports *reports, const struct cli_args *args);
/* Adds a vetted file; false after a message. */
bool cli_reports_add(struct cli_reports *reports, const struct cli_input *input,
                     struct ov_check *check);
/* Ends them; files appear only when keep says so. False after a message. */
bool cli_reports_close(struct cli_reports *reports, bool keep);

/* cmd_dry_run.c */

/* The check that is asked about, as `submit` would make it but for what is a matter of rows. err is
 * in English: its message becomes a part of the service's answer. NULL on failure. The caller
 * frees. */
struct ov_check *cli_dry_run_read(const struct cli_choice *choice, struct cli_input *input,
                                  struct ov_error *err);
/* What is worth knowing beside the answer, which is about settings alone. */
void cli_dry_run_note(const struct cli_input *input, const struct ov_check *check);
/* site_dry_run.c: what a site answers about a file, or, without one, about the export that the
 * options name; the exit code. */
int cli_site_dry_run(struct cli_choices *choices, const struct cli_choice *choice,
                     struct cli_input *input);

/* progress.c */

/* Milliseconds of the monotonic clock. */
uint64_t cli_now_ms(void);

/* A run over so many files and bytes (0: not known) begins; no files: one file by itself, which is
 * not summed up. */
void cli_progress_begin(uint64_t files, uint64_t bytes, bool quiet);
/* So many bytes more were read; in any thread. */
void cli_progress_add(size_t bytes);
/* Takes the line from the terminal while something else is printed. */
void cli_progress_pause(bool pause);
/* A file was reported. */
void cli_progress_reported(const struct ov_check_result *result);
/* What an interrupt says: how far the run has come. For the signal handler, at any time. */
struct cli_last_words {
    char text[240];
    size_t len;
};
extern _Atomic(const struct cli_last_words *) cli_last_words;

/* The commands. */
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    int run(const struct cli_args *args);
#include "cli/commands.def"
#undef CLI_COMMAND

#endif
