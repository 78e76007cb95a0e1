"""The subject of a commit: what happened, in a few words of business prose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kvartal.history.diff.diff import Row
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.diff.items import as_list, as_row, item_pairs
from kvartal.history.diff.measure_lines import term_before
from kvartal.history.diff.record_lines import indicators_of
from kvartal.history.diff.words import ABSENT, Words, file_name, lowered, one_line
from kvartal.history.messages.shorten import shorten, shorten_change, shorten_subject
from kvartal.schema.changes import ChangeKind
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
_FROM_FILE: Final = N_("импорт из «{name}»: {what}")
_LONGEST_NAME: Final = 24


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What happened to one measure.

    Attributes:
        kind: What a count calls it, when many measures changed in different ways.
        short: The fact alone, the same for all measures of a bulk change.
        full: The fact with its document, reason or values.
    """

    kind: str
    short: str
    full: str


ItemPair: TypeAlias = tuple[Row, Row]
"""A record or a postponement before and after; empty where it was not there."""


def subject(
    kind: ChangeKind,
    groups: tuple[ChangeGroup, ...],
    words: Words,
    *,
    restored: bool = False,
    source: str = "",
) -> str:
    """Return the subject for a change.

    Args:
        kind: What the user did.
        groups: What changed, by measure.
        words: The language.
        restored: Whether the values are those of an earlier version.
        source: Name of the file that an import was taken from; empty for none.
    """
    prefix = subject_prefix(tuple(group.id for group in groups if group.id), words)
    frame = words.translate(_RESTORED if restored else _BY_KIND.get(kind, _BARE))
    if kind is ChangeKind.IMPORT and source:
        name = shorten(one_line(source), _LONGEST_NAME).replace("{", "(").replace("}", ")")
        frame = words.translate(_FROM_FILE).replace("{name}", name)
    room = LIMIT - len(prefix) - len(frame.format(what=""))
    what = _joint_summary(groups, words, room)
    if frame != _BARE:  # «Импорт: изменено: …» would say it twice.
        what = what.removeprefix(f"{words.translate(CHANGED)}: ")
    return prefix + frame.format(what=shorten(what, room, words))


def reversal_subject(
    kind: ChangeKind, measures: tuple[str, ...], earlier: str, words: Words
) -> str:
    """Return the subject of an undo or a redo.

    Args:
        kind: Which of the two.
        measures: Ids of the measures touched, in the order of the table.
        earlier: Subject of the commit whose change is undone or redone.
        words: The language.
    """
    prefix = subject_prefix(measures, words)
    frame = words.translate(
        N_("отменено: «{what}»") if kind is ChangeKind.UNDO else N_("возвращено: «{what}»")
    )
    room = LIMIT - len(prefix) - len(frame.format(what=""))
    what = shorten_subject(one_line(earlier).removeprefix(prefix), room, words)
    return prefix + frame.format(what=what)


def subject_prefix(measures: tuple[str, ...], words: Words) -> str:
    """Return the measures a subject is about, with a colon: «1.1.2: », «1.1.1 и ещё 5: »."""
    names = [one_line(name) for name in measures]
    if not names:
        return words.translate(N_("Программа")) + ": "
    if len(names) > NAMED:
        return words.say(N_("{first} и ещё {more}"), first=names[0], more=len(names) - 1) + ": "
    return ", ".join(names) + ": "


def change_summary(group: ChangeGroup, words: Words, room: int = LIMIT) -> ChangeSummary:
    """Return what happened to one measure.

    Args:
        group: The measure before and after.
        words: The language.
        room: How many characters the full sentence may take.
    """
    if group.before is None and group.after is not None:
        kind = words.translate(N_("добавлено"))
        return ChangeSummary(kind, kind, f"{kind}: {group.title}")
    if group.after is None and group.before is not None:
        kind = words.translate(N_("удалено из программы"))
        return ChangeSummary(kind, kind, f"{kind}: {group.title}")
    single = _single_fact(group, words)
    if single:
        return single
    kind = words.translate(CHANGED)
    fields = f"{kind}: {_labels(group.lines) or words.translate(N_('оформление текста'))}"
    full = shorten_change(group.lines[0], room, words) if len(group.lines) == 1 else fields
    return ChangeSummary(kind, fields, full)


def _joint_summary(groups: tuple[ChangeGroup, ...], words: Words, room: int) -> str:
    """Return what happened to all measures, as precisely as it is the same for all of them."""
    summaries = [
        change_summary(group, words, room) for group in groups if group.id or len(groups) == 1
    ]
    if not summaries:
        return words.translate(N_("изменено только оформление"))
    for sentences in ({one.full for one in summaries}, {one.short for one in summaries}):
        if len(sentences) == 1:
            return sentences.pop()
    counts: dict[str, int] = {}
    for summary in summaries:
        counts[summary.kind] = counts.get(summary.kind, 0) + 1
    if len(counts) == 1:
        kind = next(iter(counts))
        lines = [line for group in groups for line in group.lines]
        return f"{kind}: {_labels(lines)}" if kind == words.translate(CHANGED) else kind
    return ", ".join(f"{kind} {count}" for kind, count in counts.items())


def _labels(lines: Iterable[FieldLine]) -> str:
    labels = dict.fromkeys(lowered(line.label) for line in lines)
    return ("; " if any("," in label for label in labels) else ", ").join(labels)


def _single_fact(group: ChangeGroup, words: Words) -> ChangeSummary | None:
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
        return _recorded(pairs[0], group, words)
    return _postponed(pairs[0], group, words)


def _recorded(pair: ItemPair, group: ChangeGroup, words: Words) -> ChangeSummary:
    removed, added = pair
    row = added or removed
    checkpoint, day = words.checkpoint(row), words.day(row.get("date"))
    kind = words.translate(N_("отметка об исполнении"))
    if removed:
        fact = words.say(N_("отметка за {checkpoint} удалена"), checkpoint=checkpoint)
        return ChangeSummary(words.translate(N_("удалена отметка")), fact, fact)
    if added.get("complete") is True:
        fact = words.say(N_("исполнено {date}"), date=day)
        kind = words.translate(N_("исполнено"))
    else:
        fact = words.say(N_("отметка за {checkpoint}, {date}"), checkpoint=checkpoint, date=day)
    proof = _proof(added, indicators_of(group.after or {}), words)
    return ChangeSummary(kind, fact, f"{fact}, {proof}" if proof else fact)


def _proof(record: Row, indicators: Sequence[Row], words: Words) -> str:
    """Return what a record rests on: its figures, else its first document, else file or link."""
    evidence, values = as_row(record.get("evidence")), as_list(record.get("values"))
    documents, files = as_list(evidence.get("documents")), as_list(evidence.get("files"))
    if values:
        units = {one_line(show(one.get("unit", ""))) for one in indicators}
        # Figures of different units cannot share one; the body has each with its own.
        unit = units.pop() if len(units) == 1 else ""
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


def _postponed(pair: ItemPair, group: ChangeGroup, words: Words) -> ChangeSummary:
    removed, added = pair
    measure, postponement = (group.after, added) if added else (group.before, removed)
    new = words.term(postponement.get("to"))
    old = words.term(term_before(measure, postponement)) or ABSENT
    if removed:
        kind = words.translate(N_("перенос срока отменён"))
        return ChangeSummary(kind, kind, f"{kind}: {new} → {old}")
    kind = words.translate(N_("срок перенесён"))
    short = words.say(N_("срок перенесён на {term}"), term=new)
    return ChangeSummary(kind, short, f"{kind}: {old} → {new}")


def _cancelled(removed: Row, added: Row, words: Words) -> ChangeSummary | None:
    if removed and added:
        return None
    if removed:
        kind = words.translate(N_("возвращено в план"))
        return ChangeSummary(kind, kind, kind)
    kind = words.translate(N_("снято с плана"))
    return ChangeSummary(kind, kind, f"{kind}: {one_line(show(added.get('reason', '')))}")
