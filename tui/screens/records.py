"""The screen on which one of a measure's records is picked."""

from rich.text import Text

from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.marks import CheckpointKey
from kvartal.tui.presentation.card_records import checkpoint_name
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.pick import PickScreen


class RecordsScreen(PickScreen[int]):
    """The records of a measure; the result is the index of one."""

    def __init__(self, plan: Plan, measure: str, checkpoint: CheckpointKey | None) -> None:
        """List the records.

        Args:
            plan: The programme.
            measure: Id of the measure, which has records.
            checkpoint: The checkpoint whose record to begin at.
        """
        records = plan.measure(measure).records
        names = [checkpoint_name(record, plan) for record in records]
        width = max(map(len, names))
        lines: list[tuple[int | None, Text]] = []
        for index, record in enumerate(records):
            text = f"{names[index]:<{width}}  {day(record.date)}"
            about = record.result or ", ".join(one.title for one in record.evidence.documents)
            lines.append(
                (index, Text(shown(f"{text}  {about}"), no_wrap=True, overflow="ellipsis"))
            )
        same = [i for i, one in enumerate(records) if checkpoint in {one.quarter, one.point}]
        at = same[-1] if checkpoint is not None and same else len(records) - 1
        super().__init__(_("Какую отметку исправить: {id}").format(id=measure), lines, at)
