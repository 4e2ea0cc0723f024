/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * alloc_report.h - one "page allocation failure" as a kernel log tells it, and what was made of it.
 * Filled by klog/, decided by alloc_verdict.c, printed by view/explain*.c. Pure.
 */
#ifndef LAB_MODEL_ALLOC_REPORT_H
#define LAB_MODEL_ALLOC_REPORT_H

#include <stdbool.h>

#include "model/event.h"
#include "model/gfp_log.h"
#include "model/names.h"
#include "model/zone_trial.h"

#define REPORT_NODES 1024
#define REPORT_ORDERS 20    /* more than any kernel has */
#define REPORT_RESERVES 16  /* entries of lowmem_reserve[] */
#define REPORT_FRAMES 64    /* of the request itself, innermost first */
#define REPORT_UNKNOWN (-1) /* of a time or an age */

/* A zone as printed, in pages. */
struct report_zone {
	char name[16];
	int node; /* -1: printed without one */
	/* Which of these were printed: a log may have lost any. */
	bool has_free, has_min, has_low, has_managed, has_boost, has_reserved, has_free_highatomic;
	bool has_blocks;    /* the buddy line */
	bool boost_unknown; /* min may hold a boost, and nothing tells how large (5.0 to 5.15) */
	__u64 free, min, low, high, boost; /* min as printed, with the boost since 5.0 */
	__u64 managed, present, free_cma, free_pcp, local_pcp;
	__u64 reserved_highatomic, free_highatomic;
	__u64 file; /* page cache */
	unsigned int reserves;
	__u64 lowmem_reserve[REPORT_RESERVES];
	unsigned int orders;
	__u32 count[REPORT_ORDERS];
	/* Bit o: the letter stands at order o. Isolated blocks are in none. */
	__u32 ordinary, cma, highatomic;
	__u32 not_letters; /* bit o: there are blocks, and their letters are lost */
};

struct node_set {
	bool known;
	__u64 word[REPORT_NODES / 64];
};

enum report_context {
	REPORT_CONTEXT_UNKNOWN,
	REPORT_CONTEXT_TASK,
	REPORT_CONTEXT_SOFTIRQ,
	REPORT_CONTEXT_HARDIRQ,
};

enum report_verdict {
	REPORT_NONE, /* no zone lines of its own */
	REPORT_EXHAUSTED,
	REPORT_RESERVED,
	REPORT_FRAGMENTED,
	REPORT_CONSTRAINED,
	REPORT_WITHIN,
	REPORT_UNEXPLAINED,
	REPORT_VERDICTS,
};

/* The kernel's test of one zone, in pages. */
struct report_sum {
	bool known;
	const struct report_zone *zone;
	struct trial trial; /* its zone member is not valid */
	__u64 reserve;	    /* the entry of lowmem_reserve[] that counts */
	const char *closed; /* by what the zone is closed to it; NULL: it is not */
};

struct alloc_report {
	/* From the header. */
	unsigned int order;
	__u64 gfp_number;
	__u32 gfp;			/* as LAB_GFP_... */
	char gfp_names[GFP_NAMES_TEXT]; /* as printed; by the number where they are not, or cut */
	bool gfp_printed;		/* the log has names */
	char comm[64];
	struct node_set nodemask, mems_allowed;
	__s64 time_us; /* the kernel's stamp; REPORT_UNKNOWN */
	__s64 wall_s;  /* second of the day by syslog, journal or dmesg -T; REPORT_UNKNOWN */
	char date[48]; /* as the line has it, "Mar 14 08:22:09"; "" when there is none */
	/* From the CPU line; release "" when it is lost. */
	char release[RELEASE_TEXT];
	char package[48];
	struct kernel_release kernel; /* release, or what the rest of the report shows */
	__s64 pid, cpu;
	/* From the trace. */
	unsigned int frames;
	struct event_frame frame[REPORT_FRAMES];
	char site[EVENT_SYMBOL], driver[EVENT_MODULE], via[EVENT_TEXT];
	char workqueue[64];
	enum report_context context;
	/* From Mem-Info. */
	unsigned int zones, zone_room;
	struct report_zone *zone; /* owned */
	unsigned int page_kb;
	bool page_kb_known;
	__s64 age_us; /* of its numbers; REPORT_UNKNOWN */
	__u64 total_file, total_slab_reclaimable, total_pcp;
	__u64 total_free, total_cma; /* free pages of all zones, printed or not; 0: not known */
	/* "pages RAM", "pages reserved", "pages HighMem/MovableOnly". */
	__u64 ram_pages, reserved_pages, movable_pages;
	/* The zones above the highest of the request, taken together: since 6.2 they have no lines.
	 */
	struct report_zone above;
	/* What stands beside it. */
	__u64 suppressed;
	char cache[48];	 /* of SLUB's line behind it */
	bool vmalloc;	 /* vmalloc printed it, no page was refused (up to 4.8) */
	bool mixed;	 /* its lines and those of another report were in each other */
	bool lines_lost; /* "printk messages dropped" inside */
	char file[64];	 /* where it was read, the end of its name */
	__u64 line;	 /* and its line, from 1 */
	/* The verdict. */
	enum report_verdict verdict;
	struct report_sum nearest;     /* of the zones open to it */
	struct report_sum closed_zone; /* with CONSTRAINED: who would have served it */
	struct node_set other_nodes;   /* with __GFP_THISNODE: those that it did not ask */
	struct verdict_rules rules;
	bool rules_differ;		   /* two sets are possible, and differ: */
	enum report_verdict other_verdict; /* that of the one that grants more */
	bool reserve_unprinted;		   /* RESERVED by a reserve that is not printed */
	unsigned int unjudged;		   /* zones of which too much is lost */
};

/* Of all logs that were read. */
struct klog_counts {
	__u64 reports;	  /* given out */
	__u64 copies;	  /* the same once more, from another log: not given out */
	__u64 suppressed; /* by the limiter of these reports, copies left out */
	__u64 oom;	  /* OOM reports: another thing */
	__u64 vmalloc;	  /* failures of vmalloc: likewise */
};

const char *report_verdict_name(enum report_verdict v);
const char *report_context_name(enum report_context c);
const char *report_class_name(const struct alloc_report *r);

struct alloc_report *alloc_report_new(void);
void alloc_report_free(struct alloc_report *r);
void alloc_report_freep(struct alloc_report **r);

/* That zone, made where there is none yet; NULL when there is no room. */
struct report_zone *alloc_report_zone(struct alloc_report *r, int node, const char *name);

/* 0 where it is printed without one. */
int report_zone_node(const struct report_zone *z);

void node_set_add(struct node_set *set, int node);
void node_set_parse(struct node_set *set, const char *list);
bool node_set_has(const struct node_set *set, int node);

/* Fills site, driver, via and context from the frames. */
void alloc_report_find_site(struct alloc_report *r, bool interrupt_stack);

#endif
