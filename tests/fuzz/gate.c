/* tests/fuzz/gate.c: libFuzzer target for a configuration and, after the first NUL, a user
 * upload. Every value of a configuration has a position in it; applied or not, every failure has
 * a message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orgvet/orgvet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char csv[] = "idnumber,parent,name\nCEO,,=Chief\nCOO,CEO,Operations\nOM,COOO,Office\n";

static void expect(bool fine)
{
    if (!fine)
        abort();
}

static struct ov_check *vet(void)
{
    const struct ov_check_options options = {.importer = ov_importer_at(0)};
    struct ov_check *check = ov_check_new(&options, NULL);
    expect(check && ov_check_feed(check, csv, sizeof csv - 1, NULL) == OV_OK &&
           ov_check_finish(check, NULL) == OV_OK);
    return check;
}

static void configure(struct ov_text json)
{
    struct ov_error err = {0};
    struct ov_config *config = ov_config_new(json, &err);
    struct ov_config_value value;
    unsigned line, column;
    uint64_t count = 0, left = 0;
    if (!config) {
        expect(err.status == OV_E_OPTION && sscanf(err.message, "%u:%u: ", &line, &column) == 2 &&
               line > 0 && column > 0);
        return;
    }
    for (size_t scope = 0; scope < ov_config_scopes(config); scope++) {
        (void)ov_config_fits(config, scope, ov_text_of("hr/positions.csv"),
                             ov_text_of("Positions"));
        for (size_t at = 0; ov_config_next(config, scope, &at, &value);)
            expect(value.line > 0 && value.column > 0 && value.key < OV_CONFIG_KEYS);
    }
    struct ov_check *check = vet();
    uint64_t before = ov_check_result(check)->severities[OV_ERROR] +
                      ov_check_result(check)->severities[OV_WARNING] +
                      ov_check_result(check)->severities[OV_INFO];
    expect(ov_check_suppress(check, config, ov_text_of("hr/positions.csv"), &count, NULL) == OV_OK);
    struct ov_finding finding;
    while (ov_check_next(check, &finding) == OV_OK && finding.rule)
        left++;
    expect(left + count == before);
    ov_check_free(check);
    ov_config_free(config);
}

static void upload(struct ov_text text)
{
    struct ov_error err = {0};
    const struct ov_check_options options = {.file_name = "users.csv"};
    struct ov_jobs *jobs = ov_jobs_new(NULL);
    struct ov_check *check = vet();
    expect(jobs && ov_jobs_add(jobs, check, NULL) == OV_OK);
    struct ov_check *users = ov_jobs_check(jobs, &options, NULL);
    expect(users != NULL);
    struct ov_finding finding;
    if (ov_check_feed(users, text.ptr, text.len, &err) == OV_OK &&
        ov_check_finish(users, &err) == OV_OK)
        while (ov_check_next(users, &finding) == OV_OK && finding.rule)
            expect(finding.place.line > 0 && finding.message.len > 0);
    else
        expect(err.message[0] != '\0');
    ov_check_free(users);
    ov_check_free(check);
    ov_jobs_free(jobs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = size ? memchr(text, 0, size) : NULL;
    size_t len = end ? (size_t)(end - text) : size;
    configure((struct ov_text){text, len});
    if (end)
        upload((struct ov_text){end + 1, size - len - 1});
    return 0;
}
