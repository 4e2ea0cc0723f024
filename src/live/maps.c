// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* maps.c - see maps.h. */
#include "live/maps.h"

#include <bpf/libbpf.h>
#include <sys/mman.h>

size_t map_value_stride(const struct bpf_map *map)
{
	return (bpf_map__value_size(map) + 7) / 8 * 8;
}

void *map_values(const struct bpf_map *map)
{
	size_t size = map_value_stride(map) * bpf_map__max_entries(map);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	return p == MAP_FAILED ? NULL : p;
}

void unmap_values(void *p, const struct bpf_map *map)
{
	if (p)
		munmap(p, map_value_stride(map) * bpf_map__max_entries(map));
}
