// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* open.c - the lines of one report, as they come. */
#include "klog/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "klog/meminfo.h"
#include "model/alloc_verdict.h"

#define MEM_BYTES (256U << 10)

void open_drop(struct open *o)
{
	alloc_report_free(o->r);
	free(o->mem);
	*o = (struct open){0};
}

void open_finish(struct open *o)
{
	struct alloc_report *r = o->r;

	o->done = true;
	if (o->mem)
		meminfo_parse(r, o->mem);
	if (o->zone_us >= r->time_us && r->time_us >= 0)
		r->age_us = o->zone_us - r->time_us;
	alloc_report_find_site(r, o->trace.interrupt_stack);
	alloc_verdict_decide(r);
}

void open_name_task(struct alloc_report *r, const struct header *h)
{
	size_t len = h->comm < h->begin ? (size_t)(h->begin - h->comm) - 2 : 0;
	const char *comm = h->comm;

	while (len && *comm == ' ') {
		comm++;
		len--;
	}
	snprintf(r->comm, sizeof(r->comm), "%.*s", (int)len, comm);
}

void open_mode(struct open *o, const char *text)
{
	o->mode_pending = !header_mode(text, o->r);
	if (!o->mode_pending)
		header_nodes(text, o->r);
}

void open_mem(struct open *o, const char *text, __s64 time_us)
{
	size_t len = strlen(text);

	if (!o->mem) {
		o->mem = malloc(MEM_BYTES);
		if (!o->mem)
			return;
		o->mem[0] = '\0';
	}
	if (o->zone_us < 0 && strstr(text, " free:") && strstr(text, "kB"))
		o->zone_us = time_us;
	if (o->mem_len + len + 2 > MEM_BYTES)
		return;
	memcpy(o->mem + o->mem_len, text, len);
	o->mem_len += len;
	o->mem[o->mem_len++] = '\n';
	o->mem[o->mem_len] = '\0';
	o->idle = 0;
}

bool open_is_mem(const char *p)
{
	static const char *const words[] = {
		"kB",	      "lowmem_reserve[",  "active_anon:",  "active_file:", "unevictable:",
		"slab_recl",  "mapped:",	  "free:",	   "pages RAM",	   "pages reserved",
		"free_pcp:",  " pagecache pages", "in swap cache", "swap cache",   "hwpoisoned",
		"HighMem/Mo", "cma reserved",	  "hugepages_",	   "kernel_misc_", "sec_pagetab",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(p, words[i]))
			return true;
	return false;
}

bool open_slub(struct open *o, const char *text)
{
	const char *p = strstr(text, "cache: ");

	if (!o || !p || !strstr(p, "object size:"))
		return false;
	p += strlen("cache: ");
	snprintf(o->r->cache, sizeof(o->r->cache), "%.*s", (int)strcspn(p, ","), p);
	o->idle = 0;
	return true;
}

void open_release(struct open *o, const char *text)
{
	struct cpu_line cpu = {0};

	o->release_pending = false;
	header_release(text, &cpu);
	if (!cpu.release[0])
		return;
	snprintf(o->r->release, sizeof(o->r->release), "%s", cpu.release);
	snprintf(o->r->package, sizeof(o->r->package), "%s", cpu.package);
}

void open_workqueue(struct open *o, const char *text)
{
	text += strspn(text, " ");
	if (strncmp(text, "Workqueue: ", 11) == 0)
		snprintf(o->r->workqueue, sizeof(o->r->workqueue), "%s", text + 11);
}
