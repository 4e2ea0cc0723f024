/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * denied.h - is bpf() refused to somebody who has the capabilities? Then a user namespace, a filter
 * of system calls or a limit is to blame, and not the kernel.
 */
#ifndef LAB_LIVE_DENIED_H
#define LAB_LIVE_DENIED_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/features.h"
#include "live/need.h"

/*
 * Asks the kernel by a program that every kernel takes. true: it is refused; buf has the errno's
 * meaning, who refuses as far as that can be told, and what to do.
 */
bool bpf_denied(const struct features *f, const struct need *need, char *buf, size_t size);

#endif
