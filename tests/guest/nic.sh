# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# nic.sh - a real driver under memory pressure: one emulated e1000 sends to another, out of a network
# namespace of its own. While the marks stand above the free memory the receiver cannot refill its
# ring; each time it counts that itself (alloc_rx_buff_failed), and labyrinth must have named it.
#
# The sender is pktgen, which sends one packet over and over and so asks for no memory itself.

PKTGEN=/proc/net/pktgen
RECEIVED=/sys/class/net/eth0/statistics/rx_packets

in_sender()
{
	nsenter -t "$SENDER" -n "$@"
}

# nic_field NAME: of the receiver's own counts.
nic_field()
{
	sed -n "s/^$1 //p" "$W"/nic
}

links_up()
{
	ip link set eth0 up
	unshare -n sleep 600 &
	SENDER=$!
	wait_for 10 in_sender ip link set lo up
	ip link set eth1 netns $SENDER && in_sender ip link set eth1 up
	wait_for 30 carries # pktgen ends at once on a link that is down
}

carries()
{
	in_sender ip link show eth1 | grep -q LOWER_UP
}

# pktgen_start NS: a packet every so many nanoseconds, until it is told to stop.
pktgen_start()
{
	received=$(($(cat $RECEIVED) + 50))
	cat >"$W"/pktgen.sh <<-EOF
		[ -e $PKTGEN/eth1 ] || echo "add_device eth1" >$PKTGEN/kpktgend_0
		for word in "count 0" "clone_skb 1000000" "pkt_size 1400" "delay $1" \
			"dst 10.0.0.2" "dst_mac $(cat /sys/class/net/eth0/address)"; do
			echo "\$word" >$PKTGEN/eth1 || exit 1
		done
		echo start >$PKTGEN/pgctrl
	EOF
	in_sender sh "$W"/pktgen.sh &
	wait_for 30 receives
}

receives()
{
	[ "$(cat $RECEIVED)" -gt "$received" ]
}

pktgen_stop()
{
	in_sender sh -c "echo stop >$PKTGEN/pgctrl"
}

# Two seconds of step E of the ladder. labyrinth stands still: what it wrote meanwhile would need
# memory that cannot be had. So would a file here.
starve()
{
	lab_pause
	ladder --steps E:20 --hold 2000 >/dev/null
	kill -CONT "$LAB"
	sleep 1
}

# watch VIEW OPTIONS...: starves the receiver under labyrinth VIEW -j; its stream is $W/VIEW.json.
watch()
{
	_out=$W/$1.json
	: >"$W"/err
	labyrinth "$@" -j >"$_out" 2>"$W"/err &
	LAB=$!
	wait_for "$START_TIMEOUT" watching || fail "$1-start" "not watching within $START_TIMEOUT s: $(tail -n 1 "$W"/err)"
	nicstat eth0 >"$W"/nic
	REFUSED=$(nic_field alloc_rx_buff_failed)
	starve
	nicstat eth0 >"$W"/nic
	REFUSED=$(($(nic_field alloc_rx_buff_failed) - REFUSED))
	kill -TERM $LAB
	wait $LAB
	STATUS=$?
}

# How many events of the driver have all of these texts.
nic_events()
{
	grep '"driver":"e1000"' "$W"/events.json >"$W"/nic.events
	for _text in "$@"; do
		grep -e "$_text" "$W"/nic.events >"$W"/nic.rest
		mv "$W"/nic.rest "$W"/nic.events
	done
	wc -l <"$W"/nic.events
}

# why_field FILE NAME: the first number of that name in the last line.
why_field()
{
	tail -n 1 "$1" | grep -o "\"$2\":[0-9]*" | head -n 1 | sed 's/.*://'
}

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
guest_begin || exit 1
# Slow enough for each failure to be an event.
if ! links_up || ! pktgen_start 4000000; then
	fail nic "no traffic: $(dmesg | tail -n 1)"
	exit 1
fi
watch events
lost=$(nic_events '"aftermath":"lost"')
throttled=$(sed -n 's/.*"type":"event_summary".*"throttled":\([0-9]*\).*/\1/p' "$W"/events.json)
note "nic: e1000 went without a buffer $REFUSED times; labyrinth: failed $(nic_events), lost $lost, softirq $(nic_events '"context":"softirq"'), exhausted $(nic_events '"verdict":"exhausted"'); of all drivers $(grep -c '"kind":"failed"' "$W"/events.json)"
# Each time it tried for 8 pages and then for one. What the throttle held back is of both.
verdict nic-failed "failed $(nic_events) and $throttled held back, alloc_rx_buff_failed $REFUSED" \
	[ $STATUS = 0 -a "$REFUSED" -gt 0 -a $(($(nic_events) + throttled)) = $((2 * REFUSED)) ]
# A caller of whose two tries one was held back is lost by the other; of two held back nothing is told.
verdict nic-lost "lost $lost, $throttled held back, alloc_rx_buff_failed $REFUSED" \
	[ "$lost" -gt 0 -a "$lost" -le "$REFUSED" -a "$lost" -ge $((REFUSED - throttled / 2)) ]
verdict nic-site "failed $(nic_events), in e1000_alloc_rx_buffers $(nic_events '"site":"e1000_alloc_rx_buffers"')" \
	[ "$(nic_events)" = "$(nic_events '"site":"e1000_alloc_rx_buffers"')" ]
verdict nic-softirq "failed $(nic_events), softirq $(nic_events '"context":"softirq"')" \
	[ "$(nic_events)" = "$(nic_events '"context":"softirq"')" ]
verdict nic-exhausted "failed $(nic_events), exhausted $(nic_events '"verdict":"exhausted"')" \
	[ "$(nic_events)" = "$(nic_events '"verdict":"exhausted"')" ]
# Of all drivers; the others' are told one by one as well, but for what was held back.
others=$(grep '"aftermath":"lost"' "$W"/events.json | grep -cv '"driver":"e1000"')
verdict nic-sum "the summary has lost $(why_field "$W"/events.json lost), $others of other drivers, not followed $(why_field "$W"/events.json not_followed), alloc_rx_buff_failed $REFUSED" \
	[ "$(why_field "$W"/events.json not_followed)" = 0 -a \
	"$(why_field "$W"/events.json lost)" -ge $((REFUSED + others)) -a \
	"$(why_field "$W"/events.json lost)" -le $((REFUSED + others + throttled)) ]
# Most of it, or all, dmesg does not show: __GFP_NOWARN, or one report in 10 s.
reports=$(dmesg | grep -c 'page allocation failure')
printed=$(grep -c '"printed_by_kernel":true' "$W"/events.json)
verdict nic-printed "dmesg has $reports reports, labyrinth says $printed" [ "$reports" = "$printed" ]

# By site, counted in the kernel: exact, though the failures come faster than they are told.
pktgen_stop
pktgen_start 300000
watch why
tail -n 1 "$W"/why.json | sed 's/.*"total"://' | grep -o '"driver":"e1000".*' >"$W"/why.nic
note "why: failed $(why_field "$W"/why.nic failed), final $(why_field "$W"/why.nic failed_final), lost $(why_field "$W"/why.nic lost), not followed $(why_field "$W"/why.nic not_followed); held back $(why_field "$W"/why.json throttled), alloc_rx_buff_failed $REFUSED"
[ "$(why_field "$W"/why.nic failed)" = $((2 * REFUSED)) ] ||
	note "why: $(cut -c1-900 "$W"/why.nic); $(tail -n 1 "$W"/why.json | grep -o '"audit":{[^}]*}' | tail -n 1)"
verdict why-failed "failed $(why_field "$W"/why.nic failed), alloc_rx_buff_failed $REFUSED" \
	[ $STATUS = 0 -a "$REFUSED" -gt 0 -a "$(why_field "$W"/why.nic failed)" = $((2 * REFUSED)) ]
verdict why-final "failed_final $(why_field "$W"/why.nic failed_final), alloc_rx_buff_failed $REFUSED" \
	[ "$(why_field "$W"/why.nic failed_final)" = "$REFUSED" ]
# However many of them were held back; on a busy host it may be none (boot views has a storm).
verdict why-lost "lost $(why_field "$W"/why.nic lost), not_followed $(why_field "$W"/why.nic not_followed), held back $(why_field "$W"/why.json throttled), alloc_rx_buff_failed $REFUSED" \
	[ "$(why_field "$W"/why.nic lost)" = "$REFUSED" -a "$(why_field "$W"/why.nic not_followed)" = 0 ]
verdict why-advice "$(grep -o '"advice":.*' "$W"/why.nic | cut -c1-200)" \
	grep -q '"advice":.*page_pool' "$W"/why.nic
pktgen_stop
kill "$SENDER"

# shellcheck source=tests/guest/short.sh
. /job/short.sh
# Without the maze tests/matrix says what is left out.
case $(uname -r) in
*-rt-* | 5.10.* | 7.2.*) exit 0 ;; # what is held in memory is the same on all: one without and one with preemption
esac
if [ -e /job/maze.ko ]; then short_all; else echo "# check $(labyrinth check -j)" >&3; fi
