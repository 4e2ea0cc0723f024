# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# table.awk - the rows of guest.sh as Markdown: what each variant adds to a request, and how many
# times the two empty programs that is. What is subtracted is the mean of the kernel alone, before
# and after; "+-" is half of what these two differ by at most, over all variants.

function split_row(line, v,   part, k) {
	split(line, part, " \\| *")
	loss = part[2]
	split(part[1], v, " ")
	for (k = 1; k <= columns; k++)
		if (v[k + 2] == "")
			v[k + 2] = "-"
}

function added(i, k) {
	if (value[i, k] == "-" || before[i, k] == "-" || after[i, k] == "-")
		return "-"
	return value[i, k] - (before[i, k] + after[i, k]) / 2
}

# Bulk with a divisor of a few instructions tells nothing.
function cell(i, k,   a, limit) {
	a = added(i, k)
	limit = two ? added(two, k) : "-"
	if (a == "-")
		return "-"
	if (i == two || limit == "-" || limit < 5)
		return sprintf("%.0f", a)
	return sprintf("%.0f (%.2f)", a, a / limit)
}

# adds(NAME, WORKLOAD): instructions that it adds, or "-".
function adds(name, k) {
	return name in number ? added(number[name], k) : "-"
}

# goal WHAT, VALUE and OF, the most of it: one line. What was not measured is no goal.
function goal(what, value, of, most,   ratio) {
	if (value == "-" || of == "-" || value == "" || of == "" || of + 0 <= 0)
		return
	if (!goals++)
		print "\n| goal | at most | measured | |\n|---|---|---|---|"
	ratio = value / of
	printf "| %s | %.2f | %.2f | %s |\n", what, most, ratio, ratio <= most ? "met" : "**not met**"
}

# The cheapest of these for workload k.
function cheapest(names, k,   n, i, part, a, best) {
	best = "-"
	n = split(names, part, " ")
	for (i = 1; i <= n; i++) {
		a = adds(part[i], k)
		if (a != "-" && (best == "-" || a < best))
			best = a
	}
	return best
}

function print_goals() {
	goal("blocking request, of two empty programs", adds("stat", TOUCH), adds("two-empty", TOUCH), 1.1)
	goal("blocking request off the free lists, of two empty programs", adds("stat", FRESH), adds("two-empty", FRESH), 1.1)
	goal("the same with `--no-exclusive`", adds("stat-no-exclusive", FRESH), adds("two-empty", FRESH), 1.1)
	goal("atomic request in stat, of two empty programs", adds("stat", ATOMIC), adds("two-empty", ATOMIC), 2.2)
	goal("atomic request in stat, of the cheapest bpftrace script with count, failures and latency", adds("stat", ATOMIC),
		cheapest("bpftrace-kfunc bpftrace-kfunc-rawtp bpftrace-kprobe", ATOMIC), 0.5)
	goal("blocking request in stat, of perf record", adds("stat", TOUCH), adds("perf-record", TOUCH), 0.1)
	goal("atomic request in stat, of perf record", adds("stat", ATOMIC), adds("perf-record", ATOMIC), 0.1)
	goal("blocking request, counting without latency (`--no-latency`), of an empty raw tracepoint",
		adds("stat-raw_tp", TOUCH), adds("empty-tp", TOUCH), 1.3)
	goal("start to first sample, processor, of bpftrace", start["labyrinth", "cpu_ns"], start["bpftrace-kfunc", "cpu_ns"], 0.1)
	goal("resident memory at its peak, of bpftrace", start["labyrinth", "peak_kib"], start["bpftrace-kfunc", "peak_kib"], 0.1)
}

function print_starts(   i) {
	print "\n| start to first sample, of 100 ms | elapsed ms | processor ms (million instructions) | peak resident MiB |"
	print "|---|---|---|---|"
	for (i = 1; i <= nstarts; i++)
		printf "| %s | %.0f | %.0f | %.1f |\n", starts[i], start[starts[i], "elapsed_ns"] / 1e6,
			start[starts[i], "cpu_ns"] / 1e6, start[starts[i], "peak_kib"] / 1024
}

function title(name) {
	return name in long ? long[name] : name
}

BEGIN {
	TOUCH = 1
	ATOMIC = 2
	FRESH = 5
	columns = split("touch atomic bulk failed fresh", column, " ")
	long["empty-tp"] = "empty raw tracepoint"
	long["two-empty"] = "**two empty programs** (entry, tracepoint; bulk: fexit)"
	long["empty-session"] = "empty fsession on the entry function (7.2 and later)"
	long["empty-entry-exit"] = "empty fentry + fexit on the entry function"
	long["stat"] = "labyrinth stat"
	long["stat-no-exclusive"] = "labyrinth stat --no-exclusive"
	long["stat-all"] = "labyrinth stat --all-classes"
	long["stat-kprobe"] = "labyrinth stat --attach=kprobe"
	long["stat-raw_tp"] = "labyrinth stat --attach=raw_tp (no latency)"
	long["stat-slowpath"] = "labyrinth stat --attach=slowpath"
	long["why-slowpath"] = "labyrinth why --attach=slowpath"
	long["stat-budget"] = "labyrinth stat --budget 50 (not reached)"
	long["events"] = "labyrinth events"
	long["why"] = "labyrinth why"
	long["flags"] = "labyrinth flags"
	long["lint"] = "labyrinth lint"
	long["perf-kmem"] = "perf kmem --page record"
	long["bpftrace-kfunc"] = "bpftrace kfunc + kretfunc"
	long["bpftrace-kfunc-rawtp"] = "bpftrace kfunc + rawtracepoint"
	long["bpftrace-kprobe"] = "bpftrace kprobe + kretprobe"
	long["bpftrace-count"] = "bpftrace rawtracepoint (counts only)"
	long["perf-record"] = "perf record -a -e kmem:mm_page_alloc"
	long["hist-trigger"] = "ftrace histogram trigger, two keys"
	long["funclatency"] = "funclatency (libbpf-tools), no filter"
	long["memleak"] = "memleak (libbpf-tools), kernel"
}

$1 == "version" { versions = versions (versions ? ", " : "") $2 " " $3; next }
$1 == "none" { name = $2; sub(/^none [^ ]+ /, ""); missing[++absent] = title(name) ": " $0; next }
$1 == "start" { starts[++nstarts] = $2; for (i = 3; i <= 5; i++) { split($i, p, "="); start[$2, p[1]] = p[2] } next }
$1 == "row" && $2 == "warm" { next }
$1 == "row" && $2 == "base" {
	split_row($0, v)
	for (k = 1; k <= columns; k++) {
		now = v[k + 2]
		if (n && after[n, k] == "") {
			after[n, k] = now
			d = now - before[n, k]
			if (now != "-" && before[n, k] != "-")
				spread[k] = (d < 0 ? -d : d) > spread[k] ? (d < 0 ? -d : d) : spread[k]
		}
		last[k] = now
		if (first[k] == "")
			first[k] = now
	}
	next
}
$1 == "row" {
	split_row($0, v)
	n++
	name_of[n] = $2
	number[$2] = n
	losses[n] = loss
	if ($2 == "two-empty")
		two = n
	for (k = 1; k <= columns; k++) {
		value[n, k] = v[k + 2]
		before[n, k] = last[k]
	}
	next
}

END {
	print versions ".\n"
	print "| added instructions (times the two empty programs) | blocking | atomic | bulk, 64 pages | failed | blocking, off the free lists | what it saw, and lost, of its own count |"
	print "|---|---|---|---|---|---|---|"
	printf "| none: instructions a request"
	for (k = 1; k <= columns; k++)
		printf first[k] == "-" ? " | -" : " | %.0f +-%.0f", first[k], spread[k] / 2
	print " | |"
	for (i = 1; i <= n; i++) {
		printf "| %s", title(name_of[i])
		for (k = 1; k <= columns; k++)
			printf " | %s", cell(i, k)
		printf " | %s |\n", losses[i]
	}
	for (i = 1; i <= absent; i++)
		printf "\nDid not run: %s", missing[i]
	if (absent)
		print ""
	if (nstarts)
		print_starts()
	print_goals()
}
