/* cli/cmd.c: the table of the commands, made from commands.def. */
#include "cli/cmd.h"

const struct cli_command cli_commands[COMMANDS] = {
#define CLI_COMMAND(bit, name, run, operands, summary, nothing, something, description)            \
    {name, operands, summary, bit, run, nothing, something, description},
#include "cli/commands.def"
};
