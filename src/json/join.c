// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* join.c - see join.h. Trusts no input: a part comes once, in its order, and says nothing twice. */
#include "json/join.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json/cut.h"

#define PARTS_MAX 4096
#define BYTES_MAX (16U << 20) /* as of a line */

static bool is_tie(const char *key)
{
	static const char *const tie[] = {"type", "schema", "time", "sequence",
					  "host", "part",   "parts"};

	for (size_t i = 0; i < sizeof(tie) / sizeof(tie[0]); i++)
		if (strcmp(key, tie[i]) == 0)
			return true;
	return false;
}

static void join_objects(struct reader *rd, json_t *to, json_t *from, bool top);

/* The first one may be the rest of the last one there. */
static void join_arrays(struct reader *rd, json_t *to, json_t *from)
{
	json_t *first = json_array_get(from, 0);
	json_t *last = json_array_get(to, json_array_size(to) - 1);

	if (json_object_get(first, "continued")) {
		json_object_del(first, "continued");
		if (json_is_object(last))
			join_objects(rd, last, first, false);
		else
			rd_fail(rd, "continued", "nothing is there that could go on");
		json_array_remove(from, 0);
	}
	if (!rd->failed && json_array_extend(to, from))
		rd_fail(rd, "line", "no memory for its parts");
}

static void join_values(struct reader *rd, const char *key, json_t *to, json_t *from)
{
	if (json_is_object(to) && json_is_object(from))
		join_objects(rd, to, from, false);
	else if (json_is_array(to) && json_is_array(from))
		join_arrays(rd, to, from);
	else
		rd_fail(rd, key, "comes in two parts");
}

/* top: what ties the parts together is in each. */
static void join_objects(struct reader *rd, json_t *to, json_t *from, bool top)
{
	const char *key;
	json_t *value;

	json_object_foreach(from, key, value)
	{
		json_t *there = json_object_get(to, key);

		if (rd->failed || (top && is_tie(key)))
			continue;
		if (there)
			join_values(rd, key, there, value);
		else if (json_object_set(to, key, value))
			rd_fail(rd, key, "no memory for its parts");
	}
}

/* What of it all parts have. */
static bool same_line(const json_t *a, const json_t *b)
{
	static const char *const tie[] = {"type", "time", "sequence", "host", "parts"};

	for (size_t i = 0; i < sizeof(tie) / sizeof(tie[0]); i++) {
		json_t *of_a = json_object_get(a, tie[i]), *of_b = json_object_get(b, tie[i]);

		if ((of_a || of_b) && !json_equal(of_a, of_b))
			return false;
	}
	return true;
}

static void check_order(struct reader *rd, const struct join *j, const json_t *root,
			unsigned int part)
{
	if (part != j->part + 1)
		rd_fail(rd, "part", "%u of %u, and %u came before it", part, j->parts, j->part);
	else if (j->whole && !same_line(j->whole, root))
		rd_fail(rd, "part", "%u is not of the line whose part %u came before it", part,
			j->part);
}

/* Is it the last one? Its whole gets its own type. */
static bool finish(struct join *j)
{
	json_t *type = json_object_get(j->whole, "type");
	const char *name = json_string_value(type);

	if (j->part < j->parts)
		return false;
	json_object_del(j->whole, "part");
	json_object_del(j->whole, "parts");
	json_object_set_new(j->whole, "type",
			    json_stringn(name, json_string_length(type) - strlen(PART_SUFFIX)));
	j->text = json_dumps(j->whole, JSON_COMPACT);
	json_decref(j->whole);
	j->whole = NULL;
	j->part = 0;
	return true;
}

static void take_part(struct reader *rd, struct join *j, json_t *root, size_t len)
{
	unsigned int part, parts;

	parts = (unsigned int)rd_as_integer(rd, "parts", rd_get(rd, root, "parts"), 1, PARTS_MAX);
	part = (unsigned int)rd_as_integer(rd, "part", rd_get(rd, root, "part"), 1, parts ?: 1);
	if (!j->whole) {
		j->parts = parts;
		j->bytes = 0;
	}
	j->bytes += len;
	if (!rd->failed && j->bytes > BYTES_MAX)
		rd_fail(rd, "part", "too long with those before it");
	if (!rd->failed)
		check_order(rd, j, root, part);
	if (rd->failed)
		return;
	j->part = part;
	if (j->whole)
		join_objects(rd, j->whole, root, true);
	else
		j->whole = json_incref(root);
}

static bool is_part(const json_t *root)
{
	const json_t *type = json_object_get(root, "type");
	size_t len = json_string_length(type), suffix = strlen(PART_SUFFIX);

	return len > suffix && strcmp(json_string_value(type) + len - suffix, PART_SUFFIX) == 0;
}

int join_take(struct join *j, const char **line, size_t *len, struct stream_error *err)
{
	struct reader rd = {.err = err};
	json_t *root;

	/* Nearly every line: as it is. What is damaged is for its reader to say. */
	if (!memmem(*line, *len, PART_SUFFIX "\"", strlen(PART_SUFFIX) + 1))
		return 0;
	root = json_loadb(*line, *len, JSON_REJECT_DUPLICATES, NULL);
	if (!root || !is_part(root)) {
		json_decref(root);
		return 0;
	}
	free(j->text);
	j->text = NULL;
	take_part(&rd, j, root, *len);
	json_decref(root);
	if (rd.failed)
		return -EINVAL;
	if (!finish(j))
		return -EAGAIN;
	if (!j->text)
		rd_fail(&rd, "line", "no memory for its parts");
	*line = j->text;
	*len = j->text ? strlen(j->text) : 0;
	return j->text ? 0 : -EINVAL;
}

bool join_open(const struct join *j, struct stream_error *err)
{
	if (j->whole)
		snprintf(err->text, sizeof(err->text),
			 "it ends within a line that is cut into parts: %u of %u are there",
			 j->part, j->parts);
	return j->whole != NULL;
}

void join_free(struct join *j)
{
	json_decref(j->whole);
	free(j->text);
	*j = (struct join){0};
}
