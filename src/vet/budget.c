/* vet/budget.c: how a budget is written, on the command line and in a configuration. */
#include "base/text.h"
#include "orgvet/payload.h"

bool ov_budget_parse(struct ov_text text, struct ov_budget *budget)
{
    int64_t number;
    bool percent = text.len && text.ptr[text.len - 1] == '%';
    text.len -= percent;
    if (!ov_text_number(text, &number) || number > 1000000000)
        return false;
    budget->most = (double)number;
    budget->percent = percent;
    return true;
}
