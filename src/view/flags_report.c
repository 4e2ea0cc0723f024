// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flags_report.c - see flags_report.h. */
#include "view/flags_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/exits.h"
#include "view/show.h"
#include "base/util.h"

/* ---- rows ---- */

struct flags_kind *flags_find(struct flags_report *r, __u32 gfp)
{
	for (size_t i = 0; i < r->kinds; i++)
		if (r->kind[i].gfp == gfp)
			return &r->kind[i];
	if (r->kinds == r->room) {
		size_t room = r->room ? r->room * 2 : 32;
		struct flags_kind *kind = reallocarray(r->kind, room, sizeof(*kind));

		if (!kind)
			return NULL;
		r->kind = kind;
		r->room = room;
	}
	r->kind[r->kinds] = (struct flags_kind){.gfp = gfp};
	return &r->kind[r->kinds++];
}

void flags_begin(void *report)
{
	struct flags_report *r = report;

	for (size_t i = 0; i < r->kinds; i++)
		memset(&r->kind[i].interval, 0, sizeof(r->kind[i].interval));
}

static __u64 more(__u64 now, __u64 then)
{
	return now > then ? now - then : 0;
}

/*
 * The kernel side keeps the maximum since start. Of an interval it is known which bucket the
 * longest one fell in: the end of that bucket, or the maximum when it lies there, is at most 1/16
 * too high.
 */
static __u64 interval_max_ns(const struct hist *out, const struct hist *now)
{
	unsigned int highest = LAB_LAT_BUCKETS;

	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++)
		if (out->bucket[i])
			highest = i;
	if (highest == LAB_LAT_BUCKETS)
		return 0;
	return highest == lab_latency_bucket(now->max_ns) ? now->max_ns : hist_upper_ns(highest);
}

static void hist_sub(struct hist *out, const struct hist *now, const struct hist *then)
{
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++)
		out->bucket[i] = more(now->bucket[i], then->bucket[i]);
	out->sum_ns = more(now->sum_ns, then->sum_ns);
	out->max_ns = interval_max_ns(out, now);
}

static void count_sub(struct flags_count *out, const struct flags_count *now,
		      const struct flags_count *then)
{
	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		out->served[i] = more(now->served[i], then->served[i]);
	out->failed_final = more(now->failed_final, then->failed_final);
	out->failed_opportunistic = more(now->failed_opportunistic, then->failed_opportunistic);
	out->alone = more(now->alone, then->alone);
	out->orders = now->orders;
	hist_sub(&out->fast, &now->fast, &then->fast);
	hist_sub(&out->slow, &now->slow, &then->slow);
}

static void count_from(struct flags_count *out, const struct lab_kind *raw)
{
	memcpy(out->served, raw->served, sizeof(out->served));
	out->failed_final = raw->failed_final;
	out->failed_opportunistic = raw->failed_opportunistic;
	out->alone = raw->alone;
	out->orders = raw->orders;
	memcpy(out->fast.bucket, raw->fast, sizeof(out->fast.bucket));
	memcpy(out->slow.bucket, raw->slow, sizeof(out->slow.bucket));
	out->fast.sum_ns = raw->fast_sum_ns;
	out->slow.sum_ns = raw->slow_sum_ns;
	out->fast.max_ns = raw->fast_max_ns;
	out->slow.max_ns = raw->slow_max_ns;
}

int flags_take(void *report, const struct kind_row *row)
{
	struct flags_kind *kind = flags_find(report, row->gfp);
	struct flags_count now;

	if (!kind)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	count_from(&now, &row->count);
	count_sub(&kind->interval, &now, &kind->total);
	kind->total = now;
	return 0;
}

void flags_drop(void *report)
{
	struct flags_report *r = report;

	free(r->kind);
	r->kind = NULL;
	r->kinds = r->room = 0;
}

__u64 flags_failed(const struct flags_count *c)
{
	return c->failed_final + c->failed_opportunistic;
}

__u64 flags_requests(const struct flags_count *c)
{
	__u64 n = flags_failed(c);

	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		n += c->served[i];
	return n;
}

/* ---- which, in which order ---- */

static bool is_wanted(const struct show *show, const struct flags_kind *kind, bool interval)
{
	const struct flags_count *c = interval ? &kind->interval : &kind->total;

	if (!show_class(show, lab_class_of(kind->gfp)))
		return false;
	if (show->failures_only && flags_failed(c) == 0)
		return false;
	return flags_requests(c) > 0;
}

static int by_count(const struct flags_kind *a, __u64 na, const struct flags_kind *b, __u64 nb)
{
	if (na != nb)
		return na < nb ? 1 : -1;
	return a->gfp < b->gfp ? -1 : a->gfp > b->gfp;
}

static int by_interval(const void *pa, const void *pb)
{
	const struct flags_kind *a = *(const struct flags_kind *const *)pa;
	const struct flags_kind *b = *(const struct flags_kind *const *)pb;

	return by_count(a, flags_requests(&a->interval), b, flags_requests(&b->interval));
}

static int by_total(const void *pa, const void *pb)
{
	const struct flags_kind *a = *(const struct flags_kind *const *)pa;
	const struct flags_kind *b = *(const struct flags_kind *const *)pb;

	return by_count(a, flags_requests(&a->total), b, flags_requests(&b->total));
}

size_t flags_sorted(const struct flags_report *r, const struct show *show, bool interval,
		    const struct flags_kind ***ret)
{
	size_t n = 0;

	*ret = calloc(r->kinds + 1, sizeof(**ret));
	if (!*ret)
		return 0;
	for (size_t i = 0; i < r->kinds; i++)
		if (is_wanted(show, &r->kind[i], interval))
			(*ret)[n++] = &r->kind[i];
	qsort(*ret, n, sizeof(**ret), interval ? by_interval : by_total);
	return n;
}

/* ---- what the mask says ---- */

bool flags_may_sleep(__u32 gfp)
{
	return gfp & LAB_GFP_DIRECT_RECLAIM;
}

/* NOMEMALLOC takes back what MEMALLOC and being atomic give, not what HIGH gives. */
enum flags_rights flags_rights_of(__u32 gfp)
{
	bool spared = gfp & LAB_GFP_NOMEMALLOC;

	if (gfp & LAB_GFP_MEMALLOC && !spared)
		return FLAGS_RIGHTS_ALL;
	if (!(gfp & LAB_GFP_HIGH))
		return FLAGS_RIGHTS_NONE;
	return flags_may_sleep(gfp) || spared ? FLAGS_RIGHTS_HALF : FLAGS_RIGHTS_THREE_EIGHTH;
}

const char *flags_rights_name(unsigned int rights)
{
	static const char *const names[FLAGS_RIGHTS_NR] = {
		[FLAGS_RIGHTS_NONE] = "none",
		[FLAGS_RIGHTS_HALF] = "half",
		[FLAGS_RIGHTS_THREE_EIGHTH] = "three_eighths",
		[FLAGS_RIGHTS_ALL] = "all",
	};

	return rights < FLAGS_RIGHTS_NR ? names[rights] : NULL;
}

/* ---- probability ---- */

#define Z_95 1.959963984540054 /* normal quantile of 0.975 */

/* Would a true probability q make a share of p in n tries no surprise? */
static bool is_plausible(double p, double n, double q)
{
	return (p - q) * (p - q) * n <= Z_95 * Z_95 * q * (1 - q);
}

/*
 * The last plausible value between p, which is, and an end of the scale: by halving, which needs no
 * mathematics library and loses no digits next to 0 and 1.
 */
static double plausible_end(double p, double n, double end)
{
	double in = p, out = end;

	if (is_plausible(p, n, end))
		return end;
	for (int i = 0; i < 200; i++) {
		double middle = (in + out) / 2;

		if (is_plausible(p, n, middle))
			in = middle;
		else
			out = middle;
	}
	return in;
}

struct proportion proportion_of(__u64 k, __u64 n)
{
	double p = n ? (double)k / (double)n : 0;

	if (n == 0)
		return (struct proportion){0};
	return (struct proportion){
		.known = true,
		.estimate = p,
		.low = plausible_end(p, (double)n, 0),
		.high = plausible_end(p, (double)n, 1),
	};
}
