// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * transport.c - lines to records. Lines are held until enough are there to see how they were
 * wrapped: a program that cuts at a column leaves lines of one length, mail breaks them at blanks.
 */
#include "klog/transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/undo.h"

#define PIECES 1024U
#define ARENA_BYTES (1U << 20)
#define LINE_MOST 65536U
#define DEEP_INDENT 4U
/* More lines than this without a prefix are no wrapped record: that part of the log has none. */
#define RUN_MOST 40U
/* A host's name and a date. */
#define CUT_PREFIX_MOST 80U
#define NARROW_LEAST 40U
#define NARROW_MOST 132U

/* A line, or the part of one from a stamp on. */
struct piece {
	size_t at, len;	     /* of its text in the arena, which ends with a NUL */
	size_t raw;	     /* length of the line it ends, with its prefix */
	unsigned int indent; /* of the text of a piece without prefix */
	bool prefixed, blank;
	bool whole; /* the line ends with it */
	struct prefix prefix;
	__u64 line;
};

struct transport {
	record_fn fn;
	void *arg;
	struct piece piece[PIECES];
	unsigned int pieces;
	char arena[ARENA_BYTES];
	size_t used;
	/* quoted-printable */
	bool qp;
	char *soft; /* a line that goes on, LINE_MOST bytes */
	size_t soft_len;
	__u64 soft_line;
	/* wrapping */
	size_t lead;	  /* blanks before a prefix: the same stand before what was wrapped */
	size_t column;	  /* lines are cut there; 0: at blanks */
	bool seen_prefix; /* in what was given out last */
	char record[RECORD_BYTES];
	size_t record_len;
	char work[LINE_MOST];
};

struct transport *transport_new(record_fn fn, void *arg)
{
	struct transport *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->soft = malloc(LINE_MOST);
	if (!t->soft) {
		free(t);
		return NULL;
	}
	t->fn = fn;
	t->arg = arg;
	return t;
}

void transport_free(struct transport *t)
{
	if (!t)
		return;
	free(t->soft);
	free(t);
}

/* ---- records ---- */

/* Where a stamp inside the text begins; its end where there is none. */
static size_t next_stamp(const char *text, size_t from)
{
	const char *p = text + from;

	while ((p = strchr(p, '[')) && !prefix_stamp(p, NULL))
		p++;
	return p ? (size_t)(p - text) : strlen(text);
}

/* A prefix that was itself cut in two: what is left of it. */
static char *rest_of_prefix(char *text, struct prefix *prefix)
{
	static const char word[] = "kernel:";
	size_t stamp = next_stamp(text, 0), lead = stamp;

	if (prefix->time_us >= 0 || stamp > CUT_PREFIX_MOST || !text[stamp])
		return text;
	while (lead && text[lead - 1] == ' ')
		lead--;
	if (lead && (lead < sizeof(word) - 1 ||
		     strncmp(text + lead - sizeof(word) + 1, word, sizeof(word) - 1) != 0))
		return text;
	text += stamp + prefix_stamp(text + stamp, &prefix->time_us);
	return text + (*text == ' ');
}

static int give_record(struct transport *t, const struct piece *first)
{
	struct record r = {.prefix = first->prefix, .line = first->line};
	char *p, *begin;
	int ret = 0;

	t->record[t->record_len] = '\0';
	p = begin = rest_of_prefix(t->record, &r.prefix);
	while (*p && !ret) {
		char is = '\n';
		size_t n = *p == '\n' ? 1 : undo_newline(p, &is);

		if (!n || is != '\n') {
			if (n)
				memset(p, ' ', n);
			p += n ? n : 1;
			continue;
		}
		*p = '\0';
		r.text = begin;
		ret = t->fn(t->arg, &r);
		p += n;
		begin = p;
	}
	r.text = begin;
	if (!ret && (*begin || begin == t->record))
		ret = t->fn(t->arg, &r);
	t->record_len = 0;
	return ret;
}

static void record_add(struct transport *t, const char *between, const char *text, size_t len)
{
	size_t room = RECORD_BYTES - 1 - t->record_len, n = strlen(between);

	if (n > room)
		return;
	memcpy(t->record + t->record_len, between, n);
	t->record_len += n;
	room -= n;
	len = len < room ? len : room;
	memcpy(t->record + t->record_len, text, len);
	t->record_len += len;
}

/* ---- how lines were wrapped ---- */

static bool continues(const struct transport *t, unsigned int i)
{
	return i < t->pieces && !t->piece[i].prefixed && !t->piece[i].blank;
}

/*
 * The column at which lines were cut: most of those that go on in the next are of one length. Lines
 * without any prefix show it as well, where they are all short.
 */
static size_t find_column(const struct transport *t, bool prefixes)
{
	size_t most = 0;
	unsigned int all = 0, full = 0;

	for (unsigned int i = 0; i + 1 < t->pieces; i++) {
		const struct piece *p = &t->piece[i];

		if (p->whole && !p->blank && continues(t, i + 1) &&
		    t->piece[i + 1].indent < DEEP_INDENT && p->raw > most)
			most = p->raw;
	}
	for (unsigned int i = 0; i + 1 < t->pieces; i++) {
		const struct piece *p = &t->piece[i];

		if (!p->whole || p->blank || !continues(t, i + 1) ||
		    t->piece[i + 1].indent >= DEEP_INDENT)
			continue;
		all++;
		full += p->raw == most;
	}
	if (most < NARROW_LEAST)
		return 0;
	if (!prefixes)
		return full >= 5 && most <= NARROW_MOST ? most : 0;
	return full >= 2 && full * 10 >= all * 6 ? most : 0;
}

/* Lines without prefix from i on. */
static unsigned int run_length(const struct transport *t, unsigned int i)
{
	unsigned int n = 0;

	while (continues(t, i + n))
		n++;
	return n;
}

/* Appends piece i to the record that the one before it belongs to. */
static void go_on(struct transport *t, unsigned int i)
{
	const struct piece *p = &t->piece[i], *before = &t->piece[i - 1];
	const char *text = t->arena + p->at;
	size_t indent = t->lead < p->indent ? t->lead : p->indent;

	if (before->whole && t->column && before->raw == t->column)
		record_add(t, "", text + indent, p->len - indent);
	else if (p->indent >= DEEP_INDENT + t->lead)
		record_add(t, "\n", text, p->len);
	else
		record_add(t, " ", text, p->len);
}

/* Is piece i a part of the record before it? */
static bool is_part(const struct transport *t, unsigned int i, unsigned int run)
{
	const struct piece *before = &t->piece[i - 1];

	if (t->piece[i].prefixed || t->piece[i].blank || before->blank || !before->whole)
		return false;
	if (run <= RUN_MOST && t->seen_prefix)
		return true;
	return t->column && before->raw == t->column;
}

/* Gives out the records; of the last one the pieces are kept, as it may go on. */
static int give_records(struct transport *t, bool all)
{
	unsigned int i = 0, first = 0, run = 0;
	bool prefixes = t->seen_prefix;
	int r = 0;

	for (unsigned int n = 0; n < t->pieces; n++)
		prefixes |= t->piece[n].prefixed;
	t->column = find_column(t, prefixes);
	while (i < t->pieces && !r) {
		first = i;
		if (t->piece[i].prefixed) {
			t->seen_prefix = true;
			run = run_length(t, i + 1);
		}
		record_add(t, "", t->arena + t->piece[i].at, t->piece[i].len);
		for (i++; i < t->pieces && is_part(t, i, run); i++)
			go_on(t, i);
		if (i == t->pieces && !all && first) {
			t->record_len = 0;
			break;
		}
		if (t->piece[first].blank)
			t->record_len = 0;
		else
			r = give_record(t, &t->piece[first]);
		if (run > RUN_MOST && i < t->pieces && !t->piece[i].prefixed)
			t->seen_prefix = false;
		first = i;
	}
	memmove(t->piece, t->piece + first, (t->pieces - first) * sizeof(t->piece[0]));
	t->pieces -= first;
	if (!t->pieces)
		t->used = 0;
	return r;
}

/* The kept pieces to the start of the arena. */
static void compact(struct transport *t)
{
	size_t from = t->pieces ? t->piece[0].at : t->used;

	memmove(t->arena, t->arena + from, t->used - from);
	t->used -= from;
	for (unsigned int i = 0; i < t->pieces; i++)
		t->piece[i].at -= from;
}

static int make_room(struct transport *t, size_t len)
{
	int r = 0;

	if (t->pieces == PIECES || t->used + len + 1 > ARENA_BYTES) {
		r = give_records(t, false);
		compact(t);
	}
	if (!r && (t->pieces == PIECES || t->used + len + 1 > ARENA_BYTES)) {
		r = give_records(t, true);
		t->pieces = 0;
		t->used = 0;
	}
	return r;
}

/* ---- pieces ---- */

static struct piece *add_piece(struct transport *t, const char *text, size_t len, int *r)
{
	struct piece *p;

	*r = make_room(t, len);
	if (*r)
		return NULL;
	p = &t->piece[t->pieces++];
	*p = (struct piece){.at = t->used, .len = len};
	memcpy(t->arena + t->used, text, len);
	t->arena[t->used + len] = '\0';
	t->used += len + 1;
	p->indent = (unsigned int)strspn(t->arena + p->at, " \t");
	p->blank = p->indent == len;
	return p;
}

static int add_prefixed(struct transport *t, const char *text, size_t len, __u64 number, size_t raw)
{
	struct prefix prefix;
	struct piece *p;
	int r;

	memcpy(t->work, text, len);
	t->work[len] = '\0';
	prefix = prefix_parse(t->work);
	p = add_piece(t, t->work + prefix.len, len - prefix.len, &r);
	if (!p)
		return r;
	p->prefix = prefix;
	p->prefixed = prefix.len > 0;
	p->line = number;
	p->raw = raw;
	p->blank &= !p->prefixed;
	return 0;
}

/* A line without quotes: one piece, and one from each further stamp on. */
static int add_line(struct transport *t, char *line, size_t len, __u64 number)
{
	size_t stamp = next_stamp(line, 0), at = 0;
	int r = 0;

	if (stamp < len && prefix_is_lead(line, stamp)) {
		if (strspn(line, " \t") == stamp)
			t->lead = stamp;
		stamp = next_stamp(line, stamp + 1);
	}
	while (!r) {
		/* dmesg prints a level before the stamp. */
		size_t end = stamp;

		if (end < len && end >= at + 3 && line[end - 1] == '>' && line[end - 3] == '<')
			end -= 3;
		r = add_prefixed(t, line + at, end - at, number, len);
		if (r || stamp >= len)
			break;
		at = end;
		stamp = next_stamp(line, stamp + 1);
	}
	if (!r && t->pieces)
		t->piece[t->pieces - 1].whole = true;
	return r;
}

/* ---- a line as it is in the file ---- */

static int plain_line(struct transport *t, char *s, size_t len, __u64 number)
{
	size_t n = undo_quote(s);

	return add_line(t, s + n, len - n, number);
}

/* Joins what a soft line break parts, and decodes it. */
static int qp_line(struct transport *t, char *s, size_t len, __u64 number)
{
	bool more = len && s[len - 1] == '=';

	if (!t->soft_len)
		t->soft_line = number;
	len -= more;
	if (t->soft_len + len + 1 > LINE_MOST)
		len = LINE_MOST - 1 - t->soft_len;
	memcpy(t->soft + t->soft_len, s, len);
	t->soft_len += len;
	t->soft[t->soft_len] = '\0';
	if (more && t->soft_len + 2 < LINE_MOST)
		return 0;
	len = undo_qp(t->soft, t->soft_len);
	t->soft_len = 0;
	return plain_line(t, t->soft, len, t->soft_line);
}

/* A line that ends in "=" may be quoted-printable, the next one shows it. */
static int held_line(struct transport *t, char *s, size_t len, __u64 number)
{
	int r;

	t->qp = undo_is_qp(t->soft) || undo_is_qp(s);
	if (t->qp) {
		t->soft_len--;
		return qp_line(t, s, len, number);
	}
	r = plain_line(t, t->soft, t->soft_len, t->soft_line);
	t->soft_len = 0;
	return r ? r : transport_line(t, s, len, number);
}

int transport_line(struct transport *t, const char *line, size_t len, __u64 number)
{
	char copy[LINE_MOST];

	len = len < LINE_MOST - 1 ? len : LINE_MOST - 1;
	memcpy(copy, line, len);
	len = undo_controls(copy, len);
	if (t->qp)
		return qp_line(t, copy, len, number);
	if (t->soft_len)
		return held_line(t, copy, len, number);
	if (!len || copy[len - 1] != '=')
		return plain_line(t, copy, len, number);
	memcpy(t->soft, copy, len + 1);
	t->soft_len = len;
	t->soft_line = number;
	return 0;
}

int transport_flush(struct transport *t)
{
	int r = 0;

	if (t->soft_len) {
		size_t len = t->qp ? undo_qp(t->soft, t->soft_len) : t->soft_len;

		t->soft_len = 0;
		r = plain_line(t, t->soft, len, t->soft_line);
	}
	if (!r)
		r = give_records(t, true);
	t->pieces = 0;
	t->used = 0;
	t->seen_prefix = false;
	t->qp = false;
	return r;
}
