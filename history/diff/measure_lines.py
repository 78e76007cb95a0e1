"""What changed between two versions of one measure, in lines «поле: было → стало»."""

from collections.abc import Iterator

from kvartal.history.diff.diff import Row
from kvartal.history.diff.field_line import FieldLine, days, plain_fields
from kvartal.history.diff.items import alike, as_list, as_row, item_pairs, pairs
from kvartal.history.diff.matching import same
from kvartal.history.diff.record_lines import record_lines
from kvartal.history.diff.terms_2026_11 import printed_in_2026_11
from kvartal.history.diff.words import Words, one_line
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_
from kvartal.schema.fields import show


def measure_lines(before: Row | None, after: Row | None, words: Words) -> tuple[FieldLine, ...]:
    """Return the fields in which two versions of a measure differ."""
    return tuple(
        line for line in _measure(before or {}, after or {}, words) if line.old != line.new
    )


def term_before(measure: Row | None, postponement: Row) -> Plain | None:
    """Return the term that was in force before a postponement of this measure."""
    term = (measure or {}).get("term")
    for item in as_list((measure or {}).get("postponements")):
        if item is postponement or same(item, postponement):
            break
        term = as_row(item).get("to", term)
    return term


def _measure(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    known = key_order(("measures", 0))
    for key in dict.fromkeys((*known, *old, *new)):
        if key == "postponements":
            yield from _postponements(old, new, words)
        elif key == "records":
            yield from record_lines(old, new, words)
        elif key != "id" and not alike(old.get(key), new.get(key)):
            yield from _field((key,), old.get(key), new.get(key), words)


def _field(
    path: tuple[str, ...], old: Plain | None, new: Plain | None, words: Words
) -> Iterator[FieldLine]:
    own = words.own.place(path[0], new, old)
    if own:
        yield FieldLine(words.own_label(own), words.value(path, old), words.value(path, new))
    elif path == ("term",):
        yield from _term(words.label("term"), old, new, words)
    elif path == ("actions",):
        yield from _steps(as_list(old), as_list(new), words)
    elif path == ("cancelled",):
        yield from _cancelled(as_row(old), as_row(new), words)
    elif _is_of_mappings(old) or _is_of_mappings(new):
        for before, after in pairs(_as_items(old), _as_items(new)):
            yield from _thing(path, as_row(before), as_row(after), words)
    elif isinstance(old, dict) or isinstance(new, dict):
        before, after = as_row(old), as_row(new)
        for key in dict.fromkeys((*key_order(("measures", 0, *path)), *before, *after)):
            yield from _field((*path, key), before.get(key), after.get(key), words)
    else:
        yield FieldLine(words.label(*path), words.value(path, old), words.value(path, new))


def _is_of_mappings(value: Plain | None) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _as_items(value: Plain | None) -> list[Plain]:
    """Return the items of a list of mappings, or the one mapping or text in place of a list."""
    if value is None or isinstance(value, list):
        return as_list(value)
    return [value if isinstance(value, dict) else {"name": value}]


def _thing(path: tuple[str, ...], old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    """Yield the fields of one of several things: «Бюджет, тариф 2026, план»."""
    if path == ("responsible",):
        before, after = (words.things(path, one) if one else None for one in (old, new))
        yield FieldLine(words.label(*path), before, after)
        return
    parts = words.within(thing_name(path, old or new, words))
    for key in dict.fromkeys((*key_order(("measures", 0, *path, 0)), *old, *new)):
        before, after = (words.value((*path, key), one.get(key)) for one in (old, new))
        yield FieldLine(parts.label(*path, 0, key), before, after)


def thing_name(path: tuple[str, ...], thing: Row, words: Words) -> str:
    """Return what one of several things is called: «Бюджет, тариф, 2026»."""
    names = [thing[key] for key in ("name", "source", "year") if key in thing]
    return ", ".join((words.label(*path), *(one_line(show(one)) for one in names)))


def _term(label: str, old: Plain | None, new: Plain | None, words: Words) -> Iterator[FieldLine]:
    """Yield the text of a term, and its quarters and dates where the text does not tell them."""
    one, other = words.term(old), words.term(new)
    yield FieldLine(label, one, other)
    if one != other and _follows_from_text(old) and _follows_from_text(new):
        return
    before, after, parts = as_row(old), as_row(new), words.within(label)
    for key in dict.fromkeys((*key_order(("measures", 0, "term")), *before, *after)):
        if key != "text":
            path = ("term", key)
            values = words.value(path, before.get(key)), words.value(path, after.get(key))
            yield FieldLine(parts.label(*path), *values)


def _follows_from_text(term: Plain | None) -> bool:
    """Return whether the quarters and dates of a term are those that its text names plainly.

    What is plain never changes, or `verify` would expect other lines of an older message. So any
    wording that the grammar has learnt since has its reading in the message.
    """
    if not isinstance(term, dict):
        return term is None
    text = term.get("text")
    return isinstance(text, str) and same(printed_in_2026_11(text), term)


def _steps(old: list[Plain], new: list[Plain], words: Words) -> Iterator[FieldLine]:
    """Yield the whole cell when it is added, removed or has one step, else the changed steps."""
    label, path = words.label("actions"), ("actions",)
    if max(len(old), len(new)) == 1 or not old or not new:
        yield FieldLine(label, words.value(path, old or None), words.value(path, new or None))
        return
    position = 0
    for before, after in pairs(old, new):
        position += after is not None
        if not alike(before, after):
            number = position if after is not None else position + 1
            step = words.say(N_("{field}, шаг {number}"), field=label, number=number)
            yield FieldLine(step, words.value(path, before), words.value(path, after))


def _postponements(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    for before, after in item_pairs(old, new, "postponements"):
        field_words, terms = words, (before.get("to"), after.get("to"))
        if before and after:
            day = words.day(before.get("date"))
            field_words = words.within(words.say(N_("Перенос срока от {date}"), date=day))
            label = field_words.label("postponements", 0, "to")
        elif after:
            label, terms = words.label("term"), (term_before(new, after), terms[1])
        else:
            label, terms = words.label("term"), (terms[0], term_before(old, before))
        yield from _term(label, *terms, words)
        yield from plain_fields(("postponements", 0), before, after, field_words, skip=("to",))


def _cancelled(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    yield FieldLine(words.label("cancelled"), *days(old, new, words))
    yield from plain_fields(("cancelled",), old, new, words, skip=("date",))
