"""Checks commits that say they changed a programme and leave the plan as it was.

Yields `message-disagrees`; and `trailers-disagree` for trailers that the program does not write.

A repository may hold several programmes, so a commit that changes the plan of a different one is
not to be measured by this one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from kvartal.history.audit.earlier_plans import is_plan
from kvartal.history.audit.findings import MESSAGE, TRAILERS, Finding
from kvartal.history.audit.object_reader import ObjectReader
from kvartal.history.audit.stored_objects import TREE, Commit
from kvartal.history.audit.walk import HistoryWalk, WalkStep
from kvartal.history.messages.trailers import CHANGE, Trailers, claims_change, stray_trailers
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_

STRAY: Final = N_(
    "Таких строк программа у этого изменения не пишет, и то, что в них сказано, ничем не "
    "подтверждено: {lines}."
)
_VERIFIED: Final = "Kvartal-Verified: "
_OF_MARKS: Final = tuple(
    f"Kvartal-{name}:"
    for name in ("Verified", "Plan", "Digest", "From", "Commits", "Files", "Anchor", "Timestamp")
)
"""How the trailers of a mark begin."""
_NO_CHANGE: Final = N_("Сообщение говорит об изменении, а программа не изменена.")


def empty_claim_findings(
    step: WalkStep, walk: HistoryWalk, objects: ObjectReader
) -> Iterator[Finding]:
    """Yield that a commit which leaves the plan says that it changed something.

    Args:
        step: The commit.
        walk: What the commits hold.
        objects: The objects of the repository.
    """
    if claims_change(step.commit.message) and not changes_plan(step, walk, objects):
        yield Finding(MESSAGE, _NO_CHANGE, commit=step.commit)


def stray_trailer_findings(commit: Commit, trailers: Trailers) -> Iterator[Finding]:
    """Yield that a message states something in a trailer that the program would not have written.

    Args:
        commit: A commit that changes the plan.
        trailers: What its message claims.
    """
    if trailers.kind not in {None, ChangeKind.ACCEPT}:
        source = trailers.source if trailers.kind is ChangeKind.IMPORT else None
        written = replace(trailers, source=source, findings=(), until=None)
        if trailers.kind is ChangeKind.MERGE:
            written = replace(written, reverts=None, restores=None)
        stray = stray_trailers(commit.message, written)
        if stray:
            yield Finding(TRAILERS, STRAY, fields={"lines": "; ".join(stray)}, commit=commit)


def broken_trailer_findings(commit: Commit, quoted: Iterable[Commit]) -> Iterator[Finding]:
    """Yield that a merge has trailers of the program and no kind of change that it knows.

    Args:
        commit: The merge.
        quoted: The commits that came together: what a forge quotes of their messages is theirs,
            and git that of a mark at one of them.
    """
    stray = stray_trailers(commit.message, Trailers())
    merged = tuple(quoted) if stray else ()
    if any(f"{_VERIFIED}{one.id}" in stray for one in merged):
        # `git merge` of a mark takes its text, which the mark itself is held against.
        stray = tuple(line for line in stray if not line.startswith(_OF_MARKS))
    if not stray:
        return
    theirs = {line.strip() for one in merged for line in one.message.split("\n")}
    is_quote = any(line.startswith(CHANGE) for line in stray) and theirs.issuperset(stray)
    if not is_quote:
        yield Finding(TRAILERS, STRAY, fields={"lines": "; ".join(stray)}, commit=commit)


def changes_plan(
    step: WalkStep,
    walk: HistoryWalk,
    objects: ObjectReader,
    *,
    but_this: bool = False,
    since: Sequence[Commit] = (),
) -> bool:
    """Tell whether a commit differs from a parent in a file that looks like a plan.

    Args:
        step: The commit.
        walk: What the commits hold.
        objects: The objects of the repository.
        but_this: Leave out the plan that is being verified.
        since: What a merge started from: both sides may have changed a plan alike.
    """
    parents = [*walk.parent_trees(step.commit.id), *(commit.tree for commit in since)]
    files = (
        chain.from_iterable(_changed_files(objects, tree, step.commit.tree) for tree in parents)
        if parents
        else objects.files(step.commit.tree)
    )
    earlier = (*step.parents, *(walk.plan_at(commit.id) for commit in since))
    own = {plan.blob for plan in (*earlier, step.plan)} if but_this else set()
    return any(blob not in own and is_plan(objects, path, blob) for path, blob in files)


def changed_plans(objects: ObjectReader, before: Iterable[str], after: str) -> Iterator[str]:
    """Yield the paths of the files that look like plans and differ from those before.

    Args:
        objects: The objects of the repository.
        before: Hashes of whole trees.
        after: Hash of the tree that is compared with each of them.
    """
    changed = chain.from_iterable(_changed_files(objects, tree, after) for tree in before)
    yield from dict.fromkeys(path for path, blob in changed if is_plan(objects, path, blob))


def _changed_files(
    objects: ObjectReader, old: str, new: str, folder: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield path and hash of the files in which two trees differ, of removed ones the old hash."""
    before, after = objects.tree(old), objects.tree(new)
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was and now and was[0] == now[0] == TREE:
            yield from _changed_files(objects, was[1], now[1], f"{folder}{name}/")
            continue
        for entry in (was, now):
            if entry is None:
                continue
            mode, object_id = entry
            if mode == TREE:
                for path, blob in objects.files(object_id):
                    yield f"{folder}{name}/{path}", blob
            else:
                yield f"{folder}{name}", object_id
