"""Learners as an operator works with them: scim-gateway user list, show, import, export, move, restore, purge."""

import csv
import io
import json

import pytest

from kit import *

COLUMNS = "userName,givenName,familyName,department\r\n"


@pytest.fixture(params=["running", "offline"])
def desk(make_gateway, request):
    """A gateway whose orders go through its admin socket, or to its files while it does not run."""
    gateway = make_gateway()
    return gateway.start() if request.param == "running" else gateway


def imported(gateway, text: str, *more, name="people.csv"):
    file = gateway.folder / name
    file.write_text(text, newline="")
    return gateway.cli("user", "import", "acme", file, "--group", "branch", *more)


def listed(gateway, *more) -> list:
    result = gateway.done("user", "list", "acme", "-o", "json", *more)
    return [json.loads(line) for line in result.stdout.splitlines()]


def told(result) -> list:
    """What was said, without how far the work had come."""
    return [line for line in result.stderr.splitlines() if not line.startswith(("checking  ", "importing  "))]


def thousand() -> str:
    """1,000 lines, three of them bad: no address, one who stands there twice, an active that is neither."""
    rows = [f"user{n}@example.com,Given{n},Family{n},Sales" for n in range(1000)]
    rows[10], rows[20] = "no address,A,B,C", "USER5@example.com,Twice,Here,Sales"
    rows[30] = "user30@example.com,Given,Family," + "x" * 1025
    return COLUMNS + "\r\n".join(rows) + "\r\n"


def test_a_thousand_lines_with_three_bad_ones(desk):
    dry = imported(desk, thousand(), "--dry-run")
    assert dry.returncode == 1 and "997 learners would be imported, 3 lines refused" in dry.stderr, dry.stderr
    assert listed(desk) == [], "expected a dry run to make nobody"

    real = imported(desk, thousand())
    assert real.returncode == 1 and "997 learners imported, 3 lines refused" in real.stderr, real.stderr
    for result in (dry, real):
        refused = [line for line in result.stderr.splitlines() if ": refused: " in line]
        assert [line.split(": refused: ")[0].rsplit(":", 1)[1] for line in refused] == ["12", "22", "32"]
        assert [line.split(": refused: ")[1].split(":")[0] for line in refused] == ["userName", "userName", "department"]
        assert "line 7" in refused[1] and "no address" not in result.stderr and "xxx" not in result.stderr

    again = imported(desk, thousand())
    assert again.returncode == 1 and "0 learners imported, 3 lines refused. 997 are there already." in again.stderr
    rows = listed(desk)
    assert len(rows) == 997 and all(row["groups"] == ["Branch"] and "managedBy" not in row for row in rows)
    assert told(imported(desk, thousand(), "--dry-run")) == [
        line.replace("imported,", "would be imported,") for line in told(again)]


def test_a_learner_with_other_values_is_refused_and_stays(desk):
    assert imported(desk, "userName,givenName\na@example.com,Ada\n").returncode == 0

    result = imported(desk, "userName,givenName\nA@example.com,Grace\na2@example.com,New\n")

    assert result.returncode == 1 and ":2: refused: userName:" in result.stderr
    assert [row["givenName"] for row in listed(desk)] == ["Ada", "New"]


def test_a_file_that_breaks_off_imports_nobody(desk):
    text = COLUMNS + "".join(f"user{n}@example.com,,,\n" for n in range(700)) + '"open'

    result = imported(desk, text)

    assert result.returncode == 1 and ":702: a quoted field is not closed; nobody was imported" in result.stderr
    assert listed(desk) == []


def test_names_of_tenants_groups_and_forms_that_are_not_there(desk):
    file = desk.folder / "people.csv"
    file.write_text("userName\na@example.com\n")
    for arguments, status, word in [
        (("nobody", file, "--group", "branch"), 2, "acme"), (("acme", file, "--group", "nowhere"), 2, "branch"),
        (("acme", desk.folder / "missing.csv", "--group", "branch"), 1, "missing.csv"),
        (("acme", desk.config, "--group", "branch"), 1, "--form"), (("acme", file), 64, "group"),
    ]:
        result = desk.cli("user", "import", *arguments)
        assert result.returncode == status and word in result.stderr, f"{arguments}: {result.returncode} {result.stderr}"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_exported_can_be_imported_elsewhere(make_gateway, form):
    here, there = make_gateway().start(), make_gateway()
    formulas = ["=1+1", "+49", "-2", "@SUM(A1)", "\tx", "\rx", "'=1", "'t Hooft", 'Q "quoted", comma', "zwei\nZeilen", "Ærø"]
    lines = [{"userName": f"u{n}@example.com", "name": {"givenName": given, "familyName": "F"},
              ENTERPRISE: {"department": given, "manager": {"value": "u0@example.com"}}}
             for n, given in enumerate(formulas)]
    assert imported(here, "".join(json.dumps(line) + "\n" for line in lines), name="people.jsonl").returncode == 0

    exported = here.done("user", "export", "acme", "--form", form)
    first = imported(there, exported.stdout, name=f"people.{form}")
    again = there.done("user", "export", "acme", "--form", form)

    assert first.returncode == 0, first.stderr
    if form == "csv":
        rows, others = (list(csv.DictReader(io.StringIO(text, newline=""))) for text in (exported.stdout, again.stdout))
        cells = [cell for row in rows for cell in row.values()]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell]
        own = ("id", "created", "lastModified")
    else:
        rows, others = ([json.loads(line) for line in text.splitlines()] for text in (exported.stdout, again.stdout))
        assert [row["name"]["givenName"] for row in rows] == formulas
        own = ("id", "meta", "groups", ENTERPRISE)
    kept = [{key: value for key, value in row.items() if key not in own} for row in rows]
    assert kept == [{key: value for key, value in row.items() if key not in own} for row in others]


def test_lists_are_narrowed_by_filter_group_owner_and_deletion(gateway):
    client = gateway.client()
    managed = client.create(learner(userName="managed@example.com"))
    gone = client.create(learner(userName="gone@example.com"))
    imported(gateway, "userName,active\nidle@example.com,false\nfree@example.com,\n")
    client.request("DELETE", f"/Users/{gone['id']}")

    for arguments, names in [
        ((), ["managed", "idle", "free"]), (("--unmanaged",), ["idle", "free"]), (("--group", "branch"), ["idle", "free"]),
        (("--connection", "head-office"), ["managed"]), (("--filter", "active eq false"), ["idle"]), (("--deleted",), ["gone"]),
        (("--unmanaged", "--filter", 'userName sw "fr"'), ["free"]), (("--group", "head-office", "--unmanaged"), []),
        (("-n", "2"), ["managed", "idle"]),
    ]:
        rows = listed(gateway, *arguments)
        assert [row["userName"].split("@")[0] for row in rows] == names, arguments
    assert listed(gateway)[0]["managedBy"] == "head-office"
    assert gateway.done("user", "list", "acme", "-o", "name", "--connection", "head-office").stdout == managed["id"] + "\n"
    table = gateway.done("user", "list", "acme").stdout.splitlines()
    assert table[0].startswith("ID") and len(table) == 4 and "nobody" in table[2]
    wrong = gateway.cli("user", "list", "acme", "--filter", "userName eq")
    assert wrong.returncode == 2 and "filter" in wrong.stderr.lower()


def test_show_tells_the_resource_and_who_manages_it(gateway):
    client, name = gateway.client(), f"Ada.{uid()}@example.com"
    created = client.create(learner(userName=name, externalId="X-1"))

    by_id = gateway.done("user", "show", "acme", created["id"]).stdout
    by_name = gateway.done("user", "show", "acme", name.lower()).stdout

    shown = json.loads(by_id)
    assert by_id == by_name and shown["managedBy"] == "head-office" and shown["externalIds"] == {"head-office": "X-1"}
    assert shown["resource"]["userName"] == name and shown["resource"]["meta"]["location"] == created["meta"]["location"]
    assert gateway.cli("user", "show", "acme", "nobody@example.com").returncode == 2


def test_a_group_is_emptied_before_it_leaves_the_file(desk):
    imported(desk, COLUMNS + "".join(f"u{n}@example.com,,,\n" for n in range(700)))

    table = desk.done("user", "list", "acme").stdout.splitlines()
    assert len(table) == 701 and [line.startswith("ID ") for line in table].count(True) == 1
    dry = desk.done("user", "move", "acme", "--from-group", "branch", "--to", "head-office", "--dry-run")
    assert "700 learners would be moved" in dry.stderr and len(listed(desk, "--group", "branch")) == 700
    desk.write_tenant("acme", ACME.replace("  - {id: branch, display_name: Branch}\n", ""))
    if desk.process is not None:
        assert "700 learners" in desk.cli("reload", "--wait").stderr
    moved = desk.done("user", "move", "acme", "--from-group", "branch", "--to", "head-office")

    assert "700 learners moved to head-office" in moved.stderr
    assert listed(desk, "--group", "branch") == [] and len(listed(desk, "--group", "head-office")) == 700
    ids = [row["id"] for row in listed(desk, "-n", "2")]
    missing = desk.cli("user", "move", "acme", *ids, uid(), "--to", "head-office")
    assert missing.returncode == 1 and "0 learners moved" in missing.stderr and "there is no such learner" in missing.stderr
    assert desk.cli("user", "move", "acme", *ids, "--to", "branch").returncode == 2, "expected a group that is gone to be refused"


def test_a_dry_run_of_a_move_counts_whom_the_move_then_moves(desk):
    imported(desk, COLUMNS + "ada@example.com,,,\n")
    move = "user", "move", "acme", "--filter", "userName pr", "--to", "head-office"

    said = [desk.done(*move, *more).stderr for more in (["--dry-run"], [], ["--dry-run"], [])]

    assert [line.splitlines()[-1] for line in said] == [
        "1 learner would be moved to head-office.", "1 learner moved to head-office.",
        "0 learners would be moved to head-office.", "0 learners moved to head-office."]


def test_a_deleted_learner_comes_back_or_goes_for_good(gateway):
    client = gateway.client()
    first, second = (client.create(learner(userName=f"{name}@example.com", externalId=name)) for name in ("one", "two"))
    for user in (first, second):
        assert client.request("DELETE", f"/Users/{user['id']}").status_code == 204
    taken = client.create(learner(userName="ONE@example.com"))

    refused = gateway.cli("user", "restore", "acme", first["id"], second["id"], "--dry-run")
    assert refused.returncode == 1 and taken["id"] in refused.stderr and client.found("two@example.com") == []
    restored = gateway.cli("user", "restore", "acme", first["id"], second["id"])
    assert restored.returncode == 1 and f"{second['id']}: restored" in restored.stderr and taken["id"] in restored.stderr

    back = client.found("two@example.com")[0]
    assert back["id"] == second["id"] and back["externalId"] == "two" and groups_of(back) == ["Head office"]
    assert gateway.cli("user", "purge", "acme", second["id"]).returncode == 1, "expected a living learner to be refused"
    assert gateway.cli("user", "purge", "acme", first["id"], "--dry-run").returncode == 0
    gateway.done("user", "purge", "acme", first["id"])
    assert gateway.cli("user", "restore", "acme", first["id"]).returncode == 1
    gateway.done("user", "purge", "acme", second["id"], "--living")
    assert client.found("two@example.com") == [] and listed(gateway, "--deleted") == []


def test_what_operators_did_is_in_the_activity(gateway):
    imported(gateway, "userName\na@example.com\n")
    ident = listed(gateway)[0]["id"]
    gateway.done("user", "move", "acme", ident, "--to", "head-office")
    gateway.done("user", "export", "acme")
    gateway.done("user", "purge", "acme", ident, "--living")

    result = gateway.done("activity", "acme", "-o", "json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]

    mine = [row for row in rows if row["actor"].startswith("operator:uid:")]
    assert [row["kind"] for row in mine] == ["user.created", "user.moved", "users.exported", "user.deleted", "user.purged"]
    assert "a@example.com" not in result.stdout
