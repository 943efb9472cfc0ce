"""The life of a token, from outside: use, rotation, warnings, verification, removal."""

import json
import shutil
import sqlite3
import threading
import time

import pytest

from kit import *


def public_id(token: str) -> str:
    return token.split("_")[1]


def shown(gateway, token: str) -> dict:
    """What the gateway knows of a token."""
    return json.loads(gateway.done("token", "show", public_id(token), "-o", "json").stdout)


def rotated(gateway, *more, connection: str = "acme/head-office") -> str:
    return gateway.done("token", "rotate", connection, *more).stdout.strip()


# -- use ---------------------------------------------------------------------

def test_the_last_use_is_listed_and_survives_a_restart(gateway):
    token = gateway.token()
    assert shown(gateway, token)["state"] == "waiting for first use"

    gateway.client(token).get("/Users", headers={"User-Agent": "AzureAD/1.0 (x; y)"})
    used = shown(gateway, token)
    gateway.stop()
    offline = shown(gateway, token)

    assert used["state"] == "active" and used["lastClient"] == "AzureAD/1.0"
    assert used["lastNetwork"] == "127.0.0.0/24", "expected the network of the address, not the address"
    assert offline == used
    listing = gateway.done("token", "list", "acme").stdout
    assert "ago" in listing and "127.0.0.1" not in listing


def test_the_first_use_survives_a_gateway_that_is_killed(gateway, tmp_path):
    token = gateway.token()
    gateway.client(token).get("/Users")

    def kept() -> bool:
        # A copy: nobody but the gateway opens its files. One that was torn is taken again.
        for path in (gateway.data / "commercial").glob("control.sqlite*"):
            shutil.copy(path, tmp_path)
        try:
            with sqlite3.connect(tmp_path / "control.sqlite") as copy:
                return copy.execute("SELECT count(*) FROM token_uses WHERE id = ?", [public_id(token)]).fetchone() == (1,)
        except sqlite3.Error:
            return False
    # Long before the next round of those that are kept every few seconds.
    eventually(kept, "a first use that is kept at once", 2)
    gateway.kill()

    assert shown(gateway, token)["state"] == "active"


# -- rotation -----------------------------------------------------------------

class Caller(threading.Thread):
    """Asks again and again on one connection, and keeps when it asked and what it got."""

    def __init__(self, gateway, token: str):
        super().__init__(daemon=True)
        self.client, self.answers, self.ends = gateway.client(token), [], threading.Event()

    def run(self):
        while not self.ends.is_set():
            asked, status = time.time(), self.client.status()
            self.answers.append((asked, time.time(), status))
            time.sleep(0.005)

    def stop(self):
        self.ends.set()
        self.join(SECONDS)
        assert not self.is_alive()


def test_a_rotation_under_load_refuses_nobody_while_both_tokens_are_valid(gateway):
    overlap = 4
    old = gateway.token()
    callers = [Caller(gateway, old) for _ in range(3)]
    for caller in callers:
        caller.start()
    new = rotated(gateway, "--overlap", f"{overlap}s")
    assert "replaced" not in shown(gateway, old)["state"]

    first_use = time.time()
    successors = [Caller(gateway, new) for _ in range(3)]
    for caller in successors:
        caller.start()
    eventually(lambda: all(caller.answers for caller in successors), "answers for the new token")
    # The end is the first use, to the second, and the overlap.
    earliest, latest = int(first_use) + overlap, time.time() + overlap
    eventually(lambda: all(caller.answers[-1][0] > latest + 1 for caller in callers), "answers after the end", 10)
    for caller in callers + successors:
        caller.stop()

    for caller in callers:
        early = [answer for answer in caller.answers if answer[1] < earliest]
        late = [answer for answer in caller.answers if answer[0] > latest + 1]
        assert len(early) > 20 and {status for _, _, status in early} == {200}, "expected no 401 while both are valid"
        assert late and {status for _, _, status in late} == {401}, "expected 401 within a second of the end"
    for caller in successors:
        assert {status for _, _, status in caller.answers} == {200}, "expected no 401 for the new token"
    assert shown(gateway, old)["state"] == "replaced" and shown(gateway, new)["state"] == "active"


def test_the_end_of_an_old_token_survives_a_restart(gateway):
    old, new = gateway.token(), None
    new = rotated(gateway, "--overlap", "3s")
    assert gateway.client(new).status() == 200
    end = shown(gateway, old)["ends"]
    gateway.stop()
    gateway.start()

    assert shown(gateway, old)["ends"] == end
    eventually(lambda: gateway.client(old).status() == 401, "an end of the old token", 10)
    assert gateway.client(new).status() == 200


def test_a_third_token_is_refused_with_the_names_of_the_two(gateway):
    old = gateway.token()
    result = gateway.done("token", "rotate", "acme/head-office")
    new = result.stdout.strip()
    assert f"{public_id(old)} stays valid until 14 days after {public_id(new)} is first used" in result.stderr
    assert "a third is not possible" in result.stderr

    for arguments in (["token", "rotate", "acme/head-office"], ["token", "create", "acme/head-office"]):
        refusal = gateway.cli(*arguments)
        assert refusal.returncode == 2 and refusal.stdout == ""
        assert public_id(old) in refusal.stderr and public_id(new) in refusal.stderr
        assert "a third is not possible" in refusal.stderr


def test_a_token_that_ends_is_refused_on_an_open_connection(gateway):
    token = gateway.done("token", "create", "acme/head-office", "--expires", "2s").stdout.strip()
    client = gateway.client(token)
    assert client.status() == 200

    eventually(lambda: client.status() == 401, "an end of the token", 10)
    assert shown(gateway, token)["state"] == "ended"


def test_a_revocation_at_a_later_moment_ends_the_token_on_an_open_connection(gateway):
    token = gateway.token()
    caller = Caller(gateway, token)
    caller.start()
    eventually(lambda: caller.answers, "an answer")
    end = int(time.time()) + 3
    said = gateway.done("token", "revoke", public_id(token), "--at", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end)))
    assert "ends at" in said.stderr and shown(gateway, token)["state"] == "active"

    eventually(lambda: caller.answers[-1][0] > end + 1, "answers after the end", 10)
    caller.stop()

    early = {status for _, answered, status in caller.answers if answered < end}
    late = {status for asked, _, status in caller.answers if asked > end + 1}
    assert early == {200} and late == {401}, f"expected 200 until the end and 401 within a second of it: {early} {late}"
    assert shown(gateway, token)["state"] == "revoked" and shown(gateway, token)["figures"]["expiryTimestamp"] == end


@pytest.mark.parametrize("at, status", [("2020-01-01", 2), ("tomorrow", 2), ("2100-01-01", 2)])
def test_a_revocation_in_the_past_or_after_the_end_is_refused(gateway, at, status):
    token = gateway.token()

    refusal = gateway.cli("token", "revoke", public_id(token), "--at", at)

    assert refusal.returncode == status and "error: " in refusal.stderr
    assert gateway.client(token).status() == 200


# -- verification ----------------------------------------------------------------

def verified(gateway, text: str, *more):
    result = gateway.cli("token", "verify", *more, given=text)
    assert "_" not in text or text.split("_")[-1][:20] not in result.stdout + result.stderr, "expected no secret"
    return result


@pytest.mark.parametrize("runs", [True, False], ids=["running", "offline"])
def test_verify_says_what_is_the_matter(make_gateway, runs):
    gateway = make_gateway(tenants={"acme": ACME, "agency": tenant("agency", "gcc-high")},
                           profiles=("commercial", "gcc-high"))
    token = gateway.token()
    if runs:
        gateway.start()
    ident = public_id(token)

    good = verified(gateway, token)
    assert good.returncode == 0 and "error" not in good.stderr
    assert good.stdout.split()[:2] == [ident, "acme/head-office"] and gateway.url() in good.stdout
    for text, words, fix in [
            (token[:-3], f"this looks like token {ident} (acme/head-office) but it is 3 characters short",
             "copy it again from where it was stored, or rotate it: scim-gateway token rotate acme/head-office"),
            (token[:-1] + ("a" if token[-1] != "a" else "b"), f"token {ident} (acme/head-office)", "copy it again"),
            (f"Bearer {token}", "'Bearer ' stands in front", "paste the token alone"),
            (f" {token}\n\n", "white space", "double click"),
            ("sgw_00000000_" + "0" * 49, "token 00000000", "copy it again"),
            ("eyJhbGciOiJub25lIn0", "begin with sgw_", "Secret token")]:
        result = verified(gateway, text)
        assert result.returncode == 3, f"{words}: expected status 3, got {result}"
        assert words in result.stderr and f"  fix: " in result.stderr and fix in result.stderr, result.stderr

    foreign = verified(gateway, token, "--url", gateway.url("gcc-high"))
    assert foreign.returncode == 3 and "this token is for commercial" in foreign.stderr
    gateway.done("token", "revoke", ident)
    assert f"token {ident} (acme/head-office) was revoked on" in verified(gateway, token).stderr


def test_verify_without_a_token_is_a_wrong_call(gateway):
    assert gateway.cli("token", "verify").returncode == 64
    assert gateway.cli("token", "verify", given="x" * 4097).returncode == 64


# -- files --------------------------------------------------------------------------

def test_print_yaml_makes_a_token_that_a_file_declares(gateway):
    lines = gateway.done("token", "create", "acme/head-office", "--print-yaml", "--name", "Entra app",
                         "--expires", "30d").stdout.splitlines()
    token, entry = lines[0], lines[1:]
    assert gateway.client(token).status() == 401, "expected a token that nobody keeps"

    gateway.write_tenant("acme", ACME.replace(
        "  - {id: head-office, group: head-office, dialect: entra, attributes: learner}\n",
        "  - id: head-office\n    group: head-office\n    dialect: entra\n    tokens:\n"
        + "".join(f"      {line}\n" for line in entry)))
    gateway.done("reload", "--wait")

    assert gateway.client(token).status() == 200
    assert shown(gateway, token)["origin"] == "file"


# -- connections -----------------------------------------------------------------------

def test_a_removed_connection_ends_its_tokens_and_frees_its_learners(gateway):
    token, other = gateway.done("connect", "acme", "branch").stdout.strip(), gateway.client()
    client = gateway.client(token)
    made = client.create()
    assert other.request("POST", "/Users", learner(userName=made["userName"])).status_code == 409

    gateway.done("connection", "remove", "acme/branch")

    assert client.status() == 401
    assert expect(other.request("POST", "/Users", learner(userName=made["userName"])), 201)["id"] == made["id"]
    assert "branch" not in gateway.done("connection", "list", "acme").stdout


def test_a_connection_of_a_file_is_removed_there(gateway):
    refusal = gateway.cli("connection", "remove", "acme/head-office")

    assert refusal.returncode == 2 and "tenants/acme.yaml" in refusal.stderr
    assert "head-office" in gateway.done("connection", "show", "acme/head-office").stdout


# -- warnings --------------------------------------------------------------------------------

def test_a_token_that_ends_soon_is_told_once_and_stands_in_status(make_gateway):
    gateway = make_gateway()
    token = gateway.done("token", "create", "acme/head-office", "--expires", "7d").stdout.strip()
    lines = gateway.done("token", "create", "acme/head-office", "--print-yaml", "--expires", "20d").stdout.splitlines()
    declared = lines[1:]
    gateway.write_tenant("acme", ACME.replace(
        "  - {id: head-office, group: head-office, dialect: entra, attributes: learner}\n",
        "  - id: head-office\n    group: head-office\n    dialect: entra\n    tokens:\n"
        + "".join(f"      {line}\n" for line in declared)))
    gateway.start()
    ident = public_id(lines[0])

    told = eventually(lambda: gateway.events("token.expiring"), "a warning")
    # Nobody is told that a token made for a week ends in a week; a file does not say when its token was made.
    assert [(line["scim.token_id"], str(line["token.warning_days"])) for line in told] == [(ident, "30")]
    status = gateway.done("status").stdout
    assert f"attention   token {ident} of acme/head-office ends in 19 d" in status and public_id(token) not in status

    gateway.stop()
    gateway.start()
    gateway.client(token).status()
    gateway.stop()
    assert len(gateway.events("token.expiring")) == 1, "expected one warning, over a restart too"


# -- networks -----------------------------------------------------------------------------------

def service_tags(folder, prefixes: list, cloud: str = "Public", change: int = 412, day: str = "20261120"):
    """A file of service tags of our own making."""
    path = folder / f"ServiceTags_{cloud}_{day}.json"
    path.write_text(json.dumps({"changeNumber": change, "cloud": cloud, "values": [
        {"name": name, "id": name, "properties": {"changeNumber": 1, "region": "", "addressPrefixes": networks}}
        for name, networks in (("ActionGroup", ["192.0.2.0/24"]), ("AzureActiveDirectory", prefixes))]}))
    return path


def test_entra_stands_for_the_networks_of_microsofts_file(make_gateway, tmp_path):
    only = ACME.replace("attributes: learner}", "attributes: learner, allow_from: [entra]}")
    gateway = make_gateway().start()
    client = gateway.client()
    gateway.write_tenant("acme", only)
    refused = gateway.cli("reload", "--wait")
    assert refused.returncode == 2 and "scim-gateway networks update FILE" in refused.stderr
    assert client.status() == 200, "expected the file as it was before to stay in force"

    gateway.done("networks", "update", service_tags(tmp_path, ["198.51.100.0/24"]))
    gateway.done("reload", "--wait")
    assert client.status() == 401, "expected an address outside of the networks to be refused"
    forged = client.get("/Users", headers={"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7"})
    assert forged.status_code == 401, "expected that no header is believed"
    gateway.done("networks", "update", service_tags(tmp_path, ["127.0.0.0/8"], change=413))

    assert client.status() == 200
    listed = gateway.done("networks", "list").stdout.splitlines()[1].split()
    assert listed[:4] == ["commercial", "AzureActiveDirectory", "413", "2026-11-20"]
    gateway.stop()
    gateway.start()
    assert gateway.client(client.http.headers["authorization"].split()[1]).status() == 200


@pytest.mark.parametrize("text, words", [("nothing", "not JSON"), ("{}", "no file of service tags")])
def test_a_file_that_is_none_changes_nothing(gateway, tmp_path, text, words):
    path = tmp_path / "tags.json"
    path.write_text(text)

    refusal = gateway.cli("networks", "update", path)

    assert refusal.returncode == 1 and words in refusal.stderr
    assert gateway.done("networks", "list").stdout.splitlines()[1].split()[2] == "-"


def test_old_networks_are_told_and_refuse_nobody(make_gateway, tmp_path):
    only = ACME.replace("attributes: learner}", "attributes: learner, allow_from: [entra]}")
    gateway = make_gateway()
    gateway.done("networks", "update", service_tags(tmp_path, ["127.0.0.0/8"], day="20250101"))
    gateway.write_tenant("acme", only)
    gateway.start()

    assert gateway.client().status() == 200
    assert eventually(lambda: gateway.events("networks.stale"), "a warning")[0]["scim.profile"] == "commercial"
    assert "attention   the networks of entra for commercial are" in gateway.done("status").stdout
