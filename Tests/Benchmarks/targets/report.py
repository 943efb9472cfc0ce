"""The one table, for people and as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from rows import ROWS, Measured, shown, table_of


def table(found: dict) -> str:
    """A Markdown table of all rows; what was not measured says why."""
    head = ["id", "what", "value", "target", "met", "CPU µs", "p50 ms", "p99 ms", "MiB", "how"]
    lines = [head]
    for row in ROWS:
        one = found.get(row.id)
        if one is None:
            continue
        met = verdict(row, one)
        lines.append([row.id, row.what, "–" if one.value is None else shown(one.value, row.unit), row.target,
                      {True: "yes", False: "NO", None: "?"}[met], number(one.cpu_us), number(one.p50_ms, 2), number(one.p99_ms, 2),
                      number(one.resident_mib), "; ".join(filter(None, [one.how, one.why]))])
    return table_of(lines, left=(0, 1, 3, 4))


def markdown(found: dict, about: dict) -> str:
    """The table as README.md has it: what was promised and measured, the machine, and how to repeat it."""
    lines = [["#", "what", "target", "measured", "met", "of it"]]
    for row in ROWS:
        if one := found.get(row.id):
            lines.append([row.id, row.what, row.target, "–" if one.value is None else shown(one.value, row.unit),
                          {True: "yes", False: "**no**", None: "–"}[verdict(row, one)], "; ".join(filter(None, [one.how, one.why]))])
    quick = " --quick" if about["quick"] else ""
    return (f"{table_of(lines, left=(0, 1, 2, 4))}\n\nOne run of commit {about['commit']} on {about['cpus']} × {about['cpu']}, Linux {about['kernel']}, "
            f"client and servers on the same machine, load {about['load']}; {about['seconds']} s. "
            f"To repeat it: `./deploy/bench{quick} --markdown table.md`. What each row means: Tests/Benchmarks/README.md.\n")


def verdict(row, one: Measured) -> bool | None:
    return None if one.value is None or one.why else row.is_met(one.value)


def write(path: Path, found: dict, about: dict):
    rows = []
    for row in ROWS:
        one = found.get(row.id)
        if one is None:
            continue
        entry = {"id": row.id, "what": row.what, "value": None if one.value is None else round(one.value, 4), "unit": row.unit,
                 "target": row.target, "met": verdict(row, one)}
        figures = {name: round(value, 3) for name, value in dataclasses.asdict(one).items()
                   if name in ("cpu_us", "p50_ms", "p99_ms", "p999_ms", "resident_mib") and value is not None}
        rows.append({**entry, **figures, **{name: text for name, text in (("how", one.how), ("why", one.why)) if text}})
    path.write_text(json.dumps({**about, "rows": rows}, indent=2, ensure_ascii=False) + "\n")


def number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f}"
