"""Rows 4 to 8: the work of Entra on one tenant, beside nginx, the raw statements and scim2-server."""

from __future__ import annotations

import dataclasses
import statistics

from drivers import Entraload, h2load
from failure import NotMeasured
from gateway import Gateway
from raw import recorded_or_why
from rivals import PEER_TOKEN, SUITE, Nginx, Peer
from rows import Measured, median_ratio
from samples import fdatasync_ms, learner, percentile

IN_FLIGHT, READERS = 32, 8
PATCHES = ("disable", "disablestr", "enable")


@dataclasses.dataclass
class Sizes:
    """How much is done in a round."""

    rounds: int
    users: int
    reads: int
    raw_seconds: float
    nginx_requests: int
    peer_users: int
    peer_reads: int


def measure(tools) -> dict:
    sizes = Sizes(1, 3_000, 6_000, 1, 20_000, 150, 400) if tools.quick else Sizes(3, 6_000, 20_000, 3, 40_000, 500, 2_000)
    (raw, why), rounds = recorded_or_why(tools), []
    with Gateway(tools, "one-tenant") as gateway:
        client = gateway.client()
        answer = client.request("GET", f"/Users/{learner(client)}")[1]
        with Nginx(tools, answer) as nginx:
            for number in range(sizes.rounds):
                rounds.append(one_round(tools, gateway, nginx, raw, sizes, number))
    limits = beside_raw(rounds) if raw else {id_: Measured(None, why=why) for id_ in ("4b", "5")}
    return {**writes(rounds), **limits, **cycles(rounds), **peers(tools, sizes, rounds)}


def one_round(tools, gateway, nginx, raw, sizes: Sizes, number: int) -> dict:
    """All figures of a round, each of the compared right after the other."""
    load = Entraload(tools, gateway.base, gateway.pid, sizes.users, f"r{number}", token=gateway.token())
    third = {"share": 0.333}
    round_ = {"nginx32": h2load(nginx.url, nginx.pid, sizes.nginx_requests, IN_FLIGHT, suite=SUITE),
              "raw post": raw and raw.replay("POST", sizes.raw_seconds, group=IN_FLIGHT),
              "post": load.run("preload", IN_FLIGHT)["preload"],
              "raw patch": raw and raw.replay("PATCH", sizes.raw_seconds, group=IN_FLIGHT)}
    patches = load.run(",".join(PATCHES), IN_FLIGHT, **third)
    round_["patch"] = together([patches[phase] for phase in PATCHES])
    round_["cycle"] = load.run("incremental", IN_FLIGHT, **third)["incremental"]
    round_["nginx8"] = h2load(nginx.url, nginx.pid, sizes.nginx_requests, READERS, suite=SUITE)
    round_["read"] = load.run("read", READERS, reads=sizes.reads)["read"]
    times = sizes.users // 20
    syncs = fdatasync_ms(tools.folder, times)
    round_["one"] = load.run("disable", 1, share=0.1)["disable"]
    round_["fdatasync"] = percentile(syncs + fdatasync_ms(tools.folder, times), 0.5)
    round_["overwriting"] = percentile(fdatasync_ms(tools.folder, times, overwriting=True), 0.5)
    return round_


def together(reports: list) -> dict:
    """Phases of one kind as one. The median, the 99th percentile and the memory are those of the longest phase."""
    requests, seconds = (sum(report[name] for report in reports) for name in ("requests", "seconds"))
    longest = max(reports, key=lambda report: report["requests"])
    return {"server_cpu_us_per_req": sum(report["server_cpu_seconds"] for report in reports) / requests * 1e6, "rps": requests / seconds,
            "p50_ms": longest["p50_ms"], "p99_ms": longest["p99_ms"], "server_rss_mb": longest["server_rss_mb"]}


def writes(rounds: list) -> dict:
    nginx, above = [r["nginx32"]["cpu_us"] for r in rounds], [r["one"]["p50_ms"] - r["fdatasync"] for r in rounds]
    return {
        "4a": figures(rounds, "patch", median_ratio(of(rounds, "patch"), nginx), f"nginx {middle(nginx):.1f} µs"),
        "6": figures(rounds, "one", middle(above), f"fdatasync {middle([r['fdatasync'] for r in rounds]):.2f} ms, "
                     f"over what is there {middle([r['overwriting'] for r in rounds]):.2f} ms")}


def beside_raw(rounds: list) -> dict:
    post, nginx, raw_post = of(rounds, "post"), [r["nginx32"]["cpu_us"] for r in rounds], [r["raw post"]["cpu_us"] for r in rounds]
    rates, raw_rates = [r["patch"]["rps"] for r in rounds], [r["raw patch"]["per_second"] for r in rounds]
    return {
        "4b": figures(rounds, "patch", 100 * median_ratio(rates, raw_rates), f"{middle(rates):,.0f}/s of {middle(raw_rates):,.0f}/s"),
        "5": figures(rounds, "post", median_ratio(post, [r + n for r, n in zip(raw_post, nginx)]),
                     f"raw {middle(raw_post):.1f} µs, nginx {middle(nginx):.1f} µs; {middle([r['post']['rps'] for r in rounds]):,.0f}/s")}


def cycles(rounds: list) -> dict:
    nginx8, nginx32 = ([r[name]["cpu_us"] for r in rounds] for name in ("nginx8", "nginx32"))
    return {"7a": figures(rounds, "read", median_ratio(of(rounds, "read"), nginx8), f"nginx {middle(nginx8):.1f} µs"),
            "8a": figures(rounds, "cycle", median_ratio(of(rounds, "cycle"), nginx32), f"nginx {middle(nginx32):.1f} µs")}


def peers(tools, sizes: Sizes, rounds: list) -> dict:
    """scim2-server with a small population, which is to its advantage: our own is larger, durable and over TLS."""
    try:
        with Peer(tools) as peer:
            load = Entraload(tools, peer.base, peer.pid, sizes.peer_users, "peer", token=PEER_TOKEN)
            reports = load.run("preload,read,incremental", READERS, share=0.9, reads=sizes.peer_reads, lenient="true")
    except NotMeasured as reason:
        return {id_: Measured(None, why=str(reason)) for id_ in ("7b", "8b")}
    read, cycle = (reports[phase]["server_cpu_us_per_req"] for phase in ("read", "incremental"))
    return {"7b": figures(rounds, "read", read / middle(of(rounds, "read")), f"scim2-server {read:,.0f} µs"),
            "8b": figures(rounds, "cycle", cycle / middle(of(rounds, "cycle")), f"scim2-server {cycle:,.0f} µs")}


def figures(rounds: list, kind: str, value: float, how: str) -> Measured:
    """The gateway's own figures of the rounds, memory as it was right after such requests."""
    return Measured(value, how, middle(of(rounds, kind)), middle([r[kind]["p50_ms"] for r in rounds]),
                    middle([r[kind]["p99_ms"] for r in rounds]), middle([r[kind]["server_rss_mb"] for r in rounds]) * 1e6 / 2**20)


def of(rounds: list, kind: str) -> list:
    return [r[kind]["server_cpu_us_per_req"] for r in rounds]


middle = statistics.median
