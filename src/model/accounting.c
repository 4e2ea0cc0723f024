// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* accounting.c - see accounting.h and docs/accounting.md. */
#include "model/accounting.h"

#include <string.h>

static __u64 sub_floor(__u64 a, __u64 b)
{
	return a > b ? a - b : 0;
}

void accounting_begin(struct accounting *a, struct figures *f, __u64 entry_misses,
		      __u64 done_misses)
{
	struct left *left = &a->left[0][0][0][0];

	memset(f, 0, sizeof(*f));
	f->audit.entry_misses = entry_misses;
	f->audit.done_misses = done_misses;
	for (size_t i = 0; i < sizeof(a->left) / sizeof(*left); i++) {
		left[i].before = left[i].counted;
		left[i].counted = 0;
	}
	a->displaced = a->strays = a->parked = a->pending = 0;
	a->blind_ends = a->blind_misses = 0;
}

void accounting_blind(struct accounting *a, __u64 done_misses)
{
	a->blind_misses = done_misses;
}

bool accounting_cell_is_whole(const struct lab_cell *cell)
{
	__u64 outcomes = 0;

	for (unsigned int order = 0; order < LAB_ORDERS; order++)
		for (unsigned int out = 0; out < LAB_OUT_LEFT_QUIET_FINAL; out++)
			outcomes += cell->outcome[order][out];
	return outcomes == cell->alone + cell->told_apart;
}

/* Those that have no outcome of their own: served above low in order 0. */
static __u64 plain_requests(const struct lab_cell *cell)
{
	__u64 closed = 0;

	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++)
		closed += cell->latency[i];
	return sub_floor(closed, cell->told_apart);
}

static void add_outcomes(struct row *row, struct figures *f, const struct lab_cell *cell,
			 unsigned int order)
{
	const __u64 *out = cell->outcome[order];
	struct order_row *o = &row->order[order];
	__u64 final = 0, opportunistic = 0;

	for (unsigned int level = 0; level < LAB_LEVELS; level++) {
		row->served[level] += out[LAB_OUT_SERVED + level];
		o->requests += out[LAB_OUT_SERVED + level];
		final += out[LAB_OUT_FAILED_FINAL + level];
		opportunistic += out[LAB_OUT_FAILED_OPPORTUNISTIC + level];
		f->failure[order][level] += out[LAB_OUT_FAILED_FINAL + level] +
					    out[LAB_OUT_FAILED_OPPORTUNISTIC + level];
	}
	final += out[LAB_OUT_OVERSIZE_FINAL];
	opportunistic += out[LAB_OUT_OVERSIZE_OPPORTUNISTIC];
	row->failed_silent += out[LAB_OUT_OVERSIZE_FINAL] + out[LAB_OUT_OVERSIZE_OPPORTUNISTIC];
	f->audit.silent += out[LAB_OUT_OVERSIZE_FINAL] + out[LAB_OUT_OVERSIZE_OPPORTUNISTIC];
	f->failure[order][LAB_LEVEL_UNKNOWN] +=
		out[LAB_OUT_OVERSIZE_FINAL] + out[LAB_OUT_OVERSIZE_OPPORTUNISTIC];
	row->failed_final += final;
	row->failed_opportunistic += opportunistic;
	row->no_outcome += out[LAB_OUT_LEFT_WOKEN];
	f->audit.left += out[LAB_OUT_LEFT_WOKEN];
	f->audit.endless += out[LAB_OUT_LEFT_WOKEN];
	o->failed_final += final;
	o->failed_opportunistic += opportunistic;
	o->requests += final + opportunistic + out[LAB_OUT_LEFT_WOKEN];
}

void accounting_add_cell(struct accounting *a, struct figures *f, const struct lab_cell *cell,
			 unsigned int class, unsigned int context)
{
	struct row *row = &f->row[class][context];
	__u64 plain = plain_requests(cell);

	row->served[LAB_LEVEL_LOW] += plain;
	row->order[0].requests += plain;
	for (unsigned int order = 0; order < LAB_ORDERS; order++) {
		struct left *left = a->left[class][context][order];

		add_outcomes(row, f, cell, order);
		left[LEFT_FINAL].counted += cell->outcome[order][LAB_OUT_LEFT_QUIET_FINAL];
		left[LEFT_OPPORTUNISTIC].counted +=
			cell->outcome[order][LAB_OUT_LEFT_QUIET_OPPORTUNISTIC];
	}
	row->alone += cell->alone;
	row->bh_off += cell->bh_off;
	row->preempt_off += cell->preempt_off;
	row->latency.sum_ns += cell->latency_sum_ns;
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++)
		row->latency.bucket[i] += cell->latency[i];
}

void accounting_add_cpu(struct accounting *a, struct figures *f, const struct lab_cpu *c)
{
	f->exclusive.eligible += c->eligible;
	f->exclusive.hit += c->hit;
	f->exclusive.miss += c->miss;
	f->exclusive.leak += c->leak;
	f->exclusive.grown_blocks += c->grown;
	f->exclusive.shrunk_blocks += c->shrunk;
	f->bulk.calls += c->bulk_calls;
	f->bulk.asked_pages += c->bulk_asked;
	f->bulk.got_pages += c->bulk_got;
	f->bulk.short_calls += c->bulk_short;
	f->anon_exclusive_pages += c->anon_exclusive;
	f->audit.migrated += c->migrated;
	f->audit.nolock += c->nolock;
	f->audit.dropped += c->dropped;
	f->audit.skipped += c->skipped;
	a->blind_ends += c->blind;
	a->displaced += c->displaced;
	a->strays += c->strays;
	/* One that parks on one cpu may return on another: the sum is right modulo 2^64. */
	a->parked += c->parked - c->returned;
}

void accounting_add_open(struct accounting *a, struct figures *f, const struct lab_slot *slot,
			 unsigned int context, bool over)
{
	__u32 gfp = lab_slot_gfp(slot), order = lab_slot_order(slot);
	unsigned int class = lab_class_of(gfp);
	struct row *row = &f->row[class][context];
	int kind = gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC) ? LEFT_OPPORTUNISTIC : LEFT_FINAL;

	if (order >= LAB_ORDERS)
		return;
	/* It may be asleep: no time is too long. */
	if (context == LAB_CTX_TASK && gfp & LAB_GFP_DIRECT_RECLAIM)
		return;
	if (!over) {
		a->pending++;
	} else if (slot->flags & LAB_SLOT_WOKEN) {
		row->no_outcome++;
		row->order[order].requests++;
		f->audit.left++;
		f->audit.endless++;
	} else {
		a->left[class][context][order][kind].counted++;
	}
}

/*
 * Starts without an end and without a wake-up: either the kernel skipped our end program (its own
 * miss counter has room for it), then the request was served above low; or it failed before the
 * tracepoint. *budget is what the miss counter still has room for.
 */
static void split_left(struct left *left, __u64 *budget)
{
	__u64 fresh = sub_floor(left->counted, left->before);
	__u64 take = fresh < *budget ? fresh : *budget;

	left->skipped += take;
	*budget -= take;
}

static void add_left(struct figures *f, unsigned int class, unsigned int context,
		     unsigned int order, const struct left *left)
{
	struct row *row = &f->row[class][context];
	struct order_row *o = &row->order[order];
	__u64 skipped = left[LEFT_FINAL].skipped + left[LEFT_OPPORTUNISTIC].skipped;
	__u64 final = left[LEFT_FINAL].counted - left[LEFT_FINAL].skipped;
	__u64 opportunistic = left[LEFT_OPPORTUNISTIC].counted - left[LEFT_OPPORTUNISTIC].skipped;

	/* A nolock request wakes nobody: that it did not says nothing. */
	if (class == LAB_CLASS_NOLOCK)
		row->no_outcome += skipped;
	else
		row->served[LAB_LEVEL_LOW] += skipped;
	row->failed_final += final;
	row->failed_opportunistic += opportunistic;
	row->failed_silent += final + opportunistic;
	o->requests += skipped + final + opportunistic;
	o->failed_final += final;
	o->failed_opportunistic += opportunistic;
	f->failure[order][LAB_LEVEL_UNKNOWN] += final + opportunistic;
	f->audit.silent += final + opportunistic;
	f->audit.left += skipped;
	f->audit.endless += skipped + final + opportunistic;
}

static void resolve_left(struct accounting *a, struct figures *f, __u64 done_misses)
{
	/* Those that had woken kswapd do reach the tracepoint: each of them was a miss, too. */
	__u64 used = a->skipped + f->audit.left;
	__u64 room = sub_floor(sub_floor(done_misses, a->blind_misses), used), budget = room;

	for (unsigned int class = 0; class < LAB_CLASSES; class ++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++)
			for (unsigned int order = 0; order < LAB_ORDERS; order++) {
				struct left *left = a->left[class][context][order];

				split_left(&left[LEFT_FINAL], &budget);
				split_left(&left[LEFT_OPPORTUNISTIC], &budget);
				add_left(f, class, context, order, left);
			}
	a->skipped += room - budget;
}

/*
 * A request that fails before the tracepoint has no end: with its start it is skipped as a whole,
 * and only the counter of starts tells of it. Where others failed so meanwhile, the starts that
 * have become more than the ends explain may all be such. Meanwhile is since the reading before the
 * last: whoever reads may be stopped between the kernel's counters and ours, and then those of the
 * one reading belong to these of the next.
 */
static __u64 find_startless(struct accounting *a, __u64 silent, __u64 excess)
{
	if (silent > a->silent[1])
		a->startless += sub_floor(excess, a->excess);
	a->silent[1] = a->silent[0];
	a->silent[0] = silent;
	a->excess = excess;
	return a->startless;
}

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/*
 * Starts that were skipped, or displaced, beyond those whose ends came alone. A displaced start has
 * an end that strays, or none because that was skipped. Ends stray without one, too: those of
 * requests that were under way when we came, for long perhaps.
 */
static __u64 starts_without_end(const struct accounting *a, const struct audit *audit)
{
	const struct starts_base *b = &a->base;
	__u64 skipped = audit->entry_misses - b->entry_misses;

	return sub_floor(skipped + larger(a->displaced - b->displaced, a->strays - b->strays) +
				 a->blind_ends,
			 audit->alone - b->alone);
}

void accounting_set_base(struct accounting *a, const struct figures *f)
{
	a->base = (struct starts_base){
		.entry_misses = f->audit.entry_misses,
		.alone = f->audit.alone,
		.displaced = a->displaced,
		.strays = a->strays,
	};
}

/*
 * Requests that left no trace: the kernel skipped both programs for them, or the only one there is
 * for them, or one end closed another request's slot. Each of the two miss counters bounds them:
 * what its program did not see, less what the other half told of. Both also count requests that are
 * not watched; the smaller one is nearer. While starts are off, a skipped end leaves nothing
 * behind, and is told of by no start.
 */
static void find_missed(struct accounting *a, struct audit *audit, enum starts starts)
{
	__u64 paired = sub_floor(audit->done_misses, a->blind_misses);
	__u64 by_end = sub_floor(paired, audit->left + a->pending);
	__u64 by_start = starts_without_end(a, audit);
	__u64 missed = by_end;

	if (starts == STARTS_NONE)
		missed = paired;
	else if (starts == STARTS_COUNTED)
		missed += find_startless(a, audit->silent, sub_floor(by_start, by_end));
	/* Of a start that is parked nobody knows yet whether its end was skipped. */
	if (starts == STARTS_COUNTED && by_start + a->parked < missed)
		missed = by_start + a->parked;
	missed += audit->done_misses - paired;
	if (missed > a->missed)
		a->missed = missed;
	audit->missed = a->missed;
}

static void sum_rows(struct figures *f)
{
	for (unsigned int class = 0; class < LAB_CLASSES; class ++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
			struct row *row = &f->row[class][context];

			for (unsigned int order = 0; order < LAB_ORDERS; order++)
				row->requests += row->order[order].requests;
			f->audit.seen += row->requests;
			f->audit.closed += hist_count(&row->latency);
			f->audit.alone += row->alone;
		}
	f->audit.alone = sub_floor(f->audit.alone, f->audit.nolock);
}

void accounting_finish(struct accounting *a, struct figures *f, enum starts starts,
		       __u64 done_misses, bool last)
{
	resolve_left(a, f, done_misses);
	sum_rows(f);
	find_missed(a, &f->audit, starts);
	if (starts == STARTS_NONE || starts == STARTS_UNSEEN)
		return;
	f->audit.unpaired = f->audit.alone + f->audit.left;
	if (last)
		f->audit.unpaired += sub_floor(a->displaced, a->strays);
}
