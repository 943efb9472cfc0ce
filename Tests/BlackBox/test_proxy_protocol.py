"""The PROXY protocol: a load balancer tells the client's address, and nobody else is believed."""

import json
import ssl

import pytest

from kit import *

LINE = "PROXY TCP4 198.51.100.7 203.0.113.4 51234 443\r\n".encode()
V2 = bytes.fromhex("0d0a0d0a000d0a515549540a2111000c") + bytes([198, 51, 100, 7, 203, 0, 113, 4]) + bytes(4)
BELIEVED = "    proxy_protocol: %s\n    trusted_proxies: [127.0.0.0/8]\n"
STRANGERS = "    proxy_protocol: %s\n    trusted_proxies: [192.0.2.0/24]\n"


def answer(gateway: Gateway, first: bytes, token: str = "", pause: float = 0) -> int:
    """The status of a request on a connection that begins with these bytes; 0 when it is closed instead."""
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", gateway.ports["commercial"]), timeout=10) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for part in ([bytes([byte]) for byte in first] if pause else [first] if first else []):
                plain.sendall(part)
                time.sleep(pause)
            with context.wrap_socket(plain) as connection:
                connection.sendall(
                    f"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
                return int(connection.recv(65536).split(b" ")[1])
        except OSError:
            return 0


def lines(gateway: Gateway, event: str) -> list:
    return [line for line in map(json.loads, filter(lambda l: l.startswith("{"), gateway.log().splitlines()))
            if line["event"] == event]


@pytest.mark.parametrize("mode", ["required", "optional"])
@pytest.mark.parametrize("header", [LINE, V2], ids=["version 1", "version 2"])
def test_the_clients_address_is_in_the_log_and_is_what_allow_from_sees(make_gateway, mode, header):
    only = ACME.replace("attributes: learner}", "attributes: learner, allow_from: [198.51.100.0/24]}")
    gateway = make_gateway(tenants={"acme": only}, listener=BELIEVED % mode).start()
    token = gateway.token()

    assert answer(gateway, header, token) == 200
    assert answer(gateway, header.replace(b"198.51.100.7", b"198.51.99.7").replace(bytes([198, 51, 100]), bytes([198, 51, 99])),
                  token) == 401
    gateway.stop()   # so that every line is written
    assert [line["client.address"] for line in lines(gateway, "request.done")] == ["198.51.100.7"]
    assert [line["client.address"] for line in lines(gateway, "token.rejected")] == ["198.51.99.7"]


def test_a_header_in_single_bytes_is_read(make_gateway):
    gateway = make_gateway(listener=BELIEVED % "required").start()

    assert answer(gateway, V2, gateway.token(), pause=0.01) == 200


@pytest.mark.parametrize("mode, status", [("required", 0), ("optional", 200)])
def test_a_load_balancer_without_a_header(make_gateway, mode, status):
    gateway = make_gateway(listener=BELIEVED % mode).start()

    assert answer(gateway, b"", gateway.token()) == status
    if not status:
        told = eventually(lambda: lines(gateway, "connection.refused"), "the refusal in the log")
        assert [line["error.type"] for line in told] == ["proxy_header_missing"]


@pytest.mark.parametrize("mode, header, status", [
    ("required", LINE, 0), ("required", b"", 0), ("optional", LINE, 0), ("optional", V2, 0), ("optional", b"", 200)])
def test_a_stranger_is_never_believed(make_gateway, mode, header, status):
    gateway = make_gateway(listener=STRANGERS % mode).start()

    assert answer(gateway, header, gateway.token()) == status
    if mode == "required":
        told = eventually(lambda: lines(gateway, "connection.refused"), "the refusal in the log")[0]
        assert (told["error.type"], told["client.address"]) == ("proxy_not_trusted", "127.0.0.1")
    gateway.stop()
    assert all(line["client.address"] == "127.0.0.1" for line in lines(gateway, "request.done"))


def test_a_header_where_the_protocol_is_off_is_no_tls(gateway):
    assert answer(gateway, LINE, gateway.token()) == 0


@pytest.mark.parametrize("header", [
    b"PROXY TCP4 198.51.100.7 203.0.113.4 51234 443\n", b"PROXY TCP4 198.51.100.7\r\n", b"PROXY " + b"x" * 200,
    V2[:12] + b"\x31" + V2[13:], V2[:14] + b"\xff\xff", b"\r\n\r\n\0\r\nQUIX\n"])
def test_a_malformed_header_ends_the_connection_not_the_gateway(make_gateway, header):
    gateway = make_gateway(listener=BELIEVED % "required").start()

    assert answer(gateway, header, gateway.token()) == 0
    told = eventually(lambda: lines(gateway, "connection.refused"), "the refusal in the log")
    assert [line["error.type"] for line in told] == ["proxy_header_malformed"]
    assert answer(gateway, LINE, gateway.token()) == 200


def test_a_health_check_speaks_for_the_load_balancer_itself(make_gateway):
    gateway = make_gateway(listener=BELIEVED % "required").start()

    assert answer(gateway, b"PROXY UNKNOWN\r\n", gateway.token()) == 200
    assert answer(gateway, V2[:12] + b"\x20\x00\x00\x00", gateway.token()) == 200
    gateway.stop()
    assert {line["client.address"] for line in lines(gateway, "request.done")} == {"127.0.0.1"}


def test_the_address_is_known_where_clouds_share_one(make_gateway):
    gateway = make_gateway(
        tenants={"acme": ACME, "agency": tenant("agency", "gcc-high")}, profiles=("commercial", "gcc-high"),
        hosts={"commercial": ["localhost", "127.0.0.1"], "gcc-high": ["fips.test"]}, listener=BELIEVED % "required").start()

    assert answer(gateway, LINE, gateway.token()) == 200
    gateway.stop()
    assert [line["client.address"] for line in lines(gateway, "request.done")] == ["198.51.100.7"]


@pytest.mark.parametrize("listener, place", [
    ("    proxy_protocol: required\n", ":9:21: error: "), (BELIEVED.replace("127.0.0.0/8", "0.0.0.0/0") % "required", ":10:22: error: ")])
def test_trusting_nobody_or_everybody_refuses_the_start(make_gateway, listener, place):
    status, said = make_gateway(listener=listener).refuses_to_start()

    assert status == 78 and "gateway.yaml" + place in said, f"got {status}: {said}"
