"""What changed between two versions of one measure, in lines «поле: было → стало»."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from kvartal.history.diff.diff import Row
from kvartal.history.diff.matching import aligned, same
from kvartal.history.diff.terms_2026_11 import printed_in_2026_11
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.schema.changes import Plain
from kvartal.schema.description import key_order
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.problems import DataPath

Pairs: TypeAlias = Iterator[tuple[Plain | None, Plain | None]]

# The fields of a record with lines of their own; those before the last two are in its heading, when
# it is new.
_IN_RECORD: Final = ("quarter", "point", "date", "values", "evidence")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field before and after, in words; None where there is nothing.

    Attributes:
        label: Name of the field.
        old: Its value before.
        new: Its value after.
        sentence: What says the same better, where there is such a sentence; empty otherwise.
    """

    label: str
    old: str | None
    new: str | None
    sentence: str = ""

    def __str__(self) -> str:
        """Return «поле: было → стало», or the sentence that says it."""
        if self.sentence:
            return self.sentence
        return f"{self.label}: {self.old or ABSENT} → {self.new or ABSENT}"


def measure_lines(before: Row | None, after: Row | None, words: Words) -> tuple[FieldLine, ...]:
    """Return the fields in which two versions of a measure differ."""
    return tuple(
        line for line in _measure(before or {}, after or {}, words) if line.old != line.new
    )


def item_pairs(before: Row | None, after: Row | None, key: str) -> tuple[tuple[Row, Row], ...]:
    """Return the items of a measure's list that differ, as (before, after).

    The side of an added or removed item that has no item is an empty mapping.
    """
    pairs = _pairs((before or {}).get(key), (after or {}).get(key))
    return tuple((as_row(old), as_row(new)) for old, new in pairs if not _alike(old, new))


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
            yield from _records(old, new, words)
        elif key != "id" and not _alike(old.get(key), new.get(key)):
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
        for before, after in _pairs(_as_items(old), _as_items(new)):
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
    for before, after in _pairs(old, new):
        position += after is not None
        if not _alike(before, after):
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
        yield from _fields(("postponements", 0), before, after, field_words, skip=("to",))


def _records(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    indicators = indicators_of({**old, **new})
    for before, after in item_pairs(old, new, "records"):
        checkpoint = words.checkpoint(before or after)
        about = words.say(N_("Отметка за {checkpoint}"), checkpoint=checkpoint)
        is_whole = not (before and after)
        field_words = words if is_whole else words.within(about)
        if is_whole:
            yield FieldLine(about, *_days(before, after, words))
        skip = _IN_RECORD if is_whole else _IN_RECORD[-2:]
        yield from _fields(("records", 0), before, after, field_words, skip)
        yield from _values(before.get("values"), after.get("values"), indicators, field_words)
        old_evidence, new_evidence = as_row(before.get("evidence")), as_row(after.get("evidence"))
        yield from _evidence(old_evidence, new_evidence, field_words)


def _values(
    old: Plain | None, new: Plain | None, indicators: Sequence[Row], words: Words
) -> Iterator[FieldLine]:
    def with_unit(value: Row) -> str | None:
        text = words.value(("value",), value.get("value"))
        return f"{text} {_unit(value, indicators)}".rstrip() if text is not None else None

    for before, after in _pairs(old, new):
        is_other = before and after and _of_what(as_row(before)) != _of_what(as_row(after))
        for one, other in ((before, None), (None, after)) if is_other else ((before, after),):
            label = value_name(as_row(other if one is None else one), words)
            yield FieldLine(label, with_unit(as_row(one)), with_unit(as_row(other)))


def value_name(value: Row, words: Words) -> str:
    """Return what a value of an indicator is called: «Жалобы за II квартал 2026»."""
    name, period = _of_what(value)
    template = N_("Показатель за {period}") if name is None else N_("{name} за {period}")
    return words.name(template, period=words.period(period), name=one_line(show(name or "")))


def _of_what(value: Row) -> tuple[Plain | None, Plain | None]:
    return value.get("indicator"), value.get("period")


def _unit(value: Row, indicators: Sequence[Row]) -> str:
    name = value.get("indicator")
    named = [one for one in indicators if name is None or one.get("name") == name]
    return one_line(show(named[0].get("unit", ""))) if len(named) == 1 else ""


def indicators_of(measure: Row) -> list[Row]:
    """Return the indicators of a measure: the one that it has, or those of its list."""
    value = measure.get("indicator")
    return [as_row(one) for one in (value if isinstance(value, list) else [value]) if one]


def _evidence(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    kinds: tuple[tuple[str, str, Callable[[Plain], str]], ...] = (
        ("documents", N_("Документ"), words.document),
        ("files", N_("Файл"), words.file),
        ("links", N_("Ссылка"), _whole_text),
    )
    for key, template, in_words in kinds:
        for before, after in _pairs(old.get(key), new.get(key)):
            # Two different files may have the same name and size: then all their fields are shown.
            is_same_text = (
                before is not None and after is not None and in_words(before) == in_words(after)
            )
            text = in_words
            if is_same_text:
                text = _whole_text if words.as_in_2026_11 else partial(_labelled, key, words)
            yield FieldLine(
                words.name(template),
                None if before is None else text(before),
                None if after is None else text(after),
            )


def _labelled(key: str, words: Words, value: Plain) -> str:
    """Return all fields of a document or a file, each after its name."""
    plain = words.within("")
    path = ("records", 0, "evidence", key, 0)
    return ", ".join(
        f"{lowered(plain.label(*path, name))}: {plain.value((name,), one)}"
        for name, one in as_row(value).items()
    )


def _cancelled(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    yield FieldLine(words.label("cancelled"), *_days(old, new, words))
    yield from _fields(("cancelled",), old, new, words, skip=("date",))


def _fields(
    path: DataPath, old: Row, new: Row, words: Words, skip: tuple[str, ...]
) -> Iterator[FieldLine]:
    """Yield the plain fields of two mappings at a path inside the measure, changed or not."""
    for key in dict.fromkeys((*key_order(("measures", 0, *path)), *old, *new)):
        if key not in skip:
            before, after = words.value((key,), old.get(key)), words.value((key,), new.get(key))
            yield FieldLine(words.label(*path, key), before, after)


def _days(old: Row, new: Row, words: Words) -> tuple[str | None, str | None]:
    return words.value(("date",), old.get("date")), words.value(("date",), new.get("date"))


def _whole_text(value: Plain) -> str:
    return one_line(show(value))


def _pairs(old: Plain | None, new: Plain | None) -> Pairs:
    """Yield the items of two lists in pairs, in order; None where one list lacks the item."""
    before, after = as_list(old), as_list(new)
    done_old = done_new = 0
    for at_old, at_new in (*aligned(before, after), (len(before), len(after))):
        yield from ((item, None) for item in before[done_old:at_old])
        yield from ((None, item) for item in after[done_new:at_new])
        if at_old < len(before) and at_new < len(after):
            yield before[at_old], after[at_new]
        done_old, done_new = at_old + 1, at_new + 1


def _alike(one: Plain | None, other: Plain | None) -> bool:
    return one is not None and other is not None and same(one, other)


def as_row(value: Plain | None) -> Row:
    """Return a value if it is a mapping; an empty mapping otherwise."""
    return value if isinstance(value, dict) else {}


def as_list(value: Plain | None) -> list[Plain]:
    """Return a value if it is a list; an empty list otherwise."""
    return value if isinstance(value, list) else []
