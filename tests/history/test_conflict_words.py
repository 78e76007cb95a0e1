"""Conflicts and choices about an item of a list say which item it is, in words."""

import pytest

from kvartal.history.diff.items import as_row
from kvartal.history.diff.words import Words
from kvartal.history.log.merge_changes import merge_changes
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.merge.paths import with_value
from kvartal.schema.changes import MISSING, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.problems import DataPath

HASH = "{:064}".format
VALUES: Plain = [
    {"indicator": "Жалобы", "period": "2026-Q1", "value": 3},
    {"indicator": "Доля", "period": "2026-03", "value": 91},
]
EVIDENCE: Plain = {
    "documents": [{"title": "Акт", "number": "1", "date": "2026-03-30"}, {"title": "Письмо"}],
    "files": [{"path": "plan/evidence/1/а.pdf", "size": 2048, "sha256": HASH(1)}],
}
MEASURE: Plain = {
    "id": "1",
    "proposal": "П",
    "term": {"text": "1, 2 кварталы", "quarters": [1, 2]},
    "responsible": [{"name": "Отдел А", "role": "ведёт"}, {"name": "Отдел Б", "role": "помогает"}],
    "budget": [
        {"source": "тариф", "year": 2026, "plan": 10},
        {"plan": 1, "fact": 1},
        {"plan": 2, "fact": 2},
    ],
    "indicator": [{"name": "Жалобы", "target": 5}, {"name": "Доля", "target": 90}],
    "postponements": [
        {"date": "2026-02-01", "to": {"text": "3 квартал", "quarters": [3]}, "reason": "а"},
        {"date": "2026-05-01", "to": {"text": "4 квартал", "quarters": [4]}, "reason": "б"},
    ],
    "records": [
        {"quarter": 1, "date": "2026-03-30", "values": VALUES, "evidence": EVIDENCE},
        {"quarter": 2, "date": "2026-06-29", "result": "а"},
        {"quarter": 2, "date": "2026-06-30", "result": "б"},
    ],
}
ROWS: Plain = [["Заявки", "10"], ["Отказы", "2"]]
BLOCKS: list[Plain] = [
    {"paragraph": "П1"},
    {"paragraph": "П2"},
    {"table": {"columns": ["Что", "2025"], "rows": ROWS}},
]
BASE: PlanData = {
    "fields": [
        {"key": "a", "title": "Шифр", "type": "line"},
        {"key": "b", "title": "Объект", "type": "line"},
    ],
    "document": {
        "references": {
            "documents": [
                {"requisites": "1", "title": "Закон"},
                {"requisites": "2", "title": "Акт"},
            ]
        },
        "chapters": [{"number": "7", "heading": "Показатели", "blocks": BLOCKS}],
    },
    "sections": [{"number": "1", "title": "Первый"}, {"number": "2", "title": "Второй"}],
    "measures": [MEASURE],
}
_M = ("measures", 0)
_RECORD = (*_M, "records", 0)
_CHAPTER = ("document", "chapters", 0, "blocks")


def changed(where: DataPath, new: Plain | Missing) -> PlanData:
    data = with_value(BASE, where, new)
    assert isinstance(data, dict)
    return data


def sentences(where: DataPath, ours: Plain | Missing, theirs: Plain | Missing) -> tuple[str, str]:
    """Return the sentence of the conflict about a value, and of the choice of our side."""
    sides = changed(where, ours), changed(where, theirs)
    merged = merge(BASE, *sides)
    (conflict,) = merged.conflicts
    made = resolve(merged, [conflict.sides.ours])
    (choice,) = merge_changes(BASE, sides, made, Words()).choices
    text = conflict_text(conflict, merged.data, Words())
    assert text.partition(": ")[0] == choice.text.partition(": ")[0]
    return text, choice.text


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (
            (*_M, "responsible", 1, "role"),
            "1, ответственный исполнитель, Отдел Б, роль исполнителя",
        ),
        ((*_M, "budget", 0, "plan"), "1, бюджет, тариф, 2026, план"),
        ((*_M, "budget", 2, "plan"), "1, бюджет, строка 3, план"),
        ((*_M, "indicator", 1, "target"), "1, показатель, Доля, план"),
        ((*_M, "postponements", 1, "date"), "1, перенос срока от 01.05.2026, дата переноса"),
        ((*_RECORD, "quarter"), "1, отметка за I квартал, квартал"),
        ((*_RECORD, "values", 1, "value"), "1, отметка за I квартал, доля за март 2026"),
        (
            (*_RECORD, "evidence", "documents", 0, "number"),
            "1, отметка за I квартал, документ «Акт № 1 от 30.03.2026», номер документа",
        ),
        (
            (*_M, "records", 2, "result"),
            "1, отметка за II квартал от 30.06.2026, фактический результат",
        ),
        (("fields", 1, "title"), "Дополнительные поля «Объект», название поля"),
        (("sections", 1, "title"), "Раздел 2, название раздела"),
        (
            ("document", "references", "documents", 1, "title"),
            "Нормативные акты, строка 2, наименование акта",
        ),
        (("document", "chapters", 0, "heading"), "Глава 7, заголовок главы"),
        ((*_CHAPTER, 1, "paragraph"), "Глава 7, абзац 2"),
        ((*_CHAPTER, 2, "table", "rows", 1, 1), "Таблица главы 7, строка 2, «2025»"),
    ],
)
def test_a_conflict_names_the_item_as_it_was_called_before(where: DataPath, place: str) -> None:
    old = value_at(BASE, where)
    ours, theirs = (
        (old + 100, old + 200) if isinstance(old, int) else (f"{old}, наше", f"{old}, их")
    )
    if where[-1] == "date":
        ours, theirs = "2026-05-02", "2026-05-03"
    text, choice = sentences(where, ours, theirs)
    assert text.startswith(f"{place}: у нас «")
    assert choice.startswith(f"{place}: взято «")


@pytest.mark.parametrize(
    ("where", "key", "new", "place", "changes"),
    [
        (
            (*_M, "records", 2),
            "result",
            "в",
            "1, отметка за II квартал от 30.06.2026",
            "отметка за II квартал, фактический результат: б → в",
        ),
        (
            (*_RECORD, "values", 0),
            "value",
            4,
            "1, отметка за I квартал, жалобы за I квартал 2026",
            "3 → 4",
        ),
        (
            (*_RECORD, "evidence", "documents", 1),
            "number",
            "2",
            "1, отметка за I квартал, документ «Письмо»",
            "Письмо → Письмо № 2",
        ),
        (
            (*_RECORD, "evidence", "files", 0),
            "size",
            4096,
            "1, отметка за I квартал, файл «а.pdf»",
            "а.pdf, 2 КБ → а.pdf, 4 КБ",
        ),
        (
            (*_M, "postponements", 0),
            "reason",
            "в",
            "1, перенос срока от 01.02.2026",
            "причина переноса: а → в",
        ),
        (("fields", 1), "type", "text", "Дополнительные поля «Объект»", "вид поля: line → text"),
    ],
)
def test_an_item_that_one_side_deleted_is_told_by_what_the_other_changed(
    where: DataPath, key: str, new: Plain, place: str, changes: str
) -> None:
    text, choice = sentences(where, MISSING, with_value(as_row(value_at(BASE, where)), (key,), new))
    assert text == f"{place}: у нас удалено, а с другой стороны изменено: {changes}."
    assert choice == f"{place}: удалено, а одна из сторон изменила: {changes}"
    text, choice = sentences(where, with_value(as_row(value_at(BASE, where)), (key,), new), MISSING)
    assert text == f"{place}: с другой стороны удалено, а у нас изменено: {changes}."
    assert choice == f"{place}: оставлено, а одна из сторон удалила"


@pytest.mark.parametrize(
    ("where", "ours", "theirs", "said"),
    [
        (
            (*_M, "term"),
            {"text": "I", "quarters": [1]},
            {"text": "II", "quarters": [2]},
            "1, срок: у нас «I», с другой стороны «II», было «1, 2 кварталы».",
        ),
        (
            _CHAPTER,
            [BLOCKS[2]],
            [{"paragraph": "Их"}],
            (
                "Глава 7, содержание главы: у нас «Что; 2025 / Заявки; 10 / Отказы; 2», "
                "с другой стороны «Их», было «П1; П2; Что; 2025 / Заявки; 10 / Отказы; 2»."
            ),
        ),
    ],
    ids=["a term", "a chapter"],
)
def test_a_value_that_is_no_text_is_told_in_words(
    where: DataPath, ours: Plain, theirs: Plain, said: str
) -> None:
    assert sentences(where, ours, theirs)[0] == said


@pytest.mark.parametrize(("heading", "name"), [("Итоги", "Глава «Итоги»"), ("", "Глава, строка 1")])
def test_a_chapter_without_a_number_is_named_by_its_heading(heading: str, name: str) -> None:
    chapter = _CHAPTER[:-1]
    base, ours, theirs = (
        changed(chapter, {"heading": heading, "page": page, "blocks": BLOCKS}) for page in (1, 2, 3)
    )
    (conflict,) = merge(base, ours, theirs).conflicts
    assert conflict_text(conflict, base, Words()).startswith(f"{name}, ")


def test_a_cancellation_is_told_whole() -> None:
    base, theirs = (
        changed((*_M, "cancelled"), {"date": "2026-06-01", "reason": reason}) for reason in "аб"
    )
    merged = merge(base, BASE, theirs)
    (conflict,) = merged.conflicts
    assert conflict_text(conflict, merged.data, Words()) == (
        "1, снято с плана: у нас удалено, а с другой стороны изменено: снято с плана: 01.06.2026; "
        "причина снятия: а → снято с плана: 01.06.2026; причина снятия: б."
    )


def test_a_choice_of_a_field_that_one_side_cleared_names_both_values() -> None:
    where = (*_M, "records", 1, "result")
    assert sentences(where, MISSING, "г")[1] == (
        "1, отметка за II квартал от 29.06.2026, фактический результат: взято «—», не взято «г»"
    )


_FIRST, _SECOND = {"text": "I", "quarters": [1]}, {"text": "II", "quarters": [2]}
_CHANGED: Plain = {"quarter": 2, "date": "2026-06-29", "result": "в"}


@pytest.mark.parametrize(
    ("where", "ours", "theirs", "said"),
    [
        (
            *((*_M, "records", 1), MISSING, _CHANGED),
            (
                "1, отметка за II квартал: у нас удалено, а с другой стороны изменено: quarter: 2, "
                "date: 2026-06-29, result: в."
            ),
        ),
        (
            *((*_M, "records", 1), _CHANGED, MISSING),
            (
                "1, отметка за II квартал: с другой стороны удалено, а у нас изменено: quarter: 2, "
                "date: 2026-06-29, result: в."
            ),
        ),
        (
            *(_M, {**as_row(MEASURE), "proposal": "Р", "notes": "а"}, MISSING),
            (
                "1: с другой стороны удалено, а у нас изменено: Предложение: П → Р; "
                "Примечания: — → а."
            ),
        ),
        (
            *((*_M, "postponements", 1, "reason"), "в", "г"),
            (
                "1, перенос срока от 01.05.2026, причина переноса: у нас «в», с другой стороны "
                "«г», было «б»."
            ),
        ),
        (
            *((*_M, "records", 1, "result"), "в", "г"),
            (
                "1, отметка за II квартал, фактический результат: у нас «в», с другой стороны «г», "
                "было «а»."
            ),
        ),
        (
            *((*_M, "term"), _FIRST, _SECOND),
            "1, срок: у нас «I», с другой стороны «II», было «1, 2 кварталы».",
        ),
        (
            *((*_M, "term"), _FIRST, {**_SECOND, "text": "I"}),
            (
                "1, срок: у нас «text: I, quarters: 1», с другой стороны «text: I, quarters: 2», "
                "было «text: 1, 2 кварталы, quarters: 1; 2»."
            ),
        ),
        ((*_M, "notes"), "в", "г", "1, примечания: у нас «в», с другой стороны «г»."),
        ((*_M, "notes"), "", "г", "1, примечания: у нас «—», с другой стороны «г»."),
        (
            *((*_M, "budget", 0, "plan"), 1, 2),
            "1, бюджет, план: у нас «1», с другой стороны «2», было «10».",
        ),
        (
            *(("document", "references", "documents", 0, "title"), "в", "г"),
            "Нормативные акты, наименование акта: у нас «в», с другой стороны «г», было «Закон».",
        ),
        (("year",), 1, 2, "Год программы: у нас «1», с другой стороны «2»."),
        (("document", "своё"), 1, 2, "Документ, своё: у нас «1», с другой стороны «2»."),
    ],
)
def test_an_older_merge_is_told_as_its_time_told_it(
    where: DataPath, ours: Plain | Missing, theirs: Plain | Missing, said: str
) -> None:
    merged = merge(BASE, changed(where, ours), changed(where, theirs))
    (conflict,) = merged.conflicts
    assert conflict_text(conflict, merged.data, Words(as_in_2026_11=True)) == said


def test_rows_that_both_sides_added_are_one_conflict_about_the_table() -> None:
    where = (*_CHAPTER, 2, "table", "rows")
    added: list[list[Plain]] = [[["Жалобы", "1"]], [["Похвалы", "5"]]]
    old = value_at(BASE, where)
    assert isinstance(old, list)
    text, _ = sentences(where, [*old, *added[0]], [*old, *added[1]])
    assert text.startswith("Глава 7, таблица, строки: у нас «Заявки; 10 / Отказы; 2 / Жалобы; 1»")


def test_a_row_that_both_sides_wrote_anew_is_one_conflict_about_it() -> None:
    where = (*_CHAPTER, 2, "table", "rows", 0)
    text, _ = sentences(where, ["Заявки", "11", "да"], ["Заявки", "12"])
    assert text == (
        "Таблица главы 7, строка 1: у нас «Заявки; 11; да», с другой стороны «Заявки; 12», "
        "было «Заявки; 10»."
    )


@pytest.mark.parametrize("faulty", [["1"], {"a": 1}, True])
def test_a_merge_of_versions_with_faulty_ids_is_told_all_the_same(faulty: Plain) -> None:
    """Such a version may stand in a history: the log of it goes on."""
    side = changed((*_M, "id"), faulty)
    for sides in ((BASE, side), (side, BASE), (side, side)):
        for made in (BASE, side):
            merge_changes(BASE, sides, made, Words())


@pytest.mark.parametrize(
    ("where", "ours", "theirs", "field"),
    [
        (("fields",), {"key": "z", "title": "А"}, {"key": "z", "title": "Б"}, ("title",)),
        (("sections",), {"number": "9", "title": "А"}, {"number": "9", "title": "Б"}, ("title",)),
        (
            *(("sections", 0, "channels"), {"number": "1.9", "title": "А"}),
            *({"number": "1.9", "title": "Б"}, ("title",)),
        ),
        (
            *((*_M, "responsible"), {"name": "Я", "role": "а"}, {"name": "Я", "role": "б"}),
            ("role",),
        ),
        ((*_M, "indicator"), {"name": "Я", "target": 1}, {"name": "Я", "target": 2}, ("target",)),
        (
            *((*_RECORD, "values"), {"indicator": "Я", "period": "2026-H1", "value": 1}),
            *({"indicator": "Я", "period": "2026-H1", "value": 2}, ("value",)),
        ),
        (
            *((*_RECORD, "evidence", "files"), {"path": "я", "size": 1, "sha256": "1"}),
            *({"path": "я", "size": 2, "sha256": "2"}, ()),
        ),
        (
            *(("measures",), {"id": "7", "proposal": "Я", "notes": "а"}),
            *({"id": "7", "proposal": "Я", "notes": "б"}, ("notes",)),
        ),
        # What has no name is two things, unless all of it is the same.
        ((*_M, "budget"), {"source": "Я", "plan": 1}, {"source": "Я", "plan": 2}, None),
        (
            *((*_RECORD, "evidence", "documents"), {"title": "Я", "number": "1"}),
            *({"title": "Я", "number": "2"}, None),
        ),
        ((*_M, "same_work"), "2", "3", None),
    ],
)
def test_what_both_added_under_one_name_is_one_thing(
    where: DataPath, ours: Plain, theirs: Plain, field: DataPath | None
) -> None:
    old = value_at(BASE, where)
    items = old if isinstance(old, list) else []
    merged = merge(BASE, changed(where, [*items, ours]), changed(where, [*items, theirs]))
    conflicts = [conflict.where for conflict in merged.conflicts]
    assert conflicts == ([] if field is None else [(*where, len(items), *field)])
    found = value_at(merged.data, where)
    assert isinstance(found, list)
    assert found[len(items) :] == ([ours, theirs] if field is None else [ours])
