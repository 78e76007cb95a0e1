"""What others changed while a dialog was open, in words for its fields."""

from collections.abc import Collection, Iterable, Iterator

from kvartal.history.diff.lines import FieldLine, measure_lines
from kvartal.history.diff.words import ABSENT, Words
from kvartal.schema.changes import Plain, PlanData, UnknownMeasure, measure_data
from kvartal.tui.i18n import _


def changed_meanwhile(
    before: PlanData, after: PlanData, measures: Iterable[str], keys: Collection[str]
) -> str:
    """Return what became of parts of measures, and what to press; empty where nothing did.

    Args:
        before: The programme that a dialog was opened on.
        after: The programme as it is.
        measures: Ids of the measures that the dialog is about.
        keys: The parts of a measure's data that it depends on.
    """
    names = list(measures)
    told = [
        f"{name}: {line}" if len(names) > 1 else str(line)
        for name in names
        for line in _lines(before, after, name, keys)
    ]
    if not told:
        return ""
    template = _("Пока вы писали, изменилось: {what}. Записать всё равно — ещё раз F2.")
    return template.format(what="; ".join(told))


def clash(old: str, new: str) -> str:
    """Return what became of a field in which something else is typed.

    Args:
        old: What stood in it when the dialog was opened.
        new: What stands there now.
    """
    template = _("Пока вы писали, здесь стало «{new}» (было «{old}»). Записать ваше — ещё раз F2.")
    return template.format(old=old or ABSENT, new=new or ABSENT)


def gone(measure: str) -> str:
    """Return that a measure is not there any more."""
    template = _("Пока вы писали, мероприятие {id} удалили из программы. Записать не к чему.")
    return template.format(id=measure)


def _lines(
    before: PlanData, after: PlanData, measure: str, keys: Collection[str]
) -> Iterator[FieldLine]:
    try:
        old, new = measure_data(before, measure), measure_data(after, measure)
    except UnknownMeasure:
        return
    yield from measure_lines(_part(old, keys), _part(new, keys), Words(_))


def _part(row: dict[str, Plain], keys: Collection[str]) -> dict[str, Plain]:
    return {key: value for key, value in row.items() if key in keys}
