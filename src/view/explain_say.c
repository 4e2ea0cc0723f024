// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explain_say.c - what is said of a report, paragraph by paragraph. */
#include "view/explain_say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/alloc_verdict.h"
#include "view/advice.h"
#include "view/explain_why.h"
#include "view/explain_words.h"
#include "wire/gfp.h"

static void __attribute__((format(printf, 2, 3))) say(struct said *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (s->len + 1 >= sizeof(s->text))
		return;
	va_start(ap, fmt);
	n = vsnprintf(s->text + s->len, sizeof(s->text) - s->len, fmt, ap);
	va_end(ap);
	s->len += n > 0 ? (size_t)n : 0;
}

static __u64 kb(const struct alloc_report *r, __u64 pages)
{
	return pages * r->page_kb;
}

static bool may_sleep(const struct alloc_report *r)
{
	return r->gfp & LAB_GFP_DIRECT_RECLAIM;
}

static bool is_interrupt(const struct alloc_report *r)
{
	return r->context == REPORT_CONTEXT_SOFTIRQ || r->context == REPORT_CONTEXT_HARDIRQ;
}

/* ---- how many, and who ---- */

void explain_say_count(struct said *s, const struct alloc_report *r)
{
	if (!r->suppressed)
		return;
	say(s, "%s more failed since the last report and are suppressed, of all sites together.",
	    digits_of(r->suppressed).text);
}

void explain_say_who(struct said *s, const struct alloc_report *r)
{
	if (r->site[0])
		say(s, "%s", report_site_text(r).text);
	else
		say(s, "not known, the trace is missing or names nobody");
	if (r->via[0])
		say(s, ", by %s", r->via);
	if (r->cache[0])
		say(s, ", for an object of slab cache %s", r->cache);
	if (r->context != REPORT_CONTEXT_UNKNOWN)
		say(s, "; in %s context", report_context_name(r->context));
	say(s, ".");
	if (is_interrupt(r) && r->comm[0])
		say(s, " The printed task %s is a bystander: it was interrupted.", r->comm);
	else if (r->context == REPORT_CONTEXT_TASK && r->comm[0])
		say(s, " It is %s that asked.", r->comm);
	if (r->workqueue[0] && !is_interrupt(r))
		say(s, " Its work: %s.", r->workqueue);
	if (r->mixed)
		say(s, " Lines of two reports are in each other: who is which is a guess.");
}

void explain_say_rights(struct said *s, const struct alloc_report *r)
{
	switch (lab_class_of(r->gfp)) {
	case LAB_CLASS_ATOMIC:
		say(s, "It may not sleep, and may take from the reserve below min. Callers have to "
		       "cope: receive paths drop a packet and go on.");
		break;
	case LAB_CLASS_NOWAIT:
		say(s,
		    "It may not sleep and has no right below min: who asks so has a fallback, or "
		    "should.");
		break;
	case LAB_CLASS_NOLOCK:
		say(s, "It may neither sleep nor wake kswapd.");
		break;
	case LAB_CLASS_HIGH:
		say(s, "It may sleep, and may take the upper half of the reserve below min.");
		break;
	default:
		say(s, "It may sleep, and failed after reclaim was tried or was not allowed.");
	}
	if (r->gfp & LAB_GFP_NORETRY)
		say(s, " __GFP_NORETRY: it asked not to be tried hard.");
	if (r->gfp & LAB_GFP_NOMEMALLOC)
		say(s, " __GFP_NOMEMALLOC closes the deepest reserve to it.");
	if (may_sleep(r) && strncmp(r->comm, "kswapd", 6) == 0 && !is_interrupt(r))
		say(s, " kswapd cannot reclaim from within reclaim: it fails at once.");
	if (may_sleep(r) && r->order > 3)
		say(s, " Beyond order 3 the kernel gives up early: kvmalloc() falls back.");
}

/* ---- why ---- */

void explain_say_why(struct said *s, const struct alloc_report *r)
{
	char why[1024];

	explain_why(r, why, sizeof(why));
	say(s, "%s.", why);
	if (r->verdict == REPORT_NONE)
		return;
	if (r->nearest.known && r->nearest.trial.boost)
		say(s, " min holds a boost of %s pages, which counts for it.",
		    digits_of(r->nearest.trial.boost).text);
	if (r->age_us > 0)
		say(s, " The numbers are %s us younger than the test.",
		    digits_of((__u64)r->age_us).text);
	else if (r->age_us < 0)
		say(s, " How much younger than the test the numbers are is not known.");
	if (r->rules_differ)
		say(s,
		    " The release does not say whether this kernel has the reworked reserves of "
		    "6.3 (5.15.171, 6.1.116): by those it would be %s.",
		    report_verdict_name(r->other_verdict));
}

static void say_closed(struct said *s, const struct alloc_report *r)
{
	const struct report_zone *z = r->nearest.zone;

	if (!r->nearest.known)
		return;
	if (z->free_cma && !r->nearest.trial.rights.cma)
		say(s, " %s kB of %s are CMA, for movable memory only.",
		    digits_of(kb(r, z->free_cma)).text, z->name);
	if (z->highatomic && !r->nearest.trial.rights.takes_reserve)
		say(s, " Blocks marked (H) in %s are reserved for larger urgent requests.",
		    z->name);
	if (z->free_pcp)
		say(s,
		    " %s kB lie on per-cpu lists, %s kB on that of the cpu: the test does not "
		    "count them.",
		    digits_of(kb(r, z->free_pcp)).text, digits_of(kb(r, z->local_pcp)).text);
}

void explain_say_free(struct said *s, const struct alloc_report *r)
{
	__u64 free = 0, file = 0;
	bool held = false;

	if (r->verdict == REPORT_NONE)
		return;
	for (unsigned int i = 0; i < r->zones; i++) {
		free += r->zone[i].free;
		file += r->zone[i].file;
		held |= r->zone[i].has_free && r->zone[i].reserves > 1 &&
			r->zone[i].lowmem_reserve[r->zone[i].reserves - 1] > r->zone[i].free;
	}
	say(s, "%s kB are free in %s", digits_of(kb(r, free)).text,
	    r->closed_zone.known && r->closed_zone.zone == &r->above ? "the zones printed"
								     : "all zones");
	if (file)
		say(s, " and %s kB are page cache", digits_of(kb(r, file)).text);
	say(s, ".");
	if (file && !may_sleep(r))
		say(s, " Cache is not free to a request that may not sleep: taking it back is "
		       "waiting.");
	if (held)
		say(s, " Lower zones hold back more than they have for those that need them "
		       "(lowmem reserve).");
	say_closed(s, r);
}

/* ---- what helps ---- */

/* Eighths of min that its rights open to it. */
static __u32 share_of(const struct trial *t)
{
	if (t->rights.high)
		return t->rights.harder ? 5 : 4;
	return t->rights.harder_alone ? 2 : 0;
}

/* The part of the floor that is the boost's. */
static __u64 boost_part(const struct trial *t)
{
	return t->mark ? t->floor * t->boost / t->mark : 0;
}

static void say_min_free(struct said *s, const struct alloc_report *r)
{
	const struct trial *t = &r->nearest.trial;
	struct advice_machine m = {.page_bytes = r->page_kb * 1024ULL};
	struct advice_run run = {
		.requests = 1,
		.pages = 1ULL << r->order,
		.need = (__u64)(1 - t->margin),
		.min = alloc_verdict_base_min(r, r->nearest.zone),
		.share = share_of(t),
	};
	__u64 now, target;

	if (r->rules.boost_always && t->margin + (__s64)boost_part(t) > 0) {
		say(s, "Without the boost it passes: vm.watermark_boost_factor=0 covers it.");
		return;
	}
	for (unsigned int i = 0; i < r->zones; i++)
		m.managed_pages += r->zone[i].managed;
	m.min_free_kbytes = alloc_verdict_min_free_kb(r);
	target = advice_min_free_kbytes(&run, &m, &now);
	if (!run.share) {
		say(s, "Not vm.min_free_kbytes: its mark is min itself, which that raises.");
		return;
	}
	if (!target) {
		say(s, "No sane vm.min_free_kbytes would have covered it.");
		return;
	}
	say(s,
	    "vm.min_free_kbytes of %llu (now about %llu, by the marks) would have covered this "
	    "request.",
	    (unsigned long long)target, (unsigned long long)now);
	if (!r->suppressed)
		return;
	run.need += r->suppressed << r->order;
	run.requests += r->suppressed;
	target = advice_min_free_kbytes(&run, &m, &now);
	if (target)
		say(s, " With all %s suppressed ones, had they come at once: %llu.",
		    digits_of(r->suppressed).text, (unsigned long long)target);
}

static void say_reserved(struct said *s, const struct alloc_report *r)
{
	say(s, "Not vm.min_free_kbytes: memory was free, and closed to it.");
	if (r->nearest.zone->free_cma > r->nearest.zone->free / 2)
		say(s, " A smaller CMA area (cma=) leaves more to all.");
	else if (lab_class_of(r->gfp) == LAB_CLASS_NOWAIT)
		say(s, " GFP_ATOMIC where it must not fail.");
}

static void say_fragmented(struct said *s, const struct alloc_report *r)
{
	__u32 usable = r->nearest.known ? r->nearest.trial.usable : 0;
	int largest = usable ? 31 - __builtin_clz(usable) : -1;

	say(s, "Not vm.min_free_kbytes: pages were there, in smaller blocks.");
	if (largest >= 0 && (unsigned int)largest < r->order)
		say(s,
		    " The largest free block it may use is of order %d: a caller that falls back "
		    "to that is served.",
		    largest);
	if (may_sleep(r))
		say(s, " Where virtual memory will do, kvmalloc().");
}

void explain_say_help(struct said *s, const struct alloc_report *r)
{
	switch (r->verdict) {
	case REPORT_EXHAUSTED:
	case REPORT_WITHIN:
		if (r->nearest.known)
			say_min_free(s, r);
		break;
	case REPORT_RESERVED:
		say_reserved(s, r);
		break;
	case REPORT_FRAGMENTED:
		say_fragmented(s, r);
		break;
	case REPORT_CONSTRAINED:
		say(s, "Not vm.min_free_kbytes: what is closed to it by %s has memory.",
		    r->closed_zone.closed);
		break;
	default:
		break;
	}
}

/* ---- the kernel ---- */

static bool is_boosted(const struct alloc_report *r)
{
	for (unsigned int i = 0; i < r->zones; i++)
		if (alloc_verdict_base_min(r, &r->zone[i]) < r->zone[i].min)
			return true;
	return false;
}

static bool between(const struct alloc_report *r, unsigned int a, unsigned int b, unsigned int c,
		    unsigned int d)
{
	return release_since(&r->kernel, a, b) && !release_since(&r->kernel, c, d);
}

void explain_say_kernel(struct said *s, const struct alloc_report *r)
{
	const struct kernel_release *k = &r->kernel;

	if (r->release[0])
		say(s, "%s.", r->release);
	else
		say(s, "The release is lost: taken for %u.%u or later by the mask and the fields.",
		    k->major, k->minor);
	if (between(r, 5, 0, 5, 9) && is_boosted(r))
		say(s, " Up to 5.8 a boosted min counts for order 0 too: "
		       "vm.watermark_boost_factor=0 is a cure, 5.9 mended it.");
	if (k->major == 5 && k->minor == 0 && k->patch_known && k->patch >= 4 && k->patch <= 10)
		say(s, " 5.0.4 to 5.0.10 refused GFP_NOWAIT with memory free.");
	if (between(r, 4, 19, 5, 0))
		say(s, " 4.19 prints the memory state once a second at most.");
	if (between(r, 4, 4, 4, 10) && !r->zones)
		say(s, " Up to 4.9 the memory state is left out in interrupts on large machines.");
	if (release_since(k, 5, 4))
		say(s, " It reports one failure in 10 s at most.");
	if (r->verdict == REPORT_RESERVED && !r->order && !r->rules.reserve_for_order_0 &&
	    lab_class_of(r->gfp) == LAB_CLASS_ATOMIC)
		say(s, " Since 6.6.60, 6.11.7 and 6.12 (5.15.171, 6.1.116) order 0 may take "
		       "reserved blocks as a last resort.");
}

/* ---- what is not known, and the paragraph ---- */

void explain_say_unknown(struct said *s, const struct alloc_report *r)
{
	if (r->verdict == REPORT_NONE && !r->vmalloc)
		say(s,
		    "Why: the lines from Mem-Info on are missing here; `dmesg` or `journalctl -k` "
		    "of the same second may have them. ");
	if (r->unjudged && r->verdict != REPORT_NONE)
		say(s, "%u zone%s, of which too much is lost. ", r->unjudged,
		    r->unjudged == 1 ? "" : "s");
	if (r->gfp & LAB_GFP_THISNODE && r->nearest.known && report_has_many_nodes(r))
		say(s, "Which node it asked (__GFP_THISNODE): one that refuses it. ");
	if (r->nearest.known && r->nearest.zone->boost_unknown)
		say(s, "min may hold a boost, which this kernel does not print. ");
	if (r->lines_lost)
		say(s, "Lines that the kernel dropped. ");
	say(s, "What became of it, how often it fails in silence, and which it is next time: "
	       "`labyrinth why` on the machine.");
}

void explain_say_paste(struct said *s, const struct alloc_report *r)
{
	char why[1024];

	explain_why(r, why, sizeof(why));
	say(s, "Kernel %s: order-%u %s (%s) from %s in %s context failed: %s. %s.",
	    r->release[0] ? r->release : "(unknown)", r->order, r->gfp_names, report_class_name(r),
	    r->site[0] ? report_site_text(r).text : "(unknown)", report_context_name(r->context),
	    explain_verdict_word(r), why);
	if (r->suppressed)
		say(s, " %s more were suppressed before it.", digits_of(r->suppressed).text);
}
