# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# verifier.sh - what this kernel's verifier goes through to accept the programs, against
# /job/verifier.txt: a part of the boot base, and of tests/verifier. Sourced; sets nothing but V_*.
#
# verifier_cost KERNEL: a line "# verifier VIEW/PROGRAM INSTRUCTIONS STATES" a program on fd 3, and the
# verdict verifier-cost.

V_LOG=/tmp/verifier.log

# verifier_run VIEW OPTIONS...
verifier_run()
{
	LOAD_LOG=$V_LOG.$1 LD_PRELOAD=/job/bin/load_log.so labyrinth "$@" >/tmp/verifier.out 2>&1
}

# Each way to attach, then the views for which the programs have most in them.
verifier_load()
{
	rm -f $V_LOG.*
	for V_MODE in fentry kprobe raw_tp slowpath; do
		verifier_run stat -j --attach $V_MODE 0.1 1
	done
	verifier_run stat -j --all-classes --anon-exclusive 0.1 1
	for V_VIEW in why flags lint; do
		verifier_run $V_VIEW -j -d 0.1
	done
	verifier_run why -j -d 0.1 --attach slowpath
}

# The most of each program of each view; not what libbpf itself tries.
verifier_most()
{
	for V_VIEW in stat why flags lint; do
		awk -v view=$V_VIEW '$1 ~ /^(lab|cal)_/ {
				if ($2 > i[$1]) i[$1] = $2
				if ($3 > s[$1]) s[$1] = $3
			}
			END { for (p in i) print view "/" p, i[p], s[p] }' $V_LOG.$V_VIEW
	done | sort
}

verifier_cost()
{
	verifier_load
	verifier_most >$V_LOG.most
	sed 's/^/# verifier /' $V_LOG.most >&3
	V_WRONG=$(awk -v kernel="$1" -f /job/verifier.awk /job/verifier.txt $V_LOG.most 2>&1)
	if [ -z "$V_WRONG" ]; then
		echo "PASS verifier-cost" >&3
	else
		echo "FAIL verifier-cost: $(echo "$V_WRONG" | tr '\n' ';')" >&3
	fi
}
