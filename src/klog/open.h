/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* open.h - a report of which more lines may come. */
#ifndef LAB_KLOG_OPEN_H
#define LAB_KLOG_OPEN_H

#include "klog/frames.h"
#include "klog/header.h"

struct open {
	struct alloc_report *r;
	__u64 caller;
	struct trace trace;
	bool mode_pending, release_pending, cpu_seen, mem_begun, done;
	unsigned int idle;
	char *mem;
	size_t mem_len;
	__s64 zone_us; /* stamp of the first zone line */
};

void open_drop(struct open *o);

/* All its lines are there: reads the memory state, finds the site, decides. */
void open_finish(struct open *o);

void open_name_task(struct alloc_report *r, const struct header *h);

/* ", mode:0x820(GFP_ATOMIC), nodemask=..." at the start of text; mode_pending when it is not. */
void open_mode(struct open *o, const char *text);

/* A line of the memory state; time_us: its stamp. */
void open_mem(struct open *o, const char *text, __s64 time_us);
bool open_is_mem(const char *text);

/* SLUB's lines behind a report name the cache whose request it was. o may be NULL. */
bool open_slub(struct open *o, const char *text);

/* The release, where the CPU line was broken before it. */
void open_release(struct open *o, const char *text);
void open_workqueue(struct open *o, const char *text);

#endif
