"""The dates of a record, held against the programmes of the folder before it is saved."""

import asyncio
from collections.abc import Sequence
from datetime import date

from kvartal.schema.fact_dates import CheckpointNotBegun
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.record_targets import RecordTarget


class RecordDates:
    """Checks dates; a checkpoint that has not begun is refused once, and then insisted on."""

    def __init__(self) -> None:
        self._warned_of: RecordTarget | None = None

    async def check(
        self,
        context: FormContext,
        measures: Sequence[str],
        day: date | None,
        target: RecordTarget | None,
    ) -> None:
        """Check the date of fact, and that the checkpoint has begun.

        Args:
            context: The programme.
            measures: Ids of the measures that the record is for.
            day: The date, where it is to be stored anew.
            target: The checkpoint, likewise. Asked again of the same one, it is taken.

        Raises:
            FactInFuture, FactBeforePeriod, FactOfAnotherProgramme: The record may not have it.
            CheckpointNotBegun: The programme before has the same checkpoint open.
        """
        checks = context.fact_checks
        if day is not None:
            await asyncio.to_thread(checks.check_date, measures[0], day)
        if target is None or target == self._warned_of:
            return
        checkpoint = target.quarter or target.day
        try:
            await asyncio.to_thread(checks.check_begun, measures, checkpoint, context.as_of)
        except CheckpointNotBegun:
            self._warned_of = target
            raise
