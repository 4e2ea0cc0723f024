# reported.awk - awk -f reported.awk REPORTS EVENTS: what "labyrinth explain" makes of the reports in
# dmesg, against what "labyrinth events" told of the same requests, in order; both as flat prints them
# ("LINE KEY VALUE"). Prints "# " lines to be read, and a line for each thing that is not the same.
#
# The numbers in dmesg are read when the report is printed, a moment later: the pages that are free may
# have moved by a batch or two of a per-cpu list; what the request needed may not.
BEGIN {
	wanted = "order site driver verdict nearest.zone nearest.need nearest.usable nearest.margin"
	BATCHES = 128
}
{
	key = $2
	sub(/_pages$/, "", key)
	value = $0
	sub(/^[^ ]* [^ ]* /, "", value)
}
FNR == NR && key == "type" { if (value == "report") n[1] = ++reports; here = value }
FNR == NR && here == "report" { is[1, reports, key] = value }
FNR != NR && $1 != line { line = $1; n[2] = ++events }
FNR != NR { is[2, events, key] = value }

function off(a, b) { return a > b ? a - b : b - a }

END {
	if (!n[1] || n[1] != n[2]) {
		printf "%d reports in dmesg, %d events that it shows\n", n[1], n[2]
		exit
	}
	count = split(wanted, name, " ")
	for (i = 1; i <= n[1]; i++) {
		text = ""
		for (k = 1; k <= count; k++) {
			a = is[1, i, name[k]]
			b = is[2, i, name[k]]
			text = text " " name[k] " " a
			if (a == b || (name[k] ~ /usable|margin/ && off(a, b) <= BATCHES))
				continue
			# what the age of its numbers explains is no verdict
			if (name[k] == "verdict" && a == "within" && is[2, i, "basis"] == "within")
				continue
			print "report " i ": " name[k] " is " a ", the event has " b
		}
		print "#" text
	}
}
