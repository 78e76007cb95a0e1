"""The programmes of this repository and of the folders that the user added, summed up.

A summary is kept in the user's cache folder for as long as file and date are the same, so that
hundreds of programmes that were seen before are listed at once. On a different day summaries are
made anew of the facts that are kept by content. The cache is read as hostile: what is not as this
module writes it is not believed, and nothing but the list is ever taken from it.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from kvartal.history.plan_file import PlanFile
from kvartal.history.store.facts_cache import FactsCache
from kvartal.history.store.snapshot import check
from kvartal.history.yaml_text.loader import PlanProblems, read
from kvartal.schema.changes import PlanData
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import Problems
from kvartal.schema.states import CheckpointState, Status, statuses
from kvartal.schema.summaries import PERCENT, overdue_among, progress
from kvartal.schema.validation import validate
from kvartal.tui.cache_folder import FACTS, cache_folder
from kvartal.tui.i18n import _, current_language
from kvartal.tui.plans.files import PlanFolderUnreadable, all_plans

FILE: Final = "programmes.json"
FORMAT: Final = 2
_LARGEST: Final = 32_000_000
"""Bytes of a cache that is read at all."""
_OPEN: Final = frozenset({CheckpointState.UPCOMING, CheckpointState.DUE})
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class ProgrammeSummary:
    """One programme in the list.

    Attributes:
        path: Its file, absolute.
        organization: Whose it is; empty where the file does not say or cannot be read.
        title: Its title.
        years: Its year or period, in words.
        measures: How many measures it has.
        done: How many of them are done.
        overdue: How many checkpoints and terms are overdue.
        discipline: Performance discipline, percent; None for no figure.
        next_due: The next deadline, ISO; empty for none.
        responsible: Who is overdue with how much, by the line of responsibles; 0 for those who
            are overdue with nothing.
        problem: The first problem of a file that is broken; empty for none.
    """

    path: str
    organization: str = ""
    title: str = ""
    years: str = ""
    measures: int = 0
    done: int = 0
    overdue: int = 0
    discipline: float | None = None
    next_due: str = ""
    responsible: tuple[tuple[str, int], ...] = ()
    problem: str = ""

    @property
    def words(self) -> str:
        """What a filter looks in."""
        names = " ".join(name for name, _count in self.responsible)
        text = f"{self.organization} {self.title} {self.years} {self.path} {names} {self.problem}"
        return folded(text)


def folded(text: str) -> str:
    """Return a text as filters compare it."""
    return text.casefold().replace("ё", "е")


def programme_files(start: Path, folders: Iterable[str]) -> tuple[Path, ...]:
    """Return the plan files of the repository that a folder is in, and of further folders.

    Args:
        start: A folder, absolute.
        folders: The folders that the user added; one that is not there, or cannot be read, holds
            nothing.
    """
    found: dict[Path, None] = {}
    for folder in (start, *map(Path, folders)):
        try:
            found |= dict.fromkeys(path.resolve() for path in all_plans(folder))
        except PlanFolderUnreadable:
            continue
    return tuple(found)


def summary_of(path: Path, as_of: date, facts: FactsCache) -> ProgrammeSummary:
    """Return the summary of a plan file; of a broken one, its first problem.

    Args:
        path: The file.
        as_of: The date of the figures.
        facts: What was read before; what is read now is kept in it.
    """
    name = str(path)
    try:
        known = PlanFile(path, path.name).facts(facts)
        problem = _problem(path, known.data)
    except PlanProblems as error:
        return ProgrammeSummary(name, years=path.stem, problem=_first(error.problems))
    except KvartalError as error:
        return ProgrammeSummary(name, years=path.stem, problem=error.message(_))
    plan = known.plan
    found = statuses(plan, as_of)
    numbers = progress(found)
    late = Counter({one.responsible_line: 0 for one in plan.measures})
    late.update(one.status.measure.responsible_line for one in overdue_among(found))
    return ProgrammeSummary(
        name,
        plan.header("organization"),
        plan.header("title"),
        plan.years_text,
        numbers.measures,
        numbers.done,
        numbers.overdue,
        numbers.discipline,
        _next_due(found, as_of),
        tuple(sorted(late.items(), key=lambda one: (-one[1], one[0]))),
        problem,
    )


def _problem(path: Path, data: PlanData) -> str:
    """Return the first problem of what a file says; empty for none."""
    if not validate(data):
        return ""
    problems = check(read(path, path.name))  # The text is needed for the line.
    return _first(problems) if problems else ""


def _first(problems: Problems) -> str:
    first = problems[0]
    template = _("строка {line}: {problem}")
    return template.format(line=first.line or 1, problem=first.message(_))[:_LONGEST]


def _next_due(found: Iterable[Status], as_of: date) -> str:
    days = [
        point.due
        for status in found
        for point in status.checkpoints
        if point.state in _OPEN and point.due >= as_of
    ]
    return min(days).isoformat() if days else ""


class SummaryCache:
    """The summaries of a date that were made before, by file, its size and when it changed."""

    def __init__(self, path: Path, as_of: date) -> None:
        """Read the cache.

        Args:
            path: Its file, which need not be there; the facts of plans are kept beside it.
            as_of: The date that summaries are for.
        """
        self._path = path
        self._head = {
            "format": FORMAT,
            "as_of": as_of.isoformat(),
            "language": current_language(),
        }
        self._as_of = as_of
        self._facts = FactsCache(path.with_name(FACTS))
        self._known = _entries(path, self._head)
        self._is_changed = False

    def known(self, path: Path) -> ProgrammeSummary | None:
        """Return the summary of a file as it is now; None where there is none."""
        entry = self._known.get(str(path))
        stamp = _stamp(path)
        if entry is None or stamp is None or entry[0] != stamp:
            return None
        return entry[1]

    def made(self, path: Path) -> ProgrammeSummary:
        """Make the summary of a file, and remember it."""
        stamp = _stamp(path)
        summary = summary_of(path, self._as_of, self._facts)
        if stamp is not None and stamp == _stamp(path):
            self._known[str(path)] = (stamp, summary)
            self._is_changed = True
        return summary

    def made_within(self, seconds: float, paths: Iterable[Path]) -> list[ProgrammeSummary]:
        """Make as many of the summaries as that time is enough for, at least one."""
        until = time.monotonic() + seconds
        made = []
        for path in paths:
            made.append(self.made(path))
            if time.monotonic() >= until:
                break
        return made

    def save(self) -> None:
        """Write what was made; where that is refused, it is made again next time."""
        if not self._is_changed:
            return
        entries = [
            {"stamp": list(stamp), **asdict(summary)} for stamp, summary in self._known.values()
        ]
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            text = json.dumps({**self._head, "entries": entries}, ensure_ascii=True)
            temporary.write_text(text, encoding="ascii")
            temporary.replace(self._path)
        except OSError:
            temporary.unlink(missing_ok=True)


def cache_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the cache is.

    Args:
        environ: See `cache_folder`.
    """
    return cache_folder(environ) / FILE


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _entries(
    path: Path, head: Mapping[str, object]
) -> dict[str, tuple[tuple[int, int], ProgrammeSummary]]:
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(data, dict) or any(data.get(key) != value for key, value in head.items()):
        return {}
    entries = data.get("entries")
    rows = [_entry(row) for row in entries] if isinstance(entries, list) else []
    return {row[1].path: row for row in rows if row is not None}


_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(
        ("path", "organization", "title", "years", "next_due", "problem"),
        lambda value: isinstance(value, str) and len(value) <= _LONGEST,
    ),
    **dict.fromkeys(
        ("measures", "done", "overdue"), lambda value: type(value) is int and value >= 0
    ),
    "discipline": lambda value: (
        value is None or (type(value) in {int, float} and 0 <= value <= PERCENT)
    ),
    "responsible": lambda value: isinstance(value, list) and all(map(_is_count, value)),
    "stamp": lambda value: isinstance(value, list) and [type(one) for one in value] == [int, int],
}


def _is_count(value: object) -> bool:
    return isinstance(value, list) and [type(one) for one in value] == [str, int]


def _entry(row: object) -> tuple[tuple[int, int], ProgrammeSummary] | None:
    """Return an entry of the cache; None where it is not as `SummaryCache.save` writes it."""
    if not isinstance(row, dict) or row.keys() != _TYPES.keys():
        return None
    if not all(is_right(row[name]) for name, is_right in _TYPES.items()):
        return None
    try:
        due = row["next_due"]
        if due:
            date.fromisoformat(due)
    except ValueError:
        return None
    values = {key: value for key, value in row.items() if key != "stamp"}
    values["responsible"] = tuple((name, count) for name, count in row["responsible"])
    first, second = row["stamp"]
    return (first, second), ProgrammeSummary(**values)
