/* cli/cmd_explain.c: `orgvet explain` and `orgvet template`: commands that read no file. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/cmd.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/paths.h"

enum { WIDTH = 88 /* columns of a paragraph */ };

static void print_sample(const char *title, const char *sample)
{
    printf("\n%s\n", title);
    for (const char *line = sample; *line;) {
        size_t length = strcspn(line, "\n");
        printf("    %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void explain(const struct ov_rule *rule)
{
    printf("%s %s (%s): %s\n\n", rule->code, rule->name, cli_say(ov_severity_name(rule->severity)),
           cli_say(rule->summary));
    cli_print_wrapped(stdout, cli_say(rule->what), 0, WIDTH);
    print_sample(cli_say("Bad:"), rule->bad[0] ? rule->bad : cli_say("(nothing)\n"));
    print_sample(cli_say("Good:"), rule->good);
    printf("\n%s\n    ", cli_say("How to fix it:"));
    cli_print_wrapped(stdout, cli_say(rule->fix), 4, WIDTH);
}

int cmd_explain(const struct cli_args *args)
{
    for (size_t i = 0; i < args->operand_count; i++) {
        struct ov_text name = ov_text_of(args->operands[i]);
        const struct ov_rule *rule = ov_rule_find(name), *near = ov_rule_nearest(name);
        if (!rule && near)
            return cli_fail("unknown rule `%s`; did you mean %s (%s)?", name.ptr, near->code,
                            near->name);
        if (!rule)
            return cli_fail("unknown rule `%s`; `orgvet explain` lists all rules", name.ptr);
        if (i)
            printf("\n");
        explain(rule);
    }
    for (size_t i = 0; args->operand_count == 0 && i < ov_rule_count(); i++) {
        const struct ov_rule *rule = ov_rule_at(i);
        printf("%s  %-7s  %-24s  %s\n", rule->code, cli_say(ov_severity_name(rule->severity)),
               rule->name, cli_say(rule->summary));
    }
    return cli_finish();
}

int cmd_template(const struct cli_args *args)
{
    signal(SIGPIPE, SIG_IGN);
    if (args->operand_count != 1)
        return cli_fail("`orgvet template` takes one importer: positions or departments");
    const struct ov_importer *importer = ov_importer_find(ov_text_of(args->operands[0]));
    if (!importer)
        return cli_fail("unknown importer `%s`; it must be positions or departments",
                        args->operands[0]);
    const char *path = cli_value(args, OPT_FILE_OUTPUT, NULL);
    const char *format =
        cli_value(args, OPT_TEMPLATE_FORMAT, path && cli_is_workbook_name(path) ? "xlsx" : "csv");
    bool workbook = strcmp(format, "xlsx") == 0;
    if (!workbook && strcmp(format, "csv") != 0)
        return cli_fail("unknown format `%s`; it must be csv or xlsx", format);
    if (workbook && !path && isatty(STDOUT_FILENO))
        return cli_fail("a workbook cannot be written to a terminal; use `--output FILE`");
    struct ov_error err = {.language = cli_language()};
    struct cli_output output;
    if (!cli_output_open(&output, path))
        return EXIT_FAILED;
    bool done =
        ov_importer_write_template(importer, workbook, cli_language(), &output.sink, &err) == OV_OK;
    if (err.message[0])
        cli_fail("%s", err.message);
    bool broken_pipe = output.broken_pipe;
    bool fine = cli_output_close(&output, done) && done;
    return fine ? EXIT_FINE : broken_pipe ? EXIT_PIPE : EXIT_FAILED;
}
