# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# chance.sh - a mix of everything that nobody thought of together: a seed says which commands the maze
# carries out, on two processors, while tasks wander; stat, why, events and flags watch at once. Each of
# them must come to the same sum as the maze and ftrace. SEED and ROUNDS may be set; those of a failure
# are printed, and make the same plan again.

: "${SEED:=1}" "${ROUNDS:=30}"

# plan: one command of the maze a line, after the class it asks in.
plan()
{
	awk -v seed="$SEED" -v rounds="$ROUNDS" -v rt="$RT" -v bulk="$BULK" '
		function upto(n) { return int(rand() * n) }
		function one(list,    part) { return part[1 + upto(split(list, part, " "))] }
		function some(list,    part, n, i, out) {
			n = split(list, part, " ")
			for (i = 1; i <= n; i++)
				if (upto(2))
					out = out (out ? "," : "") part[i]
			return out ? out : part[1]
		}
		function orders(    from) { from = upto(8); return from "-" (from + upto(3)) }
		function gfp() {
			class = one("atomic atomic atomic nowait nolock")
			return class == "atomic" ? one("atomic atomic opportunistic nomemalloc") : class
		}
		function often() { return " interval_ns=" (1 + upto(20)) * 50000 }
		BEGIN {
			srand(seed)
			interrupts = rt ? "softirq" : "softirq hardirq"
			tasks = "task task_bh_off task_preempt_off"
			for (i = 0; i < rounds; i++) {
				kind = upto(10)
				if (kind < 3) {
					how = "run gfp=" gfp() " ctx=" some(tasks " " interrupts) \
						" count=" 500 + upto(3000) " hold=" upto(9) " overlap=" upto(2) often()
				} else if (kind < 5) {
					how = "hostile gfp=" gfp() " ctx=" one(tasks) "," some(interrupts) \
						" duration_ms=" 200 + upto(500) " hold=" upto(9) often()
				} else if (kind < 6) {
					how = "oversize gfp=" gfp() " ctx=" some(tasks " " interrupts) " count=" 10 + upto(300)
					print class, how
					continue
				} else if (kind < 7) {
					class = "other"
					how = "run gfp=" one("high kernel") " ctx=task count=" 200 + upto(2000)
				} else if (kind < 8 && bulk) {
					class = "other"
					print class, "bulk gfp=atomic count=" 50 + upto(300) " n=" 1 + upto(100)
					continue
				} else {
					# of what fragment left none: they fail, and some are made again
					how = "run gfp=" gfp() " ctx=" some(tasks " " interrupts) " count=" 200 + upto(800) \
						" again=" one("0 2 3") often()
					print "-", "fragment orders=3"
					print class, how " orders=" 8 + upto(2)
					print "-", "release"
					continue
				}
				print class, how " orders=" orders()
			}
		}'
}

# carry_out: the plan; what the maze asked for and did not get goes to $W/chance.asked, by class.
carry_out()
{
	while read -r class command; do
		echo 1 >"$MAZE"/reset
		echo "$command" 2>/dev/null >"$MAZE"/control
		sed "/^#/d; s/^/$class /" "$MAZE"/counts >>"$W"/chance.asked
		case $(status result) in
		0 | -62) ;; # ETIME: not all that was asked for, and all that was is counted
		*) echo "$command: result $(status result)" >>"$W"/chance.wrong ;;
		esac
	done <"$W"/chance.plan
}

# watch VIEW...: each in a run of its own; their last lines are $W/chance.VIEW.
watch()
{
	LABS=
	for view in "$@"; do
		: >"$W"/err
		labyrinth "$view" -j --record "$W"/chance."$view".json -d 3000 >/dev/null 2>"$W"/err &
		LAB=$!
		wait_for "$START_TIMEOUT" watching
		grep -q Watching "$W"/err || fail chance-start "$view: $(tail -n 1 "$W"/err)"
		LABS="$LABS $LAB"
	done
}

chance()
{
	: >"$W"/chance.asked
	: >"$W"/chance.wrong
	plan >"$W"/chance.plan
	trace_clear
	watch stat why events flags
	trace_read "$W"/chance.h1
	wander $((ROUNDS * 1500)) >/dev/null &
	wanders=$!
	carry_out
	kill $wanders 2>/dev/null
	wait $wanders
	maze_flush_any
	trace_read "$W"/chance.h2
	for lab in $LABS; do
		kill -TERM "$lab"
		wait "$lab" || fail chance-ends "status $?"
	done
	trace_read "$W"/chance.h3
	count_classes chance
	for view in stat why events flags; do
		tail -n 1 "$W"/chance.$view.json | flat | sed 's/^1 //' >"$W"/chance.$view
	done
}

# What interrupts left open is closed in task context.
maze_flush_any()
{
	echo 1 >"$MAZE"/reset
	echo "run count=16 gfp=nowait" >"$MAZE"/control
	sed "/^#/d; s/^/nowait /" "$MAZE"/counts >>"$W"/chance.asked
}

judge_chance()
{
	awk -v preemptible="$PREEMPTIBLE" -f /job/chance.awk "$W"/chance.asked "$W"/chance.c1 \
		"$W"/chance.c2 "$W"/chance.c3 "$W"/chance.stat "$W"/chance.why "$W"/chance.events \
		"$W"/chance.flags >"$W"/chance.judged
	sed -n 's/^# /chance: /p' "$W"/chance.judged >&4
	while read -r line; do note "$line"; done <"$W"/chance.notes
	for view in stat why events flags; do
		wrong=$(sed -n "s/^$view //p" "$W"/chance.judged | tr '\n' ';')
		verdict chance-$view "seed $SEED, $ROUNDS rounds: $wrong" [ -z "$wrong" ]
	done
	verdict chance-maze "seed $SEED: $(tr '\n' ';' <"$W"/chance.wrong)" [ ! -s "$W"/chance.wrong ]
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
BULK=1
case $(uname -r) in
5.10.*) BULK=0 ;;
esac
stamp chance
exec 4>"$W"/chance.notes
chance
stamp judge
judge_chance
stamp end
