// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * advice.c - from the leading verdict of a site, and from the request that stands for it, to what
 * would help. Where nothing was lost, nothing needs help: only the noise can be stopped.
 */
#include "view/advice.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MIN_FREE_STEP 1024U /* kB */
/* Beyond this part of memory a reserve does more harm than the failures. */
#define MIN_FREE_PART 20U

/* ---- names of helpers and subsystems that tell what memory is for ---- */

/* Only receive paths call these. */
static const char *const receive_helpers[] = {
	"netdev_alloc_skb", "napi_alloc_skb",  "netdev_alloc_frag",
	"napi_alloc_frag",  "dev_alloc_pages", "dev_alloc_skb",
};

static const char *const io_drivers[] = {
	"[block]",    "[dm]",	   "[md]",   "[scsi]",	 "[nvme]", "[ata]",  "[mmc]",	"[nvdimm]",
	"nvme",	      "nvme_core", "dm_mod", "dm_crypt", "raid1",  "raid10", "raid456", "md_mod",
	"virtio_blk", "scsi_mod",  "sd_mod", "libata",	 "nbd",	   "loop",
};

const char *site_receive_helper(const char *via)
{
	for (size_t i = 0; i < sizeof(receive_helpers) / sizeof(receive_helpers[0]); i++)
		if (strstr(via, receive_helpers[i]))
			return receive_helpers[i];
	return NULL;
}

bool site_recycles(const char *site, const char *driver, const char *via)
{
	return site[0] && driver[0] && driver[0] != '[' && site_receive_helper(via) &&
	       !strstr(via, "page_pool");
}

/* Beginnings of names, without leading underscores. */
static const char *const freeing[] = {
	"shrink_",    "kswapd",	       "balance_pgdat", "try_to_free_",	 "do_try_to_free_",
	"pageout",    "writeback_",    "wb_",		"do_writepages", "write_cache_pages",
	"swap_write", "swap_readpage", "submit_bio",	"bio_",		 "blk_",
	"blkdev_",    "zram_",	       "zs_",		"zswap_",	 "iomap_",
	"mpage_",     "ext2_",	       "ext4_",		"jbd2_",	 "xfs_",
	"btrfs_",     "bch2_",	       "f2fs_",		"fat_",		 "nfs_",
	"ceph_",      "cifs_",	       "smb2_",		"fuse_",	 "ovl_",
	"gfs2_",      "ocfs2_",	       "dm_",		"md_",		 "scsi_",
	"nvme_",      "ata_",	       "mmc_",		"loop_queue",	 "nbd_",
};

static bool is_io_driver(const char *driver)
{
	for (size_t i = 0; i < sizeof(io_drivers) / sizeof(io_drivers[0]); i++)
		if (strcmp(driver, io_drivers[i]) == 0)
			return true;
	return false;
}

bool site_frees_memory(const char *driver, const struct event_frame *frame, unsigned int frames)
{
	if (is_io_driver(driver))
		return true;
	for (unsigned int i = 0; i < frames; i++) {
		const char *name = frame[i].symbol + strspn(frame[i].symbol, "_");

		for (size_t k = 0; k < sizeof(freeing) / sizeof(freeing[0]); k++)
			if (strncmp(name, freeing[k], strlen(freeing[k])) == 0)
				return true;
	}
	return false;
}

bool site_does_io(const char *driver, const char *via)
{
	if (strstr(via, "mempool"))
		return false;
	return is_io_driver(driver) || (strcmp(driver, "[fs]") == 0 && strstr(via, "bio_alloc"));
}

/* ---- sentences ---- */

struct sentences {
	char (*text)[WHY_ADVICE_TEXT];
	unsigned int n;
};

static void __attribute__((format(printf, 2, 3))) say(struct sentences *s, const char *fmt, ...)
{
	va_list ap;

	if (s->n == WHY_ADVICE)
		return;
	va_start(ap, fmt);
	vsnprintf(s->text[s->n++], WHY_ADVICE_TEXT, fmt, ap);
	va_end(ap);
}

struct duration {
	char text[24];
};

static struct duration duration(__u64 ns)
{
	struct duration d;

	if (ns < 1000000)
		snprintf(d.text, sizeof(d.text), "%" PRIu64 " us", (uint64_t)(ns / 1000));
	else if (ns < 10000000000ULL)
		snprintf(d.text, sizeof(d.text), "%" PRIu64 " ms", (uint64_t)(ns / 1000000));
	else
		snprintf(d.text, sizeof(d.text), "%" PRIu64 " s", (uint64_t)(ns / 1000000000));
	return d;
}

static const char *plural(__u64 n)
{
	return n == 1 ? "" : "s";
}

/* ---- the reserve ---- */

static __u64 kbytes(__u64 pages, const struct advice_machine *m)
{
	return pages * (m->page_bytes / 1024);
}

__u64 advice_growth(const struct advice_run *run)
{
	return run->share ? (run->need * 8 + run->share - 1) / run->share : 0;
}

/* Every zone's min is its share of vm.min_free_kbytes: all of them grow alike. */
__u64 advice_target(const struct advice_machine *m, __u64 min, __u64 more, __u64 *ret_now)
{
	__u64 now = m->min_free_kbytes ?: kbytes(m->min_pages, m);
	__u64 target;

	*ret_now = now;
	if (!min || !now || m->page_bytes < 1024)
		return 0;
	target = (now * (min + more) + min - 1) / min;
	target = (target + MIN_FREE_STEP - 1) / MIN_FREE_STEP * MIN_FREE_STEP;
	return target <= kbytes(m->managed_pages, m) / MIN_FREE_PART ? target : 0;
}

__u64 advice_min_free_kbytes(const struct advice_run *run, const struct advice_machine *m,
			     __u64 *ret_now)
{
	__u64 target = advice_target(m, run->min, advice_growth(run), ret_now);

	return run->requests && run->share ? target : 0;
}

static void reserve(struct sentences *s, const struct advice_input *in)
{
	const struct advice_run *run = in->run;
	__u64 now, target = advice_min_free_kbytes(run, in->machine, &now);

	if (!target)
		return;
	say(s,
	    "vm.min_free_kbytes of %" PRIu64 " (now %s%" PRIu64 ") would have covered the worst "
	    "run: %s%" PRIu64 " lost request%s%s%s, for %" PRIu64 " page%s, %" PRIu64
	    " short in %s (min %" PRIu64 ").",
	    (uint64_t)target, in->machine->min_free_kbytes ? "" : "about ", (uint64_t)now,
	    in->machine->at_least ? "at least " : "", (uint64_t)run->requests,
	    plural(run->requests), run->requests > 1 ? " within " : "",
	    run->requests > 1 ? duration(run->length_ns).text : "", (uint64_t)run->pages,
	    plural(run->pages), (uint64_t)run->short_of, run->zone, (uint64_t)run->min);
}

/* ---- by verdict ---- */

/* That no fallback followed is known only where nothing was held back or dropped. */
static void opportunistic(struct sentences *s, const struct advice_input *in)
{
	__u64 lost = in->told->mask_lost;

	if (!lost || in->machine->at_least)
		return;
	say(s,
	    "%s marks it as opportunistic, and %" PRIu64 " time%s no fallback followed: retry "
	    "without it.",
	    in->site->example.gfp & LAB_GFP_NORETRY ? "__GFP_NORETRY" : "__GFP_NOMEMALLOC",
	    (uint64_t)lost, plural(lost));
}

static void exhausted(struct sentences *s, const struct advice_input *in)
{
	const struct why_case *c = &in->site->example;
	const struct why_facts *f = &c->facts;
	__u64 lost = in->told->verdict_lost;

	switch (lab_class_of(c->gfp)) {
	case LAB_CLASS_ATOMIC:
		if (!(c->gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC)))
			reserve(s, in);
		else
			opportunistic(s, in);
		break;
	case LAB_CLASS_NOWAIT:
		if (f->zone[0])
			say(s,
			    "GFP_NOWAIT may not use pages below min (%s: %" PRIu64
			    " free, min %" PRIu64 "): use GFP_ATOMIC where it must not fail, "
			    "otherwise add a fallback for the %" PRIu64 " that %s lost.",
			    f->zone, (uint64_t)f->free, (uint64_t)f->min, (uint64_t)lost,
			    lost == 1 ? "was" : "were");
		break;
	case LAB_CLASS_NOLOCK:
		say(s,
		    "It may neither sleep nor wake kswapd, and its caller must handle failure: "
		    "%" PRIu64 " %s lost, so allocate the memory in advance.",
		    (uint64_t)lost, lost == 1 ? "was" : "were");
		break;
	default:
		break;
	}
}

static void fragmented(struct sentences *s, const struct advice_input *in)
{
	const struct why_case *c = &in->site->example;
	int largest = c->facts.largest_order;

	if (largest < 0 || (__u32)largest >= c->order)
		return;
	say(s,
	    "Request order %d at most, or fall back to it: blocks of that order were free when "
	    "order %u was not, %" PRIu64 " time%s.",
	    largest, (unsigned int)c->order, (uint64_t)in->told->verdict_lost,
	    plural(in->told->verdict_lost));
}

static void reserved(struct sentences *s, const struct advice_input *in)
{
	const struct why_case *c = &in->site->example;
	const struct why_facts *f = &c->facts;

	if (f->cma && f->cma >= f->exclusive)
		say(s,
		    "%" PRIu64 " of the %" PRIu64
		    " free pages of %s lay in CMA, which serves movable "
		    "requests only: a smaller area (cma=) leaves them to every request.",
		    (uint64_t)f->cma, (uint64_t)f->free, f->zone);
	else if (f->exclusive && c->gfp & LAB_GFP_NOMEMALLOC)
		say(s,
		    "%" PRIu64 " of the %" PRIu64
		    " free pages of %s lay in exclusive blocks, which "
		    "__GFP_NOMEMALLOC closes to it: retry without it.",
		    (uint64_t)f->exclusive, (uint64_t)f->free, f->zone);
	else if (f->exclusive && lab_class_of(c->gfp) != LAB_CLASS_ATOMIC)
		say(s,
		    "%" PRIu64 " of the %" PRIu64
		    " free pages of %s lay in exclusive blocks, which "
		    "only GFP_ATOMIC may use: use GFP_ATOMIC where it must not fail.",
		    (uint64_t)f->exclusive, (uint64_t)f->free, f->zone);
}

static void constrained(struct sentences *s, const struct advice_input *in)
{
	const struct why_case *c = &in->site->example;
	const struct why_facts *f = &c->facts;
	const char *what;

	if (!f->closed_zone[0])
		return;
	if (strcmp(f->closed_by, "by __GFP_DMA") == 0 ||
	    strcmp(f->closed_by, "by __GFP_DMA32") == 0)
		what = "lift it where the device reaches further, by dma_set_mask() and the DMA "
		       "API";
	else if (strcmp(f->closed_by, "by __GFP_THISNODE") == 0)
		what = "leave it out, or retry without it";
	else if (strstr(f->closed_by, "cpuset") || strstr(f->closed_by, "nodemask"))
		what = "widen it";
	else if (strcmp(f->closed_by, "for lack of __GFP_MOVABLE") == 0)
		what = "less movable memory (movablecore=, movable_node) leaves more to it";
	else
		return;
	say(s,
	    "Node %u, zone %s had %" PRIu64 " pages free and was closed to it %s, %" PRIu64
	    " time%s: %s.",
	    (unsigned int)f->closed_node, f->closed_zone, (uint64_t)f->closed_free, f->closed_by,
	    (uint64_t)in->told->verdict_lost, plural(in->told->verdict_lost), what);
}

static void oversize(struct sentences *s, const struct advice_input *in)
{
	const struct why_case *c = &in->site->example;

	say(s,
	    "Order %u is above the maximum and never succeeds (%" PRIu64
	    " time%s here): split the buffer, or take it from CMA.",
	    (unsigned int)c->order, (uint64_t)in->told->verdict_lost,
	    plural(in->told->verdict_lost));
}

static void charge(struct sentences *s, const struct advice_input *in)
{
	const struct why_facts *f = &in->site->example.facts;

	say(s,
	    "Raise memory.max of the cgroup%s%.15s%s: it refused %" PRIu64
	    " request%s while pages were free.",
	    f->comm[0] ? " of " : "", f->comm, f->comm[0] ? ", for one" : "",
	    (uint64_t)in->told->verdict_lost, plural(in->told->verdict_lost));
}

static void bulk_short(struct sentences *s, const struct advice_input *in)
{
	const struct why_facts *f = &in->site->example.facts;

	if (!in->told->bulk_asked)
		return;
	say(s,
	    "Use what it got (%" PRIu64 " of %" PRIu64 " pages) and request the rest one by one: a "
	    "batch stops at low (%s: %" PRIu64 "), a single GFP_ATOMIC request far below it.",
	    (uint64_t)in->told->bulk_got, (uint64_t)in->told->bulk_asked,
	    f->zone[0] ? f->zone : "the zone", (uint64_t)f->low);
}

static void contended(struct sentences *s, const struct advice_input *in)
{
	say(s,
	    "It may not wait for a lock, and lost %" PRIu64
	    " time%s while pages were free: allocate the memory in advance, or retry later.",
	    (uint64_t)in->told->verdict_lost, plural(in->told->verdict_lost));
}

static void injected(struct sentences *s, const struct advice_input *in)
{
	say(s, "Turn fail_page_alloc off: it made %" PRIu64 " request%s fail.",
	    (uint64_t)in->told->verdict_lost, plural(in->told->verdict_lost));
}

static void by_verdict(struct sentences *s, const struct advice_input *in)
{
	static void (*const say_it[VERDICTS])(struct sentences *, const struct advice_input *) = {
		[VERDICT_EXHAUSTED] = exhausted,   [VERDICT_FRAGMENTED] = fragmented,
		[VERDICT_RESERVED] = reserved,	   [VERDICT_CONSTRAINED] = constrained,
		[VERDICT_OVERSIZE] = oversize,	   [VERDICT_INJECTED] = injected,
		[VERDICT_CHARGE] = charge,	   [VERDICT_CONTENDED] = contended,
		[VERDICT_BULK_SHORT] = bulk_short,
	};
	enum verdict v = in->site->example.verdict;

	if (v < VERDICTS && say_it[v])
		say_it[v](s, in);
}

/* ---- by who asked ---- */

/* Memory would have come, if only it may be waited for. */
static bool waiting_helps(enum verdict v)
{
	return v == VERDICT_EXHAUSTED || v == VERDICT_FRAGMENTED || v == VERDICT_RESERVED;
}

static void may_sleep(struct sentences *s, const struct advice_input *in)
{
	const struct why_figures *f = &in->site->count;
	__u64 told = why_told(f);
	const char *who = f->failed == 1      ? "It failed in"
			  : told == f->failed ? "All failures were in"
					      : "All failures that were reported were in";

	if (lab_class_of(in->site->example.gfp) >= LAB_CLASSES_WATCHED ||
	    !in->machine->has_context || !in->machine->has_preempt_off ||
	    in->told->open_task != told)
		return;
	/* Reclaim may wait for just this code: neither advice nor GFP_KERNEL. */
	if (site_frees_memory(in->site->driver, in->site->example.frame,
			      in->site->example.frames)) {
		say(s,
		    "%s task context with bottom halves and preemption on, but memory may be "
		    "waiting for this code to be freed: GFP_NOIO at most, never GFP_KERNEL.",
		    who);
		return;
	}
	say(s,
	    "%s task context with bottom halves and preemption on: where labyrinth lint reports "
	    "that it may sleep, GFP_KERNEL waits for memory.",
	    who);
}

static void by_site(struct sentences *s, const struct advice_input *in)
{
	const struct why_site *site = in->site;
	__u64 run = in->told->longest_run;

	if (site_recycles(site->site, site->driver, site->example.via))
		say(s,
		    "A page_pool would recycle the receive buffers that %s asks for anew: up to "
		    "%" PRIu64 " lost in a row.",
		    site_receive_helper(site->example.via), (uint64_t)run);
	else if (site_does_io(site->driver, site->example.via))
		say(s,
		    "Writeback must make progress to free memory: use a mempool of %" PRIu64
		    " element%s at least, as many as %s lost in a row in %s.",
		    (uint64_t)run, plural(run), site->site, site->driver);
}

/* All failed requests were made good: then dmesg need not tell of them. */
static void harmless(struct sentences *s, const struct advice_input *in)
{
	const struct why_figures *f = &in->site->count;
	const struct why_case *c = &in->site->example;
	char how[220];

	if (!f->recovered || f->recovered + f->retried != f->failed || !in->told->with_warning)
		return;
	snprintf(how, sizeof(how), " (%.200s)", c->how);
	say(s,
	    "Add __GFP_NOWARN: %s recovered%s, %" PRIu64
	    " did not set it, and dmesg showed %" PRIu64 ".",
	    f->failed == 1 ? "the failed attempt was" : "all failed attempts were",
	    c->aftermath == AFTERMATH_RECOVERED && c->how[0] ? how : "",
	    (uint64_t)in->told->with_warning, (uint64_t)f->printed[PRINTED_YES]);
}

void advise(const struct advice_input *in, char advice[WHY_ADVICE][WHY_ADVICE_TEXT])
{
	const struct why_case *c = &in->site->example;
	struct sentences s = {.text = advice};

	memset(advice, 0, sizeof(char[WHY_ADVICE][WHY_ADVICE_TEXT]));
	if (!in->site->has_example || !c->failed)
		return;
	if (!in->site->count.lost) {
		harmless(&s, in);
		return;
	}
	/* The example is of the verdict that lost most: without a loss of its own it proves none.
	 */
	if (!in->told->verdict_lost)
		return;
	if (waiting_helps(c->verdict))
		may_sleep(&s, in);
	by_verdict(&s, in);
	if (waiting_helps(c->verdict))
		by_site(&s, in);
}
