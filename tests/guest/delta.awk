# delta.awk - awk -f delta.awk SEGMENTS FLAT: a file FILE for each line "FILE FROM TO" of SEGMENTS,
# with lines of "key value". Counters at line TO less those at line FROM; "now." what is a state, at
# TO; "max." the largest of the intervals in between. Keys with no difference are left out.
FNR == NR {
	n++
	file[n] = $1
	from[n] = $2
	to[n] = $3
	use[$2] = use[$3] = 1
	next
}
$2 ~ /latency_max_ns$/ {
	if ($2 !~ /^interval/ || !$3)
		next
	key = $2
	sub(/^interval.rows/, "max", key)
	sub(/.latency_max_ns/, "", key)
	for (i = 1; i <= n; i++) {
		if ($1 <= from[i] || $1 > to[i])
			continue
		# asking for an element makes it: "in" comes first
		if (!((i, key) in max))
			maxima[i] = maxima[i] " " key
		if ($3 + 0 > max[i, key] + 0)
			max[i, key] = $3 + 0
	}
	next
}
!($1 in use) { next }
$2 ~ /^total\./ {
	key = substr($2, 7)
	value[$1, key] = $3
	keys[key] = 1
}
$2 ~ /^(zones\.|exclusive_held)/ { state[$2] = 1; value[$1, $2] = $3 }
END {
	for (i = 1; i <= n; i++) {
		out = file[i]
		printf "" >out
		for (key in keys) {
			d = value[to[i], key] - value[from[i], key]
			if (d)
				printf "%s %.0f\n", key, d >out
		}
		for (key in state)
			print "now." key, value[to[i], key] >out
		nr = split(maxima[i], list, " ")
		for (j = 1; j <= nr; j++)
			printf "%s %.0f\n", list[j], max[i, list[j]] >out
		close(out)
	}
}
