"""The facts of plans that were read before, by the content of their files.

Most of the time of reading a plan goes into its YAML. What comes out of that, the plain data, is
kept as JSON: it depends on the bytes of the file and on this program, and on no date; states are
computed from it each time. The cache is a convenience: it may be absent, damaged or not writable.
It is read as hostile: a plain file of limited size that nobody else may write to, of this version
and about this very content, whose data then goes the same way as data that was just read.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from kvartal.history.store.files import digest
from kvartal.history.store.private_files import is_own_folder, read_own, write_own
from kvartal.history.yaml_text.treebuilder import MAX_DEPTH
from kvartal.schema.changes import PlanData
from kvartal.schema.model import Plan
from kvartal.schema.printed_order import in_printed_order
from kvartal.schema.reading import MalformedPlan, read_plan

READING: Final = 1
"""To be raised when the reading of YAML gives other data than before, or entries look different."""
MOST_BYTES: Final = 16 << 20
"""The largest entry, in bytes."""
MOST_ENTRIES: Final = 4000
"""How many plans are kept; when there are as many, the older half goes."""

_SUFFIX: Final = ".json"
_NESTED: Final = (dict, list)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan file says, without the places in its text.

    Attributes:
        data: The plain data, as it was read from YAML.
        plan: The typed model of it.
    """

    data: PlanData
    plan: Plan


class FactsCache:
    """The plain data of plans, an entry a file, named by the SHA-256 of the plan's bytes.

    An entry is a line that says by which version it was written and about what content, with the
    SHA-256 of what follows, and the data as JSON.
    """

    def __init__(self, folder: Path) -> None:
        """Look whether the cache can be used.

        Args:
            folder: Its folder, for nothing else; it need not be there.
        """
        self._folder = folder
        self._head = _head()
        self._is_readable = is_own_folder(folder)
        self._is_writable = True
        self._is_pruned = False

    def facts(self, content: bytes) -> Facts | None:
        """Return what the bytes of a file say; None where it is not known.

        Args:
            content: The bytes.
        """
        data = self._data(content) if self._is_readable else None
        if not isinstance(data, dict) or _is_too_deep(data):
            return None
        try:
            return Facts(data, in_printed_order(read_plan(data)))
        except MalformedPlan:
            return None

    def store(self, content: bytes, data: PlanData) -> None:
        """Keep the data of a plan; where that is refused, it is read again next time.

        Args:
            content: The bytes of its file.
            data: What was read from them.
        """
        if not self._is_writable:
            return
        try:
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            payload = text.encode()
            if json.loads(text) != data:  # Keys that are not texts: JSON would make them so.
                return
        except (ValueError, RecursionError):
            return
        entry = f"{self._head_line(content, payload)}\n".encode() + payload
        if len(entry) <= MOST_BYTES:
            self._is_writable = self._write(self._entry(content), entry)

    def _entry(self, content: bytes) -> Path:
        return self._folder / f"{digest(content)}{_SUFFIX}"

    def _head_line(self, content: bytes, payload: bytes) -> str:
        return f"{self._head} {digest(content)} {digest(payload)}"

    def _data(self, content: bytes) -> object:
        entry = read_own(self._entry(content), MOST_BYTES) or b""
        head, _line_break, payload = entry.partition(b"\n")
        if head != self._head_line(content, payload).encode():
            return None
        try:
            return json.loads(payload)
        except (ValueError, RecursionError):
            return None

    def _write(self, path: Path, entry: bytes) -> bool:
        """Write an entry whole or not at all; tell whether the next one has a chance."""
        temporary = self._folder / f"{token_hex(8)}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not is_own_folder(self._folder):
                return False
            if not self._is_pruned:
                _drop_older(self._folder)
                self._is_pruned = True
            write_own(temporary, entry)
            temporary.replace(path)
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                temporary.unlink(missing_ok=True)
            return False
        return True


def _head() -> str:
    try:
        name = version("kvartal")
    except PackageNotFoundError:
        name = "?"
    return f"kvartal {name} {READING}"


def _is_too_deep(data: object) -> bool:
    """Return whether data is nested more deeply than the YAML of a plan may be."""
    level: list[Any] = [data]
    for _depth in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if type(inner) in _NESTED
        ]
        if not level:
            return False
    return True


def _drop_older(folder: Path) -> None:
    entries = list(os.scandir(folder))
    if len(entries) >= MOST_ENTRIES:
        entries.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
        for entry in entries[: len(entries) // 2]:
            Path(entry.path).unlink(missing_ok=True)
