"""``kvartal log`` and ``diff``: who changed what, and how two versions differ, in fields."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, cast

import click

from kvartal.schema.errors import N_
from kvartal.tui.commands import printing
from kvartal.tui.commands.arguments import optional_measure_argument
from kvartal.tui.commands.frame import Command
from kvartal.tui.commands.opening import display_name, measure_named, open_programme, plan_path
from kvartal.tui.commands.options import (
    Asked,
    Day,
    TextType,
    json_option,
    option,
    shared_options,
    typed_day,
)
from kvartal.tui.i18n import _
from kvartal.tui.text import shown

if TYPE_CHECKING:
    from kvartal.history.diff.groups import Group
    from kvartal.history.git.repository import Repository
    from kvartal.history.journal.journal import Entry
    from kvartal.schema.changes import PlanData


class Count(TextType):
    """A number of things, at least one."""

    name = "count"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, if it is such a number."""
        if not (value.isascii() and value.isdigit() and int(value)):
            text = _("«{value}» не подходит: нужно целое число от 1.")
            self.fail(text.format(value=value), param, ctx)
        return value


@click.command(
    "log",
    cls=Command,
    help=N_("История программы или одного мероприятия: кто, когда и что изменил; новое первым."),
)
@optional_measure_argument
@option("--since", type=Day(), metavar=N_("ДАТА"), help=N_("Не раньше этого дня."))
@option("--until", type=Day(), metavar=N_("ДАТА"), help=N_("Не позже этого дня."))
@option("--limit", type=Count(), metavar="N", help=N_("Не больше стольких записей."))
@json_option
@shared_options
@click.pass_context
def log_command(
    ctx: click.Context,
    measure: str | None,
    since: str | None,
    until: str | None,
    limit: str | None,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the commits that touched the plan."""
    from kvartal.history.diff.words import Words
    from kvartal.history.git.repository import find_repository
    from kvartal.history.journal.journal import entries

    programme = open_programme(ctx.ensure_object(Asked))
    plan = programme.plan
    path = programme.path.resolve()
    found = entries(
        find_repository(path.parent),
        path.name,
        measure=measure,
        since=None if since is None else typed_day(since, plan),
        until=None if until is None else typed_day(until, plan),
        words=Words(_),
    )
    with closing(cast("Generator[Entry]", found)):
        told = list(islice(found, None if limit is None else int(limit)))
    if measure is not None and not told:
        measure_named(plan, measure)  # One that was removed has a history; a slip has none.
    if as_json:
        printing.json_data([_entry_row(one) for one in told])
    else:
        _print_entries(told)


@click.command(
    "diff",
    cls=Command,
    help=N_(
        "Чем различаются две версии программы, по мероприятиям и полям. Без версий — чем файл "
        "отличается от сохранённого; A — чем файл отличается от версии A."
    ),
)
@click.argument("versions", metavar="[A[..B]]", required=False, default="HEAD")
@json_option
@shared_options
@click.pass_context
def diff_command(
    ctx: click.Context,
    versions: str,
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print the difference of two versions."""
    from kvartal.history.diff.diff import difference, field_changes
    from kvartal.history.diff.groups import change_groups
    from kvartal.history.diff.words import Words

    old, new = _two_versions(ctx.ensure_object(Asked), versions)
    edits = difference(old, new)
    if as_json:
        printing.json_data([one.as_json() for one in field_changes(edits)])
    elif edits:
        _print_groups(change_groups(old, new, Words(_), edits))
    else:
        printing.line(_("Различий нет."))


@dataclass(frozen=True, slots=True)
class _History:
    """Where versions of a plan are looked up."""

    repository: "Repository"
    name: str
    shown_as: str

    def at(self, revision: str) -> "PlanData":
        """Return the plan at a revision; empty where it was not there yet.

        Raises:
            NoSuchRevision, NotBegunYet: There is no such version.
            UnreadablePlan: The version is not the YAML a plan is written in.
        """
        from kvartal.history.journal.at import commit_at
        from kvartal.history.text.loader import load

        commit = commit_at(self.repository, revision)
        content = self.repository.blob(commit, self.name)
        return {} if content is None else load(content, f"{revision}:{self.shown_as}").data


def _two_versions(asked: Asked, versions: str) -> "tuple[PlanData, PlanData]":
    from kvartal.history.git.repository import find_repository
    from kvartal.history.text.loader import read

    path = plan_path(asked)
    real = path.resolve()
    history = _History(find_repository(real.parent), real.name, display_name(path))
    first, dots, second = versions.partition("..")
    old = history.at(first or "HEAD")
    if dots:
        return old, history.at(second or "HEAD")
    return old, read(path, display_name(path)).data


def _entry_row(entry: "Entry") -> dict[str, object]:
    """Return a commit as ``kvartal log --json`` prints it."""
    return {
        "commit": entry.commit,
        "date": entry.date,
        "author": entry.author,
        "subject": entry.subject,
        "kind": entry.kind.value if entry.kind else None,
        "by_hand": entry.is_by_hand,
        "changes": [one.as_json() for one in entry.changes],
        "evidence": [{"path": one.path, "sha256": one.sha256} for one in entry.evidence],
    }


def _print_entries(told: Iterable["Entry"]) -> None:
    first = True
    for entry in told:
        if not first:
            printing.raw("")
        first = False
        head = f"{entry.commit[:10]}  {_moment(entry.date)}  {entry.author}"
        printing.raw(printing.styled(shown(head), printing.DIM))
        printing.raw(printing.styled(shown(entry.subject), printing.BOLD))
        for text in _remarks(entry):
            printing.line(f"  {text}")
        _print_groups(entry.groups)
    if first:
        printing.line(_("История пуста."))


def _remarks(entry: "Entry") -> Iterator[str]:
    if entry.is_by_hand:
        yield _("Сделано без этой программы.")
    if not entry.is_readable:
        yield _("Версия файла до или после этого изменения не читается.")


def _print_groups(groups: Iterable["Group"]) -> None:
    for group in groups:
        title = f"{group.id} {group.title}" if group.id else _("Документ и разделы")
        printing.line(f"  {title}")
        for one in group.lines:
            printing.line(f"    {one}")


def _moment(date: str) -> str:
    try:
        return f"{datetime.fromisoformat(date):%d.%m.%Y %H:%M}"
    except ValueError:
        return date
