"""What tells a programme from another one of its folder, where organization and years do not."""

from pathlib import Path

from kvartal.schema.errors import KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.plans.files import plans_in
from kvartal.tui.plans.periods import period_in_file


def telling_name(plan: Path, period: ProgrammePeriod) -> str:
    """Return what a plan file is called, where another one of its folder is for the same period.

    Args:
        plan: The file.
        period: The days that it is for.

    Returns:
        The name without its ending; empty where the period tells them apart, or is all it says.
    """
    if plan.stem.replace("-", "").isdecimal():
        return ""
    try:
        others = [one for one in plans_in(plan.parent) if one.name != plan.name]
    except KvartalError:
        return ""
    return plan.stem if any(period_in_file(one) == period for one in others) else ""
