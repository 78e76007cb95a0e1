"""The screen of what evidence lacks: a list of where it is thin, and each of it in full."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from kvartal.schema.errors import N_
from kvartal.schema.gaps import Gap, GapSeverity
from kvartal.schema.model import Plan
from kvartal.tui.filters import Filter
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.gaps import GAP_LABELS, gap_text
from kvartal.tui.presentation.labels import Signs
from kvartal.tui.presentation.measure_numbers import number_text
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.table import actions_text
from kvartal.tui.screens.list_detail import ListDetailScreen
from kvartal.tui.screens.main import main_screen
from kvartal.tui.widgets.page import Page

_SEVERITIES: Final = {
    GapSeverity.NOTE: N_("Заметка: отчёт это не портит, но об этом могут спросить."),
    GapSeverity.WARNING: N_("Предупреждение: об этом спросят при проверке."),
}
_ADVICE: Final = {
    "record-without-evidence": N_("Документ или файл добавляют, исправляя отметку: {correct}."),
    "file-used-twice": N_("Если приложен не тот файл, исправьте отметку: {correct}."),
    "document-outside-window": N_("Если дата с опечаткой, исправьте отметку: {correct}."),
    "indicator-near-target": N_("Если значение с опечаткой, исправьте отметку: {correct}."),
    "responsible-missing": N_("Исполнителя назначают правкой мероприятия: {edit}."),
    "nothing-heard": N_("Если что-то сделано, запишите отметку: {record}."),
}


class GapsScreen(ListDetailScreen):
    """Where evidence is thin; Enter goes to the measure."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", show=False, priority=True),
        Binding("l,L,д,Д", "close", show=False),
    ]

    def __init__(self, gaps: Sequence[Gap], plan: Plan, signs: Signs, keys: dict[str, str]) -> None:
        """List what there is.

        Args:
            gaps: At least one.
            plan: The programme.
            signs: The signs that the terminal can draw.
            keys: The keys of the actions that mend one, by their ids.
        """
        super().__init__()
        self._gaps = gaps
        self._plan = plan
        self._signs = signs
        self._keys = keys

    def title_text(self) -> str:
        """Return the title."""
        return _("Слабые места в подтверждениях: {count}").format(count=len(self._gaps))

    def keys_text(self) -> str:
        """Return what the keys do."""
        return _("Enter — к мероприятию   PgUp PgDn — листать подробности   Esc — назад")

    def compose_body(self) -> ComposeResult:
        """Yield the list, and the page for the line under the cursor."""
        yield OptionList(classes="list")
        yield Page()

    def on_mount(self) -> None:
        """Fill the list."""
        self.fill([Text.assemble(*self._line(gap)) for gap in self._gaps], 0)
        self.show_details()

    def show_details(self) -> None:
        """Show the line under the cursor in full."""
        at = self.list.highlighted
        if at is not None:
            self.page.show(self._details(self._gaps[at]))

    def action_go(self) -> None:
        """Close, and put the cursor of the table on the measure."""
        at, main = self.list.highlighted, main_screen(self.session)
        if at is None or main is None:
            return
        measure = self._gaps[at].measure
        view = main.view
        if view and (view.urgent or measure not in {one.measure.id for one in view.shown}):
            main.change_view(Filter(), urgent=False)
        self.dismiss(None)
        main.call_after_refresh(main.table.choose, measure)

    def _line(self, gap: Gap) -> Iterator[tuple[str, str]]:
        weight = "bold" if gap.severity is GapSeverity.WARNING else ""
        number = number_text(self._plan.measure(gap.measure))
        yield f"{number:<10} ", weight
        yield f"{_(GAP_LABELS[gap.code]):<24}", weight
        yield shown(gap_text(gap)), ""

    def _details(self, gap: Gap) -> Iterator[CellLine]:
        measure = self._plan.measure(gap.measure)
        yield (Cell(shown(gap_text(gap)), "title"),)
        yield (Cell(_(_SEVERITIES[gap.severity]), "muted"),)
        yield (Cell(""),)
        number = Cell(f"{number_text(measure)}  ", "key")
        yield (number, Cell(actions_text(measure, self._plan, self._signs)))
        if measure.responsible:
            yield (Cell(shown(measure.responsible_line), "muted"),)
        yield (Cell(""),)
        yield (Cell(_(_ADVICE[gap.code]).format(**self._keys), "muted"),)
