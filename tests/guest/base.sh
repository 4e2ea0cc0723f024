# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# base.sh - one processor: every class, context, order and outcome against the maze and ftrace, the
# ladder, latencies. One run of labyrinth for all of it.
#
# BRIEF=1, the boot brief: a third of it, for a machine that is emulated slowly.

all_contexts()
{
	# RT: the allocator's locks sleep, no request can be made in hard interrupt
	if [ "$RT" = 1 ]; then
		echo task,task_bh_off,task_preempt_off,softirq
	else
		echo task,task_bh_off,task_preempt_off,softirq,hardirq
	fi
}

# --- what runs while labyrinth watches -----------------------------------------------------------

maze_segments()
{
	segment atomic maze_run atomic run ctx="$ALL" orders=0-4 count=10000 interval_ns=100000 \
		hold=16 gfp=atomic
	for gfp in nowait nolock opportunistic memalloc nomemalloc; do
		segment $gfp maze_run $gfp run ctx="$ALL" orders=0-4 count=2000 interval_ns=100000 \
			hold=16 gfp=$gfp
	done
	segment oversize maze_run oversize oversize count=500 gfp=atomic
	segment oversize_softirq maze_run oversize_softirq oversize ctx=softirq count=300 \
		gfp=opportunistic
	segment hostile maze_run hostile hostile ctx="task,$IRQ" duration_ms=3000 interval_ns=60000
	segment hostile_oversize maze_run hostile_oversize oversize ctx="task,$IRQ" count=0 \
		duration_ms=1000 interval_ns=60000
}

# mark min|low: of the highest zone, pages.
mark()
{
	awk -v m="$1" '$1 == "Node" { zone = $4 } zone ~ /^(DMA|DMA32|Normal)$/ && $1 == m && $2 { n = $2 }
		END { print n }' /proc/zoneinfo
}

# Free memory between 0.5 and 1 of min, and below the floor of every right.
scarce_segments()
{
	min=$(mark min)
	segment reserve maze_run reserve run ctx="$ALL" count=40 free=$((min * 3 / 4))
	segment exhausted maze_run exhausted run ctx="$ALL" count=40 free=$((min / 4))
	segment exhausted_nowait maze_run exhausted_nowait run ctx="$ALL" count=40 \
		free=$((min / 4)) gfp=nowait
}

bulk_run()
{
	maze_run bulk bulk n=64 count=100
}

# Below the low mark the bulk function gives one page a call.
bulk_short_run()
{
	echo "fill free=$(($(mark low) - 40))" >"$MAZE"/control
	maze_run bulk_short bulk n=64 count=20
	echo release >"$MAZE"/control
}

bulk_segments()
{
	segment bulk bulk_run
	segment bulk_short bulk_short_run
}

ladder_segments()
{
	for step in A B C D; do
		segment ladder_$step ladder_step ladder_$step $step 1500
	done
	segment ladder_E ladder_step ladder_E E 300
}

# Held still at B, labyrinth reads the zones between two looks at /proc/zoneinfo.
zones_held()
{
	ladder --json --steps B:300 --hold 4000 >"$W"/zones.ladder 2>&1 &
	wait_for 20 grep -q '"B"' "$W"/zones.ladder
	cat /proc/zoneinfo >"$W"/zones.before
	next_line
	cat /proc/zoneinfo >"$W"/zones.after
	ZONES_LINE=$LINE
	wait $!
}

latency_segments()
{
	for order in 0 4; do
		segment latency_$order maze_run latency_$order run order=$order count=4000 gfp=920
	done
	for order in 0 4; do
		segment timed_$order timed_run timed_$order $order
	done
}

# The same, with the entry function and the tracepoint in a ring of ftrace's.
timed_run()
{
	ring=$TRACE/instances/timed
	mkdir "$ring"
	echo 16384 >"$ring"/buffer_size_kb
	echo mono >"$ring"/trace_clock
	case $(uname -m) in
	aarch64) echo "p:lab/in $ENTRY gfp=%x0:u32 order=%x1:u32" ;;
	*) echo "p:lab/in $ENTRY gfp=%di:u32 order=%si:u32" ;;
	esac >"$TRACE"/kprobe_events
	# __GFP_ZERO, KSWAPD_RECLAIM, HIGH and NOWARN, as the maze is told; HARDWALL may come on top
	filter='gfp & 32 && gfp & 256 && !(gfp & 1024)'
	echo "$filter" >"$ring"/events/lab/in/filter
	echo "$filter" | sed 's/gfp/gfp_flags/g' >"$ring"/events/kmem/mm_page_alloc/filter
	echo 1 >"$ring"/events/kmem/mm_page_alloc/enable
	echo 1 >"$ring"/events/lab/in/enable
	maze_run "$1" run order="$2" count=1000 gfp=920
	echo 0 >"$ring"/events/enable
	grep -E ': (in|mm_page_alloc): ' "$ring"/trace >"$W/$1.trace"
	cat "$ring"/per_cpu/cpu*/stats >"$W/$1.stats"
	rmdir "$ring"
	echo >"$TRACE"/kprobe_events
}

# --- verdicts ------------------------------------------------------------------------------------

check_judge()
{
	labyrinth check -j >"$W"/check.json 2>"$W"/check.err
	status=$?
	flat <"$W"/check.json | sed 's/^1 //' >"$W"/check
	echo "# check $(cat "$W"/check.json)" >&3
	ENTRY=$(sed -n 's/^entry_function //p' "$W"/check)
	mode=$(sed -n 's/^attach_mode //p' "$W"/check)
	refused=$(sed -n 's/^modes\.\(.*\)\.attaches 0$/\1/p' "$W"/check | tr '\n' ' ')
	verdict check-exit "status $status, $(tail -n 1 "$W"/check.err)" [ "$status" = 0 ]
	ATTACH=
	want=fentry
	# no program at the entry of a function but by a kprobe, which is a trap there
	case $(uname -mr) in
	5.10.*aarch64 | 6.1.*aarch64) want=raw_tp ATTACH='--attach kprobe' ;;
	esac
	verdict check-mode "attach mode $mode, not $want" [ "$mode" = "$want" ]
	verdict check-machine "not proven on $(uname -m)" grep -qx 'machine_proven 1' "$W"/check
	case $(uname -r) in
	5.10.*) rules="Linux up to 6.2" ;;
	*) rules="Linux 6.3 and later" ;; # Debian's 6.1 is 6.1.116 or later, by uname -v alone
	esac
	verdict check-rules "$(sed -n 's/^reserve_rules //p' "$W"/check)" \
		grep -qx "reserve_rules $rules" "$W"/check
	verdict check-hooks "do not attach: $refused" [ -z "$refused" ]
	check_feature bulk "no bulk allocator in this kernel" bulk_function
	check_feature_hook anon "no PG_anon_exclusive in this kernel" anon
	if [ "$(sed -n 's/^preempt_off_known //p' "$W"/check)" = "$PREEMPT_KNOWN" ]; then
		pass check-preempt_off
	else
		fail check-preempt_off "known: $(sed -n 's/^preempt_off_known //p' "$W"/check), the kernel counts: $PREEMPT_KNOWN"
	fi
}

# A feature that the kernel itself lacks is skipped by name; 5.10 alone may lack these two.
check_feature()
{
	if [ "$(sed -n "s/^$3 //p" "$W"/check)" != null ]; then
		pass "check-$1"
	else
		missing_feature "$1" "$2"
	fi
}

check_feature_hook()
{
	if [ -n "$ATTACH" ]; then
		skip "check-$1" "no program at the entry of a function but by a kprobe"
	elif grep -q "^modes\.fentry\.hooks\.$3" "$W"/check; then
		pass "check-$1"
	else
		missing_feature "$1" "$2"
	fi
}

missing_feature()
{
	case $(uname -r) in
	5.10.*) skip "check-$1" "$2" ;;
	*) fail "check-$1" "$2" ;;
	esac
}

# They have no end: those whose start was skipped are in no other count.
oversize_judge()
{
	asked=$(awk '!/^#/ { n += $3 } END { print n + 0 }' "$W"/hostile_oversize.maze)
	silent=$(value hostile_oversize audit.silent) missed=$(value hostile_oversize audit.missed)
	note "hostile-oversize: asked $asked, silent $silent, missed $missed"
	verdict hostile-oversize "asked $asked, silent $silent, missed $missed" \
		[ "$asked" -gt 1000 -a "$silent" -gt 0 -a "$silent" -le "$asked" -a $((silent + missed)) -ge "$asked" ]
}

maze_judge()
{
	judge_maze maze-atomic atomic atomic
	for gfp in nowait nolock; do
		judge_maze maze-$gfp $gfp $gfp
	done
	for gfp in opportunistic memalloc nomemalloc; do
		judge_maze maze-$gfp $gfp atomic
	done
	judge_maze oversize oversize atomic -v silent=500
	judge_maze oversize-softirq oversize_softirq atomic -v silent=300
	# a class and context of its own each, and the last order row, "that or more"
	verdict oversize-row "opportunistic $(value oversize_softirq rows.atomic.softirq.failed_opportunistic), order row $(value oversize rows.atomic.task.orders.11.failed_final)" \
		[ "$(value oversize_softirq rows.atomic.softirq.failed_opportunistic)" = 300 -a \
		"$(value oversize rows.atomic.task.orders.11.failed_final)" = 500 ]
	judge_maze hostile hostile atomic -v limit=1000
	oversize_judge
	judge_maze scarce-reserve reserve atomic
	judge_maze scarce-exhausted exhausted atomic
	judge_maze scarce-exhausted-nowait exhausted_nowait nowait
	if [ "$RT" = 1 ]; then
		skip maze-hardirq "PREEMPT_RT: no page request may be made in hard interrupt"
	fi
	[ "$PREEMPT_KNOWN" = 1 ] || skip maze-preempt_off "no CONFIG_PREEMPT_COUNT"
}

# bulk_judge TEST SEGMENT SHORT
bulk_judge()
{
	if grep -q 'result -95' "$W/$2.status"; then
		skip "$1" "no bulk allocator"
		return
	fi
	got="$(value "$2" bulk.calls) $(value "$2" bulk.asked_pages) $(value "$2" bulk.got_pages)"
	want="$(sed -n 's/^bulk_calls //p' "$W/$2.status") $(sed -n 's/^bulk_asked //p' "$W/$2.status") $(sed -n 's/^bulk_got //p' "$W/$2.status")"
	verdict "$1" "calls asked got: $got, maze $want, short $(value "$2" bulk.short_calls), expected $3" \
		[ "$got $(value "$2" bulk.short_calls)" = "$want $3" ]
	note "$1: calls asked got $got short $(value "$2" bulk.short_calls)"
}

# Marks are settings and must be equal. The free pages of a machine that runs move by what its
# per-cpu lists take and give at once (batch, 63 at most) for each program started meanwhile.
zones_judge()
{
	flat "$ZONES_LINE" <"$(recorded)" | sed -n 's/^[0-9]* zones\.//p' >"$W"/zones.lab
	wrong=$(awk '
		FILENAME ~ /lab$/ { lab[$1] = $2; next }
		FNR == 1 { file++ }
		$1 == "Node" { zone = $4 }
		$1 == "pages" && $2 == "free" { free[file, zone] = $3 }
		$1 == "min" || $1 == "low" || $1 == "high" { mark[zone, $1] = $2 }
		$1 == "managed" { managed[zone] = $2 }
		END {
			for (zone in managed) {
				if (!managed[zone])
					continue
				n++
				for (i = split("min low high", m); i; i--)
					if (lab[zone "." m[i] "_pages"] != mark[zone, m[i]])
						printf "%s %s %d, zoneinfo %d; ", zone, m[i], lab[zone "." m[i] "_pages"], mark[zone, m[i]]
				is = lab[zone ".free_pages"]
				lo = free[1, zone] < free[2, zone] ? free[1, zone] : free[2, zone]
				hi = free[1, zone] + free[2, zone] - lo
				if (is < lo - 256 || is > hi + 256)
					printf "%s free %d, zoneinfo %d to %d; ", zone, is, lo, hi
			}
			if (!n) printf "no zone"
		}' "$W"/zones.lab "$W"/zones.before "$W"/zones.after)
	if [ -z "$wrong" ]; then pass zones; else fail zones "$wrong"; fi
}

latency_field() # SEGMENT FIELD
{
	sed -n "s/.*\\<$2=\\([0-9]*\\).*/\\1/p" "$W/$1.latency"
}

# labyrinth's clock runs inside of the maze's two looks at the same clock, so its sum and maximum
# are smaller. What lies between them - the call itself, the trampoline, two programs and two
# ktime_get_ns() - does not depend on the order, while an order-4 request takes far longer than an
# order-0 one, as its 16 pages are cleared. So the difference a request must be the same for both
# orders, within 60 us: some 5 us of it were measured, and an order-4 request takes 200. The host
# stops an emulated processor now and then for long; the longest request of either is left out.
latency_judge()
{
	for seg in latency_0 latency_4 timed_0 timed_4; do
		awk -v class=atomic -f /job/latency.awk "$W"/$seg.lab >"$W"/$seg.latency
	done
	for order in 0 4; do
		awk -v o=$order '$1 == "task" && $2 == o { print $3, $7, $8, $9 }' \
			"$W"/latency_$order.maze >"$W"/latency_$order.truth
	done
	wrong=$(
		for order in 0 4; do
			count_classes latency_$order
			read -r n sum min max <"$W"/latency_$order.truth
			latency_bounds latency_$order "$n" "$sum" "$min" "$max" \
				$(($(sed -n 's/^atomic //p' "$W"/latency_$order.c3) - n))
		done
	)
	if [ -z "$wrong" ]; then pass latency-maze; else fail latency-maze "$wrong"; fi
	over_0=$(overhead 0) over_4=$(overhead 4)
	note "latency: a request order 0 $(mean 0) ns, order 4 $(mean 4) ns; outside of it $over_0 and $over_4 ns"
	spread=$((over_0 > over_4 ? over_0 - over_4 : over_4 - over_0))
	verdict latency-overhead "outside of labyrinth's interval $over_0 ns at order 0, $over_4 at order 4" \
		[ $spread -lt 60000 ]
	timed_judge
}

mean() # ORDER
{
	echo $(($(latency_field latency_"$1" sum) / $(latency_field latency_"$1" count)))
}

overhead() # ORDER
{
	read -r n sum _ max <"$W"/latency_"$1".truth
	mine=$(($(latency_field latency_"$1" sum) - $(latency_field latency_"$1" max)))
	echo $(((sum - max - mine) / n))
}

# latency_bounds SEGMENT N SUM MIN MAX OTHERS: says what is wrong. The first five are the maze's; a
# request that somebody else made meanwhile cannot have taken longer than the longest.
latency_bounds()
{
	awk -v n="$2" -v maze_sum="$3" -v maze_min="$4" -v maze_max="$5" -v others="$6" '{
		for (i = 1; i <= NF; i++) { split($i, p, "="); v[p[1]] = p[2] + 0 }
		if (v["count"] < n || v["count"] > n + others || v["buckets"] != v["count"])
			printf "count %d buckets %d, maze %d, others %d; ", v["count"], v["buckets"], n, others
		if (v["sum"] > maze_sum + (v["count"] - n) * v["max"])
			printf "sum %.0f, maze %.0f; ", v["sum"], maze_sum
		if (v["max"] > maze_max && !others)
			printf "max %.0f, maze %.0f; ", v["max"], maze_max
		if (v["sum"] < v["low"] || v["sum"] > v["high"])
			printf "sum %.0f outside of its buckets %.0f to %.0f; ", v["sum"], v["low"], v["high"]
		if (v["p50"] > v["p99"] || v["lowest"] > v["p50"] || v["p50"] > maze_max * 17 / 16)
			printf "lowest %.0f p50 %.0f p99 %.0f; ", v["lowest"], v["p50"], v["p99"]
		# half of the requests took no longer than p50: the mean of the shorter half is below it
		if (maze_sum < v["p50"] * 15 / 16 * n / 2)
			printf "p50 %.0f, the maze has a sum of %.0f; ", v["p50"], maze_sum
	}' "$W/$1.latency"
}

# A kprobe on the entry function and the tracepoint in a ring: the true time of each request, by
# other means. The probes hang on the same two places, whose order is not known, so what each
# adds is in the other's time: under 60 us a request here, emulated, where a request takes 10 us
# (order 0) to 200 us (order 4). Half of the requests take longer than the other half, whatever a busy
# host does to some of them; labyrinth knows that middle to a sixteenth. The ring prints whole
# microseconds.
timed_judge()
{
	for order in 0 4; do
		awk '
		{
			for (i = 1; i <= NF; i++)
				if ($i ~ /^[0-9]+\.[0-9]+:$/) { ts = $i + 0; break }
		}
		/: in: / { start = ts; next }
		start { printf "%.0f\n", (ts - start) * 1e9; start = 0 }' "$W"/timed_$order.trace |
			sort -n >"$W"/timed_$order.truth
		n=$(wc -l <"$W"/timed_$order.truth)
		median=$(sed -n "$(((n + 1) / 2))p" "$W"/timed_$order.truth)
		p50=$(latency_field timed_$order p50) count=$(latency_field timed_$order count)
		each=$((${median:-0} - p50))
		count_classes timed_$order
		others=$(($(sed -n 's/^atomic //p' "$W"/timed_$order.c3) - 1000))
		note "latency: order $order by ftrace $n requests, median ${median:-none}; labyrinth $count, p50 $p50"
		verdict latency-ftrace-$order "$n requests by ftrace, their median ${median:-none}; $count by labyrinth, p50 $p50" \
			[ "$n" = 1000 -a "$((count - 1000))" -ge 0 -a "$((count - 1000))" -le "$others" \
			-a $each -gt -60000 -a $each -lt 60000 ]
	done
}

ladder_judge()
{
	for step in A B C D E; do
		judge_ladder ladder-$step ladder_$step $step
	done
	ladder --steps Q >/dev/null 2>&1
	verdict ladder-usage "exit $?" [ $? = 2 ]
}

# At its highest, that is at start: twice as much where libbpf reads the kernel's BTF.
memory_judge()
{
	peak=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$LAB/status")
	note "memory: $peak KiB at its peak"
	verdict start-memory "$peak KiB at its peak" [ "$peak" -lt $((12 * 1024)) ]
}

# The text of the live run and that of its recording, everything of this run in it.
replay_judge()
{
	replayed --replay "$REC" >"$W"/replay.txt
	status=$?
	verdict live-text-is-replay-text "exit $status, $(cmp "$REC.txt" "$W"/replay.txt 2>&1)" \
		cmp -s "$REC.txt" "$W"/replay.txt
	labyrinth -j --replay "$REC" >"$W"/replay.json 2>"$W"/replay.err
	verdict replay-json-is-record "exit $?, $(cmp "$REC" "$W"/replay.json 2>&1)" cmp -s "$REC" "$W"/replay.json
}

# How many lines of the events have this text.
events_with()
{
	grep -c "$1" "$W"/events.json
}

# events_run STEP COUNT: labyrinth events over a step of the ladder, in $W/events.json; sets EAGAIN and
# STATUS. labyrinth stands still meanwhile, and the ring keeps the events: what it wrote then would
# need memory of the last step, and the kernel would kill for it.
events_run()
{
	: >"$W"/err
	labyrinth events -j >"$W"/events.json 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching ||
		fail events-start "not watching within $START_TIMEOUT s: $(tail -n 1 "$W"/err)"
	lab_pause
	echo 1 >/sys/kernel/slab/sigqueue/shrink
	ladder --steps "$1:$2" >"$W"/events.ladder
	kill -CONT $LAB
	sleep 1
	kill -TERM $LAB
	wait $LAB
	STATUS=$?
	EAGAIN=$(sed -n "s/^step=$1.* eagain=\([0-9]*\) .*/\1/p" "$W"/events.ladder)
	FAILED=$(events_with '"kind":"failed"')
	LOST=$(events_with '"aftermath":"lost"')
	SUM=$(sed -n 's/.*"type":"event_summary".*"lost":\([0-9]*\).*/\1/p' "$W"/events.json)
	note "events: exit $STATUS, step $1: eagain $EAGAIN, failed $FAILED, lost $LOST, in the summary $SUM, recovered $(events_with '"aftermath":"recovered"'), retried $(events_with '"aftermath":"retried"'), exhausted $(events_with '"verdict":"exhausted"'), signal $(events_with '"driver":"\[signal\]"')"
}

# Failures one by one: as many callers lost as user space says, the reason that the ladder made, the
# subsystem that asked; and none is held back.
events_judge()
{
	events_run E 60
	verdict events-lost "eagain $EAGAIN, lost $LOST" \
		[ $STATUS = 0 -a "${EAGAIN:-0}" -gt 0 -a "$LOST" = "$EAGAIN" ]
	verdict events-sum "eagain $EAGAIN, lost in the summary $SUM" [ "$SUM" = "$EAGAIN" ]
	verdict events-verdict "failed $FAILED, exhausted $(events_with '"verdict":"exhausted"')" \
		[ "$(events_with '"verdict":"exhausted"')" = "$FAILED" ]
	verdict events-driver "failed $FAILED, of [signal] $(events_with '"driver":"\[signal\]"')" \
		[ "$(events_with '"driver":"\[signal\]"')" = "$FAILED" ]
	# Tries fail (since 7.0 two a sheaf), and yet every record was had.
	events_run D 1500
	verdict events-harmless "eagain $EAGAIN, failed $FAILED, lost $LOST" \
		[ $STATUS = 0 -a "$EAGAIN" = 0 -a "$LOST" = 0 -a "$SUM" = 0 ]
}

whole()
{
	memory_judge
	stamp maze
	maze_segments
	stamp scarce
	scarce_segments
	bulk_segments
	stamp ladder
	ladder_segments
	zones_held
	stamp latency
	latency_segments
	stamp stop
	lab_stop
	segments_split
	stamp judge
	judge_end end-adds-up
	maze_judge
	bulk_judge bulk bulk 0
	bulk_judge bulk-short bulk_short 20
	ladder_judge
	zones_judge
	latency_judge
	replay_judge
	stamp events
	events_judge
	stamp verifier
	# shellcheck source=tests/guest/verifier.sh
	. /job/verifier.sh && verifier_cost "$KERNEL"
}

# What a new architecture may get wrong: context, outcome, level, interrupts in the way, stacks, bulk.
brief()
{
	segment atomic maze_run atomic run ctx="$ALL" orders=0-4 count=2000 interval_ns=100000 \
		hold=16 gfp=atomic
	segment hostile maze_run hostile hostile ctx="task,$IRQ" duration_ms=1000 interval_ns=60000
	segment exhausted maze_run exhausted run ctx="$ALL" count=40 free=$(($(mark min) / 4))
	segment bulk bulk_run
	for step in C E; do
		segment ladder_$step ladder_step ladder_$step $step 300
	done
	stamp stop
	lab_stop
	segments_split
	stamp judge
	judge_end end-adds-up
	judge_maze maze-atomic atomic atomic
	judge_maze hostile hostile atomic -v limit=1000
	judge_maze scarce-exhausted exhausted atomic
	bulk_judge bulk bulk 0
	for step in C E; do
		judge_ladder ladder-$step ladder_$step $step
	done
	stamp events
	events_run E 60
	verdict events-lost "eagain $EAGAIN, lost $LOST" \
		[ $STATUS = 0 -a "${EAGAIN:-0}" -gt 0 -a "$LOST" = "$EAGAIN" ]
	verdict events-driver "failed $FAILED, of [signal] $(events_with '"driver":"\[signal\]"')" \
		[ "$(events_with '"driver":"\[signal\]"')" = "$FAILED" ]
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
if [ "$RT" = 1 ]; then IRQ=softirq; else IRQ=hardirq; fi
ALL=$(all_contexts)
stamp check
check_judge
stamp start
# shellcheck disable=SC2086 # a list
lab_start rec.json $ATTACH 0.3 || exit 1
if [ -n "${BRIEF:-}" ]; then brief; else whole; fi
stamp end
