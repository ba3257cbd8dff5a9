/* book/book_parts.c: see book_parts.h. */
#include "book/book_parts.h"

#include "base/mem.h"

/* Whether a sheet is one that orgvet added to a report: it is passed over. */
static bool is_own(struct ov_text name)
{
    return ov_text_begins(name, OV_TEXT("orgvet "));
}

bool ov_book_add_sheet(struct ov_book *book, struct ov_text name, bool visible, int64_t member)
{
    struct ov_sheet sheet = {.visible = visible && !is_own(name), .member = member};
    if (!ov_grow(&book->sheets, &book->sheet_capacity, book->sheet_count + 1,
                 sizeof *book->sheets) ||
        !ov_arena_copy(&book->arena, name, &sheet.name)) {
        book->failed = true;
        return false;
    }
    book->sheets[book->sheet_count++] = sheet;
    return true;
}
