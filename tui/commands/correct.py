"""``kvartal correct``: what a record states wrongly, or what came later."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.corrections import Correction, DocumentCorrection, correct
from kvartal.schema.errors import N_
from kvartal.schema.measure import Document, EvidenceFile, Record
from kvartal.schema.model import Plan
from kvartal.schema.record_index import Checkpoint, record_index
from kvartal.tui.commands.arguments import meant_ids, measure_argument
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    QUARTER,
    CommonOptions,
    DateType,
    change_options,
    common_options,
    option,
    today,
    typed_day,
    typed_quarter,
)
from kvartal.tui.commands.record import PeriodValueType, typed_value
from kvartal.tui.commands.saving import PreparedChange, save
from kvartal.tui.commands.whole_number import WholeNumber
from kvartal.tui.fact_checks import FactChecks
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.store.attachments import Attachment


@click.command(
    "correct",
    cls=Command,
    help=N_(
        "Исправить отметку об исполнении: дату, результат, значения, причину, документы, файлы, "
        "контрольную точку. Прежнее остаётся в истории. Пустой текст убирает поле."
    ),
)
@measure_argument
@option("--quarter", type=QUARTER, metavar=N_("КВАРТАЛ"), help=N_("Отметка за какой квартал."))
@option(
    "--point", type=DateType(), metavar=N_("ДАТА"), help=N_("Отметка за какую контрольную точку.")
)
@option(
    "--record",
    "which",
    type=WholeNumber(),
    metavar="N",
    help=N_("Которая из нескольких отметок за неё, с 1."),
)
@option("--date", "on", type=DateType(), metavar=N_("ДАТА"), help=N_("Дата исполнения."))
@option("--result", metavar=N_("ТЕКСТ"), help=N_("Фактический результат."))
@option("--reason", metavar=N_("ТЕКСТ"), help=N_("Почему позже срока, если позже."))
@option(
    "--value",
    "values",
    multiple=True,
    type=PeriodValueType(),
    metavar=N_("[ИМЯ:]ПЕРИОД=ЧИСЛО"),
    help=N_("Фактическое значение показателя, например 2024-07=95,4. Можно повторять."),
)
@option(
    "--complete/--no-complete",
    default=None,
    help=N_("Мероприятие этой отметкой исполнено; или нет."),
)
@option(
    "--of",
    type=WholeNumber(),
    metavar="N",
    help=N_(
        "Который документ исправить, с 1; без этого --document добавляет новый, а номер и дата "
        "относятся к единственному."
    ),
)
@option("--document", metavar=N_("НАЗВАНИЕ"), help=N_("Подтверждающий документ."))
@option("--number", metavar="N", help=N_("Номер документа."))
@option("--document-date", type=DateType(), metavar=N_("ДАТА"), help=N_("Дата документа."))
@option(
    "--remove-document",
    "removed_documents",
    multiple=True,
    type=WholeNumber(),
    metavar="N",
    help=N_("Убрать документ, с 1. Можно повторять."),
)
@option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar=N_("ПУТЬ"),
    help=N_("Приложить файл: копия кладётся рядом с программой. Можно повторять."),
)
@option(
    "--remove-file",
    "removed_files",
    multiple=True,
    metavar=N_("ИМЯ"),
    help=N_("Убрать файл по имени. Можно повторять."),
)
@option("--link", "links", multiple=True, metavar="URL", help=N_("Ссылка. Можно повторять."))
@option(
    "--remove-link",
    "removed_links",
    multiple=True,
    metavar="URL",
    help=N_("Убрать ссылку. Можно повторять."),
)
@option(
    "--to-quarter",
    type=QUARTER,
    metavar=N_("КВАРТАЛ"),
    help=N_("Отнести отметку к этому кварталу."),
)
@option(
    "--to-point",
    type=DateType(),
    metavar=N_("ДАТА"),
    help=N_("Отнести отметку к этой контрольной точке."),
)
@option(
    "--early",
    is_flag=True,
    help=N_("Отнести и к тому, что ещё не началось, хотя в прежней программе это открыто."),
)
@change_options
@common_options
@click.pass_context
def correct_command(ctx: click.Context, /, measure: str, **options: Any) -> None:  # noqa: ANN401 - click's own
    """Save the correction of a record."""
    given = _Options(**options)
    if (given.quarter is None) is (given.point is None):
        raise click.UsageError(_("Нужно что-то одно: --quarter или --point."), ctx)
    if given.to_quarter is not None and given.to_point is not None:
        raise click.UsageError(_("Нужно что-то одно: --to-quarter или --to-point."), ctx)
    common = ctx.ensure_object(CommonOptions)

    def prepare(snapshot: Snapshot) -> PreparedChange:
        plan = snapshot.plan
        (name,) = meant_ids(plan, [measure])
        checkpoint = _checkpoint(plan, given.quarter, given.point)
        index = record_index(snapshot.data, name, checkpoint, given.which)
        record = plan.measure(name).records[index]
        meant = _of_the_only_document(ctx, given, record)
        attached = _attachments(snapshot, name, given.files)
        correction = _correction(plan, meant, tuple(one.file for one in attached))
        change = correct(snapshot.data, name, index, correction)
        checks = FactChecks(snapshot.path, plan, today())
        warnings: tuple[str, ...] = ()
        if correction.checkpoint not in {None, checkpoint} and not given.early:
            checks.check_begun([name], correction.checkpoint, common.day(plan))
        if correction.date is not None and correction.date != record.date:
            checks.check_date(name, correction.date)
            reason = record.reason if correction.reason is None else correction.reason
            warnings = checks.lateness(correction.date, reason or "")
        return PreparedChange(change, attached, warnings=warnings)

    save(common, prepare)


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of the command, as click gives them."""

    quarter: str | None
    point: str | None
    which: int | None
    on: str | None
    result: str | None
    reason: str | None
    values: tuple[str, ...]
    complete: bool | None
    of: int | None
    document: str | None
    number: str | None
    document_date: str | None
    removed_documents: tuple[int, ...]
    files: tuple[Path, ...]
    removed_files: tuple[str, ...]
    links: tuple[str, ...]
    removed_links: tuple[str, ...]
    to_quarter: str | None
    to_point: str | None
    early: bool


def _of_the_only_document(ctx: click.Context, given: _Options, record: Record) -> _Options:
    """Return options whose number and date belong to a document: the record's only one, if need be.

    Raises:
        UsageError: They belong to none, or it is not said to which.
    """
    is_named = given.of is not None or given.document is not None
    if is_named or (given.number is None and given.document_date is None):
        return given
    if len(record.evidence.documents) != 1:
        raise click.UsageError(_("Не сказано, у какого документа: --of N или --document."), ctx)
    return replace(given, of=1)


def _correction(plan: Plan, given: _Options, files: tuple[EvidenceFile, ...]) -> Correction:
    day = None if given.document_date is None else typed_day(given.document_date, plan)
    added: tuple[Document, ...] = ()
    changed: dict[int, DocumentCorrection] = {}
    if given.of is not None:
        changed[given.of - 1] = DocumentCorrection(given.document, given.number, day)
    elif given.document is not None:
        added = (Document(given.document.strip(), (given.number or "").strip() or None, day),)
    to = (given.to_quarter, given.to_point)
    return Correction(
        date=None if given.on is None else typed_day(given.on, plan),
        checkpoint=_checkpoint(plan, *to) if any(to) else None,
        complete=given.complete,
        result=given.result,
        reason=given.reason,
        values=tuple(map(typed_value, given.values)),
        documents=added,
        changed_documents=changed,
        removed_documents=tuple(number - 1 for number in given.removed_documents),
        files=files,
        removed_files=given.removed_files,
        links=given.links,
        removed_links=given.removed_links,
    )


def _checkpoint(plan: Plan, quarter: str | None, point: str | None) -> Checkpoint:
    """Return the checkpoint of a pair of options, one of which is given."""
    return typed_day(point or "", plan) if quarter is None else typed_quarter(quarter, plan)


def _attachments(
    snapshot: Snapshot, measure: str, files: tuple[Path, ...]
) -> "tuple[Attachment, ...]":
    from kvartal.history.store.attachments import attach_files

    return attach_files(files, measure, snapshot.plan, snapshot.path.parent)
