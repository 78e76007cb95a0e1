"""The steps of a scenario: what people do to a programme, as actions on a working copy."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date

from kvartal.history.git.discovery import find_repository
from kvartal.history.git.driver_setup import install, this_program
from kvartal.schema.changes import Change, ChangeKind, Edit, Plain
from kvartal.schema.measure import Document, IndicatorValue
from kvartal.schema.operations import add, cancel, postpone, record, set_fields
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.writing import RecordDraft
from tests.scenarios.working_copy import NAME, WorkingCopy

Action = Callable[[WorkingCopy], None]


def configured_git(attributes: str) -> Action:
    """Configure how git merges and compares plans."""

    def action(copy: WorkingCopy) -> None:
        (copy.repo / ".gitattributes").write_text(attributes, encoding="utf-8", newline="\n")
        copy.git("add", ".gitattributes")
        copy.git("commit", "-q", "-m", "Правила слияния и сравнения файла программы")
        install(find_repository(copy.plan.parent), NAME, this_program())

    return action


def adopted() -> Action:
    """Commit what the file contains, through the program."""
    return lambda copy: copy.adopt()


def edited(old: str, new: str, subject: str = "") -> Action:
    """Change the file in an editor; commit it with git if there is a subject, else adopt it."""

    def action(copy: WorkingCopy) -> None:
        copy.edit_file(old, new)
        if subject:
            copy.git("commit", "-q", "-a", "-m", subject)
        else:
            copy.adopt()

    return action


def set_(measure: str, **texts: str) -> Action:
    """Set fields of a measure; a dot in a name is written as two underscores."""
    named = {name.replace("__", "."): text for name, text in texts.items()}
    return lambda copy: copy.save(lambda data: set_fields(data, measure, named))


def imported(field: str, texts: Mapping[str, str]) -> Action:
    """Import one field of many measures from a list."""

    def action(copy: WorkingCopy) -> None:
        copy.save(
            lambda data: Change(
                ChangeKind.IMPORT,
                tuple(
                    edit
                    for measure, text in texts.items()
                    for edit in set_fields(data, measure, {field: text}).edits
                ),
            )
        )

    return action


def recorded(
    *measures: str,
    quarter: int,
    fact: str,
    complete: bool = False,
    result: str = "",
    documents: tuple[Document, ...] = (),
    files: tuple[str, ...] = (),
    links: tuple[str, ...] = (),
    values: tuple[tuple[str, float], ...] = (),
) -> Action:
    """Record something done for one or several measures."""

    def action(copy: WorkingCopy) -> None:
        copy.save_with_files(
            measures,
            files,
            lambda data, attached: record(
                data,
                measures,
                RecordDraft(
                    CalendarQuarter(2024, quarter),
                    date.fromisoformat(fact),
                    complete=complete,
                    result=result,
                    values=tuple(IndicatorValue(*value) for value in values),
                    documents=documents,
                    files={name: [one.file for one in found] for name, found in attached.items()},
                    links=links,
                ),
            ),
        )

    return action


def corrected(measure: str, path: tuple[str | int, ...], old: Plain, new: Plain) -> Action:
    """Correct one value of a record."""
    change = Change(ChangeKind.SET, (Edit(measure, path, old, new),))
    return lambda copy: copy.save(lambda _: change)


def undone() -> Action:
    """Undo the last change."""
    return lambda copy: copy.undo()


def redone() -> Action:
    """Redo what was undone last."""
    return lambda copy: copy.undo(redo=True)


def postponed(measure: str, to: str, day: str, reason: str, basis: str) -> Action:
    """Postpone a measure."""
    when = date.fromisoformat(day)
    return lambda copy: copy.save(
        lambda data: postpone(data, measure, to=to, reason=reason, day=when, basis=basis)
    )


def cancelled(measure: str, day: str, reason: str, basis: str) -> Action:
    """Take a measure off the plan."""
    when = date.fromisoformat(day)
    return lambda copy: copy.save(
        lambda data: cancel(data, measure, reason=reason, day=when, basis=basis)
    )


def added(**row: Plain) -> Action:
    """Add a measure."""
    return lambda copy: copy.save(lambda data: add(data, row))


def tagged(tag: str, message: str) -> Action:
    """Tag the state that was submitted as a report."""

    def action(copy: WorkingCopy) -> None:
        copy.git("tag", "-a", tag, "-m", message)

    return action


def merged(subject: str) -> Action:
    """Merge what a colleague committed in their clone."""

    def action(copy: WorkingCopy) -> None:
        copy.git("fetch", "-q", str(copy.other), "HEAD")
        copy.git("merge", "-q", "-m", subject, "FETCH_HEAD")
        (copy.repo / ".git" / "FETCH_HEAD").unlink()
        shutil.rmtree(copy.other)

    return action


def document(title: str, number: str, day: str) -> Document:
    """Return a document; ``day`` is an ISO date."""
    return Document(title, number, date.fromisoformat(day))
