"""Clones at work in random turns: in the end every accepted change of each is in all of them."""

import hashlib
import random
import re
from collections import Counter
from pathlib import Path

from kvartal.history.audit.report import VerifyRequest
from kvartal.history.audit.verify import verify
from kvartal.history.store.evidence import check_evidence
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.history.sync.errors import SyncConflicts
from kvartal.schema.changes import measure_data
from tests.faults.aftermath import Broken
from tests.support.repository import git
from tests.sync.clones import Clone, Office, office

_TURNS = ("set", "set", "set", "record", "record", "unrecord", "add", "sync", "sync", "sync")
LONG_AGO = 100_000
_HASH = re.compile("[0-9a-f]{64}")
_FIELDS = ("notes", "responsible", "result")


class Players:
    """Clones, and what each was told as accepted."""

    def __init__(self, made: Office, chance: random.Random) -> None:
        self.made = made
        self.chance = chance
        self.done = Counter[str]()
        self.accepted: list[str] = []
        self.records: set[str] = set()
        self.removed: set[str] = set()
        self.proposals: set[str] = set()
        self.number = 0

    def turn(self) -> None:
        """Let somebody do something."""
        clone = self.chance.choice(self.made.clones)
        self.number += 1
        what = self.chance.choice(_TURNS)
        if what == "sync":
            self.sync(clone)
        elif what == "set":
            # Few of the measures, so that some fields are set by two at once.
            measure, field = self.chance.choice(clone.ids()[:3]), self.chance.choice(_FIELDS)
            self.accepted.append(clone.keep(measure, **{field: f"Слова {self.number}"}))
        elif what == "add":
            self.accepted.append(clone.add(f"Новое {self.number}"))
            self.proposals.add(f"Новое {self.number}")
        elif what == "record":
            self.record(clone)
        elif not self.unrecord(clone):
            return
        self.done[what] += 1

    def record(self, clone: Clone) -> None:
        """Record with a file as evidence; different contents under few names."""
        measure = self.chance.choice([one for one in clone.ids() if _is_open(clone, one)])
        about = measure_data(clone.data, measure)["proposal"]
        content = f"{about}: {self.number}"
        name = f"Акт {self.chance.randrange(2)}.pdf"
        self.accepted.append(clone.attach(measure, name, content.encode()))
        self.records.add(content)

    def unrecord(self, clone: Clone) -> bool:
        """Take a record away, its evidence with it; tell whether there was one."""
        plan = clone.ledger.look().plan
        measures = [one for one in plan.measures if one.records]
        if not measures:
            return False
        measure = self.chance.choice(measures)
        (file,) = measure.records[0].evidence.files
        self.removed.add((clone.plan.parent / file.path).read_text("utf-8"))
        self.accepted.append(clone.unrecord(measure.id))
        return True

    def sync(self, clone: Clone) -> None:
        """Share; where fields conflict, choose a side for each at random."""
        try:
            synced = clone.sync()
        except SyncConflicts as error:
            found = error.divergence
            sides = [self.chance.choice(list(Side)) for _ in found.conflicts]
            self.done["conflicts"] += len(sides)
            for conflict, side in zip(found.conflicts, sides, strict=True):
                self._left_out(conflict, side)
            synced = clone.sync(found.choices(sides))
        self.done["merges"] += synced.commit is not None

    def _left_out(self, conflict: FieldConflict, side: Side) -> None:
        """Note the records that go with the side that was not chosen."""
        other = Side.THEIRS if side is Side.OURS else Side.OURS
        kept, gone = (_HASH.findall(repr(conflict.value(one))) for one in (side, other))
        left_out = set(gone) - set(kept)
        self.removed |= {
            one for one in self.records if hashlib.sha256(one.encode()).hexdigest() in left_out
        }

    def look(self) -> None:
        """Look whether everything is everywhere.

        Raises:
            Broken: It is not.
        """
        for clone in (*self.made.clones, *self.made.clones):
            self.sync(clone)
        for clone in self.made.clones:
            self._look_at(clone)
        if git(self.made.bare, "fsck", "--no-progress", "--no-dangling"):
            raise Broken("the remote is damaged")
        found = verify(self.made.clones[0].plan, VerifyRequest(days=LONG_AGO)).findings
        if found:
            raise Broken(f"not honest: {[one.message() for one in found]}")

    def _look_at(self, clone: Clone) -> None:
        snapshot = clone.ledger.look()
        if clone.head != self.made.head() or clone.git("status", "--porcelain"):
            raise Broken("a clone is not as the remote is")
        if snapshot.checked().problems or check_evidence(snapshot.data, clone.plan.parent):
            raise Broken(f"the plan is not valid: {snapshot.checked().problems}")
        kept = set(clone.git("rev-list", "HEAD").split())
        if not kept.issuperset(self.accepted):
            raise Broken("an accepted commit was lost")
        found = set()
        for measure in snapshot.plan.measures:
            for record in measure.records:
                for file in record.evidence.files:
                    content = (clone.plan.parent / file.path).read_text("utf-8")
                    about, _, _number = content.rpartition(": ")
                    if about != measure.proposal:
                        raise Broken(f"evidence of «{about}» at «{measure.proposal}»")
                    found.add(content)
        wanted = self.records - self.removed
        if found != wanted:
            raise Broken(f"records were lost: {wanted - found}, or came back: {found - wanted}")
        if not self.proposals <= {measure.proposal for measure in snapshot.plan.measures}:
            raise Broken("a measure was lost")


def play(folder: Path, rounds: int, seed: int = 2024, clones: int = 3) -> Counter[str]:
    """Let clones work in random turns, and look now and then; count what was done.

    Args:
        folder: Where to work.
        rounds: How many turns.
        seed: Of the random numbers.
        clones: How many clones.

    Raises:
        Broken: Something did not hold.
    """
    players = Players(office(folder, clones), random.Random(seed))  # noqa: S311 - no secret
    for turn in range(1, rounds + 1):
        players.turn()
        if turn % 40 == 0:
            players.look()
    players.look()
    return players.done


def _is_open(clone: Clone, measure: str) -> bool:
    """Tell whether the third quarter, in which everybody records, is in a measure's term."""
    term = measure_data(clone.data, measure)["term"]
    quarters = term.get("quarters") if isinstance(term, dict) else None
    return isinstance(quarters, list) and 3 in quarters
