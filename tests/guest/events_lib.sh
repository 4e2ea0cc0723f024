# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# events_lib.sh - one run of "labyrinth events -j" for many tests. Each provokes failures with the
# maze, whose own count they are held against.
#
# The stream is divided by marks: a request of the maze that nothing else makes, one order too large
# and in the class nolock. Events are told in the order they happened, so once the mark is told, all
# before it are. labyrinth stands still while memory is short, and the ring keeps the events; no
# test makes more of them than the throttle lets through, 100 in 100 ms on a cpu. Marks come after
# the time that labyrinth waits for the caller to try again, so each test has a window of its own.

EVENTS=$W/events.json
MARKS=0

events_begin()
{
	mkdir -p "$W"
	insmod /job/maze.ko || { fail maze insmod; exit 1; }
	kernel_facts
	# the marks stay where they are
	MIN_KB=8000
	echo $MIN_KB >/proc/sys/vm/min_free_kbytes
	echo 0 >/proc/sys/vm/watermark_boost_factor
	# per-cpu lists take no more than this at once, and fill ends as near to its goal
	[ ! -e /proc/sys/vm/percpu_pagelist_high_fraction ] ||
		echo 100000 >/proc/sys/vm/percpu_pagelist_high_fraction
	ALL=task,task_bh_off,task_preempt_off,softirq
	# RT: the allocator's locks sleep, no request can be made in hard interrupt
	[ "$RT" = 1 ] || ALL=$ALL,hardirq
}

events_start() # OPTION...
{
	: >"$W"/err
	labyrinth events -j "$@" >"$EVENTS" 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	grep -q Watching "$W"/err || { fail start "labyrinth events $*: $(tail -n 1 "$W"/err)"; return 1; }
	: >"$W"/marks
}

marks_told()
{
	[ "$(grep -c '"verdict":"oversize".*"class":"nolock"' "$EVENTS")" -ge $MARKS ]
}

# What a shell could not write it would write again with the next line.
maze()
{
	echo "$*" 2>/dev/null >"$MAZE"/control || echo >/dev/null
}

# provoke NAME COMMAND...: NAME.maze and NAME.status are the maze's, the events are those between
# the marks.
provoke()
{
	_name=$1
	shift
	lab_pause
	echo 1 >"$MAZE"/reset
	"$@"
	cat "$MAZE"/counts >"$W/$_name".maze
	cat "$MAZE"/status >"$W/$_name".status
	note "$_name: $(sed -n 's/^\(result\|command\|filled_to\) //p' "$W/$_name".status | tr '\n' ' ')"
	maze release
	kill -CONT "$LAB"
	mark_end "$_name"
}

mark_end() # NAME
{
	(maze oversize count=1 gfp=nolock)
	MARKS=$((MARKS + 1))
	echo "$1" >>"$W"/marks
	wait_for "$LINE_TIMEOUT" marks_told || fail "$1" "no mark $MARKS within $LINE_TIMEOUT s"
}

# Then $W/told has a line for each event, and $W/summary "KEY VALUE" lines.
events_stop()
{
	kill -TERM "$LAB"
	wait "$LAB"
	_status=$?
	verdict events-end "exit $_status: $(tail -n 1 "$W"/err)" [ $_status = 0 ]
	flat <"$EVENTS" | grep -vE '^[0-9]* (stack|zones\.[^ ]*\.blocks)\.' | sed 's/ /\t/; s/ /\t/' >"$W"/flat
	awk -F '\t' -f /job/events.awk "$W"/marks "$W"/flat >"$W"/told
	sed -n 's/^summary\t//p' "$W"/told >"$W"/summary
}

summary()
{
	awk -F '\t' -v k="$1" '$1 == k { print $2 }' "$W"/summary
}

# told NAME VERDICT [AWK_ARGS...]: what the maze failed to get was told as such, by context and
# order, and nothing else of the maze. -v all=0: some of its requests may have been served; -v
# aftermath=WHAT: of each caller; -v evidence=REGEX.
told()
{
	_name=$1 _verdict=$2
	shift 2
	awk -F '\t' -v name="$_name" -v verdict="$_verdict" -v all=1 "$@" -f /job/told.awk \
		"$W/$_name".maze "$W"/told >"$W/$_name".judged
	note "$_name: $(sed -n 's/^# //p' "$W/$_name".judged)"
	_wrong=$(grep -v '^#' "$W/$_name".judged | tr '\n' ';')
	_result=$(sed -n 's/^result //p' "$W/$_name".status)
	[ "$_result" = 0 ] || _wrong="$_wrong maze: result $_result"
	if [ -n "$_wrong" ]; then fail "$_name" "$_wrong"; else pass "$_name"; fi
}

# served NAME: all of its requests were, and no failure was told. An atomic request is charged by
# force, and may go where others may not.
served()
{
	_got=$(maze_count "$1" 4) _asked=$(maze_count "$1" 3) _failed=$(count_told "$1" failed)
	verdict "$1" "the maze got $_got of $_asked, told $_failed failures; result $(sed -n 's/^result //p' "$W/$1".status)" \
		[ "$_asked" = 30 -a "$_got" = 30 -a "$_failed" = 0 ]
}

maze_count() # NAME COLUMN: 3 asked, 4 got, 5 failed
{
	awk -v c="$2" '!/^#/ { n += $c } END { print n + 0 }' "$W/$1".maze
}

# Events of the maze in a part, by their kind and perhaps their level.
count_told() # NAME KIND [LEVEL]
{
	awk -F '\t' -v name="$1" -v kind="$2" -v level="$3" '
		$1 == "event" && $2 == name && $5 == "maze" && $3 == kind && (level == "" || $10 == level)
	' "$W"/told | grep -c .
}

# Every failure was explained, and none was held back or lost.
judge_whole()
{
	note "events: failed $(summary failed), unexplained $(summary verdicts.unexplained), throttled $(summary throttled), dropped $(summary dropped), missed $(summary missed)"
	grep '"verdict":"unexplained"' "$EVENTS" | head -n 3 | while read -r _line; do note "$_line"; done
	verdict unexplained "$(grep -c unexplained "$W"/told) of $(summary failed), $(grep -m 1 unexplained "$W"/told | tr '\t' ' ')" \
		[ "$(summary verdicts.unexplained)" = 0 ]
	verdict nothing-held-back "throttled $(summary throttled), dropped $(summary dropped)" \
		[ "$(summary throttled) $(summary dropped)" = "0 0" ]
}

# --- the kernel's own numbers --------------------------------------------------------------------

# zone ZONE KEY [NODE]: from /proc/zoneinfo; "free" is the pages that are.
zone()
{
	awk -v zone="$1" -v key="$2" -v node="${3:-0}," '
		$1 == "Node" { here = $2 == node && $4 == zone }
		here && (key == "free" ? $1 == "pages" && $2 == "free" : $1 == key) { print $NF; exit }
	' /proc/zoneinfo
}

# exclusive_pages ZONE LEAST_ORDER: free pages in exclusive blocks.
exclusive_pages()
{
	awk -v zone="$1," -v least="$2" '
		$1 == "Node" && $4 == zone && $6 == "HighAtomic" {
			for (i = NF; i >= 7 + least; i--)
				n = 2 * n + $i
			for (i = 0; i < least; i++)
				n *= 2
		}
		END { print n + 0 }' /proc/pagetypeinfo
}

# What /proc/zoneinfo says now, by a shell that starts no program and so moves no page.
zoneinfo_lines()
{
	while read -r _line; do
		case $_line in
		Node* | *"pages free"* | min* | low* | managed*) printf '%s\n' "$_line" ;;
		esac
	done </proc/zoneinfo
}
