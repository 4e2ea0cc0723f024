# shellcheck shell=sh disable=SC2154 # sourced after lib.sh and events_lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# events.sh - each reason for a failure is made, and "labyrinth events" tells it as that. One node,
# whose memory is cut so that it has all of the zones DMA, DMA32 and Normal.

# --- provoked while labyrinth watches ------------------------------------------------------------

# A part of the min mark of the highest zone, and of the lower ones as much.
short_of_memory() # NAME PERCENT MAZE_ARGS...
{
	_part=$1 _free=$(($(zone Normal min) * $2 / 100))
	shift 2
	provoke "$_part" maze run "$@" zone=Normal free=$_free
}

# The zone Normal has memory and the whole system lives from it; nothing else uses the others.
closed_dma()
{
	maze fill zone=DMA free=$(($(zone DMA min) / 4))
	maze run ctx="$ALL" count=15 gfp=atomic+dma
}

closed_dma32()
{
	maze fill zone=DMA32 free=$(($(zone DMA32 min) / 4))
	echo 1 >/proc/sys/vm/stat_refresh # counts kept by cpu are added to the zone's
	zoneinfo_lines >"$W"/zones.before
	maze here count=30 gfp=atomic+dma32
	zoneinfo_lines >"$W"/zones.after
}

GROUP=/sys/fs/cgroup/full
# A group that may have nothing, and a task that needs nothing more comes in.
group_begin()
{
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir "$GROUP" && echo 0 >"$GROUP"/memory.max
}

charged() # NAME GFP
{
	provoke "$1" inside group "$GROUP" "$MAZE"/control "here count=30 gfp=$2+account"
}

# Single pages and pairs are free, in all zones, and nothing above. Who wakes kswapd has it make
# larger blocks again, sooner or later: those parts come last, and their first request fails anyway.
splintered() # GFP ORDERS
{
	maze fragment orders=2
	maze run ctx="$ALL" orders="$2" count=15 gfp="$1"
}

# in_time COMMAND...: again as long as nothing was refused. kswapd and kcompactd, if they still run from
# the part before, or what anybody gave back, may have made blocks by the time the first request comes.
in_time()
{
	for _try in 1 2 3 4 5; do
		echo 1 >"$MAZE"/reset
		"$@"
		[ "$(awk '!/^#/ { n += $5 } END { print n + 0 }' "$MAZE"/counts)" = 0 ] || return 0
		[ $_try = 5 ] || maze release
	done
}

# Blocks of that order are in the exclusive block only.
closed_blocks() # GFP
{
	maze fragment orders=2
	maze run orders=4 count=30 gfp="$1"
}

# With the marks raised until all zones are below low, atomic requests make their pageblocks
# exclusive; they are of an order that has no per-cpu lists, and take half of a block each.
grow()
{
	echo $((MANAGED * 4 * 81 / 100)) >/proc/sys/vm/min_free_kbytes
	maze run orders=8 count=4 hold=4
	echo $MIN_KB >/proc/sys/vm/min_free_kbytes
}

exclusive_begin()
{
	provoke grow grow
	note "exclusive pages: $(exclusive_pages Normal 0), of order 4 and more $(exclusive_pages Normal 4)"
}

# More than min is free, but less beside the exclusive block; and in the lower zones too little.
closed_pages()
{
	maze fill zone=DMA32 free=$(($(zone DMA32 min) / 4))
	maze run count=30 gfp=nolock free=$(($(zone Normal min) + $(exclusive_pages Normal 0) * 3 / 4))
}

# No zone is above low, so the batch is skipped, and each call gets a single page.
bulk_below_low()
{
	maze fill free=$(($(zone Normal low) - 40))
	maze bulk n=64 count=20
}

# How often it was woken: each time that it goes to sleep counts.
sleeps()
{
	awk '$1 == "voluntary_ctxt_switches:" { print $2 }' /proc/"$LAB"/status
}

# While it runs, and apart: it is not to be woken for each.
apart()
{
	echo 1 >"$MAZE"/reset
	_slept=$(sleeps)
	maze oversize ctx=hardirq cpu=0 count=50 interval_ns=4000000 gfp=atomic
	cat "$MAZE"/counts >"$W"/apart.maze
	cat "$MAZE"/status >"$W"/apart.status
	mark_end apart
	SLEPT=$(($(sleeps) - _slept))
}

# --- what dmesg says of the same ------------------------------------------------------------------

# On one kernel of each generation of the rules and of the report.
reported_wanted()
{
	case $(uname -r) in
	*-rt-*) return 1 ;;
	5.10.* | 6.12.* | 7.3.*) ;;
	*) return 1 ;;
	esac
}

# reported COMMAND...: a part whose failure the kernel prints. It prints one report in 10 s, and none of
# a request with __GFP_NOWARN, which all others have.
LAST_REPORT=0
reported()
{
	reported_wanted || return 0
	_now=$(cut -d. -f1 /proc/uptime)
	[ $((_now - LAST_REPORT)) -gt 11 ] || sleep $((12 - _now + LAST_REPORT))
	"$@"
	LAST_REPORT=$(cut -d. -f1 /proc/uptime)
}

reported_dma32()
{
	maze fill zone=DMA32 free=$(($(zone DMA32 min) / 4))
	maze here count=1 gfp=atomic+dma32 nowarn=0
}

reported_blocks()
{
	maze fragment orders=2
	maze run orders=5 count=1 gfp=$QUIET nowarn=0
}

reported_judge()
{
	reported_wanted || return 0
	dmesg >"$W"/reports.log
	labyrinth explain -j "$W"/reports.log | flat >"$W"/reports.flat
	grep '"printed_by_kernel":true' "$EVENTS" | flat >"$W"/printed.flat
	awk -f /job/reported.awk "$W"/reports.flat "$W"/printed.flat >"$W"/reported
	sed -n 's/^# //p' "$W"/reported | while IFS= read -r _line; do note "reported: $_line"; done
	verdict reported "$(grep -v '^#' "$W"/reported | tr '\n' ';')" [ "$(grep -c '^#' "$W"/reported)" = 3 -a \
		"$(grep -vc '^#' "$W"/reported)" = 0 ]
}

provoke_all()
{
	dmesg -c >/dev/null
	reported short_of_memory reported-exhausted 15 count=1 nowarn=0
	short_of_memory exhausted 15 ctx="$ALL" count=16
	short_of_memory near-miss 75 count=60
	provoke slow maze run count=$SLOW orders=10 gfp=atomic+zero
	provoke oversize maze oversize ctx="$ALL" count=16
	provoke constrained-dma closed_dma
	provoke constrained-dma32 closed_dma32
	reported provoke reported-constrained reported_dma32
	charged charge nowait
	charged charge-atomic atomic
	provoke bulk-short bulk_below_low
	provoke contended maze contend gfp=nolock_api count=25
	provoke fragmented in_time splintered $QUIET 4-6
	reported provoke reported-fragmented in_time reported_blocks
	exclusive_begin
	provoke reserved-pages in_time closed_pages
	provoke reserved-nolock in_time closed_blocks nolock
	provoke reserved-nomemalloc in_time closed_blocks $QUIET_SPARED
	provoke reserved-atomic closed_blocks $QUIET
	provoke reserved-nowait in_time closed_blocks nowait
	provoke fragmented-atomic in_time splintered atomic 9-10
	[ "$RT" = 1 ] || apart
}

# --- verdicts ------------------------------------------------------------------------------------

# A near miss that was slow as well is told as slow.
served_judge()
{
	near=$(count_told near-miss near_miss reserve) slow=$(count_told near-miss slow reserve)
	got=$(maze_count near-miss 4)
	note "near-miss: told $near, $slow slow; the maze got $got"
	verdict near-miss "told $near, and $slow slow; the maze got $got of $(maze_count near-miss 3)" \
		[ "$got" = 60 -a $((near + slow)) = 60 -a "$near" -gt 30 ]
	got=$(maze_count slow 4) least=$(awk '!/^#/ { print $8 }' "$W"/slow.maze)
	slow=$(awk -F '\t' -v least=$((SLOWER_US * 1000)) \
		'$1 == "event" && $2 == "slow" && $5 == "maze" && $3 == "slow" && $11 >= least' \
		"$W"/told | grep -c .)
	note "slow: told $slow; the maze got $got, each in $least ns or more; the limit is $SLOWER_US us"
	verdict slow "told $slow; the maze got $got, each in $least ns or more, the limit is $SLOWER_US us" \
		[ "$got" = "$SLOW" -a "$slow" = $SLOW ]
}

# Marks and sizes are settings, equal to the kernel's own. The free pages of the zones that nothing
# used meanwhile are too; in Normal the shell lives, and moves as much as a batch of a per-cpu list.
zones_judge()
{
	wrong=$(awk -F '\t' '
		FILENAME ~ /zones/ {
			n = split($0, f, /[ ,]+/)
			if (FNR == 1) file++
			if ($0 ~ /^Node/) name = f[2] "/" f[4]
			else if ($0 ~ /^pages free/) free[file, name] = f[3]
			else is[name, f[1]] = f[2]
			next
		}
		$1 == "zone" && $2 == "constrained-dma32" && is[$3, "managed"] {
			seen[$3]++
			room = $3 ~ /Normal/ ? 64 : 0
			low = free[1, $3] < free[2, $3] ? free[1, $3] : free[2, $3]
			high = free[1, $3] + free[2, $3] - low
			if ($4 < low - room || $4 > high + room)
				print $3 " free " $4 ", zoneinfo " low " to " high
			if ($5 != is[$3, "min"] || $6 != is[$3, "low"] || $7 != is[$3, "managed"])
				print $3 " min " $5 " low " $6 " managed " $7 ", zoneinfo " is[$3, "min"] \
					" " is[$3, "low"] " " is[$3, "managed"]
		}
		END {
			for (k in seen)
				if (seen[k] != 30) print k " in " seen[k] " events of 30"
			if (!seen["0/DMA"] || !seen["0/DMA32"] || !seen["0/Normal"]) print "a zone is not there"
		}' "$W"/zones.before "$W"/zones.after "$W"/told | sort | uniq -c | head -n 6 | tr '\n' ';')
	note "zones: $(grep -h free "$W"/zones.before "$W"/zones.after | tr '\n' ' '); $(awk -F '\t' \
		'$1 == "zone" && $2 == "constrained-dma32"' "$W"/told | head -n 3 | tr '\t\n' ' ;')"
	if [ -z "$wrong" ]; then pass zones; else fail zones "$wrong"; fi
}

bulk_judge()
{
	if grep -q 'result -95' "$W"/bulk-short.status; then
		skip bulk-short "no bulk allocator"
		return
	fi
	mine=$(awk -F '\t' '
		$1 == "event" && $2 == "bulk-short" && $5 == "maze" && $3 == "failed" {
			n += $4 == "bulk_short"; asked += $14; got += $15; others += $4 != "bulk_short"
			text = $6 ": " $13
		}
		END { printf "%d %d %d %d; %s", n, asked, got, others, text }' "$W"/told)
	theirs=$(awk '$1 ~ /^bulk_/ { v[$1] = $2 }
		END { print v["bulk_calls"], v["bulk_asked"], v["bulk_got"], 0 }' "$W"/bulk-short.status)
	note "bulk-short: calls, asked, got, told otherwise: $mine"
	verdict bulk-short "told $mine, the maze $theirs" [ "${mine%%;*}" = "$theirs" -a "${theirs%% *}" = 20 ]
}

contended_judge()
{
	if grep -q 'result -95' "$W"/contended.status; then
		skip contended "no alloc_pages_nolock()"
	else
		told contended contended -v all=0 # those before them were on the per-cpu lists
	fi
}

# Each of these 200 ms has an event in every 4, and is to be read in four or five parts; where the
# host is slow, it is more of them.
apart_judge()
{
	[ "$RT" != 1 ] || return 0
	told apart oversize
	_ms=$(($(sed -n 's/^elapsed_ns //p' "$W"/apart.status) / 1000000))
	note "apart: slept $SLEPT times for $(maze_count apart 3) events in $_ms ms"
	verdict seldom-woken "slept $SLEPT times for $(maze_count apart 3) events in $_ms ms" \
		[ "$SLEPT" -le $((15 + _ms / 25)) ]
}

# Fault injection is set up here, if there is any, so that the day that a kernel has it is seen.
injected_judge()
{
	if [ -d /sys/kernel/debug/fail_page_alloc ]; then
		fail injected "this kernel has fail_page_alloc: provoke it"
	else
		skip injected "no CONFIG_FAIL_PAGE_ALLOC"
	fi
}

judge_all()
{
	told exhausted exhausted -v aftermath=lost
	told oversize oversize
	told constrained-dma constrained -v evidence='closed to it by __GFP_DMA, has'
	told constrained-dma32 constrained -v evidence='Normal, closed to it by __GFP_DMA32, has'
	zones_judge
	told charge charge
	served charge-atomic
	contended_judge
	told fragmented fragmented -v all=0 -v evidence='no free block of order [456]'
	told fragmented-atomic fragmented -v all=0
	for gfp in nolock nomemalloc; do
		told reserved-$gfp reserved -v all=0 -v evidence='order 4 or more only in exclusive blocks'
	done
	told reserved-nowait reserved -v all=0 -v or=fragmented # it wakes kswapd
	served reserved-atomic
	told reserved-pages reserved -v evidence='with what is closed to it, enough'
	served_judge
	bulk_judge
	apart_judge
	injected_judge
	reported_judge
	judge_whole
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
# shellcheck source=tests/guest/events_lib.sh
. /job/events_lib.sh
events_begin
MANAGED=$(awk '$1 == "managed" { n += $2 } END { print n }' /proc/zoneinfo)
# GFP_ATOMIC, less __GFP_KSWAPD_RECLAIM; and the same with __GFP_NOMEMALLOC
QUIET=220 QUIET_SPARED=80220
group_begin
# Clearing 4 MiB takes a thousand times what a request for a page does; the limit lies between, far
# from both, as a busy host makes the one measured here slower than those to come.
SLOW=20
maze run count=8 orders=10 gfp=atomic+zero
SLOWER_US=$(awk '!/^#/ { print int($8 / 8000) }' "$MAZE"/counts)
stamp start
events_start --below min --slower "$SLOWER_US"us || exit 1
stamp provoke
provoke_all
stamp stop
events_stop
stamp judge
judge_all
if [ "$RT" = 1 ]; then
	skip hardirq "PREEMPT_RT: no page request may be made in hard interrupt"
fi
stamp end
