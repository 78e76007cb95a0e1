"""The anchor of a history: a hash to be written down outside of it, and to be held against it.

It covers the commit at HEAD, and with it every file and every commit before it: git names each
commit by the hash of its content, its files and its parents, all of which `verify` computes anew.

Yields `anchor-differs`, and `shallow` where the clone is too short to tell.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from kvartal.history.audit.commit_graph import CommitGraph
from kvartal.history.audit.findings import Finding
from kvartal.schema.errors import N_

DIFFERS: Final = "anchor-differs"
SHALLOW: Final = "shallow"
LENGTH: Final = 40
"""Hexadecimal digits of an anchor as it is printed."""
LEAST: Final = 20
"""Fewer than this are not accepted: they could be hit by trying."""

_DIFFERS: Final = N_(
    "История не та, для которой записан отпечаток {expected}: ни одно из изменений, "
    "которые здесь есть, его не даёт. Отпечаток этой истории — {anchor}."
)
_LOST: Final = N_(
    "Отпечаток {expected} записан для изменения {commit} «{subject}», а в этой истории его нет. "
    "До изменения {base} обе истории совпадают. Отпечаток этой истории — {anchor}."
)
_UNRELATED: Final = N_(
    "Отпечаток {expected} записан для изменения {commit} «{subject}», а в этой истории его нет, и "
    "ни одного общего изменения у них нет. Отпечаток этой истории — {anchor}."
)
_NOT_FETCHED: Final = N_(
    "Отпечатка {expected} нет ни у одного из изменений, которые есть в этой копии. Но копия "
    "неполная, и та ли это история, по ней не узнать. Получите её целиком: "
    "`git fetch --unshallow`, и сверьте снова."
)
_SHORT: Final = 10
_EXPECTED: Final = re.compile(rf"[0-9a-f]{{{LEAST},{LENGTH}}}")


def anchor(plan: str, commit: str) -> str:
    """Return the anchor of a history.

    Args:
        plan: The plan's path in the repository.
        commit: Full hash of its last commit.
    """
    text = f"kvartal anchor 1\0{plan}\0{commit}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:LENGTH]


def normalized(expected: str) -> str | None:
    """Return an anchor as it was typed from paper, without spaces; None where it is none."""
    text = re.sub(r"[\s-]", "", expected).lower()
    return text if _EXPECTED.fullmatch(text) else None


def find_anchored(expected: str, plan: str, history: Iterable[str]) -> str | None:
    """Return the commit of a history whose anchor begins with what is expected; None for none."""
    return next((name for name in history if anchor(plan, name).startswith(expected)), None)


def anchor_differs(
    expected: str, plan: str, head: str, graph: CommitGraph, seen: Iterable[str]
) -> Finding:
    """Return that no commit of a history has the anchor that is expected, as far as is known.

    Args:
        expected: The anchor, or its beginning.
        plan: The plan's path in the repository.
        head: Hash of the last commit.
        graph: The commits.
        seen: Hashes of commits beside the history, which may have it.
    """
    fields = {"expected": expected, "anchor": anchor(plan, head)}
    lost = find_anchored(expected, plan, seen)
    if lost is None:
        if graph.shallow & graph.ancestors([head]):
            return Finding(SHALLOW, _NOT_FETCHED, fields=fields, commit=graph.commit(head))
        return Finding(DIFFERS, _DIFFERS, fields=fields, commit=graph.commit(head))
    commit, bases = graph.commit(lost), graph.merge_bases((lost, head))
    fields |= {"commit": lost[:_SHORT], "subject": commit.subject}
    if not bases:
        return Finding(DIFFERS, _UNRELATED, fields=fields, commit=commit)
    return Finding(DIFFERS, _LOST, fields=fields | {"base": bases[0][:_SHORT]}, commit=commit)
