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
