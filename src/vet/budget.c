/* vet/budget.c: parses a budget, a whole number or a percentage, from the command line or a
 * configuration. */
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
