/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* words.h - what may stand first on the command line: the views, and the commands beside them. */
#ifndef LAB_CLI_WORDS_H
#define LAB_CLI_WORDS_H

struct view;

/* The word with that index, views first; NULL behind the last. */
const char *word_name(unsigned int i);

/* The view of that word, serve among them; NULL: it is none (check is none either). */
const struct view *word_view(const char *word);

#endif
