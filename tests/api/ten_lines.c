#include <orgvet/orgvet.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
    const char *csv = "idnumber,parent,name\nCEO,,Chief\nOM,CEOO,Office\n";
    struct ov_check *check =
        ov_check_new(&(struct ov_check_options){.file_name = "positions.csv"}, NULL);
    struct ov_finding f;
    if (!check || ov_check_feed(check, csv, strlen(csv), NULL) || ov_check_finish(check, NULL))
        return 1;
    while (ov_check_next(check, &f) == OV_OK && f.rule)
        printf("%llu:%llu %s %.*s\n", (unsigned long long)f.place.line,
               (unsigned long long)f.place.column, f.rule->code, (int)f.message.len, f.message.ptr);
    ov_check_free(check);
}
