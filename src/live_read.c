// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * live_read.c - the mapped counters of all cpus as figures since start.
 *
 * Counters only grow and are read while they do, without a system call; a request caught half
 * counted is whole in the next reading. What was there before the first reading is the base and is
 * taken off everything.
 */
#include "live.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "labyrinth.skel.h"
#include "util.h"

/* Requests whose end was not seen, of one kind and order: as counted, and how many were misses. */
struct left {
	__u64 counted, skipped;
};

/* final and opportunistic; see split_left(). */
enum { LEFT_FINAL, LEFT_OPPORTUNISTIC, LEFT_KINDS };

struct reader {
	struct hooks *hooks;
	__s32 cpu_filter;      /* -1: all */
	struct reader *all;    /* with a filter: the same for all cpus; owns no mapping */
	struct lab_cpu *cpu;   /* [possible cpus] */
	struct lab_zone *zone; /* [LAB_ZONES] */
	size_t cpu_stride, zone_stride;
	struct left left[LAB_CLASSES][LAB_CONTEXTS][LAB_ORDERS][LEFT_KINDS];
	__u64 skipped; /* all of the above that were misses */
	__u64 missed;  /* never goes back */
	__u64 max_ns[LAB_CLASSES][LAB_CONTEXTS];
	struct figures base, now, before;
};

static size_t value_stride(const struct bpf_map *map)
{
	return (bpf_map__value_size(map) + 7) / 8 * 8;
}

static void *map_values(struct bpf_map *map)
{
	size_t size = value_stride(map) * bpf_map__max_entries(map);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unmap_values(void *p, const struct bpf_map *map)
{
	if (p)
		munmap(p, value_stride(map) * bpf_map__max_entries(map));
}

static struct lab_cpu *cpu_row(struct reader *r, unsigned int cpu)
{
	return (void *)((char *)r->cpu + cpu * r->cpu_stride);
}

static struct lab_cell *cell_row(struct reader *r, unsigned int cpu, unsigned int class,
				 unsigned int context)
{
	return &cpu_row(r, cpu)->cell[class * LAB_CONTEXTS + context];
}

/* With -C only one cpu is looked at. */
static bool cpu_asked(const struct reader *r, unsigned int cpu)
{
	return r->cpu_filter < 0 || (unsigned int)r->cpu_filter == cpu;
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
	o->failed_final += final;
	o->failed_opportunistic += opportunistic;
	o->requests += final + opportunistic + out[LAB_OUT_LEFT_WOKEN];
}

static void add_cell(struct reader *r, struct figures *f, const struct lab_cell *cell,
		     unsigned int class, unsigned int context)
{
	struct row *row = &f->row[class][context];

	for (unsigned int order = 0; order < LAB_ORDERS; order++) {
		struct left *left = r->left[class][context][order];

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

static void add_cpu(struct figures *f, const struct lab_cpu *c)
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
}

static __u64 monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (__u64)ts.tv_sec * 1000000000ULL + (__u64)ts.tv_nsec;
}

/* A slot that has been open for so long is not in flight any more, once nothing is attached. */
#define LAB_STALE_NS 1000000ULL

/*
 * Slots still open: their requests are over (an interrupt that landed in the end program, a silent
 * failure) but nothing came by since to close them. While attached they are only counted as
 * pending.
 */
static __u64 pending_slots(struct reader *r, struct figures *f, bool last)
{
	__u64 now = monotonic_ns(), pending = 0;

	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++) {
		if (!cpu_asked(r, cpu))
			continue;
		for (unsigned int level = 0; level < LAB_LEVELS_NESTED; level++) {
			struct lab_slot slot = cpu_row(r, cpu)->slot[level];
			__u32 gfp = lab_slot_gfp(&slot), order = lab_slot_order(&slot);
			unsigned int class = lab_class_of(gfp);
			struct left *left;

			if (!slot.start_ns || now < slot.start_ns + LAB_STALE_NS)
				continue;
			pending++;
			if (!last || order >= LAB_ORDERS)
				continue;
			left = r->left[class][level][order];
			if (slot.flags & LAB_SLOT_WOKEN) {
				f->row[class][level].no_outcome++;
				f->row[class][level].order[order].requests++;
				f->audit.left++;
			} else {
				left[gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC)
					     ? LEFT_OPPORTUNISTIC
					     : LEFT_FINAL]
					.counted++;
			}
		}
	}
	return last ? 0 : pending;
}

/*
 * Starts without an end and without a wake-up: either the kernel skipped our end program (its own
 * miss counter has room for it), then the request was served above low; or it failed before the
 * tracepoint. *budget is what the miss counter still has room for.
 */
static void split_left(struct left *left, __u64 before, __u64 *budget)
{
	__u64 fresh = left->counted - before;
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
}

static void
resolve_left(struct reader *r, struct figures *f,
	     const struct left before[LAB_CLASSES][LAB_CONTEXTS][LAB_ORDERS][LEFT_KINDS],
	     __u64 done_misses)
{
	__u64 woken = f->audit.left; /* each of those was a miss, too */
	__u64 used = r->skipped + woken;
	__u64 budget = done_misses > used ? done_misses - used : 0;
	__u64 room = budget;

	for (unsigned int class = 0; class < LAB_CLASSES; class ++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++)
			for (unsigned int order = 0; order < LAB_ORDERS; order++) {
				struct left *left = r->left[class][context][order];

				for (int kind = 0; kind < LEFT_KINDS; kind++)
					split_left(&left[kind],
						   before[class][context][order][kind].counted,
						   &budget);
				add_left(f, class, context, order, left);
			}
	r->skipped += room - budget;
}

static __u64 sub_floor(__u64 a, __u64 b)
{
	return a > b ? a - b : 0;
}

/*
 * Requests that left no trace: the kernel skipped both programs for them, or one end closed another
 * request's slot. Each of the two miss counters bounds them: what its program did not see, less
 * what the other half told of. Both also count requests that are not watched; the smaller one is
 * nearer.
 */
static void audit_missed(struct reader *r, struct audit *a, __u64 strays, __u64 pending)
{
	__u64 by_end = sub_floor(a->done_misses, a->left + pending);
	__u64 by_start = sub_floor(a->entry_misses, sub_floor(a->alone, strays));
	__u64 missed = by_end < by_start ? by_end : by_start;

	if (r->hooks->mode == ATTACH_RAW_TP)
		missed = a->done_misses;
	if (missed > r->missed)
		r->missed = missed;
	a->missed = r->missed;
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
}

static void read_cells(struct reader *r, struct figures *f, unsigned int cpu)
{
	for (unsigned int class = 0; class < r->hooks->cell_classes; class ++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
			const struct lab_cell *cell = cell_row(r, cpu, class, context);

			if (cell->used)
				add_cell(r, f, cell, class, context);
		}
}

static void clear_counted(struct reader *r)
{
	struct left *left = &r->left[0][0][0][0];

	for (size_t i = 0; i < sizeof(r->left) / sizeof(*left); i++)
		left[i].counted = 0;
}

/* Everything since the programs were attached. */
static void read_figures(struct reader *r, struct figures *f, bool last)
{
	struct left before[LAB_CLASSES][LAB_CONTEXTS][LAB_ORDERS][LEFT_KINDS];
	__u64 displaced = 0, strays = 0, pending;

	memset(f, 0, sizeof(*f));
	memcpy(before, r->left, sizeof(before));
	clear_counted(r);
	/* Misses first: cells that are read later can only explain more of them. */
	f->audit.entry_misses = hooks_misses(r->hooks, HOOK_ENTRY, HOOK_ENTRY_KP);
	f->audit.done_misses = hooks_misses(r->hooks, HOOK_DONE, HOOK_DONE_NOSYM);
	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++) {
		if (!cpu_asked(r, cpu))
			continue;
		read_cells(r, f, cpu);
		add_cpu(f, cpu_row(r, cpu));
		displaced += cpu_row(r, cpu)->displaced;
		strays += cpu_row(r, cpu)->strays;
	}
	pending = pending_slots(r, f, last);
	resolve_left(r, f, before, f->audit.done_misses);
	sum_rows(f);
	audit_missed(r, &f->audit, strays, pending);
	if (r->hooks->mode == ATTACH_RAW_TP)
		return;
	f->audit.unpaired = f->audit.alone + f->audit.left;
	/* Starts that were taken over and whose ends never came. */
	if (last)
		f->audit.unpaired += sub_floor(displaced, strays);
}

/* ---- what cannot be subtracted: maxima and low points, by epoch ---- */

/* Turns the epoch: from now on the programs write the other half, and the one returned rests. */
static unsigned int turn_epoch(struct reader *r)
{
	unsigned int rest = r->hooks->skel->bss->epoch & 1;

	r->hooks->skel->bss->epoch = rest ^ 1;
	return rest;
}

static void read_maxima(struct reader *r, struct report *ret, unsigned int rest)
{
	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++)
		for (unsigned int class = 0; class < r->hooks->cell_classes; class ++)
			for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
				struct lab_cell *cell = cell_row(r, cpu, class, context);
				__u64 *max = &r->max_ns[class][context], now;
				struct hist *h = &ret->interval.row[class][context].latency;

				if (!cell->used)
					continue;
				now = cell->latency_max_ns[rest];
				cell->latency_max_ns[rest] = 0;
				if (!cpu_asked(r, cpu))
					continue;
				h->max_ns = now > h->max_ns ? now : h->max_ns;
				*max = now > *max ? now : *max;
				ret->total.row[class][context].latency.max_ns = *max;
			}
}

static void lowest_point(struct reader *r, struct zone_row *z, unsigned int index,
			 unsigned int rest)
{
	z->lowest_free = z->free;
	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++) {
		__u64 *low = &cpu_row(r, cpu)->zone_low[rest][index];

		if (*low && *low - 1 < z->lowest_free)
			z->lowest_free = *low - 1;
		*low = 0;
	}
	z->lowest_headroom = (__s64)z->lowest_free - (__s64)z->floor;
}

static void read_zones(struct reader *r, struct report *ret, unsigned int rest)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	ret->zones = 0;
	if (bpf_prog_test_run_opts(bpf_program__fd(r->hooks->skel->progs.lab_snapshot), &opts))
		return;
	for (unsigned int i = 0; i < LAB_ZONES; i++) {
		const struct lab_zone *in = (void *)((char *)r->zone + i * r->zone_stride);
		struct zone_row *z = &ret->zone[ret->zones];

		if (!in->present)
			continue;
		memset(z, 0, sizeof(*z));
		z->node = in->node;
		z->zone = in->zone;
		memcpy(z->name, in->name, sizeof(z->name));
		z->free = in->free;
		z->free_cma = in->free_cma;
		z->min = in->min;
		z->low = in->low;
		z->high = in->high;
		z->boost = in->boost;
		z->managed = in->managed;
		z->reserved_highatomic = in->reserved_highatomic;
		z->free_highatomic = in->free_highatomic;
		z->lowmem_reserve = in->lowmem_reserve;
		z->floor = zone_floor_pages(z);
		z->headroom = (__s64)z->free - (__s64)z->floor;
		lowest_point(r, z, i, rest);
		ret->zones++;
	}
}

void reader_read(struct reader *r, struct report *ret, bool last)
{
	unsigned int rest = turn_epoch(r);

	read_figures(r, &r->now, last);
	if (r->all) {
		/* The kernel's miss counters know no cpu: what is missed is told for all of them.
		 */
		read_figures(r->all, &r->all->now, last);
		r->now.audit.missed = r->all->now.audit.missed;
	}
	memset(&ret->interval, 0, sizeof(ret->interval));
	memset(&ret->total, 0, sizeof(ret->total));
	figures_sub(&ret->interval, &r->now, &r->before);
	figures_sub(&ret->total, &r->now, &r->base);
	read_maxima(r, ret, rest);
	read_zones(r, ret, rest);
	r->before = r->now;
}

static int map_all(struct reader *r)
{
	struct labyrinth_bpf *skel = r->hooks->skel;

	r->cpu_stride = value_stride(skel->maps.cpus);
	r->zone_stride = value_stride(skel->maps.zones);
	r->cpu = map_values(skel->maps.cpus);
	r->zone = map_values(skel->maps.zones);
	return r->cpu && r->zone ? 0 : -errno;
}

/* A second reader for all cpus, over the same mappings. */
static struct reader *reader_for_all(const struct reader *r)
{
	struct reader *all = malloc(sizeof(*all));
	if (!all)
		return NULL;
	*all = *r;
	all->cpu_filter = -1;
	return all;
}

int reader_open(struct reader **ret, struct hooks *h, const struct options *opt)
{
	struct report *discarded = calloc(1, sizeof(*discarded));
	struct reader *r = calloc(1, sizeof(*r));
	int err;

	if (!r || !discarded) {
		free(r);
		free(discarded);
		return -ENOMEM;
	}
	r->hooks = h;
	r->cpu_filter = opt->cpu;
	err = map_all(r);
	if (!err && opt->cpu >= 0) {
		r->all = reader_for_all(r);
		err = r->all ? 0 : -ENOMEM;
	}
	if (err) {
		free(discarded);
		reader_close(r);
		return err;
	}
	reader_read(r, discarded, false);
	free(discarded);
	memset(r->max_ns, 0, sizeof(r->max_ns));
	r->base = r->now;
	if (r->all)
		r->all->base = r->all->now;
	*ret = r;
	return 0;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	unmap_values(r->cpu, r->hooks->skel->maps.cpus);
	unmap_values(r->zone, r->hooks->skel->maps.zones);
	free(r->all);
	free(r);
}
