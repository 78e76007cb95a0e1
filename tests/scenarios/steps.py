"""What people do to a programme, as work for a desk."""

import shutil
from collections.abc import Callable, Mapping
from datetime import date

from kvartal.history.git.driver_setup import install, this_program
from kvartal.history.git.repository import find_repository
from kvartal.schema.changes import Change, ChangeKind, Edit, Plain
from kvartal.schema.model import Document, IndicatorValue
from kvartal.schema.operations import add, cancel, postpone, record, set_fields
from kvartal.schema.writing import RecordDraft
from tests.scenarios.working_copy import NAME, Desk

Work = Callable[[Desk], None]


def begun_with(attributes: str) -> Work:
    """Say how git is to merge and compare plans."""

    def work(desk: Desk) -> None:
        (desk.repo / ".gitattributes").write_text(attributes, encoding="utf-8", newline="\n")
        desk.git("add", ".gitattributes")
        desk.git("commit", "-q", "-m", "Правила слияния и сравнения файла программы")
        install(find_repository(desk.plan.parent), NAME, this_program())

    return work


def adopted() -> Work:
    """Take what stands in the file into the history."""
    return lambda desk: desk.adopt()


def typed_over(old: str, new: str, subject: str = "") -> Work:
    """Change the file in an editor; commit that with git where there is a subject for it."""

    def work(desk: Desk) -> None:
        desk.type_over(old, new)
        if subject:
            desk.git("commit", "-q", "-a", "-m", subject)
        else:
            desk.adopt()

    return work


def set_(measure: str, **texts: str) -> Work:
    """Set fields of a measure, dots in their names written as two underscores."""
    named = {name.replace("__", "."): text for name, text in texts.items()}
    return lambda desk: desk.keep(lambda data: set_fields(data, measure, named))


def imported(field: str, texts: Mapping[str, str]) -> Work:
    """Take over a field of many measures from a list that somebody sent."""

    def work(desk: Desk) -> None:
        desk.keep(
            lambda data: Change(
                ChangeKind.IMPORT,
                tuple(
                    edit
                    for measure, text in texts.items()
                    for edit in set_fields(data, measure, {field: text}).edits
                ),
            )
        )

    return work


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
) -> Work:
    """Record what was done for one measure or several."""

    def work(desk: Desk) -> None:
        desk.keep_with_files(
            measures,
            files,
            lambda data, attached: record(
                data,
                measures,
                RecordDraft(
                    quarter,
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

    return work


def corrected(measure: str, path: tuple[str | int, ...], old: Plain, new: Plain) -> Work:
    """Correct one value of a record."""
    change = Change(ChangeKind.SET, (Edit(measure, path, old, new),))
    return lambda desk: desk.keep(lambda _: change)


def undone() -> Work:
    """Take back the last change."""
    return lambda desk: desk.take_back()


def redone() -> Work:
    """Do again what was undone last."""
    return lambda desk: desk.take_back(redo=True)


def postponed(measure: str, to: str, day: str, reason: str, basis: str) -> Work:
    """Postpone a measure."""
    when = date.fromisoformat(day)
    return lambda desk: desk.keep(
        lambda data: postpone(data, measure, to=to, reason=reason, day=when, basis=basis)
    )


def called_off(measure: str, day: str, reason: str, basis: str) -> Work:
    """Take a measure off the plan."""
    when = date.fromisoformat(day)
    return lambda desk: desk.keep(
        lambda data: cancel(data, measure, reason=reason, day=when, basis=basis)
    )


def added(**row: Plain) -> Work:
    """Add a measure."""
    return lambda desk: desk.keep(lambda data: add(data, row))


def handed_in(tag: str, words: str) -> Work:
    """Mark the state that was handed in."""
    return lambda desk: void(desk.git("tag", "-a", tag, "-m", words))


def merged(subject: str) -> Work:
    """Take over what a colleague did in a clone of theirs."""

    def work(desk: Desk) -> None:
        desk.git("fetch", "-q", str(desk.other), "HEAD")
        desk.git("merge", "-q", "-m", subject, "FETCH_HEAD")
        (desk.repo / ".git" / "FETCH_HEAD").unlink()
        shutil.rmtree(desk.other)

    return work


def act(title: str, number: str, day: str) -> Document:
    """Return a document with its number and date."""
    return Document(title, number, date.fromisoformat(day))


def void(_: str) -> None:
    """Drop what git printed."""
