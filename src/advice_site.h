/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* advice_site.h - what names tell of a site, for advice. Pure. */
#ifndef LAB_ADVICE_SITE_H
#define LAB_ADVICE_SITE_H

#include <stdbool.h>

/* A driver that fills its receive ring by a helper that asks for new pages. */
bool site_recycles(const char *site, const char *driver, const char *via);
/* That helper. */
const char *site_receive_helper(const char *via);
/* Writing out needs it: to wait for memory there may be for ever. */
bool site_does_io(const char *driver, const char *via);

#endif
