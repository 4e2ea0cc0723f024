/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* types.h - __u8 ... __u64 on both sides: the programs have them from vmlinux.h. */
#ifndef LAB_WIRE_TYPES_H
#define LAB_WIRE_TYPES_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#endif
