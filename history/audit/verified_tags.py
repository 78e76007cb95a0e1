"""Marks: annotated tags that say up to where a history was verified.

Of a mark everything is checked that can be without asking its maker: that it is the tag of its own
name, that it stands at the commit and the plan that its message names, and, where the programme
asks for it, that it is signed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit, ObjectBroken, ObjectReader, Tag
from kvartal.history.audit.signature_checks import tag_status
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.git.errors import GitFailed, NoIdentity, SigningFailed
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, Translate

PREFIX: Final = "kvartal/verified/"
FORGED: Final = "mark-forged"
REMOVED: Final = "mark-removed"

_REFS: Final = "refs/tags/"
_TRAILER: Final = re.compile(r"^Kvartal-(Verified|Plan|Digest): (.*)$", re.MULTILINE)

_LIGHT: Final = N_(
    "Метка «{name}» поставлена без записи о том, кто и что проверил. Ей верить нельзя: "
    "удалите её (`git tag -d {name}`) или поставьте заново (`kvartal verify --full --mark`)."
)
_MOVED: Final = N_(
    "Метка «{name}» переставлена или подделана: она стоит не там, где сказано в ней самой ({said})."
)
_GONE: Final = N_(
    "Метки «{name}» больше нет; она стояла у изменения {commit}. Верните её: "
    "`git tag {name} {tag}`. Если её убрали нарочно, начните проверку заново: "
    "`kvartal verify --full`."
)
_REPLACED: Final = N_(
    "Метка «{name}» не та, что была при прошлой проверке: та стояла у изменения {commit}. "
    "Верните её: `git tag --force {name} {tag}`. Если её заменили нарочно, начните проверку "
    "заново: `kvartal verify --full`."
)
_UNSIGNED: Final = N_("Метка «{name}» не подписана или её подпись не годится ({status}).")

_SUBJECT: Final = N_("Проверено: программа на {year} год, {date}")
_BODY: Final = N_(
    "История файла {plan} проверена {since} до изменения\n"
    "{commit} («{subject}») включительно.\n"
    "Проверено изменений: {count}. Замечаний нет. Запись задним числом: не больше {days} дн."
)
_FROM_BEGINNING: Final = N_("с начала")
_FROM_MARK: Final = N_("после метки {name}")
_FROM_COMMIT: Final = N_("после изменения {name}")


@dataclass(frozen=True, slots=True)
class VerifiedTag:
    """A mark that is what it says.

    Attributes:
        name: Its name.
        commit: Hash of the commit at which it stands.
        tag: Hash of the mark itself.
    """

    name: str
    commit: str
    tag: str


@dataclass(frozen=True, slots=True)
class TagContent:
    """What a new mark says.

    Attributes:
        year: The programme's year.
        day: The day of verifying.
        plan: The plan's path in the repository.
        commit: Hash of the last verified commit.
        subject: Its first line.
        content: The plan as it has it.
        count: How many commits were looked at.
        days: By how many days a date of fact could be earlier.
        since: The mark or the commit after which it was verified; None for the beginning.
    """

    year: int
    day: date
    plan: str
    commit: str
    subject: str
    content: bytes
    count: int
    days: int
    since: VerifiedTag | str | None


class VerifiedTags:
    """The marks of one plan.

    Args:
        repository: The repository.
        objects: Its objects.
        graph: Its commits.
        walk: What they hold.
        plan: The plan's path in the repository.
    """

    def __init__(
        self,
        repository: Repository,
        objects: ObjectReader,
        graph: CommitGraph,
        walk: HistoryWalk,
        plan: str,
    ) -> None:
        self._repository = repository
        self._objects = objects
        self._graph = graph
        self._walk = walk
        self._plan = plan

    def read(self, *, signed: bool) -> tuple[list[VerifiedTag], list[Finding]]:
        """Return the marks of this plan, and what is wrong with those that are not to be trusted.

        Args:
            signed: Whether they have to be signed.
        """
        marks, findings = [], []
        for name, target in self._names():
            tag = self._objects.tag(target)
            said = dict(_TRAILER.findall(tag.message)) if tag else {}
            if said.get("Plan", self._plan) != self._plan:
                continue
            wrong = self._wrong(
                name, tag, said, self._commit(tag.target if tag else target), signed
            )
            if wrong is None and tag is not None:
                marks.append(VerifiedTag(name, tag.target, target))
            elif wrong is not None:
                findings.append(wrong)
        return marks, findings

    def missing(self, known: Mapping[str, str], marks: Sequence[VerifiedTag]) -> Iterator[Finding]:
        """Yield the marks that are there no more, or are not the ones they were.

        Args:
            known: Hashes of the tags that there were when it was verified last, by name.
            marks: Those that there are. What is wrong with any other is told already.
        """
        there, sound = dict(self._names()), {mark.name: mark.tag for mark in marks}
        for name, tag in known.items():
            was = self._objects.tag(tag)
            is_told = name in there and name not in sound
            if is_told or sound.get(name) == tag or was is None:
                continue
            code, template = (FORGED, _REPLACED) if name in there else (REMOVED, _GONE)
            fields = {"name": name, "tag": tag[:12], "commit": was.target[:10]}
            yield Finding(code, template, fields=fields, commit=self._commit(was.target))

    def _names(self) -> Iterator[tuple[str, str]]:
        printed = self._repository.read_text(
            "for-each-ref", "--format=%(refname) %(objectname)", f"{_REFS}{PREFIX}"
        )
        for line in printed.splitlines():
            ref, _, target = line.rpartition(" ")
            yield ref.removeprefix(_REFS), target

    def _wrong(
        self,
        name: str,
        tag: Tag | None,
        said: dict[str, str],
        commit: Commit | None,
        signed: bool,  # noqa: FBT001 - of the programme, not of the mark
    ) -> Finding | None:
        if tag is None:
            return Finding(FORGED, _LIGHT, fields={"name": name}, commit=commit)
        if commit is None or tag.name != name or said.get("Verified") != tag.target:
            fields = {"name": name, "said": said.get("Verified", "")[:12]}
            return Finding(FORGED, _MOVED, fields=fields, commit=commit)
        held = self._walk.holding(tag.target).plan
        if held is None or _digest(self._objects.blob(held)) != said.get("Digest"):
            fields = {"name": name, "said": said.get("Digest", "")[:19]}
            return Finding(FORGED, _MOVED, fields=fields, commit=commit)
        status = tag_status(self._repository, f"{_REFS}{name}", tag) if signed else ""
        if status:
            return Finding(
                FORGED, _UNSIGNED, fields={"name": name, "status": status}, commit=commit
            )
        return None

    def _commit(self, target: str) -> Commit | None:
        """Return the commit that a mark stands at; None where it stands at something else."""
        try:
            return self._graph.find(target)
        except ObjectBroken:
            return None


def put(repository: Repository, verified: TagContent, translate: Translate, *, sign: bool) -> str:
    """Put a mark; return its name.

    Args:
        repository: The repository.
        verified: What it says.
        translate: Turns templates into the plan's language.
        sign: Whether it is signed, whatever the settings of git say.

    Raises:
        NoIdentity: Git does not know who puts it.
        SigningFailed: It could not be signed.
        GitFailed: Git refused for another reason.
    """
    name = _free_name(repository, verified.day)
    message = _message(verified, translate)
    arguments = ("tag", "--sign" if sign else "--annotate", "--cleanup=verbatim", "-F", "-")
    given = message.encode("utf-8", "backslashreplace")
    done = repository.run(*arguments, name, verified.commit, stdin=given, writes=True)
    if done.code == 0 and not (sign and _lacks_signature(repository, name)):
        return name
    if repository.run("var", "GIT_COMMITTER_IDENT").code:
        raise NoIdentity
    if sign or "sign" in done.stderr:
        raise SigningFailed(words=done.stderr)
    raise GitFailed(command="tag", words=done.stderr or done.code)


def _lacks_signature(repository: Repository, name: str) -> bool:
    """Tell whether a mark that was to be signed is not, and take it away then.

    Git has been seen to complain of the key, to put the tag without a signature and to call that a
    success.
    """
    if b"-----BEGIN " in repository.read("cat-file", "tag", f"{_REFS}{name}"):
        return False
    repository.run("tag", "--delete", name, writes=True)
    return True


def _free_name(repository: Repository, day: date) -> str:
    name = f"{PREFIX}{day.isoformat()}"
    number = 1
    free = name
    while repository.object_id(f"{_REFS}{free}") is not None:
        number += 1
        free = f"{name}-{number}"
    return free


def _message(verified: TagContent, translate: Translate) -> str:
    first = translate(_SUBJECT).format(year=verified.year, date=f"{verified.day:%d.%m.%Y}")
    body = translate(_BODY).format(
        plan=verified.plan,
        since=_since(verified.since, translate),
        commit=verified.commit[:10],
        subject=verified.subject,
        count=verified.count,
        days=verified.days,
    )
    trailers = (
        ("Verified", verified.commit),
        ("Plan", verified.plan),
        ("Digest", _digest(verified.content)),
    )
    lines = "\n".join(f"Kvartal-{name}: {value}" for name, value in trailers)
    return f"{first}\n\n{body}\n\n{lines}\n"


def _since(since: VerifiedTag | str | None, translate: Translate) -> str:
    if since is None:
        return translate(_FROM_BEGINNING)
    if isinstance(since, VerifiedTag):
        return translate(_FROM_MARK).format(name=since.name)
    return translate(_FROM_COMMIT).format(name=since[:10])


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
