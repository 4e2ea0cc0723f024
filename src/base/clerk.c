// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* clerk.c - see clerk.h: questions and answers are packets on a pair of sockets. */
#include "base/clerk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/part.h"
#include "base/util.h"

#define STAMP "%Y%m%dT%H%M%SZ"
#define STAMP_LEN 16
#define SUMMARY_MAX 512
#define SAME_SECOND_MOST 99
/* A program that is slower goes on alone. */
#define PATIENCE_MS 5000
#define POLL_MS 20

enum asked { ASKED_OPEN, ASKED_FINISH, ASKED_RUN, ASKED_END };

struct question {
	enum asked what;
	unsigned int file;
	char summary[SUMMARY_MAX];
};

struct answer {
	int r;
	char name[PATH_MAX];
};

struct clerk {
	int fd;
	pid_t pid;
	struct answer answer;
};

/* ---- in its process: names ---- */

struct family {
	const char *path;
	unsigned int keep;
	char folder[PATH_MAX], stem[NAME_MAX + 1], ending[NAME_MAX + 1];
	time_t begun, last_begun; /* of this one, and of the one before it */
	unsigned int number;	  /* of that one, in its second; not used again once it is gone */
	char last[PATH_MAX];	  /* that was finished last; "": none */
};

static struct {
	struct family family[CLERK_FILES];
	const char *program;
	bool quiet;
	pid_t runs; /* 0: nothing */
	unsigned int failed;
	struct answer answer;
} desk;

/* run.json.zst: "run", ".json.zst". A dot that begins a name ends no stem. */
static int split(struct family *f, const struct clerk_file *file)
{
	char path[PATH_MAX], *base, *dot;

	if (!file->path)
		return 0;
	if (strlen(file->path) >= sizeof(path))
		return -ENAMETOOLONG;
	f->path = file->path;
	f->keep = file->keep;
	f->begun = time(NULL);
	strcpy(path, file->path);
	strcpy(f->folder, dirname(path));
	strcpy(path, file->path);
	base = basename(path);
	if (strlen(base) + STAMP_LEN + sizeof("-_4294967295.part") > NAME_MAX)
		return -ENAMETOOLONG;
	dot = strchr(base + 1, '.');
	strcpy(f->ending, dot ?: "");
	if (dot)
		*dot = '\0';
	strcpy(f->stem, base);
	return 0;
}

/* The second of one second gets a number. */
static int name_of(const struct family *f, char name[PATH_MAX])
{
	char stamp[STAMP_LEN + 1], more[16] = "";
	struct tm tm;
	int n;

	gmtime_r(&f->begun, &tm);
	strftime(stamp, sizeof(stamp), STAMP, &tm);
	if (f->number > 1)
		snprintf(more, sizeof(more), "_%u", f->number);
	n = snprintf(name, PATH_MAX, "%s%s%s-%s%s%s", strchr(f->path, '/') ? f->folder : "",
		     strchr(f->path, '/') ? "/" : "", f->stem, stamp, more, f->ending);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static bool is_stamp(const char *s)
{
	static const char like[] = "00000000T000000Z";

	for (int i = 0; i < STAMP_LEN; i++)
		if (like[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != like[i])
			return false;
	return true;
}

/* One of this family, whichever run wrote it? */
static bool is_of(const struct family *f, const char *name)
{
	size_t stem = strlen(f->stem);

	if (strncmp(name, f->stem, stem) != 0 || name[stem] != '-' || !is_stamp(name + stem + 1))
		return false;
	name += stem + 1 + STAMP_LEN;
	if (*name == '_')
		name += 1 + strspn(name + 1, "0123456789");
	return strcmp(name, f->ending) == 0;
}

/* By their times; of one second, by their numbers. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

static const struct family *of_family; /* scandir() passes nothing on */

static int is_wanted(const struct dirent *entry)
{
	return is_of(of_family, entry->d_name);
}

static void remove_old(const struct family *f)
{
	struct dirent **list;
	char path[PATH_MAX];
	int n;

	of_family = f;
	n = f->keep ? scandir(f->folder, &list, is_wanted, compare_names) : -1;
	if (n < 0)
		return;
	for (int i = 0; i < n; i++) {
		if (i + (int)f->keep < n && snprintf(path, sizeof(path), "%s/%s", f->folder,
						     list[i]->d_name) < (int)sizeof(path))
			unlink(path);
		free(list[i]);
	}
	free(list);
}

/* ---- in its process: what is asked ---- */

static int open_next(struct family *f)
{
	bool left;
	int r = part_open(f->path, &left);

	if (r >= 0)
		f->begun = time(NULL);
	if (left)
		log_warn("%s.part: left by a run that did not end; it is now %s.killed", f->path,
			 f->path);
	return r;
}

/* A link in the way is a name that is taken. */
static int find_name(struct family *f)
{
	unsigned int first = f->begun == f->last_begun ? f->number + 1 : 1;
	struct stat st;

	for (f->number = first; f->number < first + SAME_SECOND_MOST; f->number++) {
		int r = name_of(f, f->last);

		if (r || lstat(f->last, &st))
			return r;
	}
	return -EEXIST;
}

static int give_name(struct family *f)
{
	char part[PATH_MAX + sizeof(".part")];
	int r = find_name(f);

	if (r)
		return r;
	f->last_begun = f->begun;
	snprintf(part, sizeof(part), "%s.part", f->path);
	if (rename(part, f->last))
		return -errno;
	remove_old(f);
	return 0;
}

static void note_end(int status)
{
	desk.runs = 0;
	desk.failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void look_after(void)
{
	int status;

	if (desk.runs && waitpid(desk.runs, &status, WNOHANG) == desk.runs)
		note_end(status);
}

/* As from a shell: nothing is ignored or blocked, and Ctrl-C is not for it. */
static void become_program(const char *name, const char *summary)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGPIPE, SIGXFSZ};

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
	setsid();
	if (!desk.quiet)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	else
		dup2(STDOUT_FILENO, STDERR_FILENO);
	execl(desk.program, desk.program, name, summary, NULL);
	_exit(127);
}

static int start_program(const struct family *f, const char *summary)
{
	look_after();
	if (desk.runs)
		return -EBUSY;
	desk.runs = fork();
	if (desk.runs < 0) {
		desk.runs = 0;
		return -errno;
	}
	if (!desk.runs)
		become_program(f->last, summary);
	return 0;
}

static void wait_for_program(void)
{
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};

	for (int ms = 0; desk.runs && ms < PATIENCE_MS; ms += POLL_MS) {
		look_after();
		if (desk.runs)
			nanosleep(&pause, NULL);
	}
}

/* r, and beside it a descriptor when it is one. */
static void reply(int fd, int passed)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec part = {&desk.answer, sizeof(desk.answer)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (passed >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.head), &passed, sizeof(int));
	}
	if (sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
		_exit(0);
}

static void attend(int fd, const struct question *q)
{
	struct family *f = &desk.family[q->file < CLERK_FILES ? q->file : 0];
	int passed = -1, r = -EINVAL;

	if (q->what == ASKED_OPEN && f->path)
		r = passed = open_next(f);
	else if (q->what == ASKED_FINISH && f->path)
		r = give_name(f);
	else if (q->what == ASKED_RUN && f->last[0] && desk.program)
		r = start_program(f, q->summary);
	if (q->what == ASKED_END) {
		wait_for_program();
		r = (int)desk.failed;
	}
	desk.answer.r = passed < 0 ? r : 0;
	strcpy(desk.answer.name, f->last);
	reply(fd, passed);
	if (passed >= 0)
		close(passed);
}

/* It outlives Ctrl-C, which the run hears, and ends with the run. */
static void serve_run(int fd)
{
	static const int deaf[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
	static struct question q;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	ssize_t n;

	for (size_t i = 0; i < ARRAY_SIZE(deaf); i++)
		signal(deaf[i], SIG_IGN);
	/* Who reads what the run prints waits for the run alone. */
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	/* Where that is not allowed it may be late on a machine without memory. */
	mlockall(MCL_CURRENT | MCL_ONFAULT);
	while ((n = read(fd, &q, sizeof(q))) == (ssize_t)sizeof(q)) {
		q.summary[sizeof(q.summary) - 1] = '\0';
		attend(fd, &q);
	}
	_exit(0);
}

/* ---- in the run ---- */

static int cannot(const char *what, int error)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot %s: %s", what, strerror(error));
}

static int fork_off(struct clerk *c, const struct clerk_job *job)
{
	int pair[2];

	for (unsigned int i = 0; i < CLERK_FILES; i++) {
		int r = split(&desk.family[i], &job->file[i]);

		if (r)
			return cannot(job->file[i].path, -r);
	}
	desk.program = job->program;
	desk.quiet = job->quiet;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return cannot("make a pair of sockets", errno);
	c->pid = fork();
	if (c->pid == 0) {
		close(pair[0]);
		serve_run(pair[1]);
	}
	close(pair[1]);
	c->fd = pair[0];
	return c->pid < 0 ? cannot("start a process for files", errno) : 0;
}

int clerk_start(struct clerk **ret, const struct clerk_job *job)
{
	struct clerk *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return cannot("start a process for files", ENOMEM);
	c->fd = -1;
	r = fork_off(c, job);
	if (r) {
		closep(&c->fd);
		free(c);
		return r;
	}
	*ret = c;
	return 0;
}

/* The answer is in c->answer. Returns its r, or -errno. *ret_fd: what came with it; -1: nothing. */
static int ask(struct clerk *c, const struct question *q, int *ret_fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {&c->answer, sizeof(c->answer)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	struct cmsghdr *with;
	ssize_t n;

	*ret_fd = -1;
	do
		n = write(c->fd, q, sizeof(*q));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	do
		n = recvmsg(c->fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(c->answer))
		return n < 0 ? -errno : -EPIPE;
	with = CMSG_FIRSTHDR(&message);
	if (with && with->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(with), sizeof(int));
	return c->answer.r;
}

int clerk_open(struct clerk *c, unsigned int file)
{
	const struct question q = {.what = ASKED_OPEN, .file = file};
	int fd, r = ask(c, &q, &fd);

	return r < 0 ? r : fd < 0 ? -EMFILE : fd;
}

int clerk_finish(struct clerk *c, unsigned int file, char ret_name[PATH_MAX])
{
	const struct question q = {.what = ASKED_FINISH, .file = file};
	int fd, r = ask(c, &q, &fd);

	if (ret_name)
		memcpy(ret_name, c->answer.name, PATH_MAX);
	return r;
}

int clerk_run(struct clerk *c, unsigned int file, const char *summary)
{
	struct question q = {.what = ASKED_RUN, .file = file};
	int fd;

	snprintf(q.summary, sizeof(q.summary), "%s", summary);
	return ask(c, &q, &fd);
}

unsigned int clerk_end(struct clerk *c)
{
	const struct question q = {.what = ASKED_END};
	int fd, failed;

	if (!c)
		return 0;
	failed = ask(c, &q, &fd);
	close(c->fd);
	waitpid(c->pid, NULL, 0);
	free(c);
	return failed < 0 ? 0 : (unsigned int)failed;
}
