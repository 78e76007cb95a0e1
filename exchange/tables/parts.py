"""The sections and channels of a table: levels by numbers, else by the look of their titles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import SourcePlace
from kvartal.exchange.tables.programme import SourcePart
from kvartal.exchange.tables.row_kinds import PartRow
from kvartal.schema.errors import N_

_SEGMENTS: Final = (
    ("b2b", re.compile(r"(?<!\w)[BВ]2[BВ](?!\w)")),
    ("b2c", re.compile(r"(?<!\w)[BВ]2[CС](?!\w)")),
)
_ROMAN: Final = re.compile("[IVXLC]+")
_DOTTED: Final = re.compile(r"\d+(?:\.\d+)*")
_GOES_ON: Final = re.compile(r"[\s,]*\(?\b(?:продолжение|continued)\b\)?\.?$", re.IGNORECASE)
_USUAL: Final = frozenset({"раздел", "section", "часть", "part", "глава", "chapter", ""})
Key = tuple[str, object]


@dataclass
class PartsBuilder:
    """Collects the parts of a table in printed order.

    Attributes:
        parts: The parts so far.
        remarks: What is to be said.
        words: What the document calls the parts of a level, by its depth from 0.
    """

    parts: list[SourcePart] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    _levels: dict[Key, int] = field(default_factory=dict)
    _open: list[SourcePart] = field(default_factory=list)
    _follows_part: bool = False
    _word: str = ""
    _numbering: set[str] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)

    @property
    def current(self) -> SourcePart | None:
        """The part that rows now belong to."""
        return self._open[-1] if self._open else None

    @property
    def open_section(self) -> SourcePart | None:
        """The section at the top that rows now belong to."""
        return self._open[0] if self._open else None

    @property
    def open_numbers(self) -> tuple[str, ...]:
        """Numbers of the parts that rows now belong to, from the top."""
        return tuple(part.number for part in self._open)

    def measure_follows(self, number: str) -> None:
        """Note that a measure stands between the last title and the next one.

        A number such as 2 after 1.1 and 1.2 is no part of 1: it closes the parts that it leaves.
        """
        self._follows_part = False
        self._numbering |= {one for one in self.open_numbers if number.startswith(f"{one}.")}

    def close_for(self, number: str) -> None:
        """Close the parts whose measures bear their numbers, where a number is of none of them."""
        while self._open and _DOTTED.fullmatch(number):
            last = self._open[-1]
            is_named = last.number in self._known
            if (
                is_named
                or last.number not in self._numbering
                or number.startswith(f"{last.number}.")
            ):
                return
            if number == last.number:
                return
            self._open.pop()

    def open_row(self, row: PartRow, first_number: str) -> SourcePart:
        """Begin the part of a title.

        Args:
            row: The title.
            first_number: Number of the first measure below it, which tells its number where the
                title has none; empty where there is none.
        """
        if row.known is not None:
            return self._open_known(row.known, row.place)
        level = self._level(row)
        # «1.2» is no part of «1.1», even where no «1» stands above them.
        depth = row.number.count(".")
        shallower = (one for one in self._open if one.level < level)
        above = [one for one in shallower if not depth or one.number.count(".") < depth]
        under = above[-1].number if above else ""
        number = row.number or self._number(under, len(above), first_number)
        if self._is_counted_within(row, under):
            number = self._number_within(row, under)
        again = self._again(row, number)
        if again is not None:
            return again
        if row.word:
            self.words.setdefault(len(above), row.word)
        self._word = row.word
        part = SourcePart(
            number, row.title, len(above), False, under, row.place, segment_of(row.title)
        )
        self._begin(above, part)
        self._follows_part = True
        return part

    def _open_known(self, known: SourcePart, place: SourcePlace) -> SourcePart:
        """Begin a part that the programme has: where it belongs is known."""
        above: list[SourcePart] = []
        under = known.under
        for one in reversed(self.parts):
            if under and one.number == under and not one.is_channel:
                above.insert(0, one)
                under = one.under
        part = replace(known, place=place, segment=segment_of(known.title))
        self._known.add(part.number)
        self._begin(above, part)
        self._follows_part = True
        return part

    def _is_counted_within(self, row: PartRow, under: str) -> bool:
        """Return whether a printed number counts the parts within another one only.

        «Задача 1» in «Цель 1», and «1. Ремонт» in «II» after «1. Обучение» in «I».
        """
        if not under or not row.number or "." in row.number:
            return False
        title = _GOES_ON.sub("", row.title).strip()
        same = [part for part in self.parts if part.number == row.number]
        is_elsewhere = all(part.under != under and part.title != title for part in same)
        return is_elsewhere and (bool(same) or (row.number.isdecimal() and under[-1].isdecimal()))

    def _number_within(self, row: PartRow, under: str) -> str:
        """Return a number of its own for a part whose printed one counts within another only."""
        given = f"{under}.{row.number}"
        if any(part.number == given for part in self.parts):
            return given
        template = N_("Часть «{text}» с номером {number} стоит в части {under}: присвоен {given}.")
        fields = {"text": row.title, "number": row.number, "under": under, "given": given}
        self.remarks.append(Remark("number-given", row.place, template, fields))
        return given

    def _again(self, row: PartRow, number: str) -> SourcePart | None:
        """Return the part that a title opens once more, such as «… (продолжение)»."""
        title = _GOES_ON.sub("", row.title).strip()
        for part in self.parts:
            if row.number and part.number == number:
                if part.title != title:
                    template = N_(
                        "Номер {number} уже у «{title}»: «{text}» отдельной частью не стало, её "
                        "мероприятия — там же."
                    )
                    fields = {"number": number, "title": part.title, "text": row.title}
                    self.remarks.append(Remark("part-repeated", row.place, template, fields))
                above = [one for one in self.parts if one.number == part.under]
                self._open = [*above, part]
                self._follows_part = True
                return part
        return None

    def open_named(self, titles: Sequence[str], numbers: Sequence[str], place: SourcePlace) -> None:
        """Begin the parts that columns name, unless they are open: a section, then a channel."""
        above: list[SourcePart] = []
        for level, (title, number) in enumerate(zip(titles, numbers, strict=True)):
            under = above[-1].number if above else ""
            known = next(
                (
                    one
                    for one in self.parts
                    if (one.title, one.under, one.level) == (title, under, level)
                ),
                None,
            )
            part = known or SourcePart(
                *(number or self._number(under, level, ""), title, level, False, under, place),
                segment=segment_of(title),
            )
            if known is None:
                self.parts.append(part)
            above.append(part)
        self._open = above

    def level_names(self) -> tuple[str, ...]:
        """Return what the document calls its levels, from the top; nothing for the usual words."""
        named = [self.words.get(level, "") for level in range(max(self.words, default=-1) + 1)]
        is_usual = all(one.casefold() in _USUAL for one in named)
        return () if is_usual or not all(named) else tuple(named)

    def finished(self) -> tuple[SourcePart, ...]:
        """Return the parts: the lowest ones below a section are channels."""
        with_parts = {part.under for part in self.parts}
        return tuple(
            part
            if part.number in self._known
            else replace(part, is_channel=part.level > 0 and part.number not in with_parts)
            for part in self.parts
        )

    def _begin(self, above: list[SourcePart], part: SourcePart) -> None:
        self.parts.append(part)
        self._open = [*above, part]

    def _level(self, row: PartRow) -> int:
        depth = row.number.count(".")
        if depth:
            return depth
        kind = "number" if row.number else "look"
        if row.number.isalpha():
            kind = "roman" if _ROMAN.fullmatch(row.number) else "letter"
        is_styled = kind == "look" or row.is_outside
        style = row.style if is_styled else row.word.casefold()
        key: Key = (kind, (style, row.is_outside))
        if key not in self._levels:
            last = self._open[-1].level if self._open else 0
            deeper = bool(self._open) and self._follows_part and not self._goes_on(row)
            self._levels[key] = last + deeper
        return self._levels[key]

    def _goes_on(self, row: PartRow) -> bool:
        """Return whether a title only lacks the word of the empty part above it, or has one more.

        «Раздел 1. Дороги», then «2. Парки».
        """
        above = self._open[-1].number
        are_numbers = above.isdecimal() and row.number.isdecimal()
        return are_numbers and int(row.number) == int(above) + 1 and not (row.word and self._word)

    def _number(self, under: str, level: int, first_number: str) -> str:
        steps = first_number.split(".")
        hinted = ".".join(steps[: level + 1])
        fits = len(steps) > level + 1 and (not under or hinted.startswith(f"{under}."))
        if fits and all(part.number != hinted for part in self.parts):
            return hinted
        count = 1 + sum(part.under == under and part.level == level for part in self.parts)
        taken = {part.number for part in self.parts}
        while (number := f"{under}.{count}" if under else str(count)) in taken:
            count += 1
        return number


def segment_of(title: str) -> str:
    """Return whom a channel serves by its title, in either alphabet; empty for both or none."""
    found = [name for name, pattern in _SEGMENTS if pattern.search(title)]
    return found[0] if len(found) == 1 else ""
