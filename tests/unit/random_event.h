/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* random_event.h - an event full of random figures that a stream can carry. */
#ifndef LAB_TEST_RANDOM_EVENT_H
#define LAB_TEST_RANDOM_EVENT_H

#include "event_stream.h"
#include "random_report.h"

/* As the tables have it; what a table has not stays 0. */
static inline void random_event_fields(const struct field *f, void *base, __u64 *seed)
{
	for (; f->key; f++) {
		void *p = (char *)base + f->offset;
		unsigned int names = 0;

		if (f->kind == FIELD_TEXT) {
			random_string(p, f->arg, seed);
		} else if (f->kind == FIELD_NAME) {
			while (f->name_of(names))
				names++;
			*(__u32 *)p = (__u32)(test_random(seed) % names);
		} else if (f->kind == FIELD_FLAG) {
			*(__u32 *)p |= test_random(seed) & 1 ? f->arg : 0;
		} else if (f->kind == FIELD_BOOL) {
			*(bool *)p = test_random(seed) & 1;
		} else if (f->kind == FIELD_U64) {
			*(__u64 *)p = random_count(seed);
		} else if (f->kind == FIELD_MASK) {
			*(__u64 *)p = test_random(seed) & 1 ? test_random(seed) : 0;
		} else {
			*(__u32 *)p = (__u32)test_random(seed);
		}
	}
}

static inline void random_event_zone(struct event *e, unsigned int i, __u64 *seed)
{
	struct lab_event_zone *z = &e->raw.zone[i];

	random_string(e->zone_name[i], sizeof(e->zone_name[i]), seed);
	random_event_fields(event_zone_fields, z, seed);
	for (unsigned int k = 0; k < LAB_EVENT_ORDERS; k++)
		z->blocks[k] = test_random(seed) & 1 ? (__u32)test_random(seed) : 0;
}

/* *e is overwritten whole, padding and string ends included. */
static inline void random_event(struct event *e, __u64 *seed)
{
	struct lab_event_head *h = &e->raw.head;

	memset(e, 0, sizeof(*e));
	e->time_ns = random_count(seed);
	random_event_fields(event_kind_fields, e, seed);
	random_event_fields(event_gfp_fields, e, seed);
	random_event_fields(event_request_fields, e, seed);
	h->order %= 20;
	if (event_task_is_owner(e))
		random_event_fields(event_owner_fields, e, seed);
	random_event_fields(event_site_fields, e, seed);
	random_event_fields(event_path_fields, e, seed);
	if (test_random(seed) & 1) {
		random_event_fields(event_bulk_fields, e, seed);
		h->flags |= LAB_EVENT_BULK;
	}
	if (test_random(seed) & 1) {
		h->latency_ns = random_count(seed);
		h->flags |= LAB_EVENT_HAS_START;
	}
	if (h->kind == LAB_EVENT_FAILED)
		random_event_fields(event_failed_fields, e, seed);
	random_event_fields(event_told_fields, e, seed);
	e->raw.zones = (__u32)(test_random(seed) % (LAB_EVENT_ZONES + 1));
	for (unsigned int i = 0; i < e->raw.zones; i++)
		random_event_zone(e, i, seed);
	e->frames = (unsigned int)(test_random(seed) % (LAB_EVENT_FRAMES + 1));
	for (unsigned int i = 0; i < e->frames; i++)
		random_event_fields(event_symbol_fields, &e->frame[i], seed);
}

static inline void random_summary(struct event_summary *s, __u64 *seed)
{
	memset(s, 0, sizeof(*s));
	random_event_fields(event_final_fields, s, seed);
	random_event_fields(event_count_fields, s, seed);
	for (unsigned int i = 0; i < VERDICTS; i++)
		s->verdict[i] = random_count(seed);
	for (unsigned int i = 0; i < PRINTEDS; i++)
		s->printed[i] = random_count(seed);
	if (s->final)
		random_event_fields(event_audit_fields, s, seed);
}

#endif
