"""Commits that git would not have written, and that programs read in two ways."""

from collections.abc import Callable

import pytest

from tests.audit.story import Story

FORGED: dict[str, tuple[Callable[[str], str], str]] = {
    "a second author": (
        lambda text: text.replace("\ncommitter", "\nauthor Директор <d@x> 1 +0000\ncommitter", 1),
        "Директор",
    ),
    "a null byte": (lambda text: text + "\0Утверждено", "«Утверждено»"),
}


def rewritten(story: Story, change: Callable[[str], str]) -> str:
    """Replace the commit at HEAD by one of other bytes; return it."""
    text = change(story.git("cat-file", "commit", "HEAD"))
    options = ("-t", "commit", "-w", "--literally", "--stdin")
    commit = story.git("hash-object", *options, given=text).strip()
    story.git("update-ref", "refs/heads/main", commit)
    return commit


@pytest.mark.parametrize("form", FORGED)
def test_a_commit_that_programs_read_otherwise(story: Story, form: str) -> None:
    change, words = FORGED[form]
    story.set(notes="Да")
    commit = rewritten(story, change)
    (finding,) = story.findings()
    assert (finding.code, finding.commit and finding.commit.id) == ("commit-malformed", commit)
    assert words in finding.message()


def test_headers_of_other_programs(story: Story) -> None:
    story.set(notes="Да")
    more = "\nchange-id abc\nHG:extra branch:x\nmergetag object 1\n type commit\n\n"
    rewritten(story, lambda text: text.replace("\n\n", more, 1))
    assert story.codes() == []
