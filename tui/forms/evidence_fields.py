"""The fields for evidence besides its files: documents and links; and the files as attachments."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from kvartal.history.store.attachment_errors import (
    AttachmentEmpty,
    AttachmentIsPlan,
    AttachmentMissing,
    AttachmentNotAFile,
    AttachmentOfGit,
    AttachmentOfSystem,
    AttachmentTooLarge,
    AttachmentUnreadable,
)
from kvartal.history.store.attachments import Attachment, attach_files
from kvartal.history.store.errors import EvidenceAltered, EvidencePathTaken, EvidencePathUnsafe
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.measure import Document, EvidenceFile
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput, restored
from kvartal.tui.forms.long_input import LongInput
from kvartal.tui.i18n import _
from kvartal.tui.presentation.sanitize import shown

# What is said at the field for files, whether reading or saving them found it.
FILE_ERRORS: Final = (
    *(AttachmentEmpty, AttachmentMissing, AttachmentTooLarge, AttachmentUnreadable),
    *(EvidenceAltered, EvidencePathTaken, EvidencePathUnsafe, AttachmentNotAFile),
    *(AttachmentIsPlan, AttachmentOfGit, AttachmentOfSystem),
)

_LINK: Final = re.compile(r"https?://\S+")


class DocumentUntitled(KvartalError):
    """A document has a number or a date and no title."""

    template = N_("Назовите документ: есть номер или дата, а названия нет.")


class NotALink(KvartalError):
    """An address does not begin like one."""

    template = N_("«{text}» — не ссылка: она начинается с https:// или http://.")


class DocumentFields(Vertical):
    """Title, number and date of one document; nothing typed is no document."""

    DEFAULT_CSS = """
    DocumentFields {
        height: auto;
        & .field-pair { height: auto; }
        & FormField.-number { width: 42; margin-right: 1; }
        & FormField.-date { width: 1fr; & .field-label { width: 6; } }
    }
    """

    def __init__(
        self,
        index: int,
        period: ProgrammePeriod,
        as_of: date,
        document: Document | None = None,
    ) -> None:
        """Make the fields.

        Args:
            index: Place of the document in the form, from 0.
            period: The days that the plan is for.
            as_of: The date on the screen.
            document: What the fields begin with; None for a new document.
        """
        super().__init__()
        self.original = document
        title, number = (shown(one or "") for one in _title_and_number(document))
        label = _("Документ") if index == 0 else _("Документ {count}").format(count=index + 1)
        self.title_field = FormField(
            f"documents.{index}.title",
            label,
            LineInput(title),
            initial=title,
            hint=_("Название документа, например: Акт ввода.")
            if document is None
            else _("Пустые название, номер и дата убирают документ из отметки."),
            check=self._check_title,
        )
        self.number_field = FormField(
            f"documents.{index}.number",
            _("Номер документа"),
            LineInput(number),
            initial=number,
            hint=_("Например: 12."),
        )
        self.date_field = DateField(
            f"documents.{index}.date",
            _("от"),
            period,
            as_of,
            value=document.date if document else None,
            required=False,
        )

    def compose(self) -> ComposeResult:
        """Yield the title, and below it number and date."""
        yield self.title_field
        with Horizontal(classes="field-pair"):
            yield self.number_field.add_class("-number")
            yield self.date_field.add_class("-date")

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The three fields."""
        return (self.title_field, self.number_field, self.date_field)

    def document(self) -> Document | None:
        """Return the document; None where nothing was typed.

        Raises:
            DocumentUntitled: There is a number or a date and no title.
            UnreadableDate, NoSuchDay: The date is none.
        """
        if not any(field.typed.strip() for field in self.fields):
            return None
        self._check_title(self.title_field.typed)
        title, number = _title_and_number(self.original)
        return Document(
            restored(self.title_field.typed, title or "").strip(),
            restored(self.number_field.typed, number or "").strip() or None,
            self.date_field.value(),
        )

    def _check_title(self, typed: str) -> None:
        others = (self.number_field, self.date_field)
        if not typed.strip() and any(field.typed.strip() for field in others):
            raise DocumentUntitled


def _title_and_number(document: Document | None) -> tuple[str | None, str | None]:
    return (document.title, document.number) if document else (None, None)


class LinksField(FormField):
    """Addresses, one per line."""

    def __init__(self, links: Sequence[str] = ()) -> None:
        """Make the field.

        Args:
            links: What it begins with.
        """
        text = "\n".join(links)
        super().__init__(
            "links",
            _("Ссылки"),
            LongInput(text),
            initial=text,
            hint=_("По одной в строке, например: https://сайт.рф/новость."),
            check=lambda _text: self.links(),
        )

    def links(self) -> tuple[str, ...]:
        """Return the addresses, each once.

        Raises:
            NotALink: One of them does not begin with https:// or http://.
        """
        links = tuple(dict.fromkeys(self.typed.split()))
        for link in links:
            if not _LINK.fullmatch(link):
                raise NotALink(text=link)
        return links


@dataclass(frozen=True, slots=True)
class PreparedFiles:
    """Files that were read and hashed, to be saved with a record.

    Attributes:
        by_measure: What the record of each measure says of them, by id of the measure.
        attachments: The files themselves.
    """

    by_measure: Mapping[str, Sequence[EvidenceFile]]
    attachments: tuple[Attachment, ...]


async def prepare_files(
    context: FormContext, measures: Sequence[str], paths: Sequence[Path]
) -> PreparedFiles:
    """Return files as attachments of each of the measures; they are read in a thread.

    Args:
        context: The programme.
        measures: Ids of the measures; each gets the files in its own folder.
        paths: The files.

    Raises:
        KvartalError: One of them cannot be attached; `kvartal.history.store.attachments` says why.
    """
    if not paths:
        return PreparedFiles({}, ())
    return await asyncio.to_thread(_prepare_files, context, measures, paths)


def _prepare_files(
    context: FormContext, measures: Sequence[str], paths: Sequence[Path]
) -> PreparedFiles:
    attachments = {
        measure: attach_files(paths, measure, context.plan, context.folder) for measure in measures
    }
    return PreparedFiles(
        {measure: [one.file for one in files] for measure, files in attachments.items()},
        tuple(one for files in attachments.values() for one in files),
    )
