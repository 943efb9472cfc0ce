"""The command about files: config check."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from kit import *

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


def test_values_from_files_and_variables_serve(make_gateway, monkeypatch):
    monkeypatch.setenv("CUSTOMER", "hunter2 Ltd")
    gateway = make_gateway(tenants={"acme": ACME.replace("display_name: Acme", "display_name: ${env:CUSTOMER}")},
                           settings="log: {level: '${file:level}'}\n")
    (gateway.folder / "level").write_text("debug\n")

    gateway.start()

    assert gateway.client().status() == 200


def test_a_literal_token_is_in_no_form_of_a_check(make_gateway):
    text = tenant("globex").replace("attributes: learner}", "attributes: learner, tokens: [{id: %s, digest: %s}]}" % (
        LEAKED[4:12], LEAKED))
    gateway = make_gateway(tenants={"globex": text})

    for form in ("text", "github", "json"):
        result = gateway.cli("config", "check", "-o", form)
        assert result.returncode == 78 and "8fJr" not in result.stdout + result.stderr, result
