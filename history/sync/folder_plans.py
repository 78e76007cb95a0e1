"""Merges the plans of one folder with the evidence that they share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kvartal.history.git.repository import Repository
from kvartal.history.merge.driver import MergeInput, merge_ancestors, merge_files, text_merge
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.store.evidence import with_renamed_files
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.evidence_merge import (
    RenamedFile,
    ambiguous_paths,
    name_collisions,
)
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.history.sync.validation import VersionContents
from kvartal.history.yaml_text.emit import UnwritableValue
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.splice import SpliceFailed, splice_to
from kvartal.schema.changes import PlanData


@dataclass(frozen=True, slots=True)
class MergeInputs:
    """Ids of the two commits to merge and of their merge bases."""

    ours: str
    theirs: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedFolder:
    """The plans of a folder, merged.

    Attributes:
        contents: The contents of the versions as seen from the folder.
        plans: Its plans that both sides have or one of them began.
        renamed: Evidence files that are renamed.
        left: The file names of those that are not plans or cannot be merged, with their versions.
    """

    contents: VersionContents
    plans: tuple[MergedPlan, ...]
    renamed: tuple[RenamedFile, ...]
    left: Mapping[str, MergeInput]


def merge_folder_plans(contents: VersionContents, inputs: MergeInputs) -> MergedFolder:
    """Merge the plans of a folder; of two evidence files of one name one is renamed in them.

    Args:
        contents: The contents of the versions as seen from the folder.
        inputs: The commits.
    """
    evidence = contents.evidence
    ours, theirs = evidence(inputs.ours), evidence(inputs.theirs)
    base = {path: entry for commit in inputs.bases for path, entry in evidence(commit).items()}
    merged = _merge_plans(contents, inputs, tuple(name_collisions(ours, theirs, base)))
    if not any(name_collisions(ours, theirs, base, ours)):
        return merged  # Whatever the plans need of it.
    needed_twice = ambiguous_paths(_merged_data(contents, merged.plans))
    if needed_twice:
        renamed = tuple(name_collisions(ours, theirs, base, needed_twice))
        return _merge_plans(contents, inputs, renamed)
    return merged


def _merge_plans(
    contents: VersionContents, inputs: MergeInputs, renamed: tuple[RenamedFile, ...]
) -> MergedFolder:
    ours, theirs = contents.plans(inputs.ours).keys(), contents.plans(inputs.theirs).keys()
    before = {name for commit in inputs.bases for name in contents.plans(commit)}
    versions = {
        name: _plan_versions(contents.repository, inputs, name, renamed)
        for name in sorted((ours & theirs) | ((ours ^ theirs) - before))
    }
    plans = {name: _merge_plan(files, name) for name, files in versions.items()}
    return MergedFolder(
        contents,
        tuple(plan for plan in plans.values() if plan is not None),
        renamed,
        {name: versions[name] for name, plan in plans.items() if plan is None},
    )


def _merge_plan(files: MergeInput, name: str) -> MergedPlan | None:
    """Return a merged plan; None for a file that is not a plan and is left to git."""
    if files.theirs in {files.ours, files.base}:
        return MergedPlan(name, files, None, files.ours)
    if files.ours == files.base:
        return MergedPlan(name, files, None, files.theirs)
    result = merge_files(files, text_merge(files))
    if result.merged is None or not (result.is_clean or result.merged.conflicts):
        return None
    return MergedPlan(name, files, result.merged, result.content if result.is_clean else None)


def _merged_data(contents: VersionContents, plans: Iterable[MergedPlan]) -> Iterator[PlanData]:
    for plan in plans:
        if plan.merged is not None:
            yield plan.merged.data
        else:
            yield from contents.data([plan.content or b""])


def _plan_versions(
    repository: Repository, inputs: MergeInputs, name: str, renamed: Iterable[RenamedFile]
) -> MergeInput:
    """Return the three versions of a plan, with evidence under its new names."""
    new_paths: dict[Side, dict[str, str]] = {Side.OURS: {}, Side.THEIRS: {}}
    for file in renamed:
        new_paths[file.side][file.path] = file.new_path
    ours, theirs = (
        _with_renamed_files(repository.blob(commit, name) or b"", name, new_paths[side])
        for commit, side in ((inputs.ours, Side.OURS), (inputs.theirs, Side.THEIRS))
    )
    base = _base_version(repository, inputs.bases, name)
    return MergeInput(base, ours, theirs, repository.prefix + name, MarkerLabels())


def _base_version(repository: Repository, bases: Sequence[str], name: str) -> bytes:
    """Return the version at the merge base; several bases are merged first, as git does it."""
    first, *others = bases
    content = repository.blob(first, name) or b""
    for other in others:
        deeper = repository.merge_bases(first, other)
        base = _base_version(repository, deeper, name) if deeper else b""
        version = repository.blob(other, name) or b""
        content = merge_ancestors(MergeInput(base, content, version, name, MarkerLabels())).content
    return content


def _with_renamed_files(content: bytes, name: str, paths: Mapping[str, str]) -> bytes:
    if not paths:
        return content
    try:
        source = load(content, name)
        return splice_to(source, with_renamed_files(source.data, paths)).encoded
    except (UnreadablePlan, SpliceFailed, UnwritableValue):
        return content
