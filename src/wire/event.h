/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * event.h - one record for each noteworthy request, through the ring buffer. No holes: -Wpadded is
 * an error here.
 */
#ifndef LAB_WIRE_EVENT_H
#define LAB_WIRE_EVENT_H

#include "wire/types.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define LAB_EVENT_FRAMES 32 /* kernel stack, innermost first */
#define LAB_EVENT_ZONES 8   /* zones of the request's zonelist, in the order they are tried */
#define LAB_EVENT_ORDERS 11

enum lab_event_kind {
	LAB_EVENT_FAILED,
	LAB_EVENT_SLOW,
	LAB_EVENT_NEAR_MISS, /* served, but below a mark */
	LAB_EVENT_FOLLOW,    /* served, by a context whose request failed just before: for the
				aftermath */
	LAB_EVENT_KINDS,
};

/* Flags of an event, beside those of its slot (LAB_SLOT_...). */
#define LAB_EVENT_BH_OFF 0x100U
#define LAB_EVENT_PREEMPT_OFF 0x200U
#define LAB_EVENT_HAS_START 0x400U /* latency_ns is valid */
/* The order is beyond the maximum: refused before anything was tried. */
#define LAB_EVENT_OVERSIZE 0x1000U
/* A bulk request got fewer pages than it asked for. */
#define LAB_EVENT_BULK 0x2000U
/* stack[0] is its key in the table of stacks, and there are no frames. */
#define LAB_EVENT_STACK_ID 0x4000U

/* It may go on with its caller's last request, which failed and was reported. */
#define LAB_EVENT_GOES_ON 0x8000U

/* A zone of the request's zonelist when it failed, pages. */
struct lab_event_zone {
	__u64 free, min, low, boost; /* marks without the boost */
	__u64 lowmem_reserve;	     /* against this request */
	__u64 managed;
	__u64 free_cma, free_highatomic;
	__u64 unusable_highatomic; /* what the kernel's own test subtracts: whole blocks before 6.12
				    */
	__u32 node, zone;
	__u32 blocks[LAB_EVENT_ORDERS]; /* free blocks of each order, all types */
	/* Bit o: there is a free block of order o of an ordinary type, of CMA, of the exclusive
	 * reserve. */
	__u32 ordinary, cma, highatomic;
};

/* What every event has; a FOLLOW has only this. */
struct lab_event_head {
	__u64 time_ns;	  /* CLOCK_MONOTONIC, at the end of the request */
	__u64 latency_ns; /* valid with HAS_START */
	__u64 task;	  /* task_struct address of current */
	__u32 kind, cpu;
	__u32 gfp, order;
	__u32 context; /* enum lab_context */
	__u32 flags;   /* LAB_EVENT_..., LAB_SLOT_... */
	__u32 level;   /* enum lab_level: of a served request the level it was served at, else the
			  level of its zone */
	__u32 pid;     /* of current, which owns the request only in task context */
	char comm[16];
	__u32 node;   /* preferred */
	__u32 frames; /* valid entries of stack */
	__u64 stack[LAB_EVENT_FRAMES];
};

struct lab_event {
	struct lab_event_head head;
	__u32 zones; /* valid entries of zone; closed ones too: the verdict tells them apart */
	__u32 highest_zone;
	__u32 bulk_asked, bulk_got; /* pages; valid with BULK */
	__u64 nodes; /* nodes that its nodemask or cpuset allows, bit = node; 0: any, or not known
		      */
	struct lab_event_zone zone[LAB_EVENT_ZONES];
};

#pragma GCC diagnostic pop

#endif
