"""What git and the remote answer to a fetch or a push, and what it is taken for.

After a change: ``python -m tests.sync.test_golden_answers`` from the root writes the golden file
again, to be reviewed with ``git diff``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kvartal.history.git.command import GitResult
from kvartal.history.git.repository import Repository
from kvartal.history.sync import transport_answers as answers
from kvartal.history.sync.remote import RemoteBranch
from kvartal.schema.errors import KvartalError

GOLDEN = Path(__file__).parent / "golden" / "answers.txt"
_INDENT, _STDOUT = "  ", "stdout "
_BRANCH = RemoteBranch("main", "origin", "main", "refs/remotes/origin/main", has_upstream=True)
_QUESTIONS = (
    answers.has_no_branch,
    answers.is_incomplete,
    answers.has_broken_ref,
    answers.is_locked_out,
    answers.is_remote_locked,
    answers.may_have_arrived,
)


class _NoRepository(Repository):
    """A repository without anything in it: no hook, no damage, a remote elsewhere."""

    def run(self, *arguments: str, **_: object) -> GitResult:
        printed = b"https://host.invalid/plans.git\n" if "get-url" in arguments else b""
        return GitResult(arguments[0], 0, printed, "")

    def at(self, _: str) -> "Repository":
        return self


def outcome(command: str, lines: list[str]) -> Iterator[str]:
    """Yield what an answer is taken for: the questions with a yes, and the failure."""
    printed = "".join(f"{one.removeprefix(_STDOUT)}\n" for one in lines if one.startswith(_STDOUT))
    said = "\n".join(one for one in lines if not one.startswith(_STDOUT))
    result = GitResult(command, 1, printed.encode(), said)
    yield from (question.__name__ for question in _QUESTIONS if question(result))
    if answers.names_broken_ref(result, "refs/remotes/origin"):
        yield "names_broken_ref"
    rejected = answers.rejected_refs(result)
    for ref, (kind, why) in rejected.items():
        if answers.is_outdated(result, why):
            yield f"{ref} is_outdated"
        yield f"{ref} {_failure(answers.ref_refusal(_BRANCH, result, kind, why))}"
    if not rejected:
        nowhere = Path("/nowhere")
        repository = _NoRepository(nowhere, nowhere / ".git", nowhere / ".git", "")
        yield _failure(answers.call_failure(repository, _BRANCH, result, command))
    if answers.without_progress(said) != said:
        yield f"without progress: {answers.without_progress(said)}"


def _failure(error: KvartalError) -> str:
    return f"{type(error).__name__}: {error.message()}".replace("\n", " ⏎ ")


def _cases() -> Iterator[tuple[str, list[str], list[str]]]:
    text = GOLDEN.read_text(encoding="utf-8").rstrip("\n").removeprefix("== ")
    for block in text.split("\n\n== "):
        title, *lines = block.split("\n")
        said = [line for line in lines if not line.startswith(_INDENT)]
        yield title, said, lines[len(said) :]


@pytest.mark.parametrize(("title", "said", "taken"), list(_cases()), ids=lambda one: str(one)[:40])
def test_an_answer_is_taken_for_exactly_this(title: str, said: list[str], taken: list[str]) -> None:
    command = title.partition(":")[0]
    assert [f"{_INDENT}{line}" for line in outcome(command, said)] == taken


if __name__ == "__main__":
    blocks = [
        "\n".join([f"== {title}", *said, *(f"{_INDENT}{line}" for line in lines)])
        for title, said, lines in [
            (title, said, [*outcome(title.partition(":")[0], said)]) for title, said, _ in _cases()
        ]
    ]
    GOLDEN.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
