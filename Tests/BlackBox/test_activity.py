"""scim-gateway activity: what happened is told, with the reasons that the wire hides, and a kill loses no write's row."""

import json
import queue
import sqlite3
import subprocess
import threading

import pytest

from kit import *


def activity(gateway, *arguments) -> list:
    out = gateway.done("activity", "acme", "-o", "json", "-n", 1000, *arguments).stdout
    return [json.loads(line) for line in out.splitlines()]


def told(gateway, kind: str, *arguments) -> list:
    """The rows of a kind, once there are any: reads and refusals are stored within a second."""
    return eventually(lambda: [row for row in activity(gateway, *arguments) if row["kind"] == kind], kind)


def test_a_write_is_told_at_once_and_without_values(gateway):
    client, name = gateway.client(), f"ada.{uid()}@example.com"
    user = client.create(learner(userName=name))
    answer = client.change(user["id"], active=False)

    rows = activity(gateway)

    assert [row["kind"] for row in rows if row.get("resource_id") == user["id"]] == ["user.created", "user.deactivated"]
    assert rows[-1]["changed"] == ["active"] and rows[-1]["request_id"] == answer.headers["x-request-id"]
    assert [row["status"] for row in rows[-2:]] == [201, 200] and all(0 <= row["duration_ms"] < 60_000 for row in rows[-2:])
    assert name not in json.dumps(rows), "an attribute's value is in the activity"


def test_a_connection_test_and_a_damaged_token_are_told(gateway):
    client, token = gateway.client(), gateway.token()
    client.get(f'/Users?filter=userName eq "{uuid.uuid4()}"')
    assert gateway.client(token[:-4]).status() == 401

    assert told(gateway, "probe")[0]["outcome"] == "ok"
    refused = told(gateway, "token.refused", "--only", "problems")[-1]
    assert refused["token_id"] == token.split("_")[1] and "4 characters short" in refused["explanation"]
    assert token[13:] not in json.dumps(refused)


def test_a_token_that_was_pasted_with_its_scheme_is_told(gateway):
    token = gateway.token()
    assert gateway.client(f"Bearer {token}").status() == 401

    row, = told(gateway, "token.refused")

    assert row["reason"] == "bearer_twice" and row["token_id"] == token.split("_")[1]
    assert "Paste the token alone" in row["explanation"] and token not in json.dumps(row)


def test_a_refusal_is_found_by_its_request_id(gateway):
    client, name = gateway.client(), f"ada.{uid()}@example.com"
    client.create(learner(userName=name))
    answer = client.request("POST", "/Users", learner(userName=name))
    assert answer.status_code == 409

    row, = told(gateway, "request.refused", "--request", answer.headers["x-request-id"])

    assert (row["status"], row["scim_type"], row["outcome"]) == (409, "uniqueness", "refused")


FIELDS = {"id", "time", "tenant", "connection", "group", "actor", "token_id", "kind", "operation", "resource_type",
          "resource_id", "external_id", "user_name", "changed", "outcome", "status", "scim_type", "reason", "advice_code",
          "duration_ms", "client_address", "network", "tls", "http", "user_agent", "request_id", "quirks", "prev_hash"}
OWN_FIELDS = {"number", "count", "notes", "explanation"}


def test_every_entry_has_a_uuid_that_stays_and_the_fields_have_their_names(gateway, tmp_path):
    from test_tokens import service_tags
    gateway.done("networks", "update", service_tags(tmp_path, ["127.0.0.0/8"]))
    client, name = gateway.client(), f"ada.{uid()}@example.com"
    user = client.create(learner(userName=name, externalId=uid(), title="Dr"))
    client.request("PATCH", f"/Users/{user['id']}", {"schemas": [PATCH_OP], "Operations": [
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "x@y"},
        {"op": "Replace", "path": "active", "value": "False"}]}, headers={"User-Agent": "AzureAD/1.0"})
    assert client.request("POST", "/Users", learner(userName=name)).status_code == 409
    assert client.request("POST", "/Groups", {"displayName": "x"}).status_code == 403
    client.get(f"/Users/{user['id']}")
    told(gateway, "user.read")

    rows = activity(gateway)

    assert set().union(*rows) == FIELDS | OWN_FIELDS
    assert all(uuid.UUID(row["id"]).version == 7 for row in rows) and len({row["id"] for row in rows}) == len(rows)
    assert [row["id"] for row in rows] == [row["id"] for row in activity(gateway)]
    assert {row["actor"] for row in rows if row["kind"] != "token.created"} == {"entra"}
    advice = {row["kind"]: row.get("advice_code") for row in rows}
    assert advice["request.refused"] == "make_unique" and advice["group.refused"] == "switch_groups_off"
    assert advice["user.created"] == "remove_mappings" and advice["user.read"] is None
    changed, = [row for row in rows if row["kind"] == "user.deactivated"]
    assert changed["quirks"] == ["active_as_string", "capital_op", "value_filter_ignored"]


def test_a_kill_loses_no_row_of_a_write(make_gateway):
    gateway = make_gateway()
    gateway.start()
    client = gateway.client()
    made = {client.create()["id"] for _ in range(20)}
    gateway.kill()
    gateway.start()

    rows = activity(gateway)

    assert {row["resource_id"] for row in rows if row["kind"] == "user.created"} >= made


def test_following_shows_what_happens_meanwhile(gateway):
    follower, lines = gateway.spawn("activity", "acme", "--follow", "-o", "json", "-n", 1), queue.Queue()
    reader = threading.Thread(target=lambda: [lines.put(line) for line in follower.stdout])
    reader.start()
    try:
        client, made = gateway.client(), []

        def seen():
            made.append(client.create()["id"])
            time.sleep(0.5)
            told = [lines.get() for _ in range(lines.qsize())]
            return any(ident in line for line in told for ident in made)

        eventually(seen, "the row of a new learner")
    finally:
        follower.kill()
        reader.join()
        follower.wait()


@pytest.mark.parametrize("arguments", [["--follow"], ["acme", "-n", "0"], ["acme", "-n", "1001"], ["acme", "--since", "2"]])
def test_a_wish_that_cannot_be_met_is_a_usage_error(gateway, arguments):
    result = gateway.cli("activity", *arguments)

    assert result.returncode == 64 and result.stdout == ""


# -- who, from where, and the chain ---------------------------------------------------

def test_an_entry_tells_whence_how_and_of_whom_without_a_name(gateway, tmp_path):
    from test_tokens import service_tags
    gateway.done("networks", "update", service_tags(tmp_path, ["127.0.0.0/8"]))
    client, name = gateway.client(), f"Ada.{uid()}@example.com"
    user = client.create(learner(userName=name, externalId=uid()))
    client.request("PATCH", f"/Users/{user['id']}", {"schemas": [PATCH_OP], "Operations": [
        {"op": "Replace", "path": "active", "value": "False"}]}, headers={"User-Agent": "AzureAD/1.0 (x)"})
    client.request("DELETE", f"/Users/{user['id']}")
    client.create(learner(userName=name.upper()))

    rows = [row for row in activity(gateway) if row["kind"].startswith("user.")]

    made, changed, deleted, again = rows
    assert changed["network"] == "azure-commercial" and changed["tls"] in ("1.2", "1.3")
    assert changed["quirks"] == ["active_as_string", "capital_op"] and changed["user_agent"] == "AzureAD/1.0"
    assert {row["user_name"] for row in rows} == {made["user_name"]} and made["user_name"].startswith("hmac:")
    assert made["external_id"] == changed["external_id"] == deleted["external_id"] and "external_id" not in again
    assert name.lower() not in json.dumps(rows).lower()


def test_gcc_high_has_no_trace_of_a_person(make_gateway):
    gateway = make_gateway(tenants={"acme": tenant("acme", "gcc-high")}, profiles=("gcc-high",)).start()
    gateway.client(gateway.token("acme/staff"), "gcc-high").create(learner(externalId=uid()))

    row, = told(gateway, "user.created")

    assert "user_name" not in row and "external_id" not in row and "hmac:" not in json.dumps(activity(gateway))


def test_what_operators_do_is_told_running_or_not(make_gateway):
    gateway = make_gateway()
    gateway.token()
    gateway.start()
    gateway.done("connect", "acme", "branch")
    gateway.write_tenant("acme", ACME.replace("Acme", "Acme Ltd"))
    gateway.done("reload")

    told(gateway, "config.applied")

    rows = [row for row in activity(gateway) if row["actor"].startswith("operator:")]
    assert [row["kind"] for row in rows] == ["token.created", "connection.created", "token.created", "config.applied"]
    assert {row["actor"] for row in rows} == {f"operator:uid:{os.geteuid()}"}


def test_checks_backups_and_a_purge_are_told_also_of_a_tenant_that_is_gone(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, "globex": tenant("globex")}).start()
    gateway.client().create()
    gateway.done("store", "check")
    gateway.done("store", "backup", gateway.folder / "backup")
    gateway.done("tenant", "export", "acme")
    told(gateway, "store.backed_up")

    own = [row["kind"] for row in activity(gateway) if row["actor"].startswith("operator:")]
    (gateway.folder / "tenants" / "acme.yaml").unlink()
    gateway.done("reload", "--wait", "--allow-removals")
    gateway.done("store", "check", "acme")
    gateway.done("tenant", "purge", "acme", "--confirm", "acme")
    gone = activity(gateway)
    gateway.stop()

    assert own[1:] == ["store.checked", "store.backed_up", "tenant.exported"], own
    assert [row["kind"] for row in gone] == ["store.checked", "tenant.purged"] == [row["kind"] for row in activity(gateway)]
    assert {row["actor"] for row in gone} == {f"operator:uid:{os.geteuid()}"} and gone[1]["explanation"].startswith("Files: ")
    all_rows = [json.loads(line) for line in gateway.done("activity", "-o", "json").stdout.splitlines()]
    assert {"-", "acme", "globex"} >= {row["tenant"] for row in all_rows} >= {"-", "acme"}


def test_the_chain_is_examined_and_an_edit_is_named(gateway):
    client = gateway.client()
    for _ in range(5):
        client.create()
    told(gateway, "token.first_used")
    [whole] = json.loads(gateway.done("activity", "acme", "--verify", "-o", "json").stdout)
    rows = activity(gateway)
    assert (whole["tenant"], whole["whole"], len(whole["lastHash"])) == ("acme", len(rows), 64)
    assert sorted(row["number"] for row in rows) == list(range(1, len(rows) + 1))
    assert len({row["prev_hash"] for row in rows}) == len(rows)

    gateway.stop()
    with sqlite3.connect(gateway.data / "commercial" / "tenants" / "acme.sqlite") as store:
        store.execute("UPDATE activity SET client_address = '192.0.2.1' WHERE number = 3")
    store.close()
    edited = gateway.cli("activity", "acme", "--verify")

    assert edited.returncode == 3 and "tenant acme: entry 3 is not as it was written" in edited.stderr
    assert json.loads(gateway.cli("activity", "--verify", "-o", "json").stdout)[0]["whole"] == 2


# -- an outage of the store -------------------------------------------------------

ROOM = 12 * 1024   # bytes of a file that the gateway may write: too few for a learner in the database's log


def room(gateway, size):
    """Bounds the size of the files that the running gateway may write: what is beyond fails as on a full disk."""
    subprocess.run(["prlimit", f"--pid={gateway.process.pid}", f"--fsize={size}:unlimited"], check=True)


def test_a_bulk_during_an_outage_of_the_store_failed_and_was_not_refused(make_gateway):
    # A write that is too large ends a process, unless it ignores the signal: then the write fails.
    gateway = make_gateway(under=["env", "--ignore-signal=XFSZ"]).start()
    client, post = gateway.client(), {"method": "POST", "path": "/Users"}
    client.create()
    assert gateway.log_file.stat().st_size < ROOM

    def bulk(*names):
        operations = [{**post, "bulkId": name, "data": learner(userName=name)} for name in names]
        return client.request("POST", "/Bulk", {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations})

    room(gateway, ROOM)
    answer = bulk(f"a.{uid()}@example.com", f"b.{uid()}@example.com")
    assert {result["status"] for result in expect(answer, 200)["Operations"]} == {"503"}
    time.sleep(2.5)   # longer than what happened waits to be stored
    room(gateway, "unlimited")
    eventually(lambda: client.request("POST", "/Users", learner()).status_code == 201, "a store that is back")

    rows = told(gateway, "request.refused", "--request", answer.headers["x-request-id"])

    assert [(row["outcome"], row["status"], row["operation"]) for row in rows] == [("failed", 503, "POST /Bulk")] * 2
    name = f"c.{uid()}@example.com"
    assert [result["status"] for result in expect(bulk(name), 200)["Operations"]] == ["201"]
    refused = bulk(name)
    assert [result["status"] for result in expect(refused, 200)["Operations"]] == ["409"]
    assert client.found(name)
