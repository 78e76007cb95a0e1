"""Single points of documents that are easy to read wrong: shown dates, second columns, titles."""

from dataclasses import replace
from datetime import date

import pytest

from kvartal.exchange.grid import ValueKind
from kvartal.exchange.readers.number_format import formatted
from tests.exchange.shapes import drawn
from tests.exchange.test_import_shapes import begun, codes
from tests.exchange.test_import_shapes import read as table_read


@pytest.mark.parametrize(
    ("number_format", "shown", "start", "due"),
    [
        ("mmm.yy", "сен.26", date(2026, 9, 1), date(2026, 9, 30)),
        ("[$-409]mmm-yy", "Sep-26", date(2026, 9, 1), date(2026, 9, 30)),
        ("dd.mmm.yy", "26.сен.26", None, date(2026, 9, 26)),
        ("dd.mmm", "26.сен", None, date(2026, 9, 26)),
        ("dd.mm.yyyy", "26.09.2026", None, date(2026, 9, 26)),
    ],
)
def test_a_date_is_read_as_its_format_shows_it(
    number_format: str, shown: str, start: date | None, due: date
) -> None:
    value = formatted("46291", number_format)
    assert value.text == shown
    document = drawn(
        "План мероприятий по качеству на 2026 год\n"
        f"№ | Дела | Мероприятия | Срок\n1 | а | б | {shown}"
    )
    (grid,) = document.grids
    cells = tuple(
        replace(one, kind=value.kind, value=value.value) if one.text == shown else one
        for one in grid.cells
    )
    programme = table_read(replace(document, parts=(document.parts[0], replace(grid, cells=cells))))
    term = programme.measures[0].term
    assert (term.text, term.start, term.due) == (shown, start, due)
    assert value.kind is ValueKind.DATE


def test_a_second_column_with_a_state_becomes_no_field() -> None:
    programme = table_read(
        drawn(
            "План мероприятий по качеству на 2026 год\n"
            "ID | Task | Due date | Status | RAG\n"
            "1 | Hire | 30.06.2026 | Planned | Red"
        )
    )
    data, result = begun(programme)
    assert "fields" not in data
    (said,) = [one.message() for one in result.remarks if one.code == "state-differs"]
    assert "«Red»" in said
    assert programme.columns["RAG"] == "state"


@pytest.mark.parametrize(
    "title",
    [
        "Программа мероприятий по качеству / обслуживания на 2026 год",
        "ПЛАН МЕРОПРИЯТИЙ / по качеству обслуживания / на 2026 год",
    ],
)
def test_a_title_in_several_lines_is_one_title(title: str) -> None:
    lines = title.split(" / ")
    programme = table_read(
        drawn("\n".join((*lines, "№ | Мероприятия | Срок | Результат", "1 | а | 1 квартал | б")))
    )
    assert programme.document["title"] == " ".join(lines)
    assert "text-left-out" not in codes(begun(programme)[1])
