// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * symbols.c - the tables of kernel symbols: the kernel's own, which never change, those of each
 * module, and those of generated code.
 *
 * A module is known by its place, from the short list of modules, before its symbols are: those
 * are read once an address of it is to be named. So what comes and goes unused costs nothing.
 */
#include "kernel/symbols.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <time.h>

#include "base/pace.h"
#include "base/rights.h"
#include "kernel/kallsyms.h"
#include "kernel/modules.h"
#include "kernel/symbol_table.h"

#define SECOND_NS 1000000000ULL
#define WAIT_MAX_NS (64 * SECOND_NS)
#define LIST_NS (SECOND_NS / 5)

/* A reading for modules may take one part in so many of the time. */
#define READING_SHARE 10

/* Room left in tables that are read again. */
#define SPARE 1024

/*
 * The longest size assumed for a symbol. Within a table the next symbol is nearly always the end;
 * behind the last one anything may follow.
 */
#define SIZE_MAX_INSIDE (256U << 10)
#define SIZE_MAX_LAST (32U << 10)
/* Trampolines and copied instructions have no more than a page (alloc_insn_page(), kprobes.c;
 * arch_alloc_bpf_trampoline(); create_trampoline(), x86). */
#define PAGE 4096ULL

/* BPF programs, and code of ftrace's and of kprobes'; one more, for those to come. */
#define GENERATED 4

struct generated {
	char name[EVENT_MODULE]; /* "[bpf]" */
	struct symbol_table table;
};

struct symbols {
	const char *kallsyms_path;
	int kallsyms_fd; /* kept open */
	enum symbols_state state;
	struct symbol_table kernel;
	struct generated generated[GENERATED];
	struct modules modules;
	bool missed;		  /* an unknown address was met since the last reading */
	__u64 now_ns;		  /* of the last refresh */
	__u64 look_ns;		  /* earliest time to read the list of modules again */
	__u64 reread_ns, wait_ns; /* the same for kallsyms, after an unknown address */
	__u64 free_ns;		  /* CLOCK_MONOTONIC: the same, for a module */
};

/* ---- reading ---- */

struct filling {
	struct symbols *symbols;
	struct module *module; /* of the last symbol: those of a module stand together */
	bool hidden;	       /* at least one symbol had no address */
	bool kernel;	       /* its own symbols are read too */
};

static struct symbol_table *generated_table(struct symbols *s, const char *name)
{
	for (unsigned int i = 0; i < GENERATED; i++) {
		struct generated *g = &s->generated[i];

		if (!g->name[0])
			memcpy(g->name, name, sizeof(g->name));
		if (strcmp(g->name, name) == 0)
			return &g->table;
	}
	return NULL;
}

/* NULL: they are there already, or there is no room. */
static struct symbol_table *module_table(struct filling *f, const char *name)
{
	struct modules *m = &f->symbols->modules;

	if (!f->module || strcmp(f->module->name, name) != 0)
		f->module = modules_loaded(m, name) ?: modules_add(m, name, f->symbols->now_ns);
	return f->module && !f->module->read ? &f->module->symbols : NULL;
}

static struct symbol_table *table_of(struct filling *f, const char *module)
{
	if (!module[0])
		return f->kernel ? &f->symbols->kernel : NULL;
	return module[0] == '[' ? generated_table(f->symbols, module) : module_table(f, module);
}

/* 0, -E2BIG or -ENOMEM. */
static int add(void *arg, const struct kallsyms_entry *e)
{
	struct filling *f = arg;
	struct symbol_table *t;

	if (e->address == 0) {
		f->hidden = true;
		return 0;
	}
	t = table_of(f, e->module);
	return t ? symbol_table_add(t, e->address, e->name) : 0;
}

static void finish_modules(struct symbols *s, bool whole)
{
	for (size_t i = 0; i < s->modules.count; i++) {
		struct module *m = s->modules.module[i];

		if (m->read || m->gone_ns != MODULE_LIVE)
			continue;
		symbol_table_finish(&m->symbols, 0);
		m->read = whole;
	}
}

/* What is read anew: of the modules those that are not, and all that comes unannounced. */
static void clear(struct symbols *s, bool kernel)
{
	if (kernel)
		symbol_table_clear(&s->kernel);
	for (unsigned int i = 0; i < GENERATED; i++)
		symbol_table_clear(&s->generated[i].table);
	for (size_t i = 0; i < s->modules.count; i++)
		if (!s->modules.module[i]->read && s->modules.module[i]->gone_ns == MODULE_LIVE)
			symbol_table_clear(&s->modules.module[i]->symbols);
}

static void read_symbols(struct symbols *s)
{
	struct filling f = {.symbols = s, .kernel = s->state != SYMBOLS_READY};
	int r;

	clear(s, f.kernel);
	r = kallsyms_read(s->kallsyms_path, &s->kallsyms_fd,
			  f.kernel ? KALLSYMS_ALL : KALLSYMS_MODULES, add, &f);
	if (f.kernel)
		symbol_table_finish(&s->kernel, 0);
	for (unsigned int i = 0; i < GENERATED; i++)
		symbol_table_finish(&s->generated[i].table, SPARE);
	finish_modules(s, r >= 0);
	if (symbols_count(s) > 0)
		s->state = r < 0 ? SYMBOLS_PARTIAL : SYMBOLS_READY;
	else
		s->state = f.hidden ? SYMBOLS_HIDDEN : SYMBOLS_ABSENT;
	s->missed = false;
}

static __u64 content(const struct symbols *s)
{
	__u64 hash = symbol_table_content(&s->kernel);

	for (unsigned int i = 0; i < GENERATED; i++)
		hash = hash * 31 + symbol_table_content(&s->generated[i].table);
	for (size_t i = 0; i < s->modules.count; i++)
		hash = hash * 31 + s->modules.module[i]->symbols.count;
	return hash;
}

/* true: something changed. */
static bool read_again(struct symbols *s)
{
	__u64 before = content(s);

	read_symbols(s);
	return content(s) != before;
}

/* ---- interface ---- */

int symbols_open_file(const char *kallsyms, const char *modules, struct symbols **ret)
{
	struct symbols *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->kallsyms_fd = s->modules.fd = -1;
	s->kallsyms_path = kallsyms;
	s->modules.path = modules;
	s->wait_ns = SECOND_NS;
	s->state = SYMBOLS_ABSENT;
	modules_read(&s->modules, 0);
	read_symbols(s);
	*ret = s;
	return 0;
}

int symbols_open(struct symbols **ret)
{
	return symbols_open_file("/proc/kallsyms", "/proc/modules", ret);
}

void symbols_close(struct symbols *s)
{
	if (!s)
		return;
	symbol_table_free(&s->kernel);
	for (unsigned int i = 0; i < GENERATED; i++)
		symbol_table_free(&s->generated[i].table);
	modules_free(&s->modules);
	closep(&s->kallsyms_fd);
	free(s);
}

void symbols_closep(struct symbols **s)
{
	symbols_close(*s);
}

bool symbols_refresh(struct symbols *s, __u64 now_ns)
{
	bool changed;

	if (now_ns < s->look_ns)
		return false;
	s->now_ns = now_ns;
	s->look_ns = now_ns + LIST_NS;
	changed = modules_read(&s->modules, now_ns);
	if (changed)
		s->wait_ns = SECOND_NS;
	if (!s->missed || now_ns < s->reread_ns)
		return changed;
	if (read_again(s))
		s->wait_ns = SECOND_NS;
	else if (s->wait_ns < WAIT_MAX_NS)
		s->wait_ns *= 2;
	s->reread_ns = now_ns + s->wait_ns;
	return true;
}

__u32 symbols_unloads(const struct symbols *s)
{
	return s->modules.unloads;
}

__u64 symbols_listed_ns(const struct symbols *s)
{
	return s->modules.read_ns;
}

/* ---- an address ---- */

/* What has an address, the nearest below it. */
struct claim {
	const struct symbol_table *table;
	const struct symbol *symbol;
	const char *module;
};

static const char *name_of(const struct symbol_table *t, const struct symbol *sym)
{
	return t->pool + sym->name;
}

/* How far a symbol of generated code reaches. */
static __u64 reach_generated(const struct symbol_table *t, const struct symbol *sym)
{
	__u64 page_end = PAGE - sym->address % PAGE;

	if (strncmp(name_of(t, sym), "bpf_prog_", strlen("bpf_prog_")) != 0)
		return page_end;
	return symbol_table_next(t, sym) ? SIZE_MAX_INSIDE : SIZE_MAX_LAST;
}

static __u64 reach_kernel(const struct symbol_table *t, const struct symbol *sym)
{
	const char *name = name_of(t, sym);

	/* Code ends here; no address behind belongs to it. */
	if (strcmp(name, "_etext") == 0 || strcmp(name, "_einittext") == 0)
		return 0;
	return symbol_table_next(t, sym) ? SIZE_MAX_INSIDE : SIZE_MAX_LAST;
}

static void claim(struct claim *best, const struct symbol_table *t, const char *module, __u64 addr)
{
	const struct symbol *sym = symbol_table_below(t, addr);

	if (!sym || (best->symbol && best->symbol->address >= sym->address))
		return;
	if (addr - sym->address < (module[0] ? reach_generated(t, sym) : reach_kernel(t, sym)))
		*best = (struct claim){t, sym, module};
}

/* Truncated when longer. snprintf() would take several times as long, for each frame of each row.
 */
static void copy_name(char *to, size_t size, const char *from)
{
	size_t len = strnlen(from, size - 1);

	memcpy(to, from, len);
	to[len] = '\0';
}

static void fill_symbol(struct event_frame *ret, const struct symbol_table *t,
			const struct symbol *sym)
{
	ret->offset = ret->address - sym->address;
	copy_name(ret->symbol, sizeof(ret->symbol), name_of(t, sym));
}

static bool find(struct symbols *s, __u64 addr, __u64 from_ns, __u64 to_ns, struct event_frame *ret)
{
	struct module_place place = modules_find(&s->modules, addr, from_ns, to_ns);
	struct claim best = {0};

	memset(ret, 0, sizeof(*ret));
	ret->address = addr;
	claim(&best, &s->kernel, "", addr);
	for (unsigned int i = 0; i < GENERATED; i++)
		claim(&best, &s->generated[i].table, s->generated[i].name, addr);
	if (place.module && (!best.symbol || best.symbol->address < place.start)) {
		copy_name(ret->module, sizeof(ret->module), place.module->name);
		place.module->used = true;
		if (place.symbol)
			fill_symbol(ret, &place.module->symbols, place.symbol);
		return place.symbol;
	}
	if (!best.symbol)
		return false;
	copy_name(ret->module, sizeof(ret->module), best.module);
	fill_symbol(ret, best.table, best.symbol);
	return true;
}

/* A loaded module whose symbols are not read: this one, or any, for what nobody is known to have.
 */
static bool is_unread(const struct symbols *s, const char *name)
{
	for (size_t i = 0; i < s->modules.count; i++) {
		const struct module *m = s->modules.module[i];

		if (m->gone_ns == MODULE_LIVE && !m->read && (!name[0] || !strcmp(name, m->name)))
			return true;
	}
	return false;
}

/* Where modules come and go all the time, it would do nothing else. */
static bool read_for_module(struct symbols *s)
{
	__u64 begin = clock_ns(CLOCK_MONOTONIC), end;

	if (begin < s->free_ns)
		return false;
	read_again(s);
	end = clock_ns(CLOCK_MONOTONIC);
	s->free_ns = end + (end - begin) * (READING_SHARE - 1);
	return true;
}

bool symbols_find(struct symbols *s, __u64 addr, __u64 from_ns, __u64 to_ns,
		  struct event_frame *ret)
{
	if (find(s, addr, from_ns, to_ns, ret))
		return true;
	if (addr && is_unread(s, ret->module) && read_for_module(s) &&
	    find(s, addr, from_ns, to_ns, ret))
		return true;
	/* An event without an address would trigger a lookup in vain each time; of a module that is
	 * gone there is nothing to be found. */
	s->missed |= addr != 0 && !ret->module[0];
	return false;
}

enum symbols_state symbols_state(const struct symbols *s)
{
	return s->state;
}

const char *symbols_state_text(enum symbols_state state)
{
	switch (state) {
	case SYMBOLS_PARTIAL:
		return "not all kernel symbols could be read: some sites and drivers are unknown";
	case SYMBOLS_HIDDEN:
		if (!(rights_permitted() & 1ULL << CAP_SYSLOG))
			return "kernel addresses are hidden, as CAP_SYSLOG is missing: sites and "
			       "drivers are unknown";
		return "kernel addresses are hidden (kernel.kptr_restrict): sites and drivers are "
		       "unknown";
	case SYMBOLS_ABSENT:
		return "no readable /proc/kallsyms: sites and drivers are unknown";
	case SYMBOLS_READY:
		break;
	}
	return NULL;
}

static size_t table_bytes(const struct symbol_table *t)
{
	return t->capacity * sizeof(*t->symbol) + t->pool_capacity;
}

size_t symbols_count(const struct symbols *s)
{
	size_t n = s->kernel.count;

	for (unsigned int i = 0; i < GENERATED; i++)
		n += s->generated[i].table.count;
	for (size_t i = 0; i < s->modules.count; i++)
		n += s->modules.module[i]->symbols.count;
	return n;
}

size_t symbols_bytes(const struct symbols *s)
{
	size_t bytes = sizeof(*s) + table_bytes(&s->kernel);

	for (unsigned int i = 0; i < GENERATED; i++)
		bytes += table_bytes(&s->generated[i].table);
	for (size_t i = 0; i < s->modules.count; i++)
		bytes += sizeof(struct module) + table_bytes(&s->modules.module[i]->symbols);
	return bytes;
}
