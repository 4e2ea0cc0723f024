# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# storm.awk - the rows of storm.sh as Markdown, less what the kernel alone takes for a failure. What one
# that is not shown costs is what the storm cost, less those that were: by the puffs, where all are.

function field(key,   i, p) {
	for (i = 3; i <= NF; i++) {
		split($i, p, "=")
		if (p[1] == key)
			return p[2]
	}
	return 0
}

function thousands(v) {
	return sprintf("%.1f", v / 1000)
}

function row(   calm, calm_shown, puff, kernel, asked, shown, tool) {
	calm = field("calm") - none_calm
	# a tool that tells only in the end has told all of the few
	calm_shown = field("calm_shown") ? field("calm_shown") : field("calm_asked")
	kernel = field("storm") - none_storm
	asked = field("storm_asked")
	tool = field("tool")
	told = field("shown")
	puff = field("puff") - none_puff
	# those of the calm and of the puffs are in it
	shown = told ? told - calm_shown - field("puff_asked") : 0
	told = told ? sprintf("%s + %s = %s", thousands(calm), thousands(field("calm_tool") / calm_shown), \
		thousands(calm + field("calm_tool") / calm_shown)) : "-"
	if (shown)
		goal[$2] = puff + tool / shown
	return sprintf("%s | %s | %d | %d | %s | %s | %s", told, !shown ? "-" : sprintf("%s + %s = %s", thousands(puff), \
		thousands(tool / shown), thousands(goal[$2])), asked, shown, asked > shown ? \
		thousands((kernel * asked - puff * shown) / (asked - shown)) : "-", thousands(kernel + tool / asked), own)
}

BEGIN {
	long["stat"] = "labyrinth stat (counts only)"
	long["events"] = "labyrinth events"
	long["events-stack"] = "labyrinth events -S (stacks)"
	long["events-json"] = "labyrinth events -j (stacks, zones)"
	long["bpftrace"] = "bpftrace, printf"
	long["bpftrace-stack"] = "bpftrace, printf with kstack"
	long["perf-trace"] = "perf trace, filter"
	long["ftrace"] = "ftrace, filter, trace_pipe"
	MOST = 62000
}

$1 == "version" { versions = versions (versions ? ", " : "") $2 " " $3 }
$1 == "none" { name = $2; sub(/^none [^ ]+ /, ""); missing[++absent] = (name in long ? long[name] : name) ": " $0 }

# The last of them counts: the first warms up.
$1 == "storm" && $2 == "none" { none_calm = field("calm"); none_puff = field("puff"); none_storm = field("storm") }

$1 == "storm" && $2 != "none" {
	own = $0
	sub(/^[^|]*\| */, "", own)
	rows[++n] = sprintf("| %s | %s |", $2 in long ? long[$2] : $2, row())
	if (field("got"))
		served = served " " $2
}

END {
	print versions ".\n"
	printf "The kernel alone: %.0f instructions a failure, %.0f in the storm.\n\n", none_calm, none_storm
	print "| thousand instructions | one shown, of 900 a second: where it is made + in the tool | one shown in the storm | failures of the storm | shown | one not shown | all, by failure | the tool's own count |"
	print "|---|---|---|---|---|---|---|---|"
	for (i = 1; i <= n; i++)
		print rows[i]
	for (i = 1; i <= absent; i++)
		printf "\nDid not run: %s\n", missing[i]
	if (served)
		printf "\nNot only failures, so their figures say nothing:%s\n", served
	if ("events" in goal || "events-json" in goal)
		print "\n| goal: a failure shown in a storm, thousand instructions | at most | measured | |\n|---|---|---|---|"
	for (i = split("events events-json", name_of, " "); i >= 1; i--)
		if (name_of[i] in goal)
			printf "| %s | %.0f | %.1f | %s |\n", long[name_of[i]], MOST / 1000, goal[name_of[i]] / 1000, \
				goal[name_of[i]] <= MOST ? "met" : "**not met**"
}
