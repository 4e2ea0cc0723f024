// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* scan.c - Wu and Manber's search for several words: most windows are left behind unread. */
#include "base/scan.h"

#include <string.h>

static unsigned int pair(const char *p)
{
	return (unsigned int)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

void scan_init(struct scan *s, const char *const *words, unsigned int n)
{
	s->n = n < SCAN_WORDS ? n : SCAN_WORDS;
	memset(s->skip, SCAN_WORD - 1, sizeof(s->skip));
	for (unsigned int i = 0; i < s->n; i++) {
		s->words[i] = words[i];
		for (unsigned int at = 0; at + 2 <= SCAN_WORD; at++) {
			unsigned char *skip = &s->skip[pair(words[i] + at)];
			unsigned char to_end = (unsigned char)(SCAN_WORD - 2 - at);

			if (to_end < *skip)
				*skip = to_end;
		}
	}
}

const char *scan_find(const struct scan *s, const char *text, size_t len)
{
	const char *end = text + len;

	while (end - text >= SCAN_WORD) {
		unsigned int skip = s->skip[pair(text + SCAN_WORD - 2)];

		if (skip) {
			text += skip;
			continue;
		}
		for (unsigned int i = 0; i < s->n; i++)
			if (memcmp(text, s->words[i], SCAN_WORD) == 0)
				return text;
		text++;
	}
	return NULL;
}
