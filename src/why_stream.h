/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * why_stream.h - a report of the view why in the JSON stream, one a line. The same tables write and
 * read it.
 *
 *	struct why_report -> view_why_json.c -> one line -> why_read.c -> struct why_report
 *	                        why_fields.c: key, kind, place
 */
#ifndef LAB_WHY_STREAM_H
#define LAB_WHY_STREAM_H

#include "stream.h"
#include "why.h"

extern const struct field why_head_fields[];	/* struct why_report */
extern const struct field why_sample_fields[];	/* struct why_report; null unless counted */
extern const struct field why_audit_fields[];	/* struct why_report; null unless ended */
extern const struct field why_count_fields[];	/* struct why_figures */
extern const struct field why_site_fields[];	/* struct why_site */
extern const struct field why_outcome_fields[]; /* struct why_case; null unless failed */
extern const struct field why_case_fields[];	/* struct why_case */

/*
 * Fills *ret, which must be empty, from one line of a stream; why_report_free() gives back what it
 * holds, also after a failure. 0, -ENOMSG when the line is of another view (err->view), or -EINVAL
 * with err filled; not logged.
 */
int why_line_parse(const char *line, size_t len, struct why_report *ret, struct stream_error *err);

#endif
