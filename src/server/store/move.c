/* server/store/move.c: copies a store in a file to one in a database (server/server.h,
 * ov_store_move). There, what belongs to a tenant has it in its keys: the file's tables are read
 * with the tenant of what they belong to. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "server/store/store.h"

enum { COLUMNS = 20 };

/* A table of the database, and the statement on the file that has its columns: `types` has a letter
 * for each, for a number, text or bytes. */
struct table {
    const char *name, *types, *select;
    struct ov_sql_bulk bulk;
};
#define TABLE(name, columns, types, from)                                                          \
    {                                                                                              \
        name, types, from,                                                                         \
        {                                                                                          \
            NULL, "COPY " name " (" columns ") FROM STDIN (FORMAT binary)"                         \
        }                                                                                          \
    }
#define SAME(name, columns, types) TABLE(name, columns, types, "SELECT " columns " FROM " name)

/* A file's content can be of several tenants, if somebody has imported it into another one. */
#define CONTENTS                                                                                   \
    "(SELECT account.tenant AS tenant, draft.content AS content FROM draft JOIN account ON"        \
    " account.id = draft.account UNION SELECT tenant, content FROM import UNION SELECT tenant,"    \
    " content FROM export WHERE content IS NOT NULL) AS owned"

/* In the order of references. */
static const struct table tables[] = {
    SAME("tenant", "id, name, idnumber, shared, created", "nttnn"),
    SAME("account",
         "id, username, password, firstname, lastname, tenant, administrator, suspended, created",
         "nttttnnnn"),
    SAME("account_capability", "account, capability", "nt"),
    SAME("account_address", "account, address, seen", "ntn"),
    SAME("service", "id, shortname, enabled, restricted, uploads, downloads, capability, created",
         "ntnnnntn"),
    SAME("service_function", "service, function", "nt"),
    SAME("service_account", "service, account, ip, valid_until", "nntn"),
    SAME("token", "id, hash, account, service, ip, valid_until, by_login, created", "ntnntnnn"),
    SAME("session", "hash, account, token, created, seen", "tntnn"),
    SAME("backoff", "key, until, failures", "tnn"),
    SAME("queue", "tenant, waiting, served", "nnn"),
    SAME("counter", "tenant, name, value", "ntn"),
    TABLE("content", "tenant, id, size", "nnn",
          "SELECT owned.tenant, content.id, size FROM content JOIN " CONTENTS
          " ON owned.content = content.id"),
    TABLE("chunk", "tenant, content, number, bytes", "nnnb",
          "SELECT owned.tenant, chunk.content, number, bytes FROM " CONTENTS
          " JOIN chunk ON owned.content = chunk.content"),
    TABLE("draft", "tenant, id, account, item, path, name, content, created, steps, revision",
          "nnnnttnnnn",
          "SELECT tenant, draft.id, account, item, path, name, content, draft.created, steps,"
          " revision FROM draft JOIN account ON account.id = draft.account"),
    TABLE("draft_step", "tenant, draft, number, label, bytes, edits", "nnntnt",
          "SELECT tenant, draft, number, label, bytes, edits FROM draft_step JOIN draft ON draft.id"
          " = draft_step.draft JOIN account ON account.id = draft.account"),
    SAME("stored_framework", "tenant, id, kind, name, idnumber, import, created", "nntttnn"),
    TABLE("stored_item",
          "tenant, id, framework, parent, idnumber, name, description, descriptionformat,"
          " globalmanager, departmentmanager",
          "nnnntttnnn",
          "SELECT tenant, stored_item.id, framework, parent, stored_item.idnumber,"
          " stored_item.name, description, descriptionformat, globalmanager, departmentmanager FROM"
          " stored_item JOIN stored_framework ON stored_framework.id = framework"),
    SAME("hidden", "tenant, framework, import, made, first, last", "nnnnnn"),
    SAME("import",
         "tenant, id, account, importer, settings, status, attempts, created, started, finished,"
         " language, sequence, lease, excused, percent, filename, content, report, rows, target",
         "nnnttnnnnntnnnntntnn"),
    TABLE("import_framework", "tenant, import, framework, made, first, last", "nnnnnn",
          "SELECT tenant, import, framework, made, first, last FROM import_framework JOIN import ON"
          " import.id = import"),
    TABLE("import_log", "tenant, import, id, level, code, line, col, row, message, created",
          "nnnttnnntn",
          "SELECT tenant, import, import_log.id, level, code, line, col, row, message,"
          " import_log.created FROM import_log JOIN import ON import.id = import"),
    SAME("export",
         "tenant, id, account, exporter, settings, status, attempts, created, started, finished,"
         " language, sequence, lease, excused, percent, filename, content, message",
         "nnnttnnnnntnnnntnt"),
};
enum { TABLES = sizeof tables / sizeof *tables };

static enum ov_status copy_table(const struct table *table, struct ov_sql *from, struct ov_sql *to,
                                 uint64_t *rows, struct ov_error *err)
{
    struct ov_sql_value values[COLUMNS];
    struct ov_query query;
    enum ov_status status = OV_OK;
    size_t count = strlen(table->types);
    ov_query_begin(&query, from, table->select, NULL, 0, err);
    for (; status == OV_OK && ov_query_next(&query); ++*rows) {
        for (size_t i = 0; i < count; i++)
            if (ov_query_is_null(&query, (int)i))
                values[i] = OV_SQL_N;
            else if (table->types[i] == 'n')
                values[i] = OV_SQL_I(ov_query_int(&query, (int)i));
            else if (table->types[i] == 't')
                values[i] = OV_SQL_T(ov_query_text(&query, (int)i));
            else
                values[i] = OV_SQL_B(ov_query_text(&query, (int)i));
        status = ov_sql_add(to, &table->bulk, values, count, err);
    }
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}

/* Ids that the file has used are not used again. */
static enum ov_status continue_ids(struct ov_sql *from, struct ov_sql *to, struct ov_error *err)
{
    struct ov_query query;
    enum ov_status status = OV_OK;
    ov_query_begin(&query, from,
                   "SELECT name, seq FROM sqlite_sequence WHERE name IN ('tenant', 'account',"
                   " 'service', 'token', 'content', 'draft', 'stored_framework', 'import',"
                   " 'import_log', 'export') AND seq > 0",
                   NULL, 0, err);
    while (status == OV_OK && ov_query_next(&query))
        status = ov_sql_run(
            to, "SELECT setval(pg_get_serial_sequence(?1, 'id'), ?2)",
            OV_BIND(OV_SQL_T(ov_query_text(&query, 0)), OV_SQL_I(ov_query_int(&query, 1))), err);
    enum ov_status ended = ov_query_end(&query);
    return status == OV_OK ? ended : status;
}

/* Removes what an earlier copy has left. */
static enum ov_status empty(struct ov_sql *to, struct ov_error *err)
{
    int64_t moved = 0, accounts = 0;
    enum ov_status status =
        ov_sql_number(to, "SELECT moved FROM orgvet_store", NULL, 0, &moved, NULL, err);
    if (status == OV_OK)
        status = ov_sql_number(to, "SELECT count(*) FROM account", NULL, 0, &accounts, NULL, err);
    if (status == OV_OK && accounts && !moved)
        return ov_fail(
            err, OV_E_STATE,
            "the database has a store that is in use, and nothing was copied; a database "
            "to move to must be empty");
    for (int i = TABLES - 1; i >= 0 && status == OV_OK; i--) {
        char text[80];
        snprintf(text, sizeof text, "TRUNCATE %s CASCADE", tables[i].name);
        status = ov_sql_script(to, text, err);
    }
    return status;
}

static enum ov_status copy_all(struct ov_sql *from, struct ov_sql *to, uint64_t *rows,
                               struct ov_error *err)
{
    enum ov_status status = empty(to, err);
    for (size_t i = 0; i < TABLES && status == OV_OK; i++)
        status = copy_table(&tables[i], from, to, rows, err);
    if (status == OV_OK)
        status = continue_ids(from, to, err);
    return status == OV_OK ? ov_sql_run(to, "UPDATE orgvet_store SET moved = 1", NULL, 0, err)
                           : status;
}

/* The database's schema is made first, which by itself is an empty store. */
static enum ov_status prepare(struct ov_store *to, struct ov_error *err)
{
    int64_t version = 0, newest = 0;
    struct ov_sql *sql = ov_store_read(to, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status = ov_sql_version(sql, &version, &newest, err);
    ov_store_read_end(to, sql);
    return status == OV_OK && version != newest ? ov_store_upgrade(to, &version, &newest, err)
                                                : status;
}

enum ov_status ov_store_move(struct ov_store *from, struct ov_store *to, uint64_t *rows,
                             struct ov_error *err)
{
    *rows = 0;
    enum ov_status status = prepare(to, err);
    if (status != OV_OK)
        return status;
    struct ov_sql *source = ov_store_write(from, OV_SCOPE_STORE, err);
    if (!source)
        return OV_E_IO;
    struct ov_sql *target = ov_store_write(to, OV_SCOPE_STORE, err);
    status = target ? copy_all(source, target, rows, err) : OV_E_IO;
    status = ov_store_write_end(to, target, status, err);
    ov_store_abandon(from, source); /* it was only kept from changing */
    return status;
}
