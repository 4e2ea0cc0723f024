# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# edges.sh - where nobody looks.
#
# Modules: while "labyrinth why" runs, the maze fails, is unloaded, and its twin is loaded at the
# very same address: first it asks for nothing, then it fails too. Each failure must be told of who
# it was, once: what is counted by address is not to be named anew.
#
# ftrace is turned off, before and during a run: nothing that is attached to a function is called. Linux
# 7.3 has no such switch any more, and 5.10 refuses while a program is attached by fentry.
#
# Requests that take no lock (alloc_pages_nolock(), 6.15): from 7.3 on they begin as all do, with a
# mask that is changed on the way; before they have an entry function of their own.

readonly FAILURES=3 FAILURES_TWIN=5

# failures DRIVER: told in the last report, since the start; "all": of all drivers.
failures()
{
	flat <"$(recorded)" | awk -v want="$1" '
		$2 ~ /^total\.sites\..*\.driver$/ { key = $1 " " $2; sub(/driver$/, "", key); driver[key] = $3 }
		$2 ~ /^total\.sites\..*\.failed$/ { key = $1 " " $2; sub(/failed$/, "", key); failed[key] = $3; last = $1 }
		END {
			for (key in failed) {
				split(key, part, " ")
				if (part[1] == last && (want == "all" || driver[key] == want))
					n += failed[key]
			}
			print n + 0
		}'
}

place_of() # MODULE
{
	awk -v name="$1" '$1 == name { print $6 }' /proc/modules
}

# The memory of a module is given back when it is next needed.
twin_in_its_place()
{
	for _try in 1 2 3 4 5 6 7 8 9 10; do
		insmod /job/twin.ko || return 1
		[ "$(place_of twin)" != "$PLACE" ] || return 0
		rmmod twin
		sleep 0.2
	done
	insmod /job/twin.ko
	return 1
}

fails_as() # MODULE COUNT
{
	echo "oversize count=$2 gfp=atomic" >/sys/kernel/debug/labyrinth_"$1"/control
}

# told NAME MAZE TWIN: so many of each, and none of anybody else.
told()
{
	next_line
	_got="maze $(failures maze), twin $(failures twin), all $(failures all)"
	note "$1: $_got"
	verdict "$1" "$_got, not maze $2, twin $3" \
		[ "$_got" = "maze $2, twin $3, all $(($2 + $3))" ]
}

# --- attached, and not called --------------------------------------------------------------------

FTRACE=/proc/sys/kernel/ftrace_enabled

ended()
{
	! kill -0 "$LAB" 2>/dev/null
}

# Off, or not: the reason is left in $W/switch.
turned_off()
{
	(echo 0 >$FTRACE) 2>"$W"/switch && [ "$(cat $FTRACE)" = 0 ]
}

# While it is off, what is attached to functions is not called, and tracepoints are.
off_before()
{
	if ! turned_off; then
		skip off-before "kernel.ftrace_enabled cannot be 0: $(sed 's/.*: //' "$W"/switch)"
		return
	fi
	labyrinth -j 1 1 >"$W"/off.json 2>"$W"/off.err
	verdict off-before "status $?: $(tail -n 1 "$W"/off.err)" grep -q 'ftrace_enabled is 0' "$W"/off.err
	flat <"$W"/off.json | sed 's/^1 //' >"$W"/off
	verdict off-before-says-so "$(grep -E '^(missing|available.latency|hooks.*attach)' "$W"/off | tr '\n' ' ')" \
		grep -q '^missing.*ftrace_enabled is 0' "$W"/off
	verdict off-before-ends "$(grep -E '^total.audit' "$W"/off | tr '\n' ' ')" \
		grep -q '^available.latency 0' "$W"/off
	refused off-fentry 3 'ftrace_enabled is 0' labyrinth --attach fentry 1 1
	labyrinth check >"$W"/off.check 2>&1
	verdict off-check "$(grep '^attach mode' "$W"/off.check | tr '\n' ';')" \
		grep -q '^attach mode fentry .*refused.*ftrace_enabled is 0' "$W"/off.check
	note "check: $(grep -E '^(attach mode|result)' "$W"/off.check | tr '\n' ';')"
	echo 1 >$FTRACE
}

# off_during VIEW OPTIONS...: it says so and ends, at its next report or at its end.
off_during()
{
	_view=$1
	shift
	: >"$W"/err
	labyrinth "$@" >"$W"/during.out 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	if ! turned_off; then
		skip off-during-"$_view" "kernel.ftrace_enabled cannot be 0 while it runs: $(sed 's/.*: //' "$W"/switch)"
		kill -TERM $LAB
		wait $LAB
		return
	fi
	fails_as maze 50
	[ "$_view" != events ] || kill -TERM $LAB
	wait_for 30 ended
	kill -KILL $LAB 2>/dev/null
	wait $LAB
	_status=$?
	verdict off-during-"$_view" "status $_status: $(tail -n 1 "$W"/err)" \
		[ $_status = 1 -a "$(grep -c 'ftrace_enabled is 0' "$W"/err)" = 1 ]
	echo 1 >$FTRACE
}

# --- requests that take no lock ------------------------------------------------------------------

# of_line LINE KEY: the sum of all that match, of the totals in that line.
of_line()
{
	flat "$1" <"$(recorded)" | awk -v key="^total\\.$2\$" '$2 ~ key { n += $3 } END { print n + 0 }'
}

grown() # KEY
{
	echo $(($(of_line "$(lines)" "$1") - $(of_line "$FROM" "$1")))
}

nolock()
{
	lab_start nolock.json -j 0.5 || return
	next_line
	FROM=$LINE
	echo 1 >"$MAZE"/reset
	echo "run ctx=$CONTEXTS count=1000 gfp=nolock_api" 2>/dev/null >"$MAZE"/control
	cat "$MAZE"/counts >"$W"/nolock.maze
	cat "$MAZE"/status >"$W"/nolock.status
	next_line
	lab_stop
	if grep -q 'result -95' "$W"/nolock.status; then
		skip nolock "no alloc_pages_nolock() for modules"
		return
	fi
	asked=$(awk '!/^#/ { n += $3 } END { print n + 0 }' "$W"/nolock.maze)
	failed=$(awk '!/^#/ { n += $5 } END { print n + 0 }' "$W"/nolock.maze)
	case $(uname -r) in
	7.2.*) apart=$asked closed=0 ;;
	*) apart=0 closed=$asked ;;
	esac
	requests=$(grown 'rows\.nolock\.[a-z]*\.requests') latencies=$(grown 'rows\.nolock\.[a-z]*\.latency_count')
	final=$(grown 'rows\.nolock\.[a-z]*\.failed_final') others=$(grown 'rows\.nolock\.[a-z]*\.failed_opportunistic')
	# What the kernel skips, in an interrupt that comes in the middle of a program, is no gap of nolock's.
	missed=$(grown audit.missed) skips=$(grown 'audit\.(entry|done)_misses')
	got="requests $requests, final failures $final, others $others, missed $missed, skipped by the kernel $skips"
	note "nolock: asked $asked, failed $failed; $got; $(flat "$(lines)" <"$(recorded)" | grep total.audit | cut -d. -f3- | tr '\n' ' ')"
	verdict nolock-counted "asked $asked, failed $failed, $got" \
		[ "$asked" -ge 2000 -a "$final" = 0 -a "$others" -le "$failed" -a $((others + missed)) -ge "$failed" \
		-a "$requests" -le "$asked" -a $((requests + missed)) -ge "$asked" ]
	verdict nolock-paired "apart $(grown audit.nolock), not $apart; with a latency $latencies, not $closed; $got" \
		[ "$(grown audit.nolock)" -le "$apart" -a $(($(grown audit.nolock) + missed)) -ge "$apart" \
		-a "$latencies" -le "$closed" -a $((latencies + skips)) -ge "$closed" ]
	verdict nolock-no-gap "unpaired $(grown audit.unpaired), $got" \
		[ "$(grown audit.unpaired)" = 0 -a "$missed" -le "$skips" -a "$skips" -lt 500 ]
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
kernel_facts
CONTEXTS=task,task_bh_off,task_preempt_off,softirq
# RT: no request can be made in hard interrupt
[ "$RT" = 1 ] || CONTEXTS=$CONTEXTS,hardirq
mkdir -p "$W"
insmod /job/maze.ko || { fail maze insmod; exit 1; }
PLACE=$(place_of maze)
stamp start
lab_start why.json why -j 2 || exit 1
fails_as maze $FAILURES
told module-loaded $FAILURES 0
# At once, as a driver does that fails as it begins: by the time of the report its name is gone.
fails_as maze $FAILURES
rmmod maze
told module-gone $((2 * FAILURES)) 0
if twin_in_its_place; then
	pass twin-place
else
	skip twin-place "the place of a module is not given to the next one: $PLACE, $(place_of twin)"
fi
told module-replaced $((2 * FAILURES)) 0
fails_as twin $FAILURES_TWIN
told twin-fails $((2 * FAILURES)) $FAILURES_TWIN
rmmod twin
told twin-gone $((2 * FAILURES)) $FAILURES_TWIN
lab_stop
insmod /job/maze.ko
stamp nolock
nolock
# Last: what is detached while ftrace is off leaves flags behind, of which the kernel warns when the next
# program is detached while it is on (ftrace_shutdown()).
stamp ftrace
off_before
off_during stat -j 1
off_during why why -j 1
off_during events events -j
stamp end
