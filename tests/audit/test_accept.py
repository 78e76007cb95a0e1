"""An acceptance that a hook of git refuses or alters is none."""

import pytest

from kvartal.history.audit.accept import AcceptAltered
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
