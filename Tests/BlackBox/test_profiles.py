"""What each cloud demands, and what comes of it: profiles list, profiles show."""

import json
import os
import re
import subprocess

import pytest

from kit import *

NAMES = ["commercial", "gcc", "gcc-high", "dod", "china"]
STATES = {"enforced", "attested by the operator", "not met"}


def test_the_list_has_all_five_with_counts_and_shouts_what_is_loosened(make_gateway):
    gateway = make_gateway(
        profiles=("commercial", "gcc-high"),
        settings='profiles:\n  gcc-high: {fips: off, fips_off_reason: "a reason of this test"}\n')

    said = gateway.done("profiles", "list").stdout.splitlines()

    assert [line.split()[0] for line in said[1:6]] == NAMES
    assert f"127.0.0.1:{gateway.ports['gcc-high']}" in said[3] and said[4].split()[1] == "-"
    assert re.fullmatch(r"gcc-high: NOT MET: FIPS \(.*gateway\.yaml:\d+: a reason of this test\)", said[6]), said
    reports = json.loads(gateway.done("profiles", "list", "-o", "json").stdout)
    assert [report["profile"] for report in reports] == NAMES
    for line, report in zip(said[1:6], reports):
        states = [demand["state"] for demand in report["demands"]]
        assert [int(count) for count in line.split()[2:]] == [
            states.count(state) for state in ("enforced", "attested by the operator", "not met")]


@pytest.mark.parametrize("profile", NAMES)
def test_every_demand_is_shown_with_its_state(make_gateway, profile):
    gateway = make_gateway()

    said = gateway.done("profiles", "show", profile).stdout
    report = json.loads(gateway.done("profiles", "show", profile, "-o", "json").stdout)

    assert len(report["demands"]) >= 14 and {demand["state"] for demand in report["demands"]} == STATES
    for demand in report["demands"]:
        line = rf"^{re.escape(demand['name'])} +{demand['state']} +{re.escape(demand['reason'])}$"
        assert re.search(line, said, re.MULTILINE), f"expected a line {line} in {said}"
        assert f"\n  {demand['demanded']}\n" in said + "\n"


def test_a_loosened_demand_is_shouted_first(make_gateway):
    gateway = make_gateway(
        profiles=("gcc-high",), settings='profiles:\n  gcc-high: {fips: off, fips_off_reason: "a reason of this test"}\n')

    said = gateway.done("profiles", "show", "gcc-high").stdout

    assert re.match(r"NOT MET: FIPS \(.*gateway\.yaml:\d+: a reason of this test\)\n", said), said
    assert re.search(r"^FIPS +not met +NOT MET: FIPS", said, re.MULTILINE)


def test_a_running_gateway_is_not_in_the_way(gateway):
    assert "TLS 1.2 suites" in gateway.done("profiles", "show", "commercial").stdout


def test_without_a_settings_file_it_is_told_what_is_built_in(make_gateway):
    gateway = make_gateway()
    gateway.config.unlink()

    result = gateway.done("profiles", "show", "dod")

    assert "this is what is built in" in result.stderr
    assert re.search(r"^FIPS +not met .*fips_config", result.stdout, re.MULTILINE), result.stdout


def test_a_wrong_settings_file_is_told_and_not_passed_over(make_gateway):
    gateway = make_gateway(settings="profiles:\n  gcc-high: {fips: off}\n")

    result = gateway.cli("profiles", "show", "gcc-high")

    assert result.returncode == 78 and result.stdout == "" and re.search(r"gateway\.yaml:\d+:\d+", result.stderr)


def test_an_unknown_profile_is_refused_with_the_names_of_the_known(make_gateway):
    result = make_gateway().cli("profiles", "show", "gcc_high")

    assert result.returncode == 64 and "gcc-high" in result.stderr


def test_fips_check_has_nothing_to_check_where_nothing_is_demanded(make_gateway):
    assert "no profile" in make_gateway().done("fips-check").stdout


def test_fips_check_without_a_settings_file_says_so(make_gateway):
    gateway = make_gateway()
    gateway.config.unlink()

    result = gateway.cli("fips-check")

    assert result.returncode == 78 and str(gateway.config) in result.stderr
    assert subprocess.run([os.environ["GATEWAY_BINARY"], "fips-check", "--module", gateway.config],
                          capture_output=True, timeout=60).returncode == 3
