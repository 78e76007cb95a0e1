"""Our commit and the remote's, compared: the commits between them, obstacles, and the merge."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvartal.history.diff.words import Words, moment_text
from kvartal.history.git.repository import Repository
from kvartal.history.log.log import read_commits
from kvartal.history.messages.trailers import EvidenceNote
from kvartal.history.store.snapshot import introduced
from kvartal.history.sync.authorship import with_authors
from kvartal.history.sync.divergence import Choices, Divergence, FieldConflict, Side
from kvartal.history.sync.errors import (
    ChoicesInvalid,
    ChoicesOutdated,
    LocalPlanInvalid,
    RemoteBranchDeleted,
    RemoteRewritten,
    ShallowHistory,
    SyncConflicts,
    UnrelatedHistories,
)
from kvartal.history.sync.merge_commit import MergeSummary, authors, merge_commit, merge_message
from kvartal.history.sync.merge_tree import MergedTree, MergeInputs, common, merge_commit_trees
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.validation import SHORT_HASH, VersionChecker, VersionContents
from kvartal.schema.changes import PlanData


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the remote holds.

    Attributes:
        theirs: Its commit; None where the branch is not there.
        last: The commit it was known to hold before it was asked; None where nothing was known.
    """

    theirs: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two commits and what can be made of them.

    Attributes:
        contents: What the versions hold.
        name: The plan's file name.
        divergence: How they stand to each other.
        joined: Both made one, where each has what the other has not.
    """

    contents: VersionContents
    name: str
    divergence: Divergence
    joined: MergedTree | None

    @property
    def repository(self) -> Repository:
        """The repository, as seen from the plan's folder."""
        return self.contents.repository

    def refuse_broken(self, commit: str, theirs: str | None) -> None:
        """Refuse to send what is not a valid programme.

        Args:
            commit: What would be sent.
            theirs: What the remote holds; None where it holds nothing.

        Raises:
            LocalPlanInvalid: It is not.
        """
        if commit == theirs:
            return
        inspector = VersionChecker(self.contents, self.name)
        trusted = self.contents.evidence(theirs) if theirs else {}
        problems = inspector.all_faults(commit, theirs, trusted)
        if problems:
            raise LocalPlanInvalid(problems)

    def merged(self, choices: Choices | Side | None, words: Words) -> str:
        """Make the merge commit, which belongs to nothing yet; return its id.

        Args:
            choices: What a person chose.
            words: The language of the message.

        Raises:
            SyncConflicts: Somebody has to choose.
            ChoicesInvalid: The programme would not be valid with what was chosen.
            LocalPlanInvalid: It would not be valid in any case.
            KvartalError: Git would not make the commit.
        """
        sides = self._sides(choices)
        joined = self.joined
        if joined is None:
            return self.divergence.ours
        tree = joined.settled(sides)
        self._refuse_faults(tree)
        message = self._message(tree, sides, words)
        return merge_commit(self.repository, tree, (joined.ends.ours, joined.ends.theirs), message)

    def _sides(self, choices: Choices | Side | None) -> tuple[Side, ...]:
        divergence = self.divergence
        if isinstance(choices, Side):
            return divergence.chosen(choices).sides
        if not divergence.conflicts:
            return ()
        if choices is None:
            raise SyncConflicts(divergence)
        is_for_these = (choices.ours, choices.theirs) == (divergence.ours, divergence.theirs)
        if not is_for_these or len(choices.sides) != len(divergence.conflicts):
            raise ChoicesOutdated(divergence)
        return choices.sides

    def _refuse_faults(self, tree: str) -> None:
        inspector, ends = VersionChecker(self.contents, self.name), self.divergence
        listed = self.contents.evidence
        both = listed(ends.ours) | listed(ends.theirs or ends.ours)
        problems = inspector.all_faults(tree, ends.theirs, both)
        if not problems:
            return
        own = inspector.all_faults(ends.ours, None)
        new = introduced(own, problems)
        if new and ends.conflicts:
            raise ChoicesInvalid(new)
        raise LocalPlanInvalid(new or problems)

    def _message(self, tree: str, sides: Sequence[Side], words: Words) -> str:
        repository, ends = self.repository, self.divergence
        theirs = ends.theirs or ends.ours
        base, mine, other, after = self._versions(tree)
        told = MergeSummary(
            base=base,
            mine=mine,
            other=other,
            after=after,
            conflicts=ends.conflicts,
            sides=sides,
            notes=ends.notes,
            evidence=tuple(self._new_evidence()),
            ours=authors(repository, ends.ours, theirs),
            theirs=authors(repository, theirs, ends.ours),
        )
        return merge_message(told, words)

    def _versions(self, tree: str) -> tuple[PlanData, PlanData, PlanData, PlanData]:
        """Return the plan as both had it, as either side has it, and what it comes to."""
        content = self.repository.blob(tree, self.name) or b""
        plan = self.joined.plan(self.name) if self.joined else None
        files = plan.files if plan else None
        versions = (files.base, files.ours, files.theirs) if files else (content,) * 3
        base, mine, other, after = (
            next(self.contents.data([one]), {}) for one in (*versions, content)
        )
        return base, mine, other, after

    def _new_evidence(self) -> list[EvidenceNote]:
        import hashlib

        found = []
        for one in self.joined.renamed if self.joined else ():
            content = next(self.repository.objects([one.moves.object_id])) or b""
            path = self.repository.prefix + one.new
            found.append(EvidenceNote(hashlib.sha256(content).hexdigest(), path))
        return found


def compare(  # noqa: PLR0913 - two commits and whose they are
    repository: Repository,
    name: str,
    way: RemoteBranch,
    ours: str,
    fetched: Fetched,
    *,
    accept_rewritten: bool,
) -> Comparison:
    """Return how two commits stand to each other, and both made one where that is needed.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        way: Whose commits they are.
        ours: Our commit.
        fetched: Theirs, and what it was before.
        accept_rewritten: Go on where the remote dropped commits that it had.

    Raises:
        RemoteBranchDeleted, RemoteRewritten: The remote dropped commits that it had.
        UnrelatedHistories, ShallowHistory: There is no commit that both came from.
        PlanMissingAtRemote: Theirs has no such plan.
        ReceivedPlanInvalid: Theirs is not a valid programme.
        FilesConflict: Files that are no plans do not merge.
    """
    contents = VersionContents(repository)
    theirs = fetched.theirs
    if fetched.last != theirs and not accept_rewritten:
        _refuse_rewritten(repository, way, fetched.last, theirs)
    received, sent = _counted(repository, ours, theirs)
    if theirs is None:
        divergence = Divergence(way.remote, way.branch, ours, None, None, 0, sent)
        return Comparison(contents, name, divergence, None)
    bases = common(repository, ours, theirs)
    if not bases:
        is_shallow = repository.read_text("rev-parse", "--is-shallow-repository").strip()
        reason = ShallowHistory if is_shallow == "true" else UnrelatedHistories
        raise reason(remote=way.remote, branch=way.branch)
    plain = Divergence(way.remote, way.branch, ours, theirs, bases[0], received, sent)
    if theirs in bases:
        return Comparison(contents, name, plain, None)
    _refuse_received(contents, name, plain)
    if not plain.is_forked:
        return Comparison(contents, name, plain, None)
    joined = merge_commit_trees(contents, MergeInputs(ours, theirs, bases), way)
    return Comparison(contents, name, _with_conflicts(repository, name, plain, joined), joined)


def _counted(repository: Repository, ours: str, theirs: str | None) -> tuple[int, int]:
    """Return how many commits they have and we have not, and the other way; merges not counted."""
    arguments = ("rev-list", "--count", "--no-merges")
    if theirs is None:
        return 0, int(repository.read(*arguments, ours))
    sent, received = repository.read(*arguments, "--left-right", f"{ours}...{theirs}").split()
    return int(received), int(sent)


def _with_conflicts(
    repository: Repository, name: str, plain: Divergence, joined: MergedTree
) -> Divergence:
    conflicts: list[FieldConflict] = []
    for plan in joined.plans:
        if plan.content is None and plan.merged is not None:
            data = plan.merged.data
            conflicts += [FieldConflict(plan.name, one, data) for one in plan.conflicts]
    own = joined.plan(name)
    return Divergence(
        plain.remote,
        plain.branch,
        plain.ours,
        plain.theirs,
        plain.base,
        plain.received,
        plain.sent,
        merged=own.merged if own else None,
        conflicts=with_authors(repository, conflicts, joined.ends.ours, joined.ends.theirs),
        notes=joined.notes,
    )


def _refuse_rewritten(
    repository: Repository, way: RemoteBranch, last: str | None, theirs: str | None
) -> None:
    if last is None or repository.commit_id(last) is None:
        return  # Nothing is known of it any more.
    if theirs is None:
        raise RemoteBranchDeleted(remote=way.remote, branch=way.branch)
    arguments = ("merge-base", "--is-ancestor", last, theirs)
    if repository.run(*arguments).code == 0:
        return
    lost = next(read_commits(repository, ("-1", last, f"^{theirs}")))
    raise RemoteRewritten(
        remote=way.remote,
        commit=lost.commit[:SHORT_HASH],
        author=lost.author,
        date=moment_text(lost.date, time=False),
        subject=lost.subject,
    )


def _refuse_received(contents: VersionContents, name: str, divergence: Divergence) -> None:
    """Refuse what the remote holds where it is broken, and neither we nor our common past are."""
    theirs = divergence.theirs or ""
    inspector = VersionChecker(contents, name)
    inspector.refuse_missing(theirs, divergence.remote)
    ours = divergence.ours
    problems = inspector.all_faults(theirs, ours, contents.evidence(ours))
    if not problems:
        return
    before = (ours, divergence.base or ours)
    for commit in dict.fromkeys(before):
        problems = introduced(inspector.all_faults(commit, None), problems)
    if problems:
        raise inspector.received_broken(problems, divergence.remote, before, theirs)
