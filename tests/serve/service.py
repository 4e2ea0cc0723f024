# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""service.py - the units, without a booted systemd: what it says of them, and what they allow."""

import os
import re
import shutil
import subprocess

UNIT = "monitoring/labyrinth-exporter.service"
SOCKET = "monitoring/labyrinth-exporter.socket"
MOST = 1.0 # systemd-analyze security: 0 is best


def said(*words):
    r = subprocess.run(words, capture_output=True, text=True, timeout=60)
    return r.returncode, r.stdout + r.stderr


def values(key):
    """The words of all lines with that key."""
    with open(UNIT, encoding="utf-8") as f:
        return [word for line in f if line.startswith(key + "=") for word in line.split("=", 1)[1].split()]


def verify(work):
    """'' or what systemd has against the units."""
    folder = os.path.join(work, "units")
    os.mkdir(folder)
    for unit in (UNIT, SOCKET):
        shutil.copy(unit, folder)
    path = os.path.join(folder, os.path.basename(UNIT))
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("/usr/sbin/labyrinth", os.path.abspath("labyrinth")))
    status, text = said("systemd-analyze", "verify", "--man=no", "--recursive-errors=one", path,
                        os.path.join(folder, os.path.basename(SOCKET)))
    lines = [line for line in text.splitlines() if "labyrinth" in line]
    return "; ".join(lines) or (f"status {status}: {text[-200:]}" if status else "")


def score():
    """Of systemd-analyze security, or None with what it says."""
    _, text = said("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=100", UNIT)
    found = re.search(r"Overall exposure level .*: ([0-9.]+)", text)
    return (float(found.group(1)) if found else None), text[-200:]


def filter_sets():
    """{"@set": {call or "@set"}}"""
    sets, now = {}, None
    for line in said("systemd-analyze", "syscall-filter", "--no-pager")[1].splitlines():
        if line.startswith("@"):
            now = sets.setdefault(line.strip(), set())
        elif line.strip() and not line.strip().startswith("#") and now is not None:
            now.add(line.strip())
    return sets


def expand(sets, word):
    if not word.startswith("@"):
        return {word}
    return set().union(*(expand(sets, w) for w in sets.get(word, ())))


def allowed_calls():
    """As systemd adds and takes away, line by line."""
    sets, allowed = filter_sets(), set()
    with open(UNIT, encoding="utf-8") as f:
        for line in f:
            if not line.startswith("SystemCallFilter="):
                continue
            words = line.split("=", 1)[1].strip()
            calls = set().union(*(expand(sets, w) for w in words.lstrip("~").split()))
            allowed = allowed - calls if words.startswith("~") else allowed | calls
    return allowed | expand(sets, "@default")


def used_calls(trace):
    """Names of the calls in strace's log that are not refused with ENOSYS."""
    with open(trace, encoding="utf-8", errors="replace") as f:
        return set(re.findall(r"^\d+ +([a-z_0-9]+)\(", f.read(), re.M))


def as_the_unit(work):
    """The words before a command that give it the unit's user and capabilities."""
    caps = [c.lower().removeprefix("cap_") for c in values("AmbientCapabilities")]
    plus = ",".join("+" + c for c in caps)
    os.chmod(work, 0o755)
    program = os.path.join(work, "labyrinth")
    shutil.copy("labyrinth", program)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", f"--bounding-set=-all,{plus}",
            f"--inh-caps=-all,{plus}", f"--ambient-caps=-all,{plus}", "--no-new-privs", program]
