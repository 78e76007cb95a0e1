"""The help screen: keys in both alphabets, and the meaning of the signs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from textual.app import ComposeResult

from kvartal.schema.errors import N_
from kvartal.tui.actions.registry import in_groups
from kvartal.tui.i18n import _
from kvartal.tui.presentation.cells import Cell, CellLine
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, Signs
from kvartal.tui.presentation.periods import AFTER
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.screens.base import ReadingScreen
from kvartal.tui.settings import settings_path
from kvartal.tui.widgets.page import Page

_KEYS: Final = 12
_LABEL: Final = 36
ELSEWHERE: Final = N_(
    "Это клавиши открытой программы. Клавиши экрана, с которого вы пришли, названы внизу него."
)
ABOUT: Final = (
    N_(
        "Клавиша — это место на клавиатуре: она действует и в русской, и в латинской раскладке. "
        "Ctrl и Alt не нужны. В поле ввода буквы — это просто буквы."
    ),
    N_(
        "Файл хранит только факты: план, отметки, переносы. Состояния и проценты вычисляются "
        "на дату, показанную вверху; дату можно сменить."
    ),
    N_(
        "«Сохранено» появляется, когда изменение уже в истории git. Отмена — тоже запись в истории."
    ),
)


class HelpScreen(ReadingScreen):
    """All keys with what they do."""

    def __init__(self, signs: Signs, *, elsewhere: bool = False) -> None:
        """Explain the keys.

        Args:
            signs: The signs to explain.
            elsewhere: Whether the screen below is one that these keys are not for.
        """
        super().__init__()
        self.signs = signs
        self._elsewhere = elsewhere

    def title_text(self) -> str:
        """Return the title."""
        return _("Помощь")

    def compose_body(self) -> ComposeResult:
        """Yield the page."""
        lead = [(Cell(_(ELSEWHERE), "accent"),), (Cell(""),)] if self._elsewhere else []
        yield Page([*lead, *_keys(), *self._signs(), *_about()])

    def _signs(self) -> Iterator[CellLine]:
        yield (Cell(_("Знаки в клетках таблицы"), "title"),)
        for state, sign in self.signs.states.items():
            narrow = f"{sign} {sign[-1]}" if len(sign) > 1 else sign
            yield (Cell(f"  {narrow:<{_KEYS}}", state.value), Cell(_(CHECKPOINT_STATES[state])))
        yield (Cell(f"  {self.signs.not_in_term:<{_KEYS}}", "none"), Cell(_("не в сроке")))
        yield (
            Cell(f"  {self.signs.shared:<{_KEYS}}"),
            Cell(_("мероприятие общее с другой строкой")),
        )
        yield (Cell(f"  {self.signs.moved:<{_KEYS}}"), Cell(_("срок перенесён")))
        yield (Cell(f"  {AFTER:<{_KEYS}}"), Cell(_("графа сроков после периода программы")))
        yield (Cell(""),)


def _about() -> Iterator[CellLine]:
    yield (Cell(_("Как это устроено"), "title"),)
    for text in ABOUT:
        yield (Cell(f"  {_(text)}"),)
    path = _from_home(settings_path())
    sentence = _("Настройки (language, theme, signs, card): {path}").format(path=path)
    yield (Cell(f"  {shown(sentence)}"),)


def _from_home(path: Path) -> Path:
    """Return a path as users type it: ``~`` for the home folder."""
    home = Path.home()
    return Path("~", path.relative_to(home)) if path.is_relative_to(home) else path


def _keys() -> Iterator[CellLine]:
    for group, actions in in_groups():
        yield (Cell(_(group.value), "title"),)
        for action in actions:
            yield (Cell(f"  {action.all_keys:<{_KEYS}}", "key"), Cell(_(action.label)))
            yield (Cell(f"  {'':<{_KEYS}}{_(action.help)}", "muted"),)
        yield (Cell(""),)
