"""scim2-cli and scim-sanity (PyPI): every check passes, or is waived with an argument."""

import pytest

import suites
import waivers

# As many checks as the pinned versions make of our schemas. Fewer mean that a suite stopped half-way.
LEAST = {"scim2 test: ": 135, "scim-sanity: ": 31, "scim-sanity entra: ": 31}

WAIVED = waivers.read(waivers.FILE.read_text(encoding="utf-8"))


def test_check(check: suites.Check):
    argument = WAIVED.get(check.name)
    if argument is None:
        assert check.passed, f"{check.name}: {check.words}"
        return
    assert not check.passed, f"{check.name} passes: it must leave waivers.txt ({argument})"
    pytest.skip(f"waived: {argument}")


@pytest.mark.parametrize("suite", LEAST, ids=str.strip)
def test_a_suite_runs_to_its_end(suite: str):
    number = sum(check.name.startswith(suite) for check in suites.checks())

    assert number >= LEAST[suite], f"expected at least {LEAST[suite]} checks, got {number}"


def test_each_waiver_names_a_check():
    unknown = WAIVED.keys() - {check.name for check in suites.checks()}

    assert not unknown, f"waivers.txt names what is no check: {sorted(unknown)}"


@pytest.mark.parametrize("text", [
    "a check", "a check -- because", "a check -- RFC 7644", "a check -- RFC 7644 §3\na check -- RFC 7644 §3"])
def test_a_waiver_without_an_argument_is_refused(text: str):
    assert waivers.read("# none\n\na check -- RFC 7644 §3.5.2") == {"a check": "RFC 7644 §3.5.2"}
    with pytest.raises(ValueError, match="waivers.txt:"):
        waivers.read(text)
