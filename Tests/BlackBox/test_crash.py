"""A gateway that is killed in the middle of writes loses none that it acknowledged, and keeps none by halves.

CRASH_KILLS (10) says how often it is killed.
"""

import os
import random
import sqlite3
import threading

import httpx

from kit import *

KILLS = int(os.environ.get("CRASH_KILLS") or 10)
WRITERS = 8


class Person:
    """One learner as its only writer knows it: what was acknowledged, and what was asked and not answered."""

    def __init__(self):
        self.name, self.ident = f"crash.{uid()}@example.com", None
        self.state = None       # the last acknowledged: None is not there, else the number that all fields bear
        self.asked = False      # whether a request is without an answer
        self.wish = None        # what it asked for

    def body(self, number: int) -> dict:
        """All fields bear the number: a half-written learner would bear two."""
        return learner(userName=self.name, externalId=f"{self.name}:{number}", locale=f"en-x-n{number}",
                       name={"givenName": f"G{number}", "familyName": f"F{number}"},
                       **{ENTERPRISE: {"department": f"D{number}", "employeeNumber": str(number)}})

    @staticmethod
    def number(user: dict) -> set:
        extension = user.get(ENTERPRISE, {})
        return {user["name"]["givenName"][1:], user["name"]["familyName"][1:], user["locale"][6:],
                extension["department"][1:], extension["employeeNumber"], user["externalId"].split(":")[1]}


class Writer(threading.Thread):
    """Writes one request after another until the gateway is gone."""

    def __init__(self, client: Client, seed: int, acknowledged):
        super().__init__(daemon=True)
        self.client, self.random, self.acknowledged = client, random.Random(seed), acknowledged
        self.people: list = []
        self.problem = None

    def run(self):
        try:
            while True:
                self.write()
                self.acknowledged()
        except httpx.TimeoutException as problem:
            self.problem = problem     # a gateway that lives must answer, and a dead one hangs up
        except httpx.HTTPError:
            pass       # killed: the request without an answer stands in its person
        except Exception as problem:      # noqa: BLE001
            self.problem = problem

    def write(self):
        here = [person for person in self.people if person.state is not None]
        kind = self.random.choices(["create", "patch", "put", "delete"], [4, 6, 2, 1])[0] if here else "create"
        person = Person() if kind == "create" else self.random.choice(here)
        if kind == "create":
            self.people.append(person)
        number = (person.state or 0) + 1
        body = person.body(number)
        person.asked, person.wish = True, None if kind == "delete" else number
        if kind == "create":
            person.ident = expect(self.client.request("POST", "/Users", body), 201)["id"]
        elif kind == "put":
            expect(self.client.request("PUT", f"/Users/{person.ident}", body), 200)
        elif kind == "patch":
            changed = {key: value for key, value in body.items() if key not in ("schemas", "userName", "active")}
            expect(self.client.change(person.ident, **changed), 200)
        else:
            expect(self.client.request("DELETE", f"/Users/{person.ident}"), 204)
        person.asked, person.state = False, person.wish


def losses(client: Client, person: Person) -> list:
    """What is wrong with one learner after the restart; what was asked and not answered may or may not have happened."""
    found = client.found(person.name)
    may_be = {person.state, person.wish} if person.asked else {person.state}
    if len(found) > 1:
        return [f"{len(found)} learners of one name"]
    if not found:
        person.state = None if None in may_be else person.state
        return [] if person.state is None else [f"an acknowledged learner is gone (at {person.state})"]
    user, wrong = found[0], []
    numbers = Person.number(user)
    if len(numbers) != 1:
        wrong.append(f"half-written: {sorted(numbers)}")
    elif int(next(iter(numbers))) not in may_be:
        wrong.append(f"expected {may_be}, got {numbers}")
    if person.ident not in (None, user["id"]):
        wrong.append("another id")
    if client.get(f"/Users/{user['id']}").json() != user:
        wrong.append("the list and the read by id differ")
    if groups_of(user) != ["Head office"]:
        wrong.append("not in its group")
    person.ident, person.state, person.asked = user["id"], int(next(iter(numbers))), False
    return wrong


def test_a_kill_loses_nothing_that_was_acknowledged(make_gateway):
    gateway = make_gateway(settings="limits: {requests_per_second: 100000, burst: 100000}\n").start()
    token, seeds = gateway.token(), random.Random(20)
    people, total = [], 0

    for kill in range(KILLS):
        count, enough, wanted = [0], threading.Event(), seeds.randrange(40, 400)

        def acknowledged():
            count[0] += 1
            if count[0] >= wanted:
                enough.set()

        writers = [Writer(gateway.client(token), seeds.random(), acknowledged) for _ in range(WRITERS)]
        for writer in writers:
            # Half of them go on with the learners of before.
            writer.people = people[writers.index(writer)::WRITERS][:50] if kill % 2 else []
            writer.start()
        assert enough.wait(60), f"kill {kill}: expected {wanted} acknowledged writes within 60 s, got {count[0]}"
        gateway.kill()
        for writer in writers:
            writer.join(30)
            assert not writer.is_alive() and writer.problem is None, f"kill {kill}: a writer met {writer.problem!r}"
        total += count[0]

        gateway.start()
        client, seen = gateway.client(token), {id(person): person for writer in writers for person in writer.people}
        wrong = [words for person in seen.values() for words in losses(client, person)]
        assert wrong == [], f"kill {kill} after {count[0]} acknowledged writes: {wrong[:10]}"
        people = [person for person in {**{id(p): p for p in people}, **seen}.values() if person.state is not None]

    client = gateway.client(token)
    wrong = [words for person in people for words in losses(client, person)]
    assert wrong == [], f"after all kills: {wrong[:10]}"
    listed = expect(client.get("/Users", params={"count": "0"}), 200)["totalResults"]
    assert listed == len(people), f"expected {len(people)} learners in all, got {listed}"
    assert gateway.stop() == 0
    with sqlite3.connect(gateway.data / "commercial" / "tenants" / "acme.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    print(f"{KILLS} kills, {total} acknowledged writes, {len(people)} learners: none lost, none half-written")
