"""Corrections, moves, copies and structure: what history says of them, verifies and merges."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvartal.history.audit.kind_checks import wrong_whole
from kvartal.history.audit.merge_compare import merge_differences
from kvartal.history.audit.merge_outcomes import chosen_sides
from kvartal.history.audit.message_compare import MessageComparer, claimed_trailers
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.diff import difference
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import Words
from kvartal.history.log.undo import without_change
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.message import commit_message
from kvartal.schema.changes import Change, ChangeKind, Plain, PlanData
from kvartal.schema.corrections import Correction, DocumentCorrection, correct
from kvartal.schema.document_fields import set_document
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import KvartalError, untranslated
from kvartal.schema.moving import Destination, copy, move
from kvartal.schema.operations import add, joined, remove, set_fields
from kvartal.schema.plan_data import rows_of
from kvartal.schema.structure import (
    PartKind,
    add_part,
    move_part,
    part_numbered,
    parts,
    remove_part,
    set_part,
)
from kvartal.schema.validation import validate
from tests.history.programme import PROGRAMME, after, completed
from tests.support.programmes import programmes

NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
COMPARER: Final = MessageComparer("plan/", [untranslated])
CHANNEL: Final = PartKind.CHANNEL
TABLE: Final[PlanData] = {
    "columns": ["Показатель", "2025"],
    "rows": [["Жалоб", "3"], ["Обращений", "1200"]],
}
DOCUMENT: Final[PlanData] = {
    **after(completed())["document"],  # type: ignore[dict-item]
    "references": {
        "number": "2",
        "heading": "Ссылки",
        "documents": [{"requisites": "№ 35-ФЗ", "title": "Об электроэнергетике"}],
    },
    "chapters": [{"number": "7", "heading": "Показатели", "blocks": [{"table": TABLE}]}],
}
BEGUN: Final[PlanData] = {
    **after(completed()),
    "document": DOCUMENT,
    "measures": after(completed())["measures"][:6],  # type: ignore[index]
    "sections": [
        *PROGRAMME["sections"],  # type: ignore[misc]
        {
            "number": "2",
            "title": "ЗАОЧНОЕ",
            "channels": [{"number": "2.1", "title": "Почта", "segment": "b2b"}],
        },
    ],
}
T = TypeVar("T")
Make = Callable[[PlanData], Change]


def made(data: PlanData, *makes: Make) -> PlanData:
    for make in makes:
        data = apply_edits(data, make(data).edits)
    return data


def message(data: PlanData, change: Change) -> str:
    return commit_message(change, data, folder="plan")


def found(data: PlanData, changed: PlanData, kind: ChangeKind, text: str) -> list[str]:
    """Return what `verify` finds of a change under a message."""
    commit = Commit("a" * 40, "b" * 40, (), "Иванова", NOW, NOW, text, "")
    edits = difference(data, changed)
    findings = [
        *wrong_whole(kind, data, changed, edits, Words()),
        *COMPARER.findings(commit, claimed_trailers(text), [(data, changed)], None),
    ]
    return [one.message() for one in findings]


def channel(which: str, /, **texts: str) -> Make:
    return lambda data: set_part(data, part_numbered(data, which, CHANNEL), texts)


def corrected(**fields: Any) -> Make:  # noqa: ANN401 - fields of a correction
    return lambda data: correct(data, "1.1.2", 0, Correction(**fields))


SAID: Final[list[tuple[Make, str]]] = [
    (
        corrected(changed_documents={0: DocumentCorrection(number="13")}),
        "1.1.2: отметка за III квартал исправлена: номер документа 12 → 13",
    ),
    (
        corrected(result="Два"),
        "1.1.2: отметка за III квартал исправлена: фактический результат: Два",
    ),
    (
        corrected(date=date(2024, 9, 26), reason="Опечатка"),
        "1.1.2: отметка за III квартал исправлена: дата исполнения, причина…",
    ),
    (lambda data: move(data, "1.1.2", Destination(channel="2.1")), "1.1.2: перенесено в канал 2.1"),
    (lambda data: move(data, "1.1.1", Destination(section="2")), "1.1.1: перенесено в раздел 2"),
    (
        lambda data: move(data, "1.1.1", Destination(number="7.7", is_kept=True)),
        "1.1.1: номер 1.1.1 → 7.7",
    ),
    (lambda data: copy(data, "1.1.2", Destination(is_kept=True)), "1.1.2-2: скопировано с 1.1.2"),
    (
        lambda data: add_part(data, PartKind.SECTION, {"number": "4", "title": "Доступность"}),
        "Раздел 4 «Доступность» добавлен",
    ),
    (
        channel("1.1", title="Офисы"),
        "Канал 1.1 переименован: «Офис обслуживания клиентов В2В» → «Офисы»",
    ),
    (channel("1.1", number="1.9"), "Канал 1.1 стал 1.9, мероприятий: 4"),
    (channel("2.1", segment="b2c"), "Канал 2.1, сегмент клиентов: b2b → b2c"),
    (
        lambda data: move_part(data, part_numbered(data, "1"), after="2"),
        "Раздел 1 «ОЧНОЕ ОБСЛУЖИВАНИЕ» переставлен: первым → после 2",
    ),
    (
        lambda data: move_part(data, part_numbered(data, "2.1", CHANNEL), under="1"),
        "Канал 2.1 «Почта» перенесён: раздел 2 → раздел 1",
    ),
    (
        lambda data: remove_part(data, part_numbered(data, "2.1", CHANNEL)),
        "Канал 2.1 «Почта» удалён: раздел 2",
    ),
    (
        lambda data: set_document(data, {"title": "Новая", "levels": '["Цель", "Задача"]'}),
        "Документ: название документа, уровни",
    ),
    (
        lambda data: set_document(data, {"chapters.0.blocks.0.table.rows.1.1": "1300"}),
        "Документ: таблица главы 7, строка 2, «2025»: 1200 → 1300",
    ),
    (
        lambda data: set_document(data, {"chapters.0.blocks.0.table.rows.0": ""}),
        "Документ: таблица главы 7, строка 1: Жалоб; 3 → —",
    ),
    (
        lambda data: set_document(data, {"chapters.0": ""}),
        "Глава 7 «Показатели» удалена; таблица главы 7, заголовки столбцов…",
    ),
    (
        lambda data: set_document(data, {"chapters.1": '{"heading": "Итоги", "blocks": []}'}),
        "Глава «Итоги» добавлена",
    ),
    (
        lambda data: set_document(data, {"chapters.0.blocks.0.table.columns.1": "2026"}),
        "Документ: таблица главы 7, заголовок столбца 2: 2025 → 2026",
    ),
    (
        lambda data: set_document(
            data, {"references.documents.1": '{"title": "О качестве", "requisites": "Приказ"}'}
        ),
        "Документ: нормативные акты, строка 2: — → Приказ; О качестве",
    ),
]


@pytest.mark.parametrize(("make", "subject"), SAID, ids=[subject for _, subject in SAID])
def test_each_is_one_sentence_that_verify_agrees_with(make: Make, subject: str) -> None:
    change = make(BEGUN)
    text = message(BEGUN, change)
    assert text.split("\n")[0] == subject
    assert len(subject) <= 72
    changed = apply_edits(BEGUN, change.edits)
    assert found(BEGUN, changed, change.kind, text) == []
    rows: Any = changed["measures"]
    variants: list[PlanData] = [
        made(changed, lambda data: set_fields(data, "1.2.1", {"notes": "тайно"})),
        {**changed, "measures": rows[:-1]},
        {**changed, "levels": ["Другое"]},
    ]
    for smuggled in variants:
        assert found(BEGUN, smuggled, change.kind, text)


@pytest.mark.parametrize("names", [("1.2.1",), ("1.2.2",), ("1.1.3", "1.1.4"), ("1.1.4", "1.2.1")])
def test_only_what_was_moved_is_named(names: tuple[str, ...]) -> None:
    """Not the neighbours that it passed on its way, whichever of them could be said to move."""
    data, changes = BEGUN, []
    for name in names:
        changes.append(move(data, name, Destination(channel="2.1")))
        data = apply_edits(data, changes[-1].edits)
    text = message(BEGUN, joined(changes))
    assert claimed_trailers(text).measures == names
    assert found(BEGUN, data, ChangeKind.MOVE, text) == []
    back = commit_message(Change(ChangeKind.EDIT, difference(data, BEGUN)), data)
    assert claimed_trailers(back).measures == names


def test_levels_have_the_names_of_the_organisation() -> None:
    levels: Plain = ["Направление", "Задача"]
    data: PlanData = {**BEGUN, "levels": levels}
    subjects = [
        message(data, make(data)).split("\n")[0]
        for make in (
            channel("1.1", title="Офисы"),
            lambda data: move(data, "1.1.2", Destination(channel="2.1")),
            lambda data: remove_part(data, part_numbered(data, "2.1", CHANNEL)),
        )
    ]
    assert subjects == [
        "Задача 1.1: название «Офис обслуживания клиентов В2В» → «Офисы»",
        "1.1.2: перенесено: Задача 2.1",
        "Задача 2.1 «Почта»: удалено: Направление 2",
    ]


def forged(kind: ChangeKind, data: PlanData, changed: PlanData) -> list[str]:
    """Return what is found of a change whose message is true, under a kind that it is not of."""
    text = message(data, Change(kind, difference(data, changed)))
    return found(data, changed, kind, text)


def test_a_kind_that_does_not_fit_is_found() -> None:
    def edited(name: str, **texts: str) -> Make:
        return lambda data: set_fields(data, name, texts)

    def moved(data: PlanData) -> Change:
        return move(data, "1.1.2", Destination(channel="2.1"))

    dishonest = {
        "a move with another result": (ChangeKind.MOVE, (moved, edited("1.1.2", result="Иной"))),
        "a structure that edits": (
            ChangeKind.STRUCTURE,
            (channel("1.1", title="О"), edited("1.1.1", notes="а")),
        ),
        "a structure that moves": (ChangeKind.STRUCTURE, (channel("1.1", title="О"), moved)),
        "a correction that edits": (
            ChangeKind.CORRECT,
            (corrected(result="а"), edited("1.1.2", notes="а")),
        ),
        "a copy with other words": (
            ChangeKind.COPY,
            (
                lambda data: copy(data, "1.1.2", Destination(is_kept=True)),
                edited("1.1.2-2", result="Иной"),
            ),
        ),
    }
    for name, (kind, makes) in dishonest.items():
        assert any("не подходит" in one for one in forged(kind, BEGUN, made(BEGUN, *makes))), name
    rows: Any = BEGUN["measures"]
    dropped: PlanData = {**made(BEGUN, channel("1.1", title="О")), "measures": rows[:-1]}
    assert forged(ChangeKind.STRUCTURE, BEGUN, dropped)
    without_records: PlanData = {
        **BEGUN,
        "measures": [
            {key: value for key, value in row.items() if key != "records"} for row in rows
        ],
    }
    assert forged(ChangeKind.CORRECT, BEGUN, without_records)


# ---------------------------------------------------------------------- any shape, any order


def pick(items: Sequence[T], at: int) -> T:
    return items[at % len(items)]


_CELLS: Final = "chapters.0.blocks.0.table"
TABLE_STEPS: Final[list[dict[str, str]]] = [
    {"chapters.0": '{"blocks": [{"table": {"rows": [["а", "1"]]}}], "heading": "Итоги"}'},
    {f"{_CELLS}.rows.0.1": "2", f"{_CELLS}.columns": "Что\nСколько"},
    {f"{_CELLS}.rows.1": '["б", "3"]', f"{_CELLS}.rows.0": ""},
    {"chapters.0.blocks.1": '{"table": {"rows": [["в"]], "columns": ["Ещё"]}}'},
    {"chapters.0.blocks.0": ""},
    {"references.documents.0": '{"title": "О качестве", "requisites": "Приказ"}'},
]
"""What may be done to tables and rows of the document, where it can be."""


def any_change(data: PlanData, what: int, one: int, other: int) -> Change | None:
    """Return something that may be done to a programme; None where it cannot be."""
    try:
        return _any_change(data, what, one, other)
    except KvartalError:
        return None


def _any_change(  # noqa: PLR0911 - one for each thing to do
    data: PlanData, what: int, one: int, other: int
) -> Change | None:
    names = [str(row["id"]) for row in rows_of(data)]
    there = list(parts(data))
    if what in {0, 1} and there:
        target = pick(there, one)
        is_channel = target.kind is CHANNEL
        numbers = (target.number, None) if is_channel else (None, target.number)
        make = move if what else copy
        return make(data, pick(names, other), Destination(*numbers))
    if what == 2:
        return move(data, pick(names, one), Destination(number=f"9.{other}", is_kept=True))
    if what == 3:
        above = pick([None, *(part.number for part in there if part.kind is not CHANNEL)], one)
        row = {"number": f"N{other}", "title": "Новый"}
        return add_part(data, PartKind.SECTION, row, under=above)
    if what == 4 and there:
        texts = pick(({"title": "Иначе"}, {"number": f"R{other}"}), one)
        return set_part(data, pick(there, other), texts)
    if what == 5 and there:
        part = pick(there, one)
        sections = [None, *(one.number for one in there if one.kind is not CHANNEL)]
        return move_part(data, part, under=pick(sections, other))
    if what == 6 and there:
        return remove_part(data, pick(there, one))
    if what == 7:
        return set_document(data, pick([{"title": f"Программа {one}"}, *TABLE_STEPS], other))
    recorded = [name for name in names if rows_of(data)[names.index(name)].get("records")]
    if what == 8 and recorded:
        return correct(data, pick(recorded, one), 0, Correction(result=f"Сделано {other}"))
    return None


STEPS: Final = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6
)


@settings(max_examples=40, deadline=None)
@given(data=programmes(), steps=STEPS)
def test_anything_done_is_verified_and_taken_back(
    data: PlanData, steps: list[tuple[int, int, int]]
) -> None:
    for step in steps:
        change = any_change(data, *step)
        if change is None or not change.edits:
            continue
        changed = apply_edits(data, change.edits)
        assert found(data, changed, change.kind, message(data, change)) == []
        back = without_change(changed, changed, data)
        assert not back.conflicts
        assert same(back.data, data)
        for kind, pair in ((ChangeKind.UNDO, (changed, data)), (ChangeKind.EDIT, (data, changed))):
            earlier = Change(kind, difference(*pair, as_in_2026_11=True))
            text = commit_message(earlier, pair[0], folder="plan", as_in_2026_11=True)
            assert found(*pair, kind, text) == []
        data = changed


# ---------------------------------------------------------------------- two sides


NEW: Final[dict[str, Plain]] = {
    "channel": "1.1",
    "number": "1.1.9",
    "proposal": "Новое",
    "actions": ["Сделать"],
    "term": {"text": "4 квартал 2024", "quarters": [4]},
    "result": "Готово",
}
RENUMBERED: Final = channel("1.1", number="1.9", title="Офисы")


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RENUMBERED, lambda data: add(data, NEW)),
        (RENUMBERED, lambda data: set_fields(data, "1.1.2", {"notes": "а"})),
        (RENUMBERED, lambda data: move(data, "1.2.1", Destination(channel="1.1"))),
        (RENUMBERED, lambda data: move(data, "1.1.2", Destination(channel="1.2"))),
        (
            lambda data: move_part(data, part_numbered(data, "1.1", CHANNEL), under="2"),
            channel("1.1", number="1.9", title="Офисы"),
        ),
        (
            lambda data: move_part(data, part_numbered(data, "2"), under="1"),
            channel("2.1", title="Письма"),
        ),
        (
            lambda data: move_part(data, part_numbered(data, "1"), after="2"),
            lambda data: add(data, NEW),
        ),
    ],
)
def test_a_part_is_the_same_whatever_its_number_or_place(
    one: Make,
    other: Make,
    swap: bool,  # noqa: FBT001 - a parameter
) -> None:
    ours, theirs = (made(BEGUN, make) for make in ((other, one) if swap else (one, other)))
    merged = merge(BEGUN, ours, theirs)
    assert not merged.conflicts
    in_turn = made(BEGUN, one)
    numbers = {part.number for part in parts(merged.data)}
    assert numbers == {
        "1.9" if number == "1.1" and "1.9" in numbers else number
        for number in {part.number for part in parts(in_turn)}
    }
    places = {row["channel"] for row in rows_of(merged.data)}
    assert places <= numbers
    ids = {row["id"] for side in (ours, theirs) for row in rows_of(side)}
    assert {row["id"] for row in rows_of(merged.data)} == ids


@pytest.mark.parametrize(
    ("ours", "theirs", "more"),
    [
        ([], [], []),
        ([], [lambda data: add(data, {**NEW, "channel": "1.9"})], []),
        ([], [lambda data: move(data, "1.2.1", Destination(channel="1.9"))], []),
        ([lambda data: move(data, "1.1.2", Destination(channel="2.1"))], [], []),
        ([channel("1.8", title="Один")], [channel("1.9", title="Два")], ["title"]),
        (
            [lambda data: remove(data, "1.1.1")],
            [lambda data: set_fields(data, "1.1.1", {"notes": "а"})],
            [0],
        ),
        (
            [lambda data: move(data, "1.1.2", Destination(channel="2.1"))],
            [lambda data: move(data, "1.1.2", Destination(channel="1.2"))],
            ["channel"],
        ),
    ],
)
def test_a_channel_renumbered_by_both_is_one_conflict_that_its_measures_follow(
    ours: list[Make], theirs: list[Make], more: list[str | int]
) -> None:
    one = made(BEGUN, channel("1.1", number="1.8"), *ours)
    other = made(BEGUN, channel("1.1", number="1.9"), *theirs)
    outcomes = []
    for sides in ((one, other), (other, one)):
        merged = merge(BEGUN, *sides)
        (number,) = (at.dispute for at in merged.conflicts if at.dispute)
        assert [at.where[-1] for at in merged.conflicts if not at.dispute] == more
        assert apply_edits(sides[0], merged.edits) == merged.data
        for taken in ("ours", "theirs"):
            choices = [getattr(at.sides, taken) for at in merged.conflicts]
            data = resolve(merged, choices)
            assert not validate(data)
            assert chosen_sides(merged, data) == [(int(taken == "theirs"),)] * len(choices)
            assert not merge_differences(BEGUN, sides, data)
            outcomes.append((getattr(number.sides, taken), data))
    (first, mine), (second, others), (third, theirs_), (fourth, ours_) = outcomes
    assert [first, second, third, fourth] == ["1.8", "1.9", "1.9", "1.8"]
    assert same(mine, ours_)
    assert same(others, theirs_)


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(
    "other",
    [
        {"rows.1.1": "1300"},
        {"rows.2": '["Офисов", "75"]'},
        {"rows.1": ""},
        {"columns.1": "2026"},
    ],
)
def test_cells_and_rows_of_a_table_merge(other: dict[str, str], swap: bool) -> None:  # noqa: FBT001
    """Each side changed something else in the table of one chapter."""

    def table(texts: dict[str, str]) -> Make:
        named = {f"chapters.0.blocks.0.table.{name}": text for name, text in texts.items()}
        return lambda data: set_document(data, named)

    makes = [table({"rows.0.1": "4"}), table(other)]
    if swap:
        makes.reverse()
    merged = merge(BEGUN, made(BEGUN, makes[0]), made(BEGUN, makes[1]))
    assert not merged.conflicts
    assert same(merged.data, made(BEGUN, table({"rows.0.1": "4", **other})))


def test_what_both_did_differently_is_said_by_name() -> None:
    def texts(one: Make, other: Make) -> list[str]:
        merged = merge(BEGUN, made(BEGUN, one), made(BEGUN, other))
        return [conflict_text(conflict, merged.data, Words()) for conflict in merged.conflicts]

    assert texts(channel("2.1", title="Письма"), channel("2.1", number="2.7", title="Чат")) == [
        "Канал 2.7, название канала: у нас «Письма», с другой стороны «Чат», было «Почта»."
    ]
    gone = texts(
        lambda data: remove_part(data, part_numbered(data, "2.1", CHANNEL)),
        channel("2.1", title="Письма"),
    )
    (text,) = gone
    assert text.endswith("с другой стороны изменено: 2.1 «Почта» → 2.1 «Письма».")
    assert text.startswith("Канал 2.1 «Почта»: у нас удалено")
    moved = [
        lambda data, to=to: move(data, "1.1.2", Destination(channel=to)) for to in ("1.2", "2.1")
    ]
    assert texts(*moved) == [
        "1.1.2, канал обслуживания: у нас «1.2», с другой стороны «2.1», было «1.1»."
    ]
    (result,) = texts(corrected(result="Один"), corrected(result="Два"))
    assert result.startswith("1.1.2, отметка за III квартал, фактический результат: у нас «Один»")


def test_what_both_carried_over_is_one_measure_in_two_words() -> None:
    """Two begin the next year, one with numbers anew: until 2026-11 it was there twice."""

    def begun(*rows: Plain) -> PlanData:
        return {"year": 2025, "measures": [*rows]}

    row: dict[str, Plain] = {
        "id": "1.1.1",
        "number": "1.1.1",
        "proposal": "Окна",
        "term": {"text": "постоянно"},
        "carried_from": {"plan": "plan/2024.yaml", "id": "1.1.1"},
    }
    other: dict[str, Plain] = {**row, "number": "1.1.7", "notes": "да"}
    sides = (begun(row), begun(other))
    merged = merge({}, *sides)
    assert [one.path for one in merged.conflicts] == [("number",)]
    for number in ("1.1.1", "1.1.7"):
        data = resolve(merged, [number])
        assert data["measures"] == [{**other, "number": number}]
        assert not merge_differences({}, sides, data)
    twice = merge({}, *sides, as_in_2026_11=True).data
    assert [one["id"] for one in rows_of(twice)] == ["1.1.1", "1.1.1-2"]
    assert not merge_differences({}, sides, twice)
    assert merge_differences({}, sides, begun(*({**one, "notes": "?"} for one in rows_of(twice))))
    apart: Plain = {**other, "carried_from": {"plan": "plan/2024.yaml", "id": "1.1.2"}}
    assert not merge({}, sides[0], begun(apart)).conflicts
