/* cli/main.c: the command orgvet. A map of the program:
 *
 *   cli/       this command: options (options.def), files in and out, a cmd_*.c for each command
 *   report/    findings → text, one file a format; excerpts
 *   vet/       the pipeline (check.c, header.c), the rules (rules_*.c, suggest.c, add.c), what they
 *              come to (cause.c, dry_run.c), which of them are known (baseline.c)
 *   payload/   what a vetted file means: rows read again, the sound ones, the payload, the tree,
 * what changes (diff*.c), the mended file (fix.c) org/       rows → a hierarchy: forest (interning,
 * resolving), shape (sizes, depths), cycle mapping/   records → fields: importer tables, settings,
 * binding of columns csv/       bytes → records: decode, dialect, parser (libcsv), reader finding/
 * the rules (rules.def), their words (messages.def, explain.def), the list of findings base/
 * memory, text, UTF-8, Unicode, hashes, patterns
 *
 * Everything but cli/ is liborgvet; this command uses its public headers (include/orgvet/) alone.
 */
#include <string.h>

#include "cli/cli.h"

static const struct command {
    const char *name, *operands, *summary;
    unsigned bit;
    int (*run)(const struct cli_args *args);
    const char *nothing, *something; /* what exit codes 0 and 1 mean; NULL: there is no 1 */
} commands[] = {
    {"check", "FILE…", "find every problem in CSV files, before they are imported", CHECK,
     cmd_check, "nothing at or above --fail-on", "findings"},
    {"emit", "FILE", "write what will be imported, parents before children, when all is right",
     EMIT, cmd_emit, "all was written", "errors: nothing, or not all, was written"},
    {"tree", "FILE", "draw the hierarchy: as text, dot, mermaid or json", TREE, cmd_tree,
     "it was drawn, whatever was found", NULL},
    {"diff", "OLD NEW", "say what changes: added, removed, renamed, moved, other details", DIFF,
     cmd_diff, "compared, whatever changes", "more changes than may, or anything with --exit-code"},
    {"fix", "FILE…", "mend what is simple: spaces, flags, blank rows, encoding, delimiter", FIX,
     cmd_fix, "mended as far as can be, whatever is left",
     "something can be mended, with --check; or the columns are not clear"},
    {"dry-run", "FILE", "print the settings that the import service would use", DRY_RUN,
     cmd_dry_run, "accepted", "refused"},
    {"records", "FILE", "print what the CSV reader sees, a JSON array a line", RECORDS, cmd_records,
     "every record could be read", "a malformed record"},
    {"explain", "[CODE…]", "say what a finding means and how to mend it; without a code, list all",
     EXPLAIN, cmd_explain, "printed", NULL},
    {"template", "IMPORTER", "print a CSV to start from: positions or departments", TEMPLATE,
     cmd_template, "printed", NULL},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
    fputs("orgvet vets organisation-structure CSV files (positions, departments) before they are "
          "imported\n\nUsage: orgvet COMMAND [OPTION…] [FILE…]\n\nCommands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs(
        "\n`orgvet COMMAND --help` says more about each; `orgvet --version` prints the version\n\n"
        "Exit: 0 nothing to complain about; 1 findings; 2 orgvet could not work\n",
        out);
}

static void print_help(const struct command *command)
{
    printf("orgvet %s: %s\n\nUsage: orgvet %s [OPTION…] %s\n\nOptions:\n", command->name,
           command->summary, command->name, command->operands);
    cli_print_options(stdout, command->bit);
    printf("\nExit: 0 %s; %s%s%s2 orgvet could not work\n", command->nothing,
           command->something ? "1 " : "", command->something ? command->something : "",
           command->something ? "; " : "");
}

static int run(const struct command *command, int argc, char **argv)
{
    struct cli_args args = {0};
    int code = EXIT_FAILED;
    if (cli_args_parse(&args, command->bit, argc, argv)) {
        if (cli_has(&args, OPT_HELP)) {
            print_help(command);
            code = cli_finish();
        } else {
            code = command->run(&args);
        }
    }
    cli_args_deinit(&args);
    return code;
}

static int unknown_command(const char *name)
{
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    const char *nearest = cli_nearest(name, names, COMMANDS);
    if (name[0] == '-')
        return cli_fail("unknown option `%s`; `orgvet --help` lists the commands", name);
    if (nearest)
        return cli_fail("unknown command `%s`; did you mean `%s`?", name, nearest);
    return cli_fail("unknown command `%s`; `orgvet --help` lists those there are", name);
}

int main(int argc, char **argv)
{
    cli_output_init();
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_FAILED;
    }
    if (strcmp(argv[1], "help") == 0 && argc > 2) { /* `help check` is `check --help` */
        char *help[] = {"--help"};
        for (size_t i = 0; i < COMMANDS; i++)
            if (strcmp(argv[2], commands[i].name) == 0)
                return run(&commands[i], 1, help);
        return unknown_command(argv[2]);
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return cli_finish();
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("orgvet %s\n", ov_version());
        return cli_finish();
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return run(&commands[i], argc - 2, argv + 2);
    return unknown_command(argv[1]);
}
