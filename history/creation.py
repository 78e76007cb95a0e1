"""Begins a programme: its file, its repository and its first commit.

Each call is the answer to a question that the screen or a command has asked; one that was
interrupted goes on where it ended.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kvartal.history.programme import Programme

if TYPE_CHECKING:
    from kvartal.history.git.identity import Identity
    from kvartal.history.store.init_preview import InitPreview
    from kvartal.history.store.ledger import SaveResult
    from kvartal.schema.changes import ChangeSource


def init_repository(
    programme: Programme,
    *,
    reason: str = "",
    files: Mapping[Path, bytes] = MappingProxyType({}),
    identity: "Identity | None" = None,
    source: "ChangeSource | None" = None,
) -> "SaveResult":
    """Create a repository for the programme and commit it as it is.

    Args:
        programme: The programme.
        reason: What is to be said of it in its first commit; empty for nothing.
        files: The content of further files that come with it, by their paths.
        identity: The author, written to the repository's own settings; None for git's.
        source: The file that it was taken from.

    Raises:
        KvartalError: It failed; what was created is used by the next attempt.
    """
    from kvartal.history.store.init_repository import init_repository

    if programme.stamp is None:
        programme.read()  # Only the file says in which language its commits are.
    translate = programme.translator(programme.language)
    result = init_repository(
        programme.path,
        reason=reason,
        translate=translate,
        files=files,
        identity=identity,
        source=source,
    )
    programme.note_written(result.snapshot.digest)
    return result


def schema_place(programme: Programme) -> Path | None:
    """Return where the schema belongs that the plan names; None where it names none of ours.

    Raises:
        KvartalError: The plan cannot be read, or there is no repository.
    """
    from kvartal.history.store.schema_file import schema_place

    top = programme.repository().at("").folder
    return schema_place(programme.read().source.text, programme.path.resolve(), top)


def finish_init(programme: Programme) -> None:
    """Finish a history that was begun and interrupted; nothing where none was.

    Raises:
        KvartalError: Git or the file system refuses.
    """
    from kvartal.history.store.init_repository import is_unfinished

    if is_unfinished(programme.path):
        init_repository(programme)


def create(  # noqa: PLR0913 - all that a programme begins with
    programme: Programme,
    text: str,
    *,
    reason: str = "",
    files: Mapping[Path, bytes] = MappingProxyType({}),
    identity: "Identity | None" = None,
    source: "ChangeSource | None" = None,
) -> "SaveResult":
    """Write a new plan file and begin its history; where that is refused, there is no file.

    Args:
        programme: The programme, whose file does not exist yet.
        text: The text of the file.
        reason: What is to be said of it in its first commit; empty for nothing.
        files: The content of further files that come with it, by their paths.
        identity: The author, written to the repository's own settings; None for git's.
        source: The file that it was taken from.

    Raises:
        PlanExists: There is such a file.
        UnreadablePlan, InvalidPlan: The text is no valid programme.
        NoIdentityYet: Git knows no author for the first commit.
        KvartalError: Git or the file system refuses.
    """
    from kvartal.history.store.new_plan import check_new_plan, written_plan

    check_new_plan(programme.path, text, is_author_known=identity is not None)
    with written_plan(programme.path, text, files):
        return init_repository(
            programme, reason=reason, files=files, identity=identity, source=source
        )


def check_new(programme: Programme, text: str, *, identity: "Identity | None" = None) -> None:
    """Check that `create` would not refuse; nothing is written.

    Args:
        programme: The programme, whose file does not exist yet.
        text: The text of the file.
        identity: The author; None for git's.

    Raises:
        KvartalError: It would.
    """
    from kvartal.history.store.new_plan import check_new_plan

    check_new_plan(programme.path, text, is_author_known=identity is not None)


def preview_init(programme: Programme) -> "InitPreview":
    """Return what `init_repository` would do; nothing is written.

    Raises:
        KvartalError: It would be refused.
    """
    from kvartal.history.store.init_preview import preview_init

    return preview_init(programme.path)
