"""Floods of connections and handshakes: whoever is polite is served, and the gateway keeps what its databases need."""

import json
import resource
import ssl
import threading

import pytest

from kit import *

HELLO = bytes.fromhex("1603010200010001fc0303")   # the front of a ClientHello that never comes to its end
HALF_OPEN_SECONDS = 10                            # what a handshake may take


class Crowd:
    """Connections of clients that are not polite, from addresses of 127.0.0.0/8."""

    def __init__(self, gateway: Gateway):
        self.port, self.sockets = gateway.ports["commercial"], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in self.sockets:
            one.close()

    def come(self, address: str, first: bytes = b"") -> socket.socket:
        """A TCP connection, and the first bytes on it."""
        one = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS, source_address=(address, 0))
        self.sockets.append(one)
        try:
            one.sendall(first)
        except OSError:
            pass   # closed at once, which is what some tests are about
        return one

    def greet(self, address: str) -> bool:
        """A connection that completes its handshake, and then says nothing; False when it is closed instead."""
        plain = self.come(address)
        try:
            self.sockets.append(ssl._create_unverified_context().wrap_socket(plain))
            return True
        except OSError:
            return False

    def open(self, sockets: list = None) -> int:
        """How many of them the gateway has not closed."""
        return sum(not is_closed(one) for one in (self.sockets if sockets is None else sockets) if one.fileno() >= 0)


def is_closed(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        while one.recv(65536):
            pass
        return True
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True


class Polite(threading.Thread):
    """New connections from 127.0.0.1, one request on each, as long as the flood lasts."""

    def __init__(self, gateway: Gateway, token: str):
        super().__init__(daemon=True)
        self.gateway, self.token, self.served, self.failures, self.over = gateway, token, 0, [], False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.join(SECONDS)

    def run(self):
        while not self.over:
            self.ask()

    def ask(self):
        try:
            client = self.gateway.client(self.token)
            with client.http:
                expect(client.get("/Users", params={"count": "0"}), 200)
            self.served += 1
        except (AssertionError, httpx.HTTPError) as error:
            self.failures.append(error)

    def comes(self, times: int):
        """Waits until it has been there so many times more."""
        wanted = self.served + len(self.failures) + times
        eventually(lambda: self.served + len(self.failures) >= wanted, f"{times} polite connections")


def figures(gateway: Gateway) -> dict:
    return json.loads(gateway.done("status", "-o", "json").stdout)["connections"]


def told(gateway: Gateway, event: str) -> list:
    return [line for line in map(json.loads, filter(lambda l: l.startswith("{"), gateway.log().splitlines()))
            if line["event"] == event]


def cpu_seconds(gateway: Gateway) -> float:
    with open(f"/proc/{gateway.process.pid}/stat") as stat:
        times = stat.read().rsplit(")", 1)[1].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


# -- connections ------------------------------------------------------------------------
def test_a_flood_from_one_address_takes_its_own_places_only(make_gateway):
    gateway = make_gateway(settings="limits: {connections: 60, connections_per_address: 20}\n").start()
    token = gateway.token()

    with Crowd(gateway) as crowd, Polite(gateway, token) as polite:
        welcome = [crowd.greet("127.0.0.2") for _ in range(50)]
        polite.comes(5)
        found = figures(gateway)

        assert welcome.count(True) == 20, f"expected 20 of 50 to have a place, got {welcome.count(True)}"
        assert found["refused"] == {"connections_per_address": 30}, found
        assert (found["limit"], found["limitPerAddress"]) == (60, 20), found
    assert polite.served and not polite.failures, f"expected every polite request to be served, got {polite.failures}"
    lines = told(gateway, "connection.refused")
    assert [(line["error.type"], line["client.address"]) for line in lines] == [("connections_per_address", "127.0.0.2")]


def test_as_many_connections_as_the_limit_are_served_and_one_more_when_one_has_gone(make_gateway):
    gateway = make_gateway(settings="limits: {connections: 4, connections_per_address: 4}\n").start()
    token = gateway.token()
    polite = Polite(gateway, token)

    with Crowd(gateway) as crowd:
        assert [crowd.greet(f"127.0.0.{host}") for host in range(2, 7)] == [True, True, True, True, False]
        polite.ask()
        assert not polite.served, "expected no place for a fifth connection"
        crowd.sockets[1].close()   # the TLS one of the first
        eventually(lambda: figures(gateway)["open"] == 3, "a free place")
        polite.ask()
        assert polite.served == 1, polite.failures
    eventually(lambda: figures(gateway)["open"] == 0, "every place given back")


def test_whoever_is_behind_a_load_balancer_counts_by_the_address_that_it_tells(make_gateway):
    gateway = make_gateway(settings="limits: {connections: 40, connections_per_address: 3}\n", listener=(
        "    proxy_protocol: required\n    trusted_proxies: [127.0.0.0/8]\n")).start()

    with Crowd(gateway) as crowd:
        one, other = ([crowd.come("127.0.0.1", f"PROXY TCP6 {ip} 2001:db8::1 1 2\r\n".encode()) for ip in addresses]
                      for addresses in (["2001:db8:0:7::1", "2001:db8:0:7::2", "2001:db8:0:7:8::3", "2001:db8:0:7:9::4"],
                                        ["2001:db8:0:8::1"]))
        eventually(lambda: figures(gateway)["refused"] == {"connections_per_address": 1}, "a refusal")

        assert (crowd.open(one), crowd.open(other)) == (3, 1)
    assert [line["client.address"] for line in told(gateway, "connection.refused")] == ["2001:db8:0:7::/64"]


# -- handshakes -------------------------------------------------------------------------
def test_half_open_handshakes_neither_keep_others_out_nor_last(make_gateway):
    # Of 200 connections, 100 may be in the handshake, and 50 of one address.
    gateway = make_gateway(settings="limits: {connections: 200, connections_per_address: 200}\n").start()
    token = gateway.token()

    with Crowd(gateway) as crowd, Polite(gateway, token) as polite:
        flood = [crowd.come("127.0.0.2", HELLO) for _ in range(80)]
        eventually(lambda: crowd.open(flood) <= 50, "the oldest of one address to make room")
        spread = [crowd.come(f"127.0.1.{host}", HELLO) for host in range(1, 91)]
        eventually(lambda: crowd.open(flood + spread) <= 100, "the oldest of the address with the most to make room")
        assert crowd.open(spread) == 90, "expected that those who have one handshake keep it"
        polite.comes(20)
        found = figures(gateway)
        assert found["handshakeLimit"] == 100 and found["handshakes"] <= 100, found

        began = time.monotonic()
        eventually(lambda: crowd.open(flood + spread) == 0, "half-open handshakes to end", HALF_OPEN_SECONDS * 10)
        assert time.monotonic() - began > HALF_OPEN_SECONDS / 10, "expected that they have some time"
    assert polite.served >= 20 and not polite.failures, f"expected all polite clients to be served, got {polite.failures}"
    found = figures(gateway)
    assert found["refused"]["handshakes_per_address"] == 30 and found["refused"]["handshakes"] >= 40, found
    assert found["failedHandshakes"]["handshakeTimeout"] >= 90, found
    eventually(lambda: figures(gateway)["handshakes"] == 0, "no handshake in progress")


def test_what_is_no_handshake_is_counted_and_told_once(make_gateway):
    gateway = make_gateway().start()

    with Crowd(gateway) as crowd:
        for _ in range(30):
            crowd.come("127.0.0.2", b"GET / HTTP/1.1\r\n\r\n")
        eventually(lambda: crowd.open() == 0, "all of them to be closed")

    assert figures(gateway)["failedHandshakes"] == {"handshakeFailed": 30}
    assert [(line["error.type"], line["client.address"]) for line in told(gateway, "tls.failed")] == [
        ("handshakeFailed", "127.0.0.2")]
    assert "30 handshakeFailed" in gateway.done("status").stdout


# -- descriptors ------------------------------------------------------------------------
def test_without_descriptors_new_connections_wait_and_cost_nothing(gateway):
    token = gateway.token()
    used = {int(name) for name in os.listdir(f"/proc/{gateway.process.pid}/fd")}
    lowest_free = min(set(range(len(used) + 1)) - used)
    before = resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE)

    with Crowd(gateway) as crowd:
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (lowest_free, before[1]))
        waiting = [crowd.come("127.0.0.2") for _ in range(5)]
        eventually(lambda: told(gateway, "accept.paused"), "the pause in the log")
        spent, began = cpu_seconds(gateway), time.monotonic()
        time.sleep(3)
        share = (cpu_seconds(gateway) - spent) / (time.monotonic() - began)
        assert share < 0.2, f"expected less than a fifth of a core while connections wait, got {share:.2f}"
        assert crowd.open(waiting) == 5, "expected the connections to wait"

        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, before)
        polite = Polite(gateway, token)
        polite.ask()
        assert polite.served, f"expected that it recovers, got {polite.failures}"
    assert len(told(gateway, "accept.paused")) == 1, "expected one line for all pauses of a minute"


def test_a_flood_leaves_the_databases_their_descriptors(make_gateway):
    tenants = {name: tenant(name) for name in ("acme", "globex")}
    gateway = make_gateway(tenants=tenants, under=["prlimit", "--nofile=120"]).start()
    clients = [gateway.client(gateway.token(f"{name}/staff")) for name in tenants]
    clients[0].create()
    expect(clients[1].get("/ServiceProviderConfig"), 200)   # connected; its database is not open yet
    assert "120 open files are too few for 10000 connections" in gateway.log()

    with Crowd(gateway) as crowd:
        for number in range(200):
            crowd.greet(f"127.0.{1 + number // 20}.1")
        found = figures(gateway)
        assert found["open"] == found["limit"] < 120 and found["refused"]["connections"] > 0, found

        for client in clients:
            assert client.change(client.create()["id"], active=False).status_code in (200, 204)
    assert not told(gateway, "accept.paused"), "expected descriptors to be left"
