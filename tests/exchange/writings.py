"""What reports are written as, in every format: the golden files of the writers.

Of a Word document and a workbook the parts that the writers fill, an element a line or, where it is
short, with all that is in it. Of the styles of a Word document those that the library has not.

After a change of a report or a writer: ``python -m tests.exchange.writings`` from the root writes
the files again, to be reviewed with ``git diff``.
"""

import io
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from zipfile import ZipFile

from docx import Document
from lxml import etree

from kvartal.exchange.calendar_events import remaining
from kvartal.exchange.reports.blocks import Report
from kvartal.exchange.reports.digest_report import digest_report
from kvartal.exchange.reports.overdue_report import overdue_report
from kvartal.exchange.reports.period_report import period_report
from kvartal.exchange.reports.report_period import of_programme, of_quarter
from kvartal.exchange.writers.calendar_writer import CalendarEvent, event_uid, write_calendar
from kvartal.exchange.writers.csv_writer import write_csv
from kvartal.exchange.writers.docx_writer import write_docx
from kvartal.exchange.writers.html_writer import write_html
from kvartal.exchange.writers.json_writer import write_json
from kvartal.exchange.writers.markdown import write_markdown
from kvartal.exchange.writers.text_writer import write_text
from kvartal.exchange.writers.xlsx_writer import write_xlsx
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from kvartal.tui.i18n import translator
from tests.exchange.exported import ROOT, SEED, data_of, report_of

GOLDEN = Path(__file__).parent / "golden" / "written"
_PLANS = Path(__file__).parent / "plans"
_STYLE = ROOT / "exchange" / "writers" / "report.css"
_DAY = date(2024, 12, 1)
# To the last day 0, 14 and 30 days.
_DIGESTS = {
    "digest": (date(2024, 9, 30), ""),
    "digest-soon": (date(2024, 9, 16), ""),
    "digest-of-one": (_DAY, "петров"),
}
_REPORTS = {
    "plan": ("indicators-2024", "html docx xlsx"),
    "nested": ("deep-2025-2027", "html docx xlsx"),
    "fields": ("declared-fields-2026", "html docx xlsx csv"),
    "period": ("indicators-2024", "html docx xlsx md txt json"),
    "quarter": ("deep-2025-2027", "html json"),
    "document": ("2024", "md"),
    "calendar": ("indicators-2024", "ics"),
    "overdue": ("indicators-2024", "html xlsx json"),
    "overdue-points": ("deep-2025-2027", "html json"),
    "overdue-none": ("declared-fields-2026", "txt"),
    "digest": ("indicators-2024", "html txt json"),
    "digest-soon": ("indicators-2024", "txt"),
    "digest-of-one": ("indicators-2024", "txt"),
}
WRITTEN = [f"{name}.{form}" for name, (_, forms) in _REPORTS.items() for form in forms.split()]
"""The golden files."""
_FILLED = re.compile(
    r"word/(?:document|styles|header\d|footer\d|charts/chart\d)\.xml|docProps/core\.xml|"
    r"xl/(?:workbook|sharedStrings|styles|(?:worksheets/sheet|charts/chart|tables/table)\d)\.xml"
)
_WIDTH = 100


def golden_file(name: str) -> Path:
    """Return the golden file of a report in a format."""
    return GOLDEN / f"{name}.txt"


def written(name: str) -> str:
    """Return a report in a format as its golden file has it."""
    kind, _, form = name.partition(".")
    if form == "ics":
        return _calendar(_REPORTS[kind][0])
    report = _report(kind, _REPORTS[kind][0])
    translate = translator(report.language)
    if form in ("docx", "xlsx"):
        write = write_docx if form == "docx" else write_xlsx
        return _package(write(report, translate)[0])
    if form == "html":
        text = write_html(report).decode().replace(_STYLE.read_text("utf-8"), "")
        return re.sub("sha256-[^']*", "", text)
    if form == "txt":
        return write_text(report)
    if form == "json":
        return write_json(report).decode()
    content = write_markdown(report) if form == "md" else write_csv(report)
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def _calendar(plan_name: str) -> str:
    plan = read_plan(data_of(_PLANS / f"{plan_name}.yaml"))
    events = [CalendarEvent(event_uid(plan, one), one) for one in remaining(plan, _DAY)]
    content = write_calendar(plan, events, translator(plan.language))
    return content.decode().replace("\r\n", "\n")


def _report(kind: str, plan_name: str) -> Report:
    data = data_of(SEED if kind == "document" else _PLANS / f"{plan_name}.yaml")
    plan = read_plan(data)
    translate = translator(plan.language)
    if kind in ("period", "quarter"):
        is_whole = kind == "period"
        period = of_programme(plan) if is_whole else of_quarter(CalendarQuarter(2026, 2))
        return period_report(plan, period, _DAY if is_whole else date(2026, 5, 20), translate)
    if kind.startswith("overdue"):
        day = date(2027, 6, 1) if kind == "overdue-points" else _DAY
        return overdue_report(plan, day, translate)
    if kind in _DIGESTS:
        day, responsible = _DIGESTS[kind]
        return digest_report(plan, day, translate, responsible)
    return report_of(data)


def _package(content: bytes) -> str:
    """Return the parts of an office document that the writers fill."""
    lines: list[str] = []
    with ZipFile(io.BytesIO(content)) as package:
        for name in sorted(filter(_FILLED.fullmatch, package.namelist())):
            outline = _outline(etree.fromstring(package.read(name)))
            known = _usual_styles() if name == "word/styles.xml" else ()
            lines += [f"=== {name}", *(one for one in outline if one.strip() not in known)]
    return "\n".join(lines) + "\n"


@cache
def _usual_styles() -> frozenset[str]:
    """Return what the styles of the library's own template have, a line each."""
    return frozenset(line.strip() for line in _outline(Document().styles.element))


def _outline(element: etree._Element, depth: int = 0) -> Iterator[str]:
    """Yield an element with what is in it: in one line where that is short."""
    line = _in_one_line(element)
    if len(line) <= _WIDTH or not len(element):
        yield " " * depth + line
        return
    yield " " * depth + _begun(element)
    for child in element:
        yield from _outline(child, depth + 1)


def _in_one_line(element: etree._Element) -> str:
    inner = " ".join(map(_in_one_line, element))
    return f"{_begun(element)} [{inner}]" if inner else _begun(element)


def _begun(element: etree._Element) -> str:
    values = (f" {_local(key)}={value!r}" for key, value in element.attrib.items())
    text = f" «{element.text}»" if element.text and element.text.strip() else ""
    return f"{_local(element.tag)}{''.join(values)}{text}"


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def main() -> None:
    """Write the golden files."""
    GOLDEN.mkdir(exist_ok=True)
    for name in WRITTEN:
        golden_file(name).write_text(written(name), "utf-8")


if __name__ == "__main__":
    main()
