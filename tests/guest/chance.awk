# chance.awk - what four views came to, against what the maze asked for and what ftrace saw.
#
#	awk -v preemptible=0|1 -f chance.awk ASKED C1 C2 C3 STAT WHY EVENTS FLAGS
#
# Prints lines of numbers ("# ...") and a line "VIEW what is wrong" for each thing that is.
function wrong(view, text) { print view, text }
function total(file, key) { return value[file, "total." key] + 0 }

FNR == 1 { file++ }
file == 1 && $1 != "-" && $1 != "other" {
	asked[$1] += $4
	failed[$1] += $6
	all_failed += $6
	# an order beyond the largest, which has no tracepoint
	if ($3 > 10) {
		silent[$1] += $4
		all_silent += $4
	}
	next
}
file >= 2 && file <= 4 { traced[file - 1, $1] = $2 + 0; next }
file == 5 { value["stat", $1] = $2; stat_key[$1] }
file == 6 { value["why", $1] = $2; why_key[$1] }
file == 7 { value["events", $1] = $2 }
file == 8 { value["flags", $1] = $2; flags_key[$1] }

function sum(view, keys, pattern,    key, n) {
	for (key in keys)
		if (key ~ pattern)
			n += value[view, key]
	return n + 0
}

# Of one class in stat: no fewer and no more than ftrace, and all failures of the maze.
function check_class(class,    rows, requests, seen_failed, inner, outer, others) {
	rows = "^total[.]rows[.]" class "[.][a-z]+[.]"
	requests = sum("stat", stat_key, rows "requests$") - sum("stat", stat_key, rows "failed_silent$")
	seen_failed = sum("stat", stat_key, rows "failed_(final|opportunistic)$")
	inner = traced[2, class] - traced[1, class]
	outer = traced[3, class] + lost
	others = outer - (asked[class] - silent[class])
	print "# " class ": asked " asked[class] + 0 ", failed " failed[class] + 0 ", silent " silent[class] + 0 \
		"; stat " requests ", failed " seen_failed "; ftrace " inner " to " outer
	if (others < 0)
		wrong("stat", class ": ftrace has " (-others) " fewer than the maze")
	if (requests > outer || requests + missed < inner)
		wrong("stat", class ": " requests " requests, missed " missed ", ftrace " inner " to " outer)
	if (seen_failed + missed + no_outcome < failed[class] || seen_failed > failed[class] + others)
		wrong("stat", class ": failed " seen_failed ", maze " failed[class] + 0)
	if (sum("stat", stat_key, rows "failed_silent$") != silent[class] + 0)
		wrong("stat", class ": silent " sum("stat", stat_key, rows "failed_silent$") ", maze " silent[class] + 0)
	all_inner += inner
	all_outer += outer
	all_others += others
}

function check_stat(    c, seen, parts, rows) {
	missed = total("stat", "audit.missed")
	no_outcome = sum("stat", stat_key, "^total[.]rows[.].*[.]no_outcome$")
	for (c = 1; c <= 3; c++)
		check_class(watched[c])
	seen = total("stat", "audit.seen")
	parts = total("stat", "audit.closed") + total("stat", "audit.alone") + total("stat", "audit.left") + \
		total("stat", "audit.silent") + total("stat", "audit.nolock")
	rows = sum("stat", stat_key, "^total[.]rows[.][a-z]+[.][a-z]+[.]requests$")
	print "# stat: seen " seen ", parts " parts ", missed " missed ", no outcome " no_outcome ", skipped starts " \
		total("stat", "audit.entry_misses") ", ends " total("stat", "audit.done_misses") \
		"; ftrace " all_inner " to " all_outer ", lost " lost
	if (parts != seen || rows != seen)
		wrong("stat", "closed+alone+left+silent " parts ", rows " rows ", seen " seen)
	if (seen + missed < all_inner + all_silent || seen > all_outer + all_silent)
		wrong("stat", "seen " seen " + missed " missed ", asked " all_inner + all_silent)
	if (!preemptible && seen + missed > all_outer + all_silent)
		wrong("stat", "seen " seen " + missed " missed ", at most " all_outer + all_silent)
	if (value["stat", "total.audit.complete"] == 1 && missed)
		wrong("stat", "complete, and missed " missed)
}

# A view that has failures only, or kinds: how many, and what it says that it did not see.
function check_failed(view, seen_failed, gaps) {
	print "# " view ": failed " seen_failed ", the maze " all_failed ", gaps " gaps
	if (seen_failed + gaps < all_failed)
		wrong(view, "failed " seen_failed " and gaps " gaps ", the maze " all_failed)
	if (seen_failed > all_failed + all_others)
		wrong(view, "failed " seen_failed ", the maze " all_failed ", others asked for " all_others)
}

function check_flags(    key, kind, class, n) {
	for (key in flags_key) {
		if (key !~ /^total[.]kinds[.].*[.]class$/)
			continue
		kind = key
		sub(/class$/, "", kind)
		class = value["flags", key]
		if (class != "blocking" && class != "high")
			n += value["flags", kind "failed_final"] + value["flags", kind "failed_opportunistic"]
	}
	check_failed("flags", n, total("flags", "audit.missed") + total("flags", "audit.uncounted"))
}

END {
	split("atomic nowait nolock", watched)
	lost = traced[3, "lost"]
	check_stat()
	check_failed("why", sum("why", why_key, "^total[.](sites[.].*|other)[.]failed$"), \
		     value["why", "missed"] + value["why", "uncounted"])
	check_failed("events", value["events", "failed"] + 0, value["events", "missed"] + value["events", "uncounted"])
	check_flags()
	if (!all_failed)
		wrong("stat", "nothing failed")
}
