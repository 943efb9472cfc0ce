"""HTTP/1.1 over TLS, byte by byte: what could be read in two ways is refused and ends the connection, all else is read in one.

The bytes of most cases hold a second request, STRAY, where a server that reads them otherwise would find it. A case fails
when more answers come than requests were sent, so a stray request that is answered is found whatever its answer is.
"""

import re
import socket

import pytest

from kit import *

PATH = "/scim/v2/Users"
STRAY = "GET /scim/v2/stray HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"framing@example.com"}'
CHUNKED = "Transfer-Encoding: chunked\r\n"
SERVED = {200, 201, 401, 404, 409}           # read as a request, and answered as such
BAD = {400}


@pytest.fixture(scope="module")
def served():
    """One gateway for all cases: none of them may end it."""
    gateway = Gateway().start()
    yield gateway, gateway.token()
    alive = gateway.process.poll() is None
    gateway.remove()
    assert alive, "expected the gateway to live through all cases"


def get(line: str = f"GET {PATH} HTTP/1.1", fields: str = "Host: localhost\r\n") -> str:
    return f"{line}\r\n{fields}"


def post(framing: str, body: str = "", version: str = "1.1") -> str:
    return (f"POST {PATH} HTTP/{version}\r\nHost: localhost\r\nAuthorization: Bearer TOKEN\r\n"
            f"Content-Type: application/scim+json\r\n{framing}\r\n{body}")


def with_token(head: str) -> str:
    return f"{head}Authorization: Bearer TOKEN\r\n"


def chunk(text: str) -> str:
    return f"{len(text):x}\r\n{text}\r\n"


def length(value) -> str:
    return f"Content-Length: {value}\r\n"


# What must be refused, and end the connection: bytes, and which statuses may say so; 0 is an end without an answer.
LENGTHS = {
    "length and chunks, as a length": (post(length(6) + CHUNKED, "0\r\n\r\nG" + STRAY), BAD),
    "length and chunks, as chunks": (post(CHUNKED + length(4), chunk(STRAY) + "0\r\n\r\n"), BAD),
    "two lengths that differ": (post(length(0) + length(50), STRAY), BAD),
    "a list of lengths that differ": (post(length("0, 50"), STRAY), BAD),
    "a plus sign": (post(length(f"+{len(BODY)}"), BODY), BAD),
    "below zero": (post(length(-1), BODY), BAD),
    "hexadecimal": (post(length("0x5d"), BODY), BAD),
    "a space within": (post(length("9 3"), BODY), BAD),
    "no number": (post(length(""), BODY), BAD),
    "more than 64 bits": (post(length("9" * 20), BODY), {400, 413}),
}
CODINGS = {
    "a space before the colon": (post("Transfer-Encoding : chunked\r\n", chunk(BODY) + "0\r\n\r\n"), BAD),
    "an unknown coding": (post("Transfer-Encoding: xchunked\r\n", chunk(BODY) + "0\r\n\r\n" + STRAY), {400, 501}),
    "chunked, then identity": (post(CHUNKED + "Transfer-Encoding: identity\r\n", "0\r\n\r\n" + STRAY), {400, 501}),
    "chunked that is not last": (post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n" + STRAY), {400, 501}),
    "a folded value": (post("Transfer-Encoding:\r\n chunked\r\n", chunk(BODY) + "0\r\n\r\n" + STRAY), BAD),
    "a vertical tab": (post("Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n" + STRAY), {400, 501}),
    "a parameter": (post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n" + STRAY), {400, 501}),
    "chunks in HTTP/1.0": (post(CHUNKED, "0\r\n\r\n" + STRAY, version="1.0"), BAD),
    "a coding that nobody decodes": (post("Transfer-Encoding: gzip, chunked\r\n", chunk("x") + "0\r\n\r\n"), {400, 415, 501}),
}
CHUNKS = {name: (post(CHUNKED, bytes_ + "0\r\n\r\n" + STRAY), {400, 413}) for name, bytes_ in {
    "size below zero": "-1\r\nx\r\n", "size with 0x": "0x5\r\nhello\r\n", "size with a plus": "+5\r\nhello\r\n",
    "size with an underscore": "1_0\r\n0123456789abcdef\r\n", "lines that end in LF alone": "5\nhello\n",
    "size of 68 bits": "f" * 17 + "\r\nx\r\n", "more than its size": "3\r\nhello\r\n", "LF alone behind a semicolon": "5;\nhello\r\n",
    "a control character in an extension": "5;a=\x01\r\nhello\r\n", "a space before the size": " 5\r\nhello\r\n",
    "no size": "\r\nhello\r\n", "CR alone": "5\rhello\r\n"}.items()} | {
    "a long extension": (post(CHUNKED, "5;" + "a" * 70000 + "\r\nhello\r\n0\r\n\r\n"), {400, 413, 431}),
    "many extensions": (post(CHUNKED, ("1;" + "a" * 30 + "\r\n{\r\n") * 20000), {400, 413}),
    "a large trailer section": (post(CHUNKED, chunk(BODY) + "0\r\n" + "".join(f"x-{i}: y\r\n" for i in range(5000)) + "\r\n"),
                                {400, 413, 431}),
}
FIELDS = {
    "a folded line": (get() + "X-A: 1\r\n folded\r\n\r\n", BAD),
    "lines that end in LF alone": (get().replace("\r\n", "\n") + "\n", BAD),
    "CR alone in a value": (get() + "X-A: a\rb\r\n\r\n", BAD),
    "NUL in a value": (get() + "X-A: a\x00b\r\n\r\n", BAD),
    "a control character in a name": (get() + "X\x01A: b\r\n\r\n", BAD),
    "a space before the colon": (get() + "X-A : b\r\n\r\n", BAD),
    "no name": (get() + ": b\r\n\r\n", BAD),
    "no colon": (get() + "garbage\r\n\r\n", BAD),
    "a first line that begins with a space": (get(fields=" Host: localhost\r\n") + "\r\n", BAD),
    "2,000 fields": (get() + "".join(f"x-{i}: y\r\n" for i in range(2000)) + "\r\n", {400, 431}),
    "a field of 70 kB": (get() + "X-A: " + "a" * 70000 + "\r\n\r\n", {400, 431}),
    "1 MB of fields": (get() + "".join(f"x-{i}: {'y' * 15000}\r\n" for i in range(70)) + "\r\n", {400, 431}),
    "no host": (with_token(get(fields="")) + "\r\n", BAD),
    "the host twice": (get() + "Host: localhost\r\n\r\n", BAD),
    "two hosts": (get() + "Host: evil.test\r\n\r\n", BAD),
    "a list of hosts": (get(fields="Host: localhost, evil.test\r\n") + "\r\n", {400, 421}),
    "a host with a user": (get(fields="Host: localhost@evil.test\r\n") + "\r\n", {400, 421}),
    "a host with a path": (get(fields="Host: localhost/x\r\n") + "\r\n", {400, 421}),
}
LINES = {
    "two spaces": (get(f"GET  {PATH} HTTP/1.1") + "\r\n", BAD),
    "tabs": (get(f"GET\t{PATH}\tHTTP/1.1") + "\r\n", BAD),
    "HTTP/0.9": (f"GET {PATH}\r\n", {400, 0}),
    "HTTP/2.0": (get(f"GET {PATH} HTTP/2.0") + "\r\n", {400, 505}),
    "http in small letters": (get(f"GET {PATH} http/1.1") + "\r\n", {400, 505}),
    "HTTP/2's preface": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505, 0}),
    "a method of 70 kB": (get("A" * 70000 + f" {PATH} HTTP/1.1") + "\r\n", {400, 405, 414, 431, 501}),
    "NUL in the target": (get(f"GET {PATH}\x00 HTTP/1.1") + "\r\n", BAD),
    "a fragment": (get(f"GET {PATH}#x HTTP/1.1") + "\r\n", BAD),
    "a target of 70 kB": (get(f"GET {PATH}?filter={'a' * 70000} HTTP/1.1") + "\r\n", {414, 431}),
    "100 MB announced, and 100 waited for": (post(length(100 * 1024 * 1024) + "Expect: 100-continue\r\n"), {401, 413, 417}),
}

# What is one request, or several, whatever is thought of it: bytes, statuses of the first answer, how many answers.
READ = {
    "the same length twice": (post(length(len(BODY)) * 2, BODY), BAD | SERVED, 1),
    "a length spelt with an underscore": (post("Content_Length: 50\r\n"), {400, 411} | SERVED, 1),
    "a token and a length in the trailer section": (post(CHUNKED, chunk(BODY) + "0\r\nAuthorization: Bearer other\r\nContent-Length: 9\r\n\r\n"),
                                                    BAD | SERVED, 1),
    "a host that is not served": (with_token(get(fields="Host: evil.test\r\n")) + "\r\n", {400, 421}, 1),
    "two tokens": (with_token(get()) + "Authorization: Bearer other\r\n\r\n", {400, 401}, 1),
    "an upgrade to h2c": (get() + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
                          BAD | SERVED, 1),
    "empty lines before a request": ("\r\n\r\n" + get() + "\r\n", BAD | SERVED, 1),
    "HTTP/1.2": (get(f"GET {PATH} HTTP/1.2") + "\r\n", {400, 505} | SERVED, 1),
    "a method in small letters": (get(f"get {PATH} HTTP/1.1") + "\r\n", {400, 401, 405, 501}, 1),
    "CONNECT": ("CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n", {400, 401, 405, 501}, 1),
    "TRACE": (with_token(get(f"TRACE {PATH} HTTP/1.1")) + "\r\n", {400, 401, 405, 501}, 1),
    "OPTIONS *": (get("OPTIONS * HTTP/1.1") + "\r\n", {200, 204, 400, 401, 404, 405}, 1),
    "an absolute target": (with_token(get(f"GET https://localhost{PATH} HTTP/1.1")) + "\r\n", BAD | SERVED, 1),
    "an absolute target elsewhere": (with_token(get(f"GET https://evil.test{PATH} HTTP/1.1")) + "\r\n", {400, 421}, 1),
    "bytes above ASCII in the target": (get(f"GET {PATH}/\xff\xfe HTTP/1.1") + "\r\n", {400, 401, 404}, 1),
    "a body of GET that is a request": (with_token(get()) + length(len(STRAY)) + "\r\n" + STRAY, BAD | SERVED, 1),
    "a body of DELETE that is a request": (with_token(get(f"DELETE {PATH}/x HTTP/1.1")) + length(len(STRAY)) + "\r\n" + STRAY,
                                           BAD | SERVED, 1),
    "HEAD": (with_token(get("HEAD /scim/v2/ServiceProviderConfig HTTP/1.1")) + "\r\n", {405} | SERVED, 1),
    "two requests in a row": ((with_token(get()) + "\r\n") * 2, SERVED, 2),
    "HTTP/1.0": (get(f"GET {PATH} HTTP/1.0") + "\r\n", {400, 505} | SERVED, 1),
    "another method in a field": (post("X-HTTP-Method-Override: DELETE\r\n" + length(len(BODY)), BODY), BAD | SERVED, 1),
    "an expectation that nobody knows": (post(length(len(BODY)) + "Expect: yes-please\r\n", BODY), SERVED | {417}, 1),
} | {f"{tail} behind the path": (with_token(get(f"GET {PATH}{tail} HTTP/1.1")) + "\r\n", {400, 401, 404}, 1) for tail in (
    "/%00", "/%0d%0aX:%20y", "/../Groups", "/%2e%2e%2fGroups", "/%c0%ae%c0%ae%c0%af", "/%zz", "\\Groups")}


class Answers:
    """All that came back on one connection."""

    def __init__(self, raw: bytes, closed: bool):
        self.raw, self.closed = raw, closed
        # A body of ours is JSON on one line: no status line can be part of one.
        found = [int(status) for status in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d{3})", raw)]
        self.statuses = [status for status in found if status != 100]

    @property
    def first(self) -> int:
        return self.statuses[0] if self.statuses else 0 if self.closed else -1


def asked(served, text: str, enough: int = 1000, seconds: float = 10) -> Answers:
    """What comes back until the connection is closed, or `enough` answers are here and no more follow at once."""
    gateway, token = served
    context = trusting()
    context.set_alpn_protocols(["http/1.1"])
    with socket.create_connection(("127.0.0.1", gateway.ports["commercial"]), seconds) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as sock:
            try:
                sock.sendall(text.replace("TOKEN", token).encode("latin1"))
            except OSError:
                pass                             # closed before all was sent: what it said is what counts
            came, closed = b"", False
            while True:
                try:
                    more = sock.recv(65536)
                except TimeoutError:
                    break
                except OSError:
                    more = b""
                closed = not more
                came += more
                if closed:
                    break
                if len(Answers(came, False).statuses) >= enough:
                    sock.settimeout(0.2)         # a stray request would be answered by now
    return Answers(came, closed)


@pytest.mark.parametrize("text, statuses", [
    pytest.param(*case, id=f"{kind}: {name}") for kind, cases in (
        ("length", LENGTHS), ("coding", CODINGS), ("chunk", CHUNKS), ("field", FIELDS), ("line", LINES))
    for name, case in cases.items()])
def test_what_could_be_read_in_two_ways_ends_the_connection(served, text, statuses):
    came = asked(served, text)

    assert came.first in statuses, f"expected {statuses}, got {came.statuses} and {came.raw[:300]}"
    assert len(came.statuses) <= 1, f"expected one answer, got {came.statuses}"
    assert came.closed, "expected the connection to be closed behind the answer"
    assert b"<html" not in came.raw.lower()


@pytest.mark.parametrize("text, statuses, count", [pytest.param(*case, id=name) for name, case in READ.items()])
def test_what_is_a_request_gets_one_answer(served, text, statuses, count):
    came = asked(served, text, enough=count)

    assert came.first in statuses, f"expected {statuses}, got {came.statuses} and {came.raw[:300]}"
    assert len(came.statuses) == count, f"expected {count} answer(s), got {came.statuses}"
    assert b"<html" not in came.raw.lower()


def test_the_connection_serves_on_behind_a_request_that_was_only_odd(served):
    odd = with_token(get()) + length(len(STRAY)) + "\r\n" + STRAY

    came = asked(served, odd + with_token(get()) + "\r\n", enough=2)

    assert came.statuses in ([200, 200], [400]), f"expected the body not to be read as a request, got {came.statuses}"
