"""Findings that somebody accepted, under their name and with a reason, in commits of their own.

Such a commit changes no file. Whatever was accepted is listed by every later run: with the finding
where it was found again, and by itself where the commits that it is about were not checked.

Yields `accept-forged` and `accept-unknown`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import OF_THE_CLONE, SEVERITIES, Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.messages.trailers import CHANGE, paragraphs, parse_trailers
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_

FORGED: Final = "accept-forged"
UNKNOWN: Final = "accept-unknown"

_CHANGES_FILES: Final = N_(
    "Запись выдаёт себя за принятие замечания, а сама меняет файлы. Она ничего не принимает."
)
_INCOMPLETE: Final = N_(
    "Запись выдаёт себя за принятие замечания, а в ней не сказано, какого или почему. "
    "Она ничего не принимает."
)
_OTHER_NAMED: Final = N_(
    "Первая строка говорит, что принято замечание {told}, а принимает запись другое: {real}. "
    "Она ничего не принимает."
)
_UNKNOWN: Final = N_("Принято замечание «{id}», а такого замечания нет.")
_NOT_CHECKED: Final = N_(
    "Замечание, о котором есть запись о принятии; само изменение в этот раз не проверялось."
)

_ID: Final = re.compile(r"([a-z]+(?:-[a-z]+)*):([0-9a-f]{12})(?::(.+))?")
_NAMED: Final = re.compile(r"\b[a-z]+(?:-[a-z]+)*:[0-9a-f]{12}\b(?::[^\s,;)]+)?")
_KIND: Final = re.compile(rf"^{CHANGE} ?: *{ChangeKind.ACCEPT} *$", re.MULTILINE | re.IGNORECASE)
_SEEN_IN_A_CLONE: Final = frozenset(
    {
        *("forced-update", "history-rewritten", "mark-forged", "mark-removed"),
        *("timestamp-mismatch", "timestamp-unreadable"),
    }
)
"""Codes that depend on what a clone has seen, or can read: another may have nothing to find."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One finding, as somebody accepted it.

    Attributes:
        finding: Id of the finding.
        commit: The commit that accepts it.
        reason: Why.
        until: Last day on which it is accepted; None for ever.
    """

    finding: str
    commit: Commit
    reason: str
    until: date | None

    def is_in_force(self, day: date) -> bool:
        """Tell whether it counts on a day."""
        return self.until is None or day <= self.until

    def is_by_author_of(self, finding: Finding) -> bool:
        """Tell whether who accepts is the author of what is accepted: by name or by address."""
        mine, theirs = self.commit, finding.commit
        # Of a commit that this clone does not have, the author is not known.
        if theirs is None or theirs.id == mine.id:
            return False
        return is_same_person(mine.author, mine.author_email, theirs.author, theirs.author_email)

    def is_explanation_of(self, finding: Finding) -> bool:
        """Return whether the finding's own change says why: then nobody has accepted it."""
        return finding.commit is not None and finding.commit.id == self.commit.id

    def as_json(self, finding: Finding) -> dict[str, str | bool | None]:
        """Return it as ``kvartal verify --json`` prints it."""
        return {
            "by": self.commit.author,
            "date": self.commit.authored.isoformat(),
            "reason": self.reason,
            "until": self.until.isoformat() if self.until else None,
            "self": self.is_by_author_of(finding) or self.is_explanation_of(finding),
        }


@dataclass(frozen=True, slots=True)
class Acceptances:
    """All that was accepted in a history.

    Attributes:
        by_finding: The last acceptance of each finding, by its id.
        history: Hashes of all commits of the history.
        commits: The commits that accept something, oldest first.
        findings: What is wrong with such commits.
    """

    by_finding: Mapping[str, Acceptance]
    history: AbstractSet[str]
    commits: tuple[Commit, ...]
    findings: tuple[Finding, ...]

    def of(self, finding: Finding, day: date) -> Acceptance | None:
        """Return the acceptance of a finding that is in force on a day."""
        acceptance = self.by_finding.get(finding.id) if finding.is_of_history else None
        return acceptance if acceptance and acceptance.is_in_force(day) else None

    def unmatched(
        self, found: Sequence[Finding], walked: AbstractSet[str], graph: CommitGraph
    ) -> Iterator[Finding]:
        """Yield a finding for every acceptance whose own was not found in this run.

        Args:
            found: What was found.
            walked: Hashes of the commits that were checked, now or before in this clone.
            graph: All commits of the history.
        """
        known = {finding.id for finding in found}
        commits = {name[:12]: name for name in self.history}
        is_cut_off = bool(graph.shallow & self.history)
        for name, acceptance in self.by_finding.items():
            if name in known:
                continue
            match = _ID.fullmatch(name)
            commit = commits.get(match[2]) if match else None
            if match is None or _is_unknown(match[1], commit, walked, is_cut_off=is_cut_off):
                yield Finding(UNKNOWN, _UNKNOWN, fields={"id": name}, commit=acceptance.commit)
            else:
                subject = acceptance.commit if commit is None else graph.commit(commit)
                yield Finding(
                    match[1], _NOT_CHECKED, commit=subject, measure=match[3], about=match[2]
                )


def explained(findings: Sequence[Finding]) -> dict[str, Acceptance]:
    """Return the findings that their own change explains, by id, as accepted by its author.

    Of findings that share an id, all have to be explained.
    """
    open_ids = {finding.id for finding in findings if not finding.explanation}
    return {
        finding.id: Acceptance(finding.id, finding.commit, finding.explanation, None)
        for finding in findings
        if finding.commit is not None and finding.id not in open_ids
    }


def read_acceptances(graph: CommitGraph, history: AbstractSet[str]) -> Acceptances:
    """Return all that was accepted in a history; a later acceptance replaces an earlier one.

    Args:
        graph: The commits.
        history: Hashes of all commits of the history.
    """
    names = {name for name in history if _KIND.search(graph.commit(name).message)}
    commits, findings = list[Commit](), list[Finding]()
    by_finding: dict[str, Acceptance] = {}
    ordered = graph.parents_first(set(history)) if names else iter(())
    for commit in (commit for commit in ordered if commit.id in names):
        trailers = parse_trailers(commit.message)
        if trailers.kind is not ChangeKind.ACCEPT:
            continue
        commits.append(commit)
        reason = " ".join(" ".join(paragraphs(commit.message)[1:-1]).split())
        until = _date(trailers.until)
        if not _changes_nothing(graph, commit):
            findings.append(Finding(FORGED, _CHANGES_FILES, commit=commit))
        elif not (trailers.findings and reason) or (trailers.until and until is None):
            findings.append(Finding(FORGED, _INCOMPLETE, commit=commit))
        elif others := [
            name for name in _NAMED.findall(commit.subject) if name not in trailers.findings
        ]:
            fields = {"told": ", ".join(others), "real": ", ".join(trailers.findings)}
            findings.append(Finding(FORGED, _OTHER_NAMED, fields=fields, commit=commit))
        else:
            for name in trailers.findings:
                by_finding.pop(name, None)
                by_finding[name] = Acceptance(name, commit, reason, until)
    return Acceptances(by_finding, history, tuple(commits), tuple(findings))


def _changes_nothing(graph: CommitGraph, commit: Commit) -> bool:
    parents = graph.parents(commit.id)
    if not parents and commit.parents:
        return True  # A shallow clone ends here: what was before is not known.
    return len(parents) == 1 and graph.commit(parents[0]).tree == commit.tree


def _is_unknown(
    code: str, commit: str | None, walked: AbstractSet[str], *, is_cut_off: bool
) -> bool:
    """Tell whether a finding would have been found if there was one.

    Of a commit that a shallow clone lacks that is not known.
    """
    if code in OF_THE_CLONE:
        return True
    if code not in SEVERITIES or code in _SEEN_IN_A_CLONE:
        return False
    return commit in walked if commit else not is_cut_off


def is_same_person(name: str, email: str, other_name: str, other_email: str) -> bool:
    """Tell whether two people have a name or an address in common."""

    def is_same(mine: str, theirs: str) -> bool:
        return bool(mine.strip()) and mine.strip().casefold() == theirs.strip().casefold()

    return is_same(name, other_name) or is_same(email, other_email)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
