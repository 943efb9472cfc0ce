"""Bulk: several operations in one request."""

from exchange import Request
from vocabulary import *


def bulk(*operations: dict, **more) -> dict:
    return {"schemas": [BULK], "Operations": list(operations), **more}


def post(name: str, body: dict, path: str = "/Users") -> dict:
    return {"method": "POST", "path": path, "bulkId": name, "data": body}


REQUESTS = [
    Request("create kim for bulk", "POST", "/Users", user("kim"), keep="kim"),
    Request("bulk: create two", "POST", "/Bulk", bulk(post("a", user("bulk.a")), post("b", user("bulk.b")))),
    Request("bulk: replace, patch", "POST", "/Bulk", bulk(
        {"method": "PUT", "path": "/Users/<kim>", "data": user("kim", title="Dr")},
        {"method": "PATCH", "path": "/Users/<kim>", "data": patch(op("replace", "nickName", "K"))})),
    Request("bulk: what was done", "GET", "/Users/<kim>"),
    Request("bulk: of another version", "POST", "/Bulk", bulk(
        {"method": "PATCH", "path": "/Users/<kim>", "version": 'W/"other"',
         "data": patch(op("replace", "title", "lost"))})),
    Request("bulk: of this version", "POST", "/Bulk", bulk(
        {"method": "PATCH", "path": "/Users/<kim>", "version": "<kim version>",
         "data": patch(op("replace", "title", "won"))})),
    Request("bulk: a bulkId as a member", "POST", "/Bulk", bulk(
        post("c", user("bulk.c")), post("g", group("Bulk", "bulkId:c"), "/Groups"))),
    Request("bulk: a bulkId before it is made", "POST", "/Bulk", bulk(
        post("h", group("Bulk 2", "bulkId:d"), "/Groups"), post("d", user("bulk.d")))),
    Request("bulk: groups that were made", "GET", "/Groups", query={"attributes": "displayName"}),
    Request("bulk: a bulkId that nobody has", "POST", "/Bulk",
            bulk(post("i", group("Bulk 3", "bulkId:nobody"), "/Groups"))),
    Request("bulk: one fails and the rest goes on", "POST", "/Bulk", bulk(
        post("e", user("kim")), post("f", user("bulk.f")))),
    Request("bulk: stop at the first error", "POST", "/Bulk", bulk(
        post("e", user("kim")), post("j", user("bulk.j")), failOnErrors=1)),
    Request("bulk: stop at the second error", "POST", "/Bulk", bulk(
        post("e", user("kim")), post("k", user("kim")), post("l", user("bulk.l")), failOnErrors=2)),
    Request("bulk: who was made", "GET", "/Users", query={"attributes": "userName", "sortBy": "userName"}, ordered=True),
    Request("bulk: a resource that is not there", "POST", "/Bulk", bulk(
        {"method": "DELETE", "path": "/Users/2819c223-7f76-453a-919d-413861904646"})),
    Request("bulk: POST without a bulkId", "POST", "/Bulk",
            bulk({"method": "POST", "path": "/Users", "data": user("bulk.m")})),
    Request("bulk: POST without data", "POST", "/Bulk", bulk({"method": "POST", "path": "/Users", "bulkId": "n"})),
    Request("bulk: without a path", "POST", "/Bulk", bulk({"method": "DELETE"})),
    Request("bulk: no operations", "POST", "/Bulk", bulk()),
    Request("bulk: without Operations", "POST", "/Bulk", {"schemas": [BULK]}),
    Request("bulk: without schemas", "POST", "/Bulk", {"Operations": []}),
    Request("bulk: no JSON", "POST", "/Bulk", b"{"),
    Request("bulk: too many operations", "POST", "/Bulk",
            bulk(*[{"method": "DELETE", "path": f"/Users/{n}"} for n in range(1001)])),
    Request("bulk: GET", "GET", "/Bulk"),
    Request("bulk: delete", "POST", "/Bulk", bulk({"method": "DELETE", "path": "/Users/<kim>"})),
    Request("bulk: what was deleted", "GET", "/Users/<kim>"),
]
