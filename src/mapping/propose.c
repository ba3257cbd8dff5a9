/* mapping/propose.c: see propose.h. First the parent and the identifier, which explain each other,
 * then the name among what is left, then the other fields. */
#include "mapping/propose.h"

#include "base/i18n.h"

enum {
    VERY_SURE = 95, /* percent: words and all values */
    SURE = 90,      /* words and values */
    VALUES = 82,    /* all values of enough rows */
    WEAK = 60,      /* the values of a few rows */
    WORDS_ONLY = 45,
    ROWS_ENOUGH = 10, /* for values without words */
    ID_BYTES = 400,   /* longest value of an identifier */
    NAME_BYTES = 60,  /* average of a name */
    CODE_BYTES = 6,   /* average of a code without digits */
};

/* A column as a candidate. */
struct candidate {
    unsigned roles; /* enum ov_role */
    size_t words;   /* of its heading */
    bool free;      /* no field is read from it, or one that it cannot be */
};

struct proposing {
    const struct ov_binding *binding;
    const struct ov_columns *columns;
    const struct ov_layout *layout;
    struct ov_proposals *proposals;
    struct candidate candidates[OV_COLUMNS_MOST];
    size_t count;
};

static const struct ov_column *facts(const struct proposing *p, size_t column)
{
    return &p->columns->items[column];
}

static bool has(const struct proposing *p, size_t column, unsigned roles)
{
    return (p->candidates[column].roles & roles) != 0;
}

/* --- kinds of columns --- */

static bool is_flags(const struct ov_column *column)
{
    return column->filled && column->flags == column->filled && column->distinct <= 3;
}

/* Whether nearly every row has a value; of a column that is headed like an identifier, one may be
 * missing in a short file, too: its row is to be found, or it is a line of totals. */
static bool is_nearly_full(const struct proposing *p, size_t column)
{
    enum { FEWEST = 4 /* rows */ };
    const struct ov_column *c = facts(p, column);
    const size_t rows = p->columns->rows;
    return c->filled * 10 >= rows * 9 ||
           (has(p, column, OV_ROLE_ID) && rows >= FEWEST && c->filled + 1 >= rows);
}

static bool is_identifying(const struct proposing *p, size_t column)
{
    const struct ov_column *c = facts(p, column);
    return c->filled && c->distinct * 100 >= c->filled * 98 && is_nearly_full(p, column) &&
           c->longest <= ID_BYTES && c->dates * 2 < c->filled && !is_flags(c);
}

/* Whether the heading says that the column identifies rows, though some have the same identifier:
 * as where there are several rows for one, of different dates. */
static bool is_repeating(const struct proposing *p, size_t column)
{
    const struct ov_column *c = facts(p, column);
    return has(p, column, OV_ROLE_ID) && !has(p, column, OV_ROLE_PARENT | OV_ROLE_OTHER) &&
           c->distinct * 2 >= c->filled && is_nearly_full(p, column) && c->longest <= ID_BYTES &&
           c->dates == 0 && !is_flags(c);
}

static bool is_text(const struct proposing *p, size_t column)
{
    const struct ov_column *c = facts(p, column);
    return c->filled && c->texts * 10 >= c->filled * 8 && c->filled * 10 >= p->columns->rows * 8;
}

/* Whether the values may be names, if the heading says so. */
static bool may_be_text(const struct proposing *p, size_t column)
{
    const struct ov_column *c = facts(p, column);
    return c->filled * 10 >= p->columns->rows * 8 && c->numbers * 2 <= c->filled &&
           c->dates * 2 <= c->filled && c->mails * 2 <= c->filled && c->filled && !is_flags(c);
}

/* Whether a flag or format cannot be read from the column: OV210. */
static bool is_odd(const struct ov_column *column)
{
    uint64_t fitting = column->flags + column->numbers;
    return column->filled >= 3 && fitting * 10 <= column->filled;
}

/* --- parent and identifier --- */

/* A parent with the identifier it refers to. */
struct pair {
    int parent, id; /* -1: none */
    unsigned percent;
    int rank; /* of equally sure ones the heading that is closer */
    uint64_t contained;
    bool words;
    bool bracketed; /* the identifiers are in brackets */
};

static int parent_rank(const struct proposing *p, size_t column)
{
    int rank = has(p, column, OV_ROLE_ID) ? 3 : 0;
    rank += has(p, column, OV_ROLE_ENTITY) ? 2 : 0;
    rank -= has(p, column, OV_ROLE_NAME) ? 2 : 0;
    rank -= has(p, column, OV_ROLE_PERSON) ? 3 : 0;
    return rank;
}

static int id_rank(const struct proposing *p, size_t column)
{
    int rank = has(p, column, OV_ROLE_ID) ? 4 : 0;
    rank += has(p, column, OV_ROLE_ENTITY) ? 2 : 0;
    rank += p->candidates[column].words == 1 && has(p, column, OV_ROLE_ID) ? 1 : 0;
    rank -= has(p, column, OV_ROLE_PERSON | OV_ROLE_NAME) ? 2 : 0;
    rank -= has(p, column, OV_ROLE_OTHER) ? 3 : 0;
    rank -= facts(p, column)->mails ? 1 : 0;
    return has(p, column, OV_ROLE_PARENT) ? -10 : rank;
}

/* Judges a column as the parent, with another one as the identifier. */
static struct pair judge_pair(const struct proposing *p, size_t parent, size_t id)
{
    const struct ov_column *c = facts(p, parent);
    struct pair pair = {.parent = (int)parent,
                        .id = (int)id,
                        .contained = ov_columns_contained(p->columns, parent, id),
                        .rank = parent_rank(p, parent),
                        .words = has(p, parent, OV_ROLE_PARENT)};
    bool all = pair.contained == c->filled;
    uint64_t inside = pair.words && !pair.contained && c->bracketed * 2 >= c->filled
                          ? ov_columns_inside(p->columns, parent, id)
                          : 0;
    if (inside * 10 >= c->filled * 9) {
        pair.contained = inside;
        pair.bracketed = true;
    }
    if (pair.words && pair.contained * 2 >= c->filled)
        pair.percent = pair.contained * 100 >= c->filled * 95 ? VERY_SURE : SURE - 5;
    else if (!pair.words && all && c->distinct >= 3 && c->filled < p->columns->rows &&
             !has(p, parent, OV_ROLE_NAME | OV_ROLE_DESCRIPTION) &&
             ov_columns_is_acyclic(p->columns, id, parent))
        pair.percent = p->columns->rows >= ROWS_ENOUGH ? VALUES : WEAK;
    return pair;
}

/* Whether the identifier may be read from the column: the one that is bound, if any. */
static bool may_identify(const struct proposing *p, size_t column)
{
    const struct ov_binding *binding = p->binding;
    int id = ov_importer_kind(binding->importer, OV_FIELD_ID);
    if (binding->fields[id].column >= 0 || binding->id_given.len)
        return binding->id == (int)column;
    return (is_identifying(p, column) || is_repeating(p, column)) &&
           (p->candidates[column].free || binding->id == (int)column);
}

/* Whether the column is that of the names, so that parents which are its values are names. */
static bool names_rows(const struct proposing *p, size_t column)
{
    int name = ov_binding_column(p->binding, OV_FIELD_NAME);
    if (name >= 0)
        return name == (int)column && p->binding->id != name;
    bool named = has(p, column, OV_ROLE_NAME)     ? may_be_text(p, column)
                 : has(p, column, OV_ROLE_ENTITY) ? is_text(p, column)
                                                  : false;
    return named && p->candidates[column].free &&
           !has(p, column, OV_ROLE_ID | OV_ROLE_PARENT | OV_ROLE_PERSON);
}

static bool is_better(const struct proposing *p, const struct pair *a, const struct pair *b)
{
    if (a->percent != b->percent)
        return a->percent > b->percent;
    if (a->parent == b->parent)
        return id_rank(p, (size_t)a->id) > id_rank(p, (size_t)b->id);
    return a->rank > b->rank;
}

static struct pair find_pair(const struct proposing *p, int *rival)
{
    struct pair best = {.parent = -1, .id = -1};
    *rival = -1;
    for (size_t parent = 0; parent < p->count; parent++) {
        const struct ov_column *c = facts(p, parent);
        if (!p->candidates[parent].free || c->filled == 0 || is_flags(c) ||
            c->dates * 2 > c->filled)
            continue;
        for (size_t id = 0; id < p->count; id++) {
            if (id == parent || (!may_identify(p, id) && !names_rows(p, id)))
                continue;
            struct pair pair = judge_pair(p, parent, id);
            if (pair.percent == 0)
                continue;
            if (is_better(p, &pair, &best)) {
                best = pair;
                *rival = -1;
            } else if (pair.percent == best.percent && pair.parent != best.parent &&
                       pair.rank == best.rank) {
                *rival = pair.parent;
            }
        }
    }
    return best;
}

/* The only column that is headed like a parent, whatever its values; -1: none, or several. */
static int headed_as_parent(const struct proposing *p)
{
    int found = -1;
    for (size_t i = 0; i < p->count; i++) {
        if (!p->candidates[i].free || !has(p, i, OV_ROLE_PARENT) || is_flags(facts(p, i)))
            continue;
        if (found >= 0)
            return -1;
        found = (int)i;
    }
    return found;
}

static struct ov_proposal *proposal_of(const struct proposing *p, enum ov_field_kind kind)
{
    int field = ov_importer_kind(p->binding->importer, kind);
    return field < 0 ? NULL : &p->proposals->fields[field];
}

static bool is_bound(const struct proposing *p, enum ov_field_kind kind)
{
    int field = ov_importer_kind(p->binding->importer, kind);
    return field < 0 || p->binding->fields[field].by != OV_BOUND_NOT ||
           (kind == OV_FIELD_PARENT && ov_layout_is_path(p->layout));
}

/* Makes the proposal, and takes the column from those that are free. */
static void propose(struct proposing *p, enum ov_field_kind kind, struct ov_proposal proposal)
{
    struct ov_proposal *slot = proposal_of(p, kind);
    if (!slot || is_bound(p, kind))
        return;
    proposal.rival = -1;
    *slot = proposal;
    p->candidates[proposal.column].free = false;
}

static void propose_parent(struct proposing *p, const struct pair *pair)
{
    const struct ov_column *c = facts(p, (size_t)pair->parent);
    bool all = pair->contained == c->filled;
    propose(p, OV_FIELD_PARENT,
            (struct ov_proposal){.column = pair->parent,
                                 .percent = pair->percent,
                                 .by_words = pair->words,
                                 .by_values = true,
                                 .reason = all ? OV_REASON_ALL_REFER : OV_REASON_REFERS,
                                 .other = pair->id,
                                 .n = pair->contained,
                                 .m = c->filled});
}

/* Whether another column may still become the identifier. */
static bool wants_identifier(const struct proposing *p)
{
    int name = ov_binding_column(p->binding, OV_FIELD_NAME);
    return !is_bound(p, OV_FIELD_ID) && !p->binding->id_given.len &&
           (p->binding->id < 0 || p->binding->id == name);
}

/* The identifier that the parents refer to. */
static void propose_referred(struct proposing *p, const struct pair *pair)
{
    bool words = has(p, (size_t)pair->id, OV_ROLE_ID);
    if (!p->candidates[pair->id].free || pair->percent < OV_SURE_ENOUGH || is_bound(p, OV_FIELD_ID))
        return;
    propose(p, OV_FIELD_ID,
            (struct ov_proposal){.column = pair->id,
                                 .percent = words ? VERY_SURE : VALUES + 3,
                                 .by_words = words,
                                 .by_values = true,
                                 .reason = OV_REASON_REFERRED_TO,
                                 .other = pair->parent,
                                 .n = pair->contained});
}

/* The name that the parents refer to. */
static void propose_named(struct proposing *p, const struct pair *pair)
{
    if (!is_bound(p, OV_FIELD_NAME) && p->candidates[pair->id].free)
        propose(p, OV_FIELD_NAME,
                (struct ov_proposal){.column = pair->id,
                                     .percent = VERY_SURE,
                                     .by_words = true,
                                     .by_values = true,
                                     .reason = OV_REASON_REFERRED_TO,
                                     .other = pair->parent,
                                     .n = pair->contained});
}

/* Whether a column of words is one of short codes, as its heading says. */
static bool is_headed_code(const struct proposing *p, size_t column)
{
    return has(p, column, OV_ROLE_ID) && !has(p, column, OV_ROLE_NAME) &&
           facts(p, column)->bytes <= facts(p, column)->filled * CODE_BYTES;
}

/* The identifier by its heading and its different values alone. */
static void propose_different(struct proposing *p)
{
    int best = -1, best_rank = 1, rival = -1;
    for (size_t i = 0; i < p->count; i++) {
        if (!p->candidates[i].free || !is_identifying(p, i) ||
            (is_text(p, i) && !is_headed_code(p, i)))
            continue;
        int rank = id_rank(p, i);
        rival = rank > best_rank ? -1 : rank == best_rank && best >= 0 ? (int)i : rival;
        if (rank > best_rank) {
            best = (int)i;
            best_rank = rank;
        }
    }
    struct ov_proposal *slot = proposal_of(p, OV_FIELD_ID);
    if (best < 0)
        return;
    if (rival >= 0) {
        slot->rival = best;
        slot->other = rival;
        return;
    }
    bool words = has(p, (size_t)best, OV_ROLE_ID);
    propose(p, OV_FIELD_ID,
            (struct ov_proposal){.column = best,
                                 .percent = words ? SURE : OV_SURE_ENOUGH,
                                 .by_words = true,
                                 .by_values = true,
                                 .reason = OV_REASON_DIFFERENT,
                                 .other = -1,
                                 .n = facts(p, (size_t)best)->filled});
}

static void propose_structure(struct proposing *p)
{
    int rival = -1;
    struct pair pair = {.parent = -1, .id = -1};
    if (!is_bound(p, OV_FIELD_PARENT))
        pair = find_pair(p, &rival);
    if (pair.parent >= 0 && rival >= 0) {
        proposal_of(p, OV_FIELD_PARENT)->rival = pair.parent;
        proposal_of(p, OV_FIELD_PARENT)->other = rival;
    } else if (pair.parent >= 0) {
        bool by_name = !pair.bracketed && names_rows(p, (size_t)pair.id);
        propose_parent(p, &pair);
        if (by_name)
            propose_named(p, &pair);
        else if (wants_identifier(p))
            propose_referred(p, &pair);
        if (pair.bracketed)
            p->proposals->parents = "either";
        else if (by_name && pair.id != p->binding->id)
            p->proposals->parents = "name";
    } else if (!is_bound(p, OV_FIELD_PARENT)) {
        int headed = headed_as_parent(p);
        if (headed >= 0)
            propose(p, OV_FIELD_PARENT,
                    (struct ov_proposal){.column = headed,
                                         .percent = WORDS_ONLY,
                                         .by_words = true,
                                         .reason = OV_REASON_WORDS,
                                         .other = -1});
    }
    struct ov_proposal *id = proposal_of(p, OV_FIELD_ID);
    if (wants_identifier(p) && id->column < 0)
        propose_different(p);
    if (p->binding->id < 0 && id->column < 0)
        p->proposals->parents = NULL;
}

/* --- name --- */

/* Whether most values of the column are different, as names are. */
static bool is_varied(const struct proposing *p, size_t column)
{
    return facts(p, column)->distinct * 2 >= facts(p, column)->filled;
}

/* How well a heading fits a name. A short description is a name where there is no better one. */
static int name_rank(const struct proposing *p, size_t column)
{
    bool name = has(p, column, OV_ROLE_NAME), description = has(p, column, OV_ROLE_DESCRIPTION);
    if (has(p, column, OV_ROLE_PARENT | OV_ROLE_ID) || (!name && !is_varied(p, column)) ||
        (description && facts(p, column)->bytes > facts(p, column)->filled * NAME_BYTES))
        return -10;
    int rank = name ? 5 : description && is_text(p, column) ? 1 : 0;
    if (!name && !is_text(p, column))
        return -10;
    rank += has(p, column, OV_ROLE_ENTITY) ? 2 : 0;
    rank += name && p->candidates[column].words == 1 ? 1 : 0;
    rank -= has(p, column, OV_ROLE_PERSON) ? 4 : 0;
    return rank - (has(p, column, OV_ROLE_OTHER) ? 4 : 0);
}

/* The only free column of text, whatever its heading; -1: none, or several. */
static int only_text(const struct proposing *p)
{
    int found = -1;
    for (size_t i = 0; i < p->count; i++) {
        if (!p->candidates[i].free || !is_text(p, i) || !is_varied(p, i) ||
            has(p, i, OV_ROLE_PARENT | OV_ROLE_PERSON | OV_ROLE_OTHER | OV_ROLE_DESCRIPTION))
            continue;
        if (found >= 0)
            return -1;
        found = (int)i;
    }
    return found;
}

static void propose_name(struct proposing *p)
{
    int best = -1, best_rank = 0, rival = -1;
    for (size_t i = 0; i < p->count; i++) {
        if (!p->candidates[i].free || !may_be_text(p, i))
            continue;
        int rank = name_rank(p, i);
        rival = rank > best_rank ? -1 : rank == best_rank && best >= 0 ? (int)i : rival;
        if (rank > best_rank) {
            best = (int)i;
            best_rank = rank;
        }
    }
    if (rival >= 0) {
        proposal_of(p, OV_FIELD_NAME)->rival = best;
        proposal_of(p, OV_FIELD_NAME)->other = rival;
        return;
    }
    if (best >= 0) {
        propose(p, OV_FIELD_NAME,
                (struct ov_proposal){.column = best,
                                     .percent = best_rank >= 5 ? SURE : OV_SURE_ENOUGH,
                                     .by_words = true,
                                     .by_values = true,
                                     .reason = OV_REASON_BOTH,
                                     .other = -1});
        return;
    }
    best = only_text(p);
    if (best >= 0)
        propose(p, OV_FIELD_NAME,
                (struct ov_proposal){.column = best,
                                     .percent = p->columns->rows >= ROWS_ENOUGH ? VALUES : WEAK,
                                     .by_values = true,
                                     .reason = OV_REASON_ONLY_TEXT,
                                     .other = -1});
}

/* --- other fields --- */

/* A field by the one role of its heading, if its values fit. */
static void propose_by_role(struct proposing *p, int field, unsigned role, bool flags)
{
    int found = -1;
    for (size_t i = 0; i < p->count; i++) {
        bool fits = flags ? is_flags(facts(p, i)) : !is_flags(facts(p, i)) && facts(p, i)->filled;
        if (!p->candidates[i].free || !has(p, i, role) || !fits)
            continue;
        if (found >= 0)
            return;
        found = (int)i;
    }
    if (found < 0 || p->binding->fields[field].by != OV_BOUND_NOT)
        return;
    p->proposals->fields[field] = (struct ov_proposal){.column = found,
                                                       .percent = SURE - 5,
                                                       .by_words = true,
                                                       .by_values = true,
                                                       .reason = OV_REASON_BOTH,
                                                       .other = -1,
                                                       .rival = -1};
    p->candidates[found].free = false;
}

static void propose_others(struct proposing *p)
{
    const struct ov_importer *importer = p->binding->importer;
    for (size_t i = 0; i < importer->field_count; i++) {
        const struct ov_field *field = &importer->fields[i];
        if (field->kind == OV_FIELD_LONG_TEXT)
            propose_by_role(p, (int)i, OV_ROLE_DESCRIPTION, false);
        else if (field->kind == OV_FIELD_FLAG)
            propose_by_role(p, (int)i,
                            strcmp(field->name, "globalmanager") == 0 ? OV_ROLE_GLOBAL
                                                                      : OV_ROLE_DEPARTMENTAL,
                            true);
    }
}

/* What a heading that is nearly the name of a field speaks of. */
static unsigned near_role(const struct ov_binding *binding, int column)
{
    static const unsigned roles[] = {
        [OV_FIELD_NAME] = OV_ROLE_NAME,     [OV_FIELD_ID] = OV_ROLE_ID,
        [OV_FIELD_PARENT] = OV_ROLE_PARENT, [OV_FIELD_LONG_TEXT] = OV_ROLE_DESCRIPTION,
        [OV_FIELD_FORMAT] = OV_ROLE_FORMAT, [OV_FIELD_FLAG] = 0,
    };
    int field = ov_binding_near_field(binding, column);
    if (field < 0)
        return 0;
    if (binding->importer->fields[field].kind == OV_FIELD_FLAG)
        return strcmp(binding->importer->fields[field].name, "globalmanager") == 0
                   ? OV_ROLE_GLOBAL
                   : OV_ROLE_DEPARTMENTAL;
    return roles[binding->importer->fields[field].kind];
}

/* Marks the columns of flags and formats that are of another kind; they are free for other fields.
 */
static void find_odd(struct proposing *p)
{
    const struct ov_importer *importer = p->binding->importer;
    for (size_t i = 0; i < importer->field_count; i++) {
        int column = p->binding->fields[i].column;
        enum ov_field_kind kind = importer->fields[i].kind;
        bool judged = kind == OV_FIELD_FLAG || kind == OV_FIELD_FORMAT;
        if (!judged || column < 0 || (size_t)column >= p->count ||
            !is_odd(facts(p, (size_t)column)))
            continue;
        p->proposals->odd[i] = true;
        p->candidates[column].free = true;
    }
}

void ov_propose(const struct ov_words *words, const struct ov_binding *binding,
                const struct ov_columns *columns, const struct ov_layout *layout,
                struct ov_proposals *proposals)
{
    struct proposing p = {
        .binding = binding, .columns = columns, .layout = layout, .proposals = proposals};
    *proposals = (struct ov_proposals){0};
    for (size_t i = 0; i < OV_FIELDS_MAX; i++)
        proposals->fields[i] = (struct ov_proposal){.column = -1, .other = -1, .rival = -1};
    p.count = binding->header_count < columns->count ? binding->header_count : columns->count;
    for (size_t i = 0; i < p.count; i++) {
        struct candidate *candidate = &p.candidates[i];
        if (ov_is_own_column(binding->headers[i]))
            continue;
        if (words)
            candidate->roles = ov_words_roles(words, binding->headers[i], &candidate->words);
        if (words && !candidate->roles)
            candidate->roles = near_role(binding, (int)i);
        candidate->free =
            !ov_layout_takes(layout, (int)i) && (!ov_binding_reads(binding, (int)i) ||
                                                 (binding->id == (int)i && !binding->id_given.len &&
                                                  ov_binding_fields(binding, (int)i) == 0));
    }
    find_odd(&p);
    propose_structure(&p);
    if (!is_bound(&p, OV_FIELD_NAME) && proposal_of(&p, OV_FIELD_NAME)->column < 0)
        propose_name(&p);
    propose_others(&p);
}

/* --- reasons --- */

static struct ov_text heading(const struct ov_text *headers, int column)
{
    const struct ov_text none = {0};
    return column < 0 ? none : headers[column];
}

void ov_put_reason(struct ov_buf *out, enum ov_language language,
                   const struct ov_proposal *proposal, const struct ov_text *headers)
{
    static const char *const texts[] = {
        [OV_REASON_NONE] = "",
        [OV_REASON_WORDS] = OV_N_("the heading says so, but its values do not confirm it"),
        [OV_REASON_BOTH] = OV_N_("the heading says so, and its values fit"),
        [OV_REASON_REFERRED_TO] = OV_N_("{2} values of `{1}` are values of `{0}`"),
        [OV_REASON_REFERS] = OV_N_("{2} of {3} values of `{0}` are values of `{1}`"),
        [OV_REASON_ALL_REFER] = OV_N_("all {2} values of `{0}` are values of `{1}`"),
        [OV_REASON_DIFFERENT] = OV_N_("the heading says so, and all {2} values are different"),
        [OV_REASON_ONLY_TEXT] = OV_N_("it is the only column of names"),
    };
    struct ov_buf n = {0}, m = {0};
    ov_buf_number_in(&n, proposal->n, language);
    ov_buf_number_in(&m, proposal->m, language);
    ov_buf_say_escaped(out, language, texts[proposal->reason],
                       OV_OTHERS(heading(headers, proposal->column),
                                 heading(headers, proposal->other), ov_buf_view(&n),
                                 ov_buf_view(&m)));
    out->failed |= n.failed || m.failed;
    ov_buf_deinit(&n);
    ov_buf_deinit(&m);
}
