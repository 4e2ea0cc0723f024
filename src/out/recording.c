// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* recording.c - see recording.h. */
#include "out/recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exits.h"
#include "base/util.h"
#include "view/stat_shape.h"
#include "view/views.h"

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

/* ---- sums ---- */

__u64 row_failed(const struct row *row)
{
	return row->failed_final + row->failed_opportunistic;
}

__u64 row_below_min(const struct row *row)
{
	return row->served[LAB_LEVEL_RESERVE] + row->served[LAB_LEVEL_NONE];
}

struct row recording_rows(const struct figures *f)
{
	struct row sum = {0};
	__u64 *to = (__u64 *)&sum;

	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			const struct row *row = &f->row[c][x];
			const __u64 *from = (const __u64 *)row;
			__u64 max_ns = sum.latency.max_ns;

			for (size_t i = 0; i < sizeof(sum) / sizeof(*to); i++)
				to[i] += from[i];
			sum.latency.max_ns =
				row->latency.max_ns > max_ns ? row->latency.max_ns : max_ns;
		}
	return sum;
}

/* ---- of which machine ---- */

/* One page is of one host. */
static int take_info(struct recording *r, const struct run_info *info, struct stream_error *err)
{
	struct time_zone zone;

	/* A kernel log does not say of which machine it is. */
	if (r->begun && !info->host[0])
		return 0;
	if (r->info.host[0] && strcmp(r->info.host, info->host) != 0) {
		snprintf(err->text, sizeof(err->text),
			 "it is of host %.64s, and what was read before of %.64s: a report is of "
			 "one host",
			 info->host, r->info.host);
		return -EINVAL;
	}
	zone = r->info.time_zone;
	r->info = *info;
	/* Lines of before the time zone was recorded do not undo it. */
	if (!info->time_zone.name[0])
		r->info.time_zone = zone;
	r->begun = true;
	return 0;
}

/* The latest that is known. */
static void note_setting(struct recording *r, const struct run_head *head)
{
	if (head->min_free_kbytes)
		r->min_free_kbytes = head->min_free_kbytes;
}

/* ---- stat ---- */

static void end_run(struct recording *r)
{
	if (!r->stats)
		return;
	figures_add(&r->total, &r->run);
	r->total_ns += r->run_ns;
	r->runs++;
}

static struct recorded_zone *zone_of(struct recording *r, const struct zone_row *z)
{
	unsigned int i = 0;

	while (i < r->zones && (r->zone[i].now.node != z->node || r->zone[i].now.zone != z->zone))
		i++;
	if (i < r->zones)
		return &r->zone[i];
	if (r->zones == TIMELINE_ZONES)
		return NULL;
	r->zones++;
	r->zone[i] = (struct recorded_zone){
		.now = *z, .lowest_free = z->lowest_free, .lowest_headroom = z->lowest_headroom};
	return &r->zone[i];
}

static void take_zone(struct recording *r, struct column *c, const struct zone_row *z)
{
	struct recorded_zone *to = zone_of(r, z);

	if (!to)
		return;
	if (!to->lowest_ns || z->lowest_headroom < to->lowest_headroom) {
		to->lowest_headroom = z->lowest_headroom;
		to->lowest_ns = r->stat.head.time_ns;
	}
	if (z->lowest_free < to->lowest_free)
		to->lowest_free = z->lowest_free;
	to->now = *z;
	if (z->lowest_headroom == ZONE_CLOSED)
		return;
	to->intervals += z->lowest_headroom <= 0;
	c->lowest[to - r->zone] = z->lowest_headroom;
	c->lowest_sum[to - r->zone] = z->lowest_headroom;
}

static void take_cost(struct recording *r, struct column *c, const struct budget_report *b)
{
	struct recorded_cost *cost = &r->cost;
	__u64 ns = b->process_ns + (b->programs_known ? b->programs_ns : 0);

	if (!b->limit_ns)
		return;
	cost->reports++;
	cost->sum_ns += ns;
	cost->most_ns = ns > cost->most_ns ? ns : cost->most_ns;
	cost->last = *b;
	cost->deepest = b->step > cost->deepest ? b->step : cost->deepest;
	c->cost_ns = ns;
}

/* The interval as a column. */
static int take_interval(struct recording *r)
{
	const struct report *stat = &r->stat;
	const struct run_head *head = &stat->head;
	struct column c = column_of(head->time_ns - head->interval_ns, head->time_ns);
	struct row sum = recording_rows(&stat->interval);

	c.latency = malloc(sizeof(*c.latency));
	if (!c.latency)
		return -ENOMEM;
	*c.latency = sum.latency;
	c.sum[TIMELINE_REQUESTS] = sum.requests;
	c.sum[TIMELINE_BELOW_LOW] = sum.served[LAB_LEVEL_MIN];
	c.sum[TIMELINE_BELOW_MIN] = row_below_min(&sum);
	c.sum[TIMELINE_FAILED] = row_failed(&sum);
	for (unsigned int i = 0; i < stat->zones; i++)
		take_zone(r, &c, &stat->zone[i]);
	r->zones_seen = stat->zones > r->zones_seen ? stat->zones : r->zones_seen;
	take_cost(r, &c, &head->budget);
	return timeline_add(&r->time, &c);
}

static int take_stat(struct recording *r, struct stream_error *err)
{
	const struct run_head *head = &r->stat.head;
	int ret = take_info(r, &head->info, err);

	if (ret)
		return ret;
	if (head->sequence <= r->sequence)
		end_run(r);
	r->sequence = head->sequence;
	r->run = r->stat.total;
	r->run_ns = head->total_ns;
	r->stat_info = head->info;
	r->stats++;
	r->head = *head;
	note_setting(r, head);
	if (!head->interval_ns || !head->time_ns)
		return 0;
	if (!take_interval(r))
		return 0;
	snprintf(err->text, sizeof(err->text), "out of memory");
	return -EINVAL;
}

/* ---- why and flags ---- */

/* When the failures were, as near as a report of why tells it: events tell more. */
static int take_lost(struct recording *r)
{
	const struct run_head *head = &r->why.head;
	struct column c = column_of(head->time_ns - head->interval_ns, head->time_ns);
	const struct why_figures sum = why_list_sum(&r->why.interval);

	if (r->events || !head->interval_ns || !head->time_ns)
		return 0;
	c.sum[TIMELINE_LOST] = sum.lost;
	c.sum[TIMELINE_FAILED] = sum.failed;
	return timeline_add(&r->lost_time, &c);
}

static int parse_why(struct recording *r, const char *line, size_t len, struct stream_error *err)
{
	int ret = view_why.parse(line, len, &r->why, err);

	ret = ret ?: take_info(r, &r->why.head.info, err);
	if (ret)
		return ret;
	r->whys++;
	r->head = r->why.head;
	note_setting(r, &r->head);
	if (!take_lost(r))
		return 0;
	snprintf(err->text, sizeof(err->text), "out of memory");
	return -EINVAL;
}

static int parse_flags(struct recording *r, const char *line, size_t len, struct stream_error *err)
{
	int ret = view_flags.parse(line, len, &r->flags, err);

	ret = ret ?: take_info(r, &r->flags.head.info, err);
	if (ret)
		return ret;
	r->flagses++;
	r->head = r->flags.head;
	note_setting(r, &r->head);
	return 0;
}

/* The writer puts it first; of a line that another wrote it need not be found. */
static bool begins(const char *line, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && memcmp(line, with, n) == 0;
}

static int parse(const char *line, size_t len, void *report, struct stream_error *err)
{
	struct recording *r = report;
	int ret;

	/* Most lines; the view of each is known to its own reader. */
	if (begins(line, len, "{\"type\":\"event\"")) {
		err->view = view_events.name;
		return -ENOMSG;
	}
	ret = stream_parse(line, len, &r->stat, err);
	if (ret == 0)
		return take_stat(r, err);
	if (ret != -ENOMSG || !err->view)
		return ret;
	if (strcmp(err->view, view_why.name) == 0)
		return parse_why(r, line, len, err);
	if (strcmp(err->view, view_flags.name) == 0)
		return parse_flags(r, line, len, err);
	return ret;
}

/* ---- events ---- */

static int note_time(struct recording *r, const struct event *e)
{
	bool lost = e->aftermath == AFTERMATH_LOST;
	const __u64 count[TIMELINE_COUNTS] = {[TIMELINE_FAILED] = 1, [TIMELINE_LOST] = lost};

	if (lost && (!r->first_lost_ns || e->time_ns < r->first_lost_ns))
		r->first_lost_ns = e->time_ns;
	if (lost && e->time_ns > r->last_lost_ns)
		r->last_lost_ns = e->time_ns;
	return timeline_count(&r->lost_time, e->time_ns, count) ? no_memory() : 0;
}

static int take_event(void *report, const struct event *e)
{
	struct recording *r = report;

	if (!r->events++) /* they tell more than reports did */
		timeline_free(&r->lost_time);
	if (e->raw.head.kind == LAB_EVENT_FAILED && e->time_ns && note_time(r, e))
		return FAIL(LAB_EXIT_RUNTIME);
	lacks_add(&r->lacks, e);
	return view_why.event(&r->told, e);
}

static void take_sample(void *report, __u32 every)
{
	struct recording *r = report;

	view_why.sampled(&r->told, every);
}

/* Of a file: several may have been read before. */
static void take_summary(void *report, const struct event_summary *s)
{
	struct recording *r = report;
	bool first = !r->summaries++;

	event_summary_join(&r->sum, s);
	r->sum.head.info = s->head.info;
	r->sum.head.final = s->head.final && (first || r->sum.head.final);
	r->sum.counted = s->counted && (first || r->sum.counted);
	r->sum.head.budget = s->head.budget;
	r->sum.head.min_free_kbytes = s->head.min_free_kbytes ?: r->sum.head.min_free_kbytes;
	note_setting(r, &s->head);
	r->event_info = s->head.info;
}

/* The replay gives the report of a file's events, which is of no use by itself. */
static int fill(void *report)
{
	struct recording *r = report;
	struct stream_error err = {.text = ""};

	if (take_info(r, &r->event_info, &err))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "%s", err.text);
	return 0;
}

static int put_together(struct recording *r)
{
	if (!r->summaries)
		return 0;
	r->told.head = r->sum.head;
	r->told.head.sequence = 1;
	r->told.head.final = true;
	if (!r->sum.head.final)
		r->told.head.total_ns = 0;
	view_why.summary(&r->told, &r->sum);
	return view_why.fill(&r->told);
}

int recording_finish(struct recording *r)
{
	end_run(r);
	timeline_sort(&r->time);
	timeline_sort(&r->lost_time);
	if (r->time.columns)
		timeline_join(&r->time, &r->lost_time, TIMELINE_LOST);
	timeline_rates(&r->lost_time, TIMELINE_LOST);
	timeline_rates(&r->lost_time, TIMELINE_FAILED);
	return put_together(r);
}

static void drop(void *report)
{
	struct recording *r = report;

	timeline_free(&r->time);
	timeline_free(&r->lost_time);
	view_why.drop(&r->told);
	view_why.drop(&r->why);
	view_flags.drop(&r->flags);
}

/* ---- what is known ---- */

const struct why_report *recording_sites(const struct recording *r)
{
	if (r->whys)
		return &r->why;
	return r->summaries ? &r->told : NULL;
}

struct why_figures recording_failures(const struct recording *r)
{
	const struct why_report *sites = recording_sites(r);

	return sites ? why_list_sum(&sites->total) : (struct why_figures){0};
}

const struct view view_recording = {
	.name = "report",
	.help = "one HTML page of recordings: what happened, when, to whom and why",
	.nothing = "no report and no event",
	.recorded_by = "--json",
	.size = sizeof(struct recording),
	.takes_logs = true,
	.event = take_event,
	.sampled = take_sample,
	.summary = take_summary,
	.fill = fill,
	.parse = parse,
	.drop = drop,
};
