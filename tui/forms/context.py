"""What a dialog that changes the programme works with."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kvartal.history.diff.lines import FieldLine, measure_lines
from kvartal.history.diff.words import ABSENT, Words
from kvartal.schema.changes import Change, Plain, PlanData, UnknownMeasure, measure_data
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import UNICODE_SIGNS, Signs
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from kvartal.history.store.evidence import Attachment

Save: TypeAlias = Callable[[Change, "tuple[Attachment, ...]"], Awaitable[None]]
"""Keeps a change with the files it brings; raises a KvartalError where it could not."""


@dataclass(frozen=True, slots=True)
class FormContext:
    """The programme as the person sees it, and the way to keep a change of it.

    Attributes:
        data: Plain data of the programme: what changes are made from.
        plan: The same as a model.
        folder: The folder of the plan file: evidence files are kept under it.
        as_of: The date that the screen is about; facts are dated with it unless told otherwise.
        today: What «сегодня» means.
        save: Keeps a change.
        signs: The signs that the terminal can draw.
        now: Returns the desk as it is by now: the programme may have become another meanwhile.
        catch_up: Takes up at once what others did to the programme.
    """

    data: PlanData
    plan: Plan
    folder: Path
    as_of: date
    today: date
    save: Save
    signs: Signs = UNICODE_SIGNS
    now: Callable[[], "FormContext"] | None = None
    catch_up: Callable[[], Awaitable[None]] | None = None

    def by_now(self) -> "FormContext | None":
        """Return the desk as it is by now; None where nothing has become another."""
        now = self.now() if self.now is not None else self
        return None if now.data is self.data else now


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


def form_context(session: Session) -> FormContext:
    """Return what a dialog works with: the programme on the screen as it is now.

    Args:
        session: The session, with a programme in it.
    """
    snapshot = session.current
    return FormContext(
        snapshot.data,
        snapshot.plan,
        folder=snapshot.path.parent,
        as_of=session.as_of,
        today=session.today(),
        save=session.save_change,
        signs=session.signs,
        now=partial(form_context, session),
        catch_up=session.catch_up,
    )
