#!/usr/bin/env python3
"""Half of what a gateway can do, for half an hour: whether memory and descriptors stay as they are. Run by deploy/bench --soak.

The load is everything at once: reads, look-ups, changes, people who come and go, new connections, HTTP/1.1 and HTTP/2. Its
rates are half of what the same drivers get together as fast as they can. It ends with 1 when an answer was wrong, or when
something grows by the rules below.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from allocations import counting, counts
from drivers import Entraload, errors
from failure import NotMeasured
from gateway import Gateway
from processes import status_kib
from rows import table_of

TENANTS = 20
SHARE, CLOSED_SECONDS = 0.5, 20
# A driver ends and begins again after so long, with new connections.
TURN_SECONDS = 30
EVERY_SECONDS = 10
# Nobody is connected so long: the gateway looks every 15 s whether memory is to be given back, on a busy machine less often.
REST_SECONDS = 60
WARM_UP = 1 / 6               # of the whole time
# The rules. What is resident also tells how the allocator's arenas are filled, which other programs on the machine change by
# several MiB an hour; what the gateway has allocated and not given back does not depend on that. At rest it may have become
# more, in the second half, by one byte for each request: the smallest leak has 32, so it is found in every 32nd request. The
# rest is for what grows up to a bound now and then, as the index of a log that is longer than before.
MOST_BYTES_A_REQUEST, MOST_GROWTH_MIB = 1, 1.0
# Resident, and allocated by nobody, as a share of what is allocated: the holes in the allocator's arenas, what the gateway
# keeps at most once it has looked (4 MiB), stacks, tables of the loader. In half an hour it was between a sixth and a quarter.
MOST_UNUSED_SHARE = 1 / 3
# Dispatch begins and ends a few threads as it likes, one for each processor and priority.
MOST_NEW_DESCRIPTORS, MOST_NEW_THREADS = 0, 4
# A tenant's second reader is opened when two searches meet: file and log of one that writes and two that read.
MOST_DATABASE_DESCRIPTORS = 6
# The control database has the same.
CONTROL_DESCRIPTORS = 6
# What a tenant's connections keep of its file, MiB: one that writes, two that read (SQLiteSettings). As long as the file is
# smaller than that, they keep more as it grows.
PAGE_CACHES_MIB = (2, 1, 1)


@dataclasses.dataclass(frozen=True)
class Kind:
    """One of the drivers: phases that can be done again and again, by so many workers."""

    name: str
    phases: str
    workers: int
    options: dict
    users: int = 100              # of each tenant
    is_cut: bool = True           # when a turn's time is up; who comes must also go


KINDS = [
    Kind("GET and look-up, HTTP/1.1", "read", 8, {}),
    Kind("look-up or GET, then PATCH, HTTP/1.1", "incremental", 8, {"share": 1}),
    Kind("POST and DELETE, HTTP/1.1", ",".join(["initial,delete"] * 3), 4, {}, users=20, is_cut=False),
    Kind("GET and look-up, HTTP/2", "read", 16, {"h2": "true", "h2conns": 2}),
    Kind("look-up or GET, then PATCH, HTTP/2", "incremental", 16, {"h2": "true", "h2conns": 2, "share": 1}),
    Kind("GET and look-up, a connection each", "read", 2, {"close": "true"}),
]


class Driver:
    """One kind of load with people of its own."""

    def __init__(self, tools, gateway: Gateway, number: int, kind: Kind):
        self.kind = kind
        self.load = Entraload(tools, gateway.base, gateway.pid, kind.users, f"s{number}", tokens=gateway.token_file())
        self.requests, self.wrong, self.p99_ms = 0, [], []
        self.failure: Exception | None = None
        self.rate = 0.0                         # work items a second
        if "initial" not in kind.phases:
            self.check(self.load.reports("preload", 16))

    def closed(self):
        """As fast as it goes; sets the rate to its share of that. A work item may be several requests."""
        began, items = time.monotonic(), 0
        while time.monotonic() - began < CLOSED_SECONDS:
            reports = self.turn(CLOSED_SECONDS / 4, reads=200_000)
            items += sum(sum(op["requests"] for op in report["ops"]) / self.requests_of_an_item(report) for report in reports)
        self.rate = SHARE * items / (time.monotonic() - began)

    @staticmethod
    def requests_of_an_item(report: dict) -> int:
        return {"initial": 2, "incremental": 2}.get(report["phase"], 1)

    def open(self, until: float):
        """At its rate, until then."""
        while (left := until - time.monotonic()) > 1:
            seconds = min(left, TURN_SECONDS)
            reports = self.turn(seconds, rate=self.rate, reads=round(self.rate * seconds) or 1)
            self.requests += sum(report["requests"] for report in reports)
            self.p99_ms.append(max(report["p99_ms"] for report in reports))

    def turn(self, seconds: float, **options) -> list:
        cut = {"maxtime": f"{seconds:.1f}s"} if self.kind.is_cut else {}
        reports = self.load.reports(self.kind.phases, self.kind.workers, **options, **cut, **self.kind.options)
        self.check(reports)
        return reports

    def check(self, reports: list):
        self.wrong += errors(reports)

    def run(self, work, *arguments) -> threading.Thread:
        def guarded():
            try:
                work(*arguments)
            except Exception as failure:        # told by whoever joins
                self.failure = failure

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread


def main():
    parser = argparse.ArgumentParser()
    for program in ("gateway", "entraload", "counter", "tls"):
        parser.add_argument(f"--{program}", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--json", type=Path)
    tools = parser.parse_args()
    tools.folder = Path(tempfile.mkdtemp(prefix="soak.", dir=tools.folder.resolve()))
    try:
        report = soak(tools)
    except NotMeasured as reason:
        sys.exit(f"error: {reason}")
    finally:
        shutil.rmtree(tools.folder, ignore_errors=True)
    print(table(report))
    if tools.json:
        tools.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    if report["verdicts"]:
        sys.exit("error: not flat:\n  " + "\n  ".join(report["verdicts"]))
    print(f"\nflat: at rest {report['heap_growth_mib']:.2f} MiB more were allocated at the end than at half time, at most "
          f"{report['most_heap_growth_mib']:.2f}; no more descriptors, no more than {MOST_NEW_THREADS} threads more, no answer was wrong")


# -- the run --------------------------------------------------------------------------------------------
def soak(tools) -> dict:
    tools.number = tools.folder / "allocations"
    with Gateway(tools, "soak", TENANTS, attributes="full", environment=counting(tools, tools.number)) as gateway:
        drivers = [Driver(tools, gateway, number, kind) for number, kind in enumerate(KINDS)]
        together(drivers, "closed")
        note("rates: " + ", ".join(f"{driver.kind.name} {driver.rate:.0f}/s" for driver in drivers))
        samples, rests, began = [], [], time.monotonic()
        # At rest after the warm-up, at half time, and at the end.
        for share in (WARM_UP, 0.5, 1):
            watch(tools, gateway, drivers, samples, began, began + 60 * tools.minutes * share)
            time.sleep(REST_SECONDS)            # until nobody is connected any more
            rests.append({**sample(tools, gateway), "cached_mib": round(cached_mib(gateway), 3),
                          "requests": sum(driver.requests for driver in drivers)})
    return told(tools, drivers, samples, rests)


def together(drivers: list, work: str, *arguments):
    threads = [driver.run(getattr(driver, work), *arguments) for driver in drivers]
    for thread in threads:
        thread.join()
    failures = [driver.failure for driver in drivers if driver.failure]
    if failures:
        raise failures[0]


def watch(tools, gateway: Gateway, drivers: list, samples: list, began: float, until: float):
    """The load until then, and a sample every ten seconds."""
    threads = [driver.run(driver.open, until) for driver in drivers]
    while any(thread.is_alive() for thread in threads):
        time.sleep(EVERY_SECONDS)
        if gateway.process.poll() is not None:
            raise NotMeasured(f"the gateway ended with {gateway.process.returncode} after {time.monotonic() - began:.0f} s")
        if time.monotonic() < until:
            samples.append({"second": round(time.monotonic() - began), **sample(tools, gateway)})
            note(" ".join(f"{name} {value}" for name, value in samples[-1].items()))
    together(drivers, "check", [])              # raises what a driver failed with


def sample(tools, gateway: Gateway) -> dict:
    pid = gateway.pid
    logs = [path.stat().st_size for path in gateway.data.rglob("*.sqlite-wal")]
    return {"heap_mib": round(counts(tools.number)[1] / 2**20, 2), "anon_mib": round(status_kib(pid, "RssAnon") / 1024, 2),
            "rss_mib": round(status_kib(pid, "VmRSS") / 1024, 2), **descriptors(gateway),
            "threads": status_kib(pid, "Threads"), "logs_mib": round(sum(logs) / 2**20, 2),
            "largest_log_mib": round(max(logs, default=0) / 2**20, 2)}


def descriptors(gateway: Gateway) -> dict:
    """Those of the tenants' databases, and all others."""
    folder, databases, others = f"/proc/{gateway.pid}/fd", 0, 0
    for number in os.listdir(folder):
        try:
            path = os.readlink(f"{folder}/{number}")
        except FileNotFoundError:               # closed meanwhile
            continue
        if path.startswith(str(gateway.data)) and ".sqlite" in path:
            databases += 1
        else:
            others += 1
    return {"descriptors": others, "database_descriptors": databases}


def cached_mib(gateway: Gateway) -> float:
    """What the tenants' connections keep of their files at most."""
    files = [gateway.database(number).stat().st_size / 2**20 for number in range(gateway.tenants)]
    return sum(min(size, cache) for size in files for cache in PAGE_CACHES_MIB)


# -- what it says ---------------------------------------------------------------------------------------
def told(tools, drivers: list, samples: list, rests: list) -> dict:
    half = [each for each in samples if each["second"] >= 60 * tools.minutes / 2]
    if len(half) < 3:
        raise NotMeasured("less than three samples in the second half: --minutes 2 or more")
    slopes = {name: round(per_hour(half, name), 3) for name in samples[0] if name != "second"}
    wrong = [f"{driver.kind.name}: {text}" for driver in drivers for text in driver.wrong]
    seconds = 60 * tools.minutes
    return {"minutes": tools.minutes, "tenants": TENANTS,
            "drivers": [{"kind": driver.kind.name, "requests": driver.requests, "per_second": round(driver.requests / seconds, 1),
                         "p99_ms": round(statistics.median(driver.p99_ms), 2), "errors": len(driver.wrong)} for driver in drivers],
            "slopes_per_hour": slopes, "at_rest": rests, "heap_growth_mib": round(rests[-1]["heap_mib"] - rests[-2]["heap_mib"], 3),
            "most_heap_growth_mib": round(most_growth(rests), 3), "errors": wrong, "verdicts": verdicts(rests, wrong), "samples": samples}


def most_growth(rests: list) -> float:
    """MiB that may be allocated more at the end than at half time."""
    before, after = rests[-2:]
    requests = after["requests"] - before["requests"]
    return MOST_GROWTH_MIB + MOST_BYTES_A_REQUEST * requests / 2**20 + max(0, after["cached_mib"] - before["cached_mib"])


def verdicts(rests: list, wrong: list) -> list:
    """What is against its being flat: at rest after the warm-up, at half time, and at the end."""
    (warm, before, after), against = rests, []
    growth, most = after["heap_mib"] - before["heap_mib"], most_growth(rests)
    if growth > most:
        against.append(f"{growth:.2f} MiB more allocated at the end than at half time, at most {most:.2f}")
    unused, most = after["anon_mib"] - after["heap_mib"], MOST_UNUSED_SHARE * after["heap_mib"]
    if unused > most:
        against.append(f"{unused:.2f} MiB resident that nobody has allocated, at most {most:.2f}")
    if after["database_descriptors"] > (most := TENANTS * MOST_DATABASE_DESCRIPTORS + CONTROL_DESCRIPTORS):
        against.append(f"{after['database_descriptors']} descriptors of databases, at most {most}")
    for name, most in (("descriptors", MOST_NEW_DESCRIPTORS), ("threads", MOST_NEW_THREADS)):
        if after[name] - warm[name] > most:
            against.append(f"{after[name]} {name} at rest after the load, {warm[name]} after the warm-up")
    return against + [f"wrong: {text}" for text in wrong[:20]]


def per_hour(samples: list, name: str) -> float:
    """The slope of the line with the least squares."""
    return 3600 * statistics.linear_regression([each["second"] for each in samples], [each[name] for each in samples]).slope


def table(report: dict) -> str:
    drivers = [["load", "requests", "req/s", "p99 ms", "errors"]]
    drivers += [[one["kind"], f"{one['requests']:,}", f"{one['per_second']:,.0f}", f"{one['p99_ms']:.1f}", str(one["errors"])] for one in report["drivers"]]
    samples = report["samples"]
    warm = next(each for each in samples if each["second"] >= 60 * report["minutes"] * WARM_UP)
    lines = [["", "start", "warm", "end", "most", "an hour", "at rest: warm", "half", "end"]]
    for name, slope in report["slopes_per_hour"].items():
        cells = (samples[0][name], warm[name], samples[-1][name], max(each[name] for each in samples), slope)
        lines.append([name, *(f"{cell:,}" for cell in cells), *(f"{rest[name]:,}" for rest in report["at_rest"])])
    return table_of(drivers) + "\n\n" + table_of(lines)


def note(text: str):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
