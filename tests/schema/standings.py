"""What is known of programmes of every shape at many days: states, deadlines, progress, gaps.

After a change of the states: ``python -m tests.schema.standings`` from the root writes the golden
file again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from kvartal.history.yaml_text.loader import read
from kvartal.schema.changes import Plain
from kvartal.schema.gaps import gaps
from kvartal.schema.model import Plan
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.reading import read_plan
from kvartal.schema.states import Checkpoint, Status, current_term, statuses
from kvartal.schema.summaries import (
    OpenCheckpoint,
    Progress,
    due_among,
    in_channel,
    in_section,
    overdue,
    progress,
    running_quarter,
    share_text,
)

GOLDEN = Path(__file__).parent / "golden" / "standings.txt"
PROGRAMMES = GOLDEN.with_name("years.yaml")
DAYS = {
    "год": """
        2025-12-31 2026-01-01 2026-02-10 2026-03-01 2026-03-02 2026-03-31 2026-04-01 2026-05-15
        2026-05-16 2026-06-30 2026-07-01 2026-07-02 2026-07-10 2026-09-30 2026-10-01 2026-12-31
        2027-01-01 2027-02-02
    """,
    "учебный": """
        2026-08-31 2026-09-01 2026-09-30 2026-10-01 2026-11-02 2026-11-03 2026-12-31 2027-01-01
        2027-01-04 2027-01-05 2027-02-01 2027-03-31 2027-05-04 2027-05-05 2027-05-31 2027-06-01
    """,
    "дорожная карта": """
        2026-01-01 2026-03-31 2026-04-01 2026-12-29 2026-12-30 2026-12-31 2027-03-31 2027-04-01
        2027-12-31 2028-12-29 2028-12-30 2029-01-01
    """,
    "полгода": "2026-07-01",
    "финансовый год": "2026-04-01 2026-12-31 2027-01-01 2027-03-31 2027-04-01",
}
_PERIODS = """
    2026-01-01..2026-12-31 2026-01-01..2026-06-30 2026-07-01..2026-09-30 2026-02-01..2026-04-30
    2026-09-01..2027-05-31 2026-04-01..2027-03-31 2026-02-01..2027-01-31 2026-10-15..2027-04-15
    2026-01-01..2028-12-31 2026-03-01..2026-03-31 2026-01-31..2026-02-28
    2026-01-01..2026-04-30 2026-07-01..2027-06-30 2025-01-01..2025-12-30 2026-05-15..2026-05-15
    2026-01-02..2026-12-31 2026-01-01..2026-09-30 2026-10-01..2027-03-31
"""


def standings() -> Iterator[str]:
    """Yield what is known of each programme, day by day: what is not as it was the day before."""
    for text in _PERIODS.split():
        start, due = map(date.fromisoformat, text.split(".."))
        yield f"{text}: {', '.join(_of_period(ProgrammePeriod(start, due)))}"
    programmes = read(PROGRAMMES).data
    assert isinstance(programmes, dict)
    for name, days in DAYS.items():
        plan = read_plan(_as_mapping(programmes[name]))
        yield f"\n{name}"
        known: list[str] = []
        for text in days.split():
            yield f"{text}: {_running(plan, date.fromisoformat(text))}"
            found = list(_on(plan, date.fromisoformat(text)))
            yield from (f"  {line}" for line in found if line not in known)
            yield from (f"  gone: {line}" for line in known if _is_gone(line, found))
            known = found


def _is_gone(line: str, found: Iterable[str]) -> bool:
    return line.startswith("?") and line not in found


def _as_mapping(value: Plain) -> dict[str, Plain]:
    assert isinstance(value, dict)
    return value


def _of_period(period: ProgrammePeriod) -> Iterator[str]:
    yield f"{period.years_text} {period.year}"
    yield f"{len(period.months)} months from {period.months[0][1]} to {period.months[-1][1]}"
    yield " ".join(map(str, period.quarters))
    yield "whole " + " ".join(str(months) for months in (3, 6, 12) if period.has_whole(months))
    yield f"then {period.following.start}..{period.following.due}"
    if period.is_fiscal_year:
        yield "fiscal"


def _running(plan: Plan, day: date) -> str:
    running = running_quarter(plan, day)
    return "-" if running is None else f"{running[0]} ends in {running[1]}"


def _on(plan: Plan, day: date) -> Iterator[str]:
    found = statuses(plan, day)
    yield f"all {_progress(progress(found))}"
    for quarter in plan.period.quarters:
        yield f"{quarter} {_progress(progress(found, quarter))}"
    for number in plan.all_sections:
        yield f"section {number} {_progress(progress(in_section(plan, found, number)))}"
    for number in plan.channels:
        yield f"channel {number} {_progress(progress(in_channel(found, number)))}"
    yield f"overdue {_entries(overdue(plan, day))}"
    yield f"due {_entries(due_among(found))}"
    yield from map(_measure, found)
    for gap in gaps(plan, day):
        place = " ".join(str(one) for one in (gap.quarter, gap.point) if one)
        yield f"? {gap.severity} {gap.code} {gap.measure} {place}: {gap.message()}"


def _progress(found: Progress) -> str:
    return (
        f"{found.done}/{found.measures} done, {found.recorded}/{found.checkpoints} recorded, "
        f"{found.overdue} overdue, {share_text(found.discipline)}"
    )


def _entries(found: Iterable[OpenCheckpoint]) -> str:
    return ", ".join(
        f"{one.measure_id} {one.due} +{one.days_overdue}{'' if one.checkpoint else ' unfinished'}"
        for one in found
    )


def _measure(status: Status) -> str:
    term = status.term
    words = [status.measure.id, str(status.state), f"«{term.text}»"]
    words.append(f"{status.start or ''}..{status.due or ''}")
    if current_term(status.measure) != term:
        words.append(f"later «{current_term(status.measure).text}»")
    more = {
        "late": status.days_overdue,
        "postponed": status.postponed,
        "records": len(status.records),
        "completed": status.completed_on,
        "cancelled": status.cancelled and status.cancelled.date,
        "unfinished": status.is_unfinished,
    }
    words += [f"{name} {value}" for name, value in more.items() if value]
    checkpoints = ", ".join(map(_checkpoint, status.checkpoints))
    return " ".join(words) + (f": {checkpoints}" if checkpoints else "")


def _checkpoint(found: Checkpoint) -> str:
    words = [str(found.quarter or found.point), str(found.state)]
    words += [f"by {found.due}"] if found.due != found.day.printed else []
    words += [f"on {found.recorded_on}"] if found.recorded_on else []
    words += [f"+{found.days_overdue}"] if found.days_overdue else []
    return " ".join(words)


def main() -> None:
    """Write the golden file."""
    GOLDEN.write_text("\n".join(standings()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
