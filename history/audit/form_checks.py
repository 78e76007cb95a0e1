"""Checks that a commit is written as git writes it, so that every program reads it alike.

Yields `commit-malformed`.

Of two lines that name an author git shows one here and both there, and it shows no message beyond a
null byte. Git writes neither, and `git fsck` calls both an error. Headers that nobody knows are
left alone: other programs keep theirs there.
"""

from collections.abc import Iterator
from typing import Final

from kvartal.history.audit.findings import Finding
from kvartal.history.audit.line_compare import ROOM
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.diff.words import Words, one_line
from kvartal.history.messages.shorten import shorten
from kvartal.schema.errors import N_

MALFORMED: Final = "commit-malformed"

_REPEATED: Final = N_(
    "Изменение записано не так, как пишет git: в нём несколько строк «{name}» ({values}), и одни "
    "команды покажут первую, другие — последнюю."
)
_HIDDEN: Final = N_(
    "Изменение записано не так, как пишет git: в его сообщении нулевой байт, и того, что за ним, "
    "git log не показывает: «{text}»."
)


def form_findings(commit: Commit, words: Words) -> Iterator[Finding]:
    """Yield what of a commit some programs read otherwise than others.

    Args:
        commit: The commit.
        words: The language of the findings.
    """
    for name, values in commit.repeated:
        text = shorten("; ".join(map(one_line, values)), ROOM, words)
        yield Finding(MALFORMED, _REPEATED, fields={"name": name, "values": text}, commit=commit)
    if commit.hidden is not None:
        text = shorten(one_line(commit.hidden), ROOM, words)
        yield Finding(MALFORMED, _HIDDEN, fields={"text": text}, commit=commit)
