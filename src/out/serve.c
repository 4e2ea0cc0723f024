// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* serve.c - see serve.h. */
#include "out/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/pace.h"
#include "base/util.h"
#include "out/gathered.h"
#include "out/http.h"
#include "out/metrics.h"
#include "out/notify.h"
#include "out/textfile.h"

#define STALE_NS (10 * 1000000000ULL)
/* Those who read the file do so at most every few seconds. */
#define TEXTFILE_NS (15 * 1000000000ULL)

struct serve {
	const struct serve_options *opt;
	struct source *source;
	struct http *http; /* NULL: none */
	struct notify notify;
	struct source_also also;
	struct gathered gathered;
	__u64 read_ns, written_ns; /* CLOCK_MONOTONIC; 0: not yet */
	int statm_fd;		   /* held open: nothing is opened while a scrape waits */
	bool textfile_failed;
	char text[METRICS_BYTES];
};

/* ---- what the process takes ---- */

static __u64 resident_bytes(const struct serve *s)
{
	unsigned long long size, resident = 0;
	char text[128];
	ssize_t n = s->statm_fd >= 0 ? pread(s->statm_fd, text, sizeof(text) - 1, 0) : -1;

	if (n <= 0)
		return 0;
	text[n] = '\0';
	if (sscanf(text, "%llu %llu", &size, &resident) != 2)
		return 0;
	return resident * (__u64)sysconf(_SC_PAGESIZE);
}

static __u64 timeval_ns(struct timeval t)
{
	return (__u64)t.tv_sec * 1000000000 + (__u64)t.tv_usec * 1000;
}

static struct metrics_self self_of(const struct serve *s)
{
	struct metrics_self self = {.resident_bytes = resident_bytes(s)};
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	self.cpu_ns = timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
	self.known = self.resident_bytes > 0;
	return self;
}

/* ---- answers ---- */

static bool give_metrics(void *arg, enum expo_format format, struct http_text *ret)
{
	struct serve *s = arg;
	const struct metrics_self self = self_of(s);
	unsigned int series;

	if (!s->read_ns || !metrics_write(&s->gathered, &self, format, s->text, &ret->len, &series))
		return false;
	ret->text = s->text;
	return true;
}

static size_t describe(char *buf, size_t size, const struct run_info *info)
{
	size_t len = 0;

	for (unsigned int i = 0; i < info->hooks && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "attached: %s at %s by %s\n",
					info->hook[i].name, info->hook[i].target,
					info->hook[i].attach);
	for (unsigned int i = 0; i < info->missings && len < size; i++)
		len += (size_t)snprintf(buf + len, size - len, "missing: %s\n", info->missing[i]);
	return len;
}

static bool give_health(void *arg, char *buf, size_t size)
{
	struct serve *s = arg;
	__u64 age = clock_ns(CLOCK_MONOTONIC) - s->read_ns;
	bool well = s->read_ns && age < STALE_NS && !s->gathered.head.final;
	int n;

	if (!s->read_ns)
		n = snprintf(buf, size, "starting: no reading yet\n");
	else if (s->gathered.head.final)
		n = snprintf(buf, size, "ending: nothing is attached any more\n");
	else
		n = snprintf(buf, size, "%s: the last reading is %llu ms old\n",
			     well ? "ok" : "stale", (unsigned long long)(age / 1000000));
	if (s->read_ns)
		describe(buf + n, size - (size_t)n, &s->gathered.head.info);
	return well;
}

static void on_readable(void *arg)
{
	http_run(((struct serve *)arg)->http);
}

/* ---- the file ---- */

/* What cannot be written now may be written later: it goes on, and says so once. */
static void write_textfile(struct serve *s)
{
	const char *call = "";
	unsigned int series;
	size_t len;
	int r = -ENOSPC;

	if (metrics_write(&s->gathered, NULL, EXPO_TEXT, s->text, &len, &series))
		r = textfile_write(s->opt->textfile, s->text, len, &call);
	if (r < 0 && !s->textfile_failed)
		log_warn("cannot write %s: %s: %s; trying again every 15 s", s->opt->textfile, call,
			 strerror(-r));
	s->textfile_failed = r < 0;
	s->written_ns = s->read_ns;
}

/* ---- the loop ---- */

static void tell_ready(const struct serve *s)
{
	const struct run_info *info = &s->gathered.head.info;
	char state[512];
	size_t len = (size_t)snprintf(state, sizeof(state), "READY=1\nSTATUS=attached:");

	for (unsigned int i = 0; i < info->hooks && len < sizeof(state); i++)
		len += (size_t)snprintf(state + len, sizeof(state) - len, " %s by %s",
					info->hook[i].name, info->hook[i].attach);
	notify_send(&s->notify, state);
}

static void take_report(struct serve *s)
{
	bool first = !s->read_ns;

	s->read_ns = clock_ns(CLOCK_MONOTONIC);
	if (s->http)
		http_renew(s->http);
	if (s->opt->textfile &&
	    (!s->written_ns || s->gathered.head.final || s->read_ns >= s->written_ns + TEXTFILE_NS))
		write_textfile(s);
	if (first)
		tell_ready(s);
	notify_alive(&s->notify, s->read_ns);
	if (s->gathered.head.final)
		notify_send(&s->notify, "STOPPING=1");
}

static int loop(struct serve *s, int stop_fd)
{
	const struct event *e = NULL;
	int item;

	for (;;) {
		item = s->source->ops->next(s->source, stop_fd, &s->gathered, &e);
		if (item == ITEM_EVENT)
			view_serve.event(&s->gathered, e);
		else if (item == ITEM_REPORT)
			take_report(s);
		else
			return item;
	}
}

static int open_http(struct serve *s)
{
	static const struct http_ops ops = {.metrics = give_metrics, .health = give_health};
	int r;

	if (s->opt->listen_fd < 0)
		return 0;
	r = http_open(&s->http, s->opt->listen_fd, &ops, s);
	if (!r)
		s->also = (struct source_also){http_fd(s->http), on_readable, s};
	return r;
}

int serve_open(struct serve **ret, const struct serve_options *opt)
{
	struct serve *s = calloc(1, sizeof(*s));

	*ret = s;
	if (!s)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	s->opt = opt;
	s->statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	notify_open(&s->notify);
	return open_http(s);
}

int serve_run(struct serve *s, struct source *source, int stop_fd)
{
	int r;

	s->source = source;
	source->also = s->http ? &s->also : NULL;
	r = loop(s, stop_fd);
	source->also = NULL;
	return r;
}

void serve_close(struct serve *s)
{
	if (!s)
		return;
	http_close(s->http);
	notify_close(&s->notify);
	if (s->statm_fd >= 0)
		close(s->statm_fd);
	free(s);
}
