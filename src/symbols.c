// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * symbols.c - the table of kernel symbols: one pool of names and one array sorted by address.
 *
 * 200 000 symbols take 16 bytes each and their names 26 on average: 8.4 MB, and at most a quarter
 * more while they are read. Reading again reuses the same memory.
 */
#include <errno.h>
#include <string.h>

#include "kallsyms.h"
#include "symbols.h"

#define SECOND_NS 1000000000ULL
#define WAIT_MAX_NS (64 * SECOND_NS)

/* Beyond these the rest is left out; kernels with all their modules have a fourth of it. */
#define SYMBOLS_MAX (1U << 20)
#define POOL_MAX (32U << 20)

/* Room that is left for symbols to come: as many as a large file system or driver has. */
#define SPARE 4096
#define SPARE_NAME 26

/*
 * No symbol is taken to be longer. Within a module the next symbol is the end nearly always; behind
 * the last one of a module anything may follow, and it is mostly a short function.
 */
#define SIZE_MAX_INSIDE (256U << 10)
#define SIZE_MAX_LAST (32U << 10)

struct symbol {
	__u64 address;
	__u32 name;   /* offsets into the pool, in the order of the file */
	__u32 module; /* 0: "" */
};

struct symbols {
	const char *kallsyms_path, *modules_path;
	enum symbols_state state;
	struct symbol *symbol;
	size_t count, capacity;
	char *pool; /* strings; the first one is "" */
	size_t pool_size, pool_capacity;
	__u64 content;		  /* of the table, to see whether a reading changed anything */
	__u64 modules;		  /* the list of them before the table was read */
	bool missed;		  /* an unknown address since then */
	__u64 look_ns;		  /* the list is not read again before that */
	__u64 reread_ns, wait_ns; /* nor the table, for an unknown address */
};

/* ---- the table ---- */

/*
 * Room for `more` elements behind `used`: by a quarter, as doubling would cost what is saved. NULL:
 * no memory, and the array is as it was.
 */
static void *make_room(void *array, size_t size, size_t used, size_t more, size_t *capacity)
{
	size_t want = used + used / 4 + more + 4096;
	void *p;

	if (used + more <= *capacity)
		return array;
	p = realloc(array, want * size);
	if (p)
		*capacity = want;
	return p;
}

static int pool_add(struct symbols *s, const char *string, __u32 *ret)
{
	size_t size = strlen(string) + 1;
	char *pool;

	if (s->pool_size + size > POOL_MAX)
		return -E2BIG;
	pool = make_room(s->pool, 1, s->pool_size, size, &s->pool_capacity);
	if (!pool)
		return -ENOMEM;
	s->pool = pool;
	memcpy(s->pool + s->pool_size, string, size);
	*ret = (__u32)s->pool_size;
	s->pool_size += size;
	return 0;
}

struct filling {
	struct symbols *symbols;
	__u32 module; /* of the last symbol, in the pool: those of a module stand together */
	bool hidden;  /* some symbol had no address */
};

static int module_add(struct filling *f, const char *module, __u32 *ret)
{
	int r = 0;

	*ret = 0;
	if (!module[0])
		return 0;
	if (strcmp(f->symbols->pool + f->module, module) != 0)
		r = pool_add(f->symbols, module, &f->module);
	*ret = f->module;
	return r;
}

/* 0, -E2BIG or -ENOMEM. */
static int table_add(void *arg, const struct kallsyms_entry *e)
{
	struct filling *f = arg;
	struct symbols *s = f->symbols;
	struct symbol sym = {.address = e->address}, *array;
	int r;

	if (e->address == 0) {
		f->hidden = true;
		return 0;
	}
	if (s->count >= SYMBOLS_MAX)
		return -E2BIG;
	r = module_add(f, e->module, &sym.module);
	if (r < 0)
		return r;
	r = pool_add(s, e->name, &sym.name);
	if (r < 0)
		return r;
	array = make_room(s->symbol, sizeof(sym), s->count, 1, &s->capacity);
	if (!array)
		return -ENOMEM;
	s->symbol = array;
	s->symbol[s->count++] = sym;
	return 0;
}

/* Of names of one place the first in the file comes first. */
static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

/*
 * Gives back what was reserved and not used, but for the symbols of some modules more: they may
 * come when there is no memory to be had.
 */
static void table_trim(struct symbols *s)
{
	size_t pool = s->pool_size + SPARE * SPARE_NAME, count = s->count + SPARE;
	void *p = pool < s->pool_capacity ? realloc(s->pool, pool) : NULL;

	if (p) {
		s->pool = p;
		s->pool_capacity = pool;
	}
	p = count < s->capacity ? realloc(s->symbol, count * sizeof(*s->symbol)) : NULL;
	if (p) {
		s->symbol = p;
		s->capacity = count;
	}
}

static __u64 table_content(const struct symbols *s)
{
	__u64 hash = s->count;

	for (size_t i = 0; i < s->count; i++)
		hash = (hash ^ s->symbol[i].address) * 0x9e3779b97f4a7c15ULL;
	for (size_t i = 0; i < s->pool_size; i++)
		hash = kallsyms_hash(hash, (unsigned char)s->pool[i]);
	return hash;
}

/* Reads the table into the memory of the one before. */
static void table_read(struct symbols *s)
{
	struct filling f = {.symbols = s};
	int r;

	s->count = 0;
	s->pool_size = 1;
	r = kallsyms_read(s->kallsyms_path, table_add, &f);
	if (s->count > 0)
		s->state = r < 0 ? SYMBOLS_PARTIAL : SYMBOLS_READY;
	else
		s->state = f.hidden ? SYMBOLS_HIDDEN : SYMBOLS_ABSENT;
	if (s->count > 1)
		qsort(s->symbol, s->count, sizeof(*s->symbol), compare);
	table_trim(s);
	s->content = table_content(s);
}

/* ---- interface ---- */

int symbols_open_file(const char *kallsyms, const char *modules, struct symbols **ret)
{
	_cleanup_(symbols_closep) struct symbols *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->pool = calloc(1, 1);
	if (!s->pool)
		return -ENOMEM;
	s->pool_capacity = 1;
	s->kallsyms_path = kallsyms;
	s->modules_path = modules;
	s->wait_ns = SECOND_NS;
	s->modules = kallsyms_modules(modules);
	table_read(s);
	*ret = TAKE_PTR(s);
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
	free(s->symbol);
	free(s->pool);
	free(s);
}

void symbols_closep(struct symbols **s)
{
	symbols_close(*s);
}

bool symbols_refresh(struct symbols *s, __u64 now_ns)
{
	__u64 modules, content = s->content;
	bool changed;

	if (now_ns < s->look_ns)
		return false;
	s->look_ns = now_ns + SECOND_NS;
	modules = kallsyms_modules(s->modules_path);
	changed = modules != s->modules;
	if (!changed && !(s->missed && now_ns >= s->reread_ns))
		return false;
	s->modules = modules;
	s->missed = false;
	table_read(s);
	if (changed || s->content != content)
		s->wait_ns = SECOND_NS;
	else if (s->wait_ns < WAIT_MAX_NS)
		s->wait_ns *= 2;
	s->reread_ns = now_ns + s->wait_ns;
	return true;
}

/* The last symbol at or below an address, of several at one place the first; NULL: none. */
static const struct symbol *find_below(const struct symbols *s, __u64 addr)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->symbol[mid].address <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return NULL;
	for (low--; low > 0 && s->symbol[low - 1].address == s->symbol[low].address;)
		low--;
	return &s->symbol[low];
}

static bool covers(const struct symbols *s, const struct symbol *sym, __u64 addr)
{
	const char *name = s->pool + sym->name, *module = s->pool + sym->module;
	const struct symbol *next = sym, *end = s->symbol + s->count;
	bool last;

	/* Code ends here; nothing of it lies behind. */
	if (strcmp(name, "_etext") == 0 || strcmp(name, "_einittext") == 0)
		return false;
	while (next < end && next->address == sym->address)
		next++;
	last = next == end || strcmp(s->pool + next->module, module) != 0;
	return addr - sym->address < (last ? SIZE_MAX_LAST : SIZE_MAX_INSIDE);
}

/* Cut where it is longer. snprintf() takes several times as long, of each frame of each row. */
static void copy_name(char *to, size_t size, const char *from)
{
	size_t len = strnlen(from, size - 1);

	memcpy(to, from, len);
	to[len] = '\0';
}

bool symbols_find(struct symbols *s, __u64 addr, struct event_frame *ret)
{
	const struct symbol *sym = find_below(s, addr);

	memset(ret, 0, sizeof(*ret));
	ret->address = addr;
	if (!sym || !covers(s, sym, addr)) {
		/* An event without an address would be looked for in vain each time. */
		s->missed |= addr != 0;
		return false;
	}
	ret->offset = addr - sym->address;
	copy_name(ret->symbol, sizeof(ret->symbol), s->pool + sym->name);
	copy_name(ret->module, sizeof(ret->module), s->pool + sym->module);
	return true;
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
		return "kernel addresses are hidden (kernel.kptr_restrict): sites and drivers are "
		       "unknown";
	case SYMBOLS_ABSENT:
		return "no readable /proc/kallsyms: sites and drivers are unknown";
	case SYMBOLS_READY:
		break;
	}
	return NULL;
}

size_t symbols_count(const struct symbols *s)
{
	return s->count;
}

size_t symbols_bytes(const struct symbols *s)
{
	return sizeof(*s) + s->capacity * sizeof(*s->symbol) + s->pool_capacity;
}
