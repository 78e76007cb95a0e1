"""``kvartal log``: who changed what and when, field by field."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING

import click

from kvartal.history.diff.words import moment_text
from kvartal.history.git.errors import GitFailed
from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import InvalidPlan
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import find_measure, optional_measure_argument
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    DateType,
    TextType,
    common_options,
    json_option,
    option,
    today,
)
from kvartal.tui.commands.programme import programme_to_read
from kvartal.tui.dates import typed_date
from kvartal.tui.i18n import _
from kvartal.tui.presentation.commit_notes import author_text, commit_notes, shows_fields
from kvartal.tui.presentation.sanitize import shown

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry
    from kvartal.schema.model import Plan
from kvartal.schema.period import ProgrammePeriod


class LogIncomplete(KvartalError):
    """Some versions are damaged or not fetched: what was changed in them is not known."""

    template = N_(
        "История показана не вся: у записей, где версия файла не читается ({count}), не узнать, "
        "что изменено. Причина названа при каждой."
    )


class CountType(TextType):
    """A positive number."""

    name = "count"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text if it is a positive number."""
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
@option("--since", type=DateType(), metavar=N_("ДАТА"), help=N_("Не раньше этого дня."))
@option("--until", type=DateType(), metavar=N_("ДАТА"), help=N_("Не позже этого дня."))
@option("--limit", type=CountType(), metavar="N", help=N_("Не больше стольких записей."))
@json_option
@common_options
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
    programme = programme_to_read(ctx.ensure_object(CommonOptions))
    plan = _current_plan(programme)
    period = ProgrammePeriod.of_year(today().year) if plan is None else plan.period
    log = programme.log(
        measure,
        since=None if since is None else typed_date(since, period=period, today=today()),
        until=None if until is None else typed_date(until, period=period, today=today()),
    )
    with closing(log):
        # Printed while they are read: the newest are there before a long history is read whole.
        entries: Iterator[CommitEntry] = islice(log, None if limit is None else int(limit))
        first = next(entries, None)
        if first is None and measure is not None and plan is not None:
            find_measure(plan, measure)  # A removed measure has a history, a misspelt id has none.
        unread: list[CommitEntry] = []
        entries = _noting_unread(entries if first is None else chain((first,), entries), unread)
        if as_json:
            output.json_data([_entry_row(entry) for entry in entries])
        elif first is None:
            is_part = since is not None or until is not None
            output.line(_("За эти дни изменений нет.") if is_part else _("История пуста."))
        else:
            _print_entries(entries, whole=measure is None)
        if unread:
            raise LogIncomplete(count=len(unread))


def _noting_unread(
    entries: Iterable["CommitEntry"], unread: list["CommitEntry"]
) -> Iterator["CommitEntry"]:
    """Yield entries, and note those that git could not read: what is no YAML was never more."""
    for entry in entries:
        if isinstance(entry.unread, GitFailed):
            unread.append(entry)
        yield entry


def _current_plan(programme: Programme) -> "Plan | None":
    """Return the plan on disk; None if it cannot be read: its log is needed most then."""
    try:
        return programme.read().plan
    except (UnreadablePlan, InvalidPlan):
        return None


def _entry_row(entry: "CommitEntry") -> dict[str, object]:
    """Return a commit as ``kvartal log --json`` prints it.

    Where what it changed is not known, ``unread`` says why; where the version before it cannot be
    read, ``compared_with`` is the last readable one.
    """
    row: dict[str, object] = {
        "commit": entry.commit,
        "date": entry.date,
        "author": entry.author,
        "email": entry.email,
        "subject": entry.subject,
        "kind": entry.kind.value if entry.kind else None,
        "by_hand": entry.is_manual,
        "merge": entry.is_merge,
        "changes": [change.as_json() for change in entry.changes],
        "evidence": [{"path": file.path, "sha256": file.sha256} for file in entry.evidence],
        "note": "\n".join(entry.note),
        "choices": [{**choice.as_json(), "by": entry.author} for choice in entry.choices],
    }
    if entry.unread is not None:
        row["unread"] = entry.unread.message(_)
    if entry.compared_with:
        row["compared_with"] = entry.compared_with
    return row


def _print_entries(entries: Iterable["CommitEntry"], *, whole: bool) -> None:
    """Print commits.

    Args:
        entries: The commits.
        whole: Whether they are of the whole programme: its first one is not printed by fields then.
    """
    first = True
    for entry in entries:
        if not first:
            output.raw("")
        first = False
        head = f"{entry.commit[:10]}  {moment_text(entry.date)}  {author_text(entry)}"
        output.raw(output.styled(shown(head), output.DIM))
        output.raw(output.styled(shown(entry.subject), output.BOLD))
        for text in commit_notes(entry, whole=whole):
            output.line(f"  {text}")
        if shows_fields(entry, whole=whole):
            output.print_groups(entry.groups)
