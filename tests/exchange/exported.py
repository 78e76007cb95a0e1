"""Exports of the programmes of this repository, for the tests that read them again."""

import re
from datetime import date
from pathlib import Path

from kvartal.exchange.reports.blocks import Report
from kvartal.exchange.reports.plan_report import plan_report
from kvartal.exchange.reports.printable import printable
from kvartal.exchange.writers.docx_writer import write_docx
from kvartal.exchange.writers.xlsx_writer import write_xlsx
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import PlanData
from kvartal.schema.reading import read_plan
from kvartal.tui.i18n import translator

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "plan" / "2024.yaml"
SHAPES = [
    SEED,
    *sorted((ROOT / "tests" / "plans" / "whole").glob("*.yaml")),
    *sorted((ROOT / "examples").glob("*/plan/*.yaml")),
]
DAY = date(2024, 10, 1)
CYRILLIC = re.compile("[А-Яа-яЁё]")


def data_of(path: Path) -> PlanData:
    return load(path.read_bytes(), path.name).data


def report_of(data: PlanData) -> Report:
    plan = read_plan(data)
    return printable(plan_report(plan, data, translator(plan.language)))


def as_docx(data: PlanData) -> bytes:
    return write_docx(report_of(data), translator(read_plan(data).language))[0]


def as_xlsx(data: PlanData) -> bytes:
    return write_xlsx(report_of(data), translator(read_plan(data).language))[0]
