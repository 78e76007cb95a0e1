"""Edits that somebody made in the file by hand: told in fields, or put aside and never lost."""

from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from kvartal.history.diff.groups import ChangeGroup, change_groups, comment_groups
from kvartal.history.diff.words import Words
from kvartal.history.git.repository import Repository, find_repository
from kvartal.history.store.errors import PlanChangedOutside
from kvartal.history.store.filenames import numbered
from kvartal.history.store.files import SUFFIX, digest, digest_at, spare, swap, write_new, writing
from kvartal.history.store.recovery import heal
from kvartal.history.store.snapshot import check, introduced
from kvartal.history.store.write_ahead import new_token
from kvartal.history.store.write_lock import ASIDE, FOLDER, PATIENCE, locked
from kvartal.history.yaml_text.loader import UnreadablePlan, load, read
from kvartal.history.yaml_text.source import Source
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import Problem

_AT_HEAD: Final = "HEAD"


class NoCommittedVersion(KvartalError):
    """HEAD does not hold the plan: there is no version that an edit could give way to."""

    template = N_(
        "Файла «{plan}» ещё нет в истории: вернуться не к чему. Внесите его в историю: "
        "`kvartal adopt`."
    )


class NoManualEdits(KvartalError):
    """The file is as HEAD has it."""

    template = N_("В файле «{plan}» нет правки, которой не было бы в истории.")


@dataclass(frozen=True, slots=True)
class ManualEdits:
    """What the file holds and HEAD does not.

    Attributes:
        digest: SHA-256 of the file that was looked at; None where there is none.
        groups: What was altered, by measure; empty where either side cannot be read, or where only
            the layout differs.
        problems: What the edit makes wrong, in the order of the file.
        is_new: HEAD does not hold the plan yet.
        is_readable: Both sides could be read, so that the groups tell all.
    """

    digest: str | None
    groups: tuple[ChangeGroup, ...]
    problems: tuple[Problem, ...]
    is_new: bool
    is_readable: bool


def examine(path: Path, words: Words, name: str | None = None) -> ManualEdits:
    """Return what was edited in a plan file by hand.

    Args:
        path: The plan file.
        words: The language.
        name: What to call the file in messages; its path, if not given.

    Raises:
        KvartalError: There is no repository that can be asked.
    """
    plan = path.resolve()
    if not plan.parent.is_dir():  # The folder went with the file.
        return ManualEdits(None, (), (), is_new=False, is_readable=False)
    repository = find_repository(plan.parent)
    stored = repository.blob(_AT_HEAD, plan.name)
    before = None if stored is None else _loaded(stored, plan.name)
    seen = digest_at(plan)
    try:
        after = read(plan, str(path) if name is None else name)
    except UnreadablePlan as error:
        return ManualEdits(seen, (), error.problems, is_new=stored is None, is_readable=False)
    known = () if before is None else check(before)
    groups: tuple[ChangeGroup, ...] = ()
    if before is not None:
        groups = change_groups(before.data, after.data, words)
        groups = groups or comment_groups(before.encoded, after.encoded, words)
    return ManualEdits(
        seen,
        groups,
        introduced(known, check(after)),
        is_new=stored is None,
        is_readable=before is not None,
    )


def put_aside(
    path: Path, seen: str | None, *, patience: float = PATIENCE, now: datetime | None = None
) -> Path | None:
    """Put an edit by hand aside: the file gets the version of HEAD, its text is kept in a copy.

    Args:
        path: The plan file.
        seen: SHA-256 of the file that the person decided about; None where there was none.
        patience: How many seconds to wait for another writer.
        now: The time for the copy's name; the clock's, if not given.

    Returns:
        The copy, in the git directory; None where there was no file to copy.

    Raises:
        NoCommittedVersion: HEAD does not hold the plan.
        NoManualEdits: The file is as HEAD has it.
        PlanChangedOutside: The file is another than the one that was decided about.
        KvartalError: Git or the file system refuses; the file is as it was.
    """
    plan = path.resolve()
    if seen is None:
        with writing(plan.parent):
            plan.parent.mkdir(parents=True, exist_ok=True)
    repository = find_repository(plan.parent)
    with locked(repository.git_dir, patience=patience) as descriptor:
        heal(replace(repository, held=(descriptor,)))
        back = _at_head(repository, plan.name)
        if back is None:
            raise NoCommittedVersion(plan=plan.name)
        if digest_at(plan) != seen:
            raise PlanChangedOutside(plan=plan.name)
        if seen == digest(back):
            raise NoManualEdits(plan=plan.name)
        with writing(plan):
            if seen is None:
                write_new(plan, BytesIO(back))
                return None
            copy = _copied(repository, plan, now or datetime.now().astimezone())
            _return_to(plan, back, seen)
            return copy


def _copied(repository: Repository, plan: Path, now: datetime) -> Path:
    # Of the whole repository: the git directory of a working tree goes when that is removed.
    folder = repository.common_dir / FOLDER / ASIDE
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{plan.stem}_{now:%Y-%m-%d_%H-%M-%S}{plan.suffix}"
    number = 1
    while (copy := folder / numbered(name, number)).exists():
        number += 1
    with plan.open("rb") as content:
        write_new(copy, content, like=plan)
    return copy


def _return_to(plan: Path, back: bytes, seen: str) -> None:
    """Let the version of HEAD take the file's place, if the file is still the one that was seen."""
    temporary = plan.with_name(f".{new_token()}{SUFFIX}")
    try:
        write_new(temporary, BytesIO(back), like=plan)
        swap(plan, temporary, comes_out=seen)
    finally:
        temporary.unlink(missing_ok=True)
        spare(temporary).unlink(missing_ok=True)


def _at_head(repository: Repository, name: str) -> bytes | None:
    """Return the plan of HEAD with the line ends and filters of a checkout."""
    if repository.object_id(f"{_AT_HEAD}:./{name}") is None:
        return None
    return repository.read("cat-file", "--filters", f"{_AT_HEAD}:./{name}")


def _loaded(stored: bytes, name: str) -> Source | None:
    try:
        return load(stored, f"{_AT_HEAD}:{name}")
    except UnreadablePlan:
        return None
