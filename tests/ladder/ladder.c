// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * ladder - serve GFP_ATOMIC requests at every watermark level, and fail them, on purpose.
 *
 * A queued real-time signal costs its sender one record, which the kernel takes with GFP_ATOMIC;
 * when it cannot, sigqueue() says EAGAIN. So user space knows for certain how many allocations
 * were asked for and lost. And the marks are brought to the free memory, not the memory to the
 * marks: vm.min_free_kbytes goes up for some milliseconds and back.
 *
 *	step  free memory is               a GFP_ATOMIC request is
 *	A     above the low mark           served at once
 *	B     between min and low          served, kswapd is woken
 *	C     between 0.5 and 1 of min     served out of the reserve
 *	D     between 0.375 and 0.5        the same, but not if it carries __GFP_NOMEMALLOC
 *	E     below 0.375 of min           refused
 *
 * A request is refused only when every zone refuses it, so the best zone tells the step.
 *
 * Records come out of the slab allocator, whose pages are the requests. Freed ones stay with it,
 * so the signals are taken in at the very end, and some are sent beforehand (the warm-up) to use
 * up what the slab allocator has: from then on every page of records is a request.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define ZONES_MAX 64
#define TRIES_MAX 8
#define COUNT_MAX 1000000
#define HOLD_MS_MAX 10000
#define WARM_UP 2000
#define SIGNAL SIGRTMIN

enum step { A, B, C, D, E, STEPS };

/* Free memory as a multiple of min, in the middle of each step's band. A needs no raised mark. */
static const double target_ratio[STEPS] = {0, 1.11, 0.7, 0.435, 0.32};

enum exit_code { EXIT_USAGE = 2, EXIT_NO_BAND = 3 };

struct zone {
	int node;
	char name[16];
	long free, min, low, managed;
	long reserve; /* kept back from requests that could have the Normal zone */
};

struct zones {
	struct zone zone[ZONES_MAX];
	int nr;
};

struct result {
	enum step step;
	double k;	  /* min_free_kbytes over free memory */
	struct zone best; /* the zone that decides, before the signals */
	enum step band, band_after;
	long sent, eagain;
	uint64_t elapsed_ns;
	int tries;
};

static struct {
	long count[STEPS]; /* 0: step is left out */
	long faults;
	long hold_ms;
	bool json;
	bool silent;
} opt;

static int min_free_fd = -1;
static int zoneinfo_fd = -1;
static char min_free_before[32];
static volatile sig_atomic_t ended_by; /* a signal */
static char zoneinfo[1 << 20];

/* --- the way back ---------------------------------------------------------------------- */

/* Only what a signal handler may call. */
static void restore(void)
{
	if (min_free_fd >= 0 && min_free_before[0] &&
	    pwrite(min_free_fd, min_free_before, strlen(min_free_before), 0) < 0) {
		static const char why[] = "ladder: vm.min_free_kbytes could not be restored\n";
		ssize_t n = write(STDERR_FILENO, why, sizeof(why) - 1);

		(void)n;
	}
}

static void on_signal(int sig)
{
	restore();
	ended_by = sig;
}

static void on_fault(int sig)
{
	restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

__attribute__((format(printf, 2, 3), noreturn)) static void die(int code, const char *fmt, ...)
{
	va_list ap;

	restore();
	va_start(ap, fmt);
	fputs("ladder: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(code);
}

static void leave_if_ended(void)
{
	if (!ended_by)
		return;
	restore(); /* the mark may have been raised again since the handler ran */
	exit(128 + ended_by);
}

static void catch_signals(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGALRM, SIGQUIT};
	static const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		signal(ends[i], on_signal);
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		signal(faults[i], on_fault);
}

/* --- zones ----------------------------------------------------------------------------- */

/* Where in "protection" the figure for a request that may have the Normal zone stands. */
static long protection_of(const char *list, int normal)
{
	long value = 0;
	int i;

	for (i = 0; i <= normal && (list = strpbrk(list, "0123456789")); i++)
		value = strtol(list, (char **)&list, 10);
	return value;
}

/* Normal's place in a node's list of zones, which has the empty ones too. */
static int index_of_normal(const char *text)
{
	int node, first = -1, index = 0;
	char name[16];

	for (; text; text = strstr(text + 1, "Node ")) {
		if (sscanf(text, "Node %d, zone %15s", &node, name) != 2)
			continue;
		if (first < 0)
			first = node;
		if (node != first)
			break;
		if (!strcmp(name, "Normal"))
			return index;
		index++;
	}
	return 0;
}

static bool for_atomic(const char *name)
{
	return !strcmp(name, "DMA") || !strcmp(name, "DMA32") || !strcmp(name, "Normal");
}

static void parse_line(struct zone *z, const char *line, int normal)
{
	long value;
	char key[32];

	if (sscanf(line, " pages free %ld", &value) == 1)
		z->free = value;
	else if (sscanf(line, " protection: %31s", key) == 1)
		z->reserve = protection_of(strchr(line, ':'), normal);
	else if (sscanf(line, " %31s %ld", key, &value) != 2)
		return;
	else if (!strcmp(key, "min"))
		z->min = value;
	else if (!strcmp(key, "low"))
		z->low = value;
	else if (!strcmp(key, "managed"))
		z->managed = value;
}

static void parse_zones(struct zones *zones, char *text)
{
	int normal = index_of_normal(text);
	struct zone *z = NULL;
	struct zone next = {0};
	char *line;

	zones->nr = 0;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "Node %d, zone %15s", &next.node, next.name) == 2) {
			if (z && !z->managed)
				zones->nr--; /* an empty zone: its place is free again */
			z = NULL;
			if (for_atomic(next.name) && zones->nr < ZONES_MAX) {
				z = &zones->zone[zones->nr++];
				*z = next;
			}
		} else if (z) {
			parse_line(z, line, normal);
		}
	}
	if (z && !z->managed)
		zones->nr--;
}

/* The file stays open: its buffer was allocated by the first read, and no read here allocates. */
static void read_zones(struct zones *zones)
{
	size_t have = 0;
	ssize_t n;

	if (lseek(zoneinfo_fd, 0, SEEK_SET) < 0)
		die(EXIT_FAILURE, "/proc/zoneinfo: %s", strerror(errno));
	do {
		n = read(zoneinfo_fd, zoneinfo + have, sizeof(zoneinfo) - 1 - have);
		if (n > 0)
			have += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		die(EXIT_FAILURE, "/proc/zoneinfo: %s", strerror(errno));
	zoneinfo[have] = '\0';
	parse_zones(zones, zoneinfo);
	if (!zones->nr)
		die(EXIT_FAILURE, "/proc/zoneinfo names no zone that atomic requests can have");
}

/* The kernel's own test, order 0: free - reserve > mark. */
static enum step band_of_zone(const struct zone *z)
{
	long free = z->free - z->reserve;
	long half = z->min - z->min / 2;

	if (free > z->low)
		return A;
	if (free > z->min)
		return B;
	if (free > half)
		return C;
	return free > half - half / 4 ? D : E;
}

static const struct zone *best_zone(const struct zones *zones)
{
	const struct zone *best = &zones->zone[0];
	int i;

	/* From the highest down: of equals, a request is served by that one. */
	for (i = zones->nr - 1; i >= 0; i--) {
		const struct zone *z = &zones->zone[i];

		if (i == zones->nr - 1 || band_of_zone(z) < band_of_zone(best))
			best = z;
	}
	return best;
}

static long total(const struct zones *zones, bool managed)
{
	long sum = 0;
	int i;

	for (i = 0; i < zones->nr; i++)
		sum += managed ? zones->zone[i].managed : zones->zone[i].free;
	return sum;
}

/*
 * vm.min_free_kbytes, in pages, is dealt out to the zones by their size. The sum at which the best
 * zone's free pages are @ratio of its min is the largest that any zone calls for.
 */
static long sum_for_ratio(const struct zones *zones, double ratio)
{
	double managed = total(zones, true), sum, largest = 0;
	int i;

	for (i = 0; i < zones->nr; i++) {
		const struct zone *z = &zones->zone[i];

		sum = (z->free - z->reserve) / ratio * managed / z->managed;
		if (sum > largest)
			largest = sum;
	}
	return largest;
}

static void set_min_free(long pages)
{
	long kbytes = pages * (sysconf(_SC_PAGESIZE) / 1024);
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld\n", kbytes);

	if (pwrite(min_free_fd, text, len, 0) != len)
		die(EXIT_FAILURE, "vm.min_free_kbytes = %ld: %s", kbytes, strerror(errno));
}

/* --- signals --------------------------------------------------------------------------- */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void send_signals(struct result *r, long count)
{
	union sigval value = {.sival_int = 0};
	uint64_t start = now_ns();
	pid_t self = getpid();

	for (r->sent = 0; r->sent < count && !ended_by; r->sent++) {
		if (!sigqueue(self, SIGNAL, value))
			continue;
		if (errno != EAGAIN)
			die(EXIT_FAILURE, "sigqueue: %s", strerror(errno));
		r->eagain++;
	}
	r->elapsed_ns = now_ns() - start;
}

static void warm_up(void)
{
	struct result r = {0};

	send_signals(&r, WARM_UP);
	leave_if_ended();
	if (!opt.silent)
		printf(opt.json ? "{\"step\":\"warm-up\",\"sent\":%ld,\"eagain\":%ld}\n"
				: "step=warm-up sent=%ld eagain=%ld\n",
		       r.sent, r.eagain);
}

static void drain_signals(void)
{
	struct timespec at_once = {0, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGNAL);
	while (sigtimedwait(&set, NULL, &at_once) > 0 || errno == EINTR)
		;
}

/* --- one step -------------------------------------------------------------------------- */

static void print_result(const struct result *r)
{
	const struct zone *z = &r->best;

	if (opt.silent)
		return;
	if (opt.json)
		printf("{\"step\":\"%c\",\"k\":%.3f,\"zone\":\"%s\",\"node\":%d,\"free\":%ld,"
		       "\"min\":%ld,\"low\":%ld,\"reserve\":%ld,\"band\":\"%c\",\"band_after\":\"%"
		       "c\","
		       "\"tries\":%d,\"sent\":%ld,\"eagain\":%ld,\"elapsed_ns\":%llu}\n",
		       'A' + r->step, r->k, z->name, z->node, z->free, z->min, z->low, z->reserve,
		       'A' + r->band, 'A' + r->band_after, r->tries, r->sent, r->eagain,
		       (unsigned long long)r->elapsed_ns);
	else
		printf("step=%c k=%.3f zone=%s node=%d free=%ld min=%ld low=%ld reserve=%ld "
		       "band=%c band_after=%c tries=%d sent=%ld eagain=%ld elapsed_ns=%llu\n",
		       'A' + r->step, r->k, z->name, z->node, z->free, z->min, z->low, z->reserve,
		       'A' + r->band, 'A' + r->band_after, r->tries, r->sent, r->eagain,
		       (unsigned long long)r->elapsed_ns);
	fflush(stdout);
}

/* Moves the marks until the memory is where @step wants it; says where it is. */
static void climb(struct result *r)
{
	struct zones zones;
	long sum;

	for (r->tries = 1; r->tries <= TRIES_MAX; r->tries++) {
		leave_if_ended();
		read_zones(&zones);
		if (r->step != A) {
			sum = sum_for_ratio(&zones, target_ratio[r->step]);
			r->k = (double)sum / total(&zones, false);
			set_min_free(sum);
			read_zones(&zones);
		}
		r->best = *best_zone(&zones);
		r->band = band_of_zone(&r->best);
		if (r->band == r->step)
			return;
		restore();
		usleep(10000); /* what the marks woke may settle */
	}
	die(EXIT_NO_BAND,
	    "step %c: the memory stays in band %c (zone %s: free %ld, min %ld, low %ld, reserve "
	    "%ld)",
	    'A' + r->step, 'A' + r->band, r->best.name, r->best.free, r->best.min, r->best.low,
	    r->best.reserve);
}

static void hold_still(void)
{
	struct timespec ts = {opt.hold_ms / 1000, opt.hold_ms % 1000 * 1000000};

	while (!ended_by && nanosleep(&ts, &ts) && errno == EINTR)
		;
}

static void do_step(enum step step)
{
	struct result r = {.step = step};
	struct zones zones;

	climb(&r);
	send_signals(&r, opt.count[step]);
	read_zones(&zones);
	r.band_after = band_of_zone(best_zone(&zones));
	if (opt.hold_ms) {
		print_result(&r);
		hold_still();
	}
	restore();
	leave_if_ended();
	if (!opt.hold_ms)
		print_result(&r);
}

static void do_faults(void)
{
	size_t page = sysconf(_SC_PAGESIZE), len = page * opt.faults;
	uint64_t start;
	char *mem;
	size_t i;

	mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		die(EXIT_FAILURE, "mmap of %ld pages: %s", opt.faults, strerror(errno));
	madvise(mem, len, MADV_NOHUGEPAGE);
	start = now_ns();
	for (i = 0; i < len && !ended_by; i += page)
		((volatile char *)mem)[i] = 1;
	if (!opt.silent)
		printf(opt.json ? "{\"faults\":%ld,\"elapsed_ns\":%llu}\n"
				: "faults=%ld elapsed_ns=%llu\n",
		       (long)(i / page), (unsigned long long)(now_ns() - start));
	munmap(mem, len);
	leave_if_ended();
}

/* --- main ------------------------------------------------------------------------------ */

static const char usage_text[] =
	"usage: ladder [options]\n"
	"  --steps LIST   steps to run, in order A to E, each with a count if wanted:\n"
	"                 ABCDE, or A:1500,E:300 (default A to D 1500, E 300)\n"
	"  --count N      signals per step that LIST gives no count\n"
	"  --hold MS      stay at each step for so long after its signals; below min (C to E)\n"
	"                 the rest of the system runs out of memory meanwhile\n"
	"  --faults N     touch N anonymous pages; alone, or before the steps of --steps\n"
	"  --json         one JSON object a line\n"
	"  --silent       print errors only\n"
	"Needs root. vm.min_free_kbytes is put back at the end of each step, and on signals.\n";

static long number(const char *text, long max, const char *what)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < 1 || value > max)
		die(EXIT_USAGE, "%s is a number from 1 to %ld, not \"%s\"", what, max, text);
	return value;
}

/* "A:10,BC,E:300" */
static void parse_steps(char *list, long count)
{
	char *part, *n;

	for (part = strtok(list, ","); part; part = strtok(NULL, ",")) {
		n = strchr(part, ':');
		if (n)
			*n++ = '\0';
		for (; *part; part++) {
			if (*part < 'A' || *part > 'E')
				die(EXIT_USAGE, "no step \"%c\"", *part);
			opt.count[*part - 'A'] = n ? number(n, COUNT_MAX, "a count")
						   : (count	     ? count
						      : *part == 'E' ? 300
								     : 1500);
		}
	}
}

static void parse_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{"steps", required_argument, NULL, 's'}, {"count", required_argument, NULL, 'c'},
		{"hold", required_argument, NULL, 'h'},	 {"faults", required_argument, NULL, 'f'},
		{"json", no_argument, NULL, 'j'},	 {"silent", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, '?'},	 {NULL, 0, NULL, 0},
	};
	char all[] = "ABCDE";
	char *steps = NULL;
	long count = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 's':
			steps = optarg;
			break;
		case 'c':
			count = number(optarg, COUNT_MAX, "--count");
			break;
		case 'h':
			opt.hold_ms = number(optarg, HOLD_MS_MAX, "--hold");
			break;
		case 'f':
			opt.faults = number(optarg, 1L << 30, "--faults");
			break;
		case 'j':
			opt.json = true;
			break;
		case 'q':
			opt.silent = true;
			break;
		default:
			fputs(usage_text, stderr);
			exit(EXIT_USAGE);
		}
	}
	if (optind < argc)
		die(EXIT_USAGE, "what is \"%s\"?", argv[optind]);
	if (steps || !opt.faults)
		parse_steps(steps ? steps : all, count);
}

static void read_min_free(void)
{
	ssize_t n = pread(min_free_fd, min_free_before, sizeof(min_free_before) - 1, 0);

	if (n <= 0)
		die(EXIT_FAILURE, "vm.min_free_kbytes: %s", strerror(errno));
	min_free_before[n] = '\0';
}

/* All that takes memory is done before the marks are raised. */
static void prepare(void)
{
	struct rlimit pending = {(STEPS + 1) * COUNT_MAX, (STEPS + 1) * COUNT_MAX};
	static char out[1 << 16];
	sigset_t set;
	int fd;

	setvbuf(stdout, out, _IOFBF, sizeof(out));
	min_free_fd = open("/proc/sys/vm/min_free_kbytes", O_RDWR | O_CLOEXEC);
	if (min_free_fd < 0)
		die(EXIT_FAILURE, "vm.min_free_kbytes: %s", strerror(errno));
	read_min_free();
	catch_signals();
	zoneinfo_fd = open("/proc/zoneinfo", O_RDONLY | O_CLOEXEC);
	if (zoneinfo_fd < 0)
		die(EXIT_FAILURE, "/proc/zoneinfo: %s", strerror(errno));
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "-1000", 5) != 5)
		die(EXIT_FAILURE, "oom_score_adj: %s", strerror(errno));
	close(fd);
	if (setrlimit(RLIMIT_SIGPENDING, &pending))
		die(EXIT_FAILURE, "RLIMIT_SIGPENDING: %s", strerror(errno));
	sigemptyset(&set);
	sigaddset(&set, SIGNAL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		die(EXIT_FAILURE, "mlockall: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	static struct zones zones;
	int step;

	parse_options(argc, argv);
	if (opt.faults)
		do_faults();
	for (step = A; step < STEPS; step++) {
		if (!opt.count[step])
			continue;
		if (min_free_fd < 0) {
			prepare();
			read_zones(&zones); /* the file's buffer grows to its size */
			warm_up();
		}
		do_step(step);
	}
	drain_signals();
	return EXIT_SUCCESS;
}
