"""Free-text search that ignores case, ё/е, look-alike letters and what cannot be seen.

The published programme writes «В2В» in Cyrillic in most channels and in Latin in some; people type
either. So every letter that looks like one of the other alphabet is folded to the Cyrillic one,
in both the text and the query; and a soft hyphen or a decomposed «й», which a text from a word
processor may hold, is not what they look for.
"""

from typing import Final

from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.typed_text import normalised

_LATIN: Final = "abcehkmoptxy"
_CYRILLIC: Final = "авсенкмортху"
_FOLD: Final = str.maketrans({**dict(zip(_LATIN, _CYRILLIC, strict=True)), "ё": "е"})


def fold(text: str) -> str:
    """Return a text folded for comparison."""
    return normalised(normalised(text).casefold()).translate(_FOLD)


def searchable(plan: Plan, measure: Measure) -> str:
    """Return all searchable texts of a measure, folded."""
    channel = plan.channels.get(measure.channel or "")
    texts = [
        measure.id,
        measure.number,
        measure.proposal,
        *measure.actions,
        measure.result,
        measure.term.text,
        measure.responsible_line,
        measure.notes or "",
        *(one.name for one in measure.indicators),
        *(str(value) for value in measure.extra.values()),
        f"{channel.number} {channel.title}" if channel else measure.channel or "",
        *(f"{one.number} {one.title}" for one in plan.sections_over(measure)),
        channel.segment or "" if channel else "",
    ]
    for record in measure.records:
        texts.append(record.result or "")
        texts += [f"{one.title} {one.number or ''}" for one in record.evidence.documents]
        texts += [f"{one.path} {one.original_name or ''}" for one in record.evidence.files]
    return fold("\n".join(texts))


def matches(haystack: str, query: str) -> bool:
    """Return whether a folded text contains every word of a query."""
    return all(word in haystack for word in fold(query).split())
