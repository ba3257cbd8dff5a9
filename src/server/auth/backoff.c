/* server/auth/backoff.c: see backoff.h. A row for each key; each of them has cost its sender the
 * time of a password's check, so that there are not many. */
#include "server/auth/backoff.h"

#include "base/error.h"
#include "base/sha256.h"

enum {
    LONGEST_MS = OV_BACKOFF_LONGEST * 1000,
    FORGOTTEN_MS = 2 * LONGEST_MS, /* after the end of the last delay */
};

static enum ov_status hash_of(struct ov_text key, char hash[OV_SHA256_HEX], struct ov_error *err)
{
    struct ov_sha256 *sha = ov_sha256_new();
    if (!sha)
        return ov_fail_memory(err);
    ov_sha256_add(sha, key.ptr, key.len);
    ov_sha256_hex(sha, hash);
    ov_sha256_free(sha);
    return OV_OK;
}

enum ov_status ov_backoff_wait(struct ov_sql *sql, struct ov_text key, int64_t *wait,
                               struct ov_error *err)
{
    char hash[OV_SHA256_HEX];
    *wait = 0;
    enum ov_status status = hash_of(key, hash, err);
    if (status == OV_OK)
        status = ov_sql_number(sql, "SELECT until - now_ms() FROM backoff WHERE key = ?1",
                               OV_BIND(OV_SQL_T(ov_text_of(hash))), wait, NULL, err);
    if (*wait < 0)
        *wait = 0;
    return status;
}

/* A second, then twice as long each time: 2^9 seconds are less than the longest delay, 2^10 more.
 */
enum ov_status ov_backoff_add(struct ov_sql *sql, struct ov_text key, struct ov_error *err)
{
    char hash[OV_SHA256_HEX];
    enum ov_status status = hash_of(key, hash, err);
    return status != OV_OK
               ? status
               : ov_sql_run(
                     sql,
                     "INSERT INTO backoff (key, until, failures) VALUES (?1, now_ms() + 1000, 1) ON"
                     " CONFLICT (key) DO UPDATE SET"
                     " until = now_ms() + CASE WHEN backoff.until + ?2 < now_ms() THEN 1000"
                     " WHEN backoff.failures >= 10 THEN ?3 ELSE"
                     " 1000 << CAST(backoff.failures AS INTEGER) END,"
                     " failures = CASE WHEN backoff.until + ?2 < now_ms() THEN 1 ELSE"
                     " backoff.failures + 1 END",
                     OV_BIND(OV_SQL_T(ov_text_of(hash)), OV_SQL_I(FORGOTTEN_MS),
                             OV_SQL_I(LONGEST_MS)),
                     err);
}

enum ov_status ov_backoff_clean(struct ov_sql *sql, struct ov_error *err)
{
    return ov_sql_run(
        sql,
        "DELETE FROM backoff WHERE key IN (SELECT key FROM backoff WHERE until < now_ms()"
        " - ?1" OV_SHARED("FOR UPDATE SKIP LOCKED") ")",
        OV_BIND(OV_SQL_I(FORGOTTEN_MS)), err);
}
