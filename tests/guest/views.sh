# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# views.sh - flags, lint and why: what they count of each kind of request, of each mistake and of each
# site, against the maze and the ladder.

# view_start VIEW OPTIONS...: its stream is $W/VIEW.json, its text (of the recording) VIEW.txt.
view_start()
{
	VIEW=$1
	: >"$W"/err
	labyrinth "$@" --record "$W/$VIEW.json" >"$W/$VIEW.txt" 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	if grep -q Watching "$W"/err; then return 0; fi
	fail "$VIEW"-start "$(tail -n 1 "$W"/err)"
	return 1
}

# The totals of the last line as "LINE KEY VALUE" in $W/VIEW.flat.
view_stop()
{
	kill -TERM $LAB
	wait $LAB
	STATUS=$?
	tail -n 1 "$W/$VIEW.json" | flat | grep ' total\.' >"$W/$VIEW.flat"
	replayed "$VIEW" --replay "$W/$VIEW.json" >"$W"/replay.txt
	verdict "$VIEW"-text-is-replay "exit $STATUS, replay $?: $(diff "$W/$VIEW.txt" "$W"/replay.txt | grep '^[-+] ' | head -n 4 | tr '\n' ';') $(tail -n 1 "$W"/replay.err)" \
		sh -c "[ $STATUS = 0 ] && cmp -s $W/replay.txt $W/$VIEW.txt"
}

# of REGEX: the sum of the members of the totals whose key matches, in the last view's stream.
of()
{
	awk -v key="^total\\\\.$1\$" '$2 ~ key { n += $3 } END { printf "%d\n", n }' "$W/$VIEW.flat"
}

# last KEY: of the last line of the last view's stream.
last()
{
	tail -n 1 "$W/$VIEW.json" | flat | awk -v key="$1" '$2 == key { print $3 }'
}

maze_do()
{
	echo "$*" >$MAZE/control
	status result
}

# --- flags ---------------------------------------------------------------------------------------

# Kinds that nobody else asks for: GFP_ATOMIC with NOWARN and ZERO, and KSWAPD_RECLAIM with NORETRY, NOWARN
# and ZERO. Without ZERO a slab of the kernel is asked for like that, too (allocate_slab()).
flags_judge()
{
	view_start flags -d 600 || return
	maze_do run gfp=atomic+zero ctx="task,softirq${HARDIRQ:+,$HARDIRQ}" orders=0-2 count=3000 >"$W"/result
	asked=$(awk '$1 ~ /^sent_/ { n += $2 } END { print n }' $MAZE/status)
	atomic=$(status gfp)
	maze_do run gfp=0x12900 orders=1 count=700 >>"$W"/result
	nowait=$(status gfp)
	maze_do oversize count=9 >>"$W"/result
	oversize=$(status gfp)
	lab_pause
	ladder --steps C:300,E:60 >"$W"/flags.ladder
	kill -CONT $LAB
	view_stop
	eagain=$(sed -n 's/^step=E.* eagain=\([0-9]*\) .*/\1/p' "$W"/flags.ladder)
	note "flags: maze $(tr '\n' ' ' <"$W"/result) asked $asked of $atomic, 700 of $nowait: $(of "kinds.$atomic.requests"), $(of "kinds.$nowait.requests"); ladder EAGAIN $eagain, failed_final $(of 'kinds.*.failed_final') with 9 of too high an order; slow $(of 'kinds.*.slow.latency_count'), fast $(of 'kinds.*.fast.latency_count'), alone $(of 'kinds.*.alone'), requests $(of 'kinds.*.requests')"
	verdict flags-atomic "$(of "kinds.$atomic.requests") of kind $atomic, the maze asked $asked" \
		[ "$asked" -gt 5000 -a "$(of "kinds.$atomic.requests")" = "$asked" ]
	verdict flags-nowait "$(of "kinds.$nowait.requests") of kind $nowait, the maze asked 700" \
		[ "$(of "kinds.$nowait.requests")" = 700 ]
	verdict flags-failed "failed_final $(of 'kinds.*.failed_final'), EAGAIN $eagain and 9 of too high an order" \
		[ "${eagain:-0}" -gt 0 -a "$(of 'kinds.*.failed_final')" = $((eagain + 9)) ]
	verdict flags-oversize "$(of "kinds.$oversize.failed_final") failed of kind $oversize, 9 were of too high an order" \
		[ "$(of "kinds.$oversize.failed_final")" = 9 ]
	verdict flags-all "of all kinds $(of 'kinds.*.requests'), uncounted $(last total.audit.uncounted), seen $(last total.audit.seen)" \
		[ $(($(of 'kinds.*.requests') + $(last total.audit.uncounted))) = "$(last total.audit.seen)" ]
	verdict flags-paths "slow $(of 'kinds.*.slow.latency_count'), fast $(of 'kinds.*.fast.latency_count'), alone $(of 'kinds.*.alone') of $(of 'kinds.*.requests')" \
		[ "$(of 'kinds.*.slow.latency_count')" -ge "$eagain" -a \
		$(($(of 'kinds.*.slow.latency_count') + $(of 'kinds.*.fast.latency_count') + $(of 'kinds.*.alone'))) = "$(of 'kinds.*.requests')" ]
	# Its programs are preempted on some kernels, and another task's request lands between.
	longest=$(tail -n 1 "$W"/flags.json | grep -o '"latency_max_ns":[0-9]*' | sed 's/.*://' | sort -n | tail -n 1)
	verdict flags-longest "a request of $longest ns in a run of $(last total_ns) ns" \
		[ "${longest:-0}" -gt 0 -a "${#longest}" -le "$(last total_ns | wc -c)" -a "$longest" -le "$(last total_ns)" ]
	verdict flags-levels "served at reserve $(of 'kinds.*.served_reserve')" \
		[ "$(of 'kinds.*.served_reserve')" -gt 0 ]
}

# --- lint ----------------------------------------------------------------------------------------

# told MISTAKE: how often of the maze.
told()
{
	of "findings.$1.maze.times"
}

verdict_told()
{
	verdict "$1" "$2 told $(told "$2") times of maze, $3 made" [ "$(told "$2")" = "$3" ]
}

# A clean run first: every kind of request where it belongs. Then the two mistakes.
lint_judge()
{
	view_start lint "$@" || return
	contexts=task_bh_off
	[ "$PREEMPT_KNOWN" != 1 ] || contexts=$contexts,task_preempt_off
	maze_do run ctx="$contexts,softirq${HARDIRQ:+,$HARDIRQ}" count=1000 >"$W"/result
	maze_do run ctx=task gfp=kernel count=1000 >>"$W"/result
	maze_do run ctx=task gfp=nowait count=1000 >>"$W"/result
	sleep 1
	clean=$(labyrinth lint -j --replay "$W"/lint.json 2>/dev/null | tail -n 1 | grep -c '"driver":"maze"')
	{
		maze_do lint count=500
		maze_do lint ctx=task_bh_off count=300
		maze_do lint ctx="softirq${HARDIRQ:+,$HARDIRQ}" count=200
	} >>"$W"/result
	view_stop
	note "lint $*: maze $(tr '\n' ' ' <"$W"/result) needless $(told needlessly_atomic), preempt_off $(told sleep_preempt_off), rcu $(told sleep_rcu_reader), bh_off $(told sleep_bh_off), softirq $(told sleep_in_softirq), hardirq $(told sleep_in_hardirq), others $(grep -c 'findings.*times' "$W"/lint.flat)"
}

lint_kprobe()
{
	lint_judge 1
	verdict lint-clean "$clean findings of maze in a clean run" [ "$clean" = 0 ]
	if [ "$RT" = 1 ]; then
		# There a spinlock is a lock that sleeps, and its holder an RCU reader.
		verdict_told lint-sleeps sleep_rcu_reader 500
		verdict_told lint-needless needlessly_atomic 1000
	elif [ "$PREEMPT_KNOWN" = 1 ]; then
		verdict_told lint-sleeps sleep_preempt_off 500
		verdict_told lint-needless needlessly_atomic 1000
	else
		skip lint-sleeps "no CONFIG_PREEMPT_COUNT"
		verdict lint-needless "told $(told needlessly_atomic), and not which could have slept" \
			[ "$(told needlessly_atomic)" = 0 ]
		verdict lint-needless-said "not said" grep -q 'needlessly atomic requests are not reported' "$W"/lint.json
	fi
	verdict_told lint-bh-off sleep_bh_off 300
	verdict_told lint-softirq sleep_in_softirq 200
	if [ -z "$HARDIRQ" ]; then
		skip lint-hardirq "PREEMPT_RT: no page request may be made in hard interrupt"
	else
		verdict_told lint-hardirq sleep_in_hardirq 200
	fi
}

# By fentry interrupts that are off in task context are not seen: said, and nothing needless told.
lint_fentry()
{
	lint_judge --attach=fentry 1
	verdict_told lint-fentry-bh-off sleep_bh_off 300
	verdict lint-fentry-needless "told $(told needlessly_atomic)" [ "$(told needlessly_atomic)" = 0 ]
	verdict lint-fentry-said "not said" \
		grep -q 'interrupts disabled in task context are not seen' "$W"/lint.json
}

# --- why -----------------------------------------------------------------------------------------

# Through as much of the kernel as it can: each place where an interrupt lands is a stack of its own.
everywhere()
{
	while :; do
		ls -lR /proc /sys >/dev/null 2>&1
		cat /proc/*/maps /proc/*/status /proc/zoneinfo >/dev/null 2>&1
	done
}

# Interrupts that land anywhere are of one site all the same, to the request. One that lands in one
# of the programs is missed, or half of it is seen, and that is told.
why_judge()
{
	view_start why --sample 1 || return
	everywhere &
	_walker=$!
	echo >$MAZE/reset
	maze_do run "ctx=${HARDIRQ:-softirq}" count=20000 interval_ns=100000 >"$W"/result
	kill $_walker
	wait $_walker
	maze_do oversize count=7 >>"$W"/result
	asked=$(awk '$1 ~ /^sent_/ { n += $2 } END { print n }' $MAZE/status)
	view_stop
	maze=$(of 'sites.maze.*requests_sampled') nobody=$(of 'sites.-.*requests_sampled')
	told=$(($(of 'sites.*requests_sampled') + $(of 'other.requests_sampled')))
	lost=$(($(last missed) + $(last uncounted)))
	note "why: maze $(tr '\n' ' ' <"$W"/result) asked $asked; of maze $maze, of nobody $nobody, of all $told; seen $(last seen), missed $(last missed), uncounted $(last uncounted)"
	verdict why-site "of maze $maze, it asked $asked, missed and uncounted $lost" \
		[ "$maze" -le "$asked" -a $((maze + lost)) -ge "$asked" ]
	verdict why-nobody "of nobody $nobody" [ "$nobody" = 0 ]
	verdict why-all "by site $told, uncounted $(last uncounted), seen $(last seen)" \
		[ $((told + $(last uncounted))) = "$(last seen)" ]
}

# --- symbols -------------------------------------------------------------------------------------

# symbols_run COMMAND...: under events, in $W/symbols.json.
symbols_run()
{
	: >"$W"/err
	labyrinth events -j >"$W"/symbols.json 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	"$@"
	sleep 1
	kill -TERM $LAB
	wait $LAB
	STATUS=$?
}

maze_comes_back()
{
	maze_do oversize count=5 >/dev/null
	rmmod maze
	sleep 2 # the table is looked at once a second
	# shellcheck disable=SC2086 # parameters of the module, a list
	insmod /job/maze.ko ${MAZE_PARAMETERS:-}
	# Where memory is short, loading it is an event by itself, and the list is read five times a
	# second at most.
	sleep 1
	maze_do oversize count=3 >/dev/null
}

fail_signals()
{
	lab_pause
	ladder --steps E:60 >"$W"/symbols.ladder
	kill -CONT $LAB
}

# A module that went and came back, at another place; and addresses that are hidden: where that
# hides preempt_count as well (5.10), only what reaches the tracepoint is seen.
symbols_judge()
{
	symbols_run maze_comes_back
	named=$(grep -c '"driver":"maze"' "$W"/symbols.json)
	note "symbols-module: $(grep '"type":"event"' "$W"/symbols.json | grep -v '"driver":"maze"' | sed 's/.*\("site":[^,]*,"driver":[^,]*\).*"stack":\(.*\)/\1 \2/' | cut -c1-400 | head -n 2 | tr '\n' ' ')"
	verdict symbols-module "$named of 8 failures of maze" [ $STATUS = 0 -a "$named" = 8 ]
	echo 2 >/proc/sys/kernel/kptr_restrict
	symbols_run fail_signals
	echo 0 >/proc/sys/kernel/kptr_restrict
	failed=$(grep -c '"kind":"failed"' "$W"/symbols.json)
	unnamed=$(grep -c '"kind":"failed".*"driver":null' "$W"/symbols.json)
	verdict symbols-hidden "exit $STATUS, $failed failures, $unnamed without a driver: $(tail -n 1 "$W"/err)" \
		[ $STATUS = 0 -a "$failed" -gt 0 -a "$unnamed" = "$failed" ]
	verdict symbols-hidden-said "$(tail -n 1 "$W"/err)" grep -q kptr_restrict "$W"/err
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
if [ "$RT" = 1 ]; then HARDIRQ=; else HARDIRQ=hardirq; fi
flags_judge
lint_kprobe
lint_fentry
why_judge
# shellcheck source=tests/guest/lost.sh
. /job/lost.sh
lost_all
symbols_judge
