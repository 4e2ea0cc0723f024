#!/bin/sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# check.sh - does the ladder get where it says? To be run as the command of a test guest, with the
# ladder beside it: signals lost at each step, and failed requests as ftrace saw them meanwhile.
# Verdicts go to fd 3.

TRACE=/sys/kernel/tracing
EVENT=$TRACE/events/kmem/mm_page_alloc
HERE=$(dirname "$0")

verdict() # NAME CONDITION...
{
	name=$1
	shift
	if "$@"; then
		echo "PASS ladder/$name" >&3
	else
		echo "FAIL ladder/$name: $* -- $line" >&3
	fi
}

field()
{
	echo "$line" | sed -n "s/.*\b$1=\([^ ]*\).*/\1/p"
}

step() # STEP LEAST_LOST MOST_LOST
{
	echo >$TRACE/trace
	echo 1 >$TRACE/tracing_on
	line=$("$HERE/ladder" --steps "$1" 2>&1 | tail -n 1)
	echo 0 >$TRACE/tracing_on
	echo "# $line; failed requests: $(grep -c ' mm_page_alloc: ' $TRACE/trace)" >&3
	verdict "$1-band" [ "$(field band)$(field band_after)" = "$1$1" ]
	verdict "$1-lost" [ "$(field eagain)" -ge "$2" ]
	verdict "$1-not-lost" [ "$(field eagain)" -le "$3" ]
}

min_free()
{
	cat /proc/sys/vm/min_free_kbytes
}

interrupted() # by a signal, amid a step: the mark goes back
{
	"$HERE/ladder" --silent --steps B --hold 8000 &
	sleep 1
	line=$(min_free)
	[ "$line" != "$before" ] || return 1
	kill -TERM $!
	wait $!
	[ $? = 143 ] && [ "$(min_free)" = "$before" ]
}

before=$(min_free)
echo 0 >$TRACE/tracing_on
echo 8192 >$TRACE/buffer_size_kb
# pfn of a failed request is -1
echo "gfp_flags & 0x20 && pfn == $(printf %u -1)" >$EVENT/filter
echo 1 >$EVENT/enable
for name in A B C D; do
	step $name 0 0
done
step E 200 300
verdict restored [ "$(min_free)" = "$before" ]
verdict interrupted interrupted
line=$("$HERE/ladder" --faults 1000)
verdict faults [ "$(field faults)" = 1000 ]
