"""What a merge was made from, as far as its message speaks of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kvartal.schema.changes import PlanData


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """A plan of the repository that a merge changed besides the one that is verified.

    Attributes:
        path: Its path from the root.
        base: The version that the sides started from; empty where there was none.
        merged: What the merge holds; empty where it is gone.
        sides: The versions that were merged; none where a version cannot be read.
    """

    path: str
    base: PlanData
    merged: PlanData
    sides: Sequence[PlanData] = ()


def _no_plans() -> Sequence[OtherPlan]:
    return ()


@dataclass(frozen=True, slots=True)
class MergeVersions:
    """The versions of the plan that a merge was made from, and what it came to.

    Attributes:
        base: The version that the sides started from.
        sides: The versions that were merged, with evidence under the paths that the merge gave it.
        merged: What the merge commit holds.
        subjects: First lines of the commits that came together.
        plan: Path of the plan from the root.
        is_alone: Whether no other plan of the repository was merged: else the message may be about
            that one.
        authors: Names of those who wrote the commits of each side; none where a shallow clone does
            not have them all.
        quotes: Lines of the messages of the commits that came together.
        others: Reads the other plans that were merged.
    """

    base: PlanData
    sides: Sequence[PlanData]
    merged: PlanData
    subjects: frozenset[str]
    plan: str
    is_alone: bool
    authors: Sequence[Sequence[str]] = ()
    quotes: frozenset[str] = frozenset()
    others: Callable[[], Sequence[OtherPlan]] = _no_plans

    def of_others(self) -> list["MergeVersions"]:
        """Return the versions of each other plan; of one that cannot be read, without sides."""
        plans = () if self.is_alone else self.others()
        return [
            replace(self, base=one.base, sides=one.sides, merged=one.merged, plan=one.path)
            for one in plans
        ]
