# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""verdicts.py - the lines that a test says."""

FAILED = []


def verdict(name, ok, why=""):
    print(f"PASS serve/{name}" if ok else f"FAIL serve/{name}: {why}", flush=True)
    if not ok:
        FAILED.append(name)


def skip(name, why):
    print(f"SKIP serve/{name}: this {why}", flush=True)
