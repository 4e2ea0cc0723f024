/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* names.h - a gfp mask in the kernel's own words. Pure. */
#ifndef LAB_MODEL_NAMES_H
#define LAB_MODEL_NAMES_H

#include <linux/types.h>
#include <stddef.h>

/* Longest text of any mask, with its NUL. */
#define GFP_NAMES_TEXT 512

/*
 * Writes "GFP_ATOMIC|__GFP_NOWARN" to buf: the compound that covers most of the mask, then single
 * bits by name, then in hex those whose meaning differs between kernels (bit 23 and above). "none"
 * for 0. Truncated at the end of buf. Returns buf.
 */
char *gfp_names(char *buf, size_t size, __u32 gfp);

/*
 * The same for a mask that lacks LAB_GFP_UNSTABLE: there GFP_KERNEL, GFP_NOFS, GFP_NOIO and
 * GFP_USER are all "__GFP_RECLAIM", the kernel's own word for what they share, and not the one of
 * them that has no other bit.
 */
char *gfp_kind_names(char *buf, size_t size, __u32 gfp);

/* Adds "N" or "N-M" as bits of orders; cuts entry at its dash. 0 or -EINVAL. */
int parse_orders(char *entry, __u32 *mask);

#endif
