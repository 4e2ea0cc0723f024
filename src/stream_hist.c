// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream_hist.c - latencies to JSON, and back. */
#include "stream_hist.h"

#include <inttypes.h>
#include <stdint.h>

static json_t *latency_array(struct writer *w, const struct hist *h)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		json_t *pair;

		if (h->bucket[i] == 0)
			continue;
		pair = json_array();
		wr_add(w, pair, wr_number(hist_upper_ns(i)));
		wr_add(w, pair, wr_number(h->bucket[i]));
		wr_add(w, array, pair);
	}
	return array;
}

void wr_put_hist(struct writer *w, json_t *object, const struct hist *h)
{
	wr_put(w, object, "latency_count", wr_number(hist_count(h)));
	wr_put(w, object, "latency_sum_ns", wr_number(h->sum_ns));
	wr_put(w, object, "latency_max_ns", wr_number(h->max_ns));
	wr_put(w, object, "latency_ns", latency_array(w, h));
}

static void read_bucket(struct reader *rd, const char *key, const json_t *pair, struct hist *h)
{
	json_int_t upper, count;
	unsigned int bucket;

	if (json_array_size(pair) != 2)
		rd_fail(rd, key, "not a pair of a bound and a count");
	upper = rd_as_integer(rd, key, json_array_get(pair, 0), 0, INT64_MAX);
	count = rd_as_integer(rd, key, json_array_get(pair, 1), 0, INT64_MAX);
	bucket = lab_latency_bucket((__u64)upper);
	if (hist_upper_ns(bucket) != (__u64)upper)
		rd_fail(rd, key, "%" JSON_INTEGER_FORMAT " is not the bound of a bucket", upper);
	if (h->bucket[bucket])
		rd_fail(rd, key, "the bucket up to %" JSON_INTEGER_FORMAT " comes twice", upper);
	h->bucket[bucket] = (__u64)count;
}

void rd_get_hist(struct reader *rd, const json_t *object, struct hist *h)
{
	__u64 count = rd_get_u64(rd, object, "latency_count");
	const json_t *array;
	char key[40];

	h->sum_ns = rd_get_u64(rd, object, "latency_sum_ns");
	h->max_ns = rd_get_u64(rd, object, "latency_max_ns");
	array = rd_get_array(rd, object, "latency_ns", LAB_LAT_BUCKETS);
	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++) {
		snprintf(key, sizeof(key), "latency_ns[%zu]", i);
		read_bucket(rd, key, json_array_get(array, i), h);
	}
	if (hist_count(h) != count)
		rd_fail(rd, "latency_count", "%" PRIu64 ", and the buckets hold %" PRIu64,
			(uint64_t)count, (uint64_t)hist_count(h));
}
