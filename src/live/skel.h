/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* skel.h - the skeleton, which does not include the types that it names. */
#ifndef LAB_LIVE_SKEL_H
#define LAB_LIVE_SKEL_H

#include "wire/counts.h"
#include "wire/knobs.h"
#include "wire/latency.h"

#include "labyrinth.skel.h"

#endif
