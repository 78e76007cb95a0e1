"""The card: everything about a measure."""

from datetime import date
from pathlib import Path
from typing import Any

from kvartal.history.diff.words import Words
from kvartal.schema.printed_number import printed_number
from kvartal.schema.reading import read_plan
from kvartal.schema.states import status
from kvartal.tui.i18n import _, translator
from kvartal.tui.presentation.card import card_items
from kvartal.tui.presentation.formats import number
from kvartal.tui.presentation.labels import UNICODE_SIGNS
from tests.support.plans import measure, plan_file
from tests.support.screens import SMALL, opened

WHOLE = measure(
    1,
    responsible="Отдел обслуживания",
    notes="Первая строка\nвторая строка",
    budget={"plan": 1250000, "fact": 95000.5},
    indicator={
        "name": "Индекс качества",
        "unit": "%",
        "direction": "not_less",
        "target": 95,
        "period": "quarter",
    },
    same_work=["1.1.2"],
    postponements=[
        {
            "date": "2024-05-10",
            "to": {"text": "3-4 кварталы 2024", "quarters": [3, 4]},
            "reason": "Нет поставки",
            "basis": "Приказ № 7",
        }
    ],
    records=[
        {
            "quarter": 3,
            "date": "2024-10-02",
            "result": "Работает 75 офисов",
            "values": [
                {"period": "2024-Q3", "value": 95.4},
                {"period": "2024-Q2", "value": 90},
            ],
            "evidence": {
                "documents": [{"title": "Акт", "number": "12", "date": "2024-09-27"}],
                "files": [
                    {
                        "path": "evidence/2024/1.1.1/Акт.pdf",
                        "size": 4096,
                        "sha256": "a3f1" * 16,
                        "original_name": "-Акт\n.pdf",
                    }
                ],
                "links": ["https://example.org/a"],
            },
        },
        {"quarter": 4, "date": "2024-12-20", "complete": True},
    ],
    cancelled={"date": "2024-11-05", "reason": "Передумали"},
)


def card_of(row: dict[str, Any], day: date) -> dict[str, list[str]]:
    """Return what the card says, by label."""
    plan = read_plan(
        {"year": 2024, "language": "ru", "document": {}, "sections": [], "measures": [row]}
    )
    found = card_items(status(plan.measures[0], plan.calendar, day), plan, UNICODE_SIGNS)
    return {
        entry.label: ["".join(part.text for part in line) for line in entry.lines]
        for entry in found
    }


def test_everything_is_there() -> None:
    card = card_of(WHOLE, date(2024, 11, 10))
    assert card[""] == ["1.1.1  Предложение 1"]
    assert card["Состояние"] == ["Снято с плана · переносов срока: 1"]
    assert card["Срок"] == ["3-4 кварталы 2024"]
    assert card["Ожидаемый результат"] == ["Обеспечено"]
    assert card["Показатель"] == ["Индекс качества: план не менее 95 % за квартал"]
    assert card["III квартал"] == [
        "✓! отмечено с опозданием 02.10.2024  срок 30.09.2024",
        "02.10.2024 · Работает 75 офисов",
        "  факт 2024-Q3: 95,4 % — план выполнен",
        "  факт 2024-Q2: 90 % — план не выполнен",
        "  Акт № 12 от 27.09.2024",
        "  evidence/2024/1.1.1/Акт.pdf  4 КБ, a3f1…f1",
        "    Исходное имя: «-Акт⏎.pdf»",
        "  https://example.org/a",
    ]
    assert card["IV квартал"] == ["— снято с плана  срок 31.12.2024"]
    assert card["Позже"] == ["Отметок позже 10.11.2024: 1"]
    (moved,) = card["Переносы срока"]
    assert moved.startswith("10.05.2024  1-4 кварталы 2024 → 3-4 кварталы 2024")
    assert moved.endswith(" · причина: Нет поставки · основание: Приказ № 7")
    assert card["Снято с плана"] == ["05.11.2024 · причина: Передумали"]
    assert card["Бюджет, руб."] == ["план 1\xa0250\xa0000, факт 95\xa0000,5"]
    assert card["Та же работа, что"] == ["1.1.2"]
    assert card["Примечания"] == ["Первая строка", "вторая строка"]
    assert card["Ответственный"] == ["Отдел обслуживания"]


def test_what_is_dated_later_is_not_shown() -> None:
    card = card_of(WHOLE, date(2024, 4, 1))
    assert card["Срок"] == ["1-4 кварталы 2024"]
    assert card["I квартал"] == ["✗ просрочено на 1 дн.  срок 31.03.2024"]
    assert "Переносы срока" not in card
    assert "Снято с плана" not in card
    done = card_of(WHOLE, date(2025, 1, 1))
    assert done["Состояние"][0].startswith("Исполнено")
    assert done["IV квартал"][1] == "20.12.2024 · мероприятие исполнено"


def test_a_record_of_a_quarter_outside_the_term_is_shown_too() -> None:
    row = measure(1, term={"text": "постоянно"}, records=[{"quarter": 2, "date": "2024-04-02"}])
    assert card_of(row, date(2024, 5, 1))["II квартал"] == ["02.04.2024"]


def test_long_numbers_have_their_thousands_apart_as_in_documents() -> None:
    values = (5, 95.4, 95.0, 2026, -9999.5, 10000, 1250000, -12345.5)
    shown = [
        *("5", "95,4", "95", "2026", "-9999,5"),
        *("10\xa0000", "1\xa0250\xa0000", "-12\xa0345,5"),
    ]
    assert [number(one) for one in values] == shown
    assert [Words(_).number(one) for one in values] == shown
    assert printed_number(-12345.5, translator("en")) == "-12\xa0345.5"


def test_a_size_is_written_as_in_the_commit_message() -> None:
    sizes = (0, 1023, 1024, 14_950, 52_428_800, 3 * 1024**4)
    assert [Words(_).size(one) for one in sizes] == [
        *("0 Б", "1023 Б", "1 КБ", "15 КБ", "50 МБ", "3\xa0145\xa0728 МБ")
    ]


async def test_enter_opens_the_card_and_arrows_go_on(real_plan: Path) -> None:
    async with opened(real_plan, size=SMALL) as stage:
        assert "Ожидаемый результат" not in stage.text()
        await stage.press("down", "enter")
        assert "1.1.2  Увеличение количества систем" in stage.text()
        assert "Ожидаемый результат   Обеспечена установка терминала" in stage.text()
        await stage.press("right")
        assert "1.1.3  Проведение обучения" in stage.text()
        await stage.press("left", "left", "enter")
        assert "Ожидаемый результат" not in stage.text()
        assert stage.chosen == "1.1.1"
        assert stage.main.focused is stage.main.table
        await stage.press("enter", "escape")
        assert "Ожидаемый результат" not in stage.text()


async def test_a_shared_cell_names_the_measure_it_belongs_to(real_plan: Path) -> None:
    async with opened(real_plan) as stage:
        for _step in range(11):
            await stage.pilot.press("down")
        await stage.settle()
        assert stage.chosen == "2.2.1-2"
        assert "Мероприятие           ↑ как в 2.2.1" in stage.text()
        assert "80 % за квартал" in stage.text()


async def test_a_long_card_scrolls_from_its_beginning(tmp_path: Path) -> None:
    rows = [measure(1, notes="\n".join(f"строка {n}" for n in range(90))), measure(2)]
    async with opened(plan_file(tmp_path, rows), size=SMALL) as stage:
        await stage.press("enter", "end")
        assert "строка 89" in stage.text()
        await stage.press("right", "left")
        assert "1.1.1  Предложение 1" in stage.text()


def test_of_very_many_lines_the_first_are_shown() -> None:
    moves = [{**WHOLE["postponements"][0], "reason": f"Причина {n}"} for n in range(3000)]
    lines = card_of({**WHOLE, "postponements": moves}, date(2024, 12, 31))["Переносы срока"]
    assert len(lines) == 501
    assert "Причина 499" in lines[499]
    assert lines[500] == "… и ещё строк: 2500. Целиком: kvartal show 1.1.1"
