/* tests/bench/workbook.c: writes a CSV file without quotes as a workbook, with shared strings as
 * spreadsheets do. usage: workbook IN.csv OUT.xlsx */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

int main(int argc, char **argv)
{
    static char line[1 << 16];
    FILE *in = argc == 3 ? fopen(argv[1], "r") : NULL;
    lxw_workbook *book = in ? workbook_new(argv[2]) : NULL;
    lxw_worksheet *sheet = book ? workbook_add_worksheet(book, NULL) : NULL;
    if (!sheet)
        return 1;
    for (lxw_row_t row = 0; fgets(line, sizeof line, in); row++) {
        lxw_col_t column = 0;
        line[strcspn(line, "\r\n")] = '\0';
        for (char *cell = line; cell; column++) {
            char *end = strchr(cell, ',');
            if (end)
                *end++ = '\0';
            if (*cell && worksheet_write_string(sheet, row, column, cell, NULL) != LXW_NO_ERROR)
                return 1;
            cell = end;
        }
    }
    fclose(in);
    return workbook_close(book) == LXW_NO_ERROR ? 0 : 1;
}
