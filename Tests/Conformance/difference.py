"""Where two answers differ."""

from __future__ import annotations

import json
import zlib

LONG = 60   # characters of a value that are shown; the rest is told by its checksum
NONE = object()


def of_answers(ours: dict, theirs: dict) -> list:
    """A line for each place: PLACE: OURS | THEIRS. Where one did what the other refused, that alone."""
    if (ours["status"] < 400) != (theirs["status"] < 400):
        return [f"status: {outcome(ours)} | {outcome(theirs)}"]
    return differences(ours, theirs)


def outcome(answer: dict) -> str:
    kind = answer["body"].get("scimType") if isinstance(answer.get("body"), dict) else None
    return f"{answer['status']} {kind}" if kind else str(answer["status"])


def differences(ours: object, theirs: object, place: str = "") -> list:
    """A line for each place: PLACE: OURS | THEIRS."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = []
        for key in sorted({*ours, *theirs}):
            below = f"{place}.{key}" if place else key
            found += differences(ours.get(key, NONE), theirs.get(key, NONE), below)
        return found
    if isinstance(ours, list) and isinstance(theirs, list):
        return differences_of_lists(ours, theirs, place)
    if type(ours) is type(theirs) and ours == theirs:
        return []
    return [f"{place}: {shown(ours)} | {shown(theirs)}"]


def differences_of_lists(ours: list, theirs: list, place: str) -> list:
    """Lists of as many items by position; resources and attributes by what they are called."""
    for key in ("id", "name"):
        if all(isinstance(item, dict) and key in item for item in ours + theirs):
            mine, others = ({item[key]: item for item in items} for items in (ours, theirs))
            if len(mine) == len(ours) and len(others) == len(theirs):
                order = [] if [i for i in mine if i in others] == [i for i in others if i in mine] else [
                    f"{place}: order {shown(list(mine))} | order {shown(list(others))}"]
                return order + differences(
                    *({f"[{name}]": item for name, item in items.items()} for items in (mine, others)), place)
    if len(ours) == len(theirs):
        return [line for number, pair in enumerate(zip(ours, theirs)) for line in differences(*pair, f"{place}[{number}]")]
    return [f"{place}: {shown(ours)} | {shown(theirs)}"]


def shown(value: object) -> str:
    if value is NONE:
        return "none"
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= LONG else f"{text[:LONG]}…{zlib.crc32(text.encode()):08x}"
