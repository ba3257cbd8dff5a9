/* finding/rule.h: the rules, messages and notes as enums inside the library. */
#ifndef FINDING_RULE_H
#define FINDING_RULE_H

#include "orgvet/finding.h"

/* OV_R101 … in the order of rules.def: an index for ov_rule_at. */
enum ov_rule_index {
#define OV_RULE(number, name, severity, summary) OV_R##number,
#include "finding/rules.def"
    OV_RULES
};

/* The message and help of a finding: messages.def. */
enum ov_message {
#define OV_MESSAGE(name, message, help) OV_M_##name,
#include "finding/messages.def"
#undef OV_MESSAGE
    OV_MESSAGES
};

/* The text of a related place: notes.def. */
enum ov_note {
#define OV_NOTE(name, text) OV_N_##name,
#include "finding/notes.def"
#undef OV_NOTE
    OV_NOTES
};

#endif
