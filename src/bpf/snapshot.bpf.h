/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* snapshot.bpf.h - the zones' figures, when the loader runs this program. */
#ifndef LAB_BPF_SNAPSHOT_BPF_H
#define LAB_BPF_SNAPSHOT_BPF_H

#include "bpf/compat.bpf.h"
#include "wire/counts.h"
#include "wire/knobs.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, LAB_ZONES);
	__type(key, __u32);
	__type(value, struct lab_zone);
} zones SEC(".maps");

static __always_inline void snapshot_zone(struct lab_zone *out, struct zone *zone, __u32 nid,
					  __u32 zid)
{
	const char *name = BPF_CORE_READ(zone, name);
	__u32 normal = bpf_core_enum_value(enum zone_type, ZONE_NORMAL);
	__s64 managed = BPF_CORE_READ(zone, managed_pages.counter);

	out->node = nid;
	out->zone = zid;
	out->managed = managed;
	out->free = zone_free_pages(zone);
	out->free_cma = zone_free_cma(zone);
	out->min = BPF_CORE_READ(zone, _watermark[WMARK_MIN]);
	out->low = BPF_CORE_READ(zone, _watermark[WMARK_LOW]);
	out->high = BPF_CORE_READ(zone, _watermark[WMARK_HIGH]);
	out->boost = BPF_CORE_READ(zone, watermark_boost);
	out->reserved_highatomic = BPF_CORE_READ(zone, nr_reserved_highatomic);
	out->free_highatomic = zone_free_highatomic(zone);
	out->lowmem_reserve = zone_lowmem_reserve(zone, normal);
	bpf_probe_read_kernel_str(out->name, sizeof(out->name), name);
	out->present = managed > 0;
}

SEC("raw_tp")
int lab_snapshot(void *ctx __attribute__((unused)))
{
	__u32 i;

	for (i = 0; i < LAB_ZONES; i++) {
		__u32 per_node = knobs.zones_per_node ?: 1;
		struct zone *zone = node_zone(i / per_node, i % per_node);
		__u32 key = i;
		struct lab_zone *out;

		if (i >= knobs.nodes * per_node)
			break;
		/* Before 5.18 a possible node without memory has no pgdat; others behind it do. */
		if (!zone)
			continue;
		out = bpf_map_lookup_elem(&zones, &key);
		if (out)
			snapshot_zone(out, zone, i / per_node, i % per_node);
	}
	return 0;
}

#endif
