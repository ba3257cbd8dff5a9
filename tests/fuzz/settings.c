/* tests/fuzz/settings.c: libFuzzer target for settings in JSON, and a dry run with them. */
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ov_status drop(void *ctx, const char *data, size_t len, struct ov_error *err)
{
    (void)ctx;
    (void)data;
    (void)len;
    (void)err;
    return OV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char csv[] = "idnumber,parent,name,boss\nA,,Alpha,B\n";
    const struct ov_check_options options = {.importer = ov_importer_at(0), .settings_only = true};
    const struct ov_sink sink = {drop, NULL};
    struct ov_error err = {0};
    bool refused;
    struct ov_check *check = ov_check_new(&options, NULL);
    if (!check)
        abort();
    bool fine =
        ov_check_set_json(check, (struct ov_text){(const char *)data, size}, &err) == OV_OK &&
        ov_check_feed(check, csv, sizeof csv - 1, &err) == OV_OK &&
        ov_check_finish(check, &err) == OV_OK;
    if (fine != (err.status == OV_OK) || (!fine && !err.message[0]))
        abort();
    if (ov_check_dry_run(check, fine ? NULL : &err, &sink, &refused, NULL) != OV_OK)
        abort();
    ov_check_free(check);
    return 0;
}
