"""Which remarks say that something of a document was not understood."""

from collections.abc import Iterable
from typing import Final

from kvartal.exchange.remark import Remark

RECOGNISED: Final = frozenset(
    {
        "cell-dash",
        "chapter-kept",
        "column-extra",
        "column-hidden",
        "column-numbers",
        "comments-left-out",
        "document-differs",
        "empty-mark",
        "fact-not-done",
        "fact-offered",
        "footnote",
        "heading-repeated",
        "hidden-part",
        "no-proposals",
        "no-sections",
        "number-gap",
        "number-given",
        "page-header",
        "percent-differs",
        "table-nested",
        "row-deleted",
        "row-excluded",
        "row-hidden",
        "row-struck",
        "same-work",
        "section-above",
        "sheet-hidden",
        "sign-off",
        "state-differs",
        "table-other-years",
        "table-skipped",
        "target-offered",
        "term-differs",
        "term-moved",
        "term-open",
        "term-worded",
        "text-deleted",
        "text-hidden",
        "text-left-out",
        "text-struck",
        "total-differs",
        "total-skipped",
        "year-unknown",
    }
)
"""Codes of remarks on what was understood: taken, skipped on purpose, or offered."""


def not_understood(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return the remarks on what was not understood: they make a dry run fail."""
    return tuple(one for one in remarks if one.code not in RECOGNISED)
