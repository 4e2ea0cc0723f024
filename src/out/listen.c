// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* listen.c - see listen.h. */
#include "out/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/util.h"

#define BACKLOG 64
#define FIRST_PASSED 3 /* sd_listen_fds(3): SD_LISTEN_FDS_START */

struct address {
	char host[64], port[8];
};

static bool copy(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* Numbers alone: to ask for a name would wait for others. */
static bool split(const char *text, struct address *a)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	__u64 port;

	if (!colon || parse_u64(colon + 1, 1, 65535, &port) < 0)
		return false;
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	} else if (memchr(text, ':', len)) {
		return false;
	}
	return copy(a->host, sizeof(a->host), text, len) &&
	       copy(a->port, sizeof(a->port), colon + 1, strlen(colon + 1));
}

static struct addrinfo *resolve(const struct address *a)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_family = a->host[0] ? AF_UNSPEC : AF_INET6, /* of which IPv4 is a part */
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list = NULL;

	return getaddrinfo(a->host[0] ? a->host : NULL, a->port, &hints, &list) ? NULL : list;
}

bool listen_is_address(const char *text)
{
	struct address a;
	struct addrinfo *list = split(text, &a) ? resolve(&a) : NULL;

	if (!list)
		return false;
	freeaddrinfo(list);
	return true;
}

static int bound(const struct addrinfo *to, int *ret)
{
	const int on = 1;
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*ret = fd;
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, to->ai_addr, to->ai_addrlen) || listen(fd, BACKLOG))
		return -errno;
	return 0;
}

static const char *what_to_do(int error)
{
	if (error == -EADDRINUSE)
		return "another process has the port: give another one with --listen";
	if (error == -EADDRNOTAVAIL)
		return "this machine has no such address: give one of its own with --listen";
	if (error == -EACCES)
		return "ports below 1024 are privileged: give a higher one with --listen";
	return "see --listen";
}

/* 0: none was passed. FAIL() once logged. */
static int passed(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	__u64 for_pid, n;

	if (!pid || !fds || parse_u64(pid, 1, INT64_MAX, &for_pid) || for_pid != (__u64)getpid() ||
	    parse_u64(fds, 1, 1024, &n))
		return 0;
	if (n != 1)
		return log_err(
			FAIL(LAB_EXIT_USAGE),
			"systemd passed %s sockets: give the socket unit one ListenStream=", fds);
	if (fcntl(FIRST_PASSED, F_SETFD, FD_CLOEXEC) ||
	    fcntl(FIRST_PASSED, F_SETFL, O_NONBLOCK | fcntl(FIRST_PASSED, F_GETFL)))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "the socket that systemd passed: %s",
			       strerror(errno));
	return FIRST_PASSED;
}

int listen_open(const char *address)
{
	const char *text = address ?: LISTEN_DEFAULT;
	struct addrinfo *list;
	struct address a;
	int fd = passed(), r;

	if (fd)
		return fd;
	list = split(text, &a) ? resolve(&a) : NULL;
	if (!list)
		return log_err(FAIL(LAB_EXIT_USAGE), "\"%s\" is no address and port", text);
	r = bound(list, &fd);
	freeaddrinfo(list);
	if (!r)
		return fd;
	if (fd >= 0)
		close(fd);
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot listen at %s: %s; %s", text, strerror(-r),
		       what_to_do(r));
}
