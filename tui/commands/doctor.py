"""``kvartal doctor``: what a programme needs to be saved and synced, checked; stale locks moved."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kvartal.schema.errors import EXIT_OK, EXIT_REFUSED, N_, KvartalError
from kvartal.tui.commands import output
from kvartal.tui.commands.click_classes import Command
from kvartal.tui.commands.machine_checks import Check, checked, machine_checks, result
from kvartal.tui.commands.params import CommonOptions, common_options, json_option, option
from kvartal.tui.commands.programme import recover_to_read, repository_programme, selected_plans
from kvartal.tui.commands.programme_checks import (
    named,
    plan_summary,
    schema_check,
    state_checks,
)
from kvartal.tui.i18n import _
from kvartal.tui.plans.path import open_plan

if TYPE_CHECKING:
    from kvartal.history.programme import Programme

_TITLES: Final = {
    "git": N_("Программа git"),
    "terminal": N_("Терминал"),
    "colours": N_("Цвета"),
    "locale": N_("Кодировка и язык"),
    "extras": N_("Дополнения"),
    "programme": N_("Файл программы"),
    "repository": N_("История"),
    "refs": N_("Ссылки git"),
    "unfinished": N_("Прерванная работа"),
    "locks": N_("Файлы блокировки"),
    "state": N_("Сохранение"),
    "edits": N_("Правка вручную"),
    "identity": N_("Автор изменений"),
    "driver": N_("Слияние по полям"),
    "schema": N_("Схема для редакторов"),
    "remote": N_("Общий репозиторий"),
}
_BROKEN_REFS: Final = (
    (
        "refs/remotes/",
        N_("{ref} не читается: {reason}. Её получит заново `kvartal sync`."),
    ),
    (
        "refs/kvartal/",
        N_(
            "{ref} не читается: {reason}. Удалите файл «.git/{ref}», и её получит заново "
            "`kvartal sync`."
        ),
    ),
    (
        "refs/tags/",
        N_(
            "метка {name} не читается: {reason}. Если её не вернуть, удалите её: "
            "`git tag -d {name}`, а если не выйдет — файл «.git/{ref}»; с сервера её получит "
            "`git fetch --tags`."
        ),
    ),
    (
        "",
        N_(
            "{ref} не читается: {reason}. Ненужную удаляют: `git update-ref -d {ref}`, а если не "
            "выйдет — файл «.git/{ref}»."
        ),
    ),
)
"""What to do about a ref that cannot be read, by the folder it is in."""
_OK: Final = "ok"
_MISSING: Final = "--"


@click.command(
    "doctor",
    cls=Command,
    help=N_(
        "Проверить, всё ли есть для работы: git, терминал, кодировка, история, автор, файлы "
        "блокировки, прерванное, общий репозиторий. У каждого недостатка названа команда, которая "
        "его устраняет. Код выхода 1, если чего-то недостаёт."
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
        rows = [check.as_json() for check in checks]
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

    return repair.unlock(repository_programme(options))


def _checks(options: CommonOptions) -> Iterator[Check]:
    """Yield the checks; those that a failed one makes pointless are left out."""
    from kvartal.history import repair
    from kvartal.history.git.errors import NotARepository, UnfinishedRepository

    git = checked("git", _git_version)
    yield git
    yield from machine_checks()
    try:
        programmes = [open_plan(path) for path in selected_plans(options).paths]
    except KvartalError as error:
        yield Check("programme", error.message(_), is_ok=False)
        if git.is_ok:
            yield checked("identity", lambda: _author(Path.cwd()))
        return
    options.programme = ""
    for one in programmes:
        yield checked("programme", partial(plan_summary, one))
    programme = programmes[0]
    try:
        top = programme.repository().at("").folder
        damage = repair.history_damage(programme)
        yield result("repository", damage, str(top))
        broken = tuple(_broken_refs(programme, is_damaged=damage is not None))
        yield from broken
        if damage is None and not broken:
            yield Check("refs", _("все читаются"))
    except KvartalError as error:
        yield Check("repository", error.message(_), is_ok=False)
        if git.is_ok and isinstance(error, NotARepository | UnfinishedRepository):
            yield checked("identity", lambda: _author(programme.path.resolve().parent))
        return
    try:
        yield from _repository_checks(programmes)
    except KvartalError as error:
        yield Check("state", error.message(_), is_ok=False)


def _broken_refs(programme: "Programme", *, is_damaged: bool) -> Iterator[Check]:
    """Yield a check for each ref that cannot be read and is not what the history hangs on.

    Args:
        programme: The programme.
        is_damaged: Whether the history is, which may be why they cannot be read.

    Raises:
        KvartalError: It is not known which refs there are.
    """
    from kvartal.history import repair
    from kvartal.history.git.damage import ObjectLost
    from kvartal.history.git.failures import RepositoryUnreadable

    refs = repair.broken_refs(programme)
    if refs and is_damaged:
        text = _("не читаются: {refs}. Сначала восстановите историю, потом повторите проверку.")
        yield Check("refs", text.format(refs=", ".join(refs)), is_ok=False)
        return
    for ref, error in refs.items():
        if isinstance(error, RepositoryUnreadable):
            yield Check("refs", f"{ref}: {error.message(_)}", is_ok=False)
            continue
        template = next(text for folder, text in _BROKEN_REFS if ref.startswith(folder))
        is_lost = isinstance(error, ObjectLost)
        reason = _("её объект не находится") if is_lost else _("её файл или её объект повреждён")
        name = ref.removeprefix("refs/tags/")
        text = _(template).format(ref=ref, name=name, reason=reason)
        yield Check("refs", text, is_ok=False)


def _repository_checks(programmes: Sequence["Programme"]) -> Iterator[Check]:
    """Yield the checks of the repository, and those of each programme in it."""
    from kvartal.history import creation, repair

    for one in programmes:
        recover_to_read(one)
    programme = programmes[0]
    state = programme.state()
    if state.holder is None:
        # What prevents it is reported below, with the command that mends it.
        with suppress(KvartalError):
            creation.finish_init(programme)
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
    yield result("locks", lock, _("не найдено"))
    for one in programmes:
        yield from named(state_checks(one), one, programmes)
    folder = programme.repository().at("").folder
    yield checked("identity", lambda: _author(folder, in_repository=True))
    if all(map(repair.has_driver, programmes)):
        yield Check("driver", _("настроено"))
    else:
        yield _without_driver(programmes)
    for one in programmes:
        yield from named(schema_check(one), one, programmes)
    if state.branch is not None:
        yield _remote(programme, state.branch)


def _without_driver(programmes: Sequence["Programme"]) -> Check:
    """Return how git itself merges; that it does so line by line is no failure."""
    from kvartal.history import repair

    if not all(map(repair.is_without_driver, programmes)):
        text = _("настроено не целиком или для другого: `kvartal git-setup`.")
        return Check("driver", text, is_ok=False)
    text = _(
        "не настроено в этой копии, оно нужно только для слияния и сравнения самим git: "
        "`kvartal git-setup`"
    )
    return Check("driver", text)


def _remote(programme: "Programme", branch: str) -> Check:
    """Return with what a branch is synced; to work alone is no failure."""
    from kvartal.history import repair
    from kvartal.history.sync.remote_errors import NoRemote

    try:
        found = repair.remote_branch(programme, branch)
    except NoRemote:
        text = _("не указан, он нужен только для обмена: `git remote add origin адрес`")
        return Check("remote", text)
    except KvartalError as error:
        return Check("remote", error.message(_), is_ok=False)
    text = _("{remote}, ветка {branch}; отвечает ли он, покажет `kvartal sync --dry-run`")
    return Check("remote", text.format(remote=found.remote, branch=found.branch))


def _author(folder: Path, *, in_repository: bool = False) -> str:
    """Return the author of commits made in a folder.

    Raises:
        NoIdentity, NoGlobalIdentity: Git knows none.
    """
    from kvartal.history import repair
    from kvartal.history.git.errors import NoGlobalIdentity, NoIdentity

    known = repair.author(folder)
    if known is None:
        raise NoIdentity if in_repository else NoGlobalIdentity
    return f"{known.name} <{known.email}>"


def _git_version() -> str:
    """Return git's version.

    Raises:
        GitMissing: There is no git.
        GitTooOld: It cannot sync.
    """
    from kvartal.history.repair import git_version

    return git_version()
