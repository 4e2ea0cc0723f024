// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* confine.c - see confine.h. */
#include "cli/confine.h"

#include <string.h>

#include "base/exits.h"
#include "base/rights.h"
#include "base/util.h"

static int become_nobody(void)
{
	int r = rights_leave_root();

	if (r)
		log_debug(1, "rights: stays root, without capabilities: %s", strerror(-r));
	r = rights_keep(0);
	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot give up rights: %s", strerror(-r));
	return 0;
}

int confine(unsigned int rights)
{
	int r = rights & ~RIGHTS_SCREEN ? 0 : become_nobody();

	if (r)
		return r;
	r = rights_confine(rights);
	if (r)
		log_warn("rights: this kernel sets no filter of system calls: %s", strerror(-r));
	return 0;
}
