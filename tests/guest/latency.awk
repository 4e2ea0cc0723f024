# latency.awk - latencies of a class in task context against times taken around the same calls.
#
#	awk -v class=C -v n=N -v sum=NS -v max=NS -f latency.awk LAB
#
# Prints "count sum max p50 p99 low high": the histogram's own count and bounds of its sum.
{ lab[$1] = $2 + 0 }
$1 ~ "^rows\\." class "\\.task\\.latency_ns\\." {
	split($1, part, ".")
	upper[++nr] = part[5] + 0
	count[part[5] + 0] = $2 + 0
	total += $2
}
END {
	for (i = 2; i <= nr; i++)
		for (j = i; j > 1 && upper[j] < upper[j - 1]; j--) {
			t = upper[j]; upper[j] = upper[j - 1]; upper[j - 1] = t
		}
	for (i = 1; i <= nr; i++) {
		# a bucket is a sixteenth of its power of two wide
		for (width = 1; width * 32 <= upper[i]; width *= 2)
			;
		low += count[upper[i]] * (upper[i] - width + 1)
		high += count[upper[i]] * upper[i]
		seen += count[upper[i]]
		if (!p50 && seen * 2 >= total) p50 = upper[i]
		if (!p99 && seen * 100 >= total * 99) p99 = upper[i]
	}
	key = "rows." class ".task."
	printf "count=%d sum=%.0f max=%.0f p50=%.0f p99=%.0f low=%.0f high=%.0f buckets=%d lowest=%.0f\n", \
		lab[key "latency_count"], lab[key "latency_sum_ns"], lab["max." class ".task"], \
		p50, p99, low, high, total, upper[1]
}
