"""One commit that touched the plan, as the journal tells it."""

from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.diff import FieldChange, field_changes
from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.schema.changes import ChangeKind, Edit

PARENTS_OF_A_MERGE: Final = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a commit that is the first to have the plan's file is not the programme's beginning.

    Attributes:
        is_cut: A shallow clone ends here: what was before is not on this machine.
        formerly: The file's path in the commit before, from the top of the repository, where it
            was renamed; empty where it was not.
    """

    is_cut: bool = False
    formerly: str = ""


@dataclass(frozen=True, slots=True)
class CommitEntry:
    """One commit that touched the plan.

    Attributes:
        commit: Its full hash.
        parents: Hashes of the commits before it that touched the plan.
        date: When it was made, by its author's clock: ISO 8601 with the offset.
        author: Name of the author.
        email: Address of the author.
        subject: First line of the message.
        trailers: What the message claims in its trailers.
        edits: What really changed, worked out from the two versions; of a merge, what none of the
            sides and no merging explains. None where that was not worked out.
        groups: The same in words, by measure.
        is_readable: Whether both versions could be read; where not, there are no edits.
        note: What the message says beside its subject and the fields, a line each: why an edit was
            made, which version was restored from; of a commit by hand, all of its text.
        origin: Where the file came from, of the first commit that has it under its name.
    """

    commit: str
    parents: tuple[str, ...]
    date: str
    author: str
    email: str
    subject: str
    trailers: Trailers
    edits: tuple[Edit, ...] | None = None
    groups: tuple[ChangeGroup, ...] = ()
    is_readable: bool = True
    note: tuple[str, ...] = ()
    origin: Origin | None = None

    @property
    def kind(self) -> ChangeKind | None:
        """What the user did, as the message claims; None for a commit made by hand."""
        return self.trailers.kind

    @property
    def is_by_hand(self) -> bool:
        """Whether the commit was made without this program."""
        return self.kind is None

    @property
    def is_merge(self) -> bool:
        """Whether the commit joins several lines of history."""
        return len(self.parents) >= PARENTS_OF_A_MERGE

    @property
    def is_beginning(self) -> bool:
        """Whether the programme itself begins with the commit, as far as can be known."""
        return not self.parents and self.is_readable and self.origin is None

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of the measures touched: really, where that was worked out; else as claimed."""
        if self.edits is None or not self.is_readable:
            return self.trailers.measures
        return tuple(dict.fromkeys(edit.measure for edit in self.edits if edit.measure))

    @property
    def evidence(self) -> tuple[EvidenceNote, ...]:
        """Files of evidence that the commit brings, as the message claims."""
        return self.trailers.evidence

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What changed, a row a field."""
        return field_changes(self.edits or ())
