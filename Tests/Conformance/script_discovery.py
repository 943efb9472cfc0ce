"""What the server tells of itself, and addresses and methods that it does not have."""

from exchange import Request
from vocabulary import *

REQUESTS = [
    Request("service provider config", "GET", "/ServiceProviderConfig"),
    Request("resource types", "GET", "/ResourceTypes"),
    Request("resource type of users", "GET", "/ResourceTypes/User"),
    Request("resource type of groups", "GET", "/ResourceTypes/Group"),
    Request("unknown resource type", "GET", "/ResourceTypes/Robot"),
    Request("schemas", "GET", "/Schemas"),
    Request("schema of users", "GET", f"/Schemas/{USER}"),
    Request("schema of groups", "GET", f"/Schemas/{GROUP}"),
    Request("schema of the extension", "GET", f"/Schemas/{ENTERPRISE}"),
    Request("unknown schema", "GET", "/Schemas/urn:example:unknown"),
    *[Request(f"filter on {path}", "GET", path, query={"filter": 'id eq "User"'})
      for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")],
    *[Request(f"{method} {path}", method, path, {} if method in ("POST", "PUT", "PATCH") else None)
      for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Schemas/" + USER)
      for method in ("POST", "PUT", "PATCH", "DELETE")],
    Request("Me", "GET", "/Me"),
    Request("create Me", "POST", "/Me", user("me")),
    Request("patch Me", "PATCH", "/Me", patch(op("remove", "title"))),
    Request("delete Me", "DELETE", "/Me"),
    Request("an unknown endpoint", "GET", "/Robots"),
    Request("create at an unknown endpoint", "POST", "/Robots", user("x")),
    Request("below a user", "GET", "/Users/2819c223-7f76-453a-919d-413861904646/emails"),
    Request("post to a user", "POST", "/Users/2819c223-7f76-453a-919d-413861904646", user("x")),
    Request("without a token", "GET", "/Users", headers={"Authorization": ""}),
    Request("with a wrong token", "GET", "/Users", headers={"Authorization": "Bearer wrong"}),
    Request("with a token of another scheme", "GET", "/Users", headers={"Authorization": "Basic d3Jvbmc6d3Jvbmc="}),
    Request("discovery without a token", "GET", "/ServiceProviderConfig", headers={"Authorization": ""}),
]
