# shellcheck shell=sh disable=SC2154 # sourced after lib.sh, by views.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# lost.sh - who went without, at any rate: what "why" and the summary of "events" call lost, against
# EAGAIN of the ladder and against the maze, which makes every other refused request anew and smaller.

# lost_run NAME VIEW COMMAND...: under labyrinth VIEW; its last line is $W/NAME.last, as "KEY VALUE".
lost_run()
{
	_name=$1 _view=$2
	shift 2
	: >"$W"/err
	: >"$W"/lost.pid
	echo 1 >"$MAZE"/reset
	# the events themselves are not looked at
	{
		labyrinth "$_view" -j -d 600 2>"$W"/err &
		echo $! >"$W"/lost.pid
		wait
	} | tail -n 1 >"$W"/lost.json &
	_tail=$!
	wait_for "$START_TIMEOUT" test -s "$W"/lost.pid
	read -r LAB <"$W"/lost.pid
	wait_for "$START_TIMEOUT" watching
	"$@"
	sleep 1.2 # a mere try is waited for so long
	kill -TERM "$LAB"
	wait "$_tail"
	flat <"$W"/lost.json | sed 's/^[0-9]* //' >"$W/$_name".last
	verdict "$_name-mode" "$(grep -m 1 -i 'attach mode' "$W"/lost.json "$W"/err)" \
		sh -c "! grep -q 'attach mode is' $W/lost.json $W/err"
}

# lost_of NAME KEY: the sum over all sites of why; of events, the summary's.
lost_of()
{
	awk -v key="$2" '$1 == key || $1 ~ "^total\\.(sites\\..*|other)\\.?" key "$" { n += $2 }
		END { printf "%d\n", n }' "$W/$1".last
}

# lost_say NAME TRUTH
lost_say()
{
	note "$1: lost $(lost_of "$1" lost) of $(lost_of "$1" failed), truth $2; recovered $(lost_of "$1" recovered), retried $(lost_of "$1" retried), pending $(lost_of "$1" pending), not followed $(lost_of "$1" not_followed); seen $(lost_of "$1" seen), missed $(lost_of "$1" missed), uncounted $(lost_of "$1" uncounted), held back $(lost_of "$1" throttled)"
}

lost_signals()
{
	lab_pause
	ladder --steps E:300 >"$W"/lost.ladder
	kill -CONT "$LAB"
}

lost_ladder() # NAME VIEW
{
	lost_run "$1" "$2" lost_signals
	_eagain=$(sed -n 's/^step=E.* eagain=\([0-9]*\) .*/\1/p' "$W"/lost.ladder)
	lost_say "$1" "$_eagain"
	verdict "$1" "lost $(lost_of "$1" lost) of $(lost_of "$1" failed), EAGAIN $_eagain; not followed $(lost_of "$1" not_followed)" \
		[ "${_eagain:-0}" -gt 100 -a "$(lost_of "$1" lost)" = "${_eagain:-0}" -a "$(lost_of "$1" not_followed)" = 0 ]
}

# Memory that is freed meanwhile may be a block after all, and then nobody is refused: once more.
lost_storm() # NAME VIEW COUNT MAZE_ARGS...
{
	_storm=$1 _of=$2 _most=$3
	shift 3
	for _try in 1 2 3; do
		lost_storm_once "$@" count="$_most"
		[ "$_refused" -lt "$_most" ] || break
		note "$_storm: $_refused refused of $_most, once more"
	done
	lost_say "$_storm" "$_truth, refused $_refused, then got $_again, result $(tr '\n' ' ' <"$W"/result)"
}

lost_storm_once()
{
	maze_do fragment orders=2 >/dev/null
	lost_run "$_storm" "$_of" maze_do run "ctx=task,softirq${HARDIRQ:+,$HARDIRQ}" gfp=opportunistic orders=10 again=2 "$@" >"$W"/result
	maze_do release >/dev/null
	_refused=$(status refused) _again=$(status again_got)
	_truth=$((_refused - _again)) _lost=$(lost_of "$_storm" lost)
}

# lost_within NAME COUNT SHARE: right to within what the audit says, which is one in SHARE at most.
lost_within()
{
	_room=$(($(lost_of "$1" missed) + $(lost_of "$1" uncounted)))
	verdict "$1" "lost $_lost, truth $_truth of $_refused; missed and uncounted $_room, not followed $(lost_of "$1" not_followed)" \
		[ "$_refused" -ge "$2" -a "$_lost" -le $((_truth + _room)) -a \
		$((_lost + $(lost_of "$1" not_followed) + _room)) -ge "$_truth" -a $((_room * $3)) -le "$_refused" ]
}

# Interrupts land between requests: not one is missed, unless a task is preempted within a program.
lost_exact() # NAME VIEW COUNT
{
	lost_storm "$1" "$2" "$3"
	if [ "$PREEMPTIBLE" = 1 ]; then
		lost_within "$1" "$3" 50
		return
	fi
	verdict "$1" "lost $_lost, truth $_truth of $_refused; not followed $(lost_of "$1" not_followed)" \
		[ "$_refused" -ge "$3" -a "$_truth" -lt "$_refused" -a "$_lost" = "$_truth" -a "$(lost_of "$1" not_followed)" = 0 ]
}

# Interrupts land anywhere, in our programs as well. An emulated processor is in one of them for much of
# the time: with more interrupts than these, what the audit leaves open is more than what it shows.
lost_hostile() # NAME VIEW COUNT
{
	lost_storm "$1" "$2" "$3" overlap=1 interval_ns=2000000
	lost_within "$1" "$3" 2
}

lost_all()
{
	lost_ladder lost-ladder-why why
	lost_ladder lost-ladder-events events
	lost_exact lost-storm-why why 34000
	lost_exact lost-storm-events events 10000
	lost_hostile lost-hostile-why why 2500
}
