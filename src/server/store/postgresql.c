/* server/store/postgresql.c: see postgresql.h. Statements are those of SQLite with $1 for ?1;
 * values come and go as text, but for the bytes of texts and blobs. A write transaction locks its
 * tenant, so that what is written for one writer holds within a tenant, whatever other nodes do;
 * all share a lock of the store, which the administration has alone. */
#include "server/store/postgresql_connection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "server/store/fair_lock.h"
#include "server/store/postgresql_copy.h"
#include "server/store/schema.h"

enum {
    VALUES = 16,       /* of a statement, at most */
    PART = 2000,       /* rows of many that are fetched at once */
    DIGITS = 24,       /* room for a number as text */
    WAIT_MS = 2000,    /* for a writer's lock, before its holder is looked at */
    LOCKED_MS = 10000, /* the longest wait for a row that another writer has */
    /* object ids of types: fixed in PostgreSQL's catalogue, pg_type.dat */
    TYPE_BYTES = 17,
    TYPE_NUMBER = 20,
    TYPE_TEXT = 25,
};

/* Advisory locks: that of the store is the number; that of a tenant is the number and the tenant.
 */
#define STORE_TEXT  "1869768566" /* "orgv" */
#define SILENT_TEXT "8 s"        /* a writer that says nothing for so long is cut off */

/* A prepared statement: its literal, by address, and the kinds of its values. */
struct ov_pg_kept {
    const char *text;
    char kinds[VALUES + 1];
};

/* The rows of a statement. */
struct rows {
    PGresult *result;
    int at, count;
    char cursor[DIGITS];  /* its name; empty: all rows are in `result` */
    bool own_transaction; /* began with the cursor, and ends with it */
    unsigned char *bytes; /* of the last blob asked for */
};

/* --- transactions --- */

static enum ov_status script(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    bool undone = strcmp(text, "ROLLBACK") == 0, ended = undone || strcmp(text, "COMMIT") == 0;
    if (undone) {
        ov_pg_forget(ov_pg_of(sql));
    }
    enum ov_status flushed = ov_pg_flush(ov_pg_of(sql), err);
    if (ended)
        ov_pg_of(sql)->in_transaction = false;
    if (flushed != OV_OK)
        return flushed;
    PGresult *result = PQexec(ov_pg_of(sql)->db, text);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    ov_pg_of(sql)->lock_not_available = state && strcmp(state, "55P03") == 0;
    enum ov_status status = ov_pg_is_fine(result) ? OV_OK : ov_pg_fail(ov_pg_of(sql), result, err);
    if (status == OV_OK && ended && !undone && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = ov_fail(err, OV_E_REFUSED, "the store: %s", PQcmdStatus(result));
    PQclear(result);
    return status;
}

/* Begins a transaction, on a new connection if this one was lost. */
static enum ov_status begin(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    struct ov_pg *connection = ov_pg_of(sql);
    struct ov_error own = OV_ERROR_LIKE(err);
    enum ov_status status = ov_pg_is_lost(connection) ? OV_E_IO : script(sql, text, &own);
    if (status != OV_OK && !ov_pg_is_lost(connection))
        return ov_fail(err, own.status, "%s", own.message);
    if (status != OV_OK)
        status =
            ov_pg_revive(connection) ? script(sql, text, err) : ov_pg_fail(connection, NULL, err);
    connection->in_transaction = status == OV_OK;
    return status;
}

/* Cuts off writers whose nodes have said nothing for a while: they have stopped, or are
 * unreachable. While rows are copied, it does not show when the last ones came: that matters to a
 * copy of the whole store alone, which is spared. */
static void cut_off_silent(struct ov_pg *connection)
{
    static const char text[] =
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE pg_locks.locktype = 'advisory' AND pg_locks.database = (SELECT oid FROM pg_database"
        " WHERE datname = current_database()) AND pg_locks.objid = " STORE_TEXT
        " AND pg_locks.objsubid = 1 AND pg_locks.granted AND"
        " pg_stat_activity.wait_event = 'ClientRead' AND"
        " (pg_stat_activity.state <> 'active' OR pg_locks.mode = 'ShareLock') AND"
        " pg_stat_activity.state_change < clock_timestamp() - interval '" SILENT_TEXT "'";
    PQclear(PQexec(connection->db, text)); /* if it fails, the caller waits longer */
}

/* Begins a transaction and waits for its locks, in one message. */
static enum ov_status try_write(struct ov_sql *sql, int64_t scope, int wait_ms, bool *busy,
                                struct ov_error *err)
{
    char text[400], of_tenant[80] = "";
    bool brief = scope == OV_SCOPE_ROWS && wait_ms < LOCKED_MS;
    *busy = false;
    if (scope >= 0) /* two tenants with the same number wait for each other without need */
        snprintf(of_tenant, sizeof of_tenant, "SELECT pg_advisory_xact_lock(" STORE_TEXT ", %d);",
                 (int)(scope % INT32_MAX));
    snprintf(text, sizeof text,
             "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = %d;"
             " SELECT pg_advisory_xact_lock%s(" STORE_TEXT "); %s"
             " SET LOCAL lock_timeout = %d",
             wait_ms > 0 ? wait_ms : 1 /* 0 would be for ever */,
             scope == OV_SCOPE_STORE ? "" : "_shared", of_tenant, brief ? wait_ms + 1 : LOCKED_MS);
    enum ov_status status = begin(sql, text, err);
    if (status != OV_OK && !ov_pg_is_lost(ov_pg_of(sql))) {
        *busy = ov_pg_of(sql)->lock_not_available;
        (void)!script(sql, "ROLLBACK", NULL); /* or the connection is lost, which is the same */
    }
    return status;
}

static enum ov_status begin_write(struct ov_sql *sql, int64_t scope, int wait_ms, bool *busy,
                                  struct ov_error *err)
{
    int64_t until = ov_now_ms() + wait_ms;
    for (;;) {
        struct ov_error own = OV_ERROR_LIKE(err);
        int64_t left = until - ov_now_ms();
        enum ov_status status =
            try_write(sql, scope, left < WAIT_MS ? (int)left : WAIT_MS, busy, &own);
        if (status == OV_OK)
            return OV_OK;
        if (*busy)
            cut_off_silent(ov_pg_of(sql));
        if (!*busy || left <= WAIT_MS)
            return ov_fail(err, status, "%s", own.message);
    }
}

static enum ov_status begin_read(struct ov_sql *sql, struct ov_error *err)
{
    return begin(sql, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
}

/* --- statements --- */

/* The values of a statement as libpq wants them. */
struct bound {
    Oid types[VALUES];
    const char *values[VALUES];
    int lengths[VALUES], formats[VALUES];
    char digits[VALUES][DIGITS], kinds[VALUES + 1];
    int count;
};

/* Whether ?number is in a statement. */
static bool is_used(const char *text, size_t number)
{
    char *end;
    for (const char *at = text; (at = strchr(at, '?')); at = end)
        if (strtoul(++at, &end, 10) == number)
            return true;
    return false;
}

static void bind(struct bound *bound, const char *text, const struct ov_sql_value *values,
                 size_t count)
{
    *bound = (struct bound){.count = (int)count};
    for (size_t i = 0; i < count; i++) {
        const struct ov_sql_value *value = &values[i];
        bound->kinds[i] = (char)('a' + value->kind);
        if (value->kind == OV_SQL_INT) {
            snprintf(bound->digits[i], DIGITS, "%" PRId64, value->number);
            bound->types[i] = TYPE_NUMBER;
            bound->values[i] = bound->digits[i];
        } else if (value->kind != OV_SQL_NULL) {
            bound->types[i] = value->kind == OV_SQL_TEXT ? TYPE_TEXT : TYPE_BYTES;
            bound->values[i] = value->bytes.ptr ? value->bytes.ptr : "";
            bound->lengths[i] = (int)value->bytes.len;
            bound->formats[i] = 1;
        } else if (!is_used(text, i + 1)) {
            bound->types[i] = TYPE_TEXT; /* it cannot tell by the statement */
        }
    }
}

/* The statement with $1 for ?1 and without the marks of OV_SHARED, after a prefix; the caller frees
 * it. */
static char *in_dialect(const char *prefix, const char *text)
{
    size_t len = strlen(prefix);
    char *own = malloc(len + strlen(text) + 1);
    if (!own)
        return NULL;
    strcpy(own, prefix);
    strcpy(own + len, text);
    for (char *at = own + len; *at; at++)
        if (*at == '?')
            *at = '$';
        else if (strncmp(at, "/*!", 3) == 0)
            memset(at, ' ', 3);
        else if (strncmp(at, "*/", 2) == 0)
            memset(at, ' ', 2);
    return own;
}

/* Finds or prepares a statement; name: DIGITS bytes. */
static enum ov_status prepare(struct ov_pg *connection, const char *text, const struct bound *bound,
                              char *name, struct ov_error *err)
{
    size_t i = 0;
    while (i < connection->count && (connection->kept[i].text != text ||
                                     strcmp(connection->kept[i].kinds, bound->kinds) != 0))
        i++;
    snprintf(name, DIGITS, "s%zu", i);
    if (i < connection->count)
        return OV_OK;
    char *own = in_dialect("", text);
    if (!own ||
        !ov_grow(&connection->kept, &connection->capacity, i + 1, sizeof *connection->kept)) {
        free(own);
        return ov_fail_memory(err);
    }
    PGresult *result = PQprepare(connection->db, name, own, bound->count, bound->types);
    enum ov_status status = ov_pg_is_fine(result) ? OV_OK : ov_pg_fail(connection, result, err);
    PQclear(result);
    free(own);
    if (status == OV_OK) {
        struct ov_pg_kept *kept = &connection->kept[connection->count++];
        kept->text = text;
        strcpy(kept->kinds, bound->kinds);
    }
    return status;
}

static enum ov_status take(struct ov_pg *connection, struct rows *rows, PGresult *result,
                           struct ov_error *err)
{
    enum ov_status status = ov_pg_is_fine(result) ? OV_OK : ov_pg_fail(connection, result, err);
    PQclear(rows->result);
    rows->result = result;
    rows->at = -1;
    rows->count = status == OV_OK ? PQntuples(result) : 0;
    return status;
}

static enum ov_status run(struct ov_pg *connection, struct rows *rows, const char *text,
                          const struct bound *bound, struct ov_error *err)
{
    char name[DIGITS];
    enum ov_status status = prepare(connection, text, bound, name, err);
    if (status != OV_OK)
        return status;
    PGresult *result = PQexecPrepared(connection->db, name, bound->count, bound->values,
                                      bound->lengths, bound->formats, 0);
    status = take(connection, rows, result, err);
    connection->changes = strtoll(PQcmdTuples(result), NULL, 10);
    return status;
}

/* Many rows are fetched by a cursor, which lives in a transaction. */
static enum ov_status open_cursor(struct ov_pg *connection, struct rows *rows, const char *text,
                                  const struct bound *bound, struct ov_error *err)
{
    char prefix[80];
    enum ov_status status = OV_OK;
    if (!connection->in_transaction) {
        status = begin_read(&connection->sql, err);
        rows->own_transaction = status == OV_OK;
    }
    snprintf(rows->cursor, DIGITS, "c%u", connection->cursors++);
    snprintf(prefix, sizeof prefix, "DECLARE %s NO SCROLL CURSOR FOR ", rows->cursor);
    char *own = in_dialect(prefix, text);
    if (!own)
        status = ov_fail_memory(err);
    if (status == OV_OK)
        status = take(connection, rows,
                      PQexecParams(connection->db, own, bound->count, bound->types, bound->values,
                                   bound->lengths, bound->formats, 0),
                      err);
    free(own);
    rows->count = 0;
    return status;
}

static enum ov_status fetch(struct ov_pg *connection, struct rows *rows, struct ov_error *err)
{
    char text[80];
    snprintf(text, sizeof text, "FETCH %d FROM %s", (int)PART, rows->cursor);
    return take(connection, rows, PQexec(connection->db, text), err);
}

static void query_begin(struct ov_query *query, const char *text, const struct ov_sql_value *values,
                        size_t count, bool many)
{
    struct ov_pg *connection = ov_pg_of(query->sql);
    struct ov_error own = OV_ERROR_LIKE(query->err);
    struct bound bound;
    struct rows *rows = calloc(1, sizeof *rows);
    if (!rows || count > VALUES) {
        free(rows);
        query->status = ov_fail_memory(query->err);
        return;
    }
    query->statement = rows;
    bind(&bound, text, values, count);
    query->status = ov_pg_flush(connection, &own);
    if (query->status == OV_OK && many)
        query->status = open_cursor(connection, rows, text, &bound, &own);
    else if (query->status == OV_OK)
        query->status = run(connection, rows, text, &bound, &own);
    if (query->status != OV_OK && !many && !connection->in_transaction &&
        ov_pg_is_lost(connection) && ov_pg_revive(connection)) {
        own = (struct ov_error)OV_ERROR_LIKE(query->err);
        query->status = run(connection, rows, text, &bound, &own);
    }
    if (query->status != OV_OK)
        ov_fail(query->err, own.status, "%s", own.message);
}

static bool query_next(struct ov_query *query)
{
    struct rows *rows = query->statement;
    if (rows->at + 1 >= rows->count && rows->cursor[0] && (rows->count == PART || rows->at < 0))
        query->status = fetch(ov_pg_of(query->sql), rows, query->err);
    return ++rows->at < rows->count;
}

static void query_end(struct ov_query *query)
{
    struct rows *rows = query->statement;
    struct ov_pg *connection = ov_pg_of(query->sql);
    char text[40];
    if (rows->own_transaction) {
        (void)!script(query->sql, "COMMIT", NULL); /* it has only read */
    } else if (rows->cursor[0] && PQtransactionStatus(connection->db) == PQTRANS_INTRANS) {
        snprintf(text, sizeof text, "CLOSE %s", rows->cursor);
        PQclear(PQexec(connection->db, text)); /* otherwise it ends with the transaction */
    }
    PQclear(rows->result);
    PQfreemem(rows->bytes);
    free(rows);
}

/* A truth value counts as 1 or 0. */
static int64_t column_int(const struct ov_query *query, int column)
{
    const struct rows *rows = query->statement;
    const char *text = PQgetvalue(rows->result, rows->at, column);
    return *text == 't' ? 1 : strtoll(text, NULL, 10);
}

static struct ov_text column_text(const struct ov_query *query, int column)
{
    struct rows *rows = query->statement;
    const char *text = PQgetvalue(rows->result, rows->at, column);
    if (PQftype(rows->result, column) != TYPE_BYTES)
        return (struct ov_text){text, (size_t)PQgetlength(rows->result, rows->at, column)};
    size_t len = 0;
    PQfreemem(rows->bytes);
    rows->bytes = PQunescapeBytea((const unsigned char *)text, &len);
    return (struct ov_text){(const char *)rows->bytes, len};
}

static bool column_is_null(const struct ov_query *query, int column)
{
    const struct rows *rows = query->statement;
    return PQgetisnull(rows->result, rows->at, column) == 1;
}

static int64_t changes(const struct ov_sql *sql)
{
    return ov_pg_of(sql)->changes;
}

static enum ov_status copy(struct ov_sql *sql, const char *path, struct ov_error *err)
{
    (void)sql;
    (void)path;
    return ov_fail(err, OV_E_STATE,
                   "the store is a database of PostgreSQL: `pg_dump` makes a backup of it");
}

static enum ov_status notify(struct ov_sql *sql, struct ov_error *err)
{
    return script(sql, "NOTIFY " OV_PG_CHANNEL, err);
}

static void close_connection(struct ov_sql *sql)
{
    struct ov_pg *connection = ov_pg_of(sql);
    PQfinish(connection->db);
    ov_buf_deinit(&connection->rows);
    free(connection->kept);
    free(connection);
}

static enum ov_status update(struct ov_sql *sql, int wait_ms, int64_t *from, int64_t *to,
                             struct ov_error *err)
{
    bool busy;
    enum ov_status status = begin_write(sql, OV_SCOPE_STORE, wait_ms, &busy, err);
    return status == OV_OK ? ov_sql_end(sql, ov_schema_update_postgresql(sql, from, to, err), err)
                           : status;
}

const struct ov_sql_engine ov_pg_engine = {
    .close = close_connection,
    .begin_write = begin_write,
    .begin_read = begin_read,
    .script = script,
    .add = ov_pg_add,
    .changes = changes,
    .copy = copy,
    .version = ov_schema_version_postgresql,
    .update = update,
    .notify = notify,
    .listen = ov_pg_listen,
    .query_begin = query_begin,
    .query_next = query_next,
    .query_end = query_end,
    .column_int = column_int,
    .column_text = column_text,
    .column_is_null = column_is_null,
};
