/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stream_hist.h - latencies in the JSON stream: pairs of an inclusive upper bound and a count. */
#ifndef LAB_STREAM_HIST_H
#define LAB_STREAM_HIST_H

#include "json_read.h"
#include "json_write.h"

/* The keys latency_count, latency_sum_ns, latency_max_ns and latency_ns of an object. */
void wr_put_hist(struct writer *w, json_t *object, const struct hist *h);
/* *h is zero before. */
void rd_get_hist(struct reader *rd, const json_t *object, struct hist *h);

#endif
