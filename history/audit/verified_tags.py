"""Reads and checks verified tags: annotated tags that say up to where a history was verified.

Yields `mark-forged`, `mark-removed` and `mark-unreadable`.

All is checked that can be without asking whoever made a tag: that it goes by its own name, that it
is at the commit and the plan that its message names, and, where the programme asks for it, that it
is signed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import ObjectBroken, ObjectReader
from kvartal.history.audit.signature_checks import tag_status
from kvartal.history.audit.stored_objects import Commit, Tag
from kvartal.history.audit.walk import HistoryWalk
from kvartal.history.git.damage import HistoryDamaged
from kvartal.history.git.refs import readable_refs
from kvartal.history.git.repository import Repository
from kvartal.schema.errors import N_, KvartalError

PREFIX: Final = "kvartal/verified/"
TAG_REFS: Final = "refs/tags/"

FORGED: Final = "mark-forged"
REMOVED: Final = "mark-removed"
UNREADABLE: Final = "mark-unreadable"

_LIGHTWEIGHT: Final = N_(
    "Метка «{name}» поставлена без записи о том, кто и что проверил. Ей верить нельзя: "
    "удалите её (`git tag -d {name}`) или поставьте заново (`kvartal verify --full --mark`)."
)
_MOVED: Final = N_(
    "Метка «{name}» переставлена или подделана: она стоит не там, где сказано в ней самой ({said})."
)
_SAYS_NOTHING: Final = N_(
    "Метка «{name}» подделана: в ней не сказано, что именно проверено. Удалите её "
    "(`git tag -d {name}`) или поставьте заново (`kvartal verify --full --mark`)."
)
_REMOVED: Final = N_(
    "Метки «{name}» больше нет; она стояла у изменения {commit}. Верните её: "
    "`git tag {name} {tag}`. Если её убрали нарочно, примите это: "
    "`kvartal accept {id} --reason …`."
)
_REPLACED: Final = N_(
    "Метка «{name}» не та, что была при прошлой проверке: та стояла у изменения {commit}. "
    "Верните её: `git tag --force {name} {tag}`. Если её заменили нарочно, примите это: "
    "`kvartal accept {id} --reason …`."
)
_UNREADABLE: Final = N_(
    "Метка «{name}» не читается, что ею проверено, не узнать. {reason} Если её не вернуть, удалите "
    "её: `git tag -d {name}`."
)
_BROKEN: Final = N_(
    "Метка «{name}» не читается, что ею проверено, не узнать: её файл повреждён. Удалите его "
    "(.git/refs/tags/{name}); если метка есть на сервере, получите её заново: "
    "`git fetch <сервер> tag {name}`."
)
_UNSIGNED: Final = N_("Метка «{name}» не подписана или её подпись не годится ({status}).")

_BEGINNING: Final = "beginning"
_EARLIER_START: Final = re.compile(
    rf"(?:после изменения|after the change) ([0-9a-f]{{10}})|"
    rf"(?:после метки|after the mark) ({PREFIX}[0-9A-Za-z-]+)"
)
_SHORT: Final = 10
_TRAILER: Final = re.compile(r"^Kvartal-(Verified|Plan|Digest|From|Timestamp): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class VerifiedTag:
    """A verified tag that is what it says.

    Attributes:
        name: Its name.
        commit: Hash of the commit that it is at.
        tag: Hash of the tag itself.
        after: What the walk that it stands for began after, as the tag says: hashes of commits,
            beginnings of hashes, or names of tags; empty for the beginning of the history.
        timestamp: The trusted timestamp in it, base64, as it stands there; empty for none.
    """

    name: str
    commit: str
    tag: str
    after: tuple[str, ...] = ()
    timestamp: str = ""


class VerifiedTags:
    """The verified tags of one plan.

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
        """Return the tags of this plan, and what is wrong with those that are not to be trusted.

        Args:
            signed: Whether they have to be signed.
        """
        tags, findings = [], []
        refs, broken = self._refs()
        for name, error in broken.items():
            findings.append(_unreadable(name, error))
        for name, target in refs.items():
            try:
                tag = self._tag(target)
                trailers = dict(_TRAILER.findall(tag.message)) if tag else {}
                if trailers.get("Plan", self._plan) != self._plan:
                    continue
                finding = self._forgery(name, target, tag, trailers)
            except ObjectBroken as error:
                findings.append(_unreadable(name, error))
                continue
            if finding is None and tag is not None and signed:
                finding = self._unsigned(name, tag)
            if finding is not None:
                findings.append(finding)
            elif tag is not None:
                timestamp = trailers.get("Timestamp", "")
                after = _after(tag, trailers)
                tags.append(VerifiedTag(name, tag.target, target, after, timestamp))
        return tags, findings

    def missing(self, known: Mapping[str, str], tags: Sequence[VerifiedTag]) -> Iterator[Finding]:
        """Yield the tags that are no longer there, or are not the ones they were.

        Args:
            known: Hashes of the tags that there were when it was verified last, by name.
            tags: Those that there are. What is wrong with any other is reported already.
        """
        refs, broken = self._refs()
        sound = {tag.name: tag.tag for tag in tags}
        for name, tag in known.items():
            is_reported = name in broken or (name in refs and name not in sound)
            if is_reported or sound.get(name) == tag:
                continue
            try:
                earlier = self._objects.tag(tag)
            except ObjectBroken:
                earlier = None
            if earlier is None:
                continue
            code, template = (FORGED, _REPLACED) if name in refs else (REMOVED, _REMOVED)
            fields = {"name": name, "tag": tag[:12], "commit": earlier.target[:10]}
            fields["id"] = f"{code}:{tag[:12]}"
            commit = self._commit(earlier.target)
            yield Finding(code, template, fields=fields, commit=commit, about=tag)

    def _refs(self) -> tuple[dict[str, str], dict[str, KvartalError]]:
        """Return the hashes of all verified tags of the repository, and why others are unreadable.

        Both by name.
        """
        form = "%(refname) %(objectname)"
        lines, broken = readable_refs(self._repository, f"{TAG_REFS}{PREFIX}", form)
        parts = (line.rpartition(" ") for line in lines)
        return (
            {ref.removeprefix(TAG_REFS): target for ref, _, target in parts},
            {ref.removeprefix(TAG_REFS): error for ref, error in broken.items()},
        )

    def _tag(self, target: str) -> Tag | None:
        """Return the annotated tag of a ref; None where the ref names something else.

        Raises:
            ObjectBroken: What it names is not there, or cannot be read.
        """
        tag = self._objects.tag(target)
        if tag is None and not self._objects.is_there(target):
            raise self._objects.missing(target)
        return tag

    def _forgery(
        self, name: str, target: str, tag: Tag | None, trailers: Mapping[str, str]
    ) -> Finding | None:
        """Return that a tag is not what it says; None where it is.

        Raises:
            ObjectBroken: What it is at is not there, or cannot be read.
        """
        if tag is None:
            fields = {"name": name}
            commit = self._commit(target)
            return Finding(FORGED, _LIGHTWEIGHT, fields=fields, commit=commit, about=target)
        commit = self._commit(tag.target)
        if commit is None and not self._objects.is_there(tag.target):
            raise self._objects.missing(tag.target)
        if commit is None or tag.name != name or trailers.get("Verified") != tag.target:
            return _forged(name, trailers.get("Verified", "")[:12], commit, target)
        blob = self._walk.plan_at(tag.target).blob
        if blob is None or digest(self._objects.blob(blob)) != trailers.get("Digest"):
            return _forged(name, trailers.get("Digest", "")[:19], commit, target)
        return None

    def _unsigned(self, name: str, tag: Tag) -> Finding | None:
        status = tag_status(self._repository, f"{TAG_REFS}{name}", tag)
        if not status:
            return None
        fields = {"name": name, "status": status}
        return Finding(FORGED, _UNSIGNED, fields=fields, commit=self._commit(tag.target))

    def _commit(self, target: str) -> Commit | None:
        """Return the commit that a tag is at; None where it is at something else."""
        try:
            return self._graph.find(target)
        except ObjectBroken:
            return None


def _forged(name: str, stated: str, commit: Commit | None, target: str) -> Finding:
    """Return that a tag is not at what it says of itself."""
    template = _MOVED if stated else _SAYS_NOTHING
    fields = {"name": name, "said": stated}
    return Finding(FORGED, template, fields=fields, commit=commit, about=target)


def _unreadable(name: str, error: KvartalError) -> Finding:
    template = _BROKEN if isinstance(error, HistoryDamaged) else _UNREADABLE
    return Finding(UNREADABLE, template, fields={"name": name, "reason": error})


def unbroken(tags: Sequence[VerifiedTag], graph: CommitGraph) -> list[VerifiedTag]:
    """Return the tags before which nothing was left out, whichever walk it was checked by.

    A walk that did not begin at the beginning counts where each commit that it began after is
    covered by such tags in turn: what nobody has walked is walked now.

    Args:
        tags: Those in the history.
        graph: The commits.
    """
    commits = {tag.name: tag.commit for tag in tags}
    waiting, sound, covered = list(tags), list[VerifiedTag](), set[str]()
    while True:
        short = {name[:_SHORT] for name in covered}
        found = [
            tag
            for tag in waiting
            if all(
                name in covered or name in short or commits.get(name) in covered
                for name in tag.after
            )
        ]
        if not found:
            return sound
        sound += found
        waiting = [tag for tag in waiting if tag not in found]
        covered |= graph.ancestors(tag.commit for tag in found)


def start_text(after: Sequence[str]) -> str:
    """Return what a tag says its walk began after.

    Args:
        after: Hashes of commits; none for the beginning.
    """
    return " ".join(after) or _BEGINNING


def _after(tag: Tag, trailers: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a tag says its walk began after; earlier ones say it in their text alone."""
    if "From" in trailers:
        names = trailers["From"].split()
        return () if names == [_BEGINNING] else tuple(names)
    return tuple(commit or name for commit, name in _EARLIER_START.findall(tag.message))


def digest(content: bytes) -> str:
    """Return what a tag says of the plan's content."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
