# judge.awk - labyrinth's figures of a segment against the maze's and ftrace's counts.
#
#	awk -v class=CLASS -v flush=CLASS -v flushed=N -v rt=0|1 -v preempt=0|1 -v silent=N \
#		-v watched="CLASS..." -v preemptible=0|1 -v cpus=N [-v limit=N] \
#		-f judge.awk LAB MAZE H1 H2 H3
#
# Prints a line of numbers ("# ...") and a line for each thing that is wrong.
function wrong(text) { errors[++nr_errors] = text }
function at(key) { return lab[key] + 0 }
function row(ctx, key) { return at("rows." class "." ctx "." key) }

FNR == 1 { file++ }
file == 1 { lab[$1] = $2 + 0 }
file == 2 && !/^#/ && $3 {
	ctx = $1
	sub(/^task_.*/, "task", ctx)
	order = $2 > 11 ? 11 : $2
	asked[ctx, order] += $3
	failed[ctx, order] += $5
	by_context[$1] += $3
	total_asked += $3
	total_failed += $5
}
file >= 3 && file <= 5 { traced[file - 2, $1] = $2 + 0 }

# One row's outcomes add up, and so do its orders.
function check_row(class, ctx,    key, requests, sum, orders, o) {
	key = "rows." class "." ctx "."
	requests = at(key "requests")
	sum = at(key "served_low") + at(key "served_min") + at(key "served_reserve") + \
		at(key "served_none") + at(key "served_unknown") + at(key "failed_final") + \
		at(key "failed_opportunistic") + at(key "no_outcome")
	for (o = 0; o < 12; o++)
		orders += at("rows." class "." ctx ".orders." o ".requests")
	if (sum != requests)
		wrong(class " " ctx ": outcomes " sum " of " requests " requests")
	if (orders != requests)
		wrong(class " " ctx ": orders " orders " of " requests " requests")
	rows += requests
	latencies += at(key "latency_count")
	no_outcome += at(key "no_outcome")
}

# ftrace saw no fewer and no more; silent failures have no tracepoint.
function check_traced(class,    inner, outer, mine, c) {
	for (c = 1; c <= nr_contexts; c++)
		mine += at("rows." class "." context[c] ".requests") - \
			at("rows." class "." context[c] ".failed_silent")
	inner = traced[2, class] - traced[1, class]
	outer = traced[3, class]
	if (mine > outer || mine + missed < inner)
		wrong(class ": " mine " requests, " missed " missed; ftrace has " inner \
		      (inner == outer ? "" : " to " outer))
	others_in += inner
	others_out += outer
}

function check_cell(ctx, order,    d, e) {
	d = at("rows." class "." ctx ".orders." order ".requests") - asked[ctx, order]
	if (d > 0)
		more += d
	else
		less -= d
	if (d)
		cells = cells sprintf(" %s/%d%+d", ctx, order, d)
	# no interrupt lands in the middle of a request of a task; where it is preempted there, another does
	if (d < 0 && ctx == "task" && !preemptible)
		wrong("task order " order ": " (-d) " of " asked[ctx, order] " not seen")
	e = at("rows." class "." ctx ".orders." order ".failed_final") + \
		at("rows." class "." ctx ".orders." order ".failed_opportunistic")
	if (e != failed[ctx, order] && !(e < failed[ctx, order] && failed[ctx, order] - e <= missed))
		wrong(ctx " order " order ": failed " e ", maze " failed[ctx, order])
}

# The flags of task context, exact but for what others asked for.
function check_flag(flag, sent,    mine) {
	mine = row("task", flag)
	if (mine < sent || mine > sent + others)
		wrong(flag " " mine ", maze " sent)
}

END {
	nr_contexts = split("task softirq hardirq nmi unknown", context)
	nr_watched = split(watched, list)
	missed = at("audit.missed")
	# Two cpus that meet in its table make the histogram drop some, of any class: its upper bounds
	# are higher by as many, its lower ones stay.
	lost = traced[3, "lost"]
	for (i = 1; i <= nr_watched; i++)
		traced[3, list[i]] += lost
	others = traced[3, class] - (total_asked - silent)
	if (class == flush)
		others -= flushed
	if (others < 0)
		wrong("ftrace has " (-others) " fewer than the maze")

	for (c = 1; c <= nr_contexts; c++)
		for (i = 1; i <= nr_watched; i++)
			check_row(list[i], context[c])
	for (i = 1; i <= nr_watched; i++)
		check_traced(list[i])
	for (c = 1; c <= 3; c++)
		for (o = 0; o < 12; o++)
			check_cell(context[c], o)
	# What was missed is known from counters of the kernel, which do not say of which class it was.
	# Where a task can be preempted within a program, those of tasks that may sleep are among them,
	# and the figure is an upper bound; elsewhere only interrupts miss, and it is exact.
	for (c = 2; c <= 3; c++)
		for (i = 1; i <= nr_watched; i++)
			if (list[i] != class)
				strangers += at("rows." list[i] "." context[c] ".requests")
	if (!preemptible && missed > less + strangers)
		wrong("missed " missed ", the maze lacks " less)
	if (more > others)
		wrong(more " more than the maze, others asked for " others)
	if (less > missed)
		wrong(less " fewer than the maze, missed " missed)
	# to the request: seen + missed is what all asked for, or no less where missed is an upper bound
	seen = at("audit.seen")
	if (seen + missed < others_in + silent || seen > others_out + silent || \
	    (!preemptible && seen + missed > others_out + silent))
		wrong("seen " seen " + missed " missed ", asked " others_in + silent \
		      (others_in == others_out ? "" : " to " others_out + silent))
	parts = at("audit.closed") + at("audit.alone") + at("audit.left") + at("audit.silent")
	# A reading may catch a request half counted where its program was preempted, or still runs on
	# another processor: one on each, at most. The last reading of a run must be whole (judge_end).
	torn = preemptible || cpus > 1 ? cpus : 0
	if (parts > seen + torn || parts < seen - torn)
		wrong("closed+alone+left+silent " parts ", seen " seen)
	if (rows != seen)
		wrong("rows " rows ", seen " seen)
	if (latencies != at("audit.closed"))
		wrong("latencies " latencies ", closed " at("audit.closed"))
	if (at("audit.silent") != silent)
		wrong("silent failures " at("audit.silent") ", maze " silent)
	check_flag("bh_off", by_context["task_bh_off"])
	# outside of RT a lock that keeps bottom halves off keeps off preemption, too
	if (preempt)
		check_flag("preempt_off", by_context["task_preempt_off"] + \
			   (rt ? 0 : by_context["task_bh_off"]))
	if (limit && less + no_outcome && (less + no_outcome) * limit >= total_asked)
		wrong("without outcome " less + no_outcome " of " total_asked ", allowed one in " limit)
	if (lost && (cpus < 2 || lost * 100 > total_asked))
		wrong("ftrace lost " lost)

	printf "# asked %d failed %d | seen %d closed %d alone %d left %d silent %d missed %d" \
		" (skipped starts %d, ends %d) no_outcome %d | ftrace %d to %d", total_asked, total_failed, seen, \
		at("audit.closed"), at("audit.alone"), at("audit.left"), at("audit.silent"), missed, \
		at("audit.entry_misses"), at("audit.done_misses"), no_outcome, others_in, others_out
	if (lost)
		printf " | ftrace lost %d", lost
	if (cells)
		printf " | off by:%s", cells
	printf "\n"
	if (!total_asked)
		wrong("the maze asked for nothing")
	for (i = 1; i <= nr_errors && i <= 4; i++)
		print errors[i]
}
