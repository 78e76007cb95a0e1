"""Several clones: whatever the order of changes and merges, no change is lost."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kvartal.history.merge.merge import merge
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import add
from tests.history.programme import PROGRAMME, measure

FEWER = settings(max_examples=settings().max_examples * 2 // 5)
STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["add", "add", "record", "record", "sync", "sync", "reword"]),
        st.integers(0, 20),
    ),
    min_size=4,
    max_size=24,
)


class Clone:
    """A clone that adds measures, records what it did for them, and syncs with the others."""

    def __init__(self) -> None:
        self.base: PlanData = PROGRAMME
        self.head: PlanData = PROGRAMME

    @property
    def rows(self) -> Any:  # noqa: ANN401 - rows of plain data
        return self.head["measures"]

    def add(self, name: str) -> None:
        row = dict(_mapping(measure("1.1.5", name, f"Работы: {name}", 4)))
        del row["id"]
        self.head = apply_edits(self.head, add(self.head, row).edits)

    def record(self, at: int, text: str) -> None:
        """Record something for a measure, naming in it what the measure is about."""
        row = self.rows[at % len(self.rows)]
        new: Plain = {"quarter": 4, "date": "2024-10-20", "result": f"{row['proposal']}: {text}"}
        self._replace(row, {**row, "records": [*row.get("records", []), new]})

    def reword(self, at: int, text: str) -> None:
        row = self.rows[at % len(self.rows)]
        self._replace(row, {**row, "notes": f"{row.get('notes', '')} {text}".strip()})

    def _replace(self, old: Plain, new: Plain) -> None:
        self.head = {**self.head, "measures": [new if row is old else row for row in self.rows]}

    def sync(self, remote: PlanData) -> PlanData:
        """Merge what the others pushed and push the result; a conflict is settled by our value."""
        self.head = merge(self.base, self.head, remote).data
        self.base = self.head
        return self.head


def _mapping(value: Plain) -> dict[str, Plain]:
    assert isinstance(value, dict)
    return value


@FEWER
@given(STEPS)
def test_every_clone_has_all_changes_in_the_right_measures(
    steps: list[tuple[int, str, int]],
) -> None:
    clones, remote = [Clone() for _ in range(3)], PROGRAMME
    proposals, records = set(), set()
    for number, (who, what, at) in enumerate(steps):
        clone = clones[who]
        if what == "add":
            clone.add(f"Новое {number}")
            proposals.add(f"Новое {number}")
        elif what == "record":
            clone.record(at, f"отметка {number}")
            records.add(f"отметка {number}")
        elif what == "reword":
            clone.reword(at, f"слово {number}")
        else:
            remote = clone.sync(remote)
    for clone in [*clones, *clones]:
        remote = clone.sync(remote)
    assert all(clone.head == remote for clone in clones)
    names = [row["id"] for row in clones[0].rows]
    assert len(set(names)) == len(names)
    found = set()
    for row in clones[0].rows:
        for one in row.get("records", []):
            about, _, text = one["result"].partition(": ")
            assert about == row["proposal"]
            found.add(text)
    assert found == records
    assert proposals <= {row["proposal"] for row in clones[0].rows}


@FEWER
@given(st.lists(st.sampled_from(["one", "other"]), min_size=1, max_size=4), st.booleans())
def test_clones_that_merge_each_other_at_once_arrive_at_one_programme(
    added: list[str],
    crossed: bool,  # noqa: FBT001
) -> None:
    one, other = Clone(), Clone()
    for number, who in enumerate(added):
        (one if who == "one" else other).add(f"Новое {number}")
        other.record(number, f"отметка {number}")
    mine, theirs = one.head, other.head
    here, there = merge(PROGRAMME, mine, theirs).data, merge(PROGRAMME, theirs, mine).data
    assert here == there
    # And once more, with the base that git uses where each has merged the other.
    base = merge(PROGRAMME, mine, theirs).data if crossed else PROGRAMME
    assert merge(base, here, there).data == here
