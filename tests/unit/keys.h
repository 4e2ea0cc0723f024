/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * keys.h - each member of a report gets a number of its own, and the line must have that number
 * under the key that is written beside the member. A round trip cannot tell two keys that are
 * exchanged on both ways.
 */
#ifndef LAB_TEST_KEYS_H
#define LAB_TEST_KEYS_H

#include <jansson.h>

#include "model/figures.h"
#include "test.h"

/* ---- what is expected ---- */

static struct {
	char key[160];
	__u64 number;
} expected[512];
static unsigned int expectations;

static inline void forget(void)
{
	expectations = 0;
}

/* The next number, which the key must have; keys within objects behind points, entries by index. */
static inline __u64 number_of(const char *prefix, const char *key)
{
	__u64 n = 1001 + expectations;

	if (expectations == sizeof(expected) / sizeof(expected[0]))
		abort();
	snprintf(expected[expectations].key, sizeof(expected[0].key), "%s%s", prefix, key);
	expected[expectations++].number = n;
	return n;
}

#define PUT(prefix, key, member) ((member) = (__typeof__(member))number_of(prefix, key))

static inline const json_t *at(const json_t *v, const char *key)
{
	char word[64];

	for (; *key && v; key += strspn(key, ".")) {
		size_t len = strcspn(key, ".");

		snprintf(word, sizeof(word), "%.*s", (int)len, key);
		v = json_is_array(v) ? json_array_get(v, (size_t)atoi(word))
				     : json_object_get(v, word);
		key += len;
	}
	return v;
}

static inline void check_numbers(const json_t *root)
{
	for (unsigned int i = 0; i < expectations; i++) {
		const json_t *v = at(root, expected[i].key);

		CHECK_MSG(json_is_integer(v) &&
				  json_integer_value(v) == (json_int_t)expected[i].number,
			  "%s is %lld, not %llu", expected[i].key,
			  json_is_integer(v) ? (long long)json_integer_value(v) : -1,
			  (unsigned long long)expected[i].number);
	}
}

static inline void check_text(const json_t *root, const char *key, const char *text)
{
	const json_t *v = at(root, key);

	CHECK_MSG(json_is_string(v) && strcmp(json_string_value(v), text) == 0, "%s is %s, not %s",
		  key, json_is_string(v) ? json_string_value(v) : "none", text);
}

/* Of all the keys in the object, only this one is true. */
static inline void check_only_true(const json_t *object, const char *key, const char *const *keys)
{
	for (; *keys; keys++) {
		const json_t *v = json_object_get(object, *keys);

		CHECK_MSG(json_is_boolean(v) && json_is_true(v) == (strcmp(*keys, key) == 0),
			  "%s, where %s is set", *keys, key);
	}
}

/* ---- lines ---- */

static char *text;
static size_t size;

static inline FILE *begin(void)
{
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	return f;
}

static inline json_t *end(FILE *f)
{
	json_error_t error;
	json_t *root;

	fclose(f);
	root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
	CHECK_MSG(root != NULL, "%s", error.text);
	free(text);
	return root;
}

/* ---- what all lines have ---- */

static const char *const available[] = {"latency",   "context", "preempt_off",	  "bulk", "grown",
					"exclusive", "zones",	"anon_exclusive", NULL};

static inline void set_available(struct run_info *info, unsigned int which)
{
	bool *const has[] = {&info->has_latency, &info->has_context,	   &info->has_preempt_off,
			     &info->has_bulk,	 &info->has_grown,	   &info->has_exclusive,
			     &info->has_zones,	 &info->has_anon_exclusive};

	for (unsigned int i = 0; i < 8; i++)
		*has[i] = i == which;
}

static inline void put_info(struct run_info *info)
{
	snprintf(info->host, sizeof(info->host), "the host");
	snprintf(info->kernel, sizeof(info->kernel), "the kernel");
	snprintf(info->version, sizeof(info->version), "the version");
	info->hooks = 2;
	snprintf(info->hook[1].name, sizeof(info->hook[1].name), "the name");
	snprintf(info->hook[1].target, sizeof(info->hook[1].target), "the target");
	snprintf(info->hook[1].attach, sizeof(info->hook[1].attach), "the attach");
	info->missings = 2;
	snprintf(info->missing[1], REPORT_STR, "this is missing");
	info->class_mask = 1U << LAB_CLASS_NOLOCK | 1U << LAB_CLASS_BLOCKING;
	snprintf(info->time_zone.name, sizeof(info->time_zone.name), "the time_zone");
	PUT("", "utc_offset_s", info->time_zone.offset_s);
	PUT("", "memory_bytes", info->memory_bytes);
	PUT("", "page_bytes", info->page_bytes);
	PUT("", "cpus_online", info->cpus_online);
	PUT("", "orders_mask", info->order_mask);
	PUT("", "pageblock_pages", info->pageblock_pages);
	PUT("", "cpu", info->cpu);
}

static inline void check_info(const json_t *root)
{
	check_text(root, "host", "the host");
	check_text(root, "kernel", "the kernel");
	check_text(root, "version", "the version");
	check_text(root, "time_zone", "the time_zone");
	check_text(root, "hooks.1.name", "the name");
	check_text(root, "hooks.1.target", "the target");
	check_text(root, "hooks.1.attach", "the attach");
	check_text(root, "missing.1", "this is missing");
	check_text(root, "classes.0", "nolock");
	check_text(root, "classes.1", "blocking");
	CHECK_EQ(json_array_size(at(root, "classes")), 2);
}

static inline void put_budget(struct budget_report *b)
{
	PUT("budget.", "limit_ns", b->limit_ns);
	b->programs_known = true;
	PUT("budget.", "programs_ns", b->programs_ns);
	PUT("budget.", "process_ns", b->process_ns);
	PUT("budget.", "steps_down", b->steps_down);
	PUT("budget.", "steps_up", b->steps_up);
	PUT("budget.", "skipped", b->skipped);
	PUT("budget.", "sites_sampled_every", b->sites_sampled);
	b->step = BUDGET_COARSE_SITES;
}

static inline void check_budget(const json_t *root)
{
	check_text(root, "budget.step", "coarse_sites");
	CHECK(json_is_false(at(root, "budget.over")));
}

static inline void put_hist(const char *prefix, struct hist *h)
{
	char key[120];

	snprintf(key, sizeof(key), "%slatency_", prefix);
	PUT(key, "sum_ns", h->sum_ns);
	PUT(key, "max_ns", h->max_ns);
	PUT(key, "ns.0.1", h->bucket[5]);
	PUT(key, "ns.1.1", h->bucket[LAB_LAT_BUCKETS - 1]);
}

static inline void check_hist(const json_t *object)
{
	CHECK_EQ(json_integer_value(at(object, "latency_ns.0.0")), 5);
	CHECK(json_is_null(at(object, "latency_ns.1.0")));
	CHECK_EQ(json_integer_value(at(object, "latency_count")),
		 json_integer_value(at(object, "latency_ns.0.1")) +
			 json_integer_value(at(object, "latency_ns.1.1")));
}

#endif
