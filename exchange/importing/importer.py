"""Applies a document to a plan: its fields and parts, its measures one by one, its facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kvartal.exchange.importing.facts import FactReader
from kvartal.exchange.importing.matching import matched
from kvartal.exchange.importing.offers import offers
from kvartal.exchange.importing.plain import plain_measure, plain_sections, values_of
from kvartal.exchange.importing.same_values import (
    is_printed_alike,
    is_read_alike,
    merged_budget,
    same_people,
    terms_of,
    with_actions,
)
from kvartal.exchange.measure_mark import mark_of
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.measures import number_text
from kvartal.exchange.tables.programme import SourceMeasure, SourcePart
from kvartal.schema.changes import MISSING, Edit, Missing, Plain
from kvartal.schema.edited_data import EditedData
from kvartal.schema.errors import N_
from kvartal.schema.measure_position import PrintedPositions
from kvartal.schema.numbering import FreeIds
from kvartal.schema.plan_data import rows_of
from kvartal.schema.structure import PartKind, add_part, parts, set_part

_MERGED: Final = ("extra",)


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of one measure that an import changes."""

    id: str
    field: str
    old: Plain | Missing
    new: Plain | Missing


@dataclass
class Importer:
    """Applies what a document says, edit by edit.

    Attributes:
        plan: The plan, with the edits so far.
        year: The calendar year that it is for; None where it is for another period.
        is_approved: Whether it is approved: then a term changes by postponing only.
        positions: Where new measures are printed.
        edits: What the import does.
        added: Ids of the measures that it adds.
        changed: What it changes in the others.
        left: Ids of the measures that the document does not have.
        remarks: What is to be said.
        named: The measures of the document, each after its id in the plan.
    """

    plan: EditedData
    year: int | None
    is_approved: bool
    positions: PrintedPositions = field(default_factory=lambda: PrintedPositions({}, ()))
    edits: list[Edit] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[ChangedField] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    named: list[tuple[str, SourceMeasure]] = field(default_factory=list)

    def take_fields(self, fields: Sequence[Mapping[str, Plain]]) -> None:
        """Declare the fields that the plan does not have yet."""
        declared = self.plan.data.get("fields", [])
        rows = declared if isinstance(declared, list) else []
        known = {row.get("key") for row in rows if isinstance(row, dict)}
        new = (one for one in fields if one["key"] not in known)
        for at, one in enumerate(new, len(rows)):
            self._do(Edit("", ("fields", at), MISSING, dict(one)))

    def take_parts(self, source: Sequence[SourcePart]) -> None:
        """Add the parts that the plan does not have, and take over changed titles."""
        own = self.plan.data
        if source and not own.get("sections"):
            sections = plain_sections(source)
            self._do(Edit("", ("sections",), own.get("sections", MISSING), sections))
            return
        for part in source:
            data = self.plan.data
            kind = PartKind.CHANNEL if part.is_channel else PartKind.SECTION
            there = next(
                (one for one in parts(data) if (one.kind, one.number) == (kind, part.number)),
                None,
            )
            if there is None:
                row = {"number": part.number, "title": part.title, "segment": part.segment}
                change = add_part(data, kind, row, under=part.under or None)
            else:
                old = str(there.row.get("title", ""))
                title = old if is_printed_alike(old, part.title) else part.title
                change = set_part(data, there, {"title": title})
            for edit in change.edits:
                self._do(edit)

    def take_measures(self, measures: Sequence[SourceMeasure], check: Callable[[], None]) -> None:
        """Change the measures that the plan has, and add the others after those of their place."""
        rows = rows_of(self.plan.data)
        filled = with_actions(rows)
        pairs = matched(measures, filled, check)
        free = FreeIds(str(row["id"]) for row in rows)
        self.positions = PrintedPositions(self.plan.data, rows)
        ids: list[str] = []
        above = ""
        for measure, at in zip(measures, pairs, strict=True):
            check()
            shared = above if measure.shares_actions else ""
            if at is None:
                name = free.take(measure.number)
                row = plain_measure(measure, name, shared, self.year)
                self._add(row, after=ids[-1] if ids else "")
            else:
                name = str(rows[at]["id"])
                self._change(measure, rows[at], shared)
            ids.append(name)
            self.named.append((name, measure))
            above = above if measure.shares_actions else name
        known = {at for at in pairs if at is not None}
        self.left += [str(row["id"]) for at, row in enumerate(rows) if at not in known]

    def take_facts(self, reader: FactReader) -> None:
        """Offer or take the marks, compare the states, and offer what the texts suggest."""
        with_facts = [(name, measure) for name, measure in self.named if measure.fact]
        for edit, remark in reader.take(self.plan.data, with_facts) if with_facts else ():
            if remark is not None:
                self.remarks.append(remark)
            if edit is not None:
                self._do(edit)
                new = ChangedField(edit.measure, edit.field, edit.old, edit.new)
                self.changed += [] if edit.measure in self.added else [new]
        added = set(self.added)
        self.remarks += offers([one for one in self.named if one[0] in added])

    def _add(self, row: dict[str, Plain], after: str) -> None:
        """Add a row: after that of the measure above it, if both stand in the same place."""
        name = str(row["id"])
        position = self._position(row, after)
        self.positions.count(row)
        self._do(Edit(name, (), MISSING, row, position))
        self.added.append(name)

    def _position(self, row: Mapping[str, Plain], after: str) -> int:
        if after:
            above = self.plan.index(after)
            before = self.plan.row(above)
            if isinstance(before, dict) and _place(before) == _place(row):
                return above + 1
        return self.positions.of(row)

    def _change(self, measure: SourceMeasure, row: Mapping[str, Plain], shared: str) -> None:
        name = str(row["id"])
        values = values_of(measure, shared, self.year)
        if is_printed_alike(self._shared_actions(row), [*measure.actions]):
            values.pop("actions", None)
            values.pop("actions_from", None)
        elif "actions_from" in values and row.get("actions") == list(measure.actions):
            values.pop("actions_from")
        for key, other in (("actions", "actions_from"), ("actions_from", "actions")):
            if key in values and other in row:
                self._edit(name, (other,), row[other], MISSING)
        if not measure.has_term:
            values.pop("term", None)
        if measure.number != number_text(str(row.get("number", ""))):
            values["number"] = measure.number
        if measure.mark and measure.mark == mark_of(name):
            self._move(name, row, measure)
        for field_name, new in values.items():
            self._set(row, field_name, new, measure)

    def _shared_actions(self, row: Mapping[str, Plain]) -> Plain | Missing:
        """Return the actions of the measure that a row shares them with, as they are by now."""
        if "actions_from" not in row:
            return MISSING
        other = self.plan.row(self.plan.index(str(row["actions_from"])))
        return other.get("actions", MISSING) if isinstance(other, dict) else MISSING

    def _move(self, name: str, row: Mapping[str, Plain], measure: SourceMeasure) -> None:
        """Move a measure that is known by its mark to the part where it now stands."""
        key = "channel" if measure.in_channel else "section"
        if not measure.part or row.get(key) == measure.part:
            return
        for other in ("channel", "section"):
            old = row.get(other, MISSING)
            self._edit(name, (other,), old, measure.part if other == key else MISSING)
        self.positions = PrintedPositions(self.plan.data, rows_of(self.plan.data))

    def _set(self, row: Mapping[str, Plain], key: str, new: Plain, measure: SourceMeasure) -> None:
        name, old = str(row["id"]), row.get(key, MISSING)
        if key in _MERGED and isinstance(old, dict) and isinstance(new, dict):
            for inner, value in new.items():
                if not is_printed_alike(old.get(inner, MISSING), value):
                    self._edit(name, (key, inner), old.get(inner, MISSING), value)
            return
        if key == "term" and not self._is_term_changed(row, new, measure):
            return
        if key == "responsible" and same_people(old, new):
            return
        if is_printed_alike(old, new):
            return
        if key == "budget" and not isinstance(old, Missing):
            new = merged_budget(old, new)
        self._edit(name, (key,), old, new)

    def _is_term_changed(
        self, row: Mapping[str, Plain], new: Plain, measure: SourceMeasure
    ) -> bool:
        """Return whether to take a term: an approved one changes by postponing only."""
        text = new.get("text") if isinstance(new, dict) else None
        name, old = str(row["id"]), row.get("term", MISSING)
        in_force = terms_of(row)
        known = [one.get("text") for one in in_force]
        if old == new or (known and is_printed_alike(known[-1] or "", text or "")):
            return False
        if not self.is_approved:
            return text not in known
        if in_force and isinstance(new, dict) and is_read_alike(in_force[-1], new):
            template = N_(
                "{id}: срок в документе назван «{new}», в программе «{old}», читаются они "
                "одинаково: не взят."
            )
            fields = {"id": name, "new": text, "old": in_force[-1].get("text", "")}
            self.remarks.append(Remark("term-worded", measure.place, template, fields))
            return False
        template = N_(
            "{id}: в документе срок «{new}», в программе «{old}». Программа утверждена: срок не "
            "взят. Перенести: `kvartal postpone {id} --to '{new}' --reason …`."
        )
        fields = {"id": name, "new": text, "old": known[-1] if known else ""}
        self.remarks.append(Remark("term-differs", measure.place, template, fields))
        return False

    def _edit(
        self, name: str, path: tuple[str, ...], old: Plain | Missing, new: Plain | Missing
    ) -> None:
        if old != new:
            self._do(Edit(name, path, old, new))
            self.changed.append(ChangedField(name, ".".join(path), old, new))

    def _do(self, edit: Edit) -> None:
        self.plan.apply(edit)
        self.edits.append(edit)


def _place(row: Mapping[str, Plain]) -> tuple[Plain | None, Plain | None]:
    return row.get("channel"), row.get("section")
