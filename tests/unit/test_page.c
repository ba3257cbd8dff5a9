/* tests/unit/test_page.c: the cache of views: who waits for whom, what is dropped, what is made
 * again. */
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/error.h"
#include "page/draft_cache.h"

/* What making a view is to do, and how often it was made. */
struct making {
    unsigned count;
    bool fails;
    sem_t *begun, *may_end; /* NULL: does not wait */
};

static int file_with(const char *text)
{
    char path[] = "/tmp/orgvet-unit-XXXXXX";
    int fd = mkstemp(path);
    unlink(path);
    CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    return fd;
}

static struct ov_view *make(void *ctx, struct ov_error *err)
{
    struct making *making = ctx;
    struct ov_view_options options = {.file_name = "a.csv"};
    making->count++;
    if (making->begun)
        sem_post(making->begun);
    if (making->may_end)
        while (sem_wait(making->may_end) != 0)
            continue;
    if (making->fails) {
        ov_fail(err, OV_E_OPTION, "it was to fail");
        return NULL;
    }
    options.file = file_with("idnumber,parent,name\nA,,First\nB,A,Second\n");
    options.rows = file_with("");
    return ov_view_new(&options, err);
}

static bool take_and_give(struct ov_draft_cache *cache, int64_t owner, const char *key,
                          struct making *making, bool fit)
{
    struct ov_error err = {0};
    bool busy;
    struct ov_view *view =
        ov_draft_cache_take(cache, owner, ov_text_of(key), make, making, &busy, &err);
    if (view)
        ov_draft_cache_give(cache, view, fit);
    return view != NULL;
}

static void test_kept(void)
{
    struct ov_error err = {0};
    struct ov_draft_cache *cache = ov_draft_cache_new(&err);
    struct making good = {0}, bad = {.fails = true};
    CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
    CU_ASSERT_TRUE(take_and_give(cache, 1, "a", &good, true));
    CU_ASSERT_TRUE(take_and_give(cache, 1, "a", &good, true));
    CU_ASSERT_EQUAL(good.count, 1);
    CU_ASSERT_FALSE(take_and_give(cache, 2, "b", &bad, true)); /* keeps others' views */
    CU_ASSERT_FALSE(take_and_give(cache, 2, "b", &bad, true)); /* and is tried again */
    CU_ASSERT_EQUAL(bad.count, 2);
    CU_ASSERT_TRUE(take_and_give(cache, 1, "a", &good, true));
    CU_ASSERT_EQUAL(good.count, 1);
    CU_ASSERT_TRUE(take_and_give(cache, 1, "a", &good, false)); /* making it failed */
    CU_ASSERT_TRUE(take_and_give(cache, 1, "a", &good, true));
    CU_ASSERT_EQUAL(good.count, 2);
    for (int i = 0; i < 40; i++) {
        char key[32];
        snprintf(key, sizeof key, "many %d", i);
        CU_ASSERT_TRUE(take_and_give(cache, 1, key, &good, true));
    }
    CU_ASSERT_EQUAL(good.count, 42);
    CU_ASSERT_TRUE(take_and_give(cache, 1, "many 39", &good, true)); /* the newest are cached */
    CU_ASSERT_EQUAL(good.count, 42);
    CU_ASSERT_TRUE(take_and_give(cache, 1, "a", &good, true)); /* the oldest ones are not */
    CU_ASSERT_EQUAL(good.count, 43);
    ov_draft_cache_free(cache);
}

struct taker {
    struct ov_draft_cache *cache;
    int64_t owner;
    const char *key;
    struct making *making;
    atomic_uint *refused;
    bool good;
};

static void *run_taker(void *ctx)
{
    struct taker *taker = ctx;
    struct ov_error err = {0};
    bool busy;
    struct ov_view *view = ov_draft_cache_take(taker->cache, taker->owner, ov_text_of(taker->key),
                                               make, taker->making, &busy, &err);
    taker->good = view != NULL;
    if (view)
        ov_draft_cache_give(taker->cache, view, true);
    if (busy)
        atomic_fetch_add(taker->refused, 1);
    return NULL;
}

/* Views of one owner are made one after the other, and only one request may wait; views of other
 * owners are made meanwhile. */
static void test_fair(void)
{
    enum { SLOW, SAME, NEXT, TAKERS = NEXT + 3 };
    struct ov_error err = {0};
    struct ov_draft_cache *cache = ov_draft_cache_new(&err);
    atomic_uint refused = 0;
    sem_t begun, may_end;
    sem_init(&begun, 0, 0);
    sem_init(&may_end, 0, 0);
    struct making slow = {.begun = &begun, .may_end = &may_end}, same = {0}, next = {0},
                  other = {0};
    struct taker takers[TAKERS] = {{cache, 1, "slow", &slow, &refused, false},
                                   {cache, 1, "slow", &same, &refused, false},
                                   {cache, 1, "next", &next, &refused, false},
                                   {cache, 1, "third", &next, &refused, false},
                                   {cache, 1, "fourth", &next, &refused, false}};
    pthread_t threads[TAKERS];
    CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
    pthread_create(&threads[SLOW], NULL, run_taker, &takers[SLOW]);
    while (sem_wait(&begun) != 0)
        continue;
    for (int i = SAME; i < TAKERS; i++)
        pthread_create(&threads[i], NULL, run_taker, &takers[i]);
    while (atomic_load(&refused) < 2)
        sched_yield();
    CU_ASSERT_TRUE(take_and_give(cache, 2, "other", &other, true));
    CU_ASSERT_EQUAL(other.count, 1);
    sem_post(&may_end);
    for (int i = 0; i < TAKERS; i++)
        pthread_join(threads[i], NULL);
    CU_ASSERT_TRUE(takers[SLOW].good && takers[SAME].good);
    CU_ASSERT_EQUAL(same.count, 0); /* a request for the same view waited for it */
    CU_ASSERT_EQUAL(next.count, 1);
    CU_ASSERT_EQUAL(atomic_load(&refused), 2);
    ov_draft_cache_free(cache);
    sem_destroy(&begun);
    sem_destroy(&may_end);
}

void suite_page(void)
{
    CU_pSuite suite = CU_add_suite("page", NULL, NULL);
    CU_add_test(suite, "views that are kept", test_kept);
    CU_add_test(suite, "who waits for whom", test_fair);
}
