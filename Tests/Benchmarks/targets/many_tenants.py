"""Rows 14 and 16: 200 tenants at once, over TLS."""

from __future__ import annotations

import statistics

from drivers import Entraload
from gateway import Gateway
from one_tenant import PATCHES, together
from processes import resident_mib
from raw import recorded_or_why
from rows import Measured, median_ratio

TENANTS, WRITERS, CLOSED, OPEN = 200, 16, 64, 128
SHARE = 0.7


def measure(tools) -> dict:
    users, rounds, raw_seconds = (20, 1, 1) if tools.quick else (200, 3, 3)
    (raw, why), ours, theirs = recorded_or_why(tools), [], []
    with Gateway(tools, "many-tenants", TENANTS) as gateway:
        load = Entraload(tools, gateway.base, gateway.pid, users, "many", tokens=gateway.token_file())
        load.run("preload", CLOSED)
        for _ in range(rounds if raw else 0):
            theirs.append(raw.replay("PATCH", raw_seconds, group=1, writers=WRITERS, files=TENANTS)["per_second"])
            # A worker for each tenant, and users in the order of their tenants: one change of each is in flight.
            phases = load.run(",".join(PATCHES), TENANTS, share=0.333 if tools.quick else 0.1)
            ours.append(together([phases[phase] for phase in PATCHES]))
        mixed = open_loop(load, tools)
        mixed.resident_mib = resident_mib(gateway.pid)
    return {"14": mixed, "16": beside_raw(ours, theirs) if raw else Measured(None, why=why)}


def beside_raw(ours: list, theirs: list) -> Measured:
    rates, middle = [each["rps"] for each in ours], statistics.median
    return Measured(100 * median_ratio(rates, theirs), f"{middle(rates):,.0f}/s of {middle(theirs):,.0f}/s",
                    middle([each["server_cpu_us_per_req"] for each in ours]), middle([each["p50_ms"] for each in ours]),
                    middle([each["p99_ms"] for each in ours]))


def open_loop(load: Entraload, tools) -> Measured:
    """Reads and changes in turn, as many a second as 70 % of what 64 workers got; what waits before it is sent counts too."""
    closed = load.run("incremental", CLOSED, share=0.5 if tools.quick else 0.1)["incremental"]
    cycles = SHARE * closed["rps"] / 2          # of two requests each
    seconds, times = (5, 1) if tools.quick else (20, 3)
    phases = ",".join(["incremental"] * times)
    reports = load.run(phases, OPEN, share=1, rate=cycles, maxtime=f"{seconds}s")["incremental*"]
    worst, lasted = max(reports, key=lambda report: report["p99_ms"]), sum(report["seconds"] for report in reports)
    how = f"{2 * cycles:,.0f} requests/s of {closed['rps']:,.0f}/s, {lasted:.0f} s"
    return Measured(worst["p99_ms"], how, worst["server_cpu_us_per_req"], worst["p50_ms"], worst["p99_ms"],
                    why=f"a quick run: {lasted:.0f} s only" if tools.quick else None)
