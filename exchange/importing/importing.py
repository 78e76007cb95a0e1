"""The change that brings a document's programme into a plan, and what it does row by row."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from kvartal.exchange.child_process import Stopped, check_stopped, never
from kvartal.exchange.importing.document_differences import document_differences
from kvartal.exchange.importing.facts import FactReader
from kvartal.exchange.importing.importer import ChangedField, Importer
from kvartal.exchange.importing.offers import offers
from kvartal.exchange.importing.plain import new_plan
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.programme import SourceProgramme
from kvartal.exchange.tables.table_reader import DOCUMENT_UNKNOWN
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.edited_data import EditedData
from kvartal.schema.plan_data import is_approved, rows_of, year_of
from kvartal.schema.structure import PartKind, parts


@dataclass(frozen=True)
class Import:
    """What an import does to a plan.

    Attributes:
        change: The change; without edits where the document says nothing new.
        added: Ids of the measures that it adds.
        changed: What it changes in the others, field by field.
        left: Ids of the measures of the plan that the document does not have: they stay.
        remarks: What is to be said, with the place in the document.
    """

    change: Change
    added: tuple[str, ...] = ()
    changed: tuple[ChangedField, ...] = ()
    left: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


def import_into(
    data: PlanData,
    programme: SourceProgramme,
    *,
    day: date,
    records: bool = False,
    stopped: Stopped = never,
) -> Import:
    """Return what importing a document into a plan does; nothing of the plan is ever deleted.

    Args:
        data: The plan.
        programme: What the document holds.
        day: Today.
        records: Whether the marks of the document become records.
        stopped: Asked at every measure; the import ends as soon as it answers yes.

    Raises:
        DocumentReadingStopped: The user does not want it any longer.
    """
    check = partial(check_stopped, stopped, programme.name)
    programme = _as_the_plan_has_them(data, programme)
    # A document that goes into a programme need not say whose it is.
    remarks = [one for one in programme.remarks if one.code != DOCUMENT_UNKNOWN]
    differing = document_differences(data, programme)
    importer = Importer(EditedData(data), year_of(data), is_approved(data))
    importer.take_fields(programme.fields)
    importer.take_parts(programme.parts)
    importer.take_measures(programme.measures, check)
    importer.take_facts(FactReader(day, programme.name, records))
    return Import(
        Change(ChangeKind.IMPORT, tuple(importer.edits)),
        tuple(importer.added),
        tuple(importer.changed),
        tuple(importer.left),
        (*remarks, *differing, *importer.remarks),
    )


def new_programme(
    programme: SourceProgramme, *, organization: str, title: str, day: date
) -> tuple[PlanData, Import]:
    """Return a new plan that holds a programme, and what is to be said of it.

    Args:
        programme: What the document holds.
        organization: Its organization, where the document does not say.
        title: Its title, where the document does not say.
        day: Today.
    """
    data = new_plan(programme, organization=organization, title=title)
    names = tuple(str(row["id"]) for row in rows_of(data))
    named = tuple(zip(names, programme.measures, strict=True))
    facts = FactReader(day, programme.name, taken=False)
    with_facts = [one for one in named if one[1].fact]
    compared = [one for _, one in facts.take(data, with_facts) if one] if with_facts else []
    remarks = (*programme.remarks, *compared, *offers(named))
    return data, Import(Change(ChangeKind.IMPORT, ()), names, remarks=remarks)


def _as_the_plan_has_them(data: PlanData, programme: SourceProgramme) -> SourceProgramme:
    """Return a programme whose parts are sections or channels as those of the plan are.

    A table does not say which of the two its lowest parts are.
    """
    known = {one.number: one.kind is PartKind.CHANNEL for one in parts(data)}
    has_channels = not known or any(known.values())
    kinds = {
        part.number: known.get(part.number, part.is_channel and has_channels)
        for part in programme.parts
    }
    return replace(
        programme,
        parts=tuple(
            # A section serves nobody in particular.
            replace(one, is_channel=kind, segment=one.segment if kind else "")
            for one in programme.parts
            for kind in (kinds[one.number],)
        ),
        measures=tuple(
            replace(one, in_channel=kinds.get(one.part, False)) for one in programme.measures
        ),
    )
