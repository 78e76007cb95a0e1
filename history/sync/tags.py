"""Marks of what was verified go along: a colleague need not verify it again.

Only they do. Other tags of the user's stay here: to push what nobody asked for is a surprise that
cannot be taken back.
"""

from typing import Final

from kvartal.history.git.repository import Repository
from kvartal.history.sync.state_files import call_in_progress, pushed_tags, save_pushed_tags
from kvartal.history.sync.transport import Transport
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.problems import Problem

MARKS: Final = "refs/tags/kvartal/verified/"
"""Where marks stand (:mod:`kvartal.history.audit.verified_tags` puts them there)."""

_NOT_SENT: Final = N_(
    "Метка проверки «{name}» не отправлена: «{remote}» её не принял, "
    "или там есть другая с этим именем."
)


def push_verified_tags(line: Transport, head: str) -> tuple[Problem, ...]:
    """Send the marks in a history that were not sent yet; return what is to be told of them.

    Args:
        line: The line to the remote.
        head: The commit that the remote holds now.
    """
    known = pushed_tags(line.repository, line.way)
    marks = {
        ref: name for ref, name in _marks(line.repository, head).items() if known.get(ref) != name
    }
    if not marks:
        return ()
    try:
        with call_in_progress(line.repository, line.way):
            left = line.send(tuple(marks))
    except KvartalError:
        return tuple(_not_sent(line, ref) for ref in marks)
    # Told once: what the remote does not take today it will not take tomorrow.
    save_pushed_tags(line.repository, line.way, {**known, **marks})
    return tuple(_not_sent(line, ref) for ref in left)


def _marks(repository: Repository, head: str) -> dict[str, str]:
    """Return the marks at commits that lead up to a commit: ids of the tags by their refs."""
    form = "--format=%(refname) %(objectname)"
    printed = repository.read_text("for-each-ref", form, f"--merged={head}", MARKS)
    return dict(line.split(" ", 1) for line in printed.splitlines())


def _not_sent(line: Transport, ref: str) -> Problem:
    name = ref.removeprefix("refs/tags/")
    return Problem("mark-not-shared", _NOT_SENT, fields={"name": name, "remote": line.way.remote})
