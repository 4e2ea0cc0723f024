# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# peers.sh - the tools of the image that tests/bench/peers made, in a guest. Sourced after lib.sh.

PEERS=/peers

peers_mount()
{
	mkdir -p $PEERS
	mount -t ext2 -o ro /dev/vda $PEERS || mount -t ext4 -o ro /dev/vda $PEERS || return 1
	for _dir in proc sys dev tmp; do
		mount --rbind /$_dir $PEERS/$_dir
	done
	sed 's/^/# version /' $PEERS/versions >&3
}

# Run in the background it is the tool itself whose id is known: no shell stays between.
peer()
{
	HOME=/tmp exec chroot $PEERS "$@"
}

bt() { peer /usr/bin/bpftrace -B line -e "$1"; }

# shellcheck disable=SC2034 # its users are in guest.sh and storm.sh
READY_PROBE='interval:ms:500 /!@ready/ { @ready = 1; printf("Watching\n"); }'

# For those that do not say, or not at once, that they have attached.
attached()
{
	# shellcheck disable=SC2010 # where the links go
	ls -l "/proc/$TOOL/fd" | grep -qE "bpf.link|perf_event"
}
