// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* modules.c - see modules.h. */
#include "kernel/modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "kernel/kallsyms.h"

/*
 * How far the last symbol of a module reaches. kallsyms has no sizes, and behind it may be the
 * code of a module that was gone before it was read: a short function is all that may be assumed.
 * Within a module the next symbol is the end.
 */
#define SIZE_MAX_LAST 4096U
#define SIZE_MAX_INSIDE (256U << 10)

/* Of two of one name the later one: the other is about to be found to be gone. */
struct module *modules_loaded(const struct modules *m, const char *name)
{
	for (size_t i = m->count; i-- > 0;)
		if (m->module[i]->gone_ns == MODULE_LIVE && strcmp(m->module[i]->name, name) == 0)
			return m->module[i];
	return NULL;
}

struct module *modules_add(struct modules *m, const char *name, __u64 now_ns)
{
	struct module *new;

	if (m->count == m->capacity) {
		size_t want = m->capacity + 64;
		void *p = realloc(m->module, want * sizeof(struct module *));

		if (!p)
			return NULL;
		m->module = p;
		m->capacity = want;
	}
	new = calloc(1, sizeof(*new));
	if (!new)
		return NULL;
	snprintf(new->name, sizeof(new->name), "%s", name);
	new->after_ns = m->read_ns;
	new->seen_ns = now_ns;
	new->gone_ns = MODULE_LIVE;
	m->module[m->count++] = new;
	return new;
}

/* ---- the list ---- */

struct listing {
	struct modules *modules;
	__u64 now_ns;
	bool changed;
};

/* The same name, and the same place as far as that is known: else it was loaded anew. */
static struct module *find_listed(struct modules *m, const struct kallsyms_module *line)
{
	struct module *k = modules_loaded(m, line->name);

	return k && (!k->base || k->base == line->base) ? k : NULL;
}

static bool in_range(const struct module *k, __u64 address)
{
	return k->base && address - k->base < k->size;
}

/* Its initial code is gone: whatever comes to be there is not its. */
static void drop_initial(struct module *k)
{
	struct symbol_table *t = &k->symbols;
	size_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		if (in_range(k, t->symbol[i].address))
			t->symbol[n++] = t->symbol[i];
	t->count = n;
}

static int take_line(void *arg, const struct kallsyms_module *line)
{
	struct listing *l = arg;
	struct module *k = find_listed(l->modules, line);

	if (!k) {
		k = modules_add(l->modules, line->name, l->now_ns);
		l->changed = true;
	}
	if (!k)
		return -ENOMEM;
	l->changed |= k->loading != line->loading;
	k->base = line->base;
	k->size = line->base ? line->size : 0;
	if (k->loading && !line->loading)
		drop_initial(k);
	k->loading = line->loading;
	k->listed = l->modules->readings;
	return 0;
}

static void drop(struct modules *m, size_t i)
{
	symbol_table_free(&m->module[i]->symbols);
	free(m->module[i]);
	m->module[i] = m->module[--m->count];
}

/* Events of a module may come late; then one that no stack was named by is forgotten. */
#define GONE_KEPT_NS 10000000000ULL

static bool find_gone(struct modules *m, __u64 now_ns)
{
	bool found = false;

	for (size_t i = m->count; i-- > 0;) {
		struct module *k = m->module[i];

		if (k->gone_ns == MODULE_LIVE && k->listed != m->readings) {
			k->gone_ns = now_ns;
			m->unloads += k->used;
			found = true;
		}
		if (k->gone_ns != MODULE_LIVE && !k->used && now_ns > k->gone_ns + GONE_KEPT_NS)
			drop(m, i);
	}
	return found;
}

bool modules_read(struct modules *m, __u64 now_ns)
{
	struct listing l = {.modules = m, .now_ns = now_ns};
	__u64 hash = kallsyms_modules(m->path, &m->fd);
	int r;

	if (m->readings && hash == m->hash) {
		m->read_ns = now_ns;
		return false;
	}
	m->readings++;
	r = kallsyms_modules_read(m->path, &m->fd, take_line, &l);
	if (r >= 0) {
		m->hash = hash;
		l.changed |= find_gone(m, now_ns);
		m->read_ns = now_ns;
	}
	return l.changed;
}

void modules_free(struct modules *m)
{
	while (m->count)
		drop(m, m->count - 1);
	closep(&m->fd);
	free(m->module);
	m->module = NULL;
	m->capacity = 0;
}

/* ---- an address ---- */

/* Where it starts, if the module has it: by its symbols, else by its place in the list. */
static bool covers(struct module *k, __u64 address, struct module_place *ret)
{
	const struct symbol *sym = symbol_table_below(&k->symbols, address), *next;
	__u64 reach;

	*ret = (struct module_place){.module = k, .start = k->base};
	if (sym) {
		next = symbol_table_next(&k->symbols, sym);
		reach = next ? SIZE_MAX_INSIDE : SIZE_MAX_LAST;
		/* Beside its place is its initial code only, of which it is not known what follows.
		 */
		if (in_range(k, sym->address) != in_range(k, address))
			reach = 0;
		if (address - sym->address < reach) {
			ret->symbol = sym;
			ret->start = sym->address;
			return true;
		}
	}
	return in_range(k, address);
}

/* At some time within the window, as far as the readings of the list tell. */
static bool was_there(const struct module *k, __u64 from_ns, __u64 to_ns)
{
	return (!k->after_ns || k->after_ns < to_ns) && k->gone_ns > from_ns;
}

/* Seen in one reading of the list. */
static bool were_together(const struct module *a, const struct module *b)
{
	__u64 seen = a->seen_ns > b->seen_ns ? a->seen_ns : b->seen_ns;
	__u64 gone = a->gone_ns < b->gone_ns ? a->gone_ns : b->gone_ns;

	return seen < gone;
}

struct module_place modules_find(const struct modules *m, __u64 address, __u64 from_ns, __u64 to_ns)
{
	struct module_place best = {0}, place;
	bool doubt = false, one_name = true;

	for (size_t i = 0; i < m->count; i++) {
		struct module *k = m->module[i];

		if (!was_there(k, from_ns, to_ns) || !covers(k, address, &place))
			continue;
		if (best.module && !were_together(best.module, k)) {
			doubt = true;
			one_name &= strcmp(best.module->name, k->name) == 0;
		}
		if (!best.module || place.start > best.start)
			best = place;
	}
	if (!doubt)
		return best;
	/* One that was loaded again is of that name in any case, at whichever symbol. */
	if (one_name)
		return (struct module_place){.module = best.module, .start = best.module->base};
	return (struct module_place){0};
}
