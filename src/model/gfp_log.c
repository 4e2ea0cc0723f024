// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* gfp_log.c - tables of the names and numbers of gfp masks, by kernel. */
#include "model/gfp_log.h"

#include <stdio.h>
#include <string.h>

#include "wire/gfp.h"

#define NR(a) (sizeof(a) / sizeof((a)[0]))

#define BOTH (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM)
#define RECLAIMABLE 0x10U
#define ZERO 0x100U
#define WRITE 0x1000U
#define RETRY_MAYFAIL 0x4000U
#define COMP 0x40000U
#define KERNEL (BOTH | LAB_GFP_IO | LAB_GFP_FS)
#define USER (KERNEL | LAB_GFP_HARDWALL)

struct named {
	const char *name;
	__u32 mask;
};

/* The first that fits is taken. */
static const struct named compounds[] = {
	{"GFP_TRANSHUGE", 0x1c24ca},
	{"GFP_TRANSHUGE_LIGHT", 0x1c20ca},
	{"GFP_HIGHUSER_MOVABLE", USER | LAB_GFP_HIGHMEM | LAB_GFP_MOVABLE},
	{"GFP_HIGHUSER", USER | LAB_GFP_HIGHMEM},
	{"GFP_USER", USER},
	{"GFP_TEMPORARY", KERNEL | RECLAIMABLE},
	{"GFP_KERNEL_ACCOUNT", KERNEL | LAB_GFP_ACCOUNT},
	{"GFP_KERNEL", KERNEL},
	{"GFP_NOFS", BOTH | LAB_GFP_IO},
	{"GFP_ATOMIC", LAB_GFP_HIGH | LAB_GFP_ATOMIC | LAB_GFP_KSWAPD_RECLAIM},
	{"GFP_NOIO", BOTH},
	{"GFP_NOWAIT", LAB_GFP_KSWAPD_RECLAIM},
};

/* A mask of 0 is a name of another time. */
static const struct named flags[] = {
	{"GFP_DMA", LAB_GFP_DMA},
	{"__GFP_DMA", LAB_GFP_DMA},
	{"__GFP_HIGHMEM", LAB_GFP_HIGHMEM},
	{"GFP_DMA32", LAB_GFP_DMA32},
	{"__GFP_DMA32", LAB_GFP_DMA32},
	{"__GFP_MOVABLE", LAB_GFP_MOVABLE},
	{"__GFP_RECLAIMABLE", RECLAIMABLE},
	{"__GFP_WAIT", BOTH},
	{"__GFP_RECLAIM", BOTH},
	{"__GFP_HIGH", LAB_GFP_HIGH},
	{"__GFP_IO", LAB_GFP_IO},
	{"__GFP_FS", LAB_GFP_FS},
	{"__GFP_ZERO", ZERO},
	{"__GFP_ATOMIC", LAB_GFP_ATOMIC},
	{"__GFP_DIRECT_RECLAIM", LAB_GFP_DIRECT_RECLAIM},
	{"__GFP_KSWAPD_RECLAIM", LAB_GFP_KSWAPD_RECLAIM},
	{"__GFP_WRITE", WRITE},
	{"__GFP_NOWARN", LAB_GFP_NOWARN},
	{"__GFP_RETRY_MAYFAIL", RETRY_MAYFAIL},
	{"__GFP_REPEAT", RETRY_MAYFAIL},
	{"__GFP_NOFAIL", LAB_GFP_NOFAIL},
	{"__GFP_NORETRY", LAB_GFP_NORETRY},
	{"__GFP_MEMALLOC", LAB_GFP_MEMALLOC},
	{"__GFP_COMP", COMP},
	{"__GFP_NOMEMALLOC", LAB_GFP_NOMEMALLOC},
	{"__GFP_HARDWALL", LAB_GFP_HARDWALL},
	{"__GFP_THISNODE", LAB_GFP_THISNODE},
	{"__GFP_ACCOUNT", LAB_GFP_ACCOUNT},
	{"__GFP_COLD", 0},
	{"__GFP_NOTRACK", 0},
	{"__GFP_OTHER_NODE", 0},
	{"__GFP_NO_KSWAPD", 0},
	{"__GFP_NOACCOUNT", 0},
};

/* From bit 0 on, apart by spaces. "-" is a bit without a name. */
static const char *const layouts[GFP_LAYOUTS] = {
	[GFP_LAYOUT_3_X] = "GFP_DMA __GFP_HIGHMEM GFP_DMA32 __GFP_MOVABLE __GFP_WAIT __GFP_HIGH "
			   "__GFP_IO __GFP_FS __GFP_COLD __GFP_NOWARN __GFP_REPEAT __GFP_NOFAIL "
			   "__GFP_NORETRY __GFP_MEMALLOC __GFP_COMP __GFP_ZERO __GFP_NOMEMALLOC "
			   "__GFP_HARDWALL __GFP_THISNODE __GFP_RECLAIMABLE - __GFP_NOTRACK "
			   "__GFP_NO_KSWAPD __GFP_OTHER_NODE __GFP_WRITE",
	[GFP_LAYOUT_4_4] = "GFP_DMA __GFP_HIGHMEM GFP_DMA32 __GFP_MOVABLE __GFP_RECLAIMABLE "
			   "__GFP_HIGH __GFP_IO __GFP_FS __GFP_COLD __GFP_NOWARN __GFP_REPEAT "
			   "__GFP_NOFAIL __GFP_NORETRY __GFP_MEMALLOC __GFP_COMP __GFP_ZERO "
			   "__GFP_NOMEMALLOC __GFP_HARDWALL __GFP_THISNODE __GFP_ATOMIC "
			   "__GFP_ACCOUNT __GFP_NOTRACK __GFP_DIRECT_RECLAIM __GFP_OTHER_NODE "
			   "__GFP_WRITE __GFP_KSWAPD_RECLAIM",
	[GFP_LAYOUT_4_10] = "GFP_DMA __GFP_HIGHMEM GFP_DMA32 __GFP_MOVABLE __GFP_RECLAIMABLE "
			    "__GFP_HIGH __GFP_IO __GFP_FS __GFP_COLD __GFP_NOWARN "
			    "__GFP_RETRY_MAYFAIL __GFP_NOFAIL __GFP_NORETRY __GFP_MEMALLOC "
			    "__GFP_COMP __GFP_ZERO __GFP_NOMEMALLOC __GFP_HARDWALL __GFP_THISNODE "
			    "__GFP_ATOMIC __GFP_ACCOUNT __GFP_NOTRACK __GFP_DIRECT_RECLAIM "
			    "__GFP_WRITE __GFP_KSWAPD_RECLAIM",
	[GFP_LAYOUT_4_18] = "GFP_DMA __GFP_HIGHMEM GFP_DMA32 __GFP_MOVABLE __GFP_RECLAIMABLE "
			    "__GFP_HIGH __GFP_IO __GFP_FS __GFP_WRITE __GFP_NOWARN "
			    "__GFP_RETRY_MAYFAIL __GFP_NOFAIL __GFP_NORETRY __GFP_MEMALLOC "
			    "__GFP_COMP __GFP_ZERO __GFP_NOMEMALLOC __GFP_HARDWALL __GFP_THISNODE "
			    "__GFP_ATOMIC __GFP_ACCOUNT __GFP_DIRECT_RECLAIM __GFP_KSWAPD_RECLAIM",
	[GFP_LAYOUT_5_1] = "GFP_DMA __GFP_HIGHMEM GFP_DMA32 __GFP_MOVABLE __GFP_RECLAIMABLE "
			   "__GFP_HIGH __GFP_IO __GFP_FS __GFP_ZERO __GFP_ATOMIC "
			   "__GFP_DIRECT_RECLAIM __GFP_KSWAPD_RECLAIM __GFP_WRITE __GFP_NOWARN "
			   "__GFP_RETRY_MAYFAIL __GFP_NOFAIL __GFP_NORETRY __GFP_MEMALLOC "
			   "__GFP_COMP __GFP_NOMEMALLOC __GFP_HARDWALL __GFP_THISNODE "
			   "__GFP_ACCOUNT",
};

enum gfp_layout gfp_layout_of(const struct kernel_release *r, __u64 number)
{
	if (r->known) {
		if (release_since(r, 5, 1))
			return GFP_LAYOUT_5_1;
		if (release_since(r, 4, 18))
			return GFP_LAYOUT_4_18;
		if (release_since(r, 4, 10))
			return GFP_LAYOUT_4_10;
		return release_since(r, 4, 4) ? GFP_LAYOUT_4_4 : GFP_LAYOUT_3_X;
	}
	/* Nearly every mask of a layout has its bit of __GFP_KSWAPD_RECLAIM. */
	if (number & 0x2000000)
		return GFP_LAYOUT_4_4;
	if (number & 0x1000000)
		return GFP_LAYOUT_4_10;
	if (number & 0x800)
		return GFP_LAYOUT_5_1;
	if (number & 0x400000)
		return GFP_LAYOUT_4_18;
	return number & 0x30 ? GFP_LAYOUT_3_X : GFP_LAYOUT_5_1;
}

struct kernel_release gfp_layout_release(enum gfp_layout layout)
{
	static const unsigned int since[GFP_LAYOUTS][2] = {
		[GFP_LAYOUT_3_X] = {3, 0},   [GFP_LAYOUT_4_4] = {4, 4}, [GFP_LAYOUT_4_10] = {4, 10},
		[GFP_LAYOUT_4_18] = {4, 18}, [GFP_LAYOUT_5_1] = {5, 1},
	};

	return (struct kernel_release){
		.major = since[layout][0], .minor = since[layout][1], .known = true};
}

static const struct named *find_name(const struct named *table, size_t n, const char *name,
				     size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return &table[i];
	return NULL;
}

__u32 gfp_of_names(const char *names)
{
	__u32 mask = 0;

	for (const char *p = names; *p; p += *p == '|') {
		size_t len = strcspn(p, "|");
		const struct named *n = find_name(compounds, NR(compounds), p, len)
						?: find_name(flags, NR(flags), p, len);

		mask |= n ? n->mask : 0;
		p += len;
	}
	return mask;
}

/* The name of a bit, its length 0 where it has none. */
static const char *bit_name(enum gfp_layout layout, unsigned int bit, size_t *len)
{
	const char *p = layouts[layout];

	for (; bit && *p; bit--) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	*len = *p == '-' ? 0 : strcspn(p, " ");
	return p;
}

static __u32 bit_mask(enum gfp_layout layout, unsigned int bit)
{
	size_t len;
	const char *name = bit_name(layout, bit, &len);
	const struct named *n = find_name(flags, NR(flags), name, len);

	return n ? n->mask : 0;
}

__u32 gfp_of_number(enum gfp_layout layout, __u64 number)
{
	__u32 mask = 0;

	for (unsigned int bit = 0; bit < 32; bit++)
		if (number >> bit & 1)
			mask |= bit_mask(layout, bit);
	if (layout == GFP_LAYOUT_3_X && !(mask & LAB_GFP_DIRECT_RECLAIM))
		mask |= LAB_GFP_ATOMIC | LAB_GFP_KSWAPD_RECLAIM;
	return mask;
}

/* What a compound is in a layout; 0 where the layout lacks a bit of it that counts. */
static __u64 compound_number(enum gfp_layout layout, __u32 mask)
{
	__u64 number = 0;
	__u32 covered = LAB_GFP_ATOMIC | LAB_GFP_KSWAPD_RECLAIM;

	for (unsigned int bit = 0; bit < 32; bit++) {
		__u32 own = bit_mask(layout, bit);

		if (!own || (mask & own) != own)
			continue;
		number |= 1ULL << bit;
		covered |= own;
	}
	return mask & ~covered ? 0 : number;
}

static void add_name(char *buf, size_t size, const char *name, size_t len)
{
	size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s%.*s", used ? "|" : "", (int)len, name);
}

char *gfp_number_names(char *buf, size_t size, enum gfp_layout layout, __u64 number)
{
	char rest[24];

	buf[0] = '\0';
	if (!number && layout == GFP_LAYOUT_3_X)
		add_name(buf, size, "GFP_NOWAIT", strlen("GFP_NOWAIT"));
	else if (!number)
		add_name(buf, size, "none", strlen("none"));
	for (size_t i = 0; i < NR(compounds); i++) {
		__u64 own = compound_number(layout, compounds[i].mask);

		if (!own || (number & own) != own)
			continue;
		add_name(buf, size, compounds[i].name, strlen(compounds[i].name));
		number &= ~own;
		break;
	}
	for (unsigned int bit = 0; bit < 32; bit++) {
		size_t len;
		const char *name = bit_name(layout, bit, &len);

		if (!(number >> bit & 1) || !len)
			continue;
		add_name(buf, size, name, len);
		number &= ~(1ULL << bit);
	}
	if (number) {
		snprintf(rest, sizeof(rest), "0x%llx", (unsigned long long)number);
		add_name(buf, size, rest, strlen(rest));
	}
	return buf;
}
