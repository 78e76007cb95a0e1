"""Commits and earlier versions, as plain values for the card and for the screens about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.words import moment_text
from kvartal.tui.i18n import _
from kvartal.tui.presentation.card import CardItem
from kvartal.tui.presentation.cells import LONGEST_TEXT, Cell, CellLine
from kvartal.tui.presentation.commit_notes import author_text, commit_notes, shows_fields
from kvartal.tui.presentation.elide import beginning
from kvartal.tui.presentation.formats import day, written
from kvartal.tui.presentation.sanitize import shown
from kvartal.tui.presentation.word_diff import excerpts, field_line_text

if TYPE_CHECKING:
    from kvartal.history.diff.field_line import FieldLine
    from kvartal.history.log.entry import CommitEntry
    from kvartal.history.log.revision import Version
    from kvartal.history.log.undo import Reversal

MAX_CARD_CHANGES: Final = 5
"""How many changes a card shows."""
SCREEN_HASH: Final = 7
"""How many digits of a commit's hash the screen shows: as many as git does."""
_LONGEST_NAME: Final = 30
TAG_PREFIX: Final = "refs/tags/"
"""Prefix for the name of a tag, so that it is not taken for a date or a branch."""
VERSION_SIGN: Final = "◄"
"""Marks an earlier version, where there are no colours: the fonts of the Linux console have it."""


@dataclass(frozen=True, slots=True)
class OpenedVersion:
    """An earlier version of the programme on the screen, which is read-only.

    Attributes:
        version: The version.
        revision: How it was asked for: a commit, a tag, a date ``2024-03-31``.
        at_end_of: The day whose end it shows, where it was asked for by a date.
        commits: The latest commits up to there, newest first.
    """

    version: "Version"
    revision: str
    at_end_of: date | None = None
    commits: tuple["CommitEntry", ...] = ()

    @property
    def day(self) -> date:
        """The date of the states shown, unless the user chooses a different one."""
        if self.at_end_of is not None:
            return self.at_end_of
        return date.fromisoformat(self.version.entry.date[:10])

    @property
    def when(self) -> str:
        """The moment it shows, as users read it."""
        if self.at_end_of:
            return day(self.at_end_of)
        return moment(self.version.entry.date, zone=False)

    def banner(self, key: str) -> str:
        """Return the banner above the programme while an earlier version is shown.

        Args:
            key: The key that leads back.
        """
        entry = self.version.entry
        facts = [_("запись {hash}").format(hash=entry.commit[:SCREEN_HASH])]
        if self.at_end_of is None and not self.version.commit.startswith(self.revision):
            name = beginning(self.revision.removeprefix(TAG_PREFIX), _LONGEST_NAME)
            facts.insert(0, _("«{name}»").format(name=name))
        facts.append(beginning(entry.author, _LONGEST_NAME))
        if self.at_end_of is not None:
            facts.append(moment(entry.date, zone=False))
        template = _("{sign} Программа на {when} ({facts}): только просмотр, {key} — к сегодняшней")
        return template.format(sign=VERSION_SIGN, when=self.when, facts=", ".join(facts), key=key)

    def refusal(self, key: str) -> str:
        """Return why nothing can be changed in it.

        Args:
            key: The key that leads back.
        """
        template = _(
            "На экране программа на {when}: прошлое не меняют. {key} — к сегодняшней программе."
        )
        return template.format(when=self.when, key=key)


def last_changes(commits: Sequence["CommitEntry"], measure: str) -> tuple[CardItem, ...]:
    """Return what a card says about the history of a measure.

    Args:
        commits: The latest commits, newest first.
        measure: Id of the measure.
    """
    latest = islice((entry for entry in commits if measure in entry.measures), MAX_CARD_CHANGES)
    lines: tuple[CellLine, ...] = tuple(
        (
            Cell(f"{moment(entry.date, time=False)} {shown(entry.author)}: ", "muted"),
            Cell(subject_text(entry, measure)),
        )
        for entry in latest
    )
    if not all(entry.is_readable for entry in commits):
        warning = _("Не все записи читаются: что в них изменено, не узнать.")
        lines = (*lines, (Cell(warning, "overdue"),))
    return (CardItem(_("Последние изменения"), lines),) if lines else ()


def subject_text(entry: "CommitEntry", measure: str) -> str:
    """Return a commit's subject, without the id of the measure whose history is shown."""
    return shown(entry.subject.removeprefix(f"{measure}: ") if measure else entry.subject)


def manual_prefix(entry: "CommitEntry") -> str:
    """Return the prefix of the subject of a commit that was made without this program."""
    return f"{_('вручную')}: " if entry.is_manual else ""


def moment(date: str, *, time: bool = True, zone: bool = True) -> str:
    """Return when a commit was made, by its author's clock, fit to be shown.

    Args:
        date: As git writes it, ISO 8601.
        time: Whether to give the time of day too.
        zone: Whether to give the zone of that time too.
    """
    return shown(written(moment_text(date, time=time, zone=zone)))


def commit_details(entry: "CommitEntry", measure: str = "") -> Iterator[CellLine]:
    """Yield what a commit changed, line by line.

    Args:
        entry: The commit.
        measure: Id of the only measure to show; empty for all of them.
    """
    yield (Cell(subject_text(entry, ""), "title"),)
    who = shown(author_text(entry))
    yield (Cell(f"{moment(entry.date)}  {who}  {entry.commit[:10]}", "muted"),)
    for text in commit_notes(entry, whole=not measure):
        tone = "accent" if entry.is_readable else "overdue"
        yield (Cell(shown(beginning(text, LONGEST_TEXT)), tone),)
    for group in entry.groups if shows_fields(entry, whole=not measure) else ():
        if measure and group.id != measure:
            continue
        yield (Cell(""),)
        heading = (
            shown(beginning(group.title, LONGEST_TEXT)) if group.id else _("Программа в целом")
        )
        yield (Cell(shown(group.id), "id"), Cell("  " if group.id else ""), Cell(heading, "muted"))
        for line in group.lines:
            yield from field_lines(line)
    for note in entry.evidence:
        yield (Cell(_("Файл: "), "muted"), Cell(shown(note.path)))


def reversal_lines(reversal: "Reversal") -> Iterator[str]:
    """Yield what an undo or a redo reverses and what it changes, for the question before it."""
    target = reversal.target
    yield f"{moment(target.date)}  {target.author}"
    yield reversal.reverts.subject
    yield from _groups(reversal)


def restoration_lines(reversal: "Reversal") -> Iterator[str]:
    """Yield where a restoration takes its values from and what it changes, for the question."""
    target = reversal.target
    template = _("Из версии {hash}: {moment}, {author}")
    facts = {
        "hash": target.commit[:SCREEN_HASH],
        "moment": moment(target.date),
        "author": target.author,
    }
    yield template.format(**facts)
    yield reversal.reverts.subject
    yield from _groups(reversal)
    for file in reversal.attachments:
        yield _("Файл вернётся: {path}").format(path=file.path)


def _groups(reversal: "Reversal") -> Iterator[str]:
    if not reversal.groups:
        yield ""
        yield _("Изменится только оформление файла.")
    for group in reversal.groups:
        yield ""
        yield (
            f"{group.id}  {beginning(group.title, LONGEST_TEXT)}"
            if group.id
            else _("Программа в целом")
        )
        for line in group.lines:
            yield from (f"    {beginning(text, LONGEST_TEXT)}" for text in field_line_text(line))


def field_lines(line: "FieldLine") -> Iterator[CellLine]:
    """Yield a field before and after, each on a line; of long values only excerpts."""
    old, new = line.old, line.new
    yield (Cell(f"  {shown(line.label)}", "label"),)
    if old and new:
        old, new = excerpts(old, new)
    if old:
        yield (Cell("    − "), Cell(shown(beginning(old, LONGEST_TEXT)), "overdue"))
    if new:
        yield (Cell("    + "), Cell(shown(beginning(new, LONGEST_TEXT)), "recorded"))
