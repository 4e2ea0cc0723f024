/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * part.h - a file while it is written: PATH.part, private (0600), that gets its name when it is
 * whole.
 */
#ifndef LAB_BASE_PART_H
#define LAB_BASE_PART_H

#include <stdbool.h>

/*
 * Makes PATH.part, and locks it against other runs. What a killed run left there becomes
 * PATH.killed: *ret_left. A descriptor, or -errno: -EBUSY, another run is writing it.
 */
int part_open(const char *path, bool *ret_left);

#endif
