"""Compares our commit with the remote's: what differs, what prevents a sync, and their merge."""

from dataclasses import dataclass, replace

from kvartal.history.diff.words import SHORT_HASH, Words, moment_text
from kvartal.history.git.failures import NotInShallowClone
from kvartal.history.git.repository import Repository
from kvartal.history.log.log import read_commits
from kvartal.history.merge.lost_comments import lost_comments
from kvartal.history.store.snapshot import check, new_problems
from kvartal.history.sync.authorship import with_authors
from kvartal.history.sync.divergence import Choices, Divergence, FieldConflict, Side
from kvartal.history.sync.errors import (
    ChoicesInvalid,
    ChoicesOutdated,
    LocalPlanInvalid,
    RemoteBranchDeleted,
    RemoteEmptied,
    RemoteRewritten,
    ShallowHistory,
    SyncConflicts,
    UnrelatedHistories,
)
from kvartal.history.sync.folder_plans import MergeInputs
from kvartal.history.sync.merge_commit import create_merge_commit, merge_message
from kvartal.history.sync.merge_summary import merge_summary
from kvartal.history.sync.merge_tree import MergedTree, merge_commit_trees
from kvartal.history.sync.remote import RemoteBranch
from kvartal.history.sync.validation import VersionChecker, VersionContents
from kvartal.history.yaml_text.loader import load
from kvartal.schema.problems import Problem


@dataclass(frozen=True, slots=True)
class Fetched:
    """The state of the remote's branch.

    Attributes:
        theirs: Its commit; None where the branch does not exist.
        last_known: The commit that it was known to have before the fetch; None if none was known.
        has_refs: Whether the remote shows any ref; looked at where it lost the branch.
        notes: Which refs of this clone cannot be read, and so took no part.
        moved: What was moved away so that it could be fetched: told whatever comes after.
    """

    theirs: str | None
    last_known: str | None
    notes: tuple[Problem, ...] = ()
    moved: tuple[Problem, ...] = ()
    has_refs: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our commit and the remote's, compared.

    Attributes:
        contents: The contents of the versions.
        name: The plan's file name.
        divergence: How they differ.
        merge: Their merge; None where one commit descends from the other.
    """

    contents: VersionContents
    name: str
    divergence: Divergence
    merge: MergedTree | None

    @property
    def repository(self) -> Repository:
        """The repository, as seen from the plan's folder."""
        return self.contents.repository

    def refuse_invalid(self) -> None:
        """Refuse to push a version that is not a valid programme.

        Raises:
            LocalPlanInvalid: Our version is not.
        """
        ours, theirs = self.divergence.ours, self.divergence.theirs
        if ours == theirs:
            return
        checker = VersionChecker(self.contents, self.name)
        trusted = self.contents.evidence(theirs) if theirs else {}
        problems = checker.problems(ours, theirs, trusted)
        if problems:
            raise LocalPlanInvalid(problems)

    def create_merge_commit(
        self, choices: Choices | Side | None, words: Words
    ) -> tuple[str, tuple[Problem, ...]]:
        """Create the merge commit, which no ref points to yet.

        Returns:
            Its id, and what else to report that follows from the choices.

        Args:
            choices: What the user chose.
            words: The language of the message.

        Raises:
            SyncConflicts: Somebody has to choose.
            ChoicesInvalid: The programme would not be valid with the chosen values.
            LocalPlanInvalid: It would not be valid whatever is chosen.
            KvartalError: Git would not create the commit.
        """
        sides = self._sides(choices)
        merge = self.merge
        if merge is None:
            return self.divergence.ours, ()
        tree = merge.write(sides)
        self._refuse_invalid_tree(tree)
        self._refuse_invalid_choices(merge, tree)
        notes = tuple(
            note
            for plan, chosen in merge.by_plan(sides)
            for note in (
                *lost_comments(plan.files, merge.content(tree, plan)),
                *plan.displaced(chosen),
            )
        )
        summary = merge_summary(merge, self.divergence, self.name, tree, sides, notes)
        message = merge_message(summary, words)
        parents = (merge.inputs.ours, merge.inputs.theirs)
        return create_merge_commit(self.repository, tree, parents, message), notes

    def divergence_at(self, head: str) -> Divergence:
        """Return how the sides differed, without notes of files that were not chosen.

        Args:
            head: Full id of the merge.
        """
        missing = [file.note for file in self.merge.dropped(head)] if self.merge else []
        notes = tuple(note for note in self.divergence.notes if note not in missing)
        return replace(self.divergence, notes=notes)

    def _sides(self, choices: Choices | Side | None) -> tuple[Side, ...]:
        divergence = self.divergence
        if isinstance(choices, Side):
            return divergence.choices(choices).sides
        if not divergence.conflicts:
            return ()
        if choices is None:
            raise SyncConflicts(divergence)
        is_for_this = (choices.ours, choices.theirs) == (divergence.ours, divergence.theirs)
        if not is_for_this or len(choices.sides) != len(divergence.conflicts):
            raise ChoicesOutdated(divergence)
        return choices.sides

    def _refuse_invalid_tree(self, tree: str) -> None:
        checker, divergence = VersionChecker(self.contents, self.name), self.divergence
        evidence = self.contents.evidence
        trusted = evidence(divergence.ours) | evidence(divergence.theirs or divergence.ours)
        problems = checker.problems(tree, divergence.theirs, trusted)
        if not problems:
            return
        ours = checker.problems(divergence.ours, None)
        new = new_problems(ours, problems)
        if new and divergence.conflicts:
            raise ChoicesInvalid(new)
        raise LocalPlanInvalid(new or problems)

    def _refuse_invalid_choices(self, merge: MergedTree, tree: str) -> None:
        """Refuse choices that make a plan of another folder break a rule."""
        for plan in merge.plans_elsewhere:
            content = merge.content(tree, plan)
            problems = () if plan.content is not None else check(load(content, plan.name))
            if problems:
                new = new_problems(check(load(plan.files.ours, plan.name)), problems)
                raise ChoicesInvalid(new) if new else LocalPlanInvalid(tuple(problems))


def compare(  # noqa: PLR0913 - two commits and whose they are
    repository: Repository,
    name: str,
    remote_branch: RemoteBranch,
    ours: str,
    fetched: Fetched,
    *,
    accept_rewritten: bool,
) -> Comparison:
    """Compare our commit with the remote's, and merge them where that is needed.

    Args:
        repository: As seen from the plan's folder.
        name: The plan's file name.
        remote_branch: The branches.
        ours: Our commit.
        fetched: The state of the remote's branch.
        accept_rewritten: Go on where the remote dropped commits that it had.

    Raises:
        RemoteBranchDeleted, RemoteRewritten: The remote dropped commits that it had.
        UnrelatedHistories, ShallowHistory: There is no merge base.
        PlanMissingAtRemote: The remote's version does not have the plan.
        ReceivedPlanInvalid: The remote's version is not a valid programme.
        FilesConflict: Files other than plans were changed on both sides, and git cannot merge them.
    """
    contents = VersionContents(repository)
    theirs = fetched.theirs
    if fetched.last_known != theirs and not accept_rewritten:
        _refuse_rewritten(repository, remote_branch, fetched)
    remote, branch = remote_branch.remote, remote_branch.branch
    received, sent = _count_commits(repository, ours, theirs)
    if theirs is None:
        divergence = Divergence(remote, branch, ours, None, None, 0, sent)
        return Comparison(contents, name, divergence, None)
    try:
        bases = repository.merge_bases(ours, theirs)
    except NotInShallowClone as error:
        raise ShallowHistory(remote=remote, branch=branch) from error
    if not bases:
        raise UnrelatedHistories(remote=remote, branch=branch)
    divergence = Divergence(remote, branch, ours, theirs, bases[0], received, sent)
    if theirs in bases:
        return Comparison(contents, name, divergence, None)
    _refuse_invalid_received(contents, name, divergence)
    if not divergence.is_forked:
        return Comparison(contents, name, divergence, None)
    merge = merge_commit_trees(contents, MergeInputs(ours, theirs, bases), remote_branch)
    return Comparison(contents, name, _with_merge(repository, name, divergence, merge), merge)


def _count_commits(repository: Repository, ours: str, theirs: str | None) -> tuple[int, int]:
    """Return how many commits we lack, and how many the remote lacks; merges not counted."""
    arguments = ("rev-list", "--count", "--no-merges")
    if theirs is None:
        return 0, int(repository.read(*arguments, ours))
    sent, received = repository.read(*arguments, "--left-right", f"{ours}...{theirs}").split()
    return int(received), int(sent)


def _with_merge(
    repository: Repository, name: str, divergence: Divergence, merge: MergedTree
) -> Divergence:
    """Return a divergence with the conflicts and notes of its merge."""
    disputed = [
        (plan, plan.merged)
        for plan in merge.every
        if plan.content is None and plan.merged is not None
    ]
    names_plan = any(plan.programme != name and merged.conflicts for plan, merged in disputed)
    conflicts = [
        FieldConflict(
            plan.name,
            conflict,
            merged.data,
            names_plan=names_plan,
            is_elsewhere=plan.is_elsewhere,
        )
        for plan, merged in disputed
        for conflict in merged.conflicts
    ]
    plan_itself = merge.plan(name)
    return replace(
        divergence,
        merged=plan_itself.merged if plan_itself else None,
        conflicts=with_authors(repository, conflicts, merge.inputs.ours, merge.inputs.theirs),
        notes=merge.notes,
    )


def _refuse_rewritten(
    repository: Repository, remote_branch: RemoteBranch, fetched: Fetched
) -> None:
    last_known, theirs = fetched.last_known, fetched.theirs
    if last_known is None or repository.object_id(f"{last_known}^{{commit}}") is None:
        return  # This clone no longer has the commit: there is nothing to compare with.
    remote = remote_branch.remote
    if theirs is None:
        reason = RemoteBranchDeleted if fetched.has_refs else RemoteEmptied
        raise reason(remote=remote, branch=remote_branch.branch)
    if repository.is_ancestor(last_known, theirs):
        return
    lost = next(read_commits(repository, ("-1", last_known, f"^{theirs}")))
    raise RemoteRewritten(
        remote=remote,
        commit=lost.commit[:SHORT_HASH],
        author=lost.author,
        date=moment_text(lost.date, time=False),
        subject=lost.subject,
    )


def _refuse_invalid_received(contents: VersionContents, name: str, divergence: Divergence) -> None:
    """Refuse the remote's version for problems that neither ours nor the merge base has."""
    theirs = divergence.theirs or ""
    checker = VersionChecker(contents, name)
    ours = divergence.ours
    checker.refuse_missing(theirs, divergence.base or ours, divergence.remote)
    problems = checker.problems(theirs, ours, contents.evidence(ours))
    if not problems:
        return
    before = (ours, divergence.base or ours)
    for commit in dict.fromkeys(before):
        problems = new_problems(checker.problems(commit, None), problems)
    if problems:
        raise checker.received_invalid(problems, divergence.remote, before, theirs)
