/* cli/engine_only.c: what a build without network and database (make ENGINE=1) has in place of what
 * needs them. */
#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/site_dry_run.h"

int cli_needs_complete(void)
{
    return cli_fail("this build of orgvet works on files only: it cannot run or use an import "
                    "service. Install the complete one");
}

int cli_site_dry_run(struct cli_choices *choices, const struct cli_choice *choice,
                     struct cli_input *input)
{
    (void)choices;
    (void)choice;
    (void)input;
    return cli_needs_complete();
}

#ifndef OV_LOCAL_COMMANDS
#define CLI_COMMAND(...)
#define CLI_NETWORK_COMMAND(bit, name, run, ...)                                                   \
    int run(const struct cli_args *args)                                                           \
    {                                                                                              \
        (void)args;                                                                                \
        return cli_needs_complete();                                                               \
    }
#include "cli/commands.def"
#endif
