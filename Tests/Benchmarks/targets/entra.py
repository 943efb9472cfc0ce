#!/usr/bin/env python3
"""Everything that Entra does, by one worker and by many, on one tenant and on 200: run by deploy/bench --entra.

No answer may be wrong: it ends with 1 when one was. The figures beside are for people.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from drivers import Entraload, errors
from failure import NotMeasured
from gateway import Gateway
from rows import table_of

# How many work at once, and requests of each phase that reads.
READS = {1: 2_000, 8: 8_000, 32: 8_000}
# Tenants, and users of each: as many as the driver's groups have members, at least.
SPREADS, SPREADS_QUICK = ((1, 1_000), (200, 20)), ((1, 100), (20, 20))
# In an order in which each finds what it needs; `list` counts, so it comes before others make users.
PHASES = "test,initial,incremental,incrlegacy,disable,disablestr,enable,get,lookup,read,list,groups,probe,raw,delete"
# Without a look-up before, of another population.
PHASES_AFTER = "preload,delete"


def main():
    parser = argparse.ArgumentParser()
    for program in ("gateway", "entraload", "tls"):
        parser.add_argument(f"--{program}", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    tools = parser.parse_args()
    tools.folder = Path(tempfile.mkdtemp(prefix="entra.", dir=tools.folder.resolve()))
    rows, wrong = [], []
    try:
        for tenants, users in SPREADS_QUICK if tools.quick else SPREADS:
            for workers in READS:
                reports = of_all_phases(tools, tenants, users, workers)
                rows += [row(tenants, workers, report) for report in reports]
                wrong += [f"{tenants} tenants, {workers} workers: {text}" for text in errors(reports)]
                print(f"{tenants} tenants, {workers} workers: {sum(report['requests'] for report in reports):,} requests in "
                      f"{sum(report['seconds'] for report in reports):.0f} s, {sum(report['errors'] for report in reports)} errors", file=sys.stderr)
    except NotMeasured as reason:
        sys.exit(f"error: {reason}")
    finally:
        shutil.rmtree(tools.folder, ignore_errors=True)
    print(table(rows))
    if tools.json:
        tools.json.write_text(json.dumps({"errors": wrong, "rows": rows}, indent=2) + "\n")
    if wrong:
        sys.exit("error: wrong answers:\n  " + "\n  ".join(wrong[:40]))


def of_all_phases(tools, tenants: int, users: int, workers: int) -> list:
    """The reports of all phases, against a gateway of their own."""
    reads = {"reads": 1_000 if tools.quick else READS[workers], "rawpath": "/ServiceProviderConfig", "rawcheck": "false"}
    with Gateway(tools, f"entra-{tenants}-{workers}", tenants, attributes="full") as gateway:
        tokens = gateway.token_file()
        reports = []
        for name, phases in (("u", PHASES), ("v", PHASES_AFTER)):
            load = Entraload(tools, gateway.base, gateway.pid, users, name, tokens=tokens)
            reports += load.reports(phases, workers, exclusive="true", **reads)
    missing = set(f"{PHASES},{PHASES_AFTER}".split(",")) - {report["phase"] for report in reports}
    if missing:
        raise NotMeasured(f"entraload left out {', '.join(sorted(missing))}")
    return reports


def row(tenants: int, workers: int, report: dict) -> dict:
    return {"tenants": tenants, "workers": workers, "phase": report["phase"], "requests": report["requests"],
            "errors": report["errors"] + report["verify_failures"], "per_second": round(report["rps"], 1), "p50_ms": round(report["p50_ms"], 3),
            "p99_ms": round(report["p99_ms"], 3), "cpu_us": round(report["server_cpu_us_per_req"], 1)}


def table(rows: list) -> str:
    head = ["tenants", "workers", "requests", "errors", "req/s", "p50 ms", "p99 ms", "CPU µs", "phase"]
    return table_of([head, *([f"{one['tenants']:,}", str(one["workers"]), f"{one['requests']:,}", str(one["errors"]), f"{one['per_second']:,.0f}",
                              f"{one['p50_ms']:.2f}", f"{one['p99_ms']:.2f}", f"{one['cpu_us']:.0f}", one["phase"]] for one in rows)], left=(8,))


if __name__ == "__main__":
    main()
