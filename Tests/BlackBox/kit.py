"""A gateway of one's own, its command line, and a client that speaks SCIM to it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import httpx

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TOKEN = r"sgw_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}"
SECONDS = 20.0   # within which anything that is to happen has happened

ACME = """version: 1
tenant: acme
display_name: Acme
profile: commercial
groups:
  - {id: head-office, display_name: Head office}
  - {id: branch, display_name: Branch}
connections:
  - {id: head-office, group: head-office, dialect: entra, attributes: learner}
"""


def tenant(name: str, profile: str = "commercial", extra: str = "") -> str:
    """A tenant file with one group, staff, and a connection of the same name."""
    return (f"version: 1\ntenant: {name}\nprofile: {profile}\n{extra}"
            "groups:\n  - {id: staff, display_name: Staff}\n"
            "connections:\n  - {id: staff, group: staff, dialect: entra, attributes: learner}\n")


def uid() -> str:
    return uuid.uuid4().hex[:16]


def learner(**over) -> dict:
    body = {"schemas": [USER, ENTERPRISE], "userName": f"learner.{uid()}@example.com", "active": True,
            "name": {"givenName": "Ada", "familyName": "Lovelace"}}
    body.update(over)
    return body


def replacing(**values) -> dict:
    """A PATCH without paths; its keys may be URNs."""
    return {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "value": values}]}


def eventually(truth, what: str, seconds: float = SECONDS):
    """Waits until truth() is something, and gives it."""
    until = time.monotonic() + seconds
    while True:
        found = truth()
        if found:
            return found
        assert time.monotonic() < until, f"expected within {seconds:.0f} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port below those that the kernel gives to clients."""
    while True:
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", random.randrange(12000, 32000)))
                return s.getsockname()[1]
            except OSError:
                continue


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=os.environ["SCIM_CA"])


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Client:
    """One connection of a provisioning client: a Tenant URL and a token."""

    def __init__(self, url: str, token: str | None):
        self.http = httpx.Client(base_url=url, verify=trusting(), timeout=10, headers={
            "Accept": "application/scim+json", **({"Authorization": f"Bearer {token}"} if token else {})})

    def request(self, method: str, path: str, body=None, **more) -> httpx.Response:
        headers = {"Content-Type": "application/scim+json"} if body is not None else {}
        headers.update(more.pop("headers", {}))
        return self.http.request(method, path, json=body, headers=headers, **more)

    def get(self, path: str, **more) -> httpx.Response:
        return self.request("GET", path, **more)

    def create(self, body: dict | None = None) -> dict:
        return expect(self.request("POST", "/Users", body or learner()), 201)

    def change(self, ident: str, **values) -> httpx.Response:
        return self.request("PATCH", f"/Users/{ident}", replacing(**values))

    def found(self, user_name: str) -> list:
        """The learners of that name."""
        page = expect(self.get("/Users", params={"filter": f'userName eq "{user_name}"'}), 200)
        assert page["totalResults"] == len(page.get("Resources") or []), f"a list that miscounts: {page}"
        return page.get("Resources") or []

    def status(self) -> int:
        return self.get("/Users", params={"count": "0"}).status_code


def expect(response: httpx.Response, *statuses: int):
    wanted = " or ".join(map(str, statuses))
    assert response.status_code in statuses, (
        f"{response.request.method} {response.request.url.path}: expected {wanted}, "
        f"got {response.status_code}: {response.text[:400]}")
    return response.json() if response.content else None


def groups_of(user: dict) -> list:
    return [group.get("display") for group in user.get("groups") or []]


class Gateway:
    """A gateway in a folder of its own: not running until start()."""

    def __init__(self, tenants: dict | None = None, profiles=("commercial",), settings: str = "",
                 certificate: tuple | None = None, certificates: dict | None = None, hosts: dict | None = None,
                 listener: str = "", under: list = (), watch: bool = False):
        """Listeners have a port each; with hosts, a list for each profile, they share one. listener: further lines.

        watch: whether changed files are taken up by themselves; else a test says when.

        under: the words of a command that starts the gateway by replacing itself, such as prlimit.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="gw."))
        port = free_port()
        self.ports = {profile: port if hosts else free_port() for profile in profiles}
        self.hosts = hosts or {profile: ["127.0.0.1", "localhost"] for profile in profiles}
        self.certificates, self.listener, self.under, self.watch = certificates or {}, listener, under, watch
        tls = Path(os.environ["SCIM_CA"]).parent
        self.certificate = certificate or (tls / "server.pem", tls / "server.key")
        self.config, self.log_file = self.folder / "gateway.yaml", self.folder / "gateway.log"
        self.data, self.process = self.folder / "data", None
        (self.folder / "tenants").mkdir()
        for name, text in (tenants if tenants is not None else {"acme": ACME}).items():
            self.write_tenant(name, text)
        self.write_settings(settings)

    # -- files ------------------------------------------------------------------
    def write_tenant(self, name: str, text: str):
        (self.folder / "tenants" / f"{name}.yaml").write_text(text)

    def write_settings(self, more: str = ""):
        listeners = "".join(self.listener_settings(profile) for profile in self.ports)
        demanding = [profile for profile in ("gcc-high", "dod") if profile in self.ports]
        if demanding and "profiles:" not in more:
            more += "profiles:\n" + "".join(
                f'  {profile}: {{fips: off, fips_off_reason: "black-box test"}}\n' for profile in demanding)
        self.config.write_text(
            f"version: 1\nlisteners:\n{listeners}"
            f"tenants: {{directory: '{self.folder}/tenants', watch: {str(self.watch).lower()}}}\n"
            f"storage: {{engine: sqlite, directory: '{self.data}'}}\n{more}")

    def listener_settings(self, profile: str) -> str:
        certificate, key = self.certificates.get(profile, self.certificate)
        hosts, port = self.hosts[profile], self.ports[profile]
        return (f"  - profile: {profile}\n    address: 127.0.0.1:{port}\n    public_url: https://{hosts[0]}:{port}\n"
                f"    hosts: [{', '.join(hosts)}]\n    certificate: '{certificate}'\n    key: '{key}'\n{self.listener}")

    # -- the process --------------------------------------------------------------
    def launch(self):
        """Starts the process and does not wait for it to listen."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*self.under, os.environ["GATEWAY_BINARY"], "serve", "-c", self.config, "--ready-file", ready],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})
        return self

    def start(self):
        self.launch()
        eventually(lambda: (self.folder / "ready").exists() or self.process.poll() is not None, "a listening gateway")
        assert self.process.poll() is None, f"the gateway ended with {self.process.returncode}:\n{self.log()[-3000:]}"
        return self

    def refuses_to_start(self) -> tuple:
        """The exit status and all that was said."""
        self.launch()
        try:
            status = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"expected a refusal to start, got a running gateway:\n{self.log()[-3000:]}") from None
        return status, self.log()

    def stop(self) -> int:
        if self.process is None:
            return 0
        self.process.terminate()
        return self.wait()

    def kill(self):
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        try:
            return self.process.wait(SECONDS)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def events(self, event: str) -> list:
        """The log's lines of that event."""
        lines = [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("event") == event]

    # -- the command line -----------------------------------------------------------
    def cli(self, *arguments, given: str = "") -> subprocess.CompletedProcess:
        """Runs a command with this gateway's settings, with this text on its stdin."""
        return subprocess.run(
            [os.environ["GATEWAY_BINARY"], *map(str, arguments), "-c", self.config], input=given,
            capture_output=True, text=True, timeout=60, env={**os.environ, "SWIFT_BACKTRACE": "enable=no"})

    def spawn(self, *arguments) -> subprocess.Popen:
        """Starts a command that goes on; the caller ends it."""
        return subprocess.Popen(
            [os.environ["GATEWAY_BINARY"], *map(str, arguments), "-c", self.config], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def done(self, *arguments) -> subprocess.CompletedProcess:
        """Runs a command that must succeed."""
        result = self.cli(*arguments)
        assert result.returncode == 0, (
            f"{' '.join(map(str, arguments))}: expected status 0, got {result.returncode}: {result.stderr[-1000:]}")
        return result

    def token(self, connection: str = "acme/head-office") -> str:
        return self.done("token", "create", connection).stdout.strip()

    # -- clients ----------------------------------------------------------------------
    def url(self, profile: str = "commercial") -> str:
        return f"https://127.0.0.1:{self.ports[profile]}/scim/v2"

    def client(self, token: str | None = None, profile: str = "commercial") -> Client:
        return Client(self.url(profile), token or self.token())

    def nobody(self, profile: str = "commercial") -> Client:
        return Client(self.url(profile), None)

    def listens(self, profile: str = "commercial") -> bool:
        with socket.socket() as s:
            s.settimeout(2)
            return s.connect_ex(("127.0.0.1", self.ports[profile])) == 0
