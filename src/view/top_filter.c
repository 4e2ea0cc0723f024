// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_filter.c - see top_filter.h. */
#include "view/top_filter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "model/names.h"

/* ---- a text ---- */

/* The bit of a name, or -EINVAL. */
static int add_name(const char *word, const char *(*name)(unsigned int), __u32 *mask)
{
	for (unsigned int i = 0; name(i); i++)
		if (strcmp(word, name(i)) == 0) {
			*mask |= 1U << i;
			return 0;
		}
	return -EINVAL;
}

static int add_value(struct top_filter *f, const char *key, char *value)
{
	if (strcmp(key, "class") == 0)
		return add_name(value, class_name, &f->classes);
	if (strcmp(key, "ctx") == 0 || strcmp(key, "context") == 0)
		return add_name(value, context_name, &f->contexts);
	if (strcmp(key, "order") == 0)
		return parse_orders(value, &f->orders);
	if (strcmp(key, "driver") != 0 || !value[0])
		return -EINVAL;
	snprintf(f->driver, sizeof(f->driver), "%.31s", value);
	return 0;
}

/* "class=atomic,nowait" */
static int add_word(struct top_filter *f, char *word)
{
	char *equal = strchr(word, '='), *rest, *value;
	int r = 0;

	if (!equal)
		return -EINVAL;
	*equal = '\0';
	for (value = strtok_r(equal + 1, ",", &rest); value && !r;
	     value = strtok_r(NULL, ",", &rest))
		r = add_value(f, word, value);
	return r ?: equal[1] ? 0 : -EINVAL;
}

int top_filter_parse(struct top_filter *f, const char *text)
{
	struct top_filter new = {0};
	char copy[TOP_FILTER], *rest, *word;
	int r = 0;

	snprintf(new.text, sizeof(new.text), "%s", text);
	memcpy(copy, new.text, sizeof(copy));
	for (word = strtok_r(copy, " ", &rest); word && !r; word = strtok_r(NULL, " ", &rest))
		r = add_word(&new, word);
	if (!r)
		*f = new;
	return r;
}

/* ---- what it wants ---- */

static bool has(__u32 mask, __u32 bit)
{
	return !mask || (bit < 32 && mask & 1U << bit);
}

static bool of_driver(const struct top_filter *f, const char *driver)
{
	return !f->driver[0] || strstr(driver, f->driver);
}

static __u32 order_bit(__u32 order)
{
	return order < LAB_ORDERS ? order : LAB_ORDERS - 1;
}

bool top_filter_row(const struct top_filter *f, unsigned int cls, unsigned int context)
{
	return has(f->classes, cls) && has(f->contexts, context);
}

bool top_filter_site(const struct top_filter *f, const struct why_site *s)
{
	const struct why_case *c = &s->example;

	if (!of_driver(f, s->driver))
		return false;
	return !s->has_example ||
	       (has(f->classes, lab_class_of(c->gfp)) && has(f->contexts, c->context) &&
		has(f->orders, order_bit(c->order)));
}

bool top_filter_event(const struct top_filter *f, const struct top_event *e)
{
	return of_driver(f, e->driver) && has(f->classes, e->cls) && has(f->contexts, e->context) &&
	       has(f->orders, order_bit(e->order));
}
