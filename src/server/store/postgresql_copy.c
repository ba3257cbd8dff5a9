/* server/store/postgresql_copy.c: many rows, by COPY in its binary format (PostgreSQL: COPY, Binary
 * Format). */
#include "base/error.h"
#include "server/store/postgresql_copy.h"

enum { FLUSHED = 1 << 16 /* bytes of rows that are held back */ };

static void put_number(struct ov_buf *rows, uint64_t number, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        ov_buf_char(rows, (char)(number >> shift));
}

/* Forgets the rows that are held back. */
static void drop_rows(struct ov_pg *connection)
{
    connection->bulk = NULL;
    connection->rows.len = 0;
    if (connection->rows.failed) /* it would stay so */
        ov_buf_deinit(&connection->rows);
}

/* Sends the rows that are held back. The database works on them while more are made: what is wrong
 * with them shows at the end. */
static enum ov_status send_rows(struct ov_pg *connection, struct ov_error *err)
{
    if (connection->rows.failed)
        return ov_fail_memory(err);
    if (!connection->copying) {
        PGresult *result = PQexec(connection->db, connection->bulk->copy);
        connection->copying = PQresultStatus(result) == PGRES_COPY_IN;
        enum ov_status status = connection->copying ? OV_OK : ov_pg_fail(connection, result, err);
        PQclear(result);
        if (status != OV_OK)
            return status;
    }
    if (PQputCopyData(connection->db, connection->rows.ptr, (int)connection->rows.len) != 1)
        return ov_pg_fail(connection, NULL, err);
    connection->rows.len = 0;
    return OV_OK;
}

/* Ends the COPY, with an error if the rows are not wanted, and reads its result. */
static enum ov_status end_copy(struct ov_pg *connection, const char *why, struct ov_error *err)
{
    enum ov_status status = OV_OK;
    PGresult *result;
    if (!connection->copying)
        return OV_OK;
    connection->copying = false;
    if (PQputCopyEnd(connection->db, why) != 1)
        status = ov_pg_fail(connection, NULL, err);
    for (bool more = true; more && (result = PQgetResult(connection->db)); PQclear(result)) {
        more = PQresultStatus(result) != PGRES_COPY_IN; /* a lost connection stays in it */
        if (!ov_pg_is_fine(result) && status == OV_OK)
            status = ov_pg_fail(connection, result, err);
    }
    return status;
}

enum ov_status ov_pg_flush(struct ov_pg *connection, struct ov_error *err)
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

enum ov_status ov_pg_add(struct ov_sql *sql, const struct ov_sql_bulk *bulk,
                         const struct ov_sql_value *values, size_t count, struct ov_error *err)
{
    struct ov_pg *connection = ov_pg_of(sql);
    struct ov_buf *rows = &connection->rows;
    if (rows->len > FLUSHED) {
        enum ov_status status = send_rows(connection, err);
        if (status != OV_OK)
            return status;
    }
    if (connection->bulk != bulk) {
        enum ov_status status = ov_pg_flush(connection, err);
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

void ov_pg_forget(struct ov_pg *connection)
{
    drop_rows(connection);
    (void)!end_copy(connection, "it was aborted", NULL);
}
