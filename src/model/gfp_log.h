/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * gfp_log.h - gfp masks of any kernel, as logs print them: the numbers changed with 4.4, 4.10,
 * 4.18 and 5.1, the names stayed (include/linux/gfp.h, include/trace/events/mmflags.h). Pure.
 */
#ifndef LAB_MODEL_GFP_LOG_H
#define LAB_MODEL_GFP_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "model/rules.h"
#include "wire/types.h"

/* What the bits of a number mean. */
enum gfp_layout {
	GFP_LAYOUT_3_X, /* up to 4.3 */
	GFP_LAYOUT_4_4,
	GFP_LAYOUT_4_10,
	GFP_LAYOUT_4_18,
	GFP_LAYOUT_5_1, /* that of LAB_GFP_... */
	GFP_LAYOUTS,
};

/* By release; where that is not known by what the number itself shows. */
enum gfp_layout gfp_layout_of(const struct kernel_release *r, __u64 number);

/* The earliest release of a layout, for what depends on it when the release is lost. */
struct kernel_release gfp_layout_release(enum gfp_layout layout);

/* As LAB_GFP_... bits. Bits and names that these do not have are left out. Up to 4.3 a request
 * without __GFP_WAIT is one with __GFP_ATOMIC: it had the same rights. */
__u32 gfp_of_number(enum gfp_layout layout, __u64 number);
__u32 gfp_of_names(const char *names);

/* "GFP_KERNEL|__GFP_COMP" of a number; cut where buf ends. Returns buf. */
char *gfp_number_names(char *buf, size_t size, enum gfp_layout layout, __u64 number);

#endif
