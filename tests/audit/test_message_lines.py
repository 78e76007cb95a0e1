"""No value of a measure can change without a line of the message that states it."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime

import pytest

from kvartal.history.audit.earlier_words import with_earlier_words
from kvartal.history.audit.line_compare import compare_lines
from kvartal.history.audit.message_compare import MessageComparer, claimed_trailers
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.diff import Row, difference
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.items import as_row
from kvartal.history.diff.measure_lines import measure_lines
from kvartal.history.diff.words import Words
from kvartal.history.merge.paths import with_value
from kvartal.history.messages.message import commit_message
from kvartal.schema.changes import Change, ChangeKind, Missing, Plain, PlanData
from kvartal.schema.data_paths import value_at
from kvartal.schema.errors import untranslated
from kvartal.schema.problems import DataPath
from kvartal.tui.i18n import translator

WHOLE: Row = {
    "id": "1.1.2",
    "channel": "1.1",
    "number": "1.1.2",
    "proposal": "Очередь",
    "actions": ["Первое", "Второе; третье"],
    "term": {"text": "после ремонта", "quarters": [3]},
    "result": "Установлена",
    "responsible": "Отдел",
    "notes": "Да",
    "budget": {"plan": 10, "fact": 9.5},
    "indicator": {
        "name": "Доля",
        "unit": "%",
        "direction": "not_less",
        "target": 95,
        "period": "quarter",
    },
    "same_work": ["1.1.1"],
    "postponements": [
        {
            "date": "2024-09-10",
            "to": {"text": "по готовности", "start": "2024-10-01", "due": "2024-11-01"},
            "reason": "Ремонт",
            "basis": "Приказ",
        },
        {
            "date": "2024-09-11",
            "to": {"text": "4 квартал 2024", "quarters": [4]},
            "reason": "Ремонт",
        },
    ],
    "records": [
        {
            "quarter": 3,
            "date": "2024-09-27",
            "complete": True,
            "result": "Сделано",
            "values": [{"period": "2024-07", "value": 95.4}, {"period": "2024-08", "value": 95}],
            "evidence": {
                "documents": [{"title": "Акт", "number": "12", "date": "2024-09-27"}],
                "files": [{"path": "evidence/2024/1.1.2/a.pdf", "size": 4096, "sha256": "a" * 64}],
                "links": ["https://tests.example/a"],
            },
        },
    ],
    "cancelled": {"date": "2024-06-01", "reason": "Нет", "basis": "Приказ"},
}


def leaves(value: Plain, path: DataPath = ()) -> Iterator[DataPath]:
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def other(value: Plain | Missing) -> Plain:
    assert not isinstance(value, Missing)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x"


def changed(path: DataPath) -> Row:
    return as_row(with_value(WHOLE, path, other(value_at(WHOLE, path))))


@pytest.mark.parametrize("path", [path for path in leaves(WHOLE) if path != ("id",)], ids=str)
def test_each_value_of_a_measure(path: DataPath) -> None:
    assert measure_lines(WHOLE, changed(path), Words())


def test_quarters_that_the_text_of_a_term_does_not_name() -> None:
    """«После ремонта» names no quarters, «3 квартал 2024» names them."""
    dated: Row = {**WHOLE, "term": {"text": "3 квартал 2024", "quarters": [3]}}
    lines = [str(line) for line in measure_lines(dated, WHOLE, Words())]
    assert lines == ["Срок: 3 квартал 2024 → после ремонта"]
    late: Row = {**WHOLE, "term": {"text": "после ремонта", "quarters": [4]}}
    lines = [str(line) for line in measure_lines(dated, late, Words())]
    assert lines == ["Срок: 3 квартал 2024 → после ремонта", "Срок, кварталы: 3 → 4"]
    usual: Row = {**WHOLE, "term": {"text": "4 квартал 2024", "quarters": [4]}}
    lines = [str(line) for line in measure_lines(dated, usual, Words())]
    assert lines == ["Срок: 3 квартал 2024 → 4 квартал 2024"]
    lines = [str(line) for line in measure_lines(None, WHOLE, Words())]
    assert "Срок, кварталы: — → 3" in lines
    bare: Row = {**WHOLE, "postponements": []}
    lines = [str(line) for line in measure_lines(bare, WHOLE, Words())]
    assert "Срок: после ремонта → по готовности" in lines
    assert any("01.11.2024" in line for line in lines)


def test_a_figure_moved_to_another_month() -> None:
    moved = deepcopy(WHOLE)
    record = as_row(value_at(moved, ("records", 0)))
    record["values"] = [{"period": "2024-07", "value": 95.4}, {"period": "2024-09", "value": 95}]
    lines = [str(line) for line in measure_lines(WHOLE, moved, Words())]
    assert [line.rpartition("за ")[2] for line in lines] == [
        "август 2024: 95 % → —",
        "сентябрь 2024: — → 95 %",
    ]


def test_a_change_of_a_channel_names_the_channel() -> None:
    """Otherwise the segment of a different one could be changed under the same message."""

    def channels(*segments: str) -> PlanData:
        rows: Plain = [
            {"number": f"1.{at}", "title": "Офис", "segment": one}
            for at, one in enumerate(segments, 1)
        ]
        return {"sections": [{"number": "1", "title": "ОЧНОЕ", "channels": rows}]}

    old = channels("b2b", "b2b")
    lines = [
        [str(line) for group in change_groups(old, new, Words()) for line in group.lines]
        for new in (channels("b2c", "b2b"), channels("b2b", "b2c"))
    ]
    assert lines == [
        ["Канал 1.1, сегмент клиентов: b2b → b2c"],
        ["Канал 1.2, сегмент клиентов: b2b → b2c"],
    ]


@pytest.mark.parametrize(("told", "count"), [("Офис", 0), ("Офисы", 1)])
def test_english_as_it_was_quoted_earlier_is_compared_all_the_same(told: str, count: int) -> None:
    before: PlanData = {
        "year": 2024,
        "sections": [{"number": "1", "title": "Очное"}],
        "measures": [],
    }
    after = deepcopy(before)
    after["sections"] = [{"number": "1", "title": "Офис"}]
    english = translator("en")
    change = Change(ChangeKind.STRUCTURE, difference(before, after))
    message = commit_message(change, before, folder="plan/", translate=english)
    assert message.startswith('Section 1 renamed: "Очное" → "Офис"')
    message = message.replace('"Очное" → "Офис"', f"“Очное” → “{told}”")
    now = datetime(2026, 11, 29, tzinfo=UTC)
    commit = Commit("c" * 40, "t" * 40, (), "Я", now, now, message, "")
    comparer = MessageComparer("plan/", with_earlier_words([untranslated, english]))
    trailers = claimed_trailers(message)
    assert len(comparer.findings(commit, trailers, [(before, after)], None)) == count


def test_english_names_are_quoted_as_english_and_taken_as_they_were() -> None:
    table: Plain = {"table": {"columns": ["Year"], "rows": [["1"]]}}
    chapter: dict[str, Plain] = {"heading": "Indicators", "blocks": [table]}
    before: PlanData = {
        "document": {"chapters": [chapter], "references": {"documents": [{"title": "Old act"}]}},
        "sections": [{"number": "1", "title": "Offices"}],
        "fields": [{"key": "cost", "title": "Cost"}],
        "measures": [],
    }
    after = deepcopy(before)
    after["sections"] = []
    after["fields"] = [{"key": "cost", "title": "Cost", "type": "number"}]
    document = as_row(after["document"])
    document["references"] = {"documents": [{"title": "New act"}]}
    document["chapters"] = [
        {**chapter, "blocks": [{"table": {"columns": ["Year"], "rows": [["2"]]}}]},
        {"number": "2", "heading": "Targets", "blocks": []},
    ]
    english = translator("en")
    now, _roman, _without_heading, then, at_first = with_earlier_words([english])
    change = Change(ChangeKind.EDIT, difference(before, after))
    comparer = MessageComparer("plan/", with_earlier_words([untranslated, english]))
    moment = datetime(2026, 11, 29, tzinfo=UTC)
    messages = [
        commit_message(change, before, folder="plan/", translate=language)
        for language in (now, then, at_first)
    ]
    for message in messages:
        commit = Commit("c" * 40, "t" * 40, (), "Я", moment, moment, message, "")
        assert not comparer.findings(commit, claimed_trailers(message), [(before, after)], None)
    assert [("«" in message) for message in messages] == [False, True, True], messages[0]
    for name in ("Offices", "Indicators", "Targets", "Year", "Cost"):
        assert f'"{name}"' in messages[0], messages[0]
        assert f"«{name}»" in messages[1], messages[1]


@pytest.mark.parametrize(("language", "told"), [("ru", "глава —"), ("en", "chapter —")])
def test_a_chapter_without_a_number_is_taken_as_it_was_called(language: str, told: str) -> None:
    chapters: list[Plain] = [{"number": "1", "heading": "Цели"}, {"heading": "Итоги"}]
    before: PlanData = {"document": {"chapters": chapters[:1]}}
    after: PlanData = {"document": {"chapters": chapters}}
    now, *earlier_ones = with_earlier_words([translator(language)])
    earlier = earlier_ones[0 if language == "ru" else 1]
    change = Change(ChangeKind.EDIT, difference(before, after))
    message = commit_message(change, before, folder="plan/", translate=earlier)
    assert told in message
    assert told not in commit_message(change, before, folder="plan/", translate=now)
    comparer = MessageComparer("plan/", with_earlier_words([untranslated, translator("en")]))
    moment = datetime(2026, 11, 30, tzinfo=UTC)
    for text, count in ((message, 0), (message.replace(told, f"{told[:-1]}7"), 1)):
        commit = Commit("c" * 40, "t" * 40, (), "Я", moment, moment, text, "")
        found = comparer.findings(commit, claimed_trailers(text), [(before, after)], None)
        assert len(found) == count


def test_quarters_in_english_are_taken_as_they_were_called() -> None:
    measure: dict[str, Plain] = {"id": "1.1", "number": "1.1", "proposal": "Work"}
    values: list[Plain] = [{"period": "2024-H1", "value": 7}, {"period": "2023-Q4", "value": 8}]
    records: list[Plain] = [
        {"quarter": 3, "date": "2024-09-30", "result": "Done", "values": values},
        {"quarter": "2025-Q1", "date": "2024-09-30", "result": "Done"},
    ]
    before: PlanData = {"year": 2024, "measures": [measure]}
    after: PlanData = {"year": 2024, "measures": [{**measure, "records": records}]}
    now, earlier, *_ = with_earlier_words([translator("en")])
    change = Change(ChangeKind.EDIT, difference(before, after))
    message = commit_message(change, before, folder="plan/", translate=now)
    for name in ("Q3", "Q1 2025", "H1 2024", "Q4 2023"):
        assert name in message
    message = commit_message(change, before, folder="plan/", translate=earlier)
    for name in ("quarter III", "quarter I of 2025", "half-year I of 2024", "quarter IV of 2023"):
        assert name in message
    comparer = MessageComparer("plan/", with_earlier_words([untranslated, translator("en")]))
    moment = datetime(2026, 11, 30, tzinfo=UTC)
    for text, count in ((message, 0), (message.replace("quarter III", "quarter II"), 1)):
        commit = Commit("c" * 40, "t" * 40, (), "Я", moment, moment, text, "")
        found = comparer.findings(commit, claimed_trailers(text), [(before, after)], None)
        assert bool(found) == bool(count)


FILE: dict[str, Plain] = {"path": "а.pdf", "size": 4096}


def assert_told_now_and_before(before: PlanData, after: PlanData) -> None:
    """Check that a message is not blamed whichever of the two wordings it has."""
    change = Change(ChangeKind.SET, difference(before, after))
    now = datetime(2026, 11, 29, tzinfo=UTC)
    for is_earlier in (False, True):
        message = commit_message(change, before, folder="plan", as_in_2026_11=is_earlier)
        commit = Commit("c" * 40, "t" * 40, (), "Я", now, now, message, "")
        comparer = MessageComparer("plan", (untranslated,))
        found = comparer.findings(commit, claimed_trailers(message), [(before, after)], None)
        assert found == (), message


def test_fields_of_ones_own_come_and_go_as_sentences() -> None:
    cost: dict[str, Plain] = {"key": "cost", "title": "Стоимость"}
    kind: dict[str, Plain] = {"key": "kind", "title": "Вид", "type": "choice", "choices": ["а"]}
    none: PlanData = {"measures": [WHOLE]}
    both: PlanData = {**none, "fields": [cost, kind]}
    one: PlanData = {**none, "fields": [kind]}
    for before, after in ((none, both), (both, none), (both, one), (one, both)):
        assert_told_now_and_before(before, after)
    (group,) = change_groups(both, none, Words())
    assert [str(line) for line in group.lines] == [
        "Поле «Стоимость» удалено",
        "Ключ поля «Стоимость»: cost → —",
        "Поле «Вид» удалено",
        "Ключ поля «Вид»: kind → —",
        "Вид поля «Вид»: choice → —",
        "Возможные значения «Вид»: а → —",
    ]


def test_of_two_chapters_that_went_each_line_names_its_own() -> None:
    chapters: list[Plain] = [
        {"number": number, "blocks": [{"table": {"columns": [number], "rows": [["x"]]}}]}
        for number in "123"
    ]
    before: PlanData = {"document": {"chapters": chapters}}
    after: PlanData = {"document": {"chapters": chapters[2:]}}
    (group,) = change_groups(before, after, Words())
    assert [str(line).partition(",")[0] for line in group.lines if "Таблица" in line.label] == [
        *["Таблица главы 1"] * 2,
        *["Таблица главы 2"] * 2,
    ]


def test_a_subject_may_be_cut_where_it_was_cut_earlier() -> None:
    before: PlanData = {"measures": [{**WHOLE, "result": "Открыт"}]}
    long = "Открыт вместе с прочими всеми до окончания отчётного периода"
    assert_told_now_and_before(before, {"measures": [{**WHOLE, "result": long}]})


def test_two_files_of_one_name_and_size_are_told_apart_in_words() -> None:
    records: list[Plain] = [
        {"quarter": 3, "evidence": {"files": [{**FILE, "sha256": digit * 64}]}} for digit in "ab"
    ]
    rows: list[Row] = [{**WHOLE, "records": [one]} for one in records]
    lines = [
        measure_lines(rows[0], rows[1], Words(as_in_2026_11=is_earlier))[0].old
        for is_earlier in (False, True)
    ]
    assert lines == [
        f"путь к файлу: а.pdf, размер файла: 4096, контрольная сумма: {'a' * 64}",
        f"path: а.pdf, size: 4096, sha256: {'a' * 64}",
    ]
    assert_told_now_and_before({"measures": [rows[0]]}, {"measures": [rows[1]]})


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Отметка за II квартал", "Дополнительно, отметка за II квартал"),
        ("Документ", "Дополнительно, документ"),
        ("Срок, кварталы", "Дополнительно, срок, кварталы"),
        ("Срок службы", "Срок службы"),
        ("Документы заказчика", "Документы заказчика"),
    ],
)
def test_an_own_field_is_not_told_as_a_record_or_a_document(title: str, label: str) -> None:
    """Else a line of the log would say that something was recorded which is not."""
    fields: Plain = [{"key": "a", "title": title, "type": "line"}]
    rows: list[Row] = [{**WHOLE, "extra": {"a": value}} for value in ("а", "б")]
    before, after = (dict[str, Plain](fields=fields, measures=[row]) for row in rows)
    (group,) = change_groups(before, after, Words())
    assert list(map(str, group.lines)) == [f"{label}: а → б"]
    assert_told_now_and_before(before, after)


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ([], "Изменено, а в сообщении не сказано: «{0}»."),
        ([1], "Изменено, а в сообщении не сказано: «{0}»."),
        ([0], "Изменено, а в сообщении не сказано: «{1}»."),
        ([0, 0, 1], "В сообщении изменения стоят не под тем мероприятием: «{0}»."),
        ([1, 0], "В сообщении изменения стоят не под тем мероприятием: «{1}»."),
        ([0, 1], ""),
    ],
)
def test_a_sentence_without_values_has_to_be_stated_too(stated: list[int], sentence: str) -> None:
    section: Row = {"number": "1", "title": "А"}
    channels: list[Plain] = [{"number": "1.1", "title": "К"}]
    before: PlanData = {"sections": [{**section, "channels": channels}], "measures": []}
    after: PlanData = {"sections": [{**section, "title": "Б"}], "measures": []}
    change = Change(ChangeKind.STRUCTURE, difference(before, after))
    words = Words(untranslated)
    lines = ["Канал 1.1 «К» удалён: раздел 1", "Раздел 1 переименован: «А» → «Б»"]
    found = compare_lines([lines[at] for at in stated], lines, change, before, words)
    assert "".join(finding.message() for finding in found) == sentence.format(*lines)
