"""What a dialog that changes the programme works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kvartal.schema.changes import Change, PlanData
from kvartal.schema.model import Plan
from kvartal.tui.presentation.labels import UNICODE_SIGNS, Signs

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
