// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* undo.c - colours, quotes, quoted-printable and escaped newlines. */
#include "klog/undo.h"

#include <string.h>

static bool is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' && p[2] >= '0' &&
	       p[2] <= '7';
}

size_t undo_newline(const char *p, char *is)
{
	*is = '\n';
	if (p[0] == '#' && is_octal(p + 1)) {
		*is = strncmp(p + 1, "012", 3) == 0 ? '\n' : ' ';
		return strncmp(p + 1, "012", 3) == 0 || strncmp(p + 1, "011", 3) == 0 ? 4 : 0;
	}
	if (p[0] != '\\')
		return 0;
	if (strncmp(p + 1, "x0a", 3) == 0 || strncmp(p + 1, "x0A", 3) == 0 ||
	    strncmp(p + 1, "012", 3) == 0)
		return 4;
	return p[1] == 'n' && (p[2] == ' ' || p[2] == '\0') ? 2 : 0;
}

size_t undo_controls(char *s, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\033' && i + 1 < len && s[i + 1] == '[') {
			for (i += 2; i < len && (s[i] < '@' || s[i] > '~'); i++)
				;
			continue;
		}
		if (c == '\r' || c == '\0' || (c < ' ' && c != '\t') || c == 0x7f)
			continue;
		/* A no-break space, and the mark that begins a file. */
		if (c == 0xc2 && i + 1 < len && (unsigned char)s[i + 1] == 0xa0) {
			s[out++] = ' ';
			i++;
			continue;
		}
		s[out++] = (char)c;
	}
	s[out] = '\0';
	return out;
}

size_t undo_quote(const char *s)
{
	size_t n = 0, end = 0;

	while (s[n] == '>' || s[n] == ' ') {
		bool mark = s[n++] == '>';

		if (mark)
			end = n;
	}
	return end ? end + (s[end] == ' ') : 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t undo_qp(char *s, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (s[i] == '=' && i + 2 < len + 0 && (high = hex_digit(s[i + 1])) >= 0 &&
		    (low = hex_digit(s[i + 2])) >= 0) {
			char c = (char)(high << 4 | low);

			s[out++] = c == '\0' || c == '\n' ? ' ' : c;
			i += 2;
			continue;
		}
		s[out++] = s[i];
	}
	s[out] = '\0';
	return out;
}

bool undo_is_qp(const char *s)
{
	return strstr(s, "=3D") || strstr(s, "=20") || strstr(s, "=09");
}
