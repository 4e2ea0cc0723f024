// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * check.c - the doctor: attaches and detaches each hook in every mode and says what came of
 * it. One collection, two printers.
 */
#include "cli/check.h"

#include <errno.h>
#include <jansson.h>
#include <linux/capability.h>
#include <string.h>

#include "base/exits.h"
#include "base/rights.h"
#include "cli/check_report.h"
#include "cli/options.h"
#include "cli/scope.h"
#include "kernel/preempt.h"
#include "live/attach.h"
#include "live/calibrate.h"
#include "live/denied.h"
#include "live/load.h"
#include "live/selftest.h"
#include "live/start.h"
#include "model/rules.h"
#include "view/views.h"
#include "base/util.h"

struct mode_result {
	enum attach_mode mode;
	int error; /* of loading, negative errno */
	char message[256];
	bool required_only; /* works only without the optional hooks */
	bool works;
	struct hook hook[HOOKS]; /* error and wanted; no link left */
};

struct check {
	struct features features;
	char lockdown[32], unprivileged[64];
	bool privileged, calibrated;
	struct mode_result mode[ATTACH_MODES];
	int best;		      /* index of the mode that stat takes, -1: none */
	struct need need[VIEW_COUNT]; /* of each view, in that mode; bytes 0: not known */
};

static void probe_environment(struct check *c)
{
	static const char *const meaning[] = {"enabled", "disabled, locked", "disabled"};
	char buf[32];
	__u64 v;

	features_lockdown(c->lockdown, sizeof(c->lockdown));
	c->privileged = features_privileged();
	snprintf(c->unprivileged, sizeof(c->unprivileged), "unknown");
	if (read_text("/proc/sys/kernel/unprivileged_bpf_disabled", buf, sizeof(buf)) > 0 &&
	    !parse_u64(buf, 0, 2, &v))
		snprintf(c->unprivileged, sizeof(c->unprivileged), "%s", meaning[v]);
}

/* Attaches what is loaded, one by one, and detaches it again. */
static int attach_each(struct hooks *h, struct features *f)
{
	int error = 0;

	for (unsigned int id = 0; id < HOOKS; id++) {
		int r = h->hook[id].wanted ? hooks_attach_one(h, id, f) : 0;

		if (r && hook_info(id)->required)
			error = selftest_error(r);
	}
	return error;
}

static void try_mode(struct mode_result *m, struct features *f, const struct scope *scope)
{
	struct hooks h = {};
	int r;

	m->error = hooks_load(&h, f, scope, m->mode, false);
	if (m->error) {
		snprintf(m->message, sizeof(m->message), "%s", hooks_message());
		hooks_close(&h);
		m->required_only = true;
		if (hooks_load(&h, f, scope, m->mode, true)) {
			hooks_close(&h);
			return;
		}
	}
	r = hooks_calibrate(&h, f);
	if (r)
		m->error = r;
	r = r ?: attach_each(&h, f);
	r = r ?: hooks_selftest(&h, f);
	m->works = !r;
	if (r == -ENOLINK) {
		m->error = r;
		snprintf(m->message, sizeof(m->message), "%s", selftest_reason());
	}
	memcpy(m->hook, h.hook, sizeof(m->hook));
	hooks_close(&h);
}

static void collect(struct check *c, const struct options *opt)
{
	const struct scope all = scope_of(opt);
	const enum attach_mode *modes = live_order(&c->features, &all);

	c->best = -1;
	for (int i = 0; i < ATTACH_MODES; i++) {
		c->mode[i].mode = modes[i];
		if (!c->privileged) {
			c->mode[i].error = -EPERM;
			continue;
		}
		try_mode(&c->mode[i], &c->features, &all);
		/* Never by itself: it does not count all requests. */
		if (c->mode[i].works && c->best < 0 && modes[i] != ATTACH_SLOWPATH)
			c->best = i;
	}
}

/* What each view would take, as it is by default. Of the best mode, or the one that shows most. */
static void collect_needs(struct check *c, const struct options *opt)
{
	enum attach_mode mode = c->mode[c->best < 0 ? 0 : c->best].mode;
	struct options of = *opt;

	for (unsigned int i = 0; i < VIEW_COUNT; i++) {
		struct scope scope;

		of.view = view_at(i);
		of.class_mask = of.view->class_mask;
		of.slower_ns = of.view->slower_ns;
		scope = scope_of(&of);
		if (hooks_need(&c->features, &scope, mode, &c->need[i]))
			c->need[i].bytes = 0;
	}
}

/* ---- text ---- */

static const char *hook_result(const struct mode_result *m, unsigned int id, char *buf, size_t size)
{
	if (!m->hook[id].wanted)
		return m->works || m->required_only ? "not loaded" : "refused";
	if (!m->hook[id].error)
		return "attaches";
	snprintf(buf, size, "refused: %s", strerror(-m->hook[id].error));
	return buf;
}

static void print_mode(FILE *f, const struct check *c, const struct mode_result *m,
		       const struct options *opt)
{
	const struct scope all = scope_of(opt);
	char buf[128];

	fprintf(f, "\nattach mode %-8s %s", attach_mode_name(m->mode),
		m->works ? (m->required_only ? "works, required hooks only" : "works") : "refused");
	if (m->error)
		fprintf(f, ": %s%s%s", strerror(-m->error), m->message[0] ? ": " : "", m->message);
	fprintf(f, "\n");
	for (unsigned int id = 0; id < HOOKS; id++) {
		if (!hook_wanted(id, m->mode, &c->features, &all))
			continue;
		fprintf(f, "  %-14s %-7s %-34s %s\n", hook_info(id)->name, hook_attach_name(id),
			hook_target(id, &c->features), hook_result(m, id, buf, sizeof(buf)));
	}
}

static void print_degraded(FILE *f, const struct check *c, const struct options *opt)
{
	const struct features *k = &c->features;
	const struct scope all = scope_of(opt);
	enum attach_mode best = c->best < 0 ? ATTACH_AUTO : c->mode[c->best].mode;
	const char *spared = live_spared(k, &all, best);

	if (c->best > 0)
		fprintf(f, "degraded: %s\n",
			best == ATTACH_KPROBE
				? "starts are seen by kprobe: costs more, no bulk requests"
				: "no start is seen: no latency, no silent failures, no bulk "
				  "requests, no growth of the exclusive reserve");
	if (spared)
		fprintf(f, "degraded: %s\n", spared);
	if (!k->proven)
		fprintf(f,
			"not proven: no test of labyrinth has run on %s; what it counts here, "
			"nobody has compared\n",
			k->machine);
	if (k->knobs.preempt_count_how == LAB_PC_NONE)
		fprintf(f, "degraded: preempt_count not found: context unknown, no latency\n");
	else if (!k->knobs.preempt_known)
		fprintf(f, "degraded: this kernel does not count preempt_disable(): preempt_off is "
			   "not known\n");
	if (!k->target[TARGET_BULK].name)
		fprintf(f, "degraded: this kernel has no bulk function: no bulk requests\n");
	if (!k->target[TARGET_ANON].name)
		fprintf(f, "degraded: this kernel has no PG_anon_exclusive\n");
}

static const char *capabilities_text(const struct check *c)
{
	if (!c->privileged)
		return "missing: needs root, or CAP_BPF and CAP_PERFMON, and CAP_SYSLOG for sites";
	if (!(rights_permitted() & 1ULL << CAP_SYSLOG))
		return "sufficient, but CAP_SYSLOG is missing: sites and drivers may be unknown";
	return "sufficient";
}

static void print_needs(FILE *f, const struct check *c)
{
	const struct need *n = &c->need[0];
	const char *before = "";

	if (!n->bytes)
		return;
	fprintf(f, "memory           of maps, MiB: ");
	for (unsigned int i = 0; i < VIEW_COUNT; i++) {
		if (!c->need[i].bytes)
			continue;
		fprintf(f, "%s%s %.1f", before, view_at(i)->name,
			(double)c->need[i].bytes / (1 << 20));
		before = ", ";
	}
	fprintf(f, "\n                 for each of %u possible cpus %llu KiB", n->cpus,
		(unsigned long long)(n->cpu_bytes >> 10));
	if (n->limit_bytes)
		fprintf(f, "; limit of the cgroup %.1f MiB", (double)n->limit_bytes / (1 << 20));
	fprintf(f, "\n");
}

static void print_text(FILE *f, const struct check *c, const struct options *opt)
{
	const struct features *k = &c->features;

	fprintf(f, "labyrinth %s on %s, Linux %s %s%s\n", LAB_VERSION,
		opt->report ? "this machine" : k->host, k->release, k->machine,
		k->rt ? ", PREEMPT_RT" : "");
	fprintf(f, "BTF              %s\n", opt->btf_path ?: "/sys/kernel/btf/vmlinux");
	fprintf(f, "entry function   %s, %u arguments\n", k->target[TARGET_ENTRY].name,
		k->target[TARGET_ENTRY].args);
	fprintf(f, "bulk function    %s\n", k->target[TARGET_BULK].name ?: "none");
	fprintf(f, "preempt_count    %s\n", preempt_count_name(&k->knobs));
	fprintf(f, "reserves         rules of %s, by its release%s\n", rules_name(&k->rules),
		k->rules_in_doubt ? ", which hides the patch level: those that grant less" : "");
	fprintf(f, "capabilities     %s\n", capabilities_text(c));
	fprintf(f, "lockdown         %s\n", c->lockdown);
	fprintf(f, "unprivileged BPF %s\n", c->unprivileged);
	print_needs(f, c);
	for (int i = 0; i < ATTACH_MODES; i++)
		print_mode(f, c, &c->mode[i], opt);
	fprintf(f, "\nresult: %s\n",
		c->best < 0 ? "nothing can be attached" : attach_mode_name(c->mode[c->best].mode));
	print_degraded(f, c, opt);
}

/* ---- JSON ---- */

static json_t *json_mode(const struct check *c, const struct mode_result *m,
			 const struct options *opt)
{
	const struct scope all = scope_of(opt);
	json_t *hooks = json_array();

	for (unsigned int id = 0; id < HOOKS; id++) {
		if (!hook_wanted(id, m->mode, &c->features, &all))
			continue;
		json_array_append_new(hooks,
				      json_pack("{s:s, s:s, s:s, s:b, s:i}", "name",
						hook_info(id)->name, "attach", hook_attach_name(id),
						"target", hook_target(id, &c->features), "attaches",
						m->hook[id].wanted && !m->hook[id].error, "errno",
						-m->hook[id].error));
	}
	return json_pack("{s:s, s:b, s:b, s:i, s:s, s:o}", "mode", attach_mode_name(m->mode),
			 "works", m->works, "required_only", m->required_only, "errno", -m->error,
			 "message", m->message, "hooks", hooks);
}

static json_t *json_needs(const struct check *c)
{
	json_t *needs = json_array();

	for (unsigned int i = 0; i < VIEW_COUNT; i++) {
		const struct need *n = &c->need[i];

		if (n->bytes)
			json_array_append_new(needs,
					      json_pack("{s:s, s:I, s:I}", "view", view_at(i)->name,
							"bytes", (json_int_t)n->bytes,
							"bytes_per_cpu", (json_int_t)n->cpu_bytes));
	}
	return json_pack("{s:i, s:I, s:o}", "possible_cpus", (int)c->need[0].cpus,
			 "cgroup_limit_bytes", (json_int_t)c->need[0].limit_bytes, "views", needs);
}

static int print_json(FILE *f, const struct check *c, const struct options *opt)
{
	const struct features *k = &c->features;
	json_t *modes = json_array(), *root;
	int r;

	for (int i = 0; i < ATTACH_MODES; i++)
		json_array_append_new(modes, json_mode(c, &c->mode[i], opt));
	root = json_pack(
		"{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s?, s:s, s:b, s:b, s:s, s:b, s:b, "
		"s:b, s:s, s:s, "
		"s:s?, s:o, s:o}",
		"type", "check", "schema", 1, "host", k->host, "kernel", k->release, "machine",
		k->machine, "version", LAB_VERSION, "btf",
		opt->btf_path ?: "/sys/kernel/btf/vmlinux", "entry_function",
		k->target[TARGET_ENTRY].name, "entry_arguments", (int)k->target[TARGET_ENTRY].args,
		"bulk_function", k->target[TARGET_BULK].name, "preempt_count",
		preempt_count_name(&k->knobs), "preempt_off_known", k->knobs.preempt_known,
		"preempt_rt", k->rt, "reserve_rules", rules_name(&k->rules),
		"reserve_rules_in_doubt", k->rules_in_doubt, "machine_proven", k->proven,
		"privileged", c->privileged, "lockdown", c->lockdown, "unprivileged_bpf",
		c->unprivileged, "attach_mode",
		c->best < 0 ? NULL : attach_mode_name(c->mode[c->best].mode), "memory",
		json_needs(c), "modes", modes);
	if (!root)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	r = json_dumpf(root, f, JSON_COMPACT);
	json_decref(root);
	fputc('\n', f);
	return r ? log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write: %s", strerror(errno)) : 0;
}

/* Why the simplest mode does not work, which tells most. */
static int refuse(const struct check *c)
{
	char obstacle[512];
	int error = 0;

	for (int i = 0; i < ATTACH_MODES; i++)
		if (c->mode[i].mode == ATTACH_RAW_TP)
			error = c->mode[i].error;

	if (error_is_lack(error))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "nothing can be attached: %s; %s",
			       strerror(-error), error_lack_advice(error));

	features_obstacle(obstacle, sizeof(obstacle));
	if (obstacle[0] || bpf_denied(&c->features, &c->need[0], obstacle, sizeof(obstacle)))
		return log_err(FAIL(LAB_EXIT_PRIVILEGE), "nothing can be attached: %s", obstacle);
	return log_err(FAIL(error == -EPERM ? LAB_EXIT_PRIVILEGE : LAB_EXIT_UNSUPPORTED),
		       "nothing can be attached on this kernel: %s",
		       error ? strerror(-error) : "a required hook is refused");
}

int check_run(FILE *f, const struct options *opt)
{
	struct check c = {};
	int r;

	hooks_quiet();
	r = features_probe(&c.features, opt->btf_path);
	if (opt->report)
		check_report_begin(f, &c.features);
	if (r) {
		if (opt->report)
			check_report_end(f);
		features_free(&c.features);
		return r;
	}
	probe_environment(&c);
	collect(&c, opt);
	collect_needs(&c, opt);
	if (opt->json)
		r = print_json(f, &c, opt);
	else
		print_text(f, &c, opt);
	if (opt->report)
		check_report_end(f);
	features_free(&c.features);
	if (!r && fflush(f))
		r = errno == EPIPE
			    ? 0
			    : log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write: %s", strerror(errno));
	return r || c.best >= 0 ? r : refuse(&c);
}
