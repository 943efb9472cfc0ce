"""A tenant moves or leaves: scim-gateway tenant export, import and purge."""

import contextlib
import json
import os
import pty
import subprocess

import pytest

from kit import *

FULL = ACME + "  - {id: directory, dialect: generic, attributes: full}\n"


@pytest.fixture
def peopled(make_gateway):
    """A running gateway with learners of two connections, a client's group with members, and a deleted learner."""
    gateway = make_gateway(tenants={"acme": FULL, "other": tenant("other")}).start()
    made = gateway.done("connect", "acme", "branch", "--id", "branch").stdout.strip()
    head, branch = gateway.client(), gateway.client(made)
    directory = gateway.client(gateway.token("acme/directory"))
    boss = head.create(learner(userName="boss@example.com", externalId="B-1"))
    staff = [branch.create(learner(userName=f"s{n}@example.com", externalId=f"S-{n}", **{
        ENTERPRISE: {"department": "Ærø", "manager": {"value": "boss@example.com"}}})) for n in range(30)]
    head.change(boss["id"], active=False)
    directory.create(learner(userName="wide", emails=[{"value": "w@example.com", "type": "work"}], title="Dr"))
    expect(directory.request("POST", "/Groups", {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Guides",
        "members": [{"value": boss["id"]}, {"value": staff[3]["id"]}]}), 201)
    head.request("DELETE", f"/Users/{staff[7]['id']}")
    (gateway.folder / "unmanaged.csv").write_text("userName\nfree@example.com\n")
    gateway.done("user", "import", "acme", gateway.folder / "unmanaged.csv", "--group", "branch")
    return gateway


def exported(gateway, name="acme") -> str:
    return gateway.done("tenant", "export", name).stdout


def archive(gateway, text: str):
    file = gateway.folder / "archive.jsonl"
    file.write_text(text)
    return file


def users(client) -> dict:
    page = expect(client.get("/Users", params={"count": "200"}), 200)
    return {user["id"]: user for user in page["Resources"]}


@pytest.mark.parametrize("runs", [True, False], ids=["running", "offline"])
def test_a_tenant_moves_to_another_gateway_as_it_is(make_gateway, peopled, runs):
    text, there = exported(peopled), make_gateway(tenants={"acme": FULL})
    if runs:
        there.start()
    file = archive(there, text)

    dry = there.done("tenant", "import", "acme", file, "--dry-run")
    assert "connection branch would be made" in dry.stderr and there.done("user", "list", "acme", "-o", "name").stdout == ""
    done = there.done("tenant", "import", "acme", file)
    assert "connection branch is made; it has no token yet" in done.stderr
    again = exported(there)

    assert again == text, "expected the same bytes"
    assert "sgw_" not in text and "digest" not in text
    if not runs:
        there.start()
    before = users(peopled.client(peopled.token("acme/branch")))
    after = users(there.client(there.token("acme/branch")))
    for user in (*before.values(), *after.values()):
        user["meta"].pop("location")
    there_text, here_text = (json.dumps(page, sort_keys=True).replace(str(port), "PORT")
                             for page, port in ((after, there.ports["commercial"]), (before, peopled.ports["commercial"])))
    assert there_text == here_text, "expected ids, versions, groups, managers and externalIds to be the same"
    row = json.loads(there.done("user", "list", "acme", "-o", "json", "--filter", 'userName eq "s3@example.com"').stdout)
    assert row["managedBy"] == "branch"
    deleted = json.loads(there.done("user", "list", "acme", "--deleted", "-o", "json").stdout)
    assert deleted["userName"] == "s7@example.com"
    assert "restored" in there.done("user", "restore", "acme", deleted["id"]).stderr


def test_an_export_stands_back_behind_the_gateway(make_gateway):
    gateway = make_gateway().start()
    people = gateway.folder / "people.csv"
    people.write_text("userName\n" + "".join(f"p{n}@example.com\n" for n in range(2_000)))
    gateway.done("user", "import", "acme", people, "--group", "head-office")

    export = gateway.spawn("tenant", "export", "acme")   # More than its pipe takes: it waits for a reader.

    try:
        eventually(lambda: os.SCHED_BATCH in policies(export.pid), "a thread of the export that runs as a batch")
        assert len(export.communicate()[0].splitlines()) > 2_000
    finally:
        export.kill()


def policies(pid: int) -> set:
    """How the kernel schedules the threads of a process."""
    found = set()
    for thread in os.listdir(f"/proc/{pid}/task"):
        with contextlib.suppress(ProcessLookupError):
            found.add(os.sched_getscheduler(int(thread)))
    return found


def test_an_archive_goes_only_where_it_fits(make_gateway, peopled):
    text = exported(peopled)
    agency = make_gateway(tenants={"acme": FULL.replace("commercial", "gcc-high")}, profiles=("gcc-high",))
    narrow = make_gateway(tenants={"acme": tenant("acme")})

    for gateway, word in [(agency, "profile 'commercial'"), (narrow, "head-office"), (peopled, "not empty")]:
        result = gateway.cli("tenant", "import", "acme", archive(gateway, text))
        assert result.returncode == 2 and word in result.stderr, f"{word}: {result.returncode} {result.stderr}"
    assert exported(peopled) == text


@pytest.mark.parametrize("damage", ["cut", "half a line", "another format", "newer", "a line more", "bad value"])
def test_a_damaged_archive_stores_nothing(make_gateway, peopled, damage):
    lines = exported(peopled).splitlines()
    number = {"cut": len(lines) - 1, "half a line": 9, "another format": 1, "newer": 1, "a line more": len(lines) + 1, "bad value": 6}[damage]
    if damage == "cut":
        lines = lines[:-1]
    elif damage == "half a line":
        lines = lines[:8] + [lines[8][:20]]
    elif damage == "another format":
        lines[0] = "{}"
    elif damage == "newer":
        lines[0] = lines[0].replace('"version":1', '"version":2')
    elif damage == "a line more":
        lines.append(lines[-2])
    else:
        at = next(n for n, line in enumerate(lines) if "boss@example.com" in line and '"userName":"boss' in line)
        lines[at], number = lines[at].replace('"userName":"boss@example.com"', '"userName":"no address"'), at + 1
    there = make_gateway(tenants={"acme": FULL})

    result = there.cli("tenant", "import", "acme", archive(there, "\n".join(lines) + "\n"))

    assert result.returncode == 1 and f"archive.jsonl:{number}:" in result.stderr, result.stderr
    assert "no address" not in result.stderr and there.done("user", "list", "acme", "-o", "name").stdout == ""


def test_an_import_that_was_cut_off_is_gone_on_with(make_gateway, peopled):
    text, there = exported(peopled), make_gateway(tenants={"acme": FULL}).start()
    lines = text.splitlines()
    part = lines[:20] + [json.dumps({"kind": "end", "lines": 21}, separators=(",", ":"))]
    there.done("tenant", "import", "acme", archive(there, "\n".join(part) + "\n"))

    refused = there.cli("tenant", "import", "acme", archive(there, text))
    there.done("tenant", "import", "acme", archive(there, text), "--resume")

    assert refused.returncode == 2 and "--resume" in refused.stderr
    assert exported(there) == text


def test_a_tenant_is_purged_only_when_its_file_is_gone(peopled):
    store = peopled.data / "commercial" / "tenants" / "acme.sqlite"
    declared = peopled.cli("tenant", "purge", "acme", "--confirm", "acme")
    assert declared.returncode == 2 and "acme.yaml" in declared.stderr and "reload" in declared.stderr
    (peopled.folder / "tenants" / "acme.yaml").unlink()
    served = peopled.cli("tenant", "purge", "acme", "--confirm", "acme")
    if served.returncode != 2:
        raise AssertionError(f"expected a tenant that is served to be refused: {served.stderr}")
    assert store.exists()
    peopled.cli("reload")

    dry = peopled.done("tenant", "purge", "acme", "--dry-run")
    assert f"would go: {store}" in dry.stderr and "connection acme/branch" in dry.stderr and store.exists()
    for arguments in [(), ("--confirm", "other")]:
        silent = peopled.cli("tenant", "purge", "acme", *arguments)
        assert silent.returncode == 1 and store.exists(), f"{arguments}: {silent.stderr}"
    done = peopled.done("tenant", "purge", "acme", "--confirm", "acme")

    assert f"gone for good: {store}" in done.stderr and "gone for good: connection acme/branch" in done.stderr
    assert [path for path in store.parent.iterdir() if path.name.startswith("acme")] == []
    assert peopled.client(peopled.token("other/staff")).status() == 200
    assert peopled.cli("tenant", "purge", "acme", "--confirm", "acme").returncode == 2, "expected nothing to be left"
    assert "acme" not in peopled.done("token", "list").stdout
    peopled.write_tenant("acme", FULL)
    peopled.cli("reload")
    assert peopled.client(peopled.token("acme/head-office")).status() == 200
    assert peopled.done("user", "list", "acme", "-o", "name").stdout == "", "expected a new, empty store"


@pytest.mark.parametrize("answer", ["acme", "Acme"])
def test_on_a_terminal_the_name_is_asked_for(make_gateway, answer):
    gateway = make_gateway()
    gateway.done("user", "list", "acme")
    (gateway.folder / "tenants" / "acme.yaml").unlink()
    gateway.write_tenant("other", tenant("other"))
    store = gateway.data / "commercial" / "tenants" / "acme.sqlite"
    assert store.exists()
    ours, theirs = pty.openpty()
    process = subprocess.Popen([os.environ["GATEWAY_BINARY"], "tenant", "purge", "acme", "-c", gateway.config],
                               stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())

    status = process.wait(SECONDS)

    os.close(ours)
    assert (status, store.exists()) == ((0, False) if answer == "acme" else (1, True))
