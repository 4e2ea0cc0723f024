// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* need.c - see need.h. The sums are those of the kernel (map_mem_usage() of each kind of map). */
#include "live/need.h"

#include <bpf/libbpf.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"

/* What the kernel keeps for a map itself, and for an element of a hash: some words more or less. */
#define MAP_BYTES 512
#define ELEMENT_BYTES 48
#define BUCKET_BYTES 16

/* ---- maps ---- */

static __u64 up(__u64 n, __u64 to)
{
	return (n + to - 1) / to * to;
}

static __u64 page(void)
{
	return (__u64)sysconf(_SC_PAGESIZE);
}

static __u64 power_of_two(__u64 n)
{
	__u64 p = 1;

	while (p < n)
		p <<= 1;
	return p;
}

static __u64 array_bytes(const struct bpf_map *map)
{
	__u64 bytes = up(bpf_map__value_size(map), 8) * bpf_map__max_entries(map);

	return bpf_map__map_flags(map) & BPF_F_MMAPABLE ? page() + up(bytes, page())
							: MAP_BYTES + bytes;
}

/* All elements are there from the start, and one more for each cpu. */
static __u64 hash_bytes(const struct bpf_map *map, unsigned int cpus)
{
	__u64 element =
		ELEMENT_BYTES + up(bpf_map__key_size(map), 8) + up(bpf_map__value_size(map), 8);

	return MAP_BYTES + power_of_two(bpf_map__max_entries(map)) * BUCKET_BYTES +
	       element * (bpf_map__max_entries(map) + cpus);
}

static __u64 percpu_bytes(const struct bpf_map *map)
{
	return up(bpf_map__value_size(map), 8) * bpf_map__max_entries(map);
}

static __u64 map_bytes(const struct bpf_map *map, unsigned int cpus)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_HASH:
		return hash_bytes(map, cpus);
	case BPF_MAP_TYPE_PERCPU_ARRAY:
		return MAP_BYTES + percpu_bytes(map) * cpus;
	case BPF_MAP_TYPE_RINGBUF: /* the data, and pages of its own */
		return bpf_map__max_entries(map) + 4 * page();
	default:
		return array_bytes(map);
	}
}

static __u64 all_bytes(const struct bpf_object *obj, unsigned int cpus, __u64 *ret_cpu)
{
	const struct bpf_map *map;
	__u64 sum = 0;

	*ret_cpu = 0;
	bpf_object__for_each_map(map, obj)
	{
		if (!bpf_map__autocreate(map))
			continue;
		sum += map_bytes(map, cpus);
		if (bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY)
			*ret_cpu += percpu_bytes(map);
		else if (strcmp(bpf_map__name(map), "cpus") == 0)
			*ret_cpu += up(bpf_map__value_size(map), 8);
	}
	return sum;
}

/* ---- limits of cgroups ---- */

/* Of one cgroup, in either version; 0: none. */
static __u64 limit_at(const char *root, const char *path, const char *file)
{
	char name[512], text[32];
	__u64 v;

	if (snprintf(name, sizeof(name), "%s%s/%s", root, path, file) >= (int)sizeof(name) ||
	    read_text(name, text, sizeof(text)) <= 0 || parse_u64(text, 1, INT64_MAX, &v))
		return 0;
	/* version 1 has a number for "none", which is larger than any machine */
	return v < 1ULL << 52 ? v : 0;
}

/* The least of a cgroup and all that it lies in. */
static __u64 least_limit(const char *root, char *path, const char *file)
{
	__u64 least = 0;

	for (;;) {
		__u64 v = limit_at(root, path, file);
		char *slash = strrchr(path, '/');

		if (v && (!least || v < least))
			least = v;
		if (!slash)
			return least;
		*slash = '\0';
	}
}

/* Where the memory of this process is counted: "0::/a/b", or "4:memory:/a/b" in version 1. */
static __u64 cgroup_limit(void)
{
	char text[4096], *rest = text, *line;
	__u64 limit = 0;

	if (read_text("/proc/self/cgroup", text, sizeof(text)) <= 0)
		return 0;
	while ((line = strsep(&rest, "\n"))) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		if (strcmp(controllers, ":memory") == 0)
			return least_limit("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes");
		if (strcmp(line, "0:") == 0)
			limit = least_limit("/sys/fs/cgroup", path, "memory.max");
	}
	return limit;
}

/* Pages of this process that are of no file. */
static __u64 own_bytes(void)
{
	unsigned long resident, shared;
	char text[128];

	if (read_text("/proc/self/statm", text, sizeof(text)) <= 0 ||
	    sscanf(text, "%*u %lu %lu", &resident, &shared) != 2 || shared > resident)
		return 0;
	return (resident - shared) * page();
}

/* ---- interface ---- */

void need_of(struct need *n, const struct bpf_object *obj, unsigned int cpus)
{
	n->cpus = cpus;
	n->bytes = all_bytes(obj, cpus, &n->cpu_bytes);
	n->own_bytes = own_bytes();
	n->limit_bytes = cgroup_limit();
}

bool need_too_much(const struct need *n)
{
	return n->limit_bytes && n->bytes + n->own_bytes > n->limit_bytes;
}

void need_text(const struct need *n, char *buf, size_t size)
{
	int len = snprintf(buf, size,
			   "maps take %.1f MiB, %" PRIu64 " KiB of it for each of %u possible cpus",
			   (double)n->bytes / (1 << 20), (uint64_t)(n->cpu_bytes >> 10), n->cpus);

	if (n->limit_bytes && len > 0 && (size_t)len < size)
		snprintf(buf + len, size - (size_t)len,
			 ", and the memory of the cgroup is limited to %.1f MiB",
			 (double)n->limit_bytes / (1 << 20));
}
