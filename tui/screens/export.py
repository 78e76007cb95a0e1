"""The screens of an export: what, in which format, and a preview with the name of the file."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.quarter_text import HALVES_OF_YEARS, quarter_phrase
from kvartal.schema.quarters import quarter_holding
from kvartal.tui.commands.output_file import OutputExists, refuse_target
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import written
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.screens.pick import PickScreen

if TYPE_CHECKING:
    from kvartal.exchange.reports.report_period import ReportPeriod
    from kvartal.schema.model import Plan

_NEW_QUARTER: Final = timedelta(days=45)
"""For so long after a quarter its report is what is wanted first."""
_LINES: Final = 500
"""How many lines a preview has at most."""
_FORMATS: Final = {
    "docx": N_("Word (docx)"),
    "xlsx": N_("Excel (xlsx)"),
    "html": N_("Страница (html)"),
    "md": N_("Markdown (md)"),
    "csv": N_("Таблица CSV"),
    "ics": N_("Календарь (ics): что осталось"),
    "json": N_("Данные для программ (json)"),
}


@dataclass(frozen=True, slots=True)
class ExportForm:
    """In which format, and whether a copy carries what is not printed."""

    name: str
    with_hidden: bool = True


@dataclass(frozen=True)
class ExportChoice:
    """What to export: a kind, and of a report what it is for."""

    kind: str
    period: "ReportPeriod | None" = None


class ExportKinds(PickScreen[ExportChoice]):
    """What to export; the report for the quarter that has just ended, or runs, is first."""

    def __init__(self, plan: "Plan", as_of: date) -> None:
        """Offer what a programme has.

        Args:
            plan: The programme.
            as_of: The date on the screen.
        """
        super().__init__(_("Выгрузить"), [(one, Text(text)) for text, one in _kinds(plan, as_of)])


class ExportFormats(PickScreen[ExportForm]):
    """In which format; a document of the programme also without its hidden part."""

    def __init__(self, kind: str) -> None:
        """Offer the formats of a kind."""
        from kvartal.exchange.export_request import BINARY, FORMATS

        offered: list[tuple[ExportForm, Text]] = []
        for form in (one for one in _FORMATS if one in FORMATS[kind]):
            offered.append((ExportForm(form), Text(_(_FORMATS[form]))))
            if kind == "plan" and form in BINARY:
                text = _("{form}, только напечатанное").format(form=_(_FORMATS[form]))
                offered.append((ExportForm(form, with_hidden=False), Text(text)))
        super().__init__(_("Формат"), offered)


@dataclass(frozen=True)
class ExportTarget:
    """Where an export goes.

    Attributes:
        path: The file.
        replaced: The file exists and the user wants it replaced.
        opened: To be opened afterwards.
    """

    path: Path
    replaced: bool
    opened: bool


class ExportPreview(ModalScreen[ExportTarget | None]):
    """The text of an export and the name of its file; the result is where it goes."""

    DEFAULT_CSS = """
    ExportPreview {
        align: center middle;
        background: transparent;

        & .pick-frame {
            width: 100%;
            height: 100%;
            border: round $primary;
            border-title-color: $foreground;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $panel;
        }
        & VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & #export-hint { display: none; max-height: 6; padding: 0 1; color: $text-warning; }
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; background: $surface; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10", "leave", show=False),
        Binding("f2", "accept", show=False),
        Binding("f4", "write(True)", show=False),
        Binding("pagedown", "scroll_text(1)", show=False, priority=True),
        Binding("pageup", "scroll_text(-1)", show=False, priority=True),
    ]

    def __init__(self, text: str, target: Path, plan: Path) -> None:
        """Show a preview.

        Args:
            text: What is exported, as plain text.
            target: The file that is offered.
            plan: The programme's file, which is never replaced.
        """
        super().__init__()
        lines = text.splitlines()
        self._text = "\n".join(shown(line) for line in lines[:_LINES])
        if len(lines) > _LINES:
            self._text += "\n" + _("… и ещё строк: {count}").format(count=len(lines) - _LINES)
        self._target = target
        self._plan = plan
        self._replaced = ""

    def compose(self) -> ComposeResult:
        """Make the text and the field."""
        with Vertical(classes="pick-frame") as frame:
            frame.border_title = Content(_("Просмотр"))
            frame.border_subtitle = Content(
                _("F2 — записать   F4 — записать и открыть   PgDn — дальше   Esc — назад")
            )
            with VerticalScroll(can_focus=False):
                yield Static(self._text, markup=False)
            yield Input(str(self._target), id="export-file")
            yield Static(id="export-hint", markup=False)

    def on_mount(self) -> None:
        """Begin in the field."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        event.stop()
        self.action_write()

    def action_accept(self) -> None:
        """Write the file."""
        self.action_write()

    def action_write(self, opened: bool = False) -> None:  # noqa: FBT001, FBT002 - of a binding
        """Return the file, unless it would replace one: that is asked first.

        Args:
            opened: To be opened afterwards.
        """
        typed = self.query_one(Input).value
        target = Path(typed.strip()).expanduser()
        is_replaced = self._replaced == typed
        try:
            refuse_target(target, self._plan, force=is_replaced)
        except OutputExists:
            self._replaced = typed
            key = "F4" if opened else "F2"
            self.say(_("Файл уже есть. {key} ещё раз — заменить его.").format(key=key))
        except KvartalError as error:
            self.say(error.message(on_screen))
        else:
            self.dismiss(ExportTarget(target, is_replaced, opened))

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the text by pages."""
        text = self.query_one(VerticalScroll)
        text.scroll_relative(y=pages * max(1, text.size.height - 2), animate=False)

    def action_leave(self) -> None:
        """Close without a file."""
        self.dismiss(None)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Say it below the field: a long path leaves the frame no room. See `SpeakingScreen`."""
        del trouble
        hint = self.query_one("#export-hint", Static)
        hint.update(shown(sentence))
        hint.display = True


def _kinds(plan: "Plan", as_of: date) -> list[tuple[str, ExportChoice]]:
    from kvartal.exchange.reports.report_period import of_half, of_programme, of_quarter, of_year

    day = min(max(as_of, plan.period.start), plan.period.due)
    current = quarter_holding(day)
    before = quarter_holding(current.first - timedelta(days=1))
    is_new = as_of - current.first < _NEW_QUARTER and plan.period.touches(before.first, before.last)
    quarters = [before, current] if is_new else [current]
    found = [
        (
            _("Отчёт за {period}").format(period=written(quarter_phrase(one))),
            ExportChoice("report", of_quarter(one)),
        )
        for one in quarters
    ]
    half = 1 if quarters[0].number <= 2 else 2  # noqa: PLR2004 - quarters of a half-year
    name = _(HALVES_OF_YEARS[half - 1]).format(year=quarters[0].year)
    found.append(
        (
            _("Отчёт за {period}").format(period=name),
            ExportChoice("report", of_half(quarters[0].year, half)),
        )
    )
    year, whole = of_year(plan, day), of_programme(plan)
    if year != whole:
        text = _("Отчёт за {year} год").format(year=year.name)
        found.append((text, ExportChoice("report", year)))
    return [
        *found,
        (_("Отчёт за всю программу"), ExportChoice("report", whole)),
        (_("Повестка: что просрочено"), ExportChoice("overdue")),
        (_("Документ программы"), ExportChoice("plan")),
        (_("Обзор изменений за всю историю"), ExportChoice("review")),
    ]
