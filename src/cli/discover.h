/* cli/discover.h: which orgvet.json applies to a file. */
#ifndef CLI_DISCOVER_H
#define CLI_DISCOVER_H

#include <orgvet/orgvet.h>

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

#endif
