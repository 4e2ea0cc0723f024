# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# steady.sh - ordinary load, in a guest whose clock counts instructions, one a nanosecond. There a
# program runs for some 300 ns, as on hardware; under plain emulation it is fifty times as much, and
# so is the chance that an interrupt lands in it.

# Interrupts every millisecond, each with a request in hard and in soft interrupt; the processor is
# idle between them but for a program started now and then, and for labyrinth's own reports.
ordinary_load()
{
	while [ -e "$W"/busy ]; do
		ls -lR /proc/self >/dev/null 2>&1
		sleep 1
	done &
	maze_run ordinary run ctx="softirq${HARDIRQ:+,$HARDIRQ}" orders=0-3 count=60000 \
		interval_ns=1000000 hold=8 duration_ms=120000
	rm "$W"/busy
	wait $!
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
MAZE_PARAMETERS=max_ms=130000
guest_begin || exit 1
if [ "$RT" = 1 ]; then HARDIRQ=; else HARDIRQ=hardirq; fi
lab_start rec.json 5 || exit 1
: >"$W"/busy
segment ordinary -r ordinary_load
lab_stop
segments_split
judge_maze ordinary ordinary atomic -v limit=100000
