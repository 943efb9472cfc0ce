"""The differences that may be, as differences.toml tells them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from waivers import SECTION

FILE = Path(__file__).with_name("differences.toml")


def read(text: str) -> dict:
    """Request → the lines in which its answers may, and must, differ."""
    allowed: dict = {}
    for block in tomllib.loads(text).get("difference", []):
        if not SECTION.search(block["section"]) or not block["why"].strip():
            raise ValueError(f"differences.toml: a difference needs an RFC's section, and why ours is right: {block}")
        for line, requests in block["at"].items():
            for request in requests:
                if line in allowed.setdefault(request, []):
                    raise ValueError(f"differences.toml: {request}: there twice: {line}")
                allowed[request].append(line)
    return allowed
