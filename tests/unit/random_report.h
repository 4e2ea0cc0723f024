/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* random_report.h - a report full of random figures that a stream can carry. */
#ifndef LAB_TEST_RANDOM_REPORT_H
#define LAB_TEST_RANDOM_REPORT_H

#include "stream.h"
#include "test.h"

static inline __u64 random_count(__u64 *seed)
{
	return test_random(seed) >> (1 + test_random(seed) % 62); /* all sizes, at most 63 bits */
}

static inline void random_fields(const struct field *f, void *base, __u64 *seed)
{
	for (; f->key; f++) {
		void *p = (char *)base + f->offset;

		if (f->kind == FIELD_BOOL)
			*(bool *)p = test_random(seed) & 1;
		else if (f->kind == FIELD_U32)
			*(__u32 *)p = (__u32)random_count(seed);
		else if (f->kind == FIELD_S64)
			*(__s64 *)p = (__s64)test_random(seed);
		else
			*(__u64 *)p = random_count(seed);
	}
}

/* No quotes missing: letters, quotes, backslashes, controls and a two-byte character. */
static inline void random_string(char *buf, size_t size, __u64 *seed)
{
	static const char letters[] = "abcXYZ019 .-_/\"\\\x1b\n";
	size_t len = test_random(seed) % size;

	for (size_t i = 0; i < len; i++)
		buf[i] = letters[test_random(seed) % (sizeof(letters) - 1)];
	if (len >= 2 && test_random(seed) % 4 == 0)
		memcpy(buf, "\xc3\xa4", 2);
	buf[len] = '\0';
}

static inline void random_row(struct row *row, unsigned int buckets, __u64 *seed)
{
	random_fields(stream_row_fields, row, seed);
	row->requests |= 1; /* a row without requests is not in a stream */
	row->latency.sum_ns = random_count(seed);
	row->latency.max_ns = random_count(seed);
	for (unsigned int i = 0; i < buckets; i++)
		row->latency.bucket[test_random(seed) % LAB_LAT_BUCKETS] = random_count(seed) >> 10;
	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		if (test_random(seed) % 3 == 0)
			random_fields(stream_order_fields, &row->order[i], seed);
	}
}

static inline void random_figures(struct figures *fig, __u64 *seed)
{
	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		if (test_random(seed) % 3 == 0)
			random_fields(stream_failure_fields, fig->failure[i], seed);
	}
	random_fields(stream_exclusive_fields, &fig->exclusive, seed);
	random_fields(stream_bulk_fields, &fig->bulk, seed);
	random_fields(stream_audit_fields, &fig->audit, seed);
	fig->anon_exclusive_pages = random_count(seed);
}

static inline void random_info(struct run_info *info, __u64 *seed)
{
	random_string(info->host, sizeof(info->host), seed);
	random_string(info->kernel, sizeof(info->kernel), seed);
	random_string(info->version, sizeof(info->version), seed);
	random_fields(stream_info_fields, info, seed);
	random_fields(stream_available_fields, info, seed);
	info->class_mask = (__u32)test_random(seed) & LAB_CLASS_MASK_ALL;
	info->cpu = (__s32)(test_random(seed) % 9) - 1;
	info->hooks = (unsigned int)(test_random(seed) % (REPORT_HOOKS + 1));
	for (unsigned int i = 0; i < info->hooks; i++) {
		random_string(info->hook[i].name, sizeof(info->hook[i].name), seed);
		random_string(info->hook[i].target, sizeof(info->hook[i].target), seed);
		random_string(info->hook[i].attach, sizeof(info->hook[i].attach), seed);
	}
	info->missings = (unsigned int)(test_random(seed) % (REPORT_MISSING + 1));
	for (unsigned int i = 0; i < info->missings; i++)
		random_string(info->missing[i], sizeof(info->missing[i]), seed);
}

/* One in two has none. */
static inline void random_budget(struct budget_report *b, __u64 *seed)
{
	memset(b, 0, sizeof(*b));
	if (test_random(seed) & 1)
		return;
	b->limit_ns = random_count(seed) | 1;
	b->programs_known = test_random(seed) & 1;
	b->programs_ns = b->programs_known ? random_count(seed) : 0;
	b->process_ns = random_count(seed);
	b->steps_down = random_count(seed);
	b->steps_up = random_count(seed);
	b->skipped = random_count(seed);
	b->step = (__u32)(test_random(seed) % BUDGET_STEPS);
	b->sites_sampled = test_random(seed) & 1 ? 1U << test_random(seed) % 25 : 0;
	b->over = test_random(seed) & 1;
}

/* zones, buckets (a row): at most. *r is overwritten whole, padding and string ends included. */
static inline void random_report(struct report *r, unsigned int zones, unsigned int buckets,
				 __u64 *seed)
{
	memset(r, 0, sizeof(*r));
	random_fields(stream_head_fields, r, seed);
	random_info(&r->info, seed);
	random_budget(&r->budget, seed);
	random_figures(&r->interval, seed);
	random_figures(&r->total, seed);
	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			if (test_random(seed) % 4)
				continue;
			random_row(&r->interval.row[c][x], buckets, seed);
			random_row(&r->total.row[c][x], buckets, seed);
		}
	}
	r->zones = (unsigned int)(test_random(seed) % (zones + 1));
	for (unsigned int i = 0; i < r->zones; i++) {
		random_string(r->zone[i].name, sizeof(r->zone[i].name), seed);
		random_fields(stream_zone_fields, &r->zone[i], seed);
	}
}

#endif
