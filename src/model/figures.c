// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* figures.c - arithmetic on figures. Pure: no I/O, no clock. */
#include "model/figures.h"
#include "wire/watermark.h"

#include <string.h>

_Static_assert(sizeof(struct figures) % sizeof(__u64) == 0,
	       "figures are counters and nothing else");

__u64 hist_upper_ns(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < LAB_LAT_SUB)
		return bucket;
	if (bucket >= LAB_LAT_BUCKETS - 1)
		return INT64_MAX;
	shift = bucket / LAB_LAT_SUB - 1;
	return (((__u64)LAB_LAT_SUB + bucket % LAB_LAT_SUB + 1) << shift) - 1;
}

__u64 hist_count(const struct hist *h)
{
	__u64 n = 0;

	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++)
		n += h->bucket[i];
	return n;
}

__u64 hist_quantile_ns(const struct hist *h, unsigned int per_mille)
{
	__u64 count = hist_count(h), rank, seen = 0, upper;
	unsigned int i;

	if (count == 0)
		return 0;
	/* ceil(count * per_mille / 1000), without overflow */
	rank = count / 1000 * per_mille + (count % 1000 * per_mille + 999) / 1000;
	if (rank == 0)
		rank = 1;
	for (i = 0; i < LAB_LAT_BUCKETS - 1; i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			break;
	}
	/*
	 * The maximum is read apart from the buckets: one that lies below this bucket is older than
	 * them, and would make the answer too low.
	 */
	upper = hist_upper_ns(i);
	return h->max_ns < upper && lab_latency_bucket(h->max_ns) >= i ? h->max_ns : upper;
}

void hist_add(struct hist *dst, const struct hist *src)
{
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++)
		dst->bucket[i] += src->bucket[i];
	dst->sum_ns += src->sum_ns;
	if (src->max_ns > dst->max_ns)
		dst->max_ns = src->max_ns;
}

/* d may be a or b. The count of a member is given by its own type: a sum of __u64. */
static void sub_counters(void *d, const void *a, const void *b, size_t size)
{
	__u64 *out = d;
	const __u64 *now = a, *then = b;

	for (size_t i = 0; i < size / sizeof(__u64); i++)
		/* A start without an end may for a moment be counted nowhere: see accounting.h. */
		out[i] = now[i] > then[i] ? now[i] - then[i] : 0;
}

void figures_sub(struct figures *out, const struct figures *now, const struct figures *then)
{
	__u64 max_ns[LAB_CLASSES][LAB_CONTEXTS];

	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			max_ns[c][x] = out->row[c][x].latency.max_ns;
	}
	sub_counters(out, now, then, sizeof(*out));
	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			out->row[c][x].latency.max_ns = max_ns[c][x];
	}
}

void figures_add(struct figures *dst, const struct figures *src)
{
	__u64 max_ns[LAB_CLASSES][LAB_CONTEXTS], *to = (__u64 *)dst;
	const __u64 *from = (const __u64 *)src;

	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			__u64 a = dst->row[c][x].latency.max_ns, b = src->row[c][x].latency.max_ns;

			max_ns[c][x] = a > b ? a : b;
		}
	for (size_t i = 0; i < sizeof(*dst) / sizeof(*to); i++)
		to[i] += from[i];
	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			dst->row[c][x].latency.max_ns = max_ns[c][x];
}

bool audit_complete(const struct audit *a)
{
	/* A request without an outcome is one that left: it is part of unpaired. */
	return a->missed == 0 && a->unpaired == 0 && a->dropped == 0 && a->skipped == 0 &&
	       a->unread == 0 && a->wake_misses == 0 && a->other_misses == 0;
}

__u64 zone_floor_pages(const struct zone_row *z)
{
	/*
	 * HIGH, then NON_BLOCK (HARDER before 6.3). Without the boost: the
	 * kernel tries an order-0 request of this kind once more without it. What is held back for
	 * high-order atomic requests counts as usable, free CMA pages do not.
	 */
	return lab_lowered(z->min, true, true) + z->lowmem_reserve + z->free_cma;
}

/* By zone_names[] of mm/page_alloc.c: the place in the order differs with the configuration. */
bool zone_is_closed(const struct zone_row *z)
{
	static const char *const above_normal[] = {"HighMem", "Movable", "Device"};

	for (size_t i = 0; i < sizeof(above_normal) / sizeof(above_normal[0]); i++)
		if (strcmp(z->name, above_normal[i]) == 0)
			return true;
	return z->lowmem_reserve >= z->managed;
}

void zone_fill_headroom(struct zone_row *z)
{
	z->floor = z->headroom = z->lowest_headroom = ZONE_CLOSED;
	if (zone_is_closed(z))
		return;
	z->floor = (__s64)zone_floor_pages(z);
	z->headroom = (__s64)z->free - z->floor;
	z->lowest_headroom = (__s64)z->lowest_free - z->floor;
}

const char *class_name(unsigned int class)
{
	static const char *const names[LAB_CLASSES] = {
		[LAB_CLASS_ATOMIC] = "atomic",	   [LAB_CLASS_NOWAIT] = "nowait",
		[LAB_CLASS_NOLOCK] = "nolock",	   [LAB_CLASS_HIGH] = "high",
		[LAB_CLASS_BLOCKING] = "blocking",
	};

	return class < LAB_CLASSES ? names[class] : NULL;
}

const char *context_name(unsigned int context)
{
	static const char *const names[LAB_CONTEXTS] = {
		[LAB_CTX_TASK] = "task",       [LAB_CTX_SOFTIRQ] = "softirq",
		[LAB_CTX_HARDIRQ] = "hardirq", [LAB_CTX_NMI] = "nmi",
		[LAB_CTX_UNKNOWN] = "unknown",
	};

	return context < LAB_CONTEXTS ? names[context] : NULL;
}

const char *level_name(unsigned int level)
{
	static const char *const names[LAB_LEVELS] = {
		[LAB_LEVEL_LOW] = "low",	 [LAB_LEVEL_MIN] = "min",
		[LAB_LEVEL_RESERVE] = "reserve", [LAB_LEVEL_NONE] = "none",
		[LAB_LEVEL_UNKNOWN] = "unknown",
	};

	return level < LAB_LEVELS ? names[level] : NULL;
}
