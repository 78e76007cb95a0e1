"""Which programme a document is for: it is never imported into one of other years unasked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kvartal.exchange.child_process import Stopped, never
from kvartal.exchange.grid import SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.printed_table import PrintedTable
from kvartal.exchange.tables.programme import SourceProgramme
from kvartal.exchange.tables.programme_title import period_of_title
from kvartal.exchange.tables.table_reader import ReadingOptions, read_programme
from kvartal.schema.errors import N_, KvartalError, Translate
from kvartal.schema.model import Plan
from kvartal.schema.period import ProgrammePeriod


class ImportForOtherYears(KvartalError):
    """A document is for other years than the programme that it would be imported into."""

    template = N_(
        "Документ «{name}» на {source}, а программа {plan} на {years}. Скажите, в какую программу "
        "его взять: --into ПУТЬ, или начните новую: `kvartal init ПАПКА --from ФАЙЛ`."
    )


def programme_for(  # noqa: PLR0913 - what a user says of a document, and where it goes
    document: SourceDocument,
    plan: Plan,
    plan_name: str,
    *,
    year: int | None = None,
    columns: Mapping[str, str] | None = None,
    printed: PrintedTable | None = None,
    stopped: Stopped = never,
) -> SourceProgramme:
    """Return the programme of a document that is imported into a plan.

    Args:
        document: As read.
        plan: The plan.
        plan_name: The name of its file, for messages.
        year: What the user says that the document is for; None for what it says itself.
        columns: What the user says of its columns.
        printed: How our own export prints the plan.
        stopped: Asked at every row whether to stop.

    Raises:
        ImportForOtherYears: It is for other years.
        KvartalError: It holds no programme.
    """
    period = None if year is None else ProgrammePeriod.of_year(year)
    options = ReadingOptions(
        period, columns or {}, fallback=plan.period, printed=printed, stopped=stopped
    )
    programme = read_programme(document, options)
    if year is None and programme.period != plan.period and _is_named_alike(programme, plan):
        # A document says the years; which of their days a programme is for, it need not say.
        programme = read_programme(document, replace(options, period=plan.period))
    return of_same_years(programme, plan, plan_name)


def _is_named_alike(programme: SourceProgramme, plan: Plan) -> bool:
    """Return whether a document says of its years what the plan's own title says of them."""
    if programme.period.years_text == plan.years_text:
        return True
    is_within = programme.period.start <= plan.period.due and plan.period.start <= (
        programme.period.due
    )
    return is_within and period_of_title(plan.header("title")) == programme.period


def of_same_years(programme: SourceProgramme, plan: Plan, plan_name: str) -> SourceProgramme:
    """Return the programme of a document if it is for the same days as a plan.

    Args:
        programme: As read.
        plan: The plan.
        plan_name: The name of its file, for messages.

    Raises:
        ImportForOtherYears: It is for others.
    """
    if programme.period != plan.period:
        raise ImportForOtherYears(
            name=programme.name,
            source=programme.period.years_text,
            plan=plan_name,
            years=plan.years_text,
        )
    return programme


def remark_sentences(remarks: Iterable[Remark], translate: Translate) -> tuple[str, ...]:
    """Return remarks in sentences: what is said of several places, once with all of them."""
    places: dict[str, list[str]] = {}
    for one in remarks:
        places.setdefault(one.message(translate), []).append(one.place.text(translate))
    return tuple(
        f"{'; '.join(known)}: {message}" if (known := list(filter(None, there))) else message
        for message, there in places.items()
    )
