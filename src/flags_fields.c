// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flags_fields.c - the keys of a kind of request in the JSON stream and where their values live.
 * Order is output order.
 */
#include "flags.h"

/* One line a key. */
/* clang-format off */
#define AT(type, name, member, of_kind) .key = name, .offset = offsetof(type, member), .kind = of_kind
#define U64(type, name, member) {AT(type, name, member, FIELD_U64)}
#define HEX(type, name, member) {AT(type, name, member, FIELD_HEX)}
#define END {.key = NULL}

const struct field flags_kind_fields[] = {
	HEX(struct flags_kind, "gfp", gfp),
	END,
};

const struct field flags_count_fields[] = {
	U64(struct flags_count, "failed_final", failed_final),
	U64(struct flags_count, "failed_opportunistic", failed_opportunistic),
	U64(struct flags_count, "served_low", served[LAB_LEVEL_LOW]),
	U64(struct flags_count, "served_min", served[LAB_LEVEL_MIN]),
	U64(struct flags_count, "served_reserve", served[LAB_LEVEL_RESERVE]),
	U64(struct flags_count, "served_none", served[LAB_LEVEL_NONE]),
	U64(struct flags_count, "served_unknown", served[LAB_LEVEL_UNKNOWN]),
	U64(struct flags_count, "alone", alone),
	U64(struct flags_count, "seen_orders_mask", orders),
	END,
};
/* clang-format on */
