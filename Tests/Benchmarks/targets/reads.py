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
        latencies = {protocol: latency(gateway, flags, requests // 2) for protocol, flags in PROTOCOLS.items()}
    rows = {(row["protocol"], row["what"]): row for row in json.loads(report.read_text())}
    found = {}
    for id_, protocol in zip("12", PROTOCOLS):
        row, file = rows[protocol, "GET by id"], rows[protocol, "nginx, a file"]
        p50, p99 = latencies[protocol]
        found[id_] = Measured(row["ratio"], f"nginx {file['cpu_us']:.1f} µs; {row['requests_per_second']:,}/s", row["cpu_us"], p50, p99, memory)
    ratios = [rows[protocol, "look-up, userName eq"]["ratio"] for protocol in PROTOCOLS]
    cost = rows[list(PROTOCOLS)[ratios.index(max(ratios))], "look-up, userName eq"]["cpu_us"]
    found["3"] = Measured(max(ratios), f"HTTP/1.1 {ratios[0]:.2f}, HTTP/2 {ratios[1]:.2f}", cost)
    return found


def latency(gateway: Gateway, flags: list, requests: int) -> tuple:
    """p50 and p99 of a GET in ms, in a run of its own: to write them down costs h2load time."""
    resource = learner(gateway.client())
    with tempfile.NamedTemporaryFile("r", prefix="h2load.") as log:
        subprocess.run(["h2load", *flags, "-n", str(requests), f"--log-file={log.name}", "-H", f"authorization: Bearer {gateway.token()}",
                        f"{gateway.base}/Users/{resource}"], check=True, capture_output=True)
        times = [int(line.split("\t")[2]) / 1000 for line in log]
    return percentile(times, 0.5), percentile(times, 0.99)
