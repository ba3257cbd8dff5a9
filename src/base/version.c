/* base/version.c: the version, which the Makefile reads from the file VERSION. */
#include "orgvet/base.h"

const char *ov_version(void)
{
    return OV_VERSION;
}
