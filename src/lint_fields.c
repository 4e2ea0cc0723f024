// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lint_fields.c - the keys of a mistake in the JSON stream and where their values live. Order is
 * output order.
 */
#include "lint.h"

/* One line a key. */
/* clang-format off */
#define AT(type, name, member, of_kind) .key = name, .offset = offsetof(type, member), .kind = of_kind
#define U64(type, name, member) {AT(type, name, member, FIELD_U64)}
#define HEX(type, name, member) {AT(type, name, member, FIELD_HEX)}
#define NAME(type, name, member, names) {AT(type, name, member, FIELD_NAME), .name_of = (names)}
#define TEXT(type, name, member) \
	{AT(type, name, member, FIELD_TEXT), .arg = sizeof(((type *)0)->member)}
#define END {.key = NULL}

const struct field lint_identity_fields[] = {
	NAME(struct lint_finding, "mistake", mistake, mistake_name),
	TEXT(struct lint_finding, "driver", driver),
	TEXT(struct lint_finding, "site", site),
	HEX(struct lint_finding, "gfp", gfp),
	END,
};

const struct field lint_known_fields[] = {
	TEXT(struct lint_finding, "via", via),
	U64(struct lint_finding, "seen_orders_mask", orders),
	U64(struct lint_finding, "stack_times", stack_times),
	END,
};
/* clang-format on */
