"""deploy/bench: its verdicts, its budgets, and the limit of durable writes that the gateway is held against."""

import json
import os
import sqlite3
import subprocess
import sys
import types
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "Benchmarks"
sys.path[:0] = [str(BENCHMARKS / "targets"), str(BENCHMARKS)]
import allocations
import drivers
import floods
import mixed
import raw
import report
import soak
from failure import NotMeasured
from gateway import Gateway
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


def test_a_value_is_a_number_or_nothing(tmp_path):
    report.write(tmp_path / "rows.json", {"1": Measured(float("inf")), "2": Measured(float("nan")), "3": Measured(1)}, {})

    rows = json.loads((tmp_path / "rows.json").read_text(), parse_constant=pytest.fail)["rows"]
    assert [(row["value"], row["met"], "why" in row) for row in rows] == [(None, None, True), (None, None, True), (1, True, False)]


def test_the_table_for_people_has_machine_commit_and_how_to_repeat_it():
    about = {"commit": "0123abcd", "cpus": 2, "cpu": "Z80", "kernel": "1.0", "load": "0.1 at the start", "seconds": 700, "quick": False}

    text = report.markdown({"1": Measured(2.6, "nginx 10.0 µs"), "2": Measured(None, why="no nginx")}, about)

    assert "| ≤ 2.50× |    2.60× | **no** | nginx 10.0 µs |" in text and "|        – | –      | no nginx |" in text
    assert "commit 0123abcd on 2 × Z80" in text and "`./deploy/bench --markdown table.md`" in text


def test_every_promise_has_an_id_of_its_own():
    ids = [row.id for row in ROWS]
    assert len(set(ids)) == len(ids) == 24
    assert {id_.rstrip("abc") for id_ in ids} == {str(number) for number in range(1, 17)}


@pytest.mark.parametrize("name, count, kept", [("json", 27.4, True), ("json", 28.0, False), ("get-http1", 29.0, True), ("get-http1", 29.1, False)])
def test_a_budget_is_kept_up_to_what_the_count_leaves_in_doubt(name, count, kept):
    assert allocations.is_kept(name, count, budget=27) is kept


def test_every_count_has_a_budget():
    assert json.loads(allocations.BUDGETS.read_text()).keys() == {**allocations.PIECES, **allocations.REQUESTS}.keys()


# -- the soak, and what is wrong in a load ----------------------------------------------------------------
RESTING = {"heap_mib": 50.0, "anon_mib": 58.0, "descriptors": 24, "database_descriptors": 120, "threads": 25, "cached_mib": 60.0, "requests": 0}


@pytest.mark.parametrize("rested, wrong, against", [
    ({}, [], 0), ({"heap_mib": 51.0}, [], 0), ({"heap_mib": 51.1}, [], 1), ({"heap_mib": 47.0}, [], 0),
    # A byte for each request; and 32 for every 31st.
    ({"heap_mib": 53.0, "requests": 2 << 20}, [], 0), ({"heap_mib": 53.1, "requests": 2 << 20}, [], 1),
    # As much as the page caches may hold more now.
    ({"heap_mib": 53.0, "cached_mib": 62.0}, [], 0), ({"heap_mib": 53.1, "cached_mib": 62.0}, [], 1), ({"heap_mib": 51.0, "cached_mib": 50.0}, [], 0),
    ({"anon_mib": 66.6}, [], 0), ({"anon_mib": 66.7}, [], 1), ({"threads": 24}, [], 0), ({"descriptors": 25}, [], 1),
    ({"database_descriptors": 126}, [], 0), ({"database_descriptors": 127}, [], 1),
    ({"threads": 29}, [], 0), ({"threads": 30}, [], 1), ({}, ["status 500 (1 times)"], 1)])
def test_a_soak_is_flat_up_to_its_rules(rested, wrong, against):
    assert len(soak.verdicts([RESTING, RESTING, {**RESTING, **rested}], wrong)) == against


def test_what_grew_before_half_time_is_no_leak():
    before = {**RESTING, "heap_mib": 30.0}
    assert soak.verdicts([before, RESTING, RESTING], []) == [] and len(soak.verdicts([before, before, RESTING], [])) == 1


def test_bytes_that_were_not_given_back_are_counted(tmp_path):
    """By the counter of allocations, from outside."""
    library, number = tmp_path / "count.so", tmp_path / "number"
    subprocess.run(["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o", library,
                    BENCHMARKS / "allocations" / "count.c"], check=True)
    tools = types.SimpleNamespace(counter=library)

    def held(code: str) -> tuple:
        number.unlink(missing_ok=True)
        subprocess.run([sys.executable, "-c", f"import os; {code}\nos._exit(0)"], check=True, env={**os.environ, **allocations.counting(tools, number)})
        return allocations.counts(number)

    nothing, kept, given_back, larger = (held(code) for code in (
        "pass", "x = [bytes(10_000) for _ in range(1_000)]", "x = [bytes(10_000) for _ in range(1_000)]; del x",
        "x = bytearray(1_000)\nfor _ in range(9_000): x += bytes(1_000)"))
    assert kept[1] - nothing[1] == pytest.approx(10_000_000, rel=0.03) and kept[0] - nothing[0] >= 1_000
    assert abs(given_back[1] - nothing[1]) < 200_000 and given_back[0] - nothing[0] >= 1_000
    assert larger[1] - nothing[1] == pytest.approx(9_001_000, rel=0.15)


@pytest.mark.parametrize("ratio, others, requests, kept", [(2.0, 0, 1_000, True), (2.01, 0, 1_000, False), (1.0, 1, 1_000, False),
                                                           (1.0, 0, 999, None), (9.0, 0, 999, None)])
def test_a_neighbour_is_served_when_its_p99_is_within_the_bound_and_all_are_answered(ratio, others, requests, kept):
    assert floods.is_kept(ratio, 2, others, requests) is kept
    assert floods.is_kept(ratio, None, others, requests) is None, "what has no bound is only told"


def test_growth_is_the_slope_of_all_samples():
    samples = [{"second": second, "anon_mib": 50 + second / 900 + (1 if second % 20 else -1)} for second in range(0, 3600, 10)]
    assert soak.per_hour(samples, "anon_mib") == pytest.approx(4, abs=0.1)


def test_an_answer_that_is_wrong_is_told_however_it_was_counted():
    good = {"phase": "read", "errors": 0, "verify_failures": 0}

    assert drivers.errors([good]) == []
    assert drivers.errors([{**good, "errors": 2, "error_texts": {"status 500": 2}}]) == ["status 500 (2 times)"]
    assert drivers.errors([{**good, "errors": 2}, {**good, "verify_failures": 1}]) == ["1 changes of read were not there", "2 errors of read"]


# -- the record of a change ---------------------------------------------------------------------------
def test_a_change_is_told_from_what_else_was_recorded():
    before = statements(("w", "PRAGMA synchronous = FULL"), ("w", "PRAGMA user_version"), ("v", "PRAGMA user_version"))
    after = statements(("w", "BEGIN IMMEDIATE"), ("v", "BEGIN IMMEDIATE"), ("w", "UPDATE a SET b = ?1", "i7"), ("v", "DELETE FROM c"),
                       ("v", "COMMIT"), ("w", "COMMIT"))

    opening, transactions = raw.read(before + after, len(before))

    assert opening == [[b"PRAGMA synchronous = FULL"], [b"PRAGMA user_version"]]
    assert transactions == [[[b"DELETE FROM c"]], [[b"UPDATE a SET b = ?1", b"i7"]]]


def test_the_jobs_of_others_in_a_transaction_are_left_out():
    before, own, other = [b"PRAGMA x"], [[b"SAVEPOINT job"], [b"UPDATE a", b"i1"], [b"RELEASE job"]], [[b"SAVEPOINT job"], [b"DELETE FROM b"], [b"RELEASE job"]]

    assert raw.alone([before, *other, *own, *other], b"UPDATE") == [before, *own]


# Two changes, for rows 2501 and 2504, that left entries 7 and 8; the second pair makes the persons whom they change.
FIRST = raw.Change(2501, "aa-1", "ada", "10001", "", 7, b"\x00\x1e\x1f", (1700000000000, 1700000001000), {}, [])
SECOND = raw.Change(2504, "aa-2", "eve", "10002", "", 8, b"\x01\x02\x03", (1700000002000, 1700000003000), {}, [])
MAKING = [change._replace(digits=digits) for change, digits in ((FIRST, "9876501"), (SECOND, "9876502"))]


@pytest.mark.parametrize("values, marked", [
    ((b"i2501", b"i2504"), b"r"), ((b"i2501", b"i2501"), b"i2501"), ((b"i7", b"i8"), b"N"), ((b"i7", b"i7"), b"i7"),
    ((b"i1700000000500", b"i1700000002000"), b"T"), ((b"i1700000000500", b"i1700000000500"), b"i1700000000500"),
    ((b"b\x00\x1e\x1f", b"b\x01\x02\x03"), b"H3"), ((b"b\x00\x1e\x1f", b"b\x00\x1e\x1f"), b"b\x00\x1e\x1f"),
    ((b't{"id":"aa-1","n":"10001"}', b't{"id":"aa-2","n":"10002"}'), b't{"id":"\x01","n":"\x05"}'), ((b"bada", b"beve"), b"b\x04"),
    ((b"baa-3", b"baa-3"), b"baa-3"), ((b"n", b"n"), b"n")])
def test_only_what_each_change_has_anew_is_marked(values, marked):
    assert raw.marked(values, [FIRST, SECOND]) == marked


def test_who_is_made_gets_another_id_and_other_digits_each_time():
    assert raw.marked((b"taa-1 x9876501", b"taa-2 x9876502"), MAKING) == b"t\x03 x\x02"


def statements(*records) -> bytes:
    return b"".join(b"\x1f".join([address.encode(), *(raw.encoded(part.encode()) if part[0] in "tb" else part.encode() for part in parts)]) + b"\x1e"
                    for address, *parts in records)


# -- recorder and replay --------------------------------------------------------------------------------
@pytest.fixture
def build(tmp_path):
    """Builds one of the C files as deploy/bench does."""
    def make(name: str, *flags: str, folder: str = "raw") -> Path:
        program = tmp_path / name
        subprocess.run(["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", *flags, "-o", program, BENCHMARKS / folder / f"{name}.c",
                        "-lsqlite3", "-lssl", "-lcrypto", "-lpthread", "-ldl"], check=True)
        return program
    return make


@pytest.fixture
def database(tmp_path):
    """Three people, as the replay looks for them, and a table for what they do."""
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE resources (row INTEGER PRIMARY KEY, id TEXT, type INTEGER, user_name TEXT, employee_number TEXT,
                changes INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE activity (number INTEGER PRIMARY KEY, hash BLOB UNIQUE, id TEXT, name TEXT, row INTEGER, document BLOB);
            INSERT INTO activity (number, hash) VALUES (41, x'00');
            INSERT INTO resources (id, type, user_name, employee_number) VALUES ('id-1', 1, 'ada', '7'), ('id-2', 1, 'eve', '8'), ('id-3', 2, 'no user', NULL);""")
    return path


def test_the_recorder_writes_down_statements_and_values(build, database, tmp_path):
    recorder = build("record", "-shared", "-fPIC")
    program = ("import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
               "c.execute('INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?)', (7, bytes(range(32)), 'x', None, 7, b'{}')); c.execute('COMMIT')")

    subprocess.run([sys.executable, "-c", program, database], check=True,
                   env={**os.environ, "LD_PRELOAD": str(recorder), "SCIM_RECORD": str(tmp_path / "record.txt")})

    _, transactions = raw.read((tmp_path / "record.txt").read_bytes(), 0)
    # A hash may hold what ends a value, a record and a text.
    assert transactions == [[[b"INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?)", b"i7", b"b" + bytes(range(32)), b"tx", b"n", b"i7", b"b{}"]]]


def test_the_replay_makes_the_changes_that_it_counts(build, database, tmp_path):
    script = tmp_path / "script"
    lines = [[b"PRAGMA synchronous = FULL"], [b"SAVEPOINT job"], [b"UPDATE resources SET changes = changes + 1 WHERE row = ?1", b"r"],
             [b"INSERT INTO activity VALUES (?1, ?2, ?3, ?4, ?5, ?6)", b"N", b"H32", b"t\x01", b"t\x04 \x05 \x02", b"r", b'b{"id":"\x01"}'], [b"RELEASE job"]]
    script.write_bytes(b"".join(b"\x1f".join([sql, *map(raw.encoded, values)]) + b"\x1e" for sql, *values in lines))

    done = subprocess.run([build("replay"), script, "1", "5", "0.3", database], capture_output=True, text=True, check=True)

    made = json.loads(done.stdout)
    with sqlite3.connect(database) as connection:
        changes = dict(connection.execute("SELECT id, changes FROM resources"))
        right = connection.execute("""SELECT count(*) FROM activity a JOIN resources r USING (row) WHERE a.id = r.id AND length(hash) = 32
            AND a.name LIKE r.user_name || ' ' || employee_number || ' _______' AND a.document = CAST('{"id":"' || r.id || '"}' AS BLOB)""").fetchone()[0]
        first, last = connection.execute("SELECT min(number), max(number) FROM activity WHERE row > 0").fetchone()
    assert made["changes"] == sum(changes.values()) == right > 0 and made["changes"] % 5 == 0
    assert (first, last) == (42, 41 + right)
    assert changes["id-3"] == 0 and abs(changes["id-1"] - changes["id-2"]) <= 1
    assert made["per_second"] > 0 and made["cpu_us"] > 0


def test_a_replay_that_cannot_go_on_fails(build, database, tmp_path):
    script = tmp_path / "script"
    script.write_bytes(b"INSERT INTO nowhere VALUES (1)\x1e")

    done = subprocess.run([build("replay"), script, "1", "1", "0.1", database], capture_output=True, text=True)

    assert done.returncode == 1 and "no such table" in done.stderr and not done.stdout


@pytest.fixture
def tools(build, tmp_path):
    """What the parts of the table are given, as far as the raw statements need it."""
    return types.SimpleNamespace(gateway=os.environ["GATEWAY_BINARY"], tls=str(Path(os.environ["SCIM_CA"]).parent), folder=tmp_path,
                                 recorder=str(build("record", "-shared", "-fPIC")), replay=str(build("replay")), raw=None,
                                 mixedload=str(build("mixedload", folder="mixedload")))


def few(gateway: Gateway, number: int, users: int):
    """Learners enough to take two of."""
    client = gateway.client(number)
    for digits in range(1000001, 1000021):
        assert client.request("POST", "/Users", raw.person(str(digits)))[0] == 201


def test_a_replay_leaves_in_the_file_what_the_gateway_leaves_there(tools):
    recorded = raw.Raw(tools, few)

    for kind in raw.MARKS:
        assert recorded.replay(kind, 0.1, group=32)["changes"] >= 32
        assert recorded.replay(kind, 0.1, group=1, writers=4, files=4)["changes"] >= 4
    # Its neighbour: a script that makes half of it is no limit.
    script = recorded.scripts["PATCH"]
    script.write_bytes(b"".join(line + b"\x1e" for line in script.read_bytes().split(b"\x1e")[:-1] if not line.startswith(b"INSERT INTO activity")))
    change = raw.Change(0, "", "", "", "", 0, b"", (0, 0), {"activity": 1}, [])
    with pytest.raises(NotMeasured, match="replayed PATCH added {} and not {'activity': "):
        recorded.prove("PATCH", [change, change._replace(added={"activity": 2, "members": 1})])


def test_a_program_whose_statements_cannot_be_seen_is_told_so(tools, build):
    tools.recorder = ""
    with pytest.raises(NotMeasured, match="the recorder saw no statement"):
        raw.Raw(tools, lambda *_: None)


def test_a_record_without_the_change_is_no_limit(tmp_path):
    without = raw.Raw.__new__(raw.Raw)
    without.folder = tmp_path
    with pytest.raises(NotMeasured, match="0 transactions of a PATCH were recorded instead of 2"):
        without.script("PATCH", [], [[[b"INSERT INTO resources VALUES (1)"]]], [FIRST, SECOND])


# -- the mixed load -------------------------------------------------------------------------------------
TENANTS, PERSONS = 2, 10


@pytest.fixture
def crowd(tools, tmp_path):
    """A gateway with two tenants, and a mixed load of ten learners of each, who are named as entraload names them."""
    with Gateway(tools, "mixed", TENANTS, attributes="full") as gateway:
        ids = [[made(gateway.client(tenant), f"m.{number:07d}@t{tenant}.example.com") for number in range(PERSONS)] for tenant in range(TENANTS)]
        state = tmp_path / "state"
        state.write_text(json.dumps({"prefix": "m", "n": PERSONS, "ids": ids}))
        yield gateway, ids, mixed.Mixedload(tools, gateway, types.SimpleNamespace(state=state))


def made(client, name: str) -> str:
    status, answer = client.request("POST", "/Users", {"schemas": [raw.USER], "userName": name})
    assert status == 201
    return json.loads(answer)["id"]


def test_a_mixed_load_reads_and_changes_everybody_when_it_is_due(crowd):
    gateway, ids, load = crowd

    told = load.run(workers=8, seconds=0.5, per_second=160)

    requests = [line.split("\t") for line in load.log.read_text().splitlines()]
    reads = sorted((int(due), int(person)) for kind, person, due, _ in requests if kind in ("get", "lookup"))
    assert reads == [(turn * 12_500, turn % (TENANTS * PERSONS)) for turn in range(40)]
    assert len({kind for kind, *_ in requests}) == 3 and sum(kind == "patch" for kind, *_ in requests) == 40
    assert len(told["taken_ms"]) == 80 and told["per_second"] == pytest.approx(80 / told["seconds"])
    for tenant in range(TENANTS):
        client = gateway.client(tenant)
        people = [json.loads(client.request("GET", f"/Users/{id_}")[1]) for id_ in ids[tenant]]
        assert len({person[raw.ENTERPRISE]["department"] for person in people}) == PERSONS


def test_what_waits_for_a_worker_is_timed_from_when_it_was_due(crowd):
    _, _, load = crowd

    told = load.run(workers=1, seconds=0.02, per_second=8_000)

    ends = [int(due) + int(taken) for _, _, due, taken in (line.split("\t") for line in load.log.read_text().splitlines())]
    assert len(ends) == 160 and max(told["taken_ms"]) < told["seconds"] * 1000
    assert max(ends) / 1e6 == pytest.approx(told["seconds"], abs=0.01)
    # One after the other: half of them wait longer than half of them take.
    assert max(told["taken_ms"]) > 10 * min(told["taken_ms"])


def test_a_wrong_answer_ends_a_mixed_load(crowd):
    gateway, ids, load = crowd
    lines = load.people.read_text().splitlines()
    load.people.write_text("\n".join([lines[0].replace(ids[0][0], ids[0][1]), *lines[1:]]) + "\n")

    with pytest.raises(NotMeasured, match=r"wrong answers under the mixed load: (get|lookup): not who was asked for \(1 times\)"):
        load.run(workers=4, seconds=0.1, per_second=400)
    load.people.write_text("\n".join(lines) + "\n")
    load.run(workers=4, seconds=0.1, per_second=400)


@pytest.mark.parametrize("count, p999", [(1_000, 999), (2_000, 1_998)])
def test_p999_is_the_value_below_which_999_of_1000_are(count, p999):
    assert mixed.tail(list(range(count)))[2] == p999


def test_p999_stands_beside_p99(tmp_path):
    report.write(tmp_path / "rows.json", {"14": Measured(19, "p99.9 31.0 ms", p99_ms=19, p999_ms=31.04), "2": Measured(1)}, {})

    rows = {row["id"]: row for row in json.loads((tmp_path / "rows.json").read_text())["rows"]}
    assert rows["14"]["p999_ms"] == 31.04 and "p999_ms" not in rows["2"]
