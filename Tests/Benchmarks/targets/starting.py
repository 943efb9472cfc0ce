"""Rows 12 and 15: how soon a gateway answers, with many tenants and with few."""

from __future__ import annotations

import http.client
import ssl
import statistics
import time

from failure import NotMeasured
from gateway import Gateway
from processes import calm, resident_mib, settled_mib
from rows import Measured
from samples import learner, percentile

FEW, MANY, MANY_QUICK = 10, 10_000, 500
# Tenants that have been used, whose databases are there and closed; and tenants that are new.
COLD, NEW = 200, 100
# So many may have their databases open: half of the cold ones find no place, and another one is closed for them.
OPEN = COLD // 2
PATIENCE = 180


def measure_few(tools) -> dict:
    gateway, times = Gateway(tools, "ten-tenants", FEW), []
    try:
        gateway.start().stop()                  # makes what is made once
        for _ in range(2 if tools.quick else 5):
            times.append(first_answer(gateway) * 1000)
            gateway.stop()
    finally:
        gateway.remove()
    return {"15": Measured(statistics.median(times), "starts: " + ", ".join(f"{each:.0f}" for each in times) + " ms")}


def measure_many(tools) -> dict:
    tenants = MANY_QUICK if tools.quick else MANY
    why = f"a quick run: {tenants:,} tenants only" if tools.quick else None
    gateway = Gateway(tools, "tenants", tenants, open_tenants=OPEN)
    try:
        gateway.start(PATIENCE)
        fill(gateway, range(1, COLD + 1))
        gateway.stop()
        started = first_answer(gateway)
        busy = None if calm(gateway.pid) else "it was still going through its tenants"
        idle = settled_mib(gateway.pid, tools.quick)
        open_now = gateway.open_databases()
        times = first_requests(gateway, [number for number in range(1, COLD + 1) if number not in open_now])
        made = statistics.median(first_requests(gateway, range(COLD + 1, COLD + 1 + NEW)))
        opened = resident_mib(gateway.pid)
    finally:
        gateway.stop()
        gateway.remove()
    return {"12a": Measured(started, why=why), "12b": Measured(idle, f"{len(open_now):,} databases open", resident_mib=idle, why=why),
            "12c": Measured(statistics.median(times), f"of {len(times)} used before; new ones, whose databases are made: {made:.1f} ms",
                            p50_ms=statistics.median(times), p99_ms=percentile(times, 0.99), resident_mib=opened, why=why or busy)}


def first_answer(gateway: Gateway) -> float:
    """Seconds from the start of the process to the first answer, which a client gets that tries every millisecond."""
    context = ssl.create_default_context(cafile=f"{gateway.tools.tls}/ca.pem")
    began = time.monotonic()
    gateway.launch()
    while time.monotonic() - began < PATIENCE:
        client = gateway.client()
        try:
            status, _ = client.request("GET", "/Users?count=0")
        except (OSError, ssl.SSLError, http.client.HTTPException):
            if gateway.process.poll() is not None:
                raise NotMeasured("the gateway does not start") from None
            time.sleep(0.001)
            continue
        finally:
            client.close()
        took = time.monotonic() - began
        if status != 200:
            raise NotMeasured(f"the first answer is {status}")
        return took
    gateway.stop()
    raise NotMeasured(f"no answer within {PATIENCE} s")


def fill(gateway: Gateway, numbers: range):
    """A learner in each of these tenants."""
    client = gateway.client()
    for number in numbers:
        client.token = gateway.token(number)
        learner(client)
    client.close()


def first_requests(gateway: Gateway, numbers) -> list:
    """ms of one request of each of these tenants, on one connection that another tenant has used."""
    client, times = gateway.client(), []
    client.request("GET", "/Users?count=0")
    for number in numbers:
        began = time.perf_counter()
        status, answer = client.request("GET", "/Users?count=0", token=gateway.token(number))
        times.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise NotMeasured(f"a cold tenant answers {status}: {answer[:100]!r}")
    if not times:
        raise NotMeasured("every tenant's database is open: none is cold")
    return times
