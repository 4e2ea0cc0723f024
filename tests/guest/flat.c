// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * flat - lines of JSON as lines of "LINE KEY VALUE", one a number, bool or string.
 *
 *	flat [LINE...] <STREAM
 *
 * Members are joined by dots. An element of an array is named by what identifies it, so that two
 * reports can be subtracted: a row by class and context, a kind by its mask, a site by driver and
 *function, a mistake by its driver, an order or failure by its order, a zone, hook or mode by its
 *name, a pair of numbers by its first. Guests are emulated, and this takes a hundredth of what jq
 *takes there.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long line_number;

static void flatten(const char *path, json_t *value);

static const char *text(json_t *element, const char *key)
{
	return json_string_value(json_object_get(element, key)) ?: "-";
}

static void element_name(char *name, size_t size, json_t *element, size_t index)
{
	static const char *const keys[] = {"name", "mode"};
	json_t *order = json_object_get(element, "order");
	size_t i;

	if (json_object_get(element, "mistake")) {
		snprintf(name, size, "%s.%s", text(element, "mistake"), text(element, "driver"));
		return;
	}
	if (json_object_get(element, "requests_sampled")) {
		snprintf(name, size, "%s.%s", text(element, "driver"), text(element, "site"));
		return;
	}
	if (json_object_get(element, "rights")) { /* a kind of request */
		snprintf(name, size, "%s", text(element, "gfp"));
		return;
	}
	if (json_object_get(element, "class")) {
		snprintf(name, size, "%s.%s", json_string_value(json_object_get(element, "class")),
			 json_string_value(json_object_get(element, "context")));
		return;
	}
	if (order) {
		snprintf(name, size, "%lld", (long long)json_integer_value(order));
		return;
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *key = json_object_get(element, keys[i]);

		if (key) {
			snprintf(name, size, "%s", json_string_value(key));
			return;
		}
	}
	snprintf(name, size, "%zu", index);
}

static void flatten_pair(const char *path, json_t *pair)
{
	char key[256];

	snprintf(key, sizeof(key), "%s.%lld", path,
		 (long long)json_integer_value(json_array_get(pair, 0)));
	flatten(key, json_array_get(pair, 1));
}

static void flatten_array(const char *path, json_t *array)
{
	char key[256], name[100];
	json_t *element;
	size_t i;

	json_array_foreach(array, i, element)
	{
		if (json_is_array(element)) {
			flatten_pair(path, element);
			continue;
		}
		element_name(name, sizeof(name), element, i);
		snprintf(key, sizeof(key), "%s.%s", path, name);
		flatten(key, element);
	}
}

static void flatten(const char *path, json_t *value)
{
	char key[256];
	const char *name;
	json_t *member;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		json_object_foreach(value, name, member)
		{
			snprintf(key, sizeof(key), "%s%s%s", path, *path ? "." : "", name);
			flatten(key, member);
		}
		break;
	case JSON_ARRAY:
		flatten_array(path, value);
		break;
	case JSON_INTEGER:
		printf("%lu %s %lld\n", line_number, path, (long long)json_integer_value(value));
		break;
	case JSON_STRING:
		printf("%lu %s %s\n", line_number, path, json_string_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		printf("%lu %s %d\n", line_number, path, json_is_true(value));
		break;
	default:
		printf("%lu %s null\n", line_number, path);
		break;
	}
}

static int wanted(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strtoul(argv[i], NULL, 10) == line_number)
			return 1;
	}
	return argc < 2;
}

int main(int argc, char **argv)
{
	size_t size = 0;
	char *line = NULL;
	json_error_t error;
	json_t *root;

	while (getline(&line, &size, stdin) > 0) {
		line_number++;
		if (!wanted(argc, argv))
			continue;
		root = json_loads(line, 0, &error);
		if (!root) {
			fprintf(stderr, "flat: line %lu: %s\n", line_number, error.text);
			return 1;
		}
		flatten("", root);
		json_decref(root);
	}
	return 0;
}
