"""The address of the figures: what a scraper reads, what a probe asks, and who is not let in."""

import datetime
import http.client
import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kit import *

MOST_CONNECTIONS = 16   # GatewayLimits.metricsConnections
IDLE_SECONDS = 5         # GatewayLimits.metricsIdleSeconds


class Figures:
    """A gateway with an address of figures."""

    def __init__(self, make_gateway, **options):
        self.port = free_port()
        self.gateway = make_gateway(settings=self.settings(), **options).start()

    def settings(self) -> str:
        return f"metrics: {{address: 127.0.0.1:{self.port}}}\n"

    def ask(self, path: str, method: str = "GET") -> tuple:
        """Status, fields and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        finally:
            connection.close()

    def read(self) -> dict:
        """(name, labels…) → value, as a scraper understands it; no series may come twice."""
        status, fields, text = self.ask("/metrics")
        assert status == 200 and fields["Content-Type"].startswith("text/plain; version=0.0.4"), fields
        found = {}
        for family in text_string_to_metric_families(text):
            assert family.documentation and family.type in ("counter", "gauge", "histogram"), family
            for sample in family.samples:
                key = (sample.name, *sorted(sample.labels.items()))
                assert key not in found, f"twice: {key}"
                found[key] = sample.value
        return found

    def series(self, name: str) -> dict:
        """The labels, by name, of a metric's series → value."""
        return {key[1:]: value for key, value in self.read().items() if key[0] == name}

    def one(self, name: str, **labels) -> float:
        return self.read()[(name, *sorted(labels.items()))]


def test_a_refused_file_is_told_until_it_is_mended(make_gateway):
    figures = Figures(make_gateway)
    gateway = figures.gateway
    assert figures.one("scimgw_config_last_reload_successful") == 1
    assert figures.series("scimgw_config_file_refused") == {}
    assert figures.one("scimgw_config_reloads_total", result="applied") == 0
    first = figures.one("scimgw_config_last_reload_success_timestamp_seconds")
    assert abs(first - time.time()) < 60

    gateway.write_tenant("acme", ACME + "nonsense: 1\n")
    gateway.write_tenant('na"me', "nonsense: 1\n")
    assert gateway.cli("reload", "--wait").returncode == 2

    eventually(lambda: len(refused_by_log(gateway)) == 2, "lines about both refused files")
    told = refused_by_log(gateway)
    assert figures.series("scimgw_config_file_refused") == {(("file", path),): 1 for path in told}
    assert figures.one("scimgw_config_last_reload_successful") == 0
    assert figures.one("scimgw_config_last_reload_success_timestamp_seconds") == first
    assert figures.one("scimgw_config_reloads_total", result="rejected") == 1
    assert figures.one("scimgw_tenants", state="active") == 1, "expected what was in force before to serve"
    assert figures.one("scimgw_tenants", state="invalid") == 1

    (gateway.folder / "tenants" / 'na"me.yaml').unlink()
    gateway.write_tenant("acme", ACME + "status: paused\n")
    gateway.done("reload", "--wait")

    assert figures.series("scimgw_config_file_refused") == {}
    assert figures.one("scimgw_config_last_reload_successful") == 1
    assert figures.one("scimgw_config_reloads_total", result="applied") == 1
    assert figures.series("scimgw_tenants") == {
        (("state", state),): float(state == "paused") for state in ("active", "paused", "disabled", "invalid")}


def refused_by_log(gateway: Gateway) -> set:
    return {line["config.file"] for line in gateway.events("config.refused")}


def test_a_token_tells_its_end_and_its_last_use(make_gateway):
    figures = Figures(make_gateway)
    assert figures.series("scimgw_token_expiry_timestamp_seconds") == {}

    token = figures.gateway.done("token", "create", "acme/head-office", "--expires", "30d").stdout.strip()
    labels = (("tenant", "acme"), ("token_id", token.split("_")[1]))
    ends = figures.series("scimgw_token_expiry_timestamp_seconds")
    assert list(ends) == [labels] and abs(ends[labels] - time.time() - 30 * 86_400) < 60, ends
    assert figures.series("scimgw_token_last_used_timestamp_seconds") == {}

    assert figures.gateway.client(token).status() == 200
    used = figures.series("scimgw_token_last_used_timestamp_seconds")
    assert list(used) == [labels] and abs(used[labels] - time.time()) < 60, used
    assert token not in figures.ask("/metrics")[2]

    figures.gateway.done("token", "revoke", token.split("_")[1])
    assert figures.series("scimgw_token_expiry_timestamp_seconds") == {}


def test_certificate_connections_and_build_are_told(make_gateway, pair):
    figures = Figures(make_gateway, certificate=pair("told", until="20400102030405Z"))
    ends = datetime.datetime(2040, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc).timestamp()
    address = f"127.0.0.1:{figures.gateway.ports['commercial']}"

    assert figures.one("scimgw_tls_certificate_expiry_timestamp_seconds", server_name="127.0.0.1", address=address) == ends
    assert figures.series("scimgw_rate_limited_total") == {} and figures.one("scimgw_log_dropped_total") == 0
    (build,) = figures.series("scimgw_build_info")
    assert dict(build)["version"] == figures.gateway.done("--version").stdout.split()[-1] and "OpenSSL" in dict(build)["openssl"]
    told = json.loads(subprocess.run([os.environ["GATEWAY_BINARY"], "version", "-o", "json"], check=True, capture_output=True).stdout)
    assert {name: dict(build)[name] for name in ("version", "revision", "swift")} == {name: told[name] for name in ("version", "revision", "swift")}
    assert re.fullmatch(r"[0-9a-f]{7,}(-dirty)?|unknown", told["revision"]) and re.fullmatch(r"6\.\d", told["swift"])
    with socket.create_connection(("127.0.0.1", figures.gateway.ports["commercial"])):
        eventually(lambda: figures.one("scimgw_connections", state="handshake") == 1, "a connection in its handshake")
        assert figures.one("scimgw_connections", state="established") == 0


def test_requests_above_the_ceiling_are_counted(make_gateway):
    figures = Figures(make_gateway, tenants={
        "acme": ACME + "limits: {requests_per_second: 25, burst: 1, queue_time: 1s}\n"})
    token = figures.gateway.token()

    with ThreadPoolExecutor(60) as pool:
        statuses = list(pool.map(lambda _: figures.gateway.client(token).status(), range(60)))

    assert 429 in statuses and figures.one("scimgw_rate_limited_total", tenant="acme") == statuses.count(429), statuses


def test_pages_and_methods(make_gateway):
    figures = Figures(make_gateway)

    assert figures.ask("/readyz")[::2] == (200, "ok\n") == figures.ask("/livez")[::2]
    status, fields, body = figures.ask("/livez", "HEAD")
    assert (status, fields["Content-Length"], body) == (200, "3", "")
    assert figures.ask("/metrics", "POST")[0] == 405 and figures.ask("/metrics", "POST")[1]["Allow"] == "GET, HEAD"
    assert figures.ask("/scim/v2/Users")[0] == 404 == figures.ask("/")[0]


def test_a_stop_says_that_the_gateway_is_not_ready_while_requests_end(make_gateway):
    figures = Figures(make_gateway)
    client = figures.gateway.client()
    body = b'{"schemas":[]}'
    with trusting().wrap_socket(socket.create_connection(("127.0.0.1", figures.gateway.ports["commercial"])),
                                server_hostname="localhost") as half:
        half.sendall(b"POST /scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/scim+json\r\n"
                     + f"Authorization: {client.http.headers['Authorization']}\r\n".encode()
                     + f"Content-Length: {len(body)}\r\n\r\n".encode())
        eventually(lambda: '"requestsInWork":1' in figures.gateway.done("status", "-o", "json").stdout.replace(" ", ""),
                   "a request in work")
        figures.gateway.process.terminate()
        eventually(lambda: figures.ask("/readyz")[0] == 503, "not ready")
        assert figures.ask("/livez")[0] == 200
        half.sendall(body)
        assert half.recv(12).startswith(b"HTTP/1.1 ")
    assert figures.gateway.wait() == 0


def test_as_many_connections_as_may_be_are_answered_and_one_more_is_closed(make_gateway):
    figures = Figures(make_gateway)
    open_ones = [socket.create_connection(("127.0.0.1", figures.port), timeout=10) for _ in range(MOST_CONNECTIONS)]
    try:
        for one in open_ones:
            one.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(12) == b"HTTP/1.1 200"
        with socket.create_connection(("127.0.0.1", figures.port), timeout=10) as more:
            assert more.recv(1) == b"", "expected the end"
    finally:
        for one in open_ones:
            one.close()
    eventually(lambda: answers(figures), "room again")


@pytest.mark.parametrize("said", [b"", b"GET /livez HTTP/1.1\r\nHost:", b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"],
                         ids=["nothing", "half a head", "a request"])
def test_who_holds_all_places_and_does_nothing_loses_them(make_gateway, said):
    figures = Figures(make_gateway)
    idle = [socket.create_connection(("127.0.0.1", figures.port), timeout=20) for _ in range(MOST_CONNECTIONS)]
    began = time.monotonic()
    try:
        for one in idle:
            one.sendall(said)
        eventually(lambda: answers(figures), "a place for somebody else")
        # Half a head is answered 408 first, and its sender may read that for as long again.
        assert IDLE_SECONDS - 1 < time.monotonic() - began < 2 * IDLE_SECONDS + 5
        for one in idle:
            while one.recv(4096):
                pass
    finally:
        for one in idle:
            one.close()


def test_requests_are_counted_by_tenant_and_what_they_do_and_timed_by_their_answer(make_gateway):
    figures = Figures(make_gateway)
    client, token = figures.gateway.client(), figures.gateway.token()
    user = client.create()
    client.request("PATCH", f"/Users/{user['id']}", {"schemas": [PATCH_OP], "Operations": [
        {"op": "Replace", "path": "active", "value": "False"}]})
    for _ in range(3):
        client.get(f'/Users?filter=userName eq "{user["userName"]}"')
    client.get(f'/Users?filter=userName eq "{uuid.uuid4()}"')
    assert client.request("POST", "/Users", learner(userName=user["userName"])).status_code == 409
    assert figures.gateway.client(token[:-1]).status() == 401
    assert figures.gateway.client(f"Bearer {token}").status() == 401

    counted = {(dict(key)["operation"], dict(key)["outcome"]): value
               for key, value in figures.series("scimgw_requests_total").items()}
    assert {key[1:] for key in figures.read() if key[0] == "scimgw_requests_total"} >= {
        (("operation", "list"), ("outcome", "ok"), ("profile", "commercial"), ("tenant", "acme"))}
    assert counted == {("create", "ok"): 1, ("patch", "ok"): 1, ("list", "ok"): 3, ("probe", "ok"): 1,
                       ("create", "refused"): 1}
    labels = {"http_request_method": "GET", "http_route": "/Users", "http_response_status_code": "200"}
    assert figures.one("http_server_request_duration_seconds_count", **labels) == 4
    assert figures.one("http_server_request_duration_seconds_bucket", **labels, le="+Inf") == 4
    assert figures.one("http_server_request_duration_seconds_bucket", **labels, le="10") == 4
    assert figures.one("scimgw_auth_failures_total", reason="malformed") == 1
    assert figures.one("scimgw_client_quirks_total", quirk="bearer_twice") == 1
    assert figures.one("scimgw_client_quirks_total", quirk="active_as_string") == 1
    assert sum(figures.series("scimgw_tls_handshakes_total").values()) >= 3
    assert abs(figures.one("scimgw_tenant_last_request_timestamp_seconds", tenant="acme") - time.time()) < 60
    assert set(figures.series("http_server_active_requests").values()) == {0}
    changes = {dict(key)["change"]: value for key, value in figures.series("scimgw_user_changes_total").items()}
    assert changes == {"created": 1, "deactivated": 1}
    timed = {dict(key)["operation"]: value for key, value in figures.series("scimgw_store_operation_duration_seconds_count").items()}
    assert timed == {"create": 2, "patch": 1, "search": 4, "read": 0, "replace": 0, "delete": 0}
    assert figures.one("scimgw_store_bytes", tenant="acme") > 4096


def test_a_token_of_another_cloud_is_told_apart_from_an_unknown_one(make_gateway):
    figures = Figures(make_gateway, tenants={"acme": ACME, "north": tenant("north", "gcc-high")}, profiles=("commercial", "gcc-high"))

    assert figures.gateway.client(figures.gateway.token(), "gcc-high").status() == 401

    failures = {dict(key)["reason"]: value for key, value in figures.series("scimgw_auth_failures_total").items() if value}
    assert failures == {"wrong_cloud": 1}


# The list that monitoring can rely on; webhooks come with the customer's web page.
FAMILIES = """
    http_server_request_duration_seconds http_server_active_requests scimgw_requests_total scimgw_auth_failures_total
    scimgw_user_changes_total scimgw_users scimgw_tenants scimgw_tenant_last_request_timestamp_seconds
    scimgw_token_expiry_timestamp_seconds scimgw_token_last_used_timestamp_seconds scimgw_config_reloads_total
    scimgw_config_last_reload_successful scimgw_config_last_reload_success_timestamp_seconds scimgw_config_file_refused
    scimgw_tls_certificate_expiry_timestamp_seconds scimgw_tls_handshakes_total scimgw_tls_handshake_duration_seconds
    scimgw_connections scimgw_rate_limited_total scimgw_store_operation_duration_seconds scimgw_store_errors_total
    scimgw_store_bytes scimgw_client_quirks_total scimgw_network_list_age_seconds scimgw_metric_series_folded_total
    scimgw_log_dropped_total scimgw_build_info process_resident_memory_bytes process_virtual_memory_bytes process_open_fds
    process_max_fds process_start_time_seconds process_cpu_seconds_total""".split()


def test_every_metric_that_is_promised_is_told(make_gateway):
    text = Figures(make_gateway).ask("/metrics")[2]

    assert sorted(line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")) == sorted(FAMILIES)


def test_the_process_is_told_as_the_system_sees_it(make_gateway):
    figures = Figures(make_gateway)
    folder = Path(f"/proc/{figures.gateway.process.pid}")

    told = figures.read()

    resident = int(re.search(r"VmRSS:\s+(\d+) kB", (folder / "status").read_text())[1]) * 1024
    assert abs(told["process_resident_memory_bytes",] - resident) < 16 << 20
    assert abs(told["process_open_fds",] - len(list((folder / "fd").iterdir()))) <= 2
    assert abs(told["process_start_time_seconds",] - time.time()) < 60
    assert 0 < told["process_cpu_seconds_total",] < 60 and told["process_max_fds",] > told["process_open_fds",]


def answers(figures: Figures) -> bool:
    try:
        return figures.ask("/livez")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def test_nothing_listens_without_the_key(make_gateway):
    figures = Figures(make_gateway)
    silent = make_gateway().start()
    ports = set()
    for pid in (figures.gateway.process.pid, silent.process.pid):
        ports.add((pid, *sorted(listening(pid))))

    assert ports == {
        (figures.gateway.process.pid, *sorted([figures.port, *figures.gateway.ports.values()])),
        (silent.process.pid, *silent.ports.values())}
    eventually(lambda: figures.gateway.events("metrics.listening"), "a line that tells the address")
    assert not silent.events("metrics.listening")


def listening(pid: int) -> set:
    """The TCP ports on which a process listens: proc(5), net/tcp."""
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            sockets.add(os.readlink(entry))
        except FileNotFoundError:
            continue
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {int(row[1].rsplit(":", 1)[1], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


def test_an_address_that_is_taken_keeps_the_gateway_from_starting(make_gateway):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gateway = make_gateway(settings=f"metrics: {{address: 127.0.0.1:{taken.getsockname()[1]}}}\n")

        status, said = gateway.refuses_to_start()

    assert status != 0 and "ddress already in use" in said, (status, said)


def test_another_address_needs_a_restart(make_gateway):
    figures = Figures(make_gateway)
    gateway = figures.gateway

    gateway.write_settings(f"metrics: {{address: 127.0.0.1:{free_port()}}}\n")
    gateway.done("reload", "--wait")

    told = eventually(lambda: gateway.events("config.restart_needed"), "a setting that needs a restart")
    assert [event["config.key"] for event in told] == ["metrics.address"]
    assert figures.ask("/readyz")[0] == 200
