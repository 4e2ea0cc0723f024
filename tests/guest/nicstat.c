// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* nicstat - what a network interface's driver counts (as ethtool -S has it): "name value" lines. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int ask(int fd, const char *name, void *data)
{
	struct ifreq ifr = {0};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	ifr.ifr_data = data;
	return ioctl(fd, SIOCETHTOOL, &ifr);
}

static int fail(const char *what)
{
	fprintf(stderr, "nicstat: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc != 2 || fd < 0)
		return fail("one interface, please");
	if (ask(fd, argv[1], &info))
		return fail(argv[1]);
	names = calloc(1, sizeof(*names) + (size_t)info.n_stats * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + info.n_stats * sizeof(__u64));
	if (!names || !values)
		return fail("memory");
	*names = (struct ethtool_gstrings){ETHTOOL_GSTRINGS, ETH_SS_STATS, info.n_stats};
	*values = (struct ethtool_stats){ETHTOOL_GSTATS, info.n_stats};
	if (ask(fd, argv[1], names) || ask(fd, argv[1], values))
		return fail("statistics");
	printf("driver %s\n", info.driver);
	for (unsigned int i = 0; i < info.n_stats; i++)
		printf("%.*s %llu\n", ETH_GSTRING_LEN, (char *)names->data + i * ETH_GSTRING_LEN,
		       values->data[i]);
	free(names);
	free(values);
	close(fd);
	return 0;
}
