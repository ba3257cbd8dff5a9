/* server/store/postgresql_connection.c: see postgresql_connection.h. */
#include "server/store/postgresql_connection.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/hash.h"
#include "server/server.h"
#include "server/store/fair_lock.h"

enum {
    AGAIN_MS = 100, /* between two attempts to connect, at first; then twice as long each time */
    LONGEST_MS = 2000,
};

struct ov_postgresql {
    char *address;
    pthread_mutex_t mutex; /* protects the members below */
    int64_t again;         /* when the next attempt to connect may be made (ov_now_ms) */
    int64_t pause;         /* ms; 0: the last attempt succeeded */
};

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

enum ov_status ov_pg_fail(const struct ov_pg *connection, const PGresult *result,
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

bool ov_pg_is_fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

bool ov_pg_is_lost(const struct ov_pg *connection)
{
    return PQstatus(connection->db) != CONNECTION_OK;
}

/* --- connecting --- */

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

bool ov_pg_revive(struct ov_pg *connection)
{
    wait_to_connect(connection->database);
    PQreset(connection->db);
    connection->count = 0;
    connection->listening = connection->copying = false;
    note_attempt(connection->database, !ov_pg_is_lost(connection));
    return !ov_pg_is_lost(connection);
}

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
    struct ov_pg *connection = calloc(1, sizeof *connection);
    if (!connection) {
        ov_fail_memory(err);
        return NULL;
    }
    wait_to_connect(database);
    connection->sql.engine = &ov_pg_engine;
    connection->database = database;
    connection->db = PQconnectdbParams(names, values, 1);
    if (connection->db)
        PQsetNoticeProcessor(connection->db, ignore, NULL);
    note_attempt(database, PQstatus(connection->db) == CONNECTION_OK);
    if (PQstatus(connection->db) == CONNECTION_OK)
        return &connection->sql;
    ov_pg_fail(connection, NULL, err);
    ov_sql_close(&connection->sql);
    return NULL;
}

/* --- listening --- */

bool ov_pg_listen(struct ov_sql *sql, int wait_ms, bool *heard)
{
    struct ov_pg *connection = ov_pg_of(sql);
    if (ov_pg_is_lost(connection) && !ov_pg_revive(connection))
        return false;
    if (!connection->listening) {
        *heard = true; /* it may have missed one */
        connection->listening = ov_sql_script(sql, "LISTEN " OV_PG_CHANNEL, NULL) == OV_OK;
    }
    struct pollfd ready = {.fd = PQsocket(connection->db), .events = POLLIN};
    if (connection->listening && !*heard && poll(&ready, 1, wait_ms) > 0 &&
        PQconsumeInput(connection->db) == 0)
        return false;
    for (PGnotify *one; (one = PQnotifies(connection->db)); PQfreemem(one))
        *heard = true;
    return connection->listening;
}
