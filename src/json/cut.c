// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cut.c - see cut.h. */
#include "json/cut.h"

#include <stdbool.h>
#include <string.h>

#include "base/out.h"
#include "base/util.h"

#define DEPTH 12	/* of a line, at most; deeper than that nothing is cut */
#define TIE_BYTES 1024	/* time, sequence and host */
#define HEAD_BYTES 1200 /* what a part begins with, at most */

/* A member of an object with its key, or an entry of an array. */
struct piece {
	const char *key; /* with quotes and colon; NULL: an entry */
	size_t key_len;
	const char *value;
	size_t len;
};

struct cut {
	FILE *f;
	int result;
	char type[64], tie[TIE_BYTES];
	char text[CUT_BYTES];
	size_t len;
	size_t weight; /* the same, with a head as long as can be: it decides */
	bool more;     /* a comma comes before the next piece */
	bool filled;   /* the part has a piece */
	unsigned int part, parts;
	struct piece open[DEPTH]; /* containers that the next piece is in */
	unsigned int depth;
};

/* ---- a line that this program wrote ---- */

static const char *behind_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

static const char *behind_value(const char *p)
{
	unsigned int depth = 0;

	do {
		if (*p == '"') {
			p = behind_string(p);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
	} while (depth > 0 || !strchr(",]}\n", *p));
	return p;
}

/* The piece at *at, which moves behind it; false: the container ends there. */
static bool next_piece(const char **at, bool keys, struct piece *ret)
{
	const char *p = *at + (**at == ',');

	if (*p == '}' || *p == ']')
		return false;
	*ret = (struct piece){0};
	if (keys) {
		ret->key = p;
		p = behind_string(p) + 1;
		ret->key_len = (size_t)(p - ret->key);
	}
	ret->value = p;
	*at = p = behind_value(p);
	ret->len = (size_t)(p - ret->value);
	return true;
}

static bool has_key(const struct piece *piece, const char *key)
{
	size_t len = strlen(key);

	return piece->key_len == len + 3 && memcmp(piece->key + 1, key, len) == 0;
}

static bool ties(const struct piece *piece)
{
	return has_key(piece, "time") || has_key(piece, "sequence") || has_key(piece, "host");
}

/* ---- a part ---- */

static void add(struct cut *c, const char *text, size_t len)
{
	if (len > sizeof(c->text) - c->len)
		len = sizeof(c->text) - c->len;
	memcpy(c->text + c->len, text, len);
	c->len += len;
	c->weight += len;
}

static void add_piece(struct cut *c, const struct piece *piece, size_t len)
{
	if (c->more)
		add(c, ",", 1);
	if (piece->key)
		add(c, piece->key, piece->key_len);
	add(c, piece->value, len);
	c->more = true;
}

static void reopen(struct cut *c, const struct piece *piece)
{
	static const char continued[] = "\"continued\":true";

	c->more &= piece->key != NULL;
	add_piece(c, piece, 1);
	c->more = !piece->key;
	if (c->more)
		add(c, continued, sizeof(continued) - 1);
}

static void begin_part(struct cut *c)
{
	c->part++;
	c->len = (size_t)snprintf(c->text, sizeof(c->text),
				  "{\"type\":\"%s" PART_SUFFIX "\",%s\"part\":%u,\"parts\":%u",
				  c->type, c->tie, c->part, c->parts);
	c->weight = HEAD_BYTES;
	c->more = true;
	c->filled = false;
	for (unsigned int i = 0; i < c->depth; i++)
		reopen(c, &c->open[i]);
}

/* Without parts they are counted. */
static void end_part(struct cut *c)
{
	for (unsigned int i = c->depth; i-- > 0;)
		add(c, *c->open[i].value == '{' ? "}" : "]", 1);
	add(c, "}\n", 2);
	if (c->parts && !c->result)
		c->result = out_put(c->f, c->text, c->len);
}

/* ---- cutting ---- */

static bool fits(const struct cut *c, const struct piece *piece)
{
	return c->weight + piece->key_len + piece->len + c->depth + 4 <= CUT_BYTES;
}

static void put_piece(struct cut *c, const struct piece *piece);

static void put_inside(struct cut *c, const struct piece *piece)
{
	const char *at = piece->value + 1;
	struct piece inside;

	add_piece(c, piece, 1);
	c->open[c->depth++] = *piece;
	c->more = false;
	while (next_piece(&at, *piece->value == '{', &inside))
		put_piece(c, &inside);
	c->depth--;
	add(c, *piece->value == '{' ? "}" : "]", 1);
	c->more = true;
}

/* Where it fits; else into the next part; else in pieces. */
static void put_piece(struct cut *c, const struct piece *piece)
{
	bool container = *piece->value == '{' || (*piece->value == '[' && piece->key);

	if (!fits(c, piece) && c->filled) {
		end_part(c);
		begin_part(c);
	}
	if (!fits(c, piece) && container && c->depth < DEPTH)
		put_inside(c, piece);
	else
		add_piece(c, piece, piece->len);
	c->filled = true;
}

static void put_parts(struct cut *c, const char *line)
{
	const char *at = line + 1;
	struct piece piece;

	c->part = 0;
	begin_part(c);
	while (next_piece(&at, true, &piece))
		if (!ties(&piece) && !has_key(&piece, "type") && !has_key(&piece, "schema"))
			put_piece(c, &piece);
	end_part(c);
	c->parts = c->part;
}

/* What each part begins with. */
static void find_tie(struct cut *c, const char *line)
{
	const char *at = line + 1;
	struct piece piece;
	size_t len = 0;

	while (next_piece(&at, true, &piece)) {
		if (has_key(&piece, "type"))
			snprintf(c->type, sizeof(c->type), "%.*s", (int)piece.len - 2,
				 piece.value + 1);
		if ((has_key(&piece, "schema") || ties(&piece)) &&
		    len + piece.key_len + piece.len + 2 < sizeof(c->tie))
			len += (size_t)snprintf(c->tie + len, sizeof(c->tie) - len, "%.*s%.*s,",
						(int)piece.key_len, piece.key, (int)piece.len,
						piece.value);
	}
}

int cut_put(FILE *f, const char *line, size_t len)
{
	struct cut c = {.f = f};

	if (len <= CUT_BYTES)
		return out_put(f, line, len);
	find_tie(&c, line);
	put_parts(&c, line);
	put_parts(&c, line);
	return c.result;
}
