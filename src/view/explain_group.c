// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explain_group.c - the kinds of reports in a log, counted. */
#include "view/explain_group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "base/util.h"
#include "view/explain_shape.h"
#include "view/explain_words.h"

#define GROUPS_MOST 4096U

struct explain_groups {
	struct explain_group *group;
	unsigned int n, room;
};

struct explain_groups *explain_groups_new(void)
{
	return calloc(1, sizeof(struct explain_groups));
}

void explain_groups_free(struct explain_groups *g)
{
	if (g)
		free(g->group);
	free(g);
}

static void say_when(char *text, size_t size, const struct alloc_report *r)
{
	text[0] = '\0';
	if (r->date[0])
		snprintf(text, size, "%s", r->date);
	else if (r->time_us >= 0)
		snprintf(text, size, "%lld.%06lld", (long long)(r->time_us / 1000000),
			 (long long)(r->time_us % 1000000));
}

static bool is_of(const struct explain_group *g, const struct alloc_report *r)
{
	return g->order == r->order && g->context == r->context && g->verdict == r->verdict &&
	       strcmp(g->site, r->site) == 0 && strcmp(g->driver, r->driver) == 0 &&
	       strcmp(g->gfp, r->gfp_names) == 0 && strcmp(g->release, r->release) == 0;
}

/* A group for it; NULL when there is no memory for one. */
static struct explain_group *new_group(struct explain_groups *g, const struct alloc_report *r)
{
	struct explain_group *new;

	if (g->n == g->room) {
		unsigned int room = g->room ? g->room * 2 : 64;

		new = realloc(g->group, room * sizeof(*new));
		if (!new)
			return NULL;
		g->group = new;
		g->room = room;
	}
	new = &g->group[g->n++];
	memset(new, 0, sizeof(*new));
	new->order = r->order;
	new->context = r->context;
	new->verdict = r->verdict;
	say_when(new->first, sizeof(new->first), r);
	snprintf(new->gfp, sizeof(new->gfp), "%s", r->gfp_names);
	snprintf(new->release, sizeof(new->release), "%s", r->release);
	if (g->n > GROUPS_MOST)
		return new;
	snprintf(new->site, sizeof(new->site), "%s", r->site);
	snprintf(new->driver, sizeof(new->driver), "%s", r->driver);
	return new;
}

int explain_groups_add(struct explain_groups *g, const struct alloc_report *r)
{
	struct explain_group *found = NULL;

	for (unsigned int i = 0; i < g->n && !found; i++)
		if (is_of(&g->group[i], r))
			found = &g->group[i];
	if (!found && g->n > GROUPS_MOST)
		found = &g->group[GROUPS_MOST];
	if (!found)
		found = new_group(g, r);
	if (!found)
		return -ENOMEM;
	found->reports++;
	say_when(found->last, sizeof(found->last), r);
	if (!r->nearest.known)
		return 0;
	if (!found->has_margin || r->nearest.trial.margin < found->worst)
		found->worst = r->nearest.trial.margin;
	found->has_margin = true;
	return 0;
}

static int by_reports(const void *a, const void *b)
{
	const struct explain_group *x = a, *y = b;

	return (x->reports < y->reports) - (x->reports > y->reports);
}

static void sort(struct explain_groups *g)
{
	if (g->n)
		qsort(g->group, g->n, sizeof(g->group[0]), by_reports);
}

static void put_text_group(FILE *f, const struct explain_group *g)
{
	struct alloc_report r = {.verdict = g->verdict};
	char text[1024], margin[64] = "";

	memcpy(r.site, g->site, sizeof(r.site));
	memcpy(r.driver, g->driver, sizeof(r.driver));
	fprintf(f, "%7s  %s\n", digits_of(g->reports).text,
		g->site[0] ? report_site_text(&r).text : "(site not known)");
	if (g->has_margin)
		snprintf(margin, sizeof(margin), ", margin %s%s", g->reports > 1 ? "from " : "",
			 signed_digits_of(g->worst).text);
	snprintf(text, sizeof(text), "order %u, %s, in %s context: %s%s", g->order, g->gfp,
		 report_context_name(g->context), explain_verdict_word(&r), margin);
	explain_paragraph(f, "", text);
	snprintf(text, sizeof(text), "kernel %s%s%s%s%s", g->release[0] ? g->release : "not known",
		 g->first[0] ? "; first " : "", g->first, g->first[0] ? ", last " : "", g->last);
	explain_paragraph(f, "", text);
}

int explain_groups_text(FILE *f, struct explain_groups *g)
{
	_cleanup_(freep) char *text = NULL;
	size_t len = 0;
	FILE *m = open_memstream(&text, &len);

	if (!m)
		return -ENOMEM;
	sort(g);
	for (unsigned int i = 0; i < g->n; i++)
		put_text_group(m, &g->group[i]);
	if (g->n)
		fputc('\n', m);
	if (fclose(m))
		return -ENOMEM;
	explain_printable(text, len);
	return out_put(f, text, len);
}

int explain_groups_json(FILE *f, struct explain_groups *g)
{
	int r = 0;

	sort(g);
	for (unsigned int i = 0; i < g->n && !r; i++)
		r = explain_json_group(f, &g->group[i]);
	return r;
}
