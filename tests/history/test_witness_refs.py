"""Which refs of others count as what they saw of a branch."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kvartal.history.store import witness_refs
from kvartal.history.store.witness_refs import SEEN_REFS, seen_by_others, witness_ref
from kvartal.schema.errors import KvartalError

MAIN, OTHER = "refs/heads/main", "refs/heads/other"
OWN, ONE, TWO, LOST, BLOB = (letter * 16 for letter in "01234")


def test_only_commits_that_others_saw_of_the_branch_count(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        witness_ref(OWN, MAIN): "own",
        f"{SEEN_REFS}{ONE}": "any",
        witness_ref(TWO, MAIN): "main",
        witness_ref(TWO, OTHER): "elsewhere",
        witness_ref(LOST, MAIN): "lost",
        witness_ref(BLOB, MAIN): "blob",
        f"{SEEN_REFS}чужое": "any",
    }
    lines = [f"{commit} {name}" for name, commit in names.items()]
    damage, unread = KvartalError(), KvartalError()
    monkeypatch.setattr(
        witness_refs, "readable_refs", lambda *_: (lines, {f"{SEEN_REFS}x": damage})
    )
    answers = {"any": b"tree 1", "main": b"tree 2", "lost": None, "blob": b"measures:"}
    repository = SimpleNamespace(
        objects=lambda commits: [answers[commit] for commit in commits],
        object_failure={"lost": unread}.__getitem__,
    )
    seen, broken = seen_by_others(cast("Any", repository), OWN, MAIN)
    assert seen == [(ONE, "any"), (TWO, "main")]
    assert broken == {
        f"{SEEN_REFS}x": damage,
        witness_ref(LOST, MAIN): unread,
    }
