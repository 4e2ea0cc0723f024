# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# order4.sh - the slab allocator was told to take 16 pages at once, so the ladder's requests may use
# the exclusive reserve.

readonly SIGNALS=20000 # at 819 a slab of 16 pages

total() # KEY of the last line
{
	sed -n "s/^[0-9]* total\\.exclusive\\.$1 //p" "$W"/last
}

blocks_judge()
{
	flat "$(lines)" <"$(recorded)" >"$W"/last
	grown=$(total grown_blocks) shrunk=$(total shrunk_blocks)
	held=$(sed -n 's/^[0-9]* exclusive_held_blocks //p' "$W"/last)
	note "exclusive: eligible $(total eligible) hit $(total hit) miss $(total miss) leak $(total leak) grown $grown shrunk $shrunk held $held; pagetypeinfo $BLOCKS_BEFORE to $BLOCKS_AFTER"
	verdict exclusive-grown "grown $grown - shrunk $shrunk, pagetypeinfo $BLOCKS_BEFORE to $BLOCKS_AFTER" \
		[ $((grown - shrunk)) = $((BLOCKS_AFTER - BLOCKS_BEFORE)) ]
	verdict exclusive-held "held $held, pagetypeinfo $BLOCKS_AFTER" [ "$held" = "$BLOCKS_AFTER" ]
	case $(uname -r) in
	6.12.*)
		verdict exclusive-hit "hit $(total hit), grown $grown" [ "$(total hit)" -gt 0 -a "$grown" -gt 0 ]
		;;
	esac
}

# Of what may use the reserve, what did not get a page failed.
eligible_judge()
{
	wrong=
	for step in A B C D E; do
		eligible=$(value ladder_$step exclusive.eligible)
		got=$(($(value ladder_$step exclusive.hit) + $(value ladder_$step exclusive.miss)))
		failed=$(($(value ladder_$step rows.atomic.task.failed_final) + \
			$(value ladder_$step rows.atomic.task.failed_opportunistic)))
		note "exclusive $step: eligible $eligible, got a page $got, failed requests $failed"
		# what fails at A to D may not touch the reserve: it is not eligible
		[ $step = E ] || failed=0
		if [ "$eligible" -lt $got ] || [ "$eligible" -gt $((got + failed)) ]; then
			wrong="$wrong $step: eligible $eligible, hit + miss $got, failed $failed;"
		fi
	done
	if [ -z "$wrong" ]; then pass exclusive-eligible; else fail exclusive-eligible "$wrong"; fi
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
if [ "$(cat /sys/kernel/slab/sigqueue/order)" != 4 ]; then
	fail order4 "slabs are of order $(cat /sys/kernel/slab/sigqueue/order)"
	exit 1
fi
BLOCKS_BEFORE=$(highatomic_blocks)
lab_start rec.json 0.3 || exit 1
for step in A B C D; do
	segment ladder_$step ladder_step ladder_$step $step $SIGNALS
done
segment ladder_E ladder_step ladder_E E 10000
BLOCKS_AFTER=$(highatomic_blocks)
lab_stop
segments_split
for step in A B C D E; do
	judge_ladder ladder-$step ladder_$step $step
done
blocks_judge
eligible_judge
