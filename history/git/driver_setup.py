"""Sets up git in one clone to merge a plan by fields and to show readable diffs.

The settings are in the clone's own configuration and name the program by its path. If the program
is removed, git falls back to its own merge and to the plain file, so no clone is left broken.
`.gitattributes` says which files are meant; without it the clone's ``info/attributes`` does.
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

from kvartal.history.git import textconv_cache
from kvartal.history.git.command import encode
from kvartal.history.git.flatten import FUNCTION_NAME
from kvartal.history.git.local_settings import write_setting
from kvartal.history.git.repository import Repository
from kvartal.history.git.textconv_cache import cache_folder, lookup

DRIVER: Final = "kvartal"
ATTRIBUTES: Final = {"merge": DRIVER, "diff": DRIVER}
_ANCESTORS: Final = f"{DRIVER}-ancestors"
_MARKER: Final = b"# kvartal git-setup"
_MAIN: Final = "from kvartal.tui.main import main; main()"
_NO_SUCH_KEY: Final = 1


@dataclass(frozen=True, slots=True)
class Program:
    """How a shell that git starts calls this program.

    Attributes:
        file: The file to run; while it does not exist, git works without the program.
        arguments: What to pass before the name of the command.
    """

    file: str
    arguments: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """The call, quoted for a shell."""
        return " ".join(map(shlex.quote, (self.file, *self.arguments)))


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What was changed in a clone.

    Attributes:
        settings: Names of the settings that were written or removed; empty if none had to be.
        attributes: The file the attributes of the plan were written to or removed from, if any.
        overruled: Attributes of the plan that are set differently elsewhere, as ``merge=union``.
    """

    settings: tuple[str, ...]
    attributes: Path | None = None
    overruled: tuple[str, ...] = ()


def this_program() -> Program:
    """Return how to call the running program: by its script, else by its interpreter."""
    suffix = ".exe" if os.name == "nt" else ""
    script = Path(sys.executable).with_name(f"kvartal{suffix}")
    if script.is_file():
        return Program(script.as_posix())
    # -P: a module in the repository must not be imported instead of ours.
    return Program(Path(sys.executable).as_posix(), ("-P", "-c", _MAIN))


def settings(program: Program, common_dir: Path | None = None) -> Mapping[str, str]:
    """Return git's settings by name.

    Args:
        program: How git is to call this program.
        common_dir: The git directory that all working trees share; None for no cache of texts.
    """
    exists, call = f"test -x {shlex.quote(program.file)}", program.call
    # Git expands percent signs in a merge driver.
    driver_exists, driver_call = exists.replace("%", "%%"), call.replace("%", "%%")
    merge = (
        f"{driver_exists} || exec git merge-file --marker-size=%L %A %O %B; "
        f"exec {driver_call} merge %O %A %B %P --marker-size=%L"
    )
    cached = None if common_dir is None else lookup(call, cache_folder(common_dir))
    convert = cached or f'exec {call} textconv "$1"'
    # No diff.*.cachetextconv: with it `git diff` writes commits to refs/notes, which
    # `git log --all` shows, and fails for a reader without an identity of their own.
    return {
        f"merge.{DRIVER}.name": "kvartal: merge of a plan by measure and field",
        f"merge.{DRIVER}.driver": merge,
        f"merge.{DRIVER}.recursive": _ANCESTORS,
        f"merge.{_ANCESTORS}.name": "kvartal: merge of common ancestors",
        f"merge.{_ANCESTORS}.driver": f"{merge} --ancestors",
        f"diff.{DRIVER}.textconv": (
            f'f() {{ if {exists}; then {convert}; else exec cat "$1"; fi; }}; f'
        ),
        f"diff.{DRIVER}.xfuncname": FUNCTION_NAME,
    }


def install(
    repository: Repository, plan: str, program: Program, *, dry_run: bool = False
) -> SetupReport:
    """Write the settings and attributes that a clone lacks.

    Args:
        repository: The clone, as seen from the plan's folder.
        plan: Name of the plan file in that folder.
        program: How git is to call this program.
        dry_run: Only return what would be written.

    Raises:
        KvartalError: Git cannot write its configuration.
        OSError: The clone's own attributes cannot be written.
    """
    wanted, now = settings(program, repository.common_dir), _settings_now(repository)
    changed = tuple(name for name, value in wanted.items() if now.get(name) != value)
    for name in () if dry_run else changed:
        write_setting(repository, "--replace-all", name, wanted[name])
    attributes = _attributes_of(repository, plan)
    if attributes == ATTRIBUTES:
        return SetupReport(changed)
    overruled = tuple(
        f"{name}={value}"
        for name, value in attributes.items()
        if value not in {DRIVER, "unspecified", "set"}
    )
    path = _info_attributes(repository) if dry_run else _write_attributes(repository)
    return SetupReport(changed, path, overruled)


def is_installed(repository: Repository, plan: str, program: Program) -> bool:
    """Return whether a clone lacks none of the settings and attributes; arguments as `install`."""
    wanted, now = settings(program, repository.common_dir), _settings_now(repository)
    is_set = all(now.get(name) == value for name, value in wanted.items())
    return is_set and _attributes_of(repository, plan) == ATTRIBUTES


def is_untouched(repository: Repository, plan: str) -> bool:
    """Return whether a clone was never set up: git merges and compares lines, as of any file.

    Args:
        repository: The clone, as seen from the plan's folder.
        plan: Name of the plan file in that folder.
    """
    values = {*_attributes_of(repository, plan).values()}
    return not _settings_now(repository) and values <= {DRIVER, "unspecified", "set"}


def remove(repository: Repository, *, dry_run: bool = False) -> SetupReport:
    """Remove what :func:`install` wrote into a clone.

    Args:
        repository: The clone.
        dry_run: Only return what would be removed.

    Raises:
        KvartalError: Git cannot write its configuration.
        OSError: The clone's own attributes cannot be written.
    """
    if not dry_run:
        textconv_cache.remove(repository.common_dir)
    names = settings(Program(""))
    changed = tuple(name for name in names if name in _settings_now(repository))
    for name in () if dry_run else changed:
        write_setting(repository, "--unset-all", name)
    path = _info_attributes(repository)
    lines = _lines(path)
    foreign = _foreign_lines(lines)
    if foreign == lines:
        return SetupReport(changed)
    if not dry_run:
        _write(path, foreign)
    return SetupReport(changed, path)


def _settings_now(repository: Repository) -> Mapping[str, str]:
    pattern = rf"^(merge|diff)\.{DRIVER}(-[a-z]+)?\."
    result = repository.run("config", "--local", "-z", "--get-regexp", pattern)
    if result.code == _NO_SUCH_KEY:
        return {}
    entries = filter(None, result.checked().text.split("\0"))
    pairs = (entry.partition("\n") for entry in entries)
    return {name: value for name, _, value in pairs}


def _attributes_of(repository: Repository, plan: str) -> dict[str, str]:
    fields = repository.read_text("check-attr", "-z", *ATTRIBUTES, "--", plan).split("\0")
    return dict(zip(fields[1::3], fields[2::3], strict=False))


def _info_attributes(repository: Repository) -> Path:
    return repository.common_dir / "info" / "attributes"


def _write_attributes(repository: Repository) -> Path:
    path = _info_attributes(repository)
    ours = encode(f"{attributes_line(repository.prefix)}\n")
    lines = _foreign_lines(_lines(path), ours)
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    _write(path, [*lines, _MARKER + b"\n", ours])
    return path


def attributes_line(prefix: str) -> str:
    """Return the line of an attributes file for the plan files of a folder.

    Args:
        prefix: The folder's path in the repository, with a slash at the end; empty at the top.
    """
    attributes = " ".join(f"{name}={value}" for name, value in ATTRIBUTES.items())
    return f"{_plans_pattern(prefix)} {attributes}"


def _plans_pattern(prefix: str) -> str:
    pattern = "/" + re.sub(r"([*?\[\\])", r"\\\1", prefix) + "*.yaml"
    if re.search(r'[\s"\\]', pattern):
        quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'
    return pattern


def _lines(path: Path) -> list[bytes]:
    with suppress(FileNotFoundError):
        return path.read_bytes().splitlines(keepends=True)
    return []


def _foreign_lines(lines: list[bytes], ours: bytes | None = None) -> list[bytes]:
    """Return lines without our marker and the one line after it.

    Args:
        lines: All of a file.
        ours: The only marked line to leave out: the others are of other folders' programmes.
    """
    pairs = enumerate(zip(lines, [*lines, b""][1:], strict=True))
    markers = {
        at for at, (line, after) in pairs if line.rstrip() == _MARKER and ours in {None, after}
    }
    return [line for at, line in enumerate(lines) if not {at, at - 1} & markers]


def _write(path: Path, lines: list[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = NamedTemporaryFile(dir=path.parent, prefix="attributes-", delete=False)  # noqa: SIM115
    try:
        with file:
            file.write(b"".join(lines))
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink()
        raise
