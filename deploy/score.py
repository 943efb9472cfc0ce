#!/usr/bin/env python3
"""Sums test results: score.py FILE… reads JUnit XML, and `name<TAB>passed|failed` lines of single checks.

Prints what failed, and last `N passed, N failed, N skipped`. Exits 1 when anything failed, when a file is missing, or
when a file holds no test: a run that did not happen is no success.
"""

import sys
import xml.etree.ElementTree as ElementTree


def results(path: str):
    """(name, outcome) of every test in the file."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if not text.startswith("<"):
        return [tuple(line.split("\t")) for line in text.splitlines()]
    found = []
    for case in ElementTree.fromstring(text).iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found.append((f"{case.get('classname')} {case.get('name')}", outcome))
    return found


def main() -> int:
    count = {"passed": 0, "failed": 0, "skipped": 0}
    for path in sys.argv[1:]:
        try:
            found = results(path) or [(f"{path} holds no test", "failed")]
        except (OSError, ElementTree.ParseError) as problem:
            found = [(f"{path}: {problem}", "failed")]
        for name, outcome in found:
            count[outcome] += 1
            if outcome == "failed":
                print(f"failed: {name}")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**count))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
