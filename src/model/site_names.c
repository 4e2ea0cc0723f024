// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * site_names.c - names of kernel functions. "name" is that function, "name*" all that begin with
 * it; the longest match wins, so the order does not matter. A list is one string, its names
 * separated by spaces. Leading underscores, _noprof and anything after a dot are not in them.
 */
#include <string.h>

#include "model/site_names.h"

static const struct {
	enum frame_kind kind;
	const char *names;
} kinds[] = {
	{FRAME_PROBE, "bpf_trace_* traceiter_* trace_event_raw_event_* trace_event_buffer_* "
		      "trace_call_bpf* perf_trace_* bpf_prog_enter* bpf_prog_exit* bpf_get_stack* "
		      "bpf_dispatcher_* bpf_perf_event_output* kprobe_ftrace_handler "
		      "kprobe_dispatcher kprobe_perf_func kprobe_multi_link_* kretprobe_* "
		      "rethook_* arch_rethook* fprobe_* aggr_pre_handler opt_pre_handler "
		      "optimized_callback ftrace_caller ftrace_call ftrace_regs_call* "
		      "ftrace_ops_list_func arch_ftrace_ops_list_func ftrace_ops_assist_func"},
	/* The page allocator, and what debugging adds within it. */
	{FRAME_INNER,
	 "alloc_pages* alloc_page alloc_page_interleave alloc_page_vma* "
	 "alloc_frozen_page* alloc_kmem_pages* folio_alloc folio_alloc_mpol folio_alloc_node "
	 "vma_alloc_folio* get_page_from_freelist rmqueue* warn_alloc* "
	 "wake_all_kswapds wakeup_kswapd should_fail_alloc_page prep_new_page "
	 "post_alloc_hook pte_alloc* pmd_alloc* pud_alloc* p4d_alloc* "
	 "kasan_* stack_depot_* kmemleak_* mem_pool_alloc create_object* "
	 "set_track* set_page_owner* save_stack"},
	/* SLUB, SLAB, SLOB and their accounting. */
	{FRAME_INNER, "alloc_slab_page alloc_slab_obj_exts alloc_from_pcs* alloc_full_sheaf "
		      "alloc_empty_sheaf alloc_from_new_slab new_slab* allocate_slab slab_alloc* "
		      "refill_sheaf refill_objects* pcs_replace_* pcs_refill_* barn_* get_partial* "
		      "get_from_partial* slab_post_alloc_hook slab_out_of_memory "
		      "memcg_alloc_slab_* memcg_slab_* kmem_getpages cache_grow* cache_alloc "
		      "cache_alloc_node cache_alloc_refill fallback_alloc slob_alloc* "
		      "slob_new_pages slob_page_alloc"},
	/* vmalloc's own. */
	{FRAME_INNER, "vm_area_alloc_pages alloc_vmap_area get_vm_area* vmap_* vmalloc_area_node "
		      "alloc_vmap_block new_vmap_block preload_this_cpu_lock"},
	{FRAME_HELPER, "alloc_pages_bulk* alloc_pages_exact* get_free_page* get_zeroed_page* "
		       "filemap_alloc_folio* page_cache_alloc* kmalloc* kzalloc* kcalloc* "
		       "krealloc* kmem_cache_alloc* kmem_cache_zalloc* kmem_cache_prefill_* "
		       "kmem_cache_refill_* kvmalloc* kvzalloc* kvcalloc* kvrealloc* kmemdup* "
		       "kvmemdup* memdup_user* vmemdup_user* strndup_user* kstrdup* kstrndup* "
		       "kasprintf kvasprintf* devm_k* devm_get_free_pages devres_alloc* "
		       "vmalloc* vzalloc* vcalloc* vmap vm_map_ram alloc_percpu* pcpu_* "
		       "mempool_* bitmap_alloc* bitmap_zalloc* kfifo_alloc"},
	/* Containers that allocate their nodes. */
	{FRAME_HELPER, "xas_* xa_* radix_tree_* idr_* ida_* mas_* mtree_* rhashtable_* rhltable_* "
		       "bucket_table_alloc assoc_array_*"},
	{FRAME_HELPER, "bio_alloc* bio_kmalloc bvec_alloc sg_alloc_* sg_kmalloc sgl_alloc*"},
	/* Mapping for DMA needs tables and addresses. */
	{FRAME_HELPER, "dma_alloc dma_alloc_* dma_generic_alloc* arm_dma_alloc* dma_direct_alloc* "
		       "dma_direct_map* dma_pool_* pool_alloc_page "
		       "pool_initialise_page dma_map_* dma_common_* dma_iova_* iommu_dma_* "
		       "iommu_map* iommu_alloc_page* alloc_iova* iova_magazine_alloc swiotlb_* "
		       "intel_iommu_map* domain_mapping pfn_to_dma_pte amd_iommu_map* "
		       "iommu_v1_map_pages arm_lpae_map* dmam_alloc_*"},
	{FRAME_LIBRARY, "usb_alloc_urb usb_alloc_coherent hcd_buffer_alloc*"},
	{FRAME_HELPER,
	 "alloc_skb* build_skb* slab_build_skb napi_build_skb napi_alloc_skb* "
	 "napi_alloc_frag* napi_skb_cache_get* netdev_alloc_skb* "
	 "netdev_alloc_frag* alloc_page_frag* dev_alloc_skb dev_alloc_page* page_frag_* "
	 "skb_page_frag_refill sk_page_frag_refill skb_copy* skb_clone* skb_cow* "
	 "skb_realloc_headroom skb_expand_head skb_ext_* skb_ensure_writable* "
	 "skb_share_check skb_unshare skb_segment* skb_linearize* skb_pad* pskb_* "
	 "sock_alloc_send_* sock_wmalloc sock_omalloc sock_kmalloc* sk_alloc "
	 "sk_prot_alloc sk_stream_alloc_skb tcp_stream_alloc_skb nlmsg_new "
	 "genlmsg_new page_pool_*"},
	{FRAME_RECEIVE, "napi_* netif_* dev_gro_* gro_* skb_gro_* inet_gro_* ipv6_gro_* "
			"tcp_gro_* tcp4_gro_* tcp6_gro_* udp_gro_* udp4_gro_* udp6_gro_* skb_* "
			"deliver_skb enqueue_to_backlog vlan_do_receive vlan_gro_* "
			"do_xdp_generic bpf_prog_run_generic_xdp xdp_* xsk_* xp_alloc* "
			"eth_type_trans eth_gro_*"},
	/* Interrupts and faults. */
	{FRAME_BOUNDARY, "asm_* common_interrupt sysvec_* exc_* irqentry_* irq_exit* irq_enter* "
			 "do_IRQ do_irq* ret_from_intr ret_from_exception call_on_irq_stack "
			 "call_on_stack run_irq_on_irqstack* run_sysvec_on_irqstack* handle_irq* "
			 "handle_edge_irq handle_level_irq handle_fasteoi_* handle_percpu_* "
			 "handle_simple_irq handle_nested_irq handle_domain_irq "
			 "handle_arch_irq* handle_IPI do_handle_IPI ipi_handler* "
			 "generic_handle_* generic_smp_call_function_* "
			 "flush_smp_call_function_* smp_call_function_* gic_handle_irq* "
			 "do_interrupt_handler do_mem_abort do_page_fault nmi_handle "
			 "default_do_nmi end_repeat_nmi error_entry error_return el0_* el1_* "
			 "el0t_* el1t_* el1h_* irq_work_run* irq_work_single hrtimer_interrupt "
			 "hrtimer_run_* tick_*"},
	/* Softirqs and what they defer to. */
	{FRAME_BOUNDARY,
	 "do_softirq* softirqentry_text_start handle_softirqs invoke_softirq "
	 "local_bh_enable_ip net_rx_action net_tx_action napi_poll* "
	 "napi_threaded_poll* napi_busy_loop* busy_poll_stop process_backlog "
	 "run_ksoftirqd tasklet_action* tasklet_hi_action* workqueue_softirq_action "
	 "run_timer_* run_timers expire_timers call_timer_fn rcu_do_batch "
	 "rcu_core* rcu_process_callbacks"},
	/* Threads and system calls. */
	{FRAME_BOUNDARY, "process_one_work process_scheduled_works worker_thread bh_worker kthread "
			 "kthread_worker_fn smpboot_thread_fn irq_thread irq_thread_fn "
			 "irq_forced_thread_fn ret_from_fork* ret_from_kernel_* do_syscall_* "
			 "x64_sys_call ia32_sys_call invoke_syscall* do_el0_svc* entry_* "
			 "do_fast_syscall_* do_int80_* syscall_* system_call* handle_syscall* "
			 "start_secondary cpu_startup_entry do_idle start_kernel rest_init "
			 "x86_64_start_* secondary_start* common_startup_64 kernel_init* "
			 "do_initcall* do_one_initcall"},
};

static const struct {
	const char *subsystem, *names;
} subsystems[] = {
	{"[net]", "ethnl* ethtool* flow_* ctnetlink* seg6* ebt_* ebtable* ipmr* addrconf* "
		  "multicast* nla_* reuseport* subflow* cipso* calipso* dcbnl* dev_addr* dev_mc_* "
		  "dev_uc_* dev_open dev_change* dev_set_mtu* rt_add* net* napi* gro* skb* sk_* "
		  "sock* dev_queue* dev_hard* dev_gro* dev_forward* "
		  "dev_direct* dev_loopback* validate_xmit* neigh* dst_* ip_* ip6* ipv4* ipv6* "
		  "inet* tcp* udp* icmp* igmp* mld* ndisc* arp_* ping_* raw_send* rawv6* fib* "
		  "rt_dst* rt6_* rtnl* rtnetlink* nlmsg* genl* nf_* nft_* nfnl* nfulnl* xt_* "
		  "ipt_* unix_* packet_* tpacket* prb_* qdisc* sch_* tc_* tcf_* tcindex* fq_* "
		  "pfifo* htb_* br_* bond_* vlan* macvlan* tun_* tap_* veth* loopback_* xfrm* "
		  "esp_* ah_* mptcp* sctp* dccp* tipc* xdp* xsk* xp_* eth_* process_backlog "
		  "enqueue_to_backlog deliver_skb scm_* tls_* kcm_* strp_* l2tp* gre_* "
		  "vxlan* geneve* page_pool* alloc_netdev* dev_get* wireless* cfg80211* "
		  "ieee80211* hci_* l2cap* can_* sendmsg* sys_send* sys_recv* svc_* rpc_* xprt_*"},
	{"[mm]",
	 "pcpu* wb_* mmu_notifier* mmu_interval* vmemmap* memory_* mm_* page_* folio* vma_* vm_* "
	 "mmap* do_mmap* do_brk* expand_stack* shmem* "
	 "swap* add_to_swap* read_swap* zs_* zswap* zbud* z3fold* ksm* khugepaged* "
	 "compact* migrate* mem_cgroup* memcg* obj_cgroup* try_charge* hugetlb* "
	 "handle_mm_fault handle_pte* do_anonymous_page do_fault* do_cow* do_read_fault* "
	 "do_wp* wp_page* do_swap_page do_huge* anon_vma* copy_page_range filemap* "
	 "readahead* page_cache* do_page_cache* force_page_cache* read_pages* "
	 "writeback* balance_dirty* lru_* shrink_* kswapd* alloc_demote* slab* kmem* "
	 "kfree* kvfree* percpu* vmap* vunmap* damon* userfault* uffd* tlb_* get_user* "
	 "gup_* pin_user* faultin* mincore* mlock* mprotect* mremap* madvise* mempolicy* "
	 "numa_* alloc_migration* alloc_misplaced* alloc_hugetlb* balloon_* page* "
	 "pagemap* pagecache* secretmem* memfd* process_vm*"},
	{"[fs]", "anon_pipe* environ_* fscrypt* xlog_* xattr* posix_acl* z_erofs* ext2* ext4* "
		 "jbd2* xfs_* btrfs* f2fs* "
		 "fat_* vfat* msdos* isofs* udf* nfs* "
		 "lockd* nlm* ceph* cifs* smb* ksmbd* fuse* ovl_* iomap* mpage* vfs_* do_sys_open* "
		 "do_filp* path_* link_path* filename* getname* open_* file_* alloc_file* "
		 "alloc_empty_file* alloc_fd* expand_fd* d_* dentry* inode* iget* new_inode* "
		 "alloc_inode* alloc_buffer_head alloc_page_buffers folio_alloc_buffers "
		 "grow_buffers grow_dev* create_empty_buffers getblk* bread* block_* seq_* "
		 "single_open* proc_* procfs* pid_getattr sysfs* kernfs* configfs* debugfs* "
		 "tracefs* pipe_* alloc_pipe* create_pipe* splice* ep_* eventpoll* do_epoll* "
		 "epoll* eventfd* signalfd* inotify* fanotify* fsnotify* aio_* io_submit* "
		 "locks_* posix_lock* flock* fcntl* fasync* alloc_bprm load_elf* load_script* "
		 "mnt_* alloc_vfsmnt* do_mount* vfsmount* simple_* ramfs* tmpfs* dio_* dax_* "
		 "quota* dquot* mb_cache* erofs* squashfs* zonefs* bcachefs* bch2_* 9p* p9_* "
		 "netfs* fscache* cachefiles* autofs* fs_context* alloc_fs_context* select_* "
		 "core_sys_select do_select poll_* do_poll* do_sys_poll* fs_*"},
	{"[io_uring]", "io_* iou_*"},
	{"[block]", "bio_* bvec* blk_* blkdev* blkg* blkcg* submit_bio* elv_* elevator* dd_* "
		    "bfq_* kyber_* iocg* ioc_* alloc_io_context create_io_context create_task_io* "
		    "disk_* bdev_* bd_* sbitmap* loop_* lo_* nbd_* zram_* brd_* t10_* part_* "
		    "__submit* generic_make_request"},
	{"[nvme]", "nvme*"},
	{"[md]", "md_* raid0* raid6* raid1* raid5* r1* r10* r5* mddev*"},
	{"[dm]", "dm_* clone_bio* alloc_tio* crypt_* kcryptd* dmcrypt*"},
	{"[scsi]", "scsi* sd_* sr_* st_do* sg_* ses_* iscsi* fc_* sas_* mpt3sas* mpi3mr* megasas* "
		   "ufs* ufshcd* hpsa* aac_* qla2* lpfc_*"},
	{"[ata]", "ata_* ahci* sata_* pata_* piix_*"},
	{"[mmc]", "mmc_* sdhci* mmcblk*"},
	{"[signal]", "sigqueue* send_signal* send_sig* signal_* force_sig* do_send_sig* "
		     "do_send_specific do_tkill group_send* kill_* do_rt_* do_notify_parent* "
		     "dequeue_signal* get_signal* ptrace*"},
	{"[usb]", "usb* hcd_* ehci* ohci* uhci* xhci* urb* hub_* dwc2* dwc3* cdc_* uvc* musb* "
		  "chipidea* gadget* uas_*"},
	{"[virtio]", "virtqueue* virtio* vring* vp_* virtnet* virtblk* virtscsi* virtballoon* "
		     "virtcons* vhost* alloc_indirect* alloc_old_pkt* vsock*"},
	{"[hyperv]", "hv_* vmbus* netvsc* storvsc* hyperv*"},
	{"[xen]", "xen* blkif* gnttab* evtchn*"},
	{"[bpf]", "bpf* btf_* htab_* alloc_htab* array_map* lpm_trie* trie_* ringbuf* unit_alloc* "
		  "sock_map* sock_hash* cgroup_bpf* dev_map* cpu_map* stack_map* "
		  "arena_* range_tree*"},
	{"[sched]",
	 "sched* sd_alloc* sd_init* try_to_wake* wake_up* rt_rq* psi_* autogroup* cpuset* "
	 "task_numa* set_cpus_allowed* membarrier* scx_* affine_move*"},
	{"[process]", "copy_process* dup_task* dup_mm* copy_* alloc_thread_stack* alloc_pid* "
		      "kernel_clone* prepare_creds copy_creds* do_exit* exit_* task_work* "
		      "alloc_uid* ucounts* alloc_ucounts* kthread* taskstats* acct_* prctl*"},
	{"[cgroup]", "cgroup* css_* cset* allocate_cgrp* pids_*"},
	{"[futex]", "futex* rt_mutex* rtmutex*"},
	{"[ipc]", "msg_* load_msg* alloc_msg* sem_* do_semtimedop* find_alloc_undo* shm_* mq_* "
		  "mqueue* do_mq* ipc*"},
	{"[rcu]", "rcu* srcu* call_rcu* kfree_rcu* kvfree_rcu* kvfree_call_rcu* kfree_call_rcu* "
		  "add_ptr_to_bulk* get_cached_bnode* fill_page_cache_func synchronize_rcu*"},
	{"[workqueue]", "workqueue* queue_work* queue_delayed* wq_* process_one_work* worker* "
			"pwq_* create_worker* alloc_workqueue* alloc_unbound* apply_workqueue* "
			"insert_work* flush_work* async_schedule*"},
	{"[irq]", "io_apic* x2apic*  irq* request_irq* request_threaded* setup_irq* handle_irq* "
		  "tasklet* softirq* "
		  "alloc_desc* msi_* ioapic* mp_* apic_* x86_vector* gic_* its_* vgic*"},
	{"[time]", "timer* hrtimer* posix_timer* do_timer_create* alarm* clock* tick_* timerfd* "
		   "ntp_* timekeeping*"},
	{"[trace]", "trace* tracing* ftrace* ring_buffer* rb_* kprobe* uprobe* event_* hist_* "
		    "alloc_ftrace* allocate_trace* synth_* fprobe* user_event* function_*"},
	{"[perf]", "perf* alloc_perf* x86_pmu* intel_pmu* amd_pmu* uncore* allocate_boxes"},
	{"[security]", "security* selinux* avc_* sel_* apparmor* aa_* smack* tomoyo* landlock* "
		       "cap_* key_* keyring* ima_* evm_* lsm_* integrity* seccomp* yama*"},
	{"[audit]", "audit*"},
	{"[crypto]", "crypto* aead* skcipher* ahash* shash* sha1* sha256* aes* padata* cryptd* "
		     "simd_* akcipher* scomp* acomp* zlib* lz4* zstd* deflate* af_alg*"},
	{"[kvm]", "kvm* vmx_* svm_* vcpu* tdp_mmu* mmu_* nested_*"},
	{"[tty]", "tty* n_tty* uart* serial* serial8250* pty_* console* vt_* con_* do_con* vc_* "
		  "fbcon* hvc_* sysrq*"},
	{"[input]", "input_* evdev* hid_* hidraw* atkbd* psmouse* serio* i8042* mousedev* kbd_*"},
	{"[acpi]", "acpi*"},
	{"[pci]", "pci* pcie* aer_*"},
	{"[drm]",
	 "drm_* ttm_* dma_fence* dma_resv* dma_buf* fb_* i915* amdgpu* simpledrm* sync_file*"},
	{"[sound]", "snd_*"},
	{"[driver-core]", "device_* dev_* devm_* devres* kobj* uevent* alloc_uevent* class_* bus_* "
			  "driver_* really_probe* platform_* regmap* component_* firmware* "
			  "request_firmware* fwnode* software_node* of_* pm_* genpd* dpm_* "
			  "add_uevent* call_driver_probe"},
	{"[dma]", "dma_* dmaengine* vchan* swiotlb* idxd* ioat_*"},
	{"[iommu]", "iommu* iova* intel_iommu* amd_iommu* arm_smmu* dmar_*"},
	{"[i2c]", "i2c_*"},
	{"[spi]", "spi_*"},
	{"[cpufreq]", "cpufreq*"},
	{"[nvdimm]", "nd_* nvdimm* pmem_*"},
	{"[thermal]", "thermal*"},
	{"[random]", "random* crng* extract_entropy* get_random*"},
	{"[printk]", "printk* vprintk* log_buf*"},
	{"[module]", "load_module* layout_and* module_* init_module* do_init_module* "
		     "move_module* execmem*"},
	{"[debug]",
	 "debug_object* lookup_object* fill_pool debug_* kcsan* kmsan* lockdep* kfence*"},
	/* Network drivers that are often built in. */
	{"[bcmgenet]", "bcmgenet*"},
	{"[stmmac]", "stmmac* dwmac*"},
	{"[fec]", "fec_enet*"},
	{"[macb]", "macb_* gem_rx*"},
	{"[mtk_eth]", "mtk_rx* mtk_tx* mtk_poll* mtk_napi*"},
	{"[mvneta]", "mvneta*"},
	{"[mvpp2]", "mvpp2*"},
	{"[cpsw]", "cpsw* am65_cpsw*"},
	{"[dpaa2]", "dpaa2*"},
	{"[ena]", "ena_*"},
	{"[gve]", "gve_*"},
	{"[e1000]", "e1000_*"},
	{"[e1000e]", "e1000e_*"},
	{"[igb]", "igb_*"},
	{"[igc]", "igc_*"},
	{"[ixgbe]", "ixgbe*"},
	{"[i40e]", "i40e*"},
	{"[ice]", "ice_*"},
	{"[r8169]", "rtl8169* rtl_*"},
	{"[tg3]", "tg3_*"},
	{"[bnxt]", "bnxt*"},
	{"[mlx4]", "mlx4*"},
	{"[mlx5]", "mlx5*"},
	{"[vmxnet3]", "vmxnet3*"},
	{"[smsc]", "smsc* lan78xx*"},
};

void frame_base_name(const char *symbol, bool underscores, char ret[FRAME_NAME])
{
	static const char noprof[] = "_noprof";
	const size_t noprof_len = sizeof(noprof) - 1;
	size_t len;

	if (!underscores)
		symbol += strspn(symbol, "_");
	/* A leading dot is part of the name (ELFv1 of powerpc). */
	len = symbol[0] ? 1 + strcspn(symbol + 1, ".") : 0;
	if (len > noprof_len && memcmp(symbol + len - noprof_len, noprof, noprof_len) == 0)
		len -= noprof_len;
	if (len > FRAME_NAME - 1)
		len = FRAME_NAME - 1;
	memcpy(ret, symbol, len);
	ret[len] = '\0';
}

/*
 * How well a list of names matches: 0 not at all, more for a longer match, most for the whole name.
 */
static size_t match_names(const char *names, const char *name)
{
	size_t name_len = strlen(name), best = 0;

	for (const char *p = names; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " "), fit = 0;

		if (p[len - 1] == '*' && strncmp(p, name, len - 1) == 0)
			fit = len - 1;
		else if (len == name_len && memcmp(p, name, len) == 0)
			fit = FRAME_NAME;
		if (fit > best)
			best = fit;
		p += len;
	}
	return best;
}

enum frame_kind frame_kind_of(const char *symbol)
{
	enum frame_kind kind = FRAME_SITE;
	char name[FRAME_NAME];
	size_t best = 0;

	frame_base_name(symbol, false, name);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t fit = match_names(kinds[i].names, name);

		if (fit > best) {
			best = fit;
			kind = kinds[i].kind;
		}
	}
	return kind;
}

const char *frame_subsystem(const char *symbol)
{
	const char *found = "[kernel]";
	char name[FRAME_NAME];
	size_t best = 0;

	frame_base_name(symbol, false, name);
	for (size_t i = 0; i < sizeof(subsystems) / sizeof(subsystems[0]); i++) {
		size_t fit = match_names(subsystems[i].names, name);

		if (fit > best) {
			best = fit;
			found = subsystems[i].subsystem;
		}
	}
	return found;
}
