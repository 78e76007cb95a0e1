"""Creates a repository for a plan that has none, with the plan in its first commit."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kvartal.history.git.command import GitResult, encode, run_git
from kvartal.history.git.discovery import find_repository, is_empty
from kvartal.history.git.driver_setup import attributes_line
from kvartal.history.git.errors import NotARepository
from kvartal.history.git.identity import Identity
from kvartal.history.git.local_settings import set_identity
from kvartal.history.git.own_programs import without_own_programs
from kvartal.history.git.repository import Repository
from kvartal.history.store.call_note import noted_call, noted_settings
from kvartal.history.store.durable import flush_repository
from kvartal.history.store.errors import CleanUpFailed
from kvartal.history.store.files import (
    TEMPORARY_SUFFIX,
    fsync_file,
    fsync_folder,
    move_to_new_path,
    write_errors,
    write_new_file,
)
from kvartal.history.store.git_locks import remove_own_locks, remove_undeleted_locks
from kvartal.history.store.ledger import Ledger, SaveResult
from kvartal.history.store.schema_file import left_schema
from kvartal.history.store.snapshot import Snapshot
from kvartal.history.store.state_folder import (
    delete_note,
    has_note,
    note_time,
    read_note,
    state_folder,
    write_note,
)
from kvartal.history.store.write_lock import write_lock
from kvartal.history.system_errors import system_reason
from kvartal.schema.changes import ChangeSource
from kvartal.schema.errors import N_, KvartalError, Translate, untranslated

PLANS: Final = "plan"
"""The name of the folder of plans in a programme's folder."""
ATTRIBUTES_FILE: Final = ".gitattributes"
_UNFINISHED: Final = f".git{TEMPORARY_SUFFIX}"
_SUBJECT: Final = N_("Настройки git: сравнивать и сливать программу по полям")
_SCHEMA_SUBJECT: Final = N_("Схема программы: для редакторов и проверок")


class AttributesNotSaved(KvartalError):
    """The history has begun, but the file of attributes could not be saved.

    Never raised: it is the warning of a history that has begun.
    """

    template = N_(
        "История начата. Не удалось только записать файл .gitattributes ({reason}). "
        "Без него сравнивать и сливать по полям git научит `kvartal git-setup`."
    )


def repository_folder(plan: Path, home: Path | None = None) -> Path:
    """Return the folder whose repository is to hold a plan.

    It is the one above ``plan/``; where that is the user's home folder or the root of a disk, or
    where the plan is in a folder with a different name, it is the plan's own folder.

    Args:
        plan: The plan file, with symbolic links followed.
        home: The user's home folder; found out if not given.
    """
    folder = plan.parent
    parent = folder.parent
    is_own_folder = parent not in (parent.parent, home or Path.home())
    return parent if folder.name == PLANS and is_own_folder else folder


def init_repository(  # noqa: PLR0913 - all that a history begins with
    path: Path,
    *,
    reason: str = "",
    translate: Translate = untranslated,
    files: Mapping[Path, bytes] = MappingProxyType({}),
    identity: Identity | None = None,
    source: ChangeSource | None = None,
) -> SaveResult:
    """Create a repository for a plan, unless it is in one, and commit the plan as it is.

    What a refused call, or a crash at any moment, leaves unfinished is finished by the next one.

    Args:
        path: The plan file.
        reason: What is to be said of the programme in its first commit; empty for nothing.
        translate: Turns Russian templates into the language of commit messages.
        files: What comes with it: the content of each file, by its path. One that is there already
            belongs to the user.
        identity: The author, written to the repository's own settings; None for git's.
        source: The file that the programme was taken from.

    Returns:
        The programme, and its first commit; no commit where it had been committed already.

    Raises:
        UnreadablePlan, InvalidPlan: The file is not a programme; nothing was created.
        KvartalError: Git or the file system refuses; each reason has its class.
    """
    ledger = Ledger(path, translate=translate)
    snapshot = ledger.read()
    plan = path.resolve()
    repository = _find_or_create(plan)
    if identity is not None:
        with noted_settings(repository) as held:
            set_identity(held, identity)
    # Of a repository that is there already nobody has said yet that its programs are welcome.
    with without_own_programs(repository):
        return _begin(repository, ledger, snapshot, reason, translate, files, source)


def is_unfinished(path: Path) -> bool:
    """Return whether the history of a plan was begun and what belongs to it is not all there.

    Raises:
        KvartalError: There is no repository.
    """
    return has_note(_note_path(find_repository(path.resolve().parent).git_dir))


def _begin(  # noqa: PLR0913, PLR0917 - a history and all that it begins with
    repository: Repository,
    ledger: Ledger,
    snapshot: Snapshot,
    reason: str,
    translate: Translate,
    files: Mapping[Path, bytes],
    source: ChangeSource | None,
) -> SaveResult:
    """Commit the plan, and the attributes of a history that begins here."""
    name = ledger.path.resolve().name
    note = _note_path(repository.git_dir)
    if has_note(note):
        _clear_interrupted(repository, name, _started(note))
    elif repository.object_id(f"HEAD:./{name}") is None:
        write_note(note, {"started": time.time()})
    result = ledger.adopt(snapshot, reason=reason, source=source)
    if not has_note(note):
        return result
    commit, warnings = result.commit, result.warnings
    try:
        top = repository.at("").folder.resolve()
        named = left_schema(snapshot.source.text, ledger.path.resolve(), top)
        attributes = encode(f"{attributes_line(repository.prefix)}\n")
        for file, content in {top / ATTRIBUTES_FILE: attributes, **named, **files}.items():
            # The file itself is not followed: a link that is there is the user's.
            place = file.parent.resolve() / file.name
            if place.is_relative_to(top):
                inside = place.relative_to(top).as_posix()
                left = _add_file(repository, inside, content, translate)
                warnings = warnings if left is None else (*warnings, left)
        if warnings == result.warnings:
            delete_note(note)  # Else it stays, and the next call puts the rest right.
    except (KvartalError, OSError) as error:
        # The plan is committed all the same, and `kvartal git-setup` does without this file.
        warnings = (*warnings, AttributesNotSaved(reason=system_reason(error)))
    if commit is None:
        commit = (
            repository.read_text("rev-list", "-1", "HEAD", "--", ledger.path.resolve().name).strip()
            or None
        )
    return replace(result, commit=commit, warnings=warnings)


def _find_or_create(plan: Path) -> Repository:
    try:
        return find_repository(plan.parent)
    except NotARepository:
        _create(repository_folder(plan))
    return find_repository(plan.parent)


def _create(folder: Path) -> None:
    """Create a repository beside its place and move it there whole, with a note of what follows.

    What was left of an earlier attempt goes; a git directory in which there is nothing is replaced.
    """
    git_dir, work_folder = folder / ".git", folder / _UNFINISHED
    with write_errors(folder):
        work_folder.mkdir(exist_ok=True)
    with write_lock(work_folder), write_errors(folder):
        if not git_dir.exists() or is_empty(git_dir):
            for left in ("new", "old"):
                shutil.rmtree(work_folder / left, ignore_errors=True)
            run_git(folder, ("init", "--quiet", str(work_folder / "new")), writes=True).checked()
            created = work_folder / "new" / ".git"
            write_note(_note_path(created), {"started": time.time()})
            _fsync_tree(created)
            if git_dir.exists():
                git_dir.rename(work_folder / "old")
            created.rename(git_dir)
            fsync_folder(folder)
    shutil.rmtree(work_folder, ignore_errors=True)


def _fsync_tree(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.suffix != ".sample":
            (fsync_folder if path.is_dir() else fsync_file)(path)


def _note_path(git_dir: Path) -> Path:
    return state_folder(git_dir) / "init.json"


def _started(note: Path) -> float:
    data = read_note(note)
    return note_time(data) if isinstance(data, dict) else time.time()


def _clear_interrupted(repository: Repository, plan: str, started: float) -> None:
    """Remove what an interrupted attempt left: its files, and locks of a git that was killed.

    Args:
        repository: The repository.
        plan: Name of the plan file.
        started: When the first attempt began, in seconds since the epoch.
    """
    top = repository.at("")
    shutil.rmtree(top.folder / _UNFINISHED, ignore_errors=True)
    with write_lock(repository.git_dir):
        (repository.folder / f"{plan}{TEMPORARY_SUFFIX}").unlink(missing_ok=True)
        remove_own_locks(top, _branch(top), started)


def _branch(repository: Repository) -> str:
    """Return the branch at HEAD, without ``refs/heads/``."""
    return repository.run("symbolic-ref", "--short", "HEAD").text.strip()


def _add_file(
    repository: Repository, name: str, content: bytes, translate: Translate
) -> CleanUpFailed | None:
    """Commit a file that belongs to a programme: attributes of git, the schema for editors.

    One that exists already belongs to the user: `kvartal git-setup` does without it.

    Args:
        repository: The repository.
        name: Its path from the root of the repository.
        content: What is to be in it.
        translate: Turns Russian templates into the language of commit messages.

    Returns:
        What failed after the commit; None where nothing did, or the file is not to be committed.

    Raises:
        KvartalError: There is no space to take back what git refused; the next attempt goes on.
    """
    top = repository.at("")
    path = top.folder / name
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    started = time.time()
    with write_lock(repository.git_dir) as descriptor, write_errors(path):
        top = replace(top, held=(descriptor,))
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        if top.object_id(f"HEAD:{name}") is not None:
            top.reset_index([name])
            return None
        if not path.exists():
            write_new_file(temporary, BytesIO(content))
            move_to_new_path(temporary, path)
            fsync_folder(path.parent)
        elif path.read_bytes() != content:
            return None
        with noted_call(top, staged=[name]):
            result = top.add([name])
            if not result.code:
                subject = _SUBJECT if name == ATTRIBUTES_FILE else _SCHEMA_SUBJECT
                result = top.commit_only([name], f"{translate(subject)}\n")
        # The exit code is not the answer: git may fail at the index when the commit is made.
        if not result.code or top.object_id(f"HEAD:{name}") is not None:
            return _tidied(top, name, result, started)
        # The plan is committed all the same, and `kvartal git-setup` does without this file.
        top.reset_index([name])
        path.unlink()
    return None


def _tidied(top: Repository, name: str, result: GitResult, started: float) -> CleanUpFailed | None:
    """Put right what git left of the commit of a file; return what failed.

    Args:
        top: The repository, as seen from its root.
        name: The file.
        result: How git ended.
        started: When the file was begun, in seconds since the epoch.
    """
    try:
        remove_undeleted_locks(top, _branch(top), result, started)
        if result.code:
            top.reset_index([name])
        flush_repository(top, started)
    except (KvartalError, OSError) as error:
        return CleanUpFailed(reason=system_reason(error))
    return None
