"""Row 13: what a process, a connection and a learner keep resident."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess

from failure import NotMeasured
from gateway import Gateway
from processes import resident_mib, settled_mib
from rows import Measured
from samples import learner

CONNECTIONS, CONNECTIONS_QUICK = 1_000, 300
LEARNERS, LEARNERS_QUICK, FEW = 100_000, 20_000, 1_000
READS = 5_000
# What the store's import fills (BenchmarkGateway.swift).
TENANT, CONNECTION = "growing", "directory"


def measure(tools) -> dict:
    process, connection = of_process_and_connections(tools)
    return {"13a": process, "13b": connection, "13c": of_learners(tools)}


def of_process_and_connections(tools) -> tuple:
    count = CONNECTIONS_QUICK if tools.quick else CONNECTIONS
    with Gateway(tools, "memory") as gateway:
        path, fresh = f"/Users/{learner(gateway.client())}", resident_mib(gateway.pid)
        load(gateway, [path])
        before = settled_mib(gateway.pid, tools.quick)
        clients = [gateway.client() for _ in range(count)]
        for client in clients:
            status, _ = client.request("GET", path)
            if status != 200:
                raise NotMeasured(f"a connection was answered {status}")
        after = settled_mib(gateway.pid, tools.quick)
        for client in clients:
            client.close()
    return (Measured(before, f"after {READS:,} requests; {fresh:.1f} MiB before them", resident_mib=before),
            Measured((after - before) * 1024 / count, f"of {count:,}, each with one answer", resident_mib=after))


def of_learners(tools) -> Measured:
    """The same reads in a tenant of many and in one of few: the difference, for 100,000."""
    many = LEARNERS_QUICK if tools.quick else LEARNERS
    few_mib, many_mib = (after_reads(tools, count) for count in (FEW, many))
    return Measured((many_mib - few_mib) * LEARNERS / (many - FEW), f"{few_mib:.1f} MiB with {FEW:,}, {many_mib:.1f} with {many:,}",
                    resident_mib=many_mib, why=f"a quick run: {many:,} learners only" if tools.quick else None)


def after_reads(tools, learners: int) -> float:
    gateway = Gateway(tools, f"learners-{learners}", 0)
    try:
        command = [tools.benchmarks, "trial", "load", "--users", str(learners), "--members", "0", "--round", "0", "--operations", "0",
                   "--seed", "20260301", "--folder", str(gateway.folder / "filled")]
        (gateway.folder / "filled").mkdir()
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise NotMeasured(done.stderr.strip()[-200:])
        json.loads(done.stdout)
        (gateway.folder / "filled" / "data").rename(gateway.data)
        gateway.write(0, TENANT, CONNECTION, "full")
        database = gateway.data / "commercial" / "tenants" / f"{TENANT}.sqlite"
        # A gateway opens no file that somebody else has open, and a connection's own `with` does not close it.
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM resources WHERE type = 1 ORDER BY random() LIMIT ?", [READS])]
        gateway.start()
        load(gateway, [f"/Users/{each}" for each in ids])
        resident = settled_mib(gateway.pid, tools.quick)
        gateway.stop()
        return resident
    finally:
        gateway.remove()


def load(gateway: Gateway, paths: list):
    """GETs of the paths in turn, 16 connections, until READS are answered."""
    uris = gateway.folder / "uris.txt"
    uris.write_text("".join(f"{gateway.base}{path}\n" for path in paths))
    done = subprocess.run(["h2load", "--h1", "-c16", "-n", str(READS), "-i", str(uris), "-H", f"authorization: Bearer {gateway.token()}"],
                          capture_output=True, text=True)
    if f"{READS} 2xx" not in done.stdout:
        raise NotMeasured(f"h2load did not get its answers: {(done.stderr or done.stdout)[-200:]}")
