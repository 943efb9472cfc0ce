"""Two clouds in one process: nothing of one can be reached from the other."""

import subprocess

import pytest

from kit import *

BOTH = {"acme": ACME, "agency": tenant("agency", "gcc-high")}


def both(make_gateway) -> Gateway:
    return make_gateway(tenants=BOTH, profiles=("commercial", "gcc-high")).start()


def test_a_token_works_on_its_own_profile_only(make_gateway):
    gateway = both(make_gateway)
    tokens = {"commercial": gateway.token(), "gcc-high": gateway.token("agency/staff")}

    for profile, token in tokens.items():
        for listener in tokens:
            assert gateway.client(token, listener).status() == (200 if listener == profile else 401)


def test_a_token_of_the_other_cloud_is_an_unknown_token(make_gateway):
    gateway = both(make_gateway)
    ghost = gateway.client("sgw_00000000_" + "0" * 49).get("/Users")

    foreign = gateway.client(gateway.token("agency/staff")).get("/Users")

    assert foreign.content == ghost.content
    told = {name: value for name, value in foreign.headers.items() if name not in ("date", "x-request-id")}
    assert told == {name: value for name, value in ghost.headers.items() if name not in ("date", "x-request-id")}


def test_each_profile_has_files_of_its_own(make_gateway):
    gateway = both(make_gateway)
    gateway.client().create()
    gateway.client(gateway.token("agency/staff"), "gcc-high").create()

    for profile, name in (("commercial", "acme"), ("gcc-high", "agency")):
        folder = gateway.data / profile
        assert (folder / "LOCK").exists() and (folder / "control.sqlite").exists()
        assert [file.name for file in (folder / "tenants").glob("*.sqlite")] == [f"{name}.sqlite"]


def test_a_learner_of_one_cloud_is_nobody_in_the_other(make_gateway):
    gateway = both(make_gateway)
    commercial, gov = gateway.client(), gateway.client(gateway.token("agency/staff"), "gcc-high")
    made = commercial.create()

    assert gov.get(f"/Users/{made['id']}").status_code == 404
    assert gov.found(made["userName"]) == []
    assert gov.create(learner(userName=made["userName"]))["id"] != made["id"]


def test_a_tenant_whose_store_lies_under_another_profile_is_a_finding(make_gateway):
    gateway = both(make_gateway)
    token = gateway.token()
    gateway.client(token).create()
    gateway.stop()
    gateway.write_tenant("acme", ACME.replace("profile: commercial", "profile: gcc-high"))

    gateway.start()

    assert "acme" in gateway.log() and not (gateway.data / "gcc-high" / "tenants" / "acme.sqlite").exists()
    assert gateway.client(token, "gcc-high").status() == 401


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_session_ticket_of_one_cloud_is_unknown_in_the_other(make_gateway, tmp_path, version):
    gateway = both(make_gateway)

    def handshake(profile: str, *arguments) -> str:
        # The pause lets the ticket of TLS 1.3 come, which follows the handshake.
        return subprocess.run(
            f"(sleep 0.3) | openssl s_client -connect 127.0.0.1:{gateway.ports[profile]} {version} {' '.join(arguments)}",
            shell=True, capture_output=True, text=True, timeout=SECONDS).stdout

    kept = tmp_path / "session"
    assert "New, TLS" in handshake("commercial", "-sess_out", str(kept))
    assert "Reused, TLS" in handshake("commercial", "-sess_in", str(kept))
    assert "New, TLS" in handshake("gcc-high", "-sess_in", str(kept))
