"""Edits that somebody made in the file outside the program: compared, or moved away to a copy."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.diff.groups import ChangeGroup, comment_groups, visible_groups
from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.diff.words import Words
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.repository import Repository
from kvartal.history.store.committed_files import back_up, put_back, put_over
from kvartal.history.store.errors import PlanChangedOutside
from kvartal.history.store.files import digest, file_digest, write_errors
from kvartal.history.store.recovery import recover
from kvartal.history.store.snapshot import check, new_problems
from kvartal.history.store.write_lock import LOCK_TIMEOUT, write_lock
from kvartal.history.yaml_text.loader import UnreadablePlan, load, read
from kvartal.history.yaml_text.source import Source
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import Problems

_AT_HEAD: Final = "HEAD"
_MOST_VERSIONS: Final = 50
"""How many earlier versions are tried where that of HEAD cannot be read."""


class NoCommittedVersion(KvartalError):
    """HEAD does not hold the plan: there is no version to go back to."""

    template = N_(
        "Файла «{plan}» ещё нет в истории: вернуться не к чему. Внесите его в историю: "
        "`kvartal adopt`."
    )


class NoManualEdits(KvartalError):
    """The file is as in HEAD."""

    template = N_("В файле «{plan}» нет правки, которой не было бы в истории.")


@dataclass(frozen=True, slots=True)
class ManualEdits:
    """The differences between the file and HEAD.

    Attributes:
        digest: SHA-256 of the file that was compared; None where there is none.
        groups: What was changed, by measure; empty where either side cannot be read, or where only
            the layout differs.
        problems: Problems that the edits introduce, in the order of the file.
        is_new: HEAD does not hold the plan yet.
        lost: Ids of the measures that lose a record, a postponement or the cancellation.
        is_readable: The file could be read.
        head_error: Why the version at HEAD cannot be read; None where it can.
        compared: The commit whose version was compared instead; empty for HEAD, or where no
            earlier version can be read either.
    """

    digest: str | None
    groups: tuple[ChangeGroup, ...]
    problems: Problems
    is_new: bool
    is_readable: bool
    lost: tuple[str, ...] = ()
    head_error: KvartalError | None = None
    compared: str = ""


def find_manual_edits(path: Path, words: Words, name: str | None = None) -> ManualEdits:
    """Return what was edited in a plan file outside the program.

    Args:
        path: The plan file.
        words: The language.
        name: What to call the file in messages; its path, if not given.

    Raises:
        KvartalError: There is no repository that can be read.
    """
    plan = path.resolve()
    if not plan.parent.is_dir():  # Deleted together with the file.
        return ManualEdits(None, (), Problems(), is_new=False, is_readable=False)
    repository = find_repository(plan.parent)
    is_new = not repository.holds(_AT_HEAD, plan.name)
    before, head_error, compared = None, None, ""
    if not is_new:
        try:
            before = _version(repository, _AT_HEAD, plan.name)
        except (GitFailed, UnreadablePlan) as error:
            head_error = error
            before, compared = _last_readable(repository, plan.name)
    sha256 = file_digest(plan)
    try:
        after = read(plan, str(path) if name is None else name)
    except UnreadablePlan as error:
        return ManualEdits(
            sha256,
            (),
            error.problems,
            is_new=is_new,
            is_readable=False,
            head_error=head_error,
        )
    known = () if before is None else check(before)
    groups: tuple[ChangeGroup, ...] = ()
    lost: tuple[str, ...] = ()
    if before is not None:
        lost = measures_without_facts(before.data, after.data)
        groups = visible_groups(before.data, after.data, words)
        groups = groups or comment_groups(before.encoded, after.encoded, words)
    return ManualEdits(
        sha256,
        groups,
        new_problems(known, check(after)),
        is_new=is_new,
        is_readable=True,
        lost=lost,
        head_error=head_error,
        compared=compared,
    )


def move_manual_edits_away(
    path: Path, seen: str | None, *, timeout: float = LOCK_TIMEOUT, now: datetime | None = None
) -> Path | None:
    """Set the file back to HEAD and keep the edited text in a copy.

    Args:
        path: The plan file.
        seen: SHA-256 of the file that the user decided about; None where there was none.
        timeout: How many seconds to wait for another writer.
        now: The time for the copy's name; the clock's, if not given.

    Returns:
        The copy, in the git directory; None where there was no file to copy.

    Raises:
        NoCommittedVersion: HEAD does not hold the plan.
        NoManualEdits: The file is as HEAD has it.
        PlanChangedOutside: The file is not the one that was decided about.
        KvartalError: Git or the file system refuses; the file is as it was.
    """
    plan = path.resolve()
    if seen is None:
        with write_errors(plan.parent):
            plan.parent.mkdir(parents=True, exist_ok=True)
    repository = find_repository(plan.parent)
    with write_lock(repository.git_dir, timeout=timeout) as descriptor:
        recover(replace(repository, held=(descriptor,)))
        committed = _committed_bytes(repository, plan.name)
        if committed is None:
            raise NoCommittedVersion(plan=plan.name)
        if file_digest(plan) != seen:
            raise PlanChangedOutside(plan=plan.name)
        if seen == digest(committed):
            raise NoManualEdits(plan=plan.name)
        with write_errors(plan):
            if seen is None:
                put_back(repository, plan, committed)
                return None
            copy = back_up(repository, plan, now or datetime.now().astimezone())
            put_over(repository, plan, committed, seen)
            return copy


def _committed_bytes(repository: Repository, name: str) -> bytes | None:
    """Return the plan at HEAD with the line ends and filters of a checkout.

    Raises:
        GitFailed: HEAD holds it, but it cannot be read.
    """
    if repository.blob(_AT_HEAD, name) is None:
        return None
    return repository.read("cat-file", "--filters", f"{_AT_HEAD}:./{name}")


def _version(repository: Repository, revision: str, name: str) -> Source:
    """Return the plan at a revision that holds it.

    Raises:
        GitFailed: It cannot be read, or was not fetched.
        UnreadablePlan: It is not the YAML that a plan is written in.
    """
    return load(repository.blob(revision, name) or b"", f"{revision}:{name}")


def _last_readable(repository: Repository, name: str) -> tuple[Source | None, str]:
    """Return the newest version before HEAD's that can be read, and its commit."""
    listed = repository.run("log", "--format=%H", f"-{_MOST_VERSIONS}", "--", name)
    for commit in listed.text.split():
        with suppress(GitFailed, UnreadablePlan):
            if repository.holds(commit, name):
                return _version(repository, commit, name), commit
    return None, ""
