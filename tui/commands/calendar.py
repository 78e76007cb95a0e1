"""``kvartal calendar``: the working days of a country into the programme."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.calendar_change import with_calendar
from kvartal.schema.changes import Change, ChangeKind, PlanData
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, change_options, common_options
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.commands.whole_number import year_number
from kvartal.tui.i18n import _

_SATURDAY = 5


class UnknownCountry(KvartalError):
    """The library of holidays does not know the country."""

    template = N_(
        "Рабочие дни страны «{country}» неизвестны. Напишите её двумя латинскими буквами: RU, KZ, "
        "BY."
    )


class UnknownCalendarYear(KvartalError):
    """The library of holidays knows the country, but not the year."""

    template = N_("Рабочие дни страны «{country}» на {year} год неизвестны.")


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a year that are not what their day of the week says.

    Attributes:
        off: From Monday to Friday.
        working: Saturdays and Sundays.
        are_final: Whether it is known which days off are moved, where a country moves them.
    """

    off: tuple[date, ...]
    working: tuple[date, ...]
    are_final: bool


@click.command(
    "calendar",
    cls=Command,
    help=N_(
        "Внести в программу выходные и рабочие дни страны на год: calendar RU 2026. Дни других лет "
        "и правило переноса срока с выходного (calendar.rule) не меняются."
    ),
)
@click.argument("country", metavar=N_("СТРАНА"))
@click.argument("year", metavar=N_("ГОД"), type=year_number())
@change_options
@common_options
@click.pass_context
def calendar_command(ctx: click.Context, country: str, year: int) -> None:
    """Save the working days of a country in a year."""
    days = _days(country.strip().upper(), year)
    moved = _("Какие выходные перенесут в {year} году, ещё не известно.").format(year=year)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        from kvartal.history.diff.diff import difference

        filled = with_calendar(snapshot.data, year, days.off, days.working)
        change = Change(ChangeKind.STRUCTURE, difference(snapshot.data, filled))
        unknown = () if days.are_final else (moved,)
        return PreparedChange(change, warnings=(*unknown, *_of_next_year(filled)))

    save(ctx.ensure_object(CommonOptions), prepare)


def _of_next_year(data: PlanData) -> Iterator[str]:
    """Yield that a last day goes into a year whose days off the programme does not have yet."""
    from kvartal.schema.validation import warnings

    yield from (one.message(_) for one in warnings(data) if one.path[:1] == ("calendar",))


def _days(country: str, year: int) -> _Days:
    """Return the days of a country's year; the library takes most of a second to load.

    Raises:
        UnknownCountry: It does not know the country.
        UnknownCalendarYear: It does not know the year.
    """
    from holidays import country_holidays

    try:
        known = country_holidays(country, years=year)
    except NotImplementedError:
        raise UnknownCountry(country=country) from None
    if not known:
        raise UnknownCalendarYear(country=country, year=year)
    weekend = known.weekend
    moved: set[date] = getattr(known, "weekend_workdays", set())
    off, working = [], []
    for day in _every_day(year):
        is_off = day in known or (day.weekday() in weekend and day not in moved)
        if is_off and day.weekday() < _SATURDAY:
            off.append(day)
        elif not is_off and day.weekday() >= _SATURDAY:
            working.append(day)
    are_moved = getattr(known, "has_substituted_holidays", False)
    last = max(getattr(known, "special_public_holidays", {}), default=year)
    return _Days(tuple(off), tuple(working), are_final=not are_moved or year <= last)


def _every_day(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=at) for at in range((date(year + 1, 1, 1) - first).days))
