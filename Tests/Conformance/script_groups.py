"""Groups and their members."""

from exchange import Request
from vocabulary import *

# Members by their id alone: a server may add what it knows of them (RFC 7643 §4.2). Since it is a wish, a PATCH has to be
# answered with the group (RFC 7644 §3.5.2).
PLAIN = {"excludedAttributes": "members.$ref,members.display,members.type"}

PEOPLE = ("gus", "hal", "ivy")

CASES = {
    "add a member": [op("add", "members", [{"value": "<ivy>"}])],
    "add a member as one object": [op("add", "members", {"value": "<ivy>"})],
    "add a member that is there": [op("add", "members", [{"value": "<gus>"}])],
    "add a member twice": [op("add", "members", [{"value": "<ivy>"}, {"value": "<ivy>"}])],
    "add a member without a path": [op("add", None, {"members": [{"value": "<ivy>"}]})],
    "add a member with its kind": [op("add", "members", [{"value": "<ivy>", "type": "User"}])],
    "add a member who is nobody": [op("add", "members", [{"value": "2819c223-7f76-453a-919d-413861904646"}])],
    "add a member without value": [op("add", "members", [{"display": "Ivy"}])],
    "add no members": [op("add", "members", [])],
    "remove a member": [op("remove", 'members[value eq "<gus>"]')],
    "remove a member who is none": [op("remove", 'members[value eq "<ivy>"]')],
    "remove a member by value": [op("remove", "members", [{"value": "<gus>"}])],
    "remove members by or": [op("remove", 'members[value eq "<gus>" or value eq "<hal>"]')],
    "remove all members": [op("remove", "members")],
    "remove and add": [op("remove", 'members[value eq "<gus>"]'), op("add", "members", [{"value": "<ivy>"}])],
    "replace members": [op("replace", "members", [{"value": "<ivy>"}])],
    "replace members by none": [op("replace", "members", [])],
    "replace members without a path": [op("replace", None, {"members": [{"value": "<ivy>"}]})],
    "replace a member's value": [op("replace", 'members[value eq "<gus>"].value', "<ivy>")],
    "replace displayName": [op("replace", "displayName", "Renamed")],
    "replace displayName without a path": [op("replace", None, {"displayName": "Renamed"})],
    "remove displayName": [op("remove", "displayName")],
    "replace externalId": [op("replace", "externalId", "ext-2")],
    "an unknown attribute": [op("replace", "shoeSize", 43)],
    "a user's attribute": [op("replace", "userName", "x@example.com")],
}


def case(name: str, operations: list) -> list:
    return [
        Request(f"group patch: {name} (begin)", "POST", "/Groups", group("Crew"), keep="crew"),
        Request(f"group patch: {name} (before)", "PUT", "/Groups/<crew>", group("Crew", "<gus>", "<hal>"), PLAIN),
        Request(f"group patch: {name}", "PATCH", "/Groups/<crew>", patch(*operations), PLAIN),
        Request(f"group patch: {name} (after)", "GET", "/Groups/<crew>", query=PLAIN),
        Request(f"group patch: {name} (end)", "DELETE", "/Groups/<crew>"),
    ]


REQUESTS = [
    *[Request(f"create {name}", "POST", "/Users", user(name), keep=name) for name in PEOPLE],
    Request("list no groups", "GET", "/Groups"),
    Request("create a group", "POST", "/Groups", group("Pilots"), keep="pilots"),
    Request("create a group with members", "POST", "/Groups", group("Crew", "<gus>", "<hal>", externalId="ext"), keep="crew"),
    Request("create a group of the same name", "POST", "/Groups", group("Crew"), keep="crew2"),
    Request("create a group without displayName", "POST", "/Groups", {"schemas": [GROUP]}),
    Request("create a group with a user's schemas", "POST", "/Groups", group("Wrong", schemas=[USER]), keep="wrong"),
    Request("create a group with an unknown attribute", "POST", "/Groups", group("Odd", shoeSize=43), keep="odd"),
    Request("create a group with a member who is nobody", "POST", "/Groups",
            group("Ghosts", "2819c223-7f76-453a-919d-413861904646"), keep="ghosts"),
    Request("create a group with a member twice", "POST", "/Groups", group("Twins", "<gus>", "<gus>"), keep="twins"),
    Request("create a group within a group", "POST", "/Groups", group("Fleet", "<crew>"), keep="fleet"),
    Request("create a group whose members are no list", "POST", "/Groups", group("Flat", members="<gus>"), keep="flat"),
    *[Request(f"delete the group {name}", "DELETE", f"/Groups/<{name}>")
      for name in "crew2 wrong odd ghosts twins fleet flat".split()],

    Request("read a group", "GET", "/Groups/<crew>"),
    Request("read a group as a user", "GET", "/Users/<crew>"),
    Request("read a group that is not there", "GET", "/Groups/2819c223-7f76-453a-919d-413861904646"),
    Request("read a group without members", "GET", "/Groups/<crew>", query={"excludedAttributes": "members"}),
    Request("read a group's name", "GET", "/Groups/<crew>", query={"attributes": "displayName"}),
    Request("read a group's members", "GET", "/Groups/<crew>", query={"attributes": "members.value"}),
    Request("read a group that is known", "GET", "/Groups/<crew>", headers={"If-None-Match": "<crew version>"}),
    Request("read a member", "GET", "/Users/<gus>"),
    Request("read a member's groups", "GET", "/Users/<gus>", query={"attributes": "groups"}),
    Request("list groups", "GET", "/Groups", query=PLAIN),
    *[Request(f"filter groups {text}", "GET", "/Groups", query={"filter": text, "attributes": "displayName"}) for text in [
        'displayName eq "crew"', 'displayName sw "P"', 'members pr', 'members[value eq "<gus>"]', 'members.value eq "<gus>"',
        'members eq "<gus>"', 'id eq "<crew>" and members.value eq "<hal>"', 'id eq "<crew>" and members[value eq "<ivy>"]',
        'externalId eq "ext"', 'not (members pr)', 'userName eq "gus@example.com"', 'meta.resourceType eq "Group"']],
    *[Request(f"filter users {text}", "GET", "/Users", query={"filter": text, "attributes": "userName"}) for text in [
        'groups.value eq "<crew>"', 'groups[value eq "<crew>"]', 'groups.display eq "Crew"', 'groups pr']],
    Request("sort groups", "GET", "/Groups", query={**PLAIN, "sortBy": "displayName", "sortOrder": "descending"}, ordered=True),
    Request("search users and groups", "POST", "/.search",
            {"schemas": [SEARCH], "attributes": ["displayName", "userName"]}),
    Request("search users and groups by name", "POST", "/.search",
            {"schemas": [SEARCH], "filter": 'displayName eq "Crew" or userName sw "gus"', "attributes": ["id"]}),

    Request("replace a group of another version", "PUT", "/Groups/<crew>", group("Lost"), headers={"If-Match": 'W/"other"'}),
    Request("replace a group", "PUT", "/Groups/<crew>", group("Staff", "<hal>", "<ivy>"), PLAIN),
    Request("replace a group by the same", "PUT", "/Groups/<crew>", group("Staff", "<hal>", "<ivy>"), PLAIN),
    Request("replace a group without members", "PUT", "/Groups/<crew>", group("Staff"), PLAIN),
    Request("replace a group by an empty list of members", "PUT", "/Groups/<crew>", group("Staff", members=[]), PLAIN),
    Request("replace a group by the first members", "PUT", "/Groups/<crew>", group("Staff", "<hal>", "<ivy>"), PLAIN),
    Request("replace a group without displayName", "PUT", "/Groups/<crew>", {"schemas": [GROUP]}),
    Request("replace a group that is not there", "PUT", "/Groups/2819c223-7f76-453a-919d-413861904646", group("x")),
    Request("read who left", "GET", "/Users/<gus>"),
    Request("read who came", "GET", "/Users/<ivy>"),
    Request("patch a group without a wish", "PATCH", "/Groups/<crew>", patch(op("add", "members", [{"value": "<gus>"}]))),
    Request("patch a group with no operations", "PATCH", "/Groups/<crew>", patch()),
    Request("delete a member", "DELETE", "/Users/<ivy>"),
    Request("read a group without the deleted", "GET", "/Groups/<crew>", query=PLAIN),
    Request("read groups after all", "GET", "/Groups", query={"attributes": "members.value,displayName"}),
    Request("delete a group of another version", "DELETE", "/Groups/<crew>", headers={"If-Match": 'W/"other"'}),
    Request("delete a group", "DELETE", "/Groups/<crew>"),
    Request("delete a group twice", "DELETE", "/Groups/<crew>"),
    Request("read who was in a deleted group", "GET", "/Users/<hal>"),
    Request("patch a deleted group", "PATCH", "/Groups/<crew>", patch(op("replace", "displayName", "x"))),
    Request("create ivy again", "POST", "/Users", user("ivy"), keep="ivy"),
    *[request for name, operations in CASES.items() for request in case(name, operations)],
    Request("delete the group pilots", "DELETE", "/Groups/<pilots>"),
    *[Request(f"delete {name}", "DELETE", f"/Users/<{name}>") for name in PEOPLE],
]
