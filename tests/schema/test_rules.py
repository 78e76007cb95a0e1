"""Each rule at its limits. That each one fires, and where, is tested in `tests/plans`."""

from copy import deepcopy
from itertools import product
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from kvartal.history.yaml_text.loader import read
from kvartal.schema.evidence_paths import is_evidence_path, same_file_key
from kvartal.schema.rules import RULES
from kvartal.schema.validation import validate, warnings

ROOT = Path(__file__).resolve().parents[2]
PLAIN = read(ROOT / "tests/plans/valid/plain.yaml").data


@pytest.fixture
def data() -> Any:  # noqa: ANN401 - plain data, to be modified
    return deepcopy(PLAIN)


@pytest.fixture
def row(data: Any) -> Any:  # noqa: ANN401 - the measure of the third quarter
    return data["measures"][1]


def codes(data: object) -> list[str]:
    return [problem.code for problem in validate(data)]


def test_a_rule_has_a_code_of_its_own_and_says_what_for() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.check.__doc__
        where, _, what = rule.source.partition(": ")
        assert where
        assert what
        assert rule.check.__name__ == "_" + rule.code.replace("-", "_")


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        ("2023-12-31", False),
        ("2024-01-01", True),
        ("2034-12-31", True),
        ("2035-01-01", False),
    ],
)
def test_years_of_a_record(data: object, row: Any, day: str, *, fine: bool) -> None:  # noqa: ANN401
    row["records"] = [{"quarter": 3, "date": day}]
    assert codes(data) == ([] if fine else ["record-date-outside-year"])


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        ("2022-12-31", False),
        ("2023-01-01", True),
        ("2034-12-31", True),
        ("2035-01-01", False),
    ],
)
def test_years_of_a_decision(data: object, row: Any, day: str, *, fine: bool) -> None:  # noqa: ANN401
    to = {"text": "4 квартал 2024", "quarters": [4]}
    row["postponements"] = [{"date": day, "to": to, "reason": "Поставка"}]
    row["cancelled"] = {"date": day, "reason": "Средства"}
    wrong = ["postponement-date-outside-year", "cancellation-date-outside-year"]
    assert codes(data) == ([] if fine else wrong)


@pytest.mark.parametrize(
    ("day", "fine"),
    [
        ("2023-12-31", False),
        ("2024-01-01", True),
        ("2024-12-31", True),
        ("2025-01-01", False),
    ],
)
def test_years_of_a_term(data: object, row: Any, day: str, *, fine: bool) -> None:  # noqa: ANN401
    row["term"] = {"text": day, "due": day}
    assert codes(data) == []
    assert [one.code for one in warnings(data)] == ([] if fine else ["term-outside-year"])


@pytest.mark.parametrize(
    ("rule", "more", "fine"),
    [("next", [], False), ("next", ["2025-01-01"], True), ("previous", [], True)],
)
def test_a_last_day_moves_into_a_year_whose_days_off_are_known(
    data: Any,  # noqa: ANN401
    rule: str,
    more: list[str],
    *,
    fine: bool,
) -> None:
    """On 31 December all is closed: without the calendar of January it would be New Year's Day."""
    data["calendar"] = {"rule": rule, "days_off": ["2024-12-30", "2024-12-31", *more]}
    assert [one.code for one in warnings(data)] == ([] if fine else ["calendar-year-missing"])


def test_quarters_outside_the_year_are_looked_at(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "4 квартал 2024, 1 квартал 2025", "quarters": [4, "2025-Q1"]}
    assert [(one.code, one.path[-1]) for one in warnings(data)] == [("term-outside-year", 1)]


def test_both_ends_of_a_term_are_looked_at(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "зима", "start": "2023-12-01", "due": "2025-02-28"}
    assert [one.path[-1] for one in warnings(data)] == ["start", "due"]
    assert codes(data) == []


def test_points_outside_the_year_are_looked_at(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "декабрь, январь", "points": ["2024-12-31", "2025-01-31"]}
    (found,) = warnings(data)
    assert (found.code, found.path) == (
        "term-outside-year",
        ("measures", 1, "term", "points", 1),
    )
    row["term"] = {"text": "1 квартал 2025", "quarters": ["2025-Q1"]}
    (found,) = warnings(data)
    assert found.path == ("measures", 1, "term", "quarters", 0)


def test_what_is_not_valid_is_not_looked_at(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "1 марта 2025", "due": "2025-03-01"}
    assert len(warnings(data)) == 1
    row["proposal"] = 5
    for one in (data, [data], None):
        found = warnings(one)
        assert (tuple(found), found.total) == ((), 0)


def test_a_term_of_one_day(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "1 мая", "start": "2024-05-01", "due": "2024-05-01"}
    assert codes(data) == []


@pytest.mark.parametrize(
    ("term", "quarters"),
    [
        ({"text": "3 квартал", "quarters": [3]}, [3]),
        ({"text": "2, 4 кварталы", "quarters": [4, 2]}, [2, 4]),
        ({"text": "до 31 мая", "due": "2024-05-31"}, [2]),
        ({"text": "март - май", "start": "2024-03-01", "due": "2024-05-31"}, [1, 2]),
        ({"text": "постоянно"}, [1, 2, 3, 4]),
    ],
)
def test_quarters_a_record_may_be_for(
    data: object,
    row: Any,  # noqa: ANN401
    term: object,
    quarters: list[int],
) -> None:
    row["term"] = term
    fine = []
    for quarter in (1, 2, 3, 4):
        row["records"] = [{"quarter": quarter, "date": "2024-06-30"}]
        if not codes(data):
            fine.append(quarter)
    assert fine == quarters


def test_quarters_of_all_postponements_count(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "1 квартал", "quarters": [1]}
    row["postponements"] = [
        {
            "date": "2024-03-01",
            "to": {"text": f"{quarter} квартал", "quarters": [quarter]},
            "reason": "Поставка",
        }
        for quarter in (2, 4)
    ]
    row["records"] = [{"quarter": quarter, "date": "2024-12-31"} for quarter in (1, 2, 4)]
    assert codes(data) == []
    row["records"].append({"quarter": 3, "date": "2024-12-31"})
    assert codes(data) == ["record-quarter-not-in-term"]


def test_a_record_on_the_day_of_the_cancellation(data: object, row: Any) -> None:  # noqa: ANN401
    row["cancelled"] = {"date": "2024-09-27", "reason": "Средства"}
    row["records"] = [{"quarter": 3, "date": "2024-09-27"}]
    assert codes(data) == []
    row["records"][0]["date"] = "2024-09-28"
    assert codes(data) == ["record-after-cancellation"]


def test_a_postponement_back_to_the_original_term_is_one(data: object, row: Any) -> None:  # noqa: ANN401
    terms = [{"text": "4 квартал", "quarters": [4]}, {"text": "3 квартал", "quarters": [3]}]
    row["postponements"] = [{"date": "2024-03-01", "to": to, "reason": "План"} for to in terms]
    assert codes(data) == []


def test_open_terms_differ_by_their_words(data: object, row: Any) -> None:  # noqa: ANN401
    row["term"] = {"text": "постоянно"}
    row["postponements"] = [
        {"date": "2024-03-01", "to": {"text": "по мере поступления"}, "reason": "План"}
    ]
    assert codes(data) == []
    row["postponements"][0]["to"]["text"] = "постоянно"
    assert codes(data) == ["postponement-same-term"]


def test_every_completion_after_the_first_is_reported(data: object, row: Any) -> None:  # noqa: ANN401
    one = {"quarter": 3, "date": "2024-09-27", "complete": True}
    row["records"] = [deepcopy(one) for _ in range(3)]
    assert [problem.path[3] for problem in validate(data)] == [1, 2]


def test_an_id_is_reported_each_time_it_is_repeated(data: Any) -> None:  # noqa: ANN401
    data["measures"] = [deepcopy(data["measures"][0]) for _ in range(3)]
    assert [problem.path for problem in validate(data)] == [
        ("measures", 1, "id"),
        ("measures", 2, "id"),
    ]


def test_an_id_is_the_same_whatever_its_case(data: Any, row: Any) -> None:  # noqa: ANN401
    """A disk may not tell them apart, and the evidence of each lies in a folder of that name."""
    data["measures"][0]["id"], row["id"] = "V-1", "v-1"
    assert codes(data) == ["id-duplicate"]


def test_a_number_may_be_anything(data: Any, row: Any) -> None:  # noqa: ANN401
    """Neither the id nor the channel says anything of it, and it may repeat."""
    row |= {"id": "п-3", "number": "п. 3"}
    data["measures"][0]["number"] = "п. 3"
    assert codes(data) == []


def test_a_file_may_confirm_several_records_if_it_is_the_same(data: Any, row: Any) -> None:  # noqa: ANN401
    file = {"path": "evidence/2024/акт.pdf", "size": 10, "sha256": "a" * 64}
    for measure in data["measures"]:
        record = {"quarter": 3, "date": "2024-09-27", "evidence": {"files": [dict(file)]}}
        measure["records"] = [record, deepcopy(record)]
    assert codes(data) == []
    row["records"][1]["evidence"]["files"][0]["size"] = 11
    assert codes(data) == ["evidence-path-duplicate"]


@pytest.mark.parametrize(
    "path",
    [
        "evidence/2024/1.1.2/Акт ввода.pdf",
        "evidence/a",
        "evidence/..a/b..",
        "evidence/акт № 12 (копия).pdf",
        "evidence/.hidden",
        "evidence/a.git/b",
        "evidence/evidence",
    ],
)
def test_paths_inside(path: str) -> None:
    assert is_evidence_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "evidence",
        "evidence/",
        "evidence//a",
        "evidence/./a",
        "evidence/../a",
        "evidence/a/..",
        "evidence/a/../../b",
        "evidence/... /a",
        "evidence/ /a",
        "evidence/.. ",
        "./evidence/a",
        "../evidence/a",
        "/evidence/a",
        "//host/evidence/a",
        "Evidence/a",
        "evidencе/a",
        "evidence\\a",
        "evidence/a\\..\\b",
        "C:/evidence/a",
        "evidence/C:/a",
        "evidence/a:stream",
        "evidence/a\x00",
        "evidence/a\n",
        "evidence/a\x1b[31m",
        "evidence/a\u2028b",
        "evidence/a\u2029b",
        "evidence/\ud800",
        "evidence/.git/hooks/pre-commit",
        "evidence/.GIT/config",
        "~/evidence/a",
    ],
)
def test_paths_outside(path: str) -> None:
    assert not is_evidence_path(path)


def test_a_path_inside_stays_inside_on_every_system() -> None:
    """Of all short texts of what a path is made of."""
    texts = ("".join(signs) for count in range(6) for signs in product("./\\: a\n", repeat=count))
    inside = [path for text in texts if is_evidence_path(path := f"evidence/{text}")]
    for path in inside:
        for kind in (PurePosixPath, PureWindowsPath):
            parts = kind(path).parts
            assert not kind(path).is_absolute()
            assert parts[0] == "evidence"
            assert len(parts) > 1
            assert all(part.strip(" .") for part in parts)
    assert {"evidence/a", "evidence/a/a", "evidence/.a a"} <= set(inside)


def test_one_file_in_two_spellings() -> None:
    assert same_file_key("evidence/\u0419.pdf") == same_file_key("evidence/\u0438\u0306.PDF")
    assert same_file_key("evidence/а.pdf") != same_file_key("evidence/a.pdf")
