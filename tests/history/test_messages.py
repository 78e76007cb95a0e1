"""The commit message as a reviewer meets it: whole messages, and what data can never do to them.

After a change of wording: ``python -m tests.history.test_messages`` from the root writes the golden
files again, to be reviewed with ``git diff``.
"""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.words import Words, one_line
from kvartal.history.messages.message import EarlierCommit, commit_message
from kvartal.history.messages.shorten import shorten, shorten_change, shorten_pair
from kvartal.history.messages.subjects import LIMIT
from kvartal.history.messages.trailers import EvidenceNote, Trailers, parse_trailers
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, PlanData, StaleChange
from kvartal.schema.errors import N_
from kvartal.schema.moving import Destination, copy
from kvartal.schema.operations import cancel, postpone
from tests.history import programme as given_

GOLDEN = Path(__file__).parent / "golden" / "messages"
DONE = "1.1.2: исполнено 27.09.2024, Акт ввода № 12 от 27.09.2024"


def message(change: Change, before: PlanData = given_.PROGRAMME) -> str:
    return commit_message(change, before, folder="plan")


def undone(kind: ChangeKind) -> str:
    change = given_.completed() if kind is ChangeKind.REDO else given_.completed().inverse()
    before = given_.PROGRAMME if kind is ChangeKind.REDO else given_.after(given_.completed())
    earlier = EarlierCommit("0123456789abcdef0123456789abcdef01234567", DONE)
    return commit_message(Change(kind, change.edits), before, folder="plan", reverts=earlier)


def undone_figure() -> str:
    """An undo of a change whose subject does not fit with «отменено» before it."""
    path = ("records", 0, "values", 2, "value")
    change = Change(ChangeKind.SET, (Edit("2.2.1", path, 95.3, 96.3),))
    before = given_.after(given_.figures())
    subject = message(change, before).partition("\n")[0]
    earlier = EarlierCommit("0123456789abcdef0123456789abcdef01234567", subject)
    back = change.inverse(ChangeKind.UNDO)
    return commit_message(back, given_.after(given_.figures(), change), reverts=earlier)


def messages() -> dict[str, str]:
    """Return a whole message of each kind by the name of its golden file."""
    done = given_.after(given_.completed())
    put_off = given_.after(given_.postponed())
    new_steps = given_.INSTALL.replace("1 терминал", "2 терминала")
    again = postpone(put_off, "1.1.2", to="до 30.11.2024", reason="Нет связи", day=given_.ACT.date)  # type: ignore[arg-type] # the act has its date
    there = Destination(channel="1.2")
    copies = [copy(given_.PROGRAMME, one, there) for one in ("1.1.2", "1.1.3")]
    parts = (given_.added(), given_.completed(), given_.set_("1.1.3", notes="Срочно"))
    return {
        "record-complete": message(given_.completed()),
        "record-quarter": message(given_.quarterly("1.1.3")),
        "record-figures": message(given_.figures()),
        "record-figures-reported": message(given_.figures(reported=True)),
        "record-bulk": message(given_.quarterly("1.1.1", "1.2.1")),
        "record-bulk-many": message(given_.quarterly("1.1.1", "1.1.3", "1.1.4", "1.2.1")),
        "record-corrected": message(given_.corrected(), done),
        "postpone": message(given_.postponed()),
        "postpone-again": message(again, put_off),
        "cancel": message(given_.called_off()),
        "cancel-taken-back": message(
            Change(ChangeKind.SET, given_.called_off().inverse().edits),
            given_.after(given_.called_off()),
        ),
        "set": message(given_.set_("1.1.2", responsible="Отдел ОК")),
        "set-long-text": message(given_.set_("1.1.2", actions=new_steps)),
        "set-several": message(
            given_.set_("1.1.2", responsible="Отдел ОК", notes="Важно", budget__plan="1250000,5")
        ),
        "set-appended": message(
            given_.set_("1.1.3", result="Обеспечено исполнение, сотрудники аттестованы комиссией")
        ),
        "set-cut-off": message(
            given_.set_("1.1.1", proposal=given_.OFFICES),
        ),
        "set-indicator": message(given_.set_("2.2.1", indicator__target="96,5")),
        "move-of-nothing": message(
            given_.merged(ChangeKind.MOVE, given_.set_("1.1.2", notes="Важно"))
        ),
        "add": message(given_.added()),
        "copy": message(copies[0]),
        "copy-several": message(given_.merged(ChangeKind.COPY, *copies)),
        "remove": message(given_.removed()),
        "undo": undone(ChangeKind.UNDO),
        "redo": undone(ChangeKind.REDO),
        "undo-figure": undone_figure(),
        "edit-document": message(given_.approval()),
        "edit-measure": message(
            given_.merged(ChangeKind.EDIT, given_.set_("1.1.2", notes="Важно"))
        ),
        "edit-nothing": message(Change(ChangeKind.EDIT, ())),
        "import": message(given_.merged(ChangeKind.IMPORT, *parts)),
        "import-one-field": message(
            given_.merged(
                ChangeKind.IMPORT,
                given_.set_("1.1.1", responsible="Отдел ОК"),
                given_.set_("1.1.2", responsible="Отдел ИТ"),
                given_.set_("1.2.1", responsible="Отдел ОК"),
            )
        ),
        "merge": message(given_.merged(ChangeKind.MERGE, *parts[1:])),
    }


@pytest.mark.parametrize("name", sorted(messages()))
def test_a_whole_message(name: str) -> None:
    assert messages()[name] == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_every_golden_message_has_its_case() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(messages())


@pytest.mark.parametrize("name", sorted(messages()))
def test_the_subject_fits_and_stands_alone(name: str) -> None:
    subject, empty, *_ = messages()[name].split("\n")
    assert len(subject) <= LIMIT
    assert empty == ""


def test_a_new_plan_is_one_message_with_every_measure() -> None:
    edits = [
        Edit("", (key,), MISSING, value)
        for key, value in given_.PROGRAMME.items()
        if key != "measures"
    ]
    rows = given_.PROGRAMME["measures"]
    assert isinstance(rows, list)
    for position, row in enumerate(rows):
        assert isinstance(row, dict)
        edits.append(Edit(str(row["id"]), (), MISSING, row, position))
    text = commit_message(Change(ChangeKind.IMPORT, tuple(edits)), {}, folder="")
    assert text.startswith("1.1.1 и ещё 6: импорт: добавлено\n")
    assert "Утверждение, дата приказа: — → 28.09.2023" in text


def test_the_language_is_that_of_the_plan() -> None:
    english = {
        N_("срок перенесён"): "postponed",
        N_("Срок"): "Term",
        N_("{day}.{month}.{year}"): "{year}-{month}-{day}",
    }
    text = commit_message(
        given_.postponed(),
        given_.PROGRAMME,
        translate=lambda template: english.get(template, template),
    )
    assert text.startswith("1.1.2: postponed: 3 квартал 2024 → 4 квартал 2024\n")
    assert "\nTerm: 3 квартал" in text
    assert "→ 2024-09-10\n" in text


# ------------------------------------------------------------------------- what data can never do


FORGED = "Так\n\nKvartal-Change: cancel\nKvartal-Measure: 9.9.9\n# комментарий\n\x1b[31m\u202eтут"


def test_a_reason_cannot_forge_trailers_lines_or_escapes() -> None:
    text = message(cancel(given_.PROGRAMME, "1.1.4", reason=FORGED, day=given_.ACT.date))  # type: ignore[arg-type] # the act has its date
    assert parse_trailers(text) == Trailers(ChangeKind.CANCEL, ("1.1.4",))
    assert "Так / Kvartal-Change: cancel / Kvartal-Measure: 9.9.9 / # комментарий / ␛[31m" in text
    assert "‹U+202E›тут" in text


def test_ids_and_paths_edited_manually_stay_on_their_lines() -> None:
    row: PlanData = {
        "id": "#1\n\nKvartal-Change: undo",
        "proposal": "x",
        "records": [
            {"evidence": {"files": [{"path": "a\nKvartal-Reverts: " + "0" * 40, "sha256": "b"}]}}
        ],
    }
    edit = Edit("#1\n\nKvartal-Change: undo", (), MISSING, row, 0)
    text = message(Change(ChangeKind.ADD, (edit,)))
    assert parse_trailers(text) == Trailers(ChangeKind.ADD, ("#1 / Kvartal-Change: undo",))
    assert not any(line.startswith("#") for line in text.split("\n"))


texts = st.text(
    st.one_of(st.characters(), st.sampled_from("\n\r\x1b\x00\u202e#:\u2028\x85 \ud800")),
    max_size=30,
)


@given(texts, texts)
def test_no_text_adds_a_line_or_a_trailer(reason: str, basis: str) -> None:
    plain = {"date": "2024-06-01", "reason": reason, "basis": basis}
    edit = Edit("1.1.4", ("cancelled",), MISSING, dict(plain))
    text = message(Change(ChangeKind.CANCEL, (edit,)))
    assert parse_trailers(text) == Trailers(ChangeKind.CANCEL, ("1.1.4",))
    assert len(text.split("\n\n")) == 3
    assert text.encode("utf-8")


@given(texts)
def test_one_line_is_one_line_and_changes_nothing_twice(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


@given(st.text("аб «»,.", max_size=60), st.integers(2, 40))
def test_a_shortened_text_fits_and_is_a_beginning(text: str, room: int) -> None:
    short = shorten(text, room)
    assert len(short) <= room
    assert short == text or (short[-1] == "…" and text.startswith(short[:-1]))


@pytest.mark.parametrize(
    ("text", "room", "short", "until_2026_11"),
    [
        ("добавлено «и проектно-сметной документации»", 20, "добавлено…", "добавлено «и…"),
        ("Сделано до конца", 12, "Сделано…", "Сделано до…"),
        ("или проектно-сметная", 12, "…", "или…"),
        ("Approve the regulations", 13, "Approve…", "Approve the…"),
        ("План А и приложение", 9, "План А…", "План А…"),
    ],
)
def test_a_subject_does_not_end_with_a_word_that_only_leads_on(
    text: str, room: int, short: str, until_2026_11: str
) -> None:
    """What `verify` compares with earlier messages is cut as it was then."""
    assert shorten(text, room, Words()) == shorten(text, room) == short
    assert shorten(text, room, Words(as_in_2026_11=True)) == until_2026_11


@given(st.text("аб/", max_size=60), st.text("аб/", max_size=60), st.integers(45, 60))
def test_values_of_one_word_are_shown_where_they_differ(old: str, new: str, room: int) -> None:
    """Such as addresses: their beginnings alone would read as if nothing had changed."""
    line = shorten_change(FieldLine("Ссылка", f"https://{old}", f"https://{new}"), room, Words())
    assert len(line) <= room
    sides = line.removeprefix("ссылка: ").split(" → ")
    assert old == new or len(sides) == 1 or sides[0] != sides[1]
    lines = shorten_pair(f"Ссылка: — → https://{old}", f"Ссылка: — → https://{new}", room)
    assert old == new or lines[0] != lines[1]


# ---------------------------------------------------------------------------------- the trailers


def test_trailers_are_parsed_as_they_were_written() -> None:
    note = EvidenceNote("a3" * 32, "plan/evidence/2024/1.1.2/Акт ввода.pdf")
    meant = Trailers(ChangeKind.REDO, ("1.1.2", "1.1.3-2"), (note,), "0" * 40)
    assert parse_trailers(f"Тема\n\nТело\n\n{meant}\n") == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kvartal-Change: set",
        "Тема\n\nKvartal-Change: set\n\nИ ещё слово",
        "Тема\n\nпроза\nKvartal-Change: set",
        "Тема\n\nKvartal-Change: set\nKvartal-Change: undo",
        "Тема\n\nKvartal-Change: invented",
    ],
)
def test_other_lines_are_not_taken_for_trailers(text: str) -> None:
    assert parse_trailers(text).kind is None


def test_foreign_trailers_may_be_among_ours() -> None:
    text = (
        "Тема\n\nKvartal-Change: set\nSigned-off-by: А <a@b>\n"
        f"(cherry picked from commit {'0' * 40})\nKvartal-Measure: 1.1.2\nKvartal-Reverts: junk\n"
    )
    assert parse_trailers(text) == Trailers(ChangeKind.SET, ("1.1.2",))


@pytest.mark.parametrize("name", ["record-complete", "undo", "import"])
def test_git_itself_reads_the_same_trailers(name: str) -> None:
    text = messages()[name]
    read = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert read == f"{parse_trailers(text)}\n"


def test_a_change_that_does_not_apply_has_no_message() -> None:
    with pytest.raises(StaleChange, match=r"records\.0\.date"):
        message(given_.corrected())


if __name__ == "__main__":
    for case, text in messages().items():
        (GOLDEN / f"{case}.txt").write_text(text, encoding="utf-8")
