// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* rules.c - the allocator's rules by kernel release. */
#include "model/rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct verdict_rules verdict_rules_default(void)
{
	return (struct verdict_rules){
		.reserve_by_any_right = true,
		.reserve_for_order_0 = true,
		.reserve_needs_high = true,
	};
}

struct verdict_rules verdict_rules_old(void)
{
	return (struct verdict_rules){.harder_by_bit = true, .harder_alone_dips = true};
}

#define PATCH_MOST 100000UL

static bool number(const char **p, unsigned int *ret)
{
	char *end;
	unsigned long v;

	if (!isdigit((unsigned char)**p))
		return false;
	v = strtoul(*p, &end, 10);
	*ret = v < PATCH_MOST ? (unsigned int)v : PATCH_MOST;
	*p = end;
	return true;
}

/* "6.1.76": whether there is a patch level is the return value. */
static bool numbers(const char *p, struct kernel_release *r)
{
	r->known = number(&p, &r->major) && *p++ == '.' && number(&p, &r->minor);
	return r->known && *p == '.' && (p++, number(&p, &r->patch));
}

struct kernel_release release_parse(const char *word, const char *package)
{
	struct kernel_release r = {0}, own = {0};
	const char *debian = package ? strstr(package, "Debian ") : NULL;

	if (debian && numbers(debian + strlen("Debian "), &own)) {
		own.patch_known = true;
		return own;
	}
	r.patch_known = numbers(word, &r);
	if (!r.known)
		return (struct kernel_release){0};
	/* A distribution counts behind a patch level of 0; "6.6.0-rc1" and "6.6.0" are what they
	 * say. */
	if (r.patch_known && !r.patch && strchr(word, '-') && !strstr(word, "-rc"))
		r.patch_known = false;
	return r;
}

bool release_since(const struct kernel_release *r, unsigned int major, unsigned int minor)
{
	return !r->known || r->major > major || (r->major == major && r->minor >= minor);
}

static bool is_series(const struct kernel_release *r, unsigned int major, unsigned int minor)
{
	return r->known && r->major == major && r->minor == minor;
}

/* The rework of the reserves: 6.3, and commit 281dd25c1a01 with what it needs in two series. */
static bool is_reworked(const struct kernel_release *r)
{
	if (is_series(r, 5, 15))
		return r->patch_known && r->patch >= 171;
	if (is_series(r, 6, 1))
		return r->patch_known && r->patch >= 116;
	return release_since(r, 6, 3);
}

/* Order 0 may be taken out of exclusive blocks as a last resort. */
static bool takes_for_order_0(const struct kernel_release *r)
{
	if (is_series(r, 6, 6))
		return r->patch >= 60;
	if (is_series(r, 6, 11))
		return r->patch >= 7;
	return release_since(r, 6, 12) || is_series(r, 5, 15) || is_series(r, 6, 1);
}

/* With __GFP_HIGH only: of 8/2025, and in the series that were still maintained then. */
static bool takes_with_high_only(const struct kernel_release *r)
{
	if (is_series(r, 6, 6))
		return r->patch > 9;
	return release_since(r, 6, 16) || is_series(r, 6, 12) || is_series(r, 5, 15) ||
	       is_series(r, 6, 1);
}

static struct verdict_rules reworked(const struct kernel_release *r)
{
	struct verdict_rules rules = verdict_rules_default();

	rules.reserve_for_order_0 = takes_for_order_0(r);
	rules.reserve_needs_high = takes_with_high_only(r);
	return rules;
}

static struct verdict_rules before_rework(const struct kernel_release *r)
{
	struct verdict_rules rules = verdict_rules_old();

	rules.boost_always = !release_since(r, 5, 9);
	rules.half_by_order = !release_since(r, 4, 4);
	return rules;
}

struct verdict_rules rules_of_release(const struct kernel_release *r)
{
	return is_reworked(r) ? reworked(r) : before_rework(r);
}

const char *rules_name(const struct verdict_rules *rules)
{
	return rules->harder_by_bit ? "Linux up to 6.2" : "Linux 6.3 and later";
}

bool rules_in_doubt(const struct kernel_release *r, struct verdict_rules *before,
		    struct verdict_rules *after)
{
	if (r->patch_known || !(is_series(r, 5, 14) || is_series(r, 5, 15) || is_series(r, 6, 1)))
		return false;
	*before = before_rework(r);
	*after = reworked(r);
	after->reserve_for_order_0 = true;
	after->reserve_needs_high = true;
	return true;
}
