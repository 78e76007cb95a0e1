"""What a rule is, and the part of a programme that rules may check."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.schema.measure import EvidenceFile, IndicatorValue, Measure, Record, Term
from kvartal.schema.model import Plan, Section
from kvartal.schema.problems import DataPath

Violation = tuple[DataPath, Mapping[str, object]]
"""Where a rule is broken, and the fields of its sentence."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The part of a programme that rules may check.

    Attributes:
        plan: The model of everything whose shape is right.
        indexes: Index in the file of each measure of ``plan``.
        ids: Index and id of all measures, including those left out of ``plan``.
        has_sections: Whether ``plan`` has the sections; if not, rules about them do not apply.
        known: The ids, if all of them are right; otherwise no id is reported as unknown.
    """

    plan: Plan
    indexes: tuple[int, ...]
    ids: tuple[tuple[int, str], ...]
    has_sections: bool
    known: frozenset[str] | None

    def measures(self) -> Iterator[tuple[DataPath, Measure]]:
        """Yield each measure with its path."""
        for index, measure in zip(self.indexes, self.plan.measures, strict=True):
            yield ("measures", index), measure

    def is_unknown(self, measure_id: str) -> bool:
        """Return whether it is certain that no measure has this id."""
        return self.known is not None and measure_id not in self.known

    def records(self) -> Iterator[tuple[DataPath, Measure, Record]]:
        """Yield each record with its path and its measure."""
        for path, measure in self.measures():
            for index, record in enumerate(measure.records):
                yield (*path, "records", index), measure, record

    def values(self) -> Iterator[tuple[DataPath, Measure, Record, IndicatorValue]]:
        """Yield each value of an indicator with its path, its measure and its record."""
        for path, measure, record in self.records():
            for index, value in enumerate(record.values):
                yield (*path, "values", index), measure, record, value

    def sections(self) -> Iterator[tuple[DataPath, Section]]:
        """Yield each section of every depth with its path, in printed order."""
        yield from _sections(self.plan.sections, ())

    def files(self) -> Iterator[tuple[DataPath, Measure, EvidenceFile]]:
        """Yield each evidence file with its path and its measure."""
        for path, measure, record in self.records():
            for index, file in enumerate(record.evidence.files):
                yield (*path, "evidence", "files", index), measure, file

    def terms(self) -> Iterator[tuple[DataPath, Term]]:
        """Yield each term, original and postponed, with its path."""
        for path, measure in self.measures():
            yield (*path, "term"), measure.term
            for index, postponement in enumerate(measure.postponements):
                yield (*path, "postponements", index, "to"), postponement.to


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a JSON Schema cannot express.

    Attributes:
        code: Stable name of the kind of problem.
        template: The sentence for the user, in Russian, with named fields.
        source: Where the rule comes from.
        check: Yields where it is broken.
        is_warning: Whether a programme that breaks it is valid all the same.
        is_later: Whether it came after programmes that break it could be written: versions of a
            history are not blamed for it.
    """

    code: str
    template: str
    source: str
    check: Callable[[Subject], Iterator[Violation]]
    is_warning: bool = False
    is_later: bool = False


def _sections(sections: Sequence[Section], above: DataPath) -> Iterator[tuple[DataPath, Section]]:
    for index, section in enumerate(sections):
        path = (*above, "sections", index)
        yield path, section
        yield from _sections(section.sections, path)


def repeated(names: Collection[tuple[DataPath, str]]) -> Iterator[Violation]:
    """Yield each name that occurred before."""
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            yield path, {"name": name}
        seen.add(name)


YEARS_OF_FACTS: Final = 10
"""How many years after the plan's facts may be dated: late work passes, a typing error does not."""


def is_within(day: date, first: int, last: int) -> bool:
    """Return whether a day falls in the years from ``first`` to ``last``."""
    return first <= day.year <= last
