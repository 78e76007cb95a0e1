"""A valid plan, two independent edits of it, and their combination."""

from typing import Any

from hypothesis import strategies as st

from kvartal.schema.changes import Plain, PlanData
from tests.history.programme import PROGRAMME, measure

TEXTS = st.sampled_from(["Обеспечено", "Выполнено в срок", "№ 5", "да", "2024-09-27"])
NUMBERS = st.sampled_from([0, 1, 95.4, 1250000.5])
DATES = [f"2024-{month:02}-{day}" for month in range(1, 13) for day in (10, 25)]
IDS = ("1.1.1", "1.1.2", "1.1.3", "1.2.1")
FIELDS: tuple[tuple[str, st.SearchStrategy[Any]], ...] = (
    ("result", TEXTS),
    ("responsible", TEXTS),
    ("notes", TEXTS),
    ("actions", st.lists(TEXTS, min_size=1, max_size=3, unique=True)),
    ("budget.plan", NUMBERS),
    ("budget.fact", NUMBERS),
)
Slot = tuple[str, str]


@st.composite
def two_lists(draw: st.DrawFn) -> tuple[PlanData, PlanData, PlanData, PlanData]:
    """Return a valid plan, two lists of changes applied to it that touch other things, and both.

    Each field is changed by one of the sides, by both alike, or by none; both add records; each
    may remove or add measures that the other does not touch.
    """
    base, ours, theirs, both = (_copy(PROGRAMME) for _ in range(4))
    for name in IDS:
        fate = draw(st.integers(0, 9))
        if name == "1.1.3" and fate < 2:
            for data in (ours, both) if fate else (theirs, both):
                data["measures"] = [row for row in _rows(data) if row["id"] != name]
            continue
        for field, values in FIELDS:
            who = draw(st.sampled_from(["", "", "ours", "theirs", "both"]))
            value = draw(values)
            sides = {"ours": (ours, both), "theirs": (theirs, both), "both": (ours, theirs, both)}
            for data in sides.get(who, ()):
                set_field(data, name, field, value)
        days = draw(st.lists(st.sampled_from(DATES), unique=True, max_size=4))
        cut = draw(st.integers(0, len(days)))
        _add_records(ours, name, sorted(days[:cut]))
        _add_records(theirs, name, sorted(days[cut:]))
        _add_records(both, name, sorted(days))
    for number, who in enumerate(draw(st.lists(st.sampled_from([ours, theirs]), max_size=3)), 3):
        new = measure(f"1.2.{number}", f"Новое {number}", "Работы", 4)
        for data in (who, both):
            rows = _rows(data)
            rows.insert(next(at for at, row in enumerate(rows) if row["id"] == "2.2.1"), new)
    return base, ours, theirs, both


def _copy(value: Any) -> Any:  # noqa: ANN401 - any plain data
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _rows(data: PlanData) -> Any:  # noqa: ANN401 - rows to be altered in place
    return data["measures"]


def set_field(data: PlanData, name: str, field: str, value: Plain) -> None:
    row = next(one for one in _rows(data) if one["id"] == name)
    *way, last = field.split(".")
    for key in way:
        row = row.setdefault(key, {})
    row[last] = value


def _add_records(data: PlanData, name: str, days: list[str]) -> None:
    if days:
        set_field(data, name, "records", [{"quarter": 3, "date": day} for day in days])
