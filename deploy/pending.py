"""Plugin of the acceptance suite: tests whose feature has not been built yet.

    PYTHONPATH=deploy pytest -p pending          in Tests/Acceptance

acceptance-pending.txt names them, one a line: NODE ID -- REASON. They run all the same. One that fails counts as
skipped, with its reason; one that passes fails the run, for it must leave the file; so does a name that is no test.
"""

import os

import pytest

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "acceptance-pending.txt")
SEPARATOR = " -- "


def read(path: str) -> dict:
    """Node id → reason."""
    pending = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            name, separator, reason = line.partition(SEPARATOR)
            if not separator or not reason.strip():
                raise pytest.UsageError(f"{path}:{number}: write NODE ID{SEPARATOR}REASON")
            if name in pending:
                raise pytest.UsageError(f"{path}:{number}: {name} is there twice")
            pending[name] = reason.strip()
    return pending


class Pending:
    def __init__(self, pending: dict):
        self.pending = pending
        self.broken_fixtures: dict = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session, items):
        """Before -k and -m take tests out: a name must be a test of its file, as far as files were collected whole."""
        if any("::" in argument for argument in session.config.args):
            return
        collected = {item.nodeid for item in items}
        files = {nodeid.split("::")[0] for nodeid in collected}
        for name in self.pending:
            file = name.split("::")[0]
            if name not in collected and (file in files or not (session.config.rootpath / file).exists()):
                raise pytest.UsageError(f"acceptance-pending.txt: {name} is no test of the suite")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if report.failed and report.when == "setup":
            self.note_broken_fixture(report)
        reason = self.pending.get(item.nodeid)
        if reason is None or report.when == "teardown":
            return report
        if report.failed:
            path, line, _ = item.location
            report.outcome, report.longrepr = "skipped", (path, (line or 0) + 1, f"Skipped: pending: {reason}")
        elif report.passed and report.when == "call":
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} passes: it must leave acceptance-pending.txt ({reason})"
        return report

    def note_broken_fixture(self, report):
        """A fixture that tests share fails once and breaks them all: told as one thing."""
        crash = getattr(report.longrepr, "reprcrash", None)
        words = (crash.message if crash else str(report.longrepr)).splitlines()
        key = (report.nodeid.split("::")[0], words[0] if words else "no message")
        self.broken_fixtures[key] = self.broken_fixtures.get(key, 0) + 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter):
        for (file, words), count in self.broken_fixtures.items():
            terminalreporter.write_line(f"fixture broken for {count} tests of {file}: {words}")


def pytest_configure(config):
    config.pluginmanager.register(Pending(read(FILE)), "acceptance-pending")
