/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stream.h - which lines of a stream are of which view. */
#ifndef LAB_VIEW_STREAM_H
#define LAB_VIEW_STREAM_H

#include <stdio.h>

#include "json/parse.h"

/* The view that writes lines of this type; NULL when there is none. */
const char *stream_view_of(const char *type);

/* In err->view: of what labyrinth explain prints. */
extern const char stream_explain[];

/* The JSON Schema of all lines that there are; returns as out_put() does. */
int stream_schema(FILE *f);

/*
 * What shape_parse() said, r: of a line of another view -ENOMSG with err->view, of a line of none
 * -EINVAL with err filled; with stream_explain in err->view, it is one of labyrinth explain.
 */
int stream_other(int r, const char *type, struct stream_error *err);

#endif
