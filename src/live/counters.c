// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * counters.c - see counters.h.
 *
 * Counters only grow and are read while they do, without a system call. A cell caught with a
 * request half counted is read again, a bounded number of times. What was there before the first
 * reading is the base and is taken off everything.
 */
#include "live/counters.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/accounting.h"
#include "live/skel.h"
#include "live/attach.h"
#include "live/gate.h"
#include "live/maps.h"
#include "base/cpu_list.h"
#include "base/pace.h"
#include "base/util.h"

struct reader {
	struct hooks *hooks;
	__s32 cpu_filter;	     /* -1: all */
	int online_fd;		     /* with a filter: the list of cpus that are online, or -1 */
	bool offline;		     /* it was said */
	struct reader *all;	     /* with a filter: the same for all cpus; owns no mapping */
	struct lab_cpu *cpu;	     /* [possible cpus] */
	struct lab_zone *zone;	     /* [LAB_ZONES] */
	struct lab_pending *pending; /* [LAB_PENDING_TASKS]; NULL: nobody is followed */
	size_t cpu_stride, zone_stride;
	struct accounting accounting;
	__u64 max_ns[LAB_CLASSES][LAB_CONTEXTS];
	struct figures base, now, before;
};

static struct lab_cpu *cpu_row(const struct reader *r, unsigned int cpu)
{
	return (void *)((char *)r->cpu + cpu * r->cpu_stride);
}

static struct lab_cell *cell_row(struct reader *r, unsigned int cpu, unsigned int cls,
				 unsigned int context)
{
	return &cpu_row(r, cpu)->cell[cls * LAB_CONTEXTS + context];
}

/* With -C only one cpu is looked at. */
static bool cpu_asked(const struct reader *r, unsigned int cpu)
{
	return r->cpu_filter < 0 || (unsigned int)r->cpu_filter == cpu;
}

/* A slot that has been open for so long is not in flight any more, once nothing is attached. */
#define LAB_STALE_NS 1000000ULL

static void read_slots(struct reader *r, struct figures *f, unsigned int cpu, __u64 now, bool last)
{
	for (unsigned int level = 0; level < LAB_LEVELS_NESTED; level++) {
		struct lab_slot slot = cpu_row(r, cpu)->slot[level];

		if (slot.gfp && (slot.over || now > slot.start_ns + LAB_STALE_NS))
			accounting_add_open(&r->accounting, f, &slot, level, last || slot.over);
	}
}

/*
 * A program is inside a cell for less than a microsecond, unless a hypervisor stops its cpu just
 * there: so the first readings follow at once, and the rest wait. So many in one reading of all.
 */
#define LAB_READINGS 64
#define LAB_READINGS_AT_ONCE 8

static void copy_whole(struct lab_cell *copy, const struct lab_cell *cell, unsigned int *readings)
{
	for (unsigned int i = 0;; i++) {
		memcpy(copy, cell, sizeof(*copy));
		__sync_synchronize();
		/* Of a request whose latency is in the copy, this is. */
		copy->told_apart = *(const volatile __u64 *)&cell->told_apart;
		if (accounting_cell_is_whole(copy) || !*readings)
			return;
		--*readings;
		if (i >= LAB_READINGS_AT_ONCE)
			usleep(200);
		/* What the programs wrote meanwhile must be read anew. */
		__sync_synchronize();
	}
}

/* The fast program counts nothing but latencies. */
static bool cell_is_used(const struct lab_cell *cell)
{
	return cell->used || cell->latency_sum_ns || cell->latency[0];
}

static void read_cells(struct reader *r, struct figures *f, unsigned int cpu,
		       unsigned int *readings)
{
	struct lab_cell copy;

	for (unsigned int cls = 0; cls < r->hooks->cell_classes; cls++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
			const struct lab_cell *cell = cell_row(r, cpu, cls, context);

			if (!cell_is_used(cell))
				continue;
			copy_whole(&copy, cell, readings);
			accounting_add_cell(&r->accounting, f, &copy, cls, context);
		}
}

/* Everything since the programs were attached. */
static void read_figures(struct reader *r, struct figures *f, bool last)
{
	static const enum starts starts[] = {
		[ATTACH_FENTRY] = STARTS_COUNTED,
		[ATTACH_KPROBE] = STARTS_UNCOUNTED,
		[ATTACH_RAW_TP] = STARTS_NONE,
		[ATTACH_SLOWPATH] = STARTS_UNSEEN,
	};
	unsigned int readings = LAB_READINGS;
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	accounting_begin(&r->accounting, f, hooks_entry_misses(r->hooks),
			 hooks_done_misses(r->hooks));
	f->audit.wake_misses = hooks_wake_misses(r->hooks);
	f->audit.other_misses = hooks_other_misses(r->hooks);
	accounting_blind(&r->accounting, hooks_blind_misses(r->hooks));
	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++) {
		if (!cpu_asked(r, cpu))
			continue;
		read_cells(r, f, cpu, &readings);
		read_slots(r, f, cpu, now, last);
		accounting_add_cpu(&r->accounting, f, cpu_row(r, cpu));
	}
	accounting_finish(&r->accounting, f, starts[r->hooks->mode], hooks_done_misses(r->hooks),
			  last);
	f->audit.unread = hooks_unread(r->hooks);
}

/* ---- what cannot be subtracted: maxima, which are taken out, and low points, by epoch ---- */

/* Turns the epoch: from now on the programs write the other half, and the one returned rests. */
static unsigned int turn_epoch(struct reader *r)
{
	unsigned int rest = r->hooks->skel->bss->epoch & 1;

	r->hooks->skel->bss->epoch = rest ^ 1;
	return rest;
}

static void read_maxima(struct reader *r, struct report *ret)
{
	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++)
		for (unsigned int cls = 0; cls < r->hooks->cell_classes; cls++)
			for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
				struct lab_cell *cell = cell_row(r, cpu, cls, context);
				__u64 *max = &r->max_ns[cls][context], now;
				struct hist *h = &ret->interval.row[cls][context].latency;

				if (!cell_is_used(cell))
					continue;
				/* A longer one that comes just now is not lost: it stays for
				 * the next time. */
				now = __atomic_exchange_n(&cell->latency_max_ns, 0,
							  __ATOMIC_RELAXED);
				if (!cpu_asked(r, cpu))
					continue;
				h->max_ns = now > h->max_ns ? now : h->max_ns;
				*max = now > *max ? now : *max;
				ret->total.row[cls][context].latency.max_ns = *max;
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
}

static void read_zones(struct reader *r, struct report *ret, unsigned int rest)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	ret->zones = 0;
	if (bpf_prog_test_run_opts(bpf_program__fd(r->hooks->skel->progs.lab_snapshot), &opts)) {
		hooks_count_unread(r->hooks, "the zones", errno);
		return;
	}
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
		lowest_point(r, z, i, rest);
		zone_fill_headroom(z);
		ret->zones++;
	}
}

/* Mode slowpath: of what waits for its context's next step, which does not come any more. */
static void count_rest(struct reader *r)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int fd = bpf_program__fd(r->hooks->skel->progs.lab_slow_rest);

	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++) {
		r->hooks->skel->bss->rest_cpu = cpu;
		if (bpf_prog_test_run_opts(fd, &opts))
			hooks_count_unread(r->hooks, "near misses", errno);
	}
}

/*
 * Zeros of a cpu that is not there are no counts of its requests. A list that cannot be read tells
 * nothing: it could be when the run began.
 */
static void check_online(struct reader *r)
{
	char list[CPU_LIST_TEXT];

	if (r->online_fd < 0 || read_text_fd(r->online_fd, list, sizeof(list)) <= 0 ||
	    cpu_list_has(list, (unsigned int)r->cpu_filter))
		return;
	if (!r->offline)
		log_warn("cpu %d went offline: what is reported of it is not complete",
			 r->cpu_filter);
	r->offline = true;
	hooks_add_unread(r->hooks);
}

void reader_read(struct reader *r, struct report *ret, bool last)
{
	unsigned int rest = turn_epoch(r);

	check_online(r);
	if (last && r->hooks->mode == ATTACH_SLOWPATH)
		count_rest(r);
	read_figures(r, &r->now, last);
	if (r->all) {
		/* The kernel's miss counters know no cpu: what is missed is reported for all.
		 */
		read_figures(r->all, &r->all->now, last);
		r->now.audit.missed = r->all->now.audit.missed;
	}
	memset(&ret->interval, 0, sizeof(ret->interval));
	memset(&ret->total, 0, sizeof(ret->total));
	figures_sub(&ret->interval, &r->now, &r->before);
	figures_sub(&ret->total, &r->now, &r->base);
	read_maxima(r, ret);
	read_zones(r, ret, rest);
	r->before = r->now;
}

static int map_all(struct reader *r)
{
	struct labyrinth_bpf *skel = r->hooks->skel;

	r->cpu_stride = map_value_stride(skel->maps.cpus);
	r->zone_stride = map_value_stride(skel->maps.zones);
	r->cpu = map_values(skel->maps.cpus);
	r->zone = map_values(skel->maps.zones);
	if (!r->cpu || !r->zone)
		return -errno;
	if (!skel->rodata->knobs.events)
		return 0;
	r->pending = map_values(skel->maps.pendings);
	return r->pending ? 0 : -errno;
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

static void set_base(struct reader *r)
{
	r->base = r->now;
	accounting_set_base(&r->accounting, &r->now);
}

int reader_open(struct reader **ret, struct hooks *h, const struct scope *scope)
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
	r->cpu_filter = scope->cpu;
	r->online_fd = scope->cpu < 0 ? -1 : open(CPU_ONLINE_PATH, O_RDONLY | O_CLOEXEC);
	err = map_all(r);
	if (!err && scope->cpu >= 0) {
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
	set_base(r);
	if (r->all)
		set_base(r->all);
	*ret = r;
	return 0;
}

void reader_count_from_load(struct reader *r)
{
	memset(&r->base, 0, sizeof(r->base));
}

__u64 reader_throttled(const struct reader *r)
{
	__u64 sum = 0;

	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++)
		sum += cpu_row(r, cpu)->throttled;
	return sum;
}

__u64 reader_uncounted(const struct reader *r)
{
	__u64 sum = 0;

	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++)
		sum += cpu_row(r, cpu)->site_uncounted + cpu_row(r, cpu)->kind_uncounted +
		       cpu_row(r, cpu)->unsettled;
	return sum;
}

__u64 reader_skipped(const struct reader *r)
{
	__u64 sum = 0;

	for (unsigned int cpu = 0; cpu < r->hooks->cpus; cpu++)
		sum += cpu_row(r, cpu)->skipped;
	return sum;
}

const struct lab_pending *reader_pending(const struct reader *r, unsigned int i,
					 unsigned int *ret_context)
{
	unsigned int at = i - LAB_PENDING_TASKS;

	if (!r->pending || i >= LAB_PENDING_TASKS + r->hooks->cpus * LAB_LEVELS_NESTED)
		return NULL;
	if (i < LAB_PENDING_TASKS) {
		*ret_context = r->pending[i].owner & LAB_CTX_SOFTIRQ;
		return &r->pending[i];
	}
	*ret_context = at % LAB_LEVELS_NESTED;
	return &cpu_row(r, at / LAB_LEVELS_NESTED)->pending[*ret_context];
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	unmap_values(r->cpu, r->hooks->skel->maps.cpus);
	unmap_values(r->zone, r->hooks->skel->maps.zones);
	unmap_values(r->pending, r->hooks->skel->maps.pendings);
	closep(&r->online_fd);
	free(r->all);
	free(r);
}
