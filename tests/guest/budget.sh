# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# budget.sh - storms under --budget: what is left out, in which order, that what is left is right,
# and that it all comes back. Two processors, so that labyrinth gets its share of one.
#
# How much of a processor the programs take in a storm depends on the kernel and on the machine that
# emulates it: it is measured first, and the limit is half of it.

readonly STORM_MS=12000 PATIENCE_S=120

# last KEY [LINE]: the value of a key in the last whole line of the stream.
last()
{
	grep -a '}$' "$(recorded)" | tail -n 1 | flat | sed -n "s/^1 $1 //p"
}

step_is()
{
	[ "$(last budget.step)" = "$1" ]
}

# Half of the requests fail, for more than the zone DMA has, and nobody else wants that. The zone
# cannot always be filled at once: pages of the storm before may still be on the other cpu's list.
storm() # SEGMENT MILLISECONDS [CONTEXTS]
{
	for _try in 1 2 3; do
		maze_run "$1" hostile ctx="${3:-task,softirq${HARDIRQ:+,$HARDIRQ}}" orders=0,10 \
			interval_ns=200000 gfp=atomic+dma zone=DMA free=600 hold=8 duration_ms="$2"
		_result=$(sed -n 's/^result //p' "$W/$1".status)
		[ "$_result" != 0 ] || return 0
		note "$1: no storm, result $_result"
		sleep 3
	done
}

# Steps that were said on standard error, in one line.
steps_said()
{
	sed -n 's/^labyrinth: warning: budget: .* used of [0-9.]* %: //p' "$W"/err | tr '\n' ';'
}

# The highest figure of a key in the stream.
highest()
{
	flat <"$(recorded)" | awk -v key="$1" '$2 == key && $3 > n { n = $3 } END { printf "%.0f\n", n }'
}

# --- how much it takes ---------------------------------------------------------------------------

# With the highest limit that there is.
measure()
{
	lab_start measure.json --budget $((100 * CPUS)) 1 || return 1
	storm measure 6000
	next_line
	_storm=$(highest budget.programs_ns)
	lab_stop
	LIMIT=$((_storm / 2 / 10000000)) # per cent of a processor
	[ $LIMIT -le 60 ] || LIMIT=60
	note "measure: the programs take $_storm ns of a second in a storm, the limit is $LIMIT %"
	verdict measured "programs $_storm ns of a second in a storm" [ $LIMIT -ge 5 ]
}

# --- stat ----------------------------------------------------------------------------------------

judge_storm() # TEST SEGMENT
{
	count_classes "$2"
	_base=$W/$2
	awk -v flushed=$FLUSH -v cpus="$CPUS" -f /job/budget.awk "$_base".lab "$_base".maze "$_base".c1 \
		"$_base".c2 "$_base".c3 >"$_base".judged
	note "$1: $(sed -n 's/^# //p' "$_base".judged)"
	_wrong=$(grep -v '^#' "$_base".judged | tr '\n' ';')
	if [ -z "$_wrong" ]; then pass "$1"; else fail "$1" "$_wrong"; fi
}

# The longest latency of the run, s: a start that met another request's end shows here.
longest()
{
	flat "$(lines)" <"$(recorded)" | awk '$2 ~ /^total.*latency_max_ns$/ && $3 > n { n = $3 }
		END { printf "%d\n", n / 1000000000 }'
}

calm_load()
{
	for _i in 1 2 3 4 5 6 7 8; do
		ladder --faults 200 >/dev/null
		sleep 1
	done
	[ -z "$HARDIRQ" ] || maze_run calm run ctx=softirq,hardirq count=1000 interval_ns=5000000
	next_line
}

# Ordinary load is none to step down for. Under a host that is busy just then all costs more than it
# does: one such time is passed over.
calm()
{
	calm_load
	if [ "$(last budget.steps_down)" != 0 ]; then
		note "calm: $(steps_said)"
		lab_stop
		lab_start stat.json --budget "$LIMIT" 2 || return
		calm_load
	fi
	note "calm: programs $(highest budget.programs_ns) ns, process $(highest budget.process_ns) ns of a second"
	verdict calm "step $(last budget.step), down $(last budget.steps_down), $(steps_said)" \
		[ "$(last budget.step) $(last budget.steps_down) $(last budget.skipped)" = "everything 0 0" ]
}

# A segment under everything. A host that is busy just then makes the programs dear, and labyrinth is
# right to step down; what is counted then is the other segments' matter. Sets AFTER, its name.
after_storm()
{
	for _try in 1 2 3; do
		AFTER=after$_try
		wait_for $PATIENCE_S step_is everything
		_down=$(last budget.steps_down)
		segment $AFTER maze_run $AFTER run ctx="task,softirq${HARDIRQ:+,$HARDIRQ}" orders=0-3 \
			count=5000 interval_ns=100000 hold=8
		[ "$(last budget.steps_down)" != "$_down" ] || return 0
		note "$AFTER: stepped down to $(last budget.step) in it"
	done
}

stat_storm()
{
	lab_start stat.json --budget "$LIMIT" 2 || return
	calm
	segment storm -r storm storm $STORM_MS
	_during=$(last budget.step)
	wait_for $PATIENCE_S step_is everything
	note "storm: $_during at its end, then $(last budget.step); said: $(steps_said)"
	verdict storm-down "$_during, down $(last budget.steps_down)" \
		[ "$(last budget.steps_down)" -ge 1 -a "$(highest budget.skipped)" -gt 0 ]
	verdict storm-up-again "$(last budget.step) after $PATIENCE_S s, up $(last budget.steps_up)" \
		[ "$(last budget.step)" = everything -a "$(last budget.steps_up)" = "$(last budget.steps_down)" ]
	after_storm
	segment again -r storm again $STORM_MS
	lab_stop
	segments_split
	judge_storm storm-counted storm
	judge_maze storm-after "$AFTER" atomic
	judge_storm storm-again again
	judge_end storm-end-adds-up
	verdict storm-latency "$(longest) s" [ "$(longest)" -lt 5 ]
	replayed --replay "$REC" >"$W"/replay.txt
	verdict storm-text-is-replay "the recording shows something else" cmp -s "$W"/replay.txt "$REC.txt"
}

# --- the other views -----------------------------------------------------------------------------

# under VIEW CONTEXTS OPTIONS...: a storm.
under()
{
	_view=$1 _contexts=$2
	shift 2
	REC=$W/$_view.json
	: >"$W"/err
	labyrinth "$_view" "$@" --budget "$LIMIT" --record "$REC" >"$REC.txt" 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	storm "$_view" $STORM_MS "$_contexts"
}

ended()
{
	kill -TERM $LAB
	wait $LAB
	STATUS=$?
	note "$_view: $(steps_said)"
	verdict "$_view-ends" "exit $STATUS, $(bpftool prog show 2>/dev/null | grep -c ' name lab_') programs left" \
		[ $STATUS = 0 ]
}

maze_failed()
{
	awk '!/^#/ { n += $5 } END { print n }' "$W/$_view".maze
}

maze_asked()
{
	awk '!/^#/ { n += $3 } END { print n }' "$W/$_view".maze
}

# Down by every step, in their order.
in_order()
{
	case $(steps_said) in
	"$1"*) ;;
	*) false ;;
	esac
}

# sites KEY: its sum over all sites.
sites()
{
	tail -n 1 "$(recorded)" | flat | awk -v key="\\.$1\$" '$2 ~ /^total\.(sites|other)\./ && $2 ~ key { n += $3 }
		END { print n + 0 }'
}

# Failures of others, by ftrace: what they ask for is not of the zone DMA.
others_begin()
{
	OTHERS=$TRACE/instances/others
	mkdir $OTHERS
	echo 'pfn==0xffffffffffffffff && !(gfp_flags & 1)' >$OTHERS/events/kmem/mm_page_alloc/filter
	echo 1 >$OTHERS/events/kmem/mm_page_alloc/enable
}

# Sets OTHERS_FAILED.
others_end()
{
	echo 0 >$OTHERS/events/kmem/mm_page_alloc/enable
	OTHERS_FAILED=$(grep -c mm_page_alloc $OTHERS/trace)
	grep -m 3 mm_page_alloc $OTHERS/trace | while IFS= read -r _line; do
		note "failed, not of the maze: $_line"
	done
	rmdir $OTHERS
}

# Of tasks alone: of an interrupt that lands in one of the programs half is seen, and is no site's.
why_storm()
{
	others_begin
	under why task 5
	ended
	others_end
	_failed=$(sites failed) _sampled=$(sites requests_sampled)
	_requests=$((_sampled * $(last sample_every)))
	note "why: failed $_failed, maze $(maze_failed); requests about $_requests, seen $(last seen), passed over $(last budget.skipped), maze $(maze_asked); missed $(last missed), uncounted $(last uncounted)"
	verdict why-order "$(steps_said)" \
		in_order 'no stacks;sites sampled more coarsely;failures only;'
	# one in 64, and one in 1024 meanwhile: that of each processor may be due at each step
	_off=$((1024 * CPUS * 4))
	verdict why-requests "about $_requests of $(last seen) seen, missed $(last missed)" \
		[ $_requests -le $(($(last seen) + _off)) -a \
		$((_requests + $(last missed) + _off)) -ge "$(last seen)" ]
	verdict why-failed "$_failed, the maze $(maze_failed), others $OTHERS_FAILED, missed $(last missed)" \
		[ "$_failed" -le $(($(maze_failed) + OTHERS_FAILED)) -a $((_failed + $(last missed))) -ge "$(maze_failed)" ]
}

lint_storm()
{
	under lint "" 5
	echo 'lint ctx=task_bh_off count=300' >$MAZE/control
	ended
	_told=$(tail -n 1 "$(recorded)" | flat | awk '$2 ~ /^total\.findings\.sleep_bh_off\..*\.times$/ { n += $3 } END { print n + 0 }')
	note "lint: step $(last budget.step), sleep_bh_off $_told"
	verdict lint-sleeps "$_told of 300" [ "$_told" -ge 300 ]
}

no_programs()
{
	! bpftool prog show 2>/dev/null | grep -q ' name lab_'
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
if [ "$RT" = 1 ]; then HARDIRQ=; else HARDIRQ=hardirq; fi
measure || exit 1
stat_storm
why_storm
lint_storm
wait_for 20 no_programs
verdict nothing-left "$(bpftool prog show 2>/dev/null | grep -c ' name lab_') programs" no_programs
