"""Clients that want to exhaust the gateway over HTTP/2: each is ended soon and cheaply, and no other client feels it."""

import json
import multiprocessing
import os
import re
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from h2kit import *
from kit import *


@pytest.fixture(scope="module")
def served():
    gateway = Gateway().start()
    yield gateway, gateway.token()
    alive = gateway.process.poll() is None
    gateway.remove()
    assert alive, "expected the gateway to live through all attacks"


class Neighbour(threading.Thread):
    """A polite client: one request after the other on a connection of its own, and how long each took."""

    def __init__(self, gateway: Gateway, token: str):
        super().__init__(daemon=True)
        self.port, self.token, self.seconds, self.failures, self.over = gateway.ports["commercial"], token, [], [], False

    def __enter__(self):
        self.start()
        eventually(lambda: self.seconds or self.failures, "a first answer")
        return self

    def __exit__(self, *_):
        self.over = True
        self.join(10)

    def run(self):
        try:
            with Connection(self.port, self.token) as c:
                c.greet().send(window_update(0, 1 << 30))
                for stream in range(1, 100000, 2):
                    if self.over:
                        return
                    begun = time.monotonic()
                    c.send(c.request(stream))
                    if (status := c.status(stream)) != 200:
                        self.failures.append(status)
                    self.seconds.append(time.monotonic() - begun)
                    time.sleep(0.01)
        except (AssertionError, OSError) as error:
            self.failures.append(error)


def cost(gateway: Gateway) -> tuple:
    """CPU seconds and resident KiB of the process."""
    with open(f"/proc/{gateway.process.pid}/stat") as stat, open(f"/proc/{gateway.process.pid}/statm") as statm:
        times = stat.read().rsplit(")", 1)[1].split()
        return ((int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"),
                int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024)


def forever(c: Connection, make, seconds: float = 5.0) -> int:
    """Sends what make(n) gives for n = 0, 1, … until the gateway has ended the connection: how many that took."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        c.send(make(count))
        count += 1
        time.sleep(0.002)                           # so that the gateway can keep up, and the count means something
        while c.next(0):
            pass
        if c.closed:
            return count
    raise AssertionError(f"expected the connection to be ended within {seconds} s, it goes on after {count} rounds")


def block(c: Connection, **more) -> bytes:
    """A request's block that needs no table."""
    return b"".join(literal(k.encode(), v.encode()) for k, v in c.fields(**more))


def request(c: Connection, stream: int, poison: bytes) -> bytes:
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, block(c)) + poison


# Frames of one round, how many rounds at most, and the code. A round is small, so that the figure means something.
FLOODS = {
    "rapid reset": (lambda c, n: request(c, 2 * n + 1, reset(2 * n + 1)), 1000, "ENHANCE_YOUR_CALM"),
    "made you reset, window": (lambda c, n: request(c, 2 * n + 1, window_update(2 * n + 1, 0x7fffffff)), 300, "ENHANCE_YOUR_CALM"),
    "made you reset, length": (lambda c, n: frame(HEADERS, END_HEADERS, 2 * n + 1, block(c, method="POST", more=[(
        "content-length", "5")])) + frame(DATA, END_STREAM, 2 * n + 1, b"123456"), 300, "ENHANCE_YOUR_CALM"),
    "made you reset, field": (lambda c, n: frame(HEADERS, END_STREAM | END_HEADERS, 2 * n + 1, block(c, more=[("te", "x")])),
                              300, "ENHANCE_YOUR_CALM"),
    "made you reset, window of nothing": (lambda c, n: request(c, 2 * n + 1, window_update(2 * n + 1, 0)), 2, "PROTOCOL_ERROR"),
    "made you reset, on itself": (lambda c, n: request(c, 2 * n + 1, priority(2 * n + 1, 2 * n + 1)), 2, "PROTOCOL_ERROR"),
    "made you reset, behind the end": (lambda c, n: request(c, 2 * n + 1, frame(DATA, END_STREAM, 2 * n + 1, b"x")), 2,
                                       "STREAM_CLOSED"),
    "SETTINGS": (lambda c, n: settings() * 8, 100, "ENHANCE_YOUR_CALM"),
    "PING": (lambda c, n: frame(PING, payload=b"12345678") * 8, 100, "ENHANCE_YOUR_CALM"),
    "PRIORITY": (lambda c, n: priority(2 * n + 1) * 8, 100, "ENHANCE_YOUR_CALM"),
    "WINDOW_UPDATE": (lambda c, n: window_update(0, 1) * 8, 100, "ENHANCE_YOUR_CALM"),
    "empty DATA": (lambda c, n: (c.post(1) if n == 0 else b"") + frame(DATA, 0, 1) * 8, 100, "ENHANCE_YOUR_CALM"),
    "unknown frames": (lambda c, n: frame(0xbb) * 8, 100, "ENHANCE_YOUR_CALM"),
    "large unknown frames": (lambda c, n: frame(0xbb, payload=bytes(16384)), 135, "ENHANCE_YOUR_CALM"),
    "DATA for a stream that was reset": (lambda c, n: (c.post(1, [("content-length", "1")]) if n == 0 else b"") + frame(
        DATA, 0, 1, bytes(16384)), 135, "ENHANCE_YOUR_CALM"),
    "CONTINUATION": (lambda c, n: frame(HEADERS, END_STREAM, 1, block(c)) if n == 0 else frame(CONTINUATION, 0, 1, literal(
        b"x-a", b"b")), 8, "ENHANCE_YOUR_CALM"),
    "empty CONTINUATION": (lambda c, n: frame(HEADERS, END_STREAM, 1, block(c)) if n == 0 else frame(CONTINUATION, 0, 1),
                           8, "ENHANCE_YOUR_CALM"),
    "large SETTINGS": (lambda c, n: settings(*[(MAX_CONCURRENT_STREAMS, 100)] * 2000), 2, "ENHANCE_YOUR_CALM"),
    "references to one field": (lambda c, n: frame(HEADERS, END_STREAM | END_HEADERS, 2 * n + 1, block(c) + (
        b"\x40\x01a\x00" if n == 0 else b"") + b"\xbe" * 15000), 2, "ENHANCE_YOUR_CALM"),
    "cookie crumbs": (lambda c, n: frame(HEADERS, END_STREAM | END_HEADERS, 2 * n + 1, block(c) + (
        b"\x40\x06cookie\x7f\xb9\x1e" + b"z" * 4000 if n == 0 else b"") + b"\xbe" * 8000), 2, "ENHANCE_YOUR_CALM"),
    "large unread heads": (lambda c, n: frame(HEADERS, END_STREAM | END_HEADERS, 2 * n + 1, block(c) + literal(
        b"x-a", b"b") * 110), 3, "ENHANCE_YOUR_CALM"),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_ended_soon_and_cheaply(served, name):
    gateway, token = served
    make, most, code = FLOODS[name]
    told = len(gateway.events("connection.fault"))
    with Neighbour(gateway, token) as neighbour:
        cpu, memory = cost(gateway)
        with Connection(gateway.ports["commercial"], token) as c:
            c.greet()
            begun = time.monotonic()
            rounds = forever(c, lambda n: make(c, n))
            seconds = time.monotonic() - begun
        spent, grown = (after - before for after, before in zip(cost(gateway), (cpu, memory)))

    ends = [f.code for f in c.frames if f.kind == GOAWAY]
    assert ends == [code], f"expected GOAWAY {code}, got {ends}"
    lines = eventually(lambda: gateway.events("connection.fault")[told:], "a line in the log")
    assert [line["client.address"] for line in lines] == ["127.0.0.1"], f"expected one line, got {lines}"
    assert re.fullmatch("[a-z]+(_[a-z]+)*", lines[0]["error.type"]), f"expected a word of a closed set, got {lines}"
    assert rounds <= most + 50, f"expected an end within about {most} rounds, got {rounds}"
    assert seconds < 3, f"expected an end within 1 s, took {seconds:.1f} s"
    assert spent < 1.5 and grown < 16384, f"expected little cost, got {spent:.2f} s of CPU and {grown} KiB"
    assert neighbour.failures == [], f"expected no harm to others, got {neighbour.failures}"
    assert max(neighbour.seconds) < 1, f"expected others not to wait, one waited {max(neighbour.seconds):.2f} s"


# -- fifty at once --------------------------------------------------------------------------------
def until_ended(port: int, token: str, name: str, count: int) -> tuple:
    """Runs in a process of its own: the floods of so many connections, none of which ever rests; how each ended, and CPU."""
    make = FLOODS[name][0]

    def one(_) -> str:
        with Connection(port, token, seconds=20) as c:
            c.greet()
            for n in range(100000):
                c.send(make(c, n))
                while c.next(0):
                    pass
                if c.closed:
                    return next((f.code for f in c.frames if f.kind == GOAWAY), "nothing said")
            return "not ended"

    with ThreadPoolExecutor(count) as pool:
        ends = list(pool.map(one, range(count)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    return ends, used.ru_utime + used.ru_stime


class InWork(threading.Thread):
    """The most requests that `status` has shown as being worked on."""

    def __init__(self, gateway: Gateway):
        super().__init__(daemon=True)
        self.gateway, self.most, self.over = gateway, 0, threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join(10)

    def run(self):
        while not self.over.wait(0.1):
            shown = json.loads(self.gateway.done("status", "-o", "json").stdout)
            self.most = max(self.most, shown["listeners"][0]["requestsInWork"])


def test_fifty_floods_at_once_are_ended_and_leave_nothing_behind(make_gateway):
    gateway = make_gateway()
    gateway.write_tenant("other", tenant("other"))  # whose ceiling the attackers do not use up
    gateway.start()
    token, other, count = gateway.token(), gateway.token("other/staff"), 50
    # What every gateway takes that has served for a while is not counted.
    with Neighbour(gateway, other), ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: gateway.client(token).status(), range(100)))
    resting = cost(gateway)[1]

    for name in ("rapid reset", "made you reset, window", "made you reset, length", "PING", "cookie crumbs"):
        # Spawned: a fork would take this process's threads and locks along.
        with (multiprocessing.get_context("spawn").Pool(1) as attackers, Neighbour(gateway, other) as neighbour,
              InWork(gateway) as in_work):
            before = cost(gateway)[0]
            ends, their_cpu = attackers.apply(until_ended, (gateway.ports["commercial"], token, name, count))
            our_cpu = cost(gateway)[0] - before

        ended = [end for end in ends if end in ("ENHANCE_YOUR_CALM", "PROTOCOL_ERROR")]
        assert len(ended) >= count - 2, f"{name}: expected each to be ended by GOAWAY, got {ends}"
        assert neighbour.failures == [], f"{name}: expected no harm to others, got {neighbour.failures}"
        assert in_work.most <= 100 * count, f"{name}: expected at most 100 requests in work a connection, got {in_work.most}"
        assert our_cpu <= 10 * their_cpu, f"{name}: expected to pay at most ten times as much, {our_cpu:.2f} s for {their_cpu:.2f}"
    eventually(lambda: cost(gateway)[1] <= resting * 1.1, f"memory within a tenth of {resting} KiB, {cost(gateway)[1]} now", seconds=60)


def test_resets_never_start_more_work_than_the_limit(make_gateway):
    """Requests that wait for their body stay in work until they notice that it will not come."""
    gateway = make_gateway().start()
    with Connection(gateway.ports["commercial"], gateway.token()) as c:
        c.greet()
        rounds = forever(c, lambda n: b"".join(
            frame(HEADERS, END_HEADERS, 2 * i + 1, block(c, method="POST", path="/scim/v2/Users")) + reset(2 * i + 1)
            for i in range(n * 10, n * 10 + 10)))

    assert rounds < 100
    assert gateway.client().status() == 200


SLOW = {
    # What is said, then the seconds within which the gateway must have ended the stream or the connection.
    "nothing at all": (lambda c: b"", False, 10),
    "half a header block": (lambda c: frame(HEADERS, END_STREAM, 1, block(c)[:10]), True, 10),
    "half a body": (lambda c: c.post(1, [("content-length", "1000")]) + frame(DATA, 0, 1, b"{"), True, 26),
    "answers that are not taken": (lambda c: settings((INITIAL_WINDOW_SIZE, 0)) + b"".join(
        c.request(2 * i + 1) for i in range(100)), True, 31),
}


def test_slow_clients_are_ended_in_time(served):
    gateway, token = served

    def ended_after(name: str) -> float:
        say, greets, limit = SLOW[name]
        with Connection(gateway.ports["commercial"], token) as c:
            if greets:
                c.greet()
            begun = time.monotonic()
            c.send(say(c))
            while not c.closed and time.monotonic() < begun + limit + 5:
                found = c.next(1)
                if found and found.kind in (GOAWAY, RST_STREAM):
                    break
            return time.monotonic() - begun

    with Neighbour(gateway, token) as neighbour, ThreadPoolExecutor(len(SLOW)) as pool:
        took = dict(zip(SLOW, pool.map(ended_after, SLOW)))

    late = {name: seconds for name, seconds in took.items() if seconds > SLOW[name][2] + 1}
    assert late == {}, f"expected slow clients to be ended in time, these were not: {late}"
    assert neighbour.failures == [], f"expected no harm to others, got {neighbour.failures}"
