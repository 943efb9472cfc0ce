"""A request that both servers get, and what they answer, in words that do not depend on the server.

`<ada>` in a request stands for the id that the server gave to what is called ada; `<ada version>` for the version that
it last showed. In an answer they stand there again, so that two answers can be compared.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from servers import Server

NAME = re.compile(r"<([a-z0-9]+)( version)?>")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")

# What people read, and each server words in its own way: RFC 7644 §3.12, RFC 7643 §6 and §7.
PROSE = ("detail", "description")


@dataclass(frozen=True)
class Request:
    """One request. Bytes are sent as they are, anything else as JSON."""

    name: str
    method: str
    path: str
    body: object = None
    query: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)
    keep: str = ""           # what the resource of the answer is called from now on
    ordered: bool = False    # the order of Resources is part of the answer


class Talk:
    """One server's side: what it calls whom, and which versions it has shown."""

    def __init__(self, server: Server):
        self.server = server
        self.ids: dict = {}        # name → id
        self.versions: dict = {}   # id → the version last shown
        self.known: dict = {}      # the same, as it was before the answer at hand
        self.asked = 0             # requests so far

    def ask(self, request: Request) -> dict:
        """Sends the request, and gives the answer in neutral words."""
        self.asked += 1
        self.known = dict(self.versions)
        path = self.filled(request.path)
        if request.query:
            path += "?" + urlencode(self.filled(request.query))
        headers = {"Accept": "application/scim+json"}
        body = request.body
        if body is not None:
            headers["Content-Type"] = "application/scim+json"
            body = body if isinstance(body, bytes) else json.dumps(self.filled(body), ensure_ascii=False).encode()
        try:
            response = self.server.send(request.method, path, body, headers | self.filled(request.headers))
        except httpx.TransportError as problem:   # of this request alone: the others are asked all the same
            return {"status": 0, "problem": str(problem)}
        return self.neutral(request, path, response)

    def filled(self, value: object) -> object:
        """With ids and versions where they are called."""
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        return NAME.sub(self.called, value) if isinstance(value, str) else value

    def called(self, name: re.Match) -> str:
        ident = self.ids.get(name[1], "no-such-id")
        return self.versions.get(ident, 'W/"no-such-version"') if name[2] else ident

    # -- answers ------------------------------------------------------------------------
    def neutral(self, request: Request, path: str, response: httpx.Response) -> dict:
        answer: dict = {"status": response.status_code}
        body = body_of(response)
        if response.content:
            answer["type"] = response.headers.get("content-type", "").partition(";")[0].strip()
            self.learn(request, response.status_code, body)
            answer["body"] = self.told(body)
            if request.ordered and "Resources" in body:
                answer["body"]["Resources"] = [self.told(resource) for resource in body["Resources"]]
        ident = body.get("id") or next((ident for ident in self.ids.values() if f"/{ident}" in path), "")
        if "etag" in response.headers and ident in self.ids.values():
            answer["etag"] = self.version(ident, response.headers["etag"])
        if response.status_code == 201:
            answer["location"] = self.told(response.headers.get("location", "none"))
        if response.status_code == 405:
            answer["allow"] = sorted(re.split(r"\s*,\s*", response.headers.get("allow", "none")))
        return answer

    def learn(self, request: Request, status: int, body: dict):
        """Whatever is made gets a name, the same on both servers."""
        if "id" in body and (request.keep or status == 201):
            self.ids[request.keep or f"made{self.asked}"] = body["id"]
        for number, operation in enumerate(body.get("Operations", [])):
            if operation.get("method") == "POST" and "location" in operation:
                self.ids[f"made{self.asked}x{number}"] = operation["location"].rpartition("/")[2]

    def told(self, value: object, holder: dict | None = None, key: str = "") -> object:
        """Ids, dates, versions and addresses as they are called; lists have no order (RFC 7643 §2.4)."""
        if isinstance(value, dict):
            holder = (holder or {}) if key == "meta" else value
            return {name: self.told(item, holder, name) for name, item in value.items()
                    if not self.is_free(name, value, holder)}
        if isinstance(value, list):
            return sorted((self.told(item) for item in value), key=order)
        if not isinstance(value, str):
            return value
        if key in PROSE and value:
            return "<text>"
        if key == "version":
            return self.version(ident_of(holder or {}), value)
        return "<date>" if DATE.fullmatch(value) else self.told_text(value)

    def is_free(self, name: str, value: dict, holder: dict) -> bool:
        """What a server may add or leave out."""
        if name == "version":   # of documents that describe the server: RFC 7644 §3.14
            return ident_of(holder) not in self.ids.values()
        if name == "caseExact":   # of what is no text: RFC 7643 §7
            return "multiValued" in value and value.get("type") in ("complex", "boolean")
        # Its own ways of the server, and pages that the reference does not have here: RFC 7643 §5, RFC 9865 §4.
        return name in ("documentationUri", "authenticationSchemes", "pagination") and "patch" in value

    def told_text(self, text: str) -> str:
        text = text.replace(self.server.base, "<base>")
        for name, ident in self.ids.items():
            text = text.replace(ident, f"<{name}>")
        return text

    def version(self, ident: str, version: str) -> str:
        """Versions are opaque: told is whether the resource had the same when it was last shown."""
        self.versions[ident] = version
        return "<same version>" if self.known.get(ident) == version else "<new version>"


def body_of(response: httpx.Response) -> dict:
    """The body as JSON; what is none differs from all that is."""
    try:
        return response.json() if response.content else {}
    except ValueError:
        return {"no JSON": response.text[:200]}


def ident_of(resource: dict) -> str:
    """Its id; a bulk response tells it by the location alone."""
    return resource.get("id") or resource.get("location", "").rpartition("/")[2]


def order(item: object) -> str:
    """Resources and attributes by what they are called, all else by what they hold."""
    name = (item.get("id") or item.get("name")) if isinstance(item, dict) else None
    return name if isinstance(name, str) else json.dumps(item, sort_keys=True)
