/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* view_budget.h - what the tool itself took, as one line of text. */
#ifndef LAB_VIEW_BUDGET_H
#define LAB_VIEW_BUDGET_H

#include <stdio.h>

#include "model.h"

/*
 * "budget: used 1.20 % of the 5.00 % of a processor (programs 1.10, process 0.10): everything is
 * told"; nothing where there is none.
 */
void view_budget(FILE *f, const struct budget_report *b);

#endif
