"""The limit of durable writes: what the gateway asks of SQLite for one change, recorded once, and replayed without it.

The recorder sits between the gateway and the library (raw/record.c), so that the statements, their order and their values
are those of the very program that is measured. raw/replay.c then runs them on copies of its files.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from drivers import Entraload
from failure import NotMeasured
from gateway import Gateway

FIELD, RECORD = b"\x1f", b"\x1e"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# Digits of a name that nobody else has: the replay gives each creation others.
DIGITS = "9876501"
LARGE, SMALL = 3_000, 100     # users of the two tenants: rows above 2,000 are not taken for a length of a document


def recorded(tools) -> Raw:
    """Recorded once for all parts."""
    if tools.raw is None:
        tools.raw = Raw(tools)
    return tools.raw


class Raw:
    """The recorded changes, and the files to replay them on."""

    def __init__(self, tools):
        self.tools, self.folder = tools, tools.folder / "raw"
        self.folder.mkdir(parents=True, exist_ok=True)
        record = self.folder / "record"
        record.unlink(missing_ok=True)
        with Gateway(tools, "recorded", tenants=2, environment={"LD_PRELOAD": tools.recorder, "SCIM_RECORD": str(record)}) as gateway:
            for number, users in ((0, LARGE), (1, SMALL)):
                Entraload(tools, gateway.base, gateway.pid, users, f"raw{number}", token=gateway.token(number)).run("preload", 32)
            row, resource, name = someone(gateway.database())
            before = record.stat().st_size
            times = [now()]
            send(gateway, "PATCH", f"/Users/{resource}", 200, patch())
            created = json.loads(send(gateway, "POST", "/Users", 201, person()))["id"]
            times.append(now())
            opening, transactions = read(record.read_bytes(), before)
            if [b"PRAGMA synchronous = FULL"] not in opening:
                raise NotMeasured("the recorded gateway does not set synchronous = FULL: what it writes is not durable")
            new_row = row_of(gateway.database(), created)
            gateway.stop()
            self.large, self.small = self.folder / "large.sqlite", self.folder / "small.sqlite"
            shutil.copy(gateway.database(0), self.large)
            shutil.copy(gateway.database(1), self.small)
        known = [(resource.encode(), b"\x01"), (created.encode(), b"\x03"), (DIGITS.encode(), b"\x02"), (name.encode(), b"\x04")]
        self.scripts = {
            "PATCH": self.script("patch", opening, transactions, b"UPDATE resources", known, row, times),
            "POST": self.script("post", opening, transactions, b"INSERT INTO resources", known, new_row, times)}

    def script(self, name: str, opening: list, transactions: list, mark: bytes, known: list, row: int, times: list) -> Path:
        """The opening and the one transaction that holds such a statement, with what each change has anew marked."""
        found = [each for each in transactions if any(statement.startswith(mark) for statement, *_ in each)]
        if len(found) != 1:
            raise NotMeasured(f"{len(found)} transactions of a {name} were recorded instead of one")
        path = self.folder / f"{name}.script"
        statements = [[sql, *(marked(value, known, row, times) for value in values)] for sql, *values in found[0]]
        path.write_bytes(b"".join(FIELD.join(each) + RECORD for each in opening + statements))
        return path

    def replay(self, change: str, seconds: float, *, group: int, writers: int = 1, files: int = 1) -> dict:
        """Changes a second, and CPU µs of one."""
        copies = [self.folder / f"{number}.sqlite" for number in range(files)]
        for copy in copies:
            shutil.copy(self.small if files > 1 else self.large, copy)
        done = subprocess.run([self.tools.replay, str(self.scripts[change]), str(writers), str(group), str(seconds), *map(str, copies)],
                              capture_output=True, text=True)
        for copy in copies:
            for path in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
                path.unlink(missing_ok=True)
        if done.returncode:
            raise NotMeasured(done.stderr.strip()[-200:])
        return json.loads(done.stdout)


# -- the two changes, as entraload sends them -----------------------------------------------------------
def patch() -> dict:
    return {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}


def person() -> dict:
    name = f"raw0.{DIGITS}@t0.example.com"
    return {"schemas": [USER, ENTERPRISE], "externalId": f"raw0-x-0-{DIGITS}", "userName": name, "active": True, "displayName": "Grace Ivanova",
            "title": "Consultant", "emails": [{"primary": True, "type": "work", "value": name}], "meta": {"resourceType": "User"},
            "name": {"formatted": "Grace Ivanova", "familyName": "Ivanova", "givenName": "Grace"}, "locale": "sv-SE",
            "preferredLanguage": "sv-SE", "timezone": "Europe/Stockholm", "roles": [],
            ENTERPRISE: {"department": "Engineering", "employeeNumber": "100001"}}


def send(gateway: Gateway, method: str, path: str, wanted: int, body: dict) -> bytes:
    status, answer = gateway.client().request(method, path, body)
    if status != wanted and not (wanted == 200 and status == 204):
        raise NotMeasured(f"{method} was answered {status}: {answer[:100]!r}")
    return answer


# -- the record -------------------------------------------------------------------------------------
def read(record: bytes, since: int) -> tuple:
    """The statements of a writer's opening, and the transactions that began after that place, each without BEGIN and COMMIT."""
    opening = {}
    for each in record[:since].split(RECORD):
        connection, *statement = each.split(FIELD)
        if statement and statement[0].startswith(b"PRAGMA"):
            opening.setdefault(connection, []).append(statement)
    transactions, current = [], {}
    for each in record[since:].split(RECORD)[:-1]:
        connection, *statement = each.split(FIELD)
        if statement[0].startswith(b"BEGIN"):
            current[connection] = []
        elif statement[0].startswith(b"COMMIT"):
            transactions.append(current.pop(connection, []))
        elif connection in current:
            current[connection].append(statement)
    # Tenants' writers and that of the control database are opened alike.
    return max(opening.values(), key=len, default=[]), transactions


def marked(value: bytes, known: list, row: int, times: list) -> bytes:
    kind, rest = value[:1], value[1:]
    if kind == b"i" and int(rest) == row:
        return b"r"
    if kind == b"i" and times[0] <= int(rest) <= times[1]:
        return b"T"
    if kind in b"tb":
        for text, mark in known:
            rest = rest.replace(text, mark)
    return kind + rest


def now() -> int:
    return int(time.time() * 1000)


def someone(database: Path) -> tuple:
    """Row, id and name of a user whose row is no other number of the record."""
    return first(database, "SELECT row, id, user_name FROM resources WHERE type = 1 AND row > 2000 ORDER BY row LIMIT 1 OFFSET 501")


def row_of(database: Path, resource: str) -> int:
    return first(database, "SELECT row FROM resources WHERE id = ?", resource)[0]


def first(database: Path, sql: str, *values: str) -> tuple:
    """The first row of a live file, by a copy of it and its log: the gateway lets nobody else open it."""
    with tempfile.TemporaryDirectory() as folder:
        for path in database.parent.glob(f"{database.name}*"):
            shutil.copy(path, folder)
        with contextlib.closing(sqlite3.connect(Path(folder) / database.name)) as connection:
            return connection.execute(sql, values).fetchone()
