"""The start screen: what to do in a folder that holds no programme."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import RUSSIAN, _, current_language
from kvartal.tui.presentation.error_text import short_message
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.tui.creation.from_document import BegunProgramme
    from kvartal.tui.dialogs.document_reading import DocumentReading

_CHOICES: Final = (
    (
        "new",
        N_("Новая программа"),
        N_("Организация, название, год, разделы; мероприятия добавите на экране."),
    ),
    (
        "document",
        N_("Новая программа из документа"),
        N_("Из Word, Excel, LibreOffice, CSV или текста: сначала будет показано, что взято."),
    ),
    (
        "example",
        N_("Пример"),
        N_("Небольшая программа поликлиники: посмотреть, как всё устроено, и поправить под себя."),
    ),
    (
        "next",
        N_("Программа следующего года"),
        N_("По прежней программе: что продолжается и не окончено; встанет рядом с прежней."),
    ),
    ("open", N_("Открыть программу в другой папке"), N_("Указать папку или файл plan/….yaml.")),
    (
        "list",
        N_("Список программ"),
        N_("Все программы добавленных папок с тем, что в них исполнено и просрочено."),
    ),
    ("quit", N_("Выход"), N_("Ничего не создавать.")),
)


class StartScreen(Screen[Path | None]):
    """A list of ways to begin; the result is the plan file to open, None to leave."""

    DEFAULT_CSS = """
    StartScreen {
        align: center middle;
        background: $background;

        & .start-frame {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $panel;
            padding: 1 2;
        }
        & .start-text { height: auto; padding-bottom: 1; }
        & OptionList, & OptionList:focus {
            height: auto;
            border: none;
            padding: 0;
            background: $panel;
            background-tint: $foreground 0%;
        }
        & .start-help { height: 2; margin-top: 1; color: $text-muted; }
    }
    """

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,Q,й,Й", "leave", show=False),
    ]

    def __init__(
        self,
        folder: Path,
        today: date,
        folders: Sequence[str] = (),
        *,
        keep_folders: Callable[[tuple[str, ...]], str] | None = None,
    ) -> None:
        """Offer what can be done.

        Args:
            folder: The current folder, which holds no programme.
            today: Today.
            folders: The folders whose programmes are listed, from the settings.
            keep_folders: Writes them to the settings; returns why it could not, if so.
        """
        super().__init__()
        self._folder = folder
        self._today = today
        self._folders = tuple(folders)
        self._keep_folders = keep_folders
        self.is_new = False
        """Whether the result was just created."""

    def compose(self) -> ComposeResult:
        """Yield the frame with the list."""
        with Vertical(classes="start-frame") as frame:
            frame.border_title = Content("Квартал" if current_language() == RUSSIAN else "kvartal")
            frame.border_subtitle = Content(_("Enter — выбрать   F1 — помощь   Esc — выход"))
            text = _("В папке {folder} программы ещё нет. С чего начать?")
            yield Static(
                Content(shown(text.format(folder=self._folder))), classes="start-text", markup=False
            )
            yield OptionList(*(Option(Text(_(label), "bold")) for _id, label, _help in _CHOICES))
            yield Static(classes="start-help", markup=False)

    def on_mount(self) -> None:
        """Look whether the repository has programmes in other folders."""
        self._name_those_of_the_repository()

    @work
    async def _name_those_of_the_repository(self) -> None:
        from kvartal.tui.plans.files import PlanFolderUnreadable, all_plans, names_of

        folder = self._folder.resolve()
        try:
            plans = await asyncio.to_thread(all_plans, folder)
        except PlanFolderUnreadable as error:
            self.say(short_message(error))
            return
        if not plans:
            return
        text = _(
            "В папке {folder} программы нет, а в репозитории есть: {plans}. Откройте нужную из "
            "списка программ."
        ).format(folder=self._folder, plans=names_of(plans, folder))
        self.query_one(".start-text", Static).update(Content(shown(text)))
        choices = self.query_one(OptionList)
        if not choices.highlighted:  # Whoever has moved already has made up their mind.
            choices.highlighted = [name for name, *_texts in _CHOICES].index("list")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the choice does."""
        event.stop()
        self.say(_(_CHOICES[event.option_index][2]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Do what was chosen."""
        event.stop()
        name = _CHOICES[event.option_index][0]
        if name == "quit":
            self.dismiss(None)
        elif name == "open":
            from kvartal.tui.dialogs.new_programme import OpenFolderDialog

            self.app.push_screen(OpenFolderDialog(self._folder, self._today), self._opened)
        elif name == "next":
            from kvartal.tui.dialogs.new_programme import EarlierProgrammeDialog

            self.app.push_screen(EarlierProgrammeDialog(self._folder), self._continue)
        elif name == "list":
            from kvartal.tui.screens.programmes import ProgrammesScreen

            screen = ProgrammesScreen(
                self._folder, self._today, self._folders, keep_folders=self._keep_folders
            )
            self.app.push_screen(screen, self._opened)
        elif name == "document":
            self._ask_for_document()
        else:
            self._ask(is_example=name == "example")

    def action_leave(self) -> None:
        """Leave; nothing was written."""
        self.dismiss(None)

    @work(exclusive=True)
    async def _ask(self, *, is_example: bool) -> None:
        from kvartal.tui.dialogs.new_programme import NewProgrammeDialog

        has_author = await self._has_author()
        if has_author is None:
            return
        dialog = NewProgrammeDialog(
            self._folder, self._today, is_example=is_example, has_author=has_author
        )
        self.app.push_screen(dialog, self._created)

    def _continue(self, earlier: Path | None) -> None:
        if earlier is not None:
            self._choose_next(earlier)

    @work(exclusive=True)
    async def _choose_next(self, earlier: Path) -> None:
        """Show what of an earlier programme goes on; open the next one once it is begun."""
        from kvartal.tui.creation.next_year import check_next
        from kvartal.tui.plans.names import path_to_carry_from
        from kvartal.tui.plans.path import open_plan
        from kvartal.tui.screens.next_year import NextYearScreen

        programme = open_plan(earlier)
        try:
            snapshot = await asyncio.to_thread(programme.read)
            check_next(programme.path, snapshot.plan.period.following)
        except KvartalError as error:
            self.say(short_message(error))
            return
        screen = NextYearScreen(programme, snapshot, self._today, path_to_carry_from(earlier))
        self.app.push_screen(screen, self._created)

    @work(exclusive=True)
    async def _ask_for_document(self) -> None:
        from kvartal.tui.dialogs.new_from_document import NewFromDocumentDialog

        has_author = await self._has_author()
        if has_author is None:
            return

        dialog = NewFromDocumentDialog(self._folder, self._today, has_author=has_author)
        self.app.push_screen(dialog, self._begun)

    async def _has_author(self) -> bool | None:
        """Return whether git knows in whose name to save; None, said why, where it is not known."""
        from kvartal.history.store.new_plan import knows_author

        try:
            return await asyncio.to_thread(knows_author, self._folder)
        except KvartalError as error:
            self.say(short_message(error))
            return None

    def _begun(self, reading: "DocumentReading[BegunProgramme] | None") -> None:
        begun = reading.payload if reading is not None else None
        self._created(begun.path if begun is not None else None)

    def _created(self, path: Path | None) -> None:
        self.is_new = path is not None
        self._opened(path)

    def _opened(self, path: Path | None) -> None:
        if path is not None:
            self.dismiss(path)

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Say it where the choice under the cursor is explained. See `SpeakingScreen`."""
        del trouble
        self.query_one(".start-help", Static).update(Content(shown(sentence)))
