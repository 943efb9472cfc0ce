"""Two clouds at one address: the name that a client calls tells them apart before TLS begins."""

import ssl
import subprocess

import pytest

from kit import *

HOSTS = {"commercial": ["a.test", "127.0.0.1"], "gcc-high": ["fips.test"]}
TENANTS = {"acme": ACME, "agency": tenant("agency", "gcc-high"), "base": tenant("base", "dod")}


@pytest.fixture(params=[("commercial", "gcc-high"), ("gcc-high", "commercial")], ids=["commercial first", "gov first"])
def shared(request, make_gateway, pair) -> Gateway:
    """A gateway whose two listeners share an address, in either order, each with a certificate of its own."""
    certificates = {profile: pair(profile) for profile in request.param}
    return make_gateway(tenants=TENANTS, profiles=request.param, hosts=HOSTS, certificates=certificates).start()


def connected(gateway: Gateway, name: str | None, profile: str = "commercial") -> ssl.SSLSocket:
    context = ssl._create_unverified_context()
    plain = socket.create_connection(("127.0.0.1", gateway.ports[profile]), timeout=10)
    return context.wrap_socket(plain, server_hostname=name)


def shown(gateway: Gateway, name: str | None) -> str:
    """The profile whose certificate a client gets that calls this name."""
    with connected(gateway, name) as connection:
        got = connection.getpeercert(binary_form=True)
    return next(profile for profile, (certificate, _) in gateway.certificates.items()
                if ssl.PEM_cert_to_DER_cert(certificate.read_text()) == got)


def answer(gateway: Gateway, name: str | None, host: str, token: str) -> int:
    """The status of a request with that Host, on a connection that called that name."""
    with connected(gateway, name) as connection:
        connection.sendall(f"GET /scim/v2/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        return int(connection.recv(65536).split(b" ")[1])


def client(gateway: Gateway, *arguments, profile: str = "commercial") -> subprocess.CompletedProcess:
    """openssl s_client with a pause, in which the ticket of TLS 1.3 comes."""
    return subprocess.run(
        ["sh", "-c", '(sleep 0.3) | openssl s_client "$@"', "sh", "-connect", f"127.0.0.1:{gateway.ports[profile]}",
         *map(str, arguments)], capture_output=True, text=True, timeout=SECONDS)


def test_the_name_decides_whose_certificate_and_whose_tokens_hold(shared):
    tokens = {"a.test": shared.token(), "fips.test": shared.token("agency/staff")}

    assert shown(shared, "a.test") == "commercial" and shown(shared, "fips.test") == "gcc-high"
    for name in tokens:
        for of, token in tokens.items():
            assert answer(shared, name, name, token) == (200 if of == name else 401)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_no_parameter_of_one_cloud_holds_for_the_other(shared, version):
    def key(name: str) -> str:
        said = client(shared, version, "-servername", name, "-groups", "X25519:P-256").stdout
        return next(line for line in said.splitlines() if line.startswith("Server Temp Key: "))

    assert "prime256v1" in key("fips.test")
    assert "X25519" in key("a.test")


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_ticket_of_one_name_is_unknown_under_the_other(shared, tmp_path, version):
    kept = tmp_path / "session"
    # On a busy machine the pause is over before the ticket of TLS 1.3 has come.
    eventually(lambda: "New, TLS" in client(shared, version, "-servername", "a.test", "-sess_out", kept).stdout
               and kept.exists(), "a connection that has lasted until its ticket")
    assert "Reused, TLS" in client(shared, version, "-servername", "a.test", "-sess_in", kept).stdout

    crossed = client(shared, version, "-servername", "fips.test", "-groups", "P-256", "-sess_in", kept).stdout

    assert "New, TLS" in crossed, f"got {crossed}"


def test_a_host_of_the_other_cloud_is_misdirected(shared):
    commercial, gov = shared.token(), shared.token("agency/staff")

    assert answer(shared, "a.test", "fips.test", commercial) == 421
    assert answer(shared, "fips.test", "a.test", gov) == 421
    assert answer(shared, "a.test", "a.test", commercial) == 200


@pytest.mark.parametrize("name", [None, "nobody.test"])
def test_without_a_name_or_with_nobodys_it_is_the_cloud_that_does_not_demand_fips(shared, name):
    token = shared.token()

    assert shown(shared, name) == "commercial"
    assert answer(shared, name, "a.test", token) == 200
    assert answer(shared, name, "fips.test", token) == 421


@pytest.mark.parametrize("name", ["A.TEST.", "FIPS.test", "x" * 255, "127.0.0.1", "..", "a_b", "ä"])
def test_odd_names_end_no_process(shared, name):
    got = client(shared, "-servername", name)

    assert "BEGIN CERTIFICATE" in got.stdout or "alert" in got.stderr, f"got {got}"
    assert shown(shared, "a.test") == "commercial"


def test_a_hello_in_single_bytes_finds_its_cloud(shared):
    context = ssl._create_unverified_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname="fips.test")
    with socket.create_connection(("127.0.0.1", shared.ports["gcc-high"]), timeout=10) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            try:
                session.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    plain.sendall(bytes([byte]))
                incoming.write(plain.recv(65536))
    certificate = ssl.PEM_cert_to_DER_cert(shared.certificates["gcc-high"][0].read_text())
    assert session.getpeercert(binary_form=True) == certificate


@pytest.mark.parametrize("hosts", [
    {"gcc-high": ["fips.test"], "dod": ["dod.test"]}, {"gcc-high": ["fips.test"]}], ids=["shared", "alone"])
def test_where_fips_is_demanded_a_wrong_name_is_refused(make_gateway, pair, hosts):
    certificates = {"gcc-high": pair("gov"), "dod": pair("dod", curve="P-384")}
    gateway = make_gateway(tenants=TENANTS, profiles=tuple(hosts), hosts=hosts, certificates=certificates).start()

    wrong = client(gateway, "-servername", "nobody.test", profile="gcc-high")
    right = client(gateway, "-servername", "fips.test", profile="gcc-high")
    nameless = client(gateway, "-noservername", profile="gcc-high")

    assert "unrecognized name" in wrong.stderr, f"got {wrong}"
    assert "BEGIN CERTIFICATE" in right.stdout and "BEGIN CERTIFICATE" in nameless.stdout


def test_a_renewal_is_that_of_its_listener_alone(shared, pair):
    certificate, key = shared.certificates["gcc-high"]
    new = pair("renewed")
    before = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    certificate.write_text(new[0].read_text())
    key.write_text(new[1].read_text())

    def served() -> bytes:
        with connected(shared, "fips.test") as connection:
            return connection.getpeercert(binary_form=True)

    eventually(lambda: served() != before, "the renewed certificate")
    assert shown(shared, "a.test") == "commercial"
