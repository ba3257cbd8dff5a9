/* tests/unit/test_service.c: parameters, multipart bodies, addresses, the store, comparison of
 * settings. */
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "client/client.h"
#include "server/auth/access.h"
#include "server/auth/backoff.h"
#include "server/store/fair_lock.h"
#include "server/http/multipart.h"
#include "server/store/store.h"

/* --- parameters --- */

/* A tree as text: {a=x,b={0=y}}. */
static void put_tree(struct ov_buf *out, const struct ov_value *value)
{
    if (value->kind == OV_VALUE_TEXT) {
        ov_buf_text(out, value->text);
        return;
    }
    ov_buf_char(out, '{');
    for (const struct ov_value *one = value->first; one; one = one->next) {
        ov_buf_text(out, one->name);
        ov_buf_char(out, '=');
        put_tree(out, one);
        ov_buf_string(out, one->next ? "," : "");
    }
    ov_buf_char(out, '}');
}

static void test_params(void)
{
    static const struct {
        const char *form, *tree;
    } cases[] = {
        {"", "{}"},
        {"a=1&b=2", "{a=1,b=2}"},
        {"a=1&a=2", "{a=2}"},
        {"a&b=&=c&&", "{a=,b=}"},
        {"a=1=2", "{a=1=2}"},
        {"a+b=c+d&e%20f=%2B", "{a_b=c d,e_f=+}"},
        {"a.b=1&csvmapping:name=x", "{a_b=1,csvmapping:name=x}"},
        {"%20a=1", "{a=1}"},
        {"a[]=x&a[]=y", "{a={0=x,1=y}}"},
        {"a[3]=x&a[]=y&a[b]=z&a[]=w", "{a={3=x,4=y,b=z,5=w}}"},
        {"a[-1]=x&a[]=y&a[007]=z&a[]=w", "{a={-1=x,0=y,007=z,1=w}}"},
        {"s[0][name]=k&s[0][value]=v", "{s={0={name=k,value=v}}}"},
        {"s[][name]=k&s[][value]=v", "{s={0={name=k},1={value=v}}}"},
        {"s[0][name]=k&s=t", "{s=t}"},
        {"s=t&s[0]=k", "{s={0=k}}"},
        {"a[b=1", "{a_b=1}"},
        {"a[b]c=1", "{a={b=1}}"},
        {"a[b]c[d]=1", "{a={b=1}}"},
        {"[a]=1", "{_a]=1}"},
        {"a%5Bb%5D=%C3%A4%00x", "{a={b=\xC3\xA4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_values_pool pool = {0};
        struct ov_params params = {.pool = &pool, .root = ov_value_new(&pool, OV_VALUE_MAP)};
        struct ov_buf tree = {0};
        CU_ASSERT_EQUAL(ov_params_put_form(&params, ov_text_of(cases[i].form)), OV_PARAMS_FINE);
        put_tree(&tree, params.root);
        if (strstr(cases[i].form, "%00")) { /* in a value, NUL is an ordinary byte */
            CU_ASSERT(tree.len == strlen(cases[i].tree) + 4);
            CU_ASSERT(memcmp(tree.ptr, cases[i].tree, strlen(cases[i].tree)) == 0);
        } else {
            ASSERT_TEXT(ov_buf_view(&tree), cases[i].tree);
        }
        ov_buf_deinit(&tree);
        ov_pool_deinit(&pool);
    }
}

static enum ov_params_problem problem_of(struct ov_text form)
{
    struct ov_values_pool pool = {0};
    struct ov_params params = {.pool = &pool, .root = ov_value_new(&pool, OV_VALUE_MAP)};
    enum ov_params_problem problem = ov_params_put_form(&params, form);
    ov_pool_deinit(&pool);
    return problem;
}

static void test_params_problems(void)
{
    struct ov_buf form = {0};
    CU_ASSERT_EQUAL(problem_of(OV_TEXT("a%00b=1")), OV_PARAMS_NUL);
    CU_ASSERT_EQUAL(problem_of(OV_TEXT("a=%4")), OV_PARAMS_ESCAPE);
    CU_ASSERT_EQUAL(problem_of(OV_TEXT("a=%")), OV_PARAMS_ESCAPE);
    CU_ASSERT_EQUAL(problem_of(OV_TEXT("%zz=1")), OV_PARAMS_ESCAPE);
    CU_ASSERT_EQUAL(problem_of(OV_TEXT("a=%41")), OV_PARAMS_FINE);
    for (int i = 0; i < OV_PARAMS_MAX; i++)
        ov_buf_format(&form, "a%d=1&", i);
    CU_ASSERT_EQUAL(problem_of(ov_buf_view(&form)), OV_PARAMS_FINE);
    ov_buf_string(&form, "b=1");
    CU_ASSERT_EQUAL(problem_of(ov_buf_view(&form)), OV_PARAMS_TOO_MANY);
    form.len = 0;
    ov_buf_char(&form, 'a');
    for (int i = 0; i < OV_PARAM_NESTING_MAX; i++)
        ov_buf_string(&form, "[x]");
    CU_ASSERT_EQUAL(problem_of(ov_buf_view(&form)), OV_PARAMS_FINE);
    ov_buf_string(&form, "[x]");
    CU_ASSERT_EQUAL(problem_of(ov_buf_view(&form)), OV_PARAMS_TOO_DEEP);
    form.len = 0;
    for (int i = 0; i <= OV_PARAM_NAME_MAX; i++)
        ov_buf_char(&form, 'a');
    CU_ASSERT_EQUAL(problem_of(ov_buf_view(&form)), OV_PARAMS_NAME_TOO_LONG);
    ov_buf_deinit(&form);
}

/* --- multipart --- */

/* The parsed parts as text: name|content; or name@file|content; */
struct seen {
    struct ov_buf text;
    int stop_after; /* number of calls before the callback fails; below 0: it does not */
};

static bool go_on(struct seen *seen)
{
    return seen->stop_after < 0 || seen->stop_after-- > 0;
}

static bool on_part(void *ctx, struct ov_text name, bool is_file, struct ov_text file_name)
{
    struct seen *seen = ctx;
    ov_buf_text(&seen->text, name);
    ov_buf_string(&seen->text, is_file ? "@" : "");
    ov_buf_text(&seen->text, file_name);
    ov_buf_char(&seen->text, '|');
    return go_on(seen);
}

static bool on_bytes(void *ctx, const char *bytes, size_t len)
{
    struct seen *seen = ctx;
    ov_buf_put(&seen->text, bytes, len);
    return go_on(seen);
}

static bool on_end(void *ctx)
{
    struct seen *seen = ctx;
    ov_buf_char(&seen->text, ';');
    return go_on(seen);
}

/* Reads a body in chunks of `piece` bytes. */
static enum ov_multipart_problem read_body(struct seen *seen, struct ov_text body, size_t piece)
{
    const struct ov_multipart_handler handler = {on_part, on_bytes, on_end, seen};
    struct ov_multipart *multipart =
        ov_multipart_new(OV_TEXT("multipart/form-data; charset=x; boundary=\"b-b\""), &handler);
    CU_ASSERT_PTR_NOT_NULL_FATAL(multipart);
    enum ov_multipart_problem problem = OV_MULTIPART_FINE;
    for (size_t at = 0; at < body.len && problem == OV_MULTIPART_FINE; at += piece)
        problem = ov_multipart_feed(multipart, body.ptr + at,
                                    body.len - at < piece ? body.len - at : piece);
    if (problem == OV_MULTIPART_FINE)
        problem = ov_multipart_finish(multipart);
    ov_multipart_free(multipart);
    return problem;
}

#define PART(head) "--b-b\r\nContent-Disposition: form-data; " head "\r\n\r\n"

static void test_multipart(void)
{
    static const struct {
        const char *body, *seen;
        enum ov_multipart_problem problem;
    } cases[] = {
        {PART("name=\"a\"") "1\r\n--b-b--\r\n", "a|1;", OV_MULTIPART_FINE},
        {PART("name=a") "\r\n--b-b--", "a|;", OV_MULTIPART_FINE},
        {"preamble\r\n--b-\r\n" PART(
             "name=a; filename=\"f.csv\"") "x\r\ny\r\n--b-\r\n-\r\r\n\r\n--b-b  \r\n"
                                           "content-type: x\r\nCONTENT-DISPOSITION:form-data;NAME=c\r\n\r\n\r\n--b-b--x\r\n--b-b\r\n",
         "a@f.csv|x\r\ny\r\n--b-\r\n-\r\r\n;c|;", OV_MULTIPART_FINE},
        {PART("name=\"a\\\"b\\\\c%22\"; filename=\"\"") "1\r\n--b-b--", "a\"b\\c%22@|1;",
         OV_MULTIPART_FINE},
        {PART("filename=\"a; name=x\"; name=\"y\"") "1\r\n--b-b--", "y@a; name=x|1;",
         OV_MULTIPART_FINE},
        {"--b-b--", "", OV_MULTIPART_FINE},
        {PART("name=a") "1\r\n--b-b-", "a|1;", OV_MULTIPART_TRUNCATED},
        {PART("name=a") "1", "a|1", OV_MULTIPART_TRUNCATED},
        {PART("name=a") "1\r\n--b-", "a|1", OV_MULTIPART_TRUNCATED},
        {"", "", OV_MULTIPART_TRUNCATED},
        {"nothing of the kind", "", OV_MULTIPART_TRUNCATED},
        {PART("nix=a") "1\r\n--b-b--", "", OV_MULTIPART_BAD},
        {"--b-bx\r\n", "", OV_MULTIPART_BAD},
        {"--b-b\r\n\r\n1\r\n--b-b--", "", OV_MULTIPART_BAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_text body = ov_text_of(cases[i].body);
        for (size_t piece = 1; piece <= body.len + 1; piece++) {
            struct seen seen = {.stop_after = -1};
            enum ov_multipart_problem problem = read_body(&seen, body, piece);
            CU_ASSERT_EQUAL(problem, cases[i].problem);
            /* the last bytes of a truncated body may be withheld, as part of a boundary */
            if (problem == OV_MULTIPART_FINE)
                ASSERT_TEXT(ov_buf_view(&seen.text), cases[i].seen);
            else
                CU_ASSERT(seen.text.len <= strlen(cases[i].seen));
            ov_buf_deinit(&seen.text);
        }
    }
}

static void test_multipart_stops(void)
{
    struct ov_text body =
        OV_TEXT(PART("name=a") "12\r3\r\n--b-b\r\nContent-Disposition: form-data; "
                               "name=b\r\n\r\n4\r\n--b-b--");
    for (int stop = 0; stop < 5; stop++) { /* nothing is passed on after a call that failed */
        struct seen seen = {.stop_after = stop};
        CU_ASSERT_EQUAL(read_body(&seen, body, 3), OV_MULTIPART_STOPPED);
        CU_ASSERT_EQUAL(seen.stop_after, -1);
        ov_buf_deinit(&seen.text);
    }
    struct ov_buf large = {0};
    struct seen seen = {.stop_after = -1};
    ov_buf_string(&large, "--b-b\r\nX: ");
    for (int i = 0; i < OV_MULTIPART_HEADERS; i++)
        ov_buf_char(&large, 'x');
    CU_ASSERT_EQUAL(read_body(&seen, ov_buf_view(&large), 1000), OV_MULTIPART_HEADER);
    static const char nul[] = "--b-b\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n";
    CU_ASSERT_EQUAL(read_body(&seen, (struct ov_text){nul, sizeof nul - 1}, 7), OV_MULTIPART_NUL);
    large.len = 0;
    for (int i = 0; i <= OV_MULTIPART_PARTS; i++)
        ov_buf_string(&large, PART("name=a") "\r\n");
    CU_ASSERT_EQUAL(read_body(&seen, ov_buf_view(&large), 4096), OV_MULTIPART_TOO_MANY);
    ov_buf_deinit(&large);
    ov_buf_deinit(&seen.text);
    static const char *const without[] = {"multipart/form-data", "multipart/form-data; boundary=",
                                          "multipart/form-data; boundary=\"\"", "",
                                          "multipart/form-data; xboundary=a"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        CU_ASSERT_PTR_NULL(
            ov_multipart_new(ov_text_of(without[i]), &(struct ov_multipart_handler){0}));
}

/* --- addresses, tokens, passwords --- */

static void test_ip_lists(void)
{
    static const struct {
        const char *list, *address;
        bool valid, has;
    } cases[] = {
        {"10.0.0.0/8", "10.1.2.3", true, true},
        {"10.0.0.0/8", "11.1.2.3", true, false},
        {"10.0.0.1", "10.0.0.1", true, true},
        {"10.0.0.1", "10.0.0.2", true, false},
        {"0.0.0.0/0", "203.0.113.9", true, true},
        {"0.0.0.0/0", "2001:db8::1", true, false},
        {"::/0", "203.0.113.9", true, true},
        {"2001:db8::/33", "2001:db8:7fff::1", true, true},
        {"2001:db8::/33", "2001:db8:8000::1", true, false},
        {"192.168.0.0/31 , 10.0.0.1,::1", "::1", true, true},
        {"192.168.0.0/31", "192.168.0.1", true, true},
        {"192.168.0.0/31", "192.168.0.2", true, false},
        {"10.0.0.0/33", "10.0.0.1", false, false},
        {"::/129", "::1", false, false},
        {"10.0.0.1,", "10.0.0.1", false, false},
        {"10.0.0.0/", "10.0.0.1", false, false},
        {"10.0.0.0/x", "10.0.0.1", false, false},
        {"host", "10.0.0.1", false, false},
        {"10.0.0.1", "not an address", true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_EQUAL(ov_ip_list_is_valid(cases[i].list), cases[i].valid);
        CU_ASSERT_EQUAL(ov_ip_list_has(ov_text_of(cases[i].list), ov_text_of(cases[i].address)),
                        cases[i].has);
    }
    CU_ASSERT(ov_ip_list_has((struct ov_text){0}, OV_TEXT("10.0.0.1"))); /* no restriction */
}

static void test_secrets(void)
{
    char hash[256], other[256], token[OV_TOKEN_LENGTH + 1], digest[OV_SHA256_HEX];
    CU_ASSERT(ov_password_hash("correct", hash) && ov_password_hash("correct", other));
    CU_ASSERT_STRING_NOT_EQUAL(hash, other);
    CU_ASSERT(ov_password_fits("correct", hash));
    CU_ASSERT_FALSE(ov_password_fits("Correct", hash));
    CU_ASSERT_FALSE(ov_password_fits("", hash));
    CU_ASSERT_FALSE(ov_password_fits("", "*0"));
    CU_ASSERT(ov_token_new(token) && strlen(token) == OV_TOKEN_LENGTH &&
              strspn(token, "0123456789abcdef") == OV_TOKEN_LENGTH);
    CU_ASSERT(ov_token_hash((struct ov_text){0}, digest) &&
              memcmp(digest, "e3b0c442", 8) == 0); /* the example in FIPS 180-4 */
}

/* --- the store --- */

static void remove_store(const char *folder)
{
    char path[100];
    static const char *const files[] = {"orgvet.db", "orgvet.db-wal", "orgvet.db-shm"};
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

/* A store in a new folder. */
static struct ov_store *new_store(char *folder)
{
    struct ov_error err = {0};
    bool made = false;
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    struct ov_store *store = ov_store_open(folder, NULL, &made, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT(made);
    return store;
}

static void test_store(void)
{
    char folder[] = "/tmp/orgvet-store-XXXXXX";
    struct ov_error err = {0};
    bool made = false;
    struct ov_store *store = new_store(folder);
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_STORE, &err);
    CU_ASSERT_EQUAL(ov_sql_run(sql, "INSERT INTO tenant (name, created) VALUES (?1, ?2)",
                               OV_BIND(OV_SQL_T(OV_TEXT("a\0b")), OV_SQL_I(1)), &err),
                    OV_OK);
    ov_store_abandon(store, sql);
    sql = ov_store_write(store, OV_SCOPE_STORE, &err);
    CU_ASSERT_EQUAL(ov_sql_run(sql, "INSERT INTO tenant (name, created) VALUES (?1, ?2)",
                               OV_BIND(OV_SQL_T(OV_TEXT("kept")), OV_SQL_I(1)), &err),
                    OV_OK);
    CU_ASSERT_EQUAL(ov_store_commit(store, sql, &err), OV_OK);
    int64_t count = 0;
    sql = ov_store_read(store, &err);
    CU_ASSERT_EQUAL(ov_sql_number(sql, "SELECT count(*) FROM tenant", NULL, 0, &count, NULL, &err),
                    OV_OK);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_NOT_EQUAL(ov_sql_run(sql, "DELETE FROM tenant", NULL, 0, NULL), OV_OK); /* reading */
    ov_store_read_end(store, sql);
    sql =
        ov_store_write(store, OV_SCOPE_STORE, &err); /* a store of a later version is not changed */
    CU_ASSERT_EQUAL(ov_sql_script(sql, "PRAGMA user_version=1000000", &err), OV_OK);
    CU_ASSERT_EQUAL(ov_store_commit(store, sql, &err), OV_OK);
    ov_store_close(store);
    CU_ASSERT_PTR_NULL(ov_store_open(folder, NULL, &made, &err));
    CU_ASSERT_EQUAL(err.status, OV_E_STATE);
    remove_store(folder);
}

/* --- settings of two sites --- */

static void put_key(void *ctx, const char *key, const char *here, const char *there)
{
    ov_buf_format(ctx, "%s:%s/%s;", key, here, there);
}

/* The delay of a key, after time has passed (ms); in seconds, rounded up. */
static int64_t delay_after(struct ov_store *store, const char *key, int64_t passed)
{
    struct ov_error err = {0};
    int64_t wait = -1;
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, &err);
    CU_ASSERT_EQUAL(
        ov_sql_run(sql, "UPDATE backoff SET until = until - ?1", OV_BIND(OV_SQL_I(passed)), &err),
        OV_OK);
    CU_ASSERT_EQUAL(ov_backoff_wait(sql, ov_text_of(key), &wait, &err), OV_OK);
    CU_ASSERT_EQUAL(ov_store_commit(store, sql, &err), OV_OK);
    return (wait + 999) / 1000;
}

static void fail_once(struct ov_store *store, const char *key)
{
    struct ov_error err = {0};
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, &err);
    CU_ASSERT_EQUAL(ov_backoff_add(sql, ov_text_of(key), &err), OV_OK);
    CU_ASSERT_EQUAL(ov_store_commit(store, sql, &err), OV_OK);
}

static void test_backoff(void)
{
    char folder[] = "/tmp/orgvet-store-XXXXXX";
    struct ov_error err = {0};
    struct ov_store *store = new_store(folder);
    int64_t expected = 1, count = -1;
    CU_ASSERT_EQUAL(delay_after(store, "a", 0), 0);
    for (int i = 0; i < 14; i++) {
        fail_once(store, "a");
        CU_ASSERT_EQUAL(delay_after(store, "a", 0), expected);
        CU_ASSERT_EQUAL(delay_after(store, "b", 0), 0);
        CU_ASSERT_EQUAL(delay_after(store, "a", expected * 1000), 0);
        expected = 2 * expected < 900 ? 2 * expected : 900;
    }
    CU_ASSERT_EQUAL(delay_after(store, "a", 2 * 900000), 0); /* forgotten */
    fail_once(store, "a");
    CU_ASSERT_EQUAL(delay_after(store, "a", 0), 1);
    fail_once(store, "b");
    delay_after(store, "b", 2 * 900000 - 1000);
    fail_once(store, "c");
    delay_after(store, "c", 2000);
    struct ov_sql *sql = ov_store_write(store, OV_SCOPE_ROWS, &err);
    CU_ASSERT_EQUAL(ov_backoff_clean(sql, &err), OV_OK);
    CU_ASSERT_EQUAL(ov_sql_number(sql, "SELECT count(*) FROM backoff", NULL, 0, &count, NULL, &err),
                    OV_OK);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(ov_store_commit(store, sql, &err), OV_OK);
    ov_store_close(store);
    remove_store(folder);
}

struct in_line {
    struct ov_fair *lock;
    int number;
    int *order, *count;
};

static void *stand_in_line(void *ctx)
{
    struct in_line *one = ctx;
    if (ov_fair_take(one->lock, 0)) {
        one->order[(*one->count)++] = one->number;
        ov_fair_give(one->lock);
    }
    return NULL;
}

static unsigned waiting(struct ov_fair *lock)
{
    pthread_mutex_lock(&lock->mutex);
    unsigned count = lock->waiting;
    pthread_mutex_unlock(&lock->mutex);
    return count;
}

/* The one that has waited longest is next, even if one in between has given up. */
static void test_fair_lock(void)
{
    enum { MANY = 8 };
    struct ov_fair lock;
    pthread_t threads[MANY];
    struct in_line line[MANY];
    int order[MANY], count = 0;
    ov_fair_init(&lock, 1);
    CU_ASSERT(ov_fair_take(&lock, 0));
    CU_ASSERT(!ov_fair_take(&lock, ov_now_ms() + 20));
    for (int i = 0; i < MANY; i++) {
        line[i] = (struct in_line){&lock, i, order, &count};
        CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, stand_in_line, &line[i]) == 0);
        while (waiting(&lock) != (unsigned)i + 1)
            sched_yield();
        CU_ASSERT(!ov_fair_take(&lock, ov_now_ms() + 1));
    }
    ov_fair_give(&lock);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    CU_ASSERT_EQUAL(count, MANY);
    for (int i = 0; i < MANY; i++)
        CU_ASSERT_EQUAL(order[i], i);
    CU_ASSERT(ov_fair_take(&lock, ov_now_ms() + 20));
    ov_fair_give(&lock);
    ov_fair_deinit(&lock);
}

static void test_compare(void)
{
    static const struct {
        const char *here, *there, *differ;
    } cases[] = {
        {"{}", "{}", ""},
        {"{\"a\":\"1\",\"b\":null}", "{\"b\":\"\",\"a\":1}", ""},
        {"{\"a\":\"1\"}", "{\"a\":\"2\",\"c\":\"3\"}", "a:1/2;"},
        {"{\"a\":\"1\",\"b\":\"2\"}", "{}", "a:1/;b:2/;"},
        {"{\"a\":true}", "{\"a\":\"1\"}", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ov_buf out = {0};
        CU_ASSERT_EQUAL(ov_settings_compare(ov_text_of(cases[i].here), ov_text_of(cases[i].there),
                                            put_key, &out, NULL),
                        OV_OK);
        ASSERT_TEXT(ov_buf_view(&out), cases[i].differ);
        ov_buf_deinit(&out);
    }
    CU_ASSERT_EQUAL(ov_settings_compare(OV_TEXT("{}"), OV_TEXT("[]"), put_key, NULL, NULL), OV_OK);
    CU_ASSERT_EQUAL(ov_settings_compare(OV_TEXT("{}"), OV_TEXT("3"), put_key, NULL, NULL),
                    OV_E_OPTION);
    CU_ASSERT_EQUAL(ov_settings_compare(OV_TEXT("{}"), (struct ov_text){0}, put_key, NULL, NULL),
                    OV_E_OPTION);
}

void suite_service(void)
{
    CU_pSuite suite = CU_add_suite("service", NULL, NULL);
    CU_add_test(suite, "parameters as PHP reads them", test_params);
    CU_add_test(suite, "bounds of parameters", test_params_problems);
    CU_add_test(suite, "multipart bodies however they are cut", test_multipart);
    CU_add_test(suite, "multipart bodies that are stopped, or too large", test_multipart_stops);
    CU_add_test(suite, "lists of addresses", test_ip_lists);
    CU_add_test(suite, "passwords and tokens", test_secrets);
    CU_add_test(suite, "the store", test_store);
    CU_add_test(suite, "waiting after wrong passwords", test_backoff);
    CU_add_test(suite, "a lock that is fair", test_fair_lock);
    CU_add_test(suite, "settings of two sites", test_compare);
}
