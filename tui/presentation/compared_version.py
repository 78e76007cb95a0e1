"""One of the two versions of a comparison, for the text and for the page."""

from dataclasses import dataclass

from kvartal.schema.changes import PlanData
from kvartal.tui.i18n import _


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """One of the versions compared.

    Attributes:
        data: The programme as plain data; empty where there was none yet.
        name: The revision as it was typed; empty for the file as it is.
        commit: Full hash of its commit; None for the file as it is.
        date: When the commit was made: ISO 8601 with the offset.
        is_saved: Whether exactly this is committed.
        text: The file's bytes; empty where there was none yet.
    """

    data: PlanData
    name: str = ""
    commit: str | None = None
    date: str = ""
    is_saved: bool = True
    text: bytes = b""


def no_difference(old: ComparedVersion, new: ComparedVersion) -> str:
    """Return the sentence for two versions in which neither a value nor a comment differs."""
    if old.text == new.text:
        return _("Различий нет.")
    return _("Значения одни и те же: отличается только оформление файла.")
