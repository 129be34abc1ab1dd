/* command: what a command is. */
#include "common/cli/command.h"

bool
command_takes(const struct command *c, enum option_id id)
{
	return ((c->options | OPTIONS_COMMON) & OPTION(id)) != 0;
}
