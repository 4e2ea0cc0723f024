// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* text.c - see text.h. */
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

size_t text_character(const char *at)
{
	const unsigned char *c = (const unsigned char *)at;
	size_t n = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;

	if (c[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return n;
}

static bool is_control(const char *at)
{
	unsigned char c = (unsigned char)at[0];

	return c < ' ' || c == 0x7f || (c == 0xc2 && (unsigned char)at[1] < 0xa0);
}

void text_clean(char *s)
{
	while (*s) {
		size_t n = text_character(s);

		if (!n || is_control(s))
			memset(s, '?', n ?: 1);
		s += n ?: 1;
	}
}
