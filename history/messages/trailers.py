"""The trailers of a commit message: the part that programs read.

They are the last paragraph, one per line, in git's own format, so that
``git log --format='%(trailers:key=Kvartal-Measure)'`` works without this program.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from kvartal.history.diff.words import one_line
from kvartal.schema.changes import ChangeKind, ChangeSource

CHANGE: Final = "Kvartal-Change"
MEASURE: Final = "Kvartal-Measure"
EVIDENCE: Final = "Kvartal-Evidence"
REVERTS: Final = "Kvartal-Reverts"
RESTORES: Final = "Kvartal-Restores"
SOURCE: Final = "Kvartal-Source"
FINDING: Final = "Kvartal-Finding"
UNTIL: Final = "Kvartal-Until"

_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n)+")
_TRAILER: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*) ?: *(.*)")
_EVIDENCE: Final = re.compile(r"sha256:([0-9a-f]{64}) (.+)")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_RESERVED: Final = re.compile(
    r"^[ \t]*(Kvartal-[A-Za-z0-9-]+) ?:[ \t]*(.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_OF_ACCEPTANCES: Final = frozenset({FINDING, UNTIL})
_CHERRY_PICKED: Final = "(cherry picked from commit "


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """An evidence file that a commit adds.

    Attributes:
        sha256: SHA-256 of its content, 64 hexadecimal digits.
        path: From the root of the repository, as ``git show HEAD:<path>`` takes it.
    """

    sha256: str
    path: str


@dataclass(frozen=True, slots=True)
class Trailers:
    """What the trailers of a message say. Anyone can write them: they are a claim, not a proof.

    Attributes:
        kind: What the user did; None in a message not written by this program.
        measures: Ids of the measures touched.
        evidence: Evidence files that the commit adds.
        reverts: Full hash of the commit that an undo or a redo reverses.
        restores: Full hash of the commit that values were restored from.
        findings: Ids of the findings that are accepted.
        until: Last day on which they are, as in ``2027-01-31``; None for ever.
        source: The file that an import was taken from.
    """

    kind: ChangeKind | None = None
    measures: tuple[str, ...] = ()
    evidence: tuple[EvidenceNote, ...] = ()
    reverts: str | None = None
    restores: str | None = None
    findings: tuple[str, ...] = ()
    until: str | None = None
    source: ChangeSource | None = None

    def __str__(self) -> str:
        """Return the paragraph of trailers."""
        return "\n".join(f"{name}: {one_line(value)}" for name, value in self.named())

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield name and value of each, in the order in which they are written."""
        if self.kind:
            yield CHANGE, self.kind.value
        for measure in self.measures:
            yield MEASURE, measure
        for note in self.evidence:
            yield EVIDENCE, f"sha256:{note.sha256} {note.path}"
        if self.source:
            yield SOURCE, f"sha256:{self.source.sha256} {self.source.name}"
        if self.reverts:
            yield REVERTS, self.reverts
        if self.restores:
            yield RESTORES, self.restores
        for finding in self.findings:
            yield FINDING, finding
        if self.until:
            yield UNTIL, self.until


def paragraphs(message: str) -> list[str]:
    """Return the paragraphs of a commit message, the subject first."""
    return _BLANK_LINES.split(message.strip("\n"))


def parse_trailers(message: str) -> Trailers:
    """Return what the trailers of a commit message say.

    Only the last paragraph counts, and only where it is not the subject and holds nothing but
    trailers; foreign trailers and the note of a cherry-pick may be among them. Malformed values are
    ignored.
    """
    *others, last = paragraphs(message)
    if not others:
        return Trailers()
    named: dict[str, list[str]] = {}
    for line in last.split("\n"):
        if line.startswith(_CHERRY_PICKED):
            continue
        match = _TRAILER.fullmatch(line.rstrip())
        if match is None:
            return Trailers()
        named.setdefault(match[1].lower(), []).append(match[2])
    sources = [_EVIDENCE.fullmatch(value) for value in named.get(SOURCE.lower(), [])]
    notes = [_EVIDENCE.fullmatch(value) for value in named.get(EVIDENCE.lower(), [])]
    return Trailers(
        kind=_kind(named.get(CHANGE.lower(), [])),
        measures=tuple(dict.fromkeys(filter(None, named.get(MEASURE.lower(), [])))),
        evidence=tuple(EvidenceNote(note[1], note[2]) for note in notes if note),
        source=next((ChangeSource(one[2], one[1]) for one in sources if one), None),
        reverts=_single(named.get(REVERTS.lower(), [])),
        restores=_single(named.get(RESTORES.lower(), [])),
        findings=tuple(dict.fromkeys(filter(None, named.get(FINDING.lower(), [])))),
        until=next(iter(named.get(UNTIL.lower(), [])), None),
    )


def claims_change(message: str) -> bool:
    """Return whether a message says anywhere that the commit changed a plan.

    An acceptance changes none: it says so.
    """
    return bool(stray_trailers(message, Trailers(kind=ChangeKind.ACCEPT), _OF_ACCEPTANCES))


def stray_trailers(
    message: str, trailers: Trailers, others: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the lines of a message that look like trailers of this program and that it lacks.

    Args:
        message: The message; such lines count wherever they are.
        trailers: Those that may be there.
        others: Names of those that may be there with any value.
    """
    known = {(name.lower(), one_line(value)) for name, value in trailers.named()}
    names = {name.lower() for name in others}
    return tuple(
        found[0].strip()
        for found in _RESERVED.finditer(message)
        if (found[1].lower(), found[2]) not in known and found[1].lower() not in names
    )


def _kind(values: list[str]) -> ChangeKind | None:
    return ChangeKind(values[0]) if len(values) == 1 and values[0] in list(ChangeKind) else None


def _single(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 and _COMMIT.fullmatch(values[0]) else None
