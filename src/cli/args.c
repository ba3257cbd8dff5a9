/* cli/args.c: the command line, parsed with the table of options in options.def. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/host.h"
#include "cli/message.h"
#include "cli/paths.h"

const struct cli_option cli_options[OPTIONS] = {
#define CLI_OPTION(id, name, letter, argument, words, commands, help)                              \
    [OPT_##id] = {name, letter, argument, words, commands, help},
#include "cli/options.def"
#undef CLI_OPTION
};

const char *cli_nearest(const char *word, const char *const *words, size_t count)
{
    return ov_text_nearest(ov_text_of(word), words, count, strlen(word) > 4 ? 3 : 2);
}

static void unknown_option(const char *given, unsigned command)
{
    const char *words[OPTIONS];
    size_t count = 0;
    for (size_t i = 0; i < OPTIONS; i++)
        if (cli_options[i].commands & command)
            words[count++] = cli_options[i].name;
    size_t length = strcspn(given, "=");
    char name[64] = "";
    if (length < sizeof name)
        memcpy(name, given, length);
    const char *nearest = cli_nearest(name + strspn(name, "-"), words, count);
    if (nearest)
        cli_fail("unknown option `%.*s`; did you mean `--%s`?", (int)length, given, nearest);
    else
        cli_fail("unknown option `%.*s`; `--help` lists all options", (int)length, given);
}

static const struct cli_option *find_long(const char *name, size_t len, unsigned command)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (cli_options[i].commands & command && strlen(cli_options[i].name) == len &&
            memcmp(cli_options[i].name, name, len) == 0)
            return &cli_options[i];
    return NULL;
}

static const struct cli_option *find_letter(char letter, unsigned command)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (cli_options[i].commands & command && cli_options[i].letter == letter)
            return &cli_options[i];
    return NULL;
}

static bool takes_file(const struct cli_option *option)
{
    static const char *const files[] = {"FILE", "OLD", "USERS", "DIR"};
    for (size_t i = 0; option->argument && i < sizeof files / sizeof *files; i++)
        if (strstr(option->argument, files[i]))
            return true;
    return false;
}

static void add_option(struct cli_args *args, const struct cli_option *option, bool off,
                       const char *value)
{
    if (value && takes_file(option))
        value = cli_host_path(value);
    args->options[args->option_count++] = (struct cli_given){
        .id = (enum cli_option_id)(option - cli_options), .off = off, .value = value};
}

/* Parses --name, --name=value or --name value at argv[*at]. */
static bool parse_long(struct cli_args *args, unsigned command, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct cli_option *option = find_long(name, len, command);
    bool off = !option && len > 3 && strncmp(name, "no-", 3) == 0;
    if (off) /* --no-NAME undoes a flag, for example one set by a configuration */
        option = find_long(name + 3, len - 3, command);
    if (!option || (off && option->argument)) {
        unknown_option(argv[*at], command);
        return false;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (!option->argument && value) {
        cli_fail("the option `--%s` does not take a value", option->name);
        return false;
    }
    if (option->argument && !value) {
        if (*at + 1 == argc) {
            cli_fail("the option `--%s` requires a value: `--%s %s`", option->name, option->name,
                     option->argument);
            return false;
        }
        value = argv[++*at];
    }
    add_option(args, option, off, value);
    return true;
}

/* Parses -x, -xy, -xVALUE or -x VALUE. */
static bool parse_letters(struct cli_args *args, unsigned command, int argc, char **argv, int *at)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        const struct cli_option *option = find_letter(*letter, command);
        if (!option) {
            unknown_option(argv[*at], command);
            return false;
        }
        if (!option->argument) {
            add_option(args, option, false, NULL);
            continue;
        }
        if (!letter[1] && *at + 1 == argc) {
            cli_fail("the option `-%c` requires a value: `-%c %s`", *letter, *letter,
                     option->argument);
            return false;
        }
        add_option(args, option, false, letter[1] ? letter + 1 : argv[++*at]);
        return true;
    }
    return true;
}

bool cli_args_parse(struct cli_args *args, unsigned command, int argc, char **argv)
{
    size_t most = 1; /* each letter of an argument may be an option */
    for (int i = 0; i < argc; i++)
        most += strlen(argv[i]) + 1;
    args->options = calloc(most, sizeof *args->options);
    args->operands = calloc(most, sizeof *args->operands);
    if (!args->options || !args->operands) {
        cli_fail("out of memory");
        return false;
    }
    bool operands_only = false;
    for (int i = 0; i < argc; i++) {
        bool fine = true;
        if (operands_only || argv[i][0] != '-' || argv[i][1] == '\0')
            args->operands[args->operand_count++] = cli_host_path(argv[i]);
        else if (strcmp(argv[i], "--") == 0)
            operands_only = true;
        else if (argv[i][1] == '-')
            fine = parse_long(args, command, argc, argv, &i);
        else
            fine = parse_letters(args, command, argc, argv, &i);
        if (!fine)
            return false;
    }
    return true;
}

bool cli_args_expand(struct cli_args *args)
{
    struct cli_operands files = {0};
    bool fine = true;
    for (size_t i = 0; i < args->operand_count && fine; i++)
        fine = cli_operands_expand(&files, args->operands[i]);
    const char **operands =
        fine ? realloc(args->operands, (files.count + 1) * sizeof *operands) : NULL;
    args->files = files;
    if (!operands)
        return false;
    for (size_t i = 0; i < files.count; i++)
        operands[i] = files.paths[i];
    args->operands = operands;
    args->operand_count = files.count;
    return true;
}

void cli_args_deinit(struct cli_args *args)
{
    cli_operands_deinit(&args->files);
    free(args->options);
    free(args->operands);
    *args = (struct cli_args){0};
}

const char *cli_value(const struct cli_args *args, enum cli_option_id id, const char *fallback)
{
    for (size_t i = args->option_count; i-- > 0;)
        if (args->options[i].id == id)
            return args->options[i].value;
    return fallback;
}

bool cli_has(const struct cli_args *args, enum cli_option_id id)
{
    for (size_t i = args->option_count; i-- > 0;)
        if (args->options[i].id == id)
            return !args->options[i].off;
    return false;
}

bool cli_number(const struct cli_args *args, enum cli_option_id id, uint64_t fallback,
                uint64_t *number)
{
    const char *value = cli_value(args, id, NULL);
    *number = fallback;
    if (!value)
        return true;
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 18 || value[digits]) {
        cli_fail("the option `--%s` expects a whole number, not `%s`", cli_options[id].name, value);
        return false;
    }
    *number = strtoull(value, NULL, 10);
    return true;
}

bool cli_split(enum cli_option_id id, const char *argument, struct ov_text *key,
               struct ov_text *value)
{
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument) {
        cli_fail("the option `--%s` expects `%s`, not `%s`", cli_options[id].name,
                 cli_options[id].argument, argument);
        return false;
    }
    *key = (struct ov_text){argument, (size_t)(equals - argument)};
    *value = ov_text_of(equals + 1);
    return true;
}

void cli_print_options(FILE *out, unsigned command)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        char left[64];
        if (!(cli_options[i].commands & command))
            continue;
        snprintf(left, sizeof left, "%c%c%s --%s%s%s", cli_options[i].letter ? '-' : ' ',
                 cli_options[i].letter ? cli_options[i].letter : ' ',
                 cli_options[i].letter ? "," : " ", cli_options[i].name,
                 cli_options[i].argument ? " " : "",
                 cli_options[i].argument ? cli_options[i].argument : "");
        fprintf(out, "  %-30s ", left);
        cli_print_wrapped(out, cli_say(cli_options[i].help), 33, 100);
    }
}
