"""Creates a verified tag: it says who verified a history, up to which commit, and how.

A trusted timestamp stands in its message, so that it travels with the mark and is covered by its
signature.
"""

import base64
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Final

from kvartal.history.audit.report import NothingToVerify, ShallowMark, VerifyReport
from kvartal.history.audit.verified_tags import PREFIX, TAG_REFS, VerifiedTag, digest, start_text
from kvartal.history.git.diagnosis import blocking_lock
from kvartal.history.git.errors import GitFailed, NoIdentity, SigningFailed
from kvartal.history.git.failures import command_error
from kvartal.history.git.repository import Repository
from kvartal.history.store.call_note import noted_call
from kvartal.history.store.git_locks import lock_error
from kvartal.history.store.recovery import recover
from kvartal.history.store.seen import read_seen, save_seen
from kvartal.history.store.write_lock import write_lock
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_, KvartalError, Translate
from kvartal.schema.reading import read_plan

_SUBJECT: Final = N_("Проверено: программа на {year} год, {date}")
_SUBJECT_OF_YEARS: Final = N_("Проверено: программа на {year} годы, {date}")
_BODY: Final = N_(
    "История файла {plan} проверена {since} до изменения\n"
    "{commit} («{subject}») включительно.\n"
    "Проверено изменений: {count}. Замечаний нет. Запись задним числом: не больше {days} дн."
)
_ACCEPTED: Final = N_("Замечаний, принятых с указанием причины: {count}.")
_COVERS: Final = N_(
    "Метка охватывает изменений: {count}, подтверждающих файлов: {files}.\n"
    "Отпечаток истории: {anchor}"
)
_STAMPED: Final = N_("К отпечатку приложен штамп времени (RFC 3161): его показывает verify.")
_FROM_BEGINNING: Final = N_("с начала")
_FROM_MARK: Final = N_("после метки {name}")
_FROM_COMMIT: Final = N_("после изменения {name}")


def create_tag(
    report: VerifyReport, day: date, translate: Translate, *, sign: bool, timestamp: bytes = b""
) -> str:
    """Tag the commit up to which a history was verified without a finding; return the tag's name.

    Args:
        report: What verifying came to.
        day: The day for the tag's name.
        translate: Turns templates into the plan's language.
        sign: Whether it is signed even where neither the programme nor git's settings ask for it.
        timestamp: An authority's answer over the anchor; empty for none.

    Raises:
        ShallowMark: The clone does not have the whole history.
        NothingToVerify: HEAD has no plan.
        NoIdentity: Git does not know who creates it.
        SigningFailed: It could not be signed.
        LedgerBusy: Another process held the write lock for too long.
        GitFailed: Git refused for another reason.
    """
    if report.is_cut_off:
        raise ShallowMark
    message = _message(report, day, translate, timestamp)
    repository = report.repository
    with write_lock(repository.git_dir) as descriptor:
        repository = replace(repository, held=(descriptor,))
        recover(repository)
        name = _free_name(repository, day)
        with noted_call(repository, locks=(f"{TAG_REFS}{name}.lock",)):
            _create(repository, report.head, name, message, sign=sign or report.audit.signatures)
    # The mark is set: a clone that cannot be read or written in only forgets it.
    with suppress(KvartalError):
        _remember(report, name)
    return name


def _remember(report: VerifyReport, name: str) -> None:
    tag = report.repository.object_id(f"{TAG_REFS}{name}")
    branch = report.branch
    if branch and tag is not None:
        known = read_seen(report.repository).of(branch)
        tips = known.tips or (report.head,)
        marks = {**known.marks, name: tag}
        save_seen(report.repository, branch, tips=tips, shared=known.shared, marks=marks)


def _create(repository: Repository, head: str, name: str, message: str, *, sign: bool) -> None:
    arguments = ("tag", "--sign" if sign else "--annotate", "--cleanup=verbatim", "-F", "-")
    stdin = message.encode("utf-8", "backslashreplace")
    done = repository.run(*arguments, name, head, stdin=stdin, writes=True)
    if done.code == 0 and not (sign and _removed_unsigned(repository, name)):
        return
    lock = blocking_lock(done)
    if lock is not None:
        raise lock_error(repository, lock)
    refused = command_error("tag", done.stderr, done.code)
    if type(refused) is not GitFailed:
        raise refused
    if repository.run("var", "GIT_COMMITTER_IDENT").code:
        raise NoIdentity
    if sign or "sign" in done.stderr:
        raise SigningFailed(words=done.stderr)
    raise refused


def _removed_unsigned(repository: Repository, name: str) -> bool:
    """Remove a tag that was to be signed and is not; return whether that was so.

    Git has been seen to complain about the key, to create the tag without a signature and to call
    that a success.
    """
    if b"-----BEGIN " in repository.read("cat-file", "tag", f"{TAG_REFS}{name}"):
        return False
    repository.run("tag", "--delete", name, writes=True)
    return True


def _free_name(repository: Repository, day: date) -> str:
    name = f"{PREFIX}{day.isoformat()}"
    number = 1
    free = name
    while repository.object_id(f"{TAG_REFS}{free}") is not None:
        number += 1
        free = f"{name}-{number}"
    return free


def _message(report: VerifyReport, day: date, translate: Translate, timestamp: bytes) -> str:
    version = report.version
    if version is None or version.data is None:
        raise NothingToVerify(plan=report.plan)
    years = read_plan(version.data).years_text
    template = _SUBJECT_OF_YEARS if "-" in years else _SUBJECT
    first = translate(template).format(year=years, date=day_text(day).text(translate))
    body = translate(_BODY).format(
        plan=report.plan,
        since=_since(report.since, translate),
        commit=report.head[:10],
        subject=report.subject,
        count=report.count,
        days=report.audit.backdating_days,
    )
    trailers = [
        ("Verified", report.head),
        ("Plan", report.plan),
        ("Digest", digest(version.content)),
        ("From", start_text(report.after)),
        ("Commits", str(report.covered)),
        ("Files", str(report.evidence_count)),
        ("Anchor", report.anchor),
    ]
    if timestamp:
        trailers.append(("Timestamp", base64.b64encode(timestamp).decode()))
    lines = "\n".join(f"Kvartal-{name}: {value}" for name, value in trailers)
    covers = translate(_COVERS).format(
        count=report.covered, files=report.evidence_count, anchor=report.anchor
    )
    if timestamp:
        covers += "\n" + translate(_STAMPED)
    if report.accepted:
        covers = f"{translate(_ACCEPTED).format(count=len(report.accepted))}\n{covers}"
    return f"{first}\n\n{body}\n{covers}\n\n{lines}\n"


def _since(since: VerifiedTag | str | None, translate: Translate) -> str:
    if since is None:
        return translate(_FROM_BEGINNING)
    if isinstance(since, VerifiedTag):
        return translate(_FROM_MARK).format(name=since.name)
    return translate(_FROM_COMMIT).format(name=since[:10])
