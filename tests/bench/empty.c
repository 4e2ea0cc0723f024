// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * empty PROGRAM... - load these of empty.bpf.c, say "Watching" on standard error, wait to be ended.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "empty.skel.h"
#include "kernel/features.h"

#define TRACE_FSESSION 58 /* BPF_TRACE_FSESSION of 7.2, which libbpf has no name for yet */

static bool is_named(const char *name, char **names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static int set_target(struct bpf_program *prog, const char *function)
{
	if (!bpf_program__autoload(prog))
		return 0;
	if (!function) {
		fprintf(stderr, "empty: this kernel has no function for %s\n",
			bpf_program__name(prog));
		return -1;
	}
	return bpf_program__set_attach_target(prog, 0, function);
}

static int attach(struct empty_bpf *skel, char **names, const struct features *f)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, skel->obj)
		bpf_program__set_autoload(prog, is_named(bpf_program__name(prog), names));
	bpf_program__set_expected_attach_type(skel->progs.empty_session, TRACE_FSESSION);
	return set_target(skel->progs.empty_entry, f->target[TARGET_ENTRY].name) ||
	       set_target(skel->progs.empty_exit, f->target[TARGET_ENTRY].name) ||
	       set_target(skel->progs.empty_session, f->target[TARGET_ENTRY].name) ||
	       set_target(skel->progs.empty_bulk, f->target[TARGET_BULK].name) ||
	       empty_bpf__load(skel) || empty_bpf__attach(skel);
}

/* Blocked before "Watching" is said, so that an end that comes at once is not lost. */
static void wait_for_end(void)
{
	sigset_t ends;
	int signal;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	fprintf(stderr, "Watching\n");
	sigwait(&ends, &signal);
}

int main(int argc, char **argv)
{
	struct empty_bpf *skel;
	struct features f = {};
	int failed = 1;

	if (argc < 2) {
		fprintf(stderr, "usage: empty PROGRAM...\n");
		return 2;
	}
	if (features_probe(&f, NULL))
		return 1;
	skel = empty_bpf__open();
	if (skel)
		failed = attach(skel, argv + 1, &f);
	if (!failed)
		wait_for_end();
	empty_bpf__destroy(skel);
	features_free(&f);
	return failed != 0;
}
