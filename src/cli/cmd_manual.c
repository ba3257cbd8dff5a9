/* cli/cmd_manual.c: `orgvet manual` and `orgvet completion`: man pages and shell completions,
 * generated from commands.def, options.def and the rules. */
#include <ctype.h>
#include <string.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/message.h"

/* --- man pages: see man-pages(7) --- */

/* Prints a text escaped for roff, including a control character at the beginning of a line. */
static void put_roff(const char *text)
{
    bool first = true;
    for (; *text; text++) {
        if (first && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        first = *text == '\n';
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '`')
            fputs("\\(ga", stdout);
        else
            putchar(*text);
    }
}

static void put_paragraphs(const char *text)
{
    for (bool first = true; *text; first = false) {
        size_t len = strcspn(text, "\n");
        char line[1024];
        snprintf(line, sizeof line, "%.*s", (int)len, text);
        if (!first)
            puts(".PP");
        put_roff(line);
        putchar('\n');
        text += len + (text[len] == '\n');
    }
}

/* Prints the heading of a section, translated. */
static void put_section(const char *name)
{
    printf(".SH %s\n", cli_say(name));
}

static void put_title(const char *name)
{
    printf(".TH \"");
    for (const char *c = name; *c; c++)
        putchar(toupper((unsigned char)*c));
    printf("\" 1 \"\" \"orgvet %s\" \"orgvet\"\n", ov_version());
    put_section("NAME");
}

static void put_option(const struct cli_option *option)
{
    puts(".TP");
    if (option->letter)
        printf("\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", stdout);
    put_roff(option->name);
    fputs("\\fR", stdout);
    if (option->argument) {
        fputs(" \\fI", stdout);
        put_roff(option->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_roff(cli_say(option->help));
    putchar('\n');
}

static void put_entry(const char *name, const char *text)
{
    fputs(".TP\n.B ", stdout);
    put_roff(name);
    putchar('\n');
    put_roff(cli_say(text));
    putchar('\n');
}

static void put_page(const struct cli_command *command)
{
    char name[64];
    snprintf(name, sizeof name, "orgvet-%s", command->name);
    put_title(name);
    put_roff(name);
    fputs(" \\- ", stdout);
    put_roff(cli_say(command->summary));
    putchar('\n');
    put_section("SYNOPSIS");
    fputs("\\fBorgvet ", stdout);
    put_roff(command->name);
    fputs("\\fR [\\fIOPTION\\fR...] ", stdout);
    put_roff(command->operands);
    putchar('\n');
    put_section("DESCRIPTION");
    put_paragraphs(cli_say(command->description));
    put_section("OPTIONS");
    for (size_t i = 0; i < OPTIONS; i++)
        if (cli_options[i].commands & command->bit)
            put_option(&cli_options[i]);
    put_section("EXIT STATUS");
    put_entry("0", command->nothing);
    if (command->something)
        put_entry("1", command->something);
    put_entry("2", "orgvet could not work: usage, configuration, a file that cannot be read");
    if (command->bit & SITES) {
        put_entry("3", "the import service refused, or the work failed");
        put_entry("4", "the import service could not be reached: worth a retry");
    }
    put_entry("130", "interrupted");
    put_section("SEE ALSO");
    puts(".BR orgvet (1)");
}

static void put_rules(void)
{
    put_section("FINDINGS");
    for (size_t i = 0; i < ov_rule_count(); i++) {
        const struct ov_rule *rule = ov_rule_at(i);
        char name[96];
        snprintf(name, sizeof name, "%s %s (%s)", rule->code, rule->name,
                 ov_severity_name(rule->severity));
        put_entry(name, rule->summary);
    }
    puts(".PP");
    put_paragraphs(cli_say("`orgvet explain CODE` describes each finding in detail."));
}

static void put_configuration(void)
{
    static const char *const keys[][2] = {
        {"importer", OV_N_("\"positions\" or \"departments\"")},
        {"settings", OV_N_("settings of the import service, as with --settings")},
        {"rules", OV_N_("code or name and severity: {\"OV309\": \"off\"}, as with --severity")},
        {"patterns", OV_N_("field and PCRE2 pattern, as --pattern")},
        {"require_id", OV_N_("true or false, as with --require-id")},
        {"single_root", OV_N_("true or false, as with --single-root")},
        {"root_markers", OV_N_("a list of parent values that mean `none`, as with --root-marker")},
        {"max_depth", OV_N_("a number, as with --max-depth")},
        {"fail_on", OV_N_("\"error\", \"warning\", \"info\" or \"never\", as for --fail-on")},
        {"budget", OV_N_("max_removed, max_moved and max_renamed: N or \"N%\", for diff and check "
                         "--against")},
        {"existing",
         OV_N_("a file or a list of files, relative to the configuration's folder, as with "
               "--existing")},
        {"site", OV_N_("the address of the import service")},
        {"files",
         OV_N_("glob and the overrides for the files it matches; a file that no glob matches is "
               "skipped by check and fix. * stays within a folder, ** does not; a glob without / "
               "matches the name in any folder")},
        {"sheets",
         OV_N_("in an entry of files: the sheets of these workbooks that are checked, and the "
               "overrides for each, or false to skip it")},
        {"suppress",
         OV_N_("a list of {code, identifier, reason}: findings that are not reported; the "
               "identifier is a glob and may be omitted, the reason is required")},
    };
    put_section("CONFIGURATION");
    put_paragraphs(cli_say(
        "`orgvet.json` is searched for next to the file and in the folders above it, up to "
        "the root of its repository, then in `$XDG_CONFIG_HOME/orgvet/`. Command-line "
        "options take precedence; `orgvet config` prints the values in effect, `orgvet init` "
        "creates a first configuration. Its keys:"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        put_entry(keys[i][0], keys[i][1]);
}

static void put_main_page(void)
{
    put_title("orgvet");
    fputs("orgvet \\- ", stdout);
    put_roff(cli_say("vet organisation-structure CSV files before they are imported"));
    putchar('\n');
    put_section("SYNOPSIS");
    puts("\\fBorgvet\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIFILE\\fR...]");
    put_section("DESCRIPTION");
    put_paragraphs(cli_say(
        "orgvet checks whether a CSV file of positions or departments is correct before it "
        "is imported. It reports every problem in one run, each with its exact location and "
        "how to fix it."));
    put_section("COMMANDS");
    for (size_t i = 0; i < COMMANDS; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s %s", cli_commands[i].name, cli_commands[i].operands);
        put_entry(name, cli_commands[i].summary);
    }
    put_rules();
    put_configuration();
    put_section("ENVIRONMENT");
    put_entry("NO_COLOR", "when set, nothing is coloured unless --color asks for it");
    put_entry("GITHUB_ACTIONS, GITHUB_STEP_SUMMARY",
              "in GitHub Actions the usual format is github, and the summary is added to");
    put_entry("LC_ALL, LC_MESSAGES, LANG",
              "the language of all that orgvet says: English, or German (de)");
    put_entry("XDG_CONFIG_HOME", "where the user's own configuration is (~/.config)");
    put_section("SEE ALSO");
    for (size_t i = 0; i < COMMANDS; i++)
        printf(".BR orgvet\\-%s (1)%s\n", cli_commands[i].name, i + 1 < COMMANDS ? "," : "");
}

static const struct cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(name, cli_commands[i].name) == 0)
            return &cli_commands[i];
    return NULL;
}

int cmd_manual(const struct cli_args *args)
{
    if (args->operand_count > 1)
        return cli_fail("`orgvet manual` takes at most one command");
    const struct cli_command *command =
        args->operand_count ? find_command(args->operands[0]) : NULL;
    if (args->operand_count && !command)
        return cli_fail("unknown command `%s`; `orgvet --help` lists all commands",
                        args->operands[0]);
    if (command)
        put_page(command);
    else
        put_main_page();
    return cli_finish();
}

/* --- shell completions --- */

static bool is_file(const struct cli_option *option)
{
    return option->argument &&
           (strstr(option->argument, "FILE") || strcmp(option->argument, "OLD") == 0 ||
            strcmp(option->argument, "USERS") == 0);
}

/* Prints the codes of all rules, each followed by `after`. */
static void put_codes(const char *after)
{
    for (size_t i = 0; i < ov_rule_count(); i++)
        printf("%s%s%s", i ? " " : "", ov_rule_at(i)->code, after);
}

static void put_operands(const struct cli_command *command)
{
    if (command->bit == EXPLAIN)
        put_codes("");
    else if (command->bit == TEMPLATE)
        fputs("positions departments", stdout);
    else if (command->bit == COMPLETION)
        fputs("bash zsh fish", stdout);
    else if (command->bit == MANUAL)
        for (size_t i = 0; i < COMMANDS; i++)
            printf("%s%s", i ? " " : "", cli_commands[i].name);
}

static bool takes_files(const struct cli_command *command)
{
    return strstr(command->operands, "FILE") || strstr(command->operands, "OLD");
}

static void put_bash(void)
{
    puts(
        "# bash completion for orgvet\n_orgvet()\n{\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
        "    local IFS=$' \\t\\n'\n"
        "    COMPREPLY=()\n    if [ \"$COMP_CWORD\" = 1 ]; then");
    fputs("        COMPREPLY=($(compgen -W '", stdout);
    for (size_t i = 0; i < COMMANDS; i++)
        printf("%s ", cli_commands[i].name);
    puts("--help --version' -- \"$cur\"))\n        return\n    fi\n    case $command in");
    for (size_t c = 0; c < COMMANDS; c++) {
        const struct cli_command *command = &cli_commands[c];
        printf("    %s)\n        case $prev in\n", command->name);
        for (size_t i = 0; i < OPTIONS; i++) {
            const struct cli_option *option = &cli_options[i];
            if (!(option->commands & command->bit) || !option->argument)
                continue;
            printf("        --%s", option->name);
            if (option->letter)
                printf("|-%c", option->letter);
            if (option->words)
                printf(") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", option->words);
            else if (i == OPT_SEVERITY) {
                fputs(") COMPREPLY=($(compgen -W '", stdout);
                put_codes("=");
                puts("' -- \"$cur\")); return ;;");
            } else if (is_file(option))
                puts(") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;");
            else
                puts(") return ;;");
        }
        fputs("        esac\n        case $cur in\n        -*) COMPREPLY=($(compgen -W '", stdout);
        for (size_t i = 0; i < OPTIONS; i++)
            if (cli_options[i].commands & command->bit)
                printf("--%s ", cli_options[i].name);
        fputs("' -- \"$cur\")) ;;\n        *) COMPREPLY=($(compgen ", stdout);
        fputs(takes_files(command) ? "-f " : "-W '", stdout);
        put_operands(command);
        printf("%s-- \"$cur\")) ;;\n        esac ;;\n", takes_files(command) ? "" : "' ");
    }
    puts("    esac\n}\ncomplete -o filenames -o bashdefault -F _orgvet orgvet");
}

/* Prints a text for single quotes in a zsh completion, with specification characters escaped. */
static void put_quoted(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr("[]:\\", *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void put_zsh(void)
{
    puts("#compdef orgvet\n# zsh completion for orgvet\n_orgvet() {\n  local -a commands\n"
         "  commands=(");
    for (size_t i = 0; i < COMMANDS; i++) {
        printf("    '%s:", cli_commands[i].name);
        put_quoted(cli_say(cli_commands[i].summary));
        puts("'");
    }
    puts("  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
         "  local command=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $command in");
    for (size_t c = 0; c < COMMANDS; c++) {
        const struct cli_command *command = &cli_commands[c];
        printf("  %s)\n    _arguments -s", command->name);
        for (size_t i = 0; i < OPTIONS; i++) {
            const struct cli_option *option = &cli_options[i];
            if (!(option->commands & command->bit))
                continue;
            for (int letter = 0; letter < (option->letter ? 2 : 1); letter++) {
                fputs(" \\\n      '*", stdout);
                if (letter)
                    printf("-%c[", option->letter);
                else
                    printf("--%s%s[", option->name, option->argument ? "=" : "");
                put_quoted(cli_say(option->help));
                putchar(']');
                if (option->argument) {
                    putchar(':');
                    put_quoted(option->argument);
                    putchar(':');
                    if (option->words)
                        printf("(%s)", option->words);
                    else if (is_file(option))
                        fputs("_files", stdout);
                }
                putchar('\'');
            }
        }
        fputs(" \\\n      '*:operand:", stdout);
        if (takes_files(command)) {
            fputs("_files", stdout);
        } else {
            putchar('(');
            put_operands(command);
            putchar(')');
        }
        puts("' ;;");
    }
    puts("  esac\n}\ncompdef _orgvet orgvet");
}

/* Prints a text for single quotes in fish. */
static void put_fish_quoted(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
}

static void put_fish(void)
{
    puts("# fish completion for orgvet\ncomplete -c orgvet -n __fish_use_subcommand -f");
    for (size_t i = 0; i < COMMANDS; i++) {
        printf("complete -c orgvet -n __fish_use_subcommand -a %s -d '", cli_commands[i].name);
        put_fish_quoted(cli_say(cli_commands[i].summary));
        puts("'");
    }
    for (size_t c = 0; c < COMMANDS; c++) {
        const struct cli_command *command = &cli_commands[c];
        for (size_t i = 0; i < OPTIONS; i++) {
            const struct cli_option *option = &cli_options[i];
            if (!(option->commands & command->bit))
                continue;
            printf("complete -c orgvet -n '__fish_seen_subcommand_from %s' -l %s", command->name,
                   option->name);
            if (option->letter)
                printf(" -s %c", option->letter);
            if (option->argument)
                fputs(option->words || !is_file(option) ? " -x" : " -r", stdout);
            if (option->words)
                printf(" -a '%s'", option->words);
            fputs(" -d '", stdout);
            put_fish_quoted(cli_say(option->help));
            puts("'");
        }
        if (takes_files(command))
            continue;
        printf("complete -c orgvet -n '__fish_seen_subcommand_from %s' -f -a '", command->name);
        put_operands(command);
        puts("'");
    }
}

int cmd_completion(const struct cli_args *args)
{
    static const struct {
        const char *name;
        void (*put)(void);
    } shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
    if (args->operand_count != 1)
        return cli_fail("`orgvet completion` takes one shell: bash, zsh or fish");
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(args->operands[0], shells[i].name) == 0) {
            shells[i].put();
            return cli_finish();
        }
    }
    return cli_fail("unknown shell `%s`; it must be bash, zsh or fish", args->operands[0]);
}
