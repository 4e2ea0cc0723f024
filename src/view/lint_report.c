// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lint_report.c - see lint_report.h. */
#include "view/lint_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/exits.h"
#include "view/show.h"
#include "base/util.h"

/* ---- rows ---- */

static bool is_same(const struct lint_finding *a, const struct lint_finding *b)
{
	return a->mistake == b->mistake && a->gfp == b->gfp && strcmp(a->site, b->site) == 0 &&
	       strcmp(a->driver, b->driver) == 0;
}

static int make_room(struct lint_report *r)
{
	size_t room = r->room ? r->room * 2 : 16;
	struct lint_finding *finding;

	if (r->findings < r->room)
		return 0;
	finding = reallocarray(r->finding, room, sizeof(*finding));
	if (!finding)
		return -1;
	r->finding = finding;
	r->room = room;
	return 0;
}

struct lint_finding *lint_find(struct lint_report *r, const struct lint_finding *like)
{
	struct lint_finding *f;

	for (size_t i = 0; i < r->findings; i++)
		if (is_same(&r->finding[i], like))
			return &r->finding[i];
	if (make_room(r))
		return NULL;
	f = &r->finding[r->findings++];
	memset(f, 0, sizeof(*f));
	f->mistake = like->mistake;
	f->gfp = like->gfp;
	memcpy(f->site, like->site, sizeof(f->site));
	memcpy(f->driver, like->driver, sizeof(f->driver));
	return f;
}

void lint_begin(void *report)
{
	struct lint_report *r = report;

	for (size_t i = 0; i < r->findings; i++) {
		struct lint_finding *f = &r->finding[i];

		f->before = f->total;
		f->interval = f->total = f->stack_times = 0;
	}
}

static void take_stack(struct lint_finding *f, const struct site_row *row)
{
	if (row->count.sampled <= f->stack_times)
		return;
	f->stack_times = row->count.sampled;
	memcpy(f->via, row->via, sizeof(f->via));
	memcpy(f->frame, row->frame, sizeof(f->frame));
	f->frames = row->frames;
}

int lint_take(void *report, const struct site_row *row)
{
	struct lint_finding like = {.mistake = row->key.mistake, .gfp = row->key.gfp}, *f;
	unsigned int order = row->key.order;

	if (row->key.mistake == LAB_MISTAKE_NONE || row->key.mistake >= LAB_MISTAKES)
		return 0;
	memcpy(like.site, row->site, sizeof(like.site));
	memcpy(like.driver, row->driver, sizeof(like.driver));
	f = lint_find(report, &like);
	if (!f)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	f->total += row->count.sampled;
	f->interval = f->total > f->before ? f->total - f->before : 0;
	f->contexts |= 1U << (row->key.context < LAB_CONTEXTS ? row->key.context : LAB_CTX_UNKNOWN);
	f->orders |= 1ULL << (order < LAB_ORDERS ? order : LAB_ORDERS - 1);
	take_stack(f, row);
	return 0;
}

void lint_drop(void *report)
{
	struct lint_report *r = report;

	free(r->finding);
	r->finding = NULL;
	r->findings = r->room = 0;
}

/* ---- which, in which order ---- */

static int by_text(const struct lint_finding *a, const struct lint_finding *b)
{
	int r = strcmp(a->driver, b->driver);

	if (!r)
		r = strcmp(a->site, b->site);
	return r ?: (a->gfp > b->gfp) - (a->gfp < b->gfp);
}

static int compare(const struct lint_finding *a, __u64 na, const struct lint_finding *b, __u64 nb)
{
	if (a->mistake != b->mistake)
		return a->mistake < b->mistake ? -1 : 1;
	if (na != nb)
		return na < nb ? 1 : -1;
	return by_text(a, b);
}

static int by_interval(const void *pa, const void *pb)
{
	const struct lint_finding *a = *(const struct lint_finding *const *)pa;
	const struct lint_finding *b = *(const struct lint_finding *const *)pb;

	return compare(a, a->interval, b, b->interval);
}

static int by_total(const void *pa, const void *pb)
{
	const struct lint_finding *a = *(const struct lint_finding *const *)pa;
	const struct lint_finding *b = *(const struct lint_finding *const *)pb;

	return compare(a, a->total, b, b->total);
}

static bool is_wanted(const struct show *show, const struct lint_finding *f, bool interval)
{
	if (!show_class(show, lab_class_of(f->gfp)))
		return false;
	return (interval ? f->interval : f->total) > 0;
}

size_t lint_sorted(const struct lint_report *r, const struct show *show, bool interval,
		   const struct lint_finding ***ret)
{
	size_t n = 0;

	*ret = calloc(r->findings + 1, sizeof(**ret));
	if (!*ret)
		return 0;
	for (size_t i = 0; i < r->findings; i++)
		if (is_wanted(show, &r->finding[i], interval))
			(*ret)[n++] = &r->finding[i];
	qsort(*ret, n, sizeof(**ret), interval ? by_interval : by_total);
	return n;
}

/* ---- what to say ---- */

struct advice {
	const char *what, *change;
};

static const struct advice advice[LAB_MISTAKES] = {
	[LAB_MISTAKE_SLEEP_IN_NMI] = {"may sleep, made in an NMI",
				      "no memory can be requested there: use memory set aside "
				      "before, or continue in an irq_work"},
	[LAB_MISTAKE_SLEEP_IN_HARDIRQ] = {"may sleep, made in an interrupt",
					  "move it into a threaded handler or a work item, or use "
					  "GFP_ATOMIC and handle failure"},
	[LAB_MISTAKE_SLEEP_IN_SOFTIRQ] =
		{"may sleep, made in a softirq (also timers, tasklets, network receive)",
		 "move it into a work item, or use GFP_ATOMIC and handle failure"},
	[LAB_MISTAKE_SLEEP_IRQS_OFF] =
		{"may sleep, made with interrupts disabled",
		 "allocate before spin_lock_irqsave() or local_irq_disable(), or use GFP_ATOMIC "
		 "and handle failure"},
	[LAB_MISTAKE_SLEEP_BH_OFF] = {"may sleep, made with bottom halves disabled",
				      "allocate before spin_lock_bh() or local_bh_disable(), or "
				      "use GFP_ATOMIC and handle failure"},
	[LAB_MISTAKE_SLEEP_PREEMPT_OFF] = {"may sleep, made with preemption disabled",
					   "allocate before spin_lock() or preempt_disable(), or "
					   "use GFP_NOWAIT and handle failure"},
	[LAB_MISTAKE_SLEEP_RCU_READER] = {"may sleep, made by an RCU reader",
					  "allocate before rcu_read_lock(), take a reference and "
					  "leave the section first, or use SRCU"},
	[LAB_MISTAKE_NEEDLESSLY_ATOMIC] = {"may not sleep, made where it could have: it uses the "
					   "reserve that interrupts need",
					   "use GFP_KERNEL (GFP_NOIO, GFP_NOFS in the I/O path), "
					   "or GFP_NOWAIT where the caller handles failure"},
};

bool lint_is_bug(unsigned int mistake)
{
	return mistake != LAB_MISTAKE_NONE && mistake < LAB_MISTAKE_NEEDLESSLY_ATOMIC;
}

const char *lint_what(unsigned int mistake)
{
	return mistake < LAB_MISTAKES && advice[mistake].what ? advice[mistake].what : "";
}

const char *lint_change(unsigned int mistake)
{
	return mistake < LAB_MISTAKES && advice[mistake].change ? advice[mistake].change : "";
}
