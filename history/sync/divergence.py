"""How our branch and the remote's differ, and the conflicts that the user has to resolve.

Plain values: nothing here calls git or changes anything. The screen and the command line show them
and return :class:`Choices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kvartal.history.diff.words import Words
from kvartal.history.merge.conflict import Conflict, Merged
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.threeway import Value
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import DataPath, Problem


class Side(StrEnum):
    """A side of a conflict.

    Attributes:
        OURS: This clone.
        THEIRS: The remote.
    """

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Authorship:
    """The commit that set a value. Text from git: to be sanitized before it is shown.

    Attributes:
        commit: Full id of the commit.
        author: Name of its author.
        date: The author's date: ISO 8601 with the offset.
        subject: First line of its message.
    """

    commit: str
    author: str
    date: str
    subject: str


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both sides changed to different values: the user has to choose.

    Attributes:
        plan: Name of the plan file: ``2024.yaml``; its path from the root, ``branch/2024.yaml``,
            where it lies in another folder than the one that is synced.
        merge_conflict: The measure, the field, and its values before, on our side and on theirs.
        data: The merged programme that the conflict belongs to.
        ours: Who set our value; None where no commit was found.
        theirs: Who set theirs; None where no commit was found.
        names_plan: Its name says in which plan it is: not only the one that is synced has some.
        is_elsewhere: Whether the plan lies in another folder.
    """

    plan: str
    merge_conflict: Conflict
    data: PlanData
    ours: Authorship | None = None
    theirs: Authorship | None = None
    names_plan: bool = False
    is_elsewhere: bool = False

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
        """The field as typed on a command line: ``records.0.date``; empty for a whole measure."""
        return ".".join(map(str, self.path))

    @property
    def programme(self) -> str:
        """What the plan is called beside others: ``2024.yaml``, ``branch/2024.yaml``."""
        return programme_name(self.plan, is_elsewhere=self.is_elsewhere)

    @property
    def name(self) -> str:
        """The conflict as typed on a command line: ``1.1.2:result``, ``2025.yaml:1.1.2:result``."""
        plan = self.programme if self.names_plan else ""
        return ":".join(filter(None, (plan, self.measure, self.field)))

    def value(self, side: Side) -> Value:
        """Return the value of a side; MISSING where it has none."""
        sides = self.merge_conflict.sides
        return sides.ours if side is Side.OURS else sides.theirs

    def author(self, side: Side) -> Authorship | None:
        """Return who set the value of a side."""
        return self.ours if side is Side.OURS else self.theirs

    def text(self, words: Words) -> str:
        """Return the conflict with both values in a sentence or two, safe to print."""
        text = conflict_text(self.merge_conflict, self.data, words)
        return f"{self.programme}: {text}" if self.names_plan else text


def programme_name(plan: str, *, is_elsewhere: bool) -> str:
    """Return what a plan is called beside those of the folder that is synced."""
    return f"./{plan}" if is_elsewhere and "/" not in plan else plan


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose for one pair of commits; void as soon as either branch moves on.

    Attributes:
        ours: Full id of our commit.
        theirs: Full id of the remote's commit.
        sides: A side for each conflict, in order.
    """

    ours: str
    theirs: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Divergence:
    """How our branch and the remote's differ.

    Attributes:
        remote: Name of the remote.
        branch: Name of the branch there.
        ours: Full id of our commit.
        theirs: Full id of the remote's commit; None where the branch does not exist there yet.
        base: Full id of their merge base; None where `theirs` is None.
        received: How many commits of theirs we do not have, merges not counted.
        sent: How many of ours they do not have, merges not counted.
        merged: The merge of the plan by fields; None where only one side changed it.
        conflicts: The conflicts of all plans in the folder.
        notes: What else to report: a measure was renumbered, a file was renamed.
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
    def is_forked(self) -> bool:
        """Whether each side has commits that the other lacks, so that a merge is needed."""
        return self.theirs is not None and self.base not in (self.ours, self.theirs)

    def choices(self, sides: Sequence[Side] | Side) -> Choices:
        """Return choices for the conflicts of this divergence.

        Args:
            sides: A side for each conflict, in order; or one side for all of them.
        """
        each = (sides,) * len(self.conflicts) if isinstance(sides, Side) else tuple(sides)
        return Choices(self.ours, self.theirs or "", each)
