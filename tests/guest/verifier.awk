# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# verifier.awk - says what grew: programs of the second file that need more than the first,
# verifier.txt, has for this kernel and its tolerance allows; and what is in it and was not
# loaded. A program that is not in it is new, and has to be recorded; so has a kernel.

FNR == NR {
	if ($1 == "tolerance") {
		part = $2 / 100
		least = $3
	} else if ($1 == kernel) {
		instructions[$2] = $3
		states[$2] = $4
	}
	next
}

# What is small may grow by a few whatever part of it that is.
function grew(what, now, was, by,   allowed) {
	allowed = was * part > by ? was * part : by
	if (now > was + allowed)
		printf "%s: %d %s, recorded %d\n", $1, now, what, was
}

{
	seen++
	loaded[$1] = 1
	if (!($1 in instructions)) {
		printf "%s: not recorded for %s\n", $1, kernel
		next
	}
	grew("instructions", $2, instructions[$1], least)
	grew("states", $3, states[$1], least / 10)
}

END {
	if (!seen)
		print "no program was loaded"
	for (program in instructions)
		if (seen && !(program in loaded))
			printf "%s: recorded for %s, and not loaded\n", program, kernel
}
