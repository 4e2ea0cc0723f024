/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * mhd.h - libmicrohttpd, loaded when it is used. With GnuTLS and what that needs it takes as much
 * memory as all else, which every run would hold locked, on machines that have none to spare.
 */
#ifndef LAB_OUT_MHD_H
#define LAB_OUT_MHD_H

#include <microhttpd.h>

/* One function of the library each, without MHD_. */
/* clang-format off */
#define MHD_FUNCTIONS(f) \
	f(start_daemon) \
	f(stop_daemon) \
	f(run) \
	f(get_daemon_info) \
	f(get_connection_info) \
	f(lookup_connection_value) \
	f(create_response_from_buffer) \
	f(add_response_header) \
	f(queue_response) \
	f(destroy_response)
/* clang-format on */

struct mhd {
#define MHD_MEMBER(name) __typeof__(&MHD_##name) name;
	MHD_FUNCTIONS(MHD_MEMBER)
#undef MHD_MEMBER
};

/* Stays loaded. 0 or FAIL() once logged. */
int mhd_load(struct mhd *ret);

#endif
