"""Checks of outside suites that need not pass, each with an argument.

waivers.txt names them, one a line: CHECK -- ARGUMENT, which cites the section that speaks for us.
"""

from __future__ import annotations

import re
from pathlib import Path

FILE = Path(__file__).with_name("waivers.txt")
SEPARATOR = " -- "
SECTION = re.compile(r"RFC \d{4} §\d+(\.\d+)*")


def read(text: str) -> dict:
    """Check → argument. Refuses what is no waiver."""
    waivers: dict = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, separator, argument = line.strip().partition(SEPARATOR)
        if not separator or not SECTION.search(argument):
            raise ValueError(f"waivers.txt:{number}: write CHECK{SEPARATOR}ARGUMENT, with the RFC and its section")
        if name in waivers:
            raise ValueError(f"waivers.txt:{number}: {name} is there twice")
        waivers[name] = argument
    return waivers
