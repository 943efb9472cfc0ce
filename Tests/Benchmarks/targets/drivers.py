"""What drives servers: h2load for one request many times, entraload for the work of Entra."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from failure import NotMeasured
from processes import cpu_seconds


def h2load(url: str, pid: int, requests: int, clients: int, *flags: str, suite: str) -> dict:
    """CPU µs of the server for a request, requests a second, p50 and p99 in ms."""
    before = cpu_seconds(pid)
    done = subprocess.run(["h2load", "--h1", f"--clients={clients}", f"--requests={requests}", f"--tls13-ciphers={suite}", *flags, url],
                          capture_output=True, text=True)
    cpu = cpu_seconds(pid) - before
    succeeded = re.search(r"(\d+) succeeded", done.stdout)
    if done.returncode or not succeeded or int(succeeded[1]) != requests:
        raise NotMeasured(f"h2load did not get its answers: {(done.stderr or done.stdout)[-200:]}")
    return {"cpu_us": cpu / requests * 1e6, "per_second": float(re.search(r"([\d.]+) req/s", done.stdout)[1])}


class Entraload:
    """One population of users that runs go on with: everything is checked, and a wrong answer ends the part."""

    def __init__(self, tools, base: str, pid: int, users: int, name: str, *, token: str = "", tokens: Path | None = None):
        self.tools, self.pid = tools, pid
        self.report = tools.folder / f"{name}.json"
        self.state = tools.folder / f"{name}.state"
        self.state.unlink(missing_ok=True)
        self.command = [tools.entraload, "-q", f"-base={base}", f"-n={users}", f"-prefix={name}", f"-state={self.state}",
                        f"-json={self.report}", f"-pids={pid}", "-exclusive=false"]
        self.command += [f"-tokens={tokens}"] if tokens else [f"-token={token}"]

    def run(self, phases: str, workers: int, **options) -> dict:
        """Each phase's report by its name; of a phase that comes twice a list under `name*`."""
        reports = self.reports(phases, workers, **options)
        if wrong := errors(reports):
            raise NotMeasured(f"wrong answers under entraload: {'; '.join(wrong)[:200]}")
        named = {report["phase"]: report for report in reports}
        for report in reports:
            named.setdefault(report["phase"] + "*", []).append(report)
        return named

    def reports(self, phases: str, workers: int, **options) -> list:
        """Each phase's report, with what was wrong in it."""
        command = self.command + [f"-phases={phases}", f"-c={workers}"] + [f"-{key}={value}" for key, value in options.items()]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "SSL_CERT_FILE": f"{self.tools.tls}/ca.pem"})
        if done.returncode not in (0, 2):
            raise NotMeasured(f"entraload ended with {done.returncode}: {done.stderr[-200:]}")
        return json.loads(self.report.read_text())["phases"]


def errors(reports: list) -> list:
    """What was wrong, a text for each kind; a change that was not there when it was read again is wrong too."""
    texts = [f"{text} ({count} times)" for report in reports for text, count in (report.get("error_texts") or {}).items()]
    unread = [f"{report['verify_failures']} changes of {report['phase']} were not there" for report in reports if report["verify_failures"]]
    untold = [f"{report['errors']} errors of {report['phase']}" for report in reports if report["errors"] and not report.get("error_texts")]
    return texts + unread + untold
