// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* memory.c - see memory.h: a reserve on the heap, all pages touched, all of them locked. */
#include "base/memory.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/util.h"

/* Of what has no name a thread's stack and heap are smaller; what is larger was filled already. */
#define NAMELESS_MAX (1UL << 20)

/* Large enough for a line of JSON, or for some events. */
#define PIECE (64UL << 10)

static struct {
	bool held;
	long minor, major; /* faults until then */
} state;

/* ---- the heap ---- */

struct piece {
	struct piece *next;
};

/* In pieces, because much of it lies in gaps that opening used and gave back. */
static void set_aside(size_t reserve)
{
	struct piece *first = NULL, *piece;

	for (size_t have = 0; have < reserve; have += PIECE) {
		piece = malloc(PIECE);
		if (!piece) {
			log_debug(1, "memory: no more than %zu KiB to set aside", have >> 10);
			break;
		}
		piece->next = first;
		first = piece;
	}
	while ((piece = first)) {
		first = piece->next;
		free(piece);
	}
}

/*
 * From now on the heap is one mapping that only grows: freed memory serves the next allocation, and
 * none of it is returned to the kernel.
 */
static void keep_heap(size_t reserve)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	set_aside(reserve);
}

/* ---- pages ---- */

struct mapping {
	unsigned long start, end;
	char access[5];
	char name[64]; /* truncated when longer; "" when anonymous */
};

static bool next_mapping(FILE *f, struct mapping *m)
{
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		m->name[0] = '\0';
		if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %63s", &m->start, &m->end, m->access,
			   m->name) >= 3)
			return true;
	}
	return false;
}

/* Pages of the kernel, and shared mappings, are always present. */
static bool is_ours(const struct mapping *m)
{
	if (m->access[0] != 'r' || m->access[3] != 'p')
		return false;
	if (!m->name[0])
		return m->end - m->start <= NAMELESS_MAX;
	return m->name[0] == '/' || strcmp(m->name, "[heap]") == 0 ||
	       strcmp(m->name, "[stack]") == 0;
}

/*
 * Reads each page, and writes each writable one, so that it is no longer shared with the file or
 * with the zero page. Another thread may write to it meanwhile.
 */
static void touch(const struct mapping *m, unsigned long page)
{
	for (unsigned long at = m->start; at < m->end; at += page) {
		unsigned char *p = (unsigned char *)at;

		if (m->access[1] == 'w')
			__atomic_fetch_or(p, 0, __ATOMIC_RELAXED);
		else
			(void)*(const volatile unsigned char *)p;
	}
}

/* Resident size now, KiB. */
static unsigned long touch_all(void)
{
	_cleanup_(fclosep) FILE *f = fopen("/proc/self/maps", "re");
	unsigned long bytes = 0;
	struct mapping m;

	while (f && next_mapping(f, &m)) {
		if (!is_ours(&m))
			continue;
		touch(&m, (unsigned long)sysconf(_SC_PAGESIZE));
		bytes += m.end - m.start;
	}
	return bytes >> 10;
}

/*
 * Only what is present: locking all that is reserved would be many times as much. Not what is
 * mapped later either, which would then have to stay within the limit.
 */
static const char *lock_all(void)
{
	return mlockall(MCL_CURRENT | MCL_ONFAULT) ? strerror(errno) : NULL;
}

/* ---- interface ---- */

void memory_hold(size_t reserve)
{
	const char *refused;
	struct rusage usage;
	unsigned long kib;

	/* Reads a file, and keeps it. */
	tzset();
	keep_heap(reserve);
	kib = touch_all();
	refused = lock_all();
	if (refused)
		log_warn(
			"memory: %lu KiB held, not locked: %s: pages of it may be taken away, and "
			"reports come late; give CAP_IPC_LOCK, or raise RLIMIT_MEMLOCK (ulimit -l)",
			kib, refused);
	else
		log_debug(1, "memory: %lu KiB held and locked", kib);
	getrusage(RUSAGE_SELF, &usage);
	state.held = true;
	state.minor = usage.ru_minflt;
	state.major = usage.ru_majflt;
}

void memory_tell(void)
{
	struct rusage usage;

	if (!state.held)
		return;
	getrusage(RUSAGE_SELF, &usage);
	log_debug(1, "memory: page faults since it was held: %ld, and %ld from a file",
		  usage.ru_minflt - state.minor, usage.ru_majflt - state.major);
}
