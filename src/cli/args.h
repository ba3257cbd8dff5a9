/* cli/args.h: the command line, parsed by the table options.def. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <orgvet/base.h>
#include <stdio.h>

#include "cli/paths.h"

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

/* A parsed command line; {0} is empty. Both arrays are owned, their texts are borrowed. */
struct cli_args {
    struct cli_given *options; /* in the order given: the last one wins */
    size_t option_count;
    const char **operands;
    size_t operand_count;
    struct cli_operands files; /* owned: the paths in `operands` after cli_args_expand */
};

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
/* The word most similar to `word`, borrowed from `words`, for "did you mean"; NULL: none is
 * similar. */
const char *cli_nearest(const char *word, const char *const *words, size_t count);
/* Prints the --help lines of the options of a command, given as its bit. */
void cli_print_options(FILE *out, unsigned command);

#endif
