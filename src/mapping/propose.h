/* mapping/propose.h: which columns the fields that have none are probably meant to be read from, by
 * the words of the headings and by the values. Nothing is decided here: see orgvet/check.h. */
#ifndef MAPPING_PROPOSE_H
#define MAPPING_PROPOSE_H

#include "mapping/bind.h"
#include "mapping/columns.h"
#include "mapping/layout.h"
#include "mapping/words.h"

enum { OV_SURE_ENOUGH = 80 /* percent: what is vetted as if it had been accepted */ };

/* Why a column is proposed. */
enum ov_reason {
    OV_REASON_NONE,
    OV_REASON_WORDS,       /* the heading says so */
    OV_REASON_BOTH,        /* the heading says so, and the values fit */
    OV_REASON_REFERRED_TO, /* n values of `other` are among its values */
    OV_REASON_REFERS,      /* n of its m values are values of `other` */
    OV_REASON_ALL_REFER,   /* all of its n values are values of `other` */
    OV_REASON_DIFFERENT,   /* all of its n values are different */
    OV_REASON_ONLY_TEXT,   /* it is the only column of text */
};

struct ov_proposal {
    int column;       /* -1: none */
    unsigned percent; /* confidence */
    bool by_words, by_values;
    enum ov_reason reason;
    int other; /* another column; -1: none */
    uint64_t n, m;
    int rival; /* a column with the same claim, so that neither is proposed; -1: none */
};

struct ov_proposals {
    struct ov_proposal fields[OV_FIELDS_MAX]; /* in the order of the importer's fields */
    bool odd[OV_FIELDS_MAX];                  /* the field's column is of another kind (OV210) */
    const char *parents; /* how the proposed parents are given, if not by identifier, while rows
                            have identifiers: `name`, or `either` (in brackets); or NULL */
};

/* Proposes columns for the fields that the binding leaves without one; words: NULL where every
 * field has one, or every column is read. columns: of the same file, and finished. layout: the
 * columns that it reads are not proposed, and no parent where it gives the parents. */
void ov_propose(const struct ov_words *words, const struct ov_binding *binding,
                const struct ov_columns *columns, const struct ov_layout *layout,
                struct ov_proposals *proposals);

/* Appends the reason of a proposal as words. */
void ov_put_reason(struct ov_buf *out, enum ov_language language,
                   const struct ov_proposal *proposal, const struct ov_text *headers);

#endif
