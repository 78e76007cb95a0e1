"""The door to the writers: from a programme to the bytes of a file, whatever its format.

Nothing is changed in a programme; its history is read only where a kind needs it.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kvartal.exchange.export_progress import UNWATCHED, ExportStep, ExportWatch
from kvartal.exchange.export_request import BINARY, ExportRequest, refuse_impossible
from kvartal.exchange.reports.blocks import Report, ReportTable
from kvartal.exchange.reports.printable import printable
from kvartal.exchange.reports.report_period import of_programme
from kvartal.history.programme import Programme
from kvartal.schema.errors import N_, KvartalError, Labels, Translate

if TYPE_CHECKING:
    from kvartal.history.store.snapshot import Snapshot


class LeftOut(KvartalError):
    """Something that a format cannot hold: named, never left out in silence."""


class OnlyTables(LeftOut):
    """A format holds the tables alone."""

    template = N_(
        "В CSV вошли только таблицы: остального ({count}) этот формат не держит. Целиком — docx, "
        "html, md."
    )


class OnlyDated(LeftOut):
    """A calendar holds what has a date alone."""

    template = N_("В календарь не вошло то, у чего нет даты: {ids}.")


class NotPrinted(LeftOut):
    """The table of a document has no columns for something."""

    template = N_(
        "В таблице документа нет столбцов для того, что в программе есть: {fields}. Столбцы "
        "называет document.plan.table.columns."
    )


class HiddenPart(KvartalError):
    """A file carries more than it shows."""

    template = N_(
        "В файле есть и скрытая часть: вся программа, с отметками и примечаниями, чтобы копия "
        "вернулась без потерь. Для чужих глаз — «только напечатанное» (--without-hidden)."
    )


@dataclass(frozen=True, slots=True)
class Export:
    """An export.

    Attributes:
        name: What its file is called where nobody says otherwise.
        data: Its content.
        warnings: What the format cannot hold.
    """

    name: str
    data: bytes
    warnings: tuple[KvartalError, ...] = ()


def export(
    programme: Programme,
    request: ExportRequest,
    watch: ExportWatch = UNWATCHED,
    snapshot: "Snapshot | None" = None,
) -> Export:
    """Return a programme, or what is reported of it, in a format.

    Args:
        programme: The programme.
        request: What is wanted.
        watch: Who follows it.
        snapshot: The programme as it was read; None to read it now.

    Raises:
        NoSuchExport: The kind has no such format.
        WriterLibraryMissing: The library of the format is not installed.
        ExportStopped: The user stopped it.
        KvartalError: The programme or its history cannot be read, or the template not be used.
    """
    refuse_impossible(request)
    if request.form == "ics":
        return _calendar(programme, request, watch, snapshot)
    return written(programme, report_of(programme, request, watch, snapshot), request, watch)


def report_of(
    programme: Programme,
    request: ExportRequest,
    watch: ExportWatch = UNWATCHED,
    snapshot: "Snapshot | None" = None,
) -> Report:
    """Return what is exported, before any format, in the language of the programme.

    Args:
        programme: The programme.
        request: What is wanted.
        watch: Who follows it.
        snapshot: The programme as it was read; None to read it now.

    Raises:
        ExportStopped: The user stopped it.
        KvartalError: The programme or its history cannot be read.
    """
    snapshot = snapshot or _read(programme, watch)
    plan = snapshot.plan
    translate = programme.translator(plan.language)
    if request.kind == "review":
        from kvartal.exchange.reports.review_report import review_report
        from kvartal.exchange.review_range import reviewed_range

        reviewed = reviewed_range(programme, request, translate, watch)
        report = review_report(plan, reviewed, request.as_of, translate)
    else:
        watch.at(ExportStep.REPORT)
        report = _report(programme, snapshot, request, translate)
    watch.at(ExportStep.REPORT)
    return printable(report)


def written(
    programme: Programme, report: Report, request: ExportRequest, watch: ExportWatch = UNWATCHED
) -> Export:
    """Return a report in a format other than that of a calendar.

    Args:
        programme: The programme.
        report: What is reported of it.
        request: What is wanted.
        watch: Who follows it.

    Raises:
        ExportStopped: The user stopped it.
        KvartalError: The template cannot be used.
    """
    if not request.with_hidden:
        report = replace(report, hidden={})
    data, warnings = _written(report, request, programme.translator(report.language), watch)
    if report.hidden and request.form in BINARY:
        warnings = (*warnings, HiddenPart())
    elif report.unprinted and request.form != "json":
        warnings = (*warnings, NotPrinted(fields=Labels(report.unprinted)))
    return Export(request.file_name(report.years), data, warnings)


def _read(programme: Programme, watch: ExportWatch) -> "Snapshot":
    watch.at(ExportStep.READING)
    return programme.read()


def _report(
    programme: Programme, snapshot: "Snapshot", request: ExportRequest, translate: Translate
) -> Report:
    plan = snapshot.plan
    if request.kind == "plan":
        from kvartal.exchange.reports.plan_report import plan_report

        return plan_report(plan, snapshot.data, translate)
    if request.kind == "overdue":
        from kvartal.exchange.reports.overdue_report import overdue_report

        return overdue_report(plan, request.as_of, translate)
    from kvartal.exchange.reports.period_report import period_report
    from kvartal.history.audit.last_mark import last_mark

    period = request.period or of_programme(plan)
    return period_report(plan, period, request.as_of, translate, last_mark(programme.path))


def _written(
    report: Report, request: ExportRequest, translate: Translate, watch: ExportWatch
) -> tuple[bytes, tuple[KvartalError, ...]]:
    rows = sum(len(one.rows) for one in report.blocks if isinstance(one, ReportTable))
    advance = watch.counting(ExportStep.WRITING, rows)
    warnings: tuple[KvartalError, ...] = ()
    if request.form == "docx":
        from kvartal.exchange.writers.docx_writer import write_docx

        data, warnings = write_docx(report, translate, request.template, advance)
    elif request.form == "xlsx":
        from kvartal.exchange.writers.xlsx_writer import write_xlsx

        data, warnings = write_xlsx(report, translate, advance)
    elif request.form == "html":
        from kvartal.exchange.writers.html_writer import write_html

        data = write_html(report, advance)
    elif request.form == "csv":
        from kvartal.exchange.writers.csv_writer import write_csv

        data = write_csv(report, for_excel=request.for_excel, advance=advance)
        warnings = _not_tables(report)
    elif request.form == "md":
        from kvartal.exchange.writers.markdown import write_markdown

        data = write_markdown(report, advance)
    else:
        from kvartal.exchange.writers.json_writer import write_json

        data = write_json(report)
    watch.at(ExportStep.PACKING)
    return data, warnings


def _not_tables(report: Report) -> tuple[KvartalError, ...]:
    """Return that there is more in a report than the tables that CSV holds.

    Where one table stands for several, it says itself what their headings do.
    """
    held = [block for block in report.blocks if isinstance(block, ReportTable)]
    if report.kind == "plan":
        held = held[-1:]
    headings = len(held) if report.joined is not None else 0
    count = len(report.blocks) - len(held) - headings
    return (OnlyTables(count=count),) if count else ()


def _calendar(
    programme: Programme,
    request: ExportRequest,
    watch: ExportWatch,
    snapshot: "Snapshot | None",
) -> Export:
    from kvartal.exchange.calendar_events import calendar_events, undated
    from kvartal.exchange.writers.calendar_writer import write_calendar

    plan = (snapshot or _read(programme, watch)).plan
    events = calendar_events(programme, plan, request, watch)
    watch.at(ExportStep.WRITING)
    data = write_calendar(plan, events, programme.translator(plan.language))
    left = undated(plan, request.as_of) if request.kind == "report" else ()
    warnings = (OnlyDated(ids=", ".join(left)),) if left else ()
    return Export(request.file_name(plan.years_text), data, warnings)
