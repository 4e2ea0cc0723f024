// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explain_why.c - the verdict of a report in one sentence, with the numbers of the kernel's test.
 */
#include <stdarg.h>
#include <string.h>

#include "model/alloc_verdict.h"
#include "view/explain_why.h"
#include "view/explain_words.h"

struct sentence {
	char *buf;
	size_t size, len;
};

static void __attribute__((format(printf, 2, 3))) say(struct sentence *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (s->len >= s->size)
		return;
	va_start(ap, fmt);
	n = vsnprintf(s->buf + s->len, s->size - s->len, fmt, ap);
	va_end(ap);
	s->len += n > 0 ? (size_t)n : 0;
}

static void say_zone(struct sentence *s, const struct alloc_report *r, const struct report_zone *z)
{
	if (report_has_many_nodes(r))
		say(s, "node %d ", report_zone_node(z));
	say(s, "%s", z->name);
}

/* "Normal: 4876 free - 512 CMA = 4364; needs more than 4845 (...): margin -481" */
static void say_sum(struct sentence *s, const struct alloc_report *r, const struct report_sum *sum)
{
	const struct trial *t = &sum->trial;
	const struct report_zone *z = sum->zone;

	say_zone(s, r, z);
	say(s, ": %s free", digits_of(z->free).text);
	if (t->cma)
		say(s, " - %s CMA", digits_of(t->cma).text);
	if (t->exclusive)
		say(s, " - %s highatomic", digits_of(t->exclusive).text);
	if (t->tail)
		say(s, " - %s for the order", digits_of(t->tail).text);
	say(s, " = %s; needs more than %s (", signed_digits_of(report_usable(sum)).text,
	    digits_of(report_need(sum)).text);
	if (t->mark == t->floor)
		say(s, "min");
	else
		say(s, "floor %s, %s", digits_of(t->floor).text, alloc_verdict_part(t));
	say(s, " %s%s", digits_of(t->mark).text, t->boost ? " with its boost" : "");
	if (sum->reserve)
		say(s, ", + lowmem reserve %s", digits_of(sum->reserve).text);
	say(s, "): margin %s", signed_digits_of(t->margin).text);
}

static void say_verdict(struct sentence *s, const struct alloc_report *r)
{
	switch (r->verdict) {
	case REPORT_EXHAUSTED:
		say(s, ": every zone refuses it");
		break;
	case REPORT_RESERVED:
		if (r->reserve_unprinted)
			say(s, ": less than one block of the highatomic reserve, which this kernel "
			       "takes off and does not print");
		else
			say(s, ": what is free is closed to it");
		break;
	case REPORT_FRAGMENTED:
		say(s, ": enough pages, but no block of order %u for certain", r->order);
		break;
	case REPORT_WITHIN:
		say(s, ": passes by so little that it came free while the report was printed");
		break;
	case REPORT_UNEXPLAINED:
		say(s, ": passes as printed; what refused it is gone from these numbers");
		break;
	default:
		break;
	}
}

static void say_none(struct sentence *s, const struct alloc_report *r)
{
	if (r->vmalloc)
		say(s, "vmalloc prints this header itself up to 4.8; no page was refused");
	else if (!r->zones)
		say(s, "no zone lines belong to it: only site, context, order and mask are known");
	else
		say(s, "of every zone too much is lost to redo the kernel's test");
}

void explain_why(const struct alloc_report *r, char *buf, size_t size)
{
	struct sentence s = {.buf = buf, .size = size};

	buf[0] = '\0';
	if (r->verdict == REPORT_NONE) {
		say_none(&s, r);
		return;
	}
	if (r->nearest.known)
		say_sum(&s, r, &r->nearest);
	else
		say(&s, "no zone that the mask allows has memory");
	if (r->verdict != REPORT_CONSTRAINED) {
		say_verdict(&s, r);
		return;
	}
	say(&s, ": its own zones refuse it; ");
	say_zone(&s, r, r->closed_zone.zone);
	say(&s, ", closed to it by %s, would serve it with %s free", r->closed_zone.closed,
	    digits_of(r->closed_zone.zone->free).text);
}
