/* config/config.h: a configuration in memory; private to src/config/. The public interface is
 * orgvet/config.h. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "orgvet/config.h"

/* A value and the scope in which it is set. */
struct ov_config_entry {
    size_t scope;                 /* 0: the whole configuration; else from 1, an entry of `files` */
    struct ov_config_value value; /* texts in the arena */
};

/* A suppression and its state. */
struct ov_config_suppression {
    struct ov_suppression what; /* as reported to the caller; texts in the arena */
    struct ov_pattern *pattern; /* owned; NULL: any identifier */
    bool applies;               /* it applies to the current file */
};

/* An entry of `files`, or of `sheets` in one. */
struct ov_config_scope {
    struct ov_text glob;        /* arena */
    struct ov_text sheet;       /* arena; empty: whole files */
    struct ov_pattern *pattern; /* owned */
    bool excluded;              /* its value is `false`: these files are skipped */
};

struct ov_config {
    struct ov_config_entry *entries; /* owned */
    size_t count, capacity;
    struct ov_config_scope *scopes; /* owned; scopes[0] is scope 1 */
    size_t scope_count, scope_capacity;
    struct ov_config_suppression *suppressions; /* owned */
    size_t suppression_count, suppression_capacity;
    struct ov_arena arena; /* of all texts */
};

#endif
