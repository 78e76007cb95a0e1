"""Checks whether a version may be synced: schema, rules and evidence, in the object database."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from kvartal.history.diff.words import SHORT_HASH, moment_text
from kvartal.history.git.repository import Repository
from kvartal.history.log.log import read_commits
from kvartal.history.store.evidence import ALTERED, MISSING, Fault, evidence_problems
from kvartal.history.store.evidence_attributes import ATTRIBUTES
from kvartal.history.store.snapshot import check
from kvartal.history.sync.errors import PlanMissingAtRemote, ReceivedPlanInvalid
from kvartal.history.sync.trees import TreeEntry, files_in, files_under
from kvartal.history.yaml_text.loader import UnreadablePlan, load
from kvartal.history.yaml_text.source import Source
from kvartal.schema.changes import PlanData
from kvartal.schema.evidence_paths import FOLDER
from kvartal.schema.problems import Problem

Evidence: TypeAlias = Mapping[str, TreeEntry]
"""Evidence files of a version by their path from the plan's folder."""

_SUFFIXES: Final = (".yaml", ".yml")


class VersionContents:
    """The plans and evidence of versions, each read once: what has an id never changes.

    Args:
        repository: As seen from the plan's folder.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._evidence: dict[str, dict[str, TreeEntry]] = {}
        self._plans: dict[str, dict[str, TreeEntry]] = {}
        self._sources: dict[bytes, Source] = {}

    def source(self, content: bytes, name: str) -> Source:
        """Return a plan as read from its bytes.

        Args:
            content: The bytes.
            name: What messages call the file.

        Raises:
            UnreadablePlan: They are not the YAML that a plan is written in.
        """
        if content not in self._sources:
            self._sources[content] = load(content, name)
        return self._sources[content]

    def data(self, contents: Iterable[bytes]) -> Iterator[PlanData]:
        """Yield the data of those plans that can be read."""
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
            files = files_under(self.repository, revision, prefix + FOLDER)
            self._evidence[revision] = {
                path.removeprefix(prefix): entry
                for path, entry in files.items()
                if path != prefix + ATTRIBUTES
            }
        return self._evidence[revision]

    def plans(self, revision: str) -> dict[str, TreeEntry]:
        """Return the files of a version that are plans by their name, by that name.

        A file whose name begins with a dot belongs to some tool.

        Args:
            revision: Full id of a commit or a tree.
        """
        if revision not in self._plans:
            prefix = self.repository.prefix
            files = files_in(self.repository, revision, prefix)
            self._plans[revision] = {
                name: entry
                for path, entry in files.items()
                if (name := path.removeprefix(prefix)).endswith(_SUFFIXES)
                and not name.startswith(".")
                and entry.is_file
            }
        return self._plans[revision]


@dataclass(frozen=True, slots=True)
class VersionChecker:
    """Checks versions of one plan, and the other plans of its folder.

    Attributes:
        contents: The contents of the versions.
        name: The plan's file name.
    """

    contents: VersionContents
    name: str

    @property
    def repository(self) -> Repository:
        """The repository, as seen from the plan's folder."""
        return self.contents.repository

    def problems(
        self, revision: str, known: str | None, trusted: Evidence | None = None
    ) -> tuple[Problem, ...]:
        """Return all problems of the plans in a version's folder.

        Args:
            revision: A commit or a tree.
            known: A version whose other plans are not checked again where they are the same.
            trusted: Evidence files known to match their records, which are not read again.
        """
        known_plans = self.contents.plans(known) if known else {}
        problems: list[Problem] = []
        for name, entry in self.contents.plans(revision).items():
            if name == self.name or known_plans.get(name) != entry:
                problems += self._problems_of(revision, name, trusted or {})
        return tuple(problems)

    def _problems_of(self, revision: str, name: str, trusted: Evidence) -> tuple[Problem, ...]:
        content = self.repository.blob(revision, name) or b""
        try:
            path = self.repository.prefix + name
            source = replace(self.contents.source(content, path), name=path)
        except UnreadablePlan as error:
            return error.problems
        if name != self.name and "measures" not in source.data:
            return ()  # Not a plan, but some other YAML file beside the plans.
        files = _EvidenceChecker(self.repository, self.contents.evidence(revision), trusted)
        evidence = evidence_problems(source.data, files.fault)
        return (
            *check(source),
            *(problem.at(source.name, *source.position(problem.path)) for problem in evidence),
        )

    def refuse_missing(self, theirs: str, base: str, remote: str) -> None:
        """Refuse a version of the remote that no longer has the plan.

        Args:
            theirs: The version.
            base: The common ancestor: what this does not have either was begun here since.
            remote: Name of the remote.

        Raises:
            PlanMissingAtRemote: It was removed there, or renamed.
        """
        if self.name in self.contents.plans(base) and self.name not in self.contents.plans(theirs):
            path = self.repository.prefix + self.name
            raise PlanMissingAtRemote(remote=remote, commit=theirs[:SHORT_HASH], plan=path)

    def received_invalid(
        self, problems: Sequence[Problem], remote: str, since: tuple[str, ...], theirs: str
    ) -> ReceivedPlanInvalid:
        """Return the error for an invalid version of the remote, with the commit that made it so.

        Args:
            problems: Its problems; the commit named is the one that introduced the first.
            remote: Name of the remote.
            since: Commits that do not have these problems.
            theirs: The remote's commit, which has them.
        """
        culprit = next(read_commits(self.repository, ("-1", theirs)))
        newer = ("--topo-order", theirs, *(f"^{commit}" for commit in since), "--", ".")
        with closing(read_commits(self.repository, newer)) as commits:
            for commit in commits:
                there = self.problems(commit.commit, None)
                if problems[0].key() not in {problem.key() for problem in there}:
                    break
                culprit = commit
        return ReceivedPlanInvalid(
            problems,
            remote=remote,
            commit=culprit.commit[:SHORT_HASH],
            author=culprit.author,
            date=moment_text(culprit.date, time=False),
        )


@dataclass(frozen=True, slots=True)
class _EvidenceChecker:
    """Checks the evidence files of one version; trusted ones are not read."""

    repository: Repository
    files: Evidence
    trusted: Evidence

    def fault(self, path: str, size: int, sha256: str) -> Fault:
        """Return what is wrong with a file that a record refers to; None where nothing is."""
        entry = self.files.get(path)
        if entry is None or not entry.is_file:
            return MISSING
        # Git knows no size of a file that it cannot read.
        if entry.size is not None and entry.size != size:
            return ALTERED
        known = self.trusted.get(path)
        if known is not None and known.object_id == entry.object_id:
            return None
        content = self.repository.object(entry.object_id)
        return None if hashlib.sha256(content).hexdigest() == sha256 else ALTERED
