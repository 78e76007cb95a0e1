"""What a document said before it was corrected: none of it is taken, and all of it is named."""

from collections.abc import Iterator
from dataclasses import replace

from kvartal.exchange.grid import GridCell, Paragraph, SourceDocument
from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.texts import clean, deleted_text, hidden_text, struck_text
from kvartal.schema.errors import N_


def corrections(block: GridCell | Paragraph, *, is_term: bool = False) -> Iterator[Remark]:
    """Yield what is struck out, deleted while changes were tracked or hidden in a text.

    Args:
        block: A cell or a paragraph.
        is_term: Whether it says when a measure is due: an old term may be postponed.
    """
    struck, deleted, hidden = struck_text(block), deleted_text(block), hidden_text(block)
    if struck and is_term:
        template = N_(
            "Срок «{text}» зачёркнут, взят новый. Перенос с прежнего срока внесите сами: "
            "`kvartal postpone`."
        )
        yield Remark("term-moved", block.place, template, {"text": struck})
    elif struck:
        template = N_("Зачёркнутое «{text}» не взято.")
        yield Remark("text-struck", block.place, template, {"text": struck})
    if deleted:
        template = N_("Удалённое при рецензировании «{text}» не взято.")
        yield Remark("text-deleted", block.place, template, {"text": deleted})
    if hidden:
        template = N_("Скрытый текст «{text}» не взят.")
        yield Remark("text-hidden", block.place, template, {"text": hidden})


def in_force(document: SourceDocument) -> SourceDocument:
    """Return a document whose paragraphs outside of tables say only what is in force.

    A year that is struck out in a title is not that of the programme.
    """
    remarks = [
        remark
        for part in document.parts
        if isinstance(part, Paragraph)
        for remark in corrections(part)
    ]
    if not remarks:
        return document
    parts = (_in_force(part) if isinstance(part, Paragraph) else part for part in document.parts)
    left = (one for one in parts if one is not None)
    return replace(document, parts=tuple(left), remarks=(*document.remarks, *remarks))


def _in_force(paragraph: Paragraph) -> Paragraph | None:
    """Return a paragraph without what is struck out; None where nothing else was in it."""
    if not clean(struck_text(paragraph)):
        return paragraph
    runs = tuple(run for run in paragraph.runs if not run.struck)
    return replace(paragraph, runs=runs) if clean("".join(run.text for run in runs)) else None
