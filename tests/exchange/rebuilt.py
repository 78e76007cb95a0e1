"""The printed table of a plan, drawn again as another office would: for round trips."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from kvartal.exchange.grid import SourceDocument
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan, Section
from tests.exchange.office import p, read, tbl, tc, tr

HEADINGS = {
    "number": "№ п/п",
    "proposal": "Предложения",
    "actions": "Мероприятия",
    "term": "Срок",
    "responsible": "Ответственный",
    "result": "Результат",
}


def rebuilt(plan: Plan, order: Sequence[str] = tuple(HEADINGS)) -> SourceDocument:
    """Return a Word document with the table of a plan.

    Args:
        plan: The plan.
        order: Its columns; where the number is the first one, titles have a cell for theirs.
    """
    rows = [tr(*(escape(HEADINGS[name]) for name in order))]
    rows += _measures(plan, (None, None), order)
    for section in plan.sections:
        rows += _section(plan, section, order)
    return read(p(escape(f"Программа мероприятий {plan.years_text}")) + tbl(*rows))


def _section(plan: Plan, section: Section, order: Sequence[str]) -> list[str]:
    rows = [_title(section.number, section.title, order)]
    rows += _measures(plan, (None, section.number), order)
    for channel in section.channels:
        rows.append(_title(channel.number, channel.title, order))
        rows += _measures(plan, (channel.number, None), order)
    for inner in section.sections:
        rows += _section(plan, inner, order)
    return rows


def _title(number: str, title: str, order: Sequence[str]) -> str:
    if order[0] == "number":
        span = f'<w:gridSpan w:val="{len(order) - 1}"/>'
        return tr(tc(escape(number)), tc(escape(title), span))
    return tr(tc(escape(f"{number}. {title}"), f'<w:gridSpan w:val="{len(order)}"/>'))


def _measures(plan: Plan, place: tuple[str | None, str | None], order: Sequence[str]) -> list[str]:
    rows: list[str] = []
    for measure in plan.measures:
        if measure.place == place:
            is_shared = measure.actions_from is not None and bool(rows)
            rows.append(tr(*(_cell(measure, name, is_shared=is_shared) for name in order)))
    return rows


def _cell(measure: Measure, name: str, *, is_shared: bool) -> str:
    if name == "actions":
        merge = "<w:vMerge/>" if is_shared else '<w:vMerge w:val="restart"/>'
        return tc("" if is_shared else "".join(p(escape(one)) for one in measure.actions), merge)
    lines = {
        "number": [measure.number],
        "term": [measure.term.text],
        "responsible": [one.name for one in measure.responsible],
        "proposal": (measure.proposal or "").split("\n"),
        "result": (measure.result or "").split("\n"),
    }
    return tc("".join(p(escape(one)) for one in lines[name]))
