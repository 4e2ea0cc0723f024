/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* write.h - a struct to a line of JSON, by its shape. */
#ifndef LAB_JSON_WRITE_H
#define LAB_JSON_WRITE_H

#include "json/emit.h"
#include "json/shape.h"

/*
 * Puts one line into f: shape->type and schema, then the struct at base. arg goes to the lists of
 * the shape; NULL: nothing is left out. Returns as out_put() does.
 */
int shape_write(FILE *f, const struct shape *shape, const void *base, const void *arg);
/* cut: a long line is put as parts; see cut.h. */
int shape_write_cut(FILE *f, const struct shape *shape, const void *base, const void *arg,
		    bool cut);

#endif
