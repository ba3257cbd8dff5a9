/* cli/choices.h: the options in effect for each file: its configuration, then the command line. */
#ifndef CLI_CHOICES_H
#define CLI_CHOICES_H

#include "cli/discover.h"
#include "cli/vet.h"

/* The options of all files that share them. */
struct cli_choice {
    struct cli_config *config; /* borrowed; NULL: none */
    char *fits;   /* owned: one character per scope: '1' when it applies to these files, '2' when it
                     is about another sheet of theirs, '0' otherwise */
    bool unnamed; /* `files` is given, but matches none of these files */
    bool excluded;        /* `files` excludes these files */
    bool suppresses;      /* the configuration suppresses findings */
    struct cli_args args; /* options of the configuration, then of the command line */
    char **texts;         /* owned, as is each text: what args refers to */
    size_t text_count;
    const char **sheets;  /* owned; texts of `texts`: the sheets that the configuration names */
    const char **skipped; /* the same: those that it skips */
    size_t sheet_count, skipped_count;
    struct cli_vetting vetting;
    struct cli_choice *next;
};

/* The configurations and options of a run; both lists are owned. */
struct cli_choices {
    const struct cli_args *args; /* borrowed: the command line */
    struct cli_config *configs;
    struct cli_choice *list;
};
/* The options for a file, borrowed from choices; sheet: the one that is read of a workbook; NULL:
 * that of --sheet, if any. NULL after a message. */
struct cli_choice *cli_choice_for_sheet(struct cli_choices *choices, const char *path,
                                        const char *sheet);
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

#endif
