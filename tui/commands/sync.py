"""``kvartal sync``: fetch and merge what others changed, and push what was changed here."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from kvartal.history.programme import Programme
from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.tui import failures
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    TextType,
    change_options,
    common_options,
    one_of,
    option,
)
from kvartal.tui.commands.programme import recover, recover_to_read, repository_programme
from kvartal.tui.commands.saved import answer_of_saved
from kvartal.tui.commands.saving import change_row
from kvartal.tui.commands.sync_output import (
    choose_option,
    conflict_lines,
    divergence_row,
    synced_row,
)
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.diff.groups import ChangeGroup
    from kvartal.history.sync.divergence import Choices, Divergence, Side
    from kvartal.history.sync.errors import SyncConflicts
    from kvartal.history.sync.progress import SyncResult, SyncStep
    from kvartal.schema.changes import PlanData

_SIDES: Final = ("ours", "theirs")
_WRITING: Final = ("writing", "pushing")
_INTERRUPTED: Final = N_(
    "Обмен прерван. Здесь всё сохранено; что получено и отправлено, покажет следующий "
    "`kvartal sync`."
)
_STEPS: Final = {
    "fetching": N_("Получаю изменения…"),
    "merging": N_("Объединяю…"),
    "writing": N_("Записываю полученное…"),
    "pushing": N_("Отправляю изменения…"),
}


class ChooseType(TextType):
    """A field and the side whose value to take: ``1.1.2:result=theirs``."""

    name = "choice"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, if it is such a choice."""
        name, _equals, side = value.rpartition("=")
        if not name or side not in _SIDES:
            template = _("«{value}» не подходит: нужно поле и чьё значение взять, {example}.")
            example = "1.1.2:result=theirs"
            self.fail(template.format(value=value, example=example), param, ctx)
        return value


@click.command(
    "sync",
    cls=Command,
    help=N_(
        "Обменяться изменениями с общим репозиторием: получить чужие, объединить по мероприятиям "
        "и полям, отправить свои. Если одно поле изменено по-разному, называет оба значения и "
        "ничего не трогает: выберите (--choose, --take) и повторите, или выберите на экране."
    ),
)
@option("--remote", metavar=N_("ИМЯ"), help=N_("Общий репозиторий (обычно origin)."))
@option(
    "--choose",
    "chosen",
    type=ChooseType(),
    multiple=True,
    metavar=N_("ПОЛЕ=ours|theirs"),
    help=N_("Чьё значение взять: наше или другой стороны. Можно несколько раз."),
)
@option(
    "--take",
    type=one_of(*_SIDES),
    metavar="ours|theirs",
    help=N_("Чьи значения взять во всех остальных таких полях."),
)
@option(
    "--accept-rewritten",
    is_flag=True,
    help=N_("Соединить и тогда, когда история общего репозитория переписана."),
)
@change_options
@common_options
@click.pass_context
def sync_command(
    ctx: click.Context,
    remote: str | None,
    chosen: tuple[str, ...],
    take: str | None,
    accept_rewritten: bool,  # noqa: FBT001 - an option
) -> None:
    """Sync the programme, and print in one line what was received and sent."""
    options = ctx.ensure_object(CommonOptions)
    programme = repository_programme(options)
    if options.dry_run:
        recover_to_read(programme)
    else:
        recover(programme)
    sync = _Sync(programme, remote, accept_rewritten=accept_rewritten, as_json=options.as_json)
    try:
        code = (sync.preview if options.dry_run else sync.run)(chosen, take)
    except failures.Interrupted as error:
        error.sentence = sync.interrupted_sentence()
        raise
    ctx.exit(code)


class _Sync:
    """One call of the command."""

    def __init__(
        self, programme: Programme, remote: str | None, *, accept_rewritten: bool, as_json: bool
    ) -> None:
        self._programme = programme
        self._remote = remote
        self._accept_rewritten = accept_rewritten
        self._as_json = as_json
        self._has_written = False
        self._folder = programme.repository().prefix
        # A user at a terminal may be asked for a password; a script never is.
        self._interactive = sys.stdin is not None and sys.stdin.isatty() and output.is_terminal()

    def preview(self, chosen: Sequence[str], take: str | None) -> int:
        """Print what would be received and sent; return the exit code. Arguments as `run`."""
        from kvartal.history.sync.divergence import Side
        from kvartal.history.sync.errors import SyncConflicts

        divergence = self._divergence()
        choices: Choices | None = None
        error: SyncConflicts | None = None
        try:
            if chosen:
                choices = self._choices(divergence, chosen, Side(take) if take else None)
            elif take:
                choices = divergence.choices(Side(take))
            elif divergence.conflicts:
                error = SyncConflicts(divergence)
        except SyncConflicts as raised:
            error = raised
        if self._as_json:
            change = change_row(None, *self._merged(divergence, choices))
            output.json_data({**change, **divergence_row(divergence, self._folder, error)})
        else:
            template = _("{remote}: будет получено изменений {received}, отправлено {sent}.")
            _print_counts(template, divergence)
            output.print_groups(_groups(*self._merged(divergence, choices)))
            for line in () if error is None else conflict_lines(divergence):
                output.line(line)
        return EXIT_OK if error is None else EXIT_REFUSED

    def run(self, chosen: Sequence[str], take: str | None) -> int:
        """Sync; return the exit code.

        Args:
            chosen: The values of ``--choose``.
            take: The value of ``--take``, for all other conflicts.
        """
        from kvartal.history.sync.divergence import Side
        from kvartal.history.sync.errors import SyncConflicts

        choices: Choices | Side | None = Side(take) if take else None
        try:
            if chosen:
                choices = self._choices(self._divergence(), chosen, choices)
            before = self._programme.read()
            synced = self._programme.sync(
                remote=self._remote,
                choices=choices,
                report=self._report,
                interactive=self._interactive,
                accept_rewritten=self._accept_rewritten,
            )
        except SyncConflicts as error:
            return self._report_conflicts(error)
        with answer_of_saved(() if self._as_json else synced.warnings):
            if self._as_json:
                after = before if synced.snapshot is None else synced.snapshot
                warnings = [warning.message(_) for warning in synced.warnings]
                change = change_row(synced.commit, before.data, after.data, warnings)
                output.json_data({**change, **synced_row(synced)})
            else:
                _print_synced(synced)
        return EXIT_OK

    def _merged(
        self, divergence: "Divergence", choices: "Choices | None" = None
    ) -> "tuple[PlanData, PlanData]":
        """Return our version, and the merged one: ours until somebody chooses."""
        from kvartal.history.merge.merge import resolve
        from kvartal.history.yaml_text.loader import load

        repository, name = self._programme.repository(), self._programme.path.resolve().name
        ours = load(repository.blob(divergence.ours, name) or b"", name).data
        if divergence.merged is not None and choices is not None:
            values = [
                conflict.value(side)
                for conflict, side in zip(divergence.conflicts, choices.sides, strict=True)
                if conflict.plan == name and not conflict.is_elsewhere
            ]
            return ours, resolve(divergence.merged, values)
        if divergence.merged is not None:
            return ours, divergence.merged.data
        if divergence.theirs is None or not divergence.received:
            return ours, ours
        base = repository.blob(str(divergence.base), name)
        theirs = repository.blob(divergence.theirs, name)
        # Only one side changed the plan.
        return ours, ours if theirs is None or theirs == base else load(theirs, name).data

    def _divergence(self) -> "Divergence":
        return self._programme.divergence(
            remote=self._remote,
            interactive=self._interactive,
            accept_rewritten=self._accept_rewritten,
            report=self._report,
        )

    def _choices(
        self, divergence: "Divergence", chosen: Sequence[str], rest: "Side | Choices | None"
    ) -> "Choices":
        """Return the choices that were typed for the conflicts that were shown.

        Raises:
            UsageError: A choice names no conflict.
            SyncConflicts: A conflict has no choice, or the conflicts are not those shown last.
        """
        from kvartal.history.sync.divergence import Side
        from kvartal.history.sync.errors import ChoicesOutdated, SyncConflicts
        from kvartal.history.sync.state_files import were_conflicts_shown

        typed = {name: side for name, _, side in (choice.rpartition("=") for choice in chosen)}
        names = [conflict.name for conflict in divergence.conflicts]
        if names:
            shown = were_conflicts_shown(self._programme.repository().git_dir, divergence)
            if not shown:
                raise (SyncConflicts if shown is None else ChoicesOutdated)(divergence)
        for name in typed:
            if name not in names:
                known = ", ".join(names) or "—"
                template = _("Спорного поля «{name}» нет. Есть: {known}.")
                raise click.UsageError(template.format(name=name, known=known))
        sides = [typed.get(name, rest) for name in names]
        if None in sides:
            raise SyncConflicts(divergence)
        return divergence.choices([Side(str(side)) for side in sides])

    def _report_conflicts(self, error: "SyncConflicts") -> int:
        from kvartal.history.sync.state_files import save_shown_conflicts

        divergence = error.divergence
        save_shown_conflicts(self._programme.repository().git_dir, divergence)
        if self._as_json:
            ours, _merged = self._merged(divergence)
            change = change_row(None, ours, ours)
            output.json_data({**change, **divergence_row(divergence, self._folder, error)})
        failures.print_stderr(f"kvartal: {error.message(_)}")
        for line in conflict_lines(divergence):
            failures.print_stderr(line)
        names = [conflict.name for conflict in divergence.conflicts[:2]]
        more = ["…"] if len(divergence.conflicts) > len(names) else []
        example = " ".join((*(choose_option(f"{name}=theirs") for name in names), *more))
        failures.print_stderr(
            _("Взять значение другой стороны: kvartal sync {example}").format(example=example)
        )
        failures.print_stderr(_("Взять везде одну сторону: kvartal sync --take ours (или theirs)."))
        return error.exit_code

    def interrupted_sentence(self) -> str:
        """Return what has become of a sync that a signal ended."""
        from kvartal.history.sync.errors import SyncStopped

        return _(_INTERRUPTED) if self._has_written else SyncStopped().message(_)

    def _report(self, step: "SyncStep") -> None:
        self._has_written = self._has_written or step.value in _WRITING
        if self._interactive and not self._as_json:
            failures.print_stderr(_(_STEPS[step.value]))


def _groups(ours: "PlanData", merged: "PlanData") -> "Sequence[ChangeGroup]":
    """Return what a merge changes in our version, by measure."""
    from kvartal.history.diff.groups import visible_groups
    from kvartal.history.diff.words import Words

    return visible_groups(ours, merged, Words(_))


def _print_synced(synced: "SyncResult") -> None:
    if not synced.received and not synced.sent and synced.commit is None:
        output.line(_("{remote}: всё одинаково.").format(remote=synced.remote))
        _print_notes(synced)
        return
    _print_counts(_("{remote}: получено изменений {received}, отправлено {sent}."), synced)


def _print_counts(template: str, result: "Divergence | SyncResult") -> None:
    """Print in one line what was, or would be, received and sent; then the notes on it."""
    output.line(template.format(remote=result.remote, received=result.received, sent=result.sent))
    _print_notes(result)


def _print_notes(result: "Divergence | SyncResult") -> None:
    for note in result.notes:
        failures.print_stderr(f"kvartal: {note.message(_)}")
