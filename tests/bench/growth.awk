# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# growth.awk - the rows of growth.sh, each with its guest's processors before it, as Markdown.

function field(name,   i, p) {
	for (i = 1; i <= NF; i++) {
		split($i, p, "=")
		if (p[1] == name)
			return p[2]
	}
	return "-"
}

function seen(cpus) {
	if (!(cpus in known)) {
		known[cpus] = 1
		list[++n] = cpus
	}
}

# What a variant adds to the kernel alone, as it was measured just before.
$2 == "row" && $3 == "base" {
	seen($1)
	base[$1, 1] = $4
	base[$1, 2] = $5
}

$2 == "row" && $3 != "base" {
	add[$1, $3, 1] = $4 - base[$1, 1]
	add[$1, $3, 2] = $5 - base[$1, 2]
}

$2 == "report" {
	seen($1)
	if ($3 == "idle") {
		cpu[$1] = field("cpu_ns")
		peak[$1] = field("peak_kib")
		bytes[$1] = field("bytes")
	} else {
		rate[++rates] = substr($3, 4)
		rate_cpu[rates] = field("cpu_ns")
	}
}

$2 == "events" { event[++events] = field("a_second") " | " field("asked") " | " field("told") " | " field("throttled") " | " field("dropped") " | " field("missed") }

$2 == "sites" {
	site[++sites] = sprintf("%d | %.2f | %d | %.1f", field("rows"), field("cpu_ns") / 1e6, field("bytes"), \
		field("peak_kib") / 1024)
}

function cell(cpus, name, k) {
	return (cpus, name, k) in add ? sprintf("%.0f", add[cpus, name, k]) : "-"
}

END {
	print "| processors | blocking: two empty programs | stat | atomic: two empty programs | stat | a report, million instructions | its bytes | peak resident MiB |"
	print "|---|---|---|---|---|---|---|---|"
	for (i = 1; i <= n; i++)
		printf "| %s | %s | %s | %s | %s | %.2f | %d | %.1f |\n", list[i], cell(list[i], "two-empty", 1),
			cell(list[i], "stat", 1), cell(list[i], "two-empty", 2), cell(list[i], "stat", 2),
			cpu[list[i]] / 1e6, bytes[list[i]], peak[list[i]] / 1024
	if (rates) {
		print "\n| requests a second | a report, million instructions |\n|---|---|"
		printf "| none | %.2f |\n", cpu[list[1]] / 1e6
	}
	for (i = 1; i <= rates; i++)
		printf "| %d | %.2f |\n", rate[i], rate_cpu[i] / 1e6
	if (sites)
		print "\n| rows by stack, mask, order and context | a report of why, million instructions | its bytes | peak resident MiB |\n|---|---|---|---|"
	for (i = 1; i <= sites; i++)
		print "| " site[i] " |"
	if (events)
		print "\n| refused requests a second | made | told by events | held back | lost | missed |\n|---|---|---|---|---|---|"
	for (i = 1; i <= events; i++)
		print "| " event[i] " |"
}
