"""Which record of a measure is meant: the one for a checkpoint, or one of several by its number."""

import datetime as dt

from kvartal.schema.changes import Plain, PlanData, measure_data
from kvartal.schema.checkpoints import checkpoint_name
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.plan_data import year_of
from kvartal.schema.quarters import CalendarQuarter

Checkpoint = CalendarQuarter | dt.date
"""What a record is for: a quarter or a day."""


class RecordMissing(KvartalError):
    """The measure has no record for the checkpoint."""

    template = N_("{measure}: отметки за {checkpoint} нет. Что отмечено, покажет `kvartal show`.")


class RecordNumberMissing(RecordMissing):
    """The measure has fewer records for the checkpoint than the one that is meant."""

    template = N_(
        "{measure}: отметок за {checkpoint}: {count}, а {number}-й нет. Что отмечено, покажет "
        "`kvartal show`."
    )
    stable_code = "record-missing"


class RecordDeleted(RecordMissing):
    """The record that was to be corrected is not in the measure any more."""

    template = N_("{measure}: такой отметки уже нет. Что отмечено, покажет `kvartal show`.")
    stable_code = "record-missing"


class SeveralRecords(KvartalError):
    """The measure has several records for the checkpoint."""

    template = N_(
        "{measure}: отметок за {checkpoint} несколько ({count}). Скажите, которую: "
        "--record от 1 до {count}."
    )


def record_index(
    data: PlanData, measure: str, checkpoint: Checkpoint, number: int | None = None
) -> int:
    """Return the index of a measure's record for a checkpoint.

    Args:
        data: The programme.
        measure: Id of the measure.
        checkpoint: What the record is for.
        number: Which of several records for it, from 1; None where there is one.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        RecordMissing: There is no such record.
        SeveralRecords: There are several, and none was named.
    """
    wanted = plain_checkpoint(checkpoint, year_of(data))
    records = measure_data(data, measure).get("records", [])
    found = [
        index
        for index, row in enumerate(records if isinstance(records, list) else [])
        if isinstance(row, dict) and wanted.items() <= row.items()
    ]
    shown = checkpoint_name(checkpoint)
    if number is None and len(found) > 1:
        raise SeveralRecords(measure=measure, checkpoint=shown, count=len(found))
    which = 1 if number is None else number
    if not found:
        raise RecordMissing(measure=measure, checkpoint=shown)
    if not 1 <= which <= len(found):
        raise RecordNumberMissing(measure=measure, checkpoint=shown, count=len(found), number=which)
    return found[which - 1]


def plain_checkpoint(checkpoint: Checkpoint, year: int | None) -> dict[str, Plain]:
    """Return the field of a record that says what it is for."""
    if isinstance(checkpoint, CalendarQuarter):
        return {"quarter": checkpoint.stored(year)}
    return {"point": checkpoint.isoformat()}
