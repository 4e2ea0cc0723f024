# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# smp.sh - two processors: accounting while tasks wander; options, attach modes, refusals.

# --- accounting ----------------------------------------------------------------------------------

mixed_load()
{
	wander 3000 >"$W"/wander &
	maze_run mixed hostile ctx="task,softirq${HARDIRQ:+,$HARDIRQ}" duration_ms=3000 \
		interval_ns=200000 orders=0-3 hold=8
	wait $!
}

accounting()
{
	lab_start smp.json 0.5 || return
	segment smp_maze maze_run smp_maze run ctx="task,softirq${HARDIRQ:+,$HARDIRQ}" orders=0-3 \
		count=20000 interval_ns=100000 hold=8
	segment mixed -r mixed_load
	lab_stop
	segments_split
	judge_end smp-end-adds-up
	judge_maze smp-maze smp_maze atomic
	# what the wandering tasks ask for is known to ftrace only
	judge_maze smp-mixed mixed atomic
	note "smp-mixed: $(cat "$W"/wander), migrated $(value mixed audit.migrated)"
}

# --- options -------------------------------------------------------------------------------------

every_class_load()
{
	maze_run every run count=3000 gfp=high orders=0-2
	echo "run count=3000 gfp=kernel orders=0-2" >"$MAZE"/control
	ladder --faults 8000 >/dev/null
}

# Missed may be requests of any class. With all of them counted it is a number, and no bound, also
# where a task can be preempted within a program.
every_request()
{
	_base=$W/$2
	for _h in 1 2 3; do
		awk -f /job/classes.awk "$_base".h$_h | awk '{ n += $2 } END { print n }' >"$_base".n$_h
	done
	inner=$(($(cat "$_base".n2) - $(cat "$_base".n1))) outer=$(cat "$_base".n3)
	seen=$(value "$2" audit.seen) missed=$(value "$2" audit.missed)
	note "$1: alone $(value "$2" audit.alone) left $(value "$2" audit.left), skipped starts" \
		"$(value "$2" audit.entry_misses), ends $(value "$2" audit.done_misses)"
	verdict "$1" "seen $seen + missed $missed, ftrace $inner to $outer" \
		[ $((seen + missed)) -ge $inner -a $((seen + missed)) -le "$outer" ]
}

every_class()
{
	lab_start every.json --all-classes --anon-exclusive 0.5 || return
	segment every every_class_load
	segment every_mixed -r mixed_load
	lab_stop
	segments_split
	every_request all-requests every_mixed
	count_classes every
	wrong=
	for class in atomic nowait nolock high blocking; do
		mine=0
		for context in task softirq hardirq nmi; do
			mine=$((mine + $(value every rows.$class.$context.requests)))
		done
		inner=$(($(sed -n "s/^$class //p" "$W"/every.c2) - $(sed -n "s/^$class //p" "$W"/every.c1)))
		outer=$(sed -n "s/^$class //p" "$W"/every.c3)
		note "all-classes: $class $mine, ftrace $inner to $outer"
		if [ $mine -lt $inner ] || [ $mine -gt "$outer" ]; then
			wrong="$wrong $class $mine, ftrace $inner to $outer;"
		fi
	done
	high=$(value every rows.high.task.requests)
	blocking=$(value every rows.blocking.task.requests)
	[ "$high" -ge 3000 ] || wrong="$wrong high $high;"
	[ "$blocking" -ge 11000 ] || wrong="$wrong blocking $blocking;"
	if [ -z "$wrong" ]; then pass all-classes; else fail all-classes "$wrong"; fi
	anon=$(value every anon_exclusive_pages)
	if flat "$(lines)" <"$(recorded)" | grep -q ' available.anon_exclusive 1'; then
		verdict anon-exclusive "$anon pages, 8000 were touched" [ "$anon" -ge 8000 -a "$anon" -lt 20000 ]
	elif [ "$anon" = 0 ]; then
		skip anon-exclusive "no PG_anon_exclusive"
	else
		fail anon-exclusive "$anon pages, and not available"
	fi
}

# Tasks fill memory that is compressed as it is swapped out: they sleep within a request, and ask
# for pages within it, for their swap.
reclaim_load()
{
	for _i in 1 2 3 4; do
		# shellcheck disable=SC2046 # a list of names
		cat $(yes "$W"/lines | head -n 6) >"$W"/full/$_i &
		_writers="${_writers:-} $!"
	done
	# shellcheck disable=SC2086 # a list
	wait $_writers
}

# The longest time in direct reclaim, by ftrace, ns.
longest_reclaim()
{
	awk '{ sub(/:$/, "", $4) }
		/direct_reclaim_begin/ { begin[$1] = $4 }
		/direct_reclaim_end/ && $1 in begin { t = $4 - begin[$1]; if (t > n) n = t; delete begin[$1] }
		END { printf "%.0f\n", n * 1e9 }' "$1"
}

# The time in a request is known although its slot was needed by others, and nobody fails by it.
reclaim()
{
	[ -e /sys/block/zram0 ] || { fail reclaim "no swap: zram is not there"; return; }
	# all memory but 100 MB, and the marks near each other: kswapd comes too late
	MIN_KB=$(cat /proc/sys/vm/min_free_kbytes)
	echo 3000 >/proc/sys/vm/min_free_kbytes
	awk '/MemFree/ { print int(($2 - 100 * 1024) / 2048) }' /proc/meminfo >/proc/sys/vm/nr_hugepages
	echo 600M >/sys/block/zram0/disksize
	mkswap /dev/zram0 >/dev/null && swapon /dev/zram0
	mkdir "$W"/full && mount -t tmpfs -o size=90% none "$W"/full
	yes 'a line that repeats' | head -c 7000000 >"$W"/lines
	_ring=$TRACE/instances/reclaim
	mkdir $_ring && echo 1 >$_ring/events/vmscan/mm_vmscan_direct_reclaim_begin/enable
	echo 1 >$_ring/events/vmscan/mm_vmscan_direct_reclaim_end/enable
	lab_start reclaim.json --all-classes 0.5 || return
	segment timed_reclaim -r reclaim_load
	lab_stop
	cat $_ring/trace >"$W"/reclaims
	rmdir $_ring
	segments_split
	every_request reclaim-requests timed_reclaim
	swapped=$(sed -n 's/^pswpout //p' /proc/vmstat) stalled=$(awk '/^allocstall/ { n += $2 } END { print n }' /proc/vmstat)
	longest=$(value timed_reclaim max.blocking.task) reclaimed=$(longest_reclaim "$W"/reclaims)
	skips=$(($(value timed_reclaim audit.entry_misses) + $(value timed_reclaim audit.done_misses)))
	unpaired=$(($(value timed_reclaim audit.alone) + $(value timed_reclaim audit.left)))
	note "reclaim: $swapped pages swapped, $stalled stalls, longest request $longest ns, reclaim $reclaimed ns"
	verdict reclaim-happened "$swapped pages swapped, $stalled stalls" [ "$swapped" -gt 1000 -a "$stalled" -gt 10 ]
	verdict reclaim-longest "$longest ns, in reclaim alone $reclaimed" [ "$longest" -ge "$reclaimed" -a "$reclaimed" -gt 0 ]
	verdict reclaim-paired "$unpaired without a start or an end, $skips skipped" [ "$unpaired" -le "$skips" ]
	verdict reclaim-silent "silent failures: $(value timed_reclaim audit.silent)" [ "$(value timed_reclaim audit.silent)" = 0 ]
	umount "$W"/full
	swapoff /dev/zram0
	echo 0 >/proc/sys/vm/nr_hugepages
	echo "$MIN_KB" >/proc/sys/vm/min_free_kbytes
}

# Requests of the other cpu, class and orders are made, and are not in the stream.
filters_load()
{
	maze_run filters run count=1000 orders=0-3 cpu=1
	echo "run count=1000 orders=0-3 cpu=0" >"$MAZE"/control
	echo "run count=1000 orders=0-3 cpu=1 gfp=nowait" >"$MAZE"/control
}

filters()
{
	lab_start filters.json -C 1 --class atomic --order 1-2 0.5 || return
	segment filters filters_load
	lab_stop
	segments_split
	count_classes filters
	rows=rows.atomic.task
	ones=$(value filters $rows.orders.1.requests) twos=$(value filters $rows.orders.2.requests)
	all=$(value filters $rows.requests) nowait=$(value filters rows.nowait.task.requests)
	# the maze asked for 1000 on either cpu; more of the class is what others asked for meanwhile
	others=$(($(sed -n 's/^atomic //p' "$W"/filters.c3) + $(sed -n 's/^lost //p' "$W"/filters.c3) - 2000))
	verdict filters "rows, order 1, order 2, nowait: $all $ones $twos $nowait, others asked for $others" \
		[ "$nowait" = 0 -a "$ones" -ge 250 -a "$twos" -ge 250 -a "$all" = $((ones + twos)) \
		-a "$all" -le $((500 + others)) ]
}

# -x leaves out rows without failures; the recording has all.
failures_only()
{
	labyrinth -j -x -d 30 >"$W"/x.json 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	echo 'run count=100 gfp=nowait' >"$MAZE"/control
	echo 'oversize count=10' >"$MAZE"/control
	kill -TERM $LAB
	wait $LAB
	rows=$(tail -n 1 "$W"/x.json | flat | sed -n 's/^1 total\.rows\.\(.*\)\.requests .*/\1/p' | grep -v orders | tr '\n' ' ')
	verdict failures-only "rows: $rows" [ "$rows" = "atomic.task " ]
}

counts_and_ends()
{
	labyrinth -j 0.3 3 >"$W"/count.json 2>/dev/null
	status=$?
	# and one since start at the end
	verdict interval-count "exit $status, $(wc -l <"$W"/count.json) lines" \
		[ "$status $(wc -l <"$W"/count.json)" = "0 4" ]
	labyrinth -j -i 10 -d 1 >"$W"/duration.json 2>/dev/null
	status=$?
	ns=$(tail -n 1 "$W"/duration.json | flat | sed -n 's/^1 total_ns //p')
	verdict duration "exit $status, total_ns $ns" [ $status = 0 -a "$ns" -ge 1000000000 -a "$ns" -lt 9000000000 ]
}

# locked_in OPTIONS...: is there a program where pages leave the free lists, while that runs?
locked_in()
{
	: >"$W"/err # a line of the run before would pass for this one's
	labyrinth "$@" -d 60 >"$W"/locked.out 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	bpftool prog show 2>/dev/null | grep -c ' name lab_locked'
	kill -TERM $LAB
	wait $LAB
	wait_for 20 no_programs
}

# Each page pays for it that leaves them: only who tells of the exclusive reserve has it.
reserve_watched()
{
	has="stat $(locked_in -j), slower $(locked_in events --slower 1s), below $(locked_in events --below min)"
	has_not="events $(locked_in events), why $(locked_in why), flags $(locked_in flags), asked not to $(locked_in -j --no-exclusive)"
	said=$(flat <"$W"/locked.out | sed -n 's/^1 available.exclusive //p')
	missing=$(grep -c 'use of the exclusive reserve' "$W"/locked.out)
	verdict reserve-watched "$has; $has_not, and available is $said, missing told $missing" \
		[ "$has; $has_not; $said $missing" = "stat 1, slower 1, below 1; events 0, why 0, flags 0, asked not to 0; 0 0" ]
}

# --- attach modes --------------------------------------------------------------------------------

modes()
{
	for mode in fentry kprobe raw_tp; do
		lab_start $mode.json --attach=$mode 0.5 || continue
		segment $mode maze_run $mode run ctx="task,softirq${HARDIRQ:+,$HARDIRQ}" orders=0-4 count=3000 \
			interval_ns=200000 hold=8
		lab_stop
		segments_split
		flat "$(lines)" <"$(recorded)" | sed 's/^[0-9]* //' >"$W"/$mode.last
		if [ $mode = raw_tp ]; then
			judge_maze mode-$mode $mode atomic -v blind=1
			verdict mode-raw_tp-says-so "$(grep -E '^(available.latency|missing)' "$W"/$mode.last | tr '\n' ' ')" \
				grep -q '^missing\..*no latency' "$W"/$mode.last
			verdict mode-raw_tp-latency "$(grep -E '^available.latency' "$W"/$mode.last)" \
				grep -q '^available.latency 0' "$W"/$mode.last
		else
			judge_maze mode-$mode $mode atomic
		fi
		verdict mode-$mode-used "$(grep '^hooks' "$W"/$mode.last | tr '\n' ' ')" \
			mode_used $mode
	done
}

mode_used()
{
	case $1 in
	raw_tp) ! grep -q '^hooks.entry' "$W"/"$1".last ;;
	*) grep -q "^hooks.entry.attach $1" "$W"/"$1".last ;;
	esac
}

# --- refusals ------------------------------------------------------------------------------------

refusals()
{
	chmod 755 /job /job/bin /job/bin/*
	refused not-root 4 root /job/bin/setpriv --reuid 1000 --regid 1000 --clear-groups labyrinth
	refused bad-option 2 '' labyrinth --no-such-option
	refused bad-number 2 '' labyrinth -i never
	refused bad-class 2 '' labyrinth --class sometimes
	refused btf-missing 1 /nowhere labyrinth --btf /nowhere 1 1
	echo this is no type information >"$W"/garbage
	refused btf-garbage 1 garbage labyrinth --btf "$W"/garbage 1 1
	refused no-entry-function 3 '' labyrinth --btf /job/bare.btf 1 1
	mount -t tmpfs none /sys/kernel/btf
	refused no-btf 3 BTF labyrinth 1 1
	umount /sys/kernel/btf
	_test=closed-stdout _want=1 _pattern=
	labyrinth 0.2 1 >&- 2>"$W"/refused.err
	judge_refused $?
	_test=full-stdout _want=1 _pattern=
	labyrinth 0.2 1 >/dev/full 2>"$W"/refused.err
	judge_refused $?
	_test=full-stdout-json _want=1 _pattern=
	labyrinth -j 0.2 1 >/dev/full 2>"$W"/refused.err
	judge_refused $?
	closed_pipe
	killed
}

closed_pipe()
{
	{
		labyrinth 0.2 2>"$W"/pipe.err
		echo $? >"$W"/pipe.status
	} | head -n 1 >/dev/null
	verdict closed-pipe "exit $(cat "$W"/pipe.status): $(grep -v '^Watching' "$W"/pipe.err)" \
		[ "$(cat "$W"/pipe.status)" = 0 -a "$(grep -vc '^Watching' "$W"/pipe.err)" = 0 ]
}

our_programs()
{
	bpftool prog show 2>/dev/null | grep -c ' name lab_'
}

no_programs()
{
	[ "$(our_programs)" = 0 ]
}

killed()
{
	: >"$W"/err # a line of the run before would pass for this one's
	labyrinth 10 >/dev/null 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	before=$(our_programs)
	kill -KILL $LAB
	wait $LAB
	# they are freed after a grace period
	wait_for 20 no_programs
	verdict killed "programs: $before before, $(our_programs) after SIGKILL" \
		[ "$before" -gt 0 -a "$(our_programs)" = 0 ]
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
if [ "$RT" = 1 ]; then HARDIRQ=; else HARDIRQ=hardirq; fi
stamp accounting
accounting
stamp options
every_class
# no preemption, and preemption everywhere; on 5.10 the same takes five minutes
case $(uname -r) in
*-rt-*) ;;
6.12.* | 7.3.*) reclaim ;;
esac
filters
failures_only
counts_and_ends
reserve_watched
stamp modes
case $(uname -r) in
6.12.*) modes ;;
esac
stamp refusals
refusals
stamp end
