"""What was edited in a copy of our own export, and nothing else.

A reader may lose something of a table, and reads the same thing in the same way twice. So the copy
is compared with what its unedited original reads as: what reads alike was not edited, and stays as
the programme has it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kvartal.exchange.child_process import Stopped, never
from kvartal.exchange.importing.copy_cells import cells_not_taken
from kvartal.exchange.importing.importer import ChangedField
from kvartal.exchange.importing.importing import Import, import_into
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE
from kvartal.exchange.tables.programme import SourceProgramme
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_
from kvartal.schema.measure_position import position_for
from kvartal.schema.numbering import free_id
from kvartal.schema.plan_data import rows_of

Row = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class OwnExport:
    """A copy of our own export.

    Attributes:
        plan: The programme that it was made from, as plain data.
        edited: What the copy reads as.
        original: What the unedited export reads as.
    """

    plan: PlanData
    edited: SourceProgramme
    original: SourceProgramme


def import_copy(
    data: PlanData,
    copy: OwnExport,
    *,
    day: date,
    records: bool = False,
    stopped: Stopped = never,
) -> Import:
    """Return what importing a copy of our own export into a plan does.

    Args:
        data: The plan, which may have changed since.
        copy: The copy.
        day: Today.
        records: Whether the marks of the document become records.
        stopped: Asked at every measure whether to stop.
    """
    before, after = (
        import_into(copy.plan, one, day=day, records=records, stopped=stopped)
        for one in (copy.original, copy.edited)
    )
    old = apply_edits(copy.plan, before.change.edits)
    new = apply_edits(copy.plan, after.change.edits)
    edits = [*_outside(data, old, new)]
    now = apply_edits(data, edits)
    changed: list[ChangedField] = []
    added: list[str] = []
    known = {str(row["id"]): row for row in rows_of(old)}
    ours = {str(row["id"]): row for row in rows_of(now)}
    ids: dict[Plain, Plain] = {}
    for edited in rows_of(new):
        name, shared = str(edited["id"]), edited.get("actions_from")
        row = {**edited, "actions_from": ids[shared]} if shared in ids else edited
        if name not in known:
            edit = _added(now, row)
            ids[name] = edit.measure
            added.append(edit.measure)
            edits.append(edit)
            now = apply_edits(now, (edit,))
        elif name in ours:
            mine = [*_edited(name, known[name], row, ours[name])]
            edits += mine
            now = apply_edits(now, mine)
            changed += [ChangedField(name, one.field, one.old, one.new) for one in mine]
    unseen = set(before.left)
    return Import(
        Change(ChangeKind.IMPORT, tuple(edits)),
        tuple(added),
        tuple(changed),
        tuple(one for one in after.left if one not in unseen and one in ours),
        (
            *_new_remarks(before.remarks, after.remarks),
            *cells_not_taken(copy.original, copy.edited),
        ),
    )


def restored(copy: OwnExport, day: date) -> tuple[PlanData, Import]:
    """Return the plan that a copy carries, with what was edited in it.

    Args:
        copy: The copy.
        day: Today.
    """
    result = import_copy(copy.plan, copy, day=day)
    data = apply_edits(copy.plan, result.change.edits)
    names = tuple(str(row["id"]) for row in rows_of(data))
    template = N_(
        "Это наш экспорт: взята и скрытая часть файла, то, что не напечатано (отметки, примечания)."
    )
    remarks = (Remark("hidden-part", NO_PLACE, template), *result.remarks)
    return data, replace(result, added=names, changed=(), remarks=remarks)


def _edited(name: str, old: Row, new: Row, ours: Row) -> Iterator[Edit]:
    """Yield what was edited in a measure."""
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key, MISSING), new.get(key, MISSING)
        mine = ours.get(key, MISSING)
        if after in (before, mine):
            continue
        if key == "extra" and isinstance(after, dict):
            yield from _edited_values(name, before, after, mine)
        else:
            yield Edit(name, (key,), mine, after)


def _edited_values(
    name: str, before: Plain | Missing, after: Row, mine: Plain | Missing
) -> Iterator[Edit]:
    """Yield what was edited in the values of declared fields, one by one where the plan has any."""
    was = before if isinstance(before, dict) else {}
    edited = {key: value for key, value in after.items() if was.get(key) != value}
    if not isinstance(mine, dict):
        yield Edit(name, ("extra",), mine, edited)
        return
    for key, value in edited.items():
        if mine.get(key) != value:
            yield Edit(name, ("extra", key), mine.get(key, MISSING), value)


def _added(data: PlanData, row: Row) -> Edit:
    rows = rows_of(data)
    taken = [str(one["id"]) for one in rows]
    name = str(row["id"])
    if name in taken:
        name = free_id(str(row.get("number", "")), taken)
    new = {**row, "id": name}
    return Edit(name, (), MISSING, new, position_for(data, new, rows))


def _outside(data: PlanData, old: PlanData, new: PlanData) -> Iterator[Edit]:
    """Yield the sections and declared fields that were added or renamed in a copy."""
    for key in ("sections", "fields"):
        before, after = old.get(key, []), new.get(key, [])
        if before != after:
            yield Edit("", (key,), data.get(key, MISSING), after)


def _new_remarks(before: Sequence[Remark], after: Sequence[Remark]) -> tuple[Remark, ...]:
    """Return what is said of a copy and not of its original."""
    known = Counter((one.code, one.message()) for one in before)
    new: list[Remark] = []
    for one in after:
        key = (one.code, one.message())
        if known[key]:
            known[key] -= 1
        else:
            new.append(one)
    return tuple(new)
