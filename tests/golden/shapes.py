# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""shapes - records of the stream, made from the schema.

A generator of recordings names the values that its scene is about. Which keys a record has, in which
order, and what stands in those that nobody named, is in docs/labyrinth.schema.json.
"""
import json
import os
import time

HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "../../docs/labyrinth.schema.json"), encoding="utf-8") as f:
    SCHEMA = json.load(f)["$defs"]
OUT = os.environ.get("OUT", HERE)  # where the recordings are written
MOST = 2**63 - 1024  # the largest number that is written
START = 1795231595123456789  # ns since 1970: when the recorded runs start
# The recorded machine. Older recordings know nothing of it.
MACHINE = {"time_zone": "UTC", "utc_offset_s": 0, "memory_bytes": 4102082560, "page_bytes": 4096,
           "cpus_online": 4}
NEW_YORK = {**MACHINE, "time_zone": "EST", "utc_offset_s": -18000}
UNKNOWN = dict.fromkeys(MACHINE)


def record(name, **values):
    """A record of that name ($defs) in the order of its keys. What is not given is null where the key
    may be null, else 0, false, "" or empty. Objects in it may be given in part as well."""
    return complete(name, SCHEMA[name], values)


def complete(where, shape, values):
    unknown = set(values) - set(shape["properties"])
    if unknown:
        raise SystemExit(f"{where} has no key {', '.join(sorted(unknown))}: see the schema")
    return dict(pair for key in shape["required"]
                for pair in given(key, fill(f"{where}.{key}", shape["properties"][key], values.get(key)),
                                  "patternProperties" in shape))


def given(key, value, exactly):
    """The key, and the one behind it that says exactly what doubles round. time does so for time_ns."""
    yield key, min(value, MOST) if isinstance(value, int) else value
    if exactly and isinstance(value, int) and value > 2**53 and key != "time_ns":
        yield key + "_exact", str(value)


def fill(where, shape, value):
    """The value of one key, with what the schema knows of it."""
    choices = shape.get("oneOf", [shape])
    if value is None and (nullable(shape) or {"type": "null"} in choices):
        return None
    shape = choices[0]
    name = shape.get("$ref", "").rpartition("/")[2]
    if name:
        shape = {**SCHEMA[name], **{key: shape[key] for key in shape if key != "$ref"}}
    if "properties" in shape:
        return complete(name or where, shape, value or {})
    if value is None:
        return nothing(where, shape)
    if value not in shape.get("enum", [value]):
        raise SystemExit(f"{where} cannot be {value!r}: see the schema")
    if isinstance(value, (list, tuple)):
        items = shape.get("items")  # of a bucket they stand one by one
        return [fill(where, items, item) if items else item for item in value]
    return value


def nullable(shape):
    return "null" in shape.get("type", ()) or None in shape.get("enum", ())


def nothing(where, shape):
    empty = {"integer": 0, "boolean": False, "array": []}
    if "const" in shape:
        return shape["const"]
    if shape.get("type") == "string" and "pattern" not in shape:
        return ""
    if shape.get("type") not in empty:
        raise SystemExit(f"{where} has no value that stands for nothing: give one")
    return empty[shape["type"]]


def when(ns):
    day = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ns // 10**9))
    return f"{day}.{ns % 10**9:09d}Z"


def frames(*stack):
    """(symbol, offset, module) each."""
    return [dict(zip(("symbol", "offset", "module"), frame)) for frame in stack]


def available(*lacks):
    """All that a kernel can have, but for these."""
    return {key: key not in lacks for key in SCHEMA["available"]["required"]}


def text(line):
    """As labyrinth writes it."""
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False).replace("\\u001b", "\\u001B")


def write(name, lines, tail=""):
    """The recording NAME.json; a tail is a line that was cut."""
    with open(os.path.join(OUT, name + ".json"), "w", encoding="utf-8", newline="\n") as out:
        out.write("".join(line + "\n" for line in lines) + tail)
