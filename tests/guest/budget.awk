# budget.awk - labyrinth's figures of a storm under a budget against the maze's and ftrace's counts.
#
#	awk -v flushed=N -v cpus=N -f budget.awk LAB MAZE H1 H2 H3
#
# What was passed over is one number for all classes, so only the sums of all can be held against
# the others' counts. Prints a line of numbers ("# ...") and a line for each thing that is wrong.
function wrong(text) { print text }
function at(key) { return lab[key] + 0 }

FNR == 1 { file++ }
file == 1 { lab[$1] = $2 + 0 }
file == 2 && !/^#/ && $3 {
	asked += $3
	failed += $5
}
file >= 3 { traced[file - 2, $1] = $2 + 0 }

END {
	nr = split("atomic nowait nolock", class)
	split("task softirq hardirq nmi unknown", context)
	for (i = 1; i <= nr; i++) {
		inner += traced[2, class[i]] - traced[1, class[i]]
		outer += traced[3, class[i]]
		for (c = 1; c in context; c++) {
			row = "rows." class[i] "." context[c] "."
			rows += at(row "requests")
			fails[class[i]] += at(row "failed_final") + at(row "failed_opportunistic")
			latencies += at(row "latency_count")
			no_outcome += at(row "no_outcome")
		}
	}
	# what two cpus that meet in its table make the histogram drop
	outer += traced[3, "lost"]
	others = traced[3, "atomic"] + traced[3, "lost"] - asked
	seen = at("audit.seen")
	skipped = at("audit.skipped")
	missed = at("audit.missed")
	parts = at("audit.closed") + at("audit.alone") + at("audit.left") + at("audit.silent")
	printf "# asked %d failed %d | seen %d passed over %d missed %d failed %d | closed %d alone %d" \
		" left %d silent %d | ftrace %d to %d, lost %d\n", asked, failed, seen, skipped, missed,
		fails["atomic"], at("audit.closed"), at("audit.alone"), at("audit.left"),
		at("audit.silent"), inner, outer, traced[3, "lost"]

	if (!asked || !failed || failed == asked)
		wrong("the maze failed " failed + 0 " of " asked + 0)
	if (!skipped)
		wrong("nothing was passed over")
	if (seen + skipped > outer || seen + skipped + missed < inner)
		wrong("seen " seen " + passed over " skipped ", missed " missed "; ftrace has " inner \
		      " to " outer)
	if (seen + skipped + missed < asked)
		wrong("seen " seen " + passed over " skipped " + missed " missed ", the maze asked " asked)
	# one whose end was skipped may have been among them
	if (fails["atomic"] + missed + no_outcome < failed || fails["atomic"] > failed + others)
		wrong("failed " fails["atomic"] ", missed " missed ", no outcome " no_outcome ", the maze " failed \
		      ", others asked " others)
	if (at("audit.silent"))
		wrong("silent failures " at("audit.silent") ", and there are none")
	if (parts > seen + cpus || parts < seen - cpus)
		wrong("closed+alone+left+silent " parts ", seen " seen)
	if (rows != seen)
		wrong("rows " rows ", seen " seen)
	if (latencies != at("audit.closed"))
		wrong("latencies " latencies ", closed " at("audit.closed"))
	if (traced[3, "lost"] * 100 > asked)
		wrong("ftrace lost " traced[3, "lost"])
}
