"""Merges the programmes of a repository that lie in other folders than the one that is synced.

They are merged by fields too, and what needs a choice is asked with the rest. Git alone would merge
their lines, and two measures of one id in different places are no conflict to it. What the merge
would break is refused, with the sync that can tell more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.git.command import decode
from kvartal.history.git.repository import Repository
from kvartal.history.merge.driver import MergeInput
from kvartal.history.store.snapshot import check
from kvartal.history.sync.evidence_merge import evidence_hashes
from kvartal.history.sync.folder_plans import MergedFolder, MergeInputs, merge_folder_plans
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.history.sync.validation import VersionContents
from kvartal.history.yaml_text.loader import UnreadablePlan, load

_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class OtherPlans:
    """The plans of other folders that the merge writes.

    Attributes:
        folders: Their folders, with those plans only: each has its path from the root for a name.
        undecided: The paths of those that are to be synced by themselves.
    """

    folders: tuple[MergedFolder, ...]
    undecided: tuple[str, ...]


def merge_other_plans(repository: Repository, inputs: MergeInputs) -> OtherPlans:
    """Merge the plans outside the folder of the one that is synced.

    Those are written that both sides changed, or whose evidence is renamed.

    Args:
        repository: As seen from that plan's folder.
        inputs: The commits.
    """
    top = repository.at("")
    changed = [
        {folder_of(path) for base in inputs.bases for path in _yaml_files(top, base, commit)}
        for commit in (inputs.ours, inputs.theirs)
    ]
    folders: list[MergedFolder] = []
    undecided: list[str] = []
    for folder in sorted((changed[0] & changed[1]) - {repository.prefix}):
        merged = merge_folder_plans(VersionContents(top.at(folder)), inputs)
        new_paths = {file.new_path for file in merged.renamed}
        plans = [
            replace(plan, name=folder + plan.name, is_elsewhere=True)
            for plan in merged.plans
            if (plan.merged is not None and _are_plans(plan.files))
            or not new_paths.isdisjoint(_evidence_of(merged, plan))
        ]
        undecided += [folder + name for name, files in merged.left.items() if _are_plans(files)]
        undecided += [plan.name for plan in plans if not _is_valid(plan)]
        if plans:
            renamed = tuple(replace(file, folder=folder) for file in merged.renamed)
            folders.append(replace(merged, plans=tuple(plans), renamed=renamed))
    return OtherPlans(tuple(folders), tuple(undecided))


def _evidence_of(folder: MergedFolder, plan: MergedPlan) -> Mapping[str, str]:
    return evidence_hashes(folder.contents.data([plan.content or b""]))


def _is_valid(plan: MergedPlan) -> bool:
    """Return whether merging breaks no rule, or somebody has to choose first."""
    return plan.content is None or not any(check(load(plan.content, plan.name)))


def _are_plans(files: MergeInput) -> bool:
    return all(map(_is_plan, (files.ours, files.theirs)))


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
