/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * stream.h - the JSON stream, one report a line: the same tables write it and read it back.
 *
 *	struct report -> view_json.c -> one line -> stream_read.c -> struct report
 *	                       stream_fields.c: key, kind, place
 *
 * Described for its users in docs/labyrinth.schema.json.
 */
#ifndef LAB_STREAM_H
#define LAB_STREAM_H

#include "model.h"

#define STREAM_SCHEMA 1

enum field_kind {
	FIELD_U64,
	FIELD_S64,
	FIELD_U32,
	FIELD_ADDED, /* a __u64 that older recordings do not have: 0 */
	FIELD_BOOL,
	FIELD_FLAG, /* true or false; a bit (arg) of a __u32 */
	FIELD_HEX,  /* "0x820"; a __u32 */
	FIELD_MASK, /* the same; a __u64, and null when 0 */
	FIELD_NAME, /* one of the names that name_of() gives; a __u32 or enum */
	FIELD_TEXT, /* null when empty; a char array of arg bytes */
};

/* One member of a model struct and its key. Tables end with a NULL key. */
struct field {
	const char *key;
	size_t offset;
	enum field_kind kind;
	__u32 arg;
	const char *(*name_of)(unsigned int); /* NULL behind the last */
};

extern const struct field stream_head_fields[];	     /* struct report */
extern const struct field stream_info_fields[];	     /* struct run_info */
extern const struct field stream_available_fields[]; /* struct run_info */
extern const struct field stream_row_fields[];	     /* struct row */
extern const struct field stream_order_fields[];     /* struct order_row */
extern const struct field stream_failure_fields[];   /* __u64[LAB_LEVELS] */
extern const struct field stream_exclusive_fields[]; /* struct exclusive */
extern const struct field stream_bulk_fields[];	     /* struct bulk */
extern const struct field stream_audit_fields[];     /* struct audit */
extern const struct field stream_zone_fields[];	     /* struct zone_row */

/* The view that writes lines of this type; NULL when there is none. */
const char *stream_view_of(const char *type);

/* What is wrong with a line: "interval.rows[2].class: no class is named "x"". */
struct stream_error {
	char text[256];
	const char *view; /* nothing is wrong, but the line is of this other view */
};

/*
 * Fills *ret from one line of a stream. 0, -ENOMSG when the line is of another view (err->view), or
 * -EINVAL with err filled; non-logging, since only the caller knows the name of the file and the
 * number of the line.
 */
int stream_parse(const char *line, size_t len, struct report *ret, struct stream_error *err);

#endif
