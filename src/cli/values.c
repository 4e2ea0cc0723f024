// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* values.c - the words of the command line as values; what is wrong with one, in one line. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exits.h"
#include "model/figures.h"
#include "cli/nearest.h"
#include "cli/values.h"
#include "cli/words.h"
#include "base/util.h"
#include "out/gathered.h"
#include "out/listen.h"
#include "view/views.h"
#include "model/names.h"

#define INTERVAL_MIN_NS 1000000ULL
#define CPU_MAX 65535
#define KEEP_FILES_MOST 1000000
#define NS_PER_S 1000000000ULL
#define KEEP_MOST_NS (3600 * NS_PER_S)
#define BUDGET_MIN_NS 100000ULL /* 0.01 % of a processor */

int usage(const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return log_err(FAIL(LAB_EXIT_USAGE), "%s; see --help", what);
}

static int get_duration(const char *name, const char *arg, __u64 *ret)
{
	int r = parse_duration(arg, ret);

	if (r == -ERANGE)
		return usage(
			"%s \"%s\" is out of range: it must be more than 0 and below 292 years",
			name, arg);
	if (r < 0)
		return usage("%s \"%s\" is not a time: give seconds as 2 or 0.5, or 250ms, 5m, 1h",
			     name, arg);
	return 0;
}

static int get_interval(struct parse *p, const char *arg)
{
	__u64 ns;
	int r;

	if (p->interval_given)
		return usage(
			"the interval is given twice, the second time as \"%s\": leave one out",
			arg);
	r = get_duration("the interval", arg, &ns);
	if (r < 0)
		return r;
	if (ns < INTERVAL_MIN_NS)
		return usage("the interval \"%s\" is too short: 1ms is the shortest", arg);
	p->opt->interval_ns = ns;
	p->interval_given = true;
	return 0;
}

int set_interval(struct parse *p, const char *arg)
{
	/* -i may be repeated like any option, the last one wins; but not beside a positional. */
	if (p->positionals == 0)
		p->interval_given = false;
	return get_interval(p, arg);
}

int set_duration(struct parse *p, const char *arg)
{
	return get_duration("the duration", arg, &p->opt->duration_ns);
}

int set_cpu(struct parse *p, const char *arg)
{
	__u64 cpu;

	if (parse_u64(arg, 0, CPU_MAX, &cpu) < 0)
		return usage("cpu \"%s\" is not a number from 0 to %d", arg, CPU_MAX);
	p->opt->cpu = (__s32)cpu;
	p->opt->cpu_given = true;
	return 0;
}

/* The next entry of a comma list at *s, copied to buf; *s moves on. Its length, or -ERANGE. */
static int next_entry(const char **s, char *buf, size_t size)
{
	size_t len = strcspn(*s, ",");

	if (len >= size)
		return -ERANGE;
	memcpy(buf, *s, len);
	buf[len] = '\0';
	*s += len;
	return (int)len;
}

int set_class(struct parse *p, const char *arg)
{
	const char *s = arg;
	__u32 mask = 0;
	char name[16];

	for (;;) {
		unsigned int class = 0;

		if (next_entry(&s, name, sizeof(name)) < 0)
			class = LAB_CLASSES;
		while (class_name(class) && strcmp(class_name(class), name) != 0)
			class ++;
		if (!class_name(class))
			return usage(
				"\"%s\" is not a list of classes: give some of atomic, nowait, "
				"nolock, high, blocking",
				arg);
		mask |= 1U << class;
		if (*s++ == '\0')
			break;
	}
	p->opt->class_mask = mask;
	p->opt->class_given = true;
	return 0;
}

int set_order(struct parse *p, const char *arg)
{
	const char *s = arg;
	__u32 mask = 0;
	char entry[16];

	for (;;) {
		if (next_entry(&s, entry, sizeof(entry)) < 0 || parse_orders(entry, &mask) < 0)
			return usage("\"%s\" is not a list of orders: give 0, 1-3 or 0,4; the "
				     "highest is %d, for that order and above",
				     arg, LAB_ORDERS - 1);
		if (*s++ == '\0')
			break;
	}
	p->opt->order_mask = mask;
	p->opt->order_given = true;
	return 0;
}

int set_attach(struct parse *p, const char *arg)
{
	static const char *const names[] = {
		[ATTACH_AUTO] = "auto",		[ATTACH_FENTRY] = "fentry",
		[ATTACH_KPROBE] = "kprobe",	[ATTACH_RAW_TP] = "raw_tp",
		[ATTACH_SLOWPATH] = "slowpath",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(arg, names[i]) == 0) {
			p->opt->attach = (enum attach_mode)i;
			return 0;
		}
	}
	return usage("\"%s\" is not a way to attach: give auto, fentry, kprobe, raw_tp or slowpath",
		     arg);
}

int set_no_latency(struct parse *p, const char *arg)
{
	(void)arg;
	p->opt->attach = ATTACH_RAW_TP;
	return 0;
}

int set_split(struct parse *p, const char *arg)
{
	(void)arg;
	p->opt->json = true;
	p->opt->split = true;
	return 0;
}

static int set_path(const char *name, const char *arg, const char **path)
{
	if (arg[0] == '\0')
		return usage("--%s needs the name of a file, not an empty string", name);
	*path = arg;
	return 0;
}

int set_btf(struct parse *p, const char *arg)
{
	return set_path("btf", arg, &p->opt->btf_path);
}

int set_replay(struct parse *p, const char *arg)
{
	return set_path("replay", arg, &p->opt->replay_path);
}

int set_record(struct parse *p, const char *arg)
{
	return set_path("record", arg, &p->opt->record.path);
}

/* "100M", "1.5G", "64KiB"; -EINVAL: it is none. */
static int parse_bytes(const char *arg, __u64 *ret)
{
	static const char units[] = "KMGT";
	char *end;
	double n = strtod(arg, &end);
	const char *unit = *end ? strchr(units, *end) : NULL;

	if (!unit || end == arg || !(arg[0] >= '0' && arg[0] <= '9') || !(n > 0) || n > 1e6 ||
	    (end[1] && strcmp(end + 1, "iB") != 0 && strcmp(end + 1, "B") != 0))
		return -EINVAL;
	*ret = (__u64)(n * (double)(1024ULL << (10 * (unit - units))));
	return 0;
}

/* One of each may be given. */
int set_rotate(struct parse *p, const char *arg)
{
	if (parse_bytes(arg, &p->opt->record.rotate_bytes) == 0)
		return 0;
	if (parse_duration(arg, &p->opt->record.rotate_ns) == 0)
		return 0;
	return usage("\"%s\" is neither a size nor a time: give 64K, 100M or 1G, or 10m or 1h",
		     arg);
}

int set_keep_files(struct parse *p, const char *arg)
{
	__u64 n;

	if (parse_u64(arg, 0, KEEP_FILES_MOST, &n) < 0)
		return usage("\"%s\" is not a number of files: give 1 or more, or 0 for all", arg);
	p->opt->record.keep = (unsigned int)n;
	p->opt->keep_files_given = true;
	return 0;
}

/* A name without '/' is looked for in PATH, as shells do. */
static bool find_program(const char *arg, char path[PATH_MAX])
{
	const char *folder = strchr(arg, '/') ? "" : getenv("PATH"), *end;

	for (; folder; folder = *end ? end + 1 : NULL) {
		struct stat st;

		end = strchrnul(folder, ':');
		snprintf(path, PATH_MAX, "%.*s%s%s", (int)(end - folder), folder,
			 end > folder ? "/" : "", arg);
		if (access(path, X_OK) == 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode))
			return true;
	}
	return false;
}

int set_on_lost(struct parse *p, const char *arg)
{
	static char path[PATH_MAX];

	if (!find_program(arg, path))
		return usage("\"%s\" is no program that can be run: --on-lost takes one without "
			     "arguments; write a script",
			     arg);
	p->opt->flight.program = path;
	return 0;
}

int set_lost_file(struct parse *p, const char *arg)
{
	return set_path("lost-file", arg, &p->opt->flight.path);
}

int set_keep(struct parse *p, const char *arg)
{
	int r = get_duration("the time to keep", arg, &p->opt->flight.keep_ns);

	if (r < 0)
		return r;
	if (p->opt->flight.keep_ns < NS_PER_S || p->opt->flight.keep_ns > KEEP_MOST_NS)
		return usage("\"%s\" is not a time to keep: give from 1s to 1h", arg);
	p->opt->keep_given = true;
	return 0;
}

int set_color(struct parse *p, const char *arg)
{
	static const char *const names[] = {
		[COLOURS_AUTO] = "auto",
		[COLOURS_ALWAYS] = "always",
		[COLOURS_NEVER] = "never",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(arg, names[i]) == 0) {
			p->opt->colours = (enum colours)i;
			return 0;
		}
	}
	return usage("\"%s\" is not when to colour: give auto, always or never", arg);
}

int set_folded(struct parse *p, const char *arg)
{
	for (unsigned int i = WEIGHT_FAILED; i < WEIGHTS; i++) {
		if (strcmp(arg, stack_weight_name(i)) == 0) {
			p->opt->folded = (enum stack_weight)i;
			return 0;
		}
	}
	return usage("\"%s\" is not what a stack weighs: give failed, lost or pages", arg);
}

int set_rows(struct parse *p, const char *arg)
{
	__u64 n;

	if (parse_u64(arg, 1, UINT32_MAX, &n) < 0)
		return usage("\"%s\" is not a number of rows: give 1 or more", arg);
	p->opt->rows = (__u32)n;
	return 0;
}

static int set_when(const char *arg, struct when *when)
{
	if (when_parse(arg, when) < 0)
		return usage("\"%s\" is not a time: give \"2026-11-21 03:26:35\", or 03:26, with a "
			     "Z behind it where it is UTC",
			     arg);
	return 0;
}

int set_from(struct parse *p, const char *arg)
{
	return set_when(arg, &p->opt->from);
}

int set_to(struct parse *p, const char *arg)
{
	return set_when(arg, &p->opt->to);
}

int set_help(struct parse *p, const char *arg)
{
	(void)arg;
	p->print = PRINT_HELP;
	return 1;
}

int set_version(struct parse *p, const char *arg)
{
	(void)arg;
	p->print = PRINT_VERSION;
	return 1;
}

int set_schema(struct parse *p, const char *arg)
{
	(void)arg;
	p->print = PRINT_SCHEMA;
	return 1;
}

int set_verbose(struct parse *p, const char *arg)
{
	(void)arg;
	p->opt->verbose++;
	return 0;
}

int set_slower(struct parse *p, const char *arg)
{
	return get_duration("the latency", arg, &p->opt->slower_ns);
}

int set_below(struct parse *p, const char *arg)
{
	if (strcmp(arg, level_name(LAB_LEVEL_LOW)) == 0)
		p->opt->below_level = LAB_LEVEL_LOW;
	else if (strcmp(arg, level_name(LAB_LEVEL_MIN)) == 0)
		p->opt->below_level = LAB_LEVEL_MIN;
	else
		return usage("\"%s\" is not a mark: give low or min", arg);
	return 0;
}

int set_sample(struct parse *p, const char *arg)
{
	__u64 n;

	if (parse_u64(arg, 1, 1U << 20, &n) < 0 || n & (n - 1))
		return usage("\"%s\" is not a power of two from 1 to 1048576", arg);
	p->opt->sample = (__u32)n;
	return 0;
}

/* A percentage as a part of a second: parse_duration() knows fractions. */
static int parse_percent(const char *arg, __u64 *ret_ns)
{
	size_t len = strspn(arg, "0123456789.");
	char number[32];
	__u64 ns;
	int r;

	if (len >= sizeof(number) || strcmp(arg + len, arg[len] == '%' ? "%" : "") != 0)
		return -EINVAL;
	memcpy(number, arg, len);
	number[len] = '\0';
	r = parse_duration(number, &ns);
	if (!r)
		*ret_ns = ns / 100;
	return r;
}

int set_budget(struct parse *p, const char *arg)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	__u64 most = (cpus > 0 ? (__u64)cpus : 1) * NS_PER_S, ns = 0;

	if (parse_percent(arg, &ns) < 0 || ns < BUDGET_MIN_NS || ns > most)
		return usage(
			"\"%s\" is not a percentage of one processor: give 1, 0.5 or 1%%, from "
			"0.01 to %llu, which is all processors of this machine",
			arg, (unsigned long long)(most / (NS_PER_S / 100)));
	p->opt->budget_ns = ns;
	return 0;
}

int set_listen(struct parse *p, const char *arg)
{
	if (!listen_is_address(arg))
		return usage("\"%s\" is no address and port: give 127.0.0.1:10435, [::1]:10435, or "
			     ":10435 for all addresses",
			     arg);
	p->opt->listen_at = arg;
	return 0;
}

/* node_exporter reads files of that ending alone. */
int set_textfile(struct parse *p, const char *arg)
{
	size_t len = strlen(arg);

	if (len <= strlen(".prom") || strcmp(arg + len - strlen(".prom"), ".prom") != 0)
		return usage("\"%s\" does not end in .prom, and node_exporter reads no other file",
			     arg);
	p->opt->textfile_path = arg;
	return 0;
}

const char *view_name(const struct options *opt)
{
	return opt->view ? opt->view->name : "check";
}

bool set_view(struct parse *p, const char *arg)
{
	const struct view *view = word_view(arg);

	if (!view && strcmp(arg, "check") != 0)
		return false;
	p->opt->view = view;
	p->view_given = true;
	return true;
}

int bad_view(const char *arg)
{
	const char *near = nearest(arg, word_name);
	const struct view *view;
	char names[256];
	size_t len = 0;

	for (unsigned int i = 0; len < sizeof(names) && (view = view_at(i)); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s, ", view->name);
	return usage("\"%s\" is neither a view (%scheck, serve) nor an interval%s%s%s", arg, names,
		     near ? "; did you mean " : "", near ?: "", near ? "?" : "");
}

static int get_count(struct parse *p, const char *arg)
{
	if (parse_u64(arg, 1, INT64_MAX, &p->opt->count) < 0)
		return usage("count \"%s\" is not a number: give 1 or more", arg);
	return 0;
}

/* Of check an interval is refused later, whatever it is. */
static bool takes_interval(const struct options *opt)
{
	return !opt->view || opt->view->options & OPTION_INTERVAL;
}

int set_positional(struct parse *p, const char *arg)
{
	bool first = p->positionals == 0 && !p->view_given;

	if (first && set_view(p, arg))
		return 0;
	if (first && !strchr("0123456789.", arg[0]))
		return bad_view(arg);
	p->positionals++;
	if (!takes_interval(p->opt))
		return p->positionals == 1
			       ? get_count(p, arg)
			       : usage("\"%s\" is one argument too many: the view %s takes no "
				       "INTERVAL, only a COUNT",
				       arg, view_name(p->opt));
	if (p->positionals == 1)
		return get_interval(p, arg);
	if (p->positionals == 2)
		return get_count(p, arg);
	return usage("\"%s\" is one argument too many: give an INTERVAL and a COUNT at most", arg);
}
