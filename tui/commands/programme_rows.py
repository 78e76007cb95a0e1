"""The measures of programmes as rows with their states: what ``list`` and ``overdue`` print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvartal.history.programme import Programme
from kvartal.history.store.facts_cache import FactsCache
from kvartal.schema.changes import Json
from kvartal.schema.errors import KvartalError
from kvartal.schema.model import Plan
from kvartal.schema.states import Status, statuses
from kvartal.tui.cache_folder import FACTS, cache_folder
from kvartal.tui.commands.json_rows import measure_row, programme_keys
from kvartal.tui.commands.params import CommonOptions
from kvartal.tui.failures import message_of, print_stderr


@dataclass(frozen=True, slots=True)
class ProgrammeRows:
    """The rows of one programme.

    Attributes:
        programme: The programme.
        plan: Its facts.
        as_of: The date.
        keys: Which programme it is, in its rows.
        rows: The measures that pass the filters, or all.
    """

    programme: Programme
    plan: Plan
    as_of: date
    keys: dict[str, Json]
    rows: tuple[Status, ...]

    @property
    def name(self) -> str:
        """What answers and refusals call the programme."""
        return self.programme.name

    def json(self, status: Status) -> dict[str, Json]:
        """Return a measure of it as ``--json`` prints it."""
        return {**measure_row(status, self.plan), **self.keys}


def read_rows(programmes: Sequence[Programme], options: CommonOptions) -> list[ProgrammeRows]:
    """Return the rows of each programme; of several, one that cannot be read is named and left out.

    Raises:
        KvartalError: The only one cannot be read, or none can.
    """
    found = []
    failures = []
    # One programme is read in less time than it takes to look for it.
    cache = FactsCache(cache_folder() / FACTS) if len(programmes) > 1 else None
    for programme in programmes:
        try:
            found.append(_read(programme, options, cache))
        except KvartalError as error:
            if len(programmes) == 1:
                raise
            error.programme = programme.name
            print_stderr(f"kvartal: {message_of(error)}")
            failures.append(error)
    if not found:
        raise failures[-1]
    return found


def _read(programme: Programme, options: CommonOptions, cache: FactsCache | None) -> ProgrammeRows:
    plan = programme.read().plan if cache is None else programme.facts(cache).plan
    as_of = options.day(plan)
    keys = programme_keys(plan, programme.path)
    return ProgrammeRows(programme, plan, as_of, keys, statuses(plan, as_of))
