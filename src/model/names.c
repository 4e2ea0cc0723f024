// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * names.c - bits 0 to 22 mean the same in every configuration since 5.10; those above depend on it
 * (include/linux/gfp_types.h).
 */
#include "model/names.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "wire/gfp.h"
#include "wire/request.h"

struct gfp_name {
	__u32 mask;
	const char *name;
};

/* The first match wins: no entry may be part of one below it. */
static const struct gfp_name compounds[] = {
	{0x1c24ca, "GFP_TRANSHUGE"},
	{0x1c20ca, "GFP_TRANSHUGE_LIGHT"},
	{0x100cca, "GFP_HIGHUSER_MOVABLE"},
	{0x100cc2, "GFP_HIGHUSER"},
	{0x100cc0, "GFP_USER"},
	{0x400cc0, "GFP_KERNEL_ACCOUNT"},
	{0x000cc0, "GFP_KERNEL"},
	{0x000c40, "GFP_NOFS"},
	{0x000a20, "GFP_ATOMIC"}, /* up to 6.2: with __GFP_ATOMIC */
	{0x000820, "GFP_ATOMIC"},
	{0x000c00, "GFP_NOIO"},
	{0x000800, "GFP_NOWAIT"},
};

/* One entry a bit; 0 and 2 as dmesg spells them. */
static const char *const bits[] = {
	"GFP_DMA",
	"__GFP_HIGHMEM",
	"GFP_DMA32",
	"__GFP_MOVABLE",
	"__GFP_RECLAIMABLE",
	"__GFP_HIGH",
	"__GFP_IO",
	"__GFP_FS",
	"__GFP_ZERO",
	"__GFP_ATOMIC", /* unused since 6.3 */
	"__GFP_DIRECT_RECLAIM",
	"__GFP_KSWAPD_RECLAIM",
	"__GFP_WRITE",
	"__GFP_NOWARN",
	"__GFP_RETRY_MAYFAIL",
	"__GFP_NOFAIL",
	"__GFP_NORETRY",
	"__GFP_MEMALLOC",
	"__GFP_COMP",
	"__GFP_NOMEMALLOC",
	"__GFP_HARDWALL",
	"__GFP_THISNODE",
	"__GFP_ACCOUNT",
};

#define NR(a) (sizeof(a) / sizeof((a)[0]))

struct text {
	char *buf;
	size_t size, len;
};

/* Truncates what does not fit. */
static void add_text(struct text *t, const char *s)
{
	for (; *s && t->len + 1 < t->size; s++)
		t->buf[t->len++] = *s;
	if (t->len < t->size)
		t->buf[t->len] = '\0';
}

static void add(struct text *t, const char *name)
{
	if (t->len)
		add_text(t, "|");
	add_text(t, name);
}

static __u32 add_compound(struct text *t, __u32 gfp)
{
	for (size_t i = 0; i < NR(compounds); i++) {
		if ((gfp & compounds[i].mask) != compounds[i].mask)
			continue;
		add(t, compounds[i].name);
		return gfp & ~compounds[i].mask;
	}
	return gfp;
}

char *gfp_names(char *buf, size_t size, __u32 gfp)
{
	struct text t = {.buf = buf, .size = size};
	char hex[16];

	if (size)
		buf[0] = '\0';
	if (!gfp)
		add(&t, "none");
	gfp = add_compound(&t, gfp);
	for (size_t i = 0; i < NR(bits); i++)
		if (gfp & 1U << i)
			add(&t, bits[i]);
	gfp &= ~((1U << NR(bits)) - 1);
	if (gfp) {
		snprintf(hex, sizeof(hex), "0x%x", (unsigned int)gfp);
		add(&t, hex);
	}
	return buf;
}

char *gfp_kind_names(char *buf, size_t size, __u32 gfp)
{
	const __u32 both = LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM;
	struct text t = {.buf = buf, .size = size};
	char rest[GFP_NAMES_TEXT];

	if ((gfp & both) != both)
		return gfp_names(buf, size, gfp);
	if (size)
		buf[0] = '\0';
	add(&t, "__GFP_RECLAIM");
	if (gfp & ~both)
		add(&t, gfp_names(rest, sizeof(rest), gfp & ~both));
	return buf;
}

int parse_orders(char *entry, __u32 *mask)
{
	char *dash = strchr(entry, '-');
	__u64 first, last;

	if (dash)
		*dash = '\0';
	if (parse_u64(entry, 0, LAB_ORDERS - 1, &first) < 0)
		return -EINVAL;
	last = first;
	if (dash && parse_u64(dash + 1, first, LAB_ORDERS - 1, &last) < 0)
		return -EINVAL;
	for (; first <= last; first++)
		*mask |= 1U << first;
	return 0;
}
