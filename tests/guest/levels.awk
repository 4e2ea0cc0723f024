# levels.awk - a step of the ladder: labyrinth's row of task context against what user space saw.
#
#	awk -v step=A..E -v sent=N -v eagain=N -v warm=N -v objs=N -f levels.awk LAB C1 C2 C3
#
# A page of records holds "objs" signals, and a page or two were begun before. The warm-up and step A
# are served above low.
function wrong(text) { printf "%s; ", text }
function at(key) { return lab["rows.atomic.task." key] + 0 }
FNR == 1 { file++ }
file == 1 { lab[$1] = $2 + 0; if ($1 ~ /^failures.*zone_/) failure[$1] = $2 + 0; next }
{ traced[file - 1, $1] = $2 + 0 }
END {
	served["A"] = "served_low"
	served["B"] = "served_min"
	served["C"] = served["D"] = "served_reserve"
	n = split("served_low served_min served_reserve served_none served_unknown no_outcome", all)
	least = int(sent / objs) - 3
	for (i = 1; i <= n; i++) {
		key = all[i]
		# the warm-up runs above low, and what the slab allocator had left may serve some
		if (key == "served_low" && step != "A") {
			if (at(key) > warm / objs * 2 + 100)
				wrong(key " " at(key) ", the warm-up accounts for " int(warm / objs))
		} else if (key == served[step]) {
			if (at(key) < least)
				wrong(key " " at(key) ", " sent " signals take at least " least)
		} else if (at(key)) {
			wrong(key " " at(key) " at step " step)
		}
	}
	if (at("failed_final") != eagain)
		wrong("failed_final " at("failed_final") ", user space saw " eagain)
	if (step == "E" && !(eagain > 0))
		wrong("nothing was refused")
	# a first try that may not touch the reserve fails before the one that decides
	opportunistic = at("failed_opportunistic")
	if (step ~ /[ABC]/ && opportunistic && !slub_tries)
		wrong("failed_opportunistic " opportunistic)
	if (step == "E" && opportunistic < eagain)
		wrong("failed_opportunistic " opportunistic ", less than " eagain)
	for (key in failure) {
		sum += failure[key]
		if (step == "E" && key !~ /zone_none$/)
			wrong(key " " failure[key] " at step E")
	}
	if (sum != at("failed_final") + opportunistic)
		wrong("failure histogram " sum ", rows " at("failed_final") + opportunistic)
	inner = traced[2, "atomic"] - traced[1, "atomic"]
	outer = traced[3, "atomic"]
	if (at("requests") < inner || at("requests") > outer)
		wrong("requests " at("requests") ", ftrace " inner " to " outer)
	printf "\n# sent %d eagain %d | low %d min %d reserve %d none %d failed_final %d" \
		" opportunistic %d | ftrace %d to %d\n", sent, eagain, at("served_low"), \
		at("served_min"), at("served_reserve"), at("served_none"), at("failed_final"), \
		opportunistic, inner, outer
}
