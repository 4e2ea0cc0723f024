/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* nearest.h - what a mistyped word was meant to be. */
#ifndef LAB_CLI_NEAREST_H
#define LAB_CLI_NEAREST_H

/* The name, of those that name(0), name(1), ... give until NULL, that is so like the word that it
 * may have been meant; NULL: none is. */
const char *nearest(const char *word, const char *(*name)(unsigned int i));

#endif
