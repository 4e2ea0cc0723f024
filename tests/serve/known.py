# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""
known.py - metrics of what is known in advance, served for Prometheus: its answers are held against
labyrinth's own. So they are where a kernel shows no latencies, and to the last request.
"""

import glob
import http.server
import os
import re
import subprocess
import threading
import time

from scrape import Prometheus, samples, wait_for
from verdicts import verdict

ROOMS = ("base", "model", "json", "view", "out", "klog")
RECORDING = "tests/golden/pressure.json"
COUNTER = re.compile(r"labyrinth_.*_(total|bucket|count|sum)$")
QUANTILE = 'histogram_quantile(%g, sum by (le, class) (%s))'


# --- what is known -------------------------------------------------------------------------------

def build(work):
    """expose.c with the objects of the program."""
    program = os.path.join(work, "expose")
    objects = [o for room in ROOMS for o in glob.glob(f".output/{room}/*.o")] + [".output/source/replay.o"]
    subprocess.run([os.environ.get("CC", "gcc"), "-O2", "-std=gnu11", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-Isrc",
                    "-o", program, "tests/serve/expose.c", *objects,
                    "-lz", "-lzstd", "-ljansson", "-lcap-ng", "-lseccomp", "-lm"], check=True)
    return program


class Known:
    """The texts 0, 1, ..., and what is in the last, or in all."""

    def __init__(self, program, folder, *words, **more):
        os.mkdir(folder)
        said = subprocess.run([program, *words, folder], capture_output=True, text=True, check=True, **more).stdout
        self.counts, self.latencies = {}, []
        for line in said.splitlines():
            word, name, *rest = line.split()
            if word == "count":
                self.counts[f"labyrinth_{name}_total"] = int(rest[0])
            else:
                self.latencies.append((name, int(rest[0]) / 1000, int(rest[1]), int(rest[2])))
        self.texts = []
        while os.path.exists(f"{folder}/{len(self.texts)}.prom"):
            with open(f"{folder}/{len(self.texts)}.prom", "rb") as f:
                self.texts.append(f.read())


class Pages(http.server.ThreadingHTTPServer):
    """{path: text}, on loopback."""
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, pages):
        self.pages = pages
        super().__init__(("127.0.0.1", 0), Page)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Who asked may have gone: a busy machine's Prometheus asks again."""

    def close(self):
        self.shutdown()
        self.server_close()


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = self.server.pages.get(self.path)
        self.send_response(404 if text is None else 200)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.end_headers()
        self.wfile.write(text or b"")

    def log_message(self, *_):
        pass


# --- the bucket ----------------------------------------------------------------------------------

def bounds(text):
    """Those of the histogram, seconds."""
    found = {s.split('le="')[1].split('"')[0] for s in samples(text) if "_seconds_bucket" in s}
    return sorted(float(b) for b in found)


def same_bucket(edges, ns, seconds):
    """Both lie between the same two bounds; on one of them, rounding may have put it."""
    upper = min(edge for edge in edges if ns / 1e9 <= edge * (1 + 1e-12))
    lower = max((edge for edge in edges if edge < upper), default=0)
    return lower * (1 - 1e-6) <= seconds <= (upper if upper < float("inf") else lower) * (1 + 1e-6)


def quantiles(name, known, ask):
    """ask(quantile) -> {class: seconds}: each in the bucket of labyrinth's own percentile."""
    edges, wrong = bounds(known.texts[0]), []
    for quantile in sorted({k[1] for k in known.latencies}):
        found = ask(quantile)
        for cls, q, exact, own in known.latencies:
            if q == quantile and not (cls in found and same_bucket(edges, own, found[cls]) and
                                      (not exact or same_bucket(edges, exact, found[cls]))):
                wrong.append(f"{cls} {q}: {found.get(cls)}, labyrinth {own} ns, exactly {exact or 'unknown'}")
    verdict(name, known.latencies and not wrong, "; ".join(wrong[:3]))


def by_class(found):
    return {labels["class"]: value for labels, value in found}


# --- one machine ---------------------------------------------------------------------------------

def rates(name, p, counts, times):
    """What was counted, and a little more: it is extended to the end of the range, by a sample at most."""
    now, wrong = time.time(), []
    for series, n in counts.items():
        found = p.value(f"increase({series}[30m])", now)
        many = p.value(f"count_over_time({series}[30m])", now)
        most = times * n * (1 + 1.1 / (many - 1))
        if not times * n * (1 - 1e-9) <= found <= most * (1 + 1e-9):
            wrong.append(f"{series}: {found} of {times} times {n}, {most} at most")
    verdict(name, counts and not wrong, "; ".join(wrong[:3]))


def show(p, pages, known, number):
    """Until Prometheus has it."""
    series = next(iter(known.counts))
    pages.pages["/metrics"] = known.texts[number]
    return wait_for(lambda: p.value(series) == samples(known.texts[number])[series], 60)


def one_machine(work, programs, program):
    with open(RECORDING, "rb") as f:
        known = Known(program, os.path.join(work, "one"), "record", stdin=f)
    pages = Pages({"/metrics": known.texts[0]})
    p = Prometheus(work, programs, [pages.port])
    try:
        shown = all(show(p, pages, known, n) for n in range(len(known.texts)))
        verdict("known", shown, "not scraped")
        verdict("known-series", p.value("scrape_samples_scraped") == len(samples(known.texts[0])), "not all")
        quantiles("quantiles", known,
                  lambda q: by_class(p.query(QUANTILE % (q, "rate(labyrinth_latency_seconds_bucket[30m])"))))
        rates("rates", p, known.counts, 1)
        verdict("no-reset", not any(resets(p, known.texts[0]).values()), "a counter went back")
        restart(p, pages, known)
    finally:
        p.stop()
        pages.close()


def resets(p, text):
    """{series: resets} of each counter in it. What asks for several names at once gets none of them told."""
    found = {}
    for name in {k.split("{")[0] for k in samples(text)}:
        for labels, n in p.query(f"resets({name}[30m])") if COUNTER.match(name) else ():
            found[series_of(name, labels)] = n
    return found


def series_of(name, labels):
    """As it stands in the text, whatever the order."""
    words = sorted(f'{k}="{v}"' for k, v in labels.items() if k not in ("__name__", "instance", "job"))
    return name + "{" + ",".join(words) + "}"


def restart(p, pages, known):
    """Each counter that was above 0 is reset once, no other is, and what was counted is counted on."""
    shown = all(show(p, pages, known, n) for n in (0, len(known.texts) - 1))
    above = set()
    for key, value in samples(known.texts[-1]).items():
        name, _, rest = key.partition("{")
        if value and COUNTER.match(name):
            above.add(name + "{" + ",".join(sorted(filter(None, rest.rstrip("}").split(",")))) + "}")
    found = resets(p, known.texts[0])
    wrong = [f"{k}: {n}" for k, n in found.items() if n != (k in above)]
    verdict("restart-resets", shown and above and above <= set(found) and not wrong, "; ".join(wrong[:3]))
    rates("restart-rates", p, known.counts, 2)
