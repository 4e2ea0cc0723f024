// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stat_text.c - a report for people, as wide as the page:
 *
 *	2026-11-21 03:26:35   interval 1.000 s                      (-T; the last report: final)
 *	rows, exclusive, latency, failures, zones, bulk
 *	audit: seen 4711, missed 0, unpaired 0, dropped 0: complete
 *
 * The table of class and context:
 *
 *	                             failed:             latency:     served at level:
 *	class    context   requests  final    opp    p50    p99    max    min reserve  none
 *	atomic   softirq     123456      3     12  350ns 1.20us 14.5us     40       1     0
 *
 * Nothing here depends on how the report came: a replay prints what the live run printed.
 */
#include "view/stat_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "model/figures.h"
#include "view/fold.h"
#include "view/page.h"
#include "view/show.h"
#include "view/stat_shape.h"

/* What one block prints: the figures of the interval or since start, and what may be in them. */
struct text_part {
	FILE *f;
	const struct show *show;
	const struct report *report;
	const struct figures *fig;
	bool leveled; /* of what was served some has a level, or nothing was */
};

/* ---- rows ---- */

enum column_kind { ALWAYS, TIMED, LEVELED, WIDE };

/*
 * The columns of a row. Those of a kind that nothing is known of are left out. So is, where the
 * page is too narrow for all, what was served above the low mark: nothing is wrong with it, and it
 * is what the other columns leave of the requests.
 */
static const struct column {
	const char *name;
	int width, wide; /* to the left: negative; of a page that has room for all */
	enum column_kind kind;
	const char *group; /* over this and the columns before it */
} column[] = {
	{"class", -8, -8, ALWAYS, NULL},   {"context", -7, -7, ALWAYS, NULL},
	{"requests", 9, 10, ALWAYS, NULL}, {"final", 6, 7, ALWAYS, NULL},
	{"opp", 5, 7, ALWAYS, "failed:"},  {"p50", 6, 6, TIMED, NULL},
	{"p99", 6, 6, TIMED, NULL},	   {"max", 6, 6, TIMED, "latency:"},
	{"low", 10, 10, WIDE, NULL},	   {"min", 6, 8, LEVELED, NULL},
	{"reserve", 7, 7, LEVELED, NULL},  {"none", 4, 6, LEVELED, "served at level:"},
};

#define COLUMNS ARRAY_SIZE(column)
#define WIDE_COLUMNS 99

static bool shows_column(const struct text_part *p, unsigned int i)
{
	switch (column[i].kind) {
	case TIMED:
		return p->report->head.info.has_latency;
	case LEVELED:
		return p->leveled;
	case WIDE:
		return p->leveled && show_columns(p->show) >= WIDE_COLUMNS;
	default:
		return true;
	}
}

static int column_width(const struct text_part *p, unsigned int i)
{
	return show_columns(p->show) >= WIDE_COLUMNS ? column[i].wide : column[i].width;
}

static void print_cells(const struct text_part *p, const char *const cell[COLUMNS])
{
	int over = 0; /* columns that numbers took of those behind them */

	for (unsigned int i = 0; i < COLUMNS; i++) {
		int width = column_width(p, i), len = (int)strlen(cell[i]);

		if (!shows_column(p, i))
			continue;
		fprintf(p->f, "%s%*s", i ? " " : "", width > over ? width - over : width, cell[i]);
		over += len - abs(width);
		over = over > 0 ? over : 0;
	}
	fputc('\n', p->f);
}

/* What groups of columns have in common stands over their right end. */
static void print_header(const struct text_part *p)
{
	const char *name[COLUMNS];
	int width = 0;

	for (unsigned int i = 0; i < COLUMNS; i++) {
		name[i] = column[i].name;
		if (!shows_column(p, i))
			continue;
		width += abs(column_width(p, i)) + (i > 0);
		if (column[i].group) {
			fprintf(p->f, "%*s", width, column[i].group);
			width = 0;
		}
	}
	fputc('\n', p->f);
	print_cells(p, name);
}

/* What the rows say besides their columns. */
struct rest {
	__u64 no_outcome, served_unknown, silent, alone, bh_off, preempt_off;
};

static void rest_add(struct rest *rest, const struct row *row)
{
	rest->no_outcome += row->no_outcome;
	rest->served_unknown += row->served[LAB_LEVEL_UNKNOWN];
	rest->silent += row->failed_silent;
	rest->alone += row->alone;
	rest->bh_off += row->bh_off;
	rest->preempt_off += row->preempt_off;
}

/* Served requests whose level is known. */
static __u64 served_known(const struct row *row)
{
	__u64 n = 0;

	for (unsigned int i = 0; i < LAB_LEVEL_UNKNOWN; i++)
		n += row->served[i];
	return n;
}

static void print_row(const struct text_part *p, unsigned int class, unsigned int context)
{
	const struct row *row = &p->fig->row[class][context];
	bool timed = p->report->head.info.has_latency && hist_count(&row->latency) > 0;
	bool leveled = row->served[LAB_LEVEL_UNKNOWN] == 0 || served_known(row) > 0;
	char cell[10][TEXT_CELL];

	print_cells(p, (const char *const[COLUMNS]){
			       class_name(class), context_name(context),
			       text_count(cell[0], true, row->requests),
			       text_count(cell[1], true, row->failed_final),
			       text_count(cell[2], true, row->failed_opportunistic),
			       text_ns(cell[3], timed, hist_quantile_ns(&row->latency, 500)),
			       text_ns(cell[4], timed, hist_quantile_ns(&row->latency, 990)),
			       text_ns(cell[5], timed, row->latency.max_ns),
			       text_count(cell[6], leveled, row->served[LAB_LEVEL_LOW]),
			       text_count(cell[7], leveled, row->served[LAB_LEVEL_MIN]),
			       text_count(cell[8], leveled, row->served[LAB_LEVEL_RESERVE]),
			       text_count(cell[9], leveled, row->served[LAB_LEVEL_NONE])});
}

static void print_rest(const struct text_part *p, const struct rest *rest)
{
	bool listed = false;

	if (rest->bh_off || rest->preempt_off) {
		fputs("in task context: ", p->f);
		listed = text_item(p->f, false, "bottom halves off", rest->bh_off);
		text_item(p->f, listed, "preemption off", rest->preempt_off);
		fputc('\n', p->f);
	}
	if (!rest->no_outcome && !rest->served_unknown && !rest->silent)
		return;
	fputs("also: ", p->f);
	listed = text_item(p->f, false, "outcome unknown", rest->no_outcome);
	listed = text_item(p->f, listed, "served, level unknown", rest->served_unknown);
	text_item(p->f, listed, "failed without a tracepoint", rest->silent);
	fputc('\n', p->f);
}

/* Is the level of anything known that is shown? Where nothing was served nothing is unknown. */
static bool is_leveled(const struct text_part *p)
{
	__u64 known = 0, unknown = 0;

	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			if (stat_wants_row(p->show, c, &p->fig->row[c][x])) {
				known += served_known(&p->fig->row[c][x]);
				unknown += p->fig->row[c][x].served[LAB_LEVEL_UNKNOWN];
			}
	return known || !unknown;
}

static void text_rows(const struct text_part *p)
{
	struct rest rest = {0};
	bool any = false;

	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			const struct row *row = &p->fig->row[c][x];

			if (!stat_wants_row(p->show, c, row))
				continue;
			if (!any)
				print_header(p);
			any = true;
			print_row(p, c, x);
			rest_add(&rest, row);
		}
	}
	if (!any)
		fputs(p->show->failures_only ? "no rows with failures\n" : "no requests\n", p->f);
	print_rest(p, &rest);
}

/* What is not known is left out: "missing:" says it once. */
static void text_exclusive(const struct text_part *p)
{
	const struct run_info *info = &p->report->head.info;
	const struct exclusive *e = &p->fig->exclusive;
	long long held = stat_held_blocks(p->report);
	bool blocks = info->has_grown || held >= 0;

	if (!info->has_exclusive && !blocks)
		return;
	fputs("exclusive: ", p->f);
	if (info->has_exclusive)
		fprintf(p->f,
			"eligible %" PRIu64 ", hit %" PRIu64 ", miss %" PRIu64 ", leak %" PRIu64,
			(uint64_t)e->eligible, (uint64_t)e->hit, (uint64_t)e->miss,
			(uint64_t)e->leak);
	fprintf(p->f, "%s%s", info->has_exclusive && blocks ? "; " : "", blocks ? "blocks " : "");
	if (info->has_grown)
		fprintf(p->f, "grown %" PRIu64 ", shrunk %" PRIu64, (uint64_t)e->grown_blocks,
			(uint64_t)e->shrunk_blocks);
	if (held >= 0)
		fprintf(p->f, "%sheld %lld", info->has_grown ? ", " : "", held);
	fputc('\n', p->f);
}

/* ---- latency by powers of two, failures by order and level ---- */

#define BAR_COLUMN 43 /* up to its end, without the bar */
#define BAR_MOST 60

/* Lines of the latency histogram: 0 to 1 ns, 2 to 3, 4 to 7, ... and what is longer than all. */
#define LINES (LAB_LAT_MAX_BITS + 1)

static unsigned int line_of(unsigned int bucket)
{
	__u64 upper = hist_upper_ns(bucket);
	unsigned int line = 0;

	if (bucket == LAB_LAT_BUCKETS - 1)
		return LINES - 1;
	while (upper >>= 1)
		line++;
	return line;
}

/* What the page leaves. */
static int bar_width(const struct show *show)
{
	unsigned int columns = show_columns(show);

	if (columns < BAR_COLUMN + 1)
		return 1;
	return columns - BAR_COLUMN < BAR_MOST ? (int)(columns - BAR_COLUMN) : BAR_MOST;
}

static void print_bar(FILE *f, int width, __u64 n, __u64 most)
{
	/* Whatever is there shows at least one star. */
	int stars = n ? 1 + (int)((double)n / (double)most * (width - 1)) : 0;

	fputc('|', f);
	for (int i = 0; i < width; i++)
		fputc(i < stars ? '*' : ' ', f);
	fputs("|\n", f);
}

static void print_lines(FILE *f, int width, const __u64 line[LINES])
{
	unsigned int first = 0, last = LINES - 1;
	__u64 most = 0;

	while (first < LINES - 1 && line[first] == 0)
		first++;
	while (last > first && line[last] == 0)
		last--;
	for (unsigned int i = first; i <= last; i++)
		most = line[i] > most ? line[i] : most;
	fprintf(f, "%13s%-13s : %-10s distribution\n", "latency ", "ns", "count");
	for (unsigned int i = first; i <= last; i++) {
		__u64 low = i ? 1ULL << i : 0;

		fprintf(f, "%11" PRIu64 " -> ", (uint64_t)low);
		if (i == LINES - 1)
			fprintf(f, "%-11s", "longer");
		else
			fprintf(f, "%-11" PRIu64, (uint64_t)((2ULL << i) - 1));
		fprintf(f, " : %-10" PRIu64 " ", (uint64_t)line[i]);
		print_bar(f, width, line[i], most);
	}
}

static void text_latency(const struct text_part *p)
{
	__u64 line[LINES] = {0}, count = 0;
	struct hist all = {0};

	if (!p->report->head.info.has_latency)
		return;
	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			if (stat_wants_row(p->show, c, &p->fig->row[c][x]))
				hist_add(&all, &p->fig->row[c][x].latency);
		}
	}
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		line[line_of(i)] += all.bucket[i];
		count += all.bucket[i];
	}
	if (count)
		print_lines(p->f, bar_width(p->show), line);
}

static void print_order(FILE *f, unsigned int order, const __u64 level[LAB_LEVELS])
{
	char name[16];

	snprintf(name, sizeof(name), order == LAB_ORDERS - 1 ? "order %u+" : "order %u", order);
	fprintf(f, "  %-17s", name);
	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		fprintf(f, " %10" PRIu64, (uint64_t)level[i]);
	fputc('\n', f);
}

static void text_failures(const struct text_part *p)
{
	static const __u64 none[LAB_LEVELS];
	bool any = false;

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		if (memcmp(p->fig->failure[i], none, sizeof(none)) == 0)
			continue;
		if (!any) {
			fprintf(p->f, "%-19s", "failures, zone at:");
			for (unsigned int l = 0; l < LAB_LEVELS; l++)
				fprintf(p->f, " %10s", level_name(l));
			fputc('\n', p->f);
		}
		any = true;
		print_order(p->f, i, p->fig->failure[i]);
	}
	if (!any)
		fputs("no failures\n", p->f);
}

/* ---- zones: free pages, marks, and how far each is from a failure ---- */

/* "-": the zone can serve no such request at all. */
static const char *text_open(char buf[TEXT_CELL], __s64 pages)
{
	if (pages == ZONE_CLOSED)
		snprintf(buf, TEXT_CELL, "-");
	else
		snprintf(buf, TEXT_CELL, "%" PRId64, (int64_t)pages);
	return buf;
}

static void print_zone(FILE *f, const struct zone_row *z, __u64 page_bytes)
{
	char name[LAB_ZONE_NAME + 16], cell[4][TEXT_CELL];

	snprintf(name, sizeof(name), "%u/%s", z->node, z->name);
	for (char *c = name; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
	fprintf(f, "%-11s %10" PRIu64 " %5s %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7s %9s %9s\n",
		name, (uint64_t)z->free, text_bytes(cell[3], page_bytes, z->free * page_bytes),
		(uint64_t)z->min, (uint64_t)z->low, (uint64_t)z->high, text_open(cell[0], z->floor),
		text_open(cell[1], z->headroom), text_open(cell[2], z->lowest_headroom));
	if (z->boost)
		fprintf(f, "%-11s marks boosted by %" PRIu64 " pages until kswapd has caught up\n",
			"", (uint64_t)z->boost);
}

static void text_zones(const struct text_part *p)
{
	const struct report *r = p->report;

	if (!r->head.info.has_zones || r->zones == 0)
		return;
	fprintf(p->f, "%-11s %10s %5s %7s %7s %7s %7s %9s %9s\n", "zone, pages", "free", "bytes",
		"min", "low", "high", "floor", "headroom", r->head.final ? "lowest*" : "lowest");
	for (unsigned int i = 0; i < r->zones; i++)
		print_zone(p->f, &r->zone[i], run_page_bytes(&r->head.info));
	/* Only the last interval's low points are in a report: they are not since start. */
	if (r->head.final)
		fputs("  * in the last interval\n", p->f);
}

/* ---- the rest ---- */

static void text_bulk(const struct text_part *p)
{
	const struct bulk *b = &p->fig->bulk;

	if (p->report->head.info.has_bulk)
		fprintf(p->f,
			"bulk: calls %" PRIu64 ", asked %" PRIu64 " pages, got %" PRIu64
			", short calls %" PRIu64 "\n",
			(uint64_t)b->calls, (uint64_t)b->asked_pages, (uint64_t)b->got_pages,
			(uint64_t)b->short_calls);
	if (p->report->head.info.has_anon_exclusive)
		fprintf(p->f, "anon exclusive: %" PRIu64 " pages newly marked\n",
			(uint64_t)p->fig->anon_exclusive_pages);
}

static void text_audit(const struct text_part *p)
{
	const struct audit *a = &p->fig->audit;
	bool listed = false;

	fprintf(p->f,
		"audit: seen %" PRIu64 ", missed %" PRIu64 ", unpaired %" PRIu64
		", dropped %" PRIu64,
		(uint64_t)a->seen, (uint64_t)a->missed, (uint64_t)a->unpaired,
		(uint64_t)a->dropped);
	text_item(p->f, true, "skipped", a->skipped);
	text_item(p->f, true, "unread", a->unread);
	text_complete(p->f, p->show, audit_complete(a));
	/* Without starts every request is alone, and no pair was asked for. */
	if (!p->report->head.info.has_latency ||
	    !(a->alone || a->left || a->silent || a->migrated || a->entry_misses ||
	      a->done_misses || a->nolock || a->wake_misses || a->other_misses))
		return;
	fputs("  in detail: ", p->f);
	listed = text_item(p->f, listed, "alone", a->alone);
	listed = text_item(p->f, listed, "left", a->left);
	listed = text_item(p->f, listed, "silent", a->silent);
	listed = text_item(p->f, listed, "migrated", a->migrated);
	listed = text_item(p->f, listed, "entry skipped", a->entry_misses);
	listed = text_item(p->f, listed, "end skipped", a->done_misses);
	listed = text_item(p->f, listed, "nolock", a->nolock);
	listed = text_item(p->f, listed, "wake skipped", a->wake_misses);
	text_item(p->f, listed, "others skipped", a->other_misses);
	fputc('\n', p->f);
}

/* --class on a replay takes rows away; the other figures are those of the whole recording. */
static void text_filter_note(const struct text_part *p)
{
	const struct show *show = p->show;
	__u32 recorded = p->report->head.info.class_mask;
	bool listed = false;

	if (!show->only_classes || (recorded & ~show->only_classes) == 0)
		return;
	fputs("filtered: rows and latencies; all else is of ", p->f);
	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		if (!(recorded & (1U << i)))
			continue;
		fprintf(p->f, "%s%s", listed ? ", " : "", class_name(i));
		listed = true;
	}
	fputc('\n', p->f);
}

static void text_blocks(const struct text_part *p)
{
	const struct run_head *head = &p->report->head;

	page_part(p->f, head);
	page_heading(p->f, head, p->show->timestamp, p->show->timestamp);
	page_missing(p->f, p->show, head);
	text_rows(p);
	text_filter_note(p);
	text_exclusive(p);
	text_latency(p);
	text_failures(p);
	text_zones(p);
	text_bulk(p);
	view_budget(p->f, p->show, &p->report->head.budget);
	text_audit(p);
}

int stat_text(FILE *f, const struct show *show, const void *report)
{
	const struct report *r = report;
	_cleanup_(freep) char *buf = NULL;
	struct text_part p = {
		.show = show,
		.report = r,
		.fig = r->head.final ? &r->total : &r->interval,
	};
	size_t len;

	p.f = open_memstream(&buf, &len);
	if (!p.f)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	p.leveled = is_leveled(&p);
	text_blocks(&p);
	if (fclose(p.f) != 0)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	return fold_put(f, show, buf, len) ?: out_flush(f);
}
