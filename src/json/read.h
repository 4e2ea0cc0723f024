/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* read.h - a line of JSON to a struct, by its shape. Trusts no input; see parse.h. */
#ifndef LAB_JSON_READ_H
#define LAB_JSON_READ_H

#include "json/emit.h"
#include "json/parse.h"
#include "json/shape.h"

#define LINE_TYPE 32

/* Opens a line, and says of which type it is: as rd_open(). */
json_t *shape_open(struct reader *rd, const char *line, size_t len, char type[LINE_TYPE]);

/*
 * Fills the struct at `to`, which must be zero, from an open line of the type of this shape. Keys
 * that the shape does not have are left alone, so that a newer writer can add some. 0, or -EINVAL
 * with rd->err filled.
 */
int shape_read(struct reader *rd, const json_t *root, const struct shape *shape, void *to);

/*
 * Both: 0, -EINVAL, or -ENOMSG when the line is of another type, which goes to `type`. *to must be
 * zero. Not logged: only the caller knows the name of the file and the number of the line.
 */
int shape_parse(const struct shape *shape, const char *line, size_t len, void *to,
		char type[LINE_TYPE], struct stream_error *err);

#endif
