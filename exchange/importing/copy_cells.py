"""What was edited in the cells of a copy and is not taken: named, measure by measure."""

from collections.abc import Iterator
from typing import Final

from kvartal.exchange.remark import Remark
from kvartal.exchange.tables.headings import NUMBER
from kvartal.exchange.tables.layout import KEPT_AS_EXTRA, SHOWN
from kvartal.exchange.tables.programme import SourceProgramme
from kvartal.exchange.tables.texts import is_dash
from kvartal.schema.errors import N_

_CLEARED: Final = N_(
    "{number}: «{heading}» в копии очищено, было «{text}». Импорт ничего не удаляет: уберите это "
    "в самой программе."
)
_NOT_TAKEN: Final = N_("«{text}» не берётся: меняйте это в самой программе.")
_NAMED: Final = frozenset({NUMBER, "term"})
"""What is named by itself where a row lacks it."""


def cells_not_taken(original: SourceProgramme, edited: SourceProgramme) -> Iterator[Remark]:
    """Yield what was edited in a copy and changes nothing.

    Args:
        original: What the unedited export reads as.
        edited: What the copy reads as.
    """
    known = {one.mark: one.printed for one in original.measures if one.mark}
    headings = {field: heading for heading, field in edited.columns.items()}
    for measure in edited.measures:
        for field, old in known.get(measure.mark, {}).items():
            text = measure.printed.get(field, "")
            # The map of columns names money without its year and source.
            heading = headings.get(field) or headings.get(".".join(field.split(".")[:2]))
            is_same = text == old or (_is_empty(text) and _is_empty(old))
            if is_same or field in _NAMED or heading is None:
                continue
            if _is_empty(text):
                fields = {"number": measure.number, "heading": heading, "text": old}
                yield Remark("cell-cleared", measure.place, _CLEARED, fields)
            elif field.startswith(SHOWN) or field in KEPT_AS_EXTRA:
                yield Remark("cell-not-taken", measure.place, _NOT_TAKEN, {"text": text})


def _is_empty(text: str) -> bool:
    return not text or is_dash(text)
