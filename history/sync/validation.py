"""Whether a version may be shared: schema, rules and evidence, looked up in the object database."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from kvartal.history.diff.words import moment_text
from kvartal.history.git.repository import Repository
from kvartal.history.log.log import read_commits
from kvartal.history.store.evidence import ALTERED, MISSING, Fault, evidence_problems
from kvartal.history.store.snapshot import check
from kvartal.history.sync.errors import PlanMissingAtRemote, ReceivedPlanInvalid
from kvartal.history.sync.trees import TreeEntry, files_in, files_under
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.source import Source
from kvartal.schema.changes import PlanData
from kvartal.schema.evidence_paths import FOLDER
from kvartal.schema.problems import Problem

Evidence = Mapping[str, TreeEntry]
"""Evidence files of a version by their path from the plan's folder."""

SHORT_HASH: Final = 10
"""How many digits of a commit's id are told."""

_ENDINGS: Final = (".yaml", ".yml")


class VersionContents:
    """What versions hold in the plan's folder, each listed once: what has an id does not change.

    Args:
        repository: As seen from the plan's folder.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._evidence: dict[str, dict[str, TreeEntry]] = {}
        self._plans: dict[str, dict[str, TreeEntry]] = {}
        self._sources: dict[bytes, Source] = {}

    def source(self, content: bytes, name: str) -> Source:
        """Return the bytes of a plan, read; each read once.

        Args:
            content: The bytes.
            name: What to call the file in messages.

        Raises:
            UnreadablePlan: They are not the YAML a plan is written in.
        """
        if content not in self._sources:
            self._sources[content] = load(content, name)
        return self._sources[content]

    def data(self, contents: Iterable[bytes]) -> Iterator[PlanData]:
        """Yield the plain data of those plans that can be read."""
        for content in contents:
            try:
                yield self.source(content, "").data
            except UnreadablePlan:
                continue

    def evidence(self, revision: str) -> dict[str, TreeEntry]:
        """Return the evidence files of a version, by path from the plan's folder.

        Args:
            revision: Full id of a commit or a tree.
        """
        if revision not in self._evidence:
            prefix = self.repository.prefix
            found = files_under(self.repository, revision, prefix + FOLDER)
            self._evidence[revision] = {
                path.removeprefix(prefix): entry for path, entry in found.items()
            }
        return self._evidence[revision]

    def plans(self, revision: str) -> dict[str, TreeEntry]:
        """Return the files of a version that are plans by their name, by that name.

        A file whose name begins with a dot is some tool's.

        Args:
            revision: Full id of a commit or a tree.
        """
        if revision not in self._plans:
            prefix = self.repository.prefix
            found = files_in(self.repository, revision, prefix)
            self._plans[revision] = {
                name: entry
                for path, entry in found.items()
                if (name := path.removeprefix(prefix)).endswith(_ENDINGS)
                and not name.startswith(".")
                and entry.is_file
            }
        return self._plans[revision]


@dataclass(frozen=True, slots=True)
class VersionChecker:
    """Looks at versions of one plan.

    Attributes:
        contents: What the versions hold.
        name: The plan's file name.
    """

    contents: VersionContents
    name: str

    @property
    def repository(self) -> Repository:
        """The repository, as seen from the plan's folder."""
        return self.contents.repository

    @property
    def shown(self) -> str:
        """What messages call the plan."""
        return self.repository.prefix + self.name

    def all_faults(
        self, revision: str, known: str | None, trusted: Evidence | None = None
    ) -> tuple[Problem, ...]:
        """Return all that is wrong with the plans of a version's folder.

        Args:
            revision: A commit or a tree.
            known: A version whose other plans need not be looked at again where they are the same.
            trusted: Evidence files known to be what the plan says, which need not be read again.
        """
        before = self.contents.plans(known) if known else {}
        found: list[Problem] = []
        for name, entry in self.contents.plans(revision).items():
            if name == self.name or before.get(name) != entry:
                found += self._faults(revision, name, trusted or {})
        return tuple(found)

    def _faults(self, revision: str, name: str, trusted: Evidence) -> tuple[Problem, ...]:
        content = self.repository.blob(revision, name) or b""
        try:
            shown = self.repository.prefix + name
            source = replace(self.contents.source(content, shown), name=shown)
        except UnreadablePlan as error:
            return error.problems
        if name != self.name and "measures" not in source.data:
            return ()  # Another file that somebody keeps beside the plans.
        look = _EvidenceChecker(self.repository, self.contents.evidence(revision), trusted)
        lost = evidence_problems(source.data, look.fault)
        return (*check(source), *(one.at(source.name, *source.position(one.path)) for one in lost))

    def refuse_missing(self, theirs: str, remote: str) -> None:
        """Refuse a version of the remote's that has no such plan.

        Raises:
            PlanMissingAtRemote: It has none.
        """
        if self.name not in self.contents.plans(theirs):
            raise PlanMissingAtRemote(remote=remote, commit=theirs[:SHORT_HASH], plan=self.shown)

    def received_broken(
        self, problems: Sequence[Problem], remote: str, since: tuple[str, ...], theirs: str
    ) -> ReceivedPlanInvalid:
        """Return the refusal to take what is broken, with the commit that broke it.

        Args:
            problems: What is wrong; the commit told is that of the first.
            remote: Name of the remote.
            since: Commits that did not have the fault.
            theirs: The commit that has it.
        """
        broken_by = next(read_commits(self.repository, ("-1", theirs)))
        newer = ("--topo-order", theirs, *(f"^{commit}" for commit in since), "--", ".")
        with closing(read_commits(self.repository, newer)) as commits:
            for commit in commits:
                faults = self.all_faults(commit.commit, None)
                if problems[0].key() not in {fault.key() for fault in faults}:
                    break
                broken_by = commit
        return ReceivedPlanInvalid(
            problems,
            remote=remote,
            commit=broken_by.commit[:SHORT_HASH],
            author=broken_by.author,
            date=moment_text(broken_by.date, time=False),
        )


@dataclass(frozen=True, slots=True)
class _EvidenceChecker:
    repository: Repository
    files: Evidence
    trusted: Evidence

    def fault(self, path: str, size: int, sha256: str) -> Fault:
        """Return what is wrong with a file of evidence in this version."""
        entry = self.files.get(path)
        if entry is None or not entry.is_file:
            return MISSING
        if entry.size != size:
            return ALTERED
        known = self.trusted.get(path)
        if known is not None and known.object_id == entry.object_id:
            return None
        content = next(self.repository.objects([entry.object_id])) or b""
        return None if hashlib.sha256(content).hexdigest() == sha256 else ALTERED
