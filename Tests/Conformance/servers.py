"""The two servers that get the same requests: the gateway of deploy/with-gateway, and scim2-server from PyPI."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import httpx

SECONDS = 20.0   # within which the reference server listens, and any request is answered


class Server:
    """A SCIM server under its base URL, as one client with one token sees it."""

    def __init__(self, base: str, token: str, verify: ssl.SSLContext | bool = True):
        self.base = base
        self.http = httpx.Client(verify=verify, timeout=SECONDS, headers={"Authorization": f"Bearer {token}"})

    def send(self, method: str, path: str, body: bytes | None, headers: dict) -> httpx.Response:
        return self.http.request(method, self.base + path, content=body, headers=headers)

    def empty(self):
        """Deletes all users and groups. A server that is gone tells by what it answers afterwards."""
        with contextlib.suppress(httpx.TransportError):
            for kind in ("/Groups", "/Users"):
                for resource in self.send("GET", f"{kind}?count=1000", None, {}).json().get("Resources", []):
                    self.send("DELETE", f"{kind}/{resource['id']}", None, {})


def gateway() -> Server:
    """The connection `full`, of dialect generic."""
    trust = ssl.create_default_context(cafile=os.environ["SCIM_CA"])
    return Server(os.environ["SCIM_BASE_URL"], os.environ["SCIM_TOKEN_FULL"], trust)


@contextlib.contextmanager
def reference():
    """scim2-server on a free port of 127.0.0.1, for as long as the block lasts."""
    token, port = secrets.token_hex(16), free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [os.path.join(os.path.dirname(sys.executable), "scim2-server"), "--port", str(port), "--bearer-token", token],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for(port, process, log)
            yield Server(f"http://127.0.0.1:{port}/v2", token)
        finally:
            process.terminate()
            process.wait(SECONDS)


def wait_for(port: int, process: subprocess.Popen, log):
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    log.seek(0)
    raise RuntimeError(f"scim2-server does not listen:\n{log.read().decode(errors='replace')[-2000:]}")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
