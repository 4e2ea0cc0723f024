// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * inside.c - what code inside labyrinth could do, by LD_PRELOAD: at the first byte of input
 * (INSIDE=read), or when it says that it watches (INSIDE=write), it tries to open, to connect, to
 * load a program, to get rights back, and to start something. One line each on standard error,
 * "NAME errno", 0 when it was let.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void tell(const char *name, long r)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "%s %d\n", name, r < 0 ? errno : 0);

	syscall(SYS_write, STDERR_FILENO, line, len);
}

static long load_program(void)
{
	struct bpf_insn insns[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K},
				   {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER};

	attr.insns = (__u64)(unsigned long)insns;
	attr.insn_cnt = 2;
	attr.license = (__u64)(unsigned long)"GPL";
	return syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static long create_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

static long regain(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {};

	data[0].effective = data[0].permitted = 1U << CAP_SYS_ADMIN;
	return syscall(SYS_capset, &head, data);
}

static void try_all(void)
{
	char *const argv[] = {"true", NULL};

	tell("open-read", syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
	tell("open-write",
	     syscall(SYS_openat, AT_FDCWD, "/tmp/lab-inside", O_WRONLY | O_CREAT, 0600));
	tell("load-program", load_program());
	tell("create-map", create_map());
	tell("connect", syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
	tell("connect-unix", syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
	tell("exec", syscall(SYS_execve, "/bin/true", argv, NULL));
	tell("fork", syscall(SYS_clone, 17, 0, 0, 0, 0));
	tell("capset", regain());
	tell("setuid", syscall(SYS_setresuid, 0, 0, 0));
	tell("ptrace", syscall(SYS_ptrace, 16, getppid(), 0, 0));
	tell("kill-other", syscall(SYS_kill, 1, 0));
	tell("code", (long)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	tell("rename",
	     syscall(SYS_renameat2, AT_FDCWD, "/tmp/lab-no", AT_FDCWD, "/tmp/lab-where", 0));
	tell("mount", syscall(SYS_mount, "none", "/mnt", "tmpfs", 0, NULL));
}

static void once(const char *when)
{
	static int done;
	const char *wanted = getenv("INSIDE");

	if (done || !wanted || strcmp(wanted, when) != 0)
		return;
	done = 1;
	try_all();
}

/* Its input is read in pieces of 64 KiB and more, and nothing else is. */
ssize_t read(int fd, void *buf, size_t size)
{
	if (size >= 65536)
		once("read");
	return syscall(SYS_read, fd, buf, size);
}

ssize_t write(int fd, const void *buf, size_t size)
{
	if (fd == STDERR_FILENO && size > 8 && memcmp(buf, "Watching", 8) == 0)
		once("write");
	return syscall(SYS_write, fd, buf, size);
}
