// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* util.c - logging, cleanup, numbers. The only place that writes to stderr. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/stop.h"
#include "base/util.h"

/* The log level and what is held are the only state that all rooms share; main sets both. */
static int verbose;

static struct {
	pthread_mutex_t lock;
	bool on;
	size_t len, last; /* last: where the last line begins */
	char text[8192];
} held = {.lock = PTHREAD_MUTEX_INITIALIZER};

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

static bool hold(const char *line, size_t len)
{
	bool kept;

	pthread_mutex_lock(&held.lock);
	kept = held.on && len < sizeof(held.text) - held.len;
	if (kept) {
		held.last = held.len;
		memcpy(held.text + held.len, line, len);
		held.len += len;
		held.text[held.len] = '\0';
	}
	pthread_mutex_unlock(&held.lock);
	return kept;
}

static void put_line(const char *line, size_t len)
{
	if (!hold(line, len))
		stop_write(STDERR_FILENO, line, len, NULL);
}

void log_hold(bool on)
{
	pthread_mutex_lock(&held.lock);
	held.on = on;
	if (!on)
		stop_write(STDERR_FILENO, held.text, held.len, NULL);
	if (!on)
		held.len = held.last = 0;
	pthread_mutex_unlock(&held.lock);
}

const char *log_held(void)
{
	return held.text + held.last;
}

static void log_line(const char *prefix, const char *fmt, va_list ap)
{
	char line[1024], whole[sizeof(line) + 64];
	int len;

	vsnprintf(line, sizeof(line), fmt, ap);
	/*
	 * Messages quote files and arguments: no escape sequence in them may reach the terminal,
	 * and a message stays on one line.
	 */
	for (char *p = line; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	}
	len = snprintf(whole, sizeof(whole), "labyrinth: %s%s\n", prefix, line);
	put_line(whole, (size_t)len);
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
	char line[256];
	int len = snprintf(line, sizeof(line), "%s\n", text);

	put_line(line, (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1);
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

/* Reads the digits at *s as a number and moves *s behind them. 0 or -ERANGE. No digits: 0. */
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

	/* strtoull would accept spaces, signs and "0x". */
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

ssize_t read_text_fd(int fd, char *buf, size_t size)
{
	size_t len = 0;

	while (len + 1 < size) {
		ssize_t n = pread(fd, buf + len, size - 1 - len, (off_t)len);

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

ssize_t read_text(const char *path, char *buf, size_t size)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : read_text_fd(fd, buf, size);
}
