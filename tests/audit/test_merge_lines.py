"""What the message of a merge says against what was merged, as values."""

from dataclasses import replace
from functools import cache

import pytest

from kvartal.history.audit import merge_compare, merge_outcomes
from kvartal.history.audit.merge_message import merge_message_findings
from kvartal.history.audit.merge_versions import MergeVersions, OtherPlan
from kvartal.history.diff.words import Words
from kvartal.history.merge.merge import merge, resolve
from kvartal.history.messages.trailers import parse_trailers
from kvartal.history.sync.divergence import FieldConflict, Side
from kvartal.history.sync.merge_commit import MergeSummary, StatedPlan, merge_message
from kvartal.history.yaml_text.loader import load
from kvartal.schema.changes import PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.operations import set_fields
from tests.audit.story import LANGUAGES
from tests.sync.clones import first_measures

PATH = "plan/2024.yaml"
Found = list[tuple[str, str | None, str]]


def with_texts(data: PlanData, measure: str, **texts: str) -> PlanData:
    named = {name.replace("__", "."): text for name, text in texts.items()}
    return apply_edits(data, set_fields(data, measure, named).edits)


@cache
def synced(language: int = 0) -> tuple[str, MergeVersions]:
    """Return the message of a sync in which our notes were chosen, and what it merged."""
    base = load(first_measures().encode(), "").data
    ours = with_texts(base, "1.1.2", notes="Наше", responsible="Отдел")
    theirs = with_texts(base, "1.1.2", notes="Их")
    theirs = with_texts(theirs, "1.1.3", budget__plan="5000")
    merged = merge(base, ours, theirs)
    (conflict,) = merged.conflicts
    made = resolve(merged, [conflict.sides.ours])
    conflicts = [FieldConflict("2024.yaml", conflict, merged.data)]
    plans = [StatedPlan(PATH, base, ours, theirs, made)]
    summary = MergeSummary(plans, conflicts, [Side.OURS], (), (), ("А",), ("Б",))
    message = merge_message(summary, Words(LANGUAGES[language]))
    subjects = frozenset({"1.1.2: примечания, исполнитель", "1.1.3: бюджет"})
    authors = (("А",), ("Б",))
    return message, MergeVersions(
        base, (ours, theirs), made, subjects, PATH, is_alone=True, authors=authors
    )


def found(text: str, versions: MergeVersions) -> Found:
    findings = merge_message_findings(text, parse_trailers(text), versions, LANGUAGES)
    return [(one.code, one.measure, one.message()) for one in findings]


def beside(versions: MergeVersions, *others: OtherPlan) -> MergeVersions:
    """Return what was merged with other plans."""
    return replace(versions, is_alone=False, others=lambda: others)


def not_true(line: str) -> tuple[str, None, str]:
    sentence = f"В сообщении слияния сказано, а на деле не так: «{line}»."
    return "message-disagrees", None, sentence


def not_stated(line: str, measure: str) -> tuple[str, str, str]:
    sentence = f"Слияние принесло, а в его сообщении не сказано: «{line}»."
    return "message-disagrees", measure, sentence


def instead(line: str) -> tuple[str, str, str]:
    sentence = f"В сообщении слияния сказано «{line}», а на деле «{BUDGET}»."
    return "message-disagrees", "1.1.3", sentence


def begins_otherwise(stated: str, real: str) -> tuple[str, None, str]:
    sentence = f"Первая строка слияния говорит «{stated}», а слилось такое: «{real}»."
    return "message-disagrees", None, sentence


def of_side(stated: str, real: str) -> tuple[str, None, str]:
    return "message-disagrees", None, f"В сообщении слияния сказано «{stated}», а на деле «{real}»."


def left_out(line: str) -> tuple[str, None, str]:
    return "message-disagrees", None, not_stated(line, "")[2]


def misplaced(line: str) -> tuple[str, None, str]:
    sentence = f"В сообщении слияния это сказано не о той стороне или не там: «{line}»."
    return "message-disagrees", None, sentence


SUBJECT = "1.1.2, 1.1.3: объединение: ответственный исполнитель; примечания…"
OURS = "Ответственный исполнитель: — → Отдел\nПримечания: — → Наше"
HEADING = (
    "Мероприятие 1.1.2. Увеличение количества систем электронной очереди, установленных в ЦОК/ КО"
)
BUDGET = "Бюджет, план: — → 5000"
CHOICE = "Выбрано наше значение. 1.1.2, примечания: у нас «Наше», с другой стороны «Их»."
OTHER_CHOICE = CHOICE.replace("«Их»", "«Ложь»")
RENUMBERED = (
    "Обозначение 9 с двух сторон дали разным мероприятиям. "
    "«А» остаётся 9, «Б» получает обозначение 8."
)
LIES: dict[str, tuple[str, str, Found]] = {
    "nothing": ("", "", []),
    "a value of a side": (BUDGET, "Бюджет, план: — → 500", [instead("Бюджет, план: — → 500")]),
    "a colon in a value": (BUDGET, "Бюджет, план: — → a: b", [instead("Бюджет, план: — → a: b")]),
    "a line more": (
        *(OURS, f"{OURS}\nСтатус: — → Утверждено"),
        [not_true("Статус: — → Утверждено")],
    ),
    "a heading more": (
        OURS,
        f"{OURS}\n\nМероприятие 9.9.9: Другое",
        [not_true("Мероприятие 9.9.9: Другое")],
    ),
    "one line less": (BUDGET, "", [not_stated(BUDGET, "1.1.3")]),
    "a line for another": (
        *(BUDGET, "Статус: — → Утверждено"),
        [not_true("Статус: — → Утверждено"), not_stated(BUDGET, "1.1.3")],
    ),
    "more measures than are listed": (
        *(BUDGET, "… и ещё мероприятий: 1"),
        [not_stated(BUDGET, "1.1.3")],
    ),
    "measures that are not left out": (
        *(BUDGET, f"{BUDGET}\n\n… и ещё мероприятий: 1"),
        [not_true("… и ещё мероприятий: 1")],
    ),
    "the name of a side": ("У нас (А):", "У нас (Б):", [of_side("У нас (Б):", "У нас (А):")]),
    "a name more": (
        *("С другой стороны (Б):", "С другой стороны (Б, А):"),
        [of_side("С другой стороны (Б, А):", "С другой стороны (Б):")],
    ),
    "no heading of a side": ("У нас (А):\n\n", "", [left_out("У нас (А):")]),
    "no heading of theirs": ("С другой стороны (Б):\n\n", "", [left_out("С другой стороны (Б):")]),
    "no heading of a measure": (f"{HEADING}\n{OURS}", OURS, [left_out(HEADING)]),
    "what ours did below theirs": (
        *(f"{OURS}\n\nС другой стороны (Б):\n\n", f"С другой стороны (Б):\n\n{OURS}\n\n"),
        [misplaced("Ответственный исполнитель: — → Отдел")],
    ),
    "lines in another order": (
        *(OURS, "\n".join(reversed(OURS.split("\n")))),
        [misplaced("Примечания: — → Наше")],
    ),
    "a paragraph of a person": ("С другой", "Согласовано с отделом.\n\nС другой", []),
    "the other choice": (
        *(CHOICE, CHOICE.replace("наше значение", "значение другой стороны")),
        [
            (
                "message-disagrees",
                "1.1.2",
                not_true(CHOICE.replace("наше значение", "значение другой стороны"))[2],
            )
        ],
    ),
    "a choice that names the plan": (CHOICE, CHOICE.replace(". 1.1.2", f". {PATH}: 1.1.2"), []),
    "a choice that names the file": (CHOICE, CHOICE.replace(". 1.1.2", ". 2024.yaml: 1.1.2"), []),
    "a renumbering that nobody made": (
        *(CHOICE, f"{CHOICE}\n\n{RENUMBERED}"),
        [not_true(RENUMBERED)],
    ),
    "no choice": (
        *(CHOICE, ""),
        [
            (
                *("message-disagrees", "1.1.2"),
                f"Слияние выбрало одно из двух значений, а сообщение об этом молчит. {CHOICE}",
            )
        ],
    ),
    **{
        f"a choice that nobody made, as «{said[:4]}…»": (
            *(CHOICE, f"{CHOICE}\n\n{said}"),
            [not_true(said)],
        )
        for said in (
            *(f"- {OTHER_CHOICE}", f"2. {OTHER_CHOICE}", f"> «{OTHER_CHOICE.lower()}»"),
            *(f"б) {OTHER_CHOICE}", f"[x] {OTHER_CHOICE}", f"№ 3 {OTHER_CHOICE}"),
            *(f"i. {OTHER_CHOICE}", f"IV. {OTHER_CHOICE}", f"b. {OTHER_CHOICE}"),
        )
    },
    "the choice in a list": (CHOICE, f"{CHOICE}\n\n- {CHOICE.upper()}", []),
    "the first line": (
        *(SUBJECT, "1.1.2, 1.1.3: исполнено"),
        [begins_otherwise("1.1.2, 1.1.3: исполнено", SUBJECT)],
    ),
    "what stands before the first line": (SUBJECT, f"[ABC-1] {SUBJECT}", []),
    "a measure": (
        *("Kvartal-Measure: 1.1.3\n", ""),
        [
            (
                *("trailers-disagree", None),
                "В строках Kvartal-Measure — 1.1.2, а изменено 1.1.2, 1.1.3.",
            )
        ],
    ),
    "no measure": (
        *("Kvartal-Measure: 1.1.2\nKvartal-Measure: 1.1.3\n", ""),
        [
            (
                *("trailers-disagree", None),
                "В сообщении нет строк Kvartal-Measure, а изменено 1.1.2, 1.1.3.",
            )
        ],
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_sync_whose_words_were_altered(lie: str) -> None:
    old, new, expected = LIES[lie]
    message, versions = synced()
    assert old in message
    assert found(message.replace(old, new, 1), versions) == expected


def test_the_message_of_a_sync_in_the_other_language() -> None:
    message, versions = synced(1)
    assert message.startswith("1.1.2, 1.1.3: merge: responsible")
    assert found(message, versions) == []
    ((code, _, sentence),) = found(message.replace("— → 5000", "— → 500"), versions)
    assert code == "message-disagrees"
    assert "«Budget, plan: — → 500»" in sentence


def test_the_message_of_a_sync_that_may_be_about_another_plan() -> None:
    """Where its first line is that of this plan, what it leaves out of this one is reported."""
    message, versions = synced()
    versions = replace(versions, is_alone=False)
    assert found(message, versions) == []
    assert found(message.replace(BUDGET, ""), versions) == [not_stated(BUDGET, "1.1.3")]
    more = message.replace(BUDGET, f"{BUDGET}\nПримечания: — → Да")
    plain = "Слияние\n\nПримечания: — → Да"
    for text in (more, plain):
        assert found(text, versions) == [not_true("Примечания: — → Да")]
    notes = with_texts(versions.base, "1.1.1", notes="Да")
    for sides, merged in (((notes, versions.base), notes), ((), {})):
        with_it = beside(versions, OtherPlan("plan/2023.yaml", versions.base, merged, sides))
        assert found(more, with_it) == found(plain, with_it) == []
    stated = "1.1.1: объединение: примечания: — → Да"
    other = message.replace(SUBJECT, stated)
    assert found(other, versions) == [begins_otherwise(stated, SUBJECT)]
    base = versions.base
    of_another = OtherPlan("plan/2023.yaml", base, with_texts(base, "1.1.1", notes="Да"))
    versions = replace(versions, others=lambda: [of_another])
    assert found(other.replace(BUDGET, ""), versions) == []
    several = message.replace(SUBJECT, "Объединение программ: plan/2023.yaml, plan/2022.yaml")
    assert found(several, versions) == [begins_otherwise(several.partition("\n")[0], SUBJECT)]
    theirs_alone = replace(versions, sides=(base, versions.sides[1]))
    both_alike = replace(versions, sides=(versions.merged, versions.merged))
    strange = several.replace("plan/2023.yaml", "plan/2021.yaml")
    for not_stated_there in (theirs_alone, both_alike):
        assert found(several, not_stated_there) == []
        said = found(strange, not_stated_there)
        assert said == [begins_otherwise(strange.partition("\n")[0], SUBJECT)]


def test_a_choice_in_another_of_several_plans() -> None:
    message, versions = synced()
    base = versions.base
    sides = [with_texts(base, "1.1.1", notes=text) for text in ("Да", "Нет")]
    plan = OtherPlan("plan/2023.yaml", base, sides[0], sides)
    line = (
        "Выбрано наше значение. 2023.yaml: 1.1.1, примечания: у нас «Да», с другой стороны «Нет»."
    )

    def said(line: str, *others: OtherPlan) -> list[tuple[str, str | None, str]]:
        text = message.replace("Kvartal-Change", f"{line}\n\nKvartal-Change", 1)
        return found(text, beside(versions, *others))

    assert said(line, plan) == said(line, replace(plan, sides=())) == []
    ((code, _, sentence),) = said(line.replace("Нет", "Ни за что"), plan)
    assert code == "message-disagrees"
    assert "Ни за что" in sentence
    assert said(line, replace(plan, merged=sides[1])) == said(line)


NOT_IN_IT = "Программа: объединение: изменено не в ней"


def test_a_sync_of_what_only_one_side_changed() -> None:
    """It may say of the plan that it merged nothing there, and then says nothing more of it."""
    _, versions = synced()
    base, ours = versions.base, versions.sides[0]
    notes = with_texts(base, "1.1.2", notes="Наше")
    for sides in ((notes, base), (base, notes)):
        one = replace(versions, sides=sides, merged=notes)
        assert found(f"{NOT_IN_IT}\n\nKvartal-Change: merge\n", one) == []
        for more in ("Kvartal-Measure: 1.1.2\n", ""):
            text = "" if more else "Примечания: — → Да\n\n"
            said = found(f"{NOT_IN_IT}\n\n{text}Kvartal-Change: merge\n{more}", one)
            assert not_stated("Примечания: — → Наше", "1.1.2") in said or len(said) == 1
            assert said
    both = replace(versions, sides=(ours, notes), merged=ours)
    assert found(f"{NOT_IN_IT}\n\nKvartal-Change: merge\n", both)
    none = replace(versions, sides=(base, base), merged=base)
    assert found(f"{NOT_IN_IT}\n\nKvartal-Change: merge\n", none) == []
    text = "Программа: объединение\n\nKvartal-Change: merge\n"
    assert found(text, none) == [begins_otherwise("Программа: объединение", NOT_IN_IT)]


def test_evidence_of_one_name_that_a_sync_renamed() -> None:
    """What a side attached is stated under the name that it got."""
    message, versions = synced()
    name = "Акт ввода.pdf"
    theirs = with_texts(versions.sides[1], "1.1.3", notes=f"«{name}»")
    versions = replace(versions, sides=(versions.sides[0], theirs))
    line = f"Примечания: — → «{name}»"
    for stated, is_found in ((name, False), ("Акт ввода (2).pdf", False), ("Акт (2).pdf", True)):
        text = message.replace(BUDGET, f"{BUDGET}\nПримечания: — → «{stated}»")
        lines = [sentence for *_, sentence in found(text, versions) if line in sentence]
        assert bool(lines) is is_found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Merge branch 'other'", ""),
        ("Слияние\n\nПримечания: — → Утверждено", "Примечания: — → Утверждено"),
        ("Примечания: — → Утверждено", "Примечания: — → Утверждено"),
        ("Слияние\n\nПримечания, раньше: — → Да", "Примечания, раньше: — → Да"),
        ("Слияние\n\nБюджет, план: — → 500", "Бюджет, план: — → 500"),
        ("Слияние\n\nNotes: — → Approved", "Notes: — → Approved"),
        ("Слияние\n\n- Бюджет, план: — → 500", "- Бюджет, план: — → 500"),
        ("Слияние\n\n1) Бюджет, план: — → 5000", ""),
        ("Слияние\n\nПримечания: — → Да\nБюджет, план: — → 1", "Примечания: — → Да"),
        # What is true of one side, of both, or of what was left of one.
        ("Слияние\n\nПримечания: — → Наше\nПримечания: — → Их", ""),
        ("Слияние\n\nБюджет, план: — → 5000", ""),
        ("Слияние\n\nПримечания: Их → Наше", ""),
        # No field of ours, or no values.
        ("Слияние\n\nОтдел → филиал: согласовано", ""),
        ("Слияние\n\nПримечания: согласовано", ""),
        ("Слияние\n\nСтатус: — → Утверждено", ""),
        ("Слияние\n\nKvartal-Note: Примечания: — → Да", ""),
        ("1.1.3: исполнено 27.09.2024", "1.1.3: исполнено 27.09.2024"),
        ("9.9.9: исполнено 27.09.2024", ""),
        ("1.1.2: примечания, исполнитель (#7)", ""),
    ],
)
def test_what_a_plain_merge_says_in_the_form_of_the_program(text: str, line: str) -> None:
    _, versions = synced()
    expected = [not_true(line)] if line else []
    assert found(text, versions) == expected
    # So does a merge of three sides that calls itself a sync.
    three = replace(versions, sides=(*versions.sides, versions.base))
    assert found(f"{text}\n\nKvartal-Change: merge\n", three) == expected


@pytest.mark.parametrize("most", [0, 2])
def test_many_conflicts_of_a_measure_are_decided_for_one_side(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to a number of them each may be decided otherwise; beyond it that would take for ever."""
    monkeypatch.setattr(merge_outcomes, "_MAX_CONFLICTS", most)
    base = load(first_measures().encode(), "").data
    ours = with_texts(base, "1.1.2", notes="Наше", responsible="Мы")
    theirs = with_texts(base, "1.1.2", notes="Их", responsible="Они")

    def is_explained(notes: str, responsible: str) -> bool:
        made = with_texts(base, "1.1.2", notes=notes, responsible=responsible)
        return not merge_compare.merge_differences(base, (ours, theirs), made)

    assert is_explained("Наше", "Мы")
    assert is_explained("Их", "Они")
    assert is_explained("Наше", "Они") == (most == 2)
    assert not is_explained("Другое", "Они")
