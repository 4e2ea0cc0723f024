# classes.awk - what ftrace counted, as lines of "class number", and "lost number".
function bit(x, b) { return int(x / b) % 2 }

# A histogram: { common_flags: 0, order: 0, gfp_flags: 2080 } hitcount: 12
/^\{/ {
	match($0, /gfp_flags: +[0-9]+/)
	split(substr($0, RSTART, RLENGTH), part, / +/)
	gfp = part[2]
	high = bit(gfp, 32)
	if (bit(gfp, 1024))
		class = high ? "high" : "blocking"
	else if (high)
		class = "atomic"
	else
		class = bit(gfp, 2048) ? "nowait" : "nolock"
	n[class] += $NF
}
/^ +Dropped:/ { lost += $NF }

# A ring's stats: class entries: 12
$2 == "entries:" || $2 == "overrun:" { n[$1] += $3 }
$2 == "commit" || $2 == "dropped" { lost += $NF }

END {
	split("atomic nowait nolock high blocking", classes)
	for (i = 1; i in classes; i++)
		printf "%s %d\n", classes[i], n[classes[i]]
	printf "lost %d\n", lost
}
