"""HTTP/2 as clients use it: ALPN, requests, bodies, answers, and the end of a connection."""

import json
import socket
import ssl
import threading
import time

import httpx
import pytest

from h2kit import *
from kit import *


@pytest.fixture(scope="module")
def served():
    """One gateway for all tests that do not stop it."""
    gateway = Gateway().start()
    yield gateway, gateway.token()
    gateway.remove()


@pytest.fixture
def c(served):
    gateway, token = served
    with Connection(gateway.ports["commercial"], token) as connection:
        yield connection.greet()


def body_bytes(**over) -> bytes:
    return json.dumps(learner(**over)).encode()


# -- ALPN -----------------------------------------------------------------------------------
def agreed(gateway: Gateway, offered: list | None) -> str | None:
    context = trusting()
    if offered:
        context.set_alpn_protocols(offered)
    with socket.create_connection(("127.0.0.1", gateway.ports["commercial"]), 5) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as sock:
            return sock.selected_alpn_protocol()


@pytest.mark.parametrize("offered, protocol", [
    (["h2", "http/1.1"], "h2"), (["http/1.1", "h2"], "h2"), (["http/1.1"], "http/1.1"), (["h2"], "h2"), (None, None)])
def test_the_protocol_is_agreed_by_alpn(served, offered, protocol):
    assert agreed(served[0], offered) == protocol


def test_a_client_that_speaks_neither_is_told(served):
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        agreed(served[0], ["spdy/3"])


def test_a_client_without_alpn_gets_http_1_1(served):
    gateway, token = served
    with socket.create_connection(("127.0.0.1", gateway.ports["commercial"]), 5) as raw:
        with trusting().wrap_socket(raw, server_hostname="localhost") as sock:
            sock.sendall(f"GET /scim/v2/Users?count=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
                         .encode())
            assert sock.recv(100).startswith(b"HTTP/1.1 200 ")


# -- the same service --------------------------------------------------------------------------
def test_both_versions_give_the_same_answers(served):
    gateway, token = served
    one = gateway.client(token)
    made = one.create()
    accept = {"Accept": "application/scim+json"}
    requests = [
        ("GET", f"/Users/{made['id']}", {}), ("HEAD", f"/Users/{made['id']}", {}), ("GET", "/Users?count=0", {}),
        ("GET", f"/Users/{made['id']}", {"If-None-Match": made["meta"]["version"]}), ("GET", "/Users/nobody", {}),
        ("OPTIONS", "/Users", {}), ("PUT", "/Users", {}), ("GET", "/Nothing", {}), ("GET", "/ServiceProviderConfig", {}),
        ("GET", "/Users", {"Authorization": "Bearer wrong"}), ("GET", "/Users?filter=broken", {}), ("GET", "/Me", {})]

    with httpx.Client(base_url=gateway.url(), verify=trusting(), http2=True, timeout=10,
                      headers={**accept, "Authorization": f"Bearer {token}"}) as two:
        for method, path, headers in requests:
            first = one.request(method, path, headers=headers)
            second = two.request(method, path, headers=headers)
            assert second.http_version == "HTTP/2"
            told = [{k: v for k, v in r.headers.items() if k not in ("date", "x-request-id", "connection")} for r in (first, second)]
            assert (second.status_code, told[1], second.content) == (first.status_code, told[0], first.content), (
                f"expected one answer to {method} {path}, got {first.status_code} {told[0]} and {second.status_code} {told[1]}")
            assert "date" in second.headers and "x-request-id" in second.headers


def test_a_learner_lives_over_http_2(served):
    gateway, token = served
    with httpx.Client(base_url=gateway.url(), verify=trusting(), http2=True, timeout=10, headers={
            "Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}) as two:
        made = two.post("/Users", json=learner())
        path = f"/Users/{made.json()['id']}"
        assert made.status_code == 201 and made.http_version == "HTTP/2"
        assert two.patch(path, json=replacing(active=False)).json()["active"] is False
        assert two.put(path, json={**learner(), "userName": made.json()["userName"]}).status_code == 200
        assert two.delete(path).status_code == 204
        assert two.get(path).status_code == 404


def test_a_hundred_requests_at_once_are_answered(c):
    c.send(*(c.request(1 + 2 * i) for i in range(100)))

    assert [c.status(1 + 2 * i) for i in range(100)] == [200] * 100


def test_a_host_that_is_not_served_is_misdirected_and_the_connection_goes_on(c):
    c.send(c.request(1, authority="elsewhere.test"), c.request(3))

    assert (c.status(1), c.status(3)) == (421, 200)
    assert json.loads(c.streams[1].body)["status"] == "421"


@pytest.mark.parametrize("authority", ["elsewhere.test:443", "localhost.elsewhere.test", "elsewhere.localhost", "127.0.0.2", "[::1]"])
def test_a_host_that_only_looks_like_one_that_is_served_is_misdirected(c, authority):
    c.send(c.request(1, authority=authority), c.request(3, authority="LOCALHOST"))

    assert (c.status(1), c.status(3)) == (421, 200)


def test_a_token_is_checked_for_each_request_of_a_connection(make_gateway):
    gateway = make_gateway().start()
    token = gateway.token()
    with Connection(gateway.ports["commercial"], token) as c:
        c.greet().send(c.request(1))
        assert c.status(1) == 200

        gateway.done("token", "revoke", token.split("_")[1])

        c.send(c.request(3))
        assert c.status(3) == 401


# -- heads ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [
    lambda f: f + [("X-Upper", "a")], lambda f: f + [("connection", "close")], lambda f: f + [("transfer-encoding", "chunked")],
    lambda f: f + [("te", "gzip")], lambda f: f + [(":path", "/x")], lambda f: f + [(":status", "200")], lambda f: f + [(":what", "x")],
    lambda f: [p for p in f if p[0] != ":method"], lambda f: [p for p in f if p[0] != ":scheme"],
    lambda f: [p for p in f if p[0] != ":path"], lambda f: [p if p[0] != ":path" else (":path", "") for p in f],
    lambda f: [p if p[0] != ":path" else (":path", "*") for p in f], lambda f: f + [("x-a", "b\r\nc: d")], lambda f: f + [("x-a", "b\0")],
    lambda f: f + [("x-a", " b")], lambda f: f + [("content-length", "5")], lambda f: f[:3] + [("x-a", "b")] + f[3:],
    lambda f: f[:1] + f, lambda f: f[1:2] + f],
    ids=["upper case", "connection", "transfer-encoding", "te", "two paths", "status", "unknown pseudo", "no method", "no scheme",
         "no path", "empty path", "asterisk", "CR LF", "NUL", "leading space", "length without body", "pseudo behind a field",
         "two methods", "two schemes"])
def test_a_malformed_request_resets_its_stream(c, change):
    # Without hpack's encoder, which would put names into lower case.
    block = b"".join(literal(k.encode(), v.encode()) for k, v in change(c.fields()))

    c.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, block)).is_reset(1, "PROTOCOL_ERROR")


@pytest.mark.parametrize("more", [("te", "trailers"), ("x-a", "b c"), ("host", None), ("content-length", "0")],
                         ids=["te", "inner space", "host like the authority", "no body"])
def test_a_request_that_looks_like_a_malformed_one_is_answered(c, more):
    name, value = more
    c.send(c.request(1, more=[(name, value or f"127.0.0.1:{c.port}")]))

    assert c.status(1) == 200


@pytest.mark.parametrize("more, authority", [([("host", "evil.test")], None), ([], "a@127.0.0.1"), ([], "127.0.0.1:99999")])
def test_an_authority_that_can_be_read_in_two_ways_is_refused(c, more, authority):
    c.send(c.request(1, more=more, authority=authority), c.request(3))

    assert (c.status(1), c.status(3)) == (400, 200)


def test_header_limits_refuse_a_request_and_the_next_time_the_connection(c):
    c.send(c.request(1, more=[("cookie", f"a{i}=b") for i in range(98)]))
    assert c.status(1) == 200
    too_many = [("cookie", f"a{i}=b") for i in range(110)]
    c.send(c.request(3, more=too_many))
    assert c.status(3) == 431

    c.send(c.request(5, more=too_many)).is_ended("ENHANCE_YOUR_CALM")


def test_a_target_over_the_limit_is_414(c):
    path = "/scim/v2/Users?x=" + "a" * 40000
    block = c.block(c.fields(path=path))
    parts = [block[i:i + 16384] for i in range(0, len(block), 16384)]

    c.send(frame(HEADERS, END_STREAM, 1, parts[0]), *(
        frame(CONTINUATION, END_HEADERS if i == len(parts) - 1 else 0, 1, part) for i, part in enumerate(parts) if i))

    assert c.status(1) == 414


# -- bodies ----------------------------------------------------------------------------------------
def found(gateway: Gateway, token: str, name: str) -> list:
    return gateway.client(token).found(name)


@pytest.mark.parametrize("announced", [1, -1], ids=["longer", "shorter"])
def test_a_body_that_is_not_as_long_as_announced_is_not_carried_out(served, c, announced):
    body = body_bytes(userName=(name := f"{uid()}@example.com"))
    c.send(c.post(1, [("content-length", str(len(body) + announced))]), frame(DATA, END_STREAM, 1, body))

    c.is_reset(1, "PROTOCOL_ERROR")
    assert found(*served, name) == []


def test_a_request_taken_back_is_carried_out_whole_or_not_at_all(served):
    gateway, token = served
    names = [f"{uid()}@example.com" for _ in range(30)]
    for name in names:
        with Connection(gateway.ports["commercial"], token) as c:
            c.greet().send(c.post(1), frame(DATA, END_STREAM, 1, body_bytes(userName=name)), reset(1)).goes_on()

    for name in names:
        users = found(gateway, token, name)
        assert len(users) <= 1 and all(u["name"]["familyName"] == "Lovelace" for u in users)


@pytest.mark.parametrize("size, status", [(1 << 20, 201), ((1 << 20) + 1, 413)])
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_is_read_up_to_the_limit(c, size, status, announced):
    body = body_bytes().ljust(size)
    c.send(c.post(1, [("content-length", str(size))] if announced else []))
    at, window, answer = 0, 65535, c.streams.setdefault(1, Answer())
    while at < size and answer.status is None:
        part = body[at:at + min(16384, window)]
        at, window = at + len(part), window - len(part)
        c.send(frame(DATA, END_STREAM if at == size else 0, 1, part))
        while window == 0:
            moved = c.next()
            assert moved, "expected the window to be moved, or an answer"
            if moved.kind == WINDOW_UPDATE and moved.stream == 1:
                window += int.from_bytes(moved.payload, "big")
            elif answer.status:
                break

    assert c.status(1) == status


def test_no_body_is_read_for_a_refused_token(served):
    gateway, _ = served
    with Connection(gateway.ports["commercial"], "sgw_wrong") as c:
        c.greet().send(c.post(1, [("content-length", "1000000")]), *[frame(DATA, 0, 1, b" " * 16000)] * 4)

        assert c.status(1) == 401
        c.goes_on()
        moved = [f for f in c.frames if f.kind == WINDOW_UPDATE and f.stream == 1]
        assert moved == [], f"expected no window for a body that nobody reads, got {moved}"
        found = c.until(lambda f: f.kind == RST_STREAM, "RST_STREAM", 10)
        assert (found.stream, found.code) == (1, "NO_ERROR")


def test_100_is_sent_to_who_waits_for_it(c):
    body = body_bytes()
    c.send(c.post(1, [("expect", "100-continue"), ("content-length", str(len(body)))]))
    c.until(lambda f: f.kind == HEADERS and f.fields[":status"] == "100", "100")

    c.send(frame(DATA, END_STREAM, 1, body))

    assert c.status(1) == 201


def test_many_bodies_come_at_once(served, c):
    bodies = {1 + 2 * i: body_bytes(displayName="x" * 500) for i in range(40)}
    c.send(*(c.post(stream, [("content-length", str(len(body)))]) for stream, body in bodies.items()))
    for at in range(0, max(map(len, bodies.values())), 100):
        c.send(*(frame(DATA, END_STREAM if at + 100 >= len(body) else 0, stream, body[at:at + 100])
                 for stream, body in bodies.items() if at < len(body)))

    assert [c.status(stream) for stream in bodies] == [201] * 40


# -- the end ------------------------------------------------------------------------------------------
def test_a_stop_lets_requests_in_work_and_on_their_way_finish(make_gateway):
    gateway = make_gateway().start()
    with Connection(gateway.ports["commercial"], gateway.token()) as c:
        body = body_bytes()
        c.greet().send(c.post(1)).goes_on()

        gateway.process.terminate()
        first = c.until(lambda f: f.kind == GOAWAY, "GOAWAY")
        assert (first.code, first.last) == ("NO_ERROR", 0x7fffffff)
        c.send(c.request(3))
        last = c.until(lambda f: f.kind == GOAWAY, "the last GOAWAY")
        assert (last.code, last.last) == ("NO_ERROR", 3)
        assert c.streams[3].status == 200 or c.status(3) == 200
        c.send(frame(DATA, END_STREAM, 1, body))

        assert c.status(1) == 201
        assert c.next() is None and c.closed
    assert gateway.wait() == 0


def test_status_tells_requests_in_work(make_gateway):
    gateway = make_gateway().start()

    def in_work() -> int:
        return json.loads(gateway.done("status", "-o", "json").stdout)["listeners"][0]["requestsInWork"]
    assert in_work() == 0
    with Connection(gateway.ports["commercial"], gateway.token()) as c:
        c.greet().send(c.post(1), c.post(3)).goes_on()
        assert in_work() == 2

        c.send(reset(1)).goes_on()
        eventually(lambda: in_work() == 1, "one request in work")
    eventually(lambda: in_work() == 0, "no request in work")
