"""Processes as the kernel knows them: CPU time, memory, children; and free ports."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of those below it."""
    return sum(ticks(each) for each in family(pid)) / TICKS


def ticks(pid: int) -> int:
    times = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(times[11]) + int(times[12])


def family(pid: int) -> list:
    below = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return [pid] + [each for child in below for each in family(child)]


def resident_mib(pid: int) -> float:
    """VmRSS of a process and of those below it."""
    return sum(status_kib(each, "VmRSS") for each in family(pid)) / 1024


def status_kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise LookupError(f"/proc/{pid}/status names no {name}")


def settled_mib(pid: int, quick: bool) -> float:
    """What stays resident once nothing is done any more.

    After its start the gateway goes through all tenants, and every 15 seconds it gives back what it does not use.
    """
    calm(pid, patience=10)
    time.sleep(2 if quick else 17)
    return resident_mib(pid)


def calm(pid: int, patience: float = 40) -> bool:
    """Waits until a process does next to nothing, less than 2 % of a processor for two seconds; whether it came to that."""
    until, before = time.monotonic() + patience, cpu_seconds(pid)
    while time.monotonic() < until:
        time.sleep(2)
        now = cpu_seconds(pid)
        if now - before < 0.04:
            return True
        before = now
    return False


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end(process: subprocess.Popen, patience: float = 20):
    """Asks it to end, and makes it end when it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
