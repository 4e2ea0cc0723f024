// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_verdict.c - see page_verdict.h. */
#include "out/page_verdict.h"

#include <inttypes.h>
#include <string.h>

#include "out/page_reserve.h"
#include "base/util.h"

#define SECOND 1000000000ULL

/* What the sentences are made of. */
struct facts {
	const struct recording *r;
	const struct why_report *sites; /* NULL: no stream tells */
	struct why_figures why;
	struct row sum; /* of stat */
	__u64 failed;
	bool at_least; /* more may be lost */
};

static struct facts facts_of(const struct recording *r)
{
	struct facts f = {
		.r = r,
		.sites = recording_sites(r),
		.why = recording_failures(r),
		.sum = recording_rows(&r->total),
	};

	f.failed = r->stats ? row_failed(&f.sum) : f.why.failed;
	f.at_least = f.sites && why_at_least(f.sites, &f.why);
	return f;
}

static __u64 below_min(const struct facts *f)
{
	return f->r->stats ? row_below_min(&f->sum) : f->why.below_min;
}

const struct recorded_zone *page_lowest_zone(const struct recording *r)
{
	const struct recorded_zone *lowest = NULL;

	for (unsigned int i = 0; i < r->zones; i++) {
		const struct recorded_zone *z = &r->zone[i];

		if (z->lowest_headroom == ZONE_CLOSED)
			continue;
		if (!lowest || z->lowest_headroom < lowest->lowest_headroom)
			lowest = z;
	}
	return lowest;
}

static bool below_floor(const struct recording *r)
{
	const struct recorded_zone *z = page_lowest_zone(r);

	return z && z->lowest_headroom <= 0;
}

static enum page_state state_of(const struct facts *f)
{
	if (f->why.lost)
		return PAGE_LOST;
	if (f->failed || f->why.failed)
		return PAGE_FAILED;
	return below_min(f) || below_floor(f->r) ? PAGE_NEAR : PAGE_FINE;
}

enum page_state page_state_of(const struct recording *r)
{
	const struct facts f = facts_of(r);

	return state_of(&f);
}

bool page_complete(const struct recording *r)
{
	const struct why_figures why = recording_failures(r);
	const struct why_report *sites = recording_sites(r);

	if (r->stats && !audit_complete(&r->total.audit))
		return false;
	return !sites || run_head_complete(&sites->head, why.not_followed);
}

/* ---- when ---- */

/* Not the same name twice on a page of one day. */
static struct cell day_and_clock(const struct html *h, const struct facts *f, __u64 time_ns)
{
	const struct timeline *t = &f->r->time;
	bool one_day = t->columns &&
		       t->column[t->columns - 1].to_ns - t->column[0].from_ns < 86400 * SECOND;

	return one_day ? cell_clock(h, time_ns) : cell_date(h, time_ns);
}

static void put_when(struct html *h, const struct facts *f)
{
	__u64 from = f->r->first_lost_ns, to = f->r->last_lost_ns;

	if (!from) {
		html_put(h, "Callers");
		return;
	}
	if (to < from + SECOND)
		html_put(h, "At %s %s callers", day_and_clock(h, f, from).text,
			 cell_zone(h, from).text);
	else
		html_put(h, "From %s to %s %s, for %s, callers", day_and_clock(h, f, from).text,
			 day_and_clock(h, f, to).text, cell_zone(h, from).text,
			 cell_duration(to - from).text);
}

/* ---- who ---- */

static const char *plural(__u64 n)
{
	return n == 1 ? "" : "s";
}

static void put_site(struct html *h, const struct why_site *s)
{
	html_put(h, " in <span class=\"mono\">%s</span>", s->site[0] ? s->site : "a site unknown");
	if (s->driver[0] == '[')
		html_put(h, " of %s", s->driver);
	else if (s->driver[0])
		html_put(h, " of the driver %s", s->driver);
	if (s->has_example && context_name(s->example.context))
		html_put(h, ", in %s", context_name(s->example.context));
}

static void put_lost(struct html *h, const struct facts *f)
{
	const struct why_site *s = f->sites->total.sites ? &f->sites->total.site[0] : NULL;

	put_when(h, f);
	html_put(h,
		 " that could not wait asked for memory and went without: %s%" PRIu64
		 " request%s %s lost",
		 f->at_least ? "at least " : "", (uint64_t)f->why.lost, plural(f->why.lost),
		 f->why.lost == 1 ? "was" : "were");
	if (s && s->count.lost) {
		if (s->count.lost == f->why.lost)
			html_put(h, f->why.lost == 1 ? "," : ", all of them");
		else
			html_put(h, ", %" PRIu64 " of them", (uint64_t)s->count.lost);
		put_site(h, s);
	}
	html_put(h, ". ");
	if (s && s->has_example && s->example.evidence[0])
		html_put(h, "The zones, when one of these failed: %s. ", s->example.evidence);
}

static void put_dmesg(struct html *h, const struct facts *f)
{
	__u64 told = why_told(&f->why), shown = f->why.printed[PRINTED_YES];

	if (told)
		html_put(h, "dmesg showed %s of the %" PRIu64 " failure%s%s. ",
			 shown ? cell_count(true, shown).text : "none", (uint64_t)told,
			 plural(told),
			 told < f->why.failed ? " that were reported one by one" : "");
}

static void put_failed(struct html *h, const struct facts *f)
{
	html_put(h, "%" PRIu64 " of %s requests failed. ", (uint64_t)f->failed,
		 f->r->stats ? cell_count(true, f->sum.requests).text : "the");
	if (!f->sites)
		html_put(h, "Whether a caller went without this recording does not tell: "
			    "<code>labyrinth why</code> and <code>labyrinth events</code> do. ");
	else if (f->at_least || f->why.pending)
		html_put(h, "Of those whose callers were followed none was lost. ");
	else
		html_put(h, "None was lost: each caller tried again, or took less. ");
}

/* ---- pressure around it ---- */

/* Latencies within the episodes, and outside of them. */
struct two_times {
	struct hist trouble, calm;
};

static void split_times(const struct timeline *t, const struct episode *e, unsigned int n,
			struct two_times *both)
{
	unsigned int k = 0;

	for (unsigned int i = 0; i < t->columns; i++) {
		while (k < n && i > e[k].last)
			k++;
		if (t->column[i].latency)
			hist_add(k < n && i >= e[k].first ? &both->trouble : &both->calm,
				 t->column[i].latency);
	}
}

static void put_built_up(struct html *h, const struct facts *f, const struct episode *e)
{
	__u64 from = f->r->time.column[e->first].from_ns, lost = f->r->first_lost_ns;

	if (lost > from && lost - from >= SECOND && lost < f->r->time.column[e->last].to_ns)
		html_put(h,
			 "Pressure had built up for %s before, visible as requests served below "
			 "min. ",
			 cell_duration(lost - from).text);
}

static void put_slower(struct html *h, const struct facts *f, const struct episode *e,
		       unsigned int n)
{
	_cleanup_(freep) struct two_times *both = calloc(1, sizeof(*both));
	__u64 trouble, calm;

	if (!both)
		return;
	split_times(&f->r->time, e, n, both);
	trouble = hist_quantile_ns(&both->trouble, 990);
	calm = hist_quantile_ns(&both->calm, 990);
	if (calm && trouble > calm)
		html_put(h, "Meanwhile 99 in 100 requests took up to %s instead of %s. ",
			 cell_ns(true, trouble).text, cell_ns(true, calm).text);
}

static void put_pressure(struct html *h, const struct facts *f)
{
	struct episode e[26];
	unsigned int n = timeline_episodes(&f->r->time, e, ARRAY_SIZE(e));

	n = n < ARRAY_SIZE(e) ? n : ARRAY_SIZE(e);
	if (!n)
		return;
	put_built_up(h, f, &e[0]);
	put_slower(h, f, e, n);
}

/* ---- nothing lost ---- */

static void put_headroom(struct html *h, const struct facts *f)
{
	const struct recorded_zone *z = page_lowest_zone(f->r);

	if (z)
		html_put(
			h,
			"The zone nearest to a failure was %u/%s with %s page%s (%s) of headroom. ",
			z->now.node, z->now.name, cell_signed(z->lowest_headroom).text,
			z->lowest_headroom == 1 ? "" : "s",
			cell_pages(z->lowest_headroom, run_page_bytes(&f->r->info)).text);
}

static void put_served(struct html *h, const struct facts *f)
{
	const struct hist *l = &f->sum.latency;

	if (!f->r->stats) {
		html_put(h, "No request failed. ");
		return;
	}
	html_put(h, "In %s all of %" PRIu64 " requests were served",
		 cell_duration(f->r->total_ns).text, (uint64_t)f->sum.requests);
	if (below_min(f))
		html_put(h, ", but %" PRIu64 " of them below min, out of the reserve",
			 (uint64_t)below_min(f));
	else
		html_put(h, ", none below min");
	if (hist_count(l))
		html_put(h, "; half took no longer than %s, the longest %s",
			 cell_ns(true, hist_quantile_ns(l, 500)).text,
			 cell_ns(true, l->max_ns).text);
	html_put(h, ". ");
}

/* ---- the paragraph ---- */

static void put_audit(struct html *h, const struct facts *f)
{
	if (page_complete(f->r))
		html_put(h, "Nothing went unseen.");
	else
		html_put(h, "Not complete: <a href=\"#seen\">what was not seen</a>.");
}

static void put_sentences(struct html *h, const struct facts *f, enum page_state state)
{
	switch (state) {
	case PAGE_LOST:
		put_lost(h, f);
		put_dmesg(h, f);
		put_pressure(h, f);
		page_reserve_sentence(h, f->r);
		break;
	case PAGE_FAILED:
		put_failed(h, f);
		put_dmesg(h, f);
		put_pressure(h, f);
		break;
	default:
		put_served(h, f);
		put_headroom(h, f);
	}
	put_audit(h, f);
}

/* ---- the figures ---- */

static void put_key(struct html *h, const char *name, const char *value, const char *small)
{
	html_put(h, "<div><dt>%s</dt><dd>%s<small>%s</small></dd></div>", name, value, small);
}

static void put_request_keys(struct html *h, const struct facts *f)
{
	double seconds = (double)f->r->total_ns / 1e9;
	char small[80] = "";

	if (!f->r->stats)
		return;
	if (seconds > 0)
		snprintf(small, sizeof(small), "%.0f a second", (double)f->sum.requests / seconds);
	put_key(h, "requests", cell_count(true, f->sum.requests).text, small);
	snprintf(small, sizeof(small), "%s of all",
		 cell_percent(f->sum.requests ? (double)below_min(f) / (double)f->sum.requests : 0)
			 .text);
	put_key(h, "served below min", cell_count(true, below_min(f)).text, small);
}

static void put_failure_keys(struct html *h, const struct facts *f)
{
	struct cell small = {""};

	if (f->r->stats && f->failed)
		snprintf(small.text, sizeof(small.text), "1 in %.0f",
			 (double)f->sum.requests / (double)f->failed);
	put_key(h, "failed", cell_count(true, f->failed).text, small.text);
	if (!f->sites) {
		put_key(h, "lost", "–", "not recorded");
		return;
	}
	snprintf(small.text, sizeof(small.text), "%s%" PRIu64 " in dmesg",
		 f->at_least ? "at least; " : "", (uint64_t)f->why.printed[PRINTED_YES]);
	put_key(h, "lost", cell_count(true, f->why.lost).text, small.text);
}

static void put_zone_key(struct html *h, const struct facts *f)
{
	const struct recorded_zone *z = page_lowest_zone(f->r);
	char small[96];

	if (!z)
		return;
	snprintf(small, sizeof(small), "pages, %u/%s at %s", z->now.node, z->now.name,
		 cell_clock(h, z->lowest_ns).text);
	put_key(h, "lowest headroom", cell_signed(z->lowest_headroom).text, small);
}

static void put_latency_key(struct html *h, const struct facts *f)
{
	const struct hist *l = &f->sum.latency;
	char small[80];

	if (!hist_count(l))
		return;
	snprintf(small, sizeof(small), "p99 %s", cell_ns(true, hist_quantile_ns(l, 990)).text);
	put_key(h, "longest", cell_ns(true, l->max_ns).text, small);
}

static void put_keys(struct html *h, const struct facts *f)
{
	bool complete = page_complete(f->r);

	html_put(h, "<dl class=\"keys\">");
	put_request_keys(h, f);
	put_failure_keys(h, f);
	put_zone_key(h, f);
	put_latency_key(h, f);
	put_key(h, "audit", complete ? "complete" : "not complete",
		complete ? "nothing unseen" : "see below");
	html_put(h, "</dl>\n");
}

void page_verdict(struct html *h, const struct recording *r)
{
	static const struct {
		const char *class, *word;
	} words[] = {
		[PAGE_FINE] = {"fine", "✔ No trouble."},
		[PAGE_NEAR] = {"near", "▲ Near a failure."},
		[PAGE_FAILED] = {"fail", "✖ Requests failed."},
		[PAGE_LOST] = {"lost", "✖ Requests were lost."},
	};
	const struct facts f = facts_of(r);
	enum page_state state = state_of(&f);

	html_put(h,
		 "<div class=\"top2\"><div class=\"verdict %s\"><p><span class=\"word\">%s</span> ",
		 words[state].class, words[state].word);
	put_sentences(h, &f, state);
	html_put(h, "</p></div>\n");
	put_keys(h, &f);
	html_put(h, "</div>\n");
}
