// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* event.c - the words for what an event is, in every output; an empty one. */
#include "model/event.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

void event_clear(struct event *e)
{
	const size_t named = offsetof(struct event, zone_name);

	memset(&e->raw, 0, sizeof(e->raw));
	memset((char *)e + named, 0, offsetof(struct event, frame) - named);
	e->time_ns = 0;
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[VERDICTS] = {
		[VERDICT_EXHAUSTED] = "exhausted",   [VERDICT_FRAGMENTED] = "fragmented",
		[VERDICT_RESERVED] = "reserved",     [VERDICT_CONSTRAINED] = "constrained",
		[VERDICT_OVERSIZE] = "oversize",     [VERDICT_INJECTED] = "injected",
		[VERDICT_CHARGE] = "charge",	     [VERDICT_CONTENDED] = "contended",
		[VERDICT_BULK_SHORT] = "bulk_short", [VERDICT_UNEXPLAINED] = "unexplained",
	};

	return (unsigned int)v < VERDICTS ? names[v] : NULL;
}

const char *basis_name(enum basis b)
{
	static const char *const names[BASES] = {
		[BASIS_REFUSED] = "refused",
		[BASIS_WITHIN] = "within",
		[BASIS_PASSED] = "passed",
	};

	return (unsigned int)b < BASES ? names[b] : NULL;
}

const char *aftermath_name(enum aftermath a)
{
	static const char *const names[AFTERMATHS] = {
		[AFTERMATH_PENDING] = "pending",
		[AFTERMATH_RECOVERED] = "recovered",
		[AFTERMATH_RETRIED] = "retried",
		[AFTERMATH_LOST] = "lost",
	};

	return (unsigned int)a < AFTERMATHS ? names[a] : NULL;
}

const char *printed_name(enum printed p)
{
	static const char *const names[PRINTEDS] = {
		[PRINTED_YES] = "yes",
		[PRINTED_NOWARN] = "nowarn",
		[PRINTED_RATELIMITED] = "ratelimited",
		[PRINTED_NEVER] = "never",
	};

	return (unsigned int)p < PRINTEDS ? names[p] : NULL;
}

const char *event_kind_name(enum lab_event_kind k)
{
	static const char *const names[LAB_EVENT_KINDS] = {
		[LAB_EVENT_FAILED] = "failed",
		[LAB_EVENT_SLOW] = "slow",
		[LAB_EVENT_NEAR_MISS] = "near_miss",
		[LAB_EVENT_FOLLOW] = "follow",
	};

	return (unsigned int)k < LAB_EVENT_KINDS ? names[k] : NULL;
}

const char *event_frame_offset(char buf[EVENT_OFFSET], const struct event_frame *f)
{
	buf[0] = '\0';
	if (f->address || f->offset)
		snprintf(buf, EVENT_OFFSET, "+0x%llx", (unsigned long long)f->offset);
	return buf;
}
