/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* tables_shape.h - the audit of flags and lint in the JSON stream. */
#ifndef LAB_VIEW_TABLES_SHAPE_H
#define LAB_VIEW_TABLES_SHAPE_H

#include "json/parse.h"
#include "json/shape.h"
#include "view/view.h"

extern const struct shape tables_audit_shape;	   /* struct run_audit */
extern const struct shape tables_audit_seen_shape; /* the same, where requests seen are counted */

/* As the member parse of a view; shape: of its report. */
int tables_parse(const struct view *view, const struct shape *shape, const char *line, size_t len,
		 void *report, struct stream_error *err);

#endif
