"""A history of some fifty commits, honest and dishonest ones, written without a git process.

Every person, moment and content is fixed, so its hashes are always the same. What `log`, `diff` and
`verify` say of it is in golden files: see `test_chronicle.py`.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kvartal.history.diff.diff import difference
from kvartal.history.diff.words import Words
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.message import EarlierCommit, commit_message
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.history.sync.merge_commit import MergeSummary, StatedPlan, merge_message
from kvartal.history.yaml_text.loader import load
from kvartal.history.yaml_text.source import Source
from kvartal.history.yaml_text.splice import splice_to
from kvartal.schema.changes import Change, ChangeKind, ChangeSource
from kvartal.schema.data_paths import value_at
from tests.support.edited_plans import edited, edits_of
from tests.support.git_objects import GitObjects

PLAN = "plan/2024.yaml"
ANNA = "Иванова Анна <ivanova@tests.example>"
IVAN = "Петров Иван <petrov@tests.example>"
ACT = b"%PDF-1.7 act\n"
REPORT = b"%PDF-1.7 report\n"
OTHER = b"%PDF-1.7 other\n"
ATTRIBUTES = {"plan/evidence/.gitattributes": b"* -text -filter\n"}
BEGINNING = """\
# Программа отдела
year: 2024
language: ru
audit:
  backdating_days: 31
document:
  organization: АО «Проба»
  title: Программа
  code: П-1
sections:
  - number: "1"
    title: Очное
    channels:
      - number: "1.1"
        title: Офис
      - number: "1.2"
        title: Окно
  - number: "2"
    title: Заочное
measures:
  - id: 1.1.1
    channel: "1.1"
    number: 1.1.1
    proposal: Очередь
    actions:
      - Закупка
      - Установка
    term:
      text: 1-4 кварталы 2024
      quarters: [1, 2, 3, 4]
    result: Установлена
    indicator:
      name: Доля
      unit: "%"
      direction: not_less
      target: 95
      period: quarter

  # Решение правления
  - id: 1.1.2
    channel: "1.1"
    number: 1.1.2
    proposal: Пандус
    term:
      text: до 28 июня 2024
      due: "2024-06-28"
    responsible: Отдел

  - id: 1.2.1
    channel: "1.2"
    number: 1.2.1
    proposal: Обучение
    term:
      text: 2 квартал 2024
      quarters: [2]
    budget:
      plan: 100

  - id: V-1
    section: "2"
    number: V-1
    proposal: Сайт
    term:
      text: постоянно
"""

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Told:
    """A commit, as the next ones may name it."""

    id: str
    subject: str
    files: Files

    @property
    def source(self) -> Source:
        """The plan in it."""
        return load(self.files[PLAN], PLAN)


def evidence(path: str, content: bytes) -> str:
    """Return an evidence file as JSON."""
    digest = hashlib.sha256(content).hexdigest()
    return f'{{"path": "evidence/2024/{path}", "size": {len(content)}, "sha256": "{digest}"}}'


@dataclass(slots=True)
class Chronicle:
    """A history that grows.

    Attributes:
        objects: Where it is written.
        commits: All its commits, in the order in which they are written.
        last: The commit that the next one follows.
    """

    objects: GitObjects
    commits: list[Told] = field(default_factory=list)
    last: Told | None = None

    def write(
        self,
        files: Files,
        message: str,
        at: str,
        *,
        who: str = ANNA,
        committer: str = "",
        committed: str = "",
        parents: Sequence[Told] | None = None,
    ) -> Told:
        """Write a commit, and go on from it."""
        if parents is None:
            parents = () if self.last is None else (self.last,)
        author, by = _stamp(who, at), _stamp(committer or who, committed or at)
        tree = self.objects.tree(files)
        name = self.objects.commit(tree, [one.id for one in parents], author, by, message)
        self.last = Told(name, message.partition("\n")[0], files)
        self.commits.append(self.last)
        return self.last

    def change(
        self,
        kind: str,
        line: str,
        at: str,
        *,
        files: Files | None = None,
        unstated: str = "",
        reverts: Told | None = None,
        reason: str = "",
        alter: Callable[[str], str] = str,
        who: str = ANNA,
        committer: str = "",
        committed: str = "",
    ) -> Told:
        """Write a change as the program does; of a dishonest one, more than its message states.

        Args:
            kind: Of the change.
            line: What is edited.
            at: When.
            files: Files that come with it.
            unstated: What is edited besides, without a word.
            reverts: What it takes back or restores from.
            reason: The reason given.
            alter: What becomes of the message.
            who: The author.
            committer: Who commits it, if not the author.
            committed: When it is committed, if later.
        """
        assert self.last is not None
        source = self.last.source
        before = source.data
        after = edited(before, edits_of(line)) if line else before
        origin = ChangeSource("факт.xlsx", "f" * 64) if kind == "import" else None
        change = Change(ChangeKind(kind), difference(before, after), origin)
        earlier = None if reverts is None else EarlierCommit(reverts.id, reverts.subject)
        message = commit_message(change, before, folder="plan", reverts=earlier, reason=reason)
        if unstated:
            after = edited(after, edits_of(unstated))
        content = splice_to(source, after).encoded
        held = {**self.last.files, **(files or {}), PLAN: content}
        return self.write(
            held, alter(message), at, who=who, committer=committer, committed=committed
        )

    def undo(
        self,
        what: Told,
        before: Told,
        at: str,
        *,
        kind: str = "undo",
        reason: str = "",
        subject: str = "",
    ) -> Told:
        """Take a change of one measure back, or do it again, as the program does.

        Args:
            what: The change that is named.
            before: The commit whose version comes back.
            at: When.
            kind: Or ``redo``.
            reason: The reason given.
            subject: Of what is done again.
        """
        assert self.last is not None
        old = self.last.source.data
        change = Change(ChangeKind(kind), difference(old, before.source.data))
        earlier = EarlierCommit(what.id, subject or what.subject)
        message = commit_message(change, old, folder="plan", reverts=earlier, reason=reason)
        return self.write({**self.last.files, PLAN: before.files[PLAN]}, message, at)

    def rewrite(self, old: str, new: str, message: str, at: str, *, who: str = ANNA) -> Told:
        """Write an edit of the text outside the program."""
        assert self.last is not None
        text = self.last.files[PLAN].decode()
        assert old in text, old
        return self.write(
            {**self.last.files, PLAN: text.replace(old, new, 1).encode()}, message, at, who=who
        )

    def edit_outside(self, line: str, message: str, at: str, files: Files) -> Told:
        """Write an edit of the plan and of files outside the program."""
        assert self.last is not None
        source = self.last.source
        content = splice_to(source, edited(source.data, edits_of(line))).encoded
        return self.write({**self.last.files, **files, PLAN: content}, message, at)

    def accept(self, code: str, commit: Told, at: str, measure: str = "", **more: str) -> Told:
        """Write an acceptance of a finding."""
        assert self.last is not None
        name = f"{code}:{commit.id[:12]}" + (f":{measure}" if measure else "")
        told = more.get("told", name)
        reason = more.get("reason", "Так решили на совещании")
        until = f"\nKvartal-Until: {more['until']}" if "until" in more else ""
        trailers = f"Kvartal-Change: accept\nKvartal-Finding: {name}{until}"
        paragraphs = [f"Принято замечание {told}", *filter(None, [reason]), trailers]
        who = more.get("who", IVAN)
        return self.write(self.last.files, "\n\n".join(paragraphs) + "\n", at, who=who)

    def merge(
        self,
        base: Told,
        ours: Told,
        theirs: Told,
        at: str,
        *,
        sides: Sequence[Side] | None = None,
        message: str = "",
        unstated: str = "",
        alter: Callable[[str], str] = str,
    ) -> Told:
        """Merge two commits.

        Args:
            base: What they have in common.
            ours: The first parent.
            theirs: The second.
            at: When.
            sides: What is chosen, in a merge by the program; None for one by git.
            message: Of a merge by git.
            unstated: What is edited besides.
            alter: What becomes of the message of the program.
        """
        before, here, there = (one.source.data for one in (base, ours, theirs))
        merged = merge(before, here, there)
        values = [
            value_at(here if side is Side.OURS else there, conflict.where)
            for side, conflict in zip(sides or (), merged.conflicts, strict=True)
        ]
        data = resolve(merged, values)
        if sides is not None:
            stated = StatedPlan(PLAN, before, here, there, data)
            conflicts = [FieldConflict("2024.yaml", one, merged.data) for one in merged.conflicts]
            summary = MergeSummary(
                [stated], conflicts, list(sides), (), (), ["Иванова Анна"], ["Петров Иван"]
            )
            message = alter(merge_message(summary, Words()))
        if unstated:
            data = edited(data, edits_of(unstated))
        files = {**theirs.files, **ours.files, PLAN: splice_to(ours.source, data).encoded}
        return self.write(files, message, at, parents=(ours, theirs))

    def finish(self) -> None:
        """Let the branch name the last commit."""
        assert self.last is not None
        self.objects.refer("refs/heads/main", self.last.id)


def _stamp(who: str, moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{who} {int(at.timestamp())} {at:%z}"
