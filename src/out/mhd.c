// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* mhd.c - see mhd.h. */
#include "out/mhd.h"

#include <dlfcn.h>

#include "base/exits.h"
#include "base/util.h"

/* Of the release that the header is of: Debian 12 and 13 have this one. */
#define LIBRARY "libmicrohttpd.so.12"

static int missing(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "serve needs libmicrohttpd: %s; install it (Debian: "
		       "libmicrohttpd12), or use --textfile alone",
		       dlerror());
}

int mhd_load(struct mhd *ret)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return missing();
#define MHD_FIND(name)                                                                             \
	*(void **)&ret->name = dlsym(library, "MHD_" #name);                                       \
	if (!ret->name)                                                                            \
		return missing();
	MHD_FUNCTIONS(MHD_FIND)
#undef MHD_FIND
	return 0;
}
