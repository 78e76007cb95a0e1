"""The options that say how the text of a term is to be read, where it has several readings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

import click

from kvartal.schema.changes import Change, Edit, Plain
from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.schema.terms import StatedReading
from kvartal.tui.commands.params import (
    QUARTER,
    DateType,
    Function,
    TextType,
    option,
    typed_day,
    typed_quarter,
)
from kvartal.tui.i18n import _

T = TypeVar("T")


class ListType(TextType):
    """Several values in one option, separated by commas. They stay text."""

    name = "list"

    def __init__(self, item: TextType) -> None:
        self._item = item

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the values, each converted, separated by commas."""
        items = [item for item in value.replace(";", ",").split(",") if item.strip()]
        return ",".join(str(self._item.convert(item.strip(), param, ctx)) for item in items)


@dataclass(slots=True)
class TermOptions:
    """The options as given.

    Attributes:
        start: ``--start``.
        due: ``--due``.
        quarters: ``--quarters``.
        points: ``--points``.
        is_open: ``--open``.
    """

    start: str | None = None
    due: str | None = None
    quarters: str | None = None
    points: str | None = None
    is_open: bool = False

    def reading(self, plan: Plan) -> StatedReading | None:
        """Return the reading that the options state; None where none was given.

        Raises:
            NoSuchDay: The calendar has no such day.
            QuarterWithoutYear: The plan is not for one calendar year.
        """
        if self == TermOptions():
            return None
        return StatedReading(
            start=None if self.start is None else typed_day(self.start, plan),
            due=None if self.due is None else typed_day(self.due, plan),
            quarters=tuple(typed_quarter(one, plan) for one in _items(self.quarters)),
            points=tuple(typed_day(one, plan) for one in _items(self.points)),
        )

    def check(self, ctx: click.Context) -> None:
        """Refuse options that contradict each other.

        Raises:
            UsageError: They state more than one reading.
        """
        days = self.start is not None or self.due is not None
        stated = (days, self.quarters is not None, self.points is not None, self.is_open)
        if sum(stated) > 1:
            text = _("Срок читается одним способом: {ways}.").format(ways=", ".join(_OPTIONS))
            raise click.UsageError(text, ctx)


_OPTIONS: Final = ("--start/--due", "--quarters", "--points", "--open")


def _items(text: str | None) -> list[str]:
    return text.split(",") if text else []


def term_options(function: Function) -> Function:
    """Give a command the options of `TermOptions`, which `given_term_options` reads."""
    decorators: tuple[Callable[[Function], Function], ...] = (
        option(
            "--open",
            "is_open",
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help=N_("Срок без даты: сам по себе просроченным не станет."),
        ),
        option(
            "--points",
            type=ListType(DateType()),
            metavar=N_("ДАТЫ"),
            expose_value=False,
            callback=_remember,
            help=N_("Контрольные точки срока через запятую."),
        ),
        option(
            "--quarters",
            type=ListType(QUARTER),
            metavar=N_("КВАРТАЛЫ"),
            expose_value=False,
            callback=_remember,
            help=N_("Кварталы срока через запятую."),
        ),
        option(
            "--due",
            type=DateType(),
            metavar=N_("ДАТА"),
            expose_value=False,
            callback=_remember,
            help=N_("Последний день срока, если из слов он не ясен."),
        ),
        option(
            "--start",
            type=DateType(),
            metavar=N_("ДАТА"),
            expose_value=False,
            callback=_remember,
            help=N_("Первый день срока, если из слов он не ясен."),
        ),
    )
    for decorate in decorators:
        function = decorate(function)
    return function


def given_term_options(ctx: click.Context) -> TermOptions:
    """Return the options of a call.

    Raises:
        UsageError: They state more than one reading.
    """
    options: TermOptions = ctx.meta.setdefault(_KEY, TermOptions())
    options.check(ctx)
    return options


def open_term_warnings(change: Change) -> tuple[str, ...]:
    """Return what to say of a change that stores a term without a last day; nothing of others."""
    terms = [term for edit in change.edits for term in _new_terms(edit)]
    is_open = any(not {"quarters", "points", "due"} & term.keys() for term in terms)
    return (_("Срок без даты: сам по себе просроченным не станет."),) if is_open else ()


def _new_terms(edit: Edit) -> Iterator[dict[str, Plain]]:
    new = edit.new if isinstance(edit.new, dict) else {}
    if edit.path == ("term",):
        yield new
    elif edit.path[:1] == ("postponements",) or not edit.path:
        term = new.get("to" if edit.path else "term")
        if isinstance(term, dict):
            yield term


_KEY: Final = "kvartal.term_options"


def _remember(ctx: click.Context, param: click.Parameter, value: T) -> T:
    if value is not None and value is not False:
        setattr(ctx.meta.setdefault(_KEY, TermOptions()), str(param.name), value)
    return value
