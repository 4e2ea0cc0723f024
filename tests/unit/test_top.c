// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_top.c - the full screen without a terminal: pictures, filters, keys, and what a screen of
 * any size shows. */
#include <errno.h>

#include "random_report.h"
#include "view/top.h"
#include "view/top_gauge.h"
#include "view/top_screen.h"
#include "view/top_tables.h"
#include "view/views.h"
#include "test.h"

/* What stands in a row, in ASCII. */
static const char *row_of(const struct grid *g, unsigned int row)
{
	static char text[GRID_COLUMNS + 1];

	for (unsigned int x = 0; x < g->columns; x++)
		text[x] = (char)g->cell[row][x].code;
	text[g->columns] = '\0';
	return text;
}

static bool shows(const struct grid *g, const char *text)
{
	for (unsigned int y = 0; y < g->rows; y++)
		if (strstr(row_of(g, y), text))
			return true;
	return false;
}

static struct top_screen *new_screen(void)
{
	return calloc(1, sizeof(struct top_screen));
}

/* ---- pictures ---- */

static const char *gauge_of(const struct zone_row *z, unsigned int width)
{
	static struct grid g;
	struct pen p;

	grid_begin(&g, width, 1, true);
	p = pen_at(&g, 0);
	top_gauge(&p, z, width);
	return row_of(&g, 0);
}

static void gauge(void)
{
	struct zone_row z = {
		.free = 60, .min = 50, .low = 70, .high = 100, .floor = 20, .lowest_free = 30};

	/* Twice the highest mark is 200: a cell is ten pages. */
	CHECK_MSG(strcmp(gauge_of(&z, 20), "##F++M.l..h.........") == 0, "%s", gauge_of(&z, 20));
	z.free = 500;
	z.lowest_free = 400;
	CHECK_MSG(strcmp(gauge_of(&z, 20), "##F##M#L##H########>") == 0, "%s", gauge_of(&z, 20));
	/* A floor above high, by the lowmem reserve, is what the scale goes by. */
	z = (struct zone_row){.free = 10, .min = 5, .low = 6, .high = 7, .floor = 100};
	CHECK_EQ(top_gauge_scale(&z), 200);
	CHECK_MSG(strcmp(gauge_of(&z, 20), "M.........f.........") == 0, "%s", gauge_of(&z, 20));
	z = (struct zone_row){.floor = ZONE_CLOSED};
	gauge_of(&z, 20); /* nothing is known: nothing is divided by */
}

static void heights(void)
{
	CHECK_EQ(top_log_height(0, 1000, 8), 0);
	CHECK_EQ(top_log_height(1, 1000, 8), 1);
	CHECK_EQ(top_log_height(1000, 1000, 8), 8);
	CHECK_EQ(top_log_height(31, 1000, 8), 4);
	CHECK_EQ(top_log_height(1, 1, 8), 8);
	CHECK_EQ(top_log_height(~0ULL >> 1, ~0ULL, 8), 7);
	for (__u64 n = 1; n < 5000; n++)
		CHECK(top_log_height(n, 5000, 60) <= top_log_height(n + 1, 5000, 60));
}

static void texts(void)
{
	static struct grid g;
	struct pen p;

	grid_begin(&g, 10, 2, true);
	p = pen_at(&g, 0);
	pen_text(&p, "a\033[1m\xc3\xa4zyxwvu");
	CHECK_MSG(strcmp(row_of(&g, 0), "a?[1m?zyx~") == 0, "%s", row_of(&g, 0));
	p = pen_at(&g, 1);
	pen_right(&p, 4, "12345");
	pen_right(&p, 2, "6");
	CHECK_MSG(strcmp(row_of(&g, 1), "12345 6   ") == 0, "%s", row_of(&g, 1));
	CHECK_EQ(grid_wrap_rows(&g, 0, "four words of which some"), 3);
	CHECK_EQ(grid_wrap_rows(&g, 0, "oneverylongwordthatdoesnotfit"), 3);
}

/* ---- filters ---- */

static void filters(void)
{
	struct top_filter f = {0};
	struct why_site s = {.driver = "e1000", .has_example = true};

	CHECK_EQ(top_filter_parse(&f, "class=atomic,nowait ctx=softirq driver=e100 order=1-3"), 0);
	CHECK_EQ(f.orders, 0xe);
	CHECK(top_filter_row(&f, 0, LAB_CTX_SOFTIRQ) && top_filter_row(&f, 1, LAB_CTX_SOFTIRQ));
	CHECK(!top_filter_row(&f, 2, LAB_CTX_SOFTIRQ) && !top_filter_row(&f, 0, LAB_CTX_TASK));
	s.example = (struct why_case){.gfp = 0x820, .order = 2, .context = LAB_CTX_SOFTIRQ};
	CHECK(top_filter_site(&f, &s));
	s.example.order = 0;
	CHECK(!top_filter_site(&f, &s));
	CHECK_EQ(top_filter_parse(&f, "class=atomik"), -EINVAL);
	CHECK_EQ(top_filter_parse(&f, "order=3-1"), -EINVAL);
	CHECK_EQ(top_filter_parse(&f, "nonsense"), -EINVAL);
	CHECK_EQ(top_filter_parse(&f, "driver="), -EINVAL);
	CHECK_EQ(f.orders, 0xe); /* what is wrong changes nothing */
	CHECK_EQ(top_filter_parse(&f, ""), 0);
	CHECK(top_filter_row(&f, 4, 4) && top_filter_site(&f, &s));
}

/* ---- keys ---- */

static void add_site(struct top_screen *s, const char *name, __u64 lost, __u64 requests)
{
	struct top_shown *t = &s->shown;
	struct top_site *site = &t->site[t->sites];

	snprintf(site->now.site, sizeof(site->now.site), "%s", name);
	site->now.count =
		(struct why_figures){.failed = lost, .lost = lost, .requests_sampled = requests};
	site->there = true;
	t->order[t->ordered++] = t->sites++;
}

static enum top_wish hit(struct top_screen *s, const char *text)
{
	enum top_wish wish = WISH_NOTHING;

	for (; *text; text++)
		wish = top_state_key(&s->state, &s->shown, (unsigned char)*text);
	return wish;
}

static void follows_the_site(void)
{
	struct top_screen *s = new_screen();

	add_site(s, "first", 9, 1);
	add_site(s, "second", 5, 2);
	add_site(s, "third", 1, 3);
	add_site(s, "quiet", 0, 1000);
	top_state_order(&s->state, &s->shown);
	CHECK_EQ(s->state.listed, 3);
	CHECK_EQ(s->state.quiet, 1);
	for (unsigned int i = 0; i < 3; i++)
		top_state_key(&s->state, &s->shown, KEY_OF_DOWN);
	CHECK_EQ(top_state_row(&s->state, &s->shown), 2);
	/* It loses most now: the rows hold still, and a new one comes below. */
	s->shown.site[2].now.count.lost = 100;
	add_site(s, "fourth", 50, 4);
	top_state_order(&s->state, &s->shown);
	CHECK_EQ(top_state_row(&s->state, &s->shown), 2);
	CHECK_EQ(s->state.list[3], 4);
	/* Left alone, they are in order again. */
	hit(s, "\033");
	CHECK_EQ(s->state.list[0], 2);
	CHECK_EQ(s->state.list[1], 4);
	hit(s, "s");
	CHECK_EQ(s->state.sort, SORT_FAILED);
	hit(s, "sS");
	CHECK_EQ(s->state.list[0], 0); /* fewest requests first */
	free(s);
}

static void pages_and_lines(void)
{
	struct top_screen *s = new_screen();

	add_site(s, "first", 9, 1);
	top_state_order(&s->state, &s->shown);
	hit(s, "\r");
	CHECK_EQ(s->state.page, PAGE_SITE);
	hit(s, "q");
	CHECK_EQ(s->state.page, PAGE_MAIN);
	CHECK_EQ(hit(s, "q"), WISH_QUIT);
	/* In a line q is a letter. */
	CHECK_EQ(hit(s, "/driver=q"), WISH_NOTHING);
	CHECK_EQ(s->state.ask, '/');
	hit(s, "\r");
	CHECK_MSG(strcmp(s->state.filter.driver, "q") == 0, "%s", s->state.filter.driver);
	hit(s, "/\x15\r");
	CHECK(!s->state.filter.text[0]);
	for (unsigned int i = 0; i < 2 * TOP_FILTER; i++)
		hit(s, i ? "x" : "/");
	CHECK_EQ(strlen(s->state.line), TOP_FILTER - 1);
	hit(s, "\033");
	/* Those of a recording are none while the kernel runs. */
	CHECK_EQ(hit(s, "]"), WISH_NOTHING);
	s->state.replay = true;
	CHECK_EQ(hit(s, "]"), WISH_SEEK);
	CHECK_EQ(s->state.seek, 60);
	CHECK_EQ(hit(s, "g03:26:35\r"), WISH_SEEK);
	CHECK_EQ(s->state.seek_ns, 3 * 3600 + 26 * 60 + 35);
	CHECK_EQ(hit(s, "g3 o'clock\r"), WISH_NOTHING);
	CHECK(s->state.message[0]);
	free(s);
}

static void zero_point(void)
{
	struct top_screen *s = new_screen();
	struct top_shown *t = &s->shown;

	t->cells.head.time_ns = 1;
	t->cells.total.row[0][0].requests = 10;
	add_site(s, "first", 9, 1);
	hit(s, "t");
	CHECK_EQ(s->state.span, SPAN_TOTAL);
	hit(s, "t");
	CHECK_EQ(s->state.span, SPAN_INTERVAL); /* no zero point was set */
	hit(s, "z");
	CHECK_EQ(s->state.span, SPAN_ZERO);
	CHECK_EQ(top_figures(t, SPAN_ZERO)->row[0][0].requests, 0);
	t->site[0].now.count.lost = 12;
	CHECK_EQ(top_site_figures(&t->site[0], SPAN_ZERO).lost, 3);
	CHECK_EQ(top_site_figures(&t->site[0], SPAN_TOTAL).lost, 12);
	free(s);
}

/* ---- reports ---- */

static struct top_report *report_of(unsigned int zones, __u64 *seed)
{
	struct top_report *r = calloc(1, sizeof(*r));
	static struct report cells;

	random_report(&cells, zones, 9, seed);
	view_top.begin(r);
	*view_top.cells(r) = cells;
	r->head = cells.head;
	CHECK_EQ(view_top.fill(r), 0);
	return r;
}

static void free_report(struct top_report *r)
{
	view_top.drop(r);
	free(r);
}

/* Whatever the figures, every size has a screen, and the state and the audit are on it. */
static void any_size(void)
{
	__u64 seed = 4711;

	for (unsigned int i = 0; i < 6; i++) {
		struct top_report *r = report_of(i * 20, &seed);
		struct top_screen *s = top_screen_of(r);

		for (unsigned int n = 0; n < 80; n++) {
			unsigned int columns = 1 + test_random(&seed) % 320;
			unsigned int rows = 1 + test_random(&seed) % 110;

			s->state.page = (enum top_page)(n % 4);
			s->state.span = (enum top_span)(n % SPANS);
			top_screen_draw(s, columns, rows, n % 2);
			CHECK(s->grid.columns <= GRID_COLUMNS && s->grid.rows <= GRID_ROWS);
		}
		s->state.page = PAGE_MAIN;
		top_screen_draw(s, 40, 10, true);
		CHECK_MSG(strncmp(row_of(&s->grid, 8), "audit: ", 7) == 0, "%s",
			  row_of(&s->grid, 8));
		CHECK(shows(&s->grid, "driver and site"));
		CHECK(!top_zones(&s->shown) || shows(&s->grid, "["));
		free_report(r);
	}
}

/* While it is paused figures stand still; the audit does not, and the history has no hole. */
static void pauses(void)
{
	__u64 seed = 5;
	struct top_report *r = report_of(3, &seed);
	struct top_shown *t = &top_screen_of(r)->shown;
	__u64 before = t->cells.total.audit.seen;

	top_screen_of(r)->state.paused = true;
	r->cells.total.audit.seen = before + 5;
	r->cells.zone[0].lowest_headroom = 77;
	CHECK_EQ(view_top.fill(r), 0);
	CHECK_EQ(t->cells.total.audit.seen, before);
	CHECK_EQ(t->total_audit.seen, before + 5);
	CHECK_EQ(top_slot(t, 0), 0);
	CHECK_EQ(top_slot(t, 1), -1);
	top_screen_of(r)->state.paused = false;
	CHECK_EQ(view_top.fill(r), 0);
	CHECK_EQ(t->cells.total.audit.seen, before + 5);
	CHECK_EQ(top_slot(t, 2), 0);
	CHECK(!r->cells.zones || t->low[0].lowest[1] == 77);
	free_report(r);
}

/* The newest slots stay, and the oldest go. */
static void history_ends(void)
{
	__u64 seed = 6;
	struct top_report *r = report_of(1, &seed);
	struct top_shown *t = &top_screen_of(r)->shown;

	for (unsigned int i = 0; i < TOP_HISTORY + 5; i++)
		CHECK_EQ(view_top.fill(r), 0);
	CHECK_EQ(t->reports, TOP_HISTORY + 6);
	CHECK_EQ(top_slot(t, 0), 5);
	CHECK_EQ(top_slot(t, TOP_HISTORY - 1), 6);
	CHECK_EQ(top_slot(t, TOP_HISTORY), -1);
	free_report(r);
}

static const struct test_case cases[] = {
	{"gauge", gauge},
	{"heights", heights},
	{"texts", texts},
	{"filters", filters},
	{"follows_the_site", follows_the_site},
	{"pages_and_lines", pages_and_lines},
	{"zero_point", zero_point},
	{"any_size", any_size},
	{"pauses", pauses},
	{"history_ends", history_ends},
};

TEST_MAIN("top", cases)
