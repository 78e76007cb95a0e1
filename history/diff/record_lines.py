"""What changed between two versions of the records of a measure, in lines."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from kvartal.history.diff.diff import Row
from kvartal.history.diff.field_line import FieldLine, days, plain_fields
from kvartal.history.diff.items import as_row, item_pairs, pairs
from kvartal.history.diff.words import Words, lowered, one_line
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import show

# The fields of a record with lines of their own; those before the last two are in its heading, when
# it is new.
_IN_RECORD: Final = ("quarter", "point", "date", "values", "evidence")


def record_lines(old: Row, new: Row, words: Words) -> Iterator[FieldLine]:
    """Yield the fields of the records that differ between two versions of a measure."""
    indicators = indicators_of({**old, **new})
    for before, after in item_pairs(old, new, "records"):
        checkpoint = words.checkpoint(before or after)
        about = words.say(N_("Отметка за {checkpoint}"), checkpoint=checkpoint)
        is_whole = not (before and after)
        field_words = words if is_whole else words.within(about)
        if is_whole:
            yield FieldLine(about, *days(before, after, words))
        skip = _IN_RECORD if is_whole else _IN_RECORD[-2:]
        yield from plain_fields(("records", 0), before, after, field_words, skip)
        yield from _values(before.get("values"), after.get("values"), indicators, field_words)
        old_evidence, new_evidence = as_row(before.get("evidence")), as_row(after.get("evidence"))
        yield from _evidence(old_evidence, new_evidence, field_words)


def _values(
    old: Plain | None, new: Plain | None, indicators: Sequence[Row], words: Words
) -> Iterator[FieldLine]:
    def with_unit(value: Row) -> str | None:
        text = words.value(("value",), value.get("value"))
        return f"{text} {_unit(value, indicators)}".rstrip() if text is not None else None

    for before, after in pairs(old, new):
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
        for before, after in pairs(old.get(key), new.get(key)):
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


def _whole_text(value: Plain) -> str:
    return one_line(show(value))
