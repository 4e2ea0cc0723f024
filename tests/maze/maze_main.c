// SPDX-License-Identifier: GPL-2.0-only
/*
 * The maze: a known workload of page requests for tests of tracers, and a driver for the lab.
 *
 * debugfs, labyrinth_maze/: a command line written to "control" is carried out before the write
 * returns; "counts" has what was asked and got, "status" how the last command went. README has it
 * all. One command at a time.
 */
#include <linux/debugfs.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "maze.h"
#include "maze_compat.h"

static unsigned int width = 64;
module_param(width, uint, 0444);
MODULE_PARM_DESC(width, "cells in a row of the labyrinth");

static unsigned int height = 64;
module_param(height, uint, 0444);
MODULE_PARM_DESC(height, "rows of the labyrinth");

static unsigned int max_ms = 60000;
module_param(max_ms, uint, 0644);
MODULE_PARM_DESC(max_ms, "longest time a command may take, and a release be waited for");

static DEFINE_MUTEX(command_lock);
static struct labyrinth *labyrinth;
static struct dentry *dir;
static char last_command[160];
static int last_result;
static gfp_t last_gfp;
static u64 last_ns;

/* --- arguments ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	gfp_t gfp;
} gfp_names[] = {
	{ "atomic", GFP_ATOMIC },
	/* GFP_NOWAIT carries __GFP_NOWARN on newer kernels only; the option decides, not they */
	{ "nowait", __GFP_KSWAPD_RECLAIM },
	{ "opportunistic", GFP_ATOMIC | __GFP_NOWARN | __GFP_NORETRY },
	{ "nomemalloc", GFP_ATOMIC | __GFP_NOMEMALLOC },
	{ "memalloc", GFP_ATOMIC | __GFP_MEMALLOC },
	{ "nolock", __GFP_NOMEMALLOC },
	{ "nolock_api", __GFP_NOMEMALLOC },
	{ "high", GFP_KERNEL | __GFP_HIGH },
	{ "kernel", GFP_KERNEL },
	/* more of them, to be added to one of these */
	{ "dma", __GFP_DMA },
	{ "dma32", __GFP_DMA32 },
	{ "thisnode", __GFP_THISNODE },
	{ "account", __GFP_ACCOUNT },
	{ "zero", __GFP_ZERO },
};

static int parse_gfp_part(struct maze_args *args, const char *part)
{
	size_t i;
	u32 bits;

	for (i = 0; i < ARRAY_SIZE(gfp_names); i++) {
		if (strcmp(part, gfp_names[i].name))
			continue;
		args->gfp |= gfp_names[i].gfp;
		args->nolock_api |= !strcmp(part, "nolock_api");
		return args->nolock_api && !MAZE_HAS_NOLOCK ? -EOPNOTSUPP : 0;
	}
	/* The bits below __GFP_ZEROTAGS mean the same on every kernel. */
	if (kstrtou32(part, 16, &bits) || bits & ~0x7fffffU)
		return -EINVAL;
	args->gfp |= (__force gfp_t)bits;
	return 0;
}

/* "atomic+dma". Zones above the linear map and blocking for ever are not for here. */
static int parse_gfp(struct maze_args *args, char *value)
{
	char *part;
	int err;

	args->gfp = 0;
	args->nolock_api = false;
	while ((part = strsep(&value, "+")) != NULL) {
		err = parse_gfp_part(args, part);
		if (err)
			return err;
	}
	return args->gfp & (__GFP_HIGHMEM | __GFP_MOVABLE | __GFP_NOFAIL) ? -EINVAL : 0;
}

static int parse_contexts(struct maze_args *args, char *value)
{
	char *name;
	int i;

	args->contexts = 0;
	while ((name = strsep(&value, ",")) != NULL) {
		for (i = 0; i < MAZE_CONTEXTS && strcmp(name, maze_context_name[i]); i++)
			;
		if (i == MAZE_CONTEXTS)
			return -EINVAL;
		args->contexts |= BIT(i);
	}
	return 0;
}

/* "0,2,4-10", or "oversize" for one past the largest. */
static int parse_orders(struct maze_args *args, char *value)
{
	unsigned int from, to;
	char *part, *end;

	args->orders = 0;
	while ((part = strsep(&value, ",")) != NULL) {
		end = part;
		strsep(&end, "-");
		if (!strcmp(part, "oversize"))
			from = to = MAZE_MAX_ORDER + 1;
		else if (kstrtouint(part, 10, &from) || kstrtouint(end ?: part, 10, &to))
			return -EINVAL;
		if (from > to || to > MAZE_MAX_ORDER + 1)
			return -EINVAL;
		args->orders |= GENMASK(to, from);
	}
	return 0;
}

static int parse_cpu(struct maze_args *args, const char *value)
{
	args->cpu = -1;
	return strcmp(value, "all") ? kstrtoint(value, 10, &args->cpu) : 0;
}

static int parse_node(struct maze_args *args, const char *value)
{
	int err = kstrtoint(value, 10, &args->node);

	if (err)
		return err;
	return args->node >= 0 && args->node < MAX_NUMNODES && node_online(args->node) ? 0 :
											 -EINVAL;
}

static int parse_value(struct maze_args *args, const char *key, char *value)
{
	if (!strcmp(key, "gfp"))
		return parse_gfp(args, value);
	if (!strcmp(key, "ctx"))
		return parse_contexts(args, value);
	if (!strcmp(key, "orders") || !strcmp(key, "order"))
		return parse_orders(args, value);
	if (!strcmp(key, "cpu"))
		return parse_cpu(args, value);
	if (!strcmp(key, "node"))
		return parse_node(args, value);
	if (!strcmp(key, "zone"))
		return strscpy(args->zone, value, sizeof(args->zone)) < 0 ? -EINVAL : 0;
	if (!strcmp(key, "count"))
		return kstrtou64(value, 10, &args->count);
	if (!strcmp(key, "duration_ms"))
		return kstrtou64(value, 10, &args->duration_ms);
	if (!strcmp(key, "interval_ns"))
		return kstrtou64(value, 10, &args->interval_ns);
	if (!strcmp(key, "leave"))
		return kstrtou64(value, 10, &args->leave_mb);
	if (!strcmp(key, "free"))
		return kstrtou64(value, 10, &args->free_pages);
	if (!strcmp(key, "hold"))
		return kstrtou32(value, 10, &args->hold);
	if (!strcmp(key, "n"))
		return kstrtou32(value, 10, &args->pages);
	if (!strcmp(key, "again"))
		return kstrtou32(value, 10, &args->again);
	if (!strcmp(key, "overlap"))
		return kstrtobool(value, &args->overlap);
	if (!strcmp(key, "nowarn"))
		return kstrtobool(value, &args->nowarn);
	pr_err("maze: unknown key \"%s\"\n", key);
	return -EINVAL;
}

static int refuse(const char *why)
{
	pr_err("maze: %s\n", why);
	return -EINVAL;
}

static int check(const struct maze_args *args)
{
	bool sleeps = args->gfp & __GFP_DIRECT_RECLAIM;

	if (sleeps && args->contexts != BIT(MAZE_TASK) && !args->lint)
		return refuse("a gfp that may sleep is for ctx=task");
	if (args->interval_ns && args->interval_ns < 10000)
		return refuse("interval_ns is 0 or at least 10000");
	if (!args->contexts || !args->orders)
		return refuse("ctx and orders must not be empty");
	if (!args->duration_ms || args->duration_ms > max_ms)
		return refuse("duration_ms is 1 to the module's max_ms");
	if (!args->pages || args->pages > 4096)
		return refuse("n is 1 to 4096");
	if (args->hold > 1 << 20)
		return refuse("hold is too large");
	return 0;
}

/* --- commands ----------------------------------------------------------------------------- */

static int do_run(const struct maze_args *args)
{
	if (!args->count && args->overlap)
		return refuse("overlap needs a count");
	return maze_run(labyrinth, args);
}

static int do_here(const struct maze_args *args)
{
	if (args->contexts != BIT(MAZE_TASK) || args->interval_ns || args->hold)
		return refuse("here has neither ctx, interval_ns nor hold");
	return maze_here(labyrinth, args);
}

/* Tasks that do nothing but request, and interrupts into the midst of it. */
static void hostile_defaults(struct maze_args *args)
{
	args->contexts = BIT(MAZE_TASK) | BIT(MAZE_HARDIRQ);
	args->orders = BIT(0);
	args->count = 0;
	args->duration_ms = min(1000U, max_ms);
	args->interval_ns = 100000;
}

static void oversize_defaults(struct maze_args *args)
{
	args->contexts = BIT(MAZE_TASK);
	args->orders = BIT(MAZE_MAX_ORDER + 1);
}

/* Not 1: where the kernel's page tables are split off, fork() needs an order-1 block. */
static void fragment_defaults(struct maze_args *args)
{
	args->orders = BIT(2);
}

/*
 * Two mistakes on purpose: a request that may sleep with a lock held, and GFP_ATOMIC where nothing
 * forbids to sleep. The first is made only with memory to spare, so that it does not sleep.
 */
static int do_lint(const struct maze_args *args)
{
	struct maze_args one = *args;
	int err;

	if (global_zone_page_state(NR_FREE_PAGES) < (64UL << (20 - PAGE_SHIFT))) {
		pr_err("maze: lint needs 64 MiB of free memory\n");
		return -EAGAIN;
	}
	one.lint = true;
	one.contexts = args->contexts & ~BIT(MAZE_TASK);
	if (!one.contexts)
		one.contexts = BIT(MAZE_TASK_PREEMPT_OFF);
	one.gfp = GFP_KERNEL;
	err = maze_run(labyrinth, &one);
	if (err)
		return err;
	one.contexts = BIT(MAZE_TASK);
	one.gfp = GFP_ATOMIC;
	return maze_run(labyrinth, &one);
}

static int do_selftest(const struct maze_args *args)
{
	return labyrinth_selftest(labyrinth);
}

static int do_release(const struct maze_args *args)
{
	maze_release();
	return 0;
}

static const struct command {
	const char *name;
	int (*carry_out)(const struct maze_args *args);
	void (*defaults)(struct maze_args *args);
} commands[] = {
	{ "run", do_run, NULL },
	{ "here", do_here, NULL },
	{ "hostile", do_run, hostile_defaults },
	{ "oversize", do_run, oversize_defaults },
	{ "bulk", maze_bulk, NULL },
	{ "lint", do_lint, NULL },
	{ "contend", maze_contend, NULL },
	{ "fragment", maze_fragment, fragment_defaults },
	{ "fill", maze_fill, NULL },
	{ "release", do_release, NULL },
	{ "selftest", do_selftest, NULL },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	pr_err("maze: unknown command \"%s\"\n", name);
	return NULL;
}

static int parse(struct maze_args *args, char *line)
{
	char *word, *value;
	int err;

	while ((word = strsep(&line, " \t")) != NULL) {
		if (!*word)
			continue;
		value = word;
		strsep(&value, "=");
		err = value ? parse_value(args, word, value) : -EINVAL;
		if (err) {
			pr_err("maze: cannot use \"%s%s%s\"\n", word, value ? "=" : "",
			       value ? "..." : "");
			return err;
		}
	}
	return check(args);
}

static int carry_out(char *line)
{
	struct maze_args args = {
		.contexts = BIT(MAZE_TASK),
		.orders = BIT(0),
		.count = 1000,
		.duration_ms = max_ms,
		.interval_ns = 0,
		.leave_mb = 64,
		.pages = 64,
		.cpu = -1,
		.node = NUMA_NO_NODE,
		.gfp = GFP_ATOMIC,
		.nowarn = true,
	};
	const struct command *command;
	u64 start;
	int err;

	strscpy(last_command, line, sizeof(last_command));
	command = find_command(strsep(&line, " \t"));
	if (!command)
		return -EINVAL;
	if (command->defaults)
		command->defaults(&args);
	err = parse(&args, line);
	if (err)
		return err;
	last_gfp = args.gfp | (args.nowarn ? __GFP_NOWARN : 0);
	start = ktime_get_ns();
	err = command->carry_out(&args);
	last_ns = ktime_get_ns() - start;
	return err;
}

/* --- debugfs ------------------------------------------------------------------------------ */

static ssize_t control_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int err;

	if (!len || len > 512)
		return -EINVAL;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	if (!mutex_trylock(&command_lock)) {
		kfree(line);
		return -EBUSY;
	}
	last_ns = 0;
	err = carry_out(strim(line));
	last_result = err;
	mutex_unlock(&command_lock);
	kfree(line);
	return err ?: len;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.write = control_write,
	.llseek = noop_llseek,
};

static ssize_t reset_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	if (!mutex_trylock(&command_lock))
		return -EBUSY;
	maze_counts_reset();
	mutex_unlock(&command_lock);
	return len;
}

static const struct file_operations reset_fops = {
	.owner = THIS_MODULE,
	.write = reset_write,
	.llseek = noop_llseek,
};

static int counts_show(struct seq_file *m, void *unused)
{
	maze_counts_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counts);

static int status_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "command %s\n", last_command);
	seq_printf(m, "result %d\n", last_result);
	seq_printf(m, "elapsed_ns %llu\n", last_ns);
	seq_printf(m, "gfp 0x%x\n", (__force u32)last_gfp);
	maze_counts_status(m);
	seq_printf(m, "labyrinth_cells %u\n", labyrinth_cells(labyrinth));
	seq_printf(m, "labyrinth_held %u\n", labyrinth_held(labyrinth));
	seq_printf(m, "held_pages %lu\n", maze_held());
	seq_printf(m, "filled_to %lu\n", maze_filled_to());
	seq_printf(m, "max_order %d\n", MAZE_MAX_ORDER);
	seq_printf(m, "preempt_rt %d\n", IS_ENABLED(CONFIG_PREEMPT_RT));
	seq_printf(m, "preempt_count %d\n", IS_ENABLED(CONFIG_PREEMPT_COUNT));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

static int __init maze_init(void)
{
	BUILD_BUG_ON(MAZE_MAX_ORDER + 1 >= MAZE_ORDERS);
	labyrinth = labyrinth_create(width, height);
	if (!labyrinth) {
		pr_err("maze: no labyrinth of %u x %u cells\n", width, height);
		return -ENOMEM;
	}
	maze_counts_reset();
	dir = debugfs_create_dir("labyrinth_maze", NULL);
	if (IS_ERR(dir)) {
		labyrinth_destroy(labyrinth);
		return PTR_ERR(dir);
	}
	debugfs_create_file("control", 0200, dir, NULL, &control_fops);
	debugfs_create_file("reset", 0200, dir, NULL, &reset_fops);
	debugfs_create_file("counts", 0400, dir, NULL, &counts_fops);
	debugfs_create_file("status", 0400, dir, NULL, &status_fops);
	return 0;
}

static void __exit maze_exit(void)
{
	debugfs_remove_recursive(dir);
	maze_hold_exit();
	labyrinth_destroy(labyrinth);
}

module_init(maze_init);
module_exit(maze_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The labyrinth authors");
MODULE_DESCRIPTION("A known workload of atomic page requests");
