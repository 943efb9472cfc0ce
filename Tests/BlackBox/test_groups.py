"""Groups of a full connection: many clients at once, and groups that are large."""

import threading

from kit import *

GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
CLIENTS, EACH = 32, 200

CREW = """version: 1
tenant: crew
display_name: Crew
profile: commercial
connections:
  - {id: directory, dialect: generic, attributes: full}
"""


def people(client: Client, count: int) -> list:
    """Makes users by bulk requests; gives their ids."""
    made = []
    while len(made) < count:
        some = min(500, count - len(made))
        operations = [{"method": "POST", "path": "/Users", "bulkId": str(n), "data": learner()} for n in range(some)]
        answer = expect(client.request("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}), 200)
        assert {op["status"] for op in answer["Operations"]} == {"201"}, "expected every user to be made"
        made += [op["location"].rsplit("/", 1)[1] for op in answer["Operations"]]
    return made


def group(client: Client, **more) -> dict:
    return expect(client.request("POST", "/Groups", {"schemas": [GROUP], "displayName": f"G{uid()}", **more}), 201)


def adding(ids: list) -> dict:
    value = [{"value": ident} for ident in ids]
    return {"schemas": [PATCH_OP], "Operations": [{"op": "add", "path": "members", "value": value}]}


def test_32_clients_that_patch_one_group_at_once_lose_no_member(make_gateway):
    gateway = make_gateway(tenants={"crew": CREW},
                           settings="limits: {requests_per_second: 100000, burst: 100000}\n").start()
    token = gateway.token("crew/directory")
    client = gateway.client(token)
    ids, target, problems = people(client, CLIENTS * EACH), group(client), []

    def add(own: list):
        try:
            mine = gateway.client(token)
            for start in range(0, len(own), 10):
                expect(mine.request("PATCH", f"/Groups/{target['id']}", adding(own[start:start + 10])), 200, 204)
        except Exception as problem:      # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=add, args=(ids[n * EACH:(n + 1) * EACH],)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not problems, f"expected every PATCH to succeed, got {problems[0]!r}"
    got = expect(client.get(f"/Groups/{target['id']}"), 200)
    assert {m["value"] for m in got["members"]} == set(ids), f"expected {len(ids)} members, got {len(got['members'])}"
    assert len(got["members"]) == CLIENTS * EACH, "expected nobody twice"


def test_the_answer_to_a_patch_has_1000_members_and_not_one_more(make_gateway):
    gateway = make_gateway(tenants={"crew": CREW}).start()
    client = gateway.client(gateway.token("crew/directory"))
    ids = people(client, 1001)
    target = group(client, members=[{"value": ident} for ident in ids[:999]])

    at_limit = client.request("PATCH", f"/Groups/{target['id']}", adding(ids[999:1000]))
    above = client.request("PATCH", f"/Groups/{target['id']}", adding(ids[1000:]))
    asked = client.request("PATCH", f"/Groups/{target['id']}", adding(ids[:1]), params={"attributes": "members"})

    assert len(expect(at_limit, 200)["members"]) == 1000, "expected all 1,000 members"
    assert expect(above, 204) is None and above.headers["etag"], "expected an empty answer with the new version"
    assert len(expect(asked, 200)["members"]) == 1001, "expected all members for who asks"
