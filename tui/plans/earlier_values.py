"""A carried measure in the programmes that it came from: its indicators' values, its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.tui.plans.files import carried_path
from kvartal.tui.plans.path import open_plan

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry
    from kvartal.schema.measure import IndicatorValue


class EarlierPlanMissing(KvartalError):
    """The programme that a measure was carried over from is not in this repository."""

    template = N_(
        "{id} перешло из программы {plan}, а её файла здесь нет: что было до того, не показано."
    )


@dataclass(frozen=True, slots=True)
class EarlierHistory:
    """The history of a measure in a programme that it was carried over from.

    Attributes:
        plan: The programme's file, as messages name it.
        measure: The id of the measure there.
        entries: What touched it there, newest first.
    """

    plan: str
    measure: str
    entries: "tuple[CommitEntry, ...]"


def earlier_histories(
    plan: Path, measure: Measure | None, *, revision: str, limit: int
) -> Iterator[EarlierHistory]:
    """Yield the histories that a measure continues, of one programme after the other.

    Args:
        plan: The file of the programme that it is in now.
        measure: The measure; None where it is in none.
        revision: The commit to begin at.
        limit: How many entries at most, of all of them together.

    Raises:
        EarlierPlanMissing: The file of the next one is not here.
        KvartalError: A history cannot be read.
    """
    seen = {plan.resolve()}
    while measure is not None and measure.carried_from is not None and limit > 0:
        origin = measure.carried_from
        path = carried_path(plan, origin.plan)
        if path is None:
            raise EarlierPlanMissing(id=origin.id, plan=origin.plan)
        if path in seen:
            return
        seen.add(path)
        programme = open_plan(path)
        entries = programme.entries(origin.id, revision=revision, limit=limit)
        yield EarlierHistory(programme.name, origin.id, entries)
        limit -= len(entries)
        plan, measure = path, _measure_in(path, origin.id)


def _measure_in(path: Path, measure: str) -> Measure | None:
    from kvartal.history.store.snapshot import read_snapshot

    return read_snapshot(path).plan.by_id.get(measure)


class EarlierProgrammes:
    """Programmes that measures were carried over from, each read once while it is the same."""

    def __init__(self) -> None:
        self._plans: dict[Path, tuple[tuple[int, int], Plan | None]] = {}

    def values(self, plan: Path, measure: Measure) -> "tuple[str, tuple[IndicatorValue, ...]]":
        """Return the years of the earlier programme in words, and the values, oldest first.

        Without indicators, or where the programme is not there or cannot be read, there are none.

        Args:
            plan: The file of the programme that the measure is in.
            measure: The measure.
        """
        origin = measure.carried_from
        path = carried_path(plan, origin.plan) if origin and measure.indicators else None
        earlier = None if path is None else self._plan(path)
        before = earlier.by_id.get(origin.id) if earlier is not None and origin else None
        if earlier is None or before is None:
            return "", ()
        values = [value for record in before.records for value in record.values]
        return earlier.years_text, tuple(sorted(values, key=lambda one: one.period))

    def _plan(self, path: Path) -> Plan | None:
        from kvartal.history.store.snapshot import read_snapshot

        try:
            status = path.stat()
        except OSError:
            return None
        stamp = status.st_mtime_ns, status.st_size
        known = self._plans.get(path)
        if known is None or known[0] != stamp:
            try:
                known = stamp, read_snapshot(path).plan
            except KvartalError:
                known = stamp, None
            self._plans[path] = known
        return known[1]
