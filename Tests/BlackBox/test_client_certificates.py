"""Mutual TLS: at a listener that asks for client certificates nobody comes in without, and the token is still needed."""

import hashlib
import re
import ssl

import httpx
import pytest

from kit import *
from test_certificates import put


@pytest.fixture
def issued(tmp_path):
    """Makes authorities, and certificates of theirs: the first name is the authority's."""
    def make(authority: str, name: str | None = None, days: int = 10) -> tuple:
        ca, ca_key = tmp_path / f"{authority}.pem", tmp_path / f"{authority}.key"
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        if not ca.exists():
            openssl("req", "-x509", *curve, "-subj", f"/CN={authority}", "-keyout", ca_key, "-out", ca)
        if name is None:
            return ca, ca_key
        certificate, key, request = (tmp_path / f"{name}.{ending}" for ending in ("pem", "key", "csr"))
        openssl("req", "-new", *curve, "-subj", f"/CN={name}", "-addext", "extendedKeyUsage=clientAuth", "-keyout", key,
                "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-days", str(days), "-copy_extensions",
                "copyall", "-out", certificate)
        return certificate, key
    return make


@pytest.fixture
def asking(make_gateway, issued, tmp_path):
    """Makes running gateways whose listener asks for certificates of clients of `ours`."""
    def make(mode: str) -> Gateway:
        put(issued("ours")[0], tmp_path / "clients.pem")
        return make_gateway(
            listener=f"    client_certificates: {mode}\n    client_ca: '{tmp_path}/clients.pem'\n").start()
    return make


def visit(gateway: Gateway, token: str | None = None, shown: tuple | None = None, version=ssl.TLSVersion.TLSv1_3):
    """The status of a request on a connection of its own; None when TLS refused it."""
    context = trusting()
    context.maximum_version = version
    if shown:
        context.load_cert_chain(*shown)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx.Client(verify=context, timeout=10) as http:
            return http.get(gateway.url() + "/Users?count=0", headers=headers).status_code
    except httpx.TransportError as error:
        assert re.search("alert|certificate required|EOF", str(error)), f"not refused by TLS: {error!r}"
        return None


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_nobody_comes_in_without_a_right_certificate_nor_without_a_token(asking, issued, version):
    gateway = asking("required")
    token = gateway.token()
    ours, ended, theirs = issued("ours", "a"), issued("ours", "b", days=-1), issued("theirs", "c")

    assert visit(gateway, token, ours, version) == 200
    assert visit(gateway, None, ours, version) == 401
    assert [visit(gateway, token, shown, version) for shown in (None, ended, theirs)] == [None, None, None]


def test_optional_lets_in_who_shows_none_and_refuses_a_wrong_one(asking, issued):
    gateway = asking("optional")
    token = gateway.token()

    assert [visit(gateway, token, shown) for shown in (None, issued("ours", "a"), issued("theirs", "c"))] == [200, 200, None]


def test_another_file_of_authorities_is_in_force_within_a_second_and_a_bad_one_is_told(asking, issued, tmp_path):
    gateway = asking("required")
    token = gateway.token()
    ours, theirs = issued("ours", "a"), issued("theirs", "c")

    put(issued("theirs")[0], tmp_path / "clients.pem")
    eventually(lambda: visit(gateway, token, theirs) == 200, "clients of the other authority", seconds=3)
    assert visit(gateway, token, ours) is None

    put(theirs[0], tmp_path / "clients.pem")
    told = eventually(lambda: gateway.events("certificate.refused"), "the problem in the log")[0]
    assert re.search(r"gateway\.yaml:\d+: error: .*clients\.pem: .* not one of an authority", told["error.message"]), told
    assert visit(gateway, token, theirs) == 200


def test_the_log_tells_the_fingerprint_of_who_asked(asking, issued):
    gateway = asking("optional")
    token = gateway.token()
    certificate, key = issued("ours", "a")
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())

    visit(gateway, token, (certificate, key))
    visit(gateway, token)

    lines = eventually(lambda: (done := gateway.events("request.done")) if len(gateway.events("request.done")) > 1 else None,
                       "two requests in the log")
    assert [line.get("tls.client.hash.sha256") for line in lines] == [f"sha256:{hashlib.sha256(der).hexdigest()}", None]


@pytest.mark.parametrize("content, words", [(None, "does not exist"), ("", "no certificate"), ("own", "not one of an authority")])
def test_without_right_authorities_the_gateway_does_not_start(make_gateway, issued, tmp_path, content, words):
    clients = tmp_path / "clients.pem"
    if content is not None:
        clients.write_text(issued("ours", "a")[0].read_text() if content == "own" else content)

    code, said = make_gateway(
        listener=f"    client_certificates: required\n    client_ca: '{clients}'\n").refuses_to_start()

    assert code == 78 and re.search(rf"gateway\.yaml:\d+: error: .*clients\.pem: .*{words}", said), said
