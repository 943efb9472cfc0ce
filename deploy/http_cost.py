#!/usr/bin/env python3
"""What a request costs over HTTP/1.1 and HTTP/2 with TLS, beside nginx that gives a file of the same size.

Run by deploy/bench --http, or: deploy/with-gateway python3 deploy/http_cost.py [--requests N] [--rounds N] [--json FILE]

CPU time (user and system) of the server's processes divided by the requests that h2load has completed. Both servers run in
the same round, one after the other, on the same processor, with the same TLS suite, without and with streams; a row's
figure is the median of the rounds, and its ratio the median of the rounds' ratios.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SUITE = "TLS_AES_256_GCM_SHA384"
PROTOCOLS = {"HTTP/1.1, 16 connections": ["--h1", "-c", "16"], "HTTP/2, 16 connections of 10 streams": ["-c", "16", "-m", "10"]}
# What is promised of a row: so many times nginx and its file, and for a look-up so many times the gateway's own GET.
TARGETS = {"HTTP/1.1, 16 connections": 2.5, "HTTP/2, 16 connections of 10 streams": 1.5}
LOOK_UP_TARGET = 1.3

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  types {{ application/scim+json json; }}
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {tls}/server.pem;
    ssl_certificate_key {tls}/server.key;
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites {suite};
    root {folder};
  }}
}}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=40_000, help="of one measurement")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", help="a file for the figures")
    options = parser.parse_args()
    missing = [program for program in ("nginx", "h2load", "taskset") if not shutil.which(program)]
    if missing:
        sys.exit(f"error: {', '.join(missing)} missing; as root: apt-get install nginx-light nghttp2-client util-linux")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)                     # nginx's worker is nobody
        rows = measure(options, Path(folder))
    print(table(rows))
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=2) + "\n")


def measure(options, folder: Path) -> list:
    base, token = os.environ["SCIM_BASE_URL"], os.environ["SCIM_TOKEN_A1"]
    name = f"bench.{uuid.uuid4().hex}@example.com"
    made = json.loads(ask(f"{base}/Users", token, learner(name)))
    get, look_up = f"{base}/Users/{made['id']}", f"{base}/Users?filter=userName%20eq%20%22{name}%22"
    (folder / "get.json").write_bytes(ask(get, token))
    (folder / "look-up.json").write_bytes(ask(look_up, token))
    port = free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, tls=f"{os.environ['GATEWAY_DATA']}/tls", suite=SUITE))
    nginx = subprocess.Popen(["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
    try:
        file = f"https://127.0.0.1:{port}/get.json"
        eventually_answers(file)
        cases = [(what, url, pids) for what, url, pids in (
            ("nginx, a file", file, [nginx.pid] + children(nginx.pid)),
            ("GET by id", get, [int(os.environ["GATEWAY_PID"])]),
            ("look-up, userName eq", look_up, [int(os.environ["GATEWAY_PID"])]))]
        for pid in {pid for _, _, pids in cases for pid in pids}:
            subprocess.run(["taskset", "-acp", "0", str(pid)], check=True, stdout=subprocess.DEVNULL)
        figures = {}
        for number in range(options.rounds + 1):
            for protocol, flags in PROTOCOLS.items():
                for what, url, pids in cases:
                    cost, rate = one(url, token, flags, pids, options.requests if number else options.requests // 4)
                    if number:                      # the first warms up
                        figures.setdefault((protocol, what), []).append((cost, rate))
            print(f"round {number} of {options.rounds}", file=sys.stderr)
        return rows(figures, (folder / "get.json").stat().st_size)
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait(10)


def one(url: str, token: str, flags: list, pids: list, requests: int) -> tuple:
    """µs of the server's CPU for a request, and requests a second."""
    before = sum(map(cpu_ticks, pids))
    done = subprocess.run(
        ["taskset", "-c", "1" if (os.cpu_count() or 1) > 1 else "0", "h2load", *flags, "-n", str(requests), f"--tls13-ciphers={SUITE}",
         "-H", f"authorization: Bearer {token}", url], check=True, capture_output=True, text=True).stdout
    ticks = sum(map(cpu_ticks, pids)) - before
    succeeded = int(re.search(r"(\d+) succeeded", done)[1])
    if succeeded != requests or SUITE not in done:
        sys.exit(f"error: h2load has not done what it was asked:\n{done}")
    return ticks / os.sysconf("SC_CLK_TCK") * 1e6 / requests, float(re.search(r"([\d.]+) req/s", done)[1])


def rows(figures: dict, size: int) -> list:
    made = []
    for (protocol, what), measured in figures.items():
        reference = figures[protocol, "GET by id" if what.startswith("look-up") else "nginx, a file"]
        ratios = [cost / other for (cost, _), (other, _) in zip(measured, reference)]
        target = 1 if what.startswith("nginx") else LOOK_UP_TARGET if what.startswith("look-up") else TARGETS[protocol]
        made.append({"protocol": protocol, "what": what, "bytes": size, "cpu_us": round(statistics.median(c for c, _ in measured), 2),
                     "requests_per_second": round(statistics.median(r for _, r in measured)),
                     "ratio": round(statistics.median(ratios), 2), "least": round(min(ratios), 2), "most": round(max(ratios), 2),
                     "of": "GET by id" if what.startswith("look-up") else "nginx, a file", "at_most": target})
    return made


def table(rows: list) -> str:
    lines = [f"answer of {rows[0]['bytes']} bytes, {SUITE}", "",
             f"{'protocol':<38}{'what':<24}{'CPU µs':>8}{'req/s':>9}{'ratio':>7}  {'(all rounds)':<14}{'at most':>8}  of"]
    for row in rows:
        lines.append(f"{row['protocol']:<38}{row['what']:<24}{row['cpu_us']:>8.1f}{row['requests_per_second']:>9}{row['ratio']:>7.2f}  "
                     f"{'({least:.2f}–{most:.2f})'.format(**row):<14}{row['at_most']:>8}  {row['of']}")
    return "\n".join(lines)


def cpu_ticks(pid: int) -> int:
    times = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(times[11]) + int(times[12])


def children(pid: int) -> list:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def learner(name: str) -> bytes:
    return json.dumps({
        "schemas": [USER, ENTERPRISE], "userName": name, "externalId": str(uuid.uuid4()), "active": True, "preferredLanguage": "en-US",
        "locale": "en-US", "timezone": "Europe/Berlin", "name": {"givenName": "Ada", "familyName": "Lovelace"},
        ENTERPRISE: {"department": "Computing", "employeeNumber": "1815"}}).encode()


def ask(url: str, token: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(url, body, {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=os.environ["SCIM_CA"]), timeout=10) as answer:
        return answer.read()


def eventually_answers(url: str):
    until = time.monotonic() + 10
    while True:
        try:
            return ask(url, "")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


if __name__ == "__main__":
    main()
