/* book/book_parts.h: what an open workbook consists of; filled by its format. */
#ifndef BOOK_BOOK_PARTS_H
#define BOOK_BOOK_PARTS_H

#include "base/mem.h"
#include "book/book.h"
#include "book/sheet_rows.h"
#include "book/strings.h"
#include "book/values.h"
#include "book/xml.h"

struct ov_book {
    struct ov_archive *archive; /* owned */
    struct ov_sheet *sheets;    /* owned; names in the arena */
    size_t sheet_count, sheet_capacity;
    struct ov_arena arena;
    bool date1904;
    int64_t strings_of; /* the member of the shared strings, before they are read; -1: none */
    struct ov_strings strings;
    struct ov_number_format *formats; /* owned: xlsx: of each style of cells */
    size_t format_count, format_capacity;
    /* the merged areas of the sheet that was read last: several readings begin with them */
    struct ov_merged_area *areas; /* owned; without values */
    size_t area_count;
    int64_t areas_of; /* its member; -1: none */
    uint64_t
        text_most; /* bytes of text that a sheet may have: a long string can be in many cells */
    bool failed;   /* out of memory */
    /* Reads a sheet; false: *problem, rows->status, the limit, or out of memory. */
    bool (*read_sheet)(struct ov_book *book, const struct ov_sheet *sheet,
                       struct ov_sheet_rows *rows, struct ov_sheet_reading *reading,
                       ov_problem *problem);
};

/* Adds a sheet. False when out of memory. */
bool ov_book_add_sheet(struct ov_book *book, struct ov_text name, bool visible, int64_t member);
#endif
