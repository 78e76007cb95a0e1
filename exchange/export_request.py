"""What can be asked of an export: a kind, a format, and what belongs to either."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kvartal.exchange.reports.report_period import ReportPeriod
from kvartal.schema.errors import EXIT_USAGE, N_, KvartalError

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

_LIBRARIES: Final[Mapping[str, Mapping[str, str]]] = {
    # Charts of a Word document are drawn by what draws those of a workbook.
    "docx": {"docx": "python-docx", "xlsxwriter": "XlsxWriter"},
    "xlsx": {"xlsxwriter": "XlsxWriter"},
    "ics": {"icalendar": "icalendar"},
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
        is_of_today: Whether the day is today and not one that somebody named. Only then a review
            says which commits are dated later than it: it has no clock of its own.
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
    is_of_today: bool = False

    def file_name(self, years: str) -> str:
        """Return the default name of the file.

        Args:
            years: The years that the programme is for.
        """
        if self.kind == "overdue":
            name = self.as_of.isoformat()
        elif self.kind == "report" and self.period is not None:
            name = self.period.name
        else:
            name = years
        return f"{self.kind}-{name}.{self.form}"


def refuse_impossible(request: ExportRequest) -> None:
    """Refuse a kind that has no such format, or a format that this machine cannot write.

    Raises:
        NoSuchExport: The kind has no such format.
        WriterLibraryMissing: The library of the format is not installed.
    """
    known = FORMATS[request.kind]
    if request.form not in known:
        raise NoSuchExport(form=request.form, kind=request.kind, known=", ".join(known))
    for module, library in _LIBRARIES.get(request.form, {}).items():
        try:
            import_module(module)
        except ModuleNotFoundError:
            raise WriterLibraryMissing(form=request.form, library=library) from None
