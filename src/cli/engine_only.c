/* cli/engine_only.c: stubs for the commands that need network and database, for a build without
 * them (make ENGINE=1). */
#include "cli/args.h"
#include "cli/choices.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/message.h"
#include "cli/site_dry_run.h"

static int not_in_this_build(void)
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
    return not_in_this_build();
}

#define ABSENT(name)                                                                               \
    int name(const struct cli_args *args)                                                          \
    {                                                                                              \
        (void)args;                                                                                \
        return not_in_this_build();                                                                \
    }
ABSENT(cmd_submit)
ABSENT(cmd_export)
ABSENT(cmd_status)
ABSENT(cmd_log)
ABSENT(cmd_rollback)
ABSENT(cmd_delete)
ABSENT(cmd_serve)
ABSENT(cmd_cron)
ABSENT(cmd_admin)
