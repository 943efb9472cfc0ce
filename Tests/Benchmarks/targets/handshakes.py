"""Row 9: TLS 1.3 handshakes over P-256, full and resumed, without a request."""

from __future__ import annotations

import socket
import ssl
import statistics
import time

from failure import NotMeasured
from gateway import Gateway
from processes import cpu_seconds, resident_mib
from rivals import Nginx
from rows import Measured, median_ratio
from samples import learner, percentile

# The end of a connection costs the server a little after the client has gone.
AFTERWARDS = 0.05


def measure(tools) -> dict:
    count, rounds = (300, 1) if tools.quick else (1_000, 3)
    costs: dict = {}
    times: dict = {}
    with Gateway(tools, "handshakes") as gateway:
        client = gateway.client()
        path = f"/Users/{learner(client)}"
        with Nginx(tools, client.request("GET", path)[1]) as nginx:
            servers = {"nginx": (nginx.pid, nginx.port, "/get.json", ""), "ours": (gateway.pid, gateway.port, "/scim/v2" + path, gateway.token())}
            for _ in range(rounds):
                for name, (pid, port, what, token) in servers.items():
                    for kind in ("full", "resumed"):
                        cpu_us, taken_ms = cost(tools, pid, port, what, token, count, kind == "resumed")
                        costs.setdefault((name, kind), []).append(cpu_us)
                        times.setdefault((name, kind), []).extend(taken_ms)
        memory = resident_mib(gateway.pid)
    found = {}
    for id_, kind in (("9a", "full"), ("9b", "resumed")):
        ours, theirs = costs["ours", kind], costs["nginx", kind]
        p50, p99 = (percentile(times["ours", kind], share) for share in (0.5, 0.99))
        found[id_] = Measured(median_ratio(ours, theirs), f"nginx {statistics.median(theirs):.0f} µs", statistics.median(ours), p50, p99, memory)
    return found


def cost(tools, pid: int, port: int, path: str, token: str, count: int, resumed: bool) -> tuple:
    """CPU µs of one handshake; and the ms that each took its client, connection included."""
    context = ssl.create_default_context(cafile=f"{tools.tls}/ca.pem")
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_ecdh_curve("prime256v1")
    session = ticket(context, port, path, token) if resumed else None
    for _ in range(20):
        connect(context, port, session).close()
    before, reused, taken = cpu_seconds(pid), 0, []
    for _ in range(count):
        began = time.perf_counter()
        connection = connect(context, port, session)
        taken.append((time.perf_counter() - began) * 1000)
        reused += connection.session_reused
        connection.close()
    time.sleep(AFTERWARDS)
    if reused != (count if resumed else 0):
        raise NotMeasured(f"{reused} of {count} handshakes were resumed")
    return (cpu_seconds(pid) - before) / count * 1e6, taken


def ticket(context: ssl.SSLContext, port: int, path: str, token: str) -> ssl.SSLSession:
    """The ticket that comes with the first answer."""
    with connect(context, port, None) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n".encode())
        while connection.recv(65536):
            pass
        return connection.session


def connect(context: ssl.SSLContext, port: int, session: ssl.SSLSession | None) -> ssl.SSLSocket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    return context.wrap_socket(connection, server_hostname="localhost", session=session)
