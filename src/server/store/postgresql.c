/* server/store/postgresql.c: see postgresql.h. Statements are those of SQLite with $1 for ?1;
 * values come and go as text, but for the bytes of texts and blobs. A write transaction locks its
 * tenant, so that what is written for one writer holds within a tenant, whatever other nodes do;
 * all share a lock of the store, which the administration has alone. */
#include "server/store/postgresql.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libpq-fe.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "server/server.h"
#include "server/store/fair_lock.h"
#include "server/store/schema.h"
#include "server/store/sql_engine.h"

enum {
    VALUES = 16,       /* of a statement, at most */
    PART = 2000,       /* rows of many that are fetched at once */
    FLUSHED = 1 << 16, /* bytes of rows that are held back */
    DIGITS = 24,       /* room for a number as text */
    WAIT_MS = 2000,    /* for a writer's lock, before its holder is looked at */
    AGAIN_MS = 100,    /* between two attempts to connect, at first; then twice as long each time */
    LONGEST_MS = 2000,
    /* object ids of types: fixed in PostgreSQL's catalogue, pg_type.dat */
    TYPE_BYTES = 17,
    TYPE_NUMBER = 20,
    TYPE_TEXT = 25,
};

/* Advisory locks: that of the store is the number; that of a tenant is the number and the tenant.
 */
#define STORE_TEXT  "1869768566" /* "orgv" */
#define SILENT_TEXT "8 s"        /* a writer that says nothing for so long is cut off */
#define LOCKED_TEXT "10s"        /* the longest wait for a row that another writer has */
#define CHANNEL     "orgvet"

struct ov_postgresql {
    char *address;
    pthread_mutex_t mutex; /* protects the members below */
    int64_t again;         /* when the next attempt to connect may be made (ov_now_ms) */
    int64_t pause;         /* ms; 0: the last attempt succeeded */
};

/* A prepared statement: its literal, by address, and the kinds of its values. */
struct kept {
    const char *text;
    char kinds[VALUES + 1];
};

struct connection {
    struct ov_sql sql; /* first */
    struct ov_postgresql *database;
    PGconn *db;
    struct kept *kept; /* number i is named "s<i>" */
    size_t count, capacity;
    bool in_transaction;     /* as far as the caller knows: also when the connection is lost */
    bool lock_not_available; /* why the last script failed: others had a lock for too long */
    bool listening;          /* for notifications */
    unsigned cursors;        /* opened so far */
    const struct ov_sql_bulk *bulk; /* of the rows that are held back or were sent; NULL: none */
    bool copying;                   /* some were sent */
    struct ov_buf rows;             /* these, in the binary format of COPY */
    int64_t changes;
};

/* The rows of a statement. */
struct rows {
    PGresult *result;
    int at, count;
    char cursor[DIGITS];  /* its name; empty: all rows are in `result` */
    bool own_transaction; /* began with the cursor, and ends with it */
    unsigned char *bytes; /* of the last blob asked for */
};

static struct connection *of(const struct ov_sql *sql)
{
    return (struct connection *)sql;
}

bool ov_store_is_address(const char *address)
{
    return strncmp(address, "postgresql://", 13) == 0 || strncmp(address, "postgres://", 11) == 0;
}

bool ov_store_has_password(const char *address)
{
    PQconninfoOption *options = PQconninfoParse(address, NULL);
    bool has = false;
    for (PQconninfoOption *option = options; option && option->keyword; option++)
        has |= strcmp(option->keyword, "password") == 0 && option->val && *option->val;
    PQconninfoFree(options);
    return has;
}

/* --- errors --- */

static enum ov_status fail(const struct connection *connection, const PGresult *result,
                           struct ov_error *err)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    char message[256];
    snprintf(message, sizeof message, "%s", text ? text : PQerrorMessage(connection->db));
    message[strcspn(message, "\n")] = '\0';
    if (!state)
        return ov_fail(err, OV_E_IO, "the store cannot be reached: %s", message);
    if (strcmp(state, "53200") == 0)
        return ov_fail_memory(err);
    if (strcmp(state, "53100") == 0)
        return ov_fail(err, OV_E_IO, "the disk that holds the store is full");
    /* what may pass: connection, rollback, resources, state of an object, an operator, the system,
     * a read-only standby, a temporary table that went with a connection (PostgreSQL Error Codes)
     */
    static const char *const passing[] = {"08", "40", "53", "55", "57", "58", "25006", "42P01"};
    bool passes = false;
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        passes |= strncmp(state, passing[i], strlen(passing[i])) == 0;
    return ov_fail(err, passes ? OV_E_IO : OV_E_REFUSED, "the store: %s", message);
}

static bool is_fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static bool is_lost(const struct connection *connection)
{
    return PQstatus(connection->db) != CONNECTION_OK;
}

/* Waits until an attempt to connect may be made: while the database is gone, they become rarer. */
static void wait_to_connect(struct ov_postgresql *database)
{
    pthread_mutex_lock(&database->mutex);
    int64_t wait = database->again - ov_now_ms();
    pthread_mutex_unlock(&database->mutex);
    const struct timespec pause = {wait / 1000, wait % 1000 * 1000000L};
    if (wait > 0)
        nanosleep(&pause, NULL);
}

/* A random part keeps nodes from coming back at the same time. */
static void note_attempt(struct ov_postgresql *database, bool connected)
{
    uint16_t random = 0;
    (void)!ov_random(&random, sizeof random); /* without it the pause is shorter */
    pthread_mutex_lock(&database->mutex);
    int64_t pause = connected ? 0 : database->pause ? 2 * database->pause : AGAIN_MS;
    database->pause = pause < LONGEST_MS ? pause : LONGEST_MS;
    database->again =
        connected ? 0
                  : ov_now_ms() + database->pause / 2 + database->pause * random / UINT16_MAX / 2;
    pthread_mutex_unlock(&database->mutex);
}

/* Connects again; what was prepared is gone. */
static bool revive(struct connection *connection)
{
    wait_to_connect(connection->database);
    PQreset(connection->db);
    connection->count = 0;
    connection->listening = connection->copying = false;
    note_attempt(connection->database, !is_lost(connection));
    return !is_lost(connection);
}

/* --- many rows: COPY in binary format (PostgreSQL: COPY, Binary Format) --- */

static void put_number(struct ov_buf *rows, uint64_t number, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        ov_buf_char(rows, (char)(number >> shift));
}

/* Forgets the rows that are held back. */
static void drop_rows(struct connection *connection)
{
    connection->bulk = NULL;
    connection->rows.len = 0;
    if (connection->rows.failed) /* it would stay so */
        ov_buf_deinit(&connection->rows);
}

/* Sends the rows that are held back. The database works on them while more are made: what is wrong
 * with them shows at the end. */
static enum ov_status send_rows(struct connection *connection, struct ov_error *err)
{
    if (connection->rows.failed)
        return ov_fail_memory(err);
    if (!connection->copying) {
        PGresult *result = PQexec(connection->db, connection->bulk->copy);
        connection->copying = PQresultStatus(result) == PGRES_COPY_IN;
        enum ov_status status = connection->copying ? OV_OK : fail(connection, result, err);
        PQclear(result);
        if (status != OV_OK)
            return status;
    }
    if (PQputCopyData(connection->db, connection->rows.ptr, (int)connection->rows.len) != 1)
        return fail(connection, NULL, err);
    connection->rows.len = 0;
    return OV_OK;
}

/* Ends the COPY, with an error if the rows are not wanted, and reads its result. */
static enum ov_status end_copy(struct connection *connection, const char *why, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    PGresult *result;
    if (!connection->copying)
        return OV_OK;
    connection->copying = false;
    if (PQputCopyEnd(connection->db, why) != 1)
        status = fail(connection, NULL, err);
    for (bool more = true; more && (result = PQgetResult(connection->db)); PQclear(result)) {
        more = PQresultStatus(result) != PGRES_COPY_IN; /* a lost connection stays in it */
        if (!is_fine(result) && status == OV_OK)
            status = fail(connection, result, err);
    }
    return status;
}

/* Adds the rows that are held back. */
static enum ov_status flush(struct connection *connection, struct ov_error *err)
{
    if (!connection->bulk)
        return OV_OK;
    put_number(&connection->rows, UINT16_MAX, 2); /* -1: the end */
    enum ov_status status = send_rows(connection, err);
    drop_rows(connection);
    enum ov_status ended = end_copy(connection, status == OV_OK ? NULL : "it was aborted",
                                    status == OV_OK ? err : NULL);
    return status == OV_OK ? ended : status;
}

static enum ov_status add(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                          const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    struct connection *connection = of(sql);
    struct ov_buf *rows = &connection->rows;
    if (rows->len > FLUSHED) {
        enum ov_status status = send_rows(connection, err);
        if (status != OV_OK)
            return status;
    }
    if (connection->bulk != bulk) {
        enum ov_status status = flush(connection, err);
        if (status != OV_OK)
            return status;
        ov_buf_put(rows, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19); /* no flags, no extension */
        connection->bulk = bulk;
    }
    put_number(rows, count, 2);
    for (size_t i = 0; i < count; i++)
        if (values[i].kind == OV_SQL_NULL) {
            put_number(rows, UINT32_MAX, 4);
        } else if (values[i].kind == OV_SQL_INT) {
            put_number(rows, 8, 4);
            put_number(rows, (uint64_t)values[i].number, 8);
        } else {
            put_number(rows, values[i].bytes.len, 4);
            ov_buf_text(rows, values[i].bytes);
        }
    return rows->failed ? ov_fail_memory(err) : OV_OK;
}

/* --- transactions --- */

static enum ov_status script(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    bool undone = strcmp(text, "ROLLBACK") == 0, ended = undone || strcmp(text, "COMMIT") == 0;
    if (undone) {
        drop_rows(of(sql));
        (void)!end_copy(of(sql), "it was aborted", NULL);
    }
    enum ov_status flushed = flush(of(sql), err);
    if (ended)
        of(sql)->in_transaction = false;
    if (flushed != OV_OK)
        return flushed;
    PGresult *result = PQexec(of(sql)->db, text);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    of(sql)->lock_not_available = state && strcmp(state, "55P03") == 0;
    enum ov_status status = is_fine(result) ? OV_OK : fail(of(sql), result, err);
    if (status == OV_OK && ended && !undone && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = ov_fail(err, OV_E_REFUSED, "the store: %s", PQcmdStatus(result));
    PQclear(result);
    return status;
}

/* Begins a transaction, on a new connection if this one was lost. */
static enum ov_status begin(struct ov_sql *sql, const char *text, struct ov_error *err)
{
    struct connection *connection = of(sql);
    struct ov_error own = OV_ERROR_LIKE(err);
    enum ov_status status = is_lost(connection) ? OV_E_IO : script(sql, text, &own);
    if (status != OV_OK && !is_lost(connection))
        return ov_fail(err, own.status, "%s", own.message);
    if (status != OV_OK)
        status = revive(connection) ? script(sql, text, err) : fail(connection, NULL, err);
    connection->in_transaction = status == OV_OK;
    return status;
}

/* Cuts off writers whose nodes have said nothing for a while: they have stopped, or are
 * unreachable.
 */
static void cut_off_silent(struct connection *connection)
{
    static const char text[] =
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE pg_locks.locktype = 'advisory' AND pg_locks.database = (SELECT oid FROM pg_database"
        " WHERE datname = current_database()) AND pg_locks.objid = " STORE_TEXT
        " AND pg_locks.objsubid = 1 AND pg_locks.granted AND"
        " pg_stat_activity.wait_event = 'ClientRead' AND"
        " pg_stat_activity.state_change < clock_timestamp() - interval '" SILENT_TEXT "'";
    PQclear(PQexec(connection->db, text)); /* if it fails, the caller waits longer */
}

/* Begins a transaction and waits for its locks, in one message. */
static enum ov_status try_write(struct ov_sql *sql, int64_t scope, int wait_ms, bool *busy,
                                struct ov_error *err)
{
    char text[400], of_tenant[80] = "";
    *busy = false;
    if (scope >= 0) /* two tenants with the same number wait for each other without need */
        snprintf(of_tenant, sizeof of_tenant, "SELECT pg_advisory_xact_lock(" STORE_TEXT ", %d);",
                 (int)(scope % INT32_MAX));
    snprintf(text, sizeof text,
             "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = %d;"
             " SELECT pg_advisory_xact_lock%s(" STORE_TEXT "); %s"
             " SET LOCAL lock_timeout = '" LOCKED_TEXT "'",
             wait_ms > 0 ? wait_ms : 1 /* 0 would be for ever */,
             scope == OV_SCOPE_STORE ? "" : "_shared", of_tenant);
    enum ov_status status = begin(sql, text, err);
    if (status != OV_OK && !is_lost(of(sql))) {
        *busy = of(sql)->lock_not_available;
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
            cut_off_silent(of(sql));
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
static enum ov_status prepare(struct connection *connection, const char *text,
                              const struct bound *bound, char *name, struct ov_error *err)
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
    enum ov_status status = is_fine(result) ? OV_OK : fail(connection, result, err);
    PQclear(result);
    free(own);
    if (status == OV_OK) {
        struct kept *kept = &connection->kept[connection->count++];
        kept->text = text;
        strcpy(kept->kinds, bound->kinds);
    }
    return status;
}

static enum ov_status take(struct connection *connection, struct rows *rows, PGresult *result,
                           struct ov_error *err)
{
    enum ov_status status = is_fine(result) ? OV_OK : fail(connection, result, err);
    PQclear(rows->result);
    rows->result = result;
    rows->at = -1;
    rows->count = status == OV_OK ? PQntuples(result) : 0;
    return status;
}

static enum ov_status run(struct connection *connection, struct rows *rows, const char *text,
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
static enum ov_status open_cursor(struct connection *connection, struct rows *rows,
                                  const char *text, const struct bound *bound, struct ov_error *err)
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

static enum ov_status fetch(struct connection *connection, struct rows *rows, struct ov_error *err)
{
    char text[80];
    snprintf(text, sizeof text, "FETCH %d FROM %s", (int)PART, rows->cursor);
    return take(connection, rows, PQexec(connection->db, text), err);
}

static void query_begin(struct ov_query *query, const char *text, const struct ov_sql_value *values,
                        size_t count, bool many)
{
    struct connection *connection = of(query->sql);
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
    query->status = flush(connection, &own);
    if (query->status == OV_OK && many)
        query->status = open_cursor(connection, rows, text, &bound, &own);
    else if (query->status == OV_OK)
        query->status = run(connection, rows, text, &bound, &own);
    if (query->status != OV_OK && !many && !connection->in_transaction && is_lost(connection) &&
        revive(connection)) {
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
        query->status = fetch(of(query->sql), rows, query->err);
    return ++rows->at < rows->count;
}

static void query_end(struct ov_query *query)
{
    struct rows *rows = query->statement;
    struct connection *connection = of(query->sql);
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
    return of(sql)->changes;
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
    return script(sql, "NOTIFY " CHANNEL, err);
}

bool ov_postgresql_listen(struct ov_sql *sql, int wait_ms, bool *heard)
{
    struct connection *connection = of(sql);
    *heard = false;
    if (is_lost(connection) && !revive(connection))
        return false;
    if (!connection->listening) {
        *heard = true; /* it may have missed one */
        connection->listening = script(sql, "LISTEN " CHANNEL, NULL) == OV_OK;
    }
    struct pollfd ready = {.fd = PQsocket(connection->db), .events = POLLIN};
    if (connection->listening && !*heard && poll(&ready, 1, wait_ms) > 0 &&
        PQconsumeInput(connection->db) == 0)
        return false;
    for (PGnotify *one; (one = PQnotifies(connection->db)); PQfreemem(one))
        *heard = true;
    return connection->listening;
}

static void close_connection(struct ov_sql *sql)
{
    struct connection *connection = of(sql);
    PQfinish(connection->db);
    ov_buf_deinit(&connection->rows);
    free(connection->kept);
    free(connection);
}

static enum ov_status update(struct ov_sql *sql, int wait_ms, bool *made, struct ov_error *err)
{
    bool busy;
    enum ov_status status = begin_write(sql, OV_SCOPE_STORE, wait_ms, &busy, err);
    if (status != OV_OK)
        return status;
    status = ov_schema_update_postgresql(sql, made, err);
    if (status == OV_OK)
        status = script(sql, "COMMIT", err);
    if (status != OV_OK)
        (void)!script(sql, "ROLLBACK", NULL);
    return status;
}

static const struct ov_sql_engine engine = {
    .close = close_connection,
    .begin_write = begin_write,
    .begin_read = begin_read,
    .script = script,
    .add = add,
    .changes = changes,
    .copy = copy,
    .version = ov_schema_version_postgresql,
    .update = update,
    .notify = notify,
    .query_begin = query_begin,
    .query_next = query_next,
    .query_end = query_end,
    .column_int = column_int,
    .column_text = column_text,
    .column_is_null = column_is_null,
};

static void ignore(void *ctx, const char *message)
{
    (void)ctx;
    (void)message; /* notices; errors come with the result */
}

struct ov_postgresql *ov_postgresql_new(const char *address)
{
    struct ov_postgresql *database = calloc(1, sizeof *database);
    if (!database || !(database->address = strdup(address))) {
        free(database);
        return NULL;
    }
    pthread_mutex_init(&database->mutex, NULL);
    return database;
}

void ov_postgresql_free(struct ov_postgresql *database)
{
    if (!database)
        return;
    pthread_mutex_destroy(&database->mutex);
    free(database->address);
    free(database);
}

struct ov_sql *ov_postgresql_open(struct ov_postgresql *database, struct ov_error *err)
{
    /* what comes before the address are defaults, which it may change (seconds) */
    static const char *const names[] = {"fallback_application_name", "connect_timeout",
                                        "keepalives_idle",           "dbname",
                                        "client_encoding",           NULL};
    const char *values[] = {"orgvet", "10", "30", database->address, "UTF8", NULL};
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        ov_fail_memory(err);
        return NULL;
    }
    wait_to_connect(database);
    connection->sql.engine = &engine;
    connection->database = database;
    connection->db = PQconnectdbParams(names, values, 1);
    if (connection->db)
        PQsetNoticeProcessor(connection->db, ignore, NULL);
    note_attempt(database, PQstatus(connection->db) == CONNECTION_OK);
    if (PQstatus(connection->db) == CONNECTION_OK)
        return &connection->sql;
    fail(connection, NULL, err);
    close_connection(&connection->sql);
    return NULL;
}
