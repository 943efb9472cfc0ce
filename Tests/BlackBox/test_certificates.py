"""Certificates that change while the gateway runs: renewals are taken up, and what is wrong is said and not taken."""

import json
import os
import shutil
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from kit import *


def shown(gateway: Gateway) -> bytes:
    """The certificate that a new connection gets."""
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", gateway.ports["commercial"]), timeout=10))


def der(certificate) -> bytes:
    return ssl.PEM_cert_to_DER_cert(Path(certificate).read_text())


def put(source, target):
    """Replaces a file as tools do that renew certificates: written beside, then renamed."""
    beside = f"{target}.new"
    shutil.copy(source, beside)
    os.replace(beside, target)


def status(gateway: Gateway) -> dict:
    return json.loads(gateway.done("status", "-o", "json").stdout)


@pytest.fixture
def served(make_gateway, pair, tmp_path):
    """A running gateway whose certificate may be replaced, and another pair to replace it with."""
    (tmp_path / "live").mkdir()
    certificate, key = tmp_path / "live" / "tls.pem", tmp_path / "live" / "tls.key"
    old, new = pair("old"), pair("new")
    put(old[0], certificate)
    put(old[1], key)
    gateway = make_gateway(certificate=(certificate, key)).start()
    return gateway, (certificate, key), new


def test_a_renewal_is_shown_within_a_second_and_no_connection_drops(served):
    gateway, (certificate, key), new = served
    old = ssl._create_unverified_context().wrap_socket(
        socket.create_connection(("127.0.0.1", gateway.ports["commercial"]), timeout=10))

    put(new[0], certificate)
    put(new[1], key)

    eventually(lambda: shown(gateway) == der(new[0]), "the renewed certificate", seconds=2)
    for _ in range(2):
        old.sendall(b"GET /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 401 " in old.recv(65536)
    told = eventually(lambda: gateway.events("certificate.renewed"), "the renewal in the log")
    assert told[0]["certificate.ends"].startswith("2099-12-31")
    assert status(gateway)["findings"] == []


def test_fifty_renewals_in_a_row_fail_no_handshake(served, pair):
    gateway, (certificate, key), new = served
    pairs = [new, pair("third")]

    for turn in range(50):
        put(pairs[turn % 2][0], certificate)
        put(pairs[turn % 2][1], key)
        for _ in range(3):
            shown(gateway)

    eventually(lambda: shown(gateway) == der(certificate), "the last certificate", seconds=2)
    assert gateway.events("certificate.refused") == []


def test_renewals_under_load_fail_no_request(served, pair):
    """Two clients stay on one connection each, HTTP/2 and HTTP/1.1; two make a new one for each request."""
    gateway, (certificate, key), new = served
    pairs, token = [new, pair("third")], gateway.token()
    over, answered, failed = threading.Event(), [], []

    def ask(http2: bool, stays: bool):
        while not over.is_set():
            try:
                with httpx.Client(base_url=gateway.url(), verify=ssl._create_unverified_context(), http2=http2, timeout=10,
                                  headers={"Authorization": f"Bearer {token}"}) as client:
                    while not over.is_set():
                        answered.append(client.get("/Users?count=0").status_code)
                        if not stays:
                            break
            except httpx.HTTPError as error:
                failed.append(repr(error))

    with ThreadPoolExecutor(4) as pool:
        for http2 in (True, False):
            for stays in (True, False):
                pool.submit(ask, http2, stays)
        for turn in range(20):
            put(pairs[turn % 2][0], certificate)
            put(pairs[turn % 2][1], key)
            eventually(lambda: shown(gateway) == der(pairs[turn % 2][0]), "the renewed certificate", seconds=5)
        over.set()

    assert failed == [] and set(answered) == {200}, f"expected every request to be answered, got {set(answered)} and {failed}"
    assert len(answered) > 100, f"expected load, got {len(answered)} requests"
    assert len(gateway.events("certificate.renewed")) >= 20


def test_a_symbolic_link_that_is_turned_is_a_renewal(make_gateway, pair, tmp_path):
    folders = []
    for name in ("first", "second"):
        certificate, key = pair(name)
        folder = tmp_path / f"..{name}"
        folder.mkdir()
        put(certificate, folder / "tls.crt")
        put(key, folder / "tls.key")
        folders.append(folder)
    # As Kubernetes mounts a secret: the names lead through ..data, which is turned by rename.
    data = tmp_path / "..data"
    data.symlink_to(folders[0].name)
    for name in ("tls.crt", "tls.key"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    gateway = make_gateway(certificate=(tmp_path / "tls.crt", tmp_path / "tls.key")).start()

    (tmp_path / "..data_tmp").symlink_to(folders[1].name)
    os.replace(tmp_path / "..data_tmp", data)

    eventually(lambda: shown(gateway) == der(folders[1] / "tls.crt"), "the other folder's certificate", seconds=2)


@pytest.mark.parametrize("fault, words", [
    ("other key", "key does not belong to the certificate"), ("ended", "certificate ended on 2021-01-01"),
    ("cut off", "damaged"), ("empty", "no certificate"), ("gone", "does not exist")])
def test_a_bad_pair_keeps_the_old_one_and_is_told_until_it_is_mended(served, pair, fault, words):
    gateway, (certificate, key), new = served
    before = der(certificate)

    if fault == "other key":
        put(new[1], key)
    elif fault == "ended":
        ended = pair("ended", "20200101000000Z", "20210101000000Z")
        put(ended[0], certificate)
        put(ended[1], key)
    elif fault == "gone":
        certificate.unlink()
    else:
        certificate.write_text(certificate.read_text()[:200] if fault == "cut off" else "")

    told = eventually(lambda: gateway.events("certificate.refused"), "the problem in the log")[0]
    assert words in told["error.message"] and "gateway.yaml:" in told["error.message"] and "fix: " in told["error.message"]
    assert shown(gateway) == before
    assert words in status(gateway)["findings"][0]
    put(new[0], certificate)
    put(new[1], key)
    eventually(lambda: shown(gateway) == der(new[0]), "the mended certificate")
    assert status(gateway)["findings"] == []


def test_a_reload_tells_of_a_bad_pair_at_once(served):
    gateway, (certificate, key), new = served
    put(new[1], key)

    result = gateway.cli("reload", "--wait")

    assert result.returncode == 2 and "key does not belong" in result.stderr, f"got {result}"


def test_sighup_takes_a_renewal_at_once(served):
    gateway, (certificate, key), new = served
    put(new[0], certificate)
    put(new[1], key)

    gateway.reload()

    eventually(lambda: gateway.events("config.applied"), "the reload")
    assert shown(gateway) == der(new[0])
