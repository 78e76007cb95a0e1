"""The frozen grammar of terms: what a text meant until November 2026 never changes."""

from kvartal.history.diff.terms_2026_11 import printed_in_2026_11, read_in_2026_11

YEAR = 2026
MEANT = """
В течение года: 1 2 3 4
ежеквартально: 1 2 3 4
весь год: 1 2 3 4
I полугодие: 1 2
1 полугодие 2026: 1 2
ІІ полугодие: 3 4
2 полугодие: 3 4
I, III кварталы: 1 3
II и IV кв. 2026 г.: 2 4
4; 1 кв: 1 4
Q1 and Q3: 1 3
quarters 2-3: 2 3
К2 — К4: 2 3 4
с 1 по 3 квартал 2026 года: 1 2 3
2..4 кварталы: 2 3 4
|-й квартал: 1
3-го квартала: 3
4-м кв.: 4
3-1 квартал:
1-5 квартал:
1-2-3 квартал:
первый квартал:
до 05.06.2026: due 2026-06-05
2026-06-05: due 2026-06-05
05.06.2026 - 1.02.2026: start 2026-02-01 due 2026-06-05
2026-02-01, 01.04.2026, 1 квартал: start 2026-02-01 due 2026-04-01
31.02.2026:
постоянно:
"""


def test_what_each_form_of_a_text_meant() -> None:
    found = []
    for line in MEANT.strip().splitlines():
        text = line.partition(":")[0]
        data = printed_in_2026_11(text)
        assert read_in_2026_11(text, YEAR) == data
        quarters = data.get("quarters", [])
        days = [f"{key} {data[key]}" for key in ("start", "due") if key in data]
        shown = [*map(str, quarters if isinstance(quarters, list) else ()), *days]
        assert data["text"] == text
        found.append(f"{text}: {' '.join(shown)}".rstrip())
    assert found == MEANT.strip().splitlines()


def test_a_text_that_names_another_year_was_refused() -> None:
    for text in ("1 квартал 2025", "01.02.2025", "31.12.2025 - 01.02.2026"):
        assert read_in_2026_11(text, YEAR) is None
    assert printed_in_2026_11("1 квартал 2025")["quarters"] == [1]
    assert read_in_2026_11("за 2025 год", YEAR) == {"text": "за 2025 год"}
