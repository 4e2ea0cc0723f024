// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_shape.c - each kind of field, written, read and described: lines and definitions by hand.
 */
#include <errno.h>

#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/schema.h"
#include "json/write.h"
#include "test.h"

/* ---- a struct of everything ---- */

struct pet {
	char name[8];
	__u32 legs;
};

struct box {
	__u64 count, zero, known, time_ns, mask, named[2];
	__s64 depth, lowest;
	__u32 small, flags, hex, name, names, counts[3];
	__s32 index;
	bool yes, has_known;
	char text[8], empty[8], words[2][8];
	struct pet first, pet[3];
	unsigned int pets;
	struct hist latency;
	__u64 listed[4];
};

static const char *letter(unsigned int v)
{
	return v < 2 ? &"a\0b"[2 * v] : NULL;
}

static bool is_yes(const void *base, const void *root)
{
	return base == root && ((const struct box *)base)->yes;
}

static bool has_known(const void *base, const void *root)
{
	(void)root;
	return ((const struct box *)base)->has_known;
}

static void mark_known(void *base)
{
	((struct box *)base)->has_known = true;
}

static __u64 twice(const void *base)
{
	return 2 * ((const struct box *)base)->count;
}

static bool is_even(const void *base)
{
	return ((const struct box *)base)->count % 2 == 0;
}

static const char *wording(const void *base, char *buf)
{
	snprintf(buf, WORDING_MAX, "%u legs", ((const struct box *)base)->first.legs);
	return buf;
}

static const char *worded_name(const void *base, char *buf)
{
	(void)buf;
	return letter(((const struct box *)base)->name);
}

static void check_pet(struct reader *rd, void *base)
{
	if (((struct pet *)base)->legs > 100)
		rd_fail(rd, "legs", "too many");
}

struct listed {
	__u32 at;
	__u64 v;
};

static const void *get_listed(const struct json_line *l, const void *base, size_t *at, void *item)
{
	const struct box *b = base;
	struct listed *e = item;

	(void)l;
	while (*at < 4 && b->listed[*at] == 0)
		++*at;
	if (*at == 4)
		return NULL;
	*e = (struct listed){(__u32)*at, b->listed[*at]};
	return e;
}

static void put_listed(struct reader *rd, void *base, const void *item)
{
	const struct listed *e = item;

	if (rd_twice(rd, e->at))
		rd_fail(rd, "at", "%u comes twice", e->at);
	else
		((struct box *)base)->listed[e->at] = e->v;
}

/* clang-format off */
static const struct field pet_fields[] = {
	STRING(struct pet, "name", name, NULL),
	U32(struct pet, "legs", legs, GAUGE, "legs", "How many."),
	END,
};

static const struct shape pet_shape = {
	.name = "pet", .text = "An animal.", .size = sizeof(struct pet), .fields = pet_fields,
	.check = check_pet,
};

static const struct field listed_fields[] = {
	U32(struct listed, "at", at, LABEL, NULL, NULL, .max = 3),
	U64(struct listed, "v", v, COUNTER, "requests", NULL),
	END,
};

static const struct shape listed_shape = {
	.name = "listed", .size = sizeof(struct listed), .fields = listed_fields,
};

static const struct list listed_list = {&listed_shape, get_listed, NULL, put_listed};

static const struct field numbers[] = {
	TIME(struct box, "time", time_ns, "UTC."),
	NANOS(struct box, "time_ns", time_ns, GAUGE, NULL),
	U64(struct box, "count", count, COUNTER, "requests", "Said \"so\".", .min = 1),
	U64(struct box, "zero", zero, GAUGE, "ns", "null: none.", .null = NULL_ZERO),
	S64(struct box, "depth", depth, GAUGE, "pages", NULL),
	S64(struct box, "lowest", lowest, GAUGE, "pages", NULL, .null = NULL_LOWEST),
	U32(struct box, "small", small, LABEL, NULL, NULL, .max = 9),
	INDEX(struct box, "index", index, NULL),
	BOOL(struct box, "yes", yes, NULL),
	FLAG(struct box, "flag", flags, 4, NULL),
	HEX(struct box, "hex", hex, NULL),
	MASK(struct box, "mask", mask, NULL),
	NAME(struct box, "name", name, letter, NULL),
	NAMES(struct box, "names", names, letter, 2, NULL),
	NAMED(struct box, "named", named, letter, "requests", NULL),
	{FIELD(COUNTS, "counts", GAUGE, "blocks", NULL), .at = offsetof(struct box, counts), .arg = 3},
	U64(struct box, "known", known, GAUGE, NULL, NULL, .null = NULL_OR, .has = has_known, .mark = mark_known),
	U64(struct box, "old", zero, GAUGE, NULL, NULL, .null = NULL_UNLESS, .has = is_yes, .optional = true),
	SUM("twice", twice, COUNTER, NULL, NULL),
	NUMBER("double", twice, COUNTER, NULL, NULL),
	TRUTH("even", is_even, NULL),
	END,
};

static const struct shape numbers_shape = {
	.name = "numbers", .type = "n", .size = sizeof(struct box), .fields = numbers,
	.text = "Numbers.",
};

static const struct field objects[] = {
	TEXT(struct box, "text", text, NULL),
	TEXT(struct box, "empty", empty, NULL),
	TEXTS(struct box, "words", words, NULL),
	WORDING("wording", wording, NULL),
	WORDING("worded", worded_name, NULL, .name_of = letter),
	OBJECT(struct box, "first", first, pet_shape, NULL),
	ARRAY(struct box, "pets", pet, pets, pet_shape, NULL),
	LIST("listed", listed_list, 4, NULL),
	INLINE(struct box, latency, latency_shape),
	END,
};
/* clang-format on */

static const struct shape objects_shape = {
	.name = "objects",
	.type = "o",
	.size = sizeof(struct box),
	.fields = objects,
};

static const struct box full = {
	.count = 3,
	.zero = 5,
	.known = 7,
	.time_ns = 1700000000ULL * 1000000000 + 1,
	.mask = 1ULL << 40,
	.named = {8, 9},
	.depth = -4,
	.lowest = -9,
	.small = 9,
	.flags = 4,
	.hex = 0x820,
	.name = 1,
	.names = 3,
	.counts = {1, 2, 3},
	.index = 2,
	.yes = true,
	.has_known = true,
	.text = "t\"x",
	.words = {"one", "two"},
	.first = {"cat", 4},
	.pet = {{"hen", 2}, {"eel", 0}},
	.pets = 2,
	.latency = {.bucket = {[3] = 2, [LAB_LAT_BUCKETS - 1] = 1}, .sum_ns = 50, .max_ns = 44},
	.listed = {0, 6, 0, 7},
};

static const struct box bare = {.count = 1, .index = -1, .lowest = INT64_MIN};

#define FULL_NUMBERS                                                                               \
	"{\"type\":\"n\",\"schema\":2,\"time\":\"2023-11-14T22:13:20.000000001Z\","                \
	"\"time_ns\":1700000000000000001,\"count\":3,\"zero\":5,\"depth\":-4,\"lowest\":-9,"       \
	"\"small\":9,\"index\":2,\"yes\":true,\"flag\":true,\"hex\":\"0x820\","                    \
	"\"mask\":\"0x10000000000\",\"name\":\"b\",\"names\":[\"a\",\"b\"],"                       \
	"\"named\":{\"a\":8,\"b\":9},\"counts\":[1,2,3],\"known\":7,\"old\":5,\"twice\":6,"        \
	"\"double\":6,\"even\":false}"
#define BARE_NUMBERS                                                                               \
	"{\"type\":\"n\",\"schema\":2,\"time\":\"1970-01-01T00:00:00.000000000Z\","                \
	"\"time_ns\":0,\"count\":1,\"zero\":null,\"depth\":0,\"lowest\":null,"                     \
	"\"small\":0,\"index\":null,\"yes\":false,\"flag\":false,\"hex\":\"0x0\","                 \
	"\"mask\":null,\"name\":\"a\",\"names\":[],\"named\":{\"a\":0,\"b\":0},"                   \
	"\"counts\":[0,0,0],\"known\":null,\"old\":null,\"twice\":2,\"double\":2,\"even\":false}"
#define FULL_OBJECTS                                                                               \
	"{\"type\":\"o\",\"schema\":2,\"text\":\"t\\\"x\",\"empty\":null,"                         \
	"\"words\":[\"one\",\"two\"],\"wording\":\"4 legs\",\"worded\":\"b\","                     \
	"\"first\":{\"name\":\"cat\",\"legs\":4},"                                                 \
	"\"pets\":[{\"name\":\"hen\",\"legs\":2},{\"name\":\"eel\",\"legs\":0}],"                  \
	"\"listed\":[{\"at\":1,\"v\":6},{\"at\":3,\"v\":7}],"                                      \
	"\"latency_count\":3,\"latency_sum_ns\":50,\"latency_max_ns\":44,"                         \
	"\"latency_ns\":[[3,2],[null,1]]}"

/* ---- lines ---- */

static void check_written(const struct shape *shape, const struct box *b, const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		abort();
	CHECK_EQ(shape_write(f, shape, b, NULL), 0);
	fclose(f);
	CHECK_EQ(len, strlen(expected) + 1);
	CHECK_MSG(strncmp(text, expected, strlen(expected)) == 0, "%s", text);
	free(text);
}

static void writing(void)
{
	check_written(&numbers_shape, &full, FULL_NUMBERS);
	check_written(&numbers_shape, &bare, BARE_NUMBERS);
	check_written(&objects_shape, &full, FULL_OBJECTS);
}

static int parse(const struct shape *shape, const char *line, struct box *ret,
		 struct stream_error *err)
{
	char type[LINE_TYPE];

	memset(ret, 0, sizeof(*ret));
	memset(err, 0, sizeof(*err));
	return shape_parse(shape, line, strlen(line), ret, type, err);
}

/* What is read and written again is the same line. */
static void reading(void)
{
	struct stream_error err;
	struct box b;

	CHECK_MSG(parse(&numbers_shape, FULL_NUMBERS, &b, &err) == 0, "%s", err.text);
	check_written(&numbers_shape, &b, FULL_NUMBERS);
	CHECK(b.has_known && b.known == 7 && b.depth == -4 && b.flags == 4 && b.names == 3);
	CHECK_MSG(parse(&numbers_shape, BARE_NUMBERS, &b, &err) == 0, "%s", err.text);
	CHECK(memcmp(&b, &bare, sizeof(b)) == 0);
	CHECK_MSG(parse(&objects_shape, FULL_OBJECTS, &b, &err) == 0, "%s", err.text);
	CHECK(b.pets == 2 && b.pet[1].legs == 0 && b.listed[3] == 7);
	b.name = 1; /* of this shape only a wording */
	check_written(&objects_shape, &b, FULL_OBJECTS);
}

/* What a reader with doubles makes of numbers beyond 2^53 is undone by their texts. */
static void rounded(void)
{
	static const char line[] =
		"{\"type\":\"n\",\"schema\":2,\"time\":\"2023-11-14T22:13:20.000000001Z\","
		"\"time_ns\":1700000000000000000,\"count\":9007199254740992,"
		"\"count_exact\":\"9007199254740993\",\"zero\":9223372036854775000,"
		"\"zero_exact\":\"9223372036854775807\",";
	const char *rest = strstr(FULL_NUMBERS, "\"depth\"");
	const char *twice = strstr(rest, "\"old\"");
	struct stream_error err;
	struct box b, huge = full;
	char text[2048];

	huge.count = (1ULL << 53) + 1;
	huge.zero = INT64_MAX;
	snprintf(text, sizeof(text),
		 "%s%.*s\"old\":9223372036854775000,\"old_exact\":\"9223372036854775807\","
		 "\"twice\":18014398509481984,\"twice_exact\":\"18014398509481986\","
		 "\"double\":0,\"even\":false}",
		 line, (int)(twice - rest), rest);
	CHECK_MSG(parse(&numbers_shape, text, &b, &err) == 0, "%s", err.text);
	CHECK(b.count == huge.count && b.zero == huge.zero && b.time_ns == huge.time_ns);
	*strstr(text, "740993") = '8';
	CHECK(parse(&numbers_shape, text, &b, &err) < 0);
	CHECK_MSG(strstr(err.text, "count: 9007199254740992, where its text says 9007199254840993"),
		  "%s", err.text);
	huge.time_ns = 0;
	check_written(&numbers_shape, &huge,
		      "{\"type\":\"n\",\"schema\":2,\"time\":\"1970-01-01T00:00:00.000000000Z\","
		      "\"time_ns\":0,\"count\":9007199254740993,\"count_exact\":"
		      "\"9007199254740993\",\"zero\":9223372036854774784,\"zero_exact\":"
		      "\"9223372036854775807\",\"depth\":-4,\"lowest\":-9,\"small\":9,\"index\":2,"
		      "\"yes\":true,\"flag\":true,\"hex\":\"0x820\",\"mask\":\"0x10000000000\","
		      "\"name\":\"b\",\"names\":[\"a\",\"b\"],\"named\":{\"a\":8,\"b\":9},"
		      "\"counts\":[1,2,3],\"known\":7,\"old\":9223372036854774784,\"old_exact\":"
		      "\"9223372036854775807\",\"twice\":18014398509481986,\"twice_exact\":"
		      "\"18014398509481986\",\"double\":18014398509481986,\"double_exact\":"
		      "\"18014398509481986\",\"even\":false}");
}

/* Schema 1 had no text that is exact, and the largest number for no bound. */
static void first_schema(void)
{
	struct stream_error err;
	char text[2048];
	struct box b;

	snprintf(text, sizeof(text), "%s", FULL_NUMBERS);
	strstr(text, "\"schema\":2")[9] = '1';
	memcpy(strstr(text, "2023-11-14"), "2024", 4);
	CHECK_MSG(parse(&numbers_shape, text, &b, &err) == 0, "%s", err.text);
	CHECK_EQ(b.time_ns, full.time_ns);
	snprintf(text, sizeof(text), "%.*s[9223372036854775807,1]]}",
		 (int)(strstr(FULL_OBJECTS, "[null") - FULL_OBJECTS), FULL_OBJECTS);
	CHECK_MSG(parse(&objects_shape, text, &b, &err) == 0, "%s", err.text);
	CHECK_EQ(b.latency.bucket[LAB_LAT_BUCKETS - 1], 1);
}

/* The line with the first `from` replaced is refused, and exactly this is said. */
static void refuse(const struct shape *shape, const char *line, const char *from, const char *to,
		   const char *said)
{
	const char *at = strstr(line, from);
	struct stream_error err;
	struct box b;
	char *bad;

	if (!at || asprintf(&bad, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from)) < 0)
		abort();
	CHECK_MSG(parse(shape, bad, &b, &err) < 0, "%s passes", bad);
	CHECK_MSG(strcmp(err.text, said) == 0, "says \"%s\", not \"%s\"", err.text, said);
	free(bad);
}

static void refusals(void)
{
	static const char *const number[][3] = {
		{"\"schema\":2", "\"schema\":3",
		 "schema: 3, and this labyrinth reads schemas 1 to 2"},
		{"2023-11-14T22:13:20.000000001Z", "2023-11-14T22:13:20.000000001",
		 "time: \"2023-11-14T22:13:20.000000001\" is not a time as "
		 "0000-00-00T00:00:00.000000000Z"},
		{"2023-11-14T", "2023-02-30T",
		 "time: \"2023-02-30T22:13:20.000000001Z\" is not a time as "
		 "0000-00-00T00:00:00.000000000Z"},
		{"2023-11-14T", "2023-11-1xT",
		 "time: \"2023-11-1xT22:13:20.000000001Z\" is not a time as "
		 "0000-00-00T00:00:00.000000000Z"},
		{"\"time_ns\":1700000000000000001", "\"time_ns\":1700000000000002001",
		 "time_ns: 1700000000000002001, where its text says 1700000000000000001"},
		{"\"count\":3", "\"count\":0", "count: 0 is out of range"},
		{"\"count\":3", "\"cuont\":3", "count: this key is missing"},
		{"\"count\":3", "\"count\":null", "count: null where an integer belongs"},
		{"\"count\":3", "\"count\":4", "twice: 6, and its parts come to 8"},
		{"\"zero\":5", "\"zero\":\"\"", "zero: a string where an integer belongs"},
		{"\"depth\":-4", "\"depth\":null", "depth: null where an integer belongs"},
		{"\"lowest\":-9", "\"lowest\":-9223372036854775808",
		 "lowest: -9223372036854775808 is out of range"},
		{"\"small\":9", "\"small\":10", "small: 10 is out of range"},
		{"\"index\":2", "\"index\":-1", "index: -1 is out of range"},
		{"\"yes\":true", "\"yes\":1", "yes: an integer where true or false belongs"},
		{"\"flag\":true", "\"flag\":null", "flag: null where true or false belongs"},
		{"\"0x820\"", "\"820\"", "hex: \"820\" is not a number as 0x820"},
		{"\"0x820\"", "\"0x123456789\"", "hex: \"0x123456789\" is not a number as 0x820"},
		{"\"name\":\"b\"", "\"name\":\"c\"", "name: \"c\" is not known"},
		{"[\"a\",\"b\"]", "[\"a\",\"b\",\"a\"]",
		 "names: 3 entries, and there can be no more than 2"},
		{"\"a\":8", "\"c\":8", "named.a: this key is missing"},
		{"[1,2,3]", "[1,2]", "counts: 2 entries, and there are 3 of them"},
		{"[1,2,3]", "[1,2,-3]", "counts: -3 is out of range"},
		{"\"known\":7", "\"known\":[]", "known: an array where an integer belongs"},
	};
	static const char *const object[][3] = {
		{"\"empty\":null", "\"empty\":\"12345678\"",
		 "empty: a string of more than 7 bytes"},
		{"[\"one\",\"two\"]", "[\"one\",\"two\",\"\"]",
		 "words: 3 entries, and there can be no more than 2"},
		{"\"first\":{", "\"first\":7,\"x\":{", "first: an integer where an object belongs"},
		{"\"legs\":4", "\"legs\":101", "first.legs: too many"},
		{"\"legs\":2", "\"legs\":-1", "pets[0].legs: -1 is out of range"},
		{"\"legs\":0", "\"legs\":200", "pets[1].legs: too many"},
		{"\"pets\":[", "\"pets\":[7,", "pets[0].: an integer where an object belongs"},
		{"\"pets\":[", "\"pets\":[{},{},",
		 "pets: 4 entries, and there can be no more than 3"},
		{"\"at\":3", "\"at\":4", "listed[1].at: 4 is out of range"},
		{"\"at\":3", "\"at\":1", "listed[1].at: 1 comes twice"},
		{"[3,2]", "[3,1]", "latency_count: 3, and its parts come to 2"},
	};

	for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++)
		refuse(&numbers_shape, FULL_NUMBERS, number[i][0], number[i][1], number[i][2]);
	for (size_t i = 0; i < sizeof(object) / sizeof(object[0]); i++)
		refuse(&objects_shape, FULL_OBJECTS, object[i][0], object[i][1], object[i][2]);
}

/* What older recordings do not have, and what newer ones add. */
static void other_keys(void)
{
	static const char more[] = "{\"new\":[{}],", without[] = ",\"old\":5";
	const char *at = strstr(FULL_NUMBERS, without);
	struct stream_error err;
	struct box b;
	char *line;

	if (asprintf(&line, "%s%.*s%s", more, (int)(at - FULL_NUMBERS - 1), FULL_NUMBERS + 1,
		     at + strlen(without)) < 0)
		abort();
	CHECK_MSG(parse(&numbers_shape, line, &b, &err) == 0, "%s", err.text);
	check_written(&numbers_shape, &b, FULL_NUMBERS);
	free(line);
	CHECK_EQ(parse(&objects_shape, FULL_NUMBERS, &b, &err), -ENOMSG);
}

/* ---- the description ---- */

static char *described(void)
{
	static const struct schema_about about = {"stream, schema", "Lines.", false};
	const struct shape *lines[] = {&numbers_shape, &objects_shape};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		abort();
	CHECK_EQ(schema_write(f, &about, lines, 2), 0);
	fclose(f);
	return text;
}

static void schema(void)
{
	static const char *const parts[] = {
		"\"oneOf\":[{\"$ref\":\"#/$defs/numbers\"},{\"$ref\":\"#/$defs/objects\"}]",
		"\n        \"type\":{\"const\":\"n\"},\n        \"schema\":{\"const\":2},\n",
		"\"time\":{\"$ref\":\"#/$defs/time\",\"description\":\"UTC.\"}",
		"\"count\":{\"$ref\":\"#/$defs/count\",\"minimum\":1,\"x-kind\":\"counter\","
		"\"x-unit\":\"requests\",\"description\":\"Said \\\"so\\\".\"}",
		"\"zero\":{\"type\":[\"integer\",\"null\"],\"minimum\":0,"
		"\"maximum\":9223372036854774784,\"x-kind\":\"gauge\",\"x-unit\":\"ns\","
		"\"description\":\"null: none.\"}",
		"\"lowest\":{\"type\":[\"integer\",\"null\"],\"x-kind\":\"gauge\",",
		"\"small\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9}",
		"\"yes\":{\"type\":\"boolean\"}",
		"\"mask\":{\"type\":[\"string\",\"null\"],\"pattern\":\"^0x[0-9a-f]+$\"}",
		"\"name\":{\"enum\":[\"a\",\"b\"]}",
		"\"named\":{\"type\":\"object\",\"required\":[\"a\",\"b\"],\"properties\":{\"a\":{"
		"\"$ref\":\"#/$defs/count\"},\"b\":{\"$ref\":\"#/$defs/count\"}},\"x-kind\":",
		"\"pets\":{\"type\":\"array\",\"maxItems\":3,\"items\":{\"$ref\":\"#/$defs/pet\"}}",
		"\"latency_ns\":{\"$ref\":\"#/$defs/buckets\",\"x-kind\":\"histogram\",",
		"\n    \"pet\":{\n      \"type\":\"object\",\n      \"description\":\"An "
		"animal.\",\n      \"required\":[\"name\",\"legs\"],\n      \"properties\":{\n"
		"        \"name\":{\"type\":\"string\"},\n        \"legs\":{\"type\":\"integer\","
		"\"minimum\":0,\"maximum\":4294967295,\"x-kind\":\"gauge\",\"x-unit\":\"legs\","
		"\"description\":\"How many.\"}\n      }\n    }",
	};
	char *text = described(), *first;
	json_error_t je;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &je);

	CHECK_MSG(root != NULL, "%s in %s", je.text, text);
	json_decref(root);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		CHECK_MSG(strstr(text, parts[i]), "there is no %s in %s", parts[i], text);
	first = strstr(text, "\n    \"pet\":");
	CHECK_MSG(first && !strstr(first + 1, "\n    \"pet\":"), "a shape is described twice");
	free(text);
}

static const struct test_case cases[] = {
	{"writing", writing},		{"reading", reading}, {"refusals", refusals},
	{"other_keys", other_keys},	{"schema", schema},   {"rounded", rounded},
	{"first_schema", first_schema},
};

TEST_MAIN("shape", cases)
