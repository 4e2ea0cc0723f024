/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* calibrate.h - what the hooks themselves add to preempt_count, by requests of our own. */
#ifndef LAB_LIVE_CALIBRATE_H
#define LAB_LIVE_CALIBRATE_H

#include "live/hooks.h"

/* Measures it, between hooks_load() and hooks_attach(). 0 or a negative errno. */
int hooks_calibrate(struct hooks *h, const struct features *f);

/* Makes blocking requests of our own, by first touches of 64 pages. 0 or a negative errno. */
int calibration_touch(void);

/* The name that our thread has meanwhile, zero padded: the programs look for it. */
void calibration_comm(char comm[static 16]);

/* The programs that measure. NULL: what an entry program sees is not calibrated. */
struct bpf_program *calibration_entry(struct hooks *h);
struct bpf_program *calibration_end(struct hooks *h, const struct features *f);

#endif
