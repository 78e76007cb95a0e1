"""``kvartal sync``: what others changed comes here, what was changed here goes to them."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_
from kvartal.tui import failures
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import (
    CommonOptions,
    TextType,
    json_option,
    one_of,
    option,
    shared_options,
)
from kvartal.tui.commands.programme import plan_path, recover
from kvartal.tui.commands.sync_output import conflict_lines, divergence_row, synced_row
from kvartal.tui.i18n import _, translator

if TYPE_CHECKING:
    from kvartal.history.sync.divergence import Choices, Divergence, Side
    from kvartal.history.sync.errors import SyncConflicts
    from kvartal.history.sync.progress import ReportStep, SyncResult, SyncStep
    from kvartal.schema.problems import Problem

_SIDES: Final = ("ours", "theirs")
_STEPS: Final = {
    "fetching": N_("Получаю изменения…"),
    "merging": N_("Объединяю…"),
    "taking": N_("Записываю полученное…"),
    "pushing": N_("Отправляю изменения…"),
}


class Choice(TextType):
    """A field and whose value of it to take: ``1.1.2:result=theirs``."""

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
    type=Choice(),
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
@option("--dry-run", is_flag=True, help=N_("Только показать, что будет получено и отправлено."))
@option(
    "--accept-rewritten",
    is_flag=True,
    help=N_("Соединить и тогда, когда история общего репозитория переписана."),
)
@json_option
@shared_options
@click.pass_context
def sync_command(
    ctx: click.Context,
    remote: str | None,
    chosen: tuple[str, ...],
    take: str | None,
    dry_run: bool,  # noqa: FBT001 - an option
    accept_rewritten: bool,  # noqa: FBT001 - an option
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Share the programme, and say in one line what came and what went."""
    path = plan_path(ctx.ensure_object(CommonOptions))
    recover(path)
    call = _Call(path, remote, accept_rewritten=accept_rewritten, as_json=as_json)
    if dry_run:
        ctx.exit(call.look())
    ctx.exit(call.share(chosen, take))


class _Call:
    """One call of the command."""

    def __init__(
        self, path: Path, remote: str | None, *, accept_rewritten: bool, as_json: bool
    ) -> None:
        self._path = path
        self._remote = remote
        self._accept = accept_rewritten
        self._as_json = as_json
        # A person at a terminal may be asked for a password; a script never is.
        self._asks = sys.stdin is not None and sys.stdin.isatty() and output.is_terminal()

    def look(self) -> int:
        """Tell what would come and go; return the exit code."""
        found = self._find_divergence()
        if self._as_json:
            output.json_data(divergence_row(found))
        else:
            template = _("{remote}: будет получено изменений {received}, отправлено {sent}.")
            told = {"remote": found.remote, "received": found.received, "sent": found.sent}
            output.line(template.format(**told))
            _tell_notes(found.notes)
            for line in conflict_lines(found):
                output.line(line)
        return EXIT_REFUSED if found.conflicts else EXIT_OK

    def share(self, chosen: Sequence[str], take: str | None) -> int:
        """Share; return the exit code."""
        from kvartal.history.store.snapshot import look
        from kvartal.history.sync.divergence import Side
        from kvartal.history.sync.errors import SyncConflicts
        from kvartal.history.sync.sync import synchronise

        choices: Choices | Side | None = Side(take) if take else None
        try:
            if chosen:
                choices = self._choices(self._find_divergence(), chosen, choices)
            synced = synchronise(
                self._path,
                remote=self._remote,
                choices=choices,
                translate=translator(look(self._path).plan.language),
                report=self._report(),
                interactive=self._asks,
                accept_rewritten=self._accept,
            )
        except SyncConflicts as error:
            return self._refused(error)
        if self._as_json:
            output.json_data(synced_row(synced))
        else:
            _tell(synced)
        return EXIT_OK

    def _find_divergence(self) -> "Divergence":
        from kvartal.history.sync.sync import find_divergence

        return find_divergence(
            self._path,
            remote=self._remote,
            interactive=self._asks,
            accept_rewritten=self._accept,
            report=self._report(),
        )

    def _choices(
        self, found: "Divergence", chosen: Sequence[str], rest: "Side | Choices | None"
    ) -> "Choices":
        """Return what was typed as choices for the conflicts that were shown.

        Raises:
            UsageError: What was typed names no conflict.
            SyncConflicts: There are conflicts without a choice, or they are not those shown last.
        """
        from kvartal.history.git.repository import find_repository
        from kvartal.history.sync.divergence import Side
        from kvartal.history.sync.errors import ChoicesOutdated, SyncConflicts
        from kvartal.history.sync.state_files import were_conflicts_shown

        typed = dict(one.rpartition("=")[::2] for one in chosen)
        names = [one.name for one in found.conflicts]
        git_dir = find_repository(self._path.parent).git_dir
        if found.conflicts and not were_conflicts_shown(git_dir, found):
            raise ChoicesOutdated(found)
        for name in typed:
            if name not in names:
                known = ", ".join(names) or "—"
                template = _("Спорного поля «{name}» нет. Есть: {known}.")
                raise click.UsageError(template.format(name=name, known=known))
        sides = [typed.get(name, rest) for name in names]
        if None in sides:
            raise SyncConflicts(found)
        return found.chosen([Side(str(side)) for side in sides])

    def _refused(self, error: "SyncConflicts") -> int:
        from kvartal.history.git.repository import find_repository
        from kvartal.history.sync.state_files import save_shown_conflicts

        divergence = error.divergence
        save_shown_conflicts(find_repository(self._path.parent).git_dir, divergence)
        if self._as_json:
            output.json_data(divergence_row(divergence))
        failures.print_stderr(f"kvartal: {error.message(_)}")
        for line in conflict_lines(divergence):
            failures.print_stderr(line)
        example = " ".join(f"--choose {one.name}=theirs" for one in divergence.conflicts[:2])
        failures.print_stderr(
            _("Взять значение другой стороны: kvartal sync {example}").format(example=example)
        )
        failures.print_stderr(_("Взять везде одну сторону: kvartal sync --take ours (или theirs)."))
        return error.exit_code

    def _report(self) -> "ReportStep":
        def tell(step: "SyncStep") -> None:
            if self._asks and not self._as_json:
                failures.print_stderr(_(_STEPS[step.value]))

        return tell


def _tell(synced: "SyncResult") -> None:
    """Print in one line what came and what went."""
    if not synced.received and not synced.sent and synced.commit is None:
        output.line(_("{remote}: всё одинаково.").format(remote=synced.remote))
        return
    template = _("{remote}: получено изменений {received}, отправлено {sent}.")
    told = {"remote": synced.remote, "received": synced.received, "sent": synced.sent}
    output.line(template.format(**told))
    _tell_notes(synced.notes)


def _tell_notes(notes: Sequence["Problem"]) -> None:
    for note in notes:
        failures.print_stderr(f"kvartal: {note.message(_)}")
