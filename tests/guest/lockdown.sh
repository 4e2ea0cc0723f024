# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# lockdown.sh - the kernel was booted with lockdown=confidentiality: no program may read its memory.

# shellcheck source=tests/guest/lib.sh
. /job/lib.sh
mkdir -p "$W"
case $(cat /sys/kernel/security/lockdown 2>/dev/null) in
*'[confidentiality]'*) ;;
*)
	mount -t securityfs none /sys/kernel/security
	grep -q '\[confidentiality\]' /sys/kernel/security/lockdown ||
		fail lockdown-on "$(cat /sys/kernel/security/lockdown 2>&1)"
	;;
esac
refused lockdown-stat 4 lockdown labyrinth 1 1
labyrinth check >"$W"/check 2>"$W"/err
status=$?
note "check: exit $status, $(tail -n 1 "$W"/err)"
verdict lockdown-check "exit $status, documented is 4: $(grep lockdown "$W"/check)" \
	[ "$status $(sed -n 's/^lockdown *//p' "$W"/check)" = '4 confidentiality' ]
