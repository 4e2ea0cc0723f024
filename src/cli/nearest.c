// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* nearest.c - see nearest.h. */
#include "cli/nearest.h"

#include <string.h>

#include "base/util.h"

#define LETTERS 32 /* longer words are not names */

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Letters to put in, to take out, to change, or to swap with their neighbours (optimal string
 * alignment), until one is the other. Both are shorter than LETTERS. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[LETTERS + 1][LETTERS + 1];
	size_t m = strlen(a), n = strlen(b);

	for (size_t i = 0; i <= m; i++)
		d[i][0] = (unsigned int)i;
	for (size_t j = 0; j <= n; j++)
		d[0][j] = (unsigned int)j;
	for (size_t i = 1; i <= m; i++)
		for (size_t j = 1; j <= n; j++) {
			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
					d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[m][n];
}

const char *nearest(const char *word, const char *(*name)(unsigned int i))
{
	/* A third of its letters may be wrong, and one of a short word. */
	size_t len = strcspn(word, "=");
	unsigned int most = len < 6 ? 1 : (unsigned int)len / 3;
	const char *best = NULL, *candidate;
	char typed[LETTERS];

	if (len >= sizeof(typed))
		return NULL;
	memcpy(typed, word, len);
	typed[len] = '\0';
	for (unsigned int i = 0; (candidate = name(i)); i++) {
		unsigned int d =
			strlen(candidate) < LETTERS ? distance(typed, candidate) : most + 1;

		if (d <= most) {
			best = candidate;
			most = d ? d - 1 : 0;
		}
		if (!d)
			break;
	}
	return best;
}
