"""What history says and merges of programmes that are not shaped as the seed."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from kvartal.history.audit.kind_checks import wrong_whole
from kvartal.history.audit.message_compare import MessageComparer, claimed_trailers
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.diff import difference
from kvartal.history.diff.groups import change_groups
from kvartal.history.diff.words import Words
from kvartal.history.git.flatten import flattened
from kvartal.history.merge.conflict_text import conflict_text
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.message import commit_message
from kvartal.history.yaml_text.loader import read
from kvartal.schema.changes import Change, ChangeKind, Plain, PlanData
from kvartal.schema.errors import untranslated
from kvartal.schema.validation import validate
from tests.audit.test_properties import NOW

OLD_TERM = {"text": "ноябрь 2026", "start": "2026-11-01", "due": "2026-11-30"}
PEOPLE = [{"name": "Отдел ОК", "role": "исполнитель"}, {"name": "Отдел ИТ"}]
MONEY = [{"source": "тариф", "plan": 100}, {"source": "бюджет", "plan": 5}]
DOOR = {"name": "Доля", "unit": "%", "direction": "not_less", "target": 95, "period": "quarter"}


@pytest.fixture(scope="module")
def municipality(root: Path) -> PlanData:
    return read(root / "tests" / "plans" / "whole" / "municipality-2026.yaml").data


def changed(data: PlanData, name: str = "", **fields: Any) -> PlanData:  # noqa: ANN401 - any plain data
    """Return a programme with fields of a measure, or of its own, set; None removes one."""
    copy: Any = deepcopy(data)
    row = next((one for one in copy["measures"] if one["id"] == name), copy)
    for key, value in fields.items():
        row.pop(key, None) if value is None else row.update({key: value})
    return dict(copy)


def lines(before: PlanData, after: PlanData) -> list[str]:
    groups = change_groups(before, after, Words())
    return [str(line) for group in groups for line in group.lines]


# ---------------------------------------------------------- the form of 2026-11 and today's


@pytest.mark.parametrize(
    ("field", "base", "new_form", "old_form", "merged"),
    [
        ("responsible", "Отдел ОК", PEOPLE, "Отдел кадров",
         [{"name": "Отдел кадров", "role": "исполнитель"}, {"name": "Отдел ИТ"}]),
        ("budget", {"plan": 100}, MONEY, {"plan": 100, "fact": 90},
         [{"source": "тариф", "plan": 100, "fact": 90}, {"source": "бюджет", "plan": 5}]),
        ("indicator", DOOR, [DOOR, {**DOOR, "name": "Срок"}], {**DOOR, "target": 97},
         [{**DOOR, "target": 97}, {**DOOR, "name": "Срок"}]),
    ],
)  # fmt: skip
def test_one_side_makes_a_list_and_the_other_edits_the_one(
    municipality: PlanData,
    field: str,
    base: Plain,
    new_form: Plain,
    old_form: Plain,
    merged: Plain,
) -> None:
    old = changed(municipality, "3", **{field: base})
    sides = [changed(old, "3", **{field: value}) for value in (new_form, old_form)]
    for ours, theirs in (sides, sides[::-1]):
        found = merge(old, ours, theirs)
        assert not found.conflicts
        assert found.data == changed(old, "3", **{field: merged})
        assert not validate(found.data)


def test_a_list_without_the_one_that_the_other_side_edits_is_a_conflict(
    municipality: PlanData,
) -> None:
    ours = changed(municipality, "3", responsible=[{"name": "Глава"}])
    theirs = changed(municipality, "3", responsible="Отдел кадров")
    found = merge(municipality, ours, theirs)
    (conflict,) = found.conflicts
    assert conflict_text(conflict, found.data, Words()) == (
        "3, ответственный исполнитель: у нас «Глава», с другой стороны «Отдел кадров», "
        "было «Юридический отдел»."
    )


def test_new_sections_on_one_side_and_an_ordinary_year_on_the_other(
    municipality: PlanData,
) -> None:
    deeper: Any = deepcopy(municipality["sections"])
    deeper[1]["sections"] = [{"number": "2.1", "title": "Школы"}]
    ours = changed(changed(municipality, sections=deeper), "3", section="2.1")
    late = {"date": "2026-05-01", "to": {"text": "3 квартал", "quarters": [3]}, "reason": "Так"}
    theirs = changed(municipality, "3", postponements=[late])
    for one, other in ((ours, theirs), (theirs, ours)):
        found = merge(municipality, one, other)
        assert not found.conflicts
        assert found.data == changed(ours, "3", postponements=[late])


@pytest.mark.parametrize(("side", "place"), [("ours", ("2.9", None)), ("theirs", (None, "III"))])
def test_a_measure_moved_to_a_channel_here_and_to_a_section_there_has_one_place(
    municipality: PlanData, side: str, place: tuple[str | None, str | None]
) -> None:
    wider: Any = deepcopy(municipality["sections"])
    wider[1]["channels"] = [{"number": "2.9", "title": "Сайт"}]
    base = changed(municipality, sections=wider)
    found = merge(
        base, changed(base, "3", section=None, channel="2.9"), changed(base, "3", section="III")
    )
    data: Any = resolve(found, [getattr(one.sides, side) for one in found.conflicts])
    row = next(one for one in data["measures"] if one["id"] == "3")
    assert (row.get("channel"), row.get("section")) == place
    assert not validate(data)


# -------------------------------------------------------------- in the organisation's words


def smuggled(data: PlanData) -> list[tuple[PlanData, str]]:
    """Return the programme with something else changed, and what a finding says of it."""
    fields: Any = deepcopy(data["fields"])
    fields[1]["title"] = "Охват, чел."
    return [
        (changed(data, "2", extra={"основание": "ст. 4"}), "Основание: "),
        (changed(data, "2", section="1.2.2"), "Подзадача: 1.1 → 1.2.2"),
        (changed(data, "2", section="III"), "Направление: 1.1 → III"),
        (
            changed(data, "2", responsible=PEOPLE),
            "Ответственный исполнитель: Юридический отдел → —",
        ),
        (changed(data, "2", budget=MONEY), "Бюджет, тариф, источник: — → тариф"),
        (
            changed(data, "2", term={"text": "постоянно", "points": ["2026-05-05"]}),
            "— → 05.05.2026",
        ),
        (changed(data, "2", term={**OLD_TERM, "text": "постоянно"}), "01.11.2026"),
        (changed(data, fields=fields), "Охват, человек → Охват, чел."),
        (changed(data, levels=["Направление", "Цель"]), "Задача → Цель"),
        (changed(data, calendar={"rule": "keep"}), "next → keep"),
    ]


def test_what_is_changed_under_a_message_is_found_and_named(municipality: PlanData) -> None:
    honest = changed(municipality, "1", notes="а")
    change = Change(ChangeKind.EDIT, difference(municipality, honest))
    message = commit_message(change, municipality)
    commit = Commit("a" * 40, "b" * 40, (), "Иванова", NOW, NOW, message, "")
    comparer, trailers = MessageComparer("plan/", [untranslated]), claimed_trailers(message)
    assert not comparer.findings(commit, trailers, [(municipality, honest)], None)
    for data, words in smuggled(honest):
        found = comparer.findings(commit, trailers, [(municipality, data)], None)
        assert words in "; ".join(one.message() for one in found)


@pytest.mark.parametrize(
    ("kind", "honest", "other"),
    [
        (ChangeKind.MOVE, {"section": "III", "number": "9."}, {"section": "III", "notes": "а"}),
        (ChangeKind.STRUCTURE, {}, {"section": "III"}),
    ],
)
def test_a_kind_of_change_alters_only_what_is_of_its_kind(
    municipality: PlanData,
    kind: ChangeKind,
    honest: dict[str, Plain],
    other: dict[str, Plain],
) -> None:
    def findings(fields: dict[str, Plain]) -> list[str]:
        after = changed(municipality, "3", **fields)
        edits = difference(municipality, after)
        found = wrong_whole(kind, municipality, after, edits, Words())
        return [one.message() for one in found]

    assert findings(honest) == []
    assert findings(other) != []


def test_git_shows_values_in_the_organisations_words(root: Path) -> None:
    source = read(root / "tests" / "plans" / "whole" / "municipality-2026.yaml")
    shown = list(flattened(source, Words()))
    assert "Направление I, задача 1.1, название раздела = Правовые акты" in shown
    assert "1.2.1-а · Подзадача = 1.2.1" in shown
    assert any(line.startswith("2 · Дополнительно, основание = ст. 3") for line in shown)


def test_a_reading_that_was_stated_in_2026_11_is_stated_still(municipality: PlanData) -> None:
    """Or `verify` would find other lines in an older message."""
    before = changed(municipality, "3", term={"text": "2 квартал 2026", "quarters": [2]})
    assert lines(before, changed(municipality, "3", term=OLD_TERM)) == [
        "Срок: 2 квартал 2026 → ноябрь 2026",
        "Срок, кварталы: 2 → —",
        "Срок, начало: — → 01.11.2026",
        "Срок, окончание: — → 30.11.2026",
    ]
    plain = changed(municipality, "3", term={"text": "до 30.11.2026", "due": "2026-11-30"})
    assert lines(before, plain) == ["Срок: 2 квартал 2026 → до 30.11.2026"]
