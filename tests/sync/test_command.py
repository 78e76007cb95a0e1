"""`kvartal sync`: its options and output."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from kvartal.schema.structure import PartKind, part_numbered, set_part
from kvartal.tui.commands.sync_output import choose_option
from tests.support.cli import call
from tests.sync.clones import Clone

Sync = Callable[..., Result]


@pytest.fixture
def sync(other: Clone, monkeypatch: pytest.MonkeyPatch) -> Sync:
    """Return a function that runs `kvartal sync` in the second clone."""
    monkeypatch.chdir(other.folder)

    def run(*arguments: str) -> Result:
        return call(["sync", *arguments])

    return run


@pytest.fixture
def conflicting(one: Clone, other: Clone) -> Clone:
    """Return the second clone, in which a field has another value than in the first."""
    one.set("1.1.2", result="Первое")
    one.set("1.1.3", notes="Одно")
    one.push()
    other.set("1.1.2", result="Второе")
    other.set("1.1.3", notes="Другое")
    return other


def test_the_result_is_one_line(one: Clone, other: Clone, sync: Sync) -> None:
    one.set("1.1.2", notes="Да")
    one.push()
    other.set("1.1.3", notes="Да")
    would = sync("--dry-run")
    assert (would.exit_code, would.stdout) == (
        0,
        (
            "origin: будет получено изменений 1, отправлено 1.\n"
            "  1.1.2 Увеличение количества систем электронной очереди, установленных в ЦОК/ КО\n"
            "    Примечания: — → Да\n"
        ),
    )
    assert other.value("1.1.2", "notes") is None
    done = sync()
    assert (done.exit_code, done.stdout, done.stderr) == (
        0,
        "origin: получено изменений 1, отправлено 1.\n",
        "",
    )
    assert sync().stdout == "origin: всё одинаково.\n"
    row = json.loads(sync("--json").stdout)
    assert (row["received"], row["sent"], row["head"], row["conflicts"]) == (0, 0, other.head, [])


def test_conflicts_are_listed_and_resolved_by_choose(conflicting: Clone, sync: Sync) -> None:
    refused = sync()
    assert refused.exit_code == 1
    assert refused.stdout == ""
    lines = refused.stderr.splitlines()
    assert "полей: 2" in lines[0]
    assert lines[1] == "  1.1.2, ожидаемый результат — 1.1.2:result"
    assert lines[2].startswith("    было: Обеспечена установка терминала")
    assert lines[3].startswith("    у нас (Петров Пётр, ")
    assert lines[3].endswith("): Второе")
    assert lines[4].startswith("    с другой стороны (Иванова Анна, ")
    assert lines[4].endswith("): Первое")
    assert "--choose 1.1.2:result=theirs --choose 1.1.3:notes=theirs" in lines[-2]
    assert choose_option("мой/2024.yaml:1.1.2=ours") == "--choose мой/2024.yaml:1.1.2=ours"
    assert choose_option("мой план/2024.yaml:1=ours") == '--choose "мой план/2024.yaml:1=ours"'
    assert sync("--choose", "1.1.2:result=theirs").exit_code == 1
    assert sync("--choose", "1.1.2:result=theirs", "--take", "ours").exit_code == 0
    assert conflicting.value("1.1.2", "result") == "Первое"
    assert conflicting.value("1.1.3", "notes") == "Другое"


def test_choices_apply_to_the_conflicts_shown_last(
    conflicting: Clone, one: Clone, sync: Sync
) -> None:
    choice = ("--choose", "1.1.2:result=theirs", "--take", "ours")
    first = sync(*choice)
    assert first.exit_code == 1  # The values have not been shown yet.
    assert first.stderr.startswith("kvartal: Одно и то же изменено здесь и в «origin» по-разному")
    one.set("1.1.2", result="Третье")
    one.push()
    second = sync(*choice)
    assert second.exit_code == 1
    assert "Пока вы выбирали" in second.stderr
    assert "): Третье\n" in second.stderr
    assert sync(*choice).exit_code == 0
    assert conflicting.value("1.1.2", "result") == "Третье"


def test_take_needs_no_listing_first(conflicting: Clone, sync: Sync) -> None:
    assert sync("--take", "theirs").exit_code == 0
    assert conflicting.value("1.1.3", "notes") == "Одно"


def test_conflicts_as_data(conflicting: Clone, one: Clone, sync: Sync) -> None:
    refused = sync("--json")
    assert refused.exit_code == 1
    row = json.loads(refused.stdout)
    assert (row["ours"], row["theirs"]) == (conflicting.head, one.head)
    conflict = row["conflicts"][0]
    assert (conflict["name"], conflict["plan"]) == ("1.1.2:result", "plan/2024.yaml")
    assert (conflict["ours"]["value"], conflict["ours"]["author"]) == ("Второе", "Петров Пётр")
    assert (conflict["theirs"]["value"], conflict["theirs"]["author"]) == ("Первое", "Иванова Анна")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--choose", "1.1.2:result"), "нужно поле и чьё значение взять"),
        (("--choose", "1.1.9:notes=ours"), "Спорного поля «1.1.9:notes» нет"),
        (("--take", "mine"), "«mine» не подходит"),
    ],
)
def test_wrong_usage_is_reported(sync: Sync, arguments: tuple[str, ...], message: str) -> None:
    done = sync(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_received_data_cannot_control_the_terminal(one: Clone, other: Clone, sync: Sync) -> None:
    one.git("config", "user.name", "Злой\x1b[31m\u202e")
    for clone, value in ((one, '"a\\e[31m"'), (other, '"b\\u202e"')):
        text = clone.plan.read_text("utf-8")
        clone.plan.write_text(
            text.replace(
                "    result: Обеспечена", f"    notes: {value}\n    result: Обеспечена", 1
            ),
            "utf-8",
        )
        clone.commit("Правка\x1b[31m")
    one.push()
    stderr = sync().stderr
    assert "Злой" in stderr
    assert "\x1b" not in stderr
    assert "\u202e" not in stderr


def test_a_refusal_is_one_sentence(other: Clone, sync: Sync, tmp_path: Path) -> None:
    other.git("remote", "set-url", "origin", tmp_path / "нет")
    done = sync()
    assert done.exit_code == 1
    assert done.stderr.startswith("kvartal: По адресу")


@pytest.mark.parametrize(("side", "number"), [("ours", "1.9"), ("theirs", "1.8")])
def test_a_channel_renumbered_in_two_ways_is_one_choice(
    one: Clone, other: Clone, sync: Sync, side: str, number: str
) -> None:
    for clone, its in ((one, "1.8"), (other, "1.9")):
        part = part_numbered(clone.data, "1.1", PartKind.CHANNEL)
        clone.apply(set_part(clone.data, part, {"number": its}))
    one.push()
    shown = sync()
    assert shown.exit_code == 1
    assert "полей: 1. Ничего не тронуто" in shown.stderr
    assert "Канал 1.1, номер канала — sections.0.channels.0.number\n" in shown.stderr
    assert sync("--take", side).exit_code == 0
    assert other.value("1.1.2", "channel") == number
    assert call(["validate"]).exit_code == 0
    assert call(["verify"]).exit_code == 0
    (entry,) = json.loads(call(["log", "--limit", "1", "--json"]).stdout)
    assert entry["changes"][0]["id"] is None
    # What the newest entry about a field says is what it is: those of the lost side follow.
    assert {row["new"] for row in entry["changes"]} == {number}
