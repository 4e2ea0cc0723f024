# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""
fleet.py - 200 machines: their metrics added up say what the latencies of all say, by hand and by
Prometheus; what a leaf records arrives where docs/fleet.md says that it does.
"""

import json
import os
import subprocess

from known import Known, Pages, bounds, by_class, quantiles
from scrape import Prometheus, samples, wait_for
from verdicts import skip, verdict

MACHINES = 200
SCRAPED = 4 # of them, by a Prometheus that runs
BUCKET = "labyrinth_latency_seconds_bucket"
RECORDED = '{__name__=~"(instance|class):labyrinth_.+"}'


# --- by hand -------------------------------------------------------------------------------------

def sums(texts):
    """{class: [(bound, count)]}, bucket by bucket"""
    found = {}
    for text in texts:
        for key, value in samples(text).items():
            if key.startswith(BUCKET):
                cls, bound = (key.split(f'{word}="')[1].split('"')[0] for word in ("class", "le"))
                of = found.setdefault(cls, {})
                of[float(bound)] = of.get(float(bound), 0) + value
    return {cls: sorted(of.items()) for cls, of in found.items()}


def percentile(buckets, quantile):
    """The bound of the first bucket that has so many up to it."""
    rank = quantile * buckets[-1][1]
    return next(bound for bound, count in buckets if count >= rank * (1 - 1e-12))


# --- by Prometheus -------------------------------------------------------------------------------

def shipped(name):
    """A file of monitoring/ as it is, for a test to change addresses and times in."""
    import yaml
    with open(f"monitoring/{name}", encoding="utf-8") as f:
        return yaml.safe_load(f)


def all_in_one(texts):
    """The buckets of all machines in a page: one scrape, and so one time, for a rate that is exact."""
    lines = ["# TYPE labyrinth_latency_seconds histogram"]
    for number, text in enumerate(texts):
        lines += [f'{BUCKET}{{machine="{number}",{line[len(BUCKET) + 1:]}' for line in text.decode().splitlines()
                  if line.startswith(BUCKET)]
    return ("\n".join(lines) + "\n").encode()


def leaf_config(pages, push_port):
    config = shipped("prometheus-leaf.yml")
    config["global"].update(scrape_interval="5s", evaluation_interval="5s")
    config["rule_files"] = [os.path.abspath("monitoring/" + f) for f in config["rule_files"]]
    job = config["scrape_configs"][0]
    del job["file_sd_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{pages.port}"],
                              "labels": {"__metrics_path__": f"/{n}", "instance": f"m{n}"}}
                             for n in range(1, SCRAPED + 1)]
    config["scrape_configs"].append({"job_name": "all", "metrics_path": "/all",
                                     "static_configs": [{"targets": [f"127.0.0.1:{pages.port}"]}]})
    config["remote_write"][0]["url"] = f"http://127.0.0.1:{push_port}/api/v1/write"
    return json.dumps(config)


def global_config(leaf_port):
    config = shipped("prometheus-global.yml")
    config["global"]["scrape_interval"] = "5s"
    config["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{leaf_port}"]}]
    return json.dumps(config)


def recorded(p):
    """Names and labels of what a leaf recorded."""
    return {tuple(sorted((k, v) for k, v in labels.items() if k not in ("leaf", "job"))) for labels, _ in p.query(RECORDED)}


def arrives(name, leaf, p):
    ok = wait_for(lambda: recorded(leaf) and recorded(leaf) <= recorded(p), 120)
    foreign = [labels for labels, _ in p.query('{__name__=~"labyrinth_.+"}')]
    leaves = {labels.get("leaf") for labels, _ in p.query(RECORDED)}
    verdict(name, ok and not foreign and leaves == {"a"},
            f"{len(recorded(p))} of {len(recorded(leaf))} series, from {leaves}; {len(foreign)} of no rule")


def pooled(leaf, pages, known):
    """The percentiles of all machines together, from their counts and from what the rules record."""
    wait_for(lambda: leaf.value(f'count({BUCKET}{{job="all"}})'), 120)
    pages.pages["/all"] = all_in_one(known.texts[1:])
    rule = f"class:{BUCKET}:rate5m"
    ok = wait_for(lambda: (leaf.value(f'sum({rule}{{le="+Inf"}})') or 0) > 0, 120)
    verdict("fleet-scraped", ok, "nothing recorded")
    of_all = f'sum by (le, class) ({BUCKET}{{job="all"}})'
    quantiles("fleet-counts", known, lambda q: by_class(leaf.query(f"histogram_quantile({q}, {of_all})")))
    quantiles("fleet-rules", known, lambda q: by_class(leaf.query(f"histogram_quantile({q}, {rule})")))


def by_leaves(work, programs, known):
    pages = Pages({f"/{n}": known.texts[n] for n in range(1, SCRAPED + 1)})
    pages.pages["/all"] = all_in_one(known.texts[:1] * MACHINES)
    started = []

    def start(text, *options):
        started.append(Prometheus(work, programs, config_text=text, options=options))
        return started[-1]
    try:
        push = start("{}", "--web.enable-remote-write-receiver")
        leaf = start(leaf_config(pages, push.port))
        pull = start(global_config(leaf.port))
        up = 'sum(up{job="labyrinth"})'
        verdict("fleet-up", wait_for(lambda: leaf.value(up) == SCRAPED, 120), leaf.value(up))
        pooled(leaf, pages, known)
        arrives("fleet-federated", leaf, pull)
        arrives("fleet-written", leaf, push)
        many, most = len(recorded(leaf)), 4 * SCRAPED + 3 * (len(bounds(known.texts[0])))
        verdict("fleet-series", many <= most, f"{many} recorded of {SCRAPED} machines, {most} at most")
    finally:
        for p in started:
            p.stop()
        pages.close()


def configs(programs):
    for name in ("prometheus-leaf.yml", "prometheus-global.yml"):
        r = subprocess.run([os.path.join(programs, "promtool"), "check", "config", "--syntax-only",
                            f"monitoring/{name}"], capture_output=True, text=True, timeout=60)
        verdict(f"config/{name}", r.returncode == 0, r.stdout + r.stderr)


def fleet(work, programs, program):
    known = Known(program, os.path.join(work, "fleet"), "fleet", str(MACHINES))
    added = sums(known.texts[1:])
    quantiles("fleet-added", known, lambda q: {cls: percentile(b, q) for cls, b in added.items()})
    if not programs:
        return
    configs(programs)
    try:
        import yaml # pylint: disable=unused-import
    except ImportError:
        skip("fleet-leaves", "machine: no python3-yaml")
        return
    by_leaves(work, programs, known)
