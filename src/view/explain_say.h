/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain_say.h - the paragraphs of explain. A paragraph that has nothing to say stays empty. */
#ifndef LAB_VIEW_EXPLAIN_SAY_H
#define LAB_VIEW_EXPLAIN_SAY_H

#include "model/alloc_report.h"

struct said {
	char text[3072];
	size_t len;
};

void explain_say_count(struct said *s, const struct alloc_report *r);
void explain_say_who(struct said *s, const struct alloc_report *r);
void explain_say_rights(struct said *s, const struct alloc_report *r);
void explain_say_why(struct said *s, const struct alloc_report *r);
void explain_say_free(struct said *s, const struct alloc_report *r);
void explain_say_help(struct said *s, const struct alloc_report *r);
void explain_say_kernel(struct said *s, const struct alloc_report *r);
void explain_say_unknown(struct said *s, const struct alloc_report *r);
void explain_say_paste(struct said *s, const struct alloc_report *r);

#endif
