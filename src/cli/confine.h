/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* confine.h - the rights that are left while input is read. */
#ifndef LAB_CLI_CONFINE_H
#define LAB_CLI_CONFINE_H

/*
 * Call when all is open. rights: RIGHTS_* of base/rights.h; 0 for who reads what others wrote: then
 * root and all capabilities are given up as well, which a live run did before. 0, or FAIL() once
 * logged; a kernel that sets no filter is a warning.
 */
int confine(unsigned int rights);

#endif
