/* cli/main.c: the command orgvet. A map of the program:
 *
 *   cli/       this command: options, input and output files, one cmd_*.c for each command
 *   page/      the service's page: routes, assets
 *   server/    the import service: HTTP, authorisation, store (SQLite), functions, jobs
 *   client/    the client of such a service
 *   draft/     a vetted file that is kept: rows, filters, tree, changes
 *   report/    findings → text, one file for each format; excerpts
 *   payload/   a vetted file, read again → payload, tree, differences, the fixed file
 *   config/    orgvet.json: keys, places, suppressions
 *   vet/       the pipeline (check.c, header.c), the rules (rules_*.c, suggest.c), root causes,
 *              baselines, dry runs
 *   org/       rows → a hierarchy: identifiers, parents, cycles, shape, places
 *   mapping/   records → fields: importer tables, settings, binding of columns
 *   csv/       bytes → records: decoding, dialect, two readers that are used in turn
 *   finding/   the rules (rules.def), their texts (messages.def, explain.def), the list of findings
 *   base/      memory, text, UTF-8, Unicode, JSON and XML, hashes, patterns, languages
 *
 * The folders from base/ to draft/ are liborgvet; this command uses the library's public headers
 * (include/orgvet/), client/, server/ and page/.
 */
#include <locale.h>
#include <string.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/message.h"
#include "cli/output.h"

static void print_usage(FILE *out)
{
    fprintf(out, "%s\n\n%s orgvet COMMAND [OPTION…] [FILE…]\n\n%s\n",
            cli_say("orgvet vets organisation-structure CSV files (positions, departments) before "
                    "they are imported"),
            cli_say("Usage:"), cli_say("Commands:"));
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", cli_commands[i].name, cli_say(cli_commands[i].summary));
    fprintf(
        out, "\n%s\n\n%s\n",
        cli_say("`orgvet COMMAND --help` describes each command; `orgvet --version` prints the "
                "version"),
        cli_say(
            "Exit: 0 no problems; 1 findings; 2 orgvet failed; 3 the import service\nrefused, or "
            "the import failed; 4 the service could not be reached"));
}

static void print_help(const struct cli_command *command)
{
    printf("orgvet %s: %s\n\n%s orgvet %s [OPTION…] %s\n\n%s\n", command->name,
           cli_say(command->summary), cli_say("Usage:"), command->name, command->operands,
           cli_say("Options:"));
    cli_print_options(stdout, command->bit);
    printf("\n%s 0 %s; ", cli_say("Exit:"), cli_say(command->nothing));
    if (command->something)
        printf("1 %s; ", cli_say(command->something));
    printf("2 %s", cli_say("orgvet failed"));
    if (command->bit & SITES)
        printf(
            "; %s",
            cli_say(
                "3 the service refused, or the operation failed; 4 the service could not be reached"));
    putchar('\n');
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct cli_args args = {0};
    int code = EXIT_FAILED;
    if (cli_args_parse(&args, command->bit, argc, argv)) {
        if (cli_has(&args, OPT_HELP)) {
            print_help(command);
            code = cli_finish();
        } else if (!(command->bit & EXPANDED) || cli_args_expand(&args)) {
            code = command->run(&args);
        }
    }
    cli_args_deinit(&args);
    return code;
}

#ifdef OV_LOCAL_COMMANDS
/* Whether a command is one of the complete orgvet. */
static bool is_elsewhere(const char *name)
{
    static const char *const names[] = {
#define CLI_COMMAND(...)
#define CLI_NETWORK_COMMAND(bit, name, ...) name,
#include "cli/commands.def"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}
#endif

static int unknown_command(const char *name)
{
#ifdef OV_LOCAL_COMMANDS
    if (is_elsewhere(name))
        return cli_needs_complete();
#endif
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = cli_commands[i].name;
    const char *nearest = cli_nearest(name, names, COMMANDS);
    if (name[0] == '-')
        return cli_fail("unknown option `%s`; `orgvet --help` lists the commands", name);
    if (nearest)
        return cli_fail("unknown command `%s`; did you mean `%s`?", name, nearest);
    return cli_fail("unknown command `%s`; `orgvet --help` lists all commands", name);
}

int main(int argc, char **argv)
{
    setlocale(LC_MESSAGES, ""); /* for the system's error messages */
    cli_output_init();
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_FAILED;
    }
    if (strcmp(argv[1], "help") == 0 && argc > 2) { /* `help check` is `check --help` */
        char *help[] = {"--help"};
        for (size_t i = 0; i < COMMANDS; i++)
            if (strcmp(argv[2], cli_commands[i].name) == 0)
                return run(&cli_commands[i], 1, help);
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
        if (strcmp(argv[1], cli_commands[i].name) == 0)
            return run(&cli_commands[i], argc - 2, argv + 2);
    return unknown_command(argv[1]);
}
