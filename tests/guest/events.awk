# events.awk - the flat lines of a stream of events as one line an event.
#
#	awk -F '\t' -f events.awk MARKS FLAT
#
# Columns, apart by tabs: event, the name of the part (MARKS has them in order), kind, verdict,
# driver, site, context as the maze calls it, order, class, level, latency_ns, aftermath, evidence,
# pages that a bulk request asked for and got.
# For each zone of a failure of the maze a line: zone, the part, node/name, free, min, low, managed. And those of
# the summary: summary, key, value.
function clear(    k) { for (k in v) delete v[k]; zones = 0 }

function context() {
	if (v["context"] != "task")
		return v["context"]
	return v["bh_off"] == 1 ? "task_bh_off" : v["preempt_off"] == 1 ? "task_preempt_off" : "task"
}

function flush(    i) {
	if (v["type"] == "event_summary")
		for (i in v)
			printf "summary\t%s\t%s\n", i, v[i]
	if (v["type"] != "event")
		return
	if (v["verdict"] == "oversize" && v["class"] == "nolock") {
		part++
		return
	}
	printf "event\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t", name[part], v["kind"], v["verdict"], \
		v["driver"], v["site"], context(), v["order"], v["class"], v["level"]
	printf "%s\t%s\t%s\t%s\t%s\n", v["latency_ns"], v["aftermath"], v["evidence"], \
		v["bulk_asked_pages"], v["bulk_got_pages"]
	# a slow one of anybody, later, tells of other times
	if (v["kind"] != "failed" || v["driver"] != "maze")
		return
	for (i = 1; i <= zones; i++)
		printf "zone\t%s\t%s/%s\t%s\t%s\t%s\t%s\n", name[part], zone[i, "node"], zone[i, "name"], \
			zone[i, "free_pages"], zone[i, "min_pages"], zone[i, "low_pages"], \
			zone[i, "managed_pages"]
}

BEGIN { part = 1 }
FNR == NR { name[FNR] = $0; next }
$1 != line { flush(); clear(); line = $1 }
$2 ~ /^zones\./ {
	n = split($2, at, ".")
	if (at[n] == "name")
		zones++
	zone[zones, at[n]] = $3
	next
}
{ v[$2] = $3 }
END { flush() }
