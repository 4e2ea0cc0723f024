// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * frames.c - "func+0x1/0x2 [mod]" with what architectures put around it. Frames with a "?" were
 * left on the stack by calls that are over: they are dropped.
 */
#include "klog/frames.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/site_names.h"

struct found {
	const char *name, *end; /* of the function's name */
	const char *rest;	/* behind the whole frame but its module */
	bool unreliable;
};

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

/* "+0x1a/0x2b" at p: its length; 0 */
static size_t offset_at(const char *p)
{
	size_t n, m;

	if (strncmp(p, "+0x", 3) != 0)
		return 0;
	n = 3 + strspn(p + 3, "0123456789abcdef");
	if (strncmp(p + n, "/0x", 3) != 0)
		return 0;
	m = strspn(p + n + 3, "0123456789abcdef");
	return n > 3 && m ? n + 3 + m : 0;
}

static bool unreliable(const char *text, const char *name)
{
	while (name > text && (name[-1] == ' ' || name[-1] == '('))
		name--;
	return name > text && name[-1] == '?';
}

/* The next "name+0x1/0x2" from p on. */
static bool next_frame(const char *text, const char *p, struct found *ret)
{
	while ((p = strchr(p, '+'))) {
		size_t len = offset_at(p);
		const char *name = p;

		while (name > text && is_name(name[-1]))
			name--;
		if (len && name < p) {
			*ret = (struct found){name, p, p + len, unreliable(text, name)};
			return true;
		}
		p++;
	}
	return false;
}

/* "name (mm/slub.c:123 (discriminator 3)) mod" of decode_stacktrace.sh */
static bool decoded_frame(const char *text, struct found *ret)
{
	const char *p = text + strspn(text, " "), *end, *colon;
	bool question = p[0] == '?' && p[1] == ' ';
	int depth = 0;

	p += question ? 2 : 0;
	for (end = p; is_name(*end); end++)
		;
	if (end == p || end[0] != ' ' || end[1] != '(')
		return false;
	colon = strchr(end, ':');
	if (!colon || !isdigit((unsigned char)colon[1]) || !memchr(end, '.', (size_t)(colon - end)))
		return false;
	*ret = (struct found){p, end, end + 1, question};
	for (; *ret->rest; ret->rest++) {
		depth += (*ret->rest == '(') - (*ret->rest == ')');
		if (!depth) {
			ret->rest++;
			return true;
		}
	}
	return false;
}

/* " [mod]", " [mod 0123...]"; in decoded lines " mod". */
static void read_module(const char *p, bool decoded, char ret[EVENT_MODULE])
{
	size_t len;

	ret[0] = '\0';
	p += strspn(p, " ");
	if (*p == '[')
		p++;
	else if (!decoded)
		return;
	for (len = 0; isalnum((unsigned char)p[len]) || p[len] == '_' || p[len] == '-'; len++)
		;
	snprintf(ret, EVENT_MODULE, "%.*s", (int)len, p);
}

static bool outermost(const char *symbol)
{
	static const char *const names[] = {
		"ret_from_fork",   "secondary_startup", "start_secondary",
		"entry_SYSCALL",   "entry_SYSENTER",	"kthread",
		"el0_svc_naked",   "el0t_64_sync",	"ret_fast_syscall",
		"start_kernel",	   "syscall_common",	"ret_from_kernel_thread",
		"x86_64_start",	   "system_call",	"rest_init",
		"secondary_start", "common_startup",	"ret_from_except",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(symbol, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void add_frame(const struct found *f, bool decoded, struct trace *t, struct alloc_report *r)
{
	struct event_frame *frame = &r->frame[r->frames];
	size_t len = (size_t)(f->end - f->name);

	t->begun = true;
	if (f->unreliable || len >= EVENT_SYMBOL)
		return;
	if (outermost(f->name))
		t->ended = true;
	if (t->cut || r->frames == REPORT_FRAMES)
		return;
	/* arm prints a function as called, and in the next line as caller. */
	if (r->frames && strlen(frame[-1].symbol) == len &&
	    memcmp(frame[-1].symbol, f->name, len) == 0)
		return;
	memset(frame, 0, sizeof(*frame));
	snprintf(frame->symbol, sizeof(frame->symbol), "%.*s", (int)len, f->name);
	read_module(f->rest, decoded, frame->module);
	r->frames++;
}

/* A return address without a symbol, alone in its line. */
static bool bare_address(const char *text)
{
	size_t n;

	text += strspn(text, " ");
	if (strncmp(text, "0x", 2) != 0)
		return false;
	n = strspn(text + 2, "0123456789abcdef");
	return n >= 8 && n <= 16 && !text[2 + n + strspn(text + 2 + n, " ")];
}

static bool begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* Registers of what was interrupted, or of a system call: no frames of the request follow. */
static bool is_registers(const char *p)
{
	return begins(p, "RIP: ") || begins(p, "EIP: ") || begins(p, "RIP  [<") ||
	       begins(p, "--- interrupt") || begins(p, "---- interrupt") ||
	       begins(p, "Exception stack") || begins(p, "pc : ") || begins(p, "PC is at") ||
	       begins(p, "NIP [") || begins(p, "epc : ") || begins(p, "--- Exception");
}

static bool is_other(const char *p)
{
	return begins(p, "lr : ") || begins(p, "LR is at") || begins(p, "LR [") ||
	       begins(p, "Workqueue: ") || begins(p, "Code: ") || begins(p, "RSP: ") ||
	       begins(p, "ra : ");
}

/* <IRQ>, </IRQ>, <EOI> ... in the order in which they stand. */
static bool read_marks(const char *p, struct trace *t, const struct alloc_report *r)
{
	bool any = false;

	for (; (p = strchr(p, '<')); p++) {
		if (begins(p, "<IRQ>") || begins(p, "<NMI>") || begins(p, "<SOFTIRQ>")) {
			t->interrupt_stack |= !t->cut && !r->frames && !begins(p, "<NMI>");
			any = true;
		} else if (begins(p, "</IRQ>") || begins(p, "<EOI>") || begins(p, "<<EOE>>") ||
			   begins(p, "</SOFTIRQ>") || begins(p, "</NMI>")) {
			t->cut |= r->frames > 0;
			any = true;
		} else if (begins(p, "<TASK>")) {
			any = true;
		} else if (begins(p, "</TASK>")) {
			t->ended = true;
			any = true;
		}
	}
	return any;
}

void frames_first(const char *text, char ret[EVENT_SYMBOL])
{
	struct found f;

	ret[0] = '\0';
	if ((next_frame(text, text, &f) || decoded_frame(text, &f)) && !f.unreliable)
		snprintf(ret, EVENT_SYMBOL, "%.*s", (int)(f.end - f.name), f.name);
}

bool frames_read(const char *text, struct trace *t, struct alloc_report *r)
{
	const char *p = text + strspn(text, " ");
	bool any = read_marks(p, t, r);
	struct found f;

	if (is_registers(p)) {
		t->cut |= r->frames > 0;
		return true;
	}
	if (is_other(p))
		return true;
	if (decoded_frame(text, &f)) {
		add_frame(&f, true, t, r);
		return true;
	}
	while (next_frame(text, p, &f)) {
		add_frame(&f, false, t, r);
		p = f.rest;
		any = true;
	}
	if (!any && t->begun && bare_address(text)) {
		if (!t->cut && r->frames < REPORT_FRAMES)
			memset(&r->frame[r->frames++], 0, sizeof(r->frame[0]));
		return true;
	}
	return any;
}
