# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""
deploy.py - what docs/fleet.md puts around labyrinth serve: nginx with TLS and a password, and a
container that has nothing of the host.
"""

import base64
import http.client
import os
import re
import shutil
import signal
import ssl
import subprocess

import service
from scrape import OPENMETRICS, Prometheus, Serve, free_port, get, raw, samples, unzipped, wait_for
from verdicts import skip, verdict

HOST_ONLY = ("hostPID", "hostNetwork", "hostIPC", "hostPath", "privileged: true")


# --- nginx ---------------------------------------------------------------------------------------

def nginx_config(work, port, behind):
    """The shipped site, with other places."""
    with open("monitoring/nginx.conf", encoding="utf-8") as f:
        site = f.read()
    for old, new in (("listen 10436", f"listen 127.0.0.1:{port}"), ("127.0.0.1:10435", f"127.0.0.1:{behind}"),
                     ("/etc/ssl/certs/labyrinth.pem", f"{work}/proxy.pem"),
                     ("/etc/ssl/private/labyrinth.key", f"{work}/proxy.key"),
                     ("/etc/nginx/labyrinth.users", f"{work}/proxy.users")):
        assert site.count(old) == 1, old
        site = site.replace(old, new)
    temps = "".join(f"{kind}_temp_path {work}/temp-{kind};\n"
                    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    who = "user root;\n" if os.getuid() == 0 else ""
    path = os.path.join(work, "nginx.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"{who}daemon off;\npid {work}/nginx.pid;\nerror_log {work}/nginx.log;\nevents {{}}\n"
                f"http {{\naccess_log off;\n{temps}{site}}}\n")
    return path


def secrets(work):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{work}/proxy.key",
                    "-out", f"{work}/proxy.pem"], check=True, capture_output=True, timeout=60)
    word = subprocess.run(["openssl", "passwd", "-apr1", "right"], check=True, capture_output=True, text=True,
                          timeout=60).stdout
    with open(f"{work}/proxy.users", "w", encoding="ascii") as f:
        f.write("prometheus:" + word)


def ask(work, port, path="/metrics", method="GET", password=None, **headers):
    c = http.client.HTTPSConnection("127.0.0.1", port, timeout=20,
                                    context=ssl.create_default_context(cafile=f"{work}/proxy.pem"))
    headers = {k.replace("_", "-"): v for k, v in headers.items()}
    if password:
        headers["Authorization"] = "Basic " + base64.b64encode(f"prometheus:{password}".encode()).decode()
    try:
        c.request(method, path, headers=headers)
        r = c.getresponse()
        return r.status, dict(r.getheaders()), r.read()
    finally:
        c.close()


def through_nginx(s, work, port):
    direct = set(samples(get(s.port)[2]))
    status, headers, body = ask(work, port, password="right", Accept_Encoding="gzip")
    verdict("nginx", status == 200 and headers.get("Content-Encoding") == "gzip" and
            set(samples(unzipped(body))) == direct, f"{status} {headers}")
    status, headers, body = ask(work, port, password="right", Accept=OPENMETRICS)
    verdict("nginx-openmetrics", "openmetrics" in headers["Content-Type"] and body.endswith(b"# EOF\n"), headers)
    for name, expected, words in (("head", 200, {"method": "HEAD", "password": "right"}),
                                  ("no-password", 401, {}), ("wrong-password", 401, {"password": "wrong"}),
                                  ("post", 403, {"method": "POST", "password": "right"}),
                                  ("healthz", 404, {"path": "/healthz", "password": "right"}),
                                  ("root", 404, {"path": "/", "password": "right"})):
        status, _, body = ask(work, port, **words)
        verdict(f"nginx-{name}", status == expected and b"labyrinth_" not in body, f"{status}: {body[:80]}")
    plain = raw(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    verdict("nginx-plain", plain is not None and b" 400 " in plain.split(b"\r\n")[0], plain and plain[:80])


def scraped_through(work, programs, port):
    p = Prometheus(work, programs, config_text=(
        "scrape_configs:\n- job_name: labyrinth\n  scheme: https\n  scrape_interval: 2s\n"
        f"  basic_auth: {{username: prometheus, password: right}}\n  tls_config: {{ca_file: {work}/proxy.pem}}\n"
        f"  static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n"))
    try:
        verdict("nginx-prometheus", wait_for(lambda: p.value("up") == 1, 60), "up is not 1")
    finally:
        p.stop()


def nginx(s, work, programs):
    r = subprocess.run(["tests/serve/fetch", "nginx"], capture_output=True, text=True, timeout=600, check=False)
    if r.returncode or not shutil.which("openssl"):
        return skip("nginx", "machine: no openssl, or Debian's nginx is not to be had")
    secrets(work)
    port = free_port()
    process = subprocess.Popen([r.stdout.strip() + "/usr/sbin/nginx", "-p", work, "-e", f"{work}/nginx.log",
                                "-c", nginx_config(work, port, s.port)])
    try:
        if wait_for(lambda: ask(work, port)[0] == 401, 60):
            through_nginx(s, work, port)
            if programs:
                scraped_through(work, programs, port)
        else:
            with open(f"{work}/nginx.log", encoding="utf-8") as f:
                verdict("nginx", False, "does not start: " + f.read()[-300:])
    finally:
        process.terminate()
        process.wait(60)
    return None


# --- a container ---------------------------------------------------------------------------------

def manifests():
    """The same three capabilities as the unit's, and nothing of the host."""
    try:
        import yaml
    except ImportError:
        return skip("manifests", "machine: no python3-yaml")
    for name in sorted(n for n in os.listdir("monitoring") if n.endswith(".yml")):
        with open(f"monitoring/{name}", encoding="utf-8") as f:
            text = f.read()
        verdict(f"yaml/{name}", list(yaml.safe_load_all(text)) != [None], "empty")
    with open("monitoring/daemonset.yml", encoding="utf-8") as f:
        text = f.read()
    spec = yaml.safe_load(text)["spec"]["template"]["spec"]
    mine = spec["containers"][0]["securityContext"]
    wanted = [c.removeprefix("CAP_") for c in service.values("CapabilityBoundingSet")]
    verdict("daemonset-capabilities", sorted(mine["capabilities"]["add"]) == sorted(wanted) and
            mine["capabilities"]["drop"] == ["ALL"] and mine["readOnlyRootFilesystem"] and
            mine["allowPrivilegeEscalation"] is False, mine)
    verdict("daemonset-host", not [w for w in HOST_ONLY if w in text] and "volumes" not in spec, "something of the host")
    return None


# What a runtime does: a root of the image's files alone, that cannot be written, with /proc and /sys of
# its own; no debugfs, no tracefs. Then the program, as root without rights but these.
INSIDE = """
set -eu
root=$1; shift
mount -t tmpfs tmpfs "$root"
mkdir -p "$root"/proc "$root"/sys "$root"/dev "$root"/etc "$root"/usr
for d in bin sbin lib lib32 lib64 libx32; do [ ! -L /$d ] || ln -s "usr/$d" "$root/$d"; done
mount --rbind /usr "$root/usr"
cp "$PROGRAM" "$root/labyrinth"
touch "$root/dev/null"; mount --bind /dev/null "$root/dev/null"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -o remount,ro "$root"
exec chroot "$root" setpriv --bounding-set=-all,CAPS --inh-caps=-all --no-new-privs /labyrinth "$@"
"""


def container(work):
    caps = ",".join("+" + c.lower().removeprefix("cap_") for c in service.values("CapabilityBoundingSet"))
    root = os.path.join(work, "container")
    os.mkdir(root)
    words = ["unshare", "-m", "-p", "-f", "-i", "--kill-child", "sh", "-c", INSIDE.replace("CAPS", caps), "sh", root]
    if subprocess.run(["unshare", "-m", "-p", "-f", "-i", "mount", "-t", "tmpfs", "tmpfs", root], check=False,
                      capture_output=True).returncode:
        return skip("container", "machine: no namespaces can be made")
    s = Serve(work, program=words, env={**os.environ, "PROGRAM": os.path.abspath("labyrinth")})
    with open(f"/proc/{s.process.pid}/task/{s.process.pid}/children", encoding="ascii") as f:
        inside = int(f.read().split()[0]) # unshare itself hears no signal while it waits
    try:
        text = get(s.port)[2]
        with open(f"/proc/{inside}/mounts", encoding="utf-8") as f:
            kinds = {line.split()[2] for line in f}
        said = [line for line in s.said().splitlines() if re.search("symbol|kptr|refused", line)]
        verdict("container", samples(text)["labyrinth_seen_requests_total"] > 0 and
                not kinds & {"debugfs", "tracefs", "bpf"} and not said, f"{kinds} {said}")
    finally:
        os.kill(inside, signal.SIGTERM)
        s.process.wait(60)
    return None
