/* server/auth/admin_list.c: what is administered, as lists (server/server.h, ov_admin_list). */
#include "base/error.h"
#include "server/server.h"
#include "server/store/row_json.h"
#include "server/store/store.h"

static const struct list {
    const char *statement;
    struct ov_row_field fields[10]; /* the last one has no name */
} lists[] = {
    [OV_LIST_USERS] = {"SELECT id, username, firstname, lastname, tenant, administrator, suspended,"
                       " CASE WHEN password IS NULL THEN 0 ELSE 1 END FROM account ORDER BY id",
                       {{"id", OV_ROW_NUMBER, NULL},
                        {"username", OV_ROW_TEXT, NULL},
                        {"firstname", OV_ROW_TEXT, NULL},
                        {"lastname", OV_ROW_TEXT, NULL},
                        {"tenant", OV_ROW_NUMBER, NULL},
                        {"administrator", OV_ROW_FLAG, NULL},
                        {"suspended", OV_ROW_FLAG, NULL},
                        {"password", OV_ROW_FLAG, NULL},
                        {"capabilities", OV_ROW_LIST,
                         "SELECT capability FROM account_capability WHERE account = ?1"
                         " ORDER BY capability"}}},
    [OV_LIST_TOKENS] = {"SELECT token.id, username, shortname, ip, valid_until, by_login,"
                        " token.created FROM token JOIN account ON account.id = token.account JOIN"
                        " service ON service.id = token.service ORDER BY token.id",
                        {{"id", OV_ROW_NUMBER, NULL},
                         {"user", OV_ROW_TEXT, NULL},
                         {"service", OV_ROW_TEXT, NULL},
                         {"ip", OV_ROW_TEXT, NULL},
                         {"valid_until", OV_ROW_TIME, NULL},
                         {"by_login", OV_ROW_FLAG, NULL},
                         {"created", OV_ROW_TIME, NULL}}},
    [OV_LIST_SERVICES] = {"SELECT id, shortname, 1 - restricted, uploads, downloads, capability"
                          " FROM service ORDER BY id",
                          {{"id", OV_ROW_NUMBER, NULL},
                           {"name", OV_ROW_TEXT, NULL},
                           {"everybody", OV_ROW_FLAG, NULL},
                           {"uploads", OV_ROW_FLAG, NULL},
                           {"downloads", OV_ROW_FLAG, NULL},
                           {"capability", OV_ROW_TEXT, NULL},
                           {"users", OV_ROW_LIST,
                            "SELECT username FROM service_account JOIN account ON account.id ="
                            " service_account.account WHERE service_account.service = ?1"
                            " ORDER BY account.id"},
                           {"functions", OV_ROW_LIST,
                            "SELECT function FROM service_function WHERE service = ?1"
                            " ORDER BY function"}}},
    [OV_LIST_TENANTS] = {"SELECT id, name, idnumber,"
                         " (SELECT count(*) FROM account WHERE account.tenant = tenant.id),"
                         " (SELECT count(*) FROM framework WHERE framework.tenant = tenant.id)"
                         " FROM tenant ORDER BY id",
                         {{"id", OV_ROW_NUMBER, NULL},
                          {"name", OV_ROW_TEXT, NULL},
                          {"idnumber", OV_ROW_TEXT, NULL},
                          {"users", OV_ROW_NUMBER, NULL},
                          {"frameworks", OV_ROW_NUMBER, NULL}}},
    [OV_LIST_FRAMEWORKS] =
        {"SELECT id, kind, name, idnumber, nullif(tenant, 0),"
         " (SELECT count(*) FROM item WHERE item.framework = framework.id" OV_SHARED(
             "AND item.tenant = framework.tenant") "), import FROM framework ORDER BY id",
         {{"id", OV_ROW_NUMBER, NULL},
          {"kind", OV_ROW_TEXT, NULL},
          {"name", OV_ROW_TEXT, NULL},
          {"idnumber", OV_ROW_TEXT, NULL},
          {"tenant", OV_ROW_NUMBER, NULL},
          {"items", OV_ROW_NUMBER, NULL},
          {"import", OV_ROW_NUMBER, NULL}}},
};

enum ov_status ov_admin_list(struct ov_store *store, enum ov_admin_list what,
                             const struct ov_sink *out, struct ov_error *err)
{
    struct ov_query query;
    struct ov_buf line = {0};
    struct ov_json json = {.out = &line};
    enum ov_status status = OV_OK;
    struct ov_sql *sql = ov_store_read(store, err);
    if (!sql)
        return OV_E_IO;
    ov_query_begin(&query, sql, lists[what].statement, NULL, 0, err);
    while (status == OV_OK && ov_query_next(&query)) {
        status = ov_row_json(&query, lists[what].fields, &json, err);
        ov_buf_char(&line, '\n');
        if (status == OV_OK)
            status = ov_buf_write(&line, out, err);
    }
    enum ov_status ended = ov_query_end(&query);
    ov_store_read_end(store, sql);
    ov_buf_deinit(&line);
    return status == OV_OK ? ended : status;
}
