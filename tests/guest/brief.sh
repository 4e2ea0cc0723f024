# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# brief.sh - a third of the boot base.

# shellcheck disable=SC2034 # base.sh's and lib.sh's
BRIEF=1 START_TIMEOUT=300
# shellcheck source=tests/guest/base.sh
. /job/base.sh
