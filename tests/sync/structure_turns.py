"""Corrects, moves, renames and carries over in random turns of two clones, with undo and sync.

After each step the plans are valid, `verify` has nothing to say, nothing is left uncommitted, and
an undo brings back the very bytes; before a merge both orders of it are compared.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.diff.matching import same
from kvartal.history.log.undo_errors import NothingToUndo
from kvartal.history.merge.merge import merge
from kvartal.history.programme import Programme, open_programme
from kvartal.history.store.evidence import check_evidence
from kvartal.history.sync.divergence import Choices, Side
from kvartal.history.sync.errors import ChoicesInvalid, SyncConflicts
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import Change, PlanData
from kvartal.schema.errors import KvartalError
from kvartal.schema.next_year import candidates, next_programme
from kvartal.schema.operations import cancel, postpone, remove, set_fields
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.plan_data import rows_of
from kvartal.tui.creation.next_year import begin_next
from tests.faults.consistency import Inconsistent
from tests.history.test_structure_history import any_change
from tests.sync.clones import (
    Clone,
    SharedRepository,
    copy_shared_repository,
    create_shared_repository,
)
from tests.sync.random_turns import ANY_DELAY

TURNS = (
    *("change",) * 8,
    *("undo", "undo", "redo", "sync", "sync"),
    *("set", "attach", "postpone", "cancel", "remove", "next-year"),
)
DAY = date(2024, 10, 1)
KINDS_OF_CHANGE = 9
LENGTH = 14
HONEST = frozenset({"plan-begun-twice"})
"""What `verify` may say: both clones began the next year, otherwise."""


@dataclass
class _Made:
    """What one clone did to one plan since others last had a hand in it.

    Attributes:
        done: The bytes before each change that may be undone.
        undone: The bytes before each undo that may be redone.
    """

    done: list[bytes] = field(default_factory=list)
    undone: list[bytes] = field(default_factory=list)


@dataclass
class StructureTurns:
    """Clones, and what each may undo.

    Attributes:
        shared: The clones and what they share.
        chance: The random numbers.
        counts: What was done.
        trace: The same in order, to be read when something was wrong.
    """

    shared: SharedRepository
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)
    _made: dict[Path, _Made] = field(default_factory=dict)
    _number: int = 0

    def turn(self) -> None:
        """Do something in one of the clones, and check it.

        Raises:
            Inconsistent: Something was wrong.
        """
        self._number += 1
        clone = self.chance.choice(self.shared.clones)
        what = self.chance.choice(TURNS)
        self.trace.append(f"{clone.folder.name}: {what}")
        if what == "sync":
            self.sync(clone)
        elif what == "next-year":
            self._begin_next_year(clone)
        elif what in {"undo", "redo"}:
            self._reverse(clone, is_redo=what == "redo")
        else:
            self._change(clone, what)
        self.check(clone)

    def sync(self, clone: Clone) -> None:
        """Sync; compare the orders of the merge; choose a side of each conflict at random."""
        before = {plan: plan.read_bytes() for plan in _plans(clone)}
        self._compare_orders(clone)
        try:
            clone.sync()
        except SyncConflicts as error:
            divergence = error.divergence
            sides = [self.chance.choice(list(Side)) for _ in divergence.conflicts]
            self.counts["conflicts"] += len(sides)
            self._sync_with(clone, divergence.choices(sides), Side.OURS, Side.THEIRS)
        self.counts["syncs"] += 1
        for plan in _plans(clone):
            if before.get(plan) != plan.read_bytes():
                self._made.pop(plan, None)

    def _sync_with(self, clone: Clone, *choices: Choices | Side) -> None:
        """Sync with the first choices that go together: those of both sides may break a rule."""
        for choice in choices:
            try:
                clone.sync(choice)
            except ChoicesInvalid as refused:
                self.trace.append(f"  refused: {refused.message()}")
                self.counts["choices refused"] += 1
            else:
                return
        raise self._wrong("no choice is taken")

    def check(self, clone: Clone) -> None:
        """Check a clone.

        Raises:
            Inconsistent: Something is wrong with it.
        """
        if left := clone.git("status", "--porcelain"):
            raise self._wrong(f"left: {left}")
        for plan in _plans(clone):
            snapshot = open_programme(plan).read()
            if problems := snapshot.checked().problems:
                raise self._wrong(f"{plan.name} is not valid: {problems}")
            if damaged := check_evidence(snapshot.data, plan.parent):
                raise self._wrong(f"{plan.name}: evidence {damaged}")
            report = verify(plan, VerifyRequest(days=ANY_DELAY))
            wrong = [one for one in report.findings if one.code not in HONEST]
            if wrong:
                told = [f"{one.code}: {one.message()}" for one in wrong]
                raise self._wrong(f"{plan.name}: verify reports {told}")

    def finish(self) -> None:
        """Bring all clones together.

        Raises:
            Inconsistent: They differ then.
        """
        for clone in (*self.shared.clones, *self.shared.clones):
            self.trace.append(f"{clone.folder.name}: last sync")
            self.sync(clone)
            self.check(clone)
        if {clone.head for clone in self.shared.clones} != {self.shared.head()}:
            raise self._wrong("the clones differ")

    def _change(self, clone: Clone, what: str) -> None:
        plan = self.chance.choice(_plans(clone))
        programme = open_programme(plan)
        snapshot, before = programme.read(), plan.read_bytes()
        try:
            if what == "attach":
                self._attach(clone, plan)
            else:
                change = self._some_change(snapshot.data, what)
                if change is None or not change.edits:
                    return
                self.trace.append(f"  {plan.name}: {change.kind} {[e.path for e in change.edits]}")
                programme.save(snapshot, change, reason="проверка")
        except KvartalError as error:
            self.counts["refused"] += 1
            self.trace.append(f"  refused: {error.message()}")
            if plan.read_bytes() != before:
                raise self._wrong("refused and written") from error
            return
        if plan.read_bytes() == before:
            return
        self.counts[what] += 1
        made = self._made.setdefault(plan, _Made())
        made.done.append(before)
        made.undone.clear()

    def _some_change(self, data: PlanData, what: str) -> Change | None:
        one, other = self.chance.randrange(10), self.chance.randrange(10)
        if what == "change":
            return any_change(data, self.chance.randrange(KINDS_OF_CHANGE), one, other)
        names = [str(row["id"]) for row in rows_of(data)]
        if not names:
            return None
        name = self.chance.choice(names[:4])
        if what == "set":
            key = self.chance.choice(("notes", "result", "responsible", "proposal"))
            return set_fields(data, name, {key: f"Слова {self._number}"})
        if what == "postpone":
            term = f"до {10 + one}.12.{_year(data)}"
            return postpone(data, name, to=term, day=DAY, reason="дела", basis="")
        if what == "cancel":
            return cancel(data, name, reason="не нужно", day=DAY)
        return remove(data, name)

    def _attach(self, clone: Clone, plan: Path) -> None:
        if plan.name != "2024.yaml":
            return
        rows = rows_of(open_programme(plan).read().data)
        names = [str(row["id"]) for row in rows if _has_third_quarter(row)]
        if names:
            name = self.chance.choice(names)
            content = f"{name} {self._number}".encode()
            clone.attach(name, f"Акт {self.chance.randrange(2)}.pdf", content)

    def _reverse(self, clone: Clone, *, is_redo: bool) -> None:
        plan = self.chance.choice(_plans(clone))
        programme = open_programme(plan)
        snapshot, before = programme.read(), plan.read_bytes()
        made = self._made.get(plan, _Made())
        try:
            reversal = programme.reversal(snapshot, redo=is_redo)
            programme.save_reversal(snapshot, reversal)
        except KvartalError as error:
            self.trace.append(f"  refused: {error.message()}")
            if plan.read_bytes() != before:
                raise self._wrong("refused and written") from error
            if (made.undone if is_redo else made.done) and not isinstance(error, NothingToUndo):
                raise self._wrong(f"not undone: {error.message()}") from error
            return
        self.counts["redone" if is_redo else "undone"] += 1
        source, to = (made.undone, made.done) if is_redo else (made.done, made.undone)
        if not source:
            # What a merge brought, or what was done before it: the fields are back, if not bytes.
            self._made.pop(plan, None)
            return
        expected = source.pop()
        to.append(before)
        if plan.read_bytes() != expected:
            raise self._wrong(f"{plan.name}: other bytes than before")

    def _begin_next_year(self, clone: Clone) -> None:
        plan = clone.plan
        if plan.with_name("2025.yaml").exists():
            return
        programme = Programme(plan, "", _same, lambda _language: _same)
        snapshot = programme.read()
        period = ProgrammePeriod.of_year(2025)
        chosen = [one for one in candidates(snapshot.plan, period, DAY) if one.is_carried]
        chosen = [one for one in chosen if one.term is not None]
        data = next_programme(
            snapshot.data,
            chosen,
            period=period,
            source="plan/2024.yaml",
            terms={},
            renumbered=self.chance.random() < 0.5,
        )
        try:
            begin_next(programme, snapshot, data, period, {})
        except KvartalError as error:
            raise self._wrong(f"next year was refused: {error.message()}") from error
        self.counts["next years"] += 1

    def _compare_orders(self, clone: Clone) -> None:
        clone.git("fetch", "--quiet")
        base = clone.git("merge-base", "HEAD", "@{u}").strip()
        for plan in _plans(clone):
            texts = [
                clone.git("show", f"{revision}:plan/{plan.name}", check=False)
                for revision in (base, "HEAD", "@{u}")
            ]
            if not all(texts):
                continue
            begun, ours, theirs = (load(text.encode(), plan.name).data for text in texts)
            one, other = merge(begun, ours, theirs), merge(begun, theirs, ours)
            if len(one.conflicts) != len(other.conflicts):
                raise self._wrong("the orders of a merge find other conflicts")
            if not one.conflicts and not same(one.data, other.data):
                raise self._wrong("the orders of a merge differ")

    def _wrong(self, sentence: str) -> Inconsistent:
        return Inconsistent("\n".join((sentence, *self.trace[-60:])))


def _plans(clone: Clone) -> list[Path]:
    return sorted((clone.folder / "plan").glob("*.yaml"))


def _year(data: PlanData) -> int:
    return int(str(data["year"]))


def _has_third_quarter(row: PlanData) -> bool:
    term = row["term"]
    quarters = term.get("quarters") if isinstance(term, dict) else None
    return isinstance(quarters, list) and 3 in quarters


def _same(text: str) -> str:
    return text


def run_sequences(folder: Path, turns: int, seed: int) -> Counter[str]:
    """Take random turns in sequences of fourteen, each in fresh clones; count what was done.

    Args:
        folder: Where to work.
        turns: How many turns in all.
        seed: Of the random numbers of the first sequence; the next has the next one.

    Raises:
        Inconsistent: Something was wrong; it says what was done.
    """
    template = folder / "template"
    template.mkdir()
    create_shared_repository(template)
    counts = Counter[str]()
    for number in range(max(1, turns // LENGTH)):
        place = folder / str(seed + number)
        place.mkdir()
        counts += run_sequence(copy_shared_repository(template, place), LENGTH, seed + number)
    return counts


def run_sequence(shared: SharedRepository, turns: int, seed: int) -> Counter[str]:
    """Take some random turns, then bring the clones together; count what was done.

    Args:
        shared: Two clones, as they were created.
        turns: How many turns.
        seed: Of the random numbers.

    Raises:
        Inconsistent: Something was wrong; it says what was done.
    """
    sequence = StructureTurns(shared, random.Random(seed))  # noqa: S311 - no secret
    for _turn in range(turns):
        sequence.turn()
    sequence.finish()
    return sequence.counts
