"""What the log says after a sync in which somebody chose, on every surface."""

import json
from pathlib import Path

import pytest

from kvartal.history.git.discovery import find_repository
from kvartal.history.log.log import entries
from kvartal.history.sync.divergence import Side
from kvartal.schema.moving import Destination, move
from tests.support.cli import call
from tests.sync.clones import Clone

PROPOSAL = "Увеличение количества систем электронной очереди, установленных в ЦОК/ КО"


@pytest.fixture
def conflicting(one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """Return the second clone, in which a field has another value than in the first."""
    one.save("1.1.2", result="Первое")
    one.push()
    other.save("1.1.2", result="Второе")
    monkeypatch.chdir(other.folder)
    return other


def printed(*arguments: str | Path) -> str:
    result = call([*arguments])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize(
    ("side", "chosen", "rejected"), [("theirs", "Первое", "Второе"), ("ours", "Второе", "Первое")]
)
def test_a_choice_is_an_entry_with_both_values_and_who_chose(
    conflicting: Clone, side: str, chosen: str, rejected: str
) -> None:
    assert call(["sync", "--take", side]).exit_code == 0
    assert conflicting.value("1.1.2", "result") == chosen
    change = {"id": "1.1.2", "field": "result", "old": rejected, "new": chosen}
    for log in (("log",), ("log", "1.1.2")):
        entry = json.loads(printed(*log, "--json"))[0]
        assert (entry["merge"], entry["changes"]) == (True, [change])
        assert entry["choices"] == [
            {
                "id": "1.1.2",
                "field": "result",
                "base": "Обеспечена установка терминала электронной очереди",
                "chosen": chosen,
                "rejected": [rejected],
                "by": "Петров Пётр",
                "text": f"1.1.2, ожидаемый результат: взято «{chosen}», не взято «{rejected}»",
            }
        ]
    text = printed("log", "1.1.2", "--limit", "1")
    assert text.partition("\n")[2].partition("\n")[2] == (
        "  Соединены две линии работы; где они разошлись, осталось вот что.\n"
        "  Выбор сделан автором этой записи: Петров Пётр.\n"
        f"  1.1.2, ожидаемый результат: взято «{chosen}», не взято «{rejected}».\n"
        f"  1.1.2 {PROPOSAL}\n"
        f"    Ожидаемый результат: {rejected} → {chosen}\n"
    )
    page = printed("diff", "HEAD~1..HEAD", "--format", "html")
    assert f"взято «{chosen}», не взято «{rejected}»" in page
    assert call(["verify"]).exit_code == 0


def test_a_manual_resolution_is_told_with_both_values_that_it_dropped(conflicting: Clone) -> None:
    conflicting.git("fetch", "-q")
    conflicting.git("merge", "-q", "-X", "ours", "--no-commit", "origin/main")
    text = conflicting.plan.read_text(encoding="utf-8")
    conflicting.plan.write_text(text.replace("result: Второе", "result: Третье"), encoding="utf-8")
    conflicting.git("commit", "-q", "-a", "-m", "Слияние")
    entry = json.loads(printed("log", "1.1.2", "--json"))[0]
    assert entry["changes"] == [
        {"id": "1.1.2", "field": "result", "old": "Второе", "new": "Третье"}
    ]
    assert entry["choices"][0]["rejected"] == ["Второе", "Первое"]
    assert "взято «Третье», не взято «Второе», «Первое»." in printed("log", "--limit", "1")


RESPONSIBLE = "    responsible:\n"
PEOPLE = (
    "      - name: Иванова\n        role: {role}\n",
    "      - name: Петров\n        role: помогает\n",
)


def with_people(clone: Clone, role: str, message: str, *, is_turned: bool = False) -> None:
    """Commit the plan with two people at 1.1.2, the first of them with this role."""
    people = [PEOPLE[0].format(role=role), PEOPLE[1]]
    text = clone.git("show", "HEAD:plan/2024.yaml")
    if RESPONSIBLE in text:
        start = text.index(RESPONSIBLE)
        text = text[:start] + text[text.index(PEOPLE[1], start) + len(PEOPLE[1]) :]
    line = "    result: Обеспечена установка терминала электронной очереди\n"
    people = people[::-1] if is_turned else people
    new = text.replace(line, line + RESPONSIBLE + "".join(people))
    clone.plan.write_text(new, encoding="utf-8")
    clone.git("commit", "-q", "-a", "-m", message)


def test_a_manual_resolution_that_turned_a_list_is_told_of_the_item_that_it_chose(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_people(one, "отвечает", "Двое")
    one.push()
    other.git("pull", "-q")
    with_people(one, "первая", "Первая")
    with_people(other, "вторая", "Вторая")
    one.push()
    other.git("fetch", "-q")
    other.git("merge", "-q", "-X", "ours", "--no-commit", "origin/main")
    with_people(other, "третья", "Слияние", is_turned=True)
    monkeypatch.chdir(other.folder)
    choice = json.loads(printed("log", "--json"))[0]["choices"][0]
    assert (choice["field"], choice["chosen"]) == ("responsible.1.role", "третья")
    assert choice["rejected"] == ["вторая", "первая"]
    assert "взято «третья», не взято «вторая», «первая»." in printed("log", "--limit", "1")


def test_a_value_that_a_merge_dropped_is_told(one: Clone, other: Clone) -> None:
    one.save("1.1.2", result="Первое")
    one.push()
    other.save("1.1.3", notes="Наше")
    other.git("fetch", "-q")
    other.git("merge", "-q", "-s", "ours", "-m", "merge", "origin/main")
    log = list(entries(find_repository(other.plan.parent), "2024.yaml", measure="1.1.2"))
    (change,) = log[0].changes
    assert log[0].is_merge
    assert log[0].is_altered
    assert (change.old, change.new) == ("Первое", other.value("1.1.2", "result"))


def test_what_came_in_by_other_commits_is_not_listed_again(one: Clone, other: Clone) -> None:
    one.attach("1.1.2", "Акт.pdf", b"1")
    one.save("1.1.3", notes="Одно")
    one.push()
    other.save("1.1.4", notes="Другое")
    other.sync()
    log = list(entries(find_repository(other.plan.parent), "2024.yaml"))
    assert log[0].is_merge
    assert [len(entry.changes) for entry in log[:4]] == [0, 1, 1, 1]


def test_a_measure_that_came_or_was_moved_is_not_listed_again(one: Clone, other: Clone) -> None:
    """Nor what became of its fields afterwards."""
    one.apply(move(one.data, "1.1.2", Destination(channel="2.1")))
    one.add("Новое")
    name = max(one.ids())
    one.set(name, notes="Да")
    one.push()
    other.set("1.1.2", notes="Да")
    other.sync()
    for measure in (None, "1.1.2", name):
        log = list(entries(find_repository(other.plan.parent), "2024.yaml", measure=measure))
        assert not [entry for entry in log if entry.is_merge and entry.groups]
        assert "notes" in {row.field for entry in log[:5] for row in entry.changes}


def test_taking_back_on_one_side_does_not_hide_what_the_other_set(one: Clone, other: Clone) -> None:
    """The taking back is the newest entry of the branches, but the merge holds the other value."""
    one.save("1.1.2", result="Первое")
    one.push()
    before = other.value("1.1.2", "result")
    other.save("1.1.2", result="Второе")
    other.save("1.1.2", result=str(before))
    other.sync()
    assert other.value("1.1.2", "result") == "Первое"
    log = list(entries(find_repository(other.plan.parent), "2024.yaml", measure="1.1.2"))
    (change,) = log[0].changes
    assert (log[0].is_merge, change.old, change.new) == (True, before, "Первое")
    assert not log[0].choices
    assert not log[0].is_altered


def with_comment(clone: Clone, measure: str, comment: str) -> None:
    text = clone.plan.read_text(encoding="utf-8")
    line = f"  - id: {measure}\n"
    clone.plan.write_text(text.replace(line, f"{line}    # {comment}\n"), encoding="utf-8")
    clone.commit("Комментарий")


def test_a_comment_that_a_deletion_takes_along_is_named(
    one: Clone, other: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.remove("1.1.3")
    one.push()
    with_comment(other, "1.1.3", "Спросить у Петрова: 1 → 2")
    with_comment(other, "1.1.2", "Остаётся")
    monkeypatch.chdir(other.folder)
    result = call(["sync"])
    sentence = "Наш комментарий «Спросить у Петрова: 1 -> 2» в объединённый файл не вошёл."
    assert result.exit_code == 0
    assert sentence in result.stderr
    assert "Остаётся" not in result.stderr
    assert sentence in other.git("log", "-1", "--format=%b").splitlines()
    assert "# Остаётся" in other.plan.read_text(encoding="utf-8")
    findings = json.loads(call(["verify", "--json"]).stdout)
    assert not [row for row in findings if row["code"] != "by-hand"]


def test_a_comment_of_the_other_side_is_named_after_a_choice_too(one: Clone, other: Clone) -> None:
    with_comment(one, "1.1.3", "Спросить")
    one.save("1.1.3", notes="Да")
    one.push()
    other.remove("1.1.3")
    synced = other.sync(Side.OURS)
    assert [note.message() for note in synced.notes] == [
        "Комментарий другой стороны «Спросить» в объединённый файл не вошёл."
    ]
