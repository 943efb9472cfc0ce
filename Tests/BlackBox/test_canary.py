"""Nothing that a person or a client sent gets into a log, and no error repeats it: every refusal is provoked with
marked values, and all output is searched for the marks."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

from kit import *

SETTINGS = "log: {level: debug}\nlimits: {requests_per_second: 25, burst: 25, queue_time: 1s}\n"
TENANTS = {"acme": ACME, "globex": tenant("globex", extra="status: paused\n")}


class Marks:
    """Values that can be told from anything else, one for each place that they are put in."""

    def __init__(self):
        self.made: dict = {}

    def __call__(self, place: str) -> str:
        return self.made.setdefault(place, f"canary{uid()}")

    def found_in(self, text: str) -> list:
        lowered = text.lower()
        return sorted(place for place, mark in self.made.items() if mark.lower() in lowered)


class Provoked:
    """The answers, by status."""

    def __init__(self, marks: Marks):
        self.marks, self.by_status, self.repeating = marks, {}, []

    def __call__(self, response, wanted: int):
        assert response.status_code == wanted, (
            f"{response.request.method} {response.request.url}: expected {wanted}, got {response.status_code}: {response.text[:300]}")
        self.note(wanted, response.content)

    def note(self, status: int, body: bytes):
        self.by_status.setdefault(status, []).append(body)
        if status >= 400:
            self.repeating += [f"{status} repeats {place}" for place in self.marks.found_in(body.decode(errors="replace"))]


def marked_learner(marks: Marks, **over) -> dict:
    return learner(**{
        "userName": f"{marks('userName')}@example.com", "externalId": marks("externalId"),
        "name": {"givenName": marks("givenName"), "familyName": marks("familyName")}, "title": marks("dropped value"),
        marks("unknown attribute"): marks("unknown value"),
        ENTERPRISE: {"department": marks("department"), "manager": {"value": marks("manager")}}, **over})


def provoke_bodies(client: Client, marks: Marks, provoked: Provoked):
    """201, 200, 304, and what a body can do wrong: 400, 409, 413, 415."""
    marked = {"X-Marked": marks("header value"), "User-Agent": marks("user agent")}
    made = expect(client.request("POST", "/Users", marked_learner(marks), headers=marked), 201)
    user = f"/Users/{made['id']}"
    provoked(client.get(user, headers={**marked, "If-None-Match": made["meta"]["version"]}), 304)
    provoked(client.request("POST", "/Users", marked_learner(marks)), 409)
    provoked(client.request("POST", "/Users", marked_learner(marks, userName=f"{marks('second userName')}@example.com")), 409)
    provoked(client.request("POST", "/Users", learner(userName=marks("bad userName"))), 400)
    provoked(client.request("POST", "/Users", learner(active=marks("bad boolean"))), 400)
    provoked(client.request("POST", "/Users", learner(locale=marks("too long") * 100)), 400)
    for operation in ({"op": "replace", "path": "id", "value": marks("read-only")},
                      {"op": marks("operation"), "path": "locale", "value": "x"},
                      {"op": "add", "path": f"name[familyName eq \"{marks('path literal')}", "value": "x"},
                      {"op": "replace", "path": "active", "value": marks("patched boolean")}):
        provoked(client.request("PATCH", user, {"schemas": [PATCH_OP], "Operations": [operation]}), 400)
    provoked(client.request("PATCH", user, replacing(locale="x"), headers={"If-Match": f'W/"{marks("version")}"'}), 412)
    json_type = {"Content-Type": "application/scim+json"}
    provoked(client.request("POST", "/Users", content=f'{{"userName": "{marks("broken JSON")}'.encode(), headers=json_type), 400)
    twice = f'{{"userName": "{marks("twice")}@example.com", "userName": "{marks("twice")}@example.com"}}'
    provoked(client.request("POST", "/Users", content=twice.encode(), headers=json_type), 400)
    large = f'{{"userName": "{marks("large")}{" " * 1_100_000}"}}'
    provoked(client.request("POST", "/Users", content=large.encode(), headers=json_type), 413)
    provoked(client.request("POST", "/Users", content=marks("plain text").encode(), headers={"Content-Type": f"text/{marks('type')}"}), 415)


def provoke_bulk(client: Client, marks: Marks, provoked: Provoked):
    """What the operations of a bulk request can do wrong: errors inside a 200."""
    post = {"method": "POST", "path": "/Users"}
    nobody = f"bulkId:{marks('bulkId')}{'x' * 100}"
    operations = [
        {**post, "bulkId": "1", "data": learner(userName=marks("bad userName in a bulk"))},
        {**post, "bulkId": "2", "data": learner(**{ENTERPRISE: {"manager": nobody}})},
        {**post, "path": f"/{marks('bulk path')}", "bulkId": "3", "data": {}},
        {**post, "data": learner(title=marks("data without bulkId"))},
        {"method": marks("bulk method"), "path": "/Users/1"},
        {"method": "DELETE", "path": f"/Users/{marks('bulk id')}", "version": marks("bulk version")},
        {"method": "PATCH", "path": "/Users/1", "data": {"Operations": [{"op": marks("bulk op"), "value": nobody}]}}]
    answer = expect(client.request("POST", "/Bulk", {"Operations": operations}), 200)
    assert [op["status"] for op in answer["Operations"]] == ["400", "409", "404", "400", "400", "404", "409"]
    for operation in answer["Operations"]:
        provoked.note(int(operation["status"]), json.dumps(operation["response"]).encode())
    provoked(client.request("POST", "/Bulk", {"Operations": marks("bulk operations")}), 400)
    provoked(client.request("POST", "/Bulk", {"Operations": [], "failOnErrors": marks("failOnErrors")}), 400)


def provoke_queries(client: Client, marks: Marks, provoked: Provoked):
    """What a query or a path can do wrong: 400, 404, 405, 403, 501, 421."""
    for literal in (f'userName eq {marks("bare filter literal")}', f'userName eq "{marks("open filter literal")}'):
        provoked(client.get("/Users", params={"filter": literal}), 400)
    provoked(client.get("/Users", params={"filter": f'userName eq "{marks("filter literal")}@example.com"'}), 200)
    provoked(client.get("/Users", params={"filter": f'{ENTERPRISE}:department co "{marks("scan literal")}"', "x": marks("parameter")}), 200)
    provoked(client.get("/Users", params={"count": marks("count")}), 400)
    provoked(client.get("/Users/00000000-0000-4000-8000-000000000000", params={"attributes": marks("attributes")}), 404)
    provoked(client.get("/Nothing", params={"q": marks("lost query")}), 404)
    provoked(client.request("DELETE", "/Users", params={"q": marks("deleting query")}), 405)
    provoked(client.request("POST", "/Groups", {"displayName": marks("group name")}), 403)
    provoked(client.get("/Me", params={"q": marks("query of Me")}), 501)
    provoked(client.get("/Users", headers={"Host": f"{marks('host')}.test"}), 421)


def provoke_tokens(gateway: Gateway, marks: Marks, provoked: Provoked, token: str):
    """401 in every way, and 503 of a paused tenant."""
    damaged = token[:-6] + ("000000" if token[-6:] != "000000" else "111111")
    marks.made.update({"token": token.split("_")[2], "secret of the token": token.split("_")[2][:43]})
    for authorization in (f"Bearer {marks('no token at all')}", f"Basic {marks('basic')}", f"Bearer {damaged}",
                          f"Bearer {token[:-3]}", f"Bearer Bearer {token}", f"Bearer sgw_{uid()[:8]}_{marks('unknown token')}"):
        provoked(gateway.nobody().get("/Users", headers={"Authorization": authorization}), 401)
    provoked(gateway.nobody().get("/Users", params={"access_token": token}), 401)
    paused = gateway.token("globex/staff")
    marks.made["token of the paused tenant"] = paused.split("_")[2]
    provoked(gateway.client(paused).get("/Users", params={"q": marks("query while paused")}), 503)


def provoke_flood(gateway: Gateway, marks: Marks, provoked: Provoked, token: str):
    """429: more than the ceiling allows, for longer than the queue waits."""
    clients = [gateway.client(token) for _ in range(40)]

    def request(n):
        return clients[n % 40].get("/Users", params={"filter": f'userName eq "{marks("flood")}"', "count": "0"})

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(request, range(400)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused, "expected 429 above the ceiling"
    assert all("retry-after" in answer.headers for answer in refused)
    for answer in answers:
        provoked.note(answer.status_code, answer.content)


def provoke_wire(gateway: Gateway, marks: Marks, provoked: Provoked, token: str):
    """What only raw bytes can do: 400, 408, 417, 431."""
    port = gateway.ports["commercial"]
    marked = marks("raw header")
    head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nX-Marked: {marked}\r\n"
    typed = head + "Content-Type: application/scim+json\r\n"
    requests = {
        "two lengths": (f"POST /scim/v2/Users HTTP/1.1\r\n{typed}Content-Length: 4\r\nContent-Length: 5\r\n\r\n{marks('raw body')}", 400),
        "bare name": (f"GET /scim/v2/Users?{marks('raw query')} HTTP/1.1\r\n{head}{marks('field without colon')}\r\n\r\n", 400),
        "large header": (f"GET /scim/v2/Users HTTP/1.1\r\n{head}X-Large: {marks('large header') * 900}\r\n\r\n", 431),
        "expectation": (f"POST /scim/v2/Users HTTP/1.1\r\n{typed}Content-Length: 2\r\nExpect: {marks('expectation')}\r\n\r\n", 417),
        "slow body": (f"POST /scim/v2/Users HTTP/1.1\r\n{typed}Content-Length: 900\r\n\r\n{{\"userName\":\"{marks('slow body')}", 408),
    }

    def send(case):
        text, _ = case
        with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
            with trusting().wrap_socket(plain, server_hostname="127.0.0.1") as wire:
                answer = b""
                try:
                    wire.sendall(text.encode())
                    while chunk := wire.recv(65536):
                        answer += chunk
                except OSError:
                    pass   # cut off while we still sent: what came until then counts
                return answer

    with ThreadPoolExecutor(len(requests)) as pool:
        answers = dict(zip(requests, pool.map(send, requests.values())))
    for name, (_, wanted) in requests.items():
        assert answers[name].startswith(b"HTTP/1.1 %d " % wanted), f"{name}: expected {wanted}, got {answers[name][:200]!r}"
        provoked.note(wanted, answers[name].partition(b"\r\n\r\n")[2])


def test_no_log_line_and_no_error_holds_what_was_sent(make_gateway):
    gateway = make_gateway(tenants=TENANTS, settings=SETTINGS).start()
    marks, token = Marks(), gateway.token()
    provoked, client = Provoked(marks), gateway.client(token)

    provoke_bodies(client, marks, provoked)
    provoke_bulk(client, marks, provoked)
    provoke_queries(client, marks, provoked)
    provoke_tokens(gateway, marks, provoked, token)
    provoke_wire(gateway, marks, provoked, token)
    provoke_flood(gateway, marks, provoked, token)
    gateway.stop()

    missing = {400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 417, 421, 429, 431, 501, 503} - provoked.by_status.keys()
    assert not missing, f"expected every error to be provoked, missing {sorted(missing)}"
    log = gateway.log()
    assert log.count("request.done") > 20, "expected the requests to be in the log"
    assert marks.found_in(log) == [], "expected no mark in the log"
    assert sorted(set(provoked.repeating)) == [], "expected no error to repeat a value"


def test_a_mark_would_be_found():
    marks = Marks()
    line = json.dumps({"url": f"/Users?filter={marks('filter').upper()}"})

    assert marks.found_in(line) == ["filter"] and Marks().found_in(line) == []


def test_an_import_leaves_no_value_in_the_log_either(make_gateway):
    gateway, mark = make_gateway(settings="log: {level: debug}\n").start(), f"canary{uid()}"
    file = gateway.folder / "people.csv"
    file.write_text(f"userName,givenName\n{mark}@example.com,{mark}\n{mark},{mark}\n")

    result = gateway.cli("user", "import", "acme", file, "--group", "branch")
    gateway.stop()

    assert result.returncode != 0 and ":3:" in result.stderr
    assert mark not in result.stderr + result.stdout + gateway.log()
