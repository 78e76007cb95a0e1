"""What a rule is, and the part of a programme that rules may look at."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.schema.model import EvidenceFile, Measure, Plan, Record, Term
from kvartal.schema.problems import DataPath

Finding = tuple[DataPath, Mapping[str, object]]
"""Where a rule is broken, and the values for its sentence."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The part of a programme that rules may look at.

    Attributes:
        plan: The model of everything whose shape is right.
        indexes: Index in the file of each measure of ``plan``.
        ids: Ids of all measures with their indexes, those too that ``plan`` had to leave out.
        has_sections: Whether the sections are in ``plan``; if not, nothing is said of them.
        known: The ids, where every measure has one that is right; else none is called unknown.
    """

    plan: Plan
    indexes: tuple[int, ...]
    ids: tuple[tuple[int, str], ...]
    has_sections: bool = True
    known: frozenset[str] | None = None

    def measures(self) -> Iterator[tuple[DataPath, Measure]]:
        """Yield each measure with its path."""
        for index, measure in zip(self.indexes, self.plan.measures, strict=True):
            yield ("measures", index), measure

    def is_unknown(self, measure_id: str) -> bool:
        """Tell whether certainly no measure has this id."""
        return self.known is not None and measure_id not in self.known

    def records(self) -> Iterator[tuple[DataPath, Measure, Record]]:
        """Yield each record with its path and its measure."""
        for path, measure in self.measures():
            for index, record in enumerate(measure.records):
                yield (*path, "records", index), measure, record

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
    """A rule.

    Attributes:
        code: Stable name of the kind of problem.
        template: The sentence for the user, in Russian, with named fields.
        source: Where the rule comes from.
        check: Finds where it is broken.
    """

    code: str
    template: str
    source: str
    check: Callable[[Subject], Iterator[Finding]]


def repeated(names: Collection[tuple[DataPath, str]]) -> Iterator[Finding]:
    """Yield each name that stood before."""
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            yield path, {"name": name}
        seen.add(name)


YEARS_OF_FACTS: Final = 10
"""How long after the plan's year facts about it may be dated: late work, but no slip of the pen."""


def is_within(day: date, first: int, last: int) -> bool:
    """Tell whether a day falls in the years from first to last."""
    return first <= day.year <= last
