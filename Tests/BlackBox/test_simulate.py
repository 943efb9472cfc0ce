"""Many learners provisioned as Entra would: simulate."""

import json
import os
import re
import signal

import pytest

from kit import *


def simulated(gateway, *more):
    return gateway.cli("simulate", "acme/head-office", "--ca", os.environ["SCIM_CA"], *more)


@pytest.fixture
def client(gateway):
    return gateway.client()


def count(client) -> int:
    return expect(client.get("/Users", params={"count": 0}), 200)["totalResults"]


def test_fifty_learners_are_provisioned_changed_and_removed(gateway, client):
    result = simulated(gateway, "--learners", 50, "--remove", "-o", "json")

    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert {row["kind"]: row["count"] for row in report["requests"]} == {
        "filter": 50, "create": 50, "change": 50, "disable": 5, "delete": 50}
    assert report["refused"] == {} and report["learners"] == 50
    for row in report["requests"]:
        assert 0 <= row["p50"] <= row["p95"] <= row["p99"] <= row["most"]
    assert count(client) == 0


def test_learners_stay_unless_told_and_a_later_run_finds_them(gateway, client):
    assert simulated(gateway, "--learners", 20).returncode == 0
    assert count(client) == 20
    off = expect(client.get("/Users", params={"filter": "active eq false"}), 200)["totalResults"]

    again = simulated(gateway, "--learners", 25, "-o", "json", "--concurrency", 1)

    assert off == 2 and count(client) == 25
    kinds = {row["kind"]: row["count"] for row in json.loads(again.stdout)["requests"]}
    assert kinds["filter"] == 25 and kinds["create"] == 5, "those who are there are found, not made again"
    assert simulated(gateway, "--learners", 0, "--remove").returncode == 0
    assert count(client) == 0


def test_it_keeps_out_of_a_tenant_with_people_in_it_unless_told(gateway, client):
    kept = client.create()

    refused = simulated(gateway, "--learners", 5, "--remove")

    assert refused.returncode == 2 and "1 learner who is not synthetic" in refused.stderr and "--yes" in refused.stderr
    assert count(client) == 1
    assert simulated(gateway, "--learners", 5, "--remove", "--yes").returncode == 0
    assert count(client) == 1 and client.get(f"/Users/{kept['id']}").status_code == 200


def test_a_dry_run_changes_nothing(gateway, client):
    result = simulated(gateway, "--learners", 5, "--dry-run")

    assert result.returncode == 0 and "5 would be provisioned" in result.stderr and count(client) == 0


def test_a_rate_is_kept(gateway):
    start = time.monotonic()

    assert simulated(gateway, "--learners", 10, "--rate", 20).returncode == 0

    assert time.monotonic() - start > 1.4, "31 requests at 20 a second"


def test_what_is_refused_is_counted(gateway, client):
    gateway.write_tenant("acme", ACME + "status: paused\n")
    gateway.done("reload")

    result = simulated(gateway, "--learners", 3)

    assert result.returncode == 2 and "503" in result.stderr and "status: active" in result.stderr


def test_the_summary_is_a_table_for_people(gateway):
    said = simulated(gateway, "--learners", 10, "--remove").stdout.splitlines()

    assert said[0].split() == ["REQUEST", "COUNT", "P50", "MS", "P95", "P99", "MAX"]
    assert re.fullmatch(r"41 requests for 10 learners in [\d.]+ s, \d+ a second", said[-1]), said


@pytest.mark.parametrize("wrong", [
    ["--learners", "100001"], ["--learners", "-1"], ["--learners", "0"], ["--learners", "1", "--concurrency", "0"],
    ["--learners", "1", "--concurrency", "65"], ["--learners", "1", "--rate", "0"], []])
def test_limits_are_told_before_anything_is_done(gateway, wrong):
    assert simulated(gateway, *wrong).returncode == 64


def test_an_interrupted_run_says_how_to_clean_up(gateway, client):
    run = gateway.spawn("simulate", "acme/head-office", "--ca", os.environ["SCIM_CA"], "--learners", "2000", "--rate", "50")
    eventually(lambda: count(client) > 3, "some learners")
    run.send_signal(signal.SIGINT)

    assert run.wait(SECONDS) == 1 and count(client) < 2000
    assert simulated(gateway, "--learners", 0, "--remove").returncode == 0
    assert count(client) == 0
