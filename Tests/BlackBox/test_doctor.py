"""What a gateway hangs on, looked at: doctor, with the gateway running and not."""

import json
import os
import re

import pytest

from kit import *


def looked(gateway, *more, ca=None):
    return gateway.cli("doctor", "--ca", ca or os.environ["SCIM_CA"], *more)


def report(gateway, *more, **options) -> tuple:
    result = looked(gateway, "-o", "json", *more, **options)
    return result.returncode, json.loads(result.stdout)


def states(found: list, area: str) -> list:
    return [one["state"] for one in found if one["area"] == area]


def test_a_good_gateway_has_nothing_bad(gateway):
    result = looked(gateway)

    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^ ✓ dns +127\.0\.0\.1 → ", result.stdout, re.M)
    assert re.search(r"^ ✓ chain +sent by https://127\.0\.0\.1:\d+: 1 of it, complete, .*EC 256, ends in \d+ days$", result.stdout, re.M)
    assert re.search(r"^ ✓ tls +commercial: TLSv1\.2 TLSv1\.3, 6 suites, as the profile says$", result.stdout, re.M)
    assert re.search(r"^ ✓ store +1 of 1 opened", result.stdout, re.M)
    assert re.search(r"^\d+ looked at: 0 bad, \d+ to be looked after$", result.stdout.splitlines()[-1])


def test_each_area_is_looked_at_once_for_each_listener(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, "gov": tenant("gov", "gcc-high")},
                           profiles=("commercial", "gcc-high"),
                           certificates={"gcc-high": rsa()}).start()

    status, found = report(gateway)
    _, of_gov = report(gateway, "--tenant", "gov")

    assert status == 0, found
    assert states(found, "tls") == ["good", "good"] and len(states(found, "chain")) == 2
    assert [one["what"] for one in of_gov if one["area"] == "tls"] == [
        "gcc-high: TLSv1.2 TLSv1.3, 4 suites, as the profile says"]
    assert {"clock", "disk", "rights", "memory", "descriptors", "store", "networks"} <= {one["area"] for one in found}


def test_a_stopped_gateway_is_looked_at_by_its_files(gateway):
    gateway.stop()

    status, found = report(gateway)

    assert status == 0, found
    assert "server.pem" in [one["what"] for one in found if one["area"] == "chain"][0]
    assert [one["what"] for one in found if one["area"] == "tls"] == [
        "commercial: TLSv1.2 TLSv1.3, 6 suites in memory, as the profile says"]
    assert states(found, "network") == ["attention"] and states(found, "store") == ["good"]
    assert "was not tried" in [one["what"] for one in found if one["area"] == "network"][0]


def test_a_stopped_gateway_whose_key_is_another_is_found(gateway, tmp_path):
    gateway.stop()
    _, _, key = chain(tmp_path)
    gateway.certificate = (gateway.certificate[0], key)
    gateway.write_settings()

    status, found = report(gateway)

    said, = [one for one in found if one["area"] == "tls"]
    assert status == 3 and said["state"] == "bad" and "key does not belong to the certificate" in said["what"], found


def test_each_listener_of_a_stopped_gateway_is_tried_against_its_own_profile(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, "gov": tenant("gov", "gcc-high")},
                           profiles=("commercial", "gcc-high"),
                           certificates={"gcc-high": rsa()})

    status, found = report(gateway)

    assert status == 0, found
    assert [one["what"] for one in found if one["area"] == "tls"] == [
        "commercial: TLSv1.2 TLSv1.3, 6 suites in memory, as the profile says",
        "gcc-high: TLSv1.2 TLSv1.3, 4 suites in memory, as the profile says"]


def test_a_demanded_module_that_is_not_there_is_found_though_nothing_runs(make_gateway):
    gateway = make_gateway(tenants={"gov": tenant("gov", "gcc-high")}, profiles=("gcc-high",),
                           settings="profiles: {gcc-high: {fips: required}}\n")

    status, found = report(gateway)

    said, = [one for one in found if one["area"] == "tls"]
    assert status == 3 and said["state"] == "bad" and "fips_config" in said["fix"], found


def test_an_incomplete_chain_is_found(make_gateway, tmp_path):
    root, leaf, key = chain(tmp_path)
    gateway = make_gateway(certificate=(leaf, key)).start()

    result = looked(gateway, ca=root)

    assert result.returncode == 3 and "the chain is not complete: 'CN=Test intermediate'" in result.stdout, result.stdout
    assert re.search(r"fix: put the issuers' certificates below", result.stdout)
    whole = tmp_path / "whole.pem"
    whole.write_text(leaf.read_text() + (tmp_path / "intermediate.pem").read_text())
    found = report(make_gateway(certificate=(whole, key)).start(), ca=root)[1]
    assert states(found, "chain") == ["good"], found


def test_a_certificate_that_ends_soon_is_to_be_looked_after(make_gateway, pair):
    until = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 5 * 86_400 + 3_600))
    certificate, key = pair("soon", until=until)
    gateway = make_gateway(certificate=(certificate, key), hosts={"commercial": ["localhost"]}).start()

    status, found = report(gateway, ca=certificate)

    assert status == 0 and states(found, "chain") == ["attention"]
    assert [one["what"] for one in found if one["area"] == "chain"][0].endswith("ends in 5 days")


@pytest.mark.parametrize("mode,is_open", [(0o600, False), (0o640, False), (0o644, True), (0o604, True)])
def test_a_key_that_everybody_may_read_is_found(make_gateway, tmp_path, mode, is_open):
    tls = Path(os.environ["SCIM_CA"]).parent
    key = tmp_path / "server.key"
    shutil.copy(tls / "server.key", key)
    gateway = make_gateway(certificate=(tls / "server.pem", key)).start()
    key.chmod(mode)

    status, found = report(gateway)

    assert (status == 3) == is_open, found
    assert states(found, "rights") == (["bad"] if is_open else ["good"])
    if is_open:
        assert [one["fix"] for one in found if one["area"] == "rights"] == [f"chmod 0640 {key}"]


def test_a_data_folder_that_everybody_may_enter_is_found(gateway):
    (gateway.data / "commercial").chmod(0o755)

    status, found = report(gateway)

    assert status == 3 and states(found, "rights") == ["bad"]


def test_a_name_without_an_address_is_found(make_gateway):
    gateway = make_gateway(hosts={"commercial": ["scim.invalid", "127.0.0.1"]}).start()

    status, found = report(gateway)

    assert status == 3 and states(found, "dns") == ["bad"] and states(found, "tls") == ["good"]
    port = gateway.ports["commercial"]
    _, resolved = report(gateway, "--resolve", f"scim.invalid:{port}:127.0.0.1")
    assert states(resolved, "dns") == ["good"]
    assert "not for scim.invalid" in [one["what"] for one in resolved if one["area"] == "chain"][0]


def test_a_damaged_store_is_found(gateway):
    gateway.client().create()
    gateway.stop()
    store = next((gateway.data / "commercial" / "tenants").glob("acme.sqlite"))
    store.write_bytes(b"SQLite format 3\0" + b"x" * (store.stat().st_size - 16))

    status, found = report(gateway)

    assert status == 3 and "bad" in states(found, "store"), found


def test_an_unknown_tenant_is_refused(gateway):
    assert looked(gateway, "--tenant", "none").returncode == 2


def test_an_address_in_place_of_dns_has_three_parts(gateway):
    assert gateway.cli("doctor", "--resolve", "localhost:443").returncode == 64


# -- certificates ----------------------------------------------------------------

def rsa() -> tuple:
    tls = Path(os.environ["SCIM_CA"]).parent
    return tls / "server-rsa.pem", tls / "server-rsa.key"


def chain(folder: Path) -> tuple:
    """A root, an intermediate, and a certificate of 127.0.0.1 by the intermediate alone: root, leaf, key."""
    authority = "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign\n"
    server = "subjectAltName = IP:127.0.0.1, DNS:localhost\nextendedKeyUsage = serverAuth\n"
    issuer = None
    for name, title, extensions in (
            ("root", "Test root", authority), ("intermediate", "Test intermediate", authority), ("leaf", "localhost", server)):
        (folder / f"{name}.cnf").write_text(extensions)
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={title}",
                "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr")
        by = ["-signkey", folder / "root.key"] if issuer is None else [
            "-CA", folder / f"{issuer}.pem", "-CAkey", folder / f"{issuer}.key", "-CAcreateserial"]
        openssl("x509", "-req", "-in", folder / f"{name}.csr", *by, "-days", "90", "-sha256",
                "-extfile", folder / f"{name}.cnf", "-out", folder / f"{name}.pem")
        issuer = name
    return folder / "root.pem", folder / "leaf.pem", folder / "leaf.key"
