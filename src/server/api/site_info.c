/* server/api/site_info.c: core_webservice_get_site_info (PROTOCOL.md, Site info). */
#include "server/api/functions.h"

bool ov_run_site_info(struct ov_request *request, const struct ov_value *params,
                      struct ov_value **result)
{
    (void)params;
    const struct ov_service *service = request->service;
    const struct ov_caller *caller = &request->caller;
    struct ov_values_pool *pool = &request->pool;
    struct ov_value *map = *result = ov_value_new(pool, OV_VALUE_MAP);
    struct ov_value *functions = ov_value_new(pool, OV_VALUE_LIST);
    const char *site = service->options.site_name;
    struct ov_text lastname = caller->lastname;
    ov_value_put_text(pool, map, "sitename", ov_text_of(site ? site : "orgvet"));
    ov_value_put_text(pool, map, "username", caller->username);
    ov_value_put_text(pool, map, "firstname", caller->firstname);
    ov_value_put_text(pool, map, "lastname", lastname);
    ov_value_put_text(pool, map, "fullname",
                      ov_pool_format(pool, "%.*s%s%.*s", OV_FMT(caller->firstname),
                                     lastname.len ? " " : "", OV_FMT(lastname)));
    ov_value_put_text(pool, map, "lang", OV_TEXT("en"));
    ov_value_put_int(pool, map, "userid", caller->account);
    ov_value_put_text(pool, map, "siteurl", ov_text_of(service->base_url));
    ov_value_put_text(pool, map, "userpictureurl", OV_TEXT(""));
    ov_value_add(map, OV_TEXT("functions"), functions);
    ov_value_put_int(pool, map, "downloadfiles", caller->downloads);
    ov_value_put_int(pool, map, "uploadfiles", caller->uploads);
    ov_value_put_text(pool, map, "release", ov_pool_format(pool, "orgvet %s", ov_version()));
    ov_value_put_text(pool, map, "version", ov_text_of(ov_version()));
    ov_value_put_text(pool, map, "mobilecssurl", OV_TEXT(""));
    ov_value_put_bool(pool, map, "usercanmanageownfiles", caller->uploads);
    ov_value_put_int(pool, map, "userquota", (int64_t)service->options.user_quota);
    ov_value_put_int(pool, map, "usermaxuploadfilesize", (int64_t)service->options.max_upload);
    ov_value_put_int(pool, map, "userhomepage", 0);
    ov_value_put_int(pool, map, "siteid", 1);
    ov_value_put_text(pool, map, "sitecalendartype", OV_TEXT("gregorian"));
    ov_value_put_text(pool, map, "usercalendartype", OV_TEXT("gregorian"));
    ov_value_put_bool(pool, map, "userissiteadmin", caller->administrator);
    ov_value_put_text(pool, map, "theme", OV_TEXT("boost"));
    for (size_t i = 0; ov_function_at(i); i++) {
        struct ov_text name = ov_text_of(ov_function_at(i)->name);
        if (!ov_access_has_function(request, name))
            continue;
        struct ov_value *one = ov_value_new(pool, OV_VALUE_MAP);
        ov_value_put_text(pool, one, "name", name);
        ov_value_put_text(pool, one, "version", ov_text_of(ov_version()));
        ov_value_add(functions, (struct ov_text){0}, one);
    }
    return request->err.status == OV_OK;
}
