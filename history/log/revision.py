"""Earlier versions of the programme: by a commit, a tag, a branch, or the end of a day."""

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.history.diff.words import moment_text
from kvartal.history.git.repository import Repository
from kvartal.history.log.entry import CommitEntry
from kvartal.history.log.log import commits
from kvartal.history.log.origin import shallow_commits
from kvartal.history.store.snapshot import Snapshot, snapshot_of
from kvartal.history.yaml_text.loader import load
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_, KvartalError

_DATES: Final = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})"),
)
_SHORT: Final = 10
_LONGEST_NAME: Final = 60
"""How many letters of an unknown name an error repeats."""


class NoSuchRevision(KvartalError):
    """Git knows no commit of this name."""

    template = N_("Версии «{name}» нет в истории. Список версий показывает `kvartal log`.")


class NoSuchDate(NoSuchRevision):
    """The name is written like a date that no calendar has, and git knows no such name either."""

    template = N_("Даты {name} нет в календаре.")


class NoCommonAncestor(KvartalError):
    """Two versions have no common ancestor."""

    template = N_("У версий «{one}» и «{other}» нет общего начала: сравните их как A..B.")


class NoCommitsYet(KvartalError):
    """Nothing was ever committed."""

    template = N_("Истории ещё нет: программу ни разу не сохраняли.")


class BeforeFirstCommit(KvartalError):
    """The history begins after the day asked for."""

    template = N_("К концу дня {day} истории ещё не было: она начинается {first}.")


class BeyondShallowClone(BeforeFirstCommit):
    """A shallow clone does not reach back to the day asked for."""

    template = N_(
        "Что было к концу дня {day}, не получено с сервера: в этой копии репозитория есть только "
        "то, что с {first}. Подключитесь к серверу и получите всю историю, `git fetch "
        "--unshallow`, или сделайте полную копию (`git clone`)."
    )


class PlanNotInVersion(KvartalError):
    """The version asked for does not have the plan's file."""

    template = N_("В версии «{name}» файла «{plan}» нет: программы тогда ещё не было.")


class PlanRemovedInVersion(PlanNotInVersion):
    """The version asked for does not have the plan's file any longer."""

    template = N_(
        "В версии «{name}» файла «{plan}» нет: его к тому времени удалили или переименовали "
        "(запись {commit}, {date}, {author}: «{subject}»)."
    )


@dataclass(frozen=True, slots=True)
class Version:
    """A programme as a commit holds it. Read-only.

    Attributes:
        snapshot: The programme; its path is where the plan is now.
        commit: Full hash of the commit that was asked for.
        entry: The last commit up to there that touched the plan: who made it so, and when.
    """

    snapshot: Snapshot
    commit: str
    entry: CommitEntry


def find_commit(repository: Repository, name: str) -> str | None:
    """Return the full hash of a commit; None where there is no such commit.

    Args:
        repository: The repository.
        name: What the user typed: any name that git takes, or anything else.
    """
    # Git also takes «^name», which leaves a commit out and names none.
    is_possible = name and "\0" not in name and not name.startswith("^")
    return repository.commit_id(name) if is_possible else None


def commit_at(repository: Repository, name: str) -> str:
    """Return the full hash of the commit that a revision, a tag or a date means.

    Args:
        repository: As seen from the plan's folder.
        name: Any name that git takes, or a date ``2024-03-31`` or ``31.03.2024`` for the end of
            that day.

    Raises:
        NoSuchRevision: Git knows no such commit.
        NoCommitsYet: Nothing was ever committed.
        BeforeFirstCommit: The history begins after that day.
        GitFailed: Git refused.
    """
    day = _parsed_date(name)
    if day is not None:
        return commit_on(repository, day)
    commit = find_commit(repository, name)
    if commit is None:
        reason = NoSuchDate if _match_date(name) else NoSuchRevision
        raise reason(name=name[:_LONGEST_NAME])
    return commit


def common_commit(repository: Repository, one: str, other: str) -> str:
    """Return the full hash of the common ancestor of two versions.

    Args:
        repository: As seen from the plan's folder.
        one: As for `commit_at`.
        other: The same.

    Raises:
        NoCommonAncestor: There is none.
        NoSuchRevision, NoCommitsYet, BeforeFirstCommit: There is no such version.
        GitFailed: Git refused.
    """
    versions = commit_at(repository, one), commit_at(repository, other)
    bases = repository.merge_bases(*versions)
    if not bases:
        raise NoCommonAncestor(one=one[:_LONGEST_NAME], other=other[:_LONGEST_NAME])
    return bases[0]


def commit_on(repository: Repository, day: date, revision: str = "HEAD") -> str:
    """Return the commit that a branch was at when a day ended.

    By the time of committing, not of writing: what was rebased counts from the day of the rebase.
    What a merge brought in counts from the merge, whenever it was made elsewhere.

    Args:
        repository: As seen from the plan's folder.
        day: The day, by the committers' clocks.
        revision: The branch.

    Raises:
        NoCommitsYet: The branch has no commits.
        BeforeFirstCommit: Its history begins after that day, or is known only from then on.
        GitFailed: Git refused.
    """
    if repository.commit_id(revision) is None:
        raise NoCommitsYet
    last_day, committed, commit = day.isoformat(), "", ""
    with closing(repository.log(("--first-parent", revision, "--"), "%H %cI")) as lines:
        for line in lines:
            commit, committed = line.split(" ", 1)
            if committed[:10] <= last_day:
                return commit
    reason = BeyondShallowClone if commit in shallow_commits(repository) else BeforeFirstCommit
    raise reason(day=day_text(day), first=moment_text(committed, time=False))


def version_at(repository: Repository, now: Snapshot, name: str) -> Version:
    """Return the programme as it was at a revision, a tag or the end of a day.

    Args:
        repository: As seen from the plan's folder.
        now: The programme as it is; tells which file to read.
        name: As for `commit_at`.

    Raises:
        NoSuchRevision, NoCommitsYet, BeforeFirstCommit: There is no such version.
        PlanNotInVersion: It does not have the file.
        UnreadablePlan: The file is not the YAML a plan is written in.
        InvalidPlan: It does not hold a programme.
        GitFailed: Git refused.
    """
    commit, file_name = commit_at(repository, name), now.path.name
    content = repository.blob(commit, file_name)
    with closing(commits(repository, file_name, commit)) as history:
        entry = next(history, None)
    if entry is None:
        raise PlanNotInVersion(name=name[:_LONGEST_NAME], plan=file_name)
    if content is None:
        raise PlanRemovedInVersion(
            name=name[:_LONGEST_NAME],
            plan=file_name,
            commit=entry.commit[:_SHORT],
            date=moment_text(entry.date, time=False),
            author=entry.author,
            subject=entry.subject,
        )
    source = load(content, f"{entry.commit[:10]}:{repository.prefix}{file_name}")
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
    printed = repository.read_text(
        "for-each-ref", "--sort=-creatordate", f"--count={most}", f"--format={form}", "refs/tags"
    )
    lines = [line.split(" ") for line in printed.splitlines()]
    return tuple(name for name, *kinds in lines if "commit" in kinds)


def _parsed_date(text: str) -> date | None:
    match = _match_date(text)
    try:
        return date(*(int(match[part]) for part in ("year", "month", "day"))) if match else None
    except ValueError:
        return None


def _match_date(text: str) -> re.Match[str] | None:
    """Return the parts of a text written like a date, whether or not a calendar has it."""
    return next(filter(None, (form.fullmatch(text) for form in _DATES)), None)
