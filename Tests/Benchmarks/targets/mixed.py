"""The mixed load: people of many tenants are read and changed in turn, at a pace that nothing holds up (mixedload/mixedload.c)."""

from __future__ import annotations

import json
import subprocess

from drivers import Entraload
from failure import NotMeasured
from gateway import Gateway
from processes import cpu_seconds
from samples import percentile

# Requests of a turn: one that reads, one that changes.
OF_A_TURN = 2


class Mixedload:
    """Turns of those whom entraload has made; a wrong answer ends the part."""

    def __init__(self, tools, gateway: Gateway, made: Entraload):
        self.tools, self.gateway = tools, gateway
        self.people, self.log = tools.folder / "people", tools.folder / "requests"
        state = json.loads(made.state.read_text())
        if not all(all(ids) for ids in state["ids"]):
            raise NotMeasured("entraload has not made everybody")
        # One of each tenant, and then the next of each, named as entraload names them.
        lines = [f"{gateway.token(tenant)}\t{state['ids'][tenant][number]}\t{state['prefix']}.{number:07d}@t{tenant}.example.com\n"
                 for number in range(state["n"]) for tenant in range(gateway.tenants)]
        self.people.write_text("".join(lines))

    def run(self, workers: int, seconds: float, per_second: float = 0) -> dict:
        """So many requests a second, or as many as there can be; gives the rate, the server's CPU µs of one, and all latencies in ms."""
        before = cpu_seconds(self.gateway.pid)
        done = subprocess.run([self.tools.mixedload, str(self.gateway.port), f"{self.tools.tls}/ca.pem", str(self.people), str(workers),
                               str(per_second / OF_A_TURN), str(seconds), str(self.log)], capture_output=True, text=True)
        if done.returncode:
            raise NotMeasured(f"the mixed load ended with {done.returncode}: {done.stderr[-200:]}")
        report = json.loads(done.stdout)
        if report["errors"]:
            raise NotMeasured("wrong answers under the mixed load: " + "; ".join(f"{text} ({times} times)" for text, times in report["errors"].items()))
        with self.log.open() as log:
            taken = [int(line.rsplit("\t", 1)[1]) / 1000 for line in log]
        return {"per_second": report["requests"] / report["seconds"], "seconds": report["seconds"], "taken_ms": taken,
                "cpu_us": (cpu_seconds(self.gateway.pid) - before) / report["requests"] * 1e6}


def tail(taken: list) -> tuple:
    """p50, p99, p99.9."""
    return tuple(percentile(taken, share) for share in (0.5, 0.99, 0.999))
