/* vet/add_finding.h: the functions through which rules add findings to the list of a check. */
#ifndef VET_ADD_FINDING_H
#define VET_ADD_FINDING_H

#include "vet/check_internal.h"

/* Each returns the new finding, whose remaining fields the caller fills in, or NULL when it is not
 * kept (see ov_list_add). Findings are owned by check->list. Running out of memory sets
 * list.failed. */

/* Adds a finding about a cell of the record. column: index of the cell; field: index in the
 * importer's fields, or -1. Copies the value. */
struct ov_item *ov_vet_cell(struct ov_check *check, struct ov_vetted *vetted,
                            enum ov_rule_index rule, enum ov_severity severity,
                            enum ov_message message, size_t column, int field);
/* Adds a finding about the record, at `place` within it. */
struct ov_item *ov_vet_record(struct ov_check *check, struct ov_vetted *vetted,
                              enum ov_rule_index rule, enum ov_message message,
                              struct ov_place place);
/* Adds a finding about the whole file, at line 1, column 1. */
struct ov_item *ov_vet_file(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message);
/* Adds a finding about a cell of an earlier row, which is no longer in memory. row: from 0. */
struct ov_item *ov_vet_node(struct ov_check *check, enum ov_rule_index rule,
                            enum ov_message message, ov_node row, enum ov_row_cell cell);
/* The same, with a severity. */
struct ov_item *ov_vet_node_as(struct ov_check *check, enum ov_rule_index rule,
                               enum ov_severity severity, enum ov_message message, ov_node row,
                               enum ov_row_cell cell);
/* Adds a finding about a column's header. column: from 0; field: index in the importer's fields, or
 * -1. */
struct ov_item *ov_vet_header(struct ov_check *check, enum ov_rule_index rule,
                              enum ov_severity severity, enum ov_message message, int column,
                              int field);

#endif
