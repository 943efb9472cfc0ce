#!/usr/bin/env python3
"""What many tenant files cost: many_tenants.py --binary FILE [--tenants N] [--rounds N] [--json FILE], run by deploy/bench.

A gateway of its own, in a folder of its own: nobody asks it anything. Rounds are whole starts, and the medians are
told. Figures for people: nothing passes or fails.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGETS = {"start, s": 3.0, "memory at start, MiB": 300.0}
SECONDS = 120   # within which a gateway starts, or something is wrong

TENANT = """version: 1
tenant: {name}
display_name: Customer number {number}
profile: commercial
groups:
  - {{id: head-office, display_name: Head office}}
  - {{id: branch, display_name: Branch}}
connections:
  - id: head-office
    group: head-office
    dialect: entra
    tokens:
      - {{id: {number:08}, digest: "sha256:{number:064x}"}}
limits: {{requests_per_second: 200}}
allow_from: [192.0.2.0/24, "2001:db8::/32"]
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def fill(folder: Path, tenants: int):
    (folder / "tenants").mkdir()
    for number in range(tenants):
        name = f"t{number:06}"
        (folder / "tenants" / f"{name}.yaml").write_text(TENANT.format(name=name, number=number))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem",
         "-out", folder / "certificate.pem"], check=True, capture_output=True)
    port = free_port()
    (folder / "gateway.yaml").write_text(
        f"version: 1\nlisteners:\n  - profile: commercial\n    address: 127.0.0.1:{port}\n"
        f"    public_url: https://localhost:{port}\n    certificate: certificate.pem\n    key: key.pem\n"
        "tenants: {directory: tenants, watch: false}\nstorage: {engine: sqlite, directory: data}\n")


class Gateway:
    def __init__(self, binary: str, folder: Path):
        self.binary, self.folder, self.ready = binary, folder, folder / "ready"
        self.ready.unlink(missing_ok=True)
        self.log = open(folder / "log", "ab")
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "serve", "-c", folder / "gateway.yaml", "--ready-file", self.ready], stdout=self.log, stderr=self.log)
        while not self.ready.exists():
            if self.process.poll() is not None or time.monotonic() - begun > SECONDS:
                sys.exit(f"the gateway does not start:\n{(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.005)
        self.seconds = time.monotonic() - begun

    def memory(self) -> float:
        """Most MiB that were resident at once."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in text.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def reload(self) -> float:
        """Milliseconds, as the gateway tells them."""
        said = subprocess.run([self.binary, "reload", "--wait", "-o", "json", "-c", self.folder / "gateway.yaml"],
                              capture_output=True, text=True, check=True)
        return json.loads(said.stdout)["milliseconds"]

    def databases(self) -> int:
        return len(list((self.folder / "data" / "commercial" / "tenants").iterdir()))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(SECONDS)
        self.log.close()


def measured(binary: str, folder: Path, number: int) -> dict:
    gateway = Gateway(binary, folder)
    try:
        found = {"start, s": gateway.seconds, "CPU of the start, s": gateway.cpu(), "memory at start, MiB": gateway.memory(),
                 "tenant databases": gateway.databases(), "reload of nothing new, ms": gateway.reload()}
        changed = folder / "tenants" / "t000001.yaml"
        changed.write_text(TENANT.format(name="t000001", number=1).replace("number 1", f"number one, round {number}"))
        found["reload of one changed, ms"] = gateway.reload()
        found["memory after reloads, MiB"] = gateway.memory()
        return found
    finally:
        gateway.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--tenants", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="many-tenants.") as name:
        folder = Path(name)
        fill(folder, options.tenants)
        rounds = [measured(options.binary, folder, number) for number in range(options.rounds)]
    figures = {key: statistics.median(found[key] for found in rounds) for key in rounds[0]}
    print(f"| {options.tenants:,} tenant files | median of {options.rounds} | at most |\n|---|---:|---:|")
    for key, value in figures.items():
        print(f"| {key} | {value:,.1f} | {TARGETS.get(key, '')} |")
    if options.json:
        options.json.write_text(json.dumps({"tenants": options.tenants, "figures": figures, "rounds": rounds}, indent=2))


if __name__ == "__main__":
    main()
