"""What is typed into a form when the program is ended is offered by the same form the next time."""

import json
import os
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from kvartal.schema.changes import Plain, PlanData, measure_data
from kvartal.schema.structure import parts
from kvartal.tui import form_drafts
from kvartal.tui.dialogs.add import AddDialog
from kvartal.tui.dialogs.adopt import AdoptDialog
from kvartal.tui.dialogs.decisions import PostponeDialog
from kvartal.tui.dialogs.document import ChapterDialog
from kvartal.tui.dialogs.document_rows import FieldsDialog
from kvartal.tui.dialogs.edit import EditDialog
from kvartal.tui.dialogs.move import MoveDialog
from kvartal.tui.dialogs.new_programme import NewProgrammeDialog
from kvartal.tui.dialogs.part import AddPartDialog
from kvartal.tui.dialogs.record import RecordDialog
from kvartal.tui.form_drafts import (
    DraftKey,
    DraftNotKept,
    DraftText,
    FormDraft,
    drafts_at,
    keep_draft,
)
from kvartal.tui.forms import kept_draft
from kvartal.tui.forms.context import FormContext
from kvartal.tui.forms.form import FormDialog
from kvartal.tui.forms.kept_draft import KeptDraftDialog
from kvartal.tui.forms.typed_dialog import added_index, keep_typed_texts
from kvartal.tui.forms.unsaved import UnsavedDialog
from kvartal.tui.i18n import LANGUAGES, use_language
from kvartal.tui.presentation.draft_notice import draft_notice
from tests.tui.dialogs.stage import (
    AS_OF,
    FakeLedger,
    Stage,
    comes,
    context_of,
    fill,
    note,
    type_text,
)

HIDDEN = {"\x1b", "\a", "\u202e"}
Make = Callable[[FormContext], FormDialog[Any]]


@pytest.fixture(autouse=True)
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the drafts, the test's own; it is not there."""
    folder = tmp_path / "state" / "drafts"
    monkeypatch.setenv("KVARTAL_DRAFTS", str(folder))
    monkeypatch.setattr(kept_draft, "PAUSE_SECONDS", 0)
    return folder


def keep(context: FormContext, text: str = "Набрано", field: str = "notes") -> Path:
    """Keep the notes of a measure, or a different field, as a form does."""
    key = DraftKey(context.path, "EditDialog", ("1.1.2",))
    texts = {field: DraftText(text, "", f"Примечания: {text}")}
    return keep_draft(FormDraft(key, "Правка", datetime.now().astimezone(), texts))


async def typed_and_ended(dialog: FormDialog[Any], texts: dict[str, str]) -> list[str]:
    """Type into a form, end the program, and return what would have been lost."""
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in texts:
            if key not in dialog.fields:
                dialog.make_field(key)
        assert await comes(pilot, lambda: all(dialog.fields[k].control.is_mounted for k in texts))
        for key, text in texts.items():
            assert dialog.fields[key].put(text), key
            await pilot.pause()
        kept = keep_typed_texts(app.screen_stack)
        assert [*kept.sentences()]
        return dialog.unsaved_lines()


async def taken(pilot: Pilot[None], dialog: FormDialog[Any], key: str = "f2") -> None:
    """Answer the question that the form asks when it opens."""
    assert await comes(pilot, lambda: isinstance(pilot.app.screen, KeptDraftDialog))
    await pilot.press(key)
    await pilot.app.workers.wait_for_complete()
    assert await comes(pilot, lambda: pilot.app.screen is dialog)


async def refuse(_reason: str) -> None:
    """Adopt nothing."""


FORMS: dict[str, tuple[Make, dict[str, str]]] = {
    "edit": (
        lambda context: EditDialog(context, "1.1.2"),
        {
            "notes": "Первая строка\nвторая",
            "responsible": "Иванова",
            "responsible.0.role": "куратор",
            "responsible.2.name": "Петров",
            "indicator.name": "Доля",
            "indicator.direction": "not_more",
        },
    ),
    "record": (
        lambda context: RecordDialog(context, ["1.1.1", "1.1.3"]),
        {
            "checkpoint": "4",
            "date": "27.09",
            "result": "Сделано",
            # Ticked by itself with the last quarter: that it was taken away stays so.
            "complete": "",
            "documents.0.title": "Акт",
            "documents.2.date": "26.09.2024",
            "links": "https://a.example\nhttps://b.example",
        },
    ),
    "postpone": (
        lambda context: PostponeDialog(context, "1.1.2"),
        {"to": "IV квартал", "reason": "Поставка сорвана", "basis": "Приказ № 1"},
    ),
    "add": (
        AddDialog,
        {"place": "channel 1.2", "number": "7.7", "proposal": "Новое", "term": "май"},
    ),
    "move": (lambda context: MoveDialog(context, ["1.1.2"]), {"place": "channel 2.2"}),
    "part": (
        lambda context: AddPartDialog(context, next(iter(parts(context.data)))),
        {"where": "at 1", "number": "9", "title": "Раздел"},
    ),
    "chapter": (
        lambda context: ChapterDialog(context, 0),
        {"document.chapters.0.heading": "Глава", "new_list": "а\nб"},
    ),
    "rows": (
        FieldsDialog,
        {"fields.0.title": "Поле", "fields.0.type": "number", "fields.30.title": "Далеко"},
    ),
    "manual edit": (
        lambda context: AdoptDialog(context.path, refuse),
        {"reason": "Правили в поле"},
    ),
    "new programme": (
        lambda context: NewProgrammeDialog(context.folder, AS_OF),
        {"organization": "Школа № 1", "period": "2025"},
    ),
}


@pytest.mark.parametrize("name", FORMS)
async def test_what_was_typed_comes_back(name: str, context: FormContext) -> None:
    make, texts = FORMS[name]
    lost = await typed_and_ended(make(context), texts)
    dialog = make(context)
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await taken(pilot, dialog)
        assert await comes(pilot, lambda: dialog.unsaved_lines() == lost), dialog.unsaved_lines()
        assert {key: dialog.typed(key) for key in texts} == texts
        assert "больше нет места" not in note(dialog)


async def test_attached_files_are_attached_again_and_lost_ones_named(
    context: FormContext, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("Акт.pdf", "Фото.jpg")]
    for file in files:
        file.write_bytes(b"x")
    await typed_and_ended(RecordDialog(context, ["1.1.2"]), {"files": "\0".join(map(str, files))})
    files[1].unlink()
    dialog = RecordDialog(context, ["1.1.2"])
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await taken(pilot, dialog)
        field = dialog.fields["files"]
        assert field.display_text() == f"Акт.pdf, {files[1]}"
        await pilot.press("f2")
        await pilot.pause()
        assert "нет. Проверьте путь" in field.error


GOES = [("delete",), ("f2", "f2"), ("f2", "escape", "delete")]
STAYS = [("escape",), ("f2", "escape", "escape")]


@pytest.mark.parametrize("keys", [*GOES, *STAYS], ids="-".join)
async def test_it_is_kept_until_it_is_saved_or_given_up(
    keys: tuple[str, ...], context: FormContext
) -> None:
    for text in ("Раньше", "Набрано"):
        keep(context, text)
    app = Stage(EditDialog(context, "1.1.2"))
    async with app.run_test(size=(80, 24)) as pilot:
        assert await comes(pilot, lambda: isinstance(app.screen, KeptDraftDialog))
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
    # The next time the newest of these is offered.
    kept = [draft.texts["notes"].typed for draft in drafts_at(context.path)]
    assert kept == (["Набрано", "Раньше"] if keys in STAYS else ["Раньше"])


async def test_what_is_typed_when_the_question_comes_goes_into_the_form(
    context: FormContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_draft, "PAUSE_SECONDS", 60)
    keep(context)
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert await comes(pilot, lambda: isinstance(app.screen, KeptDraftDialog))
        await type_text(pilot, "а б")
        await pilot.press("delete", "f2", "enter", "escape")
        assert isinstance(app.screen, KeptDraftDialog)
        assert dialog.typed("number") == "1.1.2а б"
        assert app.strays == 0
    assert len(drafts_at(context.path)) == 1


async def test_what_is_pasted_when_the_question_comes_is_not_lost(context: FormContext) -> None:
    keep(context, field="number")
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert await comes(pilot, lambda: isinstance(app.screen, KeptDraftDialog))
        app.post_message(Paste("-вставка"))
        assert await comes(pilot, lambda: dialog.typed("number") == "1.1.2-вставка")
        await taken(pilot, dialog)
        assert dialog.typed("number") == "Набрано"
        assert dialog.fields["number"].error == "Вместо набранного сейчас: «1.1.2-вставка»."


@pytest.mark.parametrize("key", ["f2", "escape"])
async def test_a_key_pressed_twice_saves_and_loses_no_half(
    key: str, context: FormContext, ledger: FakeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_draft, "PAUSE_SECONDS", 60)
    keep(context)
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert await comes(pilot, lambda: isinstance(app.screen, KeptDraftDialog))
        answer = Key("f2", None)
        answer.time += 60
        for one in (answer, Key(key, None)):
            app.post_message(one)
        assert await comes(pilot, lambda: app.screen is dialog)
        assert await comes(pilot, lambda: dialog.typed("notes") == "Набрано")
        await pilot.press(key)
        assert not ledger.saved
        assert app.is_open
    assert len(drafts_at(context.path)) == 1


@pytest.mark.parametrize("key", ["f2", "escape"])
async def test_the_question_comes_before_a_key_pressed_in_the_form(
    key: str, context: FormContext, ledger: FakeLedger
) -> None:
    keep(context)
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert await comes(pilot, lambda: isinstance(app.screen, KeptDraftDialog))
        # As if both had been pressed just before the question came.
        assert dialog.fields["notes"].put("Новое")
        await dialog.run_action("accept" if key == "f2" else "leave")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, KeptDraftDialog)
        assert (app.is_open, ledger.calls, dialog.busy) == (True, 0, False)
    assert len(drafts_at(context.path)) == 1


def test_a_form_is_the_same_in_every_language(context: FormContext) -> None:
    keys = []
    for language in LANGUAGES:
        use_language(language)
        keys.append([make(context).draft_key() for make, _texts in FORMS.values()])
    use_language("ru")
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("key", "index"),
    [
        ("documents.7.title", 7),
        ("documents.x.title", None),
        ("documents", None),
        ("documents.-1.title", None),
        (f"documents.{'9' * 5000}.title", None),
    ],
)
def test_only_a_row_that_may_be_is_made(key: str, index: int | None) -> None:
    assert added_index(key, "documents") == index


async def test_it_is_offered_by_that_form_of_that_plan_only(
    data: PlanData, ledger: FakeLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(context_of(data, ledger))
    (tmp_path / "elsewhere").mkdir()
    here = context_of(data, ledger)
    monkeypatch.chdir(tmp_path / "elsewhere")
    there = context_of(data, ledger)
    others: list[FormDialog[Any]] = [
        EditDialog(here, "1.1.3"),
        PostponeDialog(here, "1.1.2"),
        EditDialog(there, "1.1.2"),
    ]
    for dialog in others:
        app = Stage(dialog)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.pause()
            assert app.screen is dialog


async def test_what_others_changed_since_is_named(data: PlanData, ledger: FakeLedger) -> None:
    context = context_of(data, ledger)
    await typed_and_ended(EditDialog(context, "1.1.2"), {"notes": "Моё", "result": "Моё же"})
    measure_data(data, "1.1.2")["notes"] = "Чужое"
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await taken(pilot, dialog)
        assert dialog.fields["notes"].error == (
            "С тех пор здесь стало «Чужое» (было «—»). F2 запишет ваше."
        )
        assert (dialog.typed("notes"), dialog.fields["result"].error) == ("Моё", "")


async def test_a_row_that_others_put_before_is_named(data: PlanData, ledger: FakeLedger) -> None:
    cost: Plain = {"key": "cost", "title": "Затраты"}
    risk: Plain = {"key": "risk", "title": "Риск"}
    data["fields"] = [cost]
    await typed_and_ended(FieldsDialog(context_of(data, ledger)), {"fields.0.title": "Моё"})
    data["fields"] = [risk, cost]
    dialog = FieldsDialog(context_of(data, ledger))
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await taken(pilot, dialog)
        assert dialog.fields["fields.0.title"].error == (
            "С тех пор здесь стало «Риск» (было «Затраты»). F2 запишет ваше."
        )


async def test_what_has_no_place_any_more_is_shown(data: PlanData, ledger: FakeLedger) -> None:
    data["fields"] = [{"key": "cost", "title": "Затраты"}]
    context = context_of(data, ledger)
    await typed_and_ended(EditDialog(context, "1.1.2"), {"extra.cost": "5", "notes": "Набрано"})
    del data["fields"]
    dialog = EditDialog(context_of(data, ledger), "1.1.2")
    async with Stage(dialog).run_test(size=(80, 24)) as pilot:
        await taken(pilot, dialog)
        assert "Этому в форме больше нет места: Затраты: 5." in note(dialog)
        assert dialog.typed("notes") == "Набрано"
        keep_typed_texts(pilot.app.screen_stack)
        (draft,) = drafts_at(dialog.context.path)
        assert {key: text.typed for key, text in draft.texts.items()} == {
            "extra.cost": "5",
            "notes": "Набрано",
        }
        await fill(pilot, dialog, "notes", "")
        await pilot.press("escape")
        assert await comes(pilot, lambda: isinstance(pilot.app.screen, UnsavedDialog))
        assert drafts_at(dialog.context.path) == [draft]


async def test_a_second_end_replaces_what_was_taken(context: FormContext) -> None:
    keep(context)
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await taken(pilot, dialog)
        await fill(pilot, dialog, "notes", "Набрано, и ещё")
        keep_typed_texts(app.screen_stack)
    (draft,) = drafts_at(context.path)
    assert draft.texts["notes"].typed == "Набрано, и ещё"


def test_two_screens_keep_both(context: FormContext) -> None:
    for text in ("Первый", "Второй"):
        keep(context, text)
    found = drafts_at(context.path)
    assert [draft.texts["notes"].typed for draft in found] == ["Второй", "Первый"]
    notice = draft_notice(found, "Н")
    assert notice.endswith("вернут его те же формы, если они ещё открываются.")
    assert draft_notice([], "Н") == ""


# ------------------------------------------------------------------------------------- the files


def linked(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def folder_linked(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to(path.parent.with_name("elsewhere"))


def piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def in_the_way(path: Path) -> None:
    path.unlink()
    path.mkdir()


def said_otherwise(**changed: object) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text()) | changed))

    return change


HOSTILE: dict[str, Callable[[Path], object]] = {
    "link": linked,
    "folder is a link": folder_linked,
    "pipe": piped,
    "folder": in_the_way,
    "huge": lambda path: os.truncate(path, form_drafts.MOST_BYTES + 1),
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "bytes": lambda path: path.write_bytes(b"\xff\x00{"),
    "list": lambda path: path.write_bytes(b"[]"),
    "writable by others": lambda path: path.chmod(0o666),
    "texts": said_otherwise(texts={"notes": ["a", 1, {}]}),
    "no texts": said_otherwise(texts=[1]),
    "measures": said_otherwise(measures=[["1.1.2"]]),
    "moment": said_otherwise(moment="9999-12-31T23:59:59-23:00"),
    "no moment": said_otherwise(moment=7),
}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_draft_of_ours_is_not_read(name: str, context: FormContext) -> None:
    path = keep(context)
    assert len(drafts_at(context.path)) == 1
    HOSTILE[name](path)
    assert drafts_at(context.path) == []


async def test_it_is_for_the_users_eyes_only(context: FormContext) -> None:
    path = keep(context)
    if os.name != "nt":
        modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)]
        assert modes == [0o600, 0o700]
    bad = ["[b]\ud800\x1b]52;c;x\a\u202e\r", "", "Примечания: \x1b[31m[/b]"]
    said_otherwise(texts=dict.fromkeys(("number", "proposal", "notes"), bad))(path)
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        assert await comes(pilot, lambda: isinstance(app.screen, KeptDraftDialog))
        assert not HIDDEN & {*drawn(app)}
        await taken(pilot, dialog)
        await pilot.pause()
        assert "␛" in drawn(app)
        assert not HIDDEN & {*drawn(app)}


async def test_a_window_of_five_lines_shows_the_question(context: FormContext) -> None:
    keep(context)
    dialog = EditDialog(context, "1.1.2")
    app = Stage(dialog)
    async with app.run_test(size=(40, 5)) as pilot:
        assert await comes(pilot, lambda: "Программу закрыли" in drawn(app))
        assert "F2 Вернуть" in drawn(app)
        await taken(pilot, dialog)
        await pilot.press("escape")
        assert await comes(pilot, lambda: "Закрыть без сохранения?" in drawn(app))


def drawn(app: Stage) -> str:
    return "".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("trouble", ["no folder", "link", "long"])
def test_what_cannot_be_kept_is_said(
    trouble: str, context: FormContext, drafts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts.parent.mkdir()
    if trouble == "long":
        monkeypatch.setattr(form_drafts, "MOST_BYTES", 10)
    elif trouble == "link":
        (drafts.parent / "elsewhere").mkdir()
        drafts.symlink_to("elsewhere")
    else:
        drafts.write_bytes(b"")
    with pytest.raises(DraftNotKept, match=r"^Набранное в форме «Правка» не сохранено"):
        keep(context)


async def test_a_form_without_typed_text_keeps_nothing(context: FormContext) -> None:
    app = Stage(EditDialog(context, "1.1.2"))
    async with app.run_test(size=(80, 24)):
        assert [*keep_typed_texts(app.screen_stack).sentences()] == []
    assert drafts_at(context.path) == []
