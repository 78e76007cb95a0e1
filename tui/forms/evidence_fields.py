"""The fields for evidence besides its files: documents and links; and the files as attachments."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from kvartal.history.store.evidence import Attachment, prepare
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Document, EvidenceFile, Plan
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.date_field import DateField
from kvartal.tui.forms.field import FormField
from kvartal.tui.forms.inputs import LineInput, LongInput
from kvartal.tui.i18n import _

_LINK: Final = re.compile(r"https?://\S+")


class DocumentUntitled(KvartalError):
    """A document has a number or a date and no title."""

    template = N_("Назовите документ: есть номер или дата, а названия нет.")


class DocumentFields(Vertical):
    """One document; nothing typed is no document."""

    DEFAULT_CSS = """
    DocumentFields {
        height: auto;
        & > Horizontal { height: auto; }
        & FormField.-number { width: 42; margin-right: 1; }
        & FormField.-date { width: 1fr; & .field-label { width: 6; } }
    }
    """

    def __init__(self, index: int, year: int, today: date) -> None:
        """Take the place in the list.

        Args:
            index: From 0.
            year: The plan's year.
            today: What «сегодня» means.
        """
        super().__init__()
        label = _("Документ") if index == 0 else _("Документ {count}").format(count=index + 1)
        self.title_field = FormField(
            f"documents.{index}.title",
            label,
            LineInput(),
            hint=_("Название документа, например: Акт ввода."),
            check=self._check_title,
        )
        self.number_field = FormField(
            f"documents.{index}.number", _("Номер документа"), LineInput(), hint=_("Например: 12.")
        )
        self.date_field = DateField(
            f"documents.{index}.date", _("от"), year, today, None, required=False
        )

    def compose(self) -> ComposeResult:
        """Yield the title, and under it number and date."""
        yield self.title_field
        with Horizontal():
            yield self.number_field.add_class("-number")
            yield self.date_field.add_class("-date")

    @property
    def fields(self) -> tuple[FormField, ...]:
        """The fields."""
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
        return Document(
            self.title_field.typed.strip(),
            self.number_field.typed.strip() or None,
            self.date_field.value(),
        )

    def _check_title(self, typed: str) -> None:
        others = (self.number_field, self.date_field)
        if not typed.strip() and any(field.typed.strip() for field in others):
            raise DocumentUntitled


class NotALink(KvartalError):
    """An address does not say that it is one."""

    template = N_("«{text}» — не ссылка: она начинается с https:// или http://.")


class LinksField(FormField):
    """Addresses, one a line."""

    def __init__(self) -> None:
        super().__init__(
            "links",
            _("Ссылки"),
            LongInput(),
            hint=_("По одной в строке, например: https://сайт.рф/новость."),
            check=lambda _text: self.links(),
        )

    def links(self) -> tuple[str, ...]:
        """Return the addresses, each once.

        Raises:
            NotALink: One of them is none.
        """
        found = tuple(dict.fromkeys(self.typed.split()))
        for one in found:
            if not _LINK.fullmatch(one):
                raise NotALink(text=one)
        return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files ready to be kept with a record.

    Attributes:
        by_measure: What the record of each measure tells of them, by id.
        attachments: The files themselves.
    """

    by_measure: Mapping[str, Sequence[EvidenceFile]] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


async def attached(desk: FormContext, measures: Sequence[str], paths: Sequence[Path]) -> Prepared:
    """Return files as attachments of each of the measures. Read out of the screen's way.

    Args:
        desk: The programme.
        measures: Ids of the measures; each gets the files in its own folder.
        paths: The files.

    Raises:
        KvartalError: One of them cannot be attached; `kvartal.history.store.evidence` says why.
    """
    if not paths:
        return Prepared()
    return await asyncio.to_thread(_attached, desk, measures, paths)


def _attached(desk: FormContext, measures: Sequence[str], paths: Sequence[Path]) -> Prepared:
    told = _told(desk.plan)
    found = {
        measure: prepare(paths, measure, desk.plan.year, desk.folder, told) for measure in measures
    }
    return Prepared(
        {measure: [one.file for one in files] for measure, files in found.items()},
        tuple(one for files in found.values() for one in files),
    )


def _told(plan: Plan) -> dict[str, str]:
    """Return the hashes of the files that the plan tells of already, by path."""
    return {
        file.path: file.sha256
        for measure in plan.measures
        for record in measure.records
        for file in record.evidence.files
    }
