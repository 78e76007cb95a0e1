"""What the message of a plan's first commit says of it."""

from pathlib import Path

import pytest

from tests.audit.conftest import small
from tests.audit.story import Story

FIRST = "refs/tags/first"
SUBJECT = "Программа на 2024 год: начата история. Мероприятий: 5"
SCAN = "Kvartal-Evidence: sha256:" + "0" * 64 + " plan/evidence/2024/1.1.2/Акт.pdf"


@pytest.fixture(scope="module")
def programme_begun(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Return a history that the program began."""
    plan = tmp_path_factory.mktemp("first") / "plan" / "2024.yaml"
    plan.parent.mkdir()
    plan.write_bytes(small(root / "plan" / "2024.yaml"))
    story = Story(plan)
    story.git("init", "--quiet", "-b", "main")
    story.adopt()
    assert story.message().startswith(SUBJECT)
    story.git("update-ref", FIRST, "HEAD")
    assert story.codes() == []
    return story


LIES = {
    "a measure more": (
        "Kvartal-Measure: 1.1.2",
        "Kvartal-Measure: 9.9",
        "trailers-disagree",
        "9.9",
    ),
    "another kind": ("Change: add", "Change: set", "trailers-disagree", "«set»"),
    "no kind": (
        "Change: add",
        "Change: begin",
        "trailers-disagree",
        "Kvartal-Change: begin; Kvartal-Measure: 1.1.1; ",
    ),
    "a file": ("Change: add", f"Change: add\n{SCAN}", "trailers-disagree", "Акт.pdf"),
    "a number": ("Мероприятий: 5", "Мероприятий: 6", "message-disagrees", "6"),
    "a change": (
        "Change: add",
        f"Change: add\nKvartal-Reverts: {'0' * 40}",
        "trailers-disagree",
        "Rev",
    ),
    "a document": ("Change: add", f"Change: add\nKvartal-Source: sha256:{'0' * 64} А.docx", "", ""),
    "a hook": ("Мероприятий: 5", "Мероприятий: 5\n\nСогласовано", "", ""),
}


@pytest.mark.parametrize("lie", LIES)
def test_the_message_of_a_first_commit(programme_begun: Story, lie: str) -> None:
    old, new, code, words = LIES[lie]
    story = programme_begun
    message = story.message(FIRST)
    assert old in message
    tree = story.git("rev-parse", "HEAD^{tree}").strip()
    made = story.git("commit-tree", tree, "-F", "-", given=message.replace(old, new, 1)).strip()
    story.git("reset", "--quiet", "--hard", made)
    story.forget()
    findings = story.findings(full=True)
    assert [one.code for one in findings] == ([code] if code else [])
    assert all(words in one.message() for one in findings)
