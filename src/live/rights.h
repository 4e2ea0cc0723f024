/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* rights.h - the capabilities that a run still needs once all is attached. */
#ifndef LAB_LIVE_RIGHTS_H
#define LAB_LIVE_RIGHTS_H

#include "live/hooks.h"

/*
 * Gives up those of this thread that it does not need, for good; what has to stay is logged under
 * -v. budget: programs are attached again, and their run time is asked for. 0 or FAIL() once
 * logged.
 */
int live_give_up(struct hooks *h, bool budget);

#endif
