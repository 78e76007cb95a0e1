"""A correction, a move, a copy and a change of the structure are nothing else beside."""

import copy
from typing import Any

import pytest

from kvartal.history.audit.kind_checks import wrong_whole
from kvartal.history.audit.message_checks import _wrong_kind
from kvartal.history.diff.diff import difference
from kvartal.history.diff.words import Words
from kvartal.schema.changes import MISSING, ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.errors import untranslated
from kvartal.schema.problems import DataPath

RECORD: dict[str, Any] = {"quarter": 1, "date": "2024-03-01", "result": "Готово"}
LATER: dict[str, Any] = {"quarter": 2, "date": "2024-06-01", "result": "Готово"}


def plan() -> PlanData:
    measure: dict[str, Any] = {
        "channel": "1.1",
        "number": "1",
        "proposal": "Дело",
        "actions": ["Шаг"],
    }
    return {
        "year": 2024,
        "document": {"title": "План"},
        "sections": [
            {
                "number": "1",
                "title": "Очно",
                "channels": [
                    {"number": "1.1", "title": "Касса"},
                    {"number": "1.2", "title": "Зал"},
                ],
            }
        ],
        "measures": [
            {"id": "a", **measure, "records": [RECORD]},
            {"id": "b", **measure, "number": "2", "responsible": "Отдел"},
        ],
    }


def changed(*values: tuple[str, Any], new: dict[str, Any] | None = None) -> PlanData:
    """Return the plan with values set at paths of keys and indexes: «measures.0.channel»."""
    data: Any = copy.deepcopy(plan())
    for path, value in values:
        place: Any = data
        *above, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
        for step in above:
            place = place[step]
        place[last] = value
    data["measures"] += [] if new is None else [new]
    result: PlanData = data
    return result


def said(kind: ChangeKind | None, after: PlanData) -> list[str]:
    before = plan()
    edits = difference(before, after)
    assert edits
    return [one.message() for one in wrong_whole(kind, before, after, edits, Words())]


RECORDS = "a, отметки об исполнении"
RESPONSIBLE = "b, ответственный исполнитель"
COPY = {"id": "c", "channel": "1.2", "number": "3", "proposal": "Дело", "actions": ["Шаг"]}
RENUMBERED = (
    ("sections.0.channels.0.number", "1.3"),
    ("measures.0.channel", "1.3"),
    ("measures.1.channel", "1.3"),
)
OUTSIDE = tuple((key, [{"key": "а"}]) for key in ("levels", "fields", "calendar", "audit"))


@pytest.mark.parametrize(
    ("kind", "after", "real"),
    [
        (ChangeKind.CORRECT, changed(("measures.0.records.0.result", "Иначе")), ""),
        (
            ChangeKind.CORRECT,
            changed(("measures.0.records", [RECORD, LATER])),
            "a, отметки об исполнении",
        ),
        (ChangeKind.CORRECT, changed(("measures.0.proposal", "Иное")), "a, предложение"),
        (ChangeKind.CORRECT, changed(("document.title", "Иной")), "Название документа"),
        (ChangeKind.MOVE, changed(("measures.0.channel", "1.2"), ("measures.0.number", "7")), ""),
        (
            ChangeKind.MOVE,
            changed(("measures.0.channel", "1.2"), ("measures.0.proposal", "Иное")),
            "a, предложение",
        ),
        (
            ChangeKind.MOVE,
            changed(("measures.0.channel", "1.2"), ("measures.1.responsible", "Иной")),
            RESPONSIBLE,
        ),
        (
            ChangeKind.MOVE,
            changed(("measures.1.responsible", "Иной")),
            RESPONSIBLE,
        ),
        (ChangeKind.MOVE, changed(("year", 2025)), "Год программы"),
        (ChangeKind.MOVE, changed(("measures.0.channel", "1.2"), new=COPY), "c"),
        (ChangeKind.MOVE, changed(("measures.0.id", "d")), "a"),
        (ChangeKind.COPY, changed(new=COPY), ""),
        (ChangeKind.COPY, changed(new={**COPY, "records": [RECORD]}), "c"),
        (ChangeKind.COPY, changed(new={**COPY, "proposal": "Иное"}), "c"),
        (ChangeKind.COPY, changed(("measures.0.proposal", "Иное")), "a, предложение"),
        (ChangeKind.STRUCTURE, changed(("sections.0.title", "Заочно")), ""),
        (ChangeKind.STRUCTURE, changed(*RENUMBERED), ""),
        (ChangeKind.STRUCTURE, changed(("document.title", "Иной"), *OUTSIDE), ""),
        (ChangeKind.STRUCTURE, changed(*RENUMBERED[:2]), ""),
        (
            ChangeKind.STRUCTURE,
            changed(*RENUMBERED[:2], ("measures.1.channel", "1.2")),
            "b, канал обслуживания",
        ),
        (ChangeKind.STRUCTURE, changed(("measures.0.number", "7")), "a, номер"),
        (ChangeKind.STRUCTURE, changed(("year", 2025)), "Год программы"),
        (ChangeKind.SET, changed(("year", 2025)), ""),
        (None, changed(("year", 2025)), ""),
    ],
)
def test_a_kind_holds_what_is_of_its_kind_alone(
    kind: ChangeKind | None, after: PlanData, real: str
) -> None:
    sentence = f"Вид изменения «{kind}» не подходит: на деле изменено другое ({real})."
    assert said(kind, after) == ([sentence] if real else [])


NEW, GONE, OTHER = (MISSING, "б"), ("а", MISSING), ("а", "б")


@pytest.mark.parametrize(
    ("measure", "path", "values", "kinds", "of_known"),
    [
        ("1", ("records", 0), NEW, {ChangeKind.RECORD}, {ChangeKind.SET}),
        ("1", ("records", 0), GONE, {ChangeKind.SET}, set()),
        ("1", ("records", 0), OTHER, {ChangeKind.SET}, set()),
        ("1", ("records",), NEW, set(), {ChangeKind.SET}),
        ("1", ("records", 0, "result"), NEW, {ChangeKind.SET}, set()),
        ("1", ("postponements", 0), NEW, {ChangeKind.POSTPONE}, {ChangeKind.SET}),
        ("1", ("postponements", 0), OTHER, {ChangeKind.SET}, set()),
        ("1", ("cancelled",), NEW, {ChangeKind.CANCEL}, {ChangeKind.SET}),
        ("1", ("cancelled",), GONE, {ChangeKind.SET}, set()),
        ("1", ("cancelled", "reason"), NEW, set(), {ChangeKind.SET}),
        ("1", ("notes",), NEW, {ChangeKind.SET}, set()),
        ("1", (), NEW, {ChangeKind.ADD}, set()),
        ("1", (), GONE, {ChangeKind.REMOVE}, set()),
        ("1", (), OTHER, set(), set()),
        ("", ("year",), OTHER, set(), set()),
        ("", ("year",), NEW, set(), set()),
    ],
)
def test_which_edits_a_change_of_a_kind_makes(
    measure: str,
    path: DataPath,
    values: tuple[Plain | Missing, Plain | Missing],
    kinds: set[ChangeKind],
    of_known: set[ChangeKind],
) -> None:
    edits = [Edit(measure, path, *values)]
    judged = {
        *(ChangeKind.RECORD, ChangeKind.POSTPONE, ChangeKind.CANCEL),
        *(ChangeKind.ADD, ChangeKind.REMOVE, ChangeKind.SET),
    }

    def fitting(*, is_known: bool) -> set[ChangeKind]:
        words = Words(untranslated)
        found = {
            kind: [*_wrong_kind(kind, edits, lambda _: is_known, words)] for kind in ChangeKind
        }
        assert {len(findings) for findings in found.values()} <= {0, 1}
        return {kind for kind, findings in found.items() if not findings}

    assert fitting(is_known=False) & judged == kinds
    assert fitting(is_known=True) & judged == kinds | of_known
    assert fitting(is_known=False) >= {*ChangeKind} - judged
    assert [*_wrong_kind(None, edits, lambda _: False, Words(untranslated))] == []
