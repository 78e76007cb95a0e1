"""The operations on a programme, as changes: record, set, postpone, cancel, add, remove.

Each function computes old and new values from the plain data and returns a change. Whether the
result is a valid programme is decided in one place, by the validator, before anything is written.
A change that alters nothing has no edits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from kvartal.schema.changes import (
    MISSING,
    Change,
    ChangeKind,
    Edit,
    Missing,
    Plain,
    PlanData,
    measure_data,
    measure_index,
)
from kvartal.schema.data_paths import value_at
from kvartal.schema.day_text import day_text
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import Field, FieldKind, field_named, parse
from kvartal.schema.list_fields import (
    is_item,
    is_listed,
    item_edits,
    refuse_set_and_removed,
    removal_edits,
)
from kvartal.schema.measure_position import position_for
from kvartal.schema.numbering import free_id
from kvartal.schema.plan_data import is_approved, period_of, rows_of, year_of
from kvartal.schema.reading import read_term
from kvartal.schema.terms import StatedReading, typed_term
from kvartal.schema.typed_text import normalised
from kvartal.schema.writing import RecordDraft, plain_record, plain_term


class TermIsApproved(KvartalError):
    """The term of an approved plan changes by postponing only."""

    template = N_(
        "{measure}: программа утверждена, поэтому срок не правят, а переносят с указанием причины: "
        "`kvartal postpone {measure} --to … --reason …`."
    )


class SameTerm(KvartalError):
    """A postponement to the term that is in force already."""

    template = N_("{measure}: срок и так «{text}». Укажите новый срок.")


class AlreadyCancelled(KvartalError):
    """The measure is already off the plan."""

    template = N_("{measure}: мероприятие уже снято с плана {date}.")


class ReasonMissing(KvartalError):
    """A postponement or a cancellation without its reason."""

    template = N_("Укажите причину: без неё нельзя ни перенести срок, ни снять с плана.")


class MeasureExists(KvartalError):
    """The id of a new measure is already in use."""

    template = N_("Мероприятие {measure} уже есть в программе.")


def record(data: PlanData, measures: Iterable[str], draft: RecordDraft) -> Change:
    """Return the change that adds a record to each of the measures.

    Raises:
        UnknownMeasure: One of them is not in the programme.
    """
    edits = []
    year = year_of(data)
    for measure in dict.fromkeys(measures):
        records = measure_data(data, measure).get("records", [])
        index = len(records) if isinstance(records, list) else 0
        edits.append(Edit(measure, ("records", index), MISSING, plain_record(draft, measure, year)))
    return Change(ChangeKind.RECORD, tuple(edits))


def set_fields(
    data: PlanData,
    measure: str,
    texts: Mapping[str, str],
    stated: StatedReading | None = None,
) -> Change:
    """Return the change that sets fields of a measure to what a user typed.

    Args:
        data: The programme.
        measure: Id of the measure.
        texts: Typed text by dotted field name; an empty text removes an optional field.
        stated: How to read the text of the term, where the user says so.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        UnknownField: There is no field of one of the names.
        FieldRequired, NotANumber, NotAChoice: A text does not fit its field.
        NoSuchItem, ItemNotNamed: A name does not say of which item of a list it is.
        UnsureTerm, ImpossibleTerm, TermMissing: The text of the term cannot be stored.
        TermIsApproved: The term of an approved plan is changed by postponing.
        ItemSetAndRemoved: A field is set in an item that is removed.
    """
    values: dict[str, Plain | Missing] = {}
    removed = [name for name, text in texts.items() if is_item(name) and not text.strip()]
    refuse_set_and_removed(texts, removed)
    for name, text in texts.items():
        if name == "term":
            values[name] = _typed_term(data, measure, text, stated)
        elif name not in removed:
            values[name] = parse(_declared(data, field_named(name)), text)
    change = set_values(data, measure, values)
    if not removed:
        return change
    row = measure_data(apply_edits(data, change.edits), measure)
    return Change(ChangeKind.SET, (*change.edits, *removal_edits(measure, row, removed)))


def set_values(data: PlanData, measure: str, values: Mapping[str, Plain | Missing]) -> Change:
    """Return the change that sets fields of a measure to plain values; MISSING removes a field.

    A measure has either its own actions or shares another's: setting one removes the other.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        UnknownField: There is no field of one of the names.
    """
    row = measure_data(data, measure)
    wanted = dict(values)
    for mine, other in (("actions", "actions_from"), ("actions_from", "actions")):
        if not isinstance(values.get(mine, MISSING), Missing) and other in row:
            wanted.setdefault(other, MISSING)
    edits = []
    for name, new in wanted.items():
        path = field_named(name).path
        if is_listed(name):
            continue
        old = value_at(row, path)
        if old != new:
            edits.append(Edit(measure, path, old, new))
    listed = {name: new for name, new in wanted.items() if is_listed(name)}
    return Change(ChangeKind.SET, (*edits, *item_edits(measure, row, listed)))


def _declared(data: PlanData, field: Field) -> Field:
    """Return a field of ``extra`` as the organisation declares it: its title and its kind."""
    head, _dot, key = field.name.partition(".")
    declared = data.get("fields")
    for one in declared if head == "extra" and isinstance(declared, list) else ():
        if isinstance(one, dict) and one.get("key") == key:
            kind = FieldKind.NUMBER if one.get("type") == "number" else field.kind
            return replace(field, label=str(one.get("title", key)), kind=kind)
    return field


def postpone(  # noqa: PLR0913 - a postponement has this many facts
    data: PlanData,
    measure: str,
    *,
    to: str,
    reason: str,
    day: date,
    basis: str = "",
    stated: StatedReading | None = None,
) -> Change:
    """Return the change that postpones a measure.

    Args:
        data: The programme.
        measure: Id of the measure.
        to: The new term as typed.
        reason: Why.
        day: Date from which the new term is in force.
        basis: The document that allows it; empty for none.
        stated: How to read the new term, where the user says so.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        UnsureTerm, ImpossibleTerm, TermMissing: The new term cannot be stored.
        SameTerm: The new term is the one in force.
        AlreadyCancelled: It is off the plan: there is no term to postpone.
        ReasonMissing: No reason was given.
    """
    if not reason.strip():
        raise ReasonMissing
    row = measure_data(data, measure)
    _refuse_cancelled(row, measure)
    year = year_of(data)
    new = typed_term(to, period_of(data), stated)
    done = row.get("postponements", [])
    postponements = done if isinstance(done, list) else []
    last = postponements[-1] if postponements else None
    now = read_term(_mapping(last["to"] if isinstance(last, dict) else row["term"]), year)
    if new.is_same_reading(now) and not (new.is_open and new.text != now.text):
        raise SameTerm(measure=measure, text=now.text)
    plain: dict[str, Plain] = {
        "date": day.isoformat(),
        "to": plain_term(new, year),
        "reason": reason.strip(),
        **({"basis": basis.strip()} if basis.strip() else {}),
    }
    edit = Edit(measure, ("postponements", len(postponements)), MISSING, plain)
    return Change(ChangeKind.POSTPONE, (edit,))


def cancel(data: PlanData, measure: str, *, reason: str, day: date, basis: str = "") -> Change:
    """Return the change that takes a measure off the plan from a day on.

    Raises:
        UnknownMeasure: The measure is not in the programme.
        AlreadyCancelled: It is off the plan already.
        ReasonMissing: No reason was given.
    """
    if not reason.strip():
        raise ReasonMissing
    _refuse_cancelled(measure_data(data, measure), measure)
    plain: dict[str, Plain] = {
        "date": day.isoformat(),
        "reason": reason.strip(),
        **({"basis": basis.strip()} if basis.strip() else {}),
    }
    return Change(ChangeKind.CANCEL, (Edit(measure, ("cancelled",), MISSING, plain),))


def add(data: PlanData, row: Mapping[str, Plain]) -> Change:
    """Return the change that adds a measure, after the others of its channel or section.

    Args:
        data: The programme.
        row: Plain data of the measure. Without ``id`` it gets the next free one for its
            ``number``: the number itself, else ``number-2``, ``number-3`` …

    Raises:
        MeasureExists: The id is already in use.
    """
    rows = rows_of(data)
    taken = {str(one["id"]).casefold() for one in rows}
    number = normalised(str(row.get("number", "")))
    measure = normalised(str(row.get("id") or free_id(number, taken)))
    if measure.casefold() in taken:
        raise MeasureExists(measure=measure)
    position = position_for(data, row, rows)
    plain: Plain = {"id": measure, **{key: row[key] for key in row if key != "id"}}
    return Change(ChangeKind.ADD, (Edit(measure, (), MISSING, plain, position),))


def remove(data: PlanData, measure: str) -> Change:
    """Return the change that deletes a measure from the file.

    Raises:
        UnknownMeasure: The measure is not in the programme.
    """
    index = measure_index(data, measure)
    edit = Edit(measure, (), measure_data(data, measure), MISSING, index)
    return Change(ChangeKind.REMOVE, (edit,))


def remove_all(data: PlanData, measures: Iterable[str]) -> Change:
    """Return the change that deletes several measures from the file.

    Raises:
        UnknownMeasure: One of them is not in the programme.
    """
    edits: list[Edit] = []
    for measure in dict.fromkeys(measures):
        edits += remove(data, measure).edits
        data = apply_edits(data, edits[-1:])
    return Change(ChangeKind.REMOVE, tuple(edits))


def joined(changes: Iterable[Change]) -> Change:
    """Return several changes of one kind, each to other measures, as one change."""
    every = list(changes)
    return Change(every[0].kind, tuple(edit for change in every for edit in change.edits))


def _typed_term(data: PlanData, measure: str, text: str, stated: StatedReading | None) -> Plain:
    old = measure_data(data, measure)["term"]
    typed = normalised(text).strip()
    if stated is None and isinstance(old, dict) and typed and old.get("text") == typed:
        return old
    new = plain_term(typed_term(typed, period_of(data), stated), year_of(data))
    if new == old:
        return old
    if is_approved(data):
        raise TermIsApproved(measure=measure)
    return new


def _refuse_cancelled(row: dict[str, Plain], measure: str) -> None:
    cancelled = row.get("cancelled")
    if isinstance(cancelled, dict):
        day = date.fromisoformat(str(cancelled["date"]))
        raise AlreadyCancelled(measure=measure, date=day_text(day))


def _mapping(value: Plain) -> dict[str, Plain]:
    return value if isinstance(value, dict) else {}
