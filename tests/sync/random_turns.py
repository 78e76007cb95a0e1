"""Changes clones in random turns; in the end every accepted change has to be in all of them."""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.store.evidence import check_evidence
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.history.sync.errors import SyncConflicts
from kvartal.schema.changes import measure_data
from tests.faults.consistency import Inconsistent
from tests.support.repository import git
from tests.sync.clones import Clone, SharedRepository, create_shared_repository

_TURNS = ("set", "set", "set", "record", "record", "remove-record", "add", "sync", "sync", "sync")
ANY_DELAY = 100_000
"""Days: no fact is reported as entered too late."""

_HASH = re.compile("[0-9a-f]{64}")
_FIELDS = ("notes", "responsible", "result")


class RandomTurns:
    """Clones, and the changes that were accepted in any of them."""

    def __init__(self, shared: SharedRepository, chance: random.Random) -> None:
        self.shared = shared
        self.chance = chance
        self.counts = Counter[str]()
        self.accepted: list[str] = []
        self.records: set[str] = set()
        self.removed: set[str] = set()
        self.restored: set[str] = set()
        self.proposals: set[str] = set()
        self.number = 0

    def turn(self) -> None:
        """Change or sync one of the clones."""
        clone = self.chance.choice(self.shared.clones)
        self.number += 1
        what = self.chance.choice(_TURNS)
        if what == "sync":
            self.sync(clone)
        elif what == "set":
            # Few of the measures, so that some fields are set by two at once.
            measure, field = self.chance.choice(clone.ids()[:3]), self.chance.choice(_FIELDS)
            self.accepted.append(clone.save(measure, **{field: f"Слова {self.number}"}))
        elif what == "add":
            self.accepted.append(clone.add(f"Новое {self.number}"))
            self.proposals.add(f"Новое {self.number}")
        elif what == "record":
            self.record(clone)
        elif not self.remove_record(clone):
            return
        self.counts[what] += 1

    def record(self, clone: Clone) -> None:
        """Add a record with an evidence file: different contents under few names."""
        measure = self.chance.choice([name for name in clone.ids() if _is_open(clone, name)])
        about = measure_data(clone.data, measure)["proposal"]
        content = f"{about}: {self.number}"
        name = f"Акт {self.chance.randrange(2)}.pdf"
        self.accepted.append(clone.attach(measure, name, content.encode()))
        self.records.add(content)

    def remove_record(self, clone: Clone) -> bool:
        """Remove a record with its evidence; tell whether there was one."""
        plan = clone.ledger.read().plan
        measures = [measure for measure in plan.measures if measure.records]
        if not measures:
            return False
        measure = self.chance.choice(measures)
        for file in measure.records[0].evidence.files:
            self.removed.add((clone.plan.parent / file.path).read_text("utf-8"))
        self.accepted.append(clone.remove_record(measure.id))
        return True

    def sync(self, clone: Clone) -> None:
        """Sync; for each conflict, choose a side at random."""
        try:
            synced = clone.sync()
        except SyncConflicts as error:
            divergence = error.divergence
            sides = [self.chance.choice(list(Side)) for _ in divergence.conflicts]
            self.counts["conflicts"] += len(sides)
            for conflict, side in zip(divergence.conflicts, sides, strict=True):
                self._note_chosen_records(conflict, side)
            synced = clone.sync(divergence.choices(sides))
        self.counts["merges"] += synced.commit is not None

    def _note_chosen_records(self, conflict: FieldConflict, side: Side) -> None:
        """Note the records that only the other side has, and the removed ones that this one has.

        The former are dropped with it; whether the latter stay, another clone may decide again.
        """
        other = Side.THEIRS if side is Side.OURS else Side.OURS
        kept, lost = (set(_HASH.findall(repr(conflict.value(each)))) for each in (side, other))
        self.removed |= self._contents(lost - kept)
        self.restored |= self._contents(kept - lost) & self.removed

    def _contents(self, hashes: Collection[str]) -> set[str]:
        return {
            content
            for content in self.records
            if hashlib.sha256(content.encode()).hexdigest() in hashes
        }

    def check(self) -> None:
        """Check that every accepted change is in every clone.

        Raises:
            Inconsistent: It is not.
        """
        for clone in (*self.shared.clones, *self.shared.clones):
            self.sync(clone)
        for clone in self.shared.clones:
            self._check_clone(clone)
        if git(self.shared.bare, "fsck", "--no-progress", "--no-dangling"):
            raise Inconsistent("the remote is damaged")
        findings = verify(self.shared.clones[0].plan, VerifyRequest(days=ANY_DELAY)).findings
        if findings:
            raise Inconsistent(f"verify reports: {[finding.message() for finding in findings]}")

    def _check_clone(self, clone: Clone) -> None:
        snapshot = clone.ledger.read()
        if clone.head != self.shared.head() or clone.git("status", "--porcelain"):
            raise Inconsistent("a clone differs from the remote")
        if snapshot.checked().problems or check_evidence(snapshot.data, clone.plan.parent):
            raise Inconsistent(f"the plan is not valid: {snapshot.checked().problems}")
        commits = set(clone.git("rev-list", "HEAD").split())
        if not commits.issuperset(self.accepted):
            raise Inconsistent("an accepted commit was lost")
        present = set()
        for measure in snapshot.plan.measures:
            for record in measure.records:
                for file in record.evidence.files:
                    content = (clone.plan.parent / file.path).read_text("utf-8")
                    about, _, _number = content.rpartition(": ")
                    if about != measure.proposal:
                        raise Inconsistent(f"evidence of «{about}» at «{measure.proposal}»")
                    present.add(content)
        present -= self.restored
        expected = self.records - self.removed - self.restored
        if present != expected:
            lost, restored = expected - present, present - expected
            raise Inconsistent(f"records were lost: {lost}, or came back: {restored}")
        if not self.proposals <= {measure.proposal for measure in snapshot.plan.measures}:
            raise Inconsistent("a measure was lost")


def run_turns(folder: Path, rounds: int, seed: int = 2024, clones: int = 3) -> Counter[str]:
    """Change clones in random turns, and check them now and then; count what was done.

    Args:
        folder: Where to work.
        rounds: How many turns.
        seed: Of the random numbers.
        clones: How many clones.

    Raises:
        Inconsistent: Something was wrong.
    """
    shared = create_shared_repository(folder, clones)
    turns = RandomTurns(shared, random.Random(seed))  # noqa: S311 - no secret
    for number in range(1, rounds + 1):
        turns.turn()
        if number % 40 == 0:
            turns.check()
    turns.check()
    return turns.counts


def _is_open(clone: Clone, measure: str) -> bool:
    """Tell whether a measure's term has the third quarter, which all records are for."""
    term = measure_data(clone.data, measure)["term"]
    quarters = term.get("quarters") if isinstance(term, dict) else None
    return isinstance(quarters, list) and 3 in quarters
