// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* header.c - header, CPU line and limiter of a report, of any kernel since 2.6. */
#include "klog/header.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char words[] = "page allocation failure";

/* Behind the words: ": order:0" or, up to 3.x, ". order:0". */
static const char *order_at(const char *p)
{
	if (*p != ':' && *p != '.')
		return NULL;
	p++;
	p += strspn(p, " ");
	if (strncmp(p, "order:", 6) != 0)
		return NULL;
	p += 6;
	p += strspn(p, " ");
	return isdigit((unsigned char)*p) ? p : NULL;
}

bool header_find(const char *text, struct header *ret)
{
	const char *p = text;

	while ((p = strstr(p, words))) {
		const char *order = order_at(p + strlen(words));
		char *end;
		unsigned long v;

		if (!order) {
			p += strlen(words);
			continue;
		}
		v = strtoul(order, &end, 10);
		*ret = (struct header){.begin = p, .end = end, .comm = text};
		ret->order = v < 64 ? (unsigned int)v : 63;
		/* "comm: " */
		if (p - text < 2 || p[-1] != ' ' || p[-2] != ':')
			ret->comm = p;
		return true;
	}
	return false;
}

/* The names in "(GFP_ATOMIC|__GFP_COMP)"; false when they are cut. */
static bool read_names(const char *p, struct alloc_report *r, const char **end)
{
	size_t len = 0;
	const char *s;

	for (s = p + 1; *s && *s != ')'; s++) {
		if (*s == ' ' || *s == '\n') /* broken */
			continue;
		if (!isalnum((unsigned char)*s) && *s != '_' && *s != '|')
			return false;
		if (len + 1 < sizeof(r->gfp_names))
			r->gfp_names[len++] = *s;
	}
	r->gfp_names[len] = '\0';
	*end = s + (*s == ')');
	return *s == ')' && len;
}

const char *header_mode(const char *text, struct alloc_report *r)
{
	const char *p = text + strspn(text, ", ");
	char *number;
	const char *end;

	if (strncmp(p, "mode:", 5) != 0)
		return NULL;
	p += 5 + strspn(p + 5, " ");
	if (p[0] != '0' || (p[1] != 'x' && !isspace((unsigned char)p[1]) && p[1] != '(' && p[1]))
		return NULL;
	r->gfp_number = strtoull(p, &number, 16);
	end = number;
	r->gfp_printed = *number == '(';
	if (!r->gfp_printed || !read_names(number, r, &end))
		r->gfp_names[0] = '\0';
	return end;
}

static void read_nodes(const char *text, const char *key, struct node_set *set)
{
	const char *p = strstr(text, key);

	if (p && !set->known)
		node_set_parse(set, p + strlen(key));
}

void header_nodes(const char *text, struct alloc_report *r)
{
	read_nodes(text, "nodemask=", &r->nodemask);
	read_nodes(text, "mems_allowed=", &r->mems_allowed);
}

/* ---- the CPU line ---- */

static __s64 number_behind(const char *text, const char *key)
{
	const char *p = strstr(text, key);

	if (!p)
		return REPORT_UNKNOWN;
	p += strlen(key);
	p += strspn(p, " ");
	return isdigit((unsigned char)*p) ? strtoll(p, NULL, 10) : REPORT_UNKNOWN;
}

static bool is_release(const char *p)
{
	return isdigit((unsigned char)p[0]) &&
	       (p[1] == '.' || (isdigit((unsigned char)p[1]) && p[2] == '.'));
}

void header_release(const char *text, struct cpu_line *ret)
{
	const char *p = text + strspn(text, " ");
	size_t len = strcspn(p, " \n");

	if (!is_release(p) || len >= sizeof(ret->release))
		return;
	snprintf(ret->release, sizeof(ret->release), "%.*s", (int)len, p);
	p += len;
	p += strspn(p, " ");
	snprintf(ret->package, sizeof(ret->package), "%.*s", (int)strcspn(p, "\n"), p);
}

/* Letters of the taint, apart by blanks, stand before the release. */
static const char *behind_taint(const char *p)
{
	for (;;) {
		size_t len;

		p += strspn(p, " ");
		len = strcspn(p, " \n");
		if (!len || is_release(p))
			return p;
		for (size_t i = 0; i < len; i++)
			if (!isupper((unsigned char)p[i]))
				return p;
		p += len;
	}
}

/* The end of the task's name, and of the words behind it. */
static const char *find_taint(const char *comm, const char **release)
{
	const char *clean = strstr(comm, " Not tainted"), *tainted = strstr(comm, " Tainted:");

	if (clean && (!tainted || clean < tainted)) {
		*release = clean + strlen(" Not tainted");
		return clean;
	}
	if (tainted)
		*release = behind_taint(tainted + strlen(" Tainted:"));
	return tainted;
}

bool header_cpu_line(const char *text, struct cpu_line *ret)
{
	const char *p = text + strspn(text, " "), *comm, *end, *release = NULL;

	*ret = (struct cpu_line){.cpu = REPORT_UNKNOWN, .pid = REPORT_UNKNOWN};
	if (strncmp(p, "CPU: ", 5) == 0) {
		comm = strstr(p, "Comm: ");
		ret->cpu = number_behind(p, "CPU:");
		ret->pid = number_behind(p, " PID:");
	} else if (strncmp(p, "Pid: ", 5) == 0) {
		comm = strstr(p, "comm: ");
		ret->pid = number_behind(p, "Pid:");
	} else {
		return false;
	}
	if (!comm)
		return false;
	comm += strlen("Comm: ");
	end = find_taint(comm, &release);
	if (!end)
		end = comm + strlen(comm);
	while (end > comm && end[-1] == ' ')
		end--;
	snprintf(ret->comm, sizeof(ret->comm), "%.*s", (int)(end - comm), comm);
	if (release)
		header_release(release, ret);
	return true;
}

__u64 header_suppressed(const char *text)
{
	const char *p = strstr(text, " callbacks suppressed"), *number = p, *name;
	static const char *const names[] = {"warn_alloc", "warn_alloc_failed"};

	if (!p)
		return 0;
	while (number > text && isdigit((unsigned char)number[-1]))
		number--;
	name = number;
	while (name > text && (name[-1] == ' ' || name[-1] == ':'))
		name--;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if ((size_t)(name - text) >= len && memcmp(name - len, names[i], len) == 0 &&
		    ((size_t)(name - text) == len || name[-(long)len - 1] == ' '))
			return strtoull(number, NULL, 10);
	}
	return 0;
}
