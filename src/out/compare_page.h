/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* compare_page.h - two recordings side by side, as one page of HTML. */
#ifndef LAB_OUT_COMPARE_PAGE_H
#define LAB_OUT_COMPARE_PAGE_H

#include <stdio.h>

#include "out/compare.h"
#include "out/report_page.h"

/* Prints it: the stream keeps what went wrong (ferror). files: of each side. */
void compare_page(FILE *f, const struct compare *c, const struct report_files files[2]);

#endif
