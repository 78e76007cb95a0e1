"""A programme as it was read at one moment, as a change would make it, and its problems."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kvartal.history.diff.matching import same
from kvartal.history.store.files import digest
from kvartal.history.yaml_text.loader import PlanProblems, load, read
from kvartal.history.yaml_text.source import Source
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.printed_order import in_printed_order
from kvartal.schema.problems import MOST_KEPT, Problem, Problems, as_problems
from kvartal.schema.reading import MalformedPlan, read_plan

_ABOUT_THE_KEY: Final = frozenset({"schema-unknown-property"})
"""Codes of problems that are located at the key, since the name is what is wrong."""


class InvalidChange(PlanProblems):
    """The programme would not be valid with the change; nothing was written.

    Args:
        problems: What the change would introduce, with paths in the changed data.
    """

    template = N_("Изменение не записано: {reason}")


class InvalidReversal(InvalidChange):
    """What an undo, a redo or a restoration would bring back is not valid, at least not now."""

    template = N_(
        "Вернуть прежнее нельзя: в программе появилась бы ошибка. {reason} Исправьте сначала то, "
        "что мешает, или задайте нужное значение обычной правкой."
    )


class InvalidPlan(PlanProblems):
    """The file does not hold a valid programme.

    Args:
        problems: What is wrong with it.
    """

    template = N_("Программа составлена с ошибками. {file}, строка {line}: {reason}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A programme as it was read at one moment.

    Attributes:
        path: The file, with symbolic links followed.
        source: Its text, and the data in it.
        plan: The typed model of the data.
        digest: SHA-256 of the file's bytes.
        problems: What is wrong with it; None when that was not checked.
    """

    path: Path
    source: Source
    plan: Plan
    digest: str
    problems: Problems | None = None

    @property
    def data(self) -> PlanData:
        """The plain data of the programme."""
        return self.source.data

    @property
    def evidence(self) -> Mapping[str, str]:
        """SHA-256 of each evidence file that the programme refers to, by its path."""
        return {
            file.path: file.sha256
            for measure in self.plan.measures
            for record in measure.records
            for file in record.evidence.files
        }

    def checked(self) -> "Snapshot":
        """Return the same snapshot with its problems."""
        return self if self.problems is not None else replace(self, problems=check(self.source))

    def changed(
        self, change: Change, exact_bytes: bytes | None = None, *, is_reversal: bool = False
    ) -> "Snapshot":
        """Return the programme as a change would make it; this one when nothing would differ.

        Args:
            change: The change.
            exact_bytes: Bytes for the file, used if they mean what the change makes of it.
            is_reversal: Whether the change is an undo, a redo or a restoration.

        Raises:
            InvalidChange: The change would introduce a problem.
            UnreadablePlan: The bytes are not the YAML that a plan is written in.
            KvartalError: The change does not fit the programme.
        """
        # Imported late: opening a programme does not need it.
        from kvartal.history.yaml_text.splice import splice

        source = splice(self.source, change.edits)
        if exact_bytes is not None:
            exact = load(exact_bytes, self.source.name)
            source = exact if same(exact.data, source.data) else source
        if source.text == self.source.text:
            return self
        before, after = self.checked().problems or (), check(source)
        new = new_problems(before, after)
        if new:
            raise (InvalidReversal if is_reversal else InvalidChange)(new)
        return Snapshot(self.path, source, _plan(source), digest(source.encoded), after)


def read_snapshot(path: Path, name: str | None = None) -> Snapshot:
    """Return the programme in a file; neither git nor the validator is needed.

    Args:
        path: The file.
        name: What to call it in messages; its path, if not given.

    Raises:
        UnreadablePlan: The file cannot be read, or is not the YAML that a plan is written in.
        InvalidPlan: It does not hold a programme.
    """
    return snapshot_of(read(path, str(path) if name is None else name), path.resolve())


def snapshot_of(source: Source, path: Path) -> Snapshot:
    """Return the snapshot of a text that has been read.

    Raises:
        InvalidPlan: It is not a programme.
    """
    return Snapshot(path, source, _plan(source), digest(source.encoded))


def check(source: Source) -> Problems:
    """Return everything that is wrong with a plan (schema and rules), in the order of its text."""
    # Imported late: opening a programme does not validate.
    from kvartal.schema.validation import validate

    return _in_order(validate(source.data), source)


def warnings(source: Source) -> Problems:
    """Return what is worth a look in a plan that is valid, in the order of its text."""
    from kvartal.schema import validation

    return _in_order(validation.warnings(source.data), source)


def _in_order(problems: Problems, source: Source) -> Problems:
    """Return problems with their places, in the order of the text; of very many the first."""
    located = [_located(problem, source) for problem in problems]
    located.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    return Problems(located[:MOST_KEPT], problems.total, is_cut=problems.is_cut)


def new_problems(before: Iterable[Problem], after: Iterable[Problem]) -> Problems:
    """Return the problems that a change adds; one that occurs twice more is returned twice.

    Where not all problems are kept, one of the later ones may be old without being known: then at
    most as many count as new as the total has grown.
    """
    before, after = as_problems(before), as_problems(after)
    known = Counter(problem.key() for problem in before)
    new = []
    for problem in after:
        known[problem.key()] -= 1
        if known[problem.key()] < 0:
            new.append(problem)
    if before.total == len(before) and after.total == len(after):
        return Problems(new)
    added = max(0, after.total - before.total)
    if added and not new:
        new.append(_more_problems(before.total, after))
    return Problems(new[:added], added)


def _more_problems(before: int, after: Problems) -> Problem:
    """Return the problem that there are more of them than before, too far down to be kept."""
    template = N_("Ошибок стало больше: было {before}, стало {after}. Исправьте сначала прежние.")
    fields = {"before": before, "after": after.total}
    return replace(after[0], code="too-many-problems", template=template, path=(), fields=fields)


def _plan(source: Source) -> Plan:
    try:
        return in_printed_order(read_plan(source.data))
    except MalformedPlan as error:
        problems = check(source)
        if not problems:
            raise
        raise InvalidPlan(problems) from error


def _located(problem: Problem, source: Source) -> Problem:
    is_about_key = problem.code in _ABOUT_THE_KEY
    place = source.key_position(problem.path) if is_about_key else source.position(problem.path)
    return problem.at(source.name, *place)
