// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* settle.c - see settle.h. */
#include "model/settle.h"

#include "model/aftermath.h"

static struct outcomes *half_of(struct settlement *s, const struct site_row *row)
{
	if (aftermath_alone(row) != AFTERMATH_LOST)
		return &s->absorbed;
	return row->unseen ? &s->unseen : &s->felt;
}

void settle_row(struct settlement *s, const struct site_row *row)
{
	const struct lab_site *c = &row->count;
	struct outcomes *o = half_of(s, row);
	__u64 failed = c->failed_final + c->failed_opportunistic + c->bulk_short;

	o->failed += failed;
	o->recovered += c->bulk_some;
	/* Without a stack nobody can be followed. */
	o->unknown += row->key.stack == LAB_NO_STACK ? failed - c->bulk_some : c->unknown;
}

void settle_pair(struct settlement *s, const struct site_pair *pair)
{
	struct outcomes *o = half_of(s, &pair->then);

	switch (aftermath_of_pair(pair)) {
	case AFTERMATH_RECOVERED:
		o->recovered += pair->count;
		break;
	case AFTERMATH_RETRIED:
		o->retried += pair->count;
		break;
	case AFTERMATH_PENDING:
		o->pending += pair->count;
		break;
	default:
		break;
	}
}

static void outcomes_add(struct outcomes *dst, const struct outcomes *src)
{
	dst->failed += src->failed;
	dst->lost += src->lost;
	dst->recovered += src->recovered;
	dst->retried += src->retried;
	dst->pending += src->pending;
	dst->unknown += src->unknown;
}

void settle_add(struct settlement *dst, const struct settlement *src)
{
	outcomes_add(&dst->felt, &src->felt);
	outcomes_add(&dst->absorbed, &src->absorbed);
	outcomes_add(&dst->unseen, &src->unseen);
}

/* At most what is left; what is more was counted while the reading went on. */
static __u64 take(__u64 *left, __u64 want)
{
	__u64 got = want < *left ? want : *left;

	*left -= got;
	return got;
}

/* left: where the rest goes. */
static struct outcomes whole(const struct outcomes *o, __u64 *left)
{
	struct outcomes r = {.failed = o->failed};

	*left = o->failed;
	r.recovered = take(left, o->recovered);
	r.retried = take(left, o->retried);
	r.unknown = take(left, o->unknown);
	r.pending = take(left, o->pending);
	return r;
}

struct outcomes settle_outcomes(const struct settlement *s)
{
	__u64 lost, absorbed, unseen;
	struct outcomes sum = whole(&s->felt, &lost), other = whole(&s->absorbed, &absorbed);
	struct outcomes dark = whole(&s->unseen, &unseen);

	outcomes_add(&sum, &other);
	outcomes_add(&sum, &dark);
	sum.lost = lost;
	sum.recovered += absorbed;
	sum.unknown += unseen;
	return sum;
}
