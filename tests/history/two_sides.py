"""A valid plan of any shape, two independent edits of it, and their combination."""

from typing import Any

from hypothesis import strategies as st

from kvartal.schema.changes import Plain, PlanData
from tests.history.programme import PROGRAMME, measure
from tests.support.programmes import programmes

TEXTS = st.sampled_from(["Обеспечено", "Выполнено в срок", "№ 5", "да", "2024-09-27"])
NUMBERS = st.sampled_from([0, 1, 95.4, 1250000.5])
DAYS = [f"{month:02}-{day}" for month in range(1, 13) for day in (10, 25)]
IDS = ("1.1.1", "1.1.2", "1.1.3", "1.2.1")
FIELDS: tuple[tuple[str, st.SearchStrategy[Any]], ...] = (
    ("result", TEXTS),
    ("responsible", TEXTS),
    ("notes", TEXTS),
    ("actions", st.lists(TEXTS, min_size=1, max_size=3, unique=True)),
    ("budget.plan", NUMBERS),
    ("budget.fact", NUMBERS),
    ("extra.без-описания", TEXTS),
)


@st.composite
def two_lists(draw: st.DrawFn) -> tuple[PlanData, PlanData, PlanData, PlanData]:
    """Return a valid plan, two lists of changes applied to it that touch other things, and both.

    Each field is changed by one of the sides, by both alike, or by none; both add records; each
    may remove or add measures that the other does not touch.
    """
    plan, year, new = draw(st.one_of(st.just(None).map(_seed_shaped), _any_shape()))
    records = {row["id"]: row.pop("records", [])[:1] for row in _rows(plan)}
    base, ours, theirs, both = (_copy(plan) for _ in range(4))
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
        days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=4))
        cut = draw(st.integers(0, len(days)))
        for data, added in ((ours, days[:cut]), (theirs, days[cut:]), (both, days)):
            facts: list[Plain] = [
                {**like, "date": f"{year}-{day}"} for day in sorted(added) for like in records[name]
            ]
            if facts:
                set_field(data, name, "records", facts)
    for number, who in enumerate(draw(st.lists(st.sampled_from([ours, theirs]), max_size=3)), 3):
        row = {**new, "id": f"1.2.{number}", "number": f"1.2.{number}"}
        for data in (who, both):
            rows = _rows(data)
            end = next((at for at, one in enumerate(rows) if one["id"] == "2.2.1"), len(rows))
            rows.insert(end, row)
    return base, ours, theirs, both


def _seed_shaped(_: None) -> tuple[PlanData, int, Any]:
    """Return a programme shaped as the seed, the year of its facts, and a measure to add."""
    plan = _copy(PROGRAMME)
    for row in _rows(plan):
        row["records"] = [{"quarter": 3}]
    return plan, 2024, measure("1.2.3", "Новое", "Работы", 4)


@st.composite
def _any_shape(draw: st.DrawFn) -> tuple[PlanData, int, Any]:
    """Return a programme of any shape whose measures have the ids that the tests name."""
    plan = _copy(draw(programmes(least=len(IDS))))
    for row, name in zip(_rows(plan), IDS, strict=True):
        row["id"] = name
        for fact in row.get("records", []):
            del fact["complete"]
    first = _rows(plan)[0]
    place = {key: first[key] for key in ("channel", "section") if key in first}
    return plan, 2027, {"proposal": "Новое", "term": {"text": "постоянно"}, **place}


def _copy(value: Any) -> Any:  # noqa: ANN401 - any plain data
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def _rows(data: PlanData) -> Any:  # noqa: ANN401 - rows to be altered in place
    return data["measures"]


def set_field(data: PlanData, name: str, field: str, value: Plain) -> None:
    """Set a field of a measure; of a field that is a list, in its first item."""
    row = next(one for one in _rows(data) if one["id"] == name)
    *way, last = field.split(".")
    for key in way:
        row = row.setdefault(key, {})
        row = row[0] if isinstance(row, list) else row
    row[last] = value
