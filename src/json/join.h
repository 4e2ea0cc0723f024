/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* join.h - the parts of a line, put together again: see cut.h. */
#ifndef LAB_JSON_JOIN_H
#define LAB_JSON_JOIN_H

#include <stddef.h>

#include "json/parse.h"

/* Zero it before its first use. */
struct join {
	json_t *whole; /* what there is of it; NULL: no part came */
	unsigned int part, parts;
	size_t bytes;
	char *text; /* the last one that was whole */
};

/*
 * Takes a line. 0: *line is one to read, the same or what its parts come to, which lives until the
 * next call; -EAGAIN: it is a part, and more are to come; -EINVAL with err filled.
 */
int join_take(struct join *j, const char **line, size_t *len, struct stream_error *err);
/* Is a part missing at the end? Fills err with what to say. */
bool join_open(const struct join *j, struct stream_error *err);
void join_free(struct join *j);

#endif
