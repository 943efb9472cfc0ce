"""A gateway of its own for a part: settings, tenants with tokens that follow from their numbers, start and end."""

from __future__ import annotations

import datetime
import hashlib
import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from failure import NotMeasured
from processes import end, free_port

sys.path.append(str(Path(__file__).resolve().parents[3] / "deploy" / "fixture"))
from tokens import token  # noqa: E402  the fixture's: a token that follows from its public id

SETTINGS = """version: 1
listeners:
  - profile: commercial
    address: 127.0.0.1:{port}
    public_url: https://127.0.0.1:{port}
    hosts: [localhost, 127.0.0.1]
    certificate: '{tls}/server.pem'
    key: '{tls}/server.key'
tenants: {{directory: '{folder}/tenants'}}
storage: {{engine: sqlite, directory: '{data}', open_tenants: {open_tenants}}}
admin: {{socket: '{socket}'}}
limits: {{requests_per_second: 1000000, burst: 1000000, connections_per_address: 5000}}
"""

TENANT = """version: 1
tenant: {name}
display_name: Tenant {name}
profile: commercial
{groups}connections:
  - id: {connection}
    {group}dialect: entra
    attributes: {attributes}
    tokens: [{{id: {public_id}, digest: "sha256:{digest}", expires: {expires}}}]
"""


class Gateway:
    """One process with tenants number 0, 1, …; a `with` block starts and ends it."""

    def __init__(self, tools, name: str, tenants: int = 1, *, open_tenants: int = 1_000, attributes: str = "learner",
                 environment: dict | None = None):
        self.tools, self.environment, self.tenants, self.attributes = tools, environment or {}, tenants, attributes
        self.folder = tools.folder / name
        self.data = self.folder / "data"
        self.port = free_port()
        self.base = f"https://127.0.0.1:{self.port}/scim/v2"
        (self.folder / "tenants").mkdir(parents=True, exist_ok=True)
        # A socket's path has 107 bytes at most.
        self.sockets = tempfile.mkdtemp(prefix="bench.")
        (self.folder / "gateway.yaml").write_text(SETTINGS.format(
            port=self.port, tls=tools.tls, folder=self.folder, data=self.data, open_tenants=open_tenants,
            socket=f"{self.sockets}/admin.sock"))
        for number in range(tenants):
            self.write_tenant(number)

    def write_tenant(self, number: int):
        """The tenant's file: learners of one target group, as most connections have them, or whatever Entra sends."""
        if self.attributes == "full":
            self.write(number, f"bench-{number}", "staff", "full")
        else:
            self.write(number, f"bench-{number}", "staff", "learner", "groups: [{id: staff, display_name: Staff}]\n", "group: staff\n    ")

    def write(self, number: int, name: str, connection: str, attributes: str, groups: str = "", group: str = ""):
        (self.folder / "tenants" / f"{name}.yaml").write_text(TENANT.format(
            name=name, connection=connection, attributes=attributes, groups=groups, group=group, public_id=public_id(number),
            digest=hashlib.sha256(self.token(number).encode()).hexdigest(),
            expires=datetime.date.today() + datetime.timedelta(days=100)))

    def token(self, number: int = 0) -> str:
        return token(public_id(number))

    def token_file(self) -> Path:
        """The tokens of all tenants, a line each, as entraload takes them."""
        path = self.folder / "tokens.txt"
        path.write_text("".join(self.token(number) + "\n" for number in range(self.tenants)))
        return path

    def database(self, number: int = 0) -> Path:
        return self.data / "commercial" / "tenants" / f"bench-{number}.sqlite"

    def open_databases(self) -> set:
        """The numbers of the tenants whose databases are open now."""
        found = set()
        for link in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                path = os.readlink(link)
            except FileNotFoundError:           # closed meanwhile
                continue
            if path.endswith(".sqlite") and "/bench-" in path:
                found.add(int(path.rsplit("-", 1)[1].removesuffix(".sqlite")))
        return found

    def start(self, patience: float = 120) -> Gateway:
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        self.launch(ready)
        until = time.monotonic() + patience
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                last = (self.folder / "gateway.log").read_text(errors="replace").splitlines()[-1:]
                raise NotMeasured(f"the gateway does not start: {last}")
            time.sleep(0.02)
        return self

    def launch(self, ready: Path | None = None):
        """Starts the process and waits for nothing."""
        command = [self.tools.gateway, "serve", "-c", str(self.folder / "gateway.yaml")]
        command += ["--ready-file", str(ready)] if ready else []
        with (self.folder / "gateway.log").open("a") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, "SWIFT_BACKTRACE": "enable=no", **self.environment})
        self.pid = self.process.pid

    def stop(self):
        end(self.process)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def __enter__(self) -> Gateway:
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.remove()

    def client(self, number: int = 0) -> Client:
        return Client(self, self.token(number))


class Client:
    """One kept connection, for what is not under load."""

    def __init__(self, gateway: Gateway, token: str):
        self.token = token
        context = ssl.create_default_context(cafile=f"{gateway.tools.tls}/ca.pem")
        self.connection = http.client.HTTPSConnection("127.0.0.1", gateway.port, context=context, timeout=30)

    def request(self, method: str, path: str, body: dict | None = None, token: str | None = None) -> tuple:
        """Status and body."""
        self.connection.request(method, "/scim/v2" + path, json.dumps(body) if body else None, {
            "Authorization": f"Bearer {token or self.token}", "Content-Type": "application/scim+json"})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def close(self):
        self.connection.close()


def public_id(number: int) -> str:
    return f"b{number:07d}"
