"""The commands about files: config check, show, diff, schema, init, and explain."""

import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from kit import *

ROOT = Path(__file__).resolve().parents[2]
LEAKED = "sgw_k7Qm2x4B_8fJr" + "0" * 39 + "Zt3wQe"


def run(*arguments, env=None, **more) -> subprocess.CompletedProcess:
    return subprocess.run(
        [os.environ["GATEWAY_BINARY"], *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=60, env={**os.environ, "SWIFT_BACKTRACE": "enable=no", **(env or {})}, **more)


# -- check ------------------------------------------------------------------------------
def test_good_files_are_checked_without_a_gateway(make_gateway):
    result = make_gateway().done("config", "check")

    assert re.search(r"2 files, 0 errors, \d warnings?\n$", result.stdout), result.stdout


def test_each_form_of_a_check_tells_the_same_place_and_ends_with_78(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME + "nonsense: 1\n", "globex": tenant("globex").replace("group: staff", "group: stuff")})

    text, github, told = (gateway.cli("config", "check", "-o", form) for form in ("text", "github", "json"))

    assert [result.returncode for result in (text, github, told)] == [78, 78, 78]
    acme = gateway.folder / "tenants" / "acme.yaml"
    assert f"{acme}:10:1: error: unknown key 'nonsense'\n 10 | nonsense: 1\n    | ^^^^^^^^\n  fix: " in text.stdout
    assert f"::error file={acme},line=10,col=1,endColumn=9::unknown key 'nonsense'%0Afix: " in github.stdout
    report = json.loads(told.stdout)
    assert report["files"] == 3 and report["errors"] == 2
    found = [finding for finding in report["findings"] if finding["file"] == str(acme)]
    assert [(one["line"], one["column"], one["severity"]) for one in found] == [(10, 1, "error")]


def test_files_that_are_named_are_checked_alone(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, "globex": tenant("globex") + "nonsense: 1\n"})

    good = gateway.cli("config", "check", gateway.folder / "tenants" / "acme.yaml")
    bad = gateway.cli("config", "check", gateway.folder / "tenants")

    assert (good.returncode, good.stdout) == (0, "1 file, 0 errors, 0 warnings\n")
    assert bad.returncode == 78 and bad.stdout.endswith("2 files, 1 error, 0 warnings\n"), bad.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
@pytest.mark.parametrize("which", ["certificate", "key", "tenant"])
def test_what_may_not_be_read_is_told_with_who_may_not_and_whose_it_is(make_gateway, pair, which):
    gateway = make_gateway(certificate=pair("mine"))
    files = {"certificate": gateway.certificate[0], "key": gateway.certificate[1],
             "tenant": gateway.folder / "tenants" / "acme.yaml"}
    gateway.folder.chmod(0o755)
    for folder in (files[which], *files[which].parents):
        if folder.is_dir() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for name in ("certificate", "key"):
        files[name].chmod(0o644)
    files[which].chmod(0o600)

    result = run("config", "check", "-c", gateway.config, user=65534, group=65534, extra_groups=[])

    said = rf"{files[which]}: (error: )?permission denied for uid 65534 \(nobody\); it is root:root 0600\n"
    assert result.returncode == 78 and re.search(said, result.stdout), f"expected {said} in {result.stdout}{result.stderr}"
    assert "fix: chgrp nogroup and chmod 0640" in result.stdout


# -- values that are elsewhere ------------------------------------------------------------
def test_the_environment_goes_before_the_file_for_the_running_gateway(make_gateway, monkeypatch):
    monkeypatch.setenv("SCIMGW_LIMITS__BODY", "64KiB")
    gateway = make_gateway().start()

    answer = gateway.client().request("POST", "/Users", learner(title="x" * 70_000))

    assert answer.status_code == 413, answer.text


def test_values_from_files_and_variables_serve_and_are_never_shown(make_gateway, monkeypatch):
    monkeypatch.setenv("CUSTOMER", "hunter2 Ltd")
    gateway = make_gateway(tenants={"acme": ACME.replace("display_name: Acme", "display_name: ${env:CUSTOMER}")},
                           settings="log: {level: '${file:level}'}\n")
    (gateway.folder / "level").write_text("debug\n")

    gateway.start()

    assert gateway.client().status() == 200
    shown = gateway.done("config", "show", "--effective").stdout
    assert re.search(r"^log\.level +«set»$", shown, re.MULTILINE), shown
    assert re.search(r"^log\.level +\$\{file:level\}$", gateway.done("config", "show").stdout, re.MULTILINE)


def test_a_literal_token_is_in_no_form_of_a_check(make_gateway):
    text = tenant("globex").replace("attributes: learner}", "attributes: learner, tokens: [{id: %s, digest: %s}]}" % (
        LEAKED[4:12], LEAKED))
    gateway = make_gateway(tenants={"globex": text})

    for form in ("text", "github", "json"):
        result = gateway.cli("config", "check", "-o", form)
        assert result.returncode == 78 and "8fJr" not in result.stdout + result.stderr, result


# -- show -----------------------------------------------------------------------------
def test_show_tells_values_defaults_and_origins(make_gateway, monkeypatch):
    monkeypatch.setenv("SCIMGW_LIMITS__BURST", "7")
    gateway = make_gateway(settings="limits: {body: 512KiB}\n")

    plain = gateway.done("config", "show").stdout
    rows = json.loads(gateway.done("config", "show", "--effective", "--origin", "-o", "json").stdout)

    assert re.search(r"^limits\.body +512KiB$", plain, re.MULTILINE) and "queue_time" not in plain
    origins = {row["key"]: (row["value"], row["origin"]) for row in rows}
    assert origins["limits.burst"] == ("7", "SCIMGW_LIMITS__BURST")
    assert origins["limits.queue_time"] == ("2s", "default")
    assert re.fullmatch(r".*gateway\.yaml:\d+", origins["limits.body"][1]) and origins["limits.body"][0] == "512KiB"
    assert origins["listeners[0].profile"][0] == "commercial"


def test_show_refuses_a_file_that_cannot_be_used(make_gateway):
    result = make_gateway(settings="sorage: {}\n").cli("config", "show")

    assert (result.returncode, result.stdout) == (78, "") and "did you mean 'storage'?" in result.stderr


# -- explain, schema ------------------------------------------------------------------------
def test_explain_tells_a_key_and_guesses_a_mistyped_one():
    told, wrong, everything = run("explain", "limits.body"), run("explain", "limits.bdoy"), run("explain")

    assert told.returncode == 0 and "  default   1MiB\n" in told.stdout and "needs a restart" in told.stdout
    assert (wrong.returncode, wrong.stdout) == (64, "") and "did you mean 'limits.body'?" in wrong.stderr
    assert everything.stdout.count("\n") > 50 and "connections.allow_from" in everything.stdout


class YAML12(yaml.SafeLoader):
    """Words as YAML 1.2 reads them, as editors do: off is a word, 2027-11-23 is one, too."""


YAML12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
YAML12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), "tf")
YAML12.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), "-+0123456789")


def reading(text: str):
    return yaml.load(text, YAML12)


@pytest.fixture(scope="module")
def schemas() -> dict:
    made = {}
    for kind in ("gateway", "tenant"):
        schema = json.loads(run("config", "schema", kind).stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        made[kind] = jsonschema.Draft7Validator(schema)
    return made


def examples() -> list:
    shipped = [("tenant", path) for path in sorted((ROOT / "tenants").glob("*.yaml"))]
    samples = ROOT / "Tests" / "TenancyTests" / "Samples" / "good"
    return shipped + [("gateway", samples / "gateway.yaml"), ("tenant", samples / "tenants" / "contoso.yaml")]


@pytest.mark.parametrize("kind, path", examples(), ids=lambda value: getattr(value, "name", value))
def test_the_schema_takes_what_ships(schemas, kind, path):
    schemas[kind].validate(reading(path.read_text()))


@pytest.mark.parametrize("kind, wrong", [
    ("tenant", "version: 2"), ("tenant", "displayname: x"), ("tenant", "profile: gcc_high"), ("tenant", "status: true"),
    ("tenant", "deleted_retention: 30"), ("tenant", "groups: [{display_name: x}]"), ("tenant", "groups: {id: x}"),
    ("tenant", "connections: [{id: c, tokens: [{id: k7Qm2x4B, digest: sgw_k7Qm2x4B_x}]}]"),
    ("tenant", "limits: {requests_per_second: 24}"), ("tenant", "connections: [{id: c, allow_from: [everybody]}]"),
    ("gateway", "limits: {body: 1MB}"), ("gateway", "listeners: []\nsorage: {}"), ("gateway", "log: {level: louder}"),
    ("gateway", "profiles: {gcc_high: {}}"), ("gateway", "metrics: {address: 9464}"), ("gateway", "tenants: {watch: 'on'}")])
def test_the_schema_and_the_gateway_refuse_the_same(schemas, make_gateway, kind, wrong):
    gateway = make_gateway()
    path = gateway.config if kind == "gateway" else gateway.folder / "tenants" / "acme.yaml"
    good = reading(path.read_text())
    schemas[kind].validate(good)

    path.write_text(yaml.safe_dump({**good, **reading(wrong)}, sort_keys=False))

    assert list(schemas[kind].iter_errors(reading(path.read_text()))), "expected the schema to refuse it"
    assert gateway.cli("config", "check").returncode == 78, "expected the gateway to refuse it"


@pytest.mark.parametrize("kind, right", [
    ("tenant", "display_name: ${env:NAME}"), ("tenant", "status: paused"), ("tenant", "display_name: 42"),
    ("gateway", "limits: {body: '${file:/run/body}'}"), ("gateway", "profiles: {gcc-high: {fips: 'off', fips_off_reason: x}}")])
def test_the_schema_takes_values_that_are_elsewhere(schemas, make_gateway, kind, right):
    gateway = make_gateway()
    path = gateway.config if kind == "gateway" else gateway.folder / "tenants" / "acme.yaml"

    schemas[kind].validate({**reading(path.read_text()), **reading(right)})


# -- init --------------------------------------------------------------------------------
def test_starter_files_pass_the_check_and_serve(tmp_path, schemas):
    made = run("config", "init", tmp_path / "new")
    checked = run("config", "check", "-c", tmp_path / "new" / "gateway.yaml")
    again = run("config", "init", tmp_path / "new")

    assert made.returncode == 0 and made.stdout.splitlines() == [
        f"{tmp_path}/new/{name}" for name in ("gateway.yaml", "tenants/contoso.yaml", "tls/scim.pem", "tls/scim.key")]
    assert checked.returncode == 0 and "certificate is signed by itself" in checked.stdout, checked.stdout
    assert checked.stdout.endswith("2 files, 0 errors, 1 warning\n"), checked.stdout
    assert again.returncode == 1 and "nothing is written" in again.stderr
    assert (tmp_path / "new" / "tls" / "scim.key").stat().st_mode & 0o777 == 0o600
    schemas["gateway"].validate(reading((tmp_path / "new" / "gateway.yaml").read_text()))
    schemas["tenant"].validate(reading((tmp_path / "new" / "tenants" / "contoso.yaml").read_text()))


# -- diff ---------------------------------------------------------------------------------
def test_diff_tells_nothing_when_nothing_is_different(gateway):
    result = gateway.done("config", "diff")

    assert result.stdout == "1 tenant unchanged\n"


def test_diff_tells_tenant_by_tenant_what_a_reload_would_change_and_changes_nothing(gateway):
    token = gateway.token()
    gateway.write_tenant("acme", ACME.replace("display_name: Acme\n", "display_name: Acme Two\n") + "status: paused\n")
    gateway.write_tenant("globex", tenant("globex"))
    gateway.write_settings("limits: {body: 512KiB}\n")

    result = gateway.done("config", "diff")
    plan = json.loads(gateway.done("config", "diff", "-o", "json").stdout)

    assert result.stdout == (
        "gateway.yaml\n  limits.body  1MiB → 512KiB  needs a restart\n"
        "acme changed\n  display_name  Acme → Acme Two\n  status  active → paused\n  its requests get 503\n"
        "globex added\n0 tenants unchanged\n")
    assert [(change["tenant"], change["change"]) for change in plan["tenants"]] == [("acme", "changed"), ("globex", "added")]
    assert gateway.client(token).status() == 200, "expected nothing to be changed"
    assert json.loads(gateway.done("status", "-o", "json").stdout)["generation"] == plan["generation"]


def test_diff_tells_what_a_reload_would_refuse(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, "globex": tenant("globex")}).start()
    gateway.client().create()
    gateway.write_tenant("acme", ACME.replace("  - {id: head-office, display_name: Head office}\n", "").replace(
        "group: head-office", "group: branch"))
    gateway.write_tenant("globex", tenant("globex") + "nonsense: 1\n")

    result = gateway.cli("config", "diff")

    assert result.returncode == 2 and "globex stays as it was: its file is refused\n" in result.stdout, result
    assert re.search(r"globex\.yaml:\d+:1: error: unknown key 'nonsense'", result.stderr), result.stderr
    assert "group 'head-office' is gone from the file but holds 1 learner;" in result.stderr, result.stderr


def test_diff_of_a_removed_tenant_tells_what_becomes_of_its_clients(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, "globex": tenant("globex")}).start()
    (gateway.folder / "tenants" / "globex.yaml").unlink()

    said = gateway.done("config", "diff").stdout

    assert "globex removed\n  its tokens get 401; its store stays" in said and said.endswith("1 tenant unchanged\n")


def test_diff_without_a_gateway_says_so(make_gateway):
    assert make_gateway().cli("config", "diff").returncode == 69
