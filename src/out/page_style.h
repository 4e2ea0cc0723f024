/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_style.h - how a page looks. */
#ifndef LAB_OUT_PAGE_STYLE_H
#define LAB_OUT_PAGE_STYLE_H

/* CSS, for one element style. */
extern const char page_style[];

#endif
