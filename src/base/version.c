/* base/version.c: the version, from the file VERSION by way of the Makefile. */
#include "orgvet/base.h"

const char *ov_version(void)
{
    return OV_VERSION;
}
