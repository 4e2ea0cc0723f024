// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* util.c - logging, cleanup, numbers. The only place that writes to stderr. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "util.h"

/* The log level is the one thing that all rooms share; it is set once, by main. */
static int verbose;

void freep(void *pp)
{
	free(*(void **)pp);
}

void fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void log_line(const char *prefix, const char *fmt, va_list ap)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, ap);
	/* Messages quote files and arguments: no escape sequence of theirs may reach the terminal,
	 * and a message stays one line.
	 */
	for (char *p = line; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	}
	fprintf(stderr, "labyrinth: %s%s\n", prefix, line);
}

int log_err(int ret, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line("", fmt, ap);
	va_end(ap);
	return ret;
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line("warning: ", fmt, ap);
	va_end(ap);
}

void log_notice(const char *text)
{
	fprintf(stderr, "%s\n", text);
}

void log_debug(int level, const char *fmt, ...)
{
	va_list ap;

	if (level > verbose)
		return;
	va_start(ap, fmt);
	log_line("", fmt, ap);
	va_end(ap);
}

void log_set_verbose(int level)
{
	verbose = level;
}

int log_verbose(void)
{
	return verbose;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at *s as a number; *s is moved behind them. 0 or -ERANGE. No digits: 0. */
static int take_digits(const char **s, __u64 *ret)
{
	__u64 v = 0;

	for (; is_digit(**s); (*s)++) {
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (__u64)(**s - '0'), &v))
			return -ERANGE;
	}
	*ret = v;
	return 0;
}

int parse_u64(const char *s, __u64 min, __u64 max, __u64 *ret)
{
	__u64 v;
	int r;

	/* strtoull would take spaces, signs and "0x". */
	if (s[0] == '\0' || s[strspn(s, "0123456789")] != '\0')
		return -EINVAL;
	r = take_digits(&s, &v);
	if (r < 0)
		return r;
	if (v < min || v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}

static __u64 duration_unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {
		{"", 1000000000ULL}, {"s", 1000000000ULL},	{"ms", 1000000ULL},
		{"us", 1000ULL},     {"m", 60 * 1000000000ULL}, {"h", 3600 * 1000000000ULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ns;
	}
	return 0;
}

int parse_duration(const char *s, __u64 *ret_ns)
{
	const char *fraction = "", *unit = s + strspn(s, "0123456789.");
	__u64 whole, scale, ns;
	int r;

	scale = duration_unit_ns(unit);
	if (scale == 0 || !(is_digit(s[0]) || (s[0] == '.' && is_digit(s[1]))))
		return -EINVAL;
	r = take_digits(&s, &whole);
	if (r < 0)
		return r;
	if (*s == '.')
		fraction = ++s;
	if (fraction + strspn(fraction, "0123456789") != unit && s != unit)
		return -EINVAL; /* a second point */
	if (__builtin_mul_overflow(whole, scale, &ns))
		return -ERANGE;
	/* All units are multiples of powers of ten: exact down to the nanosecond. */
	for (; is_digit(*fraction); fraction++) {
		scale /= 10;
		ns += (__u64)(*fraction - '0') * scale;
	}
	if (ns == 0 || ns > INT64_MAX)
		return -ERANGE;
	*ret_ns = ns;
	return 0;
}

ssize_t read_text(const char *path, char *buf, size_t size)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;

	if (fd < 0)
		return -errno;
	while (len + 1 < size) {
		ssize_t n = read(fd, buf + len, size - 1 - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len > 0 && buf[len - 1] == '\n')
		len--;
	buf[len] = '\0';
	return (ssize_t)len;
}

int open_record(const char *path, FILE **ret)
{
	*ret = NULL;
	if (!path)
		return 0;
	*ret = fopen(path, "we");
	if (!*ret)
		return log_err(-LAB_EXIT_RUNTIME, "cannot write %s: %s", path, strerror(errno));
	return 0;
}
