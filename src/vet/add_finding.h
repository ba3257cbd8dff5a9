/* vet/add_finding.h: how rules add findings. */
#ifndef VET_ADD_FINDING_H
#define VET_ADD_FINDING_H

#include "vet/check_internal.h"

/* Each returns the finding to be filled in, or NULL when it is not kept
 * (ov_list_add). */

/* Adds a finding about a cell of the record. */
struct ov_item *ov_vet_cell(struct ov_check *check, struct ov_vetted *vetted,
                            enum ov_rule_index rule, enum ov_severity severity,
                            enum ov_message message, size_t column, int field);
/* Adds a finding about the record at some place. */
struct ov_item *ov_vet_record(struct ov_check *check, struct ov_vetted *vetted,
                              enum ov_rule_index rule, enum ov_message message,
                              struct ov_place place);
/* Adds a finding about the whole file. */
struct ov_item *ov_vet_file(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message);
/* Adds a finding about a cell of a row that is long past. */
struct ov_item *ov_vet_node(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message, ov_node row, enum ov_row_cell cell);
/* Adds a finding about a column's header. */
struct ov_item *ov_vet_header(struct ov_check *check, enum ov_rule_index rule,
                              enum ov_severity severity, enum ov_message message, int column,
                              int field);

#endif
