"""The values of a carried measure's indicators in the programme that it came from."""

from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.schema.errors import KvartalError
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.tui.plans.files import carried_path

if TYPE_CHECKING:
    from kvartal.schema.measure import IndicatorValue


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
