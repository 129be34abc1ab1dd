/*
 * marks: combining characters, drawn onto the one before them.
 */
#ifndef COMMON_MARKS_H
#define COMMON_MARKS_H

#include <stdbool.h>
#include <stdint.h>

/* c is of the category Mn or Me of Unicode 17. */
bool marks_has(uint32_t c);

#endif
