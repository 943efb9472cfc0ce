"""A connection tried as Entra would: probe, against a gateway of one's own on loopback."""

import json
import os
import re
import signal
import socket
import ssl
import threading

import pytest

from kit import *

GUID = r"[0-9a-f]{4}…"


def probed(gateway, *more, connection: str = "acme/head-office", ca: bool = True, given: str = ""):
    return gateway.cli("probe", connection, *(["--ca", os.environ["SCIM_CA"]] if ca else []), *more, given=given)


def report(gateway, *more, **options) -> tuple:
    result = probed(gateway, "-o", "json", *more, **options)
    return result.returncode, json.loads(result.stdout)["steps"]


def test_a_good_connection_passes_the_test(gateway):
    result = probed(gateway)

    assert result.returncode == 0 and result.stdout.splitlines()[-1] == "3 of 3", result.stdout + result.stderr
    assert re.search(r"^ ✓ TLS +1\.2 ECDHE-ECDSA-AES128-GCM-SHA256, chain complete, EC 256, ends in \d+ days", result.stdout, re.M)
    assert re.search(rf'^ ✓ test connection +GET /Users\?filter=userName eq "{GUID}", 0 results +200  \d+ ms$', result.stdout, re.M)


def test_the_whole_life_of_a_learner_passes_and_leaves_nothing(gateway):
    result = probed(gateway, "--full")

    assert result.returncode == 0 and result.stdout.splitlines()[-1] == "9 of 9", result.stdout + result.stderr
    assert expect(gateway.client().get("/Users"), 200)["totalResults"] == 0


def test_a_probe_takes_no_token_of_the_connection_and_none_stays(gateway):
    tokens = [gateway.token(), gateway.token()]

    assert probed(gateway).returncode == 0

    listed = json.loads(gateway.done("token", "list", "acme", "-o", "json").stdout)
    assert {row["tokenID"] for row in listed} == {token.split("_")[1] for token in tokens}
    assert all(row.get("lastUsed") is None for row in listed), "a probe is no use of the client's tokens"


def test_a_probe_is_told_apart_in_the_activity(gateway):
    assert probed(gateway, "--full").returncode == 0

    def rows():
        lines = gateway.done("activity", "acme", "-o", "json").stdout.splitlines()
        found = [json.loads(line) for line in lines]
        return found if {"probe", "user.created", "user.deleted"} <= {row["kind"] for row in found} else None

    entries = eventually(rows, "the probe's entries in the activity")
    assert {row["actor"] for row in entries if row.get("request_id")} == {f"probe:uid:{os.getuid()}"}
    assert not [row for row in entries if row["outcome"] != "ok"], "a good probe leaves no problem"
    assert "token.first_used" not in {row["kind"] for row in entries}, "a pass is nobody's token"


def test_a_pass_ends_with_its_probe(gateway):
    made = admin(gateway, "POST", "/v1/passes", {"tenant": "acme", "connection": "head-office", "lifeSeconds": 60})
    client = gateway.client(made["token"])
    assert client.status() == 200

    admin(gateway, "DELETE", f"/v1/passes/{made['passID']}")

    assert client.status() == 401


def test_a_pass_ends_by_itself(gateway):
    made = admin(gateway, "POST", "/v1/passes", {"tenant": "acme", "connection": "head-office", "lifeSeconds": 1})

    eventually(lambda: gateway.client(made["token"]).status() == 401, "a pass that ends after its second")


@pytest.mark.parametrize("seconds,is_made", [(3600, True), (3601, False), (1, True), (0, False)])
def test_a_pass_lives_an_hour_at_most(gateway, seconds, is_made):
    answer = admin(gateway, "POST", "/v1/passes", {"tenant": "acme", "connection": "head-office", "lifeSeconds": seconds})

    assert ("token" in answer) == is_made, answer


def test_sixteen_passes_live_at_a_time(gateway):
    order = {"tenant": "acme", "connection": "head-office", "lifeSeconds": 60}
    made = [admin(gateway, "POST", "/v1/passes", order) for _ in range(16)]

    assert all("token" in one for one in made)
    assert admin(gateway, "POST", "/v1/passes", order)["status"] == 409
    admin(gateway, "DELETE", f"/v1/passes/{made[0]['passID']}")
    assert "token" in admin(gateway, "POST", "/v1/passes", order), "one that is given back leaves its place"


def test_a_probe_is_let_in_where_only_entra_may_come(make_gateway):
    gateway = make_gateway(tenants={"acme": ACME + "allow_from: [203.0.113.0/24]\n"}).start()

    result = probed(gateway)

    assert result.returncode == 0 and "203.0.113.0/24 holds for the client" in result.stderr
    assert gateway.client().status() == 401, "the client is held to the list"


def test_a_paused_tenant_is_found_with_what_to_do(gateway):
    gateway.write_tenant("acme", ACME + "status: paused\n")
    gateway.done("reload")

    status, steps = report(gateway, "--full")

    assert status == 3
    failed = [step for step in steps if step["outcome"] == "failed"]
    assert [step["title"] for step in failed] == ["test connection"] and failed[0]["statuses"] == [503]
    assert "status: active" in failed[0]["fix"]


def test_an_authority_that_nobody_knows_is_found_and_nothing_is_sent(gateway):
    result = probed(gateway, "--full", ca=False)

    assert result.returncode == 3 and "the chain is not complete" in result.stdout
    assert not gateway.events("request.done"), "an untrusted server must not see the pass"


def test_an_ended_certificate_is_found(make_gateway, pair):
    certificate, key = pair("ending")
    gateway = make_gateway(certificate=(certificate, key)).start()
    ended, ended_key = pair("ended", until="20210101000000Z")

    with Pretender(ended, ended_key) as port:
        result = gateway.cli("probe", "acme/head-office", "--ca", ended, "--url", f"https://localhost:{port}/scim/v2")

    assert result.returncode == 3 and re.search(r"ended \d+ days ago", result.stdout), result.stdout + result.stderr


def test_a_certificate_for_another_name_is_found(gateway):
    result = probed(gateway, "--url", f"https://other.example:{gateway.ports['commercial']}/scim/v2",
                    "--resolve", f"other.example:{gateway.ports['commercial']}:127.0.0.1")

    assert result.returncode == 3 and "the certificate is not for other.example" in result.stdout
    assert "→ 127.0.0.1 (as --resolve says)" in result.stdout


def test_a_wrong_path_is_found(gateway):
    status, steps = report(gateway, "--url", gateway.url().replace("/scim/v2", "/Users/x"))

    assert status == 3 and steps[2]["statuses"] == [404] and "/scim/v2" in steps[2]["fix"]


def test_a_name_without_an_address_and_a_port_without_a_listener_are_found(gateway):
    assert "has no address here" in probed(gateway, "--url", "https://nowhere.invalid/scim/v2").stdout
    assert "nobody takes the connection" in probed(gateway, "--url", f"https://localhost:{free_port()}/scim/v2").stdout


def test_a_token_of_the_callers_needs_no_gateway_at_the_socket(gateway, tmp_path):
    (tmp_path / "token").write_text(gateway.token() + "\n")
    (tmp_path / "wrong").write_text("sgw_no")
    elsewhere = ["--socket", tmp_path / "none.sock", "--url", gateway.url()]

    assert probed(gateway, *elsewhere, "--token-file", tmp_path / "token").returncode == 0
    assert probed(gateway, *elsewhere, "--token-file", "-", given=gateway.token()).returncode == 0
    refused = probed(gateway, *elsewhere, "--token-file", tmp_path / "wrong")
    assert refused.returncode == 3 and "--only problems" in refused.stdout


def test_exit_codes_tell_what_is_the_matter(gateway):
    assert probed(gateway, connection="acme/none").returncode == 2
    assert probed(gateway, connection="acme").returncode == 64
    assert probed(gateway, "--url", "http://x").returncode == 64
    assert probed(gateway, "--resolve", "x").returncode == 64
    gateway.stop()
    stopped = probed(gateway)
    assert stopped.returncode == 69 and "--token-file" in stopped.stderr


def test_nothing_of_the_pass_is_printed_or_logged(gateway):
    result = probed(gateway, "--full")

    assert not re.search(TOKEN, result.stdout + result.stderr + gateway.log())


def test_an_interrupted_probe_leaves_nothing(gateway):
    """Interrupted while the gateway holds still after the learner was made."""
    with Slow(gateway.ports["commercial"]) as slow:
        probe = gateway.spawn("probe", "acme/head-office", "--full", "--ca", os.environ["SCIM_CA"],
                              "--url", f"https://127.0.0.1:{slow.port}/scim/v2")
        client = gateway.client()
        eventually(lambda: expect(client.get("/Users"), 200)["totalResults"] == 1, "the probe's learner")
        probe.send_signal(signal.SIGINT)
        slow.delay = 0
        said, _ = probe.communicate(timeout=SECONDS)

    assert probe.returncode == 3 and " - disable" in said and " ✓ cleaned up" in said, said
    assert expect(client.get("/Users"), 200)["totalResults"] == 0


# -- what stands in the way ----------------------------------------------------

def admin(gateway, method: str, path: str, body: dict | None = None) -> dict:
    """One order at the admin socket."""
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(gateway.data / "admin.sock"))) as client:
        answer = client.request(method, f"http://localhost{path}", json=body)
        return answer.json() if answer.content else {}


class Pretender:
    """Shakes hands with this certificate, and says nothing."""

    def __init__(self, certificate, key):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.socket = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self.serve, daemon=True).start()
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
                self.tls.wrap_socket(peer, server_side=True).close()
            except ssl.SSLError:
                continue
            except OSError:
                if self.socket.fileno() < 0:
                    return


class Slow:
    """Passes bytes on to a port, those to the server after a delay."""

    def __init__(self, target: int):
        self.target, self.delay = target, 0.3
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self.carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, False), daemon=True).start()

    def carry(self, source, sink, is_delayed: bool):
        try:
            while data := source.recv(65536):
                if is_delayed:
                    time.sleep(self.delay)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
