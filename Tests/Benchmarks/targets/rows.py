"""The promises, a row for each value, and what was measured of each."""

from __future__ import annotations

import dataclasses
import math
import statistics


@dataclasses.dataclass(frozen=True)
class Row:
    """A promise: no more than so much, or no less."""

    id: str
    what: str
    limit: float
    unit: str = "×"
    at_least: bool = False

    @property
    def target(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {shown(self.limit, self.unit)}"

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


ROWS = [
    Row("1", "GET by id, HTTP/1.1: CPU, of nginx and a file", 2.5),
    Row("2", "GET by id, HTTP/2, 16 × 10: CPU, of nginx and a file", 1.5),
    Row("3", "look-up by userName: CPU, of a GET by id; the worse of HTTP/1.1 and HTTP/2", 1.3),
    Row("4a", "durable PATCH, 32 in flight: CPU, of nginx and a file", 4),
    Row("4b", "durable PATCH, 32 in flight: rate, of the raw statements", 80, "%", at_least=True),
    Row("5", "durable POST, 32 in flight: CPU, of the raw statements and nginx together", 2),
    Row("6", "one PATCH at a time: median above one fdatasync", 0.25, "ms"),
    Row("7a", "Entra's reads: CPU, of nginx and a file", 2.5),
    Row("7b", "Entra's reads: CPU of scim2-server, of ours", 40, at_least=True),
    Row("8a", "Entra's incremental cycle: CPU, of nginx and a file", 5.6),
    Row("8b", "Entra's incremental cycle: CPU of scim2-server, of ours", 20, at_least=True),
    Row("9a", "full handshake: CPU, of nginx", 1.25),
    Row("9b", "resumed handshake: CPU, of nginx", 1.25),
    Row("10", "look-up among 1,000,000 learners, of among 1,000", 2),
    Row("11", "one more member of a group of 100,000, of 10", 1.5),
    Row("12a", "10,000 tenants: start until the first answer", 3, "s"),
    Row("12b", "10,000 tenants: resident when idle", 300, "MiB"),
    Row("12c", "10,000 tenants: first request of a cold one, median", 2, "ms"),
    Row("13a", "memory: process with one tenant", 40, "MiB"),
    Row("13b", "memory: an idle TLS connection", 40, "KiB"),
    Row("13c", "memory: 100,000 learners", 10, "MiB"),
    Row("14", "200 tenants, mixed load at 70 %: p99", 20, "ms"),
    Row("15", "10 tenants: start until the first answer", 300, "ms"),
    Row("16", "200 tenants writing, one change each: rate, of 16 raw writers", 60, "%", at_least=True),
]


@dataclasses.dataclass
class Measured:
    """A value, how it came about, and the server's figures behind it."""

    value: float | None
    how: str = ""
    cpu_us: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    resident_mib: float | None = None
    # Why this value cannot tell whether the promise is kept; of a row without a value, why it has none.
    why: str | None = None
    # Where there are requests enough for it.
    p999_ms: float | None = None

    def __post_init__(self):
        # JSON has no word for it.
        if self.value is not None and not math.isfinite(self.value):
            self.value, self.why = None, "what it is divided by was too short to be measured"


def median_ratio(ours: list, theirs: list) -> float:
    """The median of the rounds' quotients: what slows the machine for a while slows both of a round."""
    return statistics.median(our / their for our, their in zip(ours, theirs))


def shown(value: float, unit: str) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{'' if unit in '×%' else ' '}{unit}"


def table_of(lines: list, left: tuple = (0,)) -> str:
    """Markdown; the first line is the head, and the last column as long as it is."""
    last = len(lines[0]) - 1
    widths = [max(len(line[column]) for line in lines) for column in range(last)] + [0]
    texts = ["| " + " | ".join(cell.ljust(width) if column in left else cell.rjust(width)
                               for column, (cell, width) in enumerate(zip(line, widths))) + " |" for line in lines]
    rule = [("-" * (width + 1)) + ("-" if column in left else ":") for column, width in enumerate(widths[:last])]
    return "\n".join([texts[0], "|" + "|".join([*rule, "---"]) + "|", *texts[1:]])
