"""Fixtures of our own black-box tests: gateways of their own, which may be stopped, killed and misconfigured.

Run by deploy/test, or: deploy/with-gateway python -m pytest Tests/BlackBox
"""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))
import kit


@pytest.fixture(scope="session", autouse=True)
def fixture_gateway():
    """deploy/with-gateway lends the program, and the CA that vouches for every gateway here."""
    missing = [name for name in ("GATEWAY_BINARY", "GATEWAY_DATA", "SCIM_CA") if not os.environ.get(name)]
    if missing:
        pytest.exit(f"{', '.join(missing)} not set: run through deploy/with-gateway", returncode=4)


@pytest.fixture
def make_gateway():
    """Makes gateways, not started yet; each is stopped and its folder removed at the end of the test."""
    made = []

    def make(**options) -> kit.Gateway:
        made.append(kit.Gateway(**options))
        return made[-1]

    yield make
    for gateway in made:
        gateway.remove()


@pytest.fixture
def gateway(make_gateway):
    """A running gateway with one tenant, acme: groups head-office and branch, connection head-office."""
    return make_gateway().start()


@pytest.fixture
def pair(tmp_path):
    """Makes a certificate of localhost that is valid between these dates, and its key."""
    def make(name: str, since: str = "20200101000000Z", until: str = "20991231000000Z", curve: str = "P-256") -> tuple:
        certificate, key, request = (tmp_path / f"{name}.{ending}" for ending in ("pem", "key", "csr"))
        (tmp_path / "index").write_text("")
        (tmp_path / "ca.cnf").write_text(
            f"[ca]\ndefault_ca = us\n[us]\ndatabase = {tmp_path}/index\nnew_certs_dir = {tmp_path}\nrand_serial = yes\n"
            "default_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied\n")
        kit.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-subj", "/CN=localhost",
                    "-keyout", key, "-out", request)
        kit.openssl("ca", "-batch", "-notext", "-config", tmp_path / "ca.cnf", "-selfsign", "-keyfile", key, "-in", request,
                    "-startdate", since, "-enddate", until, "-out", certificate)
        return certificate, key
    return make
