/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * kind_row.h - what the kernel side counted of one kind of request, which is one gfp mask: for the
 * view flags. Pure data; filled by a source.
 */
#ifndef LAB_MODEL_KIND_ROW_H
#define LAB_MODEL_KIND_ROW_H

#include <linux/types.h>

#include "wire/tally.h"

struct kind_row {
	__u32 gfp;	       /* without LAB_GFP_UNSTABLE */
	struct lab_kind count; /* since start */
};

/* Gets each row once; the row is the caller's. 0, or FAIL() that ends the walk. */
typedef int kind_row_fn(void *arg, const struct kind_row *row);

#endif
