"""A profile inside a FIPS module: what runs in it, and what becomes of it when the module is not as it should be."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kit import *

MODULE = os.environ.get("FIPS_MODULE_CONFIG")
BOTH = {"acme": ACME, "agency": tenant("agency", "gcc-high")}

needs_module = pytest.mark.skipif(not MODULE, reason="there is no FIPS module: deploy/fips-module builds one")


@pytest.fixture
def module(tmp_path) -> Path:
    """The file of a copy of the module for tests, which may be damaged."""
    for name in ("fipsmodule.cnf", "fips.so"):
        shutil.copy(Path(MODULE).parent / name, tmp_path / name)
    return tmp_path / "fipsmodule.cnf"


@pytest.fixture
def gateway_in(make_gateway):
    """Makes a gateway, not started yet, whose gcc-high profile is to run in that module."""
    def make(module, profiles=("commercial", "gcc-high"), demand="required") -> Gateway:
        return make_gateway(
            tenants={name: text for name, text in BOTH.items() if "commercial" in profiles or name == "agency"},
            profiles=profiles, settings=f"profiles:\n  gcc-high: {{fips: {demand}, fips_config: '{module}'}}\n")
    return make


def flip(module: Path):
    """One bit of the module, in text that nothing computes with."""
    library = module.parent / "fips.so"
    content = bytearray(library.read_bytes())
    content[content.index(b"OpenSSL FIPS Provider")] ^= 1
    library.write_bytes(content)


def shakes_hands(gateway: Gateway, profile: str, *offer: str) -> bool:
    """Whether openssl's client, offering just this, gets a session."""
    result = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.ports[profile]}", "-brief", *offer],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
    return "CONNECTION ESTABLISHED" in result.stderr


# -- inside ----------------------------------------------------------------------------
@needs_module
def test_a_profile_in_the_module_serves_beside_one_in_ordinary_algorithms(gateway_in, module):
    gateway = gateway_in(module).start()
    gov = gateway.client(gateway.token("agency/staff"), "gcc-high")
    made = [gov.create() for _ in range(3)]

    assert expect(gov.change(made[0]["id"], active=False), 200)["active"] is False
    first = expect(gov.get("/Users", params={"cursor": "", "count": "2"}), 200)
    rest = expect(gov.get("/Users", params={"cursor": first["nextCursor"], "count": "2"}), 200)
    assert {user["id"] for user in first["Resources"] + rest["Resources"]} == {user["id"] for user in made}
    tag = gov.get("/Schemas").headers["ETag"]
    assert gov.get("/Schemas", headers={"If-None-Match": tag}).status_code == 304
    assert gateway.client().create()["id"]


@needs_module
def test_start_and_status_tell_what_was_done_and_claim_no_validation(gateway_in, module):
    gateway = gateway_in(module)
    gateway.write_settings(
        f"profiles:\n  gcc-high: {{fips_config: '{module}'}}\nlog: {{level: debug}}\n")
    gateway.start()

    lines = [json.loads(line) for line in gateway.log().splitlines() if line.startswith("{")]
    active = [line for line in lines if line.get("event") == "fips.active"]
    tests = [line for line in lines if line.get("event") == "fips.self_test"]
    assert [line["scim.profile"] for line in active] == ["gcc-high"] and active[0]["fips.version"].startswith("3.")
    assert active[0]["fips.self_tests"] == len(tests) > 20
    assert "KAT_Cipher AES_GCM" in [line["fips.test"] for line in tests]
    said = gateway.done("status").stdout
    assert re.search(r"gcc-high  1 tenant, FIPS provider 3\.[\d.]+ active, \d+ self-tests passed\n", said), said
    assert not re.search("validat|certif(?!icate ends)|complian", gateway.log() + said, re.IGNORECASE)
    assert "attention" not in said


@needs_module
def test_tokens_and_learners_made_in_the_module_are_good_outside_of_it(gateway_in, module):
    gateway = gateway_in(module).start()
    token = gateway.token("agency/staff")
    made = gateway.client(token, "gcc-high").create()
    gateway.stop()
    gateway.write_settings('profiles:\n  gcc-high: {fips: off, fips_off_reason: "a test"}\n')

    gateway.start()

    assert gateway.client(token, "gcc-high").found(made["userName"])[0]["id"] == made["id"]


@needs_module
@pytest.mark.parametrize("offer, elsewhere", [
    (("-tls1_3", "-groups", "X25519"), True),
    # The certificate is on P-256: of no use to a client of TLS 1.2 that does not have it.
    (("-tls1_2", "-groups", "X25519"), False),
    (("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"), True),
    (("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"), True)], ids=str)
def test_x25519_and_chacha20_are_refused_in_the_module_and_taken_beside_it(gateway_in, module, offer, elsewhere):
    gateway = gateway_in(module).start()

    assert not shakes_hands(gateway, "gcc-high", *offer)
    assert shakes_hands(gateway, "commercial", *offer) == elsewhere


@needs_module
@pytest.mark.parametrize("offer, taken", [
    (("-tls1_3", "-groups", "P-256"), True), (("-tls1_3", "-groups", "P-384"), True),
    (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"), True),
    (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"), True),
    (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384"), False),
    (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"), False), (("-tls1_3", "-groups", "P-521"), False),
    (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), False)], ids=str)
def test_suites_and_groups_in_the_module_are_those_of_the_profile(gateway_in, module, offer, taken):
    gateway = gateway_in(module).start()

    assert shakes_hands(gateway, "gcc-high", *offer) == taken


@needs_module
def test_fips_check_tells_provider_version_self_tests_and_what_runs_in_it(gateway_in, module):
    gateway = gateway_in(module)

    said = gateway.done("fips-check").stdout

    assert re.search(r"provider    OpenSSL FIPS Provider 3\.[\d.]+ active\n", said), said
    assert re.search(r"KAT_Cipher +AES_GCM +passed", said) and "FAILED" not in said
    for algorithm in ("SHA2-256", "HMAC", "AES-256-GCM", "random bytes", "ECDSA"):
        assert re.search(rf"{algorithm} .* fips\n", said), f"{algorithm} in {said}"
    assert "absent      MD5, ChaCha20-Poly1305" in said
    assert re.search(r"TLSv1\.3 with P-256 +TLS_AES_256_GCM_SHA384", said)
    assert re.search(r"TLSv1\.3 with X25519 only +refused", said)
    assert "PROBLEM" not in said and said.rstrip().endswith("is for the operator to attest.")
    report = json.loads(gateway.done("fips-check", "-o", "json").stdout)
    assert [check["profile"] for check in report] == ["gcc-high"] and report[0]["problems"] == []
    assert json.loads(gateway.done("fips-check", "--module", module, "-o", "json").stdout)[0]["version"].startswith("3.")


@needs_module
def test_profiles_show_tells_the_module_as_enforced(gateway_in, module):
    said = gateway_in(module).done("profiles", "show", "gcc-high").stdout

    assert re.search(r"^FIPS +enforced +FIPS provider 3\.[\d.]+ active, \d+ self-tests passed$", said, re.MULTILINE), said
    assert re.search(r"^Validation of the module +attested by the operator", said, re.MULTILINE)
    assert "NOT MET" not in said


# -- not as it should be -----------------------------------------------------------------
@needs_module
def test_one_flipped_bit_keeps_the_profile_shut_while_the_commercial_one_serves(gateway_in, module):
    gateway = gateway_in(module)
    flip(module)
    gateway.start()

    assert gateway.client().create()["id"]
    assert not gateway.listens("gcc-high")
    said = [line for line in gateway.log().splitlines() if "gcc-high is not served" in line]
    assert len(said) == 1 and "gateway.yaml:" in said[0] and "self-test failed: Module_Integrity" in said[0], said
    status = gateway.done("status").stdout
    assert "profile     gcc-high  not served" in status and "attention   profile gcc-high is not served" in status
    check = gateway.cli("fips-check")
    assert check.returncode == 3 and "PROBLEM" in check.stdout and "Module_Integrity" in check.stdout
    shown = gateway.done("profiles", "show", "gcc-high").stdout
    assert re.search(r"^FIPS +not met .*Module_Integrity", shown, re.MULTILINE), shown


@needs_module
def test_a_gateway_of_nothing_else_does_not_start(gateway_in, module):
    flip(module)

    status, said = gateway_in(module, profiles=("gcc-high",)).refuses_to_start()

    assert status == 78 and "profile gcc-high is not served" in said and "self-test failed" in said, said
    assert "no profile is left to serve" in said


@needs_module
def test_without_the_digest_of_the_module_its_profile_stays_shut(gateway_in, module):
    text = module.read_text()
    module.write_text("".join(line for line in text.splitlines(True) if not line.startswith("module-mac")))

    gateway = gateway_in(module).start()

    assert gateway.client().status() == 200 and not gateway.listens("gcc-high")
    assert "gcc-high is not served" in gateway.log()


def test_a_module_that_is_not_there_keeps_its_profile_shut(gateway_in, tmp_path):
    gateway = gateway_in(tmp_path / "nowhere.cnf").start()

    assert gateway.client().status() == 200 and not gateway.listens("gcc-high")
    assert "its file cannot be read" in gateway.log()


def test_an_order_for_a_tenant_of_a_profile_that_is_shut_tells_why(gateway_in, tmp_path):
    result = gateway_in(tmp_path / "nowhere.cnf").cli("token", "create", "agency/staff")

    assert result.returncode == 2 and result.stdout == ""
    assert "profile gcc-high is not served" in result.stderr and "its file cannot be read" in result.stderr


@needs_module
def test_a_preference_serves_without_its_module_and_says_so(make_gateway, module):
    flip(module)
    gateway = make_gateway(settings=f"profiles:\n  commercial: {{fips: preferred, fips_config: '{module}'}}\n").start()

    assert gateway.client().status() == 200
    assert "OpenSSL's ordinary algorithms serve instead" in gateway.log()
    assert "attention   profile commercial" in gateway.done("status").stdout
