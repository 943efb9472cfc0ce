"""Starting, reloading and stopping: what is wrong is said with its place, and stops nobody else."""

import json
import re
import subprocess

import pytest

from kit import *

GOOD = {"acme": ACME}


# -- certificates -------------------------------------------------------------------
def test_a_key_of_another_certificate_is_refused(make_gateway, pair):
    (certificate, _), (_, key) = pair("one"), pair("two")

    status, said = make_gateway(certificate=(certificate, key)).refuses_to_start()

    assert status == 78 and str(key) in said, f"expected status 78 and the key's name, got {status}: {said}"


@pytest.mark.parametrize("since, until, said", [
    ("20200101000000Z", "20210101000000Z", "2021-01-01"), ("20980101000000Z", "20991231000000Z", "2098-01-01")],
    ids=["expired", "not yet valid"])
def test_a_certificate_outside_its_time_is_refused(make_gateway, pair, since, until, said):
    certificate, key = pair("old", since, until)

    status, output = make_gateway(certificate=(certificate, key)).refuses_to_start()

    assert status == 78 and str(certificate) in output and said in output, f"got {status}: {output}"


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_a_missing_file_is_named(make_gateway, pair, missing):
    certificate, key = pair("there")
    nowhere = certificate.parent / "nowhere.pem"

    status, said = make_gateway(
        certificate=(nowhere, key) if missing == "certificate" else (certificate, nowhere)).refuses_to_start()

    assert status == 78 and str(nowhere) in said, f"got {status}: {said}"


def test_a_certificate_file_without_a_certificate_is_refused(make_gateway, pair):
    certificate, key = pair("broken")
    certificate.write_text("no certificate\n")

    status, said = make_gateway(certificate=(certificate, key)).refuses_to_start()

    assert status == 78 and str(certificate) in said, f"got {status}: {said}"


# -- FIPS ------------------------------------------------------------------------------
def test_gcc_high_without_fips_does_not_start_and_says_so_while_others_serve(make_gateway):
    gateway = make_gateway(profiles=("commercial", "gcc-high"), settings="profiles: {}\n").start()

    assert gateway.client().status() == 200
    assert not gateway.listens("gcc-high"), "expected the profile that demands FIPS not to be served"
    assert re.search(r"gcc-high.*FIPS|FIPS.*gcc-high", gateway.log()), f"expected to be told why, got {gateway.log()}"


def test_fips_that_is_off_is_shouted_with_its_reason(make_gateway):
    gateway = make_gateway(
        tenants={"agency": tenant("agency", "gcc-high")}, profiles=("gcc-high",),
        settings='profiles:\n  gcc-high: {fips: off, fips_off_reason: "a reason of this test"}\n').start()

    assert gateway.client(gateway.token("agency/staff"), "gcc-high").status() == 200
    said = [line for line in gateway.log().splitlines() if "NOT MET: FIPS" in line]
    assert said and "a reason of this test" in said[0] and "gateway.yaml:" in said[0], f"got {said}"


def test_fips_cannot_be_off_without_a_reason(make_gateway):
    gateway = make_gateway(profiles=("commercial", "gcc-high"), settings="profiles:\n  gcc-high: {fips: off}\n")

    status, said = gateway.refuses_to_start()

    assert status == 78 and re.search(r"gateway\.yaml:\d+:\d+", said), f"got {status}: {said}"


# -- files -----------------------------------------------------------------------------
@pytest.mark.parametrize("line, place", [
    ("displayname: Acme Two", ":3:1: error: "), ("tenant: globex", ":3:1: error: "), ("status: sleeping", ":3:9: error: "),
    ("\tstatus: active", ":3:")], ids=["unknown key", "duplicate key", "unknown choice", "tab"])
def test_a_bad_tenant_file_is_named_with_line_and_column_while_others_serve(make_gateway, line, place):
    bad = f"version: 1\ntenant: globex\n{line}\nprofile: commercial\n"
    gateway = make_gateway(tenants={**GOOD, "globex": bad}).start()

    assert "globex.yaml" + place in gateway.log(), f"expected globex.yaml{place}, got:\n{gateway.log()}"
    assert gateway.client().status() == 200


@pytest.mark.parametrize("name, text", [
    ("other-name", tenant("globex")), ("globex", tenant("globex").replace("group: staff", "group: nowhere")),
    ("globex", tenant("globex").replace(", group: staff", "")), ("globex", tenant("globex").replace("version: 1", "version: 2")),
    ("globex", tenant("globex") + "---\n" + tenant("globex")), ("globex", "")],
    ids=["name of the file", "unknown group", "learners without a group", "version", "two documents", "empty"])
def test_a_tenant_that_makes_no_sense_is_a_finding_while_others_serve(make_gateway, name, text):
    gateway = make_gateway(tenants={**GOOD, name: text}).start()

    assert re.search(rf"{name}\.yaml(:\d+:\d+)?: error: ", gateway.log()), f"got:\n{gateway.log()}"
    assert gateway.client().status() == 200
    assert gateway.cli("token", "create", "globex/staff").returncode == 2


def test_a_literal_token_in_a_file_is_refused_and_not_repeated(make_gateway):
    token = make_gateway().token()
    text = tenant("globex").replace(
        "attributes: learner}", "attributes: learner, tokens: [{id: %s, digest: %s}]}" % (token.split("_")[1], token))
    gateway = make_gateway(tenants={**GOOD, "globex": text}).start()

    assert "globex.yaml:" in gateway.log()
    assert token.split("_")[2] not in gateway.log(), "expected the token not to be in the log"


@pytest.mark.parametrize("line", ["sorage: {}", "version: 1", "log: {level: louder}", "limits: {requests_per_second: 24}"],
                         ids=["unknown key", "duplicate key", "unknown choice", "below what Entra needs"])
def test_bad_settings_refuse_the_start_with_line_and_column(make_gateway, line):
    status, said = make_gateway(settings=line + "\n").refuses_to_start()

    assert status == 78 and re.search(r"gateway\.yaml:\d+:\d+: error: ", said), f"got {status}: {said}"


def test_settings_that_are_not_there_are_named(make_gateway):
    gateway = make_gateway()
    gateway.config.unlink()

    status, said = gateway.refuses_to_start()

    assert status == 78 and str(gateway.config) in said, f"got {status}: {said}"


# -- reload -------------------------------------------------------------------------------
def test_sighup_ends_no_gateway_that_has_just_become_ready(make_gateway):
    gateway = make_gateway()
    for _ in range(20):
        gateway.start()
        gateway.reload()
        assert gateway.done("status"), "expected a gateway that reads its files again, and goes on"
        assert gateway.stop() == 0


def test_sighup_takes_a_new_tenant_in_and_a_removed_one_out(gateway):
    gateway.write_tenant("globex", tenant("globex"))
    gateway.reload()
    token = eventually(lambda: gateway.cli("token", "create", "globex/staff").stdout.strip(), "the new tenant")
    made = gateway.client(token).create()

    (gateway.folder / "tenants" / "globex.yaml").unlink()
    gateway.reload()
    eventually(lambda: gateway.client(token).status() == 401, "401 for a tenant without a file")

    gateway.write_tenant("globex", tenant("globex"))
    gateway.reload()
    eventually(lambda: gateway.client(token).status() == 200, "the tenant again")
    assert gateway.client(token).get(f"/Users/{made['id']}").status_code == 200, "expected the store to be kept"


def test_a_file_that_breaks_is_a_finding_and_the_tenant_serves_on(gateway):
    client = gateway.client()

    gateway.write_tenant("acme", ACME + "nonsense: 1\n")
    gateway.reload()

    found = eventually(lambda: gateway.events("config.refused"), "the finding in the log")[0]
    assert found["config.file"].endswith("acme.yaml") and found["config.column"] == 1 and found["config.line"] > 1, found
    assert client.status() == 200


def test_a_group_that_goes_while_it_holds_learners_is_a_finding_with_their_number(gateway):
    gateway.client().create()
    gateway.write_tenant("acme", ACME.replace("  - {id: head-office, display_name: Head office}\n", "").replace(
        "group: head-office", "group: branch"))

    result = gateway.cli("reload", "--wait")

    assert result.returncode == 2, result
    assert "group 'head-office' is gone from the file but holds 1 learner;" in result.stderr, result.stderr


@pytest.mark.parametrize("status, answer", [("paused", 503), ("disabled", 401)])
def test_a_tenant_is_paused_or_disabled_by_its_file(gateway, status, answer):
    client = gateway.client()

    gateway.write_tenant("acme", ACME + f"status: {status}\n")
    gateway.reload()
    eventually(lambda: client.status() == answer, f"{answer} for a tenant that is {status}")

    response = client.get("/Users")
    assert ("retry-after" in response.headers) == (status == "paused")
    gateway.write_tenant("acme", ACME)
    gateway.reload()
    eventually(lambda: client.status() == 200, "the tenant again")


# -- the process -----------------------------------------------------------------------------
def test_a_second_gateway_on_the_same_data_is_refused_and_told_who_holds_it(gateway):
    result = subprocess.run(
        [os.environ["GATEWAY_BINARY"], "serve", "-c", gateway.config], capture_output=True, text=True, timeout=SECONDS)

    assert result.returncode == 69 and str(gateway.process.pid) in result.stderr, f"got {result}"
    assert gateway.client().status() == 200


def test_sigterm_ends_it_well_and_it_starts_again_with_everything(gateway):
    token = gateway.token()
    made = gateway.client(token).create()

    assert gateway.stop() == 0
    gateway.start()

    assert gateway.client(token).found(made["userName"])[0] == made


def test_a_killed_gateway_starts_again_with_everything(gateway):
    token = gateway.token()
    made = gateway.client(token).create()

    gateway.kill()
    gateway.start()

    assert gateway.client(token).found(made["userName"])[0] == made


def test_each_log_line_off_a_terminal_is_json_and_each_request_has_one(gateway):
    client = gateway.client()
    ids = [client.get(path).headers["x-request-id"] for path in ("/Users", "/Nothing", "/Groups")]
    gateway.stop()

    lines = [json.loads(line) for line in gateway.log().splitlines() if line.startswith("{")]
    assert len(lines) == len(gateway.log().splitlines()), f"expected nothing but JSON:\n{gateway.log()}"
    assert all({"time", "level", "event", "message"} <= line.keys() for line in lines)
    assert [line["event"] for line in lines].count("serving") == 1
    for request_id in ids:
        assert [line.get("request_id") for line in lines].count(request_id) == 1


@pytest.mark.parametrize("arguments", [["serve", "--nonsense"], ["no-such-command"], ["connect"], ["token", "create", "acme"]])
def test_bad_usage_has_its_exit_status(make_gateway, arguments):
    result = subprocess.run([os.environ["GATEWAY_BINARY"], *arguments], capture_output=True, text=True, timeout=SECONDS)

    assert (result.returncode, result.stdout) == (64, ""), f"got {result}"


def test_status_tells_what_runs_and_what_is_wrong(gateway):
    gateway.write_tenant("globex", "version: 1\n")
    gateway.reload()

    def status() -> dict:
        return json.loads(gateway.done("status", "-o", "json").stdout)

    found = eventually(lambda: [told for told in [status()] if told["findings"]], "the finding in status")[0]
    assert found["pid"] == gateway.process.pid and found["version"]
    assert [listener["profile"] for listener in found["listeners"]] == ["commercial"]
    assert "globex.yaml" in found["findings"][0]


def test_status_without_a_gateway_says_so(make_gateway):
    assert make_gateway().cli("status").returncode == 69


def test_the_version_names_the_libraries(make_gateway):
    result = subprocess.run([os.environ["GATEWAY_BINARY"], "version"], capture_output=True, text=True, timeout=SECONDS)

    assert result.returncode == 0 and "scim-gateway" in result.stdout and "OpenSSL" in result.stdout, f"got {result}"
