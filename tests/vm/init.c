/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * init.c - process 1 of a test guest: mount, load modules, run /job/command, report, power off.
 *
 * Three serial ports, each a file on the host: ttyS0 the console, ttyS1 the verdict channel (fd 3
 * of the command), ttyS2 the kernel log, written after the command ended. Static, so that it runs
 * on an initramfs without a C library. Nothing here may return or spin: a guest that does not power
 * off is a hang to the host.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum {
	VERDICT_FD = 3,		/* what the command writes its verdicts to */
	KMSG_RECORD_MAX = 8192, /* CONSOLE_EXT_LOG_MAX of the kernel */
	REAP_SECONDS = 3,	/* for processes the command left behind */
};

static const struct {
	const char *type, *where;
} mounts[] = {
	{"proc", "/proc"},
	{"sysfs", "/sys"},
	{"tmpfs", "/tmp"},
	{"tmpfs", "/run"},
	{"tracefs", "/sys/kernel/tracing"},
	{"debugfs", "/sys/kernel/debug"},
	{"bpf", "/sys/fs/bpf"},
	{"cgroup2", "/sys/fs/cgroup"},
};

/* --- channels --------------------------------------------------------------------------------- */

static int open_raw(const char *path)
{
	struct termios tio;
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || tcgetattr(fd, &tio))
		return fd;
	cfmakeraw(&tio);
	cfsetspeed(&tio, B115200);
	tio.c_cflag |= CLOCAL;
	tcsetattr(fd, TCSANOW, &tio);
	return fd;
}

static void write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		data += n;
		len -= n;
	}
}

__attribute__((format(printf, 2, 3))) static void say(int fd, const char *format, ...)
{
	char line[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len > 0)
		write_all(fd, line, len < (int)sizeof(line) ? (size_t)len : sizeof(line) - 1);
}

/* --- setting up ------------------------------------------------------------------------------- */

static void mount_one(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL))
		fprintf(stderr, "init: mount %s: %s\n", where, strerror(errno));
}

static void mount_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		mount_one(mounts[i].type, mounts[i].where);
}

static void link_fds(void)
{
	if (symlink("/proc/self/fd", "/dev/fd"))
		perror("init: /dev/fd");
}

static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	if (fd < 0)
		return;
	for (int target = 0; target < 3; target++)
		dup2(fd, target);
	if (fd > 2)
		close(fd);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static void raise_loopback(void)
{
	struct ifreq req = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &req))
		perror("init: lo");
	if (fd >= 0)
		close(fd);
}

static int load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		err = errno;
	close(fd);
	return err;
}

/* /lib/modules.order: paths, dependencies first. A module that fails is a failed test. */
static void load_modules(int verdict)
{
	char path[PATH_MAX];
	FILE *order = fopen("/lib/modules.order", "re");

	if (!order)
		return;
	while (fgets(path, sizeof(path), order)) {
		int err;

		path[strcspn(path, "\n")] = '\0';
		err = load_module(path);
		if (err)
			say(verdict, "FAIL module: %s: %s\n", path, strerror(err));
	}
	fclose(order);
}

/* --- the command ------------------------------------------------------------------------------ */

static void run_child(int verdict)
{
	static char *const argv[] = {"sh", "/job/command", NULL};
	int null = open("/dev/null", O_RDONLY);

	setsid();
	dup2(null, 0);
	/* dup2 onto itself would keep close-on-exec */
	if (verdict == VERDICT_FD)
		fcntl(verdict, F_SETFD, 0);
	if (dup2(verdict, VERDICT_FD) == VERDICT_FD && !chdir("/job"))
		execv("/bin/sh", argv);
	say(verdict, "# init: cannot run /job/command: %s\n", strerror(errno));
	_exit(127);
}

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Waits for the command; whatever else ends meanwhile was orphaned to us and is only reaped. */
static int run_command(int verdict)
{
	pid_t command = fork();
	int status = 0;
	pid_t pid;

	if (command == 0)
		run_child(verdict);
	if (command < 0) {
		say(verdict, "# init: fork: %s\n", strerror(errno));
		return 127;
	}
	do {
		pid = waitpid(-1, &status, 0);
	} while (pid != command && (pid > 0 || errno == EINTR));
	return pid == command ? exit_code(status) : 127;
}

/* Ends what the command left running, so that what it does to the kernel is in the log too. */
static void reap_rest(void)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	time_t end = time(NULL) + REAP_SECONDS;

	kill(-1, SIGTERM);
	nanosleep(&pause, NULL);
	kill(-1, SIGKILL);
	while (time(NULL) < end) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0 && errno == ECHILD)
			return;
		if (pid == 0)
			nanosleep(&pause, NULL);
	}
}

/* --- the kernel log --------------------------------------------------------------------------- */

/* "priority,sequence,microseconds,flags;text" and continuation lines that start with a blank. */
static void write_record(int log, char *record)
{
	unsigned long long sequence, usec;
	char *text = strchr(record, ';');
	unsigned int priority;

	if (!text || sscanf(record, "%u,%llu,%llu", &priority, &sequence, &usec) != 3) {
		say(log, "LOST: unreadable record\n");
		return;
	}
	text++;
	text[strcspn(text, "\n")] = '\0';
	say(log, "<%u>[%llu.%06llu] ", priority & 7, usec / 1000000, usec % 1000000);
	write_all(log, text, strlen(text));
	write_all(log, "\n", 1);
}

static unsigned long long sequence_of(const char *record)
{
	const char *comma = strchr(record, ',');

	return comma ? strtoull(comma + 1, NULL, 10) : 0;
}

/* A record the ring lost is said, not skipped: the host must not take the rest for a whole log. */
static void dump_records(int log, int kmsg)
{
	static char record[KMSG_RECORD_MAX + 1];
	unsigned long long next = 0;

	for (;;) {
		ssize_t n = read(kmsg, record, KMSG_RECORD_MAX);

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n <= 0)
			return;
		record[n] = '\0';
		if (sequence_of(record) != next)
			say(log, "LOST: records %llu to %llu\n", next, sequence_of(record) - 1);
		next = sequence_of(record) + 1;
		write_record(log, record);
	}
}

static void dump_taint(int log)
{
	char taint[32] = "unknown\n";
	int fd = open("/proc/sys/kernel/tainted", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, taint, sizeof(taint) - 1);

	if (n > 0)
		taint[n] = '\0';
	say(log, "TAINT %s", taint);
}

static void dump_log(void)
{
	int log = open_raw("/dev/ttyS2");
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);

	if (kmsg >= 0)
		dump_records(log, kmsg);
	else
		say(log, "LOST: /dev/kmsg: %s\n", strerror(errno));
	dump_taint(log);
	say(log, "ENDLOG\n");
	tcdrain(log);
}

/* ---------------------------------------------------------------------------------------------- */

static void power_off(void)
{
	fflush(NULL);
	tcdrain(1);
	sync();
	reboot(RB_POWER_OFF);
	/* no ACPI: with -no-reboot a reset ends the guest as well */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

int main(void)
{
	int verdict, code;

	/* the console is below /dev, and nothing can be reported without it */
	mount_one("devtmpfs", "/dev");
	open_console();
	mount_all();
	link_fds();
	verdict = open_raw("/dev/ttyS1");
	say(verdict, "# init: up\n");
	sethostname("guest", 5);
	raise_loopback();
	load_modules(verdict);

	setenv("PATH", "/job/bin:/job:/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/tmp", 1);
	setenv("TERM", "dumb", 1);
	code = run_command(verdict);
	reap_rest();
	say(verdict, "EXIT %d\n", code);
	tcdrain(verdict);
	dump_log();
	power_off();
}
