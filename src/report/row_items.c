/* report/row_items.c: see row_items.h. */
#include "report/row_items.h"

#include "finding/message.h"

bool ov_is_of_no_row(const struct ov_item *item)
{
    return item->row == 0 || (item->row == OV_NO_ROW && item->rule != OV_R108 &&
                              (item->rule < OV_R114 || item->rule > OV_R116));
}

bool ov_is_blank(const struct ov_record *record)
{
    for (size_t i = 0; i < record->kept; i++)
        if (record->cells[i].text.len)
            return false;
    return !record->error;
}

const struct ov_item *ov_row_items_next(struct ov_row_items *items, const struct ov_record *record)
{
    const struct ov_list *list = ov_check_list(items->check);
    for (; items->next < list->count; items->next++) {
        const struct ov_item *item = &list->items[items->next];
        if (ov_is_of_no_row(item))
            continue;
        bool here = record->row > 0 ? item->row == (uint64_t)record->row
                                    : item->row == OV_NO_ROW &&
                                          item->place.byte_offset == record->place.byte_offset;
        /* one whose record did not come is of this one: it must not hold up the others */
        if (!here && item->place.byte_offset >= record->place.byte_offset)
            return NULL;
        items->next++;
        return item;
    }
    return NULL;
}

void ov_put_finding(const struct ov_item *item, const struct ov_names *names, struct ov_buf *codes,
                    struct ov_buf *messages)
{
    ov_buf_string(codes, codes->len ? " " : "");
    ov_buf_string(codes, ov_rule_at(item->rule)->code);
    ov_buf_string(messages, messages->len ? " | " : "");
    ov_item_message(item, names, messages);
    size_t before = messages->len;
    ov_buf_string(messages, "; ");
    ov_item_help(item, names, messages);
    if (messages->len == before + 2)
        messages->len = before;
}

static void put_valid(struct ov_buf *out, struct ov_text text)
{
    for (const char *p = text.ptr, *end = p + text.len; p < end;) {
        uint32_t code;
        size_t taken = ov_utf8_next(p, end, &code);
        ov_buf_put(out, code == UINT32_MAX ? "\xEF\xBF\xBD" : p, code == UINT32_MAX ? 3 : taken);
        p += taken;
    }
}

void ov_put_shown_cell(struct ov_buf *out, const struct ov_check *check,
                       const struct ov_record *record, size_t column)
{
    const struct ov_cell *cell = &record->cells[column];
    const struct ov_names names = ov_vet_names(check);
    bool identifier = (int)column == ov_check_facts(check)->id_column ||
                      (int)column == ov_check_facts(check)->parent_column;
    if (ov_check_choices(check)->redact && record->row != 0)
        ov_buf_redacted(out, ov_check_choices(check)->redact_key, cell->text, identifier);
    else if (ov_check_choices(check)->redact)
        ov_buf_text(out, ov_names_header(&names, cell->text));
    else if (cell->flags & (OV_CELL_INVALID | OV_CELL_BROKEN | OV_CELL_LARGE))
        put_valid(out, cell->text);
    else
        ov_buf_text(out, cell->text);
}
