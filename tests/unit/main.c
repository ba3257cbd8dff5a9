/* tests/unit/main.c: runs all suites; the last line is "unit: N passed, N failed". */
#include "unit.h"

#include <CUnit/Basic.h>

uint64_t rng_next(struct rng *rng)
{
    rng->state ^= rng->state << 13;
    rng->state ^= rng->state >> 7;
    rng->state ^= rng->state << 17;
    return rng->state;
}

unsigned rng_below(struct rng *rng, unsigned bound)
{
    return (unsigned)(rng_next(rng) % bound);
}

int main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    suite_base();
    suite_json();
    suite_csv();
    suite_edits();
    suite_mapping();
    suite_layout();
    suite_org();
    suite_check();
    suite_payload();
#ifndef OV_ENGINE_ONLY
    suite_service();
    suite_page();
#endif
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned run = CU_get_number_of_tests_run(), failed = CU_get_number_of_tests_failed();
    unsigned wrong = CU_get_number_of_failures();
    CU_cleanup_registry();
    printf("unit: %u passed, %u failed\n", run - failed, failed);
    return failed || wrong ? 1 : 0;
}
