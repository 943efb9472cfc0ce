#!/usr/bin/env python3
"""How often a piece of work asks the allocator, beside the budget that the repository keeps: run by deploy/bench --allocations.

Counts, not times: they are the same on a slow machine and on a fast one. Each is the difference of two runs that differ in
how often the work is done, so that starting and shaking hands are in neither.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from failure import NotMeasured
from gateway import Gateway
from rows import table_of
from samples import learner

BUDGETS = Path(__file__).resolve().parents[1] / "allocations" / "budgets.json"
TIMES, TRIES = 1_000, 4
# Of a piece: what a process allocates once more or less. Of a request: what a gateway does of its own meanwhile, which no
# try is wholly without.
PIECE_TOLERANCE, REQUEST_TOLERANCE = 0.5, 2
# Requests in one record: what the records of as many single requests cost beyond it is told apart from them.
TOGETHER = 5
PIECES = {"json": "reading a body of 1 KiB as JSON", "filter": "reading a look-up's filter", "patch": "applying four operations of Entra to a learner"}
REQUESTS = {"get-http1": "GET by id, HTTP/1.1", "get-http2": "GET by id, HTTP/2: a message each way", "look-up": "look-up by userName, HTTP/1.1",
            "tls-record": "a TLS record each way, beyond the GET in it"}


def main():
    parser = argparse.ArgumentParser()
    for program in ("gateway", "benchmarks", "counter", "tls"):
        parser.add_argument(f"--{program}", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--update", action="store_true", help="the counts become the budgets")
    tools = parser.parse_args()
    tools.folder = Path(tempfile.mkdtemp(prefix="allocations.", dir=tools.folder.resolve()))
    try:
        counts = {**of_pieces(tools), **of_requests(tools)}
    except NotMeasured as reason:
        sys.exit(f"error: {reason}")
    finally:
        shutil.rmtree(tools.folder, ignore_errors=True)
    if tools.update:
        BUDGETS.write_text(json.dumps({name: round(count) for name, count in counts.items()}, indent=2) + "\n")
    budgets = json.loads(BUDGETS.read_text())
    rows = [{"id": name, "what": what, "count": round(counts[name], 2), "budget": budgets[name], "kept": is_kept(name, counts[name], budgets[name])}
            for name, what in {**PIECES, **REQUESTS}.items()]
    print(table_of([["work", "allocations", "budget", "kept"], *([row["what"], f"{row['count']:.1f}", str(row["budget"]),
                    "yes" if row["kept"] else "NO"] for row in rows)]))
    if tools.json:
        tools.json.write_text(json.dumps({"rows": rows}, indent=2) + "\n")
    if over := [row["what"] for row in rows if not row["kept"]]:
        sys.exit(f"error: over budget: {'; '.join(over)}. Allocate less, or say in the commit why it is worth it and run with --update")


def is_kept(name: str, count: float, budget: int) -> bool:
    return count <= budget + (PIECE_TOLERANCE if name in PIECES else REQUEST_TOLERANCE)


# -- pieces of a request, in a process of their own ------------------------------------------------------
def of_pieces(tools) -> dict:
    return {piece: (repeated(tools, piece, 2 * TIMES) - repeated(tools, piece, TIMES)) / TIMES for piece in PIECES}


def repeated(tools, piece: str, times: int) -> int:
    number = tools.folder / f"{piece}-{times}"
    done = subprocess.run([tools.benchmarks, "repeat", piece, "--times", str(times)], env={**os.environ, **counting(tools, number)},
                          capture_output=True, text=True)
    if done.returncode:
        raise NotMeasured(done.stderr.strip()[-200:])
    return read(number)


# -- requests, in a gateway that serves ------------------------------------------------------------------
def of_requests(tools) -> dict:
    number = tools.folder / "gateway"
    with Gateway(tools, "allocations", environment=counting(tools, number)) as gateway:
        client = gateway.client()
        resource = learner(client)
        name = json.loads(client.request("GET", f"/Users/{resource}")[1])["userName"]
        get, look_up = f"/Users/{resource}", f"/Users?filter=userName%20eq%20%22{name}%22"

        def cost(ask, times: int = TIMES) -> float:
            ask(times // 4)                    # what is made once is made
            return (least(ask, 2 * times) - least(ask, times)) / times

        def least(ask, times: int) -> int:
            """The least of some tries: what the gateway does beside the requests only adds."""
            tries = []
            for _ in range(TRIES):
                before = read(number)
                ask(times)
                tries.append(read(number) - before)
            return min(tries)

        one = cost(lambda times: http1(gateway, get, times, together=1))
        many = cost(lambda times: http1(gateway, get, times, together=TOGETHER), TIMES // 2)
        return {"get-http1": one, "get-http2": cost(lambda times: http2(gateway, get, times)),
                "look-up": cost(lambda times: http1(gateway, look_up, times, together=1)),
                "tls-record": (TOGETHER * one - many) / (TOGETHER - 1)}


def http1(gateway: Gateway, path: str, times: int, together: int):
    """GETs on one connection, so many in one record; the next when all are answered."""
    request = f"GET /scim/v2{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {gateway.token()}\r\n\r\n".encode() * together
    context = ssl.create_default_context(cafile=f"{gateway.tools.tls}/ca.pem")
    with context.wrap_socket(socket.create_connection(("127.0.0.1", gateway.port), timeout=10), server_hostname="localhost") as connection:
        size = 0
        for _ in range(times):
            connection.sendall(request)
            answer = connection.recv(65536)
            size = size or whole(answer, together)
            while len(answer) < size:
                answer += connection.recv(65536)


def whole(answer: bytes, together: int) -> int:
    """The length of as many answers as the first of them: all are alike."""
    head, _, _ = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise NotMeasured(f"the gateway answers {head[:60]!r}")
    length = next(int(line.split(b":")[1]) for line in head.lower().splitlines() if line.startswith(b"content-length"))
    return (len(head) + 4 + length) * together


def http2(gateway: Gateway, path: str, times: int):
    done = subprocess.run(["h2load", "-c1", "-m1", "-n", str(times), "-H", f"authorization: Bearer {gateway.token()}", f"{gateway.base}{path}"],
                          capture_output=True, text=True)
    if f"{times} 2xx" not in done.stdout:
        raise NotMeasured(f"h2load did not get its answers: {(done.stderr or done.stdout)[-200:]}")


def counting(tools, number: Path) -> dict:
    return {"LD_PRELOAD": str(tools.counter), "SCIM_ALLOCATIONS": str(number)}


def read(number: Path) -> int:
    """How often the allocator was asked."""
    return counts(number)[0]


def counts(number: Path) -> tuple:
    """How often the allocator was asked, and the bytes that were not given back."""
    return struct.unpack("=Qq", number.read_bytes())


if __name__ == "__main__":
    main()
