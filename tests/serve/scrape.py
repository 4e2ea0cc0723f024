# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""scrape.py - a labyrinth that serves, and clients of it: kind ones and others."""

import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse

OPENMETRICS = "application/openmetrics-text; version=1.0.0"
SAMPLE = re.compile(r"^([a-z_]+)(\{.*\})? (\S+)$")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, seconds=20):
    """True once what() is, False after that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if what():
                return True
        except (OSError, http.client.HTTPException, ValueError):
            pass
        time.sleep(0.1)
    return False


def get(port, path="/metrics", method="GET", timeout=10, **headers):
    """Status, headers and body."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        c.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        r = c.getresponse()
        return r.status, dict(r.getheaders()), r.read()
    finally:
        c.close()


def samples(text):
    """{series: value}"""
    found = {}
    for line in text.decode().splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        assert (name, labels) not in found, line
        found[name + (labels or "")] = float(value)
    return found


def scrape(port):
    return samples(get(port)[2])


def total(values, name):
    """The sum over all series of that name."""
    return sum(v for k, v in values.items() if k.split("{")[0] == name)


class Serve:
    """labyrinth serve, from the first reading on."""

    def __init__(self, work, *options, port=None, program=("./labyrinth",), **popen):
        self.port = port or free_port()
        self.log = open(os.path.join(work, f"serve-{self.port}.log"), "ab")
        words = [*program, "serve", "--listen", f"127.0.0.1:{self.port}", *options]
        self.process = subprocess.Popen(words, stderr=self.log, **popen)
        if not wait_for(lambda: get(self.port, "/healthz")[0] == 200, 60):
            raise RuntimeError("does not become healthy: " + self.said())

    def said(self):
        with open(self.log.name, encoding="utf-8", errors="replace") as f:
            return f.read()[-400:]

    def status(self, key):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return int(re.search(rf"^{key}:\s+(\d+)", f.read(), re.M).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


class Prometheus:
    """A real one, that scrapes these ports once a second, or does as the text of a file says."""

    def __init__(self, work, programs, ports=(), config_text=None, options=()):
        self.port = free_port()
        folder = os.path.join(work, f"prometheus-{self.port}")
        os.mkdir(folder)
        config = os.path.join(folder, "config.yml")
        targets = ", ".join(f"'127.0.0.1:{p}'" for p in ports)
        with open(config, "w", encoding="ascii") as f:
            f.write(config_text or "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
                    "scrape_configs:\n- job_name: labyrinth\n  sample_limit: 600\n"
                    f"  static_configs:\n  - targets: [{targets}]\n")
        self.log = open(os.path.join(folder, "log"), "wb")
        self.process = subprocess.Popen(
            [os.path.join(programs, "prometheus"), f"--config.file={config}",
             f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{self.port}",
             f"--web.console.templates={folder}", f"--web.console.libraries={folder}", *options],
            stdout=self.log, stderr=self.log)
        if not wait_for(lambda: get(self.port, "/-/ready")[0] == 200, 60):
            raise RuntimeError("Prometheus does not start")

    def ask(self, expression, at=None):
        words = {"query": expression, **({"time": at} if at else {})}
        answer = json.loads(get(self.port, "/api/v1/query?" + urllib.parse.urlencode(words))[2])
        if answer["status"] != "success":
            raise ValueError(f"{expression}: {answer.get('error')}")
        return answer["data"]["result"]

    def query(self, expression, at=None):
        """[(labels, value)], at a time, or now"""
        return [(r["metric"], float(r["value"][1])) for r in self.ask(expression, at)]

    def series(self, expression, at=None):
        """Of a range, as it was scraped: [[value, ...], ...]"""
        return [[float(v) for _, v in r["values"]] for r in self.ask(expression, at)]

    def value(self, expression, at=None):
        found = self.query(expression, at)
        return found[0][1] if found else None

    def stop(self):
        self.process.terminate()
        self.process.wait(120)


def raw(port, sent, seconds=15):
    """What comes back for these bytes until the connection ends; None: it does not end."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as s:
        try:
            s.sendall(sent)
            while True:
                more = s.recv(65536)
                if not more:
                    return got
                got += more
        except socket.timeout:
            return None
        except OSError:
            return got


def unzipped(body):
    return gzip.decompress(body)
