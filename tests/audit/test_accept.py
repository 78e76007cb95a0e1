"""Acceptances that are none: altered by a hook of git, or of what is not found."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kvartal.history.audit.accept import AcceptAltered
from kvartal.history.audit.acceptances import UNKNOWN, Acceptance, Acceptances
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.schema.errors import KvartalError
from tests.audit.story import Story, accept_all


@pytest.mark.parametrize(
    ("script", "error", "sentence"),
    [
        ("echo Нельзя >&2; exit 1", KvartalError, "Нельзя"),
        ("echo > other.txt; git add other.txt", AcceptAltered, "хук git внёс в запись файлы"),
    ],
)
def test_what_a_hook_refuses_or_alters_is_not_accepted(
    story: Story, script: str, error: type[KvartalError], sentence: str
) -> None:
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    commit = story.commit("Мелкая правка")
    hook = story.repo / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(error) as caught:
        accept_all(story)
    assert sentence in caught.value.message()
    assert story.head == commit
    assert story.open_codes() == ["by-hand"]


def test_what_a_hook_commits_on_top_is_not_the_acceptance(story: Story) -> None:
    story.rewrite("Обеспечена установка терминала", "Обеспечено")
    story.commit("Мелкая правка")
    hook = story.repo / ".git" / "hooks" / "post-commit"
    hook.parent.mkdir(exist_ok=True)
    on_top = 'git update-ref HEAD $(git commit-tree "HEAD^{tree}" -p HEAD -m "Версия 2")'
    hook.write_text(f"#!/bin/sh\n{on_top}\n", encoding="utf-8")
    hook.chmod(0o755)
    commit = accept_all(story)
    assert story.git("log", "--format=%s", "-1").strip() == "Версия 2"
    assert story.git("rev-parse", "HEAD^").strip() == commit
    assert story.message(commit).startswith("Принято замечание")
    assert story.open_codes() == []
    # A different commit made meanwhile must not pass for the acceptance.
    story.rewrite("Обеспечено", "Сделано")
    story.commit("Ещё правка")
    hook.write_text('#!/bin/sh\ngit reset -q --soft "HEAD^"\n', encoding="utf-8")
    with pytest.raises(KvartalError):
        accept_all(story)
    assert story.open_codes() == ["by-hand"]


MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
WRONG, ACCEPTING = (Commit(one * 40, "", (), "А", MOMENT, MOMENT, "", "") for one in "ac")
ID = "by-hand:aaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("name", "walked", "is_shallow", "is_there", "code", "measure"),
    [
        (f"{ID}:1.1.2", True, False, True, UNKNOWN, None),
        (f"{ID}:1.1.2", False, False, True, "by-hand", "1.1.2"),
        (ID, False, False, True, "by-hand", None),
        # Of a commit that is not there nothing is found, unless the clone lacks it.
        (f"{ID}:1.1.2", False, False, False, UNKNOWN, None),
        (f"{ID}:1.1.2", False, True, False, "by-hand", "1.1.2"),
        # What depends on what a clone has seen, and codes of a later program.
        ("history-rewritten:aaaaaaaaaaaa", True, False, True, "history-rewritten", None),
        ("of-later:aaaaaaaaaaaa", True, False, True, "of-later", None),
        ("чушь", False, False, True, UNKNOWN, None),
    ],
)
def test_an_acceptance_whose_finding_is_not_among_those_found(
    name: str, code: str, measure: str | None, *, walked: bool, is_shallow: bool, is_there: bool
) -> None:
    """It is of something that was looked for, or of something that was not looked for now."""
    history = frozenset({ACCEPTING.id, *([WRONG.id] if is_there else [])})
    acceptance = Acceptance(name, ACCEPTING, "Так решили", None)
    everything = Acceptances({name: acceptance}, history, (ACCEPTING,), ())
    graph = SimpleNamespace(
        shallow=frozenset({ACCEPTING.id} if is_shallow else ()),
        commit=lambda commit: {WRONG.id: WRONG, ACCEPTING.id: ACCEPTING}[commit],
    )
    seen = frozenset({WRONG.id} if walked else ())
    (found,) = everything.unmatched((), seen, cast("Any", graph))
    assert (found.code, found.measure) == (code, measure)
    if code == UNKNOWN:
        assert found.message() == f"Принято замечание «{name}», а такого замечания нет."
        assert found.commit == ACCEPTING
    else:
        assert found.id == name
        assert found.commit == (WRONG if is_there else ACCEPTING)
        assert list(everything.unmatched((found,), seen, cast("Any", graph))) == []


@pytest.mark.parametrize(
    ("author", "email", "is_same"),
    [
        ("а ", "", True),
        ("Б", "", False),
        ("Б", "B@x.example", False),
        ("Б", " A@x.example", True),
        ("", "", False),
    ],
)
def test_who_accepts_what_they_did_themselves(author: str, email: str, *, is_same: bool) -> None:
    mine = replace(ACCEPTING, author_email="a@x.example")
    day = date(2027, 1, 31)
    acceptance = Acceptance(ID, mine, "Так решили", day)
    wrong = Finding("by-hand", "", commit=replace(WRONG, author=author, author_email=email))
    assert acceptance.is_by_author_of(wrong) == is_same
    assert acceptance.as_json(wrong) == {
        "by": "А",
        "date": "2026-11-01T00:00:00+00:00",
        "reason": "Так решили",
        "until": "2027-01-31",
        "self": is_same,
    }
    # Its own change, which it explains, nobody has accepted; who lost one is not known.
    assert not acceptance.is_by_author_of(replace(wrong, commit=mine))
    assert acceptance.as_json(replace(wrong, commit=mine))["self"]
    assert not acceptance.is_by_author_of(replace(wrong, commit=None))
    assert not acceptance.as_json(replace(wrong, commit=None))["self"]
    everything = Acceptances({ID: acceptance}, frozenset(), (mine,), ())
    assert everything.of(wrong, day) == acceptance
    assert everything.of(wrong, date(2027, 2, 1)) is None
    assert everything.of(replace(wrong, code="dates"), day) is None
