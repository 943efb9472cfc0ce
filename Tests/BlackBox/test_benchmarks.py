"""deploy/bench: its verdicts, its budgets, and the limit of durable writes that the gateway is held against."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "Benchmarks"
sys.path.insert(0, str(BENCHMARKS / "targets"))
import allocations
import raw
import report
from failure import NotMeasured
from rows import ROWS, Measured, Row

AT_MOST, AT_LEAST = Row("1", "cost", 2.5), Row("4b", "rate", 80, "%", at_least=True)


@pytest.mark.parametrize("row, value, met", [(AT_MOST, 2.5, True), (AT_MOST, 2.51, False), (AT_LEAST, 80, True), (AT_LEAST, 79.9, False)])
def test_a_promise_is_kept_up_to_its_limit(row, value, met):
    assert report.verdict(row, Measured(value)) is met


def test_what_was_not_measured_is_neither_kept_nor_broken_and_says_why(tmp_path):
    found = {"1": Measured(None, why="no nginx"), "10": Measured(1.1, why="a quick run")}

    report.write(tmp_path / "rows.json", found, {"commit": "0123abcd"})

    rows = json.loads((tmp_path / "rows.json").read_text())["rows"]
    assert [(row["id"], row["value"], row["met"], row["why"]) for row in rows] == [("1", None, None, "no nginx"), ("10", 1.1, None, "a quick run")]
    assert "no nginx" in report.table(found)


def test_every_promise_has_an_id_of_its_own():
    ids = [row.id for row in ROWS]
    assert len(set(ids)) == len(ids) == 24
    assert {id_.rstrip("abc") for id_ in ids} == {str(number) for number in range(1, 17)}


@pytest.mark.parametrize("name, count, kept", [("json", 27.4, True), ("json", 28.0, False), ("get-http1", 29.0, True), ("get-http1", 29.1, False)])
def test_a_budget_is_kept_up_to_what_the_count_leaves_in_doubt(name, count, kept):
    assert allocations.is_kept(name, count, budget=27) is kept


def test_every_count_has_a_budget():
    assert json.loads(allocations.BUDGETS.read_text()).keys() == {**allocations.PIECES, **allocations.REQUESTS}.keys()


# -- the record of a change ---------------------------------------------------------------------------
def test_a_change_is_told_from_what_else_was_recorded():
    before = statements(("w", "PRAGMA synchronous = FULL"), ("w", "PRAGMA user_version"), ("v", "PRAGMA user_version"))
    after = statements(("w", "BEGIN IMMEDIATE"), ("v", "BEGIN IMMEDIATE"), ("w", "UPDATE a SET b = ?1", "i7"), ("v", "DELETE FROM c"),
                       ("v", "COMMIT"), ("w", "COMMIT"))

    opening, transactions = raw.read(before + after, len(before))

    assert opening == [[b"PRAGMA synchronous = FULL"], [b"PRAGMA user_version"]]
    assert transactions == [[[b"DELETE FROM c"]], [[b"UPDATE a SET b = ?1", b"i7"]]]


@pytest.mark.parametrize("value, marked", [
    (b"i2501", b"r"), (b"i2502", b"i2502"), (b"i1700000000500", b"T"), (b"i1700000001001", b"i1700000001001"),
    (b't{"id":"aa-1"}', b't{"id":"\x01"}'), (b"baa-2", b"baa-2"), (b"n", b"n")])
def test_only_what_each_change_has_anew_is_marked(value, marked):
    assert raw.marked(value, [(b"aa-1", b"\x01")], 2501, [1700000000000, 1700000001000]) == marked


def statements(*records) -> bytes:
    return b"".join(b"\x1f".join(part.encode() for part in record) + b"\x1e" for record in records)


# -- recorder and replay --------------------------------------------------------------------------------
@pytest.fixture
def build(tmp_path):
    """Builds one of the C files as deploy/bench does."""
    def make(name: str, *flags: str) -> Path:
        program = tmp_path / name
        subprocess.run(["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", *flags, "-o", program, BENCHMARKS / "raw" / f"{name}.c",
                        "-lsqlite3", "-lpthread", "-ldl"], check=True)
        return program
    return make


@pytest.fixture
def database(tmp_path):
    """Three people, as the replay looks for them, and a table for what they do."""
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE resources (row INTEGER PRIMARY KEY, id TEXT, type INTEGER, user_name TEXT, changes INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE activity (id TEXT, name TEXT, row INTEGER, document BLOB);
            INSERT INTO resources (id, type, user_name) VALUES ('id-1', 1, 'ada'), ('id-2', 1, 'eve'), ('id-3', 2, 'no user');""")
    return path


def test_the_recorder_writes_down_statements_and_values(build, database, tmp_path):
    recorder = build("record", "-shared", "-fPIC")
    program = ("import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
               "c.execute('INSERT INTO activity VALUES (?, ?, ?, ?)', ('x', None, 7, b'{}')); c.execute('COMMIT')")

    subprocess.run([sys.executable, "-c", program, database], check=True,
                   env={**os.environ, "LD_PRELOAD": str(recorder), "SCIM_RECORD": str(tmp_path / "record.txt")})

    _, transactions = raw.read((tmp_path / "record.txt").read_bytes(), 0)
    assert transactions == [[[b"INSERT INTO activity VALUES (?, ?, ?, ?)", b"tx", b"n", b"i7", b"b{}"]]]


def test_the_replay_makes_the_changes_that_it_counts(build, database, tmp_path):
    script = tmp_path / "script"
    script.write_bytes(b"\x1e".join(b"\x1f".join(line) for line in [
        [b"PRAGMA synchronous = FULL"], [b"SAVEPOINT job"], [b"UPDATE resources SET changes = changes + 1 WHERE row = ?1", b"r"],
        [b"INSERT INTO activity VALUES (?1, ?2, ?3, ?4)", b"t\x01", b"t\x04 \x02", b"r", b'b{"id":"\x01"}'], [b"RELEASE job"]]) + b"\x1e")

    done = subprocess.run([build("replay"), script, "1", "5", "0.3", database], capture_output=True, text=True, check=True)

    made = json.loads(done.stdout)
    with sqlite3.connect(database) as connection:
        changes = dict(connection.execute("SELECT id, changes FROM resources"))
        right = connection.execute("""SELECT count(*) FROM activity a JOIN resources r USING (row) WHERE a.id = r.id
            AND a.name LIKE r.user_name || ' _______' AND a.document = CAST('{"id":"' || r.id || '"}' AS BLOB)""").fetchone()[0]
    assert made["changes"] == sum(changes.values()) == right > 0 and made["changes"] % 5 == 0
    assert changes["id-3"] == 0 and abs(changes["id-1"] - changes["id-2"]) <= 1
    assert made["per_second"] > 0 and made["cpu_us"] > 0


def test_a_replay_that_cannot_go_on_fails(build, database, tmp_path):
    script = tmp_path / "script"
    script.write_bytes(b"INSERT INTO nowhere VALUES (1)\x1e")

    done = subprocess.run([build("replay"), script, "1", "1", "0.1", database], capture_output=True, text=True)

    assert done.returncode == 1 and "no such table" in done.stderr and not done.stdout


def test_a_record_without_the_change_is_no_limit(tmp_path):
    without = raw.Raw.__new__(raw.Raw)
    without.folder = tmp_path
    with pytest.raises(NotMeasured, match="0 transactions of a patch"):
        without.script("patch", [], [[[b"INSERT INTO resources VALUES (1)"]]], b"UPDATE resources", [], 1, [0, 1])
