/* cli/cli.h: what the commands share. Of the library, commands use the public headers <orgvet/…>
 * only.
 *
 * Conventions: "false after a message" means that the function has printed why to standard error;
 * texts and paths are NUL-terminated and borrowed unless stated otherwise; sizes and offsets are
 * bytes; exit codes are those of the enum below. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <orgvet/orgvet.h>
#include <stdio.h>
#include <sys/stat.h>

/* Exit codes. */
enum {
    EXIT_FINE = 0,     /* no findings at or above --fail-on */
    EXIT_FINDINGS = 1, /* findings, or a refused dry run */
    EXIT_FAILED = 2,   /* usage error, unreadable input, unwritable output */
    EXIT_REFUSED = 3,  /* the import service refused, or the import failed */
    EXIT_NETWORK = 4,  /* the import service could not be reached */
    EXIT_INTERRUPTED = 130,
    EXIT_PIPE = 141, /* the reader of the output closed it: the code a shell reports for SIGPIPE */
};

/* The commands: first as numbers, then as bits for options.def. */
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
    VETTING = CHECK | EMIT | TREE | DIFF | FIX | SUBMIT, /* commands that vet a file first */
    EXPANDED = CHECK | FIX | CONFIG,                     /* commands whose operands may be globs */
    CONFIGURED = VETTING | DRY_RUN | CONFIG,             /* commands that a configuration affects */
    SITES = SUBMIT | EXPORT | STATUS | LOG | ROLLBACK | DELETE, /* commands that need a service */
};

enum cli_option_id {
#define CLI_OPTION(id, name, letter, argument, words, commands, help) OPT_##id,
#include "cli/options.def"
#undef CLI_OPTION
    OPTIONS
};

/* One use of an option, on the command line or in a configuration. All texts are borrowed. */
struct cli_given {
    enum cli_option_id id;
    bool off;           /* given as --no-NAME, or as false in a configuration */
    const char *value;  /* NULL: the option takes no value */
    const char *origin; /* FILE:LINE:COLUMN in a configuration; NULL: the command line */
    bool own;           /* from the user's own configuration */
};

/* The files that operands expand to; {0} is empty. */
struct cli_operands {
    char **paths; /* owned, as is each path */
    size_t count;
};
/* A parsed command line; {0} is empty. Both arrays are owned, their texts are borrowed. */
struct cli_args {
    struct cli_given *options; /* in the order given: the last one wins */
    size_t option_count;
    const char **operands;
    size_t operand_count;
    struct cli_operands files; /* owned: the paths in `operands` after cli_args_expand */
};

/* A command. All texts are static. */
struct cli_command {
    const char *name, *operands, *summary;
    unsigned bit;                            /* its bit in cli_option.commands */
    int (*run)(const struct cli_args *args); /* returns an exit code */
    const char *nothing, *something; /* the meaning of exit codes 0 and 1; NULL: 1 is not used */
    const char *description;         /* paragraphs, one per line */
};
extern const struct cli_command cli_commands[COMMANDS];

/* args.c */

/* An option of options.def. All texts are static. */
struct cli_option {
    const char *name;     /* without the leading dashes */
    char letter;          /* 0: no short form */
    const char *argument; /* the argument's name in --help; NULL: takes no argument */
    const char *words;    /* the permitted values, separated by spaces; NULL: any */
    unsigned commands;    /* bits of the commands that accept it */
    const char *help;     /* English; cli_say translates it */
};
extern const struct cli_option cli_options[OPTIONS]; /* indexed by enum cli_option_id */

/* Parses the arguments after the command's name into *args, which must be {0} and borrows argv;
 * command: its bit. False after a message. The caller calls cli_args_deinit in either case. */
bool cli_args_parse(struct cli_args *args, unsigned command, int argc, char **argv);
/* Replaces operands that are globs by the files they match (cli_operands_expand), for shells that
 * do not; false after a message. */
bool cli_args_expand(struct cli_args *args);
void cli_args_deinit(struct cli_args *args);
/* Whether the option was given, and its last use was not --no-NAME. */
bool cli_has(const struct cli_args *args, enum cli_option_id id);
/* The value of the option's last use, borrowed; fallback if it was not given. */
const char *cli_value(const struct cli_args *args, enum cli_option_id id, const char *fallback);
/* *number: the value of the option's last use, or fallback if it was not given. False after a
 * message if the value is not a whole number of at most 18 digits. */
bool cli_number(const struct cli_args *args, enum cli_option_id id, uint64_t fallback,
                uint64_t *number);
/* Splits KEY=VALUE at the first `=` into views of argument; the key is not empty. False after a
 * message. */
bool cli_split(enum cli_option_id id, const char *argument, struct ov_text *key,
               struct ov_text *value);
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
/* Prints the --help lines of the options of a command, given as its bit. */
void cli_print_options(FILE *out, unsigned command);
/* The word most similar to `word`, borrowed from `words`, for "did you mean"; NULL: none is
 * similar. */
const char *cli_nearest(const char *word, const char *const *words, size_t count);

/* Flushes standard output; EXIT_FINE, or EXIT_FAILED after a message. */
int cli_finish(void);
/* Prints "orgvet: " and a message, translated and escaped, to standard error; returns
 * EXIT_FAILED. */
int cli_fail(const char *format, ...) OV_PRINTF(1, 2);
/* Prints a question to standard error, translated and escaped, without prefix and line end. */
void cli_ask(const char *format, ...) OV_PRINTF(1, 2);
/* As cli_fail, for a note that is not a failure. */
void cli_note(const char *format, ...) OV_PRINTF(1, 2);

/* input.c */

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
/* Closes what is open and frees; standard input stays open. */
void cli_input_close(struct cli_input *input);
/* Reads a whole file of at most `most` bytes; no NUL is added. The caller frees; NULL after a
 * message. */
char *cli_read_file(const char *path, size_t most, size_t *len);
/* As cli_read_file, for the rest of an open input. */
char *cli_read_input(struct cli_input *input, size_t most, size_t *len);
/* The number of processors that this process may use, from 1 to 8. */
unsigned cli_processors(void);
/* *color: whether output to fd may be coloured, by --color, NO_COLOR, TERM and whether fd is a
 * terminal. False after a message. Defined in vet.c. */
bool cli_color(const struct cli_args *args, int fd, bool *color);
/* Whether a path is a file that the command reads: an operand, the file of --existing, --against,
 * --jobs-file, --config or --settings @FILE, or any orgvet.json. Defined in vet.c. */
bool cli_is_read(const struct cli_args *args, const char *path);
/* Whether both paths lead to the same regular file. */
bool cli_same_file(const char *a, const char *b);

/* output.c */

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

/* mapping.c: options that several commands share */

/* Sets the options that --encoding, --delimiter, --skip, --max-cell and --reader specify, borrowed
 * from args; false after a message. */
bool cli_read_options(const struct cli_args *args, struct ov_read_options *options);
/* Applies --settings, --map, --default and --identifier. On OV_E_OPTION err has the reason;
 * OV_E_IO: a message may have been printed instead. */
enum ov_status cli_apply_settings(const struct cli_args *args, struct ov_check *check,
                                  struct ov_error *err);

/* The identifiers of --existing, as a list; {0} is empty. */
struct cli_id {
    struct cli_id *next;
    size_t len; /* bytes */
    char bytes[];
};
struct cli_ids {
    struct cli_id *first; /* owned */
};
/* Reads the files of --existing into *ids, which the caller frees with cli_ids_deinit in either
 * case; false after a message. */
bool cli_read_existing(const struct cli_args *args, struct cli_ids *ids);
/* Adds the identifiers to a check. */
enum ov_status cli_apply_existing(const struct cli_ids *ids, struct ov_check *check,
                                  struct ov_error *err);
void cli_ids_deinit(struct cli_ids *ids);

/* vet.c */

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
/* Prepares to vet an open input, borrowed until cli_job_end. CLI_VETTED, or CLI_BAD_OPTIONS after a
 * message; then neither of the next two may be called. */
enum cli_vetted cli_job_begin(struct cli_job *job, struct cli_vetting *vetting,
                              struct cli_input *input);
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
    bool keep_copy;          /* the input will be read again: for excerpts, or as a whole */
    bool for_site;           /* what an import service would refuse stays an error despite
                                --severity, and --existing is ignored for a new framework */
};

/* Whether the given settings import the file into an existing framework. */
bool cli_has_framework(const struct ov_check *check);
/* Applies --root-marker. */
enum ov_status cli_apply_root_markers(const struct cli_args *args, struct ov_check *check,
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
/* Opens and vets a file. CLI_VETTED: the caller closes *input and frees *check; else neither is to
 * be used, after a message. */
enum cli_vetted cli_vet(struct cli_vetting *vetting, const char *path, struct cli_input *input,
                        struct ov_check **check);
/* Prints the findings to standard error, for commands whose output is not a report; false after a
 * message. */
bool cli_print_findings(const struct cli_vetting *vetting, const struct cli_input *input,
                        struct ov_check *check);
/* Receives the next bytes, borrowed for the call; a failure stops the reading. */
typedef enum ov_status cli_take(void *ctx, const void *bytes, size_t len, struct ov_error *err);
/* Whether the input can be read again: it is a file, or there is a copy of it. False after a
 * message. */
bool cli_can_read_again(const struct cli_input *input);
/* Passes a vetted input to `take` from its beginning; not reentrant. False after a message, or when
 * `take` fails, with *err set by it. A read error looks like an early end, which `take`'s reader
 * must detect. */
bool cli_read_again(struct cli_input *input, cli_take *take, void *ctx, struct ov_error *err);
/* *level: the enum ov_severity of this name; false if there is none, *level unchanged. */
bool cli_level(const char *name, int *level);

/* compare.c */

/* The limits that were given. */
enum { CLI_BUDGETS = 3 };
struct cli_budgets {
    struct ov_budget items[CLI_BUDGETS];
    size_t count;
};
/* Reads --max-removed, --max-moved and --max-renamed; false after a message. */
bool cli_parse_budgets(const struct cli_args *args, struct cli_budgets *budgets);
/* A snapshot of a file: a CSV, which is vetted, or a payload. Reports skipped rows on standard
 * error. The caller frees it with ov_snapshot_free; NULL after a message. */
struct ov_snapshot *cli_snapshot(struct cli_vetting *vetting, const char *path);
/* The severity of a rule with --severity applied; below 0: off. The code must exist. Defined in
 * vet.c. */
int cli_severity(const struct cli_args *args, const char *code);
/* A snapshot of a CSV that was vetted with `keep_for_reread` and keep_copy. The caller frees it;
 * NULL after a message. */
struct ov_snapshot *cli_snapshot_of(struct cli_input *input, struct ov_check *check);

/* baseline.c */

/* The baselines of --baseline and --write-baseline. */
struct cli_baseline {
    const char *read, *write;          /* borrowed: paths; NULL: not given */
    char *read_folder, *write_folder;  /* owned: the folders of these, ending in `/` */
    struct ov_baseline *known, *found; /* owned: the one read, and the one to be written */
    uint64_t count;                    /* findings to be written */
    bool quiet, redact;                /* print no notes; no messages of findings */
};
/* Reads --baseline and prepares --write-baseline; *baseline borrows args' texts. False after a
 * message. The caller calls cli_baseline_deinit in either case. */
bool cli_baseline_init(struct cli_baseline *baseline, const struct cli_args *args);
void cli_baseline_deinit(struct cli_baseline *baseline);
/* Hides known findings of a finished check that kept all findings, and notes which of the baseline
 * are gone. With --write-baseline it adds all findings to the new baseline and hides them. False
 * after a message. */
bool cli_baseline_apply(struct cli_baseline *baseline, const struct cli_input *input,
                        struct ov_check *check);
/* Writes the file of --write-baseline, if given; false after a message. */
bool cli_baseline_finish(struct cli_baseline *baseline);

/* paths.c: a "real" path is absolute and has no symbolic links; a folder ends in `/` */

/* The concatenation of three texts. The caller frees it; NULL after a message. */
char *cli_joined(const char *a, const char *b, const char *c);
/* Whether a real path is below a real folder. */
bool cli_is_in(const char *folder, const char *path);
/* The root of the repository that contains a real folder: the nearest folder with `.git`. The
 * caller frees it; NULL: there is none, or no memory. */
char *cli_repository_of(const char *folder);
/* The name of a file in a configuration: its path relative to the real folder, or the real path if
 * it is not below it. The caller frees it; NULL after a message. */
char *cli_path_in(const char *folder, const char *path);
/* An absolute path as the user would write it: relative to the working folder when it is below it
 * or up to four levels above, else unchanged. The caller frees it; NULL after a message. */
char *cli_shown(const char *path);
/* The real folder of a file, which need not exist. The caller frees it; NULL with errno set,
 * ENOMEM after a message. */
char *cli_find_folder(const char *path);
/* As cli_find_folder; NULL after a message. */
char *cli_folder_of(const char *path);

/* Whether an operand contains a wildcard (`*`, `?`, `[`) and does not exist as a file. */
bool cli_is_glob(const char *operand);
/* Adds an operand, or if it is a glob the regular files that it matches; files that a link takes
 * out of the repository are skipped with a note. Copies; false after a message. */
bool cli_operands_expand(struct cli_operands *operands, const char *operand);
/* Adds a copy of a path; false after a message. */
bool cli_operands_add(struct cli_operands *operands, const char *path);
void cli_operands_deinit(struct cli_operands *operands);

/* discover.c: which orgvet.json applies to a file */

/* How a configuration was found. */
enum cli_config_origin {
    CLI_NAMED,      /* by --config */
    CLI_DISCOVERED, /* in the folder of the file, or above it */
    CLI_OWN,        /* the user's own */
};

/* A configuration file; all texts are owned. */
struct cli_config {
    enum cli_config_origin origin;
    char *path;   /* where it is */
    char *root;   /* a discovered one: its repository or else its folder, which must contain the
                     files it names; NULL: not restricted */
    char *folder; /* the real folder that it is in */
    char *shown;  /* its path in messages */
    struct ov_config *config; /* owned; NULL: it is not trusted */
    struct cli_config *next;
};

struct cli_choices;
void cli_config_free(struct cli_config *config);
/* The configuration of a file, `-`: of the working folder; *config is NULL if there is none.
 * Borrowed from choices. False after a message. */
bool cli_config_of(struct cli_choices *choices, const char *path, struct cli_config **config);
/* The user's own configuration; *config is NULL if there is none. Borrowed from choices. False
 * after a message. */
bool cli_own_config(struct cli_choices *choices, struct cli_config **config);

/* choices.c: the options in effect for each file: its configuration, then the command line */

/* The options of all files that share them. */
struct cli_choice {
    struct cli_config *config; /* borrowed; NULL: none */
    char *fits;                /* owned: one character per scope, '1' when it matches these files */
    bool unnamed;              /* `files` is given, but matches none of these files */
    bool excluded;             /* `files` excludes these files */
    bool suppresses;           /* the configuration suppresses findings */
    struct cli_args args;      /* options of the configuration, then of the command line */
    char **texts;              /* owned, as is each text: what args refers to */
    size_t text_count;
    struct cli_vetting vetting;
    struct cli_choice *next;
};

/* The configurations and options of a run; both lists are owned. */
struct cli_choices {
    const struct cli_args *args; /* borrowed: the command line */
    struct cli_config *configs;
    struct cli_choice *list;
};
/* The options for a file, borrowed from choices; NULL after a message. */
struct cli_choice *cli_choice_for(struct cli_choices *choices, const char *path);
/* Whether a configuration covers a file. From CLI_UNNAMED on, the file is skipped. */
enum cli_fit {
    CLI_FITS,        /* `files` matches it or is not given */
    CLI_LOOKS_RIGHT, /* `files` does not match, but it looks like an importer's file: vetted */
    CLI_UNNAMED,     /* `files` does not match: skipped */
    CLI_EXCLUDED,    /* `files` excludes it: skipped */
};
/* How the configuration covers an open input that has not been read; may call cli_input_peek. */
enum cli_fit cli_fit_of(const struct cli_choice *choice, struct cli_input *input);
/* Prints a note about the fit, if any; about skipped files only with --verbose. */
void cli_note_fit(const struct cli_choice *choice, const char *name, enum cli_fit fit);
/* As cli_choice_for, for a file that is read again after vetting. */
struct cli_choice *cli_choice_to_read(struct cli_choices *choices, const char *path);
void cli_choices_deinit(struct cli_choices *choices);
/* reports.c */

/* One report and where it goes. */
struct cli_report {
    struct ov_report *report; /* owned */
    struct cli_output output;
};
enum { CLI_REPORTS = 32 /* most reports of a run */ };
/* The reports of a run, and what they require of each check. */
struct cli_reports {
    const struct cli_args *args; /* borrowed */
    struct cli_report items[CLI_REPORTS];
    size_t count;
    bool reread, keep_copy; /* files are read again: as a whole, or for excerpts */
    uint64_t max_kept;      /* most findings per rule that any report shows; 0: all */
    bool broken_pipe;       /* the reader of a report closed it; set by cli_reports_close */
};
/* Opens the reports of --format and --output; *reports must be {0} and borrows args. False after a
 * message. The caller calls cli_reports_close in either case. */
bool cli_reports_open(struct cli_reports *reports, const struct cli_args *args);
/* Adds a vetted file to each report; false after a message, or when a pipe is broken. */
bool cli_reports_add(struct cli_reports *reports, const struct cli_input *input,
                     struct ov_check *check);
/* Finishes the reports; keep: whether the files are to appear. False after a message, or when a
 * pipe is broken. */
bool cli_reports_close(struct cli_reports *reports, bool keep);

/* cmd_dry_run.c */

/* The check for a dry run: as that of `submit`, without the options that concern rows only. Where
 * err's message becomes part of the service's answer, err->language must be English. The caller
 * frees; NULL with err set, or after a message. */
struct ov_check *cli_dry_run_read(const struct cli_choice *choice, struct cli_input *input,
                                  struct ov_error *err);
/* Notes that rows have errors, which a dry run does not report. */
void cli_dry_run_note(const struct cli_input *input, const struct ov_check *check);
/* site_dry_run.c: prints the answer of a site about a file, or if input is NULL about the export
 * that the options name; returns the exit code. */
int cli_site_dry_run(struct cli_choices *choices, const struct cli_choice *choice,
                     struct cli_input *input);

/* progress.c */

/* Milliseconds of the monotonic clock. */
uint64_t cli_now_ms(void);

/* Starts a run over a number of files and bytes (0: not known). files 0: a single file without a
 * summary on interrupt; ignored during a run. quiet: draw nothing. */
void cli_progress_begin(uint64_t files, uint64_t bytes, bool quiet);
/* Adds to the number of bytes read; from any thread. */
void cli_progress_add(size_t bytes);
/* Clears the progress line while something else is printed (pause), or allows it again. */
void cli_progress_pause(bool pause);
/* Adds a reported file to the summary. */
void cli_progress_reported(const struct ov_check_result *result);
/* What an interrupt prints: how far the run has come. The signal handler may read it at any
 * time. */
struct cli_last_words {
    char text[240];
    size_t len;
};
extern _Atomic(const struct cli_last_words *) cli_last_words;

/* The commands: each returns an exit code, after a message if it failed. */
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    int run(const struct cli_args *args);
#include "cli/commands.def"
#undef CLI_COMMAND

#endif
