/* base/shell.h: words of a command that is to be pasted into a shell. */
#ifndef BASE_SHELL_H
#define BASE_SHELL_H

#include "base/text.h"

/* Appends a word so that a shell takes it as it is: in quotes where necessary (POSIX, 2.2), or with
 * escapes for what must not be shown as it is (`$'…'`, as bash and zsh know it). */
void ov_buf_shell(struct ov_buf *out, struct ov_text word);

#endif
