"""What a stranger can send before and inside TLS: the gateway ends the connection or serves it, soon, and serves others meanwhile."""

import struct
import threading

import pytest
from tlslite import api as tlslite
from tlslite.messages import Alert

from kit import *

HANDSHAKE, ALERT, APPLICATION = 22, 21, 23
RECORD = 1 << 14      # bytes of a record, at most (RFC 8446 §5.1)
ENDS_WITHIN = 5.0     # seconds: half of what a handshake may take


def records(kind: int, content: bytes, size: int = RECORD) -> bytes:
    """Content as plaintext records of that size."""
    parts = [content[start:start + size] for start in range(0, len(content), size)]
    return b"".join(struct.pack(">BHH", kind, 0x0303, len(part)) + part for part in parts)


def client_side(version: ssl.TLSVersion | None = None):
    """A client that speaks to memory: what it wants to send, what it has received, and its TLS."""
    context = trusting()
    if version is not None:
        context.minimum_version = context.maximum_version = version
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    return context.wrap_bio(received, sent, server_hostname="localhost"), received, sent


def client_hello() -> bytes:
    """The handshake message of an ordinary client, without its record."""
    tls, _, sent = client_side()
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return sent.read()[5:]


def padded(hello: bytes, size: int) -> bytes:
    """The same ClientHello, its padding extension (RFC 7685) another, so that it is so many bytes long."""
    at = 4 + 2 + 32                              # message head, version, random
    at += 1 + hello[at]                          # session id
    at += 2 + int.from_bytes(hello[at:at + 2])   # suites
    at += 1 + hello[at]                          # compression
    extensions, kept = hello[at + 2:], b""
    while extensions:
        kind, length = struct.unpack(">HH", extensions[:4])
        kept += extensions[:4 + length] if kind != 21 else b""
        extensions = extensions[4 + length:]
    padding = size - (at + 2 + len(kept)) - 4
    extensions = kept + struct.pack(">HH", 21, padding) + bytes(padding)
    body = hello[4:at] + struct.pack(">H", len(extensions)) + extensions
    return hello[:1] + len(body).to_bytes(3) + body


def connect(gateway) -> socket.socket:
    stranger = socket.create_connection(("127.0.0.1", gateway.ports["commercial"]), timeout=ENDS_WITHIN)
    stranger.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return stranger


def send(stranger: socket.socket, content: bytes):
    try:
        stranger.sendall(content)
    except (BrokenPipeError, ConnectionResetError):
        pass   # it was ended: that is for the test to see


def answer(stranger: socket.socket, size: int = 1) -> bytes:
    """What comes back, so many bytes or until the end; nothing when the connection was ended without a word."""
    got = b""
    try:
        while len(got) < size:
            more = stranger.recv(65536)
            if not more:
                break
            got += more
    except ConnectionResetError:
        pass
    return got


def ended(stranger: socket.socket) -> bytes:
    """All that comes until the gateway ends the connection; fails when it does not."""
    return answer(stranger, 1 << 30)


class Neighbour(threading.Thread):
    """A client with a good connection, who goes on asking."""

    def __init__(self, gateway):
        super().__init__(daemon=True)
        self.client, self.answers, self.ends = gateway.client(), [], threading.Event()
        assert self.client.status() == 200

    def run(self):
        while not self.ends.is_set():
            began = time.monotonic()
            self.answers.append((self.client.status(), time.monotonic() - began))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.join(SECONDS)
        assert self.answers and {status for status, _ in self.answers} == {200}, "expected a neighbour that is served"
        assert max(took for _, took in self.answers) < 2, "expected a neighbour that does not wait"


# -- a ClientHello of 64 KiB ---------------------------------------------------------

@pytest.mark.parametrize("size", [1 << 12, (1 << 16) - 1, 1 << 16, (1 << 16) + 64])
def test_a_large_client_hello_is_answered_or_refused_at_once(gateway, size):
    hello = padded(client_hello(), size)
    assert len(hello) == size
    with Neighbour(gateway), connect(gateway) as stranger:
        send(stranger, records(HANDSHAKE, hello))

        first = answer(stranger)

    assert first[:1] in (b"", bytes([HANDSHAKE]), bytes([ALERT])), "expected a ServerHello, an alert, or the end"
    if size == 1 << 12:
        assert first[:1] == bytes([HANDSHAKE]), "expected an ordinary ClientHello to be answered"


def test_many_large_client_hellos_hold_no_memory(gateway):
    def resident() -> int:
        return int((Path("/proc") / str(gateway.process.pid) / "statm").read_text().split()[1]) * 4096
    hello = records(HANDSHAKE, padded(client_hello(), 1 << 16))
    before = resident()
    with Neighbour(gateway):
        strangers = [connect(gateway) for _ in range(40)]
        for stranger in strangers:
            send(stranger, hello[:-1])   # one byte is missing for good
        grown = resident() - before
        for stranger in strangers:
            stranger.close()

    assert grown < 40 * (1 << 20), f"expected less than a MiB for each, got {grown} bytes"
    assert gateway.client().status() == 200


# -- records of one byte --------------------------------------------------------------

@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_whose_records_hold_one_byte_is_served(gateway, version):
    token = gateway.token()
    with Neighbour(gateway), connect(gateway) as peer:
        tls, received, sent = client_side(version)

        def flush(size: int):
            """What the client wants to send; the records of its first message are cut."""
            content = sent.read()
            if content[:1] == bytes([HANDSHAKE]) and size < RECORD:
                content = records(HANDSHAKE, content[5:], size)
            send(peer, content)

        def step(action, size: int = RECORD):
            while True:
                try:
                    return action()
                except ssl.SSLWantReadError:
                    flush(size)
                    size = RECORD      # what follows may be encrypted, and is not ours to cut
                    more = peer.recv(65536)
                    assert more, "expected a connection that stays"
                    received.write(more)

        step(tls.do_handshake, 1)
        flush(RECORD)
        request = (f"GET /scim/v2/Users?count=0 HTTP/1.1\r\nHost: localhost:{gateway.ports['commercial']}\r\n"
                   f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n")
        for byte in request.encode():
            tls.write(bytes([byte]))
            flush(RECORD)

        first = step(lambda: tls.read(4096))

    assert first.startswith(b"HTTP/1.1 200"), first[:200]


# -- alerts -----------------------------------------------------------------------------

WARNING = bytes([1, 90])   # user_canceled, of level "warning"


@pytest.mark.parametrize("begins", [b"", "hello"], ids=["before a ClientHello", "after half of one"])
@pytest.mark.parametrize("size", [2, 1], ids=["whole", "in halves"])
def test_a_flood_of_warnings_ends_the_connection(gateway, begins, size):
    with Neighbour(gateway), connect(gateway) as stranger:
        if begins:
            send(stranger, records(HANDSHAKE, client_hello()[:100]))
        send(stranger, records(ALERT, WARNING * 10_000, size))

        rest = ended(stranger)

    assert len(rest) < 100, "expected an end, with an alert at most"


def test_a_flood_of_warnings_inside_tls_1_2_ends_the_connection(gateway):
    with Neighbour(gateway), connect(gateway) as stranger:
        peer = tlslite.TLSConnection(stranger)
        settings = tlslite.HandshakeSettings()
        settings.minVersion = settings.maxVersion = (3, 3)
        peer.handshakeClientCert(settings=settings, serverName="localhost")
        try:
            for _ in range(10_000):
                for _ in peer._sendMsg(Alert().create(90, 1)):
                    pass
        except (OSError, tlslite.TLSError):
            pass   # it was ended

        rest = ended(stranger)

    assert len(rest) < 1_000, "expected an end, with an alert at most"
