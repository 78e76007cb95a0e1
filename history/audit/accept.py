"""Accepts findings: a commit that changes no file and says who accepts what, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from kvartal.history.audit.acceptances import is_same_person
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.verify import verify
from kvartal.history.diff.words import one_line
from kvartal.history.git.diagnosis import commit_error
from kvartal.history.git.discovery import find_repository
from kvartal.history.git.errors import NoIdentity
from kvartal.history.git.identity import has_identity
from kvartal.history.git.repository import Repository
from kvartal.history.messages.trailers import Trailers, parse_trailers
from kvartal.history.store.call_note import noted_call
from kvartal.history.store.git_locks import wait_for_git
from kvartal.history.store.recovery import recover
from kvartal.history.store.repo_state import ready_state
from kvartal.history.store.write_lock import LOCK_TIMEOUT, write_lock
from kvartal.schema.changes import ChangeKind
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_, KvartalError, Translate, untranslated
from kvartal.schema.typed_text import normalised

_ONE: Final = N_("Принято замечание {id}")
_ONE_UNTIL: Final = N_("Принято до {day} замечание {id}")
_SEVERAL: Final = N_("Принято замечаний: {count}")
_SEVERAL_UNTIL: Final = N_("Принято до {day} замечаний: {count}")


class NoSuchFinding(KvartalError):
    """No finding has this id."""

    template = N_(
        "Замечания «{id}» нет. Замечания и как они называются показывает `kvartal verify` "
        "(в квадратных скобках в конце строки)."
    )


class NotAcceptable(KvartalError):
    """The finding is about the state of this clone."""

    template = N_(
        "«{id}» — о состоянии этой копии, а не об истории: такое не принимают, а исправляют. {text}"
    )


class NoReason(KvartalError):
    """There is no reason."""

    template = N_('Без причины замечание не принимают: напишите её, `--reason "…"`.')


class AcceptAltered(KvartalError):
    """A hook put files in the commit."""

    template = N_(
        "Замечание не принято: хук git внёс в запись файлы, а запись о принятии их не меняет. "
        "Посмотрите хуки в {hooks}."
    )


@dataclass(frozen=True, slots=True)
class Acceptable:
    """A finding to be accepted.

    Attributes:
        finding: The finding.
        is_own: Whether it is about a commit of whoever accepts it.
    """

    finding: Finding
    is_own: bool


def find_acceptable(
    path: Path,
    ids: Sequence[str],
    *,
    languages: Sequence[Translate] = (untranslated,),
    translate: Translate = untranslated,
) -> tuple[Acceptable, ...]:
    """Return the findings that have these ids, each once.

    Args:
        path: The plan file.
        ids: As `verify` shows them.
        languages: As for `verify`.
        translate: As for `verify`.

    Raises:
        NoSuchFinding: There is none with such an id.
        NotAcceptable: It is about the state of this clone.
        KvartalError: As for `verify`.
    """
    wanted = dict.fromkeys(name.strip() for name in ids)
    found = dict[str, Finding]()
    for full in (False, True):  # What a mark covers is walked only when it is asked for.
        if not wanted.keys() <= found.keys():
            request = VerifyRequest(full=full)
            report = verify(path, request, languages=languages, translate=translate)
            found |= {finding.id: finding for finding in report.findings}
    author = _author(find_repository(path.resolve().parent))
    return tuple(_acceptable(name, found.get(name), author, translate) for name in wanted)


def accept(
    path: Path,
    accepted: Sequence[Acceptable],
    *,
    reason: str,
    until: date | None = None,
    translate: Translate = untranslated,
) -> str:
    """Commit that findings are accepted; return the commit.

    No file is changed, and nothing that is staged gets into the commit.

    Args:
        path: The plan file.
        accepted: The findings.
        reason: Why.
        until: Last day on which they are accepted; None for ever.
        translate: Turns templates into the plan's language.

    Raises:
        NoReason: The reason is empty.
        KvartalError: Git or the state of the repository prevents it; nothing was changed.
    """
    _check_reason(reason)
    message = _message(accepted, one_line(" ".join(normalised(reason).split())), until, translate)
    repository = find_repository(path.resolve().parent)
    with write_lock(repository.git_dir, timeout=LOCK_TIMEOUT) as descriptor:
        repository = replace(repository, held=(descriptor,))
        recover(repository)
        state = ready_state(repository, path.resolve().name)
        wait_for_git(repository, state.branch or "")
        with noted_call(repository):
            return _commit(repository, message)


def check_acceptance(path: Path, reason: str) -> None:
    """Check that `accept` would not refuse; nothing is written.

    Args:
        path: The plan file.
        reason: Why.

    Raises:
        NoReason: The reason is empty.
        KvartalError: The state of the repository prevents it.
    """
    _check_reason(reason)
    repository = find_repository(path.resolve().parent)
    state = ready_state(repository, path.resolve().name)
    wait_for_git(repository, state.branch or "")


def _check_reason(reason: str) -> None:
    # Of what is invisible nothing is left to read.
    if not any(character.isalnum() for character in reason):
        raise NoReason


def _acceptable(
    name: str, finding: Finding | None, author: tuple[str, str], translate: Translate
) -> Acceptable:
    if finding is None:
        raise NoSuchFinding(id=name)
    if not finding.is_of_history:
        raise NotAcceptable(id=name, text=finding.message(translate))
    commit = finding.commit
    return Acceptable(finding, commit is not None and _is_own(author, commit))


def _is_own(author: tuple[str, str], commit: Commit) -> bool:
    return is_same_person(*author, commit.author, commit.author_email)


def _author(repository: Repository) -> tuple[str, str]:
    """Return name and address under which a commit would be made.

    Raises:
        NoIdentity: Git does not know.
    """
    if not has_identity(repository):
        raise NoIdentity
    name, _, rest = repository.read_text("var", "GIT_AUTHOR_IDENT").rpartition(" <")
    return name, rest.partition(">")[0]


def _message(
    accepted: Sequence[Acceptable], reason: str, until: date | None, translate: Translate
) -> str:
    ids = tuple(one.finding.id for one in accepted)
    if len(ids) == 1:
        template = _ONE if until is None else _ONE_UNTIL
    else:
        template = _SEVERAL if until is None else _SEVERAL_UNTIL
    day = "" if until is None else day_text(until).text(translate)
    subject = translate(template).format(id=one_line(ids[0]), count=len(ids), day=day)
    trailers = Trailers(ChangeKind.ACCEPT, findings=ids, until=until.isoformat() if until else None)
    return f"{subject}\n\n{reason}\n\n{trailers}\n"


def _commit(repository: Repository, message: str) -> str:
    before = repository.commit_id()
    options = ("--quiet", "--only", "--allow-empty", "--cleanup=verbatim", "--no-status", "-F", "-")
    stdin = message.encode(errors="backslashreplace")
    result = repository.run("commit", *options, stdin=stdin, writes=True)
    after = repository.commit_id()
    # The exit code is not the answer: look at what HEAD holds.
    is_last = after is not None and repository.commit_id("HEAD^") == before
    created = after if is_last else _below(repository, before, message)
    if created is None:
        raise commit_error(repository, result)
    if repository.object_id(f"{created}^{{tree}}") != repository.object_id(f"{created}^^{{tree}}"):
        if is_last:
            repository.move_branch_back(before, created)
        raise AcceptAltered(hooks=repository.common_dir / "hooks")
    return created


def _below(repository: Repository, before: str | None, message: str) -> str | None:
    """Return the acceptance where a hook has committed something on top of it at once."""
    since = ("--first-parent", "--format=%H", f"{before}..HEAD", "--")
    meant = parse_trailers(message)
    for commit in repository.run("log", *since).text.split() if before else ():
        if parse_trailers(repository.read_text("log", "-1", "--format=%B", commit, "--")) == meant:
            return commit
    return None
