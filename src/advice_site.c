// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* advice_site.c - names of helpers and subsystems that tell what memory is for. */
#include "advice_site.h"

#include <stddef.h>
#include <string.h>

/* Only receive paths call these. */
static const char *const receive_helpers[] = {
	"netdev_alloc_skb", "napi_alloc_skb",  "netdev_alloc_frag",
	"napi_alloc_frag",  "dev_alloc_pages", "dev_alloc_skb",
};

static const char *const io_drivers[] = {
	"[block]",    "[dm]",	   "[md]",   "[scsi]",	 "[nvme]", "[ata]",  "[mmc]",	"[nvdimm]",
	"nvme",	      "nvme_core", "dm_mod", "dm_crypt", "raid1",  "raid10", "raid456", "md_mod",
	"virtio_blk", "scsi_mod",  "sd_mod", "libata",	 "nbd",	   "loop",
};

const char *site_receive_helper(const char *via)
{
	for (size_t i = 0; i < sizeof(receive_helpers) / sizeof(receive_helpers[0]); i++)
		if (strstr(via, receive_helpers[i]))
			return receive_helpers[i];
	return NULL;
}

bool site_recycles(const char *site, const char *driver, const char *via)
{
	return site[0] && driver[0] && driver[0] != '[' && site_receive_helper(via) &&
	       !strstr(via, "page_pool");
}

bool site_does_io(const char *driver, const char *via)
{
	if (strstr(via, "mempool"))
		return false;
	for (size_t i = 0; i < sizeof(io_drivers) / sizeof(io_drivers[0]); i++)
		if (strcmp(driver, io_drivers[i]) == 0)
			return true;
	return strcmp(driver, "[fs]") == 0 && strstr(via, "bio_alloc");
}
