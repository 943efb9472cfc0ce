"""The README's tour is what the program says: its commands are run in order, and what they print is compared.

Writes the transcript anew into the README:  deploy/with-gateway python3 Tests/BlackBox/test_tour.py
"""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, os.path.dirname(__file__))
from kit import *

README = Path(__file__).resolve().parents[2] / "README.md"
HEADING = "### A customer's life, in commands"
BLOCK = re.compile(re.escape(HEADING) + r"\n.*?```console\n(.*?)```", re.S)
MARK = "<<< the output ends here >>>"

# What differs from run to run, and a word for it.
VARYING = [
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"), (r"\(\d+ bytes\)", "(SIZE)"), (r"\^+", "^"),
    (r'"[0-9a-f]{4}…"', '"GUID"'), (r"(?<=in )\d+ days", "DAYS"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?", "TIME"), (r"\d{4}-\d\d-\d\d", "DATE"), (r"\d\d:\d\d:\d\d", "TIME"),
    (r"\b\d+(\.\d+)? ?(ms|s|min|h|d)( ago)?\b", "SPAN"), (r"localhost:\d+", "localhost:PORT"), (r"\b[0-9a-f]{24}\b", "REQUEST"),
    (r"\d+(\.\d+)? [KMG]iB", "SIZE"), (r" {2,}", "  "), (r"─+|-{4,}", "--"),
]


def transcript() -> str:
    found = BLOCK.search(README.read_text())
    assert found, f"README.md has no console block under '{HEADING}'"
    return found[1]


def commands(text: str) -> list:
    """The lines behind `$ `, with those that go on below a backslash."""
    made = []
    for line in text.splitlines():
        if line.startswith("$ "):
            made.append(line[2:])
        elif made and made[-1].endswith("\\"):
            made[-1] += "\n" + line
    return made


def run(gateway: Gateway, lines: list) -> list:
    """What each command prints, stdout and stderr as they come, in one shell that stands in the gateway's folder."""
    # Reads are counted by the minute: the tour is not to begin in one and end in the next.
    if time.time() % 60 > 45:
        time.sleep(60 - time.time() % 60)
    tools = gateway.folder / "bin"
    tools.mkdir()
    (tools / "scim-gateway").symlink_to(os.environ["GATEWAY_BINARY"])
    script = "\n".join(f"{line}\nprintf '%s\\n' '{MARK}'" for line in lines)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "110",
                   "TENANT_URL": f"https://localhost:{gateway.ports['commercial']}/scim/v2"}
    done = subprocess.run(["bash", "-c", script], cwd=gateway.folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    output = done.stdout
    for folder, word in ((gateway.folder, "/etc/scim-gateway"), (Path(os.environ["SCIM_CA"]).parent, "/etc/scim-gateway/tls")):
        output = output.replace(str(folder), word)
    for file, name in (("token", "k7Qm2x4B"), ("token.new", "9vTf0a7D")):
        made = gateway.folder / file
        if made.exists():
            output = output.replace(made.read_text()[4:12], name)
    return [part.strip("\n") for part in output.split(MARK + "\n")][:len(lines)]


def written(lines: list, outputs: list) -> str:
    return "".join(f"$ {line}\n" + (f"{output}\n" if output else "") for line, output in zip(lines, outputs))


def bare(text: str) -> str:
    for pattern, word in VARYING:
        text = re.sub(pattern, word, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


def start(make) -> Gateway:
    """Two tenants that stay, and files that are read when somebody asks for it: the tour shows what would change first."""
    gateway = make(tenants={"acme": ACME, "globex": tenant("globex")}, hosts={"commercial": ["localhost"]}).start()
    shutil.copy(os.environ["SCIM_CA"], gateway.folder / "ca.pem")
    return gateway


def test_the_tour_of_the_readme_is_what_the_program_says(make_gateway):
    told = transcript()

    lines = commands(told)

    assert len(lines) >= 12
    assert bare(written(lines, run(start(make_gateway), lines))) == bare(told)


if __name__ == "__main__":
    text = README.read_text()
    gateway = start(Gateway)
    try:
        lines = commands(transcript())
        anew = written(lines, run(gateway, lines))
    finally:
        gateway.remove()
    README.write_text(text.replace(transcript(), anew))
    print(anew)
