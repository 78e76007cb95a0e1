"""The dialogs of the start screen: a new programme, and a folder to open instead."""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.history.git.identity import Identity, checked_email, checked_name
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.fields import FieldRequired
from kvartal.tui.creation.new_programme import NewProgramme, typed_period
from kvartal.tui.form_drafts import DraftKey
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.i18n import _
from kvartal.tui.plans.path import open_plan


class NewProgrammeDialog(FormDialog[Path]):
    """Ask what a new programme is; the result is its file, once its history has begun."""

    ACCEPT = N_("Создать")

    def __init__(
        self, folder: Path, today: date, *, is_example: bool = False, has_author: bool = True
    ) -> None:
        """Make the dialog.

        Args:
            folder: The folder of the programme.
            today: Its year is offered.
            is_example: Whether it begins with the measures of the example.
            has_author: Whether git knows in whose name to save; else that is asked too.
        """
        super().__init__()
        self._folder = folder
        self._today = today
        self._is_example = is_example
        self._has_author = has_author

    def draft_key(self) -> DraftKey:
        """Return what the form is about."""
        part = "example" if self._is_example else ""
        return DraftKey(self._folder, type(self).__name__, part=part)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Пример программы") if self._is_example else _("Новая программа")

    def compose_heading(self) -> ComposeResult:
        """Yield where it comes."""
        text = _("Файл программы и её история будут в папке {folder}.")
        yield Static(text.format(folder=self._folder), markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the fields."""
        hint = _("Можно оставить пустым: будет как в примере.") if self._is_example else ""
        for key, label in (("organization", _("Организация")), ("title", _("Название"))):
            yield self._line(key, label, required=not self._is_example, hint=hint)
        year = str(self._today.year)
        yield self.add_field(
            FormField(
                "period",
                _("Год или период"),
                LineInput(year, select_on_focus=True),
                initial=year,
                required=True,
                hint=_("Год или первый и последний день: 01.09.2026..31.08.2027."),
                check=lambda typed: typed_period(typed, self._today),
            )
        )
        if not self._is_example:
            yield self._line(
                "levels",
                _("Уровни таблицы"),
                hint=_("Через запятую: Раздел, Канал обслуживания. Можно оставить пустым."),
            )
            hint = _("По одному в строке: 1 Очное обслуживание. Добавить можно и потом.")
            yield self.add_field(FormField("sections", _("Первые разделы"), LongInput(), hint=hint))
        if not self._has_author:
            hint = _("Чьим именем подписывать изменения, например: Иванова Анна.")
            yield self._line("name", _("Ваше имя"), required=True, hint=hint, check=checked_name)
            hint = _("Рабочий адрес, например: ivanova@example.ru. Писем не будет.")
            yield self._line("email", _("Почта"), required=True, hint=hint, check=checked_email)

    async def submit(self) -> Path:
        """Create the programme."""
        from kvartal.history import creation

        wanted = self._wanted()
        path = wanted.path_in(self._folder)
        identity = None
        if not self._has_author:
            identity = Identity(self.typed("name"), self.typed("email"))
        await asyncio.to_thread(
            creation.create,
            open_plan(path),
            wanted.text(),
            files=wanted.files_in(self._folder),
            identity=identity,
        )
        return path

    def _wanted(self) -> NewProgramme:
        def typed(key: str) -> str:
            return self.typed(key).strip() if key in self.fields else ""

        levels = [level.strip() for level in typed("levels").split(",")]
        sections = [section.strip() for section in typed("sections").splitlines()]
        return NewProgramme(
            typed_period(self.typed("period"), self._today),
            typed("organization"),
            typed("title"),
            tuple(filter(None, levels)),
            tuple(filter(None, sections)),
            is_example=self._is_example,
        )

    def _line(
        self,
        key: str,
        label: str,
        *,
        required: bool = False,
        hint: str = "",
        check: Callable[[str], object] | None = None,
    ) -> FormField:
        if required and check is None:
            check = partial(_not_empty, field=label)
        field = FormField(key, label, LineInput(), required=required, hint=hint, check=check)
        return self.add_field(field)


class NoProgrammeThere(KvartalError):
    """A typed path is neither a plan file nor a folder with one."""

    template = N_("По пути «{path}» программы нет. Проверьте его.")


class OpenFolderDialog(FormDialog[Path]):
    """Ask for the folder or the file of a programme; the result is its plan file."""

    ACCEPT = N_("Открыть")

    def __init__(self, folder: Path, today: date) -> None:
        """Make the dialog.

        Args:
            folder: The folder that relative paths begin at.
            today: Among several plans of a folder the one that holds this day is opened.
        """
        super().__init__()
        self._folder = folder
        self._today = today

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Открыть программу")

    def compose_body(self) -> ComposeResult:
        """Yield the field."""
        hint = _("Папка программы или сам файл plan/….yaml.")
        field = FormField(
            "path", _("Путь"), LineInput(), required=True, hint=hint, check=self._plan
        )
        yield self.add_field(field)

    async def submit(self) -> Path:
        """Return the plan file."""
        return self._plan(self.typed("path"))

    def _plan(self, typed: str) -> Path:
        from kvartal.tui.plans.path import find_plan

        text = _not_empty(typed, field=_("Путь"))
        try:
            return find_plan(Path(text).expanduser(), self._folder, {}, self._today)
        except KvartalError:
            raise NoProgrammeThere(path=text) from None


class EarlierProgrammeDialog(OpenFolderDialog):
    """Ask which programme the next one continues; the result is its plan file."""

    ACCEPT = N_("Дальше")

    def __init__(self, folder: Path) -> None:
        """Make the dialog.

        Args:
            folder: The folder that relative paths begin at.
        """
        # Of several plans in a folder the last one goes on.
        super().__init__(folder, date.max)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Программа следующего года")

    def compose_heading(self) -> ComposeResult:
        """Yield where the next programme comes."""
        text = _(
            "Новая программа встанет в папку прежней, в ту же историю: мероприятие видно через "
            "годы. Что переносится, выберете сами; до того ничего не записывается."
        )
        yield Static(text, markup=False)


def _not_empty(typed: str, *, field: str) -> str:
    if not typed.strip():
        raise FieldRequired(field=field)
    return typed.strip()
