// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fuzz_options.c - any words as a command line, a zero between them. What is taken is in range.
 */
#include "input.h"

#include "cli/parse.h"
#include "wire/gfp.h"
#include "view/view.h"

#define WORDS 32

static void check(const struct options *opt)
{
	if (opt->sample == 0 || opt->sample & (opt->sample - 1))
		abort();
	if (!opt->class_mask || opt->class_mask & ~LAB_CLASS_MASK_ALL)
		abort();
	if (opt->view && opt->view->interval_ns && opt->interval_ns < 1000000)
		abort();
	if (opt->cpu < -1 || opt->cpu > 65535 || !opt->order_mask)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *word[WORDS + 2] = {strdup("labyrinth")};
	struct options opt;
	int n = 1;

	while (size && n <= WORDS) {
		size_t len;
		const uint8_t *part = input_part(&data, &size, &len);

		word[n++] = strndup((const char *)part, len);
	}
	/* getopt moves them. */
	if (!options_parse(&opt, n, word) &&
	    (n < 2 || (strcmp(word[1], "help") != 0 && strcmp(word[1], "completion") != 0)))
		check(&opt);
	for (int i = 0; i < n; i++)
		free(word[i]);
	return 0;
}
