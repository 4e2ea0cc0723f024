/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_audit.h - what was watched, by which hooks, what was not seen, and what it cost. */
#ifndef LAB_OUT_PAGE_AUDIT_H
#define LAB_OUT_PAGE_AUDIT_H

#include "out/html.h"
#include "out/recording.h"

void page_audit(struct html *h, const struct recording *r);

#endif
