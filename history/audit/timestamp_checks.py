"""Checks the trusted timestamps that stand in verified tags.

Without a root certificate it is known only over which hash one was given, not by whom: that is said
of each, and not held against it.

Yields `timestamp-mismatch`, `timestamp-unreadable` and `timestamp-untrusted`.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from kvartal.history.audit.anchor import anchor
from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.timestamp_token import (
    LARGEST,
    Timestamp,
    TimestampLibraryMissing,
    TimestampRejected,
    TimestampUnreadable,
    read_timestamp,
)
from kvartal.history.audit.verified_tags import VerifiedTag
from kvartal.history.diff.words import moment_text
from kvartal.schema.errors import N_

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MISMATCH: Final = "timestamp-mismatch"
UNREADABLE: Final = "timestamp-unreadable"
UNTRUSTED: Final = "timestamp-untrusted"

_OTHER_HASH: Final = N_(
    "Штамп времени в метке «{mark}» ({moment}, «{authority}») поставлен не на эту историю: "
    "отпечаток до изменения {commit} — {anchor}, а в штампе другой."
)
_TOO_EARLY: Final = N_(
    "Штамп времени в метке «{mark}» ({moment}, «{authority}») старше самого изменения {commit}, "
    "которое записано {committed}: одна из этих дат неправда."
)
_UNREADABLE: Final = N_("Штамп времени в метке «{mark}» не прочитан: {reason}.")
_UNTRUSTED: Final = N_(
    "Штамп времени в метке «{mark}» ({moment}, назвался «{authority}») не подписан тем, кого "
    "называет сертификат в --tsa-cert, или подпись не сходится."
)
_SHORT: Final = 10
_LONGEST: Final = LARGEST * 2


class TimestampCheck(Enum):
    """How far a timestamp was checked.

    Attributes:
        NOT_READ: Not at all: the library is not installed.
        OVER_ANCHOR: It is over the anchor of its mark; who signed it was not checked.
        SIGNED: It is, and its signature leads to a root certificate that was given.
    """

    NOT_READ = auto()
    OVER_ANCHOR = auto()
    SIGNED = auto()


@dataclass(frozen=True, slots=True)
class MarkTimestamp:
    """The trusted timestamp of a mark.

    Attributes:
        mark: Name of the mark.
        anchor: The anchor of the history up to the mark, computed anew.
        check: How far it was checked.
        moment: When it was given; None where it was not read.
        authority: By whom, as it says itself; empty where it does not, or was not read.
    """

    mark: str
    anchor: str
    check: TimestampCheck
    moment: datetime | None = None
    authority: str = ""


def check_timestamps(
    tags: Sequence[VerifiedTag],
    plan: str,
    graph: CommitGraph,
    certificates: "Sequence[Certificate]",
) -> tuple[tuple[MarkTimestamp, ...], tuple[Finding, ...]]:
    """Return the timestamps that fit their marks, and what is wrong with the others.

    Args:
        tags: The marks that are what they say.
        plan: The plan's path in the repository.
        graph: The commits.
        certificates: The root certificates to check them by; none for not checking who signed.
    """
    sound, findings = list[MarkTimestamp](), list[Finding]()
    for tag in tags:
        if tag.timestamp:
            checked = _checked(tag, plan, graph, certificates)
            if isinstance(checked, Finding):
                findings.append(checked)
            else:
                sound.append(checked)
    return tuple(sound), tuple(findings)


def _checked(
    tag: VerifiedTag, plan: str, graph: CommitGraph, certificates: "Sequence[Certificate]"
) -> MarkTimestamp | Finding:
    own_anchor = anchor(plan, tag.commit)
    try:
        timestamp = read_timestamp(_decoded(tag.timestamp))
    except TimestampLibraryMissing:
        return MarkTimestamp(tag.name, own_anchor, TimestampCheck.NOT_READ)
    except (TimestampRejected, TimestampUnreadable) as error:
        return _finding(UNREADABLE, _UNREADABLE, tag, graph, reason=error)
    template = _fault(tag, timestamp, own_anchor, graph, certificates)
    if template is not None:
        return _finding(
            UNTRUSTED if template is _UNTRUSTED else MISMATCH,
            template,
            tag,
            graph,
            anchor=own_anchor,
            moment=moment_text(timestamp.moment.isoformat()),
            authority=timestamp.authority,
            committed=moment_text(graph.commit(tag.commit).committed.isoformat()),
        )
    check = TimestampCheck.SIGNED if certificates else TimestampCheck.OVER_ANCHOR
    return MarkTimestamp(tag.name, own_anchor, check, timestamp.moment, timestamp.authority)


def _fault(
    tag: VerifiedTag,
    timestamp: Timestamp,
    own_anchor: str,
    graph: CommitGraph,
    certificates: "Sequence[Certificate]",
) -> str | None:
    """Return the sentence of what is wrong with a timestamp; None where nothing is."""
    if not timestamp.is_over(own_anchor):
        return _OTHER_HASH
    if timestamp.is_before(graph.commit(tag.commit).committed):
        return _TOO_EARLY
    if certificates and not timestamp.is_signed_by(certificates, own_anchor):
        return _UNTRUSTED
    return None


def _finding(
    code: str, template: str, tag: VerifiedTag, graph: CommitGraph, **fields: object
) -> Finding:
    fields |= {"mark": tag.name, "commit": tag.commit[:_SHORT]}
    return Finding(code, template, fields=fields, commit=graph.commit(tag.commit), about=tag.tag)


def _decoded(text: str) -> bytes:
    """Return the bytes of base64.

    Raises:
        TimestampUnreadable: It is none, or too long.
    """
    if len(text) > _LONGEST:
        raise TimestampUnreadable(reason=f"> {LARGEST}")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise TimestampUnreadable(reason="base64") from error
