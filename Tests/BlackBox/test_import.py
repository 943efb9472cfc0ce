"""scim-gateway user import: people who are there already are associated, and stay in their group."""

import pytest

from kit import *


def csv(*names: str) -> str:
    return "userName,givenName,familyName\n" + "".join(f"{name},Grace,Hopper\n" for name in names)


def imported(gateway, text: str, group: str = "branch"):
    file = gateway.folder / "people.csv"
    file.write_text(text)
    return gateway.cli("user", "import", "acme", file, "--group", group)


@pytest.mark.parametrize("runs", [True, False], ids=["running", "offline"])
def test_an_imported_learner_is_found_in_its_group(make_gateway, runs):
    gateway, name = make_gateway(), f"grace.{uid()}@example.com"
    if runs:
        gateway.start()

    assert imported(gateway, csv(name)).returncode == 0
    if not runs:
        gateway.start()

    found = gateway.client().found(name)
    assert [user["name"] for user in found] == [{"givenName": "Grace", "familyName": "Hopper"}]
    assert groups_of(found[0]) == ["Branch"]


def test_a_post_associates_an_imported_learner_who_stays_in_the_group(gateway):
    name, client = f"grace.{uid()}@example.com", gateway.client()
    imported(gateway, csv(name))
    before = client.found(name)[0]

    after = client.create(learner(
        userName=name.upper(), externalId=uid(), name={"familyName": "Murray"}, **{ENTERPRISE: {"department": "Navy"}}))

    assert after["id"] == before["id"] and after["meta"]["created"] == before["meta"]["created"]
    assert groups_of(after) == ["Branch"], "expected the learner to stay in the group"
    assert after["name"]["familyName"] == "Murray" and after[ENTERPRISE]["department"] == "Navy"
    assert len(client.found(name)) == 1


def test_an_associated_learner_is_taken(gateway):
    name, client = f"grace.{uid()}@example.com", gateway.client()
    imported(gateway, csv(name))
    client.create(learner(userName=name))

    again = client.request("POST", "/Users", learner(userName=name))

    assert (again.status_code, again.json().get("scimType")) == (409, "uniqueness")


def test_a_bad_line_is_told_by_its_number_and_stops_no_other(gateway):
    good = [f"good{n}.{uid()}@example.com" for n in range(2)]

    result = imported(gateway, csv(good[0], "no e-mail address", good[1]))

    assert result.returncode != 0 and ":3:" in result.stderr, f"expected line 3 to be named, got {result.stderr!r}"
    assert "no e-mail address" not in result.stderr, "expected no value in the message"
    client = gateway.client()
    assert [len(client.found(name)) for name in good] == [1, 1]


@pytest.mark.parametrize("text", ["", "givenName\nGrace\n", "userName,givenName,shoeSize\na@example.com,A,44\n",
                                  'userName,givenName,familyName\n"a@example.com,A,B\n'],
                         ids=["empty", "no userName", "unknown column", "open quote"])
def test_a_file_that_is_no_import_is_refused_whole(gateway, text):
    result = imported(gateway, text)

    assert result.returncode != 0 and result.stderr.strip()
    assert expect(gateway.client().get("/Users", params={"count": "0"}), 200)["totalResults"] == 0


def test_an_unknown_group_is_refused(gateway):
    result = imported(gateway, csv(f"grace.{uid()}@example.com"), group="nowhere")

    assert result.returncode == 2 and "branch" in result.stderr, f"expected the groups to be named, got {result.stderr!r}"


def test_many_are_imported_at_once(gateway):
    names = [f"many{n}.{uid()}@example.com" for n in range(300)]

    assert imported(gateway, csv(*names)).returncode == 0

    assert expect(gateway.client().get("/Users", params={"count": "0"}), 200)["totalResults"] == 300
