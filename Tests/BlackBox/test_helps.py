"""Every command's help, completions and the manual: found by themselves, so that a new command is held against all of it.

Help is kept in Helps, a file a command. To write it anew, then read the difference:
    REWRITE_HELPS=1 deploy/with-gateway python -m pytest Tests/BlackBox/test_helps.py
"""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

HELPS = Path(__file__).with_name("Helps")
LINES, COLUMNS = 40, 100
SECONDS = 20.0   # within which a shell has answered
SECRET = re.compile(r"token|secret|password|passphrase|credential", re.IGNORECASE)
# What the parser brings along for each command.
BROUGHT = {"help", "version"}


def run(*arguments, given: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        [os.environ["GATEWAY_BINARY"], *arguments], input=given, capture_output=True, text=True, timeout=60,
        env={**os.environ, "SWIFT_BACKTRACE": "enable=no", "COLUMNS": "80"})


def commands() -> dict:
    """Every command that is for people, by its words."""
    def walk(command, words):
        found = {words: command}
        for sub in command.get("subcommands", []):
            if sub["commandName"] != "help" and sub.get("shouldDisplay", True):
                found |= walk(sub, (*words, sub["commandName"]))
        return found
    binary = os.environ.get("GATEWAY_BINARY")
    if not binary:
        return {}  # conftest says what is missing
    return walk(json.loads(run("--experimental-dump-help").stdout)["command"], ())


COMMANDS = commands()
each_command = pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "scim-gateway")


def options(command: dict) -> list:
    """Its options and flags, each with its longest name."""
    return [(argument["names"][-1]["name"], argument) for argument in command.get("arguments", [])
            if argument["kind"] != "positional" and argument["names"][-1]["name"] not in BROUGHT]


# -- help -------------------------------------------------------------------------------
@each_command
def test_help_is_what_was_read_and_agreed_to(words):
    kept = HELPS / f"{'-'.join(('scim-gateway', *words))}.txt"
    result = run(*words, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    if os.environ.get("REWRITE_HELPS"):
        kept.write_text(result.stdout)

    assert kept.exists(), f"{kept.name} is not there; see the first lines of this file"
    assert result.stdout == kept.read_text()


def test_no_help_is_kept_of_a_command_that_is_gone():
    wanted = {f"{'-'.join(('scim-gateway', *words))}.txt" for words in COMMANDS}
    if os.environ.get("REWRITE_HELPS"):
        for file in HELPS.iterdir():
            if file.name not in wanted:
                file.unlink()

    assert {file.name for file in HELPS.iterdir()} == wanted


@each_command
def test_help_tells_the_purpose_one_example_and_every_default_on_one_screen(words):
    command = COMMANDS[words]
    text = run(*words, "--help").stdout
    lines = text.splitlines()

    assert len(lines) <= LINES, f"{len(lines)} lines"
    assert max(map(len, lines)) <= COLUMNS
    assert command["abstract"].endswith("."), "its purpose in one sentence"
    assert text.count("Example: ") == 1 and "scim-gateway" in text.split("Example: ")[1].splitlines()[0]
    for name, option in options(command):
        told = re.search(r"\(default: .+\)|values: ", option.get("abstract", "") + f"(default: {option.get('defaultValue')})")
        assert told and (not option["isOptional"] or "defaultValue" in option or "(default: " in option["abstract"]), name


@each_command
def test_no_option_takes_a_secret(words):
    """Other users of the machine read arguments: secrets come on stdin, or in a file."""
    taking = [name for name, option in options(COMMANDS[words]) if option["kind"] == "option" and SECRET.search(name)]

    assert [name for name in taking if not name.endswith("-file")] == []


def test_an_option_that_takes_a_secret_would_be_found():
    planted = {"arguments": [{"kind": "option", "names": [{"kind": "long", "name": "admin-password"}]}]}

    assert [name for name, _ in options(planted) if SECRET.search(name)] == ["admin-password"]


# -- one definition for what every command takes --------------------------------------------
def test_an_option_means_the_same_wherever_it_is():
    letters = {}
    for words, command in COMMANDS.items():
        for name, option in options(command):
            for spelled in option["names"]:
                if spelled["kind"] == "short":
                    letters.setdefault(spelled["name"], {}).setdefault(name, []).append(" ".join(words))

    assert {letter: sorted(names) for letter, names in letters.items() if len(names) > 1} == {}


# completion says nothing to people.
@pytest.mark.parametrize("words", [words for words in COMMANDS if not COMMANDS[words].get("subcommands")
                                   and words != ("completion",)], ids=" ".join)
def test_every_command_can_be_quiet_plain_and_unasking(words):
    names = {name for name, _ in options(COMMANDS[words])}

    assert {"quiet", "verbose", "no-color", "no-input"} <= names


# -- mistyped -------------------------------------------------------------------------------
@pytest.mark.parametrize("typed, meant", [
    (("tnant", "list"), "tenant"), (("token", "crate"), "create"), (("conection",), "connection"), (("config", "chekc"), "check")])
def test_a_mistyped_command_is_guessed(typed, meant):
    result = run(*typed)

    assert (result.returncode, result.stdout) == (64, "")
    assert result.stderr.startswith("error: there is no command '") and f"did you mean '{meant}'?" in result.stderr


def test_a_word_that_is_near_nothing_is_answered_with_what_there_is():
    result = run("token", "xyzzy")

    assert result.returncode == 64
    assert "there is no command 'token xyzzy'; there are: create, " in result.stderr and "did you mean" not in result.stderr


def test_a_mistyped_option_is_guessed_and_the_way_to_help_told():
    result = run("tenant", "list", "--no-user")

    assert result.returncode == 64
    assert result.stderr.startswith("error: ") and "--no-users" in result.stderr
    assert result.stderr.endswith("  help: scim-gateway tenant list --help\n")


# -- completions and the manual -----------------------------------------------------------------
@pytest.mark.parametrize("shell, check", [
    ("bash", ("bash", "-n")), ("zsh", ("zsh", "-n")), ("fish", ("fish", "--no-execute"))], ids=["bash", "zsh", "fish"])
def test_completions_parse_in_their_shell_and_know_every_command(shell, check, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    script = tmp_path / f"completion.{shell}"
    script.write_text(run("completion", shell).stdout)

    parsed = subprocess.run([*check, script], capture_output=True, text=True, timeout=60)

    assert (parsed.returncode, parsed.stdout, parsed.stderr) == (0, "", "")
    text = script.read_text()
    assert [words for words in COMMANDS if words and words[-1] not in text] == []


def test_a_script_that_is_none_would_not_parse(tmp_path):
    script = tmp_path / "broken.bash"
    script.write_text(run("completion", "bash").stdout + "\nif then fi\n")

    assert subprocess.run(["bash", "-n", script], capture_output=True, timeout=60).returncode != 0


def test_tenants_and_connections_are_offered_by_the_gateway_that_runs(gateway, tmp_path):
    (tmp_path / "scim-gateway").symlink_to(os.environ["GATEWAY_BINARY"])

    assert completed(gateway, tmp_path, "tenant", "show", "") == ["acme"]
    assert completed(gateway, tmp_path, "token", "create", "") == ["acme/head-office"]
    gateway.stop()
    assert completed(gateway, tmp_path, "tenant", "show", "") == []


def completed(gateway, folder: Path, *words) -> list:
    """What bash would offer for the last word: asked as the script asks."""
    line = ["scim-gateway", *words[:-1], "-c", str(gateway.config), words[-1]]
    script = subprocess.run(
        ["bash", "-c", 'source <("$0" completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
         'COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; "$(complete -p scim-gateway | sed "s/.*-F \\([^ ]*\\).*/\\1/")" "$1" "${@: -1}" "${@: -2:1}"; '
         'printf "%s\\n" "${COMPREPLY[@]}"', os.environ["GATEWAY_BINARY"], *line],
        capture_output=True, text=True, timeout=60,
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
    return sorted(word.strip() for word in script.stdout.splitlines() if word.strip())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_offers_commands_options_and_names_to_whoever_types(gateway, shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    (tmp_path / "scim-gateway").symlink_to(os.environ["GATEWAY_BINARY"])
    offered = {"bash": offered_by_bash, "zsh": offered_by_zsh, "fish": offered_by_fish}[shell]

    assert offered(tmp_path, "scim-gateway ten") == ["tenant"]
    assert offered(tmp_path, "scim-gateway tenant p") == ["pause", "purge"]
    assert offered(tmp_path, "scim-gateway tenant list --no-u") == ["--no-users"]
    assert offered(tmp_path, f"scim-gateway tenant show -c {gateway.config} ac") == ["acme"]
    assert offered(tmp_path, f"scim-gateway token create -c {gateway.config} ac") == ["acme/head-office"]
    assert offered(tmp_path, f"scim-gateway tenant show -c {gateway.config} x") == []


def in_shell(folder: Path, *words) -> str:
    return subprocess.run(words, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}).stdout


def offered_by_bash(folder: Path, line: str) -> list:
    out = in_shell(folder, "bash", "--norc", "-c", 'source <(scim-gateway completion bash); COMP_WORDS=($1); '
                   'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$1; COMP_POINT=${#1}; '
                   '"$(complete -p scim-gateway | sed "s/.*-F \\([^ ]*\\).*/\\1/")" scim-gateway "${COMP_WORDS[@]: -1}" '
                   '"${COMP_WORDS[@]: -2:1}"; printf "%s\\n" "${COMPREPLY[@]}"', "bash", line)
    return sorted(word.strip() for word in out.splitlines() if word.strip())


def offered_by_fish(folder: Path, line: str) -> list:
    """The words of the program by fish's own list; names, for which the script asks for the cursor, at a terminal."""
    if "-c" in line:
        word = typed_into_fish(folder, line).removeprefix(line[:line.rindex(" ") + 1])
        return [] if line.endswith(f" {word}") else [word]
    out = in_shell(folder, "fish", "--no-config", "-c", "scim-gateway completion fish | source; complete -C $argv[1]", line)
    return sorted(candidate.split("\t")[0] for candidate in out.splitlines())


def typed_into_fish(folder: Path, line: str) -> str:
    """What becomes of a line behind which somebody presses the tabulator key."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("fish", ["fish", "--no-config", "-i", "-C", "scim-gateway completion fish | source; stty cols 500"],
                   {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb"})
    try:
        # Put behind words that print it, so that the line that is printed cannot be taken for the one that is typed.
        os.write(terminal, f"{line}\t\x01echo (math 40 + 2): \n".encode())
        said, end = b"", time.monotonic() + SECONDS
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                said += os.read(terminal, 65_536)
            found = re.search(r"^42: (.*?)\s*$", said.decode(errors="replace").replace("\r", "\n"), re.M)
            if found:
                return found[1]
        raise AssertionError(f"fish printed no line: {said[-2000:]!r}")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


ZSH_AT_ITS_TERMINAL = """
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "source $1/inside.zsh"
    zpty -w -n shell "$2"$'\t'
    for round in {1..400}; do [[ -e $1/done ]] && break; zpty -r -t shell said; sleep 0.05; done
    zpty -d shell"""

# Every way to offer words ends in compadd; what it would take goes into a file. comppostfuncs run when all is offered.
ZSH_INSIDE = """
    fpath=(FOLDER $fpath)
    autoload -Uz compinit
    compinit -u -D
    compadd() { local -a words; builtin compadd -O words "$@"; print -l -- $words >> FOLDER/words; builtin compadd "$@" }
    finished() { : > FOLDER/done }
    comppostfuncs=(finished)"""


def offered_by_zsh(folder: Path, line: str) -> list:
    (folder / "_scim-gateway").write_text(run("completion", "zsh").stdout)
    (folder / "inside.zsh").write_text(ZSH_INSIDE.replace("FOLDER", str(folder)))
    for name in ("words", "done"):
        (folder / name).unlink(missing_ok=True)
    in_shell(folder, "zsh", "-f", "-c", ZSH_AT_ITS_TERMINAL, "zsh", str(folder), line)
    assert (folder / "done").exists(), "zsh did not come to an end"
    words = (folder / "words").read_text().split() if (folder / "words").exists() else []
    return sorted(set(words))


@pytest.mark.parametrize("page", ["scim-gateway", "gateway.yaml", "tenant.yaml"])
def test_manual_pages_parse_without_a_warning(page, tmp_path):
    if not shutil.which("groff"):
        pytest.skip("no groff here")
    file = tmp_path / page
    file.write_text(run("man", page).stdout)

    parsed = subprocess.run(["groff", "-ww", "-man", "-K", "utf8", "-T", "utf8", "-z", file], capture_output=True, text=True, timeout=60)

    assert (parsed.returncode, parsed.stderr) == (0, "")


def test_the_manual_tells_every_command_and_every_key():
    program, keys = run("man").stdout, run("man", "gateway.yaml").stdout + run("man", "tenant.yaml").stdout
    explained = [line.split()[0] for line in run("explain").stdout.splitlines() if re.match(r"[a-z_.]+ ", line)]

    missing = [words for words in COMMANDS if words and f'.SS "{" ".join(words)}"'.replace("-", "\\-") not in program]
    assert missing == []
    assert len(explained) > 50 and [key for key in explained if f"\\fB{key}\\fR" not in keys.replace("\\-", "-")] == []
