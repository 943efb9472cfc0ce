"""scim-gateway connect and token: "+ Connect a group", from outside."""

import hashlib
import re

import pytest

from kit import *


def rows(gateway, *arguments) -> dict:
    """token list as {id: its line}."""
    lines = gateway.done("token", "list", *arguments).stdout.splitlines()
    return {line.split()[0]: line for line in lines[1:] if line.strip()}


def public_id(token: str) -> str:
    return token.split("_")[1]


@pytest.mark.parametrize("runs", [True, False], ids=["running", "offline"])
def test_connect_prints_the_token_alone_and_the_rest_beside_it(make_gateway, runs):
    gateway = make_gateway()
    if runs:
        gateway.start()

    result = gateway.done("connect", "acme", "branch", "--name", "Entra app of the branch")

    assert re.fullmatch(TOKEN + r"\n", result.stdout), "expected the token alone on stdout"
    assert gateway.url() in result.stderr, f"expected the Tenant URL on stderr, got {result.stderr!r}"
    assert result.stdout.strip() not in result.stderr, "expected the token on stdout only"


@pytest.mark.parametrize("runs", [True, False], ids=["running", "offline"])
def test_a_new_connection_fills_its_group(make_gateway, runs):
    gateway = make_gateway()
    if runs:
        gateway.start()

    token = gateway.done("connect", "acme", "branch").stdout.strip()
    if not runs:
        gateway.start()

    assert groups_of(gateway.client(token).create()) == ["Branch"]


def test_a_connection_is_named_after_its_group_and_numbered_when_that_is_taken(gateway):
    named = [gateway.done("connect", "acme", *more).stdout.strip()
             for more in (["branch"], ["branch"], ["branch"], ["head-office"], ["branch", "--id", "the-app"])]

    listed = rows(gateway, "acme")
    for token, name in zip(named, ["branch", "branch-2", "branch-3", "head-office-2", "the-app"]):
        line = listed[public_id(token)]
        assert name in line.split(), f"expected connection {name}, got {line!r}"


@pytest.mark.parametrize("arguments", [
    ["acme", "no-such-group"], ["no-such-tenant", "branch"], ["acme", "branch", "--id", "head-office"],
    ["acme", "branch", "--id", "Not A Name"], ["acme", "branch", "--dialect", "none"],
    ["acme", "branch", "--attributes", "none"], ["acme", "branch", "--expires", "0d"]],
    ids=["group", "tenant", "taken name", "bad name", "dialect", "attributes", "no life"])
def test_an_order_that_makes_no_sense_is_refused_and_makes_nothing(gateway, arguments):
    before = rows(gateway)

    result = gateway.cli("connect", *arguments)

    assert result.returncode != 0 and result.stdout == "", f"expected a refusal, got {result}"
    assert result.stderr.strip(), "expected words about why"
    assert rows(gateway) == before


def test_a_third_active_token_is_refused_until_one_is_revoked(gateway):
    first, second = gateway.token(), gateway.token()

    assert gateway.cli("token", "create", "acme/head-office").returncode == 2
    gateway.done("token", "revoke", public_id(first))
    third = gateway.token()

    assert [gateway.client(t).status() for t in (first, second, third)] == [401, 200, 200]


def test_a_revoked_token_ends_at_once_on_an_open_connection(gateway):
    token = gateway.token()
    client = gateway.client(token)
    assert client.status() == 200

    gateway.done("token", "revoke", public_id(token))

    assert client.status() == 401
    assert "revoked" in rows(gateway, "acme")[public_id(token)]


def test_a_token_that_was_revoked_offline_stays_revoked(make_gateway):
    gateway = make_gateway()
    kept, token = gateway.token(), gateway.token()
    gateway.done("token", "revoke", public_id(token))

    gateway.start()

    assert [gateway.client(t).status() for t in (kept, token)] == [200, 401]


def declaring(token: str, more: str = "") -> dict:
    """acme, whose file declares the token."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    declared = f'tokens: [{{id: {public_id(token)}, digest: "sha256:{digest}"{more}}}]'
    return {"acme": ACME.replace("attributes: learner}", "attributes: learner, " + declared + "}")}


def test_a_token_of_the_file_is_listed_and_can_only_be_revoked_there(make_gateway):
    token = make_gateway().token()
    gateway = make_gateway(tenants=declaring(token)).start()

    assert gateway.client(token).status() == 200
    assert public_id(token) in rows(gateway)
    refusal = gateway.cli("token", "revoke", public_id(token))
    assert refusal.returncode == 2 and "acme" in refusal.stderr, f"expected to be told where it is declared, got {refusal}"
    assert gateway.client(token).status() == 200


@pytest.mark.parametrize("more, state", [(", expires: 2024-02-29", "ended"), (", revoked: true", "revoked")])
def test_a_token_that_ended_is_refused_as_any_other(make_gateway, more, state):
    token = make_gateway().token()
    gateway = make_gateway(tenants=declaring(token, more)).start()

    refused, missing = gateway.client(token).get("/Users"), gateway.nobody().get("/Users")
    assert (refused.status_code, refused.content) == (401, missing.content)
    assert state in rows(gateway)[public_id(token)]


def test_no_file_and_no_log_holds_a_token(gateway):
    token = gateway.done("connect", "acme", "branch").stdout.strip()
    gateway.client(token).create()
    gateway.stop()

    secret = token.split("_")[2].encode()
    holders = [path for path in gateway.folder.rglob("*") if path.is_file() and secret in path.read_bytes()]

    assert holders == []


def test_the_list_shows_no_secret(gateway):
    token = gateway.token()

    listing = gateway.done("token", "list").stdout

    assert public_id(token) in listing and token.split("_")[2] not in listing


def test_what_would_be_done_is_told_and_nothing_is_changed(gateway):
    token = gateway.token()
    before = gateway.done("token", "list", "-o", "json").stdout, gateway.done("connection", "list", "-o", "json").stdout

    told = [gateway.done(*words, "--dry-run").stdout for words in (
        ("connect", "acme", "branch"), ("token", "create", "acme/head-office"), ("token", "rotate", "acme/head-office"),
        ("token", "revoke", token[4:12]))]

    assert re.fullmatch(r"A token for acme/branch \(group Branch\) would be made, to end \d{4}-\d\d-\d\d\.\n", told[0])
    assert told[1].startswith("A token for acme/head-office ") and told[2].endswith(f", in place of {token[4:12]}.\n")
    assert told[3] == f"Token {token[4:12]} would end at once.\n"
    assert (gateway.done("token", "list", "-o", "json").stdout, gateway.done("connection", "list", "-o", "json").stdout) == before
    assert gateway.cli("connect", "acme", "nowhere", "--dry-run").returncode == 2
    assert gateway.client(token).status() == 200
