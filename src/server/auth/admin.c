/* server/auth/admin.c: administration of users, tokens, services and tenants (server/server.h).
 * Each call is one transaction. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "server/auth/access.h"

/* A name that is shown in lists, commands and messages: letters, digits and a few punctuation
 * characters. */
static enum ov_status check_name(const char *what, const char *name, struct ov_error *err)
{
    size_t len = strlen(name);
    bool sound = len > 0 && len <= 100 && name[0] != '-';
    for (size_t i = 0; i < len && sound; i++)
        sound = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') ||
                strchr("._@-", name[i]) != NULL;
    return sound
               ? OV_OK
               : ov_fail(
                     err, OV_E_OPTION,
                     "`%.100s` is not a valid name for a %s: use only lower-case letters, digits and `.`, "
                     "`_`, `@`, `-`",
                     name, what);
}

static enum ov_status check_ip(const char *ip, struct ov_error *err)
{
    return !ip || ov_ip_list_is_valid(ip)
               ? OV_OK
               : ov_fail(
                     err, OV_E_OPTION,
                     "`%.100s` is not a valid list of addresses or ranges; example: 10.0.0.0/8,::1",
                     ip);
}

/* The id of a name; *id 0 and OV_E_OPTION if not found. */
static enum ov_status find(struct ov_sql *sql, const char *text, const char *what, const char *name,
                           int64_t *id, struct ov_error *err)
{
    bool found = false;
    enum ov_status status =
        ov_sql_number(sql, text, OV_BIND(OV_SQL_T(ov_text_of(name))), id, &found, err);
    if (status != OV_OK || found)
        return status;
    return ov_fail(err, OV_E_OPTION,
                   "%s `%.100s` not found; `orgvet admin %s list` lists the existing ones", what,
                   name, what);
}

static enum ov_status find_user(struct ov_sql *sql, const char *name, int64_t *id,
                                struct ov_error *err)
{
    return find(sql, "SELECT id FROM account WHERE username = ?1", "user", name, id, err);
}

static enum ov_status find_service(struct ov_sql *sql, const char *name, int64_t *id,
                                   struct ov_error *err)
{
    bool found = false;
    if (name)
        return find(sql, "SELECT id FROM service WHERE shortname = ?1", "service", name, id, err);
    enum ov_status status =
        ov_sql_number(sql, "SELECT id FROM service ORDER BY id LIMIT 1", NULL, 0, id, &found, err);
    if (status != OV_OK || found)
        return status;
    return ov_fail(err, OV_E_OPTION,
                   "no service found; create one with `orgvet admin service add`");
}

static enum ov_status find_tenant(struct ov_sql *sql, const char *name, int64_t *id,
                                  struct ov_error *err)
{
    bool found = false;
    if (name)
        return find(sql,
                    "SELECT id FROM tenant WHERE CAST(id AS TEXT) = ?1 OR idnumber = ?1 OR name ="
                    " ?1 ORDER BY name = ?1",
                    "tenant", name, id, err);
    enum ov_status status =
        ov_sql_number(sql, "SELECT id FROM tenant ORDER BY id LIMIT 1", NULL, 0, id, &found, err);
    if (status != OV_OK || found)
        return status;
    return ov_fail(err, OV_E_OPTION, "no tenant found; create one with `orgvet admin tenant add`");
}

/* OV_E_OPTION if the name is already taken. */
static enum ov_status is_free(struct ov_sql *sql, const char *text, const char *what,
                              const char *name, struct ov_error *err)
{
    int64_t id;
    bool found = false;
    enum ov_status status =
        ov_sql_number(sql, text, OV_BIND(OV_SQL_T(ov_text_of(name))), &id, &found, err);
    if (status != OV_OK || !found)
        return status;
    return ov_fail(err, OV_E_OPTION, "the %s `%.100s` already exists", what, name);
}

/* --- users --- */

static enum ov_status add_capability(struct ov_sql *sql, int64_t account, const char *name,
                                     struct ov_error *err)
{
    const char *names[OV_CAPABILITIES];
    for (size_t i = 0; i < OV_CAPABILITIES; i++) {
        names[i] = ov_capability_at(i).name;
        if (strcmp(names[i], name) == 0)
            return ov_sql_run(
                sql, "INSERT INTO account_capability VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                OV_BIND(OV_SQL_I(account), OV_SQL_T(ov_text_of(name))), err);
    }
    const char *nearest = ov_text_nearest(ov_text_of(name), names, OV_CAPABILITIES, 4);
    return ov_fail(err, OV_E_OPTION, "unknown capability `%.60s`; did you mean `%s`?", name,
                   nearest ? nearest : names[OV_CAN_IMPORT]);
}

static enum ov_status add_user(struct ov_sql *sql, const struct ov_user_options *options,
                               const char *hash, struct ov_error *err)
{
    int64_t tenant = 0, account = 0;
    enum ov_status status =
        is_free(sql, "SELECT id FROM account WHERE username = ?1", "user", options->username, err);
    if (status == OV_OK)
        status = find_tenant(sql, options->tenant, &tenant, err);
    if (status == OV_OK)
        status = ov_sql_number(
            sql,
            "INSERT INTO account (username, password, firstname, lastname, tenant, administrator,"
            " created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
            OV_BIND(
                OV_SQL_T(ov_text_of(options->username)), OV_SQL_T0(ov_text_of(hash)),
                OV_SQL_T(ov_text_of(options->first_name ? options->first_name : options->username)),
                OV_SQL_T(ov_text_of(options->last_name)), OV_SQL_I(tenant),
                OV_SQL_I(options->administrator), OV_SQL_I(time(NULL))),
            &account, NULL, err);
    for (size_t i = 0; i < options->capability_count && status == OV_OK; i++)
        status = add_capability(sql, account, options->capabilities[i], err);
    for (size_t i = 0; i < OV_CAPABILITIES && options->default_capabilities && status == OV_OK; i++)
        if (ov_capability_at(i).by_default)
            status = add_capability(sql, account, ov_capability_at(i).name, err);
    return status;
}

/* The hash of a password; empty if there is none. */
static enum ov_status hash_password(struct ov_text given, char hash[256], struct ov_error *err)
{
    char password[513];
    hash[0] = '\0';
    if (given.len == 0)
        return OV_OK;
    if (given.len >= sizeof password || memchr(given.ptr, 0, given.len))
        return ov_fail(err, OV_E_OPTION,
                       "a password must be at most 512 bytes long and must not contain a NUL byte");
    memcpy(password, given.ptr, given.len);
    password[given.len] = '\0';
    return ov_password_hash(password, hash) ? OV_OK : ov_fail_memory(err);
}

enum ov_status ov_admin_user_add(struct ov_store *store, const struct ov_user_options *options,
                                 struct ov_error *err)
{
    char hash[256];
    enum ov_status status = check_name("user", options->username, err);
    if (status == OV_OK)
        status = hash_password(options->password, hash, err);
    if (status != OV_OK)
        return status;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(store, sql, sql ? add_user(sql, options, hash, err) : OV_E_IO, err);
}

static enum ov_status change_user(struct ov_sql *sql, const struct ov_user_change *change,
                                  const char *hash, struct ov_error *err)
{
    int64_t id;
    enum ov_status status = find_user(sql, change->username, &id, err);
    if (status == OV_OK && change->password)
        status = ov_sql_run(sql, "UPDATE account SET password = ?2 WHERE id = ?1",
                            OV_BIND(OV_SQL_I(id), OV_SQL_T0(ov_text_of(hash))), err);
    if (status == OV_OK && change->suspended != OV_AS_IT_IS)
        status = ov_sql_run(sql, "UPDATE account SET suspended = ?2 WHERE id = ?1",
                            OV_BIND(OV_SQL_I(id), OV_SQL_I(change->suspended == OV_SUSPEND)), err);
    if (status == OV_OK && (change->password || change->suspended != OV_REACTIVATE))
        status =
            ov_sql_run(sql, "DELETE FROM session WHERE account = ?1", OV_BIND(OV_SQL_I(id)), err);
    return status;
}

enum ov_status ov_admin_user_change(struct ov_store *store, const struct ov_user_change *change,
                                    struct ov_error *err)
{
    char hash[256] = "";
    enum ov_status status = change->password ? hash_password(*change->password, hash, err) : OV_OK;
    if (status != OV_OK)
        return status;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(store, sql, sql ? change_user(sql, change, hash, err) : OV_E_IO, err);
}

static enum ov_status remove_user(struct ov_sql *sql, const char *username, bool *suspended,
                                  struct ov_error *err)
{
    int64_t id, one, tenant = 0;
    enum ov_status status = find_user(sql, username, &id, err);
    if (status == OV_OK)
        status = ov_sql_number(sql, "SELECT tenant FROM account WHERE id = ?1",
                               OV_BIND(OV_SQL_I(id)), &tenant, NULL, err);
    if (status == OV_OK)
        status = ov_sql_number(sql,
                               "SELECT 1 FROM import WHERE account = ?1 UNION ALL"
                               " SELECT 1 FROM export WHERE account = ?1",
                               OV_BIND(OV_SQL_I(id)), &one, suspended, err);
    if (status == OV_OK)
        status =
            ov_sql_run(sql, "DELETE FROM token WHERE account = ?1", OV_BIND(OV_SQL_I(id)), err);
    if (status != OV_OK)
        return status;
    if (*suspended)
        return ov_sql_run(sql, "UPDATE account SET suspended = 1 WHERE id = ?1",
                          OV_BIND(OV_SQL_I(id)), err);
    status = ov_sql_run(sql, "DELETE FROM account WHERE id = ?1", OV_BIND(OV_SQL_I(id)), err);
    return status == OV_OK ? ov_content_sweep(sql, tenant, err) : status; /* of their drafts */
}

enum ov_status ov_admin_user_remove(struct ov_store *store, const char *username, bool *suspended,
                                    struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    *suspended = false;
    return ov_store_write_end(store, sql,
                              sql ? remove_user(sql, username, suspended, err) : OV_E_IO, err);
}

/* --- tokens --- */

static enum ov_status add_token(struct ov_sql *sql, const struct ov_token_options *options,
                                const char *hash, bool *authorised, struct ov_error *err)
{
    int64_t account = 0, service = 0, one = 0;
    enum ov_status status = find_user(sql, options->username, &account, err);
    if (status == OV_OK)
        status = find_service(sql, options->service, &service, err);
    if (status == OV_OK)
        status = ov_sql_run(
            sql,
            "INSERT INTO token (hash, account, service, ip, valid_until, by_login, created)"
            " VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
            OV_BIND(OV_SQL_T(ov_text_of(hash)), OV_SQL_I(account), OV_SQL_I(service),
                    OV_SQL_T0(ov_text_of(options->ip)), OV_SQL_I0(options->valid_until),
                    OV_SQL_I(time(NULL))),
            err);
    if (status == OV_OK && !options->service) /* authorises for the first service */
        status = ov_sql_run(sql,
                            "INSERT INTO service_account (service, account)"
                            " VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                            OV_BIND(OV_SQL_I(service), OV_SQL_I(account)), err);
    if (status == OV_OK)
        status = ov_sql_number(
            sql,
            "SELECT 1 FROM service WHERE id = ?1 AND (restricted = 0 OR EXISTS (SELECT 1 FROM"
            " service_account WHERE service = ?1 AND account = ?2 AND"
            " (valid_until IS NULL OR valid_until > ?3)))",
            OV_BIND(OV_SQL_I(service), OV_SQL_I(account), OV_SQL_I(time(NULL))), &one, authorised,
            err);
    return status;
}

enum ov_status ov_admin_token_add(struct ov_store *store, const struct ov_token_options *options,
                                  char token[OV_TOKEN_LENGTH + 1], bool *authorised,
                                  struct ov_error *err)
{
    char hash[OV_SHA256_HEX];
    enum ov_status status = check_ip(options->ip, err);
    if (status != OV_OK)
        return status;
    if (!ov_token_new(token) || !ov_token_hash((struct ov_text){token, OV_TOKEN_LENGTH}, hash))
        return ov_fail(err, OV_E_IO, "no random numbers available for a token");
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(store, sql,
                              sql ? add_token(sql, options, hash, authorised, err) : OV_E_IO, err);
}

enum ov_status ov_admin_token_remove(struct ov_store *store, int64_t id, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    enum ov_status status =
        sql ? ov_sql_run(sql, "DELETE FROM token WHERE id = ?1", OV_BIND(OV_SQL_I(id)), err)
            : OV_E_IO;
    if (status == OV_OK && ov_sql_changes(sql) == 0)
        status = ov_fail(err, OV_E_OPTION,
                         "token %lld not found; `orgvet admin token list` lists the existing ones",
                         (long long)id);
    return ov_store_write_end(store, sql, status, err);
}

/* --- services --- */

static enum ov_status add_function(struct ov_sql *sql, int64_t service, const char *name,
                                   struct ov_error *err)
{
    const char *names[64];
    size_t count = 0;
    for (; count < 64 && ov_service_function_at(count); count++) {
        names[count] = ov_service_function_at(count);
        if (strcmp(names[count], name) == 0)
            return ov_sql_run(sql,
                              "INSERT INTO service_function VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                              OV_BIND(OV_SQL_I(service), OV_SQL_T(ov_text_of(name))), err);
    }
    const char *nearest = ov_text_nearest(ov_text_of(name), names, count, 6);
    return ov_fail(err, OV_E_OPTION, "unknown function `%.80s`; did you mean `%s`?", name,
                   nearest ? nearest : names[0]);
}

static enum ov_status add_service(struct ov_sql *sql, const struct ov_service_entry *entry,
                                  struct ov_error *err)
{
    int64_t id = 0;
    bool known = !entry->capability;
    for (size_t i = 0; i < OV_CAPABILITIES && !known; i++)
        known = strcmp(ov_capability_at(i).name, entry->capability) == 0;
    if (!known)
        return ov_fail(err, OV_E_OPTION, "unknown capability `%.60s`", entry->capability);
    enum ov_status status =
        is_free(sql, "SELECT id FROM service WHERE shortname = ?1", "service", entry->name, err);
    if (status == OV_OK)
        status = ov_sql_number(
            sql,
            "INSERT INTO service (shortname, restricted, uploads, downloads, capability, created)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
            OV_BIND(OV_SQL_T(ov_text_of(entry->name)), OV_SQL_I(!entry->everybody),
                    OV_SQL_I(!entry->no_uploads), OV_SQL_I(!entry->no_downloads),
                    OV_SQL_T0(ov_text_of(entry->capability)), OV_SQL_I(time(NULL))),
            &id, NULL, err);
    for (size_t i = 0; i < entry->function_count && status == OV_OK; i++)
        status = add_function(sql, id, entry->functions[i], err);
    for (size_t i = 0; entry->function_count == 0 && ov_service_function_at(i) && status == OV_OK;
         i++)
        status = add_function(sql, id, ov_service_function_at(i), err);
    return status;
}

enum ov_status ov_admin_service_add(struct ov_store *store, const struct ov_service_entry *entry,
                                    struct ov_error *err)
{
    enum ov_status status = check_name("service", entry->name, err);
    if (status != OV_OK)
        return status;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(store, sql, sql ? add_service(sql, entry, err) : OV_E_IO, err);
}

enum ov_status ov_admin_service_remove(struct ov_store *store, const char *name,
                                       struct ov_error *err)
{
    int64_t id = 0;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    enum ov_status status = sql ? find_service(sql, name, &id, err) : OV_E_IO;
    if (status == OV_OK)
        status = ov_sql_run(sql, "DELETE FROM service WHERE id = ?1", OV_BIND(OV_SQL_I(id)), err);
    return ov_store_write_end(store, sql, status, err);
}

static enum ov_status allow_user(struct ov_sql *sql, const char *name, const char *username,
                                 bool allow, const char *ip, int64_t valid_until,
                                 struct ov_error *err)
{
    int64_t service = 0, account = 0;
    enum ov_status status = find_service(sql, name, &service, err);
    if (status == OV_OK)
        status = find_user(sql, username, &account, err);
    if (status != OV_OK)
        return status;
    if (!allow)
        return ov_sql_run(sql, "DELETE FROM service_account WHERE service = ?1 AND account = ?2",
                          OV_BIND(OV_SQL_I(service), OV_SQL_I(account)), err);
    return ov_sql_run(
        sql,
        "INSERT INTO service_account VALUES (?1, ?2, ?3, ?4) ON CONFLICT (service,"
        " account) DO UPDATE SET ip = excluded.ip, valid_until = excluded.valid_until",
        OV_BIND(OV_SQL_I(service), OV_SQL_I(account), OV_SQL_T0(ov_text_of(ip)),
                OV_SQL_I0(valid_until)),
        err);
}

enum ov_status ov_admin_service_allow(struct ov_store *store, const char *name,
                                      const char *username, bool allow, const char *ip,
                                      int64_t valid_until, struct ov_error *err)
{
    enum ov_status status = check_ip(ip, err);
    if (status != OV_OK)
        return status;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(
        store, sql, sql ? allow_user(sql, name, username, allow, ip, valid_until, err) : OV_E_IO,
        err);
}

/* --- tenants --- */

static enum ov_status add_tenant(struct ov_sql *sql, const char *name, const char *idnumber,
                                 int64_t *id, struct ov_error *err)
{
    int64_t count = 0, limit = 0;
    enum ov_status status =
        ov_sql_number(sql, "SELECT count(*) FROM tenant", NULL, 0, &count, NULL, err);
    if (status == OV_OK)
        status = ov_sql_number(
            sql, "SELECT value FROM counter WHERE tenant = -1 AND name = 'tenant limit'", NULL, 0,
            &limit, NULL, err);
    if (status == OV_OK && limit && count >= limit)
        return ov_fail(
            err, OV_E_OPTION,
            "there are %lld tenants, and no more are allowed: `orgvet admin tenant limit` "
            "changes the limit",
            (long long)count);
    if (status == OV_OK && idnumber)
        status = is_free(sql, "SELECT id FROM tenant WHERE idnumber = ?1", "tenant", idnumber, err);
    if (status == OV_OK)
        status = ov_sql_number(
            sql, "INSERT INTO tenant (name, idnumber, created) VALUES (?1, ?2, ?3) RETURNING id",
            OV_BIND(OV_SQL_T(ov_text_of(name)), OV_SQL_T0(ov_text_of(idnumber)),
                    OV_SQL_I(time(NULL))),
            id, NULL, err);
    return status;
}

enum ov_status ov_admin_tenant_add(struct ov_store *store, const char *name, const char *idnumber,
                                   int64_t *id, struct ov_error *err)
{
    struct ov_text text = ov_text_of(name);
    if (text.len == 0 || text.len > 255 || ov_utf8_valid_prefix(text, NULL) != text.len)
        return ov_fail(err, OV_E_OPTION, "a tenant's name must be 1 to 255 bytes of UTF-8");
    if (idnumber && (ov_text_is_digits(ov_text_of(idnumber)) || strlen(idnumber) > 100))
        return ov_fail(
            err, OV_E_OPTION,
            "a tenant's idnumber cannot be a number, because it would be taken for an id, and "
            "must be at most 100 bytes long");
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(store, sql, sql ? add_tenant(sql, name, idnumber, id, err) : OV_E_IO,
                              err);
}

enum ov_status ov_admin_tenant_remove(struct ov_store *store, const char *tenant,
                                      struct ov_error *err)
{
    int64_t id = 0, users = 0, others = 0;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    enum ov_status status = sql ? find_tenant(sql, tenant, &id, err) : OV_E_IO;
    if (status == OV_OK)
        status = ov_sql_number(sql, "SELECT count(*) FROM account WHERE tenant = ?1",
                               OV_BIND(OV_SQL_I(id)), &users, NULL, err);
    if (status == OV_OK)
        status = ov_sql_number(sql,
                               "SELECT (SELECT count(*) FROM framework WHERE tenant = ?1) +"
                               " (SELECT count(*) FROM import WHERE tenant = ?1) +"
                               " (SELECT count(*) FROM export WHERE tenant = ?1)",
                               OV_BIND(OV_SQL_I(id)), &others, NULL, err);
    if (status == OV_OK && (users || others))
        status = ov_fail(err, OV_E_OPTION,
                         "the tenant `%.100s` has %lld users, and %lld frameworks, imports and "
                         "exports; remove them first",
                         tenant, (long long)users, (long long)others);
    if (status == OV_OK)
        status = ov_sql_run(sql, "DELETE FROM tenant WHERE id = ?1", OV_BIND(OV_SQL_I(id)), err);
    if (status == OV_OK)
        status = ov_sql_run(sql, "DELETE FROM queue WHERE tenant = ?1", OV_BIND(OV_SQL_I(id)), err);
    if (status == OV_OK)
        status =
            ov_sql_run(sql, "DELETE FROM counter WHERE tenant = ?1", OV_BIND(OV_SQL_I(id)), err);
    return ov_store_write_end(store, sql, status, err);
}

enum ov_status ov_admin_tenant_limit(struct ov_store *store, int64_t limit, struct ov_error *err)
{
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    return ov_store_write_end(
        store, sql,
        sql ? ov_sql_run(sql,
                         "INSERT INTO counter (tenant, name, value) VALUES (-1, 'tenant limit', ?1)"
                         " ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value",
                         OV_BIND(OV_SQL_I(limit)), err)
            : OV_E_IO,
        err);
}

/* --- a new store --- */

#define FIRST_NAME "orgvet"

static enum ov_status set_up(struct ov_sql *sql, const char *hash, struct ov_error *err)
{
    int64_t tenant;
    bool authorised;
    const struct ov_service_entry entry = {.name = FIRST_NAME};
    const struct ov_user_options user = {
        .username = "admin", .first_name = "Admin", .last_name = "User", .administrator = true};
    const struct ov_token_options token = {.username = "admin"};
    enum ov_status status = add_tenant(sql, "Default", "default", &tenant, err);
    if (status == OV_OK)
        status = add_service(sql, &entry, err);
    if (status == OV_OK)
        status = add_user(sql, &user, "", err);
    return status == OV_OK ? add_token(sql, &token, hash, &authorised, err) : status;
}

enum ov_status ov_admin_set_up(struct ov_store *store,
                               enum ov_status (*keep)(void *ctx, const char *token,
                                                      struct ov_error *err),
                               void *ctx, bool *done, struct ov_error *err)
{
    char token[OV_TOKEN_LENGTH + 1], hash[OV_SHA256_HEX];
    int64_t users = 0;
    *done = false;
    if (!ov_token_new(token) || !ov_token_hash((struct ov_text){token, OV_TOKEN_LENGTH}, hash))
        return ov_fail(err, OV_E_IO, "no random numbers available for a token");
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, err);
    if (!sql)
        return OV_E_IO;
    enum ov_status status =
        ov_sql_number(sql, "SELECT count(*) FROM account", NULL, 0, &users, NULL, err);
    if (status == OV_OK && users == 0) {
        status = set_up(sql, hash, err);
        if (status == OV_OK)
            status = keep(ctx, token, err);
        *done = status == OV_OK;
    }
    return ov_store_write_end(store, sql, status, err);
}
