"""The merge commit: what its message says, and how it is made in the object database.

The message lists what each side changed, measure by measure, and what the user chose.

``git commit-tree`` neither signs nor runs hooks, so both are done here, with the user's identity.
The message hooks run as ``git merge`` runs them. ``pre-merge-commit`` does not run: it inspects the
index and the working files, which move only once there is a commit; ``pre-push`` and the server
check the same things. ``post-merge`` is run by git itself when the files move.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kvartal.history.diff.groups import ChangeGroup, change_groups
from kvartal.history.diff.words import Words, one_line
from kvartal.history.git.command import decode
from kvartal.history.git.diagnosis import commit_error
from kvartal.history.git.errors import HookRefused, SigningFailed
from kvartal.history.git.repository import Repository
from kvartal.history.messages.merge_sentences import (
    CHOSE_OURS,
    CHOSE_THEIRS,
    MAX_MEASURES,
    MORE_MEASURES,
    NO_NAME,
    NOT_IN_PLAN,
    OUR_SIDE,
    THEIR_SIDE,
    of_several,
)
from kvartal.history.messages.message import escape_comments, field_paragraph
from kvartal.history.messages.subjects import subject
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.problems import Problem

_HOOKS: Final = (("prepare-commit-msg", ("merge",)), ("commit-msg", ()))


def create_merge_commit(
    repository: Repository, tree: str, parents: tuple[str, ...], message: str
) -> str:
    """Create a commit that no ref points to yet; return its id.

    Args:
        repository: As seen from the plan's folder.
        tree: Id of its tree.
        parents: Ids of its parents.
        message: The whole message.

    Raises:
        HookRefused: A hook of the repository refused the message.
        SigningFailed: The repository asks for a signature, and signing failed.
        NoIdentity: Git does not know the user's name or address.
        KvartalError: Git refused for another reason.
    """
    setting = repository.run("config", "--type=bool", "--get", "commit.gpgSign")
    sign_option = ("-S",) if setting.text.strip() == "true" else ()
    parent_options = (part for parent in parents for part in ("-p", parent))
    arguments = ("commit-tree", *sign_option, *parent_options, "-F", "-", tree)
    stdin = _run_message_hooks(repository, message).encode(errors="backslashreplace")
    result = repository.run(*arguments, stdin=stdin, writes=True)
    if result.code:
        is_unsigned = sign_option and "sign" in result.stderr
        if is_unsigned:
            raise SigningFailed(words=result.stderr)
        raise commit_error(repository, result)
    return result.text.strip()


def _run_message_hooks(repository: Repository, message: str) -> str:
    """Return a message as the repository's hooks leave it.

    Raises:
        HookRefused: One of them refused it.
    """
    with TemporaryDirectory(prefix="kvartal-message-") as folder:
        path = Path(folder, "MERGE_MSG")
        path.write_bytes(message.encode(errors="backslashreplace"))
        for name, options in _HOOKS:
            arguments = ("hook", "run", "--ignore-missing", name, "--", str(path), *options)
            result = repository.at("").run(*arguments, writes=True)
            if result.code:
                raise HookRefused(words=result.stderr or result.code)
        return decode(path.read_bytes())


@dataclass(frozen=True, slots=True)
class StatedPlan:
    """A plan of which the message of a merge says what each side changed.

    Attributes:
        path: Its path from the root.
        base: Its data at the merge base.
        ours: On our side.
        theirs: On the other side.
        merged: Merged.
    """

    path: str
    base: PlanData
    ours: PlanData
    theirs: PlanData
    merged: PlanData


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """What the message of a merge commit is written from.

    Attributes:
        plans: The plans that it is about; at least one.
        conflicts: The conflicts.
        sides: The side chosen for each conflict, in order.
        notes: What was renumbered or renamed, and which comments were lost.
        evidence: Evidence files at paths where neither side had them.
        our_authors: Names of the authors of our commits.
        their_authors: Names of the authors of theirs.
    """

    plans: Sequence[StatedPlan]
    conflicts: Sequence[FieldConflict]
    sides: Sequence[Side]
    notes: Sequence[Problem]
    evidence: Sequence[EvidenceNote]
    our_authors: Sequence[str]
    their_authors: Sequence[str]


def merge_message(summary: MergeSummary, words: Words) -> str:
    """Return the whole message of a merge commit, trailers included.

    Args:
        summary: What it is written from.
        words: The language.
    """
    groups = tuple(group for plan in summary.plans for group in _groups(plan, plan.merged, words))
    paths = [plan.path for plan in summary.plans]
    if len(paths) > 1:
        first = of_several(paths, words)
    elif groups:
        first = subject(ChangeKind.MERGE, groups, words)
    else:
        first = words.translate(NOT_IN_PLAN)
    body = [
        *_sides(summary, words),
        *_choices(summary, words),
        *(one_line(note.message(words.translate)) for note in summary.notes),
    ]
    measures = tuple(dict.fromkeys(group.id for group in groups if group.id))
    trailers = Trailers(ChangeKind.MERGE, measures, tuple(summary.evidence))
    return "\n\n".join((first, *map(escape_comments, body), str(trailers))) + "\n"


def _groups(plan: StatedPlan, data: PlanData, words: Words) -> Sequence[ChangeGroup]:
    return change_groups(plan.base, data, words)


def _sides(summary: MergeSummary, words: Words) -> Iterator[str]:
    """Yield the paragraphs of what each side changed, programme by programme."""
    for plan in summary.plans:
        sides = (
            *_side(
                OUR_SIDE,
                summary.our_authors,
                _groups(plan, plan.ours, words),
                words,
            ),
            *_side(
                THEIR_SIDE,
                summary.their_authors,
                _groups(plan, plan.theirs, words),
                words,
            ),
        )
        if sides and len(summary.plans) > 1:
            yield f"{plan.path}:"
        yield from sides


def _side(
    head: str, names: Sequence[str], groups: Sequence[ChangeGroup], words: Words
) -> Iterator[str]:
    """Yield the paragraphs of one side."""
    paragraphs = [field_paragraph((group,), words) for group in groups if group.lines]
    if paragraphs:
        yield words.say(head, names=", ".join(names) or NO_NAME)
        yield from paragraphs[:MAX_MEASURES]
    if len(paragraphs) > MAX_MEASURES:
        count = len(paragraphs) - MAX_MEASURES
        yield words.say(MORE_MEASURES, count=count)


def _choices(summary: MergeSummary, words: Words) -> Iterator[str]:
    """Yield a paragraph for each choice."""
    templates = {Side.OURS: CHOSE_OURS, Side.THEIRS: CHOSE_THEIRS}
    for conflict, side in zip(summary.conflicts, summary.sides, strict=True):
        yield words.say(templates[side], conflict=conflict.text(words))
