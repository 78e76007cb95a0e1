"""A programme that is begun: its data, its text, and the files that come with it.

An empty one has the words that the user gave and no measures; the example shows how measures are
written, in the user's language, for the year that is asked for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import EXIT_USAGE, N_, KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.dates import typed_date
from kvartal.tui.i18n import _, current_language
from kvartal.tui.plans.files import FOLDER, SUFFIX

if TYPE_CHECKING:
    from kvartal.schema.changes import Plain, PlanData

SCHEMA: Final = "../schema/plan.schema.json"
"""Where a plan's JSON Schema is, from the folder of the plan."""
ORGANIZATION: Final = N_("Организация")
TITLE: Final = N_("Программа мероприятий")
_EXAMPLE_YEAR: Final = "2026"
COMMENT: Final = N_(
    "Описание полей — в schema/plan.schema.json: редактор с поддержкой YAML показывает его сам.\n"
    "Проверить файл после правки: kvartal validate"
)
"""What a new plan file says to those who open it in an editor."""
_YEAR: Final = re.compile(r"[0-9]{4}")
# A hyphen stands inside «2026-09-01» as well: between two days it has spaces or a day after it.
_BETWEEN: Final = re.compile(
    r"\s*(?:\.\.|—|–|(?<=\s)-(?=\s)|(?<=^[0-9]{4})-(?=\s*[0-9]{4}$)"
    r"|(?<=\.[0-9]{4})-(?=[0-9]{1,2}\.))\s*"
)
_FROM_TO: Final = re.compile(r"(?i)(?:с|from)\s+(?P<first>\S.*?)\s+(?:по|to)\s+(?P<last>\S.*)")
_NUMBERED: Final = re.compile(r"(?P<number>[0-9]{1,3}|[IVX]{1,5})[.)]?\s+(?P<title>.+)")
_YEARS: Final = range(2000, 2101)
"""The years that the JSON Schema knows."""


class PeriodNotUnderstood(KvartalError):
    """A typed period is neither a year nor two days."""

    template = N_(
        "Период «{text}» не понят: напишите год («{year}»), годы («{year}-{next}») или первый и "
        "последний день («01.09.{year}..31.08.{next}»)."
    )
    exit_code = EXIT_USAGE


@dataclass(frozen=True, slots=True)
class NewProgramme:
    """What the user says of a programme to begin.

    Attributes:
        period: The days that it is for.
        organization: Whose it is; empty for the example's, or for the word «organization».
        title: Its title; empty likewise.
        levels: What the organisation calls the levels of its table.
        sections: Titles of the first sections, each with its number where it has one.
        is_example: Whether it begins with the measures of the example.
    """

    period: ProgrammePeriod
    organization: str = ""
    title: str = ""
    levels: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    is_example: bool = False

    def path_in(self, folder: Path) -> Path:
        """Return where its plan file comes, in the folder of the programme."""
        first, last = self.period.start.year, self.period.due.year
        name = str(first) if first == last else f"{first}-{last}"
        return folder / FOLDER / f"{name}{SUFFIX}"

    def data(self) -> "PlanData":
        """Return its plain data."""
        year = self.period.year
        start, due = self.period.start.isoformat(), self.period.due.isoformat()
        when: PlanData = (
            {"period": {"start": start, "due": due}} if year is None else {"year": year}
        )
        if self.is_example:
            return {**_example(self.period.start.year), **when} | self._example_document()
        data: PlanData = {
            **when,
            "language": current_language(),
            "document": {
                "organization": self.organization or _(ORGANIZATION),
                "title": self.title or _(TITLE),
            },
        }
        if self.levels:
            data["levels"] = list(self.levels)
        if self.sections:
            data["sections"] = _sections(self.sections)
        data["measures"] = []
        return data

    def text(self) -> str:
        """Return the text of its plan file."""
        from kvartal.history.yaml_text.document import plan_text

        return plan_text(self.data(), schema=SCHEMA, comment=_(COMMENT))

    def files_in(self, folder: Path) -> Mapping[Path, bytes]:
        """Return the files that come with the plan: the schema, where the plan says that it is."""
        from kvartal.schema.description import schema_bytes

        return {folder / SCHEMA.removeprefix("../"): schema_bytes()}

    def _example_document(self) -> "PlanData":
        document = _example(self.period.start.year)["document"]
        own = {"organization": self.organization, "title": self.title}
        named = {key: value for key, value in own.items() if value}
        return {"document": {**document, **named}} if isinstance(document, dict) else {}


def typed_period(text: str, today: date) -> ProgrammePeriod:
    """Return the period that the user typed: a year, two years, or the first and the last day.

    Raises:
        PeriodNotUnderstood: It is no period.
        KvartalError: One of its days is not in the calendar.
    """
    ends = _FROM_TO.fullmatch(text.strip())
    parts = [ends["first"], ends["last"]] if ends else _BETWEEN.split(text.strip())
    if all(map(_YEAR.fullmatch, parts)) and len(parts) <= 2:  # noqa: PLR2004 - from one to another
        first, last = (ProgrammePeriod.of_year(int(one)) for one in (parts[0], parts[-1]))
        period = ProgrammePeriod(first.start, last.due)
    elif len(parts) == 2:  # noqa: PLR2004
        this_year = ProgrammePeriod.of_year(today.year)
        period = ProgrammePeriod(*(typed_date(o, period=this_year, today=today) for o in parts))
    else:
        raise PeriodNotUnderstood(text=text.strip(), year=today.year, next=today.year + 1)
    is_known = period.start.year in _YEARS and period.due.year in _YEARS
    if period.due <= period.start or not is_known:
        raise PeriodNotUnderstood(text=text.strip(), year=today.year, next=today.year + 1)
    return period


def _example(year: int) -> "PlanData":
    """Return the example in the user's language, as if it were of a year."""
    from importlib.resources import files

    from kvartal.history.yaml_text.loader import load

    source = files("kvartal.tui") / "examples" / f"{current_language()}{SUFFIX}"
    text = source.read_text(encoding="utf-8").replace(_EXAMPLE_YEAR, str(year))
    return load(text.encode("utf-8"), source.name).data


def _sections(titles: tuple[str, ...]) -> "list[Plain]":
    rows: list[Plain] = []
    for index, title in enumerate(titles, start=1):
        numbered = _NUMBERED.fullmatch(title.strip())
        number = numbered["number"] if numbered else str(index)
        rows.append({"number": number, "title": numbered["title"] if numbered else title.strip()})
    return rows
