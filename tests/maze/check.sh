#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh - is the maze's count true? To be run as the command of a test guest, with maze.ko
# beside it: every mode, and its counts against what ftrace saw of kmem:mm_page_alloc meanwhile.
# Verdicts go to fd 3.

MAZE=/sys/kernel/debug/labyrinth_maze
TRACE=/sys/kernel/tracing
EVENT=$TRACE/events/kmem/mm_page_alloc
HERE=$(dirname "$0")
WORK=/tmp/maze-check

verdict() # NAME CONDITION...: PASS if the condition holds
{
	name=$1
	shift
	if "$@"; then
		echo "PASS maze/$name" >&3
	else
		echo "FAIL maze/$name: $* -- $(tr '\n' ' ' <$WORK/note)" >&3
	fi
}

status()
{
	sed -n "s/^$1 //p" $MAZE/status
}

command()
{
	echo 1 >$MAZE/reset
	echo "$*" >$MAZE/control 2>/dev/null
}

asked() # column 3, 4, 5 of the counts, summed: asked, got, failed
{
	awk -v c="$1" '!/^#/ { n += $c } END { print n + 0 }' $MAZE/counts
}

# traced COMMAND...: as "command", and what ftrace has of the requests of its gfp in WORK/trace.
traced()
{
	command "$@" duration_ms=1 count=1 # tells the gfp
	gfp=$(printf %d "$(status gfp)")
	# a request served at once may show __GFP_HARDWALL
	echo "gfp_flags == $gfp || gfp_flags == $((gfp | 0x100000))" >$EVENT/filter
	echo >$TRACE/trace
	echo 1 >$TRACE/tracing_on
	command "$@"
	result=$?
	echo 0 >$TRACE/tracing_on
	grep ' mm_page_alloc: ' $TRACE/trace >$WORK/trace
	lost=$(cat $TRACE/per_cpu/cpu*/stats | awk '/overrun|dropped/ { n += $NF } END { print n + 0 }')
	return $result
}

# "context order n", sorted. Flags of a line, from the left: interrupts or bh off, need to
# reschedule, hard or soft interrupt, preemption off.
ftrace_counts()
{
	awk -v coarse="$coarse" '{
		for (i = 1; $i !~ /^\[[0-9]+\]$/; i++)
			;
		flags = $(i + 1)
		at = substr(flags, 3, 1)
		if (at ~ /[hH]/) context = "hardirq"
		else if (at == "s") context = "softirq"
		else if (coarse) context = "task"
		else if (flags ~ /^[bD]/) context = "task_bh_off"
		else if (substr(flags, 4, 1) != ".") context = "task_preempt_off"
		else context = "task"
		match($0, / order=[0-9]+/)
		n[context " " substr($0, RSTART + 7, RLENGTH - 7)]++
	} END { for (k in n) print k, n[k] }' $WORK/trace | sort
}

maze_counts()
{
	awk -v coarse="$coarse" '!/^#/ && $3 {
		if (coarse) sub(/^task_.*/, "task", $1)
		n[$1 " " $2] += $3
	} END { for (k in n) print k, n[k] }' $MAZE/counts | sort
}

same() # did both count the same, and was there anything?
{
	maze_counts >$WORK/maze
	ftrace_counts >$WORK/ftrace
	diff $WORK/maze $WORK/ftrace >$WORK/note && [ -s $WORK/maze ] && [ "$lost" = 0 ]
}

agree() # NAME COMMAND...
{
	name=$1
	shift
	traced "$@" || echo "# maze/$name: result $(status result)" >&3
	verdict "$name" same
	echo "# maze/$name: asked $(asked 3), got $(asked 4), failed $(asked 5), ftrace $(wc -l <$WORK/trace)," \
		"unsupported $(status unsupported_rt), pool full $(status pool_full)," \
		"ms $(($(status elapsed_ns) / 1000000))" >&3
}

refused() # ERRNO COMMAND...
{
	errno=$1
	shift
	! command "$@" && [ "$(status result)" = "-$errno" ]
}

counts_agree()
{
	all=ctx=task,task_bh_off,task_preempt_off,softirq,hardirq
	agree run run $all orders=0-4 count=2000
	agree run_high_orders run $all orders=5-10 count=200
	agree run_timer_hold run $all orders=0-3 count=500 interval_ns=200000 hold=16 overlap=1
	agree hostile hostile duration_ms=500
	agree hostile_softirq hostile ctx=task,softirq,hardirq duration_ms=500 interval_ns=50000
	for gfp in atomic nowait opportunistic nomemalloc memalloc nolock high kernel; do
		agree "gfp_$gfp" run gfp=$gfp count=1000
	done
	agree nowarn_off run nowarn=0
	agree gfp_parts run gfp=nowait+dma+thisnode
	agree here here orders=0-2
	agree node run node=0
}

modes()
{
	verdict selftest command selftest
	traced oversize count=1000
	verdict oversize [ "$(asked 3) $(asked 5) $(wc -l <$WORK/trace)" = "1000 1000 0" ]
	if command bulk n=64 count=100; then
		verdict bulk [ "$(status bulk_asked)" = 6400 ]
		echo "# maze/bulk: got $(status bulk_got) of 6400" >&3
	else
		verdict bulk_absent refused 95 bulk
	fi
	command lint
	verdict lint [ "$(asked 3)" = 2000 ]
	if command run gfp=nolock_api; then
		verdict nolock_api [ "$(asked 3)" = 1000 ]
		echo "# maze/nolock_api: got $(asked 4)" >&3
	fi
}

# Nearly: the lowest zone has its part of it, too small to matter. zoneinfo's has the boost in it.
min_of_highest_zone()
{
	echo $(($(cat /proc/sys/vm/min_free_kbytes) / 4))
}

shapes()
{
	command fragment leave=64
	verdict fragment [ "$(status held_pages)" -gt 10000 ]
	awk '{ $1 = $2 = $3 = ""; print }' /proc/buddyinfo | tail -n 1 >$WORK/buddy
	command run ctx=task,hardirq orders=2-8 count=140
	echo "# maze/fragment: free by order$(cat $WORK/buddy);" \
		"of $(asked 3) requests of order 2 to 8 failed $(asked 5)" >&3
	verdict fragment_fails [ "$(asked 5)" -ge 100 ]
	command run count=100
	verdict fragment_order0 [ "$(asked 5)" = 0 ]
	command release
	verdict release [ "$(status held_pages)" = 0 ]
	min=$(min_of_highest_zone)
	command fill free=$((min * 2))
	verdict fill [ "$(status held_pages)" -gt 10000 ]
	command release
	verdict fill_released [ "$(status held_pages)" = 0 ]
	command fill zone=DMA free=4
	echo "# maze/fill_zone: $(status filled_to) pages of DMA free" >&3
	verdict fill_zone [ "$(status filled_to)" -le 8 ]
	command run count=100 gfp=atomic+dma
	verdict fill_zone_fails [ "$(asked 5)" = 100 ]
	command run count=100
	verdict fill_zone_alone [ "$(asked 5)" = 0 ]
	command release
	command run free=$((min * 3 / 4)) count=100
	echo "# maze/reserve: got $(asked 4) of $(asked 3) at 0.75 of min," \
		"$(status filled_to) pages free" >&3
	verdict reserve [ "$(asked 4)" = 100 ]
	command run free=$((min / 4)) count=100 ctx=task,softirq,hardirq
	echo "# maze/exhausted: got $(asked 4) of $(asked 3) at 0.25 of min," \
		"$(status filled_to) pages free" >&3
	verdict exhausted [ "$(asked 5)" -ge 200 ]
}

interrupted() # a run ended by a signal gives the same back
{
	command run count=0 duration_ms=20000 &
	sleep 1
	! rmmod maze 2>/dev/null || return 1
	kill -TERM $!
	wait $!
	{ status result && status labyrinth_held; } >$WORK/note
	[ "$(status result)" = -4 ] && [ "$(status labyrinth_held)" = 0 ]
}

refusals()
{
	verdict refuses_command refused 22 stroll
	verdict refuses_key refused 22 run colour=red
	verdict refuses_order refused 22 run orders=12
	verdict refuses_sleep refused 22 run gfp=kernel ctx=hardirq
	verdict refuses_hold refused 22 run hold=100000
	verdict refuses_part refused 22 run gfp=atomic+often
	verdict refuses_here refused 22 here ctx=hardirq
	verdict refuses_node refused 22 run node=1000000
	verdict out_of_time refused 62 run count=100000000 duration_ms=200
	verdict interrupted interrupted
}

mkdir -p $WORK
: >$WORK/note
insmod "$HERE/maze.ko" || { echo "FAIL maze/load: insmod" >&3; exit 1; }
# without a preempt count a lock does not show, and so old an ftrace shows no bh_off either
[ "$(status preempt_count)" = 1 ] && coarse=0 || coarse=1
# Enabled once: to patch the kernel's code again and again is not what is tested here
echo 0 >$TRACE/tracing_on
echo 0 >$TRACE/options/record-cmd
echo 16384 >$TRACE/buffer_size_kb
echo 1 >$EVENT/enable
counts_agree
modes
shapes
refusals
verdict unload rmmod maze
