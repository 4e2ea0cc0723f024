// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* prefix.c - the ways in which logs begin a line. */
#include "klog/prefix.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "Nov  8 01:23:40 gate kern.warn kernel: " and longer host names. */
#define LEAD_MOST 160

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const char *s)
{
	size_t n = 0;

	while (digit(s[n]))
		n++;
	return n;
}

static size_t blanks(const char *s)
{
	return strspn(s, " \t");
}

static __s64 micro(const char *s, size_t n)
{
	__s64 v = 0;

	for (size_t i = 0; i < 6; i++)
		v = v * 10 + (i < n ? s[i] - '0' : 0);
	return v;
}

/* "[ 1234.567890]", "[1234.567890s]", "[1234.567890@1]", "[ 1234.567890 <    0.000010>]" */
size_t prefix_stamp(const char *s, __s64 *ret_us)
{
	const char *p = s;
	size_t whole, part;
	__s64 seconds, us;

	if (*p++ != '[')
		return 0;
	p += strspn(p, " ");
	whole = digits(p);
	if (!whole || whole > 12 || p[whole] != '.')
		return 0;
	seconds = strtoll(p, NULL, 10);
	p += whole + 1;
	part = digits(p);
	if (part < 3 || part > 9)
		return 0;
	us = seconds * 1000000 + micro(p, part);
	p += part;
	p += *p == 's';
	if (*p == '@')
		p += 1 + digits(p + 1);
	if (p[0] == ' ' && p[1] == '<')
		p += 2 + strspn(p + 2, " 0123456789.+") + 1;
	if (*p != ']')
		return 0;
	if (ret_us)
		*ret_us = us;
	return (size_t)(p - s) + 1;
}

/* "hh:mm:ss" somewhere in the first len bytes. */
static __s64 wall_second(const char *s, size_t len)
{
	for (size_t i = 0; i + 8 <= len; i++) {
		const char *p = s + i;

		if (digit(p[0]) && digit(p[1]) && p[2] == ':' && digit(p[3]) && digit(p[4]) &&
		    p[5] == ':' && digit(p[6]) && digit(p[7]))
			return atoi(p) * 3600 + atoi(p + 3) * 60 + atoi(p + 6);
	}
	return -1;
}

static bool is_month(const char *s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (const char *p = months; *p; p += 3)
		if (strncmp(s, p, 3) == 0)
			return s[3] == ' ';
	return false;
}

static bool is_weekday(const char *s)
{
	static const char days[] = "MonTueWedThuFriSatSun";

	for (const char *p = days; *p; p += 3)
		if (strncmp(s, p, 3) == 0)
			return s[3] == ' ';
	return false;
}

/* "<4>" */
static size_t level(const char *s)
{
	size_t n = s[0] == '<' ? digits(s + 1) : 0;

	return n && n <= 3 && s[1 + n] == '>' ? n + 2 : 0;
}

/* "kern  :warn  : " of dmesg -x */
static size_t facility(const char *s)
{
	size_t n = strlen("kern"), m;

	if (strncmp(s, "kern", n) != 0)
		return 0;
	n += strspn(s + n, " ");
	if (s[n++] != ':')
		return 0;
	m = strspn(s + n, "abcdefghijklmnopqrstuvwxyz");
	n += m + strspn(s + n + m, " ");
	return m && m <= 7 && s[n] == ':' ? n + 1 + (s[n + 1] == ' ') : 0;
}

/* "2024-01-02", "2024/01/02" or "07-13 " */
static bool is_numbered_date(const char *s)
{
	size_t n = digits(s), m;

	if ((n != 4 && n != 2) || (s[n] != '-' && s[n] != '/'))
		return false;
	m = digits(s + n + 1);
	return m == 2 && wall_second(s, strnlen(s, 24)) >= 0;
}

/* Behind the word "kernel:" that ends what syslog and the journal write; 0 when it is not there. */
static size_t kernel_word(const char *s)
{
	const char *p = s;

	while ((p = strstr(p, "kernel")) && p - s < LEAD_MOST) {
		const char *end = p + strlen("kernel");

		if (*end == '[')
			end += strcspn(end, "]") + 1;
		if (p > s && (p[-1] == ' ' || p[-1] == '.') && *end == ':')
			return (size_t)(end - s) + 1 + (end[1] == ' ');
		/* RFC 5424: "host kernel - - - text" */
		if (p > s && p[-1] == ' ' && strncmp(end, " - - ", 5) == 0)
			return (size_t)(end - s) + 5 + (end[5] == '-' ? 2 : 0);
		p = end;
	}
	return 0;
}

static void copy_date(struct prefix *ret, const char *s, size_t len)
{
	len = len < sizeof(ret->date) - 1 ? len : sizeof(ret->date) - 1;
	snprintf(ret->date, sizeof(ret->date), "%.*s", (int)len, s);
}

/* "Mar 14 08:22:09 host kernel: ", "2025-07-04T16:56:49.589457+00:00 host kernel: " */
static size_t syslog_lead(const char *s, struct prefix *ret)
{
	size_t len = 0, date;

	if (is_month(s))
		date = 15;
	else if (is_numbered_date(s))
		date = strspn(s, "0123456789-/:.,T+Z ");
	else
		return 0;
	while (date && s[date - 1] == ' ')
		date--;
	date = strnlen(s, date);
	len = kernel_word(s);
	if (len < date && is_numbered_date(s))
		len = date + (s[date] == ' ');
	if (!len)
		return 0;
	ret->wall_s = wall_second(s, date);
	copy_date(ret, s, date);
	return len;
}

/* "[Mon Mar 25 23:35:17 2019] " of dmesg -T */
static size_t dmesg_date(const char *s, struct prefix *ret)
{
	size_t len;

	if (s[0] != '[' || !is_weekday(s + 1))
		return 0;
	len = strcspn(s, "]\n");
	if (s[len] != ']' || len > 40 || len < 20)
		return 0;
	ret->wall_s = wall_second(s, len);
	copy_date(ret, s + 1, len - 1);
	return len + 1;
}

static __u64 hash_add(__u64 h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3ULL;
	return h ? h : 1;
}

/* "[    C1]", "[ T123]": CONFIG_PRINTK_CALLER */
static size_t caller_id(const char *s)
{
	size_t n = 1 + strspn(s + 1, " "), m;

	if (s[n] != 'C' && s[n] != 'T')
		return 0;
	m = digits(s + n + 1);
	return m && s[n + 1 + m] == ']' ? n + m + 2 : 0;
}

/* "[3:  Binder:9343_3:22875]", "[2576:tx_thread]", "[pid:1361,cpu5,comm]" */
static size_t vendor_id(const char *s)
{
	size_t n = 1 + strspn(s + 1, " "), end = strcspn(s, "]\n");

	if (s[end] != ']' || end > 80)
		return 0;
	if (strncmp(s + n, "pid:", 4) == 0)
		return end + 1;
	n += digits(s + n);
	return n > 1 && digit(s[n - 1]) && s[n] == ':' && end > n + 1 ? end + 1 : 0;
}

/* "(3)[2576:tx_thread]" and what the two above have. */
static size_t caller(const char *s, __u64 *id)
{
	size_t skip = blanks(s), n = 0, cpu = 0;
	const char *p = s + skip;

	if (skip > 2)
		return 0;
	if (p[0] == '(' && (cpu = digits(p + 1)) && p[cpu + 1] == ')' && p[cpu + 2] == '[')
		cpu += 2;
	else
		cpu = 0;
	if (p[cpu] == '[')
		n = caller_id(p + cpu) ?: vendor_id(p + cpu);
	if (!n)
		return 0;
	*id = hash_add(*id ? *id : 0xcbf29ce484222325ULL, p + cpu, n);
	return skip + cpu + n;
}

bool prefix_is_lead(const char *s, size_t len)
{
	struct prefix none = {0};
	size_t n;

	while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	if (!len)
		return true;
	s += blanks(s);
	if (level(s) || facility(s))
		return true;
	n = syslog_lead(s, &none);
	return n != 0;
}

/* All that may come before the text, as often as it is there. */
struct prefix prefix_parse(const char *line)
{
	struct prefix ret = {.time_us = -1, .wall_s = -1};
	const char *p = line + blanks(line);
	size_t n, text;

	for (;;) {
		n = level(p) ?: facility(p) ?: dmesg_date(p, &ret);
		if (!n && ret.time_us < 0)
			n = syslog_lead(p, &ret) ?: prefix_stamp(p, &ret.time_us);
		if (!n)
			break;
		p += n;
		ret.len = (size_t)(p - line);
		text = blanks(p);
		if (level(p + text) || prefix_stamp(p + text, NULL))
			p += text;
	}
	if (!ret.len)
		return ret;
	/* dmesg puts a blank behind the stamp, caller ids stand before or behind it. */
	while ((n = caller(p, &ret.caller)))
		p += n;
	p += *p == ' ';
	ret.len = (size_t)(p - line);
	return ret;
}
