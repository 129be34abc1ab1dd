#include "ingest/misbehave.h"

#ifndef TEST_STEPS
/* ISO C wants something in every file. */
typedef int misbehave_unused;
#endif
