"""Edits that somebody made in the file outside the program: compared, or moved away to a copy."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kvartal.history.diff.groups import ChangeGroup, comment_groups, visible_groups
from kvartal.history.diff.removals import measures_without_facts
from kvartal.history.diff.words import Words
from kvartal.history.git.discovery import find_repository
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
        is_readable: Both sides could be read, so that the groups are complete.
    """

    digest: str | None
    groups: tuple[ChangeGroup, ...]
    problems: Problems
    is_new: bool
    is_readable: bool
    lost: tuple[str, ...] = ()


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
    stored = repository.blob(_AT_HEAD, plan.name)
    before = None if stored is None else _loaded(stored, plan.name)
    sha256 = file_digest(plan)
    try:
        after = read(plan, str(path) if name is None else name)
    except UnreadablePlan as error:
        return ManualEdits(sha256, (), error.problems, is_new=stored is None, is_readable=False)
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
        is_new=stored is None,
        is_readable=before is not None,
        lost=lost,
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


def _loaded(stored: bytes, name: str) -> Source | None:
    try:
        return load(stored, f"{_AT_HEAD}:{name}")
    except UnreadablePlan:
        return None
