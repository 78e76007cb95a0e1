"""Messages that say something else than was changed."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from kvartal.history.audit import rebased_changes
from kvartal.history.audit.message_compare import contains_subject
from kvartal.history.merge.conflict import Merged
from kvartal.history.merge.merge import merge
from kvartal.schema.changes import PlanData
from kvartal.schema.operations import postpone, record
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.structure import PartKind, add_part
from kvartal.schema.writing import RecordDraft
from tests.audit.story import Story

NOTES = "    notes: Да\n"


def sentences(story: Story) -> list[str]:
    """Return what is said of the whole history."""
    return [finding.message() for finding in story.findings(full=True)]


def findings_with(story: Story, edit: Callable[[], object]) -> list[tuple[str, str | None]]:
    """Save a change, slip an edit into its commit, and return the findings."""
    story.set(responsible="Отдел ОК")
    message = story.message()
    edit()
    commit = story.commit(message, "--amend")
    found = story.found()
    assert {name for _, name in found} <= {commit}
    return found


def test_a_different_measure_than_the_message_says(story: Story) -> None:
    found = findings_with(
        story, lambda: story.rewrite("функционирование 75 офисов", "функционирование 7 офисов")
    )
    assert [code for code, _ in found] == ["message-disagrees"]
    (finding,) = story.findings(full=True)
    assert finding.measure == "1.1.1"


def test_a_field_that_the_message_does_not_mention(story: Story) -> None:
    def edit() -> None:
        story.rewrite("    responsible: Отдел ОК\n", "    responsible: Отдел ОК\n" + NOTES)

    assert {code for code, _ in findings_with(story, edit)} == {"message-disagrees"}
    messages = [one.message() for one in story.findings(full=True)]
    assert "Изменено, а в сообщении не сказано: «Примечания: — → Да»." in messages


def test_a_different_value(story: Story) -> None:
    found = findings_with(story, lambda: story.rewrite("Отдел ОК", "Отдел КО"))
    assert [code for code, _ in found] == ["message-disagrees"]
    (finding,) = story.findings(full=True)
    assert finding.message() == (
        "В сообщении сказано «Ответственный исполнитель: — → Отдел ОК», "
        "а на деле «Ответственный исполнитель: — → Отдел КО»."
    )


def test_a_different_word_of_a_long_text(story: Story) -> None:
    """The first line leaves the value out: only the line of the field has it."""
    long = "Отдел " + "очень " * 20
    story.set(responsible=long + "важный")
    message = story.message()
    story.rewrite("важный", "нужный")
    story.commit(message, "--amend")
    (finding,) = story.findings(full=True)
    assert finding.message() == (
        "В сообщении сказано «Ответственный исполнитель: …важный», "
        "а на деле «Ответственный исполнитель: …нужный»."
    )


def test_a_long_value_that_the_message_does_not_mention(story: Story) -> None:
    long = "Отдел " + "очень " * 40
    story.set(responsible=long + "важный")
    story.set(responsible="Другой", notes="Да")
    story.undo()
    story.set(notes="Нет")
    message = story.message()
    story.rewrite("важный", "нужный")
    story.commit(message, "--amend")
    (finding,) = story.findings(full=True)
    assert finding.message() == (
        "Изменено, а в сообщении не сказано: «Ответственный исполнитель: …важный → …нужный»."
    )


def test_a_heading_is_not_a_change(story: Story) -> None:
    """Lines under the heading of a different measure: the finding quotes no change."""
    story.set(responsible="Отдел ОК")
    message = story.message()
    heading = next(line for line in message.split("\n") if line.startswith("Мероприятие 1.1.2"))
    commit = story.commit(message.replace(heading, "Мероприятие 1.1.1. Другое"), "--amend")
    (finding,) = story.findings(full=True)
    assert (finding.code, finding.commit and finding.commit.id) == ("message-disagrees", commit)
    assert finding.message() == (
        "В сообщении изменения стоят не под тем мероприятием: «Мероприятие 1.1.1. Другое»."
    )


def test_a_field_of_the_document(story: Story) -> None:
    found = findings_with(story, lambda: story.rewrite("№АЭС/593", "№АЭС/999"))
    assert "message-disagrees" in {code for code, _ in found}


def test_the_order_of_measures(story: Story) -> None:
    def move() -> None:
        text = story.plan.read_text(encoding="utf-8")
        start = text.index("  - id: 1.1.3\n")
        end = text.index("  - id: ", start + 5)
        after = text.index("  - id: ", end + 5)
        row = text[start:end]
        story.plan.write_text(text[:start] + text[end:after] + row + text[after:], encoding="utf-8")

    assert "message-disagrees" in {code for code, _ in findings_with(story, move)}


def test_a_message_of_a_change_over_comments_alone(story: Story) -> None:
    """The program makes no such commit."""
    story.rewrite("year: 2024", "# Примечание\nyear: 2024")
    commit = story.commit("Программа: изменено только оформление\n\nKvartal-Change: set\n")
    assert story.found() == [("message-disagrees", commit)]


def test_the_message_of_an_earlier_commit(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    message = story.message()
    story.rewrite("Отдел ОК", "Отдел КО")
    commit = story.commit(message)
    assert ("message-disagrees", commit) in story.found()


def test_a_message_over_no_change_at_all(story: Story, act: Path) -> None:
    story.record(sources=[act])
    (story.plan.parent / "evidence" / "ещё.txt").write_text("Да")
    commit = story.commit(story.message())
    assert ("message-disagrees", commit) in story.found()


def test_a_line_left_out_of_the_message(story: Story) -> None:
    story.set(responsible="Отдел ОК", notes="Да")
    lines = [line for line in story.message().split("\n") if not line.startswith("Примечания")]
    commit = story.commit("\n".join(lines), "--amend")
    assert story.found() == [("message-disagrees", commit)]
    assert sentences(story) == ["Изменено, а в сообщении не сказано: «Примечания: — → Да»."]


def test_a_line_added_to_the_message(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    message = story.message().replace("\n\nKvartal", "\nПримечания: — → Да\n\nKvartal")
    commit = story.commit(message, "--amend")
    assert story.found() == [("message-disagrees", commit)]
    assert sentences(story) == ["В сообщении сказано, а на деле не так: «Примечания: — → Да»."]


def test_the_number_of_a_ticket_in_the_first_line(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    story.commit("[ABC-12] " + story.message(), "--amend")
    story.undo()
    story.redo()
    assert story.codes() == []
    first, _, rest = story.message().partition("\n")
    story.commit(f"{first} (#12)\n{rest}", "--amend")
    story.forget()
    assert story.codes() == []
    commit = story.commit(f"{first}, а также другое, чего не было\n{rest}", "--amend")
    story.forget()
    assert story.found() == [("message-disagrees", commit)]


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        ("1.1.2: исполнено", True),
        ("a" * 24 + "1.1.2: исполнено", True),
        ("a" * 12 + "1.1.2: исполнено" + "b" * 12, True),
        ("a" * 12 + "1.1.2: исполнено" + "b" * 13, False),
        ("1.1.2: исполнено" + "b" * 25, False),
        ("а → б 1.1.2: исполнено", False),
        ("1.1.2: исполнено а → б", False),
        ("1.1.2: исполнен", False),
        ("", False),
    ],
)
def test_how_much_a_hook_may_add_to_the_first_line(line: str, *, fits: bool) -> None:
    assert contains_subject(line, "1.1.2: исполнено") is fits


def test_an_encoding_that_lacks_a_sign_of_the_message(story: Story) -> None:
    """Git then leaves the message in UTF-8 and names the encoding all the same."""
    story.set(notes="Да")
    options = ("--amend", "--no-edit", "--quiet")
    story.git("-c", "i18n.commitEncoding=windows-1251", "commit", *options)
    assert "encoding windows-1251" in story.git("cat-file", "commit", "HEAD")
    assert story.codes() == []


def test_a_different_first_line(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    _, _, rest = story.message().partition("\n")
    commit = story.commit("1.1.2: опечатка\n" + rest, "--amend")
    assert story.found() == [("message-disagrees", commit)]
    assert sentences(story) == [
        (
            "Первая строка говорит «1.1.2: опечатка», а изменение такое: "
            "«1.1.2: ответственный исполнитель: — → Отдел ОК»."
        )
    ]


def test_a_measure_left_out_of_the_trailers_of_several(story: Story) -> None:
    draft = RecordDraft(CalendarQuarter(2024, 3), date(2024, 9, 27))
    story.do(record, ["1.1.1", "1.1.3"], draft)
    story.commit(story.message().replace("Kvartal-Measure: 1.1.3\n", ""), "--amend")
    (finding,) = story.findings()
    assert finding.message() == "В строках Kvartal-Measure — 1.1.1, а изменено 1.1.1, 1.1.3."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "Kvartal-Change: set",
            "Kvartal-Change: record",
            (
                "Вид изменения «record» не подходит: на деле изменено другое "
                "(1.1.2, ответственный исполнитель)."
            ),
        ),
        (
            "Kvartal-Measure: 1.1.2",
            "Kvartal-Measure: 1.1.3",
            "В строках Kvartal-Measure — 1.1.3, а изменено 1.1.2.",
        ),
        (
            "Kvartal-Measure: 1.1.2",
            "Kvartal-Measure: 1.1.2\nKvartal-Measure: 1.1.3",
            "В строках Kvartal-Measure — 1.1.2, 1.1.3, а изменено 1.1.2.",
        ),
        (
            "Kvartal-Measure: 1.1.2",
            f"Kvartal-Measure: 1.1.2\nKvartal-Evidence: sha256:{'a' * 64} plan/evidence/a.pdf",
            (
                "Строки Kvartal-Evidence не сходятся с подтверждающими файлами: сказано "
                "plan/evidence/a.pdf, на деле —."
            ),
        ),
        (
            "Kvartal-Change: set",
            f"Kvartal-Change: set\nKvartal-Reverts: {'a' * 40}",
            "Строка Kvartal-Reverts не та, какая была бы у этого изменения.",
        ),
        (
            "Kvartal-Change: set",
            "Kvartal-Change: undo",
            "Не названо изменение, которое отменено или возвращено: Kvartal-Reverts.",
        ),
        (
            "Kvartal-Change: set",
            f"Kvartal-Change: undo\nKvartal-Reverts: {'a' * 40}",
            f"Названо изменение {'a' * 10}, которого раньше в истории нет.",
        ),
        (
            "Kvartal-Change: set",
            (
                f"Kvartal-Change: set\nKvartal-Source: sha256:{'a' * 64} приказ.docx\n"
                "Kvartal-Finding: by-hand:0123456789ab\nKvartal-Evidence: приказ\n"
                "Kvartal-Approved: Директор"
            ),
            (
                "Таких строк программа у этого изменения не пишет, и то, что в них сказано, ничем "
                f"не подтверждено: Kvartal-Source: sha256:{'a' * 64} приказ.docx; "
                "Kvartal-Finding: by-hand:0123456789ab; Kvartal-Evidence: приказ; "
                "Kvartal-Approved: Директор."
            ),
        ),
    ],
)
def test_edited_trailers(story: Story, old: str, new: str, sentence: str) -> None:
    story.set(responsible="Отдел ОК")
    commit = story.commit(story.message().replace(old, new), "--amend")
    assert story.found() == [("trailers-disagree", commit)]
    assert sentences(story) == [sentence]


def test_a_different_checksum_of_a_file(story: Story, act: Path) -> None:
    """All else in the message is as it should be."""
    story.record(sources=[act])
    real = sha256(act.read_bytes()).hexdigest()
    stated = "0" * 64
    commit = story.commit(story.message().replace(real, stated), "--amend")
    assert story.found() == [("trailers-disagree", commit)]
    path = "plan/evidence/2024/1.1.2/Акт ввода.pdf"
    assert sentences(story) == [
        (
            "Строки Kvartal-Evidence не сходятся с подтверждающими файлами: сказано "
            f"{path} (SHA-256 {stated[:12]}…), на деле {path} (SHA-256 {real[:12]}…)."
        )
    ]


def test_an_undo_that_claims_to_restore_as_well(story: Story) -> None:
    """The values are in the version that it names: only the line is wrong."""
    first = story.git("rev-parse", "HEAD").strip()
    change = story.set(notes="Да")
    story.undo()
    trailer = f"Kvartal-Reverts: {change}"
    message = story.message()
    commit = story.commit(
        message.replace(trailer, f"{trailer}\nKvartal-Restores: {first}"), "--amend"
    )
    assert story.found() == [("trailers-disagree", commit)]
    assert sentences(story) == ["Строка Kvartal-Restores не та, какая была бы у этого изменения."]


def test_a_term_whose_quarters_are_not_those_of_its_text(story: Story) -> None:
    """The message states the text of the term, but its quarters are what counts."""
    story.do(postpone, "1.1.2", to="4 квартал 2024", reason="Так", day=date(2024, 9, 27))
    message = story.message()
    assert story.found() == []
    story.rewrite("quarters: [4]\n        reason", "quarters: [1]\n        reason")
    commit = story.commit(message, "--amend")
    assert set(story.found()) == {("message-disagrees", commit)}
    messages = " ".join(one.message() for one in story.findings(full=True))
    assert "«4 квартал 2024» записан с другими кварталами" in messages
    assert "«Срок, кварталы: 3 → 1»" in messages


def test_a_term_written_outside_the_program(story: Story) -> None:
    """A text that names no date may have any reading, one that does only its own."""
    story.rewrite("text: 3 квартал 2024", "text: после ремонта")
    story.adopt()
    message = story.message()
    story.undo()
    story.redo()
    assert story.found() == []
    story.git("reset", "--quiet", "--hard", "HEAD~2")
    story.forget()
    story.rewrite(
        "text: после ремонта\n      quarters: [3]", "text: после ремонта\n      quarters: [4]"
    )
    commit = story.commit(message, "--amend")
    assert set(story.found()) == {("message-disagrees", commit)}
    messages = " ".join(one.message() for one in story.findings(full=True))
    assert "«Срок, кварталы: 3 → 4»" in messages
    story.rewrite("quarters: [4]", "quarters: [3]")
    story.commit(message, "--amend")
    story.rewrite("text: после ремонта", "text: 4 квартал 2024")
    commit = story.adopt()
    assert story.found() == [("message-disagrees", commit)]


def test_a_record_under_a_message_of_a_set_field(story: Story) -> None:
    story.record()
    message = story.message().replace("Kvartal-Change: record", "Kvartal-Change: set")
    commit = story.commit(message, "--amend")
    assert story.found() == [("trailers-disagree", commit)]


def test_an_undo_that_names_a_different_commit(story: Story) -> None:
    story.set(responsible="Отдел ОК")
    other = story.set(notes="Да")
    story.undo()
    own = story.git("log", "-1", "--format=%H", "--skip=1").strip()
    assert own == other
    first = story.git("rev-parse", "HEAD~2").strip()
    commit = story.commit(story.message().replace(other, first), "--amend")
    assert story.found() == [("trailers-disagree", commit)]


def test_an_undo_that_names_the_commit_that_began_the_plan(story: Story) -> None:
    begun = story.head
    change = story.set(notes="Да")
    story.undo()
    commit = story.commit(story.message().replace(change, begun), "--amend")
    assert ("trailers-disagree", commit) in story.found()


def test_a_restoring_commit_that_was_rebased(story: Story) -> None:
    """What it names is no ancestor by its old hash; where nothing was rebased it has to be one."""
    story.git("branch", "other")
    restored = story.set(notes="Да")
    story.set(notes="Нет")
    story.restore(restored)
    message = story.message()
    story.git("switch", "--quiet", "other")
    story.set("2.2.1", notes="Между тем")
    story.git("switch", "--quiet", "main")
    story.now = "2024-09-29T10:00:00+03:00"
    story.git("rebase", "--quiet", "other")
    assert f"Kvartal-Restores: {restored}" in story.message()
    assert restored not in story.git("rev-list", "HEAD").split()
    assert story.codes() == []
    lie = message.replace("— → Да»", "— → Иное»")
    assert lie != message
    commit = story.commit(lie, "--amend")
    story.forget()
    assert story.found() == [("message-disagrees", commit)]
    story.now = "2024-09-29T11:00:00+03:00"
    commit = story.commit(message, "--amend", "--date", story.now)
    story.forget()
    assert story.found() == [("trailers-disagree", commit)]


def test_an_undo_that_was_rebased_within_its_own_second(story: Story) -> None:
    """Its two dates are the same; those of the change that was rebased with it are not."""
    story.git("branch", "other")
    story.set(notes="Да")
    story.now = "2024-09-29T10:00:00+03:00"
    story.undo()
    story.redo()
    story.git("switch", "--quiet", "other")
    story.set("2.2.1", notes="Между тем")
    story.git("switch", "--quiet", "main")
    story.git("rebase", "--quiet", "other")
    assert len(set(story.git("log", "-2", "--format=%at%n%ct").split())) == 1
    assert story.codes() == []
    story.now = "2024-09-29T11:00:00+03:00"
    commit = story.commit(story.message(), "--amend", "--date", story.now)
    story.forget()
    assert story.found() == [("trailers-disagree", commit)]


def test_a_rebased_change_of_a_measure_that_was_called_otherwise(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message is that of the change as it was made; nothing else is believed.

    Where it has no words of an earlier version nothing is merged, which would take long.
    """
    merged: list[bool] = []

    def counted(base: PlanData, ours: PlanData, theirs: PlanData) -> Merged:
        merged.append(True)
        return merge(base, ours, theirs)

    monkeypatch.setattr(rebased_changes, "merge", counted)
    story.set(proposal="Раньше")
    story.set(proposal="Теперь")
    story.set(notes="Да")
    message = story.message()
    story.now = "2024-09-29T10:00:00+03:00"
    for title, is_found in (("Раньше", False), ("Никогда", True), ("Теперь", False)):
        commit = story.commit(message.replace("1.1.2. Теперь", f"1.1.2. {title}"), "--amend")
        story.forget()
        merged.clear()
        assert story.found() == [("message-disagrees", commit)] * is_found
        assert bool(merged) == (title == "Раньше")
    commit = story.commit(
        message.replace("1.1.2. Теперь\nПримечания: — → Да", "1.1.2. Раньше\nПримечания: — → Нет"),
        "--amend",
    )
    story.forget()
    assert ("message-disagrees", commit) in story.found()


def test_a_change_that_a_rebased_commit_silently_takes_back(story: Story) -> None:
    """What was there before that change does not explain it."""
    story.set(proposal="Раньше", notes="Да")
    story.set(proposal="Теперь", notes="Нет")
    story.set(responsible="Отдел")
    message = story.message().replace("1.1.2. Теперь", "1.1.2. Раньше")
    story.rewrite("notes: Нет", "notes: Да")
    story.now = "2024-09-29T10:00:00+03:00"
    commit = story.commit(message, "--amend")
    assert ("message-disagrees", commit) in story.found()


def test_an_undo_that_leaves_a_field(story: Story) -> None:
    story.set(responsible="Отдел ОК", notes="Да")
    story.undo()
    message = story.message()
    text = story.plan.read_text(encoding="utf-8")
    place = text.index("\n  - id: 1.1.3")
    story.plan.write_text(text[:place] + "\n    notes: Да" + text[place:], encoding="utf-8")
    commit = story.commit(message, "--amend")
    assert {("trailers-disagree", commit), ("message-disagrees", commit)} <= set(story.found())


def test_restored_values_that_are_not_in_the_version_named(story: Story) -> None:
    first = story.set(notes="Да")
    story.set(notes="Нет")
    story.restore(first)
    message = story.message()
    story.rewrite("notes: Да", "notes: Может быть")
    edited = message.replace("Нет → Да", "Нет → Может быть")
    commit = story.commit(edited, "--amend")
    assert story.found() == [("trailers-disagree", commit)]
    assert sentences(story) == [f"Восстановлено не то, что было в изменении {first[:10]}."]
    begun = story.git("rev-list", "--max-parents=0", "HEAD").strip()
    story.rewrite("notes: Может быть", "notes: Да")
    commit = story.commit(message.replace(first, begun), "--amend")
    assert ("trailers-disagree", commit) in story.found()


def test_a_redo_that_names_no_undo(story: Story) -> None:
    first = story.set(responsible="Отдел ОК")
    undo = story.undo()
    story.redo()
    commit = story.commit(story.message().replace(undo, first), "--amend")
    assert ("trailers-disagree", commit) in story.found()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Kvartal-Change: sett", "хотя строки Kvartal-… говорят иное: 1.1.2: примечания: — → Да"),
        ("Kvartal-Change: set\nKvartal-Change: undo", "хотя строки Kvartal-… говорят иное"),
        ("Kvartal-Change: set\n\nKvartal-Change: set", "(squash)"),
        ("Kvartal-Change: merge", "выдаёт себя за слияние"),
    ],
)
def test_trailers_that_claim_a_different_kind(story: Story, line: str, sentence: str) -> None:
    story.set(notes="Да")
    commit = story.commit(story.message().replace("Kvartal-Change: set", line), "--amend")
    findings = story.findings(full=True)
    assert {one.commit.id for one in findings if one.commit} == {commit}
    assert sentence in findings[0].message()


def test_one_measure_of_a_bulk_change(story: Story) -> None:
    """The finding names the measure that is not as the message says."""
    names = ["1.1.1", "1.1.3", "2.2.1"]
    story.do(record, names, RecordDraft(CalendarQuarter(2024, 3), date(2024, 9, 27)))
    message = story.message()
    text = story.plan.read_text(encoding="utf-8")
    place = text.index("2024-09-27", text.index("  - id: 1.1.3\n"))
    story.plan.write_text(text[:place] + "2024-09-20" + text[place + 10 :], encoding="utf-8")
    commit = story.commit(message, "--amend")
    assert {name for _, name in story.found()} == {commit}
    findings = [one for one in story.findings(full=True) if "20.09.2024" in one.message()]
    assert [one.measure for one in findings] == ["1.1.3"]


@pytest.mark.parametrize("lie", ["", "Раздел 5 «Доступность» добавлен"])
def test_a_sentence_without_values_is_compared_too(story: Story, lie: str) -> None:
    line = "Раздел 4 «Доступность» добавлен"
    story.do(add_part, PartKind.SECTION, {"number": "4", "title": "Доступность"})
    assert line in story.message().splitlines()
    commit = story.commit(story.message().replace(line, lie), "--amend")
    assert story.found() == [("message-disagrees", commit)]
    assert sentences(story) == [f"Изменено, а в сообщении не сказано: «{line}»."]
