"""Where a section or a channel stands, and where a new one may go, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvartal.schema.changes import PlanData
from kvartal.schema.model import Plan
from kvartal.schema.structure import Part, PartKind, parts
from kvartal.tui.i18n import _
from kvartal.tui.presentation.levels import channel_level_name, level_name


def depth_of(part: Part) -> int:
    """Return how many sections a part is below."""
    return len(part.path) // 2 - 1


def part_level_name(plan: Plan, kind: PartKind, depth: int) -> str:
    """Return what a part is called in the words of the organisation."""
    is_channel = kind is PartKind.CHANNEL
    return channel_level_name(plan, depth) if is_channel else level_name(plan, depth)


def part_at(data: PlanData, path: Sequence[str | int]) -> Part | None:
    """Return the part at a path; None where there is none."""
    return next((one for one in parts(data) if one.path == tuple(path)), None)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a new part may go.

    Attributes:
        kind: What it is.
        depth: How many sections it is below.
        under: Number of the section that it stands in; None for the top.
        after: Number of the part that it follows; None for the last place.
        label: In words.
    """

    kind: PartKind
    depth: int
    under: str | None
    after: str | None
    label: str


def positions(data: PlanData, plan: Plan, near: Part | None) -> list[Position]:
    """Return where a new part may go, the likeliest first.

    Args:
        data: The programme.
        plan: The same as a model.
        near: The part under the cursor; None where there is none.
    """
    return [*_positions(data, plan, near)]


def _positions(data: PlanData, plan: Plan, near: Part | None) -> Iterator[Position]:
    if near is None:
        yield Position(PartKind.SECTION, 0, None, None, _name(plan, PartKind.SECTION, 0))
        return
    above = part_at(data, near.above)
    last = [one for one in parts(data) if (one.above, one.kind) == (near.above, near.kind)][-1]
    if last.path != near.path:
        yield _beside(plan, last, above)
    yield _beside(plan, near, above)
    if near.kind is PartKind.CHANNEL:
        if above is not None:
            yield _beside(plan, above, part_at(data, above.above))
        return
    depth, number = depth_of(near) + 1, near.number
    kinds = (PartKind.CHANNEL, PartKind.SECTION)
    for kind in kinds if plan.channels else reversed(kinds):
        name = _name(plan, kind, depth)
        label = _("{name} внутри «{number}»").format(name=name, number=number)
        yield Position(kind, depth, number, None, label)


def _beside(plan: Plan, part: Part, above: Part | None) -> Position:
    name = _name(plan, part.kind, depth_of(part))
    label = _("{name} после «{number}»").format(name=name, number=part.number)
    under = above.number if above is not None else None
    return Position(part.kind, depth_of(part), under, part.number, label)


def _name(plan: Plan, kind: PartKind, depth: int) -> str:
    """Return what a part is called; where both kinds are called the same, with what differs."""
    names = {one: part_level_name(plan, one, depth) for one in PartKind}
    if len(set(names.values())) == len(names) or depth == 0:
        return names[kind]
    if kind is PartKind.CHANNEL:
        return _("{name} (низший уровень)").format(name=names[kind])
    return _("{name} (делится дальше)").format(name=names[kind])
