# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#
# lib.sh - what the scripts in this directory share. Sourced, never run.
#
# The machine's own apt is neither used nor changed: every suite has a private apt directory under
# the cache, with its own sources, lists and an empty package database.

VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${LABYRINTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/labyrinth}
MIRROR=${LABYRINTH_MIRROR:-http://deb.debian.org/debian}
SECURITY_MIRROR=${LABYRINTH_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
KEYRING=${LABYRINTH_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
KERNELS=${LABYRINTH_KERNELS:-$VM_DIR/kernels.txt}

readonly LOCK_WAIT=1800   # seconds to wait for another process doing the same work
readonly LIST_MAX_AGE=720 # minutes a package list stays good
readonly APT_TIMEOUT=1200 # seconds one apt run may take, downloads included

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

need()
{
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || die "needs $tool, which is not installed"
	done
}

# --- locks and scratch ---------------------------------------------------------------------------

# with_lock NAME COMMAND...: run a function alone among all processes sharing the cache. In a
# subshell, so that the lock goes with it whatever happens.
with_lock()
{
	local lock=$CACHE/locks/$1
	shift
	mkdir -p "$CACHE/locks"
	(
		flock -w "$LOCK_WAIT" 9 || die "waited ${LOCK_WAIT}s for $lock"
		"$@"
	) 9>"$lock"
}

# Scratch lies in the cache: a finished tree is put in place by rename, which must not cross
# file systems. What a killed run left behind goes after a day.
scratch()
{
	mkdir -p "$CACHE/tmp"
	find "$CACHE/tmp" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +
	mktemp -d "$CACHE/tmp/$1.XXXXXX"
}

# put_in_place NEW OLD: replace a directory by a complete one.
put_in_place()
{
	mkdir -p "$(dirname "$2")"
	if [ -e "$2" ]; then
		mv "$2" "$1.old"
		mv "$1" "$2"
		rm -rf "$1.old"
	else
		mv "$1" "$2"
	fi
}

# --- the matrix ----------------------------------------------------------------------------------

matrix_names()
{
	awk '!/^[[:space:]]*(#|$)/ { print $1 }' "$KERNELS"
}

# matrix_line NAME: sets K_NAME, K_SUITES, K_IMAGE, K_HEADERS, K_FLAGS, K_ARCH and K_TRIPLET: Debian's
# and GNU's words for the machine. Suites of another machine than this one's bear its name:
# trixie:arm64.
matrix_line()
{
	local line
	line=$(awk -v n="$1" '!/^[[:space:]]*#/ && $1 == n { print; exit }' "$KERNELS")
	[ -n "$line" ] || die "no kernel \"$1\" in $KERNELS; it has: $(matrix_names | xargs)"
	# shellcheck disable=SC2034 # the callers' names
	read -r K_NAME K_SUITES K_IMAGE K_HEADERS K_FLAGS <<<"$line"
	[ -n "$K_HEADERS" ] || die "$KERNELS: line of \"$1\" has too few columns"
	K_ARCH=$(flag_value arch)
	K_ARCH=${K_ARCH:-amd64}
	# shellcheck disable=SC2034 # the callers' names
	case $K_ARCH in
	amd64) K_TRIPLET=x86_64-linux-gnu ;;
	arm64) K_TRIPLET=aarch64-linux-gnu ;;
	*) die "$KERNELS: \"$1\" is for $K_ARCH, which no guest here is" ;;
	esac
	[ "$K_ARCH" = amd64 ] || K_SUITES=${K_SUITES//,/:$K_ARCH,}:$K_ARCH
}

# flag_value KEY: the value of KEY=VALUE among the flags, or nothing.
flag_value()
{
	local flag
	for flag in $K_FLAGS; do
		case $flag in
		"$1="*) printf '%s\n' "${flag#*=}" ;;
		esac
	done
}

kernel_dir()
{
	printf '%s/kernels/%s\n' "$CACHE" "$1"
}

# --- private apt ---------------------------------------------------------------------------------

# A suite is seldom complete alone: kernels of a stable release come through its security suite,
# backports and experimental need the suite below for compilers.
suite_sources()
{
	local suite=${1%:*} arch base
	arch=$(suite_arch "$1")
	case $suite in
	sid | unstable) apt_source "$arch" "$MIRROR" sid ;;
	experimental) apt_source "$arch" "$MIRROR" experimental && apt_source "$arch" "$MIRROR" sid ;;
	*)
		base=${suite%-backports}
		[ "$base" = "$suite" ] || apt_source "$arch" "$MIRROR" "$suite"
		apt_source "$arch" "$MIRROR" "$base"
		apt_source "$arch" "$SECURITY_MIRROR" "$base-security"
		;;
	esac
}

# suite_arch SUITE: amd64, or what stands behind the colon.
suite_arch()
{
	case $1 in
	*:*) printf '%s\n' "${1#*:}" ;;
	*) printf 'amd64\n' ;;
	esac
}

apt_source()
{
	printf 'deb [arch=%s signed-by=%s] %s %s main\n' "$1" "$KEYRING" "$2" "$3"
}

# Dir and Dir::Etc::parts are what keeps apt off the machine: APT_CONFIG is read before any other
# configuration and says where that would be. apt_conf DIR ARCH.
apt_conf()
{
	cat <<-EOF
		Dir "$1";
		Dir::State "state";
		Dir::State::status "$1/status";
		Dir::Cache "cache";
		Dir::Etc "etc";
		Dir::Etc::sourcelist "sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::Log "/dev/null";
		APT::Architecture "$2";
		APT::Architectures { "$2"; };
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		Acquire::Languages "none";
		Acquire::PDiffs "false";
		Acquire::GzipIndexes "true";
		Acquire::Check-Valid-Until "false";
		Acquire::Retries "3";
		Acquire::http::Timeout "30";
	EOF
}

apt_dir()
{
	printf '%s/apt/%s\n' "$CACHE" "${1/:/-}"
}

# apt_run SUITE TOOL ARGS...
apt_run()
{
	local suite=$1
	shift
	APT_CONFIG="$(apt_dir "$suite")/apt.conf" timeout "$APT_TIMEOUT" "$@"
}

# apt_refresh SUITE: make the directory if missing and bring the lists up to date; call with
# suite lock held. The stamp is written last, so an interrupted update is made again.
apt_refresh()
{
	local dir stamp log
	dir=$(apt_dir "$1") stamp=$dir/updated log=$dir/update.log
	if [ -n "$(find "$stamp" -mmin "-$LIST_MAX_AGE" 2>/dev/null)" ] && [ -z "${2:-}" ]; then
		return
	fi
	[ -r "$KEYRING" ] || die "no $KEYRING (package debian-archive-keyring; or set LABYRINTH_KEYRING)"
	rm -f "$stamp"
	mkdir -p "$dir"/{etc,state/lists/partial,cache/archives/partial}
	: >"$dir/status"
	suite_sources "$1" >"$dir/etc/sources.list"
	apt_conf "$dir" "$(suite_arch "$1")" >"$dir/apt.conf"
	# Without Error-Mode an index that cannot be had is a warning, and an empty list a success
	apt_run "$1" apt-get -qq -o APT::Update::Error-Mode=any update >"$log" 2>&1 </dev/null ||
		die "apt lists of $1: $(grep -m1 '^[EW]:' "$log" || echo "see $log")" \
			"(a suite that moved to the archive: LABYRINTH_MIRROR=http://archive.debian.org/debian)"
	touch "$stamp"
}

# apt_ready SUITE [force]: fresh lists, whoever else is at it.
apt_ready()
{
	with_lock "apt-${1/:/-}" apt_refresh "$@"
}

# apt_newest SUITE REGEX: "package release" of the newest package whose whole name matches. The
# search lists real packages only, not names that others merely refer to.
apt_newest()
{
	apt_run "$1" apt-cache search --names-only '^linux-' | awk '{ print $1 }' |
		sed -nE "s/^$2\$/& \1/p" | sort -k2,2V | tail -n 1
}

apt_version()
{
	apt_run "$1" apt-cache show --no-all-versions "$2" 2>/dev/null |
		sed -n 's/^Version: //p' | head -n 1
}

# apt_depends SUITE PACKAGE: names of the direct dependencies, first alternative only, one a line.
apt_depends()
{
	apt_run "$1" apt-cache show --no-all-versions "$2" |
		sed -n 's/^Depends: //p' | head -n 1 | tr , '\n' | sed -E 's/^ *([^ |]+).*/\1/'
}

# apt_download SUITE DIR PACKAGE[=VERSION]...: apt checks size and hash of what it downloads.
apt_download()
{
	local suite=$1 dir=$2
	shift 2
	(cd "$dir" && apt_run "$suite" apt-get -qq download "$@" >apt.log 2>&1 </dev/null) ||
		die "download of $* from $suite: $(grep -m1 '^[EW]:' "$dir/apt.log" || echo failed)"
}

# download_closure SUITE DIR PACKAGE...: with the empty package database of the private apt,
# "install" means everything down to the C library.
download_closure()
{
	local suite=$1 dir=$2
	shift 2
	mkdir -p "$dir/partial"
	apt_run "$suite" apt-get -qq -y -d -o Dir::Cache::archives="$dir" install "$@" \
		>"$dir/apt.log" 2>&1 </dev/null ||
		die "packages of $suite: $(grep -m1 '^ *[EW]:' "$dir/apt.log" || tail -n1 "$dir/apt.log")"
}

# make_root ROOT: a merged /usr, whether or not the suite has one.
make_root()
{
	local root=$1 dir
	for dir in bin sbin lib lib32 lib64 libx32; do
		mkdir -p "$root/usr/$dir"
		ln -s "usr/$dir" "$root/$dir"
	done
}

# unpack DEB ROOT: follows the symlinks of a merged /usr in ROOT, which dpkg-deb -x may replace.
unpack()
{
	dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2" ||
		die "cannot unpack ${1##*/}"
}

# --- programs for another machine ----------------------------------------------------------------

# machine_root ARCH: where its libraries and programs are; nothing where it is this machine.
machine_root()
{
	[ "$1" = amd64 ] || "$VM_DIR/../../scripts/sysroot" "$1"
}

# machine_cc ARCH: the compiler that makes programs for it, a list of words.
machine_cc()
{
	local root
	root=$(machine_root "$1")
	case $1 in
	amd64) printf '%s\n' "${CC:-cc}" ;;
	arm64) printf 'aarch64-linux-gnu-gcc --sysroot=%s\n' "$root" ;;
	esac
}

# --- programs of another suite -------------------------------------------------------------------

is_program()
{
	readelf -l "$1" 2>/dev/null | grep -q 'program interpreter'
}

# own_loader ROOT WHERE PROGRAM: prints a script that starts PROGRAM by the loader and with the
# libraries that are unpacked in ROOT; WHERE is that directory in the words of the script.
own_loader()
{
	local lib loader
	lib=usr/lib/$(uname -m)-linux-gnu
	loader=$(cd "$1/$lib" && echo ld-linux*.so.*)
	printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$2/$lib/$loader" "$2/$lib" "$3"
}

# start_by_own_loader ROOT WHERE FILE: FILE, a program, becomes such a script. Debian's modpost and
# objtool go on to the program of their own name with ".real-..." behind it, and find that.
start_by_own_loader()
{
	local file=$3
	mv "$file" "$file.elf"
	own_loader "$1" "$2" "\${0%/*}/${file##*/}.elf" >"$file"
	chmod 755 "$file"
	case $file in
	*.real-*) ln -s "${file##*/}" "${file%.real-*}.elf.real-${file##*.real-}" ;;
	esac
}
