/* server/store/schema.c: see schema.h. A released version is never edited: append a new entry to
 * `versions` instead. Times are seconds since 1970; booleans are 0 and 1. */
#include "server/store/schema.h"

#include <stdio.h>

#include "base/error.h"

enum { APPLICATION = 0x6F726776 /* "orgv", displayed by file(1) */ };

static const char *const version_1[] = {
    "CREATE TABLE tenant ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, idnumber TEXT UNIQUE,"
    " shared INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL) STRICT",
    "CREATE TABLE account (" /* `user` is an SQL keyword */
    " id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, password TEXT,"
    " firstname TEXT NOT NULL, lastname TEXT NOT NULL,"
    " tenant INTEGER NOT NULL REFERENCES tenant, administrator INTEGER NOT NULL,"
    " suspended INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL) STRICT",
    "CREATE TABLE account_capability ("
    " account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, capability TEXT NOT NULL,"
    " PRIMARY KEY (account, capability)) STRICT, WITHOUT ROWID",
    "CREATE TABLE service ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, shortname TEXT NOT NULL UNIQUE,"
    " enabled INTEGER NOT NULL DEFAULT 1, restricted INTEGER NOT NULL,"
    " uploads INTEGER NOT NULL, downloads INTEGER NOT NULL, capability TEXT,"
    " created INTEGER NOT NULL) STRICT",
    "CREATE TABLE service_function ("
    " service INTEGER NOT NULL REFERENCES service ON DELETE CASCADE, function TEXT NOT NULL,"
    " PRIMARY KEY (service, function)) STRICT, WITHOUT ROWID",
    "CREATE TABLE service_account ("
    " service INTEGER NOT NULL REFERENCES service ON DELETE CASCADE,"
    " account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    " ip TEXT, valid_until INTEGER, PRIMARY KEY (service, account)) STRICT, WITHOUT ROWID",
    "CREATE INDEX service_account_account ON service_account (account)",
    "CREATE TABLE token ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE,"
    " account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    " service INTEGER NOT NULL REFERENCES service ON DELETE CASCADE,"
    " ip TEXT, valid_until INTEGER, by_login INTEGER NOT NULL, created INTEGER NOT NULL) STRICT",
    "CREATE INDEX token_account ON token (account)",
    "CREATE INDEX token_service ON token (service)",
    "CREATE TABLE session ("
    " hash TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,"
    " token TEXT REFERENCES token (hash) ON DELETE CASCADE," /* null: by password */
    " created INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX session_account ON session (account)",
    "CREATE INDEX session_token ON session (token) WHERE token IS NOT NULL",
    /* contents of files, referred to by drafts, imports and exports */
    "CREATE TABLE content ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL) STRICT",
    "CREATE TABLE chunk ("
    " content INTEGER NOT NULL REFERENCES content ON DELETE CASCADE, number INTEGER NOT NULL,"
    " bytes BLOB NOT NULL) STRICT",
    "CREATE UNIQUE INDEX chunk_content ON chunk (content, number)",
    "CREATE TABLE draft ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, item INTEGER NOT NULL,"
    " path TEXT NOT NULL, name TEXT NOT NULL, content INTEGER NOT NULL REFERENCES content,"
    " created INTEGER NOT NULL, UNIQUE (account, item, path, name)) STRICT",
    "CREATE INDEX draft_content ON draft (content)",
    "CREATE INDEX draft_created ON draft (created)",
    "CREATE TABLE framework ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, idnumber TEXT,"
    " tenant INTEGER REFERENCES tenant, import INTEGER, created INTEGER NOT NULL) STRICT",
    "CREATE UNIQUE INDEX framework_idnumber ON framework (kind, idnumber)"
    " WHERE idnumber IS NOT NULL",
    "CREATE INDEX framework_tenant ON framework (tenant)",
    "CREATE INDEX framework_import ON framework (import)",
    /* ids increase and are never reused (counter): those of one import are contiguous */
    "CREATE TABLE item ("
    " id INTEGER PRIMARY KEY, framework INTEGER NOT NULL REFERENCES framework,"
    " parent INTEGER REFERENCES item DEFERRABLE INITIALLY DEFERRED, idnumber TEXT,"
    " name TEXT NOT NULL, description TEXT NOT NULL, descriptionformat INTEGER NOT NULL,"
    " globalmanager INTEGER NOT NULL, departmentmanager INTEGER NOT NULL) STRICT",
    "CREATE UNIQUE INDEX item_idnumber ON item (framework, idnumber) WHERE idnumber IS NOT NULL",
    "CREATE INDEX item_framework ON item (framework)",
    "CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL",
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO counter VALUES ('item', 1)",
    "CREATE TABLE import ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL REFERENCES account,"
    " tenant INTEGER REFERENCES tenant, importer TEXT NOT NULL, settings TEXT NOT NULL,"
    " filename TEXT NOT NULL, content INTEGER NOT NULL REFERENCES content,"
    " status INTEGER NOT NULL, report TEXT NOT NULL DEFAULT '',"
    " rows INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,"
    " created INTEGER NOT NULL, started INTEGER, finished INTEGER) STRICT",
    "CREATE INDEX import_status ON import (status)",
    "CREATE INDEX import_content ON import (content)",
    "CREATE INDEX import_account ON import (account)",
    /* what an import added to each framework: items first to last */
    "CREATE TABLE import_framework ("
    " import INTEGER NOT NULL REFERENCES import, framework INTEGER NOT NULL REFERENCES framework,"
    " made INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " PRIMARY KEY (import, framework)) STRICT, WITHOUT ROWID",
    "CREATE INDEX import_framework_framework ON import_framework (framework)",
    "CREATE TABLE import_log ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " import INTEGER NOT NULL REFERENCES import ON DELETE CASCADE, level TEXT NOT NULL,"
    " code TEXT NOT NULL, line INTEGER, col INTEGER, row INTEGER, message TEXT NOT NULL,"
    " created INTEGER NOT NULL) STRICT",
    "CREATE INDEX import_log_import ON import_log (import, id)",
    "CREATE TABLE export ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL REFERENCES account,"
    " tenant INTEGER REFERENCES tenant, exporter TEXT NOT NULL, settings TEXT NOT NULL,"
    " filename TEXT NOT NULL DEFAULT '', content INTEGER REFERENCES content,"
    " status INTEGER NOT NULL, message TEXT NOT NULL DEFAULT '',"
    " attempts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, started INTEGER,"
    " finished INTEGER) STRICT",
    "CREATE INDEX export_status ON export (status)",
    "CREATE INDEX export_content ON export (content)",
    "CREATE INDEX export_account ON export (account)",
    NULL,
};

/* The language of messages about a job, a tag as in Accept-Language; and a counter of item removals
 * which, with the last id of `item`, shows whether frameworks have changed. */
static const char *const version_2[] = {
    "ALTER TABLE import ADD COLUMN language TEXT NOT NULL DEFAULT 'en'",
    "ALTER TABLE export ADD COLUMN language TEXT NOT NULL DEFAULT 'en'",
    "INSERT INTO counter (name, value) VALUES ('removal', 0)",
    NULL,
};

/* The addresses from which users recently signed in by password; the order in which jobs were
 * scheduled (0: before this version); idnumbers of frameworks are unique per tenant; and what is
 * hidden while it is added or removed in slices: a range of items, and the framework if the import
 * created it. */
static const char *const version_3[] = {
    "CREATE TABLE account_address ("
    " account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, address TEXT NOT NULL,"
    " seen INTEGER NOT NULL, PRIMARY KEY (account, address)) STRICT, WITHOUT ROWID",
    "INSERT INTO counter (name, value) VALUES ('work', 0)",
    "ALTER TABLE import ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX framework_idnumber",
    "CREATE UNIQUE INDEX framework_idnumber ON framework (kind, ifnull(tenant, 0), idnumber)"
    " WHERE idnumber IS NOT NULL",
    "CREATE TABLE hidden ("
    " import INTEGER NOT NULL, framework INTEGER NOT NULL, made INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " PRIMARY KEY (framework, import)) STRICT, WITHOUT ROWID",
    "ALTER TABLE item RENAME TO stored_item",
    "CREATE VIEW item AS SELECT * FROM stored_item WHERE NOT EXISTS"
    " (SELECT 1 FROM hidden WHERE hidden.framework = stored_item.framework AND stored_item.id"
    " BETWEEN hidden.first AND hidden.last)",
    "ALTER TABLE framework RENAME TO stored_framework",
    "CREATE VIEW framework AS SELECT * FROM stored_framework WHERE NOT EXISTS"
    " (SELECT 1 FROM hidden WHERE hidden.framework = stored_framework.id AND hidden.made)",
    NULL,
};

/* The edits of a draft: `steps` of them are in effect, the others were undone; `revision` changes
 * with them. */
static const char *const version_4[] = {
    "ALTER TABLE draft ADD COLUMN steps INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE draft ADD COLUMN revision INTEGER NOT NULL DEFAULT 0",
    ("CREATE TABLE draft_step ("
     " draft INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE, number INTEGER NOT NULL,"
     " label TEXT NOT NULL, bytes INTEGER NOT NULL, edits TEXT NOT NULL) STRICT"),
    "CREATE UNIQUE INDEX draft_step_draft ON draft_step (draft, number)",
    NULL,
};

/* Until when a job that is in progress is left alone, after which another node takes it over; how
 * many of its attempts do not count; and its progress. */
static const char *const version_5[] = {
    "ALTER TABLE import ADD COLUMN lease INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN lease INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE import ADD COLUMN excused INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN excused INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE import ADD COLUMN percent INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN percent INTEGER NOT NULL DEFAULT 0",
    NULL,
};

/* Without a tenant is 0, not null. Wrong passwords; the processes that work on the store; the
 * tenants that have work waiting, and when each was last served; the framework that an import adds
 * to (0: a new one; below: unknown); counters of each tenant, or of all (-1): items come in blocks.
 * What other tables refer to is replaced with a copy. */
#define JOB(kind, more)                                                                            \
    " id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL REFERENCES account,"          \
    " tenant INTEGER NOT NULL, " kind " TEXT NOT NULL, settings TEXT NOT NULL, " more              \
    " attempts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, started INTEGER,"             \
    " finished INTEGER, language TEXT NOT NULL DEFAULT 'en', sequence INTEGER NOT NULL DEFAULT 0," \
    " lease INTEGER NOT NULL DEFAULT 0, excused INTEGER NOT NULL DEFAULT 0,"                       \
    " percent INTEGER NOT NULL DEFAULT 0"
/* Ids that were used are not used again. */
#define KEEP_IDS(table)                                                                              \
    "INSERT OR REPLACE INTO sqlite_sequence (rowid, name, seq) SELECT (SELECT rowid FROM"            \
    " sqlite_sequence WHERE name = 'newer'), 'newer', seq FROM sqlite_sequence WHERE name = '" table \
    "'"
static const char *const version_6[] = {
    "CREATE TABLE backoff (key TEXT PRIMARY KEY, until INTEGER NOT NULL, failures INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID",
    "CREATE INDEX backoff_until ON backoff (until)",
    "CREATE INDEX session_seen ON session (seen)",
    "CREATE TABLE node (name TEXT PRIMARY KEY, workers INTEGER NOT NULL, seen INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID",
    "CREATE TABLE queue (tenant INTEGER PRIMARY KEY, waiting INTEGER NOT NULL,"
    " served INTEGER NOT NULL) STRICT",
    "CREATE INDEX queue_waiting ON queue (served, tenant) WHERE waiting = 1",
    "INSERT INTO queue SELECT DISTINCT coalesce(tenant, 0), 1, 0 FROM (SELECT tenant FROM import"
    " WHERE status IN (2, 3) UNION ALL SELECT tenant FROM export WHERE status IN (2, 3)) WHERE true",

    "ALTER TABLE counter RENAME TO older",
    "CREATE TABLE counter (tenant INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL,"
    " PRIMARY KEY (tenant, name)) STRICT, WITHOUT ROWID",
    "INSERT INTO counter SELECT -1, name, value FROM older WHERE name IN ('item', 'tenant limit')",
    "INSERT INTO counter SELECT id, 'work', value + 1 FROM older, (SELECT id FROM tenant UNION SELECT 0)"
    " WHERE name = 'work'",
    "DROP TABLE older",

    "DROP VIEW item",
    "DROP VIEW framework",
    "CREATE TABLE newer (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
    " name TEXT NOT NULL, idnumber TEXT, tenant INTEGER NOT NULL, import INTEGER,"
    " created INTEGER NOT NULL) STRICT",
    "INSERT INTO newer SELECT id, kind, name, idnumber, coalesce(tenant, 0), import, created"
    " FROM stored_framework",
    KEEP_IDS("stored_framework"),
    "DROP TABLE stored_framework",
    "ALTER TABLE newer RENAME TO stored_framework",
    "CREATE UNIQUE INDEX framework_idnumber ON stored_framework (tenant, kind, idnumber)"
    " WHERE idnumber IS NOT NULL",
    "CREATE INDEX framework_tenant ON stored_framework (tenant)",
    "CREATE INDEX framework_import ON stored_framework (import)",
    "ALTER TABLE hidden ADD COLUMN tenant INTEGER NOT NULL DEFAULT 0",
    "UPDATE hidden SET tenant = (SELECT tenant FROM stored_framework WHERE id = framework)",
    "CREATE VIEW item AS SELECT * FROM stored_item WHERE NOT EXISTS"
    " (SELECT 1 FROM hidden WHERE hidden.framework = stored_item.framework AND stored_item.id"
    " BETWEEN hidden.first AND hidden.last)",
    "CREATE VIEW framework AS SELECT * FROM stored_framework WHERE NOT EXISTS"
    " (SELECT 1 FROM hidden WHERE hidden.framework = stored_framework.id AND hidden.made)",
    /* one index in place of two */
    "DROP INDEX item_framework",
    "DROP INDEX item_idnumber",
    "CREATE UNIQUE INDEX item_idnumber ON stored_item (framework, idnumber)",

    "CREATE TABLE newer (" JOB(
        "importer",
        "filename TEXT NOT NULL, content INTEGER NOT NULL REFERENCES content, status INTEGER NOT NULL,"
        " report TEXT NOT NULL DEFAULT '', rows INTEGER NOT NULL DEFAULT 0,"
        " target INTEGER NOT NULL DEFAULT 0,") ") STRICT",
    "INSERT INTO newer SELECT id, account, coalesce(tenant, 0), importer, settings, filename,"
    " content, status, report, rows, CASE WHEN status IN (2, 3) AND settings LIKE '%existing%' THEN"
    " -1 ELSE 0 END, attempts, created, started, finished, language, sequence,"
    " lease, excused, percent FROM import",
    KEEP_IDS("import"),
    "DROP TABLE import",
    "ALTER TABLE newer RENAME TO import",
    "CREATE INDEX import_work ON import (tenant, status, sequence) WHERE status IN (2, 3)",
    "CREATE INDEX import_running ON import (lease) WHERE status = 3",
    "CREATE INDEX import_content ON import (content)",
    "CREATE INDEX import_account ON import (account)",

    "CREATE TABLE newer (" JOB(
        "exporter", "filename TEXT NOT NULL DEFAULT '', content INTEGER REFERENCES content,"
                    " status INTEGER NOT NULL, message TEXT NOT NULL DEFAULT '',") ") STRICT",
    "INSERT INTO newer SELECT id, account, coalesce(tenant, 0), exporter, settings, filename,"
    " content, status, message, attempts, created, started, finished, language, sequence, lease,"
    " excused, percent FROM export",
    KEEP_IDS("export"),
    "DROP TABLE export",
    "ALTER TABLE newer RENAME TO export",
    "CREATE INDEX export_work ON export (tenant, status, sequence) WHERE status IN (2, 3)",
    "CREATE INDEX export_running ON export (lease) WHERE status = 3",
    "CREATE INDEX export_content ON export (content)",
    "CREATE INDEX export_account ON export (account)",
    NULL,
};

static const char *const *const versions[] = {version_1, version_2, version_3,
                                              version_4, version_5, version_6};
enum { NEWEST = sizeof versions / sizeof *versions };

enum ov_status ov_schema_is_newer(int64_t version, int64_t newest, struct ov_error *err)
{
    return ov_fail(err, OV_E_STATE,
                   "the store was written by a newer orgvet (store version %lld, this orgvet "
                   "supports %lld); use the newer one",
                   (long long)version, (long long)newest);
}

enum ov_status ov_schema_version(struct ov_sql *sql, int64_t *version, int64_t *newest,
                                 struct ov_error *err)
{
    int64_t application = 0, tables = 0;
    *newest = NEWEST;
    enum ov_status status = ov_sql_number(sql, "PRAGMA user_version", NULL, 0, version, NULL, err);
    if (status == OV_OK)
        status = ov_sql_number(sql, "PRAGMA application_id", NULL, 0, &application, NULL, err);
    if (status == OV_OK)
        status =
            ov_sql_number(sql, "SELECT count(*) FROM sqlite_schema", NULL, 0, &tables, NULL, err);
    return status == OV_OK && tables && application != APPLICATION
               ? ov_fail(err, OV_E_STATE, "the file is a database, but not an orgvet database")
               : status;
}

enum ov_status ov_schema_update(struct ov_sql *sql, int64_t *from, int64_t *to,
                                struct ov_error *err)
{
    enum ov_status status = ov_schema_version(sql, from, to, err);
    int64_t version = *from;
    if (status == OV_OK && version > NEWEST)
        return ov_schema_is_newer(version, NEWEST, err);
    if (status != OV_OK || version == NEWEST)
        return status;
    for (; version < NEWEST && status == OV_OK; version++)
        for (const char *const *text = versions[version]; *text && status == OV_OK; text++)
            status = ov_sql_script(sql, *text, err);
    int64_t one;
    bool broken = false;
    if (status == OV_OK)
        status = ov_sql_number(sql, "SELECT 1 FROM pragma_foreign_key_check LIMIT 1", NULL, 0, &one,
                               &broken, err);
    if (broken)
        return ov_fail(err, OV_E_STATE, "the store is damaged: a reference leads nowhere");
    char pragma[80];
    snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d; PRAGMA application_id=%d", (int)NEWEST,
             (int)APPLICATION);
    return status == OV_OK ? ov_sql_script(sql, pragma, err) : status;
}
