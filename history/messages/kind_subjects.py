"""The subjects of corrections, moves, copies and changes of the structure.

Each says what was done in a sentence of its own. Whatever such a change says beyond what its kind
is about gets the subject of any other change.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from kvartal.history.diff.diff import MEASURES, Row
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.diff.items import as_list, as_row, item_pairs
from kvartal.history.diff.matching import same
from kvartal.history.diff.part_lines import place_name
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.history.messages.shorten import shorten, shorten_change
from kvartal.history.messages.subjects import LIMIT, subject_prefix
from kvartal.schema.changes import ChangeKind, Plain, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.fields import show
from kvartal.schema.moving import NOT_COPIED

_PLACES: Final = ("channel", "section")
_OWN_OF_COPY: Final = frozenset({*NOT_COPIED, *_PLACES, "number"})


def kind_subject(
    kind: ChangeKind, before: PlanData, groups: tuple[ChangeGroup, ...], words: Words
) -> str | None:
    """Return the subject of a change of one of these kinds; None where it is of another.

    Args:
        kind: What the user did.
        before: The programme before it.
        groups: What changed, by measure.
        words: The language, with the names of the levels.
    """
    if kind is ChangeKind.STRUCTURE:
        return _structure(groups, words)
    prefix = subject_prefix(tuple(group.id for group in groups if group.id), words)
    room = LIMIT - len(prefix)
    what = None
    if kind is ChangeKind.CORRECT and len(groups) == 1:
        what = _corrected(groups[0], room, words)
    elif kind is ChangeKind.MOVE:
        what = _moved(groups, words)
    elif kind is ChangeKind.COPY and len(groups) == 1:
        what = _copied(groups[0], before, words)
    return None if what is None else prefix + shorten(what, room, words)


def copied_from(row: Row, data: PlanData) -> str | None:
    """Return the id of the measure that a new one is a copy of; None where there is none.

    Of several alike it is the one of the same place and number, as far as there is one.

    Args:
        row: The new measure.
        data: The programme before it.
    """
    wanted = _copied_fields(row)
    alike = [
        one for one in map(as_row, as_list(data.get(MEASURES))) if same(_copied_fields(one), wanted)
    ]
    keys = (*_PLACES, "number")
    best = max(alike, key=lambda one: sum(one.get(k) == row.get(k) for k in keys), default=None)
    return None if best is None else str(best.get("id", ""))


def _copied_fields(row: Row) -> dict[str, Plain]:
    return {key: value for key, value in row.items() if key not in _OWN_OF_COPY}


# ---------------------------------------------------------------------- corrections


def _corrected(group: ChangeGroup, room: int, words: Words) -> str | None:
    pairs = item_pairs(group.before, group.after, "records")
    if len(pairs) != 1 or not all(pairs[0]) or not group.lines:
        return None
    before, after = pairs[0]
    frame = words.say(
        N_("отметка за {checkpoint} исправлена: "), checkpoint=words.checkpoint(before)
    )
    return frame + _what_was_corrected(before, after, group.lines, room - len(frame), words)


def _what_was_corrected(
    before: Row, after: Row, lines: Sequence[FieldLine], room: int, words: Words
) -> str:
    checkpoints = words.checkpoint(before), words.checkpoint(after)
    about = words.say(N_("Отметка за {checkpoint}"), checkpoint=checkpoints[0])
    if checkpoints[0] != checkpoints[1]:
        texts = [words.say(N_("теперь за {checkpoint}"), checkpoint=checkpoints[1])]
        keys = ("quarter", "point")
        names = {f"{about}, {lowered(words.label('records', 0, key))}" for key in keys}
        rest = [line for line in lines if line.label not in names]
    else:
        texts, rest = [], list(lines)
    short = [FieldLine(line.label.removeprefix(f"{about}, "), line.old, line.new) for line in rest]
    if len(short) == 1 and not texts:
        line = _of_document(before, after, words) or short[0]
        return _briefly(line, room, words)
    labels = dict.fromkeys(line.label for line in short)
    return ", ".join((*texts, *labels))


def _of_document(before: Row, after: Row, words: Words) -> FieldLine | None:
    """Return the one field of the one document that was corrected; None for anything else."""
    evidence = (as_row(row.get("evidence")) for row in (before, after))
    old, new = (as_list(one.get("documents")) for one in evidence)
    changed = [(one, other) for one, other in zip(old, new, strict=False) if not same(one, other)]
    if len(old) != len(new) or len(changed) != 1:
        return None
    one, other = map(as_row, changed[0])
    fields = [key for key in {**one, **other} if one.get(key) != other.get(key)]
    names = {"number": N_("номер документа"), "date": N_("дата документа")}
    if len(fields) != 1 or fields[0] not in names:
        return None
    key = fields[0]
    return FieldLine(
        words.translate(names[key]),
        words.value((key,), one.get(key)),
        words.value((key,), other.get(key)),
    )


def _briefly(line: FieldLine, room: int, words: Words) -> str:
    """Return «номер документа 12 → 13»; what does not fit, shortened."""
    text = f"{line.label} {line.old or ABSENT} → {line.new or ABSENT}"
    return text if len(text) <= room else shorten_change(line, room, words)


# ---------------------------------------------------------------------- moves and copies


def _moved(groups: tuple[ChangeGroup, ...], words: Words) -> str | None:
    """Return where measures went, where that is the same for all; what changed in one's number."""
    facts = {tuple(_facts_of_move(group, words)) for group in groups}
    if len(facts) != 1:
        places = {one[:1] for one in facts}
        return words.translate(N_("перенесено")) if all(places) else None
    return ", ".join(facts.pop()) or None


def _facts_of_move(group: ChangeGroup, words: Words) -> Iterator[str]:
    before, after = group.before or {}, group.after or {}
    if any(before.get(key) != after.get(key) for key in _PLACES):
        key = next((key for key in _PLACES if key in after), "")
        if key:
            place = place_name(key, show(after[key]), words)
            own = bool(words.own.place(key, after[key]))
            template = N_("перенесено: {place}") if own else N_("перенесено в {place}")
            yield words.say(template, place=place)
        else:
            yield words.translate(N_("вынесено из разделов"))
    if before.get("number") != after.get("number"):
        numbers = (words.value(("number",), row.get("number")) or ABSENT for row in (before, after))
        yield words.say(
            N_("номер {old} → {new}"), **dict(zip(("old", "new"), numbers, strict=True))
        )


def _copied(group: ChangeGroup, before: PlanData, words: Words) -> str | None:
    source = copied_from(group.after or {}, before)
    if group.before is not None or source is None:
        return None
    return words.say(N_("скопировано с {source}"), source=one_line(source))


# ---------------------------------------------------------------------- structure


def _structure(groups: tuple[ChangeGroup, ...], words: Words) -> str | None:
    lines = groups[0].lines if groups and not groups[0].id else ()
    parts = [line.sentence for line in lines if line.sentence]
    others = [line for line in lines if not line.sentence]
    if parts:
        first, *more = (*parts, *map(str, others))
        return shorten("; ".join((first, *map(lowered, more))), LIMIT, words)
    if not others:
        return None
    frame = words.translate(N_("Документ: "))
    if len(others) == 1:
        return frame + shorten_change(others[0], LIMIT - len(frame), words)
    labels = list(dict.fromkeys(lowered(line.label) for line in others))
    separator = "; " if any("," in label for label in labels) else ", "
    return frame + shorten(separator.join(labels), LIMIT - len(frame), words)
