"""The dialogs of a programme that begins with a document: which one, and what it will hold."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from kvartal.exchange.tables.table_reader import DOCUMENT_UNKNOWN, YearUnknown
from kvartal.history.git.identity import Identity, checked_email, checked_name
from kvartal.schema.changes import Plain
from kvartal.schema.errors import N_
from kvartal.tui.creation.from_document import BegunProgramme, UserStatements, begun_from
from kvartal.tui.creation.new_programme import typed_period
from kvartal.tui.dialogs.document_preview import DocumentPreview
from kvartal.tui.dialogs.document_reading import DocumentReading, Stopped, going_on
from kvartal.tui.dialogs.document_source import SourceDialog
from kvartal.tui.dialogs.import_document import remark_lines
from kvartal.tui.form_drafts import DraftKey
from kvartal.tui.forms.field import Check, FormField
from kvartal.tui.forms.inputs import LineInput
from kvartal.tui.i18n import _
from kvartal.tui.plans.files import FOLDER
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.path import open_plan

if TYPE_CHECKING:
    from kvartal.exchange.grid import SourceDocument


class YearNotTyped(YearUnknown):
    """Neither the document nor the form says what year the programme is for."""

    template = N_("В файле «{name}» не сказано, на какой год программа. Впишите год или период.")


class NewFromDocumentDialog(SourceDialog[BegunProgramme]):
    """Ask which document a programme begins with; the result is what its file will hold."""

    ERROR_FIELDS: ClassVar = {YearNotTyped: "period"}

    def __init__(self, folder: Path, today: date, *, has_author: bool = True) -> None:
        """Make the dialog.

        Args:
            folder: The folder of the programme.
            today: Today.
            has_author: Whether git knows in whose name to save; else that is asked too.
        """
        super().__init__()
        self.folder = folder
        self.identity: Identity | None = None
        self._today = today
        self._has_author = has_author
        self._stated = UserStatements()

    def draft_key(self) -> DraftKey:
        """Return what the form is about."""
        return DraftKey(self.folder, type(self).__name__)

    def title_text(self) -> str:
        """Return the title of the frame."""
        return _("Новая программа из документа")

    def compose_heading(self) -> ComposeResult:
        """Yield what will happen."""
        text = _("Сначала будет показано, что взято. До согласия ничего не создаётся.")
        yield Static(text, markup=False)

    def compose_body(self) -> ComposeResult:
        """Yield the fields: the document, and what it may not say itself."""
        yield from self.document_fields()
        hint = _("Если документ сам не говорит или говорит иначе; обычно пусто.")
        for key, label in (("organization", _("Организация")), ("title", _("Название"))):
            yield self.add_field(FormField(key, label, LineInput(), hint=hint))
        yield self.add_field(
            FormField(
                "period",
                _("Год или период"),
                LineInput(),
                hint=_("Если в документе не сказано: год или 01.09.2026..31.08.2027."),
                check=lambda typed: typed.strip() and typed_period(typed, self._today),
            )
        )
        if not self._has_author:
            hint = _("Чьим именем подписывать изменения, например: Иванова Анна.")
            yield self._required("name", _("Ваше имя"), hint, checked_name)
            hint = _("Рабочий адрес, например: ivanova@example.ru. Писем не будет.")
            yield self._required("email", _("Почта"), hint, checked_email)

    async def submit(self) -> DocumentReading[BegunProgramme]:
        """Read the document with what is said of it."""
        period = self.typed("period").strip()
        self._stated = UserStatements(
            typed_period(period, self._today) if period else None,
            self.typed("organization").strip(),
            self.typed("title").strip(),
        )
        if not self._has_author:
            self.identity = Identity(self.typed("name"), self.typed("email"))
        return await super().submit()

    def read(
        self, document: "SourceDocument", stated: Mapping[str, str], stopped: Stopped = going_on
    ) -> DocumentReading[BegunProgramme]:
        """Return the programme that a document begins."""
        from kvartal.history import creation

        whole = replace(self._stated, columns=stated)
        try:
            begun = begun_from(document, self.folder, whole, self._today, stopped)
        except YearUnknown as error:
            raise YearNotTyped(**error.fields) from error
        if self._has_author:
            creation.check_new(open_plan(begun.path), begun.text)
        text = _("Начать программу с «{name}»? Будет создан файл {file}.")
        return DocumentReading(
            document,
            stated,
            text.format(name=document.name, file=display_name(begun.path)),
            tuple(_lines(begun)),
            begun,
            begun.columns,
        )

    def preview(self, reading: DocumentReading[BegunProgramme]) -> DocumentPreview[BegunProgramme]:
        """Return the question whether to begin a programme with what was read; yes creates it."""
        from kvartal.history import creation

        async def act(begun: BegunProgramme) -> None:
            await asyncio.to_thread(
                creation.create,
                open_plan(begun.path),
                begun.text,
                reason=begun.reason,
                files=begun.files,
                identity=self.identity,
                source=begun.source,
            )

        return DocumentPreview(
            reading,
            self.read_or_ask,
            act,
            title=self.title_text(),
            plans=self.folder / FOLDER,
        )

    def _required(self, key: str, label: str, hint: str, check: Check) -> FormField:
        field = FormField(key, label, LineInput(), required=True, hint=hint, check=check)
        return self.add_field(field)


def _lines(begun: BegunProgramme) -> Iterator[str]:
    """Yield what the programme will hold, part by part, and what was not understood."""
    document = begun.data.get("document")
    if isinstance(document, dict):
        yield _("Организация: {text}").format(text=document.get("organization", ""))
        yield _("Название: {text}").format(text=document.get("title", ""))
    measures = _rows(begun.data.get("measures"))
    yield _("Мероприятий: {count}").format(count=len(measures))
    place: object = None
    titles = dict(_titles(begun.data.get("sections")))
    for row in measures:
        here = row.get("channel") or row.get("section")
        if here != place:
            place = here
            yield ""
            yield titles.get(str(here), "")
        yield f"  {row.get('number', '')}  {_work(row)} — {_term(row)}"
    template = N_("В документе не найдено: {names}. Впишите в форму: Esc вернёт в неё.")
    yield from remark_lines(
        tuple(
            replace(one, template=template) if one.code == DOCUMENT_UNKNOWN else one
            for one in begun.result.remarks
        )
    )


def _titles(sections: Plain | None) -> Iterator[tuple[str, str]]:
    for row in _rows(sections):
        number = str(row.get("number", ""))
        yield number, f"{number} {row.get('title', '')}"
        for key in ("channels", "sections"):
            yield from _titles(row.get(key))


def _work(row: Mapping[str, Plain]) -> str:
    actions = row.get("actions")
    steps = "; ".join(map(str, actions)) if isinstance(actions, list) else ""
    return " — ".join(filter(None, (str(row.get("proposal", "")), steps)))


def _term(row: Mapping[str, Plain]) -> str:
    term = row.get("term")
    return str(term.get("text", "")) if isinstance(term, dict) else ""


def _rows(value: Plain | None) -> list[dict[str, Plain]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
