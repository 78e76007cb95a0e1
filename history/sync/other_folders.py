"""Merges the programmes of a repository that lie in other folders than the one that is synced.

They are merged by fields too, and what needs a choice is asked with the rest. Git alone would merge
their lines, and two measures of one id in different places are no conflict to it. What the merge
would break is refused, with the sync that can tell more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.history.git.command import decode
from kvartal.history.git.repository import Repository
from kvartal.history.merge.driver import MergeInput, merge_files, text_merge
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.store.snapshot import check
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.history.yaml_text.loader import UnreadablePlan, load

_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class OtherPlans:
    """The plans of other folders that both sides changed.

    Attributes:
        plans: The merged ones, each with its path from the root for a name.
        undecided: The paths of those that are to be synced by themselves.
    """

    plans: tuple[MergedPlan, ...]
    undecided: tuple[str, ...]


def merge_other_plans(
    repository: Repository, ours: str, theirs: str, bases: Sequence[str]
) -> OtherPlans:
    """Merge the plans outside the folder of the one that is synced.

    Args:
        repository: As seen from that plan's folder.
        ours: Our commit.
        theirs: The remote's commit.
        bases: Their merge bases; with several of them git's own merge stays.
    """
    if len(bases) != 1:
        return OtherPlans((), ())
    top = repository.at("")
    plans: list[MergedPlan] = []
    undecided: list[str] = []
    for path in sorted(_changed(top, bases[0], ours) & _changed(top, bases[0], theirs)):
        if folder_of(path) == repository.prefix:
            continue
        versions = [top.blob(commit, path) for commit in (bases[0], ours, theirs)]
        base, our, their = (version or b"" for version in versions)
        if None in versions[1:] or our == their or not all(map(_is_plan, (our, their))):
            continue
        plan = _merged(MergeInput(base, our, their, path, MarkerLabels()))
        if plan is None:
            undecided.append(path)
        else:
            plans.append(plan)
    return OtherPlans(tuple(plans), tuple(undecided))


def _merged(files: MergeInput) -> MergedPlan | None:
    """Return a plan merged by fields; None where that cannot be, or would break a rule."""
    result = merge_files(files, text_merge(files))
    if result.merged is None:
        return None
    if result.merged.conflicts:
        return MergedPlan(files.name, files, result.merged, None, is_elsewhere=True)
    is_valid = result.is_clean and not any(check(load(result.content, files.name)))
    if not is_valid:
        return None
    return MergedPlan(files.name, files, result.merged, result.content, is_elsewhere=True)


def _changed(top: Repository, base: str, commit: str) -> set[str]:
    return set(_yaml_files(top, base, commit))


def _yaml_files(top: Repository, base: str, commit: str) -> Iterator[str]:
    options = ("-r", "-z", "--no-renames", "--name-only")
    for name in top.read("diff-tree", *options, base, commit).split(b"\0"):
        path = decode(name)
        if path.endswith(_SUFFIXES) and not path.rpartition("/")[2].startswith("."):
            yield path


def folder_of(path: str) -> str:
    """Return the path of the folder that a file lies in, with a slash at the end."""
    return path[: path.rfind("/") + 1]


def _is_plan(content: bytes) -> bool:
    try:
        return "measures" in load(content, "").data
    except UnreadablePlan:
        return False
