# told.awk - the events of one part against the maze's counts: see told() in events_lib.sh.
#
#	awk -F '\t' -v name=PART -v verdict=VERDICT -v all=0|1 [-v aftermath=WHAT] [-v evidence=REGEX]
#		[-v or=VERDICT] -f told.awk MAZE TOLD
#
# or: what was made for the part may come undone while it runs, and then a failure may be told as this
# one, by what came free since: "within 5 pages of it, 12 us younger".
# Prints a line of numbers ("# ...") and a line for each thing that is wrong.
function wrong(text) { print text }

FNR == 1 { file++ }
file == 1 {
	if ($0 ~ /^#/)
		next
	split($0, c, " ")
	asked += c[3]
	failed += c[5]
	maze[c[1] "/" c[2]] += c[5]
	next
}
$1 != "event" || $2 != name || $5 != "maze" { next }
$3 != "failed" { served++; next }
{
	told++
	mine[$7 "/" $8]++
	if ($4 == verdict)
		right++
	else if ($4 != or || $13 !~ /within .* pages of it/)
		others[$4]++
	if ($6 != "maze_request")
		sites[$6]++
	if (aftermath && $12 != aftermath)
		ends[$12]++
	if (evidence && $13 !~ evidence)
		odd = odd ? odd : $13
	last = $13
}
END {
	for (k in maze) {
		cells = cells " " k " " maze[k]
		if (mine[k] + 0 != maze[k])
			wrong(k ": told " mine[k] + 0 ", the maze failed to get " maze[k])
	}
	for (k in mine)
		if (!(k in maze))
			wrong(k ": told " mine[k] ", the maze did not ask there")
	for (k in others)
		wrong(others[k] " of " told " " k ", not " verdict)
	for (k in sites)
		wrong(sites[k] " of " told " by " k)
	for (k in ends)
		wrong(ends[k] " of " told " " k ", not " aftermath)
	if (told && !right)
		wrong("none of " told " " verdict)
	if (odd)
		wrong("evidence \"" odd "\"")
	if (!failed || (all && failed != asked))
		wrong("the maze failed to get " failed + 0 " of " asked + 0)
	printf "# asked %d, failed %d, told %d;%s; %s\n", asked, failed, told, cells, last
}
