// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* notify.c - see notify.h. */
#include "out/notify.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/util.h"

/* A path, or behind '@' a name that is in no file system. */
static int connect_to(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd;

	if ((path[0] != '/' && path[0] != '@') || len < 2 || len >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&to,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return fd;
	close(fd);
	return -1;
}

void notify_open(struct notify *n)
{
	const char *path = getenv("NOTIFY_SOCKET"), *usec = getenv("WATCHDOG_USEC");
	__u64 us;

	*n = (struct notify){.fd = path ? connect_to(path) : -1};
	if (usec && parse_u64(usec, 1, INT64_MAX / 1000, &us) == 0)
		n->watchdog_ns = us * 1000;
}

void notify_send(const struct notify *n, const char *state)
{
	if (n->fd >= 0)
		(void)send(n->fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void notify_alive(struct notify *n, __u64 now_ns)
{
	if (!n->watchdog_ns || now_ns < n->told_ns + n->watchdog_ns / 3)
		return;
	n->told_ns = now_ns;
	notify_send(n, "WATCHDOG=1");
}

void notify_close(struct notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}
