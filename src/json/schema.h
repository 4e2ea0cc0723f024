/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* schema.h - the JSON Schema of lines, out of their shapes. */
#ifndef LAB_JSON_SCHEMA_H
#define LAB_JSON_SCHEMA_H

#include <stdio.h>

#include "json/shape.h"

/* What stands over it. */
struct schema_about {
	const char *title; /* its version is put behind it */
	const char *text;
	bool cut; /* a line may come in parts: cut.h */
};

/*
 * Writes the schema of n kinds of lines to f; returns as out_put() does. Unit and kind of a field
 * are its x-unit and x-kind, which validators leave alone.
 */
int schema_write(FILE *f, const struct schema_about *about, const struct shape *const *lines,
		 size_t n);

#endif
