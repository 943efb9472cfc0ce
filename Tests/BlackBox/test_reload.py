"""Reload: files that change are taken up, open connections meet the new rules, and no mistake takes everybody down."""

import http.client
import json
import os
import re
import shutil
import threading
import time

import pytest

import h2kit
from kit import *


def status_of(gateway: Gateway) -> dict:
    return json.loads(gateway.done("status", "-o", "json").stdout)


def reloads(gateway: Gateway) -> int:
    return sum(status_of(gateway)["files"]["reloads"].values())


# -- the watch ------------------------------------------------------------------------------
def paused(text: str) -> str:
    return text + "status: paused\n"


def replace_by_rename(path: Path, text: str):
    """As editors and `sed -i` do: another file takes the name."""
    other = path.with_name(f".{path.name}.{uid()}")
    other.write_text(text)
    other.rename(path)


@pytest.mark.parametrize("write", [Path.write_text, replace_by_rename])
def test_a_changed_file_is_taken_up_by_itself(make_gateway, write):
    gateway = make_gateway(watch=True).start()
    client = gateway.client()
    assert client.status() == 200

    write(gateway.folder / "tenants" / "acme.yaml", paused(ACME))
    eventually(lambda: client.status() == 503, "the pause")
    write(gateway.folder / "tenants" / "acme.yaml", ACME)
    eventually(lambda: client.status() == 200, "the end of the pause")

    assert {event["config.cause"] for event in gateway.events("config.applied")} == {"watch"}


def test_the_swap_of_a_configmap_is_taken_up(make_gateway):
    gateway = make_gateway(watch=True, tenants={})
    volume = gateway.folder / "tenants"

    def swap(text: str):
        """What the kubelet does: a new folder, and one rename of the link that all files lead through."""
        new = volume / f"..{uid()}"
        new.mkdir()
        (new / "acme.yaml").write_text(text)
        (volume / "..data_tmp").symlink_to(new.name)
        old = os.readlink(volume / "..data") if (volume / "..data").is_symlink() else None
        (volume / "..data_tmp").rename(volume / "..data")
        if old:
            shutil.rmtree(volume / old)

    swap(ACME)
    (volume / "acme.yaml").symlink_to("..data/acme.yaml")
    gateway.start()
    client = gateway.client()

    for _ in range(2):
        swap(paused(ACME))
        eventually(lambda: client.status() == 503, "the pause")
        swap(ACME)
        eventually(lambda: client.status() == 200, "the end of the pause")
    assert all(event["config.refused_files"] == 0 for event in gateway.events("config.applied"))


def test_a_setting_that_applies_on_reload_does_and_another_is_told_until_it_is_put_back(make_gateway):
    gateway = make_gateway(watch=True).start()
    client = gateway.client()
    client.status()
    lines = len(eventually(lambda: gateway.events("request.done"), "a line of a request"))

    gateway.write_settings("log: {level: warning}\nlimits: {body: 512KiB}\n")
    told = eventually(lambda: gateway.events("config.restart_needed"), "the setting that needs a restart")[0]
    assert told["config.key"] == "limits.body"
    assert [key["key"] for key in status_of(gateway)["files"]["restartNeeded"]] == ["limits.body"]
    client.status()
    assert len(gateway.events("request.done")) == lines, "expected no line of a request at level warning"

    gateway.write_settings()
    eventually(lambda: status_of(gateway)["files"]["restartNeeded"] == [], "nothing that needs a restart")
    client.status()
    eventually(lambda: len(gateway.events("request.done")) > lines, "lines of requests again")


@pytest.mark.parametrize("socket", ["", "admin: {socket: operator.sock}\n"])
def test_commands_find_the_gateway_that_runs_though_its_folder_changed_in_the_file(make_gateway, socket):
    gateway = make_gateway(settings=socket).start()
    old, gateway.data = gateway.data, gateway.folder / "other"
    gateway.write_settings()

    reloaded, made = gateway.cli("reload", "--wait"), gateway.done("token", "create", "acme/head-office")

    place = gateway.folder / "operator.sock" if socket else old / "admin.sock"
    assert "restart needed: storage.directory" in reloaded.stderr, reloaded.stderr
    assert f"(process {gateway.process.pid}) has its admin socket at {place}" in made.stderr, made.stderr
    assert gateway.client(made.stdout.strip()).status() == 200 and not gateway.data.exists()
    assert gateway.stop() == 0
    assert "has its admin socket" not in gateway.done("token", "create", "acme/head-office").stderr
    assert gateway.data.exists(), "expected the files in the new place to be worked on while no gateway runs"


# -- the command ----------------------------------------------------------------------------
def test_reload_tells_what_became_of_each_tenant_and_what_was_refused(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME, **{name: tenant(name) for name in ("bolt", "corp", "dusk", "echo")}})
    gateway.start()
    gateway.write_tenant("fern", tenant("fern"))
    gateway.write_tenant("acme", ACME.replace("attributes: learner}", "attributes: learner, allow_from: [127.0.0.0/8]}"))
    gateway.write_tenant("bolt", tenant("bolt") + "nonsense: 1\n")
    (gateway.folder / "tenants" / "corp.yaml").unlink()

    dry = gateway.cli("reload", "--dry-run")
    result = gateway.cli("reload", "--wait")

    assert dry.returncode == 2 and dry.stdout.startswith("acme changed\n"), dry
    assert re.fullmatch(
        r"generation 2 applied in \d+ ms: 1 tenant added \(fern\), 1 changed \(acme: connections\[head-office\]\.allow_from\), "
        r"1 removed \(corp\), 2 unchanged\n", result.stdout), result
    assert result.returncode == 2 and result.stderr.startswith("1 file refused:\n"), result
    assert re.search(r"bolt\.yaml:\d+:1: error: unknown key 'nonsense'", result.stderr), result.stderr
    files = status_of(gateway)["files"]
    assert [(file["tenant"], file["text"]) for file in files["notInForce"]] == [("bolt", "file refused, generation 1 serves")]
    assert not files["lastReloadSuccessful"] and files["reloads"] == {"applied": 0, "rejected": 1}
    found = gateway.events("config.refused")[0]
    assert found["config.file"].endswith("bolt.yaml") and found["config.column"] == 1

    gateway.write_tenant("bolt", tenant("bolt"))
    mended = gateway.done("reload", "--wait")
    assert mended.stderr == "" and mended.stdout.endswith(": 5 tenants unchanged\n"), mended


def test_reload_without_wait_hands_the_order_over(gateway):
    gateway.write_tenant("globex", tenant("globex"))

    said = gateway.done("reload").stdout

    assert said.startswith("asked for; generation 1 serves until then"), said
    eventually(lambda: "globex" in gateway.done("reload", "--wait").stdout or reloads(gateway) > 1, "the reload")
    assert gateway.token("globex/staff")


def test_more_than_a_fifth_of_the_tenants_do_not_vanish_unless_it_is_wanted(make_gateway):
    names = [f"t{number}" for number in range(10)]
    gateway = make_gateway(tenants={name: tenant(name) for name in names}, watch=True).start()
    clients = {name: gateway.client(gateway.token(f"{name}/staff")) for name in names}
    files = gateway.folder / "tenants"
    held = gateway.folder / "held"

    files.rename(held)
    files.mkdir()
    eventually(lambda: "10 of 10 tenants have no file" in str(status_of(gateway)["findings"]), "the guard")
    assert all(client.status() == 200 for client in clients.values())
    result = gateway.cli("reload", "--wait")
    assert result.returncode == 2 and "10 of 10 tenants have no file here any more" in result.stderr, result

    for name in names:
        (held / f"{name}.yaml").rename(files / f"{name}.yaml")
    eventually(lambda: status_of(gateway)["files"]["notInForce"] == [], "all files again")

    for name in names[:3]:
        (files / f"{name}.yaml").unlink()
    eventually(lambda: len(status_of(gateway)["files"]["notInForce"]) == 3, "three that are held")
    assert clients["t0"].status() == 200
    gateway.done("reload", "--wait", "--allow-removals")
    assert [clients[name].status() for name in names] == [401] * 3 + [200] * 7


def test_two_of_ten_may_go_at_once(make_gateway):
    gateway = make_gateway(tenants={f"t{number}": tenant(f"t{number}") for number in range(10)}).start()
    for name in ("t0", "t1"):
        (gateway.folder / "tenants" / f"{name}.yaml").unlink()

    assert "2 tenants removed (t0, t1)" in gateway.done("reload", "--wait").stdout


# -- open connections -------------------------------------------------------------------------
class OneConnection:
    """A keep-alive connection that is never opened again."""

    def __init__(self, gateway: Gateway, token: str):
        self.http = http.client.HTTPSConnection("127.0.0.1", gateway.ports["commercial"], context=trusting(), timeout=10)
        self.http.connect()
        self.http.auto_open = 0
        self.token = token

    def use(self, token: str):
        self.token = token

    def get(self, path: str) -> tuple:
        self.http.request("GET", f"/scim/v2{path}", headers={"Authorization": f"Bearer {self.token}"})
        response = self.http.getresponse()
        return response.status, response.read()


class OneHTTP2Connection:
    def __init__(self, gateway: Gateway, token: str):
        self.connection = h2kit.Connection(gateway.ports["commercial"], token).greet()
        self.stream = -1

    def use(self, token: str):
        self.connection.token = token

    def get(self, path: str) -> tuple:
        self.stream += 2
        self.connection.send(self.connection.request(self.stream, path=f"/scim/v2{path}"))
        answer = self.connection.answer(self.stream)
        return answer.status, answer.body


@pytest.mark.parametrize("connect", [OneConnection, OneHTTP2Connection])
def test_an_open_connection_meets_the_new_rules_with_its_next_request(make_gateway, connect):
    gateway = make_gateway().start()
    token = gateway.token()
    made = gateway.client(token).create()
    c = connect(gateway, token)
    group = lambda: groups_of(json.loads(c.get(f"/Users/{made['id']}")[1]))
    assert group() == ["Head office"]

    def apply(text: str):
        gateway.write_tenant("acme", text)
        gateway.done("reload", "--wait")

    apply(ACME.replace("display_name: Head office", "display_name: Headquarters"))
    assert group() == ["Headquarters"]
    apply(paused(ACME))
    assert c.get("/Users")[0] == 503
    apply(ACME + "allow_from: [192.0.2.0/24]\n")
    assert c.get("/Users")[0] == 401
    apply(ACME + "status: disabled\n")
    assert c.get("/Users")[0] == 401
    apply(ACME)
    assert c.get("/Users")[0] == 200 and group() == ["Head office"]


@pytest.mark.parametrize("connect", [OneConnection, OneHTTP2Connection])
def test_an_open_connection_meets_a_tenants_other_cloud(make_gateway, connect):
    gateway = make_gateway(tenants={"acme": ACME, "other": tenant("other")}, profiles=("commercial", "gcc-high")).start()
    c = connect(gateway, gateway.token())
    assert c.get("/Users")[0] == 200
    c.use(gateway.token("other/staff"))

    # A tenant that nothing is stored for may move to another cloud: its token is unknown here from then on.
    gateway.write_tenant("other", tenant("other", profile="gcc-high"))
    gateway.done("reload", "--wait")
    assert c.get("/Users")[0] == 401
    gateway.write_tenant("other", tenant("other"))
    gateway.done("reload", "--wait")
    assert c.get("/Users")[0] == 200

    # Now there is a store, which stays where it is: the file is refused, and the tenant serves on.
    gateway.write_tenant("other", tenant("other", profile="gcc-high"))
    assert "a store does not move from one cloud to another" in gateway.cli("reload", "--wait").stderr
    assert c.get("/Users")[0] == 200


# -- under load ---------------------------------------------------------------------------------
def test_reloads_fail_no_request_of_tenants_that_are_not_changed(make_gateway):
    steady = [f"steady{number}" for number in range(4)]
    texts = {name: tenant(name) for name in steady}
    gateway = make_gateway(tenants={**texts, **{f"t{number}": tenant(f"t{number}") for number in range(20)}}, watch=True,
                           settings="limits: {requests_per_second: 100000, burst: 100000}\n").start()
    tokens = {name: gateway.token(f"{name}/staff") for name in steady}
    over, statuses = threading.Event(), {name: [] for name in steady}

    def ask(name: str):
        client = gateway.client(tokens[name])
        while not over.is_set():
            made = client.request("POST", "/Users", learner())
            statuses[name].append(made.status_code)
            statuses[name].append(client.get(f"/Users/{made.json().get('id')}").status_code)

    threads = [threading.Thread(target=ask, args=(name,)) for name in steady]
    for thread in threads:
        thread.start()
    until, rounds = time.monotonic() + 6, 0
    while time.monotonic() < until:
        rounds += 1
        gateway.write_tenant(f"new{rounds}", tenant(f"new{rounds}"))
        gateway.write_tenant("t0", tenant("t0", extra=f"display_name: Round {rounds}\n"))
        gateway.write_tenant("t1", "nonsense" if rounds % 2 else tenant("t1"))
        (gateway.folder / "tenants" / f"new{rounds - 2}.yaml").unlink(missing_ok=True)
        if rounds % 3 == 0:
            gateway.reload()
        time.sleep(0.3)
    done = reloads(gateway)
    over.set()
    for thread in threads:
        thread.join(SECONDS)

    assert done >= 5, f"expected several reloads, got {done}"
    for name in steady:
        assert len(statuses[name]) > 20, f"expected many requests of {name}, got {len(statuses[name])}"
        assert set(statuses[name]) == {200, 201}, f"{name}: {[status for status in statuses[name] if status not in (200, 201)]}"
