/* orgvet/orgvet.h: the whole public API of liborgvet. */
#ifndef ORGVET_ORGVET_H
#define ORGVET_ORGVET_H

#include "orgvet/base.h"
#include "orgvet/baseline.h"
#include "orgvet/check.h"
#include "orgvet/config.h"
#include "orgvet/edits.h"
#include "orgvet/finding.h"
#include "orgvet/fix.h"
#include "orgvet/importer.h"
#include "orgvet/jobs.h"
#include "orgvet/payload.h"
#include "orgvet/records.h"
#include "orgvet/report.h"

#endif
