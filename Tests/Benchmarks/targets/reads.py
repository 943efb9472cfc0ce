"""Rows 1 to 3: a GET and a look-up beside nginx, by the part `http` (deploy/http_cost.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from failure import NotMeasured
from gateway import Gateway
from processes import resident_mib
from rows import Measured
from samples import learner, percentile

SCRIPT = Path(__file__).resolve().parents[3] / "deploy" / "http_cost.py"
# As the part calls them.
GET, LOOK_UP = "GET by id", "look-up, userName eq"
PROTOCOLS = {"HTTP/1.1, 16 connections": ["--h1", "-c16"], "HTTP/2, 16 connections of 10 streams": ["-c16", "-m10"]}


def measure(tools) -> dict:
    requests, rounds = (8_000, 1) if tools.quick else (20_000, 3)
    report = tools.folder / "http.json"
    with Gateway(tools, "reads") as gateway:
        environment = {**os.environ, "SCIM_BASE_URL": gateway.base, "SCIM_TOKEN_A1": gateway.token(), "SCIM_CA": f"{tools.tls}/ca.pem",
                       "GATEWAY_DATA": str(Path(tools.tls).parent), "GATEWAY_PID": str(gateway.pid)}
        done = subprocess.run([sys.executable, str(SCRIPT), "--requests", str(requests), "--rounds", str(rounds), "--json", str(report)],
                              env=environment, capture_output=True, text=True)
        if done.returncode:
            raise NotMeasured(done.stderr.strip()[-200:])
        memory = resident_mib(gateway.pid)
        paths = dict(zip((GET, LOOK_UP), paths_of_one(gateway)))
        latencies = {(protocol, what): latency(gateway, flags, path, requests // 2)
                     for protocol, flags in PROTOCOLS.items() for what, path in paths.items()}
    rows = {(row["protocol"], row["what"]): row for row in json.loads(report.read_text())}
    found = {}
    for id_, protocol in zip("12", PROTOCOLS):
        row, file = rows[protocol, GET], rows[protocol, "nginx, a file"]
        p50, p99 = latencies[protocol, GET]
        found[id_] = Measured(row["ratio"], f"nginx {file['cpu_us']:.1f} µs; {row['requests_per_second']:,}/s", row["cpu_us"], p50, p99, memory)
    ratios = [rows[protocol, LOOK_UP]["ratio"] for protocol in PROTOCOLS]
    worse = list(PROTOCOLS)[ratios.index(max(ratios))], LOOK_UP
    found["3"] = Measured(max(ratios), f"HTTP/1.1 {ratios[0]:.2f}, HTTP/2 {ratios[1]:.2f}", rows[worse]["cpu_us"], *latencies[worse], memory)
    return found


def paths_of_one(gateway: Gateway) -> tuple:
    """A learner by id and by name."""
    client = gateway.client()
    resource = learner(client)
    name = json.loads(client.request("GET", f"/Users/{resource}")[1])["userName"]
    return f"/Users/{resource}", f"/Users?filter=userName%20eq%20%22{name}%22"


def latency(gateway: Gateway, flags: list, path: str, requests: int) -> tuple:
    """p50 and p99 of a read in ms, in a run of its own: to write them down costs h2load time."""
    with tempfile.NamedTemporaryFile("r", prefix="h2load.") as log:
        subprocess.run(["h2load", *flags, "-n", str(requests), f"--log-file={log.name}", "-H", f"authorization: Bearer {gateway.token()}",
                        gateway.base + path], check=True, capture_output=True)
        answers = [line.split("\t") for line in log]
    if len(answers) != requests or any(status != "200" for _, status, _ in answers):
        raise NotMeasured(f"{sum(status == '200' for _, status, _ in answers)} of {requests} reads were answered 200")
    times = [int(took) / 1000 for _, _, took in answers]
    return percentile(times, 0.5), percentile(times, 0.99)
