/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * live.h - the live source's own rooms: hooks (skeleton, attaching) and reading. Included by
 * source_live.c, live_*.c and view_check.c only.
 */
#ifndef LAB_LIVE_H
#define LAB_LIVE_H

#include <pthread.h>

#include "kernel_features.h"
#include "kind_row.h"
#include "model.h"
#include "options.h"
#include "site_row.h"

struct bpf_link;
struct bpf_program;
struct labyrinth_bpf;

enum hook_id {
	HOOK_DONE,	 /* the lean one: see lean.bpf.h */
	HOOK_DONE_TELL,	 /* instead, for the views that want more than counts, and filters */
	HOOK_DONE_NOSYM, /* where programs cannot refer to kernel variables */
	HOOK_LOCKED,
	HOOK_WAKE,
	HOOK_WAKE_KP,
	HOOK_MOVE,
	HOOK_MOVE_KP,
	HOOK_UNRESERVE,
	HOOK_BULK,
	HOOK_ANON,
	HOOK_LINT_DONE, /* one of these three is all that the view lint attaches */
	HOOK_LINT,
	HOOK_LINT_KP,
	HOOK_ENTRY, /* last: what is in flight before it has no start; the lean one */
	HOOK_ENTRY_TELL,
	HOOK_ENTRY_KP,
	HOOKS,
};

/* One program on one hook. */
struct hook {
	bool wanted; /* loaded */
	int error;   /* negative errno of the attach, 0 fine */
	struct bpf_link *link;
};

/* Times in which starts were off for the budget, by the kernel's count of skipped end programs. */
struct blind {
	pthread_mutex_t lock;
	__u64 misses; /* in those that are over */
	__u64 from;   /* at the beginning of the one that is not */
	bool now;
};

/* The programs of one run, loaded and attached. */
struct hooks {
	struct labyrinth_bpf *skel;
	enum attach_mode mode; /* what it came to: never ATTACH_AUTO */
	struct hook hook[HOOKS];
	unsigned int cpus; /* possible */
	unsigned int cell_classes;
	bool calibrated;
	struct blind blind;
};

/* Everything about a hook that does not depend on the run. */
struct hook_info {
	const char *program; /* in the object */
	const char *name;    /* in the output */
	const char *attach;  /* fentry, fexit, kprobe, raw_tp */
	const char *missing; /* what is lost without it, a sentence */
};

const struct hook_info *hook_info(enum hook_id id);

/* Kernel function or tracepoint of a hook on this kernel; NULL when the kernel has none. */
const char *hook_target(enum hook_id id, const struct features *f);

/* Does a run in this mode want this hook (kernel and options permitting)? */
bool hook_wanted(enum hook_id id, enum attach_mode mode, const struct features *f,
		 const struct options *opt);

/* Does a run in this hook's modes make no sense without it? */
bool hook_required(enum hook_id id);

const char *attach_mode_name(enum attach_mode mode);

/*
 * Loads the programs of one mode. required_only leaves out what a run can do without. 0 or a
 * negative errno, not logged (see hooks_message()). *h must be zero or closed before.
 */
int hooks_load(struct hooks *h, struct features *f, const struct options *opt,
	       enum attach_mode mode, bool required_only);

/* live_load.c: the two steps of it that libbpf is to do without the kernel's whole BTF. */
int load_open(struct hooks *h, struct features *f);
int load_programs(struct hooks *h, const struct features *f);
/* The function that a program is for, as the kernel's BTF numbers it; 0: it is for none. */
__u32 hooks_target_id(const char *program, const struct features *f);

/* Attaches everything loaded, the start of a request last. 0 or a negative errno of a required
 * hook. */
int hooks_attach(struct hooks *h, const struct features *f);

/* Attaches one hook, for check. 0 or a negative errno. */
int hooks_attach_one(struct hooks *h, enum hook_id id, const struct features *f);

/* Does this run tell how the exclusive reserve grows; who takes from it? */
bool hooks_show_growth(const struct options *opt);
bool hooks_show_use(const struct options *opt);

/* Detaches one; fine where nothing is attached. */
void hooks_detach_one(struct hooks *h, enum hook_id id);

/* Measures what the hooks add to preempt_count; before hooks_attach(). 0 or a negative errno. */
int hooks_calibrate(struct hooks *h, const struct features *f);

/* For it: the name our thread has meanwhile, zero padded, and the end program that looks for it. */
void calibration_comm(char comm[static 16]);
/* NULL: what an entry program sees is not calibrated. */
struct bpf_program *calibration_entry(struct hooks *h);
struct bpf_program *calibration_end(struct hooks *h, const struct features *f);

/* Detaches starts first, then the rest; maps and programs stay readable. */
void hooks_detach(struct hooks *h);
void hooks_close(struct hooks *h);

/* From now on libbpf's complaints are kept instead of printed; the ones before are forgotten. */
void hooks_quiet(void);

/* The first thing libbpf complained about, one line; "" when nothing. */
const char *hooks_message(void);

/* Times the kernel skipped a program because it already ran on that cpu; 0 when it does not count.
 */
__u64 hooks_entry_misses(struct hooks *h);
__u64 hooks_done_misses(struct hooks *h);

/* ---- what is left out for the budget: live_gate.c ---- */

/* Run time of the programs since they were loaded, ns, while the kernel keeps such statistics. */
__u64 hooks_run_time_ns(struct hooks *h);

/* Of hooks_done_misses() those while starts were off. */
__u64 hooks_blind_misses(struct hooks *h);

/* Can a program that was detached be attached again? Found by trying, on one that is not needed. */
bool hooks_can_reattach(struct hooks *h);

/*
 * Makes the programs do what is left of their work at that step. Requests that are under way
 * meanwhile are counted once, or passed over, once. One thread at a time.
 */
void hooks_set_step(struct hooks *h, enum budget_step step);

/*
 * At failures only: takes the programs at the starts away, which cost every request, and may take
 * as long as the kernel wants; and brings them back before the step up. 0, or a negative errno and
 * none of them is attached. Not where they cannot be attached again: they return at once.
 */
void hooks_detach_starts(struct hooks *h);
int hooks_attach_starts(struct hooks *h, const struct features *f);

/* The values of an array that both sides have mapped; NULL and errno. live_read.c. */
struct bpf_map;
void *map_values(const struct bpf_map *map);
void unmap_values(void *p, const struct bpf_map *map);
size_t map_value_stride(const struct bpf_map *map);

struct live_budget;

/* One run on the running kernel. Zero it before live_start(). */
struct live {
	const struct options *opt;
	struct features features;
	struct hooks hooks;
	struct live_budget *budget; /* NULL: none */
	struct run_info info;	    /* by live_describe() */
};

/*
 * Attaches the best mode that this kernel allows, or the one that opt asks for. 0 or a negative
 * exit code, logged; live_stop() in either case.
 */
int live_start(struct live *l, const struct options *opt);
/*
 * The last step: fills l->info, begins to watch the budget, and sets aside the memory for what is
 * to come. has_zones: a snapshot showed some. 0 or a negative exit code (logged).
 */
int live_describe(struct live *l, bool has_zones);
/* Ends the watch of the budget, and detaches: before the last reading. */
void live_detach(struct live *l);
void live_stop(struct live *l);

/*
 * Events, in the order of the ring: nearly that of time, exactly so for one context of one cpu. A
 * record of kind FOLLOW ends after its head. It is the kernel's memory: valid until the function
 * returns.
 */
struct ring;
typedef void ring_fn(void *arg, const struct lab_event *record);

/* 0 or a negative errno. The hooks must have been loaded for events. */
int ring_open(struct ring **ret, struct hooks *h, ring_fn *fn, void *arg);
/* Readable when there are records. */
int ring_fd(const struct ring *ring);
/* Calls fn for each record there is. Their number or a negative errno. */
int ring_consume(struct ring *ring);
void ring_close(struct ring *ring);

/* Reading of the maps into figures. Opaque: live_read.c. */
struct reader;

/* Maps what the programs write. 0 or a negative errno. */
int reader_open(struct reader **ret, struct hooks *h, const struct options *opt);
/* All counted since reader_open(), and the interval since the last reading. last: nothing is
 * attached. */
void reader_read(struct reader *r, struct report *ret, bool last);
/* From now on totals are those since the programs were attached, as the counts by stack and kind,
 * and the events, are. */
void reader_count_from_load(struct reader *r);
/* Events that the programs held back, all cpus, since they were loaded. */
__u64 reader_throttled(const struct reader *r);
/* Requests that found no room in the counts by stack or by kind, all cpus. */
__u64 reader_uncounted(const struct reader *r);
/* Requests passed over for the budget, all cpus. */
__u64 reader_skipped(const struct reader *r);
void reader_close(struct reader *r);

/*
 * The counts by stack and by kind of request since the programs were loaded: each row once, in no
 * order. 0, what fn returned when that was not 0, or a negative exit code (logged). live_tallies.c.
 */
struct stacks;
int live_sites(struct hooks *h, struct stacks *stacks, __u64 now_ns, site_row_fn *fn, void *arg);
int live_kinds(struct hooks *h, kind_row_fn *fn, void *arg);
/* How many stacks there can be; 0 where nothing is counted by stack. */
unsigned int live_stacks_most(const struct hooks *h);
/* A stack out of that table; how many frames, 0 when it is not there. */
unsigned int live_stack(struct hooks *h, __u64 key, __u64 stack[LAB_EVENT_FRAMES]);

#endif
