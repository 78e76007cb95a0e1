"""The problems screen: what is wrong in the file. The first screen if the file cannot be read."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from kvartal.history.store.snapshot import InvalidPlan
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import Problem
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.error_text import short_path
from kvartal.tui.presentation.problem_list import MOST_SHOWN, cut_sentence
from kvartal.tui.presentation.repo_notice import problem_place
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.screen_words import on_screen
from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.widgets.page import Page


def _list(problems: Sequence[Problem]) -> Iterator[CellLine]:
    for problem in problems[:MOST_SHOWN]:
        yield (Cell(shown(problem_place(problem)), "key"),)
        yield (Cell(f"  {shown(problem.message(on_screen))}"),)
    yield (Cell(cut_sentence(problems), "muted"),)


class ProblemsScreen(ReadingScreen):
    """A list of problems with their places."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "reload", show=False),
        Binding("f6", "repair", show=False),
        Binding("escape", "back", show=False),
    ]

    def __init__(
        self,
        problems: Sequence[Problem] = (),
        error: KvartalError | None = None,
        evidence: Sequence[Problem] = (),
    ) -> None:
        """Show what is wrong.

        Args:
            problems: What is wrong in a file that can be shown nevertheless.
            error: Why the file cannot be shown at all.
            evidence: What is wrong with the evidence files that it refers to.
        """
        super().__init__()
        self._problems = problems
        self._error = error
        self._evidence = tuple(evidence)

    def title_text(self) -> str:
        """Return the title."""
        if self._error is not None:
            return _("Программа не открыта")
        if not self._problems:
            return _("Подтверждающие файлы")
        return _("Ошибки в файле программы")

    def compose_body(self) -> ComposeResult:
        """Yield the list."""
        yield Page(self._lines())

    def keys_text(self) -> str:
        """Return what the keys do."""
        if self._error is not None:
            return _("F5 — прочитать файл ещё раз   F6 — вернуть прежний файл   й — выход")
        if self._evidence:
            return _("F5 — прочитать файл ещё раз   F6 — вернуть файлы из истории   Esc — назад")
        return _("F5 — прочитать файл ещё раз   Esc — назад")

    def show(self, error: KvartalError) -> None:
        """Show why the file still cannot be read."""
        self._error = error
        self.query_one(Page).show(self._lines())

    def action_reload(self) -> None:
        """Read the file again."""
        self.session.reload()
        if self._error is None:
            self.dismiss(None)

    def action_repair(self) -> None:
        """Ask about the edit that made the file unreadable, or about the evidence files."""
        if self._evidence:
            self.dismiss(None)
        if self._error is not None or self._evidence:
            self.session.repair()

    def action_back(self) -> None:
        """Go back, if there is anything to go back to."""
        if self._error is None:
            self.dismiss(None)

    def action_close(self) -> None:
        """Go back; leave the program where there is nothing to go back to."""
        if self._error is None:
            self.dismiss(None)
        else:
            self.app.exit()

    def _lines(self) -> Iterator[CellLine]:
        path = self.session.programme.path
        if self._error is not None and not path.exists():
            missing = _("Файла программы «{path}» нет на диске. Вернуть его из истории: F6.")
            yield (Cell(shown(missing.format(path=short_path(path))), "overdue"),)
            yield (Cell(""),)
            advice = _("Если файл переименован или перенесён, верните его сами и нажмите F5.")
            yield (Cell(advice, "muted"),)
            return
        problems = self._problems
        if self._error is not None:
            # A file that cannot be read at all has problems of its own, each with its place.
            if isinstance(self._error, UnreadablePlan | InvalidPlan):
                problems = self._error.problems
            else:
                yield (Cell(shown(self._error.message(on_screen)), "overdue"),)
        if problems or self._error is not None:
            yield from _list(problems)
        if self._evidence:
            yield from _list(self._evidence)
            yield (Cell(_("Подтверждающие файлы возвращает из истории F6."), "muted"),)
        if not problems and self._error is None:
            return
        advice = _("Исправьте файл в редакторе и нажмите F5.")
        if self._error is not None:
            advice = _("Исправьте файл в редакторе и нажмите F5 или верните прежний: F6.")
        yield (Cell(advice, "muted"),)
