"""scim-gateway activity: what happened is told, with the reasons that the wire hides, and a kill loses no write's row."""

import json
import queue
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

    assert [row["kind"] for row in rows if row.get("resourceID") == user["id"]] == ["user.created", "user.deactivated"]
    assert rows[-1]["changed"] == ["active"] and rows[-1]["requestID"] == answer.headers["x-request-id"]
    assert name not in json.dumps(rows), "an attribute's value is in the activity"


def test_a_connection_test_and_a_damaged_token_are_told(gateway):
    client, token = gateway.client(), gateway.token()
    client.get(f'/Users?filter=userName eq "{uuid.uuid4()}"')
    assert gateway.client(token[:-4]).status() == 401

    assert told(gateway, "probe")[0]["outcome"] == "ok"
    refused = told(gateway, "token.refused", "--only", "problems")[-1]
    assert refused["tokenID"] == token.split("_")[1] and "4 characters short" in refused["explanation"]
    assert token[13:] not in json.dumps(refused)


def test_a_refusal_is_found_by_its_request_id(gateway):
    client, name = gateway.client(), f"ada.{uid()}@example.com"
    client.create(learner(userName=name))
    answer = client.request("POST", "/Users", learner(userName=name))
    assert answer.status_code == 409

    row, = told(gateway, "request.refused", "--request", answer.headers["x-request-id"])

    assert (row["status"], row["scimType"], row["outcome"]) == (409, "uniqueness", "refused")


def test_a_kill_loses_no_row_of_a_write(make_gateway):
    gateway = make_gateway()
    gateway.start()
    client = gateway.client()
    made = {client.create()["id"] for _ in range(20)}
    gateway.kill()
    gateway.start()

    rows = activity(gateway)

    assert {row["resourceID"] for row in rows if row["kind"] == "user.created"} >= made


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
