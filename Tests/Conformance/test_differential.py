"""The gateway and scim2-server (PyPI) get the same requests. Each difference is listed, with why ours is right."""

import importlib
from collections import Counter

import pytest

import difference
import listed
from exchange import Talk

# Each begins with servers that hold nothing.
SCRIPTS = {name: importlib.import_module(f"script_{name}").REQUESTS
           for name in ("discovery", "users", "lists", "patch", "groups", "bulk")}
REQUESTS = [request for script in SCRIPTS.values() for request in script]

LISTED = listed.read(listed.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(gateway, reference) -> dict:
    """Request → the lines in which the answers differ."""
    lines = {}
    for script in SCRIPTS.values():
        gateway.empty()
        reference.empty()
        ours, theirs = Talk(gateway), Talk(reference)
        for request in script:
            lines[request.name] = difference.of_answers(ours.ask(request), theirs.ask(request))
    return lines


@pytest.mark.parametrize("name", [request.name for request in REQUESTS])
def test_request(name: str, found: dict):
    lines, allowed = found[name], LISTED.get(name, [])
    unlisted = [line for line in lines if line not in allowed]
    gone = [line for line in allowed if line not in lines]

    assert not unlisted, f"{name}: ours | theirs, not in differences.toml:\n" + "\n".join(unlisted)
    assert not gone, f"{name}: does not differ any more, and must leave differences.toml:\n" + "\n".join(gone)


def test_the_list_names_requests():
    names = Counter(request.name for request in REQUESTS)

    assert not [name for name, count in names.items() if count > 1], "expected each name once"
    assert not LISTED.keys() - names.keys(), "differences.toml names what is no request"


@pytest.mark.parametrize("block", ['section = "RFC 7644"\nwhy = "x"', 'section = "RFC 7644 §3"\nwhy = " "'])
def test_a_difference_without_an_argument_is_refused(block: str):
    with pytest.raises(ValueError):
        listed.read(f'[[difference]]\n{block}\n[difference.at]\n"status: 200 | 204" = ["x"]')


@pytest.mark.parametrize("ours, theirs, line", [
    ({"status": 200}, {"status": 204}, "status: 200 | 204"),
    ({"status": 400, "body": {"scimType": "noTarget"}}, {"status": 200, "body": {}}, "status: 400 noTarget | 200"),
    ({"status": 200, "body": {"active": True}}, {"status": 200, "body": {"active": 1}}, "body.active: true | 1"),
    ({"status": 200, "body": {"a": None}}, {"status": 200, "body": {}}, "body.a: null | none"),
    ({"status": 200, "body": {"l": [{"id": "1"}, {"id": "2"}]}}, {"status": 200, "body": {"l": [{"id": "2"}, {"id": "1"}]}},
     'body.l: order ["1", "2"] | order ["2", "1"]'),
    ({"status": 200, "body": ["a"]}, {"status": 200, "body": ["a", "a"]}, 'body: ["a"] | ["a", "a"]')])
def test_what_differs_is_seen(ours: dict, theirs: dict, line: str):
    assert difference.of_answers(ours, theirs) == [line]
    assert difference.of_answers(ours, ours) == []
