/* cli/cmd.h: the commands: each is one file, cmd_NAME.c, and an entry of commands.def. Of the
 * library they use the public headers <orgvet/…> only.
 *
 * Conventions in cli/: "false after a message" means that the function has printed why to standard
 * error; texts and paths are NUL-terminated and borrowed unless stated otherwise; sizes and offsets
 * are bytes; exit codes are those of the enum below. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/args.h"

/* A build of the local commands alone does not even name the others, unless it is to print the
 * pages of the complete manual. */
#if defined OV_ENGINE_ONLY && !defined OV_ALL_COMMANDS
#define OV_LOCAL_COMMANDS
#endif

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
    COMMANDS
};
enum {
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    bit = 1 << bit##_NUMBER,
#ifdef OV_LOCAL_COMMANDS
#define CLI_NETWORK_COMMAND(bit, ...) bit = 0,
#endif
#include "cli/commands.def"
    NONE = 0,
    ALL = (1 << COMMANDS) - 1,
    VETTING = CHECK | EMIT | TREE | DIFF | FIX | SUBMIT, /* commands that vet a file first */
    EXPANDED = CHECK | FIX | CONFIG,                     /* commands whose operands may be globs */
    CONFIGURED = VETTING | DRY_RUN | CONFIG,             /* commands that a configuration affects */
    SITES = SUBMIT | EXPORT | STATUS | LOG | ROLLBACK | DELETE, /* commands that need a service */
    ASKING = SITES ? SITES | DRY_RUN : NONE,                    /* those that may ask one */
    SITED = ASKING ? ASKING | CONFIG : NONE, /* those that may be told which one */
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

/* The commands: each returns an exit code, after a message if it failed. */
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    int run(const struct cli_args *args);
#include "cli/commands.def"

/* In a build of the local commands alone: says that something needs the complete one; an exit code.
 */
int cli_needs_complete(void);

#endif
