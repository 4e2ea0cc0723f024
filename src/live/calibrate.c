// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* calibrate.c - see calibrate.h. */
#include "live/calibrate.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "live/skel.h"
#include "base/util.h"
#include "kernel/preempt.h"

void calibration_comm(char comm[static 16])
{
	memset(comm, 0, 16);
	snprintf(comm, 16, "lab-cal-%d", (int)getpid() % 1000000);
}

struct bpf_program *calibration_end(struct hooks *h, const struct features *f)
{
	return preempt_has_symbols(&f->knobs) ? h->skel->progs.cal_done
					      : h->skel->progs.cal_done_nosym;
}

/*
 * Without the kernel's compiler (bpf_jit_enable 0) a program has no entry to attach to. What
 * preemption was off for is not known then.
 */
static bool is_compiled(void)
{
	char text[16];

	return read_text("/proc/sys/net/core/bpf_jit_enable", text, sizeof(text)) <= 0 ||
	       atoi(text) != 0;
}

/* Mode slowpath sees failures by a kprobe, and looks at the preempt byte of no others. */
static bool calibration_by_kprobe(const struct hooks *h)
{
	return h->mode == ATTACH_KPROBE || h->mode == ATTACH_SLOWPATH;
}

struct bpf_program *calibration_entry(struct hooks *h)
{
	if (calibration_by_kprobe(h))
		return h->skel->progs.cal_entry_kp;
	return h->mode == ATTACH_FENTRY && is_compiled() ? h->skel->progs.cal_entry : NULL;
}

/* Those that the calibration programs look for. */
int calibration_touch(void)
{
	const size_t size = 64 * 4096;
	char comm[16], old[16] = "";
	char *p;

	calibration_comm(comm);
	prctl(PR_GET_NAME, old);
	prctl(PR_SET_NAME, comm);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED) {
		madvise(p, size, MADV_NOHUGEPAGE);
		for (size_t i = 0; i < size; i += 4096)
			((volatile char *)p)[i] = 1;
		munmap(p, size);
	}
	prctl(PR_SET_NAME, old);
	return p == MAP_FAILED ? -errno : 0;
}

int hooks_calibrate(struct hooks *h, const struct features *f)
{
	const struct lab_knobs *k = &f->knobs;
	struct lab_calibration *c = &h->skel->bss->calibration;
	struct bpf_program *prog = calibration_entry(h);
	struct bpf_link *entry = NULL, *done;
	int r;

	if (k->preempt_count_how == LAB_PC_NONE)
		return 0;
	done = bpf_program__attach_raw_tracepoint(calibration_end(h, f), "mm_page_alloc");
	if (!done)
		return -errno;
	if (prog)
		entry = calibration_by_kprobe(h)
				? bpf_program__attach_kprobe(prog, false,
							     f->target[TARGET_ENTRY].name)
				: bpf_program__attach_trace(prog);
	r = prog && !entry ? -errno : calibration_touch();
	bpf_link__destroy(entry);
	bpf_link__destroy(done);
	if (r)
		return r;
	/* An int3 kprobe runs as if in NMI: contexts would be wrong. */
	if ((c->entry_count | c->done_count) & k->irq_mask)
		return -ENOTSUP;
	h->skel->bss->entry_noise = c->entry_count & 0xff;
	h->skel->bss->done_noise = c->done_count & 0xff;
	h->skel->bss->entry_rcu = c->entry_rcu;
	h->skel->bss->done_rcu = c->done_rcu;
	if (c->entry_seen)
		h->skel->data->entry_plain = c->entry_count;
	if (c->done_seen)
		h->skel->data->done_plain = c->done_count;
	h->calibrated = c->done_seen && (c->entry_seen || h->mode == ATTACH_RAW_TP);
	log_debug(1, "calibration: entry adds 0x%llx, done adds 0x%llx to preempt_count%s",
		  c->entry_count, c->done_count, h->calibrated ? "" : " (not seen)");
	return 0;
}
