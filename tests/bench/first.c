// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * first WORD COMMAND... - run it until a line with WORD in it comes from its standard output, or to
 * its end when WORD is -, and say what that took: "elapsed_ns=N cpu_ns=N peak_kib=N lines=N". Then
 * end it. Exit status 1 when there was no such line.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static unsigned long long cpu_ns(const struct rusage *u)
{
	return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000000ULL +
	       (u->ru_utime.tv_usec + u->ru_stime.tv_usec) * 1000ULL;
}

static FILE *start(char **command, pid_t *pid)
{
	int fds[2];

	if (pipe(fds) || (*pid = fork()) < 0)
		return NULL;
	if (!*pid) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	close(fds[1]);
	return fdopen(fds[0], "re");
}

static int wait_for(FILE *out, const char *word, unsigned long *lines)
{
	int found = 0, to_end = !strcmp(word, "-");
	size_t size = 0;
	char *line = NULL;

	while (!found && getline(&line, &size, out) >= 0) {
		found = !to_end && strstr(line, word);
		++*lines;
	}
	free(line);
	return found || to_end;
}

int main(int argc, char **argv)
{
	unsigned long long begin = now_ns(), end;
	struct rusage usage = {};
	unsigned long lines = 0;
	int status, found;
	FILE *out;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: first WORD COMMAND...\n");
		return 2;
	}
	out = start(argv + 2, &pid);
	if (!out) {
		perror("first");
		return 1;
	}
	found = wait_for(out, argv[1], &lines);
	end = now_ns();
	kill(pid, SIGINT);
	wait4(pid, &status, 0, &usage);
	printf("elapsed_ns=%llu cpu_ns=%llu peak_kib=%ld lines=%lu\n", end - begin, cpu_ns(&usage),
	       usage.ru_maxrss, lines);
	return !found;
}
