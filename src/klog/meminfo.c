// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* meminfo.c - tokens of show_mem() to zones. Numbers are kB in the log and pages in the report. */
#include "klog/meminfo.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_KB_MOST 1024

struct reader {
	struct alloc_report *r;
	char *next; /* behind the token */
	const char *token;
	char last[16];		 /* the token before, where it may be a zone's name */
	int node, name_node;	 /* of "Node N" just before; of the name just before */
	unsigned int since_node; /* tokens since then */
	int zone;		 /* index of the one whose fields are read; -1 */
	__u64 number;		 /* the last token that is one, and tokens since then */
	unsigned int since_number;
};

/* ---- tokens ---- */

/* A word was broken before this: "free" "_pcp:0kB", "managed" ":15352kB", "123" "kB". */
static bool goes_on(const char *s)
{
	return s[0] == '_' || s[0] == ':' || strncmp(s, "kB", 2) == 0;
}

/* The next token, its NUL set; NULL at the end. */
static char *next_token(struct reader *rd)
{
	char *s = rd->next + strspn(rd->next, " \t\n"), *end, *more;

	if (!*s)
		return NULL;
	end = s + strcspn(s, " \t\n");
	for (;;) {
		more = end + strspn(end, " \t\n");
		if (more == end || !goes_on(more))
			break;
		memmove(end, more, strlen(more) + 1);
		end += strcspn(end, " \t\n");
	}
	rd->next = *end ? end + 1 : end;
	*end = '\0';
	return s;
}

/* "123kB" or "123KB", whole. */
static bool parse_kb(const char *s, __u64 *ret)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	*ret = strtoull(s, &end, 10);
	return (end[0] == 'k' || end[0] == 'K') && end[1] == 'B' && !end[2];
}

static bool parse_count(const char *s, __u64 *ret)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	*ret = strtoull(s, &end, 10);
	return !*end;
}

/* The value of "key:..."; NULL when it is another key. */
static const char *value_of(const char *token, const char *key)
{
	size_t len = strlen(key);

	return strncmp(token, key, len) == 0 && token[len] == ':' ? token + len + 1 : NULL;
}

static bool is_zone_name(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]))
		n++;
	return n && n < 16 && !s[n] && isalpha((unsigned char)s[0]);
}

/* ---- zones ---- */

static struct report_zone *zone(struct reader *rd)
{
	return rd->zone < 0 ? NULL : &rd->r->zone[rd->zone];
}

static void begin_zone(struct reader *rd, __u64 free_kb)
{
	struct report_zone *z = alloc_report_zone(rd->r, rd->name_node, rd->last);

	rd->zone = -1;
	/* The same zone once more is of another block that strayed in. */
	if (!z || z->has_free)
		return;
	rd->zone = (int)(z - rd->r->zone);
	z->has_free = true;
	z->free = free_kb;
}

static const struct field {
	const char *key;
	size_t at, has; /* has 0: nothing says so */
} zone_fields[] = {
#define AT(m) offsetof(struct report_zone, m)
	{"boost", AT(boost), AT(has_boost)},
	{"min", AT(min), AT(has_min)},
	{"low", AT(low), AT(has_low)},
	{"high", AT(high), 0},
	{"reserved_highatomic", AT(reserved_highatomic), AT(has_reserved)},
	{"free_highatomic", AT(free_highatomic), AT(has_free_highatomic)},
	{"present", AT(present), 0},
	{"managed", AT(managed), AT(has_managed)},
	{"free_pcp", AT(free_pcp), 0},
	{"local_pcp", AT(local_pcp), 0},
	{"free_cma", AT(free_cma), 0},
#undef AT
};

static bool read_zone_field(struct reader *rd)
{
	char *base = (char *)zone(rd);
	__u64 kb;

	for (size_t i = 0; i < sizeof(zone_fields) / sizeof(zone_fields[0]); i++) {
		const struct field *f = &zone_fields[i];
		const char *value = value_of(rd->token, f->key);

		if (!value)
			continue;
		if (base && parse_kb(value, &kb)) {
			*(__u64 *)(base + f->at) = kb;
			if (f->has)
				*(bool *)(base + f->has) = true;
		}
		return true;
	}
	return false;
}

static void read_file_field(struct reader *rd)
{
	const char *value = value_of(rd->token, "active_file");
	struct report_zone *z = zone(rd);
	__u64 kb;

	value = value ?: value_of(rd->token, "inactive_file");
	if (z && value && parse_kb(value, &kb))
		z->file += kb;
}

/* Numbers behind "lowmem_reserve[]:"; they belong to the zone before, once. */
static void read_reserve(struct reader *rd)
{
	struct report_zone *z = zone(rd);
	bool fresh = z && !z->reserves;

	for (;;) {
		char *at = rd->next, *token;
		__u64 v;
		size_t n;

		at += strspn(at, " \t\n");
		n = strcspn(at, " \t\n");
		if (!n || strspn(at, "0123456789") != n)
			return;
		token = next_token(rd);
		if (!token || !parse_count(token, &v))
			return;
		if (fresh && z->reserves < REPORT_RESERVES)
			z->lowmem_reserve[z->reserves++] = v;
	}
}

/* ---- the first block, in pages ---- */

static void read_total(struct reader *rd)
{
	struct alloc_report *r = rd->r;
	const char *value;
	__u64 v;

	if ((value = value_of(rd->token, "active_file")) ||
	    (value = value_of(rd->token, "inactive_file"))) {
		if (parse_count(value, &v))
			r->total_file += v;
	} else if ((value = value_of(rd->token, "slab_reclaimable"))) {
		if (parse_count(value, &v))
			r->total_slab_reclaimable = v;
	} else if ((value = value_of(rd->token, "free"))) {
		if (parse_count(value, &v))
			r->total_free = v;
	} else if ((value = value_of(rd->token, "free_cma"))) {
		if (parse_count(value, &v))
			r->total_cma = v;
	} else if ((value = value_of(rd->token, "free_pcp"))) {
		if (parse_count(value, &v))
			r->total_pcp = v;
	}
}

/* "4194174 pages RAM", behind all zones. */
static void read_ram(struct reader *rd)
{
	static const struct {
		const char *word;
		size_t at;
	} kinds[] = {
		{"RAM", offsetof(struct alloc_report, ram_pages)},
		{"reserved", offsetof(struct alloc_report, reserved_pages)},
		{"HighMem/MovableOnly", offsetof(struct alloc_report, movable_pages)},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (rd->since_number == 2 && strcmp(rd->token, kinds[i].word) == 0)
			*(__u64 *)((char *)rd->r + kinds[i].at) = rd->number;
	rd->since_number++;
	if (parse_count(rd->token, &rd->number))
		rd->since_number = 1;
}

/* ---- the buddy lines ---- */

/* "247*4kB" */
static bool parse_block(const char *s, __u64 *count, __u64 *kb)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return false;
	*count = strtoull(s, &end, 10);
	return *end == '*' && parse_kb(end + 1, kb) && *kb && *kb <= 1ULL << 40;
}

static int order_of(const struct alloc_report *r, __u64 kb)
{
	int order = 0;

	while (((__u64)r->page_kb << order) < kb && order < REPORT_ORDERS)
		order++;
	return ((__u64)r->page_kb << order) == kb && order < REPORT_ORDERS ? order : -1;
}

/* "(UME)": U, M, E and, of old, R are ordinary. */
static bool read_letters(struct report_zone *z, const char *s, int order)
{
	__u32 bit = 1U << order;

	if (s[0] != '(' || !strchr(s, ')'))
		return false;
	for (s++; *s != ')'; s++) {
		if (strchr("UMERr", *s))
			z->ordinary |= bit;
		else if (*s == 'C')
			z->cma |= bit;
		else if (*s == 'H')
			z->highatomic |= bit;
		else if (*s != 'I')
			continue;
		z->not_letters &= ~bit;
	}
	return true;
}

/* What follows "DMA32:"; false when it is no buddy line. */
static bool read_blocks(struct reader *rd, const char *name, int node)
{
	int order = -1;
	bool first = true;
	struct report_zone *z = NULL;
	__u64 count, kb;

	for (;;) {
		char *at = rd->next + strspn(rd->next, " \t\n"), word[64];
		size_t n = strcspn(at, " \t\n");

		if (!n || n >= sizeof(word))
			return z != NULL;
		memcpy(word, at, n);
		word[n] = '\0';
		if (parse_block(word, &count, &kb)) {
			if (first && kb <= PAGE_KB_MOST && !rd->r->page_kb_known) {
				rd->r->page_kb = (unsigned int)kb;
				rd->r->page_kb_known = true;
			}
			if (first)
				z = alloc_report_zone(rd->r, node, name);
			if (!z || (first && z->has_blocks))
				return false;
			first = false;
			z->has_blocks = true;
			order = order_of(rd->r, kb);
			if (order >= 0) {
				z->count[order] = count < UINT32_MAX ? (__u32)count : UINT32_MAX;
				z->orders = z->orders > (unsigned int)order + 1
						    ? z->orders
						    : (unsigned int)order + 1;
				if (count)
					z->not_letters |= 1U << order;
			}
		} else if (!z || order < 0 || !read_letters(z, word, order)) {
			/* "= 13252kB" ends it, and what is cut. */
			return z != NULL;
		}
		if (!next_token(rd))
			return true;
	}
}

/* ---- all of it ---- */

static void to_pages(struct alloc_report *r)
{
	static const size_t kb[] = {
		offsetof(struct report_zone, free),
		offsetof(struct report_zone, file),
	};

	for (unsigned int i = 0; i < r->zones; i++) {
		char *base = (char *)&r->zone[i];

		for (size_t k = 0; k < sizeof(kb) / sizeof(kb[0]); k++)
			*(__u64 *)(base + kb[k]) /= r->page_kb;
		for (size_t k = 0; k < sizeof(zone_fields) / sizeof(zone_fields[0]); k++)
			*(__u64 *)(base + zone_fields[k].at) /= r->page_kb;
	}
}

static void read_token(struct reader *rd)
{
	char name[16] = "";
	const char *value = value_of(rd->token, "free");
	size_t len = strlen(rd->token);
	__u64 v;

	if (value && parse_kb(value, &v) && rd->last[0]) {
		begin_zone(rd, v);
		return;
	}
	if (strncmp(rd->token, "lowmem_reserve[", 15) == 0) {
		read_reserve(rd);
		return;
	}
	if (len > 1 && len < sizeof(name) && rd->token[len - 1] == ':') {
		memcpy(name, rd->token, len - 1);
		name[len - 1] = '\0';
		if (is_zone_name(name) && read_blocks(rd, name, rd->since_node ? -1 : rd->node)) {
			rd->zone = -1;
			return;
		}
	}
	if (rd->zone < 0 && !rd->r->zones)
		read_total(rd);
	if (!read_zone_field(rd))
		read_file_field(rd);
}

void meminfo_parse(struct alloc_report *r, char *text)
{
	struct reader rd = {.r = r, .next = text, .node = -1, .since_node = 1, .zone = -1};
	char *token;

	while ((token = next_token(&rd))) {
		__u64 node;

		rd.token = token;
		read_ram(&rd);
		if (strcmp(token, "Node") == 0) {
			char *number = next_token(&rd);

			if (!number)
				break;
			if (parse_count(number, &node) && node < REPORT_NODES) {
				rd.node = (int)node;
				rd.since_node = 0;
				rd.last[0] = '\0';
				rd.zone = -1; /* a node's own line is no zone's */
				continue;
			}
			rd.token = number;
		}
		read_token(&rd);
		rd.last[0] = '\0';
		if (is_zone_name(rd.token)) {
			snprintf(rd.last, sizeof(rd.last), "%s", rd.token);
			rd.name_node = rd.since_node ? -1 : rd.node;
		}
		rd.since_node++;
	}
	to_pages(r);
}
