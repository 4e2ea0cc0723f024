# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# lib.sh - what the scripts that run inside the test guests share. Sourced by /job/command.
#
# One run of labyrinth serves many tests: it records its stream, and a test is a segment of it, from
# one line of the stream to a later one. Meanwhile ftrace counts the same tracepoint. It is read
# four times, so that its windows lie around and inside that of labyrinth:
#
#	ftrace cleared | line N0 | ftrace read (h1) | workload | h2 | line N1 | h3
#
# labyrinth's N1 - N0 is at least h2 - h1 and at most h3, whatever else the guest did meanwhile;
# when nothing else made requests of a class, that is one number. While the workload runs labyrinth
# is stopped, if the segment does not want it otherwise: the programs count on, and a machine that
# is made short of memory on purpose does not kill it.

TRACE=/sys/kernel/tracing
EVENT=$TRACE/events/kmem/mm_page_alloc
MAZE=/sys/kernel/debug/labyrinth_maze
W=/tmp/work # all files of a run
: "${START_TIMEOUT:=120}" # seconds; of an emulated guest of another machine it may be set longer
readonly START_TIMEOUT LINE_TIMEOUT=60
HIST=hist:keys=common_flags,order,gfp_flags:size=4096

pass() { echo "PASS $1" >&3; }
fail() { echo "FAIL $1: $2" >&3; }
# A guest has all that its tests need; what is missing is the kernel's.
skip() { echo "SKIP $1: this kernel: $2" >&3; }
note() { echo "# $*" >&3; }

# verdict NAME REASON CONDITION...: PASS if the condition holds, or FAIL with the reason.
verdict()
{
	_name=$1 _reason=$2
	shift 2
	if "$@"; then pass "$_name"; else fail "$_name" "$_reason"; fi
}

uptime_now()
{
	read -r _up _ </proc/uptime
	echo "$_up"
}

# --- labyrinth -----------------------------------------------------------------------------------

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for()
{
	_end=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt $_end ] || return 1
		sleep 0.05
	done
}

watching()
{
	grep -q Watching $W/err || ! kill -0 "$LAB" 2>/dev/null
}

# replayed ARGS...: the text of a recording, without the line that says whose it is.
replayed()
{
	labyrinth "$@" >"$W"/replayed.txt 2>"$W"/replay.err
	_replayed=$?
	sed '1{/^recorded on /d}' "$W"/replayed.txt
	return $_replayed
}

# lab_start RECORD OPTIONS...: the stream goes to $W/RECORD, the text to $W/RECORD.txt.
lab_start()
{
	REC=$W/$1
	shift
	rm -f "$REC" $W/err
	: >$W/err
	labyrinth --record "$REC" "$@" >"$REC.txt" 2>$W/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	if grep -q Watching $W/err; then return 0; fi
	fail start "labyrinth $*: $(tail -n 1 $W/err)"
	kill -KILL $LAB 2>/dev/null
	return 1
}

lab_stop()
{
	kill -TERM "$LAB"
	wait "$LAB"
	_status=$?
	[ $_status = 0 ] || fail stop "labyrinth ended with $_status: $(tail -n 1 $W/err)"
	return $_status
}

lab_stopped()
{
	grep -q '^State:.T' /proc/"$LAB"/status
}

# labyrinth stands still until it is sent SIGCONT; its programs go on. The shell is told that its
# child stopped, and must have been before it writes a command to the maze: a signal ends that, and
# the shell would write it again.
lab_pause()
{
	kill -STOP "$LAB"
	wait_for 10 lab_stopped
	sleep 0.05
}

# The recording as it is by now: it gets its name at the end of the run.
recorded()
{
	if [ -e "$REC".part ]; then echo "$REC".part; else echo "$REC"; fi
}

lines()
{
	wc -l <"$(recorded)"
}

has_lines()
{
	[ "$(lines)" -ge "$1" ]
}

# next_line: waits for a line that was wholly read after now, sets LINE.
next_line()
{
	LINE=$(($(lines) + 2))
	wait_for $LINE_TIMEOUT has_lines $LINE || fail stream "no line $LINE within $LINE_TIMEOUT s"
}

# --- ftrace --------------------------------------------------------------------------------------

# Where the kernel was built without histograms, three rings with a filter for each class count.
trace_setup()
{
	if echo "$HIST" >$EVENT/trigger 2>/dev/null; then
		TRACER=hist
		return
	fi
	TRACER=rings
	for _class in atomic nowait nolock high blocking; do
		mkdir $TRACE/instances/$_class
		echo 32 >$TRACE/instances/$_class/buffer_size_kb
		# counting needs no more than the newest page
		echo 1 >$TRACE/instances/$_class/options/overwrite
	done
}

# ring_filter CLASS: HIGH 32, DIRECT_RECLAIM 1024, KSWAPD_RECLAIM 2048.
ring_filter()
{
	case $1 in
	atomic) echo '(gfp_flags & 32) && !(gfp_flags & 1024)' ;;
	nowait) echo '!(gfp_flags & 1056) && (gfp_flags & 2048)' ;;
	nolock) echo '!(gfp_flags & 3104)' ;;
	high) echo '(gfp_flags & 32) && (gfp_flags & 1024)' ;;
	blocking) echo '!(gfp_flags & 32) && (gfp_flags & 1024)' ;;
	esac
}

trace_clear()
{
	if [ "$TRACER" = hist ]; then
		# not by ":clear", which some kernels take for a mistake
		echo "!$HIST" >$EVENT/trigger
		echo "$HIST" >$EVENT/trigger
		return
	fi
	for _class in atomic nowait nolock high blocking; do
		_i=$TRACE/instances/$_class
		echo 0 >$_i/events/kmem/mm_page_alloc/enable
		echo >$_i/trace
		ring_filter $_class >$_i/events/kmem/mm_page_alloc/filter
		echo 1 >$_i/events/kmem/mm_page_alloc/enable
	done
}

trace_off()
{
	if [ "$TRACER" = hist ]; then
		echo "!$HIST" >$EVENT/trigger
		return
	fi
	for _class in atomic nowait nolock high blocking; do
		echo 0 >$TRACE/instances/$_class/events/kmem/mm_page_alloc/enable
		rmdir $TRACE/instances/$_class
	done
}

# trace_read FILE: as it is, to be looked at later.
trace_read()
{
	if [ "$TRACER" = hist ]; then
		cat $EVENT/hist >"$1"
		return
	fi
	for _class in atomic nowait nolock high blocking; do
		sed "s/^/$_class /" $TRACE/instances/$_class/per_cpu/cpu*/stats
	done >"$1"
}

# --- segments ------------------------------------------------------------------------------------

# segment NAME [-r] COMMAND...: -r leaves labyrinth running meanwhile. GFP is that of the maze's
# last command in it, or empty.
segment()
{
	_seg=$1
	shift
	_run=
	if [ "$1" = -r ]; then
		_run=1
		shift
	fi
	trace_clear
	next_line
	_from=$LINE
	[ -n "$_run" ] || lab_pause
	trace_read $W/"$_seg".h1
	"$@"
	trace_read $W/"$_seg".h2
	[ -n "$_run" ] || kill -CONT "$LAB"
	next_line
	trace_read $W/"$_seg".h3
	echo "$_seg $_from $LINE" >>"$REC.segments"
}

# The stream of a finished run as $W/SEGMENT.lab, see delta.awk.
segments_split()
{
	# shellcheck disable=SC2046 # a list of lines; the maxima of those between are for latency tests
	flat $(awk '{ for (i = $2; i <= $3; i++) if (i == $2 || i == $3 || $1 ~ /^(latency|timed)/) print i }' \
		"$REC.segments") <"$(recorded)" |
		grep -E ' (total|zones|exclusive_held_blocks|interval.*latency_max_ns)' >"$REC.flat"
	sed "s#^#$W/#; s# #.lab #" "$REC.segments" >"$REC.files"
	awk -f /job/delta.awk "$REC.files" "$REC.flat"
}

# value SEGMENT KEY: 0 when the stream has no such key.
value()
{
	awk -v k="$2" '$1 == k { v = $2 } END { print v + 0 }' "$W/$1.lab"
}

# --- the maze ------------------------------------------------------------------------------------

status()
{
	sed -n "s/^$1 //p" $MAZE/status
}

# maze_run SEGMENT COMMAND...: the counts and the status stay in $W/SEGMENT.maze and .status. A
# few requests of another class follow: they close, in task context, what interrupts left open.
maze_run()
{
	_base=$W/$1
	shift
	echo 1 >$MAZE/reset
	echo "$*" 2>/dev/null >$MAZE/control
	cat $MAZE/counts >"$_base".maze
	cat $MAZE/status >"$_base".status
	maze_flush "$_base"
}

# In the class nolock, or nowait when that is what the test is about.
maze_flush()
{
	_flush=nolock
	grep -q 'gfp=nolock' "$1".status && _flush=nowait
	echo $_flush >"$1".flush
	echo "run count=$FLUSH gfp=$_flush" >$MAZE/control
}
FLUSH=16

# judge_maze TEST SEGMENT CLASS [AWK_ARGS...]
judge_maze()
{
	_test=$1 _base=$W/$2 _class=$3
	shift 3
	for _h in 1 2 3; do
		awk -f /job/classes.awk "$_base".h$_h >"$_base".c$_h
	done
	awk -v class="$_class" -v flush="$(cat "$_base".flush)" -v flushed=$FLUSH -v silent=0 \
		-v rt="$RT" -v preempt="$PREEMPT_KNOWN" -v preemptible="$PREEMPTIBLE" -v cpus="$CPUS" \
		-v watched='atomic nowait nolock' "$@" \
		-f /job/judge.awk "$_base".lab "$_base".maze "$_base".c1 "$_base".c2 "$_base".c3 >"$_base".judged
	note "$_test: $(sed -n 's/^# //p' "$_base".judged)"
	_wrong=$(grep -v '^#' "$_base".judged | tr '\n' ';')
	if [ "$(sed -n 's/^result //p' "$_base".status)" != 0 ]; then
		_wrong="$_wrong maze: result $(sed -n 's/^result //p' "$_base".status)"
	fi
	if [ -n "$_wrong" ]; then fail "$_test" "$_wrong"; else pass "$_test"; fi
}

# judge_end TEST: nothing is attached any more at the last reading, so every request of the run is
# counted once, by its row, its order, and the half of it that was seen.
judge_end()
{
	_wrong=$(flat "$(lines)" <"$(recorded)" | awk '
		$2 ~ /^total\.audit\./ { sub(/.*\./, "", $2); audit[$2] = $3 }
		$2 ~ /^total\.rows\.[a-z]+\.[a-z]+\.requests$/ { rows += $3 }
		$2 ~ /^total\.rows\..*\.orders\.[0-9]+\.requests$/ { orders += $3 }
		$2 ~ /^total\.rows\..*\.latency_count$/ { latencies += $3 }
		$2 == "final" { final = $3 }
		END {
			seen = audit["seen"] + 0
			parts = audit["closed"] + audit["alone"] + audit["left"] + audit["silent"]
			if (!final || !seen || parts != seen || rows != seen || orders != seen ||
			    latencies != audit["closed"] + 0)
				printf "final %d seen %d parts %d rows %d orders %d closed %d latencies %d", \
					final, seen, parts, rows, orders, audit["closed"], latencies
		}')
	if [ -z "$_wrong" ]; then pass "$1"; else fail "$1" "$_wrong"; fi
}

# --- the kernel ----------------------------------------------------------------------------------

# For the judges: what the maze says of it, and whether a task may be preempted inside the kernel.
kernel_facts()
{
	RT=$(status preempt_rt)
	PREEMPT_KNOWN=$(status preempt_count)
	CPUS=$(grep -c ^processor /proc/cpuinfo)
	PREEMPTIBLE=$RT
	if grep -qE '\((full|lazy)\)' /sys/kernel/debug/sched/preempt 2>/dev/null; then
		PREEMPTIBLE=1
	fi
	note "preemptible: $PREEMPTIBLE $(cat /sys/kernel/debug/sched/preempt 2>/dev/null)"
}

guest_begin()
{
	mkdir -p $W
	trace_setup
	[ -e /job/maze.ko ] || return 0
	# shellcheck disable=SC2086 # parameters of the module, a list
	insmod /job/maze.ko ${MAZE_PARAMETERS:-} || { fail maze insmod; return 1; }
	kernel_facts
}

count_classes() # SEGMENT
{
	for _h in 1 2 3; do
		awk -f /job/classes.awk "$W/$1.h$_h" >"$W/$1.c$_h"
	done
}

# --- the ladder ----------------------------------------------------------------------------------

# ladder_step SEGMENT STEP COUNT. What the slab allocator has kept of the step before is given back,
# so that the step's records take new pages.
ladder_step()
{
	echo 1 >/sys/kernel/slab/sigqueue/shrink
	ladder --json --steps "$2:$3" >"$W/$1.ladder" 2>"$W/$1.ladder.err"
	echo $? >"$W/$1.exit"
}

# ladder_field SEGMENT STEP FIELD
ladder_field()
{
	sed -n "s/.*\"step\":\"$2\".*\"$3\":\\([0-9]*\\).*/\\1/p" "$W/$1.ladder"
}

# judge_ladder TEST SEGMENT STEP
judge_ladder()
{
	count_classes "$2"
	_sent=$(ladder_field "$2" "$3" sent)
	_eagain=$(ladder_field "$2" "$3" eagain)
	_base=$W/$2
	awk -v step="$3" -v sent="${_sent:-0}" -v eagain="${_eagain:-0}" \
		-v warm="$(ladder_field "$2" warm-up sent)" \
		-v objs="$(cat /sys/kernel/slab/sigqueue/objs_per_slab)" -f /job/levels.awk \
		"$_base.lab" "$_base.c1" "$_base.c2" "$_base.c3" >"$_base.judged"
	note "$1: $(sed -n 's/^# //p' "$_base.judged")"
	_wrong=$(grep -v '^#' "$_base.judged" | tr -d '\n')
	[ "$(cat "$_base.exit")" = 0 ] ||
		_wrong="$_wrong ladder ended with $(cat "$_base.exit"): $(cat "$_base.ladder.err")"
	if [ -n "$_wrong" ]; then fail "$1" "$_wrong"; else pass "$1"; fi
}

# --- exclusive blocks ----------------------------------------------------------------------------

highatomic_blocks()
{
	awk '/^Number of blocks/ { for (i = 5; i <= NF; i++) if ($i == "HighAtomic") column = i; next }
		column && /^Node/ { n += $column } END { print n + 0 }' /proc/pagetypeinfo
}

stamp() { note "$(uptime_now) $*"; }

# --- refusals ------------------------------------------------------------------------------------

# refused TEST STATUS PATTERN COMMAND...: it ends with STATUS and says why in one line. That it
# watches is a line it prints when all is well.
refused()
{
	_test=$1 _want=$2 _pattern=$3
	shift 3
	"$@" >$W/refused.out 2>$W/refused.err
	judge_refused $?
}

judge_refused() # STATUS
{
	grep -v '^Watching' $W/refused.err >$W/refused.line
	_n=$(wc -l <$W/refused.line)
	_line=$(head -n 1 $W/refused.line)
	note "$_test: $1, $_line"
	if [ "$1" != "$_want" ]; then
		fail "$_test" "exit $1, documented is $_want; $_line"
	elif [ "$_n" != 1 ]; then
		fail "$_test" "$_n lines: $(tr '\n' '|' <$W/refused.line)"
	else
		case $_line in
		labyrinth:*$_pattern*) pass "$_test" ;;
		*) fail "$_test" "\"$_line\" does not have \"$_pattern\"" ;;
		esac
	fi
}
