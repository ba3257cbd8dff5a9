/* vet/suggest.c: OV402, with the identifier that was probably meant.
 *
 * The missing parents are indexed under several normalised variants; then every identifier of the
 * file is looked up once. Memory and time grow with the number of missing parents plus rows, not
 * with their product. The missing parents that no variant explains are compared by edit distance,
 * the most frequently referenced first, and as many as a limit on the number of comparisons allows.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/search.h"
#include "base/task.h"
#include "base/unicode.h"
#include "vet/check_internal.h"
#include "vet/add_finding.h"
#include "vet/suggest.h"
#include "vet/variants.h"

/* How a missing parent was found: by a variant, which are the best reasons, or … */
enum {
    NAMED = OV_VARIANTS, /* the parent is the name of one row */
    EDITED,              /* by edit distance */
};

enum {
    COMPARED = 128 * 1000 * 1000, /* most bytes of identifiers compared, for all missing parents */
    EDITED_LEAST = 1,             /* missing parents compared in any case */
    EDITED_MOST = 1000,           /* missing parents compared at most */
    SHORTEST = 3,                 /* characters; shorter parents are not compared */
    CANDIDATES_MOST = 3,          /* suggestions at the same distance: more would not help */
};

/* A missing parent. */
struct missing {
    ov_node name;  /* in the forest */
    uint32_t refs; /* rows that have it as their parent */
    ov_node meant; /* the row or existing identifier it probably means; OV_NODE_NONE: none found */
    ov_node
        other; /* for rank < OV_VARIANTS: another one with the same variant; OV_NODE_NONE: none */
    ov_node tainted;   /* a row whose identifier would be it, but for characters that nobody sees */
    unsigned rank;     /* enum ov_variant by which `meant` was found; greater: none yet */
    unsigned distance; /* EDITED: the smallest so far */
    unsigned ties;     /* EDITED: identifiers at that distance */
    uint32_t named;    /* rows that have it as their name */
    size_t slot;       /* for rank < OV_VARIANTS: slot of its variant */
    enum ov_left_out left;      /* a row with this identifier was left out … */
    uint64_t left_line;         /* … here */
    uint32_t next[OV_VARIANTS]; /* index + 1 of another one with the same variant; 0: last */
};

/* A slot of the index of variants: the missing parents that have one variant. */
struct slot {
    uint64_t hash;
    uint32_t first; /* index + 1; 0: free */
    uint8_t variant;
    bool met;     /* an identifier with this variant was found: the first one is suggested */
    bool met_two; /* a second one was found */
};

struct finder {
    struct ov_check *check;
    struct ov_forest *forest;
    struct missing *missing; /* owned: ordered by name */
    size_t count;
    struct slot *slots; /* owned */
    size_t mask;
    uint64_t *coarse; /* owned: bitmap of the coarse hashes of all variants */
    unsigned coarse_shift;
    struct ov_buf a, b; /* scratch */
};

static struct ov_text node_text(const struct ov_forest *forest, ov_node node)
{
    return ov_node_is_row(node) ? ov_forest_id(forest, node) : ov_forest_name(forest, node);
}

/* Variants are compared by keyed 64-bit hashes: a suggestion is a coincidence once in 2^64. */
static uint64_t variant_hash(const struct finder *finder, struct ov_text variant_text,
                             enum ov_variant variant)
{
    return ov_hash(variant_text, ov_hash_number(finder->check->hash_key + variant));
}

/* Computes a hash that is equal for all ASCII texts that share some variant: of the letters in one
 * case, without spaces, what is written around a value, zeros and O (zeros may be dropped, or look
 * like O), and with 1 and I taken for L. Most identifiers resemble no missing parent, and this
 * rules them out in a few steps per byte. False when the text is not ASCII. */
static bool coarse_hash(struct ov_text text, uint64_t *hash)
{
    uint64_t number = 0;
    unsigned char high = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        high |= c;
        c = c >= 'A' && c <= 'Z' ? (unsigned char)(c | ' ') : c;
        c = c == '1' || c == 'i' ? 'l' : c;
        if (c > ' ' && c != '0' && c != 'o' && !(c < '0' && strchr("\"'=.,", c)))
            number = (number + c) * UINT64_C(0x9E3779B97F4A7C15);
    }
    *hash = number;
    return high < 0x80;
}

static void note_coarse(struct finder *finder, struct ov_text variant_text)
{
    uint64_t hash;
    if (coarse_hash(variant_text, &hash)) /* otherwise no ASCII text has this variant */
        finder->coarse[hash >> finder->coarse_shift >> 6] |= UINT64_C(1)
                                                             << (hash >> finder->coarse_shift & 63);
}

/* Whether the text may share a variant with a missing parent. */
static bool may_look_alike(const struct finder *finder, struct ov_text text)
{
    uint64_t hash;
    if (!coarse_hash(text, &hash))
        return true;
    hash >>= finder->coarse_shift;
    return finder->coarse[hash >> 6] >> (hash & 63) & 1;
}

/* Whether a node is a missing parent; one that several rows have as their name is OV411. */
static bool is_sought(const struct finder *finder, ov_node node)
{
    return ov_forest_is_missing(finder->forest, node) &&
           (finder->forest != finder->check->forest ||
            ov_by_name_ambiguous(finder->check->by_name, node) == OV_NODE_NONE);
}

/* Lists the missing parents and counts the rows that name them; false when out of memory. */
static bool list_missing(struct finder *finder)
{
    const struct ov_forest *forest = finder->forest;
    uint32_t *index = malloc((forest->name_count + (size_t)1) * sizeof *index);
    if (!index)
        return false;
    size_t count = 0;
    for (uint32_t i = 0; i < forest->name_count; i++)
        index[i] = is_sought(finder, OV_NODE_NAME + i) ? (uint32_t)count++ : UINT32_MAX;
    finder->missing = calloc(count ? count : 1, sizeof *finder->missing);
    if (finder->missing) {
        finder->count = count;
        for (uint32_t i = 0; i < forest->name_count; i++)
            if (index[i] != UINT32_MAX)
                finder->missing[index[i]] = (struct missing){.name = OV_NODE_NAME + i,
                                                             .meant = OV_NODE_NONE,
                                                             .other = OV_NODE_NONE,
                                                             .tainted = OV_NODE_NONE,
                                                             .rank = EDITED + 1,
                                                             .distance = UINT32_MAX};
        for (ov_node row = 0; row < forest->count; row++)
            if (is_sought(finder, forest->parent[row]))
                finder->missing[index[forest->parent[row] - OV_NODE_NAME]].refs++;
    }
    free(index);
    return finder->missing != NULL;
}

/* The slot of a variant, or the free one where it belongs. */
static struct slot *find_slot(const struct finder *finder, uint64_t hash, unsigned variant)
{
    size_t at = hash & finder->mask;
    while (finder->slots[at].first &&
           (finder->slots[at].hash != hash || finder->slots[at].variant != variant))
        at = (at + 1) & finder->mask;
    return &finder->slots[at];
}

static bool index_forms(struct finder *finder)
{
    size_t slots = 16;
    unsigned width = 10; /* of a coarse hash: 64 bits of the map for each variant */
    while (slots < finder->count * OV_VARIANTS * 2)
        slots *= 2;
    while (width < 40 && UINT64_C(1) << width < slots * 32)
        width++;
    finder->mask = slots - 1;
    finder->slots = calloc(slots, sizeof *finder->slots);
    finder->coarse_shift = 64 - width;
    finder->coarse = calloc((size_t)1 << (width - 6), sizeof *finder->coarse);
    if (!finder->slots || !finder->coarse)
        return false;
    for (size_t i = 0; i < finder->count; i++) {
        struct missing *missing = &finder->missing[i];
        struct ov_text name = ov_forest_name(finder->forest, missing->name);
        for (unsigned variant = 0; variant < OV_VARIANTS; variant++) {
            struct ov_text variant_text = ov_variant_of(name, variant, true, &finder->a);
            if (variant_text.len == 0)
                continue;
            uint64_t hash = variant_hash(finder, variant_text, variant);
            struct slot *slot = find_slot(finder, hash, variant);
            note_coarse(finder, variant_text);
            missing->next[variant] = slot->first;
            *slot =
                (struct slot){.hash = hash, .first = (uint32_t)i + 1, .variant = (uint8_t)variant};
        }
    }
    return true;
}

/* Whether a row's identifier may be suggested. */
static bool is_candidate(const struct ov_forest *forest, ov_node row)
{
    return !ov_forest_is(forest, row, OV_ROW_BROKEN | OV_ROW_DUPLICATE | OV_ROW_ANONYMOUS);
}

/* A range of rows to search for identifiers that may resemble a missing parent. */
struct sieve {
    const struct finder *finder;
    ov_node from, to; /* to: exclusive */
    ov_node *found;   /* owned */
    size_t count, capacity;
    bool failed;
};

static void sift_rows(void *ctx)
{
    struct sieve *sieve = ctx;
    const struct ov_forest *forest = sieve->finder->forest;
    for (ov_node row = sieve->from; row < sieve->to && !sieve->failed; row++) {
        if (!is_candidate(forest, row) || !may_look_alike(sieve->finder, ov_forest_id(forest, row)))
            continue;
        sieve->failed =
            !ov_grow(&sieve->found, &sieve->capacity, sieve->count + 1, sizeof *sieve->found);
        if (!sieve->failed)
            sieve->found[sieve->count++] = row;
    }
}

/* Whether an identifier has characters that nobody sees (OV307). */
static bool is_tainted(struct ov_text id)
{
    for (const char *p = id.ptr, *end = p + id.len; p < end;) {
        uint32_t code;
        p += ov_utf8_next(p, end, &code);
        if (code < 0x20 || (code >= 0x7F && code < 0xA0) || ov_unicode_is_invisible(code))
            return true;
    }
    return false;
}

/* Offers an identifier to a missing parent with the same variant. The first one is kept as the
 * suggestion; the second one is for rows that themselves have the first. */
static void offer_form(const struct finder *finder, struct missing *missing, unsigned variant,
                       const struct slot *slot, ov_node node)
{
    size_t index = (size_t)(slot - finder->slots);
    if (missing->rank > variant) {
        missing->rank = variant;
        missing->meant = node;
        missing->other = OV_NODE_NONE;
        missing->slot = index;
    } else if (missing->rank == variant && missing->slot == index &&
               missing->other == OV_NODE_NONE) {
        missing->other = node;
    }
}

/* Offers an identifier to all missing parents that share a variant with it. */
static void offer_variants(struct finder *finder, ov_node node)
{
    struct ov_text text = node_text(finder->forest, node);
    bool tainted = is_tainted(text);
    for (unsigned variant = 0; variant < (tainted ? OV_VARIANT_BRACKETS : OV_VARIANTS); variant++) {
        uint64_t hash =
            variant_hash(finder, ov_variant_of(text, variant, false, &finder->a), variant);
        struct slot *slot = find_slot(finder, hash, variant);
        if (!slot->first)
            continue;
        for (uint32_t i = tainted ? slot->first : 0; i; i = finder->missing[i - 1].next[variant])
            if (finder->missing[i - 1].tainted == OV_NODE_NONE)
                finder->missing[i - 1].tainted = node;
        if (slot->met_two || tainted)
            continue;
        slot->met_two = slot->met;
        slot->met = true;
        for (uint32_t i = slot->first; i; i = finder->missing[i - 1].next[variant])
            offer_form(finder, &finder->missing[i - 1], variant, slot, node);
    }
}

/* Offers the identifiers of all rows, in file order; two threads preselect them. */
static bool offer_rows(struct finder *finder)
{
    ov_node count = finder->forest->count, middle = count / 2;
    struct sieve halves[2] = {{.finder = finder, .from = 0, .to = middle},
                              {.finder = finder, .from = middle, .to = count}};
    struct ov_task task;
    ov_task_start(&task, sift_rows, &halves[1],
                  finder->check->options.threads > 1 && count >= OV_THREAD_ROWS);
    sift_rows(&halves[0]);
    ov_task_wait(&task);
    for (int half = 0; half < 2; half++) {
        for (size_t i = 0; i < halves[half].count; i++)
            offer_variants(finder, halves[half].found[i]);
        free(halves[half].found);
    }
    return !halves[0].failed && !halves[1].failed;
}

/* Finds the missing parents that are the name of exactly one row. Names are known by their hashes.
 */
static bool find_named(struct finder *finder)
{
    size_t slots = 16;
    while (slots < finder->count * 2)
        slots *= 2;
    uint32_t *table = calloc(slots, sizeof *table); /* index of a missing parent + 1; 0: free */
    uint64_t *hashes = malloc((finder->count + 1) * sizeof *hashes);
    bool fine = table && hashes;
    for (size_t i = 0; fine && i < finder->count; i++) {
        hashes[i] =
            ov_hash(ov_unicode_trim(ov_forest_name(finder->forest, finder->missing[i].name)), 0);
        size_t at = hashes[i] & (slots - 1);
        while (table[at])
            at = (at + 1) & (slots - 1);
        table[at] = (uint32_t)i + 1;
    }
    for (ov_node row = 0; fine && row < finder->forest->count; row++) {
        uint64_t hash = finder->check->names[row];
        if (!hash || !is_candidate(finder->forest, row))
            continue;
        for (size_t at = hash & (slots - 1); table[at]; at = (at + 1) & (slots - 1)) {
            struct missing *missing = &finder->missing[table[at] - 1];
            if (hashes[table[at] - 1] != hash || missing->rank <= NAMED)
                continue;
            if (missing->named++ == 0)
                missing->meant = row;
        }
    }
    for (size_t i = 0; fine && i < finder->count; i++) {
        if (finder->missing[i].named == 1)
            finder->missing[i].rank = NAMED;
        else if (finder->missing[i].named)
            finder->missing[i].meant = OV_NODE_NONE;
    }
    free(table);
    free(hashes);
    return fine;
}

static int by_refs(const void *a, const void *b)
{
    const struct missing *x = *(struct missing *const *)a, *y = *(struct missing *const *)b;
    if (x->refs != y->refs)
        return x->refs > y->refs ? -1 : 1;
    return (x->name > y->name) - (x->name < y->name);
}

/* One bit per value of a byte modulo 64: similar texts differ in few. An edit removes a code point
 * and adds another: at most two bits in ASCII, otherwise up to eight. */
struct signature {
    uint64_t bits;
    bool ascii;
};

static struct signature sign(struct ov_text text)
{
    struct signature signature = {0};
    unsigned char high = 0;
    for (size_t i = 0; i < text.len; i++) {
        signature.bits |= UINT64_C(1) << (text.ptr[i] & 63);
        high |= (unsigned char)text.ptr[i];
    }
    signature.ascii = high < 0x80;
    return signature;
}

/* A missing parent compared by edit distance. */
struct edited {
    struct missing *missing;
    struct ov_text name;
    struct signature signature;
    unsigned bound; /* largest distance of interest */
};

/* Whether at most n bits are set; linear in n. */
static bool few_bits(uint64_t bits, unsigned n)
{
    for (; bits && n; n--)
        bits &= bits - 1;
    return bits == 0;
}

static void offer_edited(struct edited *edited, size_t count, struct ov_text text, ov_node node)
{
    struct signature signature = sign(text);
    for (size_t i = 0; i < count; i++) {
        struct edited *one = &edited[i];
        unsigned bytes = signature.ascii && one->signature.ascii ? 1 : 4; /* per code point */
        size_t longer =
            text.len > one->name.len ? text.len - one->name.len : one->name.len - text.len;
        if (longer > (size_t)one->bound * bytes ||
            !few_bits(signature.bits ^ one->signature.bits, one->bound * bytes * 2))
            continue;
        unsigned distance = ov_text_distance(one->name, text, one->bound);
        if (distance > one->bound)
            continue;
        struct missing *missing = one->missing;
        missing->ties = distance < missing->distance ? 1 : missing->ties + 1;
        if (distance < missing->distance)
            missing->meant = node;
        missing->distance = one->bound = distance;
    }
}

/* Keeps a suggestion by edit distance only if few are at the same distance; if it differs in digits
 * only, which is rarely a typing error, only if it is the only one. */
static void judge_edited(const struct finder *finder, const struct edited *edited)
{
    struct missing *missing = edited->missing;
    if (missing->meant == OV_NODE_NONE)
        return;
    bool digits = ov_text_same_but_digits(edited->name, node_text(finder->forest, missing->meant));
    if (missing->ties > (digits ? 1u : (unsigned)CANDIDATES_MOST))
        missing->meant = OV_NODE_NONE;
    else
        missing->rank = EDITED;
}

/* The bytes of all identifiers; short ones count as EACH bytes, for the cost of the comparison. */
static uint64_t bytes_of(const struct finder *finder)
{
    enum { EACH = 16 };
    const struct ov_forest *forest = finder->forest;
    uint64_t bytes = (uint64_t)EACH * forest->existing;
    for (ov_node row = 0; row < forest->count; row++) {
        size_t len = ov_forest_id(forest, row).len;
        bytes += len < EACH ? EACH : len;
    }
    return bytes;
}

/* Compares the missing parents without a suggestion by edit distance; false when out of memory. */
static bool compare_edited(struct finder *finder)
{
    const struct ov_forest *forest = finder->forest;
    struct missing **order = malloc(finder->count * sizeof *order);
    struct edited *edited = malloc(EDITED_MOST * sizeof *edited);
    size_t most = COMPARED / (bytes_of(finder) + 1), left = 0, count = 0;
    if (!order || !edited) {
        free(order);
        free(edited);
        return false;
    }
    most = most < EDITED_LEAST ? EDITED_LEAST : most > EDITED_MOST ? EDITED_MOST : most;
    for (size_t i = 0; i < finder->count; i++)
        if (finder->missing[i].meant == OV_NODE_NONE)
            order[left++] = &finder->missing[i];
    if (left)
        qsort(order, left, sizeof *order, by_refs);
    for (size_t i = 0; i < left && count < most; i++) {
        struct ov_text name = ov_forest_name(forest, order[i]->name);
        size_t length = ov_utf8_count(name);
        if (length >= SHORTEST)
            edited[count++] = (struct edited){order[i], name, sign(name), length > 5 ? 2 : 1};
    }
    for (ov_node row = 0; count && row < forest->count; row++)
        if (is_candidate(forest, row))
            offer_edited(edited, count, ov_forest_id(forest, row), row);
    for (uint32_t i = 0; count && i < forest->name_count; i++)
        if (forest->names[i].node == OV_NODE_EXISTING)
            offer_edited(edited, count, ov_forest_name(forest, OV_NODE_NAME + i), OV_NODE_NAME + i);
    for (size_t i = 0; i < count; i++)
        judge_edited(finder, &edited[i]);
    free(order);
    free(edited);
    return true;
}

/* Whether the text is a common way to write "no parent". */
static bool means_none(struct ov_text name)
{
    static const char *const words[] = {"-",
                                        "--",
                                        "---",
                                        "–",
                                        "—",
                                        ".",
                                        "0",
                                        "00",
                                        "none",
                                        "(none)",
                                        "<none>",
                                        "[none]",
                                        "null",
                                        "(null)",
                                        "<null>",
                                        "[null]",
                                        "\\n",
                                        "n/a",
                                        "na",
                                        "n.a.",
                                        "(blank)",
                                        "(empty)",
                                        "empty",
                                        "nil",
                                        "nan",
                                        "<na>",
                                        "nat",
                                        "undefined",
                                        "unassigned",
                                        "not applicable",
                                        "not assigned",
                                        "no manager",
                                        "no_manager",
                                        "no-manager",
                                        "nomanager",
                                        "no parent",
                                        "no_parent",
                                        "noparent",
                                        "no supervisor",
                                        "no_supervisor",
                                        "root",
                                        "(root)",
                                        "top",
                                        "top level",
                                        "toplevel",
                                        "total",
                                        "xx",
                                        "xxx",
                                        "#",
                                        "?",
                                        "*",
                                        "keine",
                                        "kein",
                                        "keiner",
                                        "ohne",
                                        "leer",
                                        "entfällt",
                                        "aucun",
                                        "aucune",
                                        "néant",
                                        "vide",
                                        "racine",
                                        "ninguno",
                                        "ninguna",
                                        "vacío",
                                        "raíz",
                                        "nessuno",
                                        "nessuna",
                                        "nenhum",
                                        "nenhuma",
                                        "raiz",
                                        "geen",
                                        "leeg",
                                        "brak",
                                        "nie dotyczy",
                                        "žádný",
                                        "ingen",
                                        "inget",
                                        "нет",
                                        "отсутствует",
                                        "なし",
                                        "無し",
                                        "无",
                                        "無",
                                        "空",
                                        "لا يوجد",
                                        "بدون",
                                        "yok",
                                        "nincs"};
    struct ov_text trimmed = ov_unicode_trim(name);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ov_text_equal_nocase(trimmed, ov_text_of(words[i])))
            return true;
    return false;
}

/* Whether two texts differ in leading zeros only, and not also in case or in kinds of digits. */
static bool only_zeros_differ(struct finder *finder, struct ov_text name, struct ov_text meant)
{
    finder->a.len = finder->b.len = 0;
    ov_buf_text(&finder->a, name);
    ov_buf_text(&finder->b, meant);
    ov_unzero(&finder->a);
    ov_unzero(&finder->b);
    return ov_text_equal(ov_buf_view(&finder->a), ov_buf_view(&finder->b));
}

/* Whether it is the identifier that lost its zeros: most identifiers have as many digits as the
 * parent, and some of them begin with a zero. */
static bool has_lost_zeros(const struct ov_check *check, struct ov_text id, struct ov_text parent)
{
    uint64_t numbers = 0;
    for (size_t i = 0; i < OV_WIDTHS; i++)
        numbers += check->widths[i];
    return id.len < parent.len && parent.len < OV_WIDTHS && ov_text_is_digits(id) &&
           ov_text_is_digits(parent) && check->padded[parent.len] &&
           check->widths[parent.len] * 2 > numbers;
}

/* The message that explains the suggestion. */
static enum ov_message reason(struct finder *finder, const struct missing *missing, ov_node node)
{
    struct ov_text name = ov_forest_name(finder->forest, missing->name);
    if (missing->left != OV_LEFT_NOT)
        return missing->left == OV_LEFT_WHERE ? OV_M_MISSING_WHERE : OV_M_MISSING_INVALID;
    if (node == OV_NODE_NONE && means_none(name))
        return OV_M_MISSING_NONE;
    if (node == OV_NODE_NONE)
        return missing->tainted == OV_NODE_NONE ? OV_M_MISSING_PARENT : OV_M_MISSING_TAINTED;
    struct ov_text meant = node_text(finder->forest, node);
    switch (missing->rank) {
    case OV_VARIANT_WRITTEN: return OV_M_MISSING_WRITTEN;
    case OV_VARIANT_BRACKETS:
    case OV_VARIANT_FIRST:
    case OV_VARIANT_LAST: return OV_M_MISSING_INSIDE;
    case NAMED: return OV_M_MISSING_NAMED;
    case OV_VARIANT_UNZEROED:
        if (has_lost_zeros(finder->check, meant, name))
            return OV_M_MISSING_LOST_ZEROS;
        return only_zeros_differ(finder, name, meant) ? OV_M_MISSING_ZEROS : OV_M_MISSING_FORM;
    case OV_VARIANT_SKELETON: return OV_M_MISSING_ALIKE;
    case EDITED: return missing->distance == 1 ? OV_M_MISSING_ONE : OV_M_MISSING_TWO;
    default: break;
    }
    finder->a.len = finder->b.len = 0;
    ov_buf_text(&finder->a, name);
    ov_buf_text(&finder->b, meant);
    ov_squeeze(&finder->a);
    ov_squeeze(&finder->b);
    if (ov_text_equal(ov_buf_view(&finder->a), ov_buf_view(&finder->b)))
        return OV_M_MISSING_SPACES;
    if (ov_text_equal_nocase(ov_buf_view(&finder->a), ov_buf_view(&finder->b)))
        return OV_M_MISSING_CASE;
    return OV_M_MISSING_FORM;
}

static bool is_before(const void *missing, size_t index, const void *name)
{
    return ((const struct missing *)missing)[index].name < *(const ov_node *)name;
}

static const struct missing *missing_of(const struct finder *finder, ov_node name)
{
    return &finder->missing[ov_lower_bound(finder->missing, 0, finder->count, &name, is_before)];
}

static void report(struct finder *finder)
{
    struct ov_forest *forest = finder->forest;
    for (ov_node row = 0; row < forest->count; row++) {
        if (!is_sought(finder, forest->parent[row]))
            continue;
        const struct missing *missing = missing_of(finder, forest->parent[row]);
        bool itself =
            missing->meant == ov_forest_first(forest, row); /* a row is not its own parent */
        ov_node meant = missing->left ? OV_NODE_NONE : itself ? missing->other : missing->meant;
        enum ov_message message = reason(finder, missing, meant);
        struct ov_item *item = ov_vet_node(finder->check, OV_R402, message, row, OV_AT_PARENT);
        if (!item)
            continue;
        item->value = ov_forest_name(forest, missing->name);
        if (message == OV_M_MISSING_TAINTED && ov_node_is_row(missing->tainted))
            item->n = ov_places_get(&finder->check->places, missing->tainted, OV_AT_ID).line;
        if (missing->left)
            item->n = missing->left_line;
        if (meant == OV_NODE_NONE)
            continue;
        if (message == OV_M_MISSING_LOST_ZEROS) /* the parent is right */
            ov_list_extra(&finder->check->list, item, node_text(forest, meant));
        else
            item->suggestion = node_text(forest, meant);
        item->m = missing->rank == EDITED  ? missing->ties
                  : missing->rank == NAMED ? 1u
                  : itself                 ? 1u /* not counting the row's own */
                                           : 1u + finder->slots[missing->slot].met_two;
        if (ov_node_is_row(meant))
            item->n = ov_places_get(&finder->check->places, meant, OV_AT_ID).line;
    }
}

/* A missing parent whose rows changing one line would resolve: that of a leaf row that was probably
 * meant, or of a row to add. */
static bool is_one_change(const struct finder *finder, const struct missing *missing)
{
    const struct ov_shape *shape = &finder->check->shape;
    struct ov_text name = ov_forest_name(finder->forest, missing->name);
    if (missing->left || ov_unicode_trim(name).len < name.len)
        return false; /* the parents are to be changed */
    if (missing->meant == OV_NODE_NONE)
        return missing->tainted == OV_NODE_NONE;
    return ov_node_is_row(missing->meant) && shape->size[missing->meant] <= 1 &&
           shape->depth[missing->meant] != 0; /* it may be on a cycle */
}

/* Notes the option --parents that would find most missing parents: they are names, or contain
 * identifiers. */
static void note_parents(struct finder *finder)
{
    const struct ov_check *check = finder->check;
    struct ov_cause *cause = &finder->check->cause;
    uint64_t known = 0, missing = 0, named = 0, inside = 0;
    if (check->layout.parents_given.len || check->facts.id_column == check->facts.name_column)
        return;
    for (ov_node row = 0; row < finder->forest->count; row++)
        known += ov_node_is_row(finder->forest->parent[row]);
    for (size_t i = 0; i < finder->count; i++) {
        const struct missing *one = &finder->missing[i];
        if (one->meant == OV_NODE_NONE && means_none(ov_forest_name(finder->forest, one->name)))
            continue;
        missing += one->refs;
        named += one->named ? one->refs : 0;
        inside += one->rank >= OV_VARIANT_BRACKETS && one->rank < OV_VARIANTS ? one->refs : 0;
        cause->found += one->rank >= OV_VARIANT_BRACKETS && one->rank <= NAMED ? one->refs : 0;
    }
    if (cause->found >= 2 && (named + inside) * 2 >= missing && cause->found >= cause->clears)
        cause->parents = inside || known ? "either" : "name";
}

/* Sets the root cause: what means "no parent", or the missing parent that most rows name, if
 * changing one line would resolve them all. */
static void note_cause(struct finder *finder)
{
    const struct ov_forest *forest = finder->forest;
    struct ov_cause *cause = &finder->check->cause;
    uint64_t none = 0;
    for (size_t i = 0; i < finder->count; i++) {
        const struct missing *missing = &finder->missing[i];
        struct ov_text name = ov_forest_name(forest, missing->name);
        if (missing->meant == OV_NODE_NONE && !missing->left && means_none(name)) {
            none += missing->refs;
            if (cause->marker_count < OV_CAUSE_MARKERS)
                cause->markers[cause->marker_count++] = name;
            continue;
        }
        if (missing->refs < 2 || missing->refs <= cause->clears || !is_one_change(finder, missing))
            continue;
        bool row = missing->meant != OV_NODE_NONE;
        cause->clears = missing->refs;
        cause->line =
            row ? ov_places_get(&finder->check->places, missing->meant, OV_AT_ID).line : 0;
        cause->missing = name;
    }
    if (none < cause->clears)
        cause->marker_count = 0;
    if (!cause->marker_count)
        return;
    cause->clears = none;
    cause->line = 0;
    cause->missing = (struct ov_text){0};
}

/* Notes the missing parents whose rows an option has left out. */
static void note_left_out(struct finder *finder)
{
    const struct ov_left_rows *left = &finder->check->left;
    for (size_t i = 0; left->ids && i < finder->count; i++) {
        struct ov_text name = ov_forest_name(finder->forest, finder->missing[i].name);
        ov_node row = ov_forest_find(left->ids, name);
        if (!ov_node_is_row(row))
            continue;
        finder->missing[i].left = left->rows[row].why;
        finder->missing[i].left_line = left->rows[row].line;
    }
}

static bool find_missing_parents(struct finder *finder)
{
    const struct ov_forest *forest = finder->forest;
    if (!list_missing(finder))
        return false;
    if (finder->count == 0 || ov_list_is_off(&finder->check->list, OV_R402))
        return true;
    if (!index_forms(finder))
        return false;
    if (!offer_rows(finder))
        return false;
    for (uint32_t i = 0; i < forest->name_count; i++)
        if (forest->names[i].node == OV_NODE_EXISTING)
            offer_variants(finder, OV_NODE_NAME + i);
    if (forest == finder->check->forest && finder->check->names && !find_named(finder))
        return false;
    if (!finder->check->guesses_little && !compare_edited(finder))
        return false;
    note_left_out(finder);
    report(finder);
    note_cause(finder);
    note_parents(finder);
    return !finder->a.failed && !finder->b.failed;
}

enum ov_status ov_rules_missing_parent(struct ov_check *check, struct ov_error *err)
{
    bool names = check->layout.parents == OV_PARENTS_NAME;
    struct finder finder = {.check = check,
                            .forest = names ? check->by_name->forest : check->forest};
    if (check->forest->name_count) {
        enum ov_status status = ov_shape_sizes(&check->shape, check->forest, err);
        if (status != OV_OK)
            return status;
    }
    bool ok = find_missing_parents(&finder);
    free(finder.missing);
    free(finder.slots);
    free(finder.coarse);
    ov_buf_deinit(&finder.a);
    ov_buf_deinit(&finder.b);
    return ok ? OV_OK : ov_fail_memory(err);
}
