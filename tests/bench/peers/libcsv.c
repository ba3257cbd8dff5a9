/* tests/bench/peers/libcsv.c: a straightforward implementation for comparison: libcsv, a chained
 * hash table of strings, and three checks: duplicates, missing parents, cycles. usage: libcsv
 * FILE */
#include <csv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *next, *parent;
    int defined;
    int state; /* of the walk: 0 not visited, 1 on the current path, 2 done */
    char id[];
};

static struct node **table;
static size_t slots = 1 << 16, nodes;
static unsigned long rows, duplicates, missing, cyclic;
static size_t column;
static struct node *current, *current_parent;

static uint64_t hash(const char *text, size_t len)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return h;
}

static void grow(void)
{
    struct node **wide = calloc(slots * 2, sizeof *wide);
    for (size_t i = 0; i < slots; i++)
        for (struct node *node = table[i], *next; node; node = next) {
            size_t at = hash(node->id, strlen(node->id)) & (slots * 2 - 1);
            next = node->next;
            node->next = wide[at];
            wide[at] = node;
        }
    free(table);
    table = wide;
    slots *= 2;
}

static struct node *intern(const char *text, size_t len)
{
    if (nodes > slots)
        grow();
    struct node **at = &table[hash(text, len) & (slots - 1)];
    for (struct node *node = *at; node; node = node->next)
        if (strncmp(node->id, text, len) == 0 && node->id[len] == 0)
            return node;
    struct node *node = calloc(1, sizeof *node + len + 1);
    memcpy(node->id, text, len);
    node->next = *at;
    nodes++;
    return *at = node;
}

static void on_cell(void *text, size_t len, void *ctx)
{
    (void)ctx;
    if (column == 0)
        current = intern(text, len);
    else if (column == 1)
        current_parent = len ? intern(text, len) : NULL;
    column++;
}

static void on_row(int c, void *ctx)
{
    (void)c;
    (void)ctx;
    if (rows++ > 0) { /* the first record is the header */
        if (current->defined)
            duplicates++;
        else
            current->parent = current_parent;
        current->defined = 1;
    }
    column = 0;
}

static void walk(struct node *start)
{
    struct node *node = start;
    while (node && node->state == 0) {
        node->state = 1;
        node = node->parent;
    }
    if (node && node->state == 1) {
        struct node *end = node;
        do {
            cyclic++;
            node = node->parent;
        } while (node != end);
    }
    for (node = start; node && node->state == 1; node = node->parent)
        node->state = 2;
}

int main(int argc, char **argv)
{
    static char buf[1 << 16];
    struct csv_parser parser;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t n;
    if (!file || csv_init(&parser, CSV_STRICT) != 0)
        return 2;
    table = calloc(slots, sizeof *table);
    while ((n = fread(buf, 1, sizeof buf, file)) > 0)
        if (csv_parse(&parser, buf, n, on_cell, on_row, NULL) != n)
            return 1;
    csv_fini(&parser, on_cell, on_row, NULL);
    for (size_t i = 0; i < slots; i++)
        for (struct node *node = table[i]; node; node = node->next) {
            if (node->defined && node->parent && !node->parent->defined)
                missing++;
            walk(node);
        }
    printf("rows %lu duplicates %lu missing %lu cyclic %lu\n", rows - 1, duplicates, missing,
           cyclic);
    return 0;
}
