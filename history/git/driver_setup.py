"""What makes git merge a plan by fields and show it readably, in one clone.

The settings stand in the clone's own configuration and name the program by its path. Should the
program go, git's own merge and the file as it is take its place, so that no clone is left broken.
Which files are meant, `.gitattributes` says; where it says nothing, the clone's own attributes do.
"""

import os
import re
import shlex
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from kvartal.history.git.flatten import FUNCTION_NAME
from kvartal.history.git.repository import Repository

DRIVER: Final = "kvartal"
ATTRIBUTES: Final = {"merge": DRIVER, "diff": DRIVER}
_ANCESTORS: Final = f"{DRIVER}-ancestors"
_SIGN: Final = b"# kvartal git-setup"
_MAIN: Final = "from kvartal.tui.main import main; main()"
_NO_SUCH_KEY: Final = 1


@dataclass(frozen=True, slots=True)
class Program:
    """How a shell that git starts calls this program.

    Attributes:
        file: The file that must be there for that.
        arguments: What to give it before the name of the command.
    """

    file: str
    arguments: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """The call as a shell takes it."""
        return " ".join(map(shlex.quote, (self.file, *self.arguments)))


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What was done to a clone.

    Attributes:
        settings: Names of the settings that were written or removed; empty where all was so.
        attributes: The file the attributes of the plan were written to or removed from, if any.
        overruled: Attributes of the plan that say otherwise elsewhere, as ``merge=union``.
    """

    settings: tuple[str, ...]
    attributes: Path | None = None
    overruled: tuple[str, ...] = ()


def this_program() -> Program:
    """Return how to call the program that is running: its script, else its interpreter."""
    suffix = ".exe" if os.name == "nt" else ""
    script = Path(sys.executable).with_name(f"kvartal{suffix}")
    if script.is_file():
        return Program(script.as_posix())
    # -P: nothing that lies in the repository is imported in place of ours.
    return Program(Path(sys.executable).as_posix(), ("-P", "-c", _MAIN))


def settings(program: Program) -> Mapping[str, str]:
    """Return git's settings by name.

    Args:
        program: How git is to call this program.
    """
    there, call = f"test -x {shlex.quote(program.file)}", program.call
    # In a merge driver git replaces what begins with a percent sign.
    tests, calls = there.replace("%", "%%"), call.replace("%", "%%")
    merge = (
        f"{tests} || exec git merge-file --marker-size=%L %A %O %B; "
        f"exec {calls} merge %O %A %B %P --marker-size=%L"
    )
    # No diff.*.cachetextconv: with it `git diff` writes commits to refs/notes, which
    # `git log --all` shows, and fails for a reader without an identity of their own.
    return {
        f"merge.{DRIVER}.name": "kvartal: merge of a plan by measure and field",
        f"merge.{DRIVER}.driver": merge,
        f"merge.{DRIVER}.recursive": _ANCESTORS,
        f"merge.{_ANCESTORS}.name": "kvartal: merge of common ancestors",
        f"merge.{_ANCESTORS}.driver": f"{merge} --ancestors",
        f"diff.{DRIVER}.textconv": (
            f'f() {{ if {there}; then exec {call} textconv "$1"; else exec cat "$1"; fi; }}; f'
        ),
        f"diff.{DRIVER}.xfuncname": FUNCTION_NAME,
    }


def install(repository: Repository, plan: str, program: Program) -> SetupReport:
    """Write the settings of a clone; what stands there already is left alone.

    Args:
        repository: The clone, as seen from the folder of the plan.
        plan: Name of the plan file in that folder.
        program: How git is to call this program.

    Raises:
        GitFailed: Git cannot write its configuration.
        OSError: The clone's own attributes cannot be written.
    """
    wanted, now = settings(program), _settings_now(repository)
    changed = tuple(name for name, value in wanted.items() if now.get(name) != value)
    for name in changed:
        _config(repository, "--replace-all", name, wanted[name])
    found = _attributes_of(repository, plan)
    if found == ATTRIBUTES:
        return SetupReport(changed)
    said = tuple(
        f"{name}={value}"
        for name, value in found.items()
        if value not in {DRIVER, "unspecified", "set"}
    )
    return SetupReport(changed, _write_attributes(repository), said)


def remove(repository: Repository) -> SetupReport:
    """Take back what :func:`install` wrote into a clone.

    Args:
        repository: The clone.

    Raises:
        GitFailed: Git cannot write its configuration.
        OSError: The clone's own attributes cannot be written.
    """
    names = settings(Program(""))
    changed = tuple(name for name in names if name in _settings_now(repository))
    for name in changed:
        _config(repository, "--unset-all", name)
    path = _own_attributes(repository)
    lines = _lines(path)
    rest = _without_ours(lines)
    if rest == lines:
        return SetupReport(changed)
    _write(path, rest)
    return SetupReport(changed, path)


def _settings_now(repository: Repository) -> Mapping[str, str]:
    pattern = rf"^(merge|diff)\.{DRIVER}(-[a-z]+)?\."
    result = repository.run("config", "--local", "-z", "--get-regexp", pattern)
    if result.code == _NO_SUCH_KEY:
        return {}
    entries = filter(None, result.checked().text.split("\0"))
    pairs = (entry.partition("\n") for entry in entries)
    return {name: value for name, _, value in pairs}


def _config(repository: Repository, *arguments: str) -> None:
    repository.run("config", "--local", *arguments, writes=True).checked()


def _attributes_of(repository: Repository, plan: str) -> dict[str, str]:
    fields = repository.read_text("check-attr", "-z", *ATTRIBUTES, "--", plan).split("\0")
    return dict(zip(fields[1::3], fields[2::3], strict=False))


def _own_attributes(repository: Repository) -> Path:
    return repository.common_dir / "info" / "attributes"


def _write_attributes(repository: Repository) -> Path:
    path = _own_attributes(repository)
    said = " ".join(f"{name}={value}" for name, value in ATTRIBUTES.items())
    ours = os.fsencode(f"{pattern_of(repository.prefix)} {said}\n")
    lines = _without_ours(_lines(path))
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    _write(path, [*lines, _SIGN + b"\n", ours])
    return path


def pattern_of(prefix: str) -> str:
    """Return the pattern of the plan files of a folder, as a file of attributes wants it.

    Args:
        prefix: The folder's path in the repository, with a slash at the end; empty at the top.
    """
    pattern = "/" + re.sub(r"([*?\[\\])", r"\\\1", prefix) + "*.yaml"
    if re.search(r'[\s"\\]', pattern):
        quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'
    return pattern


def _lines(path: Path) -> list[bytes]:
    with suppress(FileNotFoundError):
        return path.read_bytes().splitlines(keepends=True)
    return []


def _without_ours(lines: list[bytes]) -> list[bytes]:
    """Return lines without our sign and the one line after it."""
    signs = {at for at, line in enumerate(lines) if line.rstrip() == _SIGN}
    return [line for at, line in enumerate(lines) if at not in signs and at - 1 not in signs]


def _write(path: Path, lines: list[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix="attributes-", delete=False) as file:
        file.write(b"".join(lines))
    try:
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink()
        raise
