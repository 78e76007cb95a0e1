"""What happened, in a few words: the subject of a commit as business prose."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from kvartal.history.diff.diff import Row
from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.diff.lines import FieldLine, as_list, as_row, item_pairs, term_before
from kvartal.history.diff.words import ABSENT, Words, file_name, lowered, one_line
from kvartal.history.messages.shorten import cut, from_to, recalled
from kvartal.schema.changes import ChangeKind, Plain
from kvartal.schema.errors import N_
from kvartal.schema.fields import show

LIMIT: Final = 72
"""How long a subject is at most, where its words allow."""

NAMED: Final = 3
"""How many measures a subject names before it counts the rest."""


CHANGED: Final = N_("изменено")

_BARE: Final = "{what}"
_BY_KIND: Final = {
    ChangeKind.EDIT: N_("правка файла: {what}"),
    ChangeKind.IMPORT: N_("импорт: {what}"),
    ChangeKind.MERGE: N_("объединение: {what}"),
}

_RESTORED: Final = N_("восстановлено: {what}")


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to one measure.

    Attributes:
        kind: What a count calls it, when many measures changed in different ways.
        short: The fact alone, the same for all measures of a bulk change.
        full: The fact with its document, reason or values.
    """

    kind: str
    short: str
    full: str


Parts: TypeAlias = tuple[Row, Row]


def subject(
    kind: ChangeKind, groups: tuple[ChangeGroup, ...], words: Words, *, restored: bool = False
) -> str:
    """Return the subject for a change.

    Args:
        kind: What the user did.
        groups: What changed, by measure.
        words: The language.
        restored: Whether the values are those of an earlier version.
    """
    prefix = whose(tuple(group.id for group in groups if group.id), words)
    frame = words.translate(_RESTORED if restored else _BY_KIND.get(kind, _BARE))
    room = LIMIT - len(prefix) - len(frame.format(what=""))
    what = _what(groups, words, room)
    if frame != _BARE:  # «Импорт: изменено: …» would say it twice.
        what = what.removeprefix(f"{words.translate(CHANGED)}: ")
    return prefix + frame.format(what=cut(what, room))


def taken_back(kind: ChangeKind, measures: tuple[str, ...], earlier: str, words: Words) -> str:
    """Return the subject of an undo or a redo.

    Args:
        kind: Which of the two.
        measures: Ids of the measures touched, in the order of the table.
        earlier: Subject of the commit that did what is now undone, or done again.
        words: The language.
    """
    prefix = whose(measures, words)
    frame = words.translate(
        N_("отменено: «{what}»") if kind is ChangeKind.UNDO else N_("возвращено: «{what}»")
    )
    room = LIMIT - len(prefix) - len(frame.format(what=""))
    return prefix + frame.format(what=recalled(one_line(earlier).removeprefix(prefix), room))


def whose(measures: tuple[str, ...], words: Words) -> str:
    """Return whom a subject is about, with its colon: «1.1.2: », «1.1.1 и ещё 5: »."""
    names = [one_line(name) for name in measures]
    if not names:
        return words.translate(N_("Программа")) + ": "
    if len(names) > NAMED:
        return words.say(N_("{first} и ещё {more}"), first=names[0], more=len(names) - 1) + ": "
    return ", ".join(names) + ": "


def happening(group: ChangeGroup, words: Words, room: int = LIMIT) -> Happening:
    """Return what happened to one measure.

    Args:
        group: The measure before and after.
        words: The language.
        room: How many characters the full sentence may take.
    """
    if group.before is None and group.after is not None:
        kind = words.translate(N_("добавлено"))
        return Happening(kind, kind, f"{kind}: {group.title}")
    if group.after is None and group.before is not None:
        kind = words.translate(N_("удалено из программы"))
        return Happening(kind, kind, f"{kind}: {group.title}")
    single = _single_fact(group, words)
    if single:
        return single
    kind = words.translate(CHANGED)
    told = f"{kind}: {_labels(group.lines) or words.translate(N_('оформление текста'))}"
    full = from_to(group.lines[0], room, words) if len(group.lines) == 1 else told
    return Happening(kind, told, full)


def _what(groups: tuple[ChangeGroup, ...], words: Words, room: int) -> str:
    told = [happening(group, words, room) for group in groups if group.id or len(groups) == 1]
    if not told:
        return words.translate(N_("изменено только оформление"))
    for sentences in ({one.full for one in told}, {one.short for one in told}):
        if len(sentences) == 1:
            return sentences.pop()
    counts: dict[str, int] = {}
    for one in told:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    if len(counts) == 1:
        kind = next(iter(counts))
        lines = [line for group in groups for line in group.lines]
        return f"{kind}: {_labels(lines)}" if kind == words.translate(CHANGED) else kind
    return ", ".join(f"{kind} {count}" for kind, count in counts.items())


def _labels(lines: Iterable[FieldLine]) -> str:
    labels = dict.fromkeys(lowered(line.label) for line in lines)
    return ("; " if any("," in label for label in labels) else ", ").join(labels)


def _single_fact(group: ChangeGroup, words: Words) -> Happening | None:
    """Return what happened where one record, postponement or cancellation is all that changed."""
    before, after = group.before or {}, group.after or {}
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if changed == ["cancelled"]:
        return _cancelled(as_row(before.get("cancelled")), as_row(after.get("cancelled")), words)
    if len(changed) != 1 or changed[0] not in {"records", "postponements"}:
        return None
    pairs = item_pairs(before, after, changed[0])
    if len(pairs) != 1 or all(pairs[0]):
        return None
    if changed[0] == "records":
        return _record(pairs[0], group, words)
    return _postponed(pairs[0], group, words)


def _record(parts: Parts, group: ChangeGroup, words: Words) -> Happening:
    gone, new = parts
    row = new or gone
    quarter, day = words.quarter(row.get("quarter")), words.day(row.get("date"))
    kind = words.translate(N_("отметка об исполнении"))
    if gone:
        fact = words.say(N_("отметка за {quarter} квартал удалена"), quarter=quarter)
        return Happening(words.translate(N_("удалена отметка")), fact, fact)
    if new.get("complete") is True:
        fact = words.say(N_("исполнено {date}"), date=day)
        kind = words.translate(N_("исполнено"))
    else:
        fact = words.say(N_("отметка за {quarter} квартал, {date}"), quarter=quarter, date=day)
    proof = _proof(new, as_row((group.after or {}).get("indicator")), words)
    return Happening(kind, fact, f"{fact}, {proof}" if proof else fact)


def _proof(record: Row, indicator: Row, words: Words) -> str:
    """Return what a record says: its figures, else its first document, else file or link."""
    evidence, values = as_row(record.get("evidence")), as_list(record.get("values"))
    documents, files = as_list(evidence.get("documents")), as_list(evidence.get("files"))
    if values:
        unit = one_line(show(indicator.get("unit", "")))
        figures = [words.value(("value",), as_row(one).get("value")) or ABSENT for one in values]
        return words.say(
            N_("показатель {values} {unit}"), values="; ".join(figures), unit=unit
        ).rstrip()
    if documents:
        return _and_more([words.document(one) for one in documents], words)
    if files:
        names = [words.say(N_("файл «{name}»"), name=file_name(as_row(one))) for one in files]
        return _and_more(names, words)
    return _and_more([one_line(show(one)) for one in as_list(evidence.get("links"))], words)


def _and_more(texts: list[str], words: Words) -> str:
    if len(texts) > 1:
        return words.say(N_("{first} и ещё {more}"), first=texts[0], more=len(texts) - 1)
    return texts[0] if texts else ""


def _postponed(parts: Parts, group: ChangeGroup, words: Words) -> Happening:
    gone, new = parts
    told, then = words.term((new or gone).get("to")), _term_then(parts, group, words)
    if gone:
        kind = words.translate(N_("перенос срока отменён"))
        return Happening(kind, kind, f"{kind}: {told} → {then}")
    kind = words.translate(N_("срок перенесён"))
    short = words.say(N_("срок перенесён на {term}"), term=told)
    return Happening(kind, short, f"{kind}: {then} → {told}")


def _term_then(parts: Parts, group: ChangeGroup, words: Words) -> str:
    gone, new = parts
    term: Plain | None = term_before(group.after if new else group.before, new or gone)
    return words.term(term) or ABSENT


def _cancelled(gone: Row, new: Row, words: Words) -> Happening | None:
    if gone and new:
        return None
    if gone:
        kind = words.translate(N_("возвращено в план"))
        return Happening(kind, kind, kind)
    kind = words.translate(N_("снято с плана"))
    return Happening(kind, kind, f"{kind}: {one_line(show(new.get('reason', '')))}")
