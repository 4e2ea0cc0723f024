# shellcheck shell=sh disable=SC2086,SC2154 # run by /job/command; the names of lib.sh have no blanks
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# storm.sh - the part of tests/bench/storm that runs in the guest: what a failed request costs where
# it is made, and in the tool that tells of it. The zone DMA is filled, which nobody else
# needs, and GFP_ATOMIC | GFP_DMA fails there while there is memory for everybody. On fd 3:
#
#	# storm NAME calm=NS calm_asked=N calm_shown=N calm_tool=NS puff=NS puff_asked=N storm=NS storm_asked=N shown=N tool=NS | ITS COUNT
#
# calm: 900 a second, one by one, of which labyrinth tells all; storm: as fast as one processor
# can fail, with pauses for the tool, of which it tells a few; puff: so few as fast as that it tells
# all. Of each: ns, which are instructions, a request where it is made; failures; what was shown, in
# the end of all; ns the tool ran.

readonly FIRST=10 CALM=500 PUFF=90 PUFFS=6 GUST=500 GUSTS=40
TRACING=/sys/kernel/tracing
EVENT=kmem/mm_page_alloc FAILED='pfn==0xffffffffffffffff'

# --- the storm -----------------------------------------------------------------------------------

# What is short is short for a minute at most.
shortage()
{
	echo release >$MAZE/control
	echo "fill zone=DMA free=4" >$MAZE/control || note "maze: cannot fill the zone DMA"
	echo 1 >$MAZE/reset
}

# In a hard interrupt each, nine hundred a second: labyrinth tells a thousand.
calm() # COUNT
{
	echo "run ctx=hardirq cpu=0 count=$1 interval_ns=1111111 gfp=atomic+dma" >$MAZE/control ||
		note "maze: refused"
}

# By one task, as fast as they fail.
gusts() # COUNT ROUNDS PAUSE
{
	for _i in $(seq $2); do
		echo "run ctx=task cpu=0 count=$1 gfp=atomic+dma" >$MAZE/control || note "maze: refused"
		sleep $3
	done
}

# Its counts since shortage(), as NAME=NS NAME_asked=N. One that was served would be no failure.
asked() # NAME
{
	awk -v name=$1 '!/^#/ { n += $3; got += $4; ns += $7 }
		END { printf "%s=%.0f %s_asked=%d", name, ns / n, name, n; if (got) printf " got=%d", got }' $MAZE/counts
}

# What the kernel has counted of it on the processor, all threads.
tool_ns()
{
	cat /proc/$TOOL/task/*/schedstat 2>/dev/null | awk '{ n += $1 } END { printf "%.0f\n", n }'
}

# Until it writes no more.
settle()
{
	sleep 1.5
	_size=-1
	until [ "$(wc -c <$W/out)" = "$_size" ]; do
		_size=$(wc -c <$W/out)
		sleep 0.5
	done
}

# --- a tool in it --------------------------------------------------------------------------------

# shown PATTERN: lines of what it wrote.
shown() { grep -c "$1" $W/out; }

# Sets ROW. SHOWN: a command that prints how many failures were shown.
measure_storm()
{
	shortage
	_ns=$(tool_ns) _before=$($SHOWN)
	calm $CALM
	settle
	ROW="$(asked calm) calm_shown=$(($($SHOWN) - _before)) calm_tool=$(($(tool_ns) - _ns))"
	shortage
	gusts $PUFF $PUFFS 0.2
	settle
	ROW="$ROW $(asked puff)"
	shortage
	_ns=$(tool_ns)
	gusts $GUST $GUSTS 0.02
	settle
	ROW="$ROW $(asked storm) tool=$(($(tool_ns) - _ns))"
}

# storm NAME READY_TEST SHOWN_COMMAND OWN_COUNT COMMAND...
storm()
{
	_name=$1 _test=$2 SHOWN=$3 _own=$4
	shift 4
	wanted $_name || return 0
	: >$W/out
	: >$W/err
	"$@" >$W/out 2>$W/err &
	TOOL=$!
	if ! wait_ready $_test; then
		kill -KILL $TOOL 2>/dev/null
		wait $TOOL
		none $_name
		return
	fi
	# what it does once only is not of a failure
	shortage
	calm $FIRST
	sleep 1.5
	measure_storm
	# what does not ask for the one does not get it from a shell
	kill -INT $TOOL 2>/dev/null && sleep 2 && kill -TERM $TOOL 2>/dev/null
	wait $TOOL
	_shown=$($SHOWN)
	note "storm $_name $ROW shown=$((_shown ? _shown - FIRST : 0)) | $($_own)"
}

no_tool()
{
	TOOL=none SHOWN="echo 0"
	: >$W/out
	measure_storm
	note "storm none $ROW shown=0 | -"
}

# --- labyrinth -----------------------------------------------------------------------------------

text_counts()
{
	sed -n 's/^audit: .*\(missed.*, held back [0-9]*, dropped [0-9]*\).*/\1/p' $W/out
}

json_counts()
{
	echo "missed $(last_value missed), held back $(last_value throttled), dropped $(last_value dropped)"
}

stat_counts()
{
	echo "missed $(last_value missed), failures only counted"
}

ours()
{
	storm stat "said Watching" "echo 0" stat_counts labyrinth -j 1000
	storm events "said Watching" "shown kswapd.[nw]" text_counts labyrinth events
	storm events-stack "said Watching" "shown kswapd.[nw]" text_counts labyrinth events -S
	storm events-json "said Watching" 'shown "type":"event"' json_counts labyrinth events -j
}

# --- the peers -----------------------------------------------------------------------------------

# bpftrace says how many it lost each time that it has read.
bt_lost()
{
	cat $W/out $W/err | awk '/^Lost / { n += $2 } END { printf "lost %d\n", n }'
}

bpftraces()
{
	_head='printf("failed %s %d order %d gfp %x'
	storm bpftrace "said Watching" "shown ^failed" bt_lost bt "
		rawtracepoint:mm_page_alloc /arg0 == 0/ { $_head\n\", comm, pid, arg1, arg2); } $READY_PROBE"
	storm bpftrace-stack "said Watching" "shown ^failed" bt_lost bt "
		rawtracepoint:mm_page_alloc /arg0 == 0/ { $_head%s\n\", comm, pid, arg1, arg2, kstack); } $READY_PROBE"
}

perf_lost()
{
	awk '$1 == "LOST" { n += $2 } END { printf "lost %d\n", n }' $W/out
}

# As strace does, it writes to standard error, and each as it comes; with -o, by the buffer.
perf_trace()
{
	peer /usr/bin/perf trace -a -e kmem:mm_page_alloc --filter "$FAILED" 2>&1
}

ftrace_lost()
{
	awk '/^(overrun|dropped events|commit overrun):/ { n += $NF } END { printf "lost %d\n", n }' \
		$TRACING/per_cpu/cpu*/stats
}

# A reader of the trace, as the kernel's documentation has it.
ftrace()
{
	wanted ftrace || return 0
	echo "$FAILED" >$TRACING/events/$EVENT/filter
	echo 1 >$TRACING/events/$EVENT/enable
	storm ftrace true "shown mm_page_alloc" ftrace_lost cat $TRACING/trace_pipe
	echo 0 >$TRACING/events/$EVENT/enable
	echo 0 >$TRACING/events/$EVENT/filter
}

# ---------------------------------------------------------------------------------------------------

# shellcheck source=tests/bench/lib.sh
. /job/lib.sh
# shellcheck source=tests/bench/peers.sh
. /job/peers.sh
bench_begin || exit 1
peers_mount || note "version peers none"
no_tool # once to warm up
no_tool
ours
if [ -e $PEERS/versions ]; then
	ftrace
	bpftraces
	storm perf-trace attached "shown mm_page_alloc" perf_lost perf_trace
fi
echo "PASS storm" >&3
