// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* textfile.c - see textfile.h. */
#include "out/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Its mode does not go by the umask: the reader is another user. */
static int write_new(const char *path, const char *text, size_t len, const char **ret_call)
{
	_cleanup_(closep) int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);

	*ret_call = "open";
	if (fd < 0)
		return -errno;
	*ret_call = "write";
	if (fchmod(fd, 0644))
		return -errno;
	return write_all(fd, text, len);
}

int textfile_write(const char *path, const char *text, size_t len, const char **ret_call)
{
	char beside[PATH_MAX];
	int r;

	*ret_call = "open";
	if ((size_t)snprintf(beside, sizeof(beside), "%s.tmp", path) >= sizeof(beside))
		return -ENAMETOOLONG;
	r = write_new(beside, text, len, ret_call);
	if (r < 0)
		return r;
	*ret_call = "rename";
	return rename(beside, path) ? -errno : 0;
}
