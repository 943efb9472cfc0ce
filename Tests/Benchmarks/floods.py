#!/usr/bin/env python3
"""What a flood does to others: floods.py fairness|neighbours|overload|storm [--quick] [--json FILE], run by deploy/bench.

To be run below deploy/with-gateway, with h2load in PATH. The gateway's machine is the clients' as well, so the floods
run at a lower priority: what is measured is what the gateway does to a neighbour, not what h2load does. The neighbour's
client goes first where that is allowed, as it would wait for none of them elsewhere. Phases take turns, so that a
machine that is slow for a minute is slow for all of them. Figures for people: nothing passes or fails.
"""

from __future__ import annotations

import argparse
import collections
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path

BASE = os.environ["SCIM_BASE_URL"]
POLITE, FLOOD, FULL = (os.environ[f"SCIM_TOKEN_{name}"] for name in ("B", "A1", "FULL"))
# Well-formed, and nobody's.
NOBODY = FLOOD[:4] + "fixtrX01" + FLOOD[12:]
ROUNDS = 3
HEAD_START = 4   # seconds in which a flood opens its connections, unmeasured
MEMBERS, EXPORTED = 1_000, 20_000
# Of the neighbour's requests, for a p99: ten of them are slower.
ENOUGH = 1_000
USER, GROUP = (f"urn:ietf:params:scim:schemas:core:2.0:{name}" for name in ("User", "Group"))
PATCH, BULK = (f"urn:ietf:params:scim:api:messages:2.0:{name}" for name in ("PatchOp", "BulkRequest"))


# Of a neighbour's client; root alone may go ahead.
AHEAD = ["nice", "-n", "-10"] if os.geteuid() == 0 else []


class Load:
    """h2load, and what it found: (seconds since the epoch, status, milliseconds) of each request."""

    def __init__(self, token: str, paths: list, seconds: float, *, clients: int, rate: float | None = None,
                 streams: int = 1, version: str = "h1", polite: bool = False, body: dict | None = None):
        self.log = Path(tempfile.mkstemp(prefix="h2load.")[1])
        command = ["h2load", f"--duration={max(1, round(seconds))}", f"--clients={clients}", "--threads=1",
                   f"--max-concurrent-streams={streams}", f"--log-file={self.log}",
                   f"--header=authorization: Bearer {token}", "--connection-inactivity-timeout=30"]
        command += ["--h1"] if version == "h1" else []
        command += [f"--rps={rate / clients}"] if rate else []
        self.body = Path(tempfile.mkstemp(prefix="body.")[1]) if body else None
        if self.body:
            self.body.write_text(json.dumps(body))
            command += [f"--data={self.body}", "--header=content-type: application/scim+json"]
        self.command = (AHEAD if polite else ["nice", "-n", "5"]) + command + [BASE + path for path in paths]

    def start(self) -> Load:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return self

    def finish(self) -> list:
        problem = self.process.communicate()[1]
        if self.process.returncode != 0:
            sys.exit(f"h2load failed: {problem.decode()[-500:]}")
        rows = (line.split("\t") for line in self.log.read_text().splitlines())
        found = [(int(at) / 1e6, int(status), int(took) / 1e3) for at, status, took in rows]
        for file in (self.log, self.body):
            if file:
                file.unlink()
        return found

    def run(self) -> list:
        return self.start().finish()


def polite(seconds: float, paths: list, version: str = "h1", rate: float = 100) -> Load:
    """A neighbour within its rate: four connections."""
    return Load(POLITE, paths, seconds, clients=4, rate=rate, streams=10, version=version, polite=True)


def percentile(figures: list, share: float) -> float:
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def p99(found: list) -> float:
    return percentile([took for _, status, took in found if status == 200], 0.99)


def statuses(found: list) -> dict:
    return dict(sorted(collections.Counter(status for _, status, _ in found).items()))


class Client:
    """One connection, for what is not measured, and for probes."""

    def __init__(self, token: str):
        self.token, self.url = token, urllib.parse.urlsplit(BASE)
        context = ssl.create_default_context(cafile=os.environ["SCIM_CA"])
        self.connection = http.client.HTTPSConnection(self.url.hostname, self.url.port, context=context, timeout=30)

    def request(self, method: str, path: str, body: dict | None = None) -> tuple:
        self.connection.request(method, self.url.path + path, json.dumps(body) if body else None, {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"})
        response = self.connection.getresponse()
        return response.status, response.read()


def people(token: str, count: int = 20) -> list:
    """Paths as a client asks for them: one look-up by name, one GET by id, of people who are there."""
    client, paths = Client(token), []
    for _ in range(count):
        name = f"{uuid.uuid4().hex}@example.com"
        status, body = client.request("POST", "/Users", {"schemas": [USER], "userName": name})
        if status != 201:
            sys.exit(f"POST /Users was answered {status}")
        paths += [f"/Users?filter=userName%20eq%20%22{name}%22", f"/Users/{json.loads(body)['id']}"]
    return paths


def table(head: list, rows: list):
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")


# -- the parts --------------------------------------------------------------------------------------
def against(floods: dict, seconds: float, at_most: float | None) -> list:
    """The polite neighbour's p99, quiet and beside each flood, and whether that is kept. A flood is a function of its seconds."""
    paths, rows = people(POLITE), []
    for name, flood in floods.items():
        quiet, loaded, flooded = [], [], []
        for _ in range(ROUNDS):
            quiet += polite(seconds, paths).run()
            # Its handshakes come first: what they cost others is another matter.
            running = flood(seconds + HEAD_START + 1).start()
            time.sleep(HEAD_START)
            loaded += polite(seconds, paths).run()
            flooded += running.finish()
        others = sum(1 for _, status, _ in loaded if status != 200)
        rows.append({"flood": name, "quiet_p99_ms": p99(quiet), "loaded_p99_ms": p99(loaded),
                     "ratio": p99(loaded) / p99(quiet), "at_most": at_most, "polite_not_200": others,
                     "met": is_kept(p99(loaded) / p99(quiet), at_most, others, len(loaded)),
                     "flood_per_second": len(flooded) / (ROUNDS * (seconds + HEAD_START + 1)), "flood_statuses": statuses(flooded)})
    return rows


def is_kept(ratio: float, at_most: float | None, others: int, requests: int) -> bool | None:
    """Whether a neighbour is served nearly as when it is quiet; a p99 of few requests tells nothing, nor does one without a bound."""
    if at_most is None:
        return None
    if others:
        return False
    return None if requests < ENOUGH else ratio <= at_most


def fairness(seconds: float) -> list:
    """One tenant at 20 times its rate (500/s): 10,000/s on many connections."""
    paths = people(FLOOD)
    return against({
        "HTTP/1.1, 400 connections": lambda s: Load(FLOOD, paths, s, clients=400, rate=10_000),
        "HTTP/2, 50 connections × 100": lambda s: Load(FLOOD, paths, s, clients=50, streams=100, rate=10_000,
                                                      version="h2"),
        "HTTP/2, 1 connection × 100, as fast as it goes": lambda s: Load(FLOOD, paths, s, clients=1, streams=100,
                                                                         version="h2"),
    }, seconds, at_most=2)


def neighbours(seconds: float) -> list:
    """What works a tenant's store hard, in another tenant that has no ceiling: its writes, a group of 1,000, its export."""
    full = Client(FULL)
    ids = [made(full, "/Users", {"schemas": [USER], "userName": f"{uuid.uuid4().hex}@example.com"}) for _ in range(MEMBERS)]
    group = made(full, "/Groups", {"schemas": [GROUP], "displayName": uuid.uuid4().hex})
    # Each request changes what it finds, however often it comes.
    writes = [patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": title}) for id_ in ids[:10] for title in "ab"]
    members = [patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": id_} for id_ in ids]}),
               patch(f"/Groups/{group}", {"op": "remove", "path": "members"})]
    fill_for_export()
    for operations in (writes, members):
        require_all_done(full, bulk(operations))
    return against({
        "PATCHes of learners, 32 at a time": lambda s: Load(FULL, ["/Bulk"], s, clients=32, body=bulk(writes)),
        f"PATCHes of a group, {MEMBERS:,} members in and out": lambda s: Load(FULL, ["/Bulk"], s, clients=1, body=bulk(members)),
        f"exports of {EXPORTED:,} learners, one after the other": Exports,
    }, seconds, at_most=2) + against({"programs that count, and ask nothing of the gateway": Counting}, seconds, at_most=None)


def require_all_done(client: Client, request: dict):
    """Once, as a flood sees the status of the whole only."""
    status, answer = client.request("POST", "/Bulk", request)
    found = [str(operation["status"]) for operation in json.loads(answer)["Operations"]] if status == 200 else [str(status)]
    if len(found) != len(request["Operations"]) or not set(found) <= {"200", "204"}:
        sys.exit(f"the writes of a flood were answered {sorted(set(found))}")


def made(client: Client, path: str, body: dict) -> str:
    status, answer = client.request("POST", path, body)
    if status != 201:
        sys.exit(f"POST {path} was answered {status}")
    return json.loads(answer)["id"]


def patch(path: str, operation: dict) -> dict:
    return {"method": "PATCH", "path": path, "data": {"schemas": [PATCH], "Operations": [operation]}}


def bulk(operations: list) -> dict:
    return {"schemas": [BULK], "Operations": operations}


def command(*words: str) -> list:
    """A command of the gateway's own, at the floods' priority."""
    return ["nice", "-n", "5", os.environ["GATEWAY_BINARY"], *words, "-c", os.environ["GATEWAY_CONFIG"], "-q"]


def fill_for_export():
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("userName,givenName,familyName\n" + "".join(f"{uuid.uuid4().hex}@example.com,Ada,Lovelace\n" for _ in range(EXPORTED)))
        file.flush()
        subprocess.run(command("user", "import", "tenant-a", file.name, "--group", "branch"), check=True, stdout=subprocess.DEVNULL)


class Exports:
    """Whole exports of a tenant, one after the other, until the time is over; each counts as one request."""

    def __init__(self, seconds: float):
        self.seconds = seconds

    def start(self) -> Exports:
        self.thread, self.found = threading.Thread(target=self.run), []
        self.thread.start()
        return self

    def run(self):
        until = time.monotonic() + self.seconds
        while (began := time.monotonic()) < until:
            done = subprocess.run(command("tenant", "export", "tenant-a"), stdout=subprocess.DEVNULL)
            self.found.append((time.time(), 200 if done.returncode == 0 else 500, (time.monotonic() - began) * 1000))

    def finish(self) -> list:
        self.thread.join()
        return self.found


class Counting:
    """Programs at the floods' priority, one for each processor, that only count: what of a ratio is the machine's own."""

    def __init__(self, seconds: float):
        self.command = ["nice", "-n", "5", "timeout", str(seconds), sys.executable, "-c", "while True: pass"]

    def start(self) -> Counting:
        self.processes = [subprocess.Popen(self.command) for _ in range(os.cpu_count() or 1)]
        return self

    def finish(self) -> list:
        for process in self.processes:
            process.wait()
        return []


def storm(seconds: float) -> list:
    """Tokens that open nothing, 10,000/s."""
    path = ["/Users?count=0"]
    return against({
        "HTTP/1.1, 100 connections": lambda s: Load(NOBODY, path, s, clients=100, rate=10_000),
        "HTTP/2, 20 connections × 100": lambda s: Load(NOBODY, path, s, clients=20, streams=100, rate=10_000,
                                                      version="h2"),
    }, seconds, at_most=3)


def overload(seconds: float) -> list:
    """Five times of what the gateway can do, by one tenant that has no ceiling; then how soon a request is answered as before."""
    paths, rows = people(FLOOD), []
    for version, clients, streams in (("h1", 1_000, 1), ("h2", 100, 100)):
        best = goodput(Load(FLOOD, paths, max(3, seconds / 6), clients=32, streams=4, version=version).run())
        flood = Load(FLOOD, paths, seconds, clients=clients, streams=streams, rate=5 * best, version=version).run()
        ended = time.monotonic()
        recovered = recovery(ended)
        rows.append({"flood": f"{version}, {clients} × {streams}", "peak_per_second": best,
                     "offered_per_second": 5 * best, "answered_per_second": len(flood) / seconds,
                     "goodput_per_second": goodput(flood), "share_of_peak": goodput(flood) / best,
                     "p99_ms": p99(flood), "recovery_s": recovered, "flood_statuses": statuses(flood)})
    return rows


def goodput(found: list) -> float:
    """200s a second, while it lasts."""
    good = [at for at, status, _ in found if status == 200]
    return len(good) / (max(good) - min(good)) if len(good) > 1 else 0.0


def recovery(ended: float) -> float:
    """Seconds until ten requests in a row are answered 200, each within 50 ms."""
    client, row = Client(POLITE), 0
    while row < 10:
        began = time.monotonic()
        status, _ = client.request("GET", "/Users?count=0")
        if status == 200 and time.monotonic() - began < 0.05:
            row += 1
        else:
            row = 0
        if began - ended > 60:
            return float("inf")
    return time.monotonic() - ended


PARTS = {"fairness": (fairness, 8, 2), "neighbours": (neighbours, 8, 2), "storm": (storm, 8, 2), "overload": (overload, 60, 5)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    part, full, short = PARTS[options.part]
    rows = part(options.seconds or (short if options.quick else full))
    table(list(rows[0]), [list(row.values()) for row in rows])
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
