/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* util.h - logging, cleanup, numbers. Knows no labyrinth type. */
#ifndef LAB_BASE_UTIL_H
#define LAB_BASE_UTIL_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <linux/types.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Frees what a variable owns when it goes out of scope; pass ownership on with TAKE_PTR. */
#define _cleanup_(fn) __attribute__((cleanup(fn)))
#define TAKE_PTR(p)                                                                                \
	({                                                                                         \
		__typeof__(p) *_pp = &(p);                                                         \
		__typeof__(p) _p = *_pp;                                                           \
		*_pp = NULL;                                                                       \
		_p;                                                                                \
	})

void freep(void *pp);	/* free(*(void **)pp) */
void fclosep(FILE **f); /* fclose unless NULL */
void closep(int *fd);	/* close unless negative */

/* One line on stderr, "labyrinth: ...". Returns ret, so that "return log_err(-X, ...)" is one line.
 */
int log_err(int ret, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* One line on stderr without a prefix: for people, and for scripts that wait for it. */
void log_notice(const char *text);
/* Only when the verbosity set by log_set_verbose() is at least level. */
void log_debug(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_set_verbose(int level);
/* Keeps what is logged, while the terminal shows something else; false: lets it go. What there is
 * no room for is written at once. */
void log_hold(bool on);
/* The line that was kept last, with its newline; "": none. */
const char *log_held(void);
int log_verbose(void);

/* Whole-string decimal number within [min, max]. 0 or -EINVAL / -ERANGE; *ret untouched on error.
 */
int parse_u64(const char *s, __u64 min, __u64 max, __u64 *ret);

/* "2", "0.5", "250ms", "10us", "1s", "5m", "1h" as ns, greater than 0. 0 or -EINVAL / -ERANGE. */
int parse_duration(const char *s, __u64 *ret_ns);

/* Whole small text file (procfs, sysfs) into buf, NUL-terminated, trailing newline cut. Length or
 * -errno. */
ssize_t read_text(const char *path, char *buf, size_t size);
/* The same of one that is kept open: as it is now, from its start. */
ssize_t read_text_fd(int fd, char *buf, size_t size);

#endif
