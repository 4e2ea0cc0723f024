// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* absorb.c - the functions, each with what it does on a failure, by the kernel's source. */
#include "model/absorb.h"

#include <stdbool.h>
#include <string.h>

#include "model/site_names.h"

/* Names without leading underscores and suffixes, as in site_names.c. */
static const struct {
	const char *function, *by;
} absorbers[] = {
	/*
	 * mm/mempool.c: the first try is made without __GFP_DIRECT_RECLAIM, then an element is
	 * taken; only an empty pool asks once more, and only who may not sleep gets NULL of it.
	 */
	{"mempool_alloc", "by an element of its mempool"},
	{"mempool_alloc_bulk", "by elements of its mempool"},
	/* mm/mmu_gather.c: without a batch, what was gathered is flushed and freed at once. */
	{"tlb_next_batch", "by a flush of what was gathered"},
	{"tlb_remove_page_size", "by a flush of what was gathered"},
	{"tlb_remove_folio_pages_size", "by a flush of what was gathered"},
	{"tlb_remove_table", "by a flush of what was gathered"},
	/* lib/xarray.c: -ENOMEM stays in the xa_state, and xas_nomem() asks as the caller may. */
	{"xas_alloc", "by a second try with its caller's rights (xas_nomem)"},
	/* kernel/bpf/memalloc.c: the refill runs ahead of need, at a low mark of the cache. */
	{"bpf_mem_refill", "by the objects left in its cache"},
	/* drivers/iommu/iova.c: the address goes back to the tree instead. */
	{"iova_magazine_alloc", "by the tree of addresses"},
	/* lib/debugobjects.c: the pool is filled ahead of need, too. */
	{"fill_pool", "by the objects left in its pool"},
};

static const char *absorber(const char *symbol)
{
	char name[FRAME_NAME];

	frame_base_name(symbol, false, name);
	for (size_t i = 0; i < sizeof(absorbers) / sizeof(absorbers[0]); i++)
		if (strcmp(name, absorbers[i].function) == 0)
			return absorbers[i].by;
	return NULL;
}

static bool is_site(const char *site, const struct event_frame *f)
{
	char name[FRAME_NAME];

	frame_base_name(f->symbol, true, name);
	return strcmp(name, site) == 0;
}

/* A module's own function of such a name is not the kernel's. */
static bool in_module(const struct event_frame *f)
{
	return f->module[0] && f->module[0] != '[';
}

const char *absorbed_by(const struct event_frame *frame, unsigned int frames, const char *site)
{
	unsigned int last = frames;

	/* What lies above an unknown site may be of whom an interrupt interrupted. */
	if (!site[0])
		return NULL;
	for (unsigned int i = 0; i < frames && i <= last && i < LAB_EVENT_FRAMES; i++) {
		const char *by = in_module(&frame[i]) ? NULL : absorber(frame[i].symbol);

		if (by)
			return by;
		if (last == frames && is_site(site, &frame[i]))
			last = i + 1;
	}
	return NULL;
}
