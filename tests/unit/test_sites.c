// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_sites.c - stacks of 5.10 to 7.3, and who asked for the memory in each. */
#include "model/site.h"
#include "model/site_names.h"
#include "test.h"

/*
 * A stack is names, innermost first, apart by spaces: "new_slab e1000_alloc_rx_buffers[e1000]".
 * "?" is an address without a symbol; "[bpf]" stays in brackets, as symbols.h gives it.
 */
struct stack_case {
	const char *what;
	const char *stack;
	const char *site, *driver, *via;
};

static unsigned int parse_stack(const char *stack, struct event_frame frame[LAB_EVENT_FRAMES])
{
	unsigned int n = 0;

	memset(frame, 0, LAB_EVENT_FRAMES * sizeof(*frame));
	for (const char *p = stack; *p && n < LAB_EVENT_FRAMES; p += strspn(p, " "), n++) {
		int len = (int)strcspn(p, " "), name = (int)strcspn(p, " [");
		bool generated =
			strncmp(p + name, "[bpf]", 5) == 0 || strncmp(p + name, "[ftrace]", 8) == 0;

		frame[n].address = 0xffffffff81000000 + n * 0x100;
		if (*p != '?')
			snprintf(frame[n].symbol, EVENT_SYMBOL, "%.*s", name, p);
		if (generated)
			snprintf(frame[n].module, EVENT_MODULE, "%.*s", len - name, p + name);
		else if (len > name)
			snprintf(frame[n].module, EVENT_MODULE, "%.*s", len - name - 2,
				 p + name + 1);
		p += len;
	}
	return n;
}

/* Without the probe's own frames the site is the same, and none of them is left. */
static void check_stripped(const struct stack_case *c, struct event_frame *frame,
			   unsigned int frames)
{
	unsigned int left = site_strip_probes(frame, frames);
	struct site site;

	site_find(frame, left, &site);
	CHECK_MSG(strcmp(site.site, c->site) == 0, "%s: stripped, site \"%s\"", c->what, site.site);
	CHECK_MSG(left <= frames, "%s: %u of %u left", c->what, left, frames);
	if (left && left < frames)
		CHECK_MSG(strncmp(frame[0].symbol, "bpf_prog_", 9) != 0, "%s: begins with %s",
			  c->what, frame[0].symbol);
}

static void check_stacks(const struct stack_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct event_frame frame[LAB_EVENT_FRAMES];
		unsigned int frames = parse_stack(cases[i].stack, frame);
		struct site site;

		site_find(frame, frames, &site);
		CHECK_MSG(strcmp(site.site, cases[i].site) == 0, "%s: site \"%s\", not \"%s\"",
			  cases[i].what, site.site, cases[i].site);
		CHECK_MSG(strcmp(site.driver, cases[i].driver) == 0,
			  "%s: driver \"%s\", not \"%s\"", cases[i].what, site.driver,
			  cases[i].driver);
		CHECK_MSG(strcmp(site.via, cases[i].via) == 0, "%s: via \"%s\", not \"%s\"",
			  cases[i].what, site.via, cases[i].via);
		CHECK_MSG((site.frame == frames) == !site.site[0], "%s: frame %u of %u",
			  cases[i].what, site.frame, frames);
		check_stripped(&cases[i], frame, frames);
	}
}

/* What the program at mm_page_alloc, and the one at the entry function, put below. */
#define AT_TRACEPOINT                                                                              \
	"bpf_prog_6deef7357e7b4530_lab_alloc_done[bpf] bpf_trace_run4 "                            \
	"__bpf_trace_mm_page_alloc "
#define AT_ITER                                                                                    \
	"bpf_prog_6deef7357e7b4530_lab_alloc_done[bpf] bpf_trace_run4 "                            \
	"__traceiter_mm_page_alloc "
#define AT_ENTRY "bpf_prog_0123456789abcdef_lab_entry[bpf] bpf_trampoline_6442508829_0[bpf] "

static void probes_are_stripped(void)
{
	struct event_frame frame[LAB_EVENT_FRAMES];
	unsigned int frames =
		parse_stack(AT_ITER "__alloc_pages e1000_clean[e1000] kthread", frame);

	CHECK_EQ(site_strip_probes(frame, frames), 3);
	CHECK(strcmp(frame[0].symbol, "__alloc_pages") == 0);
	frames = parse_stack("? ? ?", frame);
	CHECK_EQ(site_strip_probes(frame, frames), 3);
}

#define NAPI_TAIL                                                                                  \
	" net_rx_action __softirqentry_text_start asm_call_irq_on_stack do_softirq_own_stack "     \
	"irq_exit_rcu common_interrupt asm_common_interrupt ext4_map_blocks[ext4]"
#define NAPI_TAIL_NEW                                                                              \
	" __napi_poll net_rx_action handle_softirqs __irq_exit_rcu common_interrupt "              \
	"asm_common_interrupt cpuidle_enter_state do_idle start_secondary"
#define USER_TAIL " do_syscall_64 entry_SYSCALL_64_after_hwframe"

static void network(void)
{
	static const struct stack_case cases[] = {
		{"5.10 e1000 NAPI",
		 AT_TRACEPOINT "__alloc_pages_nodemask page_frag_alloc __napi_alloc_skb "
			       "e1000_clean_rx_irq[e1000] e1000_clean[e1000]" NAPI_TAIL,
		 "e1000_clean_rx_irq", "e1000", "page_frag_alloc < __napi_alloc_skb"},
		{"5.10 e1000 buffers",
		 AT_TRACEPOINT "__alloc_pages_slowpath.constprop.0 __alloc_pages_nodemask "
			       "page_frag_alloc __netdev_alloc_frag_align e1000_alloc_frag[e1000] "
			       "e1000_alloc_rx_buffers[e1000] e1000_clean_rx_irq[e1000]" NAPI_TAIL,
		 "e1000_alloc_frag", "e1000", "page_frag_alloc < __netdev_alloc_frag_align"},
		{"6.1 page_pool, mlx5",
		 AT_ITER "__alloc_pages __alloc_pages_bulk __page_pool_alloc_pages_slow "
			 "page_pool_alloc_pages mlx5e_page_alloc_pool[mlx5_core] "
			 "mlx5e_alloc_rx_mpwqe[mlx5_core] mlx5e_post_rx_mpwqes[mlx5_core] "
			 "mlx5e_napi_poll[mlx5_core]" NAPI_TAIL_NEW,
		 "mlx5e_page_alloc_pool", "mlx5_core",
		 "__alloc_pages_bulk < __page_pool_alloc_pages_slow < page_pool_alloc_pages"},
		{"7.2 page_pool, ice, entry hook",
		 AT_ENTRY "__alloc_frozen_pages_noprof alloc_pages_mpol alloc_pages_noprof "
			  "__page_pool_alloc_netmems_slow page_pool_alloc_netmems "
			  "page_pool_alloc_frag_netmem ice_alloc_rx_bufs[ice] "
			  "ice_napi_poll[ice]" NAPI_TAIL_NEW,
		 "ice_alloc_rx_bufs", "ice",
		 "__page_pool_alloc_netmems_slow < page_pool_alloc_netmems < "
		 "page_pool_alloc_frag_netmem"},
		{"6.12 skb head, virtio_net",
		 AT_ITER "__alloc_pages_noprof alloc_pages_mpol_noprof allocate_slab ___slab_alloc "
			 "kmem_cache_alloc_node_noprof __alloc_skb napi_alloc_skb "
			 "page_to_skb[virtio_net] receive_buf[virtio_net] "
			 "virtnet_poll[virtio_net]" NAPI_TAIL_NEW,
		 "page_to_skb", "virtio_net",
		 "kmem_cache_alloc_node < __alloc_skb < napi_alloc_skb"},
		{"6.1 kmalloc_reserve, r8169 built in",
		 AT_ITER "__alloc_pages alloc_slab_page new_slab ___slab_alloc __slab_alloc.isra.0 "
			 "__kmem_cache_alloc_node __kmalloc_node_track_caller kmalloc_reserve "
			 "__alloc_skb __napi_alloc_skb rtl8169_poll" NAPI_TAIL_NEW,
		 "rtl8169_poll", "[r8169]",
		 "__kmem_cache_alloc_node < __kmalloc_node_track_caller < kmalloc_reserve < "
		 "__alloc_skb < __napi_alloc_skb"},
		{"7.2 sheaf refill, nf_conntrack",
		 AT_ITER "__alloc_frozen_pages_noprof alloc_pages_mpol allocate_slab "
			 "refill_objects refill_sheaf __pcs_replace_empty_main "
			 "kmem_cache_alloc_noprof __nf_conntrack_alloc[nf_conntrack] "
			 "init_conntrack.isra.0[nf_conntrack] nf_hook_slow ip_rcv "
			 "__netif_receive_skb_one_core process_backlog" NAPI_TAIL_NEW,
		 "__nf_conntrack_alloc", "nf_conntrack", "kmem_cache_alloc"},
		{"bcmgenet built in",
		 "__alloc_pages_nodemask page_frag_alloc __netdev_alloc_skb bcmgenet_rx_refill "
		 "bcmgenet_rx_poll" NAPI_TAIL,
		 "bcmgenet_rx_refill", "[bcmgenet]", "page_frag_alloc < __netdev_alloc_skb"},
		{"a TCP acknowledgement is TCP's own, whatever driver is below",
		 AT_ITER "__alloc_pages new_slab ___slab_alloc kmem_cache_alloc_node __alloc_skb "
			 "__tcp_send_ack.part.0 tcp_rcv_established tcp_v4_do_rcv tcp_v4_rcv "
			 "ip_local_deliver_finish __netif_receive_skb_list_core "
			 "netif_receive_skb_list_internal napi_complete_done "
			 "e1000e_poll[e1000e]" NAPI_TAIL_NEW,
		 "__tcp_send_ack", "[net]", "kmem_cache_alloc_node < __alloc_skb"},
		{"send from user space",
		 AT_ITER "__alloc_pages alloc_pages skb_page_frag_refill sk_page_frag_refill "
			 "tcp_sendmsg_locked tcp_sendmsg sock_sendmsg __sys_sendto" USER_TAIL,
		 "tcp_sendmsg_locked", "[net]", "skb_page_frag_refill < sk_page_frag_refill"},
		{"DMA mapping of a transmitted packet",
		 AT_ITER "__alloc_frozen_pages_noprof alloc_pages_mpol iommu_alloc_pages_node_sz "
			 "pfn_to_dma_pte __domain_mapping intel_iommu_map_pages iommu_map "
			 "__iommu_dma_map iommu_dma_map_page dma_map_page_attrs "
			 "igb_xmit_frame_ring[igb] dev_hard_start_xmit" USER_TAIL,
		 "igb_xmit_frame_ring", "igb",
		 "iommu_alloc_pages_node_sz < pfn_to_dma_pte < __domain_mapping < "
		 "intel_iommu_map_pages < iommu_map < __iommu_dma_map < iommu_dma_map_page < "
		 "dma_map_page_attrs"},
		{"usbnet through usbcore",
		 "__alloc_pages kmem_cache_alloc_trace usb_alloc_urb[usbcore] "
		 "rx_alloc_submit[usbnet] "
		 "usbnet_bh[usbnet] tasklet_action_common.constprop.0 __do_softirq",
		 "rx_alloc_submit", "usbnet", "kmem_cache_alloc_trace < usb_alloc_urb"},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void network_core_for_a_driver(void)
{
	static const struct stack_case cases[] = {
		{"napi_get_frags",
		 AT_ITER "__alloc_pages new_slab ___slab_alloc kmem_cache_alloc __napi_alloc_skb "
			 "napi_get_frags mlx4_en_process_rx_cq[mlx4_en] "
			 "mlx4_en_poll_rx_cq[mlx4_en]" NAPI_TAIL_NEW,
		 "mlx4_en_process_rx_cq", "mlx4_en",
		 "kmem_cache_alloc < __napi_alloc_skb < napi_get_frags"},
		{"receive",
		 "__alloc_pages kmem_cache_alloc skb_clone __netif_receive_skb_core.constprop.0 "
		 "__netif_receive_skb_list_core netif_receive_skb_list_internal "
		 "napi_complete_done igb_poll[igb]" NAPI_TAIL_NEW,
		 "igb_poll", "igb",
		 "kmem_cache_alloc < skb_clone < __netif_receive_skb_core < "
		 "__netif_receive_skb_list_core < netif_receive_skb_list_internal < "
		 "napi_complete_done"},
		{"backlog: the interrupted module has no part in it",
		 "__alloc_pages kmem_cache_alloc skb_clone __netif_receive_skb_core "
		 "__netif_receive_skb_one_core process_backlog __napi_poll net_rx_action "
		 "__do_softirq irq_exit_rcu sysvec_apic_timer_interrupt "
		 "asm_sysvec_apic_timer_interrupt xfs_iomap_write_direct[xfs]",
		 "__netif_receive_skb_core", "[net]", "kmem_cache_alloc < skb_clone"},
		{"a softirq run by local_bh_enable in a module's thread",
		 "__alloc_pages kmem_cache_alloc skb_clone __netif_receive_skb_core net_rx_action "
		 "__do_softirq do_softirq.part.0 __local_bh_enable_ip tun_get_user[tun]",
		 "__netif_receive_skb_core", "[net]", "kmem_cache_alloc < skb_clone"},
		{"unknown code above the core",
		 "__alloc_pages kmem_cache_alloc skb_clone netif_receive_skb ? igb_poll[igb]",
		 "netif_receive_skb", "[net]", "kmem_cache_alloc < skb_clone"},
		{"built-in driver",
		 "__alloc_pages kmem_cache_alloc napi_alloc_skb napi_get_frags rtl8169_poll "
		 "__napi_poll net_rx_action",
		 "rtl8169_poll", "[r8169]", "kmem_cache_alloc < napi_alloc_skb < napi_get_frags"},
		{"the network's own tun, built in",
		 "__alloc_pages kmem_cache_alloc napi_alloc_skb napi_get_frags tun_get_user "
		 "tun_chr_write_iter vfs_write" USER_TAIL,
		 "napi_get_frags", "[net]", "kmem_cache_alloc < napi_alloc_skb"},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void signals(void)
{
	static const struct stack_case cases[] = {
		{"5.10",
		 AT_TRACEPOINT "__alloc_pages_nodemask alloc_slab_page allocate_slab "
			       "___slab_alloc kmem_cache_alloc __sigqueue_alloc __send_signal "
			       "do_send_sig_info do_rt_sigqueueinfo" USER_TAIL,
		 "__sigqueue_alloc", "[signal]", "kmem_cache_alloc"},
		{"6.12",
		 AT_ITER "__alloc_pages_noprof alloc_pages_mpol_noprof new_slab ___slab_alloc "
			 "__slab_alloc.isra.0 kmem_cache_alloc_noprof __sigqueue_alloc "
			 "__send_signal_locked do_send_sig_info" USER_TAIL,
		 "__sigqueue_alloc", "[signal]", "kmem_cache_alloc"},
		{"7.3",
		 AT_ENTRY "__alloc_frozen_pages_noprof alloc_slab_page allocate_slab "
			  "refill_sheaf __pcs_replace_empty_main kmem_cache_alloc_noprof "
			  "sigqueue_alloc __send_signal_locked do_send_sig_info" USER_TAIL,
		 "sigqueue_alloc", "[signal]", "kmem_cache_alloc"},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void module_contexts(void)
{
	static const struct stack_case cases[] = {
		{"5.10 task",
		 AT_TRACEPOINT "__alloc_pages_nodemask alloc_pages_current "
			       "alloc_labyrinth_page_exclusive[maze] request[maze] "
			       "worker_fn[maze] kthread ret_from_fork",
		 "alloc_labyrinth_page_exclusive", "maze", "alloc_pages_current"},
		{"no helper at all", AT_ENTRY "request[maze] worker_fn[maze] kthread ret_from_fork",
		 "request", "maze", ""},
		{"6.12 softirq",
		 AT_ITER "__alloc_pages_noprof alloc_pages_mpol_noprof alloc_pages_noprof "
			 "request[maze] tasklet_fn[maze] tasklet_action_common.isra.0 "
			 "handle_softirqs __irq_exit_rcu sysvec_apic_timer_interrupt "
			 "asm_sysvec_apic_timer_interrupt ext4_writepages[ext4]",
		 "request", "maze", "alloc_pages"},
		{"7.2 hardirq, landing in another module's stack",
		 AT_ENTRY "__alloc_frozen_pages_noprof alloc_pages_mpol alloc_frozen_pages_noprof "
			  "alloc_pages_noprof request[maze] interrupt[maze] timer_fn[maze] "
			  "__hrtimer_run_queues hrtimer_interrupt __sysvec_apic_timer_interrupt "
			  "sysvec_apic_timer_interrupt asm_sysvec_apic_timer_interrupt "
			  "kmem_cache_alloc_noprof xfs_trans_alloc[xfs]",
		 "request", "maze", "alloc_pages"},
		{"irq_work",
		 "__alloc_pages alloc_pages irq_fn[maze] irq_work_single irq_work_run_list "
		 "irq_work_run __sysvec_irq_work sysvec_irq_work asm_sysvec_irq_work",
		 "irq_fn", "maze", "alloc_pages"},
		{"bulk",
		 "__alloc_frozen_pages_noprof alloc_pages_bulk_noprof maze_ioctl[maze] "
		 "__x64_sys_ioctl" USER_TAIL,
		 "maze_ioctl", "maze", "alloc_pages_bulk"},
		{"a copy of an inline function in a module",
		 "__alloc_pages_noprof ___kmalloc_large_node __kmalloc_noprof "
		 "kmalloc_array_noprof.constprop.0[maze] setup[maze] init_module[maze]",
		 "setup", "maze", "___kmalloc_large_node < __kmalloc < kmalloc_array"},
		{"a function of a module that only has such a name",
		 "__alloc_pages __kmalloc mempool_of_mine[other] vfs_write" USER_TAIL,
		 "mempool_of_mine", "other", "__kmalloc"},
		{"threaded interrupt",
		 "__alloc_pages new_slab kmem_cache_alloc_trace nvme_irq_thread[nvme] "
		 "irq_thread_fn "
		 "irq_thread kthread ret_from_fork",
		 "nvme_irq_thread", "nvme", "kmem_cache_alloc_trace"},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void kernel_proper(void)
{
	static const struct stack_case cases[] = {
		{"percpu refilled by a worker is percpu's own",
		 AT_ITER "__alloc_pages pcpu_populate_chunk pcpu_balance_populated "
			 "pcpu_balance_workfn process_one_work worker_thread kthread ret_from_fork",
		 "pcpu_balance_workfn", "[mm]", "pcpu_populate_chunk < pcpu_balance_populated"},
		{"page cache node",
		 "__alloc_pages new_slab ___slab_alloc kmem_cache_alloc_lru xas_alloc xas_create "
		 "xas_store __filemap_add_folio filemap_add_folio" USER_TAIL,
		 "__filemap_add_folio", "[mm]",
		 "kmem_cache_alloc_lru < xas_alloc < xas_create < xas_store"},
		{"radix tree of 5.10",
		 "__alloc_pages_nodemask kmem_cache_alloc radix_tree_node_alloc.constprop.0 "
		 "idr_get_free idr_alloc_u32 idr_alloc_cyclic ip_set_create" USER_TAIL,
		 "ip_set_create", "[net]",
		 "kmem_cache_alloc < radix_tree_node_alloc < idr_get_free < idr_alloc_u32 < "
		 "idr_alloc_cyclic"},
		{"mempool under the block layer",
		 "__alloc_pages kmem_cache_alloc mempool_alloc_slab mempool_alloc bio_alloc_bioset "
		 "clone_endio[dm_mod] dm_submit_bio[dm_mod] __submit_bio",
		 "clone_endio", "dm_mod",
		 "kmem_cache_alloc < mempool_alloc_slab < mempool_alloc < bio_alloc_bioset"},
		{"virtqueue",
		 "__alloc_pages __kmalloc alloc_indirect_split virtqueue_add_split "
		 "virtqueue_add_sgs "
		 "virtblk_add_req[virtio_blk] virtio_queue_rq[virtio_blk]",
		 "alloc_indirect_split", "[virtio]", "__kmalloc"},
		{"scsi", "__alloc_pages kmem_cache_alloc scsi_mq_setup_tags scsi_queue_rq",
		 "scsi_mq_setup_tags", "[scsi]", "kmem_cache_alloc"},
		{"vmalloc with bulk",
		 "__alloc_pages __alloc_pages_bulk __vmalloc_area_node __vmalloc_node_range "
		 "__vmalloc_node dup_task_struct copy_process kernel_clone" USER_TAIL,
		 "dup_task_struct", "[process]",
		 "__alloc_pages_bulk < __vmalloc_node_range < __vmalloc_node"},
		{"BPF map",
		 "__alloc_pages_noprof allocate_slab kmem_cache_alloc_node_noprof __alloc "
		 "alloc_bulk "
		 "irq_work_single irq_work_run_list",
		 "__alloc", "[kernel]", "kmem_cache_alloc_node"},
		{"kfree_rcu",
		 "__alloc_pages __get_free_pages add_ptr_to_bulk_krc_lock "
		 "kvfree_call_rcu security_task_free",
		 "add_ptr_to_bulk_krc_lock", "[rcu]", "__get_free_pages"},
		{"interrupt within the allocator: the inner one counts",
		 "__alloc_pages kmem_cache_alloc __sigqueue_alloc send_sigio_to_task kill_fasync "
		 "handle_irq_event asm_common_interrupt get_page_from_freelist __alloc_pages "
		 "kmalloc_reserve e1000_clean[e1000]",
		 "__sigqueue_alloc", "[signal]", "kmem_cache_alloc"},
		{"a function in no table", "__alloc_pages __kmalloc frobnicate vfs_read",
		 "frobnicate", "[kernel]", "__kmalloc"},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void probes(void)
{
	static const struct stack_case cases[] = {
		{"another tool's trampoline between",
		 AT_ENTRY "__alloc_pages kmem_cache_alloc bpf_trampoline_6442508829[bpf] "
			  "e1000_clean[e1000]",
		 "e1000_clean", "e1000", "kmem_cache_alloc"},
		{"ftrace between",
		 "__alloc_pages ftrace_trampoline[ftrace] kmem_cache_alloc "
		 "ftrace_regs_call e1000_clean[e1000]",
		 "e1000_clean", "e1000", "kmem_cache_alloc"},
		{"a BPF program that asks itself",
		 AT_ENTRY "__alloc_pages __kmalloc bpf_prog_fedcba9876543210_other[bpf] "
			  "bpf_trace_run2 kfree_skbmem",
		 "bpf_prog_fedcba9876543210_other", "[bpf]", "__kmalloc"},
		{"the kernel's own functions of such names",
		 "__alloc_pages __vmalloc bpf_prog_alloc_no_stats bpf_prog_alloc" USER_TAIL,
		 "bpf_prog_alloc_no_stats", "[bpf]", "__vmalloc"},
		{"and these",
		 "__alloc_pages __kmalloc bpf_trampoline_update bpf_tracing_prog_attach",
		 "bpf_trampoline_update", "[bpf]", "__kmalloc"},
		{"programs without symbols", "? ? __alloc_pages alloc_pages request[maze] kthread",
		 "request", "maze", "alloc_pages"},
		{"a trampoline without a symbol between helpers",
		 "__alloc_pages ? kmem_cache_alloc ? __alloc_skb request[maze]", "request", "maze",
		 "kmem_cache_alloc < __alloc_skb"},
		{"kprobe",
		 "bpf_prog_0123456789abcdef[bpf] trace_call_bpf kprobe_perf_func "
		 "kprobe_ftrace_handler ftrace_trampoline[ftrace] __alloc_pages "
		 "alloc_pages request[maze]",
		 "request", "maze", "alloc_pages"},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void unknown_sites(void)
{
	static const struct stack_case cases[] = {
		{"no stack", "", "", "", ""},
		{"no symbols", "? ? ? ?", "", "", ""},
		{"nothing but the allocator", "__alloc_pages new_slab ___slab_alloc", "", "", ""},
		{"nothing but helpers", "__alloc_pages __kmalloc __alloc_skb", "", "", ""},
		{"probes only", AT_ENTRY, "", "", ""},
		{"unknown code asked", "__alloc_pages __kmalloc ? e1000_clean[e1000]", "", "", ""},
		{"unknown code in an interrupt",
		 "__alloc_pages __kmalloc ? asm_common_interrupt ext4_writepages[ext4]", "", "",
		 ""},
		{"the allocator and an interrupt",
		 "__alloc_pages asm_common_interrupt ext4_f[ext4]", "", "", ""},
	};

	check_stacks(cases, sizeof(cases) / sizeof(cases[0]));
}

static void long_via(void)
{
	static const char name[] = "__kmalloc_node_track_caller_with_a_very_long_name_indeed_it_is";
	struct event_frame frame[LAB_EVENT_FRAMES];
	struct site site;

	memset(frame, 0, sizeof(frame));
	for (int i = 0; i < LAB_EVENT_FRAMES - 1; i++)
		snprintf(frame[i].symbol, EVENT_SYMBOL, "%s", name);
	snprintf(frame[LAB_EVENT_FRAMES - 1].symbol, EVENT_SYMBOL, "e1000_clean");
	snprintf(frame[LAB_EVENT_FRAMES - 1].module, EVENT_MODULE,
		 "a_module_with_the_longest_name_");
	site_find(frame, LAB_EVENT_FRAMES, &site);
	CHECK(strcmp(site.site, "e1000_clean") == 0);
	CHECK(strcmp(site.driver, "a_module_with_the_longest_name_") == 0);
	CHECK(strlen(site.via) < EVENT_TEXT);
	CHECK(strcmp(site.via + strlen(site.via) - 6, " < ...") == 0);
	CHECK(strncmp(site.via, name, strlen(name)) == 0);
}

static void names(void)
{
	static const struct {
		const char *symbol, *plain, *shown;
	} table[] = {
		{"__kmalloc_noprof", "kmalloc", "__kmalloc"},
		{"___slab_alloc.constprop.0.isra.0", "slab_alloc", "___slab_alloc"},
		{"foo.part.0.cold", "foo", "foo"},
		{"foo.llvm.123456", "foo", "foo"},
		{".alloc_pages", ".alloc_pages", ".alloc_pages"},
		{"_noprof", "noprof", "_noprof"},
		{"___", "", "___"},
		{"", "", ""},
	};
	char name[FRAME_NAME], max[FRAME_NAME];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		frame_base_name(table[i].symbol, false, name);
		CHECK_MSG(strcmp(name, table[i].plain) == 0, "%s is %s", table[i].symbol, name);
		frame_base_name(table[i].symbol, true, name);
		CHECK_MSG(strcmp(name, table[i].shown) == 0, "%s is %s", table[i].symbol, name);
	}
	memset(max, 'a', sizeof(max) - 1);
	max[sizeof(max) - 1] = '\0';
	frame_base_name(max, true, name);
	CHECK(strcmp(name, max) == 0);
	CHECK(frame_kind_of("") == FRAME_SITE);
	CHECK(strcmp(frame_subsystem("___"), "[kernel]") == 0);
}

/* Functions that look like helpers and are not, and the other way round. */
static void kinds(void)
{
	static const struct {
		const char *symbol;
		enum frame_kind kind;
	} table[] = {
		{"alloc_page_buffers", FRAME_SITE},
		{"folio_alloc_buffers", FRAME_SITE},
		{"folio_alloc_swap", FRAME_SITE},
		{"alloc_inode", FRAME_SITE},
		{"alloc_workqueue_noprof", FRAME_SITE},
		{"page_fault_oops", FRAME_SITE},
		{"__folio_alloc_noprof", FRAME_INNER},
		{"alloc_pages_exact_noprof", FRAME_HELPER},
		{"__alloc_pages_slowpath.constprop.0", FRAME_INNER},
		{"__alloc_pages_bulk", FRAME_HELPER},
		{"napi_alloc_skb", FRAME_HELPER},
		{"napi_get_frags", FRAME_RECEIVE},
		{"__napi_poll", FRAME_BOUNDARY},
		{"kmem_cache_alloc_from_sheaf_noprof", FRAME_HELPER},
		{"__pcs_replace_empty_main", FRAME_INNER},
		{"asm_sysvec_call_function_single", FRAME_BOUNDARY},
		{"el1h_64_irq_handler", FRAME_BOUNDARY},
		{"__irqentry_text_start", FRAME_BOUNDARY},
		{"dma_pool_alloc", FRAME_HELPER},
		{"__vmalloc_node_range_noprof.cold", FRAME_HELPER},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_MSG(frame_kind_of(table[i].symbol) == table[i].kind, "%s is %d, not %d",
			  table[i].symbol, frame_kind_of(table[i].symbol), table[i].kind);
}

/* Frames of all sorts, names cut anywhere: nothing but a stack that makes no sense comes of it. */
static void random_stacks(void)
{
	static const char *const symbols[] = {"",
					      "__alloc_pages",
					      "kmalloc",
					      "asm_common_interrupt",
					      "napi_get_frags",
					      "e1000_clean",
					      "bpf_prog_0123456789abcdef_x",
					      "bpf_trampoline_1",
					      "usb_alloc_urb",
					      "_",
					      "."};
	static const char *const modules[] = {"", "", "e1000", "[bpf]", "[ftrace]", "["};
	struct event_frame frame[LAB_EVENT_FRAMES];
	__u64 seed = 7;

	for (int round = 0; round < 20000; round++) {
		unsigned int frames = (unsigned int)(test_random(&seed) % (LAB_EVENT_FRAMES + 1));
		struct site site;

		for (unsigned int i = 0; i < frames; i++) {
			snprintf(frame[i].symbol, EVENT_SYMBOL, "%s",
				 symbols[test_random(&seed) %
					 (sizeof(symbols) / sizeof(symbols[0]))]);
			snprintf(frame[i].module, EVENT_MODULE, "%s",
				 modules[test_random(&seed) %
					 (sizeof(modules) / sizeof(modules[0]))]);
		}
		site_find(frame, frames, &site);
		CHECK(site.frame <= frames);
		CHECK((site.frame == frames) == !site.driver[0]);
		CHECK(site.frame == frames || frame[site.frame].symbol[0] ||
		      frame[site.frame].module[0]);
	}
}

static const struct test_case cases[] = {
	{"network", network},
	{"network_core_for_a_driver", network_core_for_a_driver},
	{"signals", signals},
	{"module_contexts", module_contexts},
	{"kernel_proper", kernel_proper},
	{"probes", probes},
	{"probes_are_stripped", probes_are_stripped},
	{"unknown_sites", unknown_sites},
	{"long_via", long_via},
	{"names", names},
	{"kinds", kinds},
	{"random_stacks", random_stacks},
};

TEST_MAIN("sites", cases)
