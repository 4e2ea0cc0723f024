/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * cut.h - a line of JSON that is too long for what carries it, as several: each an object of the
 * type NAME_part, with its number (part) of so many (parts), the time, sequence and host of the
 * whole, and some of its keys, at the same place. Objects of all parts put together, and arrays one
 * behind the other, are the whole; an object of an array that goes on in the next part says so
 * there (continued). join.h does that.
 */
#ifndef LAB_JSON_CUT_H
#define LAB_JSON_CUT_H

#include <stddef.h>
#include <stdio.h>

/* Of a line with its newline: rsyslog takes 8 KiB, with what it puts before it. */
#define CUT_BYTES 7680

#define PART_SUFFIX "_part"

/* Puts a line, which is one object and ends in a newline, as out_put() does. */
int cut_put(FILE *f, const char *line, size_t len);

#endif
