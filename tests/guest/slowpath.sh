# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# slowpath.sh - attach mode slowpath beside the full mode, both over the same requests of one boot: as
# many failures as the maze, user space and ftrace count, the same sites and verdicts, and as many near
# misses.

# watch NAME VIEW OPTIONS...: $W/NAME gets its stream; it stands still while memory is short.
watch()
{
	_watch=$1
	shift
	: >"$W"/err
	labyrinth "$@" -j >"$W/$_watch" 2>"$W"/err &
	LAB=$!
	PIDS="$PIDS $LAB"
	wait_for $((START_TIMEOUT * 2)) watching # four of them on one processor
	grep -q Watching "$W"/err || fail "start-$_watch" "$(tail -n 1 "$W"/err)"
}

all_stand_still()
{
	for LAB in $PIDS; do
		lab_pause
	done
}

all_end()
{
	for LAB in $PIDS; do
		kill -CONT "$LAB"
	done
	sleep 1
	for LAB in $PIDS; do
		kill -TERM "$LAB"
		wait "$LAB" || fail stop "labyrinth ended with $?: $(tail -n 1 "$W"/err)"
	done
}

# Failures by ftrace: those that may not sleep and have no page.
ring_begin()
{
	RING=$TRACE/instances/failed
	mkdir $RING
	echo 64 >$RING/buffer_size_kb
	echo 'pfn == 18446744073709551615 && !(gfp_flags & 1024)' >$RING/events/kmem/mm_page_alloc/filter
	echo 1 >$RING/events/kmem/mm_page_alloc/enable
}

ring_end()
{
	echo 0 >$RING/events/kmem/mm_page_alloc/enable
	TRACED=$(awk '$1 == "entries:" || $1 == "overrun:" { n += $2 } END { print n + 0 }' \
		$RING/per_cpu/cpu*/stats)
	rmdir $RING
}

mark() # min|low, of the highest zone
{
	awk -v m="$1" '$1 == "Node" { zone = $4 } zone ~ /^(DMA|DMA32|Normal)$/ && $1 == m && $2 { n = $2 }
		END { print n }' /proc/zoneinfo
}

# In all contexts: refused, out of the reserve, between the marks; and signals that are refused.
workload()
{
	for _step in B C D E; do
		ladder_step ladder $_step 300
		note "ladder $_step: eagain $(ladder_field ladder $_step eagain)"
	done
	EAGAIN=$(ladder_field ladder E eagain)
	_min=$(mark min)
	MAZE_FAILED=0
	for _free in $((_min / 4)) $((_min * 3 / 4)) $((_min * 9 / 8)); do
		for _gfp in atomic nowait opportunistic; do
			echo 1 >"$MAZE"/reset
			echo "run ctx=$ALL orders=0-1 count=20 free=$_free gfp=$_gfp" >"$MAZE"/control
			MAZE_FAILED=$((MAZE_FAILED + $(awk '!/^#/ { n += $5 } END { print n + 0 }' "$MAZE"/counts)))
		done
	done
}

# last FILE FILTER: of the last report.
last()
{
	flat "$(wc -l <"$W/$1")" <"$W/$1" | sed 's/^[0-9]* //' >"$W/$1.last"
}

# rows FILE: "class context failed final, opportunistic, below low" of each row.
rows()
{
	awk '$1 ~ /^total\.rows\./ {
		split($1, k, ".")
		row = k[3] " " k[4]
		if (k[5] == "failed_final") final[row] = $2
		if (k[5] == "failed_opportunistic") opp[row] = $2
		if (k[5] ~ /^served_(min|reserve|none)$/) near[row] += $2
	}
	END { for (r in final) if (final[r] + opp[r] + near[r]) print r, final[r], opp[r], near[r] + 0 }' \
		"$W/$1.last" | sort
}

total() # FILE KEY
{
	awk -v k="total.$2" '$1 == k { v = $2 } END { print v + 0 }' "$W/$1.last"
}

failures_judge()
{
	rows full >"$W"/full.rows
	rows slow >"$W"/slow.rows
	note "full: $(tr '\n' ';' <"$W"/full.rows)"
	note "slowpath: $(tr '\n' ';' <"$W"/slow.rows)"
	awk '{ print $1, $2, $3, $4 }' "$W"/full.rows | grep -v ' 0 0$' >"$W"/full.failed
	awk '{ print $1, $2, $3, $4 }' "$W"/slow.rows | grep -v ' 0 0$' >"$W"/slow.failed
	_failed=$(awk '{ n += $3 + $4 } END { print n + 0 }' "$W"/slow.failed)
	note "failed: slowpath $_failed, ftrace $TRACED, maze $MAZE_FAILED, signals refused $EAGAIN"
	verdict failures-ftrace "slowpath $_failed, ftrace $TRACED" [ "$_failed" = "$TRACED" ]
	verdict failures-asked "slowpath $_failed, maze $MAZE_FAILED and signals $EAGAIN" \
		[ "$MAZE_FAILED" -gt 300 -a "$EAGAIN" -gt 100 -a "$_failed" -ge $((MAZE_FAILED + EAGAIN)) ]
	verdict failures-by-row "$(diff "$W"/full.failed "$W"/slow.failed | tr '\n' ';')" \
		cmp -s "$W"/full.failed "$W"/slow.failed
}

# A request that is served on its second attempt makes two.
near_judge()
{
	_full=$(awk '$1 != "nolock" { n += $5 } END { print n + 0 }' "$W"/full.rows)
	_slow=$(awk '{ n += $5 } END { print n + 0 }' "$W"/slow.rows)
	_off=$((_full - _slow))
	note "near misses: full mode $_full, slowpath $_slow"
	verdict near-misses "full mode $_full, slowpath $_slow" \
		[ "$_full" -gt 300 -a $_off -le $((_full / 50 + 2)) -a $_off -ge -$((_full / 50 + 2)) ]
}

# whys FILE: "driver.site failed verdict unexplained lost not_followed" of each that failed; how many
# of them were told one by one is not the same for both.
whys()
{
	last "$1"
	awk '$1 ~ /^total\.sites\..*\.(failed|lost|not_followed|verdicts\.(exhausted|unexplained))$/ {
			what = site = $1
			sub(/^.*\./, "", what)
			sub(/^total\.sites\./, "", site)
			sub(/(\.verdicts)?\.[a-z_]*$/, "", site)
			n[site, what] = $2
			sites[site]
		}
		END {
			for (s in sites)
				if (n[s, "failed"])
					print s, n[s, "failed"], n[s, "exhausted"] ? "exhausted" : "-", n[s, "unexplained"],
						n[s, "lost"], n[s, "not_followed"]
		}' "$W/$1.last" | sort
}

# The same sites and verdicts. What the full mode knows of the callers, this one has too, or says that it
# does not know: nobody is said to have gone without for that.
why_judge()
{
	whys why_full >"$W"/full.whys
	whys why_slow >"$W"/slow.whys
	note "why: $(tr '\n' ';' <"$W"/full.whys)"
	note "why of slowpath: $(tr '\n' ';' <"$W"/slow.whys)"
	cut -d ' ' -f 1-4 "$W"/full.whys >"$W"/full.told
	cut -d ' ' -f 1-4 "$W"/slow.whys >"$W"/slow.told
	verdict sites-and-verdicts "$(diff "$W"/full.told "$W"/slow.told | tr '\n' ';')" \
		cmp -s "$W"/full.told "$W"/slow.told
	_wrong=$(cat "$W"/full.whys "$W"/slow.whys | awk '
		$1 in lost { if ($5 > lost[$1] || $5 + $6 < lost[$1]) print; n++; next }
		{ lost[$1] = $5 }
		END { if (!n) print "no site" }')
	verdict callers "$_wrong" [ -z "$_wrong" ]
}

missing_judge()
{
	verdict missing "$(grep missing "$W"/slow.last)" grep -q 'requests served above the low mark are not seen' "$W"/slow
	replayed --replay "$W"/slow >"$W"/slow.txt
	verdict replayed "exit $_replayed: $(tail -n 1 "$W"/replay.err)" [ "$_replayed" = 0 ]
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh

if guest_begin; then
	ALL=task,task_bh_off,task_preempt_off,softirq,hardirq
	[ "$RT" = 0 ] || ALL=task,task_bh_off,task_preempt_off,softirq
	PIDS=
	watch full
	watch slow --attach=slowpath
	watch why_full why
	watch why_slow why --attach=slowpath
	all_stand_still
	ring_begin
	workload
	ring_end
	all_end
	for file in full slow; do last $file; done
	failures_judge
	near_judge
	why_judge
	missing_judge
	note "audit: seen $(total slow audit.seen), missed $(total slow audit.missed), left $(total slow audit.left)"
fi
