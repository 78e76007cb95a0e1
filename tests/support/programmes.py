"""Random valid programmes of every shape that the format knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.measure import Term
from kvartal.schema.numbering import free_id
from kvartal.schema.period import ProgrammePeriod
from kvartal.schema.writing import plain_term

TEXTS: Final = st.sampled_from(
    [
        "Обеспечено",
        "Проверено",
        "№ 5",
        "да",
        "2026-09-27",
        "Q3",
        "1.10",
        "В2В: (а)",
        "null",
    ]
)
AMOUNTS: Final = st.sampled_from([0, 1, 95.4, 1250000.5, 40000000])
NUMBERS: Final = ("1.1.{}", "{}", "{}.", "п. {}", "V-{:04}", "I.{}", "1")
LEVELS: Final = ("Направление", "Задача", "Подзадача")
FIELDS: Final[tuple[dict[str, Plain], ...]] = (
    {"key": "основание", "title": "Основание: закон"},
    {"key": "risk", "title": "Риск", "type": "choice", "choices": ["низкий", "высокий"]},
    {"key": "проверено", "title": "Проверено", "type": "date"},
    {"key": "охват", "title": "Охват, человек", "type": "number"},
)
EXTRA: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "основание": TEXTS,
    "risk": st.sampled_from(["низкий", "высокий"]),
    "проверено": st.sampled_from(["2026-03-01", "2026-12-31"]),
    "охват": AMOUNTS,
    "без-описания": st.one_of(TEXTS, AMOUNTS),
}
PERIODS: Final = (
    ProgrammePeriod.of_year(2026),
    ProgrammePeriod(date(2026, 9, 1), date(2027, 8, 31)),
    ProgrammePeriod(date(2026, 1, 1), date(2028, 12, 31)),
)
CHAPTERS: Final[list[Plain]] = [
    {
        "number": "1",
        "heading": "Общие положения",
        "page": 2,
        "blocks": [
            {"paragraph": "План разработан по закону."},
            {"list": {"marker": "–", "items": ["один;", "два."]}},
            {"table": {"columns": ["Показатель", "2025"], "rows": [["Обращений", ""], ["", "7"]]}},
        ],
    },
    {"heading": "Мероприятия"},
]
COLUMNS: Final[list[Plain]] = [
    {"heading": "№", "field": "number"},
    "Мероприятие",
    {"heading": "Риск", "field": "risk"},
]


@dataclass(frozen=True)
class Place:
    """Where a measure stands: the key and the number, none in a flat programme."""

    fields: tuple[tuple[str, Plain], ...] = ()


@st.composite
def programmes(draw: st.DrawFn, *, least: int = 1) -> PlanData:
    """Return the plain data of a valid programme, at most four measures long.

    Args:
        draw: Of hypothesis.
        least: How many measures it has at least.
    """
    period = draw(st.sampled_from(PERIODS))
    data: PlanData = {}
    if period.year is None:
        data["period"] = {"start": period.start.isoformat(), "due": period.due.isoformat()}
    else:
        data["year"] = period.year
    data["language"] = draw(st.sampled_from(["ru", "en"]))
    document: dict[str, Plain] = {"organization": "АО «Проба»", "title": draw(TEXTS)}
    has_fields = draw(st.booleans())
    if draw(st.booleans()):
        document["chapters"] = CHAPTERS
        document["approval"] = {"date": "2025-12-22", "lines": ["УТВЕРЖДЁН", "Глава"]}
    if has_fields and draw(st.booleans()):
        table: Plain = {"columns": COLUMNS}
        document["plan"] = {"number": "3", "heading": "Мероприятия", "table": table}
    data["document"] = document
    if draw(st.booleans()):
        data["calendar"] = {"rule": draw(st.sampled_from(["keep", "next", "previous"]))}
    if draw(st.booleans()):
        data["levels"] = list(LEVELS[: draw(st.integers(1, 3))])
    if has_fields:
        data["fields"] = list(FIELDS)
    sections, places = draw(st.sampled_from(_tables()))
    if sections:
        data["sections"] = sections
    rows: list[Plain] = []
    taken: list[str] = []
    for at in range(draw(st.integers(least, 4))):
        number = draw(st.sampled_from(NUMBERS)).format(at + 1)
        taken.append(free_id(number, taken))
        place = draw(st.sampled_from(places))
        rows.append(draw(_measures(taken[-1], number, place, period)))
    data["measures"] = rows
    return data


def _tables() -> list[tuple[list[Plain], list[Place]]]:
    """Return the tables that measures may stand in: none, flat, nested sections, with channels."""

    def section(number: str, **below: Plain) -> dict[str, Plain]:
        return {"number": number, "title": f"Раздел {number}", **below}

    def at(key: str, *numbers: str) -> list[Place]:
        return [Place(((key, number),)) for number in numbers]

    channels: list[Plain] = [
        {"number": "2.1", "title": "Офис", "segment": "b2b"},
        {"number": "2.2", "title": "Сайт"},
    ]
    deep = section("1.1", sections=[section("1.1.1"), section("IV")])
    return [
        ([], [Place()]),
        ([section("1"), section("2")], at("section", "1", "2")),
        ([section("1", sections=[deep]), section("2")], at("section", "1", "1.1", "1.1.1", "IV")),
        ([section("2", channels=channels)], at("channel", "2.1", "2.2")),
        (
            [section("1", sections=[deep, section("2", channels=channels)])],
            [*at("channel", "2.1"), *at("section", "1.1.1", "1"), Place()],
        ),
    ]


@st.composite
def _measures(
    draw: st.DrawFn, name: str, number: str, place: Place, period: ProgrammePeriod
) -> dict[str, Plain]:
    row: dict[str, Plain] = {"id": name, **dict(place.fields), "number": number}
    work = draw(st.sampled_from(["proposal", "actions", "both"]))
    if work != "actions":
        row["proposal"] = draw(TEXTS)
    if work != "proposal":
        actions: list[Plain] = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
        row["actions"] = actions
    term = draw(_terms(period))
    row["term"] = plain_term(term, period.year)
    for key, values in optional_fields(period).items():
        if draw(st.booleans()):
            row[key] = draw(values)
    if draw(st.booleans()):
        row["records"] = [_record(term, period)]
    return row


def optional_fields(period: ProgrammePeriod) -> Mapping[str, st.SearchStrategy[Any]]:
    """Return what a measure may have besides its term and its work, in every form, by key."""
    money = st.fixed_dictionaries({"plan": AMOUNTS}, optional={"fact": AMOUNTS})
    named: list[dict[str, Plain]] = [
        {"source": "тариф", "year": period.start.year},
        {"source": "бюджет"},
    ]
    moneys = st.tuples(money, money).map(
        lambda two: [{**names, **one} for names, one in zip(named, two, strict=True)]
    )
    people = st.lists(
        st.sampled_from([{"name": "Отдел ОК", "role": "исполнитель"}, {"name": "Отдел ИТ"}]),
        min_size=1,
        unique_by=lambda one: one["name"],
    )
    return {
        "result": TEXTS,
        "responsible": st.one_of(TEXTS, people),
        "notes": TEXTS,
        "budget": st.one_of(money, moneys),
        "indicator": st.one_of(_indicators("Доля"), st.tuples(*map(_indicators, "АБ")).map(list)),
        "extra": st.fixed_dictionaries({}, optional=dict(EXTRA)).filter(bool),
        "carried_from": st.just({"plan": "plan/2025.yaml", "id": "1.1.1"}),
    }


def _indicators(name: str) -> st.SearchStrategy[dict[str, Plain]]:
    return st.fixed_dictionaries(
        {
            "name": st.just(name),
            "unit": st.sampled_from(["%", "шт."]),
            "direction": st.sampled_from(["not_less", "not_more", "equal"]),
            "target": AMOUNTS,
            "period": st.sampled_from(["month", "quarter", "half_year", "year"]),
        }
    )


@st.composite
def _terms(draw: st.DrawFn, period: ProgrammePeriod) -> Term:
    """Return a term of any kind, worded in any way: the text is not what is tested here."""
    text = draw(TEXTS)
    kind = draw(st.sampled_from(["quarters", "dates", "points", "open"]))
    if kind == "quarters":
        found = draw(st.sets(st.sampled_from(period.quarters), min_size=1, max_size=4))
        return Term(text, tuple(sorted(found)))
    days = period.start, period.start + timedelta(days=100), period.due
    if kind == "points":
        return Term(text, points=days[: draw(st.integers(1, 3))])
    if kind == "dates":
        return Term(text, (), draw(st.sampled_from([None, days[0]])), days[draw(st.integers(1, 2))])
    return Term(text)


def _record(term: Term, period: ProgrammePeriod) -> Plain:
    """Return a record for the first checkpoint of a term; of any quarter for an open one."""
    if term.points:
        head: dict[str, Plain] = {"point": term.points[0].isoformat()}
    else:
        last = term.due or period.due
        quarters = term.quarters or (ProgrammePeriod(last, last).quarters)
        head = {"quarter": quarters[0].stored(period.year)}
    return {**head, "date": period.start.isoformat(), "complete": True, "result": "Сделано"}
