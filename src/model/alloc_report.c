// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* alloc_report.c - the report's own parts: zones, nodes, and who asked. */
#include "model/alloc_report.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/site.h"
#include "model/site_names.h"

#define ZONES_MOST 4096U
#define NR(a) (sizeof(a) / sizeof((a)[0]))

const char *report_verdict_name(enum report_verdict v)
{
	static const char *const names[REPORT_VERDICTS] = {
		[REPORT_NONE] = "none",
		[REPORT_EXHAUSTED] = "exhausted",
		[REPORT_RESERVED] = "reserved",
		[REPORT_FRAGMENTED] = "fragmented",
		[REPORT_CONSTRAINED] = "constrained",
		[REPORT_WITHIN] = "within",
		[REPORT_UNEXPLAINED] = "unexplained",
	};

	return v < REPORT_VERDICTS ? names[v] : "none";
}

const char *report_context_name(enum report_context c)
{
	static const char *const names[] = {"unknown", "task", "softirq", "hardirq"};

	return c < NR(names) ? names[c] : names[0];
}

const char *report_class_name(const struct alloc_report *r)
{
	static const char *const names[LAB_CLASSES] = {
		[LAB_CLASS_ATOMIC] = "atomic",	   [LAB_CLASS_NOWAIT] = "nowait",
		[LAB_CLASS_NOLOCK] = "nolock",	   [LAB_CLASS_HIGH] = "high",
		[LAB_CLASS_BLOCKING] = "blocking",
	};

	return names[lab_class_of(r->gfp)];
}

struct alloc_report *alloc_report_new(void)
{
	struct alloc_report *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->time_us = r->wall_s = r->age_us = REPORT_UNKNOWN;
	r->pid = r->cpu = REPORT_UNKNOWN;
	r->page_kb = 4;
	return r;
}

void alloc_report_free(struct alloc_report *r)
{
	if (!r)
		return;
	free(r->zone);
	free(r);
}

void alloc_report_freep(struct alloc_report **r)
{
	alloc_report_free(*r);
}

struct report_zone *alloc_report_zone(struct alloc_report *r, int node, const char *name)
{
	for (unsigned int i = 0; i < r->zones; i++)
		if (r->zone[i].node == node && strcmp(r->zone[i].name, name) == 0)
			return &r->zone[i];
	if (r->zones == r->zone_room) {
		unsigned int room = r->zone_room ? r->zone_room * 2 : 8;
		struct report_zone *zone = NULL;

		if (room <= ZONES_MOST)
			zone = realloc(r->zone, room * sizeof(*zone));
		if (!zone)
			return NULL;
		r->zone = zone;
		r->zone_room = room;
	}
	memset(&r->zone[r->zones], 0, sizeof(r->zone[0]));
	r->zone[r->zones].node = node;
	snprintf(r->zone[r->zones].name, sizeof(r->zone[0].name), "%s", name);
	return &r->zone[r->zones++];
}

int report_zone_node(const struct report_zone *z)
{
	return z->node < 0 ? 0 : z->node;
}

void node_set_add(struct node_set *set, int node)
{
	if (node >= 0 && node < REPORT_NODES)
		set->word[node / 64] |= 1ULL << node % 64;
}

void node_set_parse(struct node_set *set, const char *list)
{
	while (isdigit((unsigned char)*list)) {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (*end == '-' && isdigit((unsigned char)end[1]))
			last = strtoul(end + 1, &end, 10);
		for (unsigned long n = first; n <= last && n < REPORT_NODES; n++)
			node_set_add(set, (int)n);
		set->known = true;
		list = end + (*end == ',');
	}
}

bool node_set_has(const struct node_set *set, int node)
{
	return node >= 0 && node < REPORT_NODES && set->word[node / 64] >> node % 64 & 1;
}

/* ---- who asked, and in which context ---- */

static bool is_one_of(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(names[i]);

		if (names[i][len - 1] == '*' ? strncmp(name, names[i], len - 1) == 0
					     : strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

/* Deferred work of an interrupt, or what runs it with bottom halves off. */
static bool is_softirq(const char *name)
{
	static const char *const names[] = {
		"do_softirq*",	    "handle_softirqs",	"net_rx_action",
		"net_tx_action",    "tasklet_action*",	"tasklet_hi_*",
		"run_ksoftirqd",    "local_bh_enable*", "run_timer_*",
		"call_timer_fn",    "rcu_core*",	"rcu_process_callbacks",
		"blk_done_softirq", "invoke_softirq",	"softirqentry_text_start",
	};

	return is_one_of(name, names, NR(names));
}

static bool is_interrupt(const char *name)
{
	static const char *const names[] = {
		"handle_irq_event*",
		"handle_edge_irq",
		"handle_level_irq",
		"handle_fasteoi_*",
		"handle_percpu_*",
		"handle_simple_irq",
		"generic_handle_*",
		"handle_domain_irq",
		"common_interrupt",
		"asm_common_inter*",
		"asm_sysvec_*",
		"sysvec_*",
		"do_IRQ",
		"do_irq*",
		"gic_handle_irq",
		"irq_svc",
		"irq_usr",
		"el1_irq*",
		"el0_irq*",
		"el1h_64_irq*",
		"el0t_64_irq*",
		"el1_interrupt",
		"el0_interrupt",
		"handle_int",
		"plat_irq_dispatch",
		"apic_timer_inter*",
		"smp_apic_timer_*",
		"hrtimer_interrupt",
		"hrtimer_run_queues",
		"irq_exit*",
		"handle_IRQ",
		"do_ext_*",
		"ext_int_handler*",
		"io_int_handler*",
		"do_io_irq",
		"xen_evtchn_do_*",
		"xen_hvm_callback_*",
		"timer_interrupt",
		"ret_from_intr",
		"riscv_intc_irq",
		"handle_arch_irq",
		"generic_smp_call*",
		"handle_IPI*",
		"irq_work_run*",
		"call_on_irq_stack",
		"hardware_interru*",
		"do_hardirq",
		"int_exit*",
	};

	return is_one_of(name, names, NR(names));
}

static enum report_context context_of(const struct alloc_report *r, bool interrupt_stack)
{
	char name[FRAME_NAME];

	for (unsigned int i = 0; i < r->frames; i++) {
		frame_base_name(r->frame[i].symbol, false, name);
		if (is_softirq(name))
			return REPORT_CONTEXT_SOFTIRQ;
		if (is_interrupt(name) && !r->frame[i].module[0])
			return REPORT_CONTEXT_HARDIRQ;
	}
	if (!r->frames)
		return REPORT_CONTEXT_UNKNOWN;
	return interrupt_stack ? REPORT_CONTEXT_HARDIRQ : REPORT_CONTEXT_TASK;
}

void alloc_report_find_site(struct alloc_report *r, bool interrupt_stack)
{
	struct site site;

	r->context = context_of(r, interrupt_stack);
	r->frames = site_strip_probes(r->frame, r->frames);
	site_find(r->frame, r->frames, &site);
	snprintf(r->site, sizeof(r->site), "%s", site.site);
	snprintf(r->driver, sizeof(r->driver), "%s", site.driver);
	snprintf(r->via, sizeof(r->via), "%s", site.via);
}
