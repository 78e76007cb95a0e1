"""The door to the writers: from a programme to the bytes of a file, whatever its format.

Nothing is changed in a programme; its history is read only where a kind needs it.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kvartal.exchange.reports.blocks import Report, ReportTable
from kvartal.exchange.reports.printable import printable
from kvartal.exchange.reports.report_period import ReportPeriod, of_programme
from kvartal.history.programme import Programme
from kvartal.schema.errors import EXIT_USAGE, N_, KvartalError, Translate
from kvartal.schema.model import Plan

_ALL: Final = ("docx", "xlsx", "html", "csv", "ics", "md", "json")
FORMATS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "plan": tuple(one for one in _ALL if one != "ics"),
        "report": _ALL,
        "overdue": _ALL,
        "review": ("html", "md", "json"),
    }
)
"""The formats of each kind."""

BINARY: Final = frozenset({"docx", "xlsx"})
"""The formats that no terminal shows."""

_LIBRARIES: Final = {
    "docx": ("docx", "python-docx"),
    "xlsx": ("xlsxwriter", "XlsxWriter"),
    "ics": ("icalendar", "icalendar"),
}


class NoSuchExport(KvartalError):
    """A kind has no such format."""

    template = N_("Формата {form} у «{kind}» нет. Есть: {known}.")
    exit_code = EXIT_USAGE


class WriterLibraryMissing(KvartalError):
    """The library that writes a format is not installed."""

    template = N_(
        "Для формата {form} нужна библиотека {library}, а её нет. "
        "Установить: `pip install 'kvartal[office]'`."
    )


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


class HiddenPart(KvartalError):
    """A file carries more than it shows."""

    template = N_(
        "В файле есть и скрытая часть: вся программа, с отметками и примечаниями, чтобы копия "
        "вернулась без потерь. Для чужих глаз — с --without-hidden."
    )


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is to be exported.

    Attributes:
        kind: ``plan``, ``report``, ``overdue`` or ``review``.
        form: The format.
        as_of: The day that states are of.
        period: What a report is for; None for all of the programme.
        first: Of a review, the version that it begins after; empty for the beginning.
        last: Of a review, its last version; empty for the newest one.
        template: A document of the company's own for DOCX; None for ours.
        for_excel: CSV with a byte order mark and semicolons.
        with_hidden: Whether a document carries what is not printed, for a copy to come back whole.
    """

    kind: str
    form: str
    as_of: date
    period: ReportPeriod | None = None
    first: str = ""
    last: str = ""
    template: Path | None = None
    for_excel: bool = False
    with_hidden: bool = True


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


def export(programme: Programme, request: ExportRequest) -> Export:
    """Return a programme, or what is reported of it, in a format.

    Args:
        programme: The programme.
        request: What is wanted.

    Raises:
        NoSuchExport: The kind has no such format.
        WriterLibraryMissing: The library of the format is not installed.
        KvartalError: The programme or its history cannot be read, or the template not be used.
    """
    known = FORMATS[request.kind]
    if request.form not in known:
        raise NoSuchExport(form=request.form, kind=request.kind, known=", ".join(known))
    _require_library(request.form)
    if request.form == "ics":
        return _calendar(programme, request)
    report = report_of(programme, request)
    if not request.with_hidden:
        report = replace(report, hidden={})
    data, warnings = _written(report, request, programme.translator(report.language))
    if report.hidden and request.form in BINARY:
        warnings = (*warnings, HiddenPart())
    return Export(_name(report, request), data, warnings)


def report_of(programme: Programme, request: ExportRequest) -> Report:
    """Return what is exported, before any format, in the language of the programme.

    Raises:
        KvartalError: The programme or its history cannot be read.
    """
    snapshot = programme.read()
    plan = snapshot.plan
    translate = programme.translator(plan.language)
    if request.kind == "plan":
        from kvartal.exchange.reports.plan_report import plan_report

        report = plan_report(plan, snapshot.data, translate)
    elif request.kind == "overdue":
        from kvartal.exchange.reports.overdue_report import overdue_report

        report = overdue_report(plan, request.as_of, translate)
    elif request.kind == "review":
        report = _review(programme, plan, request, translate)
    else:
        from kvartal.exchange.reports.period_report import period_report
        from kvartal.history.audit.last_mark import last_mark

        period = request.period or of_programme(plan)
        mark = last_mark(programme.path)
        report = period_report(plan, period, request.as_of, translate, mark)
    return printable(report)


def _review(
    programme: Programme, plan: Plan, request: ExportRequest, translate: Translate
) -> Report:
    from kvartal.exchange.reports.review_report import ReviewedRange, review_report
    from kvartal.history.audit.report import VerifyRequest
    from kvartal.history.audit.verify import verify
    from kvartal.history.log.revision import commit_at

    repository = programme.repository()
    first = commit_at(repository, request.first) if request.first else None
    last = commit_at(repository, request.last) if request.last else "HEAD"
    # Messages of the history are in the language of the programme here, not in the reader's.
    own = replace(programme, translate=translate)
    with closing(own.log(revision=last, excluding=first)) as log:
        entries = tuple(log)
    languages = [programme.translator(language) for language in ("ru", "en")]
    verified = verify(
        programme.path,
        VerifyRequest(since=first, day=request.as_of),
        languages=languages,
        translate=translate,
    )
    commits = {entry.commit for entry in entries}
    findings = [
        one
        for one in verified.findings
        if (one.commit is None and not request.last)
        or (one.commit is not None and one.commit.id in commits)
    ]
    reviewed = ReviewedRange(request.first, request.last, entries, verified, findings)
    return review_report(plan, reviewed, request.as_of, translate)


def _written(
    report: Report, request: ExportRequest, translate: Translate
) -> tuple[bytes, tuple[KvartalError, ...]]:
    if request.form == "docx":
        from kvartal.exchange.writers.docx_writer import write_docx

        return write_docx(report, translate, request.template), ()
    if request.form == "xlsx":
        from kvartal.exchange.writers.xlsx_writer import write_xlsx

        return write_xlsx(report, translate)
    if request.form == "html":
        from kvartal.exchange.writers.html_writer import write_html

        return write_html(report), ()
    if request.form == "csv":
        from kvartal.exchange.writers.csv_writer import write_csv

        return write_csv(report, for_excel=request.for_excel), _not_tables(report)
    if request.form == "md":
        from kvartal.exchange.writers.markdown import write_markdown

        return write_markdown(report), ()
    from kvartal.exchange.writers.json_writer import write_json

    return write_json(report), ()


def _not_tables(report: Report) -> tuple[KvartalError, ...]:
    """Return that there is more in a report than the tables that CSV holds."""
    tables = [block for block in report.blocks if isinstance(block, ReportTable)]
    held = 1 if report.kind == "plan" else len(tables)
    count = len(report.blocks) - held
    return (OnlyTables(count=count),) if count else ()


def _calendar(programme: Programme, request: ExportRequest) -> Export:
    from kvartal.exchange.writers.calendar_writer import (
        Deadline,
        remaining,
        undated,
        write_calendar,
    )
    from kvartal.schema.summaries import overdue

    plan = programme.read().plan
    if request.kind == "overdue":
        wanted = overdue(plan, request.as_of)
    else:
        wanted = remaining(plan, request.as_of)
    if request.period is not None:
        wanted = tuple(one for one in wanted if one.due <= request.period.last)
    revisions = _revisions(programme)
    deadlines = [Deadline(one, revisions[one.measure_id]) for one in wanted]
    data = write_calendar(plan, deadlines, programme.translator(plan.language))
    left = undated(plan, request.as_of) if request.kind == "report" else ()
    warnings = (OnlyDated(ids=", ".join(left)),) if left else ()
    period = request.as_of if request.kind == "overdue" else (request.period or plan.years_text)
    name = period.name if isinstance(period, ReportPeriod) else str(period)
    return Export(f"{request.kind}-{name}.ics", data, warnings)


def _revisions(programme: Programme) -> Counter[str]:
    """Return how many commits changed each measure; none where there is no history."""
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree

    found: Counter[str] = Counter()
    try:
        with closing(programme.log()) as log:
            for entry in log:
                found.update(entry.measures)
    except (GitMissing, NotARepository, NoWorkTree):
        found.clear()
    return found


def _require_library(form: str) -> None:
    """Refuse a format whose library is not installed.

    Raises:
        WriterLibraryMissing: It is not.
    """
    if form not in _LIBRARIES:
        return
    module, library = _LIBRARIES[form]
    try:
        import_module(module)
    except ModuleNotFoundError:
        raise WriterLibraryMissing(form=form, library=library) from None


def _name(report: Report, request: ExportRequest) -> str:
    if request.kind == "overdue":
        name = request.as_of.isoformat()
    elif request.kind == "report" and request.period is not None:
        name = request.period.name
    else:
        name = report.years
    return f"{request.kind}-{name}.{request.form}"
