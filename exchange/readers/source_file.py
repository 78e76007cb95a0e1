"""The file that is being read: its bytes, its limits, and the errors that name it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from kvartal.exchange.errors import DocumentDamaged, DocumentTooLarge
from kvartal.exchange.grid import Footnote, Grid, Paragraph, SourceDocument, SourceFormat
from kvartal.exchange.limits import DEFAULT_LIMITS, Limits
from kvartal.exchange.remark import Remark
from kvartal.exchange.source_place import NO_PLACE, SourcePlace
from kvartal.schema.errors import N_, Labels


@dataclass(slots=True)
class SourceFile:
    """A file and what has been taken from it so far.

    Attributes:
        name: Its name, for messages.
        data: Its bytes.
        limits: What it may ask for.
        remarks: What its reader has to say.
    """

    name: str
    data: bytes
    limits: Limits = DEFAULT_LIMITS
    remarks: list[Remark] = field(default_factory=list)
    _cells: int = 0

    def count_cells(self, count: int) -> None:
        """Count positions of tables towards the limit.

        Raises:
            DocumentTooLarge: There are too many.
        """
        self._cells += count
        if self._cells > self.limits.cells:
            raise self.too_large(N_("число ячеек"), self.limits.cells)

    def leave_comments(self, count: int, place: SourcePlace = NO_PLACE) -> None:
        """Name the comments in the margin: they are no part of the text.

        Args:
            count: How many there are.
            place: The sheet that they stand on.
        """
        if count:
            template = N_("Примечания на полях ({count}) не взяты.")
            self.remarks.append(Remark("comments-left-out", place, template, {"count": count}))

    def leave_text(self, text: str, place: SourcePlace) -> None:
        """Name a text that lies over the cells of a sheet, such as a text box."""
        if text.strip():
            template = N_("Текст «{text}» стоит вне таблицы и глав: не взят.")
            self.remarks.append(Remark("text-left-out", place, template, {"text": text.strip()}))

    def damaged(self, reason: str, detail: str = "") -> DocumentDamaged:
        """Return the error for a damaged file.

        Args:
            reason: Russian, marked for translation.
            detail: What it is about: shown literally.
        """
        reasons = Labels(((detail, reason),), form="{label}: {name}")
        return DocumentDamaged(name=self.name, reason=reasons)

    def too_large(self, what: str, limit: object) -> DocumentTooLarge:
        """Return the error for a file of which something is too large.

        Args:
            what: Russian, marked for translation.
            limit: How large it may be.
        """
        return DocumentTooLarge(name=self.name, what=Labels((("", what),)), limit=limit)

    def too_many_bytes(self, what: str, limit: int) -> DocumentTooLarge:
        """Return the error for a file of which something has too many bytes."""
        megabytes = Labels(((f"{limit >> 20}", N_("МБ")),), form="{name} {label}")
        return self.too_large(what, megabytes)

    def document(  # noqa: PLR0913 - what a document has
        self,
        source_format: SourceFormat,
        parts: Iterable[Paragraph | Grid],
        *,
        footnotes: Sequence[Footnote] = (),
        encoding: str = "",
        custom_xml: Sequence[str] = (),
        headers: Sequence[str] = (),
    ) -> SourceDocument:
        """Return what was read, with the remarks so far."""
        return SourceDocument(
            name=self.name,
            sha256=sha256(self.data).hexdigest(),
            size=len(self.data),
            format=source_format,
            parts=tuple(parts),
            footnotes=tuple(footnotes),
            remarks=tuple(self.remarks),
            encoding=encoding,
            custom_xml=tuple(custom_xml),
            headers=tuple(headers),
        )
