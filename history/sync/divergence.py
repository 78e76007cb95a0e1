"""How our history and the one at the remote stand to each other, and what a person has to choose.

These are values: nothing here asks git or alters anything. The screen and the command line show
them, and give :class:`Choices` back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import Conflict, Merged
from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import DataPath, Problem


class Side(StrEnum):
    """Whose value is taken.

    Attributes:
        OURS: That of this clone.
        THEIRS: That of the remote.
    """

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who gave a value, as git tells it: text of others, to be made fit before it is shown.

    Attributes:
        commit: Full id of the commit.
        author: Name of its author.
        date: When, by the author's clock: ISO 8601 with the offset.
        subject: First line of its message.
    """

    commit: str
    author: str
    date: str
    subject: str


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both sides changed in two ways: a person chooses.

    Attributes:
        plan: Name of the plan file, as ``2024.yaml``.
        merge_conflict: The measure, the field and the values before, of ours and of theirs.
        data: The merged programme that the conflict is about.
        ours: Who gave our value; None where no commit was found that did.
        theirs: Who gave theirs.
    """

    plan: str
    merge_conflict: Conflict
    data: PlanData
    ours: Authorship | None = None
    theirs: Authorship | None = None

    @property
    def measure(self) -> str:
        """Id of the measure; empty for what belongs to the programme as a whole."""
        return self.merge_conflict.measure

    @property
    def path(self) -> DataPath:
        """The path inside the measure; empty for the measure as a whole."""
        return self.merge_conflict.path

    @property
    def field(self) -> str:
        """The field as it is typed: ``result``, ``records.0.date``; empty for a whole measure."""
        return ".".join(map(str, self.path))

    @property
    def name(self) -> str:
        """What the conflict is called on a command line: ``1.1.2:result``."""
        return ":".join(filter(None, (self.measure, self.field)))

    def value(self, side: Side) -> Value:
        """Return what a side holds there; MISSING where it holds nothing."""
        sides = self.merge_conflict.sides
        return sides.ours if side is Side.OURS else sides.theirs

    def author(self, side: Side) -> Authorship | None:
        """Return who gave a side's value."""
        return self.ours if side is Side.OURS else self.theirs

    def text(self, words: Words) -> str:
        """Return the conflict as a sentence or two with both values, safe to print."""
        return conflict_text(self.merge_conflict, self.data, words)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose, for just this pair of commits: if either moves on, it is asked again.

    Attributes:
        ours: Full id of our commit.
        theirs: Full id of theirs.
        sides: A side for each conflict, in their order.
    """

    ours: str
    theirs: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Divergence:
    """How our branch and the remote's stand to each other.

    Attributes:
        remote: Name of the remote.
        branch: Name of the branch there.
        ours: Full id of our commit.
        theirs: Full id of theirs; None where the branch is not there yet.
        base: Full id of the commit that both came from; None where there is none.
        received: How many changes of theirs we do not have (commits, merges not counted).
        sent: How many of ours they do not have.
        merged: The merge of the plan by fields; None where one side alone changed it.
        conflicts: What is left to a person, over all plans of the folder.
        notes: What is to be told besides: a measure was renumbered, a file got another name.
    """

    remote: str
    branch: str
    ours: str
    theirs: str | None
    base: str | None
    received: int
    sent: int
    merged: Merged | None = None
    conflicts: tuple[FieldConflict, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def is_level(self) -> bool:
        """Whether both hold the same commit."""
        return self.ours == self.theirs

    @property
    def is_forked(self) -> bool:
        """Whether each has commits that the other has not: a merge is needed."""
        return self.theirs is not None and self.base not in (self.ours, self.theirs)

    def chosen(self, sides: Sequence[Side] | Side) -> Choices:
        """Return choices for the conflicts of this divergence.

        Args:
            sides: A side for each conflict, in their order; or one side for all of them.
        """
        each = (sides,) * len(self.conflicts) if isinstance(sides, Side) else tuple(sides)
        return Choices(self.ours, self.theirs or "", each)

    def plans(self) -> Mapping[str, tuple[FieldConflict, ...]]:
        """Return the conflicts by the name of their plan file."""
        found: dict[str, tuple[FieldConflict, ...]] = {}
        for one in self.conflicts:
            found[one.plan] = (*found.get(one.plan, ()), one)
        return found
