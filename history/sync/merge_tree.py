"""Two commits made one tree: the plans by measure and field, the rest as git merges it.

All of it happens in the object database. Nothing depends on whose side is ours but what stands in
for a conflict until somebody has chosen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kvartal.history.git.repository import Repository
from kvartal.history.merge.driver import (
    Files,
    merge_ancestors,
    merge_files,
    settle_files,
    text_merge,
)
from kvartal.history.merge.markers import MarkerLabels
from kvartal.history.merge.merge import Conflict, Merged
from kvartal.history.store.fast_forward import named
from kvartal.history.sync.divergence import Side
from kvartal.history.sync.errors import FilesConflict
from kvartal.history.sync.evidence_merge import (
    RenamedFile,
    SideEvidence,
    ambiguous_paths,
    evidence_changes,
    evidence_hashes,
    name_collisions,
    with_renamed_files,
)
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.trees import FILE, TreeEntry, join, with_files, written
from kvartal.history.sync.validation import VersionContents
from kvartal.history.yaml_text.emit import UnwritableValue
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.splice import SpliceFailed, splice_to
from kvartal.schema.changes import PlanData
from kvartal.schema.problems import Problem


@dataclass(frozen=True, slots=True)
class MergeInputs:
    """The two commits that are to become one, and those both came from."""

    ours: str
    theirs: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """A plan that is to be in the joined tree.

    Attributes:
        name: Its file name.
        files: Its three versions, with evidence under the names it has from now on.
        merged: The merge by fields; None where one side alone changed the plan.
        content: The bytes it comes to; None while there are conflicts.
    """

    name: str
    files: Files
    merged: Merged | None
    content: bytes | None

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What is left to a person."""
        return self.merged.conflicts if self.merged else ()

    def settled(self, sides: Sequence[Side]) -> bytes:
        """Return the bytes it comes to with a side chosen for each conflict.

        Raises:
            SpliceFailed, UnwritableValue: They cannot be written.
        """
        if self.merged is None or self.content is not None:
            return self.content or b""
        pairs = zip(self.conflicts, sides, strict=True)
        choices = [one.sides.ours if side is Side.OURS else one.sides.theirs for one, side in pairs]
        return settle_files(self.files, self.merged, choices)


@dataclass(frozen=True, slots=True)
class MergedTree:
    """Two commits made one, but for what is left to a person.

    Attributes:
        contents: What the versions hold.
        ends: The commits.
        plans: The plans of the folder that both sides have.
        renamed: Evidence files that get another name.
        tree: The tree that git made of the rest.
    """

    contents: VersionContents
    ends: MergeInputs
    plans: tuple[MergedPlan, ...]
    renamed: tuple[RenamedFile, ...]
    tree: str

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is to be told besides."""
        of_plans = (note for plan in self.plans if plan.merged for note in plan.merged.notes)
        return (*of_plans, *(one.note for one in self.renamed))

    def plan(self, name: str) -> MergedPlan | None:
        """Return a plan by its file name."""
        return next((one for one in self.plans if one.name == name), None)

    def settled(self, sides: Sequence[Side]) -> str:
        """Return the id of the whole tree with a side chosen for each conflict of the plans.

        Raises:
            KvartalError: It cannot be written.
        """
        repository = self.contents.repository
        at, contents = 0, dict[str, bytes]()
        for plan in self.plans:
            count = 0 if plan.content is not None else len(plan.conflicts)
            contents[plan.name] = plan.settled(sides[at : at + count])
            at += count
        files: dict[str, TreeEntry | None] = {
            name: TreeEntry(FILE, written(repository, content))
            for name, content in contents.items()
        }
        files |= self._evidence(contents)
        return with_files(
            repository, self.tree, {repository.prefix + path: one for path, one in files.items()}
        )

    def _evidence(self, contents: Mapping[str, bytes]) -> dict[str, TreeEntry | None]:
        listed, ends = self.contents.evidence, self.ends
        if not listed(ends.ours) and not listed(ends.theirs):
            return {}
        read = self.contents.data
        told = evidence_hashes(read(contents.values()))
        sides = (
            SideEvidence(
                listed(ends.ours), evidence_hashes(read(plan.files.ours for plan in self.plans))
            ),
            SideEvidence(
                listed(ends.theirs), evidence_hashes(read(plan.files.theirs for plan in self.plans))
            ),
        )
        return evidence_changes(listed(self.tree), sides, self.renamed, told)


def merge_commit_trees(
    contents: VersionContents, ends: MergeInputs, way: RemoteBranch
) -> MergedTree:
    """Make one tree of two commits.

    Args:
        contents: What they hold.
        ends: The commits.
        way: Whose they are, for messages.

    Raises:
        FilesConflict: Files that are no plans were changed on both sides, and do not merge.
        KvartalError: Git refused.
    """
    repository, listed = contents.repository, contents.evidence
    ours, theirs = listed(ends.ours), listed(ends.theirs)
    base = {path: entry for one in ends.bases for path, entry in listed(one).items()}
    renamed = tuple(name_collisions(ours, theirs, base))
    plans = _joined_plans(contents, ends, renamed)
    twice = ambiguous_paths(_merged_data(contents, plans))
    if twice:
        renamed = tuple(name_collisions(ours, theirs, base, twice))
        plans = _joined_plans(contents, ends, renamed)
    joint = join(repository, ends.ours, ends.theirs)
    sides = (side for one in plans for side in (one.files.ours, one.files.theirs))
    told = evidence_hashes(contents.data(sides))
    solved = {*(one.name for one in plans), *told}
    solved |= {path for one in renamed for path in (one.path, one.kept)}
    prefix = repository.prefix
    clashes = [path for path in joint.clashes if path.removeprefix(prefix) not in solved]
    if clashes:
        raise FilesConflict(paths=named(clashes), remote=way.remote, branch=way.branch)
    return MergedTree(contents, ends, plans, renamed, joint.tree)


def _joined_plans(
    contents: VersionContents, ends: MergeInputs, renamed: Iterable[RenamedFile]
) -> tuple[MergedPlan, ...]:
    """Return the plans that both sides have, merged."""
    mine, others = contents.plans(ends.ours), contents.plans(ends.theirs)
    names = sorted(mine.keys() & others.keys())
    found = (_joined(_files(contents.repository, ends, name, renamed), name) for name in names)
    return tuple(plan for plan in found if plan is not None)


def _merged_data(contents: VersionContents, plans: Iterable[MergedPlan]) -> Iterator[PlanData]:
    for plan in plans:
        if plan.merged is not None:
            yield plan.merged.data
        else:
            yield from contents.data([plan.content or b""])


def common(repository: Repository, ours: str, theirs: str) -> tuple[str, ...]:
    """Return the commits that two others came from; several where they merged each other's work."""
    done = repository.run("merge-base", "--all", ours, theirs)
    return tuple(done.text.split())


def _files(
    repository: Repository, ends: MergeInputs, name: str, renamed: Iterable[RenamedFile]
) -> Files:
    """Return the three versions of a plan, with evidence under the names it gets."""
    paths: dict[Side, dict[str, str]] = {Side.OURS: {}, Side.THEIRS: {}}
    for one in renamed:
        paths[one.side][one.path] = one.new
    ours, theirs = (
        _followed(repository.blob(commit, name) or b"", name, paths[side])
        for commit, side in ((ends.ours, Side.OURS), (ends.theirs, Side.THEIRS))
    )
    base = _ancestor(repository, ends.bases, name)
    return Files(base, ours, theirs, repository.prefix + name, MarkerLabels())


def _joined(files: Files, name: str) -> MergedPlan | None:
    """Return a merged plan; None for a file that is no plan and is left to git."""
    if files.theirs in {files.ours, files.base}:
        return MergedPlan(name, files, None, files.ours)
    if files.ours == files.base:
        return MergedPlan(name, files, None, files.theirs)
    found = merge_files(files, text_merge(files))
    if found.merged is None or not (found.is_clean or found.merged.conflicts):
        return None
    return MergedPlan(name, files, found.merged, found.content if found.is_clean else None)


def _ancestor(repository: Repository, commits: Sequence[str], name: str) -> bytes:
    """Return the version that both sides started from; of several, what they come to together."""
    first, *others = commits
    content = repository.blob(first, name) or b""
    for other in others:
        deeper = common(repository, first, other)
        base = _ancestor(repository, deeper, name) if deeper else b""
        version = repository.blob(other, name) or b""
        content = merge_ancestors(Files(base, content, version, name, MarkerLabels())).content
    return content


def _followed(content: bytes, name: str, paths: Mapping[str, str]) -> bytes:
    if not paths:
        return content
    try:
        source = load(content, name)
        return splice_to(source, with_renamed_files(source.data, paths)).encoded
    except (UnreadablePlan, SpliceFailed, UnwritableValue):
        return content
