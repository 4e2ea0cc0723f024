# shellcheck shell=sh disable=SC2154 # sourced after lib.sh and events_lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# nodes.sh - what "labyrinth events" tells where there is memory that a request may not have: that
# of another node, and that of CMA where the kernel has it.

# What a node is left with: a quarter of min, and CMA, which fill cannot have.
rest_of() # NODE
{
	echo $(($(zone DMA32 nr_free_cma "$1") + $(zone DMA32 min "$1") / 4))
}

fill_node() # NODE
{
	maze fill node="$1" free="$(rest_of "$1")"
}

# Node 1 has too little, and all others of the machine live from the other.
bound_by_flag()
{
	fill_node 1
	maze run ctx="$ALL" count=15 node=1 gfp=atomic+thisnode
}

# By a mempolicy of the task, which an atomic request need not keep to.
bound_by_policy() # GFP
{
	fill_node 1
	inside node 1 "$MAZE"/control "here count=30 gfp=$1"
}

# Both have too little, and so has DMA, whose part of the size would be one of CMA as well. No
# program is started in between, whose pages would be free again.
cma_pages()
{
	_rest=$(rest_of "$CMA_NODE")
	maze fill zone=DMA free=$(($(zone DMA min) / 4))
	fill_node $((1 - CMA_NODE))
	maze run ctx="$ALL" count=15 node="$CMA_NODE" free="$_rest"
}

# Blocks of that order are in CMA only.
cma_blocks()
{
	maze fragment orders=2
	maze run orders=4 count=30 gfp=nolock
}

provoke_all()
{
	provoke thisnode bound_by_flag
	provoke bound bound_by_policy nowait
	provoke bound-atomic bound_by_policy atomic
	if [ "$CMA" -gt 0 ]; then
		provoke cma cma_pages
		provoke cma-blocks cma_blocks
	fi
}

judge_all()
{
	told thisnode constrained -v evidence='closed to it by __GFP_THISNODE, has'
	told bound constrained -v evidence='closed to it by its nodemask'
	served bound-atomic
	if [ "$CMA" -gt 0 ]; then
		told cma reserved -v evidence=' CMA, needs more than'
		told cma-blocks reserved -v evidence='order 4 or more only in CMA, closed to it'
	else
		skip cma "no CONFIG_CMA"
	fi
	judge_whole
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
# shellcheck source=tests/guest/events_lib.sh
. /job/events_lib.sh
events_begin
CMA=$(awk '$1 == "CmaTotal:" { n = $2 } END { print n + 0 }' /proc/meminfo)
CMA_NODE=$(($(zone DMA32 nr_free_cma 1) > 0))
note "CMA: $CMA kB, on node $CMA_NODE; min $(zone DMA32 min 0) and $(zone DMA32 min 1)"
stamp start
events_start --below min || exit 1
stamp provoke
provoke_all
stamp stop
events_stop
stamp judge
judge_all
stamp end
