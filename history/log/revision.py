"""The programme at a moment of its history: by a commit, a tag, a branch, or the end of a day."""

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, cast

from kvartal.history.git.command import text as words
from kvartal.history.git.errors import GitFailed
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.origin import cuts_of
from kvartal.history.store.snapshot import Snapshot, snapshot_of
from kvartal.history.yaml_text.loader import load
from kvartal.schema.errors import N_, KvartalError

if TYPE_CHECKING:
    from collections.abc import Generator

_DAYS: Final = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})"),
)
_LONGEST_NAME: Final = 60


class NoSuchRevision(KvartalError):
    """Git knows no commit of this name."""

    template = N_("Версии «{name}» нет в истории. Список версий показывает `kvartal log`.")


class NoSuchRevisionOrDay(NoSuchRevision):
    """What looks like a date is in no calendar, and git knows nothing of that name."""

    template = N_("Даты {name} нет в календаре.")


class NothingInCommon(KvartalError):
    """Two versions have no beginning in common."""

    template = N_("У версий «{one}» и «{other}» нет общего начала: сравните их как A..B.")


class NoHistoryYet(KvartalError):
    """Nothing was ever committed."""

    template = N_("Истории ещё нет: программу ни разу не сохраняли.")


class NotBegunYet(KvartalError):
    """The history begins after the day asked about."""

    template = N_("К концу дня {day} истории ещё не было: она начинается {first}.")


class CutShort(NotBegunYet):
    """A shallow clone does not reach back to the day asked about."""

    template = N_(
        "Что было к концу дня {day}, в этой копии репозитория не хранится: в ней есть только то, "
        "что с {first}. Получите всю историю: `git fetch --unshallow`."
    )


class NoPlanThen(KvartalError):
    """The plan's file is not in the version asked about."""

    template = N_("В версии «{name}» файла «{plan}» нет: программы тогда ещё не было.")


@dataclass(frozen=True, slots=True)
class Version:
    """A programme as a commit holds it. Only to be read.

    Attributes:
        snapshot: The programme; its path is where the plan stands now.
        commit: Full hash of the commit that was asked for.
        entry: The last commit up to there that touched the plan: who made it so, and when.
    """

    snapshot: Snapshot
    commit: str
    entry: CommitEntry


def commit_at(repository: Repository, text: str) -> str:
    """Return the full hash of the commit that a revision, a tag or a date means.

    Args:
        repository: As seen from the plan's folder.
        text: Any name that git takes, or a date ``2024-03-31`` or ``31.03.2024``: what stood at the
            end of that day.

    Raises:
        NoSuchRevision: Git knows no such commit.
        NoHistoryYet: Nothing was ever committed.
        NotBegunYet: The history begins after that day.
        GitFailed: Git refused.
    """
    day = _day(text)
    if day is not None:
        return commit_on(repository, day)
    found = repository.commit_id(text) if text and "\0" not in text else None
    if found is None:
        reason = NoSuchRevisionOrDay if _looks_like_a_day(text) else NoSuchRevision
        raise reason(name=text[:_LONGEST_NAME])
    return found


def common_commit(repository: Repository, one: str, other: str) -> str:
    """Return the full hash of the last commit that two versions both came from.

    Args:
        repository: As seen from the plan's folder.
        one: As for `commit_at`.
        other: The same.

    Raises:
        NothingInCommon: There is none.
        NoSuchRevision, NoHistoryYet, NotBegunYet: There is no such version.
        GitFailed: Git refused.
    """
    commits_asked = commit_at(repository, one), commit_at(repository, other)
    try:
        found = words(repository.read("merge-base", *commits_asked)).split()
    except GitFailed:
        found = []
    if not found:
        raise NothingInCommon(one=one[:_LONGEST_NAME], other=other[:_LONGEST_NAME])
    return found[0]


def commit_on(repository: Repository, day: date, revision: str = "HEAD") -> str:
    """Return the commit that a branch stood at when a day ended.

    By the time of committing, not of writing: what was rebased came in when it was rebased. What a
    merge brought came in with the merge, whenever it was made elsewhere.

    Args:
        repository: As seen from the plan's folder.
        day: The day, by the committers' clocks.
        revision: The branch.

    Raises:
        NoHistoryYet: The branch has no commits.
        NotBegunYet: Its history begins after that day, or is known only from then on.
        GitFailed: Git refused.
    """
    if repository.commit_id(revision) is None:
        raise NoHistoryYet
    asked, made, commit = day.isoformat(), "", ""
    walk = repository.log(("--first-parent", revision, "--"), "%H %cI")
    try:
        for line in walk:
            commit, made = line.split(" ", 1)
            if made[:10] <= asked:
                return commit
    finally:
        walk.close()
    first = ".".join(reversed(made[:10].split("-")))
    reason = CutShort if commit in cuts_of(repository) else NotBegunYet
    raise reason(day=f"{day:%d.%m.%Y}", first=first)


def version_at(repository: Repository, now: Snapshot, text: str) -> Version:
    """Return the programme as it was at a revision, a tag or the end of a day.

    Args:
        repository: As seen from the plan's folder.
        now: The programme as it is: says which file is meant.
        text: As for `commit_at`.

    Raises:
        NoSuchRevision, NoHistoryYet, NotBegunYet: There is no such version.
        NoPlanThen: The file was not there.
        UnreadablePlan: The version is not the YAML a plan is written in.
        InvalidPlan: It does not hold a programme.
        GitFailed: Git refused.
    """
    commit, name = commit_at(repository, text), now.path.name
    content = repository.blob(commit, name)
    with closing(cast("Generator[CommitEntry]", commits(repository, name, commit))) as found:
        entry = next(found, None)
    if content is None or entry is None:
        raise NoPlanThen(name=text[:_LONGEST_NAME], plan=name)
    source = load(content, f"{entry.commit[:10]}:{repository.prefix}{name}")
    return Version(snapshot_of(source, now.path), commit, entry)


def tags(repository: Repository, most: int) -> tuple[str, ...]:
    """Return the names of the newest tags of commits, newest first.

    Args:
        repository: The repository.
        most: How many at most.

    Raises:
        GitFailed: Git refused.
    """
    form = "%(refname:strip=2) %(objecttype) %(*objecttype)"
    told = repository.read(
        "for-each-ref", "--sort=-creatordate", f"--count={most}", f"--format={form}", "refs/tags"
    )
    lines = [line.split(" ") for line in words(told).splitlines()]
    return tuple(name for name, *kinds in lines if "commit" in kinds)


def _day(text: str) -> date | None:
    found = _looks_like_a_day(text)
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day"))) if found else None
    except ValueError:
        return None


def _looks_like_a_day(text: str) -> re.Match[str] | None:
    return next(filter(None, (form.fullmatch(text) for form in _DAYS)), None)
