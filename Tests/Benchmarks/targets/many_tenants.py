"""Rows 14 and 16: 200 tenants at once, over TLS."""

from __future__ import annotations

import statistics

from drivers import Entraload
from gateway import Gateway
from mixed import Mixedload, tail
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
        writing_mib = resident_mib(gateway.pid)
        mixed = open_loop(Mixedload(tools, gateway, load), tools)
    return {"14": mixed, "16": beside_raw(ours, theirs, writing_mib) if raw else Measured(None, why=why)}


def beside_raw(ours: list, theirs: list, memory: float) -> Measured:
    rates, middle = [each["rps"] for each in ours], statistics.median
    return Measured(100 * median_ratio(rates, theirs), f"{middle(rates):,.0f}/s of {middle(theirs):,.0f}/s",
                    middle([each["server_cpu_us_per_req"] for each in ours]), middle([each["p50_ms"] for each in ours]),
                    middle([each["p99_ms"] for each in ours]), memory)


def open_loop(mixed: Mixedload, tools) -> Measured:
    """Reads and changes in turn, as many a second as 70 % of what 64 workers got; what waits before it is sent counts too."""
    closed = mixed.run(CLOSED, 2 if tools.quick else 5)["per_second"]
    seconds, times = (5, 1) if tools.quick else (20, 3)
    runs = [mixed.run(OPEN, seconds, SHARE * closed) for _ in range(times)]
    lasted = sum(run["seconds"] for run in runs)
    # The worst of them; one request of a thousand is told of all, which are enough for it.
    p50, p99, _ = max((tail(run["taken_ms"]) for run in runs), key=lambda figures: figures[1])
    p999 = tail([taken for run in runs for taken in run["taken_ms"]])[2]
    how = f"p99.9 {p999:.1f} ms; {SHARE * closed:,.0f} requests/s of {closed:,.0f}/s, {lasted:.0f} s"
    return Measured(p99, how, statistics.median(run["cpu_us"] for run in runs), p50, p99, resident_mib(mixed.gateway.pid),
                    why=f"a quick run: {lasted:.0f} s only" if tools.quick else None, p999_ms=p999)
