"""Outside conformance suites, and a differential run, against the gateway that deploy/with-gateway lends.

Run by deploy/test --conformance, or: deploy/with-gateway python -m pytest Tests/Conformance
Each check of an outside suite, and each request of the differential run, is one result.
"""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))
import servers
import suites


def pytest_configure():
    missing = [name for name in ("SCIM_BASE_URL", "SCIM_CA", "SCIM_TOKEN_FULL") if not os.environ.get(name)]
    if missing:
        pytest.exit(f"{', '.join(missing)} not set: run through deploy/with-gateway", returncode=4)


def pytest_generate_tests(metafunc):
    """What an outside suite checks is known when it has run."""
    if "check" in metafunc.fixturenames:
        metafunc.parametrize("check", [pytest.param(check, id=check.name) for check in suites.checks()])


@pytest.fixture(scope="session")
def gateway() -> servers.Server:
    return servers.gateway()


@pytest.fixture(scope="session")
def reference():
    """scim2-server, in memory."""
    with servers.reference() as server:
        yield server
