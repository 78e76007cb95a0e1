"""When a value of a document is the one that the plan has already, in other words or forms."""

from collections.abc import Iterable, Mapping, Sequence

from kvartal.exchange.formula_guard import without_guard
from kvartal.exchange.tables.texts import clean, divided
from kvartal.schema.changes import Missing, Plain


def with_actions(rows: Sequence[Mapping[str, Plain]]) -> list[Mapping[str, Plain]]:
    """Return rows with the actions that they share filled in."""
    own = {row.get("id"): row.get("actions", []) for row in rows}
    return [
        {**row, "actions": own.get(row["actions_from"], [])} if "actions_from" in row else row
        for row in rows
    ]


def is_printed_alike(old: Plain | Missing, new: Plain) -> bool:
    """Return whether a text or a list of steps is the one that the plan has, as a document has it.

    A document may have fewer line breaks, other white space, or the apostrophe of a spreadsheet
    before what would be a formula; steps may be joined in it, or a step divided as any text is.
    """
    if isinstance(old, str) and isinstance(new, str):
        return _is_flattened([old], _unguarded([new]))
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    before, after = [*map(str, old)], _unguarded(map(str, new))
    return _is_flattened(before, after) or _is_flattened(divided(before), after)


def _unguarded(texts: Iterable[str]) -> list[str]:
    """Return texts without the apostrophe that keeps a spreadsheet from seeing a formula."""
    return [*map(without_guard, texts)]


def _is_flattened(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether texts are the same without some of their line breaks."""
    before, after = "\n".join(old).strip(), "\n".join(new).strip()
    return clean(before) == clean(after) and after.count("\n") <= before.count("\n")


def is_read_alike(old: Mapping[str, Plain], new: Mapping[str, Plain]) -> bool:
    """Return whether two terms mean the same days."""
    read = [{key: one for key, one in term.items() if key != "text"} for term in (old, new)]
    return bool(read[0]) and read[0] == read[1]


def merged_budget(old: Plain, new: Plain) -> Plain:
    """Return money with what a document does not carry, such as the fact, kept."""
    before = [one for one in (old if isinstance(old, list) else [old]) if isinstance(one, dict)]
    after = [one for one in (new if isinstance(new, list) else [new]) if isinstance(one, dict)]
    if len(before) == len(after) == 1:
        merged = {**before[0], **after[0]}
        return [merged] if {"source", "year"} & set(merged) else merged
    if len(before) == len(after) and not any({"source", "year"} & set(one) for one in after):
        # Our own export prints amounts without what they are of, in the order of the programme.
        return [{**old, **new} for old, new in zip(before, after, strict=True)]
    keyed = {(one.get("source"), one.get("year")): one for one in before}
    for one in after:
        key = one.get("source"), one.get("year")
        keyed[key] = {**keyed.get(key, {}), **one}
    return list(keyed.values())


def same_people(old: Plain | Missing, new: Plain) -> bool:
    """Return whether the same people are named.

    A role is printed in brackets or not at all, and people of a cell may be read as one line.
    """
    return _names(new) in (_names(old), _names(old, with_roles=True))


def _names(people: Plain | Missing, *, with_roles: bool = False) -> str:
    if isinstance(people, list):
        return " ".join(_name(one, with_roles=with_roles) for one in people)
    return "" if isinstance(people, Missing) else _name(people, with_roles=with_roles)


def _name(person: Plain, *, with_roles: bool) -> str:
    if not isinstance(person, dict):
        return str(person)
    name, role = person.get("name", ""), person.get("role")
    return f"{name} ({role})" if with_roles and role else str(name)


def terms_of(row: Mapping[str, Plain]) -> list[Mapping[str, Plain]]:
    """Return the terms of a measure: the original one and those it was postponed to."""
    moved = row.get("postponements", [])
    later = (
        [one.get("to") for one in moved if isinstance(one, dict)] if isinstance(moved, list) else []
    )
    return [one for one in (row.get("term"), *later) if isinstance(one, dict)]
