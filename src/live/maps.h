/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* maps.h - the values of an array that both sides have mapped. */
#ifndef LAB_LIVE_MAPS_H
#define LAB_LIVE_MAPS_H

#include <stddef.h>

struct bpf_map;

/* Of a map with BPF_F_MMAPABLE, which is loaded; NULL and errno. unmap_values() gives it back. */
void *map_values(const struct bpf_map *map);
/* p NULL is fine. */
void unmap_values(void *p, const struct bpf_map *map);
/* Bytes from one value to the next. */
size_t map_value_stride(const struct bpf_map *map);

#endif
