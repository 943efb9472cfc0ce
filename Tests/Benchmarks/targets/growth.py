"""Rows 10 and 11: what grows with a tenant, by the part `growth` (scim-benchmarks)."""

from __future__ import annotations

import json
import subprocess

from failure import NotMeasured
from rows import Measured


def measure(tools) -> dict:
    users, members = (20_000, 2_000) if tools.quick else (1_000_000, 100_000)
    report = tools.folder / "growth.json"
    command = [tools.benchmarks, "growth", "--users", "1000", str(users), "--members", "10", str(members), "--only", "userName", "addMember",
               "--operations", "100" if tools.quick else "500", "--rounds", "3", "--folder", str(tools.folder),
               "--json", str(report)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NotMeasured(done.stderr.strip()[-200:])
    lines = {(line["title"], line["size"]): line for line in json.loads(report.read_text())["lines"]}
    return {"10": of(lines["userName eq", users], tools, "learners"), "11": of(lines["add a member", members], tools, "members")}


def of(line: dict, tools, what: str) -> Measured:
    """The worse of wall time and CPU time."""
    return Measured(max(line["wallRatio"], line["cpuRatio"]), f"wall {line['wallRatio']:.2f}, CPU {line['cpuRatio']:.2f}", line["cpuMicroseconds"],
                    line["wallMicroseconds"] / 1000, line["p99Microseconds"] / 1000, line["peakMemoryKiB"] / 1024,
                    f"a quick run: {line['size']:,} {what} only" if tools.quick else None)
