# shellcheck shell=sh disable=SC2154 # sourced by /job/command, after it has set WANTED
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# guest.sh - the part of tests/bench/requests that runs in the guest: every variant in one boot, and
# the kernel without any before and after each. Lines as lib.sh has them, and
#
#	# start NAME elapsed_ns=N cpu_ns=N peak_kib=N
#	# version NAME VERSION

EVENT=/sys/kernel/tracing/events/kmem/mm_page_alloc
HIST=hist:keys=order,gfp_flags

# --- labyrinth and empty programs ----------------------------------------------------------------

ours()
{
	lab stat -j 1000
	lab stat-no-exclusive -j --no-exclusive 1000
	lab stat-all -j --all-classes 1000
	lab stat-kprobe -j --attach=kprobe 1000
	lab stat-raw_tp -j --attach=raw_tp 1000
	lab stat-slowpath -j --attach=slowpath 1000
	lab why-slowpath why -j --attach=slowpath 1000
	# more than the workloads take of it, so that nothing is left out
	lab stat-budget -j --budget 50 1000
	lab events events -j
	lab why why -j 1000
	lab flags flags -j 1000
	lab lint lint -j
}

empties()
{
	tool empty-tp "said Watching" no_loss empty empty_done
	two_empty
	tool empty-entry-exit "said Watching" no_loss empty empty_entry empty_exit
	tool empty-session "said Watching" no_loss empty empty_session
}

# --- the peers -----------------------------------------------------------------------------------

bt_loss()
{
	echo "saw $(sed -n 's/^@n: //p' "$W"/out), failed $(sed -n 's/^@failed: //p' "$W"/out), lost $(cat "$W"/out "$W"/err | grep -ciE 'lost|skipped')"
}

# What may sleep is let go first. One key a thread, as its documentation does: an interrupt's
# request inside another's takes its place.
BT_COUNT='@n = count(); if (FAILED) { @failed = count(); }'
BT_END="$BT_COUNT @ns = hist(nsecs - @start[tid]); delete(@start[tid]);"

# bt_end FAILED: the body of an end, with the test for a failure.
bt_end() { echo "$BT_END" | sed "s/FAILED/$1/"; }
bt_count() { echo "$BT_COUNT" | sed "s/FAILED/$1/"; }

bpftraces()
{
	_enter="/(args->$GFP & 0x400) == 0/ { @start[tid] = nsecs; }"
	tool bpftrace-kfunc "said Watching" bt_loss bt "kfunc:$ENTRY $_enter
		kretfunc:$ENTRY /(args->$GFP & 0x400) == 0/ {
			if (@start[tid]) { $(bt_end "retval == 0") } }
		$READY_PROBE"
	tool bpftrace-kfunc-rawtp "said Watching" bt_loss bt "kfunc:$ENTRY $_enter
		rawtracepoint:mm_page_alloc /(arg2 & 0x400) == 0/ {
			if (@start[tid]) { $(bt_end "arg0 == 0") } }
		$READY_PROBE"
	tool bpftrace-kprobe "said Watching" bt_loss bt "
		kprobe:$ENTRY /(arg0 & 0x400) == 0/ { @start[tid] = nsecs; }
		kretprobe:$ENTRY /@start[tid]/ { $(bt_end "retval == 0") }
		$READY_PROBE"
	tool bpftrace-count "said Watching" bt_loss bt "
		rawtracepoint:mm_page_alloc /(arg2 & 0x400) == 0/ { $(bt_count "arg0 == 0") }
		$READY_PROBE"
}

# Its numbers of records; a lost one stands for many samples. Of what came as through a pipe, which is
# how it writes over a file, "perf report --stats" knows nothing.
perf_loss()
{
	(peer /usr/bin/perf report -i "$W"/out --stdio --sort comm -g none 2>&1) |
		awk '/Event count/ { s += $NF } / lost [0-9]+ chunks/ { n += $(NF - 1) }
			END { printf "saw %d, lost records %d", s, n }'
}

perf_record()
{
	peer /usr/bin/perf record -q -a -e kmem:mm_page_alloc -o -
}

# With the frees, as it matches the two.
perf_kmem()
{
	peer /usr/bin/perf kmem --page record -o -
}

hist_loss()
{
	awk '/Hits:/ { h = $2 } /Dropped:/ { d = $2 } END { printf "saw %d, lost %d", h, d }' "$W"/hist
}

# No process of its own: a trigger in the kernel.
histogram()
{
	wanted hist-trigger || return 0
	if ! echo $HIST >$EVENT/trigger 2>/dev/null; then
		note "none hist-trigger this kernel has no histograms"
		return
	fi
	measure hist-trigger
	cat $EVENT/hist >"$W"/hist
	echo "!$HIST" >$EVENT/trigger
	note "$ROW | $(hist_loss)"
	base
}

# libbpf_tool NAME ARGS...: newer packages have a suffix to their names.
libbpf_tool()
{
	_tool=/usr/sbin/$1
	shift
	[ ! -e "$PEERS$_tool-libbpf" ] || _tool=$_tool-libbpf
	peer "$_tool" "$@"
}

memleak_loss()
{
	echo "complaints $(cat "$W"/out "$W"/err | grep -ciE 'lost|fail|error')"
}

peers()
{
	bpftraces
	tool perf-record attached perf_loss perf_record
	# what it records lies in memory here
	NO_SHORTAGE=1
	tool perf-kmem attached perf_loss perf_kmem
	histogram
	tool funclatency attached no_loss libbpf_tool funclatency "$ENTRY"
	tool memleak attached memleak_loss libbpf_tool memleak 1000
}

# --- start-up ------------------------------------------------------------------------------------

first_of() # NAME WORD COMMAND...
{
	wanted start || return 0
	_name=$1
	shift
	# twice: what is read from a file the first time is in memory the second
	first "$@" >"$W"/out 2>"$W"/err
	if first "$@" >"$W"/out 2>"$W"/err; then
		note "start $_name $(cat "$W"/out)"
	else
		none "start-$_name"
	fi
}

# Both print what they counted in a tenth of a second.
starts()
{
	first_of labyrinth interval labyrinth -j 0.1 1
	first_of labyrinth-text task labyrinth --all-classes 0.1 1
	export HOME=/tmp
	first_of bpftrace-kfunc Sample chroot $PEERS /usr/bin/bpftrace -B line -e "
		kfunc:$ENTRY /(args->$GFP & 0x400) == 0/ { @start[tid] = nsecs; }
		kretfunc:$ENTRY /@start[tid]/ { $(bt_end "retval == 0") }
		interval:ms:100 { printf(\"Sample\n\"); exit(); }"
	first_of bpftrace-count Sample chroot $PEERS /usr/bin/bpftrace -B line -e "
		rawtracepoint:mm_page_alloc /(arg2 & 0x400) == 0/ { $(bt_count "arg0 == 0") }
		interval:ms:100 { printf(\"Sample\n\"); exit(); }"
}

# ---------------------------------------------------------------------------------------------------

# shellcheck source=tests/bench/lib.sh
. /job/lib.sh
# shellcheck source=tests/bench/peers.sh
. /job/peers.sh
bench_begin || exit 1
GFP=gfp
[ "$ENTRY" != __alloc_pages_nodemask ] || GFP=gfp_mask
peers_mount || note "version peers none"
measure warm
base
empties
ours
[ ! -e $PEERS/versions ] || peers
starts
echo "PASS bench" >&3
