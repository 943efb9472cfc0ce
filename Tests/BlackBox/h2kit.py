"""A raw HTTP/2 client: frames out as given, frames in as they come. Header blocks are hpack's, all else is by hand."""

from __future__ import annotations

import socket
import ssl
import struct
import time

import hpack

from kit import trusting

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS, PADDED, WITH_PRIORITY = 0x1, 0x1, 0x4, 0x8, 0x20
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = range(1, 6)
CODES = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
         "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
         "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"]


def frame(kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + struct.pack("!I", stream) + payload


def settings(*entries) -> bytes:
    return frame(SETTINGS, payload=b"".join(struct.pack("!HI", *entry) for entry in entries))


def number(value: int) -> bytes:
    return struct.pack("!I", value)


def window_update(stream: int, by: int) -> bytes:
    return frame(WINDOW_UPDATE, 0, stream, number(by))


def reset(stream: int, code: int = 8) -> bytes:
    return frame(RST_STREAM, 0, stream, number(code))


def priority(stream: int, parent: int = 0) -> bytes:
    return frame(PRIORITY, 0, stream, number(parent) + b"\x0f")


def literal(name: bytes, value: bytes) -> bytes:
    """A field that no table keeps, both texts shorter than 127 bytes (RFC 7541 §6.2.3)."""
    return b"\x10" + bytes([len(name)]) + name + bytes([len(value)]) + value


class Frame:
    def __init__(self, kind: int, flags: int, stream: int, payload: bytes):
        self.kind, self.flags, self.stream, self.payload = kind, flags, stream, payload
        self.fields = None                          # of HEADERS, decoded

    @property
    def code(self) -> str:
        """The error code of RST_STREAM and GOAWAY."""
        at = 4 if self.kind == GOAWAY else 0
        return CODES[struct.unpack("!I", self.payload[at:at + 4])[0]]

    @property
    def last(self) -> int:
        return struct.unpack("!I", self.payload[:4])[0]

    def __repr__(self):
        code = f" {self.code}" if self.kind in (RST_STREAM, GOAWAY) else ""
        return f"<{self.kind} on {self.stream}, flags {self.flags:#x}, {len(self.payload)} bytes{code}>"


class Answer:
    """What came on one stream."""

    def __init__(self):
        self.status, self.fields, self.body, self.ended, self.reset = None, {}, b"", False, None
        self.interim = []

    def take(self, found: Frame):
        if found.kind == RST_STREAM:
            self.reset = found.code
        elif found.kind == HEADERS and found.fields[":status"] == "100":
            self.interim.append(100)
        elif found.kind == HEADERS:
            self.status, self.fields = int(found.fields[":status"]), found.fields
        elif found.kind == DATA:
            self.body += found.payload
        if found.kind in (HEADERS, DATA) and found.flags & END_STREAM:
            self.ended = True

    def __repr__(self):
        return f"<status {self.status}, ended {self.ended}, reset {self.reset}, body {self.body[:200]}>"


class Connection:
    """One connection that has agreed on h2; greets() does what each client does first."""

    def __init__(self, port: int, token: str, seconds: float = 5.0):
        context = trusting()
        context.set_alpn_protocols(["h2"])
        sock = socket.create_connection(("127.0.0.1", port), seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = context.wrap_socket(sock, server_hostname="localhost")
        assert self.sock.selected_alpn_protocol() == "h2", "expected ALPN to agree on h2"
        self.port, self.token, self.seconds = port, token, seconds
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.buffer, self.closed, self.frames, self.streams = b"", False, [], {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    # -- sending --------------------------------------------------------------------
    def greet(self, *entries):
        """Preface, SETTINGS, and the acknowledgement of the gateway's."""
        self.send(PREFACE, settings(*entries))
        self.until(lambda f: f.kind == SETTINGS and not f.flags & ACK, "the gateway's SETTINGS")
        self.send(frame(SETTINGS, ACK))
        self.until(lambda f: f.kind == SETTINGS and f.flags & ACK, "the acknowledgement of ours")
        return self

    def send(self, *parts: bytes):
        """Nothing happens when the gateway has closed: what it said before is what counts."""
        try:
            self.sock.settimeout(self.seconds)
            self.sock.sendall(b"".join(parts))
        except OSError:
            pass
        return self

    def fields(self, method="GET", path="/scim/v2/Users?count=0", authority=None, more=(), token=True) -> list:
        head = [(":method", method), (":scheme", "https"), (":authority", authority or f"127.0.0.1:{self.port}"),
                (":path", path)]
        return head + ([("authorization", f"Bearer {self.token}")] if token else []) + list(more)

    def request(self, stream: int, flags: int = END_STREAM | END_HEADERS, **more) -> bytes:
        return self.headers(stream, self.fields(**more), flags)

    def post(self, stream: int, more=(), flags: int = END_HEADERS) -> bytes:
        """The head of a POST whose body is to follow."""
        more = [("content-type", "application/scim+json"), *more]
        return self.request(stream, flags, method="POST", path="/scim/v2/Users", more=more)

    def headers(self, stream: int, fields, flags: int = END_STREAM | END_HEADERS) -> bytes:
        return frame(HEADERS, flags, stream, self.block(fields))

    def block(self, fields) -> bytes:
        return self.encoder.encode(fields)

    # -- receiving --------------------------------------------------------------------
    def next(self, seconds: float | None = None) -> Frame | None:
        """The next frame; None when the connection is closed or the time is over. 0 seconds: what is here already."""
        deadline = time.monotonic() + (self.seconds if seconds is None else seconds)
        while True:
            if len(self.buffer) >= 9:
                length = int.from_bytes(self.buffer[:3], "big")
                if len(self.buffer) >= 9 + length:
                    found = Frame(self.buffer[3], self.buffer[4], struct.unpack("!I", self.buffer[5:9])[0],
                                  self.buffer[9:9 + length])
                    self.buffer = self.buffer[9 + length:]
                    if found.kind == HEADERS:
                        found.fields = dict(self.decoder.decode(found.payload))
                    self.frames.append(found)
                    self.streams.setdefault(found.stream, Answer()).take(found)
                    return found
            left = deadline - time.monotonic()
            if self.closed or left <= 0 and seconds != 0:
                return None
            self.sock.settimeout(max(left, 0))
            try:
                more = self.sock.recv(65536)
            except (TimeoutError, ssl.SSLWantReadError):
                return None
            except OSError:
                more = b""
            self.closed = not more
            self.buffer += more

    def until(self, wanted, what: str, seconds: float | None = None) -> Frame:
        """The first frame that is wanted."""
        seen = []
        while found := self.next(seconds):
            if wanted(found):
                return found
            seen.append(found)
        end = "the connection was closed" if self.closed else "nothing more came"
        raise AssertionError(f"expected {what}; {end} after {seen}")

    # -- what the gateway must do --------------------------------------------------------
    def answer(self, stream: int, seconds: float | None = None) -> Answer:
        """An answer to its end."""
        answer = self.streams.setdefault(stream, Answer())
        while not answer.ended:
            assert answer.reset is None, f"expected an answer on stream {stream}, got RST_STREAM {answer.reset}"
            assert self.next(seconds), (f"expected an answer on stream {stream}, got {answer}; "
                                        f"{'closed' if self.closed else 'nothing more came'} after {self.frames[-20:]}")
        return answer

    def status(self, stream: int) -> int:
        return self.answer(stream).status

    def is_reset(self, stream: int, code: str, seconds: float | None = None):
        """A stream error: this stream, and no other, ends; the connection goes on."""
        found = self.until(lambda f: f.stream == stream and f.kind == RST_STREAM or f.kind == GOAWAY,
                           f"RST_STREAM {code}", seconds)
        assert (found.kind, found.code) == (RST_STREAM, code), f"expected RST_STREAM {code}, got {found}"
        self.goes_on()

    def is_ended(self, code: str, seconds: float | None = None) -> Frame:
        """A connection error: GOAWAY, then the end."""
        found = self.until(lambda f: f.kind == GOAWAY, f"GOAWAY {code}", seconds)
        assert found.code == code, f"expected GOAWAY {code}, got {found}"
        while self.next():
            pass
        assert self.closed, "expected the connection to be closed behind GOAWAY"
        return found

    def goes_on(self):
        """The connection serves: a ping comes back."""
        self.send(frame(PING, payload=b"goes on?"))
        self.until(lambda f: f.kind == PING and f.flags & ACK and f.payload == b"goes on?", "an answer to PING")
