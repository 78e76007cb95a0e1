"""Merges the trees of two commits: plans by measure and field, everything else as git does it.

All of it happens in the object database. The result does not depend on which side is ours, except
for the value in the place of a conflict until somebody has chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from kvartal.history.store.fast_forward import path_list
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.errors import FilesConflict, OtherPlanUndecided
from kvartal.history.sync.evidence_merge import (
    RenamedFile,
    SideEvidence,
    evidence_changes,
    evidence_hashes,
)
from kvartal.history.sync.folder_plans import MergedFolder, MergeInputs, merge_folder_plans
from kvartal.history.sync.merged_plan import MergedPlan
from kvartal.history.sync.other_folders import merge_other_plans
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.trees import (
    FILE,
    TreeEntry,
    merge_with_git,
    tree_with_files,
    write_blob,
)
from kvartal.history.sync.validation import VersionContents
from kvartal.schema.problems import Problem


@dataclass(frozen=True, slots=True)
class MergedTree:
    """The merge of two commits, with conflicts still to resolve.

    Attributes:
        inputs: The commits.
        folder: The folder of the plan that is synced.
        others: Other folders, with the plans that both sides changed or whose evidence is renamed.
        tree: Id of the tree that git made, for everything else.
    """

    inputs: MergeInputs
    folder: MergedFolder
    others: tuple[MergedFolder, ...]
    tree: str

    @property
    def contents(self) -> VersionContents:
        """The contents of the versions as seen from the folder of the plan that is synced."""
        return self.folder.contents

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What the merge renumbered or renamed."""
        of_plans = (note for plan in self.every if plan.merged for note in plan.merged.notes)
        return (*of_plans, *(file.note for file in self.renamed))

    @property
    def renamed(self) -> tuple[RenamedFile, ...]:
        """The evidence files of all folders that are renamed."""
        return tuple(chain.from_iterable(one.renamed for one in (self.folder, *self.others)))

    def dropped(self, revision: str) -> tuple[RenamedFile, ...]:
        """Return the renamed files that a version does not hold: their records were not chosen.

        Args:
            revision: Full id of the merge, or of its tree.
        """
        return tuple(
            file
            for folder in (self.folder, *self.others)
            for file in folder.renamed
            if file.new_path not in folder.contents.evidence(revision)
        )

    @property
    def plans_elsewhere(self) -> tuple[MergedPlan, ...]:
        """The plans of other folders that the merge writes."""
        return tuple(chain.from_iterable(one.plans for one in self.others))

    @property
    def every(self) -> tuple[MergedPlan, ...]:
        """The plans of all folders, in the order of their conflicts."""
        return (*self.folder.plans, *self.plans_elsewhere)

    def plan(self, name: str) -> MergedPlan | None:
        """Return a plan by its file name."""
        return next((plan for plan in self.folder.plans if plan.name == name), None)

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
        for folder in (self.folder, *self.others):
            entries |= self._evidence_changes(folder, resolved)
        return tree_with_files(repository, self.tree, entries)

    def by_plan(self, sides: Sequence[Side]) -> Iterator[tuple[MergedPlan, Sequence[Side]]]:
        """Yield each plan with the sides chosen for its conflicts."""
        start = 0
        for plan in self.every:
            count = 0 if plan.content is not None else len(plan.conflicts)
            yield plan, sides[start : start + count]
            start += count

    def _evidence_changes(
        self, folder: MergedFolder, resolved: Mapping[str, bytes]
    ) -> Iterator[tuple[str, TreeEntry | None]]:
        """Yield what is to change in the evidence of a folder, by path from the root.

        Args:
            folder: The folder.
            resolved: The merged bytes of plans by what they are called beside others.
        """
        contents, plans = folder.contents, folder.plans
        evidence, data = contents.evidence, contents.data
        ours, theirs = evidence(self.inputs.ours), evidence(self.inputs.theirs)
        if not ours and not theirs:
            return
        beside = evidence_hashes(data(self._plans_beside(contents, plans)))
        hashes = beside | evidence_hashes(data(resolved[plan.programme] for plan in plans))
        sides = (
            SideEvidence(ours, beside | evidence_hashes(data(plan.files.ours for plan in plans))),
            SideEvidence(
                theirs, beside | evidence_hashes(data(plan.files.theirs for plan in plans))
            ),
        )
        renamed = {file.path for file in folder.renamed}
        changes = evidence_changes(evidence(self.tree), sides, folder.renamed, hashes)
        for path, entry in changes.items():
            # What a plan of another folder has no need of, others there may.
            if entry is not None or folder is self.folder or path in renamed:
                yield contents.repository.prefix + path, entry

    def _plans_beside(
        self, contents: VersionContents, plans: Sequence[MergedPlan]
    ) -> Iterator[bytes]:
        """Yield the other plans of a folder, such as one that a side began: they share evidence."""
        names = {plan.name.rpartition("/")[2] for plan in plans}
        for name, entry in contents.plans(self.tree).items():
            if name not in names:
                yield contents.repository.object(entry.object_id)


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
    repository = contents.repository
    folder = merge_folder_plans(contents, inputs)
    others = merge_other_plans(repository, inputs)
    by_git = merge_with_git(repository, inputs.ours, inputs.theirs)
    # What is merged here, whatever git made of it.
    resolved = {path for one in (folder, *others.folders) for path in _paths(one, inputs)}
    unresolved = [path for path in by_git.conflicting_paths if path not in resolved]
    if others.undecided:
        raise OtherPlanUndecided(plan=others.undecided[0])
    if unresolved:
        raise FilesConflict(
            paths=path_list(unresolved), remote=remote_branch.remote, branch=remote_branch.branch
        )
    return MergedTree(inputs, folder, others.folders, by_git.tree)


def _paths(folder: MergedFolder, inputs: MergeInputs) -> Iterator[str]:
    """Yield the paths of the plans and the evidence of a folder, from the root."""
    contents, prefix = folder.contents, folder.contents.repository.prefix
    versions = (
        version for plan in folder.plans for version in (plan.files.ours, plan.files.theirs)
    )
    yield from (plan.name if plan.is_elsewhere else prefix + plan.name for plan in folder.plans)
    yield from (prefix + path for path in evidence_hashes(contents.data(versions)))
    # A file that both sides removed is in conflict where git takes a similar one for it renamed:
    # until 2.50 it looks for such whatever it is told.
    files = contents.evidence(inputs.ours).keys() | contents.evidence(inputs.theirs).keys()
    before = evidence_hashes(contents.data(plan.files.base for plan in folder.plans))
    yield from (prefix + path for path in before.keys() - files)
    yield from (prefix + path for one in folder.renamed for path in (one.path, one.kept_path))
