// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* rights.c - see rights.h; by libcap-ng and libseccomp. */
#include "base/rights.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOBODY 65534

/* ---- capabilities ---- */

static __u64 mask_of(capng_type_t type)
{
	__u64 mask = 0;

	for (unsigned int cap = 0; cap < 64; cap++)
		if (capng_have_capability(type, cap))
			mask |= 1ULL << cap;
	return mask;
}

__u64 rights_permitted(void)
{
	return capng_get_caps_process() ? 0 : mask_of(CAPNG_PERMITTED);
}

/* capget() and capset() are of the calling thread, and so is what libcap-ng keeps. */
static int set_caps(__u64 effective, __u64 permitted)
{
	capng_clear(CAPNG_SELECT_ALL);
	for (unsigned int cap = 0; cap < 64; cap++) {
		if (permitted & 1ULL << cap)
			capng_update(CAPNG_ADD, CAPNG_PERMITTED, cap);
		if (effective & permitted & 1ULL << cap)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, cap);
	}
	return capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

int rights_keep(__u64 caps)
{
	caps &= rights_permitted();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return set_caps(caps, caps);
}

int rights_effective(bool on)
{
	__u64 permitted = rights_permitted();

	return set_caps(on ? permitted : 0, permitted);
}

/* By the system calls themselves: glibc would ask each thread to do the same. */
int rights_leave_root(void)
{
	if (geteuid() != 0)
		return 0;
	if (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY) ||
	    syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY))
		return -errno;
	return 0;
}

/* ---- system calls ---- */

struct call {
	int number;
	unsigned int rights; /* with any of these; 0: with every run */
	struct scmp_arg_cmp arg;
	bool has_arg;
};

#define ANY(name)                                                                                  \
	{                                                                                          \
		.number = SCMP_SYS(name)                                                           \
	}
#define FOR(name, with)                                                                            \
	{                                                                                          \
		.number = SCMP_SYS(name), .rights = (with)                                         \
	}
#define EQUAL(name, n, value, with)                                                                \
	{                                                                                          \
		.number = SCMP_SYS(name), .rights = (with), .has_arg = true,                       \
		.arg = {.arg = (n),                                                                \
			.op = SCMP_CMP_EQ,                                                         \
			.datum_a = (value) }                                                       \
	}
#define WITHOUT(name, n, bits)                                                                     \
	{                                                                                          \
		.number = SCMP_SYS(name), .has_arg = true,                                         \
		.arg = {.arg = (n),                                                                \
			.op = SCMP_CMP_MASKED_EQ,                                                  \
			.datum_a = (bits) }                                                        \
	}
#define BPF(command, with) EQUAL(bpf, 0, command, with)

/* clang-format off */
static const struct call calls[] = {
	/* what is open */
	ANY(read), ANY(readv), ANY(pread64), ANY(write), ANY(writev), ANY(lseek), ANY(_llseek),
	ANY(close), ANY(fstat), ANY(fstat64), ANY(ftruncate), ANY(ftruncate64),
	EQUAL(ioctl, 1, TCGETS, 0),
	EQUAL(ioctl, 1, TIOCGWINSZ, 0),
	/* waiting, time */
	ANY(poll), ANY(ppoll), ANY(epoll_wait), ANY(epoll_pwait), ANY(nanosleep),
	ANY(clock_nanosleep), ANY(clock_gettime), ANY(clock_getres), ANY(gettimeofday), ANY(time),
	ANY(restart_syscall), ANY(sched_yield),
	/* memory, none of which becomes code */
	ANY(brk), ANY(munmap), ANY(mremap), ANY(madvise),
	WITHOUT(mmap, 2, PROT_EXEC),
	WITHOUT(mmap2, 2, PROT_EXEC),
	WITHOUT(mprotect, 2, PROT_EXEC),
	/* threads and signals of its own: of the process itself only */
	ANY(futex), ANY(rt_sigaction), ANY(rt_sigprocmask), ANY(rt_sigreturn), ANY(sigreturn),
	ANY(rt_sigtimedwait), ANY(getpid), ANY(gettid), ANY(exit), ANY(exit_group),
	/* questions about itself */
	ANY(getrusage), ANY(sysinfo), ANY(getrandom), ANY(uname), ANY(getuid), ANY(geteuid),
	/* the programs */
	BPF(BPF_MAP_LOOKUP_ELEM, RIGHTS_BPF),
	BPF(BPF_MAP_GET_NEXT_KEY, RIGHTS_BPF),
	BPF(BPF_PROG_TEST_RUN, RIGHTS_BPF),
	BPF(BPF_OBJ_GET_INFO_BY_FD, RIGHTS_BPF),
	EQUAL(ioctl, 1, PERF_EVENT_IOC_DISABLE, RIGHTS_BPF),
	BPF(BPF_RAW_TRACEPOINT_OPEN, RIGHTS_REATTACH),
	BPF(BPF_LINK_CREATE, RIGHTS_REATTACH),
	BPF(BPF_ENABLE_STATS, RIGHTS_REATTACH),
	FOR(perf_event_open, RIGHTS_REATTACH),
	EQUAL(ioctl, 1, PERF_EVENT_IOC_ENABLE, RIGHTS_REATTACH),
	EQUAL(ioctl, 1, PERF_EVENT_IOC_SET_BPF, RIGHTS_REATTACH),
	/* libbpf reads the number of the kprobes' PMU each time */
	EQUAL(openat, 2, O_RDONLY, RIGHTS_REATTACH),
	EQUAL(openat, 2, O_RDONLY | O_CLOEXEC, RIGHTS_REATTACH),
	/* a full screen: tcsetattr() */
	EQUAL(ioctl, 1, TCSETS, RIGHTS_SCREEN),
	EQUAL(ioctl, 1, TCSETSW, RIGHTS_SCREEN),
	EQUAL(ioctl, 1, TCSETSF, RIGHTS_SCREEN),
	/* a recording */
	FOR(rename, RIGHTS_RENAME),
	FOR(renameat, RIGHTS_RENAME),
	FOR(renameat2, RIGHTS_RENAME),
	FOR(unlink, RIGHTS_RENAME),
	FOR(unlinkat, RIGHTS_RENAME),
	FOR(recvmsg, RIGHTS_CLERK),
	FOR(wait4, RIGHTS_CLERK),
};
/* clang-format on */

/* Calls that this architecture does not have are passed over: libseccomp numbers them below 0. */
static int allow(scmp_filter_ctx filter, const struct call *c)
{
	int r = c->has_arg ? seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, c->number, 1, &c->arg)
			   : seccomp_rule_add(filter, SCMP_ACT_ALLOW, c->number, 0);

	return r == -EDOM || (r == -EINVAL && c->number < 0) ? 0 : r;
}

/* It may signal itself, and nobody else. */
static int allow_own(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

static int fill(scmp_filter_ctx filter, unsigned int rights)
{
	int r = allow_own(filter);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && !r; i++)
		if (!calls[i].rights || calls[i].rights & rights)
			r = allow(filter, &calls[i]);
	/* Nothing runs here that could read what the cpu was made to guess: no need to slow it. */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	return r ?: seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
}

int rights_confine(unsigned int rights)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r = filter ? fill(filter, rights) : -ENOMEM;

	r = r ?: seccomp_load(filter);
	seccomp_release(filter);
	return r;
}
