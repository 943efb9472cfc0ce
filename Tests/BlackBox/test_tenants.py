"""Tenants by command: list, show, add, pause, resume, disable, guide; the forms of a result; who may use the admin socket."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from kit import *

COMMENTED = ACME.replace("profile: commercial", "profile: commercial   # since 2024\nstatus: active   # signed 2026-11-01")


def told(gateway, *arguments):
    return json.loads(gateway.done(*arguments, "-o", "json").stdout)


def file_of(gateway, tenant: str = "acme") -> Path:
    return gateway.folder / "tenants" / f"{tenant}.yaml"


# -- list, show ---------------------------------------------------------------------------
@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
def test_a_list_tells_learners_by_how_many_are_active(gateway, running):
    client = gateway.client()
    ids = [client.create()["id"] for _ in range(3)]
    expect(client.change(ids[0], active=False), 200)
    if not running:
        gateway.stop()

    row, = told(gateway, "tenant", "list")
    line = gateway.done("tenant", "list").stdout.splitlines()[1]

    assert (row["tenant"], row["status"], row["users"], row["activeUsers"]) == ("acme", "active", 3, 2)
    assert re.fullmatch(r"acme +commercial +active +1 +3 \(2\) +\d+ s ago +-", line), line


def test_counting_makes_no_store_and_can_be_left_out(make_gateway):
    gateway = make_gateway(tenants={name: tenant(name) for name in ("acme", "globex", "initech")})

    rows = told(gateway, "tenant", "list")

    assert [row["users"] for row in rows] == [0, 0, 0]
    assert list((gateway.data / "commercial" / "tenants").glob("*.sqlite")) == []
    assert all("users" not in row for row in told(gateway, "tenant", "list", "--no-users"))


def test_a_long_list_comes_in_pages_and_all_names_at_once(make_gateway):
    names = [f"t{number:02}" for number in range(12)]
    gateway = make_gateway(tenants={name: tenant(name) for name in names}).start()

    page = gateway.done("tenant", "list", "-n", 5)
    rest = told(gateway, "tenant", "list", "-n", 1000, "--after", "t04")

    assert page.stderr == "5 of 12 tenants; the next: --after t04\n" and page.stdout.count("\n") == 6
    assert [row["tenant"] for row in rest] == names[5:]
    assert gateway.done("tenant", "list", "-o", "name").stdout.splitlines() == names
    assert gateway.cli("tenant", "list", "-n", 1001).returncode == 64


def test_a_tenant_is_shown_with_groups_connections_and_address(gateway):
    shown = gateway.done("tenant", "show", "acme").stdout

    for line in (r"profile +commercial", r"Tenant URL +https://127\.0\.0\.1:\d+/scim/v2", r"group +branch \(Branch\)",
                 r"portal +https://entra\.microsoft\.com", r"connection +head-office → head-office, entra, 0 active tokens, .*"):
        assert re.search(rf"^{line}$", shown, re.MULTILINE), f"expected {line} in\n{shown}"


# -- add ------------------------------------------------------------------------------------
def test_an_added_tenant_is_checked_served_and_connected(gateway):
    added = gateway.done("tenant", "add", "globex", "--display-name", "Globex's \"Ltd\"", "--group", "all-staff")

    assert added.stdout == f"{file_of(gateway, 'globex')}\n"
    assert yaml.safe_load(file_of(gateway, "globex").read_text())["display_name"] == "Globex's \"Ltd\""
    gateway.done("config", "check")
    gateway.done("reload")
    eventually(lambda: gateway.cli("tenant", "show", "globex").returncode == 0, "globex is served")
    token = gateway.done("connect", "globex", "all-staff").stdout.strip()
    assert gateway.client(token).status() == 200


def test_no_file_is_overwritten_and_a_dry_run_writes_none(gateway):
    before = file_of(gateway).read_text()

    again, dry = gateway.cli("tenant", "add", "acme"), gateway.done("tenant", "add", "globex", "--dry-run")

    assert again.returncode == 1 and again.stderr == f"error: {file_of(gateway)} is there already; nothing is written\n"
    assert file_of(gateway).read_text() == before
    assert "tenant: globex\n" in dry.stdout and not file_of(gateway, "globex").exists()


@pytest.mark.parametrize("arguments, code, words", [
    (("Globex",), 64, "is no name"), (("../globex",), 64, "is no name"), (("globex", "--profile", "dod"), 78, "globex.yaml:"),
    (("globex", "--group", "All staff"), 78, "globex.yaml:")])
def test_what_would_be_refused_is_not_written(gateway, arguments, code, words):
    result = gateway.cli("tenant", "add", *arguments)

    assert (result.returncode, result.stdout) == (code, "") and words in result.stderr, result.stderr
    assert [path.name for path in (gateway.folder / "tenants").iterdir()] == ["acme.yaml"]


def on_a_terminal(gateway, *arguments, **environment) -> tuple:
    """Runs a command at a terminal of its own; its status, and all that the terminal showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(environment)
        os.execv(os.environ["GATEWAY_BINARY"], [os.environ["GATEWAY_BINARY"], *arguments, "-c", str(gateway.config)])
    shown = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_an_editor_opens_on_a_terminal_only_and_its_text_is_checked(gateway, tmp_path):
    editor, ran = tmp_path / "editor", tmp_path / "ran"
    editor.write_text(f"#!/bin/sh\ntouch {ran}\nsed -i 's/^status: .*/status: paused/' \"$1\"\n")
    editor.chmod(0o755)

    code, shown = on_a_terminal(gateway, "tenant", "add", "globex", EDITOR=str(editor), VISUAL="")
    assert code == 0 and "status: paused" in file_of(gateway, "globex").read_text(), shown
    ran.unlink()
    code, shown = on_a_terminal(gateway, "tenant", "add", "initech", "--no-input", EDITOR=str(editor), VISUAL="")
    assert code == 0 and not ran.exists() and "status: active" in file_of(gateway, "initech").read_text(), shown
    subprocess.run([os.environ["GATEWAY_BINARY"], "tenant", "add", "umbrella", "-c", gateway.config], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, "EDITOR": str(editor)})
    assert not ran.exists()


# -- pause, resume, disable --------------------------------------------------------------------
def test_a_status_is_changed_in_its_place_and_all_else_stays(make_gateway):
    gateway = make_gateway(tenants={"acme": COMMENTED}).start()
    client, mode = gateway.client(), file_of(gateway).stat().st_mode

    for command, word, status in (("pause", "paused", 503), ("disable", "disabled", 401), ("resume", "active", 200)):
        result = gateway.done("tenant", command, "acme")
        assert result.stdout == f"{file_of(gateway)}:5: status: {word}   # signed 2026-11-01\n"
        assert file_of(gateway).read_text() == COMMENTED.replace("status: active", f"status: {word}")
        gateway.done("reload")
        eventually(lambda: client.status() == status, f"{status} after {command}")
    assert file_of(gateway).stat().st_mode == mode


def test_a_dry_run_shows_the_change_and_makes_none(gateway):
    result = gateway.done("tenant", "pause", "acme", "--dry-run")

    assert result.stdout == f"--- {file_of(gateway)}\n+++ {file_of(gateway)}\n@@ -5 +5 @@\n+status: paused\n"
    assert file_of(gateway).read_text() == ACME


def test_without_a_gateway_it_holds_from_the_next_start(make_gateway):
    gateway = make_gateway()
    token = gateway.token()

    result = gateway.done("tenant", "pause", "acme")

    assert "it holds from the next start" in result.stderr
    assert gateway.start().client(token).status() == 503


@pytest.mark.parametrize("text, code, words", [
    (ACME.replace("profile: commercial", "profile: ${env:CLOUD}\nnonsense: 1"), 78, "unknown key 'nonsense'"),
    (ACME + "\tx: 1\n", 1, "cannot be read"), (ACME + "status: ${env:STATUS}\n", 1, "${env:STATUS}: change it there")])
def test_a_file_that_cannot_be_changed_well_stays_as_it_is(make_gateway, text, code, words):
    gateway = make_gateway(tenants={"acme": text})

    result = gateway.cli("tenant", "pause", "acme")

    assert (result.returncode, result.stdout) == (code, "") and words in result.stderr, result.stderr
    assert file_of(gateway).read_text() == text


def test_a_mistyped_tenant_is_guessed(gateway):
    for arguments in (("pause", "acem"), ("show", "acem"), ("guide", "acem/head-office"), ("guide", "acme/head-ofice")):
        result = gateway.cli("tenant", *arguments)
        meant = "head-office" if arguments[1].startswith("acme") else "acme"
        assert result.returncode == 2 and result.stderr.endswith(f"did you mean '{meant}'?\n"), result.stderr


# -- guide ----------------------------------------------------------------------------------------
def test_a_guide_has_the_values_of_its_connection_and_no_token(gateway):
    token = gateway.token()

    text, page = (gateway.done("tenant", "guide", "acme/head-office", "-o", form).stdout for form in ("md", "html"))

    for guide in (text, page):
        assert gateway.url() in guide and "https://entra.microsoft.com" in guide and "Head office" in guide
        assert token not in guide and token[4:12] not in guide
    assert text.startswith("# Connect Microsoft Entra ID: Acme, Head office\n") and page.startswith("<!DOCTYPE html>")


def test_another_clients_connection_has_no_guide(gateway):
    gateway.done("connect", "acme", "branch", "--dialect", "okta")

    result = gateway.cli("tenant", "guide", "acme/branch")

    assert (result.returncode, result.stdout) == (1, "") and "speaks okta" in result.stderr


# -- forms of a result, streams, colours -----------------------------------------------------------
def test_every_form_says_the_same(gateway):
    gateway.token()
    for what in (("tenant", "list"), ("connection", "list"), ("token", "list"), ("networks", "list"), ("profiles", "list"),
                 ("status",), ("version",), ("config", "show")):
        shared = ("--no-users",) if what == ("tenant", "list") else ()
        as_json, as_yaml, names, table, wide = (
            (gateway.done if what != ("version",) else lambda *all: subprocess.run(
                [os.environ["GATEWAY_BINARY"], *all], capture_output=True, text=True, check=True))(*what, *shared, "-o", form).stdout
            for form in ("json", "yaml", "name", "table", "wide"))
        value = json.loads(as_json)
        if what != ("status",):  # which counts seconds
            assert yaml.load(as_yaml, yaml.BaseLoader) == json.loads(
                json.dumps(value), parse_int=str, parse_float=str, parse_constant=str,
                object_hook=lambda pairs: {key: plain(item) for key, item in pairs.items()}), what
        if isinstance(value, list):
            assert len(names.splitlines()) == len(value), what
        assert table and wide and names


def plain(value):
    return str(value).lower() if isinstance(value, bool) else value


def test_quiet_leaves_results_and_errors_and_verbose_tells_the_way(gateway):
    quiet, loud = gateway.done("token", "create", "acme/head-office", "-q"), gateway.done("tenant", "list", "-v")

    assert re.fullmatch(TOKEN + "\n", quiet.stdout) and quiet.stderr == ""
    assert "through the gateway that runs" in loud.stderr
    assert gateway.cli("token", "revoke", "nothing1", "-q").stderr.startswith("error: ")
    assert gateway.cli("tenant", "list", "-q", "-v").returncode == 64


def test_colours_are_for_terminals_that_want_them(gateway):
    wanted = {"TERM": "xterm", "NO_COLOR": ""}

    assert "\x1b[1mTENANT" in on_a_terminal(gateway, "tenant", "list", **wanted)[1]
    assert "\x1b" not in on_a_terminal(gateway, "tenant", "list", "--no-color", **wanted)[1]
    assert "\x1b" not in on_a_terminal(gateway, "tenant", "list", **wanted | {"NO_COLOR": "1"})[1]
    assert "\x1b" not in on_a_terminal(gateway, "tenant", "list", **wanted | {"TERM": "dumb"})[1]
    assert "\x1b" not in gateway.done("tenant", "list").stdout


def test_health_is_an_exit_code(gateway):
    well, silent = gateway.done("health"), gateway.done("health", "--quiet")
    gateway.stop()
    gone, gone_silent = gateway.cli("health"), gateway.cli("health", "--quiet")

    assert (well.stdout, silent.stdout, silent.stderr) == ("ok\n", "", "")
    assert gone.returncode == 69 and gone.stderr.startswith("error: no gateway runs")
    assert (gone_silent.returncode, gone_silent.stdout, gone_silent.stderr) == (69, "", "")


def test_explain_tells_what_holds(make_gateway):
    gateway = make_gateway(settings="limits: {body: 512KiB}\n")

    now = re.search(r"^  now +limits\.body: 512KiB  \((.*)\)$", gateway.done("explain", "limits.body").stdout, re.MULTILINE)

    assert now and re.fullmatch(r".*gateway\.yaml:\d+", now[1])


# -- the admin socket ------------------------------------------------------------------------------
def socket_of(gateway) -> Path:
    found = [path for path in gateway.folder.rglob("*") if path.is_socket()]
    assert len(found) == 1, found
    return found[0]


def test_the_socket_is_its_owners_alone(gateway):
    assert socket_of(gateway).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
@pytest.mark.parametrize("mode", [0o600, 0o666], ids=["closed", "opened by mistake"])
def test_another_user_is_refused_by_the_file_and_by_the_gateway_itself(gateway, mode):
    path = socket_of(gateway)
    path.chmod(mode)
    for folder in path.parents:
        if folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    gateway.config.chmod(0o644)

    def as_user(user: int):
        return subprocess.run(
            ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", os.environ["GATEWAY_BINARY"], "tenant",
             "list", "--no-users", "-c", gateway.config, "--socket", path], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=60)

    refused, root = as_user(65534), as_user(0)

    assert (refused.returncode, refused.stdout) == (77, ""), refused
    assert refused.stderr.startswith(f"error: the admin socket {path} is not for uid 65534")
    assert root.returncode == 0 and "acme" in root.stdout


def test_a_second_gateway_and_its_files_are_refused(gateway):
    second = gateway.spawn("serve")

    assert second.wait(SECONDS) == 69
    assert gateway.client().status() == 200
