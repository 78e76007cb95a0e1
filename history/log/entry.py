"""One commit that touched the plan, as the log shows it."""

from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.diff import FieldChange, field_changes
from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.schema.changes import ChangeKind, Edit, Missing, Plain
from kvartal.schema.errors import KvartalError
from kvartal.schema.problems import DataPath

PARENTS_OF_A_MERGE: Final = 2


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """Why the first commit with the plan's file is not the beginning of the programme.

    Attributes:
        is_shallow: A shallow clone ends here: older commits are not on this machine.
        renamed_from: The file's path in the commit before, from the top of the repository; empty
            where the file was not renamed.
    """

    is_shallow: bool = False
    renamed_from: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a merge holds where its sides had changed one field in two ways.

    Attributes:
        measure: Id of the measure; empty for a field outside the measures.
        path: The path inside the measure; empty for the measure as a whole.
        base: The value before both sides; MISSING where there was none.
        chosen: The value that the merge holds; MISSING where it has none.
        rejected: The values of the sides that it does not hold; MISSING for a deletion.
        text: The same in words.
    """

    measure: str
    path: DataPath
    base: Plain | Missing
    chosen: Plain | Missing
    rejected: tuple[Plain | Missing, ...]
    text: str = ""

    def as_json(self) -> dict[str, Plain | list[Plain | None] | None]:
        """Return the choice as the log's JSON holds it."""
        base, chosen, *rejected = (
            None if isinstance(one, Missing) else one
            for one in (self.base, self.chosen, *self.rejected)
        )
        return {
            "id": self.measure or None,
            "field": ".".join(map(str, self.path)),
            "base": base,
            "chosen": chosen,
            "rejected": rejected,
            "text": self.text,
        }


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
        edits: What really changed, computed from the two versions; of a merge, what did not come in
            by another commit: what merging does not explain, and the choices. None in an entry
            without its changes.
        groups: The same in words, by measure.
        unread: Why what the commit changed is not known: one of the versions is damaged, lost, not
            fetched, or no YAML. Then there are no edits. None where both could be read.
        compared_with: Hash of the last readable version before it, where the one just before it
            cannot be read; empty otherwise.
        note: What the message says beside its subject and the fields, a line each: why an edit was
            made, which version was restored from; of a manual commit, its whole text.
        origin: Where the file came from; only in the first commit that has it under its name, and
            only where the programme does not begin there.
        choices: Of a merge: where its sides had changed one field, what its author chose.
        is_altered: Of a merge: whether it changed more than merging and the choices explain.
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
    unread: KvartalError | None = None
    compared_with: str = ""
    note: tuple[str, ...] = ()
    origin: FileOrigin | None = None
    choices: tuple[Choice, ...] = ()
    is_altered: bool = False

    @property
    def stated(self) -> Trailers:
        """What the message claims in its trailers, to be told as a claim.

        Nothing in a manual commit: its whole text is shown as its author's words.
        """
        return Trailers() if self.kind is None else self.trailers

    @property
    def kind(self) -> ChangeKind | None:
        """What the user did, as the message claims; None for a manual commit."""
        return self.trailers.kind

    @property
    def is_readable(self) -> bool:
        """Whether what the commit changed is known; where not, there are no edits."""
        return self.unread is None

    @property
    def is_manual(self) -> bool:
        """Whether the commit was made without this program."""
        return self.kind is None

    @property
    def is_merge(self) -> bool:
        """Whether the commit has several parents."""
        return len(self.parents) >= PARENTS_OF_A_MERGE

    @property
    def is_initial(self) -> bool:
        """Whether the programme itself begins with the commit, as far as is known here."""
        return not self.parents and self.is_readable and self.origin is None

    @property
    def measures(self) -> tuple[str, ...]:
        """Ids of the measures touched: really, where the edits are known; else as claimed."""
        if self.edits is None or not self.is_readable:
            return self.trailers.measures
        return tuple(dict.fromkeys(edit.measure for edit in self.edits if edit.measure))

    @property
    def evidence(self) -> tuple[EvidenceNote, ...]:
        """Evidence files that the commit adds, as the message claims."""
        return self.trailers.evidence

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What changed, one row per field."""
        return field_changes(self.edits or ())
