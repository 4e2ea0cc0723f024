# shellcheck shell=sh disable=SC2034,SC2086,SC2153,SC2154 # run by /job/command; the names of lib.sh have no blanks
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# growth.sh - the part of tests/bench/growth that runs in the guest: what a request and a report
# cost there, at this number of processors. All on the first one; ns are instructions. On fd 3:
#
#	# row NAME touch atomic - - | ...
#	# report WHAT cpu_ns=N peak_kib=N bytes=N
#	# events asked=N a_second=N told=N throttled=N dropped=N missed=N
#	# sites rows=N cpu_ns=N peak_kib=N bytes=N uncounted=N

readonly FEW=5 MANY=25 # reports
ON_FIRST="taskset 1"

# Of two runs, so that the start is in neither.
report_cost() # WHAT
{
	for _n in $FEW $MANY; do
		first - $ON_FIRST labyrinth -j 0.1 $_n >$W/report.$_n 2>$W/err || note "none report $(tail -n 1 $W/err)"
	done
	$ON_FIRST labyrinth -j 0.1 1 2>/dev/null | head -n 1 | wc -c >$W/bytes
	cat $W/report.$FEW $W/report.$MANY | tr -s ' =' '\n' |
		awk -v what="$1" -v n=$((MANY - FEW)) -v bytes="$(cat $W/bytes)" '
			last == "cpu_ns" { few = few ? few : $1; cpu = $1 }
			last == "peak_kib" { peak = $1 }
			{ last = $1 }
			END { printf "# report %s cpu_ns=%.0f peak_kib=%d bytes=%d\n", what, (cpu - few) / n, peak, bytes }' >&3
}

# With so many requests a second in hard interrupts meanwhile.
report_cost_at() # A_SECOND
{
	echo "run ctx=hardirq cpu=0 count=0 duration_ms=20000 interval_ns=$((1000000000 / $1)) hold=8" \
		>$MAZE/control &
	_maze=$!
	report_cost "at-$1"
	kill -INT $_maze
	wait $_maze
}

# Refused requests of this rate, each an event, for a second.
events_at() # A_SECOND
{
	labyrinth events -j >$W/out 2>$W/err &
	TOOL=$!
	wait_ready said Watching || note "none events $(tail -n 1 $W/err)"
	echo 1 >$MAZE/reset
	echo "oversize ctx=hardirq cpu=0 count=$1 interval_ns=$((1000000000 / $1)) gfp=atomic" >$MAZE/control
	sleep 1
	kill -INT $TOOL
	wait $TOOL
	_asked=$(awk '{ n += $3 } END { print n + 0 }' $MAZE/counts) _told=$(grep -c '"type":"event"' $W/out)
	_throttled=$(last_value throttled) _dropped=$(last_value dropped) _missed=$(last_value missed)
	note "events a_second=$1 asked=$_asked told=$_told throttled=$_throttled dropped=$_dropped missed=$_missed"
	# each is in one of the counts; what is missed may be another's
	_counted=$((_told + _throttled + _dropped))
	if [ $_counted -gt "$_asked" ] || [ $((_counted + _missed)) -lt "$_asked" ]; then
		echo "FAIL events-at-$1: $_asked made, $_counted counted, $_missed missed" >&3
	fi
}

# site_masks N: so many gfp masks of requests that may not sleep, each of its own.
site_masks()
{
	awk -v n="$1" 'BEGIN {
		bits = split("16 32 256 2048 4096 8192 65536 262144 524288", bit)
		for (i = 0; i < n; i++) {
			mask = 0
			rest = i
			for (b = 1; b <= bits; b++) {
				mask += rest % 2 * bit[b]
				rest = int(rest / 2)
			}
			printf "0x%x\n", mask
		}
	}'
}

cpu_of() # PID: its ns on a processor
{
	cut -d' ' -f1 /proc/"$1"/schedstat
}

has_reports() # MORE than there were
{
	[ "$(wc -l <$W/out)" -gt $((_before + $1)) ]
}

# What a report of "why" costs with so many rows: a row is a stack, mask, order and context, and each
# mask here makes four orders in each of three contexts.
report_cost_of() # ROWS
{
	$ON_FIRST labyrinth why -j --sample 1 0.1 >$W/out 2>$W/err &
	TOOL=$!
	wait_ready said Watching || note "none sites $(tail -n 1 $W/err)"
	for _mask in $(site_masks $(($1 / 12))); do
		echo "run ctx=task,softirq,hardirq cpu=0 orders=0-3 count=4 interval_ns=200000 gfp=$_mask" >$MAZE/control
	done
	_before=$(wc -l <$W/out)
	wait_ready has_reports 1
	_before=$(wc -l <$W/out) _ns=$(cpu_of $TOOL)
	wait_ready has_reports $FEW
	_ns=$(($(cpu_of $TOOL) - _ns)) _n=$(($(wc -l <$W/out) - _before))
	_peak=$(awk '$1 == "VmHWM:" { print $2 }' /proc/$TOOL/status)
	_rows=$(bpftool map dump name sites 2>/dev/null | grep -c '"key"')
	kill -INT $TOOL
	wait $TOOL
	note "sites rows=$_rows cpu_ns=$((_ns / _n)) peak_kib=$_peak" \
		"bytes=$(sed -n "${_before}p" $W/out | wc -c) uncounted=$(last_value uncounted)"
}

# shellcheck source=tests/bench/lib.sh
. /job/lib.sh
bench_begin || exit 1

measure() # NAME: sets ROW
{
	_touch=$(faults_cost 5 $PAGES)
	ROW="row $1 $_touch $(maze_cost 4 "run ctx=task cpu=0 orders=0 count=3000 gfp=atomic hold=8") - -"
}

note "cpus $(grep -c ^processor /proc/cpuinfo) possible $(cat /sys/devices/system/cpu/possible)"
if [ -n "$REQUESTS" ]; then
	measure warm
	base
	two_empty
	lab stat stat -j 1000
fi
report_cost idle
for rate in $RATES; do
	report_cost_at "$rate"
done
for sites in $SITES; do
	report_cost_of "$sites"
done
for rate in $EVENTS; do
	events_at "$rate"
done
echo "PASS growth" >&3
