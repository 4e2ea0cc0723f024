/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* latency.h - the latency histogram: its buckets, and the bucket of a value, the same on both
 * sides. */
#ifndef LAB_WIRE_LATENCY_H
#define LAB_WIRE_LATENCY_H

#include "wire/types.h"

/*
 * Latency histogram, log-linear: values below 2^LAB_LAT_SUB_BITS have a bucket each, every power of
 * two above is split into 2^LAB_LAT_SUB_BITS equal parts, so a bucket is at most 1/16 of its values
 * wide. The last bucket has all values of 2^LAB_LAT_MAX_BITS ns (17 s) and above.
 */
#define LAB_LAT_SUB_BITS 4
#define LAB_LAT_SUB (1U << LAB_LAT_SUB_BITS)
#define LAB_LAT_MAX_BITS 34
#define LAB_LAT_BUCKETS ((LAB_LAT_MAX_BITS - LAB_LAT_SUB_BITS) * LAB_LAT_SUB + LAB_LAT_SUB + 1)

/* Floor of the binary logarithm of a byte; 0 for 0. */
static const __u8 lab_log2[256] = {
	[2 ... 3] = 1,	 [4 ... 7] = 2,	   [8 ... 15] = 3,    [16 ... 31] = 4,
	[32 ... 63] = 5, [64 ... 127] = 6, [128 ... 255] = 7,
};

/* Bucket of a latency. Both sides use this one: by table, as eBPF has no count of leading zeros. */
static inline __attribute__((always_inline)) __u32 lab_latency_bucket(__u64 ns)
{
	__u64 v = ns >> LAB_LAT_SUB_BITS;
	__u32 msb;

	if (ns < LAB_LAT_SUB)
		return (__u32)ns;
	if (v < 1U << 8)
		msb = lab_log2[v & 0xff];
	else if (v < 1U << 16)
		msb = 8 + lab_log2[(v >> 8) & 0xff];
	else if (v < 1U << 24)
		msb = 16 + lab_log2[(v >> 16) & 0xff];
	else if (ns >> LAB_LAT_MAX_BITS)
		return LAB_LAT_BUCKETS - 1;
	else
		msb = 24 + lab_log2[(v >> 24) & 0xff];
	return (msb + 1) * LAB_LAT_SUB + (__u32)((ns >> msb) & (LAB_LAT_SUB - 1));
}

/*
 * The same by one table, which the loader fills: an entry for 1 << LAB_FAST_SHIFT ns, from
 * LAB_FAST_LEAST_NS on. Below that a bucket has less.
 */
#define LAB_FAST_SHIFT 2
#define LAB_FAST_LEAST_NS 64
#define LAB_FAST_BUCKETS 4096

#endif
