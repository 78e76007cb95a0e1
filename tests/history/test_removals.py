"""Which facts a change takes back."""

from kvartal.history.diff.removals import measures_without_facts
from kvartal.schema.changes import Change, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from tests.history.programme import PROGRAMME, after, called_off, completed, corrected, postponed


def with_(*changes: Change) -> PlanData:
    return after(*changes)


def test_records_postponements_and_cancellations_count() -> None:
    full = with_(completed(), called_off())
    assert measures_without_facts(full, PROGRAMME) == ("1.1.2", "1.1.4")
    assert measures_without_facts(with_(postponed()), PROGRAMME) == ("1.1.2",)
    assert measures_without_facts(PROGRAMME, full) == ()


def test_what_is_corrected_is_not_taken_back() -> None:
    done = with_(completed())
    assert measures_without_facts(done, apply_edits(done, corrected().edits)) == ()


def test_a_measure_removed_takes_its_facts_with_it_unless_only_its_id_changed() -> None:
    done = with_(completed())
    rows = done["measures"]
    assert isinstance(rows, list)
    rest: list[Plain] = [row for row in rows if isinstance(row, dict) and row["id"] != "1.1.2"]
    (row,) = [row for row in rows if isinstance(row, dict) and row["id"] == "1.1.2"]
    assert measures_without_facts(done, {**done, "measures": rest}) == ("1.1.2",)
    renamed: PlanData = {**done, "measures": [*rest, {**row, "id": "1.1.9"}]}
    assert measures_without_facts(done, renamed) == ()
