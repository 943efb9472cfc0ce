"""The limit of durable writes: what the gateway asks of SQLite for one change, recorded once, and replayed without it.

The recorder sits between the gateway and the library (raw/record.c), so that the statements, their order and their values
are those of the very program that is measured. raw/replay.c then runs them on copies of its files. Each change is recorded
twice, for two learners, so that what belongs to the learner is told from what is always so; and what a replay leaves in
the file is held against what the gateway left there, so that a store that has changed is never measured against a limit
that has not.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Callable, NamedTuple

from drivers import Entraload
from failure import NotMeasured
from gateway import Gateway

FIELD, RECORD = b"\x1f", b"\x1e"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# Digits of names that nobody else has: the replay gives each creation others.
DIGITS = ("9876501", "9876502")
LARGE, SMALL = 3_000, 100     # users of the two tenants
# What a transaction of each change has and no other has.
MARKS = {"PATCH": b"UPDATE resources", "POST": b"INSERT INTO resources"}
# Requests of other kinds are counted in there, once a while.
UNRELATED = "activity_reads"
REMEDY = "see Tests/Benchmarks/targets/raw.py and raw/replay.c"


def recorded(tools) -> Raw:
    """Recorded once for all parts."""
    if tools.raw is None:
        tools.raw = Raw(tools)
    return tools.raw


def recorded_or_why(tools) -> tuple:
    """The record, or why there is none: what else a part measures is measured all the same."""
    try:
        return recorded(tools), None
    except NotMeasured as reason:
        return None, str(reason)


class Change(NamedTuple):
    """What one change left in the file, and what of it no other change has."""

    row: int
    resource: str
    name: str
    employee: str
    digits: str
    number: int                # of its entry in the activity
    hash: bytes
    times: tuple               # milliseconds before and after it
    added: dict                # rows by table
    entry: list                # the types of its entry's columns


class Raw:
    """The recorded changes, and the files to replay them on."""

    def __init__(self, tools, fill: Callable | None = None):
        self.tools, self.folder = tools, tools.folder / "raw"
        self.folder.mkdir(parents=True, exist_ok=True)
        record = self.folder / "record"
        record.unlink(missing_ok=True)
        with Gateway(tools, "recorded", tenants=2, environment={"LD_PRELOAD": tools.recorder, "SCIM_RECORD": str(record)}) as gateway:
            for number, users in ((0, LARGE), (1, SMALL)):
                (fill or filled)(gateway, number, users)
            if not record.exists():
                raise NotMeasured(f"the recorder saw no statement: {tools.gateway} must take SQLite as a library that is linked when it starts")
            before = record.stat().st_size
            changes = {"PATCH": patches(gateway), "POST": posts(gateway)}
            opening, transactions = read(record.read_bytes(), before)
            gateway.stop()
            self.recorded_at = now()
            self.large, self.small = self.folder / "large.sqlite", self.folder / "small.sqlite"
            shutil.copy(gateway.database(0), self.large)
            shutil.copy(gateway.database(1), self.small)
        if [b"PRAGMA synchronous = FULL"] not in opening:
            raise NotMeasured("the recorded gateway does not set synchronous = FULL: what it writes is not durable")
        self.scripts = {kind: self.script(kind, opening, transactions, made) for kind, made in changes.items()}
        for kind, made in changes.items():
            self.prove(kind, made)

    def script(self, kind: str, opening: list, transactions: list, changes: list) -> Path:
        """The opening and the one transaction of such a change, with what each change has anew marked."""
        found = [alone(each, MARKS[kind]) for each in transactions if holds(each, MARKS[kind])]
        if len(found) != len(changes):
            raise NotMeasured(f"{len(found)} transactions of a {kind} were recorded instead of {len(changes)}; {REMEDY}")
        texts = [[statement for statement, *_ in each] for each in found]
        if any(each != texts[0] for each in texts):
            raise NotMeasured(f"two {kind} were recorded with different statements; {REMEDY}")
        statements = [[sql, *(marked(values, changes) for values in zip(*(each[at][1:] for each in found)))] for at, sql in enumerate(texts[0])]
        path = self.folder / f"{kind}.script"
        path.write_bytes(b"".join(FIELD.join([sql, *map(encoded, values)]) + RECORD for sql, *values in opening + statements))
        return path

    def replay(self, kind: str, seconds: float, *, group: int, writers: int = 1, files: int = 1) -> dict:
        """Changes a second, and CPU µs of one."""
        copies = [self.folder / f"{number}.sqlite" for number in range(files)]
        try:
            return self.replayed(kind, seconds, self.small if files > 1 else self.large, copies, group, writers)
        finally:
            for copy in copies:
                remove(copy)

    def replayed(self, kind: str, seconds: float, original: Path, copies: list, group: int, writers: int = 1) -> dict:
        for copy in copies:
            shutil.copy(original, copy)
        done = subprocess.run([self.tools.replay, str(self.scripts[kind]), str(writers), str(group), str(seconds), *map(str, copies)],
                              capture_output=True, text=True)
        if done.returncode:
            raise NotMeasured(f"the recorded {kind} cannot be replayed: {done.stderr.strip()[:240]}; {REMEDY}")
        return json.loads(done.stdout)

    def prove(self, kind: str, made: list):
        """A replay leaves in the file what as many requests leave there.

        What only one of the recorded changes has added is another request's, such as the entry of a token's first use.
        """
        added_by_each = {table: min(change.added.get(table, 0) for change in made) for table in made[-1].added}
        copy = self.folder / "proof.sqlite"
        try:
            changes = round(self.replayed(kind, 0.1, self.large, [copy], group=8)["changes"])
            with opened(self.large) as before, opened(copy) as after:
                added = added_rows(rows(before), rows(after))
                wanted = {table: count * changes for table, count in added_by_each.items() if count}
                if added != wanted:
                    raise NotMeasured(f"{changes} replayed {kind} added {added} and not {wanted}; {REMEDY}")
                number, _, entry = newest(after)
                if entry not in [change.entry for change in made] or number != newest(before)[0] + changes:
                    raise NotMeasured(f"a replayed {kind} leaves another entry in the activity than the gateway; {REMEDY}")
                touched = after.execute("SELECT count(*) FROM resources WHERE type = 1 AND last_modified > ?", [self.recorded_at]).fetchone()[0]
                learners = before.execute("SELECT count(*) FROM resources WHERE type = 1").fetchone()[0]
                if touched != (changes if kind == "POST" else min(changes, learners)):
                    raise NotMeasured(f"{changes} replayed {kind} changed {touched} learners; {REMEDY}")
        finally:
            remove(copy)


# -- the two changes, as entraload sends them -----------------------------------------------------------
def filled(gateway: Gateway, number: int, users: int):
    Entraload(gateway.tools, gateway.base, gateway.pid, users, f"raw{number}", token=gateway.token(number)).run("preload", 32)


def patches(gateway: Gateway) -> list:
    """Two learners are made inactive, neither of them everybody's manager."""
    with opened(gateway.database()) as database:
        learners = database.execute("SELECT row, id, user_name, employee_number FROM resources WHERE type = 1 ORDER BY row LIMIT 2 OFFSET 13").fetchall()
    return [change(gateway, lambda: (send(gateway, "PATCH", f"/Users/{id_}", (200, 204), patch()), id_)[1], "") for _, id_, _, _ in learners]


def posts(gateway: Gateway) -> list:
    return [change(gateway, lambda: json.loads(send(gateway, "POST", "/Users", (201,), person(digits)))["id"], digits) for digits in DIGITS]


def change(gateway: Gateway, make: Callable, digits: str) -> Change:
    """Makes it; what it left is read beside the gateway, which has answered it."""
    with opened(gateway.database()) as database:
        before = rows(database)
    began = now()
    resource = make()
    times = (began, now())
    with opened(gateway.database()) as database:
        after = rows(database)
        row, name, employee = database.execute("SELECT row, user_name, employee_number FROM resources WHERE id = ?", [resource]).fetchone()
        number, hash_, entry = newest(database, resource)
    time.sleep(0.002)           # the next change begins in another millisecond
    return Change(row, resource, name, employee or "", digits, number, hash_, times, added_rows(before, after), entry)


def patch() -> dict:
    return {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": False}]}


def person(digits: str) -> dict:
    name = f"raw0.{digits}@t0.example.com"
    return {"schemas": [USER, ENTERPRISE], "externalId": f"raw0-x-0-{digits}", "userName": name, "active": True, "displayName": "Grace Ivanova",
            "title": "Consultant", "emails": [{"primary": True, "type": "work", "value": name}], "meta": {"resourceType": "User"},
            "name": {"formatted": "Grace Ivanova", "familyName": "Ivanova", "givenName": "Grace"}, "locale": "sv-SE",
            "preferredLanguage": "sv-SE", "timezone": "Europe/Stockholm", "roles": [],
            ENTERPRISE: {"department": "Engineering", "employeeNumber": digits}}


def send(gateway: Gateway, method: str, path: str, wanted: tuple, body: dict) -> bytes:
    status, answer = gateway.client().request(method, path, body)
    if status not in wanted:
        raise NotMeasured(f"{method} was answered {status}: {answer[:100]!r}")
    return answer


# -- the record -------------------------------------------------------------------------------------
def read(record: bytes, since: int) -> tuple:
    """The statements of a writer's opening, and the transactions that began after that place, each without BEGIN and COMMIT."""
    opening = {}
    for connection, *statement in parsed(record[:since]):
        # With a database's name before the point: a migration's own, made by the library.
        if statement[0].startswith(b"PRAGMA") and b"'main'." not in statement[0]:
            opening.setdefault(connection, []).append(statement)
    transactions, current = [], {}
    for connection, *statement in parsed(record[since:]):
        if statement[0].startswith(b"BEGIN"):
            current[connection] = []
        elif statement[0].startswith(b"COMMIT"):
            transactions.append(current.pop(connection, []))
        elif connection in current:
            current[connection].append(statement)
    # Tenants' writers and that of the control database are opened alike.
    return max(opening.values(), key=len, default=[]), transactions


def holds(statements: list, mark: bytes) -> bool:
    return any(statement.startswith(mark) for statement, *_ in statements)


def alone(transaction: list, mark: bytes) -> list:
    """A transaction without the jobs of others, each of which is a savepoint: counts of reads may be written in between."""
    kept, job = [], None
    for statement in transaction:
        if statement[0].startswith(b"SAVEPOINT"):
            job = []
        (kept if job is None else job).append(statement)
        if job and statement[0].startswith(b"RELEASE"):
            kept += job if holds(job, mark) else []
            job = None
    return kept


def parsed(record: bytes) -> list:
    """Each record's connection, SQL and values; texts and blobs as their bytes."""
    return [[connection, sql, *(value[:1] + bytes.fromhex(value[1:].decode()) if value[:1] in b"tb" else value for value in values)]
            for connection, sql, *values in (each.split(FIELD) for each in record.split(RECORD)[:-1])]


def encoded(value: bytes) -> bytes:
    return value[:1] + value[1:].hex().encode() if value[:1] in b"tb" else value


def marked(values: tuple, changes: list) -> bytes:
    """What a change puts at a place where these changes put these values."""
    kind, first = values[0][:1], values[0][1:]
    if kind == b"i":
        numbers = [int(value[1:]) for value in values]
        if numbers == [change.row for change in changes]:
            return b"r"
        if numbers == [change.number for change in changes]:
            return b"N"
        if all(change.times[0] <= number <= change.times[1] for number, change in zip(numbers, changes)):
            return b"T"
    if kind == b"b" and [value[1:] for value in values] == [change.hash for change in changes]:
        return b"H%d" % len(first)
    if kind in b"tb":
        # Longer ones first: a name holds the digits.
        one = changes[0]
        known = [(one.resource, b"\x03" if one.digits else b"\x01")]
        known += [(one.digits, b"\x02")] if one.digits else [(one.name, b"\x04"), (one.employee, b"\x05")]
        for text, mark in known:
            first = first.replace(text.encode(), mark) if text else first
    return kind + first


# -- what is in a file --------------------------------------------------------------------------------
class opened:
    """A database as a gateway may have it open, by a copy of it and its log, as nobody else may open a live one; a `with`
    block ends it."""

    def __init__(self, path: Path):
        self.folder = tempfile.TemporaryDirectory()
        for each in path.parent.glob(f"{path.name}*"):
            shutil.copy(each, self.folder.name)
        self.connection = sqlite3.connect(Path(self.folder.name) / path.name)

    def __enter__(self) -> sqlite3.Connection:
        return self.connection

    def __exit__(self, *_):
        self.connection.close()
        self.folder.cleanup()


def rows(database: sqlite3.Connection) -> dict:
    """How many rows each table has."""
    tables = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if name != UNRELATED]
    return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def added_rows(before: dict, after: dict) -> dict:
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


def newest(database: sqlite3.Connection, resource: str | None = None) -> tuple:
    """The newest entry of the activity, of that resource if one is named: number, hash, and the types of its columns.

    What waits to be stored, such as a token's first use, may come right behind a change.
    """
    columns = [row[1] for row in database.execute("PRAGMA table_info(activity)")]
    types = ", ".join(f"typeof({column})" for column in columns)
    number, hash_, *entry = database.execute(f"SELECT number, hash, {types} FROM activity WHERE ?1 IS NULL OR resource_id = ?1 ORDER BY number DESC LIMIT 1",
                                              [resource]).fetchone()
    return number, hash_, entry


def remove(database: Path):
    for path in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        path.unlink(missing_ok=True)


def now() -> int:
    return int(time.time() * 1000)
