# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# lib.sh - what the parts of tests/bench that run in a guest share: the workloads, and how a tool is
# run beside them. Sourced after WANTED is set, to the names of variants, or to nothing for all.
#
# One line a measurement on fd 3, ns a request, which are instructions here:
#
#	# row NAME touch atomic bulk failed fresh | what the tool saw, and what it lost
#	# none NAME reason

MAZE=/sys/kernel/debug/labyrinth_maze
W=/tmp/work
# FRESH is more than the lists of a processor hold: most come off the free lists of the zone, one by one.
readonly PAGES=4096 FRESH=65536 READY=120 # READY: seconds until a tool must have attached
readonly OUT_KIB=16384

note() { echo "# $*" >&3; }

# --- the workloads -------------------------------------------------------------------------------

least()
{
	sort -n | head -n 1
}

# The least of some rounds: the first ones of a boot find the allocator's lists empty. ON_FIRST: what
# keeps it on one processor, where there are more.
faults_cost() # ROUNDS PAGES
{
	for _i in $(seq "$1"); do
		$ON_FIRST ladder --faults "$2"
	done | sed -n 's/.*elapsed_ns=//p' | least | awk -v n="$2" '{ printf "%.1f\n", $1 / n }'
}

# maze_cost ROUNDS COMMAND: of its requests by task, served or not.
maze_cost()
{
	for _i in $(seq "$1"); do
		echo 1 >$MAZE/reset
		echo "$2" >$MAZE/control || note "maze: $2: refused"
		awk '$1 == "task" && $3 { printf "%.1f\n", $7 / $3 }' $MAZE/counts
	done | least
}

# The maze has no clock of its own around the bulk function: one call for 64 pages and their
# release, from the time of the whole command.
bulk_cost()
{
	for _i in 1 2 3 4; do
		echo 1 >$MAZE/reset
		echo "bulk n=64 count=200" >$MAZE/control 2>/dev/null || continue
		awk '$1 == "elapsed_ns" { ns = $2 } $1 == "bulk_calls" { n = $2 }
			END { if (n) printf "%.1f\n", ns / n }' $MAZE/status
	done | least
}

# A quarter of min: below the floor of an atomic request's rights, so that all of them fail. To fill
# the memory takes longest of all, so two rounds must do.
failed_cost()
{
	maze_cost 2 "run ctx=task count=300 gfp=atomic free=$((MIN / 4))"
}

min_pages()
{
	awk '$1 == "Node" { zone = $4 } zone ~ /^(DMA|DMA32|Normal)$/ && $1 == "min" && $2 { min = $2 }
		END { print min }' /proc/zoneinfo
}

# Sets ROW. NO_SHORTAGE: with nothing failed, for the next tool, which needs memory all the time.
measure()
{
	_touch=$(faults_cost 5 $PAGES) _fresh=$(faults_cost 3 $FRESH)
	_atomic=$(maze_cost 4 "run ctx=task orders=0 count=3000 gfp=atomic hold=8")
	_bulk=$(bulk_cost)
	_failed=-
	[ -n "$NO_SHORTAGE" ] || _failed=$(failed_cost)
	ROW="row $1 $_touch $_atomic ${_bulk:--} $_failed $_fresh"
}

base()
{
	measure base
	note "$ROW |"
}

# --- running a tool ------------------------------------------------------------------------------

# wait_ready TEST...: while the tool lives.
wait_ready()
{
	_end=$(($(date +%s) + READY))
	until "$@"; do
		kill -0 "$TOOL" 2>/dev/null && [ "$(date +%s)" -lt $_end ] || return 1
		sleep 0.1
	done
	# what it does after it said so
	sleep 1
}

# said WORD: in what the tool wrote.
said()
{
	cat $W/out $W/err | grep -q "$1"
}

wanted()
{
	case " $WANTED " in
	"  " | *" $1 "*) return 0 ;;
	esac
	return 1
}

none() # NAME
{
	note "none $1 $(cat $W/out $W/err | grep -v '^$' | tail -n 1 | cut -c1-150)"
}

# The kernel skips a program that is already running on the cpu; it counts that for all BPF tools.
skipped()
{
	bpftool prog show 2>/dev/null |
		awk '{ for (i = 1; i < NF; i++) if ($i == "recursion_misses") n += $(i + 1) }
			END { if (n) printf ", skipped %d", n }'
}

# What a tool writes goes to fd 4, over a file that has its pages already: one of a new file would be
# asked for by the tool while memory is used up, and it is the tool that is killed for it.
out_begin()
{
	dd if=/dev/zero of=$W/out bs=1k count=$OUT_KIB 2>/dev/null
	exec 4<>$W/out
	: >$W/err
}

# The file ends where the tool did, which had the fd's place in it from here.
out_end()
{
	truncate -s "$(sed -n 's/^pos:[[:space:]]*//p' /proc/self/fdinfo/4)" $W/out
	exec 4>&-
}

# tool NAME READY_TEST LOSS_FUNCTION COMMAND...
tool()
{
	_name=$1 _test=$2 _loss=$3
	shift 3
	wanted "$_name" || return 0
	out_begin
	"$@" >&4 2>$W/err 4>&- &
	TOOL=$!
	# as labyrinth does itself: memory is used up on purpose
	echo -900 >/proc/$TOOL/oom_score_adj
	# shellcheck disable=SC2086 # a command
	if wait_ready $_test; then
		measure "$_name"
		_skipped=$(skipped)
		kill -INT $TOOL 2>/dev/null || _skipped="$_skipped, had died"
		wait $TOOL
		out_end
		note "$ROW | $($_loss)$_skipped"
	else
		kill -KILL $TOOL 2>/dev/null
		wait $TOOL
		out_end
		none "$_name"
	fi
	NO_SHORTAGE=
	base
}

no_loss() { echo -; }

# --- labyrinth -----------------------------------------------------------------------------------

# last_value KEY: the last value of it in the last line of a stream.
last_value()
{
	tail -n 1 $W/out | grep -oE "\"$1\":[0-9]+" | tail -n 1 | cut -d: -f2
}

# From the last line of its stream: its sums since start are the last ones there.
lab_loss()
{
	_seen=$(last_value seen) _missed=$(last_value missed)
	_dropped=$(last_value dropped) _throttled=$(last_value throttled)
	_down=$(last_value steps_down) # with a budget: what it left out of
	echo "saw ${_seen:-?}, missed ${_missed:-?}, dropped ${_dropped:-?}${_throttled:+, throttled $_throttled}${_down:+, steps down $_down}"
}

lab() # NAME OPTIONS...
{
	_n=$1
	shift
	tool "$_n" "said Watching" lab_loss labyrinth "$@"
}

two_empty()
{
	# shellcheck disable=SC2046 # one or none
	tool two-empty "said Watching" no_loss empty empty_entry empty_done \
		$([ -z "$BULK" ] || echo empty_bulk)
}

facts()
{
	labyrinth check -j >$W/check 2>$W/err || note "labyrinth check: $(tail -n 1 $W/err)"
	# shellcheck disable=SC2034 # its users are in guest.sh
	ENTRY=$(sed -n 's/.*"entry_function":"\([^"]*\)".*/\1/p' $W/check)
	BULK=$(sed -n 's/.*"bulk_function":"\([^"]*\)".*/\1/p' $W/check)
	MIN=$(min_pages)
	note "version linux $(uname -r)"
	note "version labyrinth $(labyrinth -V | cut -d' ' -f2)"
}

bench_begin()
{
	mkdir -p $W
	# of all here, nobody may be killed less: who would go on?
	echo -950 >/proc/self/oom_score_adj
	insmod /job/maze.ko || { echo "FAIL bench: no maze" >&3; return 1; }
	facts
}
