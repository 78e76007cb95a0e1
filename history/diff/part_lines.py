"""What changed in the sections and channels of a programme, in sentences of a reviewer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.diff.diff import MEASURES
from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.items import alike, as_list, as_row
from kvartal.history.diff.matching import increasing
from kvartal.history.diff.parts import (
    PART_LISTS,
    PartPairs,
    PartVersion,
    has_whole_parts,
    is_below_same,
    paired_parts,
    part_versions,
)
from kvartal.history.diff.words import Words, lowered, one_line
from kvartal.schema.changes import MISSING, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.description import title
from kvartal.schema.errors import N_
from kvartal.schema.problems import DataPath

_IN_SENTENCES: Final = frozenset({"number", "title", *PART_LISTS})

# What the document calls a level stands before a word of any gender, hence two of each sentence.
_USUAL: Final = {
    "added": N_("{part} добавлен"),
    "removed": N_("{part} удалён"),
    "renamed": N_("{part} переименован: «{old}» → «{new}»"),
    "renumbered": N_("{part} стал {new}"),
    "reordered": N_("{part} переставлен: {old} → {new}"),
    "moved": N_("{part} перенесён: {old} → {new}"),
}
_OWN: Final = {
    "added": N_("{part}: добавлено"),
    "removed": N_("{part}: удалено"),
    "renamed": N_("{part}: название «{old}» → «{new}»"),
    "renumbered": N_("{part}: теперь {new}"),
    "reordered": N_("{part}: переставлено: {old} → {new}"),
    "moved": N_("{part}: перенесено: {old} → {new}"),
}


def part_lines(before: PlanData, after: PlanData, words: Words) -> tuple[FieldLine, ...] | None:
    """Return what changed in the structure, one line a fact; None where that cannot be told so.

    Args:
        before: The older version.
        after: The newer one.
        words: The language, with the names of the levels.
    """
    old, new = list(part_versions(before)), list(part_versions(after))
    if not (has_whole_parts(before) and has_whole_parts(after)):
        return None
    lines = tuple(_Comparison(before, after, old, new, words).lines())
    return lines or None


def place_name(kind: str, number: str, words: Words) -> str:
    """Return a section or a channel by the name of its level: «канал 3.6», «Направление 3.6»."""
    own = words.own.place(kind, number)
    if own:
        return f"{one_line(own)} {one_line(number)}"
    template = N_("канал {number}") if kind == "channel" else N_("раздел {number}")
    return words.say(template, number=one_line(number))


def part_name(part: PartVersion, words: Words, *, titled: bool = True) -> str:
    """Return what a part is called at the start of a sentence: «Раздел 4 «Доступность»»."""
    own = words.own.list_at(part.path[:-1])
    usual = N_("Канал") if part.kind == "channels" else N_("Раздел")
    name = f"{one_line(own) or words.translate(usual)} {one_line(part.number)}"
    return f"{name} {words.quoted(one_line(part.title))}" if titled else name


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two versions of the structure, and the words for what they differ in."""

    before: PlanData
    after: PlanData
    old: Sequence[PartVersion]
    new: Sequence[PartVersion]
    words: Words

    def lines(self) -> Iterator[FieldLine]:
        pairs = paired_parts(self.old, self.new)
        known = {part.path: old for old in self.old for part in [pairs.get(old.path)] if part}
        for part in self.old:
            if part.path not in pairs:
                yield self._line("removed", part, part.title, None)
        reordered = self._reordered(pairs)
        for part in self.new:
            earlier = known.get(part.path)
            if earlier is None:
                yield from self._added(part)
                continue
            yield from self._changed(earlier, part)
            yield from self._fields(earlier, part)
            if not is_below_same(earlier, part, pairs):
                yield self._moved(earlier, part)
            elif part.path in reordered:
                yield self._reordered_line(earlier, part)

    def _changed(self, old: PartVersion, new: PartVersion) -> Iterator[FieldLine]:
        if old.number != new.number:
            yield self._renumbered(old, new)
        if old.title != new.title:
            texts = one_line(old.title), one_line(new.title)
            label = f"{self._name(old, titled=False)}, {self._title_label(new)}"
            sentence = self._say("renamed", self._name(old, titled=False), *texts)
            yield FieldLine(label, *texts, sentence)

    def _renumbered(self, old: PartVersion, new: PartVersion) -> FieldLine:
        field = PART_LISTS[new.kind]
        was = {
            row.get("id")
            for row in map(as_row, as_list(self.before.get(MEASURES)))
            if row.get(field) == old.number
        }
        follow = sum(
            row.get(field) == new.number and row.get("id") in was
            for row in map(as_row, as_list(self.after.get(MEASURES)))
        )
        number = one_line(new.number)
        sentence = self._say("renumbered", self._name(old, titled=False), "", number)
        if follow:
            more = self.words.say(N_("мероприятий: {count}"), count=follow)
            sentence = f"{sentence}, {more}"
        label = f"{self._name(old, titled=False)}, {lowered(self._label(new, 'number'))}"
        return FieldLine(label, one_line(old.number), number, sentence)

    def _added(self, part: PartVersion) -> Iterator[FieldLine]:
        yield self._line("added", part, None, part.title)
        yield from self._fields(None, part)

    def _line(self, key: str, part: PartVersion, old: str | None, new: str | None) -> FieldLine:
        before, after = (None if one is None else one_line(one) for one in (old, new))
        label = self._name(part, titled=False)
        sentence = self._say(key, self._name(part), "", "")
        above = self._above(part, self.before if key == "removed" else self.after)
        if above:
            sentence = f"{sentence}: {above}"
        return FieldLine(label, before, after, sentence)

    def _fields(self, old: PartVersion | None, new: PartVersion) -> Iterator[FieldLine]:
        """Yield what else a part says of itself, such as whom a channel serves."""
        before = old.row if old else {}
        for key in dict.fromkeys((*before, *new.row)):
            values: list[Plain | None] = [before.get(key), new.row.get(key)]
            if key not in _IN_SENTENCES and not alike(*values):
                old_text, new_text = (self.words.value((key,), one) for one in values)
                label = f"{self._name(new, titled=False)}, {lowered(self._label(new, key))}"
                line = FieldLine(label, old_text, new_text)
                yield replace(line, sentence=str(line))

    def _moved(self, old: PartVersion, new: PartVersion) -> FieldLine:
        top = self.words.translate(N_("верхний уровень"))
        texts = self._above(old, self.before) or top, self._above(new, self.after) or top
        return FieldLine(self._name(new), *texts, self._say("moved", self._name(new), *texts))

    def _reordered_line(self, old: PartVersion, new: PartVersion) -> FieldLine:
        texts = self._after(old, self.old), self._after(new, self.new)
        return FieldLine(self._name(new), *texts, self._say("reordered", self._name(new), *texts))

    def _after(self, part: PartVersion, parts: Sequence[PartVersion]) -> str:
        index = part.path[-1]
        above = [
            one.number
            for one in parts
            if one.path[:-1] == part.path[:-1] and one.path[-1] == _before(index)
        ]
        if not above:
            return self.words.translate(N_("первым"))
        return self.words.say(N_("после {number}"), number=one_line(above[0]))

    def _reordered(self, pairs: PartPairs) -> set[DataPath]:
        """Return the paths of the parts that changed places among those they stand with."""
        moved: set[DataPath] = set()
        lists: dict[DataPath, list[PartVersion]] = {}
        for part in self.old:
            if part.path in pairs and is_below_same(part, pairs[part.path], pairs):
                lists.setdefault(part.path[:-1], []).append(part)
        for parts in lists.values():
            places = [_index(pairs[part.path]) for part in parts]
            staying = set(increasing(places))
            moved |= {pairs[part.path].path for at, part in enumerate(parts) if at not in staying}
        return moved

    def _above(self, part: PartVersion, data: PlanData) -> str:
        """Return the section that a part stands in; empty at the top."""
        number = value_at(data, (*part.path[:-2], "number"))
        return "" if number is MISSING else place_name("section", str(number), self.words)

    def _name(self, part: PartVersion, *, titled: bool = True) -> str:
        return part_name(part, self.words, titled=titled)

    def _say(self, key: str, part: str, old: str, new: str) -> str:
        template = (_OWN if self.words.own.levels else _USUAL)[key]
        return self.words.say(template, part=part, old=old, new=new)

    def _title_label(self, part: PartVersion) -> str:
        return lowered(self._label(part, "title"))

    def _label(self, part: PartVersion, key: str) -> str:
        return self.words.translate(title((*part.path, key)) or key)


def _index(part: PartVersion) -> int:
    index = part.path[-1]
    return index if isinstance(index, int) else 0


def _before(index: str | int) -> int:
    return index - 1 if isinstance(index, int) else -1
