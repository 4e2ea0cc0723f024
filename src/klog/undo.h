/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* undo.h - what is written differently inside a line: colours, quotes, escapes. Pure. */
#ifndef LAB_KLOG_UNDO_H
#define LAB_KLOG_UNDO_H

#include <stdbool.h>
#include <stddef.h>

/* Takes out colours and other control sequences, but tabs. Returns the new length; s ends with a
 * NUL then, for which there must be room. */
size_t undo_controls(char *s, size_t len);

/* Length of "> > " and what else mail puts before a line. */
size_t undo_quote(const char *s);

/* Is it quoted-printable? There "=" itself is "=3D", and the header of a report has several. */
bool undo_is_qp(const char *s);

/* Decodes it in place, but soft line ends. Returns the new length. */
size_t undo_qp(char *s, size_t len);

/* Length of an escaped newline or tab at p: "#012", "\x0a", "\n", "\012"; 0 when it is none. *is
 * becomes '\n' or ' '. */
size_t undo_newline(const char *p, char *is);

#endif
