// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* kallsyms.c - reads /proc/kallsyms and /proc/modules, and skips lines that are not theirs. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kallsyms.h"

/* ---- lines ---- */

/* Lines of a file; a line longer than the buffer, and a last one without a newline, are skipped. */
struct lines {
	int fd;
	bool skip; /* the rest of a line that was too long */
	int error;
	size_t start, end;
	char buf[8192];
};

/* Makes room and reads more. false: end of file. */
static bool lines_fill(struct lines *l)
{
	ssize_t n;

	if (l->start == 0 && l->end == sizeof(l->buf)) {
		l->skip = true;
		l->end = 0;
	}
	memmove(l->buf, l->buf + l->start, l->end - l->start);
	l->end -= l->start;
	l->start = 0;
	do
		n = read(l->fd, l->buf + l->end, sizeof(l->buf) - l->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		l->error = -errno;
	if (n <= 0)
		return false;
	l->end += (size_t)n;
	return true;
}

/* The next line, not terminated, valid until the next call; NULL: no more. */
static const char *lines_next(struct lines *l, size_t *ret_len)
{
	for (;;) {
		const char *line = l->buf + l->start;
		const char *newline = memchr(line, '\n', l->end - l->start);
		bool skip = l->skip;

		if (!newline) {
			if (!lines_fill(l))
				return NULL;
			continue;
		}
		l->start = (size_t)(newline - l->buf) + 1;
		l->skip = false;
		if (!skip) {
			*ret_len = (size_t)(newline - line);
			return line;
		}
	}
}

/* From its start; false: it cannot be read. */
static bool begin(const char *path, int *fd)
{
	if (*fd < 0)
		*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd >= 0 && lseek(*fd, 0, SEEK_SET) == 0;
}

/* ---- /proc/modules ---- */

/*
 * "name size refcount used-by state address": the reference counts change all the time. The state
 * counts: a module that was being loaded leaves its initial code behind.
 */
static __u64 hash_module(__u64 hash, const char *line, size_t len)
{
	unsigned int field = 0;

	for (size_t i = 0; i < len && field < 6; i++) {
		if (line[i] == ' ')
			field++;
		if (field != 2 && field != 3)
			hash = kallsyms_hash(hash, (unsigned char)line[i]);
	}
	return kallsyms_hash(hash, '\n');
}

__u64 kallsyms_modules(const char *path, int *fd)
{
	struct lines lines = {.fd = begin(path, fd) ? *fd : -1};
	const char *line;
	__u64 hash = 0;
	size_t len;

	if (lines.fd < 0)
		return 0;
	while ((line = lines_next(&lines, &len)))
		hash = hash_module(hash, line, len);
	return hash;
}

/* ---- /proc/kallsyms ---- */

/* Consumes hexadecimal digits. false: none, or more than an address has. */
static bool take_address(const char **p, const char *end, __u64 *ret)
{
	const char *start = *p;
	__u64 v = 0;

	for (; *p < end && **p != ' '; (*p)++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = memchr(digits, **p, 16);

		if (!digit)
			return false;
		v = v << 4 | (__u64)(digit - digits);
	}
	*ret = v;
	return *p > start && *p - start <= 16;
}

/* Consumes a word without spaces or control characters. */
static size_t take_word(const char **p, const char *end)
{
	const char *start = *p, *c = start;

	while ((c < end) && (*c > ' ') && (*c < 0x7f))
		c++;
	*p = c;
	return (size_t)(c - start);
}

/* Copies to a string of that size, truncated when longer. */
static void put_string(char *buf, size_t size, const char *word, size_t len)
{
	if (len > size - 1)
		len = size - 1;
	memcpy(buf, word, len);
	buf[len] = '\0';
}

/* "[e1000e]" is e1000e; "[bpf]" stays; "[__builtin__ftrace]" is "[ftrace]". false: none of these */
static bool put_module(char *buf, const char *word, size_t len)
{
	static const char builtin[] = "[__builtin__";
	const size_t builtin_len = sizeof(builtin) - 1;

	if (len < 3 || word[0] != '[' || word[len - 1] != ']')
		return false;
	if (len > builtin_len + 1 && memcmp(word, builtin, builtin_len) == 0) {
		buf[0] = '[';
		put_string(buf + 1, EVENT_MODULE - 1, word + builtin_len, len - builtin_len);
	} else if (len == 5 && memcmp(word, "[bpf]", 5) == 0) {
		put_string(buf, EVENT_MODULE, word, len);
	} else {
		put_string(buf, EVENT_MODULE, word + 1, len - 2);
	}
	return true;
}

/* Mapping symbols between code and data in modules of ARM and RISC-V, and compiler labels. */
static bool is_mark(const char *name)
{
	return (name[0] == '$' && name[1] && strchr("adtx", name[1]) &&
		(!name[2] || name[2] == '.')) ||
	       (name[0] == '.' && name[1] == 'L');
}

/* "ffffffffc0201000 t name\t[module]". false: not a code symbol, or not a line of kallsyms */
static bool parse_line(const char *line, size_t len, struct kallsyms_entry *ret)
{
	const char *p = line, *end = line + len, *word;

	ret->module[0] = '\0';
	if (!take_address(&p, end, &ret->address) || end - p < 4 || p[2] != ' ' ||
	    !memchr("tTwW", p[1], 4))
		return false;
	word = p += 3;
	put_string(ret->name, sizeof(ret->name), word, take_word(&p, end));
	if (!ret->name[0] || is_mark(ret->name))
		return false;
	if (p == end)
		return true;
	if (*p != '\t' && *p != ' ')
		return false;
	word = ++p;
	len = take_word(&p, end);
	return p == end && put_module(ret->module, word, len);
}

int kallsyms_read(const char *path, int *fd, enum kallsyms_part part,
		  int (*add)(void *arg, const struct kallsyms_entry *entry), void *arg)
{
	struct lines lines = {.fd = begin(path, fd) ? *fd : -1};
	struct kallsyms_entry entry;
	const char *line;
	size_t len;
	bool any = false;
	int r = 0;

	if (lines.fd < 0)
		return -errno;
	while (r == 0 && (line = lines_next(&lines, &len))) {
		any = true;
		if (part == KALLSYMS_MODULES && (!len || line[len - 1] != ']'))
			continue;
		if (parse_line(line, len, &entry))
			r = add(arg, &entry);
	}
	if (r >= 0 && !lines.error && !any)
		return -ENODATA;
	return r < 0 ? r : lines.error;
}

/* The next word of a line; *len 0: no more. */
static const char *next_word(const char **p, const char *end, size_t *len)
{
	const char *word;

	while ((*p < end) && (**p == ' '))
		(*p)++;
	word = *p;
	*len = take_word(p, end);
	return word;
}

/* "name size refcount used-by state 0xaddress". false: not a line of /proc/modules */
static bool parse_module(const char *line, size_t line_len, struct kallsyms_module *ret)
{
	const char *p = line, *end = line + line_len, *word;
	char number[24];
	size_t len;

	word = next_word(&p, end, &len);
	put_string(ret->name, sizeof(ret->name), word, len);
	word = next_word(&p, end, &len);
	put_string(number, sizeof(number), word, len);
	if (!ret->name[0] || parse_u64(number, 0, UINT32_MAX, &ret->size))
		return false;
	next_word(&p, end, &len);
	next_word(&p, end, &len);
	word = next_word(&p, end, &len);
	ret->loading = len == 7 && memcmp(word, "Loading", 7) == 0;
	word = next_word(&p, end, &len);
	if (len < 3 || memcmp(word, "0x", 2) != 0)
		return false;
	word += 2;
	return take_address(&word, end, &ret->base);
}

int kallsyms_modules_read(const char *path, int *fd,
			  int (*add)(void *arg, const struct kallsyms_module *module), void *arg)
{
	struct lines lines = {.fd = begin(path, fd) ? *fd : -1};
	struct kallsyms_module module;
	const char *line;
	size_t len;
	int r = 0;

	if (lines.fd < 0)
		return -errno;
	while (r == 0 && (line = lines_next(&lines, &len))) {
		if (parse_module(line, len, &module))
			r = add(arg, &module);
	}
	return r < 0 ? r : lines.error;
}
