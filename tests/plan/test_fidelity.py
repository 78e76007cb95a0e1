"""`plan/2024.yaml` is the published programme: every cell and paragraph, letter by letter."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.yaml_text.loader import read as read_yaml
from tests.plan import published
from tests.plan.published import Chapter, Published

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "tests/fixtures/programme-2024.txt"
PLAN = ROOT / "plan/2024.yaml"
# Of the publisher's file: so fixture and plan cannot drift together.
DIGEST = "c32afef75e31abaebdd760eb2a25304632639e84a537fbc544a912ae53e0bde6"

Data = dict[str, Any]


@pytest.fixture(scope="module")
def text() -> Published:
    return published.read(PUBLISHED.read_bytes().decode("utf-8"))


@pytest.fixture(scope="module")
def plan() -> Data:
    return dict(read_yaml(PLAN).data)


@pytest.fixture(scope="module")
def document(plan: Data) -> Data:
    found: Data = plan["document"]
    return found


def same(theirs: object, ours: object) -> None:
    """Compare two texts, or two lists of texts, and name the first code point that differs."""
    if isinstance(theirs, str) and isinstance(ours, str):
        for at, (one, other) in enumerate(zip(theirs, ours, strict=False)):
            names = [f"U+{ord(char):04X} {unicodedata.name(char, '?')}" for char in (one, other)]
            assert one == other, f"{theirs[:at]}▸ published {names[0]}, ours {names[1]}"
        assert len(theirs) == len(ours), f"published {theirs!r}, ours {ours!r}"
        return
    assert isinstance(theirs, list | tuple)
    assert isinstance(ours, list | tuple)
    for one, other in zip(theirs, ours, strict=False):
        same(one, other)
    assert len(theirs) == len(ours)


def heading(chapter: Chapter, ours: Data) -> None:
    same((chapter.number, chapter.heading), (ours["number"], ours["heading"]))


def test_the_fixture_is_the_publishers_file() -> None:
    assert hashlib.sha256(PUBLISHED.read_bytes()).hexdigest() == DIGEST


def test_all_of_the_text_is_parsed(text: Published) -> None:
    assert text.left == []
    assert sorted(text.chapters) == ["1", "2", "3", "4", "5", "6"]
    assert text.chapters["6"].lines == ()


def test_every_line_of_the_text_can_be_reproduced(plan: Data) -> None:
    """All lines at once, in order, except for page breaks; the tests below check their content."""
    lines = [line for line in PUBLISHED.read_bytes().decode("utf-8").split("\n") if line.strip()]
    head = list(printed_table_head(plan))
    headers = {*printed_page_header(plan), *head}
    body = list(printed(plan))
    same([line for line in lines if line not in headers], body)
    assert lines.count(head[0]) == lines.count(head[1]) == 4


def printed_page_header(plan: Data) -> Iterator[str]:
    document = plan["document"]
    header = document["page_header"]
    first = f" {header['brand']}\t{document['title']}\t{document['code']}"
    yield from (first, f"\t\t{header['marking']}")
    yield from (f"{first} {header['marking']}", "--\t---\t---")


def printed_table_head(plan: Data) -> Iterator[str]:
    table = plan["document"]["plan"]["table"]
    yield "\t".join(table["columns"])
    yield "\t".join(str(number) for number in table["column_numbers"])


def printed(plan: Data) -> Iterator[str]:
    document = plan["document"]
    approval = document["approval"]
    day = date.fromisoformat(approval["date"])
    yield approval["caption"]
    yield document["organization"]
    yield f"от {day:%d.%m.%Y} {approval['number']}"
    yield f"{document['title']} {document['code']}"
    parts = [part for part in document.values() if isinstance(part, dict) and "heading" in part]
    yield printed_heading(parts[0])
    yield from printed_table(document["information"]["rows"], ("name", "value"))
    yield document["contents_heading"]
    for part in parts:
        yield f"{printed_heading(part)}\t{part['page']}"
    yield printed_heading(document["references"])
    yield "\t".join(document["references"]["columns"])
    for number, act in enumerate(document["references"]["documents"], start=1):
        yield f"{number}\t{act['requisites']}\t{act['title']}"
    yield printed_heading(document["definitions"])
    yield "\t".join(document["definitions"]["columns"])
    columns = ("name", "abbreviation", "definition")
    yield from printed_table(document["definitions"]["terms"], columns)
    yield printed_heading(document["goals_and_tasks"])
    yield from printed_list(document["goals_and_tasks"]["goals"])
    yield from printed_list(document["goals_and_tasks"]["tasks"])
    yield printed_heading(document["current_state"])
    yield from document["current_state"]["paragraphs"]
    yield document["current_state"]["infrastructure"]["intro"]
    for group in document["current_state"]["infrastructure"]["groups"]:
        yield from printed_list(group)
    yield document["current_state"]["conclusion"]
    yield printed_heading(document["plan"])
    yield document["plan"]["table"]["caption"]
    yield from printed_measures(plan)


def printed_heading(part: Data) -> str:
    return f"{part['number']}. {part['heading']}"


def printed_table(rows: Iterable[Data], columns: Iterable[str]) -> Iterator[str]:
    for row in rows:
        yield "\t".join(row.get(column, "") for column in columns)


def printed_list(part: Data) -> Iterator[str]:
    yield f"{part['number']}. {part['intro']}"
    for item in part["items"]:
        yield f"{part['marker']} {item}"


def printed_measures(plan: Data) -> Iterator[str]:
    mark = plan["document"]["plan"]["table"]["empty_mark"]
    for section in plan["sections"]:
        yield f"{section['number']}. {section['title']}\t\t\t\t"
        for channel in section["channels"]:
            yield f"{channel['number']}.\t{channel['title']}\t\t\t"
            rows = [row for row in plan["measures"] if row["channel"] == channel["number"]]
            yield from (printed_measure(row) for row in rows)
            if not rows:
                yield "\t".join([mark] * 5)


def printed_measure(row: Data) -> str:
    number = row["number"] if row["id"] == row["number"] else ""
    cells = (number, row["proposal"], "; ".join(row.get("actions", [])))
    return "\t".join((*cells, row["term"]["text"], row["result"]))


def test_page_headers(text: Published, document: Data) -> None:
    ours = document["page_header"]
    assert len(text.headers) == 7
    for header in text.headers:
        same((header.brand, header.marking), (ours["brand"], ours["marking"]))
        same((header.title, header.code), (document["title"], document["code"]))


def test_approval_and_title(text: Published, document: Data) -> None:
    approval = document["approval"]
    day = date.fromisoformat(approval["date"])
    same(text.approval[:2], (approval["caption"], document["organization"]))
    same(text.approval[2], f"от {day:%d.%m.%Y} {approval['number']}")
    same(text.title, f"{document['title']} {document['code']}")


def test_contents(text: Published, document: Data) -> None:
    same(text.contents_heading, document["contents_heading"])
    parts = [part for part in document.values() if isinstance(part, dict) and "heading" in part]
    for (number, title, page), ours in zip(text.contents, parts, strict=True):
        same((number, title), (ours["number"], ours["heading"]))
        assert page == ours["page"]


def test_information(text: Published, document: Data) -> None:
    heading(text.chapters["1"], document["information"])
    ours = [(row["name"], row["value"]) for row in document["information"]["rows"]]
    same([line.split("\t") for line in text.chapters["1"].lines], ours)


def test_references(text: Published, document: Data) -> None:
    heading(text.chapters["2"], document["references"])
    ours = [document["references"]["columns"]]
    for number, row in enumerate(document["references"]["documents"], start=1):
        ours.append([str(number), row["requisites"], row["title"]])
    same([line.split("\t") for line in text.chapters["2"].lines], ours)


def test_definitions(text: Published, document: Data) -> None:
    heading(text.chapters["3"], document["definitions"])
    keys = ("name", "abbreviation", "definition")
    ours = [document["definitions"]["columns"]]
    ours += [[row.get(key, "") for key in keys] for row in document["definitions"]["terms"]]
    same([line.split("\t") for line in text.chapters["3"].lines], ours)


def test_goals_and_tasks(text: Published, document: Data) -> None:
    chapter, ours = text.chapters["4"], document["goals_and_tasks"]
    heading(chapter, ours)
    same(chapter.lines, [*printed_list(ours["goals"]), *printed_list(ours["tasks"])])
    assert (len(ours["goals"]["items"]), len(ours["tasks"]["items"])) == (3, 4)


def test_current_state(text: Published, document: Data) -> None:
    chapter, ours = text.chapters["5"], document["current_state"]
    heading(chapter, ours)
    groups = ours["infrastructure"]["groups"]
    expected = [*ours["paragraphs"], ours["infrastructure"]["intro"]]
    expected += [line for group in groups for line in printed_list(group)]
    same(chapter.lines, [*expected, ours["conclusion"]])
    assert [len(group["items"]) for group in groups] == [3, 9]


def test_plan_heading_caption_and_columns(text: Published, document: Data) -> None:
    heading(text.chapters["6"], document["plan"])
    table = document["plan"]["table"]
    same(text.caption, table["caption"])
    numbers = tuple(str(number) for number in table["column_numbers"])
    same(text.table_heads, [tuple(table["columns"]), numbers] * 4)


def test_sections_and_channels(text: Published, plan: Data) -> None:
    ours = [
        (
            section["number"],
            section["title"],
            [(channel["number"], channel["title"]) for channel in section["channels"]],
        )
        for section in plan["sections"]
    ]
    same(text.sections, ours)
    assert len(ours) == 3
    assert sum(len(channels) for _, _, channels in ours) == 16


def test_segments_say_what_the_titles_say(plan: Data) -> None:
    segments = {"В2В": "b2b", "B2B": "b2b", "В2С": "b2c", "B2C": "b2c"}
    channels = [channel for section in plan["sections"] for channel in section["channels"]]
    for channel in channels:
        assert channel.get("segment") == segments.get(channel["title"].split()[-1]), channel[
            "number"
        ]
    assert [channel["number"] for channel in channels if "segment" not in channel] == ["1.5", "3.7"]


def test_channels_without_measures(text: Published, plan: Data) -> None:
    mark = plan["document"]["plan"]["table"]["empty_mark"]
    empty = [row.channel for row in text.rows if row.cells == (mark,) * 5]
    used = {row["channel"] for row in plan["measures"]}
    channels = [channel for section in plan["sections"] for channel in section["channels"]]
    assert empty == [channel["number"] for channel in channels if channel["number"] not in used]
    assert len(empty) == 9


def test_measures_cell_by_cell(text: Published, plan: Data) -> None:
    theirs = [row for row in text.rows if set(row.cells) != {"-"}]
    assert len(theirs) == len(plan["measures"]) == 20
    number = ""
    for row, ours in zip(theirs, plan["measures"], strict=True):
        number = row.cells[0] or number
        same(row.channel, ours["channel"])
        same(number, ours["number"])
        assert (row.cells[0] == "") == (ours["id"] != ours["number"]), ours["id"]
        same(row.cells[1], ours["proposal"])
        same(row.cells[2], "; ".join(ours.get("actions", [])))
        same(row.cells[3], ours["term"]["text"])
        same(row.cells[4], ours["result"])


def test_ids_are_the_numbers_and_those_of_continuing_rows_count_on(plan: Data) -> None:
    for number, rows in groupby(plan["measures"], key=lambda row: str(row["number"])):
        ids = [row["id"] for row in rows]
        assert ids == [number, *(f"{number}-{at}" for at in range(2, len(ids) + 1))]
    continuing = [row["id"] for row in plan["measures"] if row["id"] != row["number"]]
    assert continuing == ["1.1.3-2", "1.2.3-2", "2.2.1-2", "2.2.1-3", "3.4.1-2"]
    assert len({row["number"] for row in plan["measures"]}) == 15


def test_terms_are_read_as_they_are_printed(plan: Data) -> None:
    readings = {f"{quarter} квартал 2024": [quarter] for quarter in (1, 2, 3, 4)}
    readings["1-4 кварталы 2024"] = [1, 2, 3, 4]
    for row in plan["measures"]:
        assert row["term"] == {
            "text": row["term"]["text"],
            "quarters": readings[row["term"]["text"]],
        }


def test_the_shared_cell(plan: Data) -> None:
    sharing = {row["id"]: row["actions_from"] for row in plan["measures"] if "actions_from" in row}
    assert sharing == {"2.2.1-2": "2.2.1", "2.2.1-3": "2.2.1"}


def test_steps_of_a_cell_are_a_list(plan: Data) -> None:
    steps = {row["id"]: len(row.get("actions", [])) for row in plan["measures"]}
    assert {name: count for name, count in steps.items() if count != 1} == {
        "2.2.1-2": 0,
        "2.2.1-3": 0,
        "3.1.2": 3,
        "3.2.2": 3,
    }


def test_same_work_links_the_rows_that_are_word_for_word_the_same(plan: Data) -> None:
    def words(row: Data) -> tuple[object, ...]:
        return (row["proposal"], row.get("actions"), row["term"], row["result"])

    pairs = combinations(plan["measures"], 2)
    found = {later["id"]: [first["id"]] for first, later in pairs if words(first) == words(later)}
    ours = {row["id"]: row["same_work"] for row in plan["measures"] if "same_work" in row}
    assert ours == found
    assert len(ours) == 6


def test_the_three_indicators(plan: Data) -> None:
    found = {row["id"]: row["indicator"] for row in plan["measures"] if "indicator" in row}
    shape = {name: {**one, "name": ""} for name, one in found.items()}
    assert shape == {
        "2.2.1": {
            "name": "",
            "unit": "%",
            "direction": "not_less",
            "target": 95,
            "period": "quarter",
        },
        "2.2.1-2": {
            "name": "",
            "unit": "%",
            "direction": "not_less",
            "target": 80,
            "period": "quarter",
        },
        "2.2.1-3": {
            "name": "",
            "unit": "%",
            "direction": "not_more",
            "target": 5,
            "period": "month",
        },
    }
    assert "«80/60»" in found["2.2.1-2"]["name"]


def test_an_indicators_name_is_in_the_words_of_its_row(plan: Data) -> None:
    rows = [row for row in plan["measures"] if "indicator" in row]
    assert [row["id"] for row in rows] == ["2.2.1", "2.2.1-2", "2.2.1-3"]
    for row in rows:
        words = row["indicator"]["name"].replace(",", "").split()
        assert set(words) <= set(row["result"].replace(",", "").split())


def test_nothing_is_added_that_the_document_does_not_say(plan: Data) -> None:
    compared = {"id", "channel", "number", "proposal", "actions", "actions_from", "term", "result"}
    assert {key for row in plan["measures"] for key in row} == compared | {"indicator", "same_work"}
    assert plan["year"] == 2024
