"""What is typed is stored in one form, whichever way it comes in; what stood there stays."""

import unicodedata
from datetime import date
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from kvartal.history.store.ledger import Ledger
from kvartal.schema.changes import MISSING, Change, ChangeKind, Edit, Missing, Plain, PlanData
from kvartal.schema.edited_data import apply_edits
from kvartal.schema.errors import KvartalError
from kvartal.schema.fields import FIELDS, Field, FieldKind
from kvartal.schema.measure import Document
from kvartal.schema.model import Plan
from kvartal.schema.operations import postpone, record, set_fields, set_values
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.reading import read_plan
from kvartal.schema.search import fold, matches
from kvartal.schema.typed_change import normalised_change
from kvartal.schema.typed_text import INVISIBLE, normalised
from kvartal.schema.writing import RecordDraft, plain_term
from kvartal.tui.forms.measure_fields import value_of
from kvartal.tui.forms.term_field import term_as_typed
from tests.history.programme import PROGRAMME
from tests.support.plans import rewrite
from tests.support.repository import git

SOFT, JOINER, MARK = "\u00ad", "\u200d", "\u202e"
TYPED = f"\ufeffДого{SOFT}вор и\u0306 {MARK}В2В\u200b"
STORED = "Договор й В2В"

pieces = st.sampled_from(
    [
        *(
            "й",
            "и\u0306",
            "В2В",
            "B2B",
            SOFT,
            JOINER,
            MARK,
            "\ufeff",
            "\u00a0",
            "\t",
            " ",
            "e\u0301",
        ),
        *("4", "III", "-", "2-3", "30.11", "31.02", "1 250,5", "1.1.1", "месяц", "не менее", "%"),
        *("\r\n", "\n", "\u2028", "постоянно", "кварта\u00adл", ","),
    ]
)
typed_texts = st.lists(pieces, max_size=6).map("".join)


@given(st.text())
def test_one_form_of_a_text(text: str) -> None:
    stored = normalised(text)
    assert normalised(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert not INVISIBLE.search(stored)
    assert not set(stored) & set("\r\t\u2028\u2029\u0085")
    if text.isascii() and text.isprintable():
        assert stored == text


def draft_plan() -> tuple[PlanData, Plan]:
    """Return a programme that is not approved yet, so that its terms can be set."""
    data = {key: value for key, value in PROGRAMME.items() if key != "document"}
    document = PROGRAMME["document"]
    assert isinstance(document, dict)
    unapproved = {key: value for key, value in document.items() if key != "approval"}
    return {**data, "document": unapproved}, read_plan(PROGRAMME)


@given(st.sampled_from(FIELDS), typed_texts)
@example(next(field for field in FIELDS if field.name == "term"), "31.02")
@example(next(field for field in FIELDS if field.name == "term"), "3 ква\u00adртал")
@example(next(field for field in FIELDS if field.name == "notes"), JOINER)
def test_form_and_command_line_make_the_same_of_a_text(field: Field, text: str) -> None:
    """Of «;», which only the command line takes for the end of a step, there is none."""
    if not field.multiline and field.kind is FieldKind.TEXT:
        text = " ".join(text.splitlines())  # One line is all that its control holds.
    data, plan = draft_plan()

    def by_form() -> Change:
        if field.name == "term":
            value: Plain | Missing = plain_term(term_as_typed(text, plan), plan.year)
        else:
            value = value_of(field, text, MISSING)
        return set_values(data, "1.1.2", {field.name: value})

    def by_command() -> Change:
        return set_fields(data, "1.1.2", {field.name: text})

    results: list[object] = []
    for way in (by_form, by_command):
        try:
            results.append(apply_edits(data, normalised_change(way()).edits))
        except KvartalError as error:
            results.append(type(error))
    assert results[0] == results[1]


def test_what_is_typed_is_stored_clean_and_told_alike(ledger: Ledger, repo: Path) -> None:
    snapshot = ledger.read()
    change = set_values(snapshot.data, "1.1.2", {"notes": TYPED, "responsible": "Отдел\u00a0ОК"})
    snapshot = ledger.apply(snapshot, change).snapshot
    draft = RecordDraft(
        quarter=CalendarQuarter(2024, 3),
        date=date(2024, 9, 27),
        result=TYPED,
        documents=(Document(TYPED, f"1{JOINER}2"),),
        links=(f"https://example.org/{SOFT}a",),
    )
    snapshot = ledger.apply(snapshot, record(snapshot.data, ["1.1.2"], draft)).snapshot
    day = date(2024, 9, 1)
    decision = postpone(
        snapshot.data, "1.1.3", to="4 квартал 2024", reason=TYPED, day=day, basis=TYPED
    )
    snapshot = ledger.apply(snapshot, decision).snapshot
    row = snapshot.plan.by_id["1.1.2"]
    assert (row.notes, row.responsible_line) == (STORED, "Отдел\u00a0ОК")
    history = git(repo, "log", "-3", "-p", "--no-textconv", "--format=%B")
    assert history.count(STORED) >= 9
    assert not INVISIBLE.search(history)
    assert "\\u" not in history
    assert unicodedata.is_normalized("NFC", history)
    assert "https://example.org/a\n" in history
    # Typed again, however it is spelt, it is no change.
    again = set_values(snapshot.data, "1.1.2", {"notes": TYPED})
    assert ledger.apply(snapshot, again).commit is None


def test_what_stands_in_the_file_stays_beside_an_edit(ledger: Ledger, repo: Path) -> None:
    """An editor other than ours wrote it: only what is typed is ours to put in order."""
    old = f"Догово\u0301р и\u0306 «{JOINER}»"
    escaped = "Догово\u0301р и\u0306 «\\u200D»"
    rewrite(ledger.path, "    proposal: ", f'    notes: "{escaped}"\n    proposal: ')
    git(repo, "commit", "--quiet", "-am", "x")
    snapshot = ledger.read()
    measure = snapshot.plan.measures[0].id
    typed = old.replace("«", f"{SOFT}и\u0306 «")
    change = set_values(snapshot.data, measure, {"notes": typed})
    snapshot = ledger.apply(snapshot, change).snapshot
    assert snapshot.plan.by_id[measure].notes == old.replace("«", "й «")
    assert f'    notes: "{escaped.replace("«", "й «")}"\n' in ledger.path.read_text("utf-8")
    # An accent typed after a letter that stood there belongs to that letter.
    edit = Edit("1.1.1", ("notes",), "и", "и\u0306")
    (stored,) = normalised_change(Change(ChangeKind.SET, (edit,))).edits
    assert stored.new == "й"
    steps = Edit("1.1.1", ("actions",), ["а\u0301", "b"], ["а\u0301", f"{SOFT}c"])
    (stored,) = normalised_change(Change(ChangeKind.SET, (steps,))).edits
    assert stored.new == ["а\u0301", "c"]


def test_a_search_ignores_what_cannot_be_seen() -> None:
    text = fold(f"Догово{SOFT}ры с\u00a0подрядчиками; Ле\u0308тний план {MARK}В2В")
    for query in ("договоры", "с подрядчиками", "летнии\u0306", "ЛЁТНИЙ", f"b2{JOINER}b"):
        assert matches(text, query), query
    assert not matches(text, "зимний")
