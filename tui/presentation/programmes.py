"""The list of programmes as lines: sorted, filtered, and summed up by who is late."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from kvartal.schema.errors import N_
from kvartal.schema.summaries import share_text
from kvartal.tui.i18n import _
from kvartal.tui.plans.portfolio import ProgrammeSummary, folded
from kvartal.tui.presentation.cell_width import in_cells
from kvartal.tui.presentation.formats import day
from kvartal.tui.presentation.sanitize import shown

_YEARS: Final = 11
_OVERDUE: Final = 10
_GAP: Final = "  "
_LONGEST_NUMBER: Final = 18
_LATE: Final = N_("Просрочено")
_FIGURES: Final = MappingProxyType(
    {
        N_("Исполн."): 8,
        _LATE: _OVERDUE,
        N_("Дисц."): 6,
        N_("След. срок"): 10,
    }
)
"""The columns of figures, with their widths."""
_LEFT_OUT: Final = (N_("Дисц."), N_("Исполн."), N_("След. срок"))
"""The columns that make room for the name in a narrow window, the first one first."""
_NAME_LEAST: Final = 16
"""So much room the name is given, while there is a column to leave out."""
_TITLE_FROM: Final = 40
"""From this width on the organization leaves room for the title."""
_ORGANIZATION: Final = 30
"""The width of the organization at most, half of what there is for both."""


class ProgrammeOrder(Enum):
    """How the list is sorted; the value is the name of the order."""

    NAME = N_("организация")
    OVERDUE = N_("просрочено")
    NEXT = N_("срок")
    DISCIPLINE = N_("дисциплина")

    @property
    def following(self) -> "ProgrammeOrder":
        """The next one."""
        every = list(ProgrammeOrder)
        return every[(every.index(self) + 1) % len(every)]


class ProgrammesView(Enum):
    """What the lines of the list are."""

    PROGRAMMES = "programmes"
    ORGANIZATIONS = "organizations"
    RESPONSIBLE = "responsible"


def in_order(
    found: Iterable[ProgrammeSummary], order: ProgrammeOrder
) -> tuple[ProgrammeSummary, ...]:
    """Return programmes sorted; within the same value by organization, the latest period first."""
    by_period = sorted(found, key=lambda one: one.years, reverse=True)
    by_name = sorted(by_period, key=lambda one: (_natural(one.organization), _folder(one)))
    if order is ProgrammeOrder.OVERDUE:
        return tuple(sorted(by_name, key=lambda one: -one.overdue))
    if order is ProgrammeOrder.NEXT:
        return tuple(sorted(by_name, key=lambda one: (not one.next_due, one.next_due)))
    if order is ProgrammeOrder.DISCIPLINE:
        nothing = 101.0
        return tuple(
            sorted(by_name, key=lambda one: nothing if one.discipline is None else one.discipline)
        )
    return tuple(by_name)


def matching(found: Iterable[ProgrammeSummary], text: str) -> tuple[ProgrammeSummary, ...]:
    """Return the programmes in which all the words of a filter are."""
    words = folded(text).split()
    return tuple(one for one in found if all(word in one.words for word in words))


def by_organization(found: Iterable[ProgrammeSummary]) -> list[tuple[str, int, int]]:
    """Return organizations with their overdue and in how many programmes, the most first."""
    late: Counter[str] = Counter()
    programmes: Counter[str] = Counter()
    for one in found:
        if one.overdue:
            late[one.organization] += one.overdue
            programmes[one.organization] += 1
    return [(name, count, programmes[name]) for name, count in late.most_common()]


def by_responsible(found: Iterable[ProgrammeSummary]) -> list[tuple[str, int, int]]:
    """Return who is responsible for what is overdue, how much, and in how many programmes."""
    late: Counter[str] = Counter()
    programmes: Counter[str] = Counter()
    for one in found:
        for name, count in one.responsible:
            if count:
                late[name] += count
                programmes[name] += 1
    return [(name, count, programmes[name]) for name, count in late.most_common()]


def listing(
    found: Sequence[ProgrammeSummary], view: ProgrammesView, order: ProgrammeOrder, width: int
) -> tuple[Text, list[tuple[ProgrammeSummary | str, Text]]]:
    """Return the headings of a list, and its lines with what each is about.

    Args:
        found: The programmes.
        view: What the lines are.
        order: The order of the programmes; who is late comes first in the other views.
        width: How many cells a line has.
    """
    if view is ProgrammesView.PROGRAMMES:
        return heading_line(width), [
            (one, programme_line(one, width)) for one in in_order(found, order)
        ]
    is_by_organization = view is ProgrammesView.ORGANIZATIONS
    rows = by_organization(found) if is_by_organization else by_responsible(found)
    name = _("Организация") if is_by_organization else _("Ответственный исполнитель")
    return count_heading(name, width), [(row[0], count_line(row, width)) for row in rows]


def heading_line(width: int) -> Text:
    """Return the headings of the list."""
    room, columns = _columns(width)
    cells = [set_cell_size(_("Организация"), room), set_cell_size(_("Период"), _YEARS)]
    cells += [_(name).rjust(_FIGURES[name]) for name in columns]
    return Text(_GAP.join(cells), "bold")


def _columns(width: int) -> tuple[int, list[str]]:
    """Return the room for the name, and the columns of figures that there is room for."""
    columns = list(_FIGURES)
    room = width - _YEARS - sum(_FIGURES.values()) - len(_GAP) * (1 + len(_FIGURES))
    for name in _LEFT_OUT:
        if room >= _NAME_LEAST:
            break
        columns.remove(name)
        room += _FIGURES[name] + len(_GAP)
    return max(1, room), columns


def programme_line(one: ProgrammeSummary, width: int) -> Text:
    """Return a programme as a line of the list; a broken one says so in place of its figures."""
    room, columns = _columns(width)
    name = one.organization or Path(one.path).name
    if one.organization and room >= _TITLE_FROM:
        title = one.title or Path(one.path).name
        name = f"{in_cells(name, min(_ORGANIZATION, room // 2))}{_GAP}{title}"
    elif one.organization and (stem := Path(one.path).stem) != one.years:
        name = f"{name} · {stem}"
    years = set_cell_size(shown(one.years), _YEARS)
    head = f"{in_cells(name, room)}{_GAP}{years}{_GAP}"
    if one.problem and not one.measures:
        return Text.assemble(head, (_("файл с ошибками"), "bold"))
    due = day(date.fromisoformat(one.next_due)) if one.next_due else "–"
    sign = "!" if one.problem else " "
    figures = (
        f"{one.done}/{one.measures}",
        str(one.overdue) if one.overdue else "–",
        share_text(one.discipline),
        due,
    )
    texts = dict(zip(_FIGURES, figures, strict=True))
    line = Text(head)
    for name in columns:
        is_late = bool(one.overdue) and name == _LATE
        end = sign if name == columns[-1] else _GAP
        line.append(texts[name].rjust(_FIGURES[name]) + end, "bold" if is_late else "")
    return line


def count_line(row: tuple[str, int, int], width: int) -> Text:
    """Return a line of who is late: the name, how much, in how many programmes."""
    name, count, programmes = row
    figures = f"{str(count).rjust(_OVERDUE)}{_GAP}{str(programmes).rjust(_OVERDUE)}"
    room = max(1, width - cell_len(figures) - len(_GAP))
    return Text(f"{in_cells(name or _('не указан'), room)}{_GAP}{figures}")


def count_heading(name: str, width: int) -> Text:
    """Return the headings of who is late."""
    figures = f"{_('Просрочено').rjust(_OVERDUE)}{_GAP}{_('Программ').rjust(_OVERDUE)}"
    room = max(1, width - cell_len(figures) - len(_GAP))
    return Text(f"{in_cells(name, room)}{_GAP}{figures}", "bold")


def sums_text(found: Sequence[ProgrammeSummary], as_of: date) -> str:
    """Return how many programmes there are and what is overdue in them."""
    broken = sum(bool(one.problem) for one in found)
    text = _("Программ: {count} · просрочено: {overdue} · на {date}").format(
        count=len(found), overdue=sum(one.overdue for one in found), date=day(as_of)
    )
    return text + (_(" · с ошибками: {count}").format(count=broken) if broken else "")


def details_text(one: ProgrammeSummary, copies: Sequence[str]) -> str:
    """Return what is said of the programme under the cursor.

    Args:
        one: The programme.
        copies: The names of the copies that lie beside its file.
    """
    template = _("{file} (рядом копии, это не программы: {names}): {title}")
    template = template if copies else "{file}: {title}"
    short = Path(*Path(one.path).parts[-3:])
    return template.format(file=short, names=", ".join(copies), title=one.problem or one.title)


def keys_text(view: ProgrammesView) -> str:
    """Return the keys of a view of the list."""
    turn = {
        ProgrammesView.PROGRAMMES: _("Tab — просрочено"),
        ProgrammesView.ORGANIZATIONS: _("Tab — исполнители"),
        ProgrammesView.RESPONSIBLE: _("Tab — программы"),
    }[view]
    parts = [_("Enter — открыть"), turn, _("F12 — папки"), _("Esc — назад")]
    if view is ProgrammesView.PROGRAMMES:
        parts.insert(1, _("F4 — порядок"))
    return "   ".join(parts)


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts numbers in a name by their values."""
    return [
        (int(part), "") if part.isdecimal() and len(part) <= _LONGEST_NUMBER else (0, part)
        for part in re.split(r"([0-9]+)", folded(text))
        if part
    ]


def _folder(one: ProgrammeSummary) -> str:
    return str(Path(one.path).parent)
