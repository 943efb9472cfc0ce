"""The table of all promises of speed: python3 Tests/Benchmarks/targets …, run by deploy/bench.

Each part starts the servers that it needs, and ends them; one that cannot be measured leaves its rows with a reason.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import growth
import handshakes
import many_tenants
import memory
import one_tenant
import reads
import report
import starting
from failure import NotMeasured
from rows import ROWS, Measured

PARTS = {
    "reads": (reads.measure, ["1", "2", "3"]),
    "one tenant": (one_tenant.measure, ["4a", "4b", "5", "6", "7a", "7b", "8a", "8b"]),
    "handshakes": (handshakes.measure, ["9a", "9b"]),
    "many tenants": (many_tenants.measure, ["14", "16"]),
    "ten tenants": (starting.measure_few, ["15"]),
    "10,000 tenants": (starting.measure_many, ["12a", "12b", "12c"]),
    "memory": (memory.measure, ["13a", "13b", "13c"]),
    "growth": (growth.measure, ["10", "11"]),
}
assert sorted(id_ for _, ids in PARTS.values() for id_ in ids) == sorted(row.id for row in ROWS)


def main():
    parser = argparse.ArgumentParser()
    for program in ("gateway", "benchmarks", "entraload", "mixedload", "recorder", "replay"):
        parser.add_argument(f"--{program}", required=True, help="a program that deploy/bench has built")
    parser.add_argument("--peer", type=Path, required=True, help="the virtual environment of scim2-server")
    parser.add_argument("--tls", required=True, help="the folder of the certificates, named tls")
    parser.add_argument("--folder", type=Path, required=True, help="on the disk that is to be measured")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", nargs="+", metavar="ID", help="only the parts that give these rows")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path, help="the table for README.md")
    tools = parser.parse_args()
    wanted = set(tools.rows or [row.id for row in ROWS])
    if unknown := wanted - {row.id for row in ROWS}:
        sys.exit(f"error: no row is called {', '.join(sorted(unknown))}; there are {' '.join(row.id for row in ROWS)}")
    missing = [program for program in ("nginx", "h2load", "taskset") if not shutil.which(program)]
    if missing:
        sys.exit(f"error: {', '.join(missing)} missing; as root: apt-get install nginx-light nghttp2-client util-linux")
    tools.folder.mkdir(parents=True, exist_ok=True)
    tools.folder = Path(tempfile.mkdtemp(prefix="targets.", dir=tools.folder.resolve()))
    tools.raw = None
    about, began = machine(tools), time.monotonic()
    try:
        found, about["parts"] = measure(tools, wanted)
    finally:
        shutil.rmtree(tools.folder, ignore_errors=True)
    about["seconds"] = round(time.monotonic() - began)
    print(f"commit {about['commit']}; {about['cpus']} × {about['cpu']}, {about['kernel']}; {about['seconds']} s, load {about['load']}\n")
    print(report.table(found))
    print("\nseconds: " + "; ".join(f"{part['name']} ({' '.join(part['rows'])}) {part['seconds']}" for part in about["parts"]))
    if tools.json:
        report.write(tools.json, found, about)
    if tools.markdown:
        tools.markdown.write_text(report.markdown(found, about))


def measure(tools, wanted: set) -> tuple:
    """What was found, by id, and how long each part took."""
    found, parts = {}, []
    for name, (part, ids) in PARTS.items():
        if not wanted.intersection(ids):
            continue
        began = time.monotonic()
        try:
            found.update(part(tools))
        except NotMeasured as reason:
            found.update({id_: Measured(None, why=str(reason)) for id_ in ids})
        except Exception as reason:             # a fault of ours, or of the machine: the other parts are measured all the same
            traceback.print_exc()
            found.update({id_: Measured(None, why=f"{type(reason).__name__}: {reason}") for id_ in ids})
        for id_ in ids:
            found.setdefault(id_, Measured(None, why=f"the part {name} told nothing of it"))
        parts.append({"name": name, "rows": ids, "seconds": round(time.monotonic() - began)})
        print(f"{name}: {parts[-1]['seconds']} s", file=sys.stderr)
    return found, parts


def machine(tools) -> dict:
    """What the figures belong to."""
    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(Path(__file__).parent), *words], capture_output=True, text=True).stdout.strip()

    commit = git("rev-parse", "--short=12", "HEAD") or "unknown"
    if git("status", "--porcelain", "--", ":/Sources"):
        commit += " with changes"
    if os.environ.get("GATEWAY_BINARY"):
        commit += " (but the program is GATEWAY_BINARY)"
    models = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {"commit": commit, "quick": tools.quick, "cpus": os.cpu_count(), "cpu": models[0] if models else platform.machine(),
            "kernel": platform.release(), "load": f"{os.getloadavg()[0]:.1f} at the start"}


if __name__ == "__main__":
    main()
