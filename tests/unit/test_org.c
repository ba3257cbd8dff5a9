/* tests/unit/test_org.c: compares the hierarchy engine with a naive model on random forests. */
#include "unit.h"

#include "org/cycle.h"
#include "org/graph.h"
#include "org/loader.h"
#include "org/places.h"

enum { ROWS_MAX = 24 };

/* A random file: identifiers and parents are small numbers, 0 = empty. */
struct model {
    unsigned count;
    unsigned id[ROWS_MAX], parent[ROWS_MAX];
    bool broken[ROWS_MAX];
};

static void make(struct rng *rng, struct model *model)
{
    unsigned names = 2 + rng_below(rng, 14);
    model->count = rng_below(rng, ROWS_MAX);
    for (unsigned i = 0; i < model->count; i++) {
        model->id[i] = rng_below(rng, 8) ? 1 + rng_below(rng, names) : 0;
        model->parent[i] = rng_below(rng, 5) ? 1 + rng_below(rng, names) : 0;
        model->broken[i] = rng_below(rng, 12) == 0;
    }
}

/* Short and long identifiers: long ones are stored differently. */
static struct ov_text text_of(unsigned number, char text[32])
{
    if (number == 0)
        return (struct ov_text){0};
    return (struct ov_text){
        text, (size_t)snprintf(text, 32, number % 3 ? "N%u" : "a longer identifier %u", number)};
}

static struct ov_forest *build(const struct model *model)
{
    struct ov_forest *forest = ov_forest_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(forest);
    struct ov_loader *loader = ov_loader_new(forest, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(loader);
    for (unsigned i = 0; i < model->count; i++) {
        char id[32], parent[32];
        CU_ASSERT_EQUAL(ov_loader_add(loader, text_of(model->id[i], id),
                                      text_of(model->parent[i], parent), model->broken[i], NULL),
                        OV_OK);
    }
    CU_ASSERT_EQUAL(ov_loader_finish(loader, NULL), OV_OK);
    ov_loader_free(loader);
    ov_forest_resolve(forest);
    return forest;
}

/* Naive: the first sound row with an identifier, else -1. */
static int sound(const struct model *model, unsigned id)
{
    for (unsigned i = 0; id && i < model->count; i++)
        if (model->id[i] == id && !model->broken[i])
            return (int)i;
    return -1;
}

static bool known(const struct model *model, unsigned id)
{
    for (unsigned i = 0; i < model->count; i++)
        if (model->id[i] == id)
            return true;
    return false;
}

/* Naive: the row that a row's edge leads to, else -1; self edges are ignored. */
static int edge(const struct model *model, unsigned row)
{
    if (model->broken[row] || model->id[row] == model->parent[row])
        return -1;
    return sound(model, model->parent[row]);
}

static void check_resolving(const struct model *model, const struct ov_forest *forest)
{
    for (unsigned i = 0; i < model->count; i++) {
        bool duplicate = !model->broken[i] && sound(model, model->id[i]) >= 0 &&
                         sound(model, model->id[i]) != (int)i;
        CU_ASSERT_EQUAL(ov_forest_is(forest, i, OV_ROW_DUPLICATE), duplicate);
        bool self = !model->broken[i] && model->parent[i] && model->id[i] == model->parent[i];
        CU_ASSERT_EQUAL(ov_forest_is(forest, i, OV_ROW_SELF), self);
        bool missing =
            !model->broken[i] && model->parent[i] && !self && !known(model, model->parent[i]);
        CU_ASSERT_EQUAL(ov_node_is_name(forest->parent[i]), missing);
        if (!self) {
            int up = edge(model, i);
            CU_ASSERT_EQUAL(ov_forest_up(forest, i), up < 0 ? OV_NODE_NONE : (ov_node)up);
        }
    }
}

/* reach[a][b]: identifier b can be reached from a by going up along the edges of all rows. */
static void close(const struct model *model, bool reach[ROWS_MAX][ROWS_MAX])
{
    memset(reach, 0, sizeof(bool) * ROWS_MAX * ROWS_MAX);
    for (unsigned i = 0; i < model->count; i++)
        if (model->id[i] && edge(model, i) >= 0)
            reach[sound(model, model->id[i])][edge(model, i)] = true;
    for (unsigned k = 0; k < model->count; k++)
        for (unsigned a = 0; a < model->count; a++)
            for (unsigned b = 0; b < model->count; b++)
                reach[a][b] |= reach[a][k] && reach[k][b];
}

/* The length of the shortest cycle through a row, by breadth-first search over identifiers. */
static unsigned shortest_loop(const struct model *model, unsigned start)
{
    unsigned distance[ROWS_MAX] = {0}, least = 0;
    bool changed = true;
    for (unsigned step = 1; changed && !least; step++) {
        changed = false;
        for (unsigned i = 0; i < model->count; i++) {
            int from = model->id[i] && !model->broken[i] ? sound(model, model->id[i]) : -1;
            int to = edge(model, i);
            bool open = from == (int)start ? step == 1
                                           : from >= 0 && distance[from] == step - 1 && step > 1;
            if (!open || to < 0)
                continue;
            if (to == (int)start)
                least = step;
            else if (!distance[to]) {
                distance[to] = step;
                changed = true;
            }
        }
    }
    return least;
}

static void check_cycles(const struct model *model, struct ov_forest *forest,
                         const struct ov_shape *shape)
{
    bool reach[ROWS_MAX][ROWS_MAX];
    struct ov_cycles cycles;
    unsigned groups = 0;
    close(model, reach);
    CU_ASSERT_EQUAL(ov_cycles_find(&cycles, forest, shape, NULL), OV_OK);
    for (unsigned a = 0; a < model->count; a++) {
        bool smallest = reach[a][a];
        for (unsigned b = 0; b < a; b++)
            smallest &= !(reach[a][b] && reach[b][a]);
        groups += smallest;
    }
    CU_ASSERT_EQUAL(cycles.count, groups);
    for (size_t c = 0; c < cycles.count; c++) {
        const struct ov_cycle *cycle = &cycles.items[c];
        const ov_node *members = cycles.rows + cycle->members, *loop = cycles.rows + cycle->loop;
        unsigned expected = 0, least = UINT32_MAX;
        for (unsigned b = 0; b < model->count; b++)
            expected += reach[members[0]][b] && reach[b][members[0]];
        CU_ASSERT_EQUAL(cycle->member_count, expected);
        for (size_t m = 0; m < cycle->member_count; m++) {
            unsigned length = shortest_loop(model, members[m]);
            least = length < least ? length : least;
        }
        CU_ASSERT_TRUE(cycle->minimal);
        CU_ASSERT_EQUAL(cycle->loop_count, least);
        for (size_t i = 0; i < cycle->loop_count; i++) {
            ov_node next = loop[(i + 1) % cycle->loop_count];
            CU_ASSERT_EQUAL(edge(model, loop[i]), sound(model, model->id[next]));
            CU_ASSERT_TRUE(loop[0] <= loop[i]);
        }
    }
    ov_cycles_deinit(&cycles);
}

static void check_sizes(const struct model *model, const struct ov_forest *forest,
                        const struct ov_shape *shape)
{
    for (unsigned i = 0; i < model->count; i++) {
        unsigned size = 0;
        bool on_loop = false;
        for (size_t k = 0; k < shape->loop_rows; k++)
            on_loop |= shape->loops[k] == i;
        if (on_loop)
            continue;
        for (unsigned r = 0; r < model->count; r++) {
            ov_node at = r;
            for (unsigned steps = 0; at != i && steps <= model->count && ov_node_is_row(at);
                 steps++)
                at = forest->parent[at];
            size += at == i;
        }
        CU_ASSERT_EQUAL(shape->size[i], size);
    }
}

static void test_random_forests(void)
{
    struct rng rng = {2026};
    for (int round = 0; round < 20000; round++) {
        struct model model;
        struct ov_shape shape;
        make(&rng, &model);
        struct ov_forest *forest = build(&model);
        check_resolving(&model, forest);
        CU_ASSERT_EQUAL(ov_shape_init(&shape, forest, NULL), OV_OK);
        CU_ASSERT_EQUAL(ov_shape_sizes(&shape, forest, NULL), OV_OK);
        check_sizes(&model, forest, &shape);
        check_cycles(&model, forest, &shape);
        ov_shape_deinit(&shape);
        ov_forest_free(forest);
    }
}

static void test_large_tangle(void)
{
    enum { NODES = OV_TANGLE_MAX + 500 };
    struct ov_forest *forest = ov_forest_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(forest);
    struct ov_shape shape;
    struct ov_cycles cycles;
    struct ov_loader *loader = ov_loader_new(forest, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(loader);
    for (unsigned i = 0; i < 2 * NODES; i++) { /* two cycles over the same identifiers */
        char id[16], parent[16];
        unsigned node = i % NODES, step = i < NODES ? 1 : 7;
        struct ov_text id_text = {id, (size_t)sprintf(id, "%u", node)};
        struct ov_text parent_text = {parent, (size_t)sprintf(parent, "%u", (node + step) % NODES)};
        CU_ASSERT_EQUAL(ov_loader_add(loader, id_text, parent_text, false, NULL), OV_OK);
    }
    CU_ASSERT_EQUAL(ov_loader_finish(loader, NULL), OV_OK);
    ov_loader_free(loader);
    ov_forest_resolve(forest);
    CU_ASSERT_EQUAL(ov_shape_init(&shape, forest, NULL), OV_OK);
    CU_ASSERT_EQUAL(ov_shape_sizes(&shape, forest, NULL), OV_OK);
    CU_ASSERT_EQUAL(ov_cycles_find(&cycles, forest, &shape, NULL), OV_OK);
    CU_ASSERT_EQUAL(cycles.count, 1);
    CU_ASSERT_EQUAL(cycles.items[0].member_count, NODES);
    CU_ASSERT_FALSE(cycles.items[0].minimal);
    ov_cycles_deinit(&cycles);
    ov_shape_deinit(&shape);
    ov_forest_free(forest);
}

static void test_keys(void)
{
    enum { LONGEST = OV_KEY_CHUNK * 2 };
    struct ov_keys keys = {0};
    char *text = malloc(LONGEST);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    struct rng rng = {3};
    for (size_t i = 0; i < LONGEST; i++)
        text[i] = (char)rng_below(&rng, 256);
    for (int i = 0; i < 3000; i++) {
        size_t length = i % 500 == 499 ? LONGEST - 9 : rng_below(&rng, i % 2 ? 17 : 400);
        struct ov_text a = {text + rng_below(&rng, 9), length}, b = {text + i % 9, length};
        struct ov_key key = ov_key_of(a), other = ov_key_of(b), kept = key;
        CU_ASSERT_TRUE(ov_text_equal(ov_key_text(&key), a));
        CU_ASSERT_EQUAL(ov_key_equal(&key, &other), ov_text_equal(a, b));
        CU_ASSERT_TRUE(ov_keys_keep(&keys, &kept));
        CU_ASSERT_TRUE(ov_key_equal(&key, &kept));
        CU_ASSERT_TRUE(length <= OV_KEY_INLINE || ov_key_text(&kept).ptr != a.ptr);
    }
    ov_keys_deinit(&keys);
    free(text);
}

/* Many identifiers, some of them used as parents before they have a row: each one is found
 * again. */
static void test_many(void)
{
    enum { MANY = 100000 };
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct ov_forest *forest = ov_forest_new();
        CU_ASSERT_PTR_NOT_NULL_FATAL(forest);
        struct ov_loader *loader = ov_loader_new(forest, threads);
        CU_ASSERT_PTR_NOT_NULL_FATAL(loader);
        for (unsigned i = 0; i < MANY; i++) {
            char id[64], parent[64];
            const char *format = i % 7 ? "id %u" : "an identifier as long as this one %u";
            unsigned up = i % 2 ? i / 2 : MANY - 1 - i % (MANY / 2);
            const char *up_format = up % 7 ? "id %u" : "an identifier as long as this one %u";
            struct ov_text id_text = {id, (size_t)sprintf(id, format, i)};
            struct ov_text parent_text = {parent, (size_t)sprintf(parent, up_format, up)};
            CU_ASSERT_EQUAL(ov_loader_add(loader, id_text, parent_text, false, NULL), OV_OK);
        }
        CU_ASSERT_EQUAL(ov_loader_finish(loader, NULL), OV_OK);
        ov_loader_free(loader);
        ov_forest_resolve(forest);
        CU_ASSERT_EQUAL(forest->count, MANY);
        CU_ASSERT_EQUAL(forest->duplicates, 0);
        for (unsigned i = 0; i < MANY; i++) {
            unsigned up = i % 2 ? i / 2 : MANY - 1 - i % (MANY / 2);
            char id[64];
            sprintf(id, i % 7 ? "id %u" : "an identifier as long as this one %u", i);
            CU_ASSERT_TRUE(ov_text_equal(ov_forest_id(forest, i), ov_text_of(id)));
            CU_ASSERT_EQUAL(ov_forest_up(forest, i), up == i ? OV_NODE_NONE : up);
        }
        ov_forest_free(forest);
    }
}

static void test_places(void)
{
    enum { ROWS = 1000 };
    struct ov_places places = {0};
    static struct ov_place cells[ROWS][OV_ROW_CELLS];
    struct ov_place start = {2, 1, 100};
    struct rng rng = {5};
    for (unsigned i = 0; i < ROWS; i++) {
        for (unsigned cell = 0; cell < OV_ROW_CELLS; cell++) {
            uint64_t bytes = rng_below(&rng, rng_below(&rng, 9) ? 300 : 80000);
            uint64_t slack = bytes ? rng_below(&rng, bytes < 300 ? (unsigned)bytes : 300) : 0;
            bool below = rng_below(&rng, 20) == 0, none = rng_below(&rng, 20) == 0;
            cells[i][cell] =
                (struct ov_place){none ? 0 : start.line + below, none ? 0 : 1 + bytes - slack,
                                  none ? 0 : start.byte_offset + bytes};
        }
        CU_ASSERT_TRUE(ov_places_add(&places, &start, cells[i]));
        start.line += i == 500 ? 5000000000 : 1 + rng_below(&rng, rng_below(&rng, 9) ? 2 : 400);
        start.byte_offset +=
            i == 500 ? 9000000000 : rng_below(&rng, rng_below(&rng, 9) ? 200 : 100000);
    }
    for (unsigned i = 0; i < ROWS; i++) {
        for (unsigned cell = 0; cell < OV_ROW_CELLS; cell++) {
            struct ov_place place = ov_places_get(&places, i, cell);
            if (cells[i][cell].line == 0)
                continue;
            CU_ASSERT_EQUAL(place.line, cells[i][cell].line);
            CU_ASSERT_EQUAL(place.column, cells[i][cell].column);
            CU_ASSERT_EQUAL(place.byte_offset, cells[i][cell].byte_offset);
        }
    }
    ov_places_deinit(&places);
}

static int ascending(const void *a, const void *b)
{
    ov_node x = *(const ov_node *)a, y = *(const ov_node *)b;
    return (x > y) - (x < y);
}

static void test_sorting(void)
{
    enum { MANY = 10000 };
    static ov_node nodes[MANY], copy[MANY];
    struct rng rng = {13};
    for (size_t count = 0; count <= MANY; count = count * 3 + 1) {
        for (size_t i = 0; i < count; i++)
            nodes[i] = copy[i] =
                rng_below(&rng, 2) ? rng_below(&rng, 1u << 31) : rng_below(&rng, 50);
        CU_ASSERT_TRUE(ov_nodes_sort(nodes, count));
        if (count)
            qsort(copy, count, sizeof *copy, ascending);
        CU_ASSERT_EQUAL(memcmp(nodes, copy, count * sizeof *nodes), 0);
    }
}

void suite_org(void)
{
    CU_pSuite suite = CU_add_suite("org", NULL, NULL);
    CU_add_test(suite, "random forests against a naive model", test_random_forests);
    CU_add_test(suite, "a tangle above the limit", test_large_tangle);
    CU_add_test(suite, "keys", test_keys);
    CU_add_test(suite, "many identifiers, with one thread and with two", test_many);
    CU_add_test(suite, "places", test_places);
    CU_add_test(suite, "sorting rows", test_sorting);
}
