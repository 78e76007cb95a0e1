"""The structure of a programme's table: its sections and channels added, changed, moved, removed.

A part is a section or a channel. Its number is what measures refer to, so that a new number goes
to all of them in the same change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import N_, KvartalError, Phrase
from kvartal.schema.plan_data import rows_of
from kvartal.schema.problems import DataPath
from kvartal.schema.typed_text import normalised


class PartKind(StrEnum):
    """What a part of the table is; the field by which a measure names it."""

    SECTION = "section"
    CHANNEL = "channel"


_LISTS: Final = {PartKind.SECTION: "sections", PartKind.CHANNEL: "channels"}
_SOUGHT: Final = {
    None: Phrase(N_("Раздела или канала"), {}),
    PartKind.SECTION: Phrase(N_("Раздела"), {}),
    PartKind.CHANNEL: Phrase(N_("Канала обслуживания"), {}),
}


class UnknownPart(KvartalError):
    """No section or channel has this number."""

    template = N_("{kind} «{number}» нет в программе. Есть: {known}.")


class NoPartsYet(UnknownPart):
    """A section or a channel is named in a programme that has none."""

    template = N_("{kind} «{number}» нет: в программе их ещё нет.")
    stable_code = "unknown-part"


class PartExists(KvartalError):
    """A section or a channel has this number already."""

    template = N_("Номер «{number}» уже занят. Укажите другой.")


class PartElsewhere(KvartalError):
    """The section or channel that another one is to follow does not stand where that goes."""

    template = N_(
        "«{number}» стоит в другом месте: поставить после него нельзя. Там, куда это встанет, "
        "есть: {known}."
    )


class NothingToFollow(PartElsewhere):
    """Another one is to be followed where nothing stands."""

    template = N_(
        "«{number}» стоит в другом месте, а там, куда это встанет, ещё ничего нет: не указывайте, "
        "после чего."
    )
    stable_code = "part-elsewhere"


class PartNotEmpty(KvartalError):
    """A section or a channel that is to be removed holds something."""

    template = N_(
        "«{number}» не пуст: {inside}. Сначала переставьте это в другое место или удалите."
    )


class PartInsideItself(KvartalError):
    """A section cannot be moved into itself."""

    template = N_("Раздел «{number}» нельзя перенести в него самого.")


class ChannelNeedsSection(KvartalError):
    """A channel stands in a section, never at the top."""

    template = N_("Канал стоит в разделе. Укажите раздел: --section НОМЕР.")


@dataclass(frozen=True, slots=True)
class Part:
    """A section or a channel, and where it stands in the plain data.

    Attributes:
        kind: Which of the two.
        path: From the root of the data.
        row: Its plain data.
    """

    kind: PartKind
    path: DataPath
    row: Mapping[str, Plain]

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.row.get("number", ""))

    @property
    def above(self) -> DataPath:
        """The path of the section that it stands in; empty at the top."""
        return self.path[:-2]


def parts(data: PlanData) -> tuple[Part, ...]:
    """Return every section and channel, in printed order."""
    return tuple(_parts(data, ()))


def part_numbered(data: PlanData, number: str, kind: PartKind | None = None) -> Part:
    """Return a part by its number.

    Args:
        data: The programme.
        number: As printed.
        kind: Which of the two it is, where both have such a number; the section otherwise.

    Raises:
        UnknownPart: There is none.
    """
    known = [part for part in parts(data) if kind in {None, part.kind}]
    for part in sorted(known, key=lambda one: one.kind is PartKind.CHANNEL):
        if part.number == number:
            return part
    if not known:
        raise NoPartsYet(kind=_SOUGHT[kind], number=number)
    numbers = ", ".join(part.number for part in known)
    raise UnknownPart(kind=_SOUGHT[kind], number=number, known=numbers)


def add_part(
    data: PlanData,
    kind: PartKind,
    row: Mapping[str, str],
    *,
    under: str | None = None,
    after: str | None = None,
) -> Change:
    """Return the change that adds a section or a channel.

    Args:
        data: The programme.
        kind: Which of the two.
        row: Its ``number``, ``title`` and, of a channel, perhaps ``segment``.
        under: Number of the section that it stands in; None for a section at the top.
        after: Number of the part that it follows; None for the last place.

    Raises:
        PartExists: Its number is taken.
        UnknownPart: One of the named parts does not exist.
        ChannelNeedsSection: A channel was given no section.
    """
    plain: dict[str, Plain] = {key: normalised(text).strip() for key, text in row.items() if text}
    _require_free(data, kind, str(plain.get("number", "")))
    siblings = _siblings_path(data, kind, under)
    index = _index_after(data, siblings, after)
    return _structure(Edit("", (*siblings, index), MISSING, plain))


def set_part(data: PlanData, part: Part, texts: Mapping[str, str]) -> Change:
    """Return the change that renames or renumbers a part; its measures follow a new number.

    Args:
        data: The programme.
        part: Which one.
        texts: New texts by field; an empty one removes an optional field.

    Raises:
        PartExists: The new number is taken.
    """
    edits = []
    for name, text in texts.items():
        old: Plain | Missing = part.row.get(name, MISSING)
        new: Plain | Missing = normalised(text).strip() or MISSING
        if old == new:
            continue
        edits.append(Edit("", (*part.path, name), old, new))
        if name == "number":
            _require_free(data, part.kind, str(new))
            edits += [
                Edit(str(row["id"]), (part.kind.value,), part.number, new)
                for row in rows_of(data)
                if row.get(part.kind.value) == part.number
            ]
    return _structure(*edits)


def move_part(
    data: PlanData,
    part: Part,
    *,
    under: str | None = None,
    after: str | None = None,
    first: bool = False,
) -> Change:
    """Return the change that puts a part into another section, or elsewhere in its own.

    Args:
        data: The programme.
        part: Which one.
        under: Number of the section that it goes to; None for the top.
        after: Number of the part that it follows there; None for the last place.
        first: Whether it goes to the first place there.

    Raises:
        UnknownPart: One of the named parts does not exist.
        PartElsewhere: The one that it would follow stands elsewhere.
        PartInsideItself: It would be inside itself.
        ChannelNeedsSection: A channel was to go to the top.
    """
    if under is not None and part.kind is PartKind.SECTION:
        target = part_numbered(data, under, PartKind.SECTION)
        if target.path[: len(part.path)] == part.path:
            raise PartInsideItself(number=part.number)
    removal = Edit("", part.path, dict(part.row), MISSING)
    without = apply_edits(data, (removal,))
    siblings = _siblings_path(without, part.kind, under)
    if after == part.number and siblings == part.path[:-1]:
        return _structure()
    index = 0 if first else _index_after(without, siblings, after, whole=data)
    if (*siblings, index) == part.path:
        return _structure()
    return _structure(removal, Edit("", (*siblings, index), MISSING, dict(part.row)))


def remove_part(data: PlanData, part: Part) -> Change:
    """Return the change that removes a part that holds nothing.

    Raises:
        PartNotEmpty: It holds measures, channels or sections.
    """
    below = [one.number for one in _parts(dict(part.row), ())]
    inside = below or [
        str(row["id"]) for row in rows_of(data) if row.get(part.kind.value) == part.number
    ]
    if inside:
        raise PartNotEmpty(number=part.number, inside=", ".join(inside))
    return _structure(Edit("", part.path, dict(part.row), MISSING))


def _parts(row: Mapping[str, Plain], path: DataPath) -> Iterator[Part]:
    for kind in (PartKind.CHANNEL, PartKind.SECTION):
        below = row.get(_LISTS[kind], [])
        for index, one in enumerate(below if isinstance(below, list) else []):
            if isinstance(one, dict):
                part = Part(kind, (*path, _LISTS[kind], index), one)
                yield part
                yield from _parts(one, part.path)


def _require_free(data: PlanData, kind: PartKind, number: str) -> None:
    if any(part.kind is kind and part.number == number for part in parts(data)):
        raise PartExists(number=number)


def _siblings_path(data: PlanData, kind: PartKind, under: str | None) -> DataPath:
    if under is not None:
        return (*part_numbered(data, under, PartKind.SECTION).path, _LISTS[kind])
    if kind is PartKind.CHANNEL:
        raise ChannelNeedsSection
    return (_LISTS[kind],)


def _index_after(
    data: PlanData, siblings: DataPath, after: str | None, *, whole: PlanData | None = None
) -> int:
    """Return the index behind a part; behind all of them for None.

    Args:
        data: The programme, without what moves.
        siblings: The list that it is for.
        after: The number of the part.
        whole: The programme with it, where something moves.

    Raises:
        UnknownPart: There is no such part.
        PartElsewhere: It is in none of these places.
    """
    there = [part for part in parts(data) if part.path[:-1] == siblings]
    if after is None:
        return len(there)
    for index, part in enumerate(there):
        if part.number == after:
            return index + 1
    part_numbered(data if whole is None else whole, after)
    if not there:
        raise NothingToFollow(number=after)
    raise PartElsewhere(number=after, known=", ".join(part.number for part in there))


def _structure(*edits: Edit) -> Change:
    return Change(ChangeKind.STRUCTURE, edits)
