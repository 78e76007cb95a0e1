"""What a comparison is of; by itself, so that a text of it does not import the page."""

from dataclasses import dataclass

from kvartal.schema.changes import PlanData


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """One of the versions compared.

    Attributes:
        data: The programme as plain data; empty where it was not there yet.
        name: What the version was asked for by; empty for the file as it is.
        commit: Full hash of its commit; None for the file as it is.
        date: When that was made: ISO 8601 with the offset.
        is_saved: Whether the history holds just this.
        text: The file's bytes; empty where it was not there yet.
    """

    data: PlanData
    name: str = ""
    commit: str | None = None
    date: str = ""
    is_saved: bool = True
    text: bytes = b""
