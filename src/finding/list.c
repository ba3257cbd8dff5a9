/* finding/list.c: see list.h. Adding, counting, sorting; texts are made in message.c. */
#include "finding/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/sha256.h"

void ov_list_init(struct ov_list *list)
{
    *list = (struct ov_list){0};
    for (int rule = 0; rule < OV_RULES; rule++)
        list->severity[rule] = OV_AS_IS;
}

void ov_list_deinit(struct ov_list *list)
{
    free(list->items);
    ov_arena_deinit(&list->arena);
    *list = (struct ov_list){0};
}

void ov_list_clear(struct ov_list *list)
{
    list->count = 0;
    memset(list->counts, 0, sizeof list->counts);
    memset(list->kept, 0, sizeof list->kept);
}

/* The user's choice for a rule, as far as it may apply to a finding of this severity. */
static int choice_of(const struct ov_list *list, enum ov_rule_index rule, enum ov_severity severity)
{
    return list->stays[rule] && severity == OV_ERROR ? OV_AS_IS : list->severity[rule];
}

/* The last finding of the rule with the most findings, to be replaced, if that rule has more than
 * `rule` would have with one more; NULL: it is `rule` that has the most. */
static struct ov_item *to_replace(struct ov_list *list, enum ov_rule_index rule)
{
    size_t most = rule;
    struct ov_item *last = NULL;
    for (size_t other = 0; other < OV_RULES; other++)
        if (list->kept[other] > list->kept[most])
            most = other;
    if (list->kept[most] <= list->kept[rule] + 1)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].rule == most &&
            (!last || list->items[i].place.byte_offset >= last->place.byte_offset))
            last = &list->items[i];
    list->kept[most]--;
    return last;
}

/* A slot for a finding of a rule; NULL when a limit is reached or memory runs out. */
static struct ov_item *slot_for(struct ov_list *list, enum ov_rule_index rule)
{
    list->cut |= list->cap && list->kept[rule] == list->cap;
    if (list->cap && list->kept[rule] == list->cap)
        return NULL;
    list->cut |= list->most && list->count == list->most;
    if (list->most && list->count == list->most)
        return to_replace(list, rule);
    if (ov_grow(&list->items, &list->capacity, list->count + 1, sizeof *list->items))
        return &list->items[list->count++];
    list->failed = true;
    return NULL;
}

struct ov_item *ov_list_add_as(struct ov_list *list, enum ov_rule_index rule,
                               enum ov_severity severity, enum ov_message message,
                               struct ov_place place, uint32_t row)
{
    int chosen = choice_of(list, rule, severity);
    if (chosen == OV_OFF || list->failed)
        return NULL;
    if (chosen != OV_AS_IS)
        severity = (enum ov_severity)chosen;
    struct ov_item *item = slot_for(list, rule);
    if (list->failed)
        return NULL;
    list->counts[rule][severity]++;
    if (!item)
        return NULL;
    list->kept[rule]++;
    *item = (struct ov_item){.place = place,
                             .row = row,
                             .header = OV_NO_COLUMN,
                             .rule = (uint8_t)rule,
                             .message = (uint8_t)message,
                             .severity = (uint8_t)severity,
                             .field = -1};
    return item;
}

struct ov_item *ov_list_add(struct ov_list *list, enum ov_rule_index rule, enum ov_message message,
                            struct ov_place place, uint32_t row)
{
    return ov_list_add_as(list, rule, ov_rule_at(rule)->severity, message, place, row);
}

void ov_list_count_only(struct ov_list *list, enum ov_rule_index rule, uint64_t count)
{
    enum ov_severity severity = ov_rule_at(rule)->severity;
    int chosen = choice_of(list, rule, severity);
    if (chosen != OV_OFF)
        list->counts[rule][chosen == OV_AS_IS ? (int)severity : chosen] += count;
}

struct ov_text ov_list_keep(struct ov_list *list, struct ov_text text)
{
    struct ov_text copy = {0};
    if (text.len && !ov_arena_copy(&list->arena, text, &copy))
        list->failed = true;
    return copy;
}

struct ov_text ov_list_keep_short(struct ov_list *list, struct ov_text text)
{
    static const char ellipsis[] = "…";
    struct ov_text cut = ov_utf8_cut(text, OV_VALUE_MAX);
    if (cut.len == text.len)
        return ov_list_keep(list, text);
    char shortened[OV_VALUE_MAX + sizeof ellipsis];
    memcpy(shortened, cut.ptr, cut.len);
    memcpy(shortened + cut.len, ellipsis, sizeof ellipsis - 1);
    return ov_list_keep(list, (struct ov_text){shortened, cut.len + sizeof ellipsis - 1});
}

struct ov_item_detail *ov_list_detail(struct ov_list *list, size_t related)
{
    struct ov_item_detail *detail = ov_arena_take(&list->arena, sizeof *detail);
    struct ov_related *places = NULL;
    if (detail && related)
        places = ov_arena_take(&list->arena, related * sizeof *places);
    if (!detail || (related && !places)) {
        list->failed = true;
        return NULL;
    }
    *detail = (struct ov_item_detail){.related = places};
    return detail;
}

void ov_list_extra(struct ov_list *list, struct ov_item *item, struct ov_text extra)
{
    if (!item->detail)
        item->detail = ov_list_detail(list, 0);
    if (item->detail)
        item->detail->extra = ov_list_keep_short(list, extra);
}

bool ov_list_is_off(const struct ov_list *list, enum ov_rule_index rule)
{
    return list->severity[rule] == OV_OFF && !list->stays[rule];
}

uint64_t ov_list_count(const struct ov_list *list, enum ov_rule_index rule)
{
    uint64_t count = 0;
    for (int s = 0; s < OV_SEVERITIES; s++)
        count += list->counts[rule][s];
    return count;
}

uint64_t ov_list_total(const struct ov_list *list, enum ov_severity severity)
{
    uint64_t total = 0;
    for (int r = 0; r < OV_RULES; r++)
        total += list->counts[r][severity];
    return total;
}

static int by_place(const void *a, const void *b)
{
    const struct ov_item *x = a, *y = b;
    if (x->place.line != y->place.line)
        return x->place.line < y->place.line ? -1 : 1;
    if (x->place.byte_offset != y->place.byte_offset)
        return x->place.byte_offset < y->place.byte_offset ? -1 : 1;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->header != y->header)
        return x->header < y->header ? -1 : 1;
    return ov_text_compare(x->value, y->value);
}

static struct ov_text header_of(const struct ov_item *item, const struct ov_names *names)
{
    return item->header < names->header_count ? names->headers[item->header] : (struct ov_text){0};
}

/* What a finding is about besides its row: the field, or the header of the column. */
static struct ov_text subject(const struct ov_item *item, const struct ov_names *names)
{
    return item->field >= 0 ? ov_item_field(item, names) : header_of(item, names);
}

/* Numbers findings with equal rule, identifier and field: 0, 1, … in sorted order. */
static bool number_equals(struct ov_list *list, const struct ov_names *names)
{
    size_t slots = 16;
    while (slots < 2 * list->count)
        slots *= 2;
    struct slot {
        uint64_t hash; /* of rule, identifier and field */
        uint32_t next; /* the ordinal of the next one; 0 = free slot */
    } *table = calloc(slots, sizeof *table);
    if (!table)
        return false;
    const uint64_t key = ov_hash_key();
    for (size_t i = 0; i < list->count; i++) {
        struct ov_item *item = &list->items[i];
        struct ov_text group = item->detail ? item->detail->group : (struct ov_text){0};
        uint64_t hash = ov_hash(subject(item, names), ov_hash_number(key + item->rule));
        hash = ov_hash(group.len ? group : item->id, ov_hash_number(hash));
        size_t at = hash & (slots - 1);
        while (table[at].next && table[at].hash != hash)
            at = (at + 1) & (slots - 1);
        table[at].hash = hash;
        item->ordinal = table[at].next++;
    }
    free(table);
    return true;
}

bool ov_list_sort(struct ov_list *list, const struct ov_names *names)
{
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, by_place);
    return number_equals(list, names);
}

struct ov_text ov_item_field(const struct ov_item *item, const struct ov_names *names)
{
    return item->field >= 0 ? ov_text_of(names->fields[item->field]) : (struct ov_text){0};
}

struct ov_text ov_item_header(const struct ov_item *item, const struct ov_names *names)
{
    return ov_names_header(names, header_of(item, names));
}

struct ov_text ov_names_header(const struct ov_names *names, struct ov_text header)
{
    bool visible =
        names->redact_key.len == 0 || header.len == 0 || names->known(names->run, header);
    return visible ? header : OV_TEXT("withheld");
}

bool ov_item_fingerprint(const struct ov_item *item, const struct ov_names *names, char hex[33])
{
    struct ov_buf parts = {0};
    ov_buf_string(&parts, ov_rule_at(item->rule)->code);
    ov_buf_char(&parts, '\0');
    if (item->detail && item->detail->group.len) {
        ov_buf_text(&parts, item->detail->group);
    } else {
        ov_buf_text(&parts, item->id);
        ov_buf_char(&parts, '\0');
        ov_buf_text(&parts, subject(item, names));
    }
    ov_buf_format(&parts, "%c%lu", '\0', (unsigned long)item->ordinal);
    if (names->redact_key.len) {
        char all[OV_SHA256_HEX];
        ov_hmac_hex(names->redact_key, ov_buf_view(&parts), all);
        memcpy(hex, all, 32);
        hex[32] = '\0';
    } else {
        ov_hash_hex(ov_buf_view(&parts), hex);
    }
    bool ok = !parts.failed;
    ov_buf_deinit(&parts);
    return ok;
}
