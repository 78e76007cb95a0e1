"""``kvartal doctor``: what a programme needs to be saved and synced, checked; stale locks moved."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, option
from kvartal.tui.commands.programme import recover_to_read, selected_programme
from kvartal.tui.i18n import _

if TYPE_CHECKING:
    from kvartal.history.programme import Programme

_TITLES: Final = {
    "git": N_("Программа git"),
    "programme": N_("Файл программы"),
    "repository": N_("История"),
    "unfinished": N_("Прерванная работа"),
    "locks": N_("Файлы блокировки"),
    "state": N_("Сохранение"),
    "edits": N_("Правка вручную"),
    "identity": N_("Автор изменений"),
    "driver": N_("Слияние по полям"),
}
_OK: Final = "ok"
_MISSING: Final = "--"


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, and the result.

    Attributes:
        code: A key of `_TITLES`.
        text: What is there; or what is missing, with the command that mends it.
        is_ok: Whether nothing is missing.
    """

    code: str
    text: str
    is_ok: bool = True


@click.command(
    "doctor",
    cls=Command,
    help=N_(
        "Проверить, всё ли есть для работы: git, история, автор, файлы блокировки, прерванное. "
        "У каждого недостатка названа команда, которая его устраняет. Код выхода 1, если "
        "чего-то недостаёт."
    ),
)
@option(
    "--unlock",
    is_flag=True,
    help=N_(
        "Отложить файлы блокировки, оставшиеся от прерванного git: они не удаляются, а "
        "переносятся в .git/kvartal/aside. Файлы работающего git не тронуты."
    ),
)
@json_option
@common_options
@click.pass_context
def doctor_command(
    ctx: click.Context,
    unlock: bool,  # noqa: FBT001 - an option
    as_json: bool,  # noqa: FBT001 - an option
) -> None:
    """Print what was checked, after moving stale locks away if that is asked for."""
    options = ctx.ensure_object(CommonOptions)
    if unlock:
        for lock in _unlock(options):
            if not as_json:
                output.line(_("Отложено: {file}").format(file=lock))
    checks = tuple(_checks(options))
    if as_json:
        rows = [{"code": check.code, "ok": check.is_ok, "message": check.text} for check in checks]
        output.json_data({"ok": all(check.is_ok for check in checks), "checks": rows})
    else:
        for check in checks:
            sign = _OK if check.is_ok else _MISSING
            output.line(f"{sign}  {_(_TITLES[check.code])}: {check.text}")
    ctx.exit(EXIT_OK if all(check.is_ok for check in checks) else EXIT_REFUSED)


def _unlock(options: CommonOptions) -> tuple[Path, ...]:
    """Move stale locks away; return where they are now.

    Raises:
        KvartalError: There is no programme, no repository, or another writer is at work.
    """
    from kvartal.history import repair

    return repair.unlock(selected_programme(options))


def _checks(options: CommonOptions) -> Iterator[Check]:
    """Yield the checks; those that a failed one makes pointless are left out."""
    git = _checked("git", _git_version)
    yield git
    try:
        programme = selected_programme(options)
    except KvartalError as error:
        yield Check("programme", error.message(_), is_ok=False)
        return
    yield _checked("programme", lambda: _plan_summary(programme))
    repository = _checked("repository", lambda: str(programme.repository().at("").folder))
    yield repository
    if repository.is_ok:
        yield from _repository_checks(programme)


def _repository_checks(programme: "Programme") -> Iterator[Check]:
    from kvartal.history import repair
    from kvartal.history.git.errors import GitLocked, NoIdentity
    from kvartal.history.store.errors import UncommittedEdits

    recover_to_read(programme)
    state = programme.state()
    if state.holder is not None:
        text = _("программу сейчас сохраняет процесс {pid}, это не сбой")
        yield Check("unfinished", text.format(pid=state.holder.pid))
    elif programme.unfinished_work() is None:
        yield Check("unfinished", _("не найдено"))
    else:
        text = _("не закончена; повторите `kvartal doctor`, когда устраните остальное")
        yield Check("unfinished", text, is_ok=False)
    lock = repair.blocking_lock(programme, state.branch)
    yield _result("locks", lock, _("не найдено"))
    obstacle = None if isinstance(state.obstacle, GitLocked) else state.obstacle
    yield _result("state", obstacle, _("можно сохранять"))
    edits = UncommittedEdits(plan=programme.name) if state.is_edited else None
    yield _result("edits", edits, _("не найдено"))
    known = repair.identity(programme)
    author = f"{known.name} <{known.email}>"
    yield _result("identity", None if repair.has_identity(programme) else NoIdentity(), author)
    if repair.has_driver(programme):
        yield Check("driver", _("настроено"))
    else:
        yield Check("driver", _("не настроено в этой копии: `kvartal git-setup`."), is_ok=False)


def _git_version() -> str:
    """Return git's version.

    Raises:
        GitMissing: There is no git.
        GitTooOld: It cannot sync.
    """
    from kvartal.history.repair import git_version

    return git_version()


def _plan_summary(programme: "Programme") -> str:
    plan = programme.read().plan
    template = _("{file}, {year} год, мероприятий: {count}")
    return template.format(file=programme.name, year=plan.years_text, count=len(plan.measures))


def _checked(code: str, ask: Callable[[], str]) -> Check:
    """Return what a question yields, or why it has no answer."""
    try:
        return Check(code, ask())
    except KvartalError as error:
        return Check(code, error.message(_), is_ok=False)


def _result(code: str, error: KvartalError | None, text: str) -> Check:
    return Check(code, text) if error is None else Check(code, error.message(_), is_ok=False)
