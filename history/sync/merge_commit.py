"""The merge commit: what its message says, and how it is made in the object database.

The message lists what each side changed, measure by measure, and what a person chose.

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
from kvartal.history.git.diagnosis import refusal
from kvartal.history.git.errors import HookRefused, SigningFailed
from kvartal.history.git.repository import Repository
from kvartal.history.messages.subjects import subject
from kvartal.history.messages.trailers import EvidenceNote, Trailers
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.schema.changes import ChangeKind, PlanData
from kvartal.schema.errors import N_
from kvartal.schema.problems import Problem

_HOOKS: Final = (("prepare-commit-msg", ("merge",)), ("commit-msg", ()))

_MOST: Final = 40
"""How many measures of a side are told: the commits that are joined tell the rest."""


def merge_commit(repository: Repository, tree: str, parents: tuple[str, ...], message: str) -> str:
    """Make a commit that belongs to nothing yet; return its id.

    Args:
        repository: As seen from the plan's folder.
        tree: Id of its tree.
        parents: Ids of the commits that it joins.
        message: The whole message.

    Raises:
        HookRefused: A hook of the repository refused the message.
        SigningFailed: The repository asks for a signature, and there is none.
        NoIdentity: Git does not know who makes the commit.
        KvartalError: Git refused for another reason.
    """
    asked = repository.run("config", "--type=bool", "--get", "commit.gpgSign")
    signed = ("-S",) if asked.text.strip() == "true" else ()
    joined = (part for parent in parents for part in ("-p", parent))
    arguments = ("commit-tree", *signed, *joined, "-F", "-", tree)
    given = _looked_at(repository, message).encode(errors="backslashreplace")
    done = repository.run(*arguments, stdin=given, writes=True)
    if done.code:
        is_unsigned = signed and "sign" in done.stderr
        raise SigningFailed(words=done.stderr) if is_unsigned else refusal(repository, done)
    return done.text.strip()


def _looked_at(repository: Repository, message: str) -> str:
    """Return a message as the repository's hooks leave it.

    Raises:
        HookRefused: One of them refused.
    """
    with TemporaryDirectory(prefix="kvartal-message-") as folder:
        path = Path(folder, "MERGE_MSG")
        path.write_bytes(message.encode(errors="backslashreplace"))
        for name, more in _HOOKS:
            arguments = ("hook", "run", "--ignore-missing", name, "--", str(path), *more)
            done = repository.at("").run(*arguments, writes=True)
            if done.code:
                raise HookRefused(words=done.stderr or done.code)
        return decode(path.read_bytes())


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """What there is to tell of a merge.

    Attributes:
        base: The plan asked about, as both sides had it once.
        mine: As our side has it.
        other: As the other side has it.
        after: What it comes to.
        conflicts: What there was to choose.
        sides: What was chosen, for each of them.
        notes: What was renumbered or renamed.
        evidence: Files that stand where neither side had them.
        ours: Names of those whose commits were here.
        theirs: Names of those whose commits came.
    """

    base: PlanData
    mine: PlanData
    other: PlanData
    after: PlanData
    conflicts: Sequence[FieldConflict]
    sides: Sequence[Side]
    notes: Sequence[Problem]
    evidence: Sequence[EvidenceNote]
    ours: Sequence[str]
    theirs: Sequence[str]


def merge_message(told: MergeSummary, words: Words) -> str:
    """Return the whole message of a merge commit.

    Args:
        told: What there is to tell.
        words: The language.
    """
    base = told.base
    groups = change_groups(base, told.after, words)
    first = (
        subject(ChangeKind.MERGE, groups, words)
        if groups
        else words.translate(N_("Программа: объединение: изменено не в ней"))
    )
    body = [
        *_side(N_("У нас ({names}):"), told.ours, change_groups(base, told.mine, words), words),
        *_side(
            N_("С другой стороны ({names}):"),
            told.theirs,
            change_groups(base, told.other, words),
            words,
        ),
        *_chosen(told, words),
        *(one_line(note.message(words.translate)) for note in told.notes),
    ]
    measures = tuple(group.id for group in groups if group.id)
    trailers = Trailers(ChangeKind.MERGE, measures, tuple(told.evidence))
    return "\n\n".join((first, *map(_safe, body), str(trailers))) + "\n"


def authors(repository: Repository, commit: str, other: str) -> tuple[str, ...]:
    """Return the names of those who made the commits that only one side has."""
    named = repository.log(("--no-merges", commit, f"^{other}"), "%an")
    return tuple(dict.fromkeys(filter(None, map(one_line, named))))


def _side(
    head: str, names: Sequence[str], groups: Sequence[ChangeGroup], words: Words
) -> Iterator[str]:
    """Yield the paragraphs of one side."""
    told = [_paragraph(group, words) for group in groups if group.lines]
    if told:
        yield words.say(head, names=", ".join(names) or "?")
        yield from told[:_MOST]
    if len(told) > _MOST:
        yield words.say(N_("… и ещё мероприятий: {count}"), count=len(told) - _MOST)


def _paragraph(group: ChangeGroup, words: Words) -> str:
    named = words.translate(N_("Программа в целом"))
    if group.id:
        named = words.say(N_("Мероприятие {id}. {title}"), id=one_line(group.id), title=group.title)
    return "\n".join((named, *map(str, group.lines)))


def _chosen(told: MergeSummary, words: Words) -> Iterator[str]:
    """Yield a paragraph for each choice."""
    taken = {
        Side.OURS: N_("Выбрано наше значение. {conflict}"),
        Side.THEIRS: N_("Выбрано значение другой стороны. {conflict}"),
    }
    for conflict, side in zip(told.conflicts, told.sides, strict=True):
        yield words.say(taken[side], conflict=conflict.text(words))


def _safe(paragraph: str) -> str:
    """Return a paragraph in which git takes no line for a comment."""
    return "\n".join(f" {line}" if line.startswith("#") else line for line in paragraph.split("\n"))
