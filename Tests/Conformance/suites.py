"""The outside suites, run as their users run them, and what they print as a list of checks."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

SECONDS = 60   # a suite takes about five


@dataclass(frozen=True)
class Check:
    """One check of a suite: its name here, whether it passed, and the suite's own words."""

    name: str
    passed: bool
    words: str


@functools.cache
def checks() -> list:
    """All checks of all suites, against the connection `full`."""
    return [
        *whole("scim2 test", scim2_test),
        *whole("scim-sanity", lambda: scim_sanity("scim-sanity")),
        *whole("scim-sanity entra", lambda: scim_sanity("scim-sanity entra", "--profile", "entra")),
    ]


def whole(suite: str, run) -> list:
    """The checks of one suite, each name once; a suite that broke off is one check that failed."""
    try:
        found = run()
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as problem:
        return [Check(f"{suite}: runs", False, f"{type(problem).__name__}: {problem}")]
    seen: Counter = Counter()
    named = []
    for check in found:
        seen[check.name] += 1
        times = f" #{seen[check.name]}" if seen[check.name] > 1 else ""
        named.append(Check(check.name + times, check.passed, check.words))
    return named


def program(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Runs a program of our virtual environment, which trusts the gateway's CA."""
    return subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), name), *arguments], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=SECONDS, env={**os.environ, "SSL_CERT_FILE": os.environ["SCIM_CA"], **environment})


def require(truth: bool, result: subprocess.CompletedProcess):
    """What is printed and the exit status must tell the same; else nothing of it can be believed."""
    if not truth:
        raise ValueError(f"status {result.returncode}: {result.stdout[-1000:]}{result.stderr[-1000:]}")


# -- scim2-cli ------------------------------------------------------------------------------
RESULT = re.compile(r"^([A-Z]+) (\w+)$")
REQUEST = re.compile(r"^(?:POST|PUT|PATCH|DELETE) /\w+")
QUOTED = re.compile(r"'([\w:.$-]+)'")


def scim2_test() -> list:
    """`scim2 test` prints `STATUS title`, and indented why. Titles recur for each resource type and attribute."""
    ended = program("scim2", "--url", os.environ["SCIM_BASE_URL"], "test",
                    SCIM_CLI_HEADERS=f"Authorization: Bearer {os.environ['SCIM_TOKEN_FULL']}")
    results: list = []
    for line in ended.stdout.splitlines():
        match = RESULT.match(line)
        if match:
            results.append((match[1], match[2], []))
        elif results:   # the line before all results is a title
            results[-1][2].append(line.strip())
    require(bool(results) and ended.returncode == any(status != "SUCCESS" for status, _, _ in results), ended)
    types = re.search(r"Resource types available are: (.*)", ended.stdout)
    kinds = iter(QUOTED.findall(types[1]) if types else [])
    kind, found = "", []
    for status, title, words in results:
        if title == "object_creation":   # the first check of each resource type
            kind = next(kinds, "?") + " "
        why = " ".join(words)
        name = f"scim2 test: {kind}{title} {about(title, why)}".rstrip()
        found.append(Check(name, status == "SUCCESS", f"{status} {why}"))
    return found


def about(title: str, why: str) -> str:
    """What tells one check of a title from another: the method and path, or the attribute that it is about."""
    if title.endswith("_methods"):
        return "".join(REQUEST.findall(why)[:1])
    if title.startswith(("check_", "resource_types_")):
        return "".join(QUOTED.findall(why)[:1])
    return ""


# -- scim-sanity ----------------------------------------------------------------------------
def scim_sanity(name: str, *options: str) -> list:
    """`scim-sanity probe` in its strict mode. What it skips or warns of has not passed."""
    ended = program("scim-sanity", "probe", os.environ["SCIM_BASE_URL"], "--token", os.environ["SCIM_TOKEN_FULL"],
                    "--ca-bundle", os.environ["SCIM_CA"], "--strict", "--i-accept-side-effects", "--json-output", *options)
    results = json.loads(ended.stdout)["results"]
    require(ended.returncode == any(result["status"] in ("fail", "error") for result in results), ended)
    found = []
    for result in results:
        title = re.sub(r"/[0-9a-f-]{36}$", "/{id}", result["name"])
        words = f"{result['status']} {result.get('message', '')}"
        found.append(Check(f"{name}: {title}", result["status"] == "pass", words))
    return found
