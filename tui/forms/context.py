"""What a form that changes the programme works with, and what others changed in it meanwhile."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.words import ABSENT, Words
from kvartal.schema.changes import Change, Plain, PlanData, UnknownMeasure, measure_data
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.presentation.labels import UNICODE_SIGNS, Signs
from kvartal.tui.session import Session

if TYPE_CHECKING:
    from kvartal.history.store.attachments import Attachment
    from kvartal.tui.fact_checks import FactChecks


class Save(Protocol):
    """Saves a change with the files that belong to it; raises a KvartalError where it could not."""

    async def __call__(
        self, change: Change, attachments: "tuple[Attachment, ...]" = (), *, reason: str = ""
    ) -> None:
        """Save it, with the reason where there is one."""


STATE_KEYS: Final = frozenset({"term", "postponements", "records", "cancelled"})
"""The parts of a measure's data that its state follows from."""


@dataclass(frozen=True, slots=True)
class FormContext:
    """The programme as the user sees it, and the way to save a change of it.

    Attributes:
        data: Plain data of the programme: what changes are made from.
        plan: The same as a model.
        path: The plan file.
        as_of: The date that the screen is about; facts are dated with it by default.
        today: The date of the calendar: no fact is later.
        save: Saves a change.
        signs: The signs that the terminal can draw.
        current: Returns the context of the programme as it is now; None where it never changes.
        catch_up: Picks up at once what others changed.
    """

    data: PlanData
    plan: Plan
    path: Path
    as_of: date
    today: date
    save: Save
    signs: Signs = UNICODE_SIGNS
    current: Callable[[], "FormContext"] | None = None
    catch_up: Callable[[], Awaitable[None]] | None = None

    @property
    def folder(self) -> Path:
        """The folder of the plan file: evidence files are kept under it."""
        return self.path.parent

    @property
    def fact_checks(self) -> "FactChecks":
        """What is refused, or said, of the dates of a record."""
        from kvartal.tui.fact_checks import FactChecks

        return FactChecks(self.path, self.plan, self.today)

    def newer(self) -> "FormContext | None":
        """Return the context of the programme as it is now; None where it did not change."""
        current = self.current() if self.current is not None else self
        return None if current.data is self.data else current


def form_context(session: Session) -> FormContext:
    """Return what a form works with: the programme on the screen as it is now.

    Args:
        session: The session, with a programme in it.
    """
    snapshot = session.current
    return FormContext(
        snapshot.data,
        snapshot.plan,
        path=snapshot.path,
        as_of=session.as_of,
        today=session.today(),
        save=session.save_change,
        signs=session.signs,
        current=partial(form_context, session),
        catch_up=session.catch_up,
    )


def state_changes(before: PlanData, after: PlanData, measures: Iterable[str]) -> Iterator[str]:
    """Yield what became of the state of measures while a form was open, and what to press.

    Args:
        before: The programme that the form was opened on.
        after: The programme as it is.
        measures: Ids of the measures that the form is about.
    """
    ids = list(measures)
    changes = []
    for measure in ids:
        old, new = _state(before, measure), _state(after, measure)
        if new is None:
            yield measure_removed(measure)
        elif old is not None:
            lines = measure_lines(old, new, Words(_).of(before, after))
            changes += [f"{measure}: {line}" if len(ids) > 1 else str(line) for line in lines]
    if changes:
        template = _("Пока вы писали, изменилось: {what}. Записать всё равно — ещё раз F2.")
        yield template.format(what="; ".join(changes))


def field_clash(old: str, new: str) -> str:
    """Return what others wrote into a field in which the user typed something else.

    Args:
        old: Its value when the form was opened.
        new: Its value now.
    """
    template = _("Пока вы писали, здесь стало «{new}» (было «{old}»). Записать ваше — ещё раз F2.")
    return template.format(old=old or ABSENT, new=new or ABSENT)


def measure_removed(measure: str) -> str:
    """Return that a measure is no longer there."""
    template = _("Пока вы писали, мероприятие {id} удалили из программы. Записать не к чему.")
    return template.format(id=measure)


def _state(data: PlanData, measure: str) -> dict[str, Plain] | None:
    """Return what the state of a measure follows from; None where there is no such measure."""
    try:
        row = measure_data(data, measure)
    except UnknownMeasure:
        return None
    return {key: value for key, value in row.items() if key in STATE_KEYS}
