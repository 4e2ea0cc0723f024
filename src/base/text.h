/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * text.h - names as they come from outside: a task, a machine or a recording may have any byte in
 * them. They are cleaned where they come in, and so reach neither a terminal nor a file raw.
 */
#ifndef LAB_BASE_TEXT_H
#define LAB_BASE_TEXT_H

#include <stddef.h>

/* Bytes of the UTF-8 character there (RFC 3629); 0: none. */
size_t text_character(const char *at);

/* What is a control character or no UTF-8 becomes '?', a byte each: DEL and U+0080 to U+009F too.
 */
void text_clean(char *s);

#endif
