"""``kvartal record``: record what was done in a quarter, with the evidence of it."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import parse_number
from kvartal.schema.measure import Document, IndicatorValue
from kvartal.schema.model import Plan
from kvartal.schema.operations import record
from kvartal.schema.typed_text import normalised
from kvartal.schema.writing import RecordDraft
from kvartal.tui.commands.arguments import meant_ids, measures_argument
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    QUARTER,
    CommonOptions,
    DateType,
    TextType,
    change_options,
    common_options,
    option,
    today,
    typed_day,
    typed_quarter,
)
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.fact_checks import FactChecks
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.store.attachments import Attachment

_PERIOD: Final = re.compile(r"[0-9]{4}(?:-(?:Q[1-4]|H[12]|0[1-9]|1[0-2]))?")
_DOCUMENT_PARTS: Final = ("document", "number", "document_date")


class FilePathType(click.Path):
    """The path of a file: an empty one would mean the current folder."""

    def convert(
        self,
        value: "str | os.PathLike[str]",
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> "str | bytes | os.PathLike[str]":
        """Return the path if it is not empty."""
        if not os.fspath(value).strip():
            self.fail(_("путь пуст: укажите файл."), param, ctx)
        return super().convert(value, param, ctx)


class PeriodValueType(TextType):
    """``PERIOD=NUMBER`` or ``NAME:PERIOD=NUMBER``: an actual value of an indicator."""

    name = "value"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text in its canonical form if it is a period and a number."""
        what, equals, number = normalised(value).rpartition("=")
        name, colon, period = what.rpartition(":")
        period = period.strip().upper()
        if not equals or not _PERIOD.fullmatch(period):
            text = _("«{value}» не понято: напишите 2024-07=95,4, 2024-Q3=95,4 или 2024=95,4.")
            self.fail(text.format(value=value), param, ctx)
        try:
            parse_number(number, _("Показатель: факт"))
        except KvartalError as error:
            self.fail(error.message(_), param, ctx)
        return f"{name}{colon}{period}={number}"


class RecordCommand(Command):
    """Keeps the order of the options: a number belongs to the document before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and keep the order of those that describe documents."""
        try:
            _values, _rest, order = self.make_parser(ctx).parse_args(list(args))
        except click.UsageError:
            order = []  # Parsing proper, below, reports what is wrong.
        ctx.meta["order"] = [str(param.name) for param in order if param.name in _DOCUMENT_PARTS]
        return super().parse_args(ctx, args)


@click.command(
    "record",
    cls=RecordCommand,
    help=N_(
        "Отметить исполнение одного или нескольких мероприятий за квартал, одной записью в "
        "истории. Документов может быть несколько: номер и дата относятся к документу перед ними."
    ),
)
@measures_argument
@option("--quarter", type=QUARTER, metavar=N_("КВАРТАЛ"), help=N_("За какой квартал."))
@option(
    "--point",
    type=DateType(),
    metavar=N_("ДАТА"),
    help=N_("За какую контрольную точку, если они названы днями."),
)
@option("--date", "on", type=DateType(), metavar=N_("ДАТА"), help=N_("Дата исполнения."))
@option("--document", multiple=True, metavar=N_("НАЗВАНИЕ"), help=N_("Подтверждающий документ."))
@option("--number", multiple=True, metavar="N", help=N_("Номер документа."))
@option(
    "--document-date",
    multiple=True,
    type=DateType(),
    metavar=N_("ДАТА"),
    help=N_("Дата документа."),
)
@option(
    "--file",
    "files",
    multiple=True,
    type=FilePathType(path_type=Path),
    metavar=N_("ПУТЬ"),
    help=N_("Приложить файл: копия кладётся рядом с программой. Можно повторять."),
)
@option("--link", "links", multiple=True, metavar="URL", help=N_("Ссылка. Можно повторять."))
@option("--result", default="", metavar=N_("ТЕКСТ"), help=N_("Фактический результат."))
@option("--reason", default="", metavar=N_("ТЕКСТ"), help=N_("Почему позже срока, если позже."))
@option(
    "--value",
    "values",
    multiple=True,
    type=PeriodValueType(),
    metavar=N_("[ИМЯ:]ПЕРИОД=ЧИСЛО"),
    help=N_(
        "Фактическое значение показателя: 2024-07=95,4; если показателей несколько, с именем: "
        "«Потери:2024-07=4». Можно повторять."
    ),
)
@option(
    "--early",
    is_flag=True,
    help=N_("Отметить и то, что ещё не началось, хотя в прежней программе это открыто."),
)
@option("--complete", is_flag=True, help=N_("Мероприятие тем самым исполнено."))
@change_options
@common_options
@click.pass_context
def record_command(
    ctx: click.Context,
    /,
    measures: tuple[str, ...],
    quarter: str | None,
    point: str | None,
    on: str | None,
    files: tuple[Path, ...],
    links: tuple[str, ...],
    result: str,
    reason: str,
    values: tuple[str, ...],
    complete: bool,  # noqa: FBT001 - an option
    early: bool,  # noqa: FBT001 - an option
    **documents: Any,  # noqa: ANN401 - the parts of the documents, each a tuple of texts
) -> None:
    """Save one record for each of the measures."""
    options = ctx.ensure_object(CommonOptions)
    if (quarter is None) is (point is None):
        raise click.UsageError(_("Нужно что-то одно: --quarter или --point."), ctx)
    described = tuple(_document_parts(ctx, documents))

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        ids = meant_ids(plan, measures)
        attachments = {measure: _attachments(snapshot, measure, files) for measure in ids}
        draft = RecordDraft(
            quarter=None if quarter is None else typed_quarter(quarter, plan),
            point=None if point is None else typed_day(point, plan),
            date=options.day(plan) if on is None else typed_day(on, plan),
            complete=complete,
            result=result,
            reason=reason,
            values=tuple(map(typed_value, values)),
            documents=tuple(_document(parts, plan) for parts in described),
            files={
                measure: [attachment.file for attachment in attached]
                for measure, attached in attachments.items()
            },
            links=tuple(dict.fromkeys(links)),
        )
        checks = FactChecks(snapshot.path, plan, today())
        checks.check_date(ids[0], draft.date)
        checkpoint = draft.quarter or draft.point
        if checkpoint is not None and not early:
            checks.check_begun(ids, checkpoint, options.day(plan))
        change = record(snapshot.data, ids, draft)
        warnings = checks.lateness(draft.date, reason)
        return PreparedChange(
            change, [*chain.from_iterable(attachments.values())], warnings=warnings
        )

    save(options, prepare)


Parts = tuple[str, str | None, str | None]
"""Title, number and date of a document, as typed."""


def _document_parts(ctx: click.Context, options: dict[str, Sequence[str]]) -> Iterator[Parts]:
    """Yield the documents that the options describe.

    If there are as many numbers as documents, the first belongs to the first document, and so on;
    otherwise a number belongs to the document before it, or to the first one. So do dates.
    """
    titles = list(options["document"])
    columns = [_column(ctx, name, titles, options[name]) for name in _DOCUMENT_PARTS[1:]]
    yield from zip(titles, *columns, strict=True)


def _column(
    ctx: click.Context, name: str, titles: Sequence[str], values: Sequence[str]
) -> list[str | None]:
    """Return the values of one option, one a document; None for a document without.

    Raises:
        UsageError: A value has no document, or a document has two values.
    """
    if len(values) == len(titles):
        return list(values)
    column: list[str | None] = [None] * len(titles)
    rest = iter(values)
    document = 0
    for part in ctx.meta["order"]:
        if part == "document":
            document += 1
        elif part == name:
            index = max(document - 1, 0)
            if index >= len(titles) or column[index] is not None:
                opt = "--" + name.replace("_", "-")
                text = _("{option} без своего --document.").format(option=opt)
                raise click.UsageError(text, ctx)
            column[index] = next(rest)
    return column


def _document(parts: Parts, plan: Plan) -> Document:
    title, number, typed = parts
    day = None if typed is None else typed_day(typed, plan)
    return Document(title.strip(), (number or "").strip() or None, day)


def typed_value(text: str) -> IndicatorValue:
    """Return a value as `PeriodValueType` leaves it."""
    what, _equals, number = text.rpartition("=")
    name, _colon, period = what.rpartition(":")
    value = parse_number(number, _("Показатель: факт"))
    return IndicatorValue(period, value, name.strip() or None)


def _attachments(
    snapshot: Snapshot, measure: str, files: Iterable[Path]
) -> "tuple[Attachment, ...]":
    from kvartal.history.store.attachments import attach_files

    return attach_files(files, measure, snapshot.plan, snapshot.path.parent)
