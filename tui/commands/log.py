"""``kvartal log``: who changed what and when, field by field."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING

import click

from kvartal.history.diff.words import moment_text
from kvartal.history.git.errors import GitFailed
from kvartal.history.programme import Programme
from kvartal.history.store.snapshot import InvalidPlan
from kvartal.history.yaml_text.loader import UnreadablePlan
from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.period import ProgrammePeriod
from kvartal.tui.commands import output
from kvartal.tui.commands.arguments import (
    find_measure,
    optional_measure_argument,
    report_other_measures,
    typed_id,
)
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.json_rows import programme_keys
from kvartal.tui.commands.params import (
    CommonOptions,
    DateType,
    TextType,
    common_options,
    json_option,
    option,
    today,
)
from kvartal.tui.commands.programme import in_turn, print_heading, programmes_to_read
from kvartal.tui.commands.wrapping import print_text
from kvartal.tui.dates import typed_date
from kvartal.tui.failures import print_stderr
from kvartal.tui.i18n import _
from kvartal.tui.plans.earlier_values import EarlierPlanMissing
from kvartal.tui.plans.files import carried_path
from kvartal.tui.plans.names import path_in_repository
from kvartal.tui.plans.path import open_plan
from kvartal.tui.presentation.commit_notes import author_text, commit_notes, shows_fields
from kvartal.tui.presentation.formats import written

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry
    from kvartal.schema.measure import Origin
    from kvartal.schema.model import Plan


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
    options = ctx.ensure_object(CommonOptions)
    programmes, selection = programmes_to_read(options)
    meant = options.programme
    request = _Request(measure, since, until, None if limit is None else int(limit))
    logs = [_Log(programme, request) for programme in programmes]
    for plan in filter(None, (log.plan for log in logs)):
        report_other_measures(plan, measure or "")
    logs += _earlier_years(logs)
    rows: list[dict[str, object]] = []
    unread = 0
    if measure is not None and not any(log.knows_measure() for log in logs):
        logs[-1].refuse_measure()
    for index, log in enumerate(in_turn(logs, options)):
        if index >= len(programmes) and not log.leave_room_for(logs[index - 1]):
            break
        if as_json:
            rows += log.rows()
        else:
            if selection.is_choice or len(logs) > 1:
                print_heading(log.programme, log.plan, is_first=not index)
            log.print()
        unread += log.unread
    options.programme = meant  # The limit may have ended it before the last one.
    for lost in filter(None, (log.lost_origin() for log in logs)):
        print_stderr(f"kvartal: {lost}")
    if as_json:
        output.json_data(rows)
    if unread:
        raise LogIncomplete(count=unread)


def _earlier_years(logs: "Sequence[_Log]") -> "list[_Log]":
    """Return the logs of the measures that the chosen one continues, of one year after the other.

    A programme that is named anyway, is not there or cannot be read is left out.
    """
    seen = {log.programme.path.resolve() for log in logs}
    earlier: list[_Log] = []
    for log in logs:
        following: _Log | None = log
        while following is not None:
            following = following.earlier()
            if following is None or following.programme.path.resolve() in seen:
                break
            seen.add(following.programme.path.resolve())
            earlier.append(following)
    return earlier


@dataclass(frozen=True, slots=True)
class _Request:
    """The arguments of the command, as typed."""

    measure: str | None
    since: str | None
    until: str | None
    limit: int | None


class _Log:
    """The part of the history of one programme that is asked for."""

    def __init__(self, programme: Programme, request: _Request) -> None:
        self.programme = programme
        self.plan = _current_plan(programme)
        self.unread = 0
        self.count = 0
        self._request = request
        self._period = self.plan.period if self.plan else ProgrammePeriod.of_year(today().year)

    @property
    def name(self) -> str:
        """What answers and refusals call the programme."""
        return self.programme.name

    def knows_measure(self) -> bool:
        """Return whether there is something to show of the measure, or nothing is known of it."""
        typed = self._request.measure
        if typed is None or self.plan is None or typed_id(self.plan, typed) is not None:
            return True
        # A removed measure has a history, a misspelt id has none.
        with closing(self._entries()) as entries:
            return next(entries, None) is not None

    def earlier(self) -> "_Log | None":
        """Return the log of the measure that this one continues; None where there is none."""
        origin = self._origin
        path = None if origin is None else carried_path(self.programme.path, origin.plan)
        if origin is None or path is None:
            return None
        return _Log(open_plan(path), replace(self._request, measure=origin.id))

    def lost_origin(self) -> str:
        """Return that the programme which the measure came from is not here; empty for neither."""
        origin = self._origin
        if origin is None or carried_path(self.programme.path, origin.plan) is not None:
            return ""
        return EarlierPlanMissing(id=origin.id, plan=origin.plan).message(_)

    @property
    def _origin(self) -> "Origin | None":
        typed = self._request.measure
        measure = None if typed is None or self.plan is None else typed_id(self.plan, typed)
        return None if measure is None else measure.carried_from

    def leave_room_for(self, later: "_Log") -> bool:
        """Return whether the limit leaves room for what came before a later year's log."""
        limit = self._request.limit
        if limit is None:
            return True
        left = limit - later.count
        self._request = replace(self._request, limit=left)
        return left > 0

    def refuse_measure(self) -> None:
        """Refuse the measure, with similar ones named."""
        if self.plan is not None and self._request.measure is not None:
            find_measure(self.plan, self._request.measure)

    def rows(self) -> list[dict[str, object]]:
        """Return the commits as ``--json`` prints them."""
        path = self.programme.path
        named: dict[str, object] = {"organization": None, "year": None}
        named["plan"] = path_in_repository(path)
        keys = named if self.plan is None else {**programme_keys(self.plan, path)}
        return [{**_entry_row(entry), **keys} for entry in self._entries()]

    def print(self) -> None:
        """Print the commits while they are read: the newest come before a long history is whole."""
        from kvartal.history import repair

        entries = self._entries()
        first = next(entries, None)
        if first is None:
            repair.check_begun(self.programme)
            is_part = self._request.since is not None or self._request.until is not None
            print_text(_("За эти дни изменений нет.") if is_part else _("История пуста."))
        else:
            _print_entries(chain((first,), entries), whole=self._request.measure is None)

    def _entries(self) -> Generator["CommitEntry"]:
        """Yield the commits, and count those that git could not read: no YAML was never more."""
        since, until = self._day(self._request.since), self._day(self._request.until)
        self.unread = self.count = 0
        with closing(self.programme.log(self._request.measure, since=since, until=until)) as log:
            for entry in islice(log, self._request.limit):
                self.count += 1
                if isinstance(entry.unread, GitFailed):
                    self.unread += 1
                yield entry

    def _day(self, typed: str | None) -> date | None:
        return None if typed is None else typed_date(typed, period=self._period, today=today())


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
        head = f"{entry.commit[:10]}  {written(moment_text(entry.date))}  {author_text(entry)}"
        print_text(head, output.DIM)
        print_text(entry.subject, output.BOLD)
        for text in commit_notes(entry, whole=whole):
            print_text(f"  {text}")
        if shows_fields(entry, whole=whole):
            for text in output.group_lines(entry.groups):
                print_text(text)
