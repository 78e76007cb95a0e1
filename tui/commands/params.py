"""Options that every command takes, and types of option values."""

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Plan
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.typed_text import normalised
from kvartal.tui.commands.click_classes import Option
from kvartal.tui.dates import typed_date
from kvartal.tui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    TextType = click.ParamType[str]
else:  # The oldest click that is supported has no parameter there.
    TextType = click.ParamType

Function = TypeVar("Function", bound=Callable[..., Any])


_LEAP: Final = 4


@dataclass(slots=True)
class CommonOptions:
    """The options that every command takes, before and after its name, and those of every change.

    Attributes:
        plans: ``--plan``, each a file, a folder or a pattern.
        as_of: ``--as-of``, as typed and known to be a date.
        as_json: ``--json`` of a command that writes.
        dry_run: ``--dry-run``.
        programme: What the command is at work on, where there are several; a refusal names it.
    """

    plans: tuple[Path, ...] = ()
    as_of: str | None = None
    as_json: bool = False
    dry_run: bool = False
    programme: str = ""

    def day(self, plan: Plan) -> date:
        """Return the date of ``--as-of``; without it, today."""
        return today() if self.as_of is None else typed_day(self.as_of, plan)

    @property
    def chosen_day(self) -> date:
        """The date that a programme among several is chosen by: a year left out is this one."""
        if self.as_of is None:
            return today()
        # The plan's year may have a 29 February, where this one has none.
        for year in (today().year, _leap_year()):
            with suppress(KvartalError):
                period = ProgrammePeriod.of_year(year)
                return typed_date(self.as_of, period=period, today=today())
        return today()


def today() -> date:
    """Return today's date where the user is."""
    return date.today()  # noqa: DTZ011 - a calendar date, by the user's own clock


def _leap_year() -> int:
    """Return a year that has every day a calendar can have."""
    return today().year - today().year % _LEAP


def typed_day(text: str, plan: Plan) -> date:
    """Return the date typed in an option; a year left out is the plan's.

    Raises:
        NoSuchDay: The calendar has no such day in the plan's year.
    """
    return typed_date(text, period=plan.period, today=today())


def with_days(texts: Mapping[str, str], names: Collection[str], plan: Plan) -> dict[str, str]:
    """Return texts by field, those of some fields as stored days: «01.06.2026» as «2026-06-01».

    Raises:
        UnreadableDate: The text of such a field is not a date.
        NoSuchDay: The calendar has no such day.
    """
    return {
        name: typed_day(text, plan).isoformat() if name in names and text.strip() else text
        for name, text in texts.items()
    }


class DateType(TextType):
    """A date as users type it. It stays text: a year left out is the plan's, unknown here."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, if it is a date."""
        try:
            typed_date(value, period=ProgrammePeriod.of_year(_leap_year()), today=today())
        except KvartalError as error:
            self.fail(error.message(_), param, ctx)
        return value


class ChoiceType(TextType):
    """One of a few words; a value may have several.

    Args:
        words: The accepted words, each with its value.
        offered: The words that completion and error messages name.
    """

    name = "choice"

    def __init__(self, words: dict[str, str], offered: tuple[str, ...]) -> None:
        self.words = words
        self.offered = offered

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the value of a word."""
        choice = self.words.get(normalised(value).strip().casefold().replace("ё", "е"))
        if choice is None:
            known = ", ".join(self.offered)
            template = _("«{value}» не подходит. Возможные значения: {known}.")
            self.fail(template.format(value=value, known=known), param, ctx)
        return choice

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Return the words that begin with this."""
        from click.shell_completion import CompletionItem

        del ctx, param
        return [CompletionItem(word) for word in self.offered if word.startswith(incomplete)]


def one_of(*words: str) -> ChoiceType:
    """Return the type of an option that takes one of these words."""
    return ChoiceType({word: word for word in words}, words)


_QUARTER_WORDS: Final = {"I": 1, "II": 2, "III": 3, "IV": 4}
_QUARTERS_BY_WORD: Final = {
    word.casefold(): number
    for roman, number in _QUARTER_WORDS.items()
    for word in (str(number), roman, f"Q{number}", f"К{number}")
}
_DATED_QUARTER: Final = re.compile(r"([0-9]{4})-?[QК]([1-4])", re.IGNORECASE)


class QuarterWithoutYear(KvartalError):
    """A quarter without its year, of a programme that is not for one calendar year."""

    template = N_("Квартал «{text}»: напишите с годом, например {year}-Q{quarter}.")


class QuarterType(TextType):
    """A quarter as users type it: ``3``, ``III``, ``2026-Q3``. It stays text: so may its year."""

    name = "quarter"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the quarter as a plan stores it: ``3``, ``2026-Q3``."""
        word = value.strip().casefold()
        dated = _DATED_QUARTER.fullmatch(word)
        if dated is not None:
            return f"{dated[1]}-Q{dated[2]}"
        number = _QUARTERS_BY_WORD.get(word)
        if number is None:
            known = ", ".join(("1", "2", "3", "4", f"{today().year}-Q1"))
            template = _("«{value}» не подходит. Возможные значения: {known}.")
            self.fail(template.format(value=value, known=known), param, ctx)
        return str(number)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Return the quarters that begin with this."""
        from click.shell_completion import CompletionItem

        del ctx, param
        return [CompletionItem(word) for word in "1234" if word.startswith(incomplete)]


QUARTER: Final = QuarterType()


def typed_quarter(text: str, plan: Plan) -> CalendarQuarter:
    """Return the quarter typed in an option; a year left out is the plan's.

    Raises:
        QuarterWithoutYear: The plan is not for one calendar year.
    """
    head, _dash, number = text.rpartition("-Q")
    if head:
        return CalendarQuarter(int(head), int(number))
    if plan.year is None:
        inside = (one.year for one in plan.period.quarters if one.number == int(number))
        year = next(inside, plan.period.start.year)
        raise QuarterWithoutYear(text=text, year=year, quarter=number)
    return CalendarQuarter(plan.year, int(number))


def option(*names: str, **settings: Any) -> Callable[[Function], Function]:  # noqa: ANN401 - click's own
    """Return the decorator that gives a command an option whose help is translated."""
    return click.option(*names, cls=Option, **settings)


def json_option(function: Function) -> Function:
    """Give a command the option ``--json``."""
    return option("--json", "as_json", is_flag=True, help=N_("Вывести данные в JSON."))(function)


def change_options(function: Function) -> Function:
    """Give a command that writes the options ``--dry-run`` and ``--json`` of `CommonOptions`."""
    for decorate in (
        option(
            "--json",
            "as_json",
            is_flag=True,
            callback=_set_as_json,
            expose_value=False,
            help=N_("Вывести данные в JSON."),
        ),
        option(
            "--dry-run",
            "dry_run",
            is_flag=True,
            callback=_set_dry_run,
            expose_value=False,
            help=N_("Только показать, что изменится; ничего не записывать."),
        ),
    ):
        function = decorate(function)
    return function


def common_options(function: Function) -> Function:
    """Give a command the options of `CommonOptions` and ``--lang``."""
    for decorate in (
        option(
            "--lang",
            type=one_of(*LANGUAGES),
            metavar="ru|en",
            expose_value=False,
            help=N_("Язык сообщений."),
        ),
        option(
            "--as-of",
            type=DateType(),
            metavar=N_("ДАТА"),
            callback=_set_as_of,
            expose_value=False,
            help=N_("По состоянию на дату, например 2024-10-01 (обычно сегодня)."),
        ),
        option(
            "--plan",
            metavar=N_("ПУТЬ"),
            type=click.Path(path_type=Path),
            multiple=True,
            callback=_set_plans,
            expose_value=False,
            help=N_(
                "Файл программы (обычно ближайший plan/*.yaml). Командам, которые только читают, "
                "можно назвать несколько или образец: 'plan/*.yaml'."
            ),
        ),
    ):
        function = decorate(function)
    return function


def _set_plans(ctx: click.Context, _param: click.Parameter, value: tuple[Path, ...]) -> None:
    if value:
        ctx.ensure_object(CommonOptions).plans = value


def _set_as_json(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    ctx.ensure_object(CommonOptions).as_json = value


def _set_dry_run(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    ctx.ensure_object(CommonOptions).dry_run = value


def _set_as_of(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.ensure_object(CommonOptions).as_of = value
