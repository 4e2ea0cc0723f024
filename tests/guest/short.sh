# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# short.sh - labyrinth at work while memory is used up: all that it needs must be there already. A
# page fault then is a page that it waits for, or is killed for. Part of the boot nic, where
# there is no zone Normal to fill as well.
#
# short_all: the verdicts short-VIEW, with -text as text; short-full-ring, short-symbols, short-end.

# labyrinth writes over a file that is already there: a page of a new file would be the file's, not
# its own, and cannot be had either.
readonly SHORT_ROOM=16384 # KiB
readonly SHORT_COUNT=1000 SHORT_COUNT_END=3500
readonly SHORT_MS=30000 # to fill the memory takes long on a busy host

# Kept from the killer more than labyrinth keeps itself; inherited by it, so that nobody is better
# to be killed than who asks for a page.
short_begin()
{
	# Compaction may move a locked page, and who meets it half-way waits in a fault that needs no page.
	echo 0 >/proc/sys/vm/compact_unevictable_allowed
	echo -950 >/proc/self/oom_score_adj
	SHORT_FREE=$(awk '$1 == "Node" { zone = $4 }
		zone ~ /^(DMA|DMA32|Normal)$/ && $1 == "min" && $2 { min = $2 }
		END { print int(min / 4) }' /proc/zoneinfo)
}

short_end()
{
	echo 0 >/proc/self/oom_score_adj
	echo 1 >/proc/sys/vm/compact_unevictable_allowed
}

# Told what it had to, with next to no page fault, and none from a file. Not none at all: on 7.3 there
# is one now and then, after the rest of the boot, of a cause not known. Unheld, a storm has hundreds,
# and stat's end three.
short_held()
{
	_more=$((${_after%% *} - ${_before%% *}))
	[ "$_status" = 0 ] && [ "$_told" -ge "$_least" ] || return 1
	[ $_more -le 2 ] && [ "${_before##* }" = "${_after##* }" ] || return 1
	case $_own in
	[012]", and 0 from a file") ;;
	*) return 1 ;;
	esac
}

# faults_of_lab: "minor major", by the kernel's count; nothing when it has ended.
faults_of_lab()
{
	[ -e "/proc/$LAB/stat" ] || return 0
	read -r _stat <"/proc/$LAB/stat"
	# shellcheck disable=SC2086 # words
	set -- ${_stat##*) }
	echo "$8 ${10}"
}

# 500 requests a second in soft interrupts, all of them refused, as nearly all memory is taken.
short_storm()
{
	short_refuse $SHORT_COUNT
}

short_storm_long()
{
	short_refuse $SHORT_COUNT_END
}

short_refuse() # COUNT
{
	echo 1 >"$MAZE"/reset
	echo "run ctx=softirq count=$1 duration_ms=$SHORT_MS interval_ns=2000000 gfp=atomic free=$SHORT_FREE" \
		>"$MAZE"/control
}

short_storm_stopped()
{
	lab_pause
	short_storm
	kill -CONT "$LAB"
	sleep 2
}

# Modules come and go: the symbols are read again. No shortage, as insmod takes memory.
short_module()
{
	rmmod maze
	sleep 2
	insmod /job/maze.ko
	sleep 2
}

# short_run NAME STORM LEAST OPTIONS...: it is to tell of LEAST failures at least, or lines.
short_run()
{
	_name=$1 _storm=$2 _least=$3
	shift 3
	dd if=/dev/zero of="$W"/short bs=1k count=$SHORT_ROOM 2>/dev/null
	: >"$W"/err
	labyrinth "$@" -v 1<>"$W"/short 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching
	sleep 1
	_kib=$(sed -n 's/^VmRSS:[[:space:]]*//p' /proc/"$LAB"/status)
	_before=$(faults_of_lab)
	$_storm
	_after=$(faults_of_lab)
	_after=${_after:-$_before} # it has ended, and says the rest itself
	kill -TERM $LAB 2>/dev/null
	wait $LAB
	_status=$?
	short_judge
}

short_judge()
{
	tr -d '\0' <"$W"/short >"$W"/short.text
	_told=$(grep -cE '"kind":"failed"|"sequence":|^[0-9:]+[.][0-9]+ ' "$W"/short.text)
	_own=$(sed -n 's/^labyrinth: memory: page faults since.*: //p' "$W"/err)
	note "short $_name: $_kib resident, told $_told, $(awk '$3 { n += $5 } END { print n + 0 }' "$MAZE"/counts) refused; page faults $_before to $_after, by itself: $_own"
	verdict "short-$_name" "status $_status, told $_told, page faults $_before to $_after, by itself: $_own" \
		short_held
}

short_all()
{
	short_begin
	short_run events short_storm 200 events -j
	short_run events-text short_storm 200 events -S
	short_run why short_storm 2 why -j 1
	short_run why-text short_storm 0 why -S 1
	short_run stat short_storm 2 -j 1
	short_run flags short_storm 2 flags -j 1
	short_run full-ring short_storm_stopped 200 events -j
	short_run symbols short_module 2 why -j 1
	# its end comes in the middle of it
	short_run end short_storm_long 0 events -j -d 5s
	short_end
}
