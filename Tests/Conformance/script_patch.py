"""PATCH of users. Each case makes its user, changes it, and reads it again."""

from exchange import Request
from vocabulary import *

# Left out of the answer, so that the RFC demands one: RFC 7644 §3.5.2.
NOTHING = {"excludedAttributes": "entitlements"}

START = enterprise_user(
    "pat", {"department": "Tours", "employeeNumber": "1"}, name={"givenName": "Pat", "familyName": "Doe"}, title="Guide",
    active=True, externalId="pat",
    emails=[{"value": "pat@work.example", "type": "work", "primary": True}, {"value": "pat@home.example", "type": "home"}])

CASES = {
    # add
    "add an attribute": [op("add", "nickName", "P")],
    "add an attribute that is there": [op("add", "title", "Chief")],
    "add the value that is there": [op("add", "title", "Guide")],
    "add a sub-attribute": [op("add", "name.middleName", "Q")],
    "add a sub-attribute to nothing": [op("remove", "name"), op("add", "name.middleName", "Q")],
    "add to a complex attribute": [op("add", "name", {"middleName": "Q"})],
    "add an email": [op("add", "emails", [{"value": "third@example.com", "type": "other"}])],
    "add an email as one object": [op("add", "emails", {"value": "third@example.com", "type": "other"})],
    "add an email that is there": [op("add", "emails", [{"value": "pat@home.example", "type": "home"}])],
    "add a primary email": [op("add", "emails", [{"value": "third@example.com", "primary": True}])],
    "add to matching emails": [op("add", 'emails[type eq "home"].display', "at home")],
    "add to matching emails as a whole": [op("add", 'emails[type eq "home"]', {"display": "at home"})],
    "add to no matching email": [op("add", 'emails[type eq "other"].value', "third@example.com")],
    "add without a path": [op("add", None, {"nickName": "P", "name": {"middleName": "Q"}})],
    "add emails without a path": [op("add", None, {"emails": [{"value": "third@example.com"}]})],
    "add an extension without a path": [op("add", None, {ENTERPRISE: {"division": "Park"}})],
    "add a dotted key without a path": [op("add", None, {"name.middleName": "Q"})],
    "add a URN key without a path": [op("add", None, {f"{ENTERPRISE}:division": "Park"})],
    "add by URN": [op("add", f"{ENTERPRISE}:division", "Park")],
    "add by the URN of the core schema": [op("add", f"{USER}:nickName", "P")],
    "add an extension as a whole": [op("add", ENTERPRISE, {"division": "Park"})],
    "add without a value": [op("add", "nickName")],
    "add null": [op("add", "nickName", None)],
    "add nothing without a path": [op("add", None, {})],
    "add a text without a path": [op("add", None, "P")],
    "add in capitals": [op("ADD", "NICKNAME", "P")],
    "add as Add": [op("Add", "nickName", "P")],
    "add a password": [op("add", "password", "t1meMa$heen")],
    # replace
    "replace an attribute": [op("replace", "title", "Chief")],
    "replace an absent attribute": [op("replace", "nickName", "P")],
    "replace by the same": [op("replace", "title", "Guide")],
    "replace a sub-attribute": [op("replace", "name.givenName", "Patricia")],
    "replace a complex attribute": [op("replace", "name", {"givenName": "Patricia"})],
    "replace emails": [op("replace", "emails", [{"value": "new@example.com", "type": "work"}])],
    "replace emails by none": [op("replace", "emails", [])],
    "replace a matching email": [op("replace", 'emails[type eq "work"]', {"value": "new@example.com", "type": "work"})],
    "replace part of a matching email": [op("replace", 'emails[type eq "work"].value', "new@example.com")],
    "replace part of all emails": [op("replace", "emails.display", "mail")],
    "replace a matching email of two conditions": [
        op("replace", 'emails[type eq "work" and value ew ".example"].value', "new@example.com")],
    "replace no matching email": [op("replace", 'emails[type eq "other"].value', "new@example.com")],
    "replace primary": [op("replace", 'emails[type eq "home"].primary', True)],
    "replace without a path": [op("replace", None, {"title": "Chief", "active": False})],
    "replace name without a path": [op("replace", None, {"name": {"givenName": "Patricia"}})],
    "replace emails without a path": [op("replace", None, {"emails": [{"value": "new@example.com"}]})],
    "replace an extension without a path": [op("replace", None, {ENTERPRISE: {"division": "Park"}})],
    "replace an extension as a whole": [op("replace", ENTERPRISE, {"division": "Park"})],
    "replace by URN": [op("replace", f"{ENTERPRISE}:department", "Rides")],
    "replace a manager": [op("replace", f"{ENTERPRISE}:manager.value", "boss")],
    "replace a manager as a whole": [op("replace", f"{ENTERPRISE}:manager", {"value": "boss"})],
    "replace userName": [op("replace", "userName", "patricia@example.com")],
    "replace userName by null": [op("replace", "userName", None)],
    "replace userName by nothing": [op("replace", "userName", "")],
    "replace by null": [op("replace", "title", None)],
    "replace without a value": [op("replace", "title")],
    "replace active by a text": [op("replace", "active", "False")],
    "replace active by a word": [op("replace", "active", "no")],
    "replace a text by a number": [op("replace", "title", 7)],
    "replace a text by an object": [op("replace", "title", {"value": "Chief"})],
    "replace emails by a text": [op("replace", "emails", "new@example.com")],
    # remove
    "remove an attribute": [op("remove", "title")],
    "remove an absent attribute": [op("remove", "nickName")],
    "remove a sub-attribute": [op("remove", "name.givenName")],
    "remove all of a complex attribute": [op("remove", "name.givenName"), op("remove", "name.familyName")],
    "remove a complex attribute": [op("remove", "name")],
    "remove emails": [op("remove", "emails")],
    "remove a matching email": [op("remove", 'emails[type eq "home"]')],
    "remove each matching email": [op("remove", 'emails[value ew ".example"]')],
    "remove no matching email": [op("remove", 'emails[type eq "other"]')],
    "remove part of a matching email": [op("remove", 'emails[type eq "work"].primary')],
    "remove part of all emails": [op("remove", "emails.type")],
    "remove by URN": [op("remove", f"{ENTERPRISE}:department")],
    "remove an extension": [op("remove", ENTERPRISE)],
    "remove all of an extension": [op("remove", f"{ENTERPRISE}:department"), op("remove", f"{ENTERPRISE}:employeeNumber")],
    "remove without a path": [op("remove")],
    "remove with a value": [op("remove", "emails", [{"value": "pat@home.example", "type": "home"}])],
    "remove a required attribute": [op("remove", "userName")],
    "remove a required attribute by null": [op("add", "userName", None)],
    "remove active": [op("remove", "active")],
    "remove externalId": [op("remove", "externalId")],
    # several
    "two operations": [op("replace", "title", "Chief"), op("remove", "emails")],
    "two operations on one attribute": [op("replace", "title", "Chief"), op("replace", "title", "President")],
    "remove and add again": [op("remove", "emails"), op("add", "emails", [{"value": "new@example.com", "type": "work"}])],
    "a good and a bad operation": [op("replace", "title", "Chief"), op("replace", "shoeSize", 43)],
    "no operations": [],
    # refused
    "an unknown operation": [op("append", "title", "x")],
    "an operation without op": [{"path": "title", "value": "x"}],
    "an unknown path": [op("add", "shoeSize", 43)],
    "an unknown sub-attribute": [op("add", "name.shoeSize", 43)],
    "an unknown URN": [op("add", "urn:example:unknown:2.0:User:shoeSize", 43)],
    "an unknown key without a path": [op("add", None, {"shoeSize": 43})],
    "a path that is none": [op("add", "title[", "x")],
    "an empty path": [op("add", "", {"nickName": "P"})],
    "a path with a bad filter": [op("replace", 'emails[type is "work"].value', "x@example.com")],
    "a value path on a single value": [op("replace", 'title[value eq "Guide"]', "x")],
    "a path below a text": [op("replace", "title.value", "x")],
    "id": [op("replace", "id", "other")],
    "meta": [op("replace", "meta.created", "2001-01-01T00:00:00Z")],
    "groups": [op("add", "groups", [{"value": "none"}])],
    "schemas": [op("add", "schemas", ["urn:example:unknown:2.0:User"])],
    "an extension's URN in schemas": [op("add", "schemas", [ENTERPRISE])],
    "remove id": [op("remove", "id")],
    "id without a path": [op("replace", None, {"id": "other", "title": "Chief"})],
}

BODIES = {
    "without schemas": {"Operations": [op("replace", "title", "x")]},
    "with other schemas": {"schemas": [USER], "Operations": [op("replace", "title", "x")]},
    "without Operations": {"schemas": [PATCH_OP]},
    "with operations in small letters": {"schemas": [PATCH_OP], "operations": [op("replace", "title", "small")]},
    "with one operation as an object": {"schemas": [PATCH_OP], "Operations": op("replace", "title", "x")},
    "that is a list": [op("replace", "title", "x")],
}


def case(name: str, operations: list) -> list:
    return [
        Request(f"patch: {name} (before)", "POST", "/Users", START, keep="pat"),
        Request(f"patch: {name}", "PATCH", "/Users/<pat>", patch(*operations), NOTHING),
        Request(f"patch: {name} (after)", "GET", "/Users/<pat>"),
        Request(f"patch: {name} (end)", "DELETE", "/Users/<pat>"),
    ]


REQUESTS = [
    *[request for name, operations in CASES.items() for request in case(name, operations)],
    Request("patch begins", "POST", "/Users", START, keep="pat"),
    Request("patch without a wish", "PATCH", "/Users/<pat>", patch(op("replace", "title", "Chief"))),
    Request("patch with attributes", "PATCH", "/Users/<pat>", patch(op("replace", "title", "Boss")), {"attributes": "title"}),
    *[Request(f"a patch {what}", "PATCH", "/Users/<pat>", body, NOTHING) for what, body in BODIES.items()],
    Request("patch what is not there", "PATCH", "/Users/2819c223-7f76-453a-919d-413861904646", patch(op("remove", "title"))),
    Request("patch all users", "PATCH", "/Users", patch(op("remove", "title"))),
    Request("create a rival", "POST", "/Users", user("rival"), keep="rival"),
    Request("patch a userName to that of another", "PATCH", "/Users/<rival>",
            patch(op("replace", "userName", "PAT@example.com")), NOTHING),
    Request("patch begun is read", "GET", "/Users/<pat>"),
    Request("delete pat", "DELETE", "/Users/<pat>"),
    Request("delete rival", "DELETE", "/Users/<rival>"),
]
