"""Merges the trees of two commits: plans by measure and field, everything else as git does it.

All of it happens in the object database. The result does not depend on which side is ours, except
for the value in the place of a conflict until somebody has chosen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kvartal.history.git.repository import Repository
from kvartal.history.merge.driver import (
    MergeInput,
    merge_ancestors,
    merge_files,
    text_merge,
)
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.store.fast_forward import path_list
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.errors import FilesConflict, OtherPlanUndecided
from kvartal.history.sync.evidence_merge import (
    RenamedFile,
    SideEvidence,
    ambiguous_paths,
    evidence_changes,
    evidence_hashes,
    name_collisions,
    with_renamed_files,
)
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.history.sync.other_folders import folder_of, merge_other_plans
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.trees import (
    FILE,
    TreeEntry,
    merge_with_git,
    tree_with_files,
    write_blob,
)
from kvartal.history.sync.validation import VersionContents
from kvartal.history.yaml_text.emit import UnwritableValue
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.splice import SpliceFailed, splice_to
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import Problem


@dataclass(frozen=True, slots=True)
class MergeInputs:
    """Ids of the two commits to merge and of their merge bases."""

    ours: str
    theirs: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedTree:
    """The merge of two commits, with conflicts still to resolve.

    Attributes:
        contents: The contents of the versions.
        inputs: The commits.
        plans: The plans of the folder that both sides have or one of them began.
        renamed: Evidence files that are renamed.
        others: The plans of other folders that both sides changed, by path from the root.
        tree: Id of the tree that git made, for everything else.
    """

    contents: VersionContents
    inputs: MergeInputs
    plans: tuple[MergedPlan, ...]
    renamed: tuple[RenamedFile, ...]
    others: tuple[MergedPlan, ...]
    tree: str

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What the merge renumbered or renamed."""
        of_plans = (note for plan in self.every if plan.merged for note in plan.merged.notes)
        return (*of_plans, *(file.note for file in self.renamed))

    @property
    def every(self) -> tuple[MergedPlan, ...]:
        """The plans of all folders, in the order of their conflicts."""
        return (*self.plans, *self.others)

    def plan(self, name: str) -> MergedPlan | None:
        """Return a plan by its file name."""
        return next((plan for plan in self.plans if plan.name == name), None)

    def content(self, tree: str, plan: MergedPlan) -> bytes:
        """Return the bytes of a plan in a tree that was written."""
        repository = self.contents.repository
        return (repository.at("") if plan.is_elsewhere else repository).blob(tree, plan.name) or b""

    def write(self, sides: Sequence[Side]) -> str:
        """Write the whole tree with a side chosen for each conflict of the plans; return its id.

        Raises:
            KvartalError: It cannot be written.
        """
        repository = self.contents.repository
        resolved = {plan.programme: plan.resolved(chosen) for plan, chosen in self.by_plan(sides)}
        prefix = repository.prefix
        entries: dict[str, TreeEntry | None] = {
            (plan.name if plan.is_elsewhere else prefix + plan.name): TreeEntry(
                FILE, write_blob(repository, resolved[plan.programme])
            )
            for plan in self.every
        }
        changes = self._evidence_changes(self.contents, self.plans, resolved)
        entries |= {prefix + path: entry for path, entry in changes.items()}
        for plan in self.others:
            entries |= self._evidence_elsewhere(plan, resolved)
        return tree_with_files(repository, self.tree, entries)

    def by_plan(self, sides: Sequence[Side]) -> Iterator[tuple[MergedPlan, Sequence[Side]]]:
        """Yield each plan with the sides chosen for its conflicts."""
        start = 0
        for plan in self.every:
            count = 0 if plan.content is not None else len(plan.conflicts)
            yield plan, sides[start : start + count]
            start += count

    def _evidence_changes(
        self,
        contents: VersionContents,
        plans: Sequence[MergedPlan],
        resolved: Mapping[str, bytes],
    ) -> dict[str, TreeEntry | None]:
        """Return what is to change in the evidence of a folder, by path from that folder.

        Args:
            contents: The versions as seen from the folder.
            plans: Its plans.
            resolved: The merged bytes of plans by what they are called beside others.
        """
        evidence, data = contents.evidence, contents.data
        ours, theirs = evidence(self.inputs.ours), evidence(self.inputs.theirs)
        if not ours and not theirs:
            return {}
        beside = evidence_hashes(data(self._plans_beside(contents, plans)))
        hashes = beside | evidence_hashes(data(resolved[plan.programme] for plan in plans))
        sides = (
            SideEvidence(ours, beside | evidence_hashes(data(plan.files.ours for plan in plans))),
            SideEvidence(
                theirs, beside | evidence_hashes(data(plan.files.theirs for plan in plans))
            ),
        )
        renamed = self.renamed if contents is self.contents else ()
        return evidence_changes(evidence(self.tree), sides, renamed, hashes)

    def _plans_beside(
        self, contents: VersionContents, plans: Sequence[MergedPlan]
    ) -> Iterator[bytes]:
        """Yield the other plans of a folder, such as one that a side began: they share evidence."""
        names = {plan.name.rpartition("/")[2] for plan in plans}
        for name, entry in contents.plans(self.tree).items():
            if name not in names:
                yield contents.repository.object(entry.object_id)

    def _evidence_elsewhere(
        self, plan: MergedPlan, resolved: Mapping[str, bytes]
    ) -> dict[str, TreeEntry]:
        """Return the evidence that a plan of another folder needs, by path from the root.

        None is removed: what this plan has no need of, others of its folder may.
        """
        folder = folder_of(plan.name)
        contents = VersionContents(self.contents.repository.at(folder))
        changes = self._evidence_changes(contents, [plan], resolved)
        return {folder + path: entry for path, entry in changes.items() if entry is not None}


def merge_commit_trees(
    contents: VersionContents, inputs: MergeInputs, remote_branch: RemoteBranch
) -> MergedTree:
    """Merge the trees of two commits.

    Args:
        contents: The contents of the versions.
        inputs: The commits.
        remote_branch: The branches, for messages.

    Raises:
        FilesConflict: Files other than plans were changed on both sides, and git cannot merge them.
        OtherPlanUndecided: A plan of another folder would break a rule.
        KvartalError: Git refused.
    """
    repository, evidence = contents.repository, contents.evidence
    ours, theirs = evidence(inputs.ours), evidence(inputs.theirs)
    base = {path: entry for commit in inputs.bases for path, entry in evidence(commit).items()}
    renamed = tuple(name_collisions(ours, theirs, base))
    plans = _merge_plans(contents, inputs, renamed)
    needed_twice = ambiguous_paths(_merged_data(contents, plans))
    if needed_twice:
        renamed = tuple(name_collisions(ours, theirs, base, needed_twice))
        plans = _merge_plans(contents, inputs, renamed)
    others = merge_other_plans(repository, inputs.ours, inputs.theirs, inputs.bases)
    by_git = merge_with_git(repository, inputs.ours, inputs.theirs)
    versions = (version for plan in plans for version in (plan.files.ours, plan.files.theirs))
    # What is merged here, whatever git made of it.
    resolved = {*(plan.name for plan in plans), *evidence_hashes(contents.data(versions))}
    resolved |= {path for file in renamed for path in (file.path, file.kept_path)}
    resolved = {repository.prefix + path for path in resolved}
    resolved |= {plan.name for plan in others.plans}
    unresolved = [path for path in by_git.conflicting_paths if path not in resolved]
    if others.undecided:
        raise OtherPlanUndecided(plan=others.undecided[0])
    if unresolved:
        raise FilesConflict(
            paths=path_list(unresolved), remote=remote_branch.remote, branch=remote_branch.branch
        )
    return MergedTree(contents, inputs, plans, renamed, others.plans, by_git.tree)


def _merge_plans(
    contents: VersionContents, inputs: MergeInputs, renamed: Iterable[RenamedFile]
) -> tuple[MergedPlan, ...]:
    """Return the plans that both sides have, merged, and those that one side began."""
    ours, theirs = contents.plans(inputs.ours).keys(), contents.plans(inputs.theirs).keys()
    before = {name for commit in inputs.bases for name in contents.plans(commit)}
    names = sorted((ours & theirs) | ((ours ^ theirs) - before))
    merged = (
        _merge_plan(_plan_versions(contents.repository, inputs, name, renamed), name)
        for name in names
    )
    return tuple(plan for plan in merged if plan is not None)


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
