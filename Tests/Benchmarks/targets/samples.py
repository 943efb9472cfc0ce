"""Small things that several parts do by hand."""

from __future__ import annotations

import json
import os
import time
import uuid
from pathlib import Path

from failure import NotMeasured


def learner(client) -> str:
    """Makes a learner; gives the id."""
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": f"{uuid.uuid4().hex}@example.com", "externalId": str(uuid.uuid4()),
            "name": {"givenName": "Ada", "familyName": "Lovelace"}}
    status, answer = client.request("POST", "/Users", body)
    if status != 201:
        raise NotMeasured(f"POST /Users was answered {status}")
    return json.loads(answer)["id"]


def percentile(values: list, share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def fdatasync_ms(folder: Path, times: int, overwriting: bool = False) -> list:
    """How long it takes to append 4 KiB, or to write over 4 KiB that are there, and have them on the disk."""
    path, taken = folder / "fdatasync", []
    path.write_bytes(bytes(4096 * times) if overwriting else b"")
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.fsync(descriptor)
        for number in range(times):
            began = time.perf_counter()
            os.pwrite(descriptor, bytes(4096), 4096 * number)
            os.fdatasync(descriptor)
            taken.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(descriptor)
        path.unlink()
    return taken
