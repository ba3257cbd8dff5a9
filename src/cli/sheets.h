/* cli/sheets.h: which sheets of a workbook are meant where none is named: those that people see and
 * that look like a file of an importer. */
#ifndef CLI_SHEETS_H
#define CLI_SHEETS_H

#include "cli/vet.h"

struct cli_sheets {
    char **names; /* owned, as is each */
    size_t count;
    bool failed; /* out of memory */
};

/* Finds them in an input from which nothing was read yet; none where --sheet names one, or where
 * the input is not a workbook that can be read twice. False after a message. */
bool cli_sheets_find(struct cli_sheets *sheets, const struct cli_vetting *vetting,
                     struct cli_input *input);
void cli_sheets_deinit(struct cli_sheets *sheets);

#endif
