"""Next year's programme as it is chosen measure by measure, and begun."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kvartal.schema.months import MONTHS_IN_YEAR, month_end
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.i18n import _
from kvartal.tui.new_programme import SCHEMA, NewProgramme
from kvartal.tui.plan_path import open_plan

if TYPE_CHECKING:
    from kvartal.history.git.identity import Identity
    from kvartal.history.programme import Programme
    from kvartal.history.store.snapshot import Snapshot
    from kvartal.schema.changes import PlanData


def next_period(period: ProgrammePeriod) -> ProgrammePeriod:
    """Return the period that follows one and is as long: the next year, the next three."""
    if period.year is not None:
        return ProgrammePeriod.of_year(period.year + 1)
    months = (
        (period.due.year - period.start.year) * MONTHS_IN_YEAR
        + period.due.month
        - period.start.month
    )
    start = period.due + timedelta(days=1)
    last = start.year * MONTHS_IN_YEAR + start.month - 1 + months
    year, month = divmod(last, MONTHS_IN_YEAR)
    return ProgrammePeriod(start, month_end(year, month + 1))


def reason_text(reasons: Mapping[str, str]) -> str:
    """Return why measures are not carried over, for the first commit; empty for none.

    Args:
        reasons: The reason by the id of the measure.
    """
    if not reasons:
        return ""
    listed = "; ".join(f"{name} — {why}" for name, why in reasons.items())
    return _("не перенесены: {measures}").format(measures=listed)


def next_path(plan: Path, period: ProgrammePeriod) -> Path:
    """Return where the next programme's file comes, beside the one before it."""
    return plan.with_name(NewProgramme(period).path_in(plan.parent).name)


def begin_next(  # noqa: PLR0913, PLR0917 - a programme, the one before it, and why they differ
    programme: "Programme",
    snapshot: "Snapshot",
    data: "PlanData",
    period: ProgrammePeriod,
    reasons: Mapping[str, str],
    identity: "Identity | None" = None,
) -> Path:
    """Write the next programme and begin its history; return its file.

    Args:
        programme: The one before it.
        snapshot: What that is now.
        data: The new one.
        period: The days that it is for.
        reasons: Why measures are not carried over, by their ids.
        identity: The author, written to the repository's own settings; None for git's.

    Raises:
        NoIdentityYet: Git knows no author; nothing was written.
        KvartalError: It was not begun; nothing was written.
    """
    from kvartal.history import repair
    from kvartal.history.yaml_text.document import plan_text, schema_named_in

    path = next_path(programme.path, period)
    text = plan_text(data, schema=schema_named_in(snapshot.source.text) or SCHEMA)
    repair.create(open_plan(path), text, reason=reason_text(reasons), identity=identity)
    return path
