"""What is wrong with a programme's file or history, or between them, for the banner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import short_message, short_path
from kvartal.tui.presentation.problem_list import total_of
from kvartal.tui.presentation.screen_words import on_screen

if TYPE_CHECKING:
    from kvartal.history.store.recovery import Recovery
    from kvartal.history.store.repo_state import RepoState
    from kvartal.schema.problems import Problem

EDITED: Final = N_("Файл правили вручную, в истории этого нет. {key} — посмотреть правку и решить.")
NEW: Final = N_("Этого файла ещё нет в истории. {key} — внести его.")
BEGIN: Final = N_("{key} — завести историю.")
TRUST: Final = N_("{key} — доверять ему.")
UNLOCK: Final = N_("{key} — убрать этот файл.")

KeyOf: TypeAlias = Callable[[str], str]
"""Returns the key of an action, as it is printed on the keyboard, by the action's id."""


@dataclass(frozen=True, slots=True)
class RepoNotice:
    """What is wrong with a programme's file and repository.

    Attributes:
        warnings: Sentences for the banner.
        read_only_reason: Why nothing can be changed; empty when it can.
        can_repair: Whether the action that repairs things here can do something: the file holds
            manual edits that are not in the history, or the obstacle can be removed.
        problems: What is wrong in the file.
        obstacle: What prevents saving.
    """

    warnings: tuple[str, ...] = ()
    read_only_reason: str = ""
    can_repair: bool = False
    problems: Sequence["Problem"] = ()
    obstacle: KvartalError | None = None


def unreadable_notice(
    error: KvartalError, obstacle: KvartalError | None, key_of: KeyOf
) -> RepoNotice:
    """Return the notice for a file that can no longer be read.

    Args:
        error: Why it cannot.
        obstacle: What prevents saving besides, and may be the cause.
        key_of: The keys that the sentences name.
    """
    template = _("Показано прежнее содержание. {key} — вернуть прежний файл. {reason}")
    sentence = template.format(reason=short_message(error), key=key_of("repair"))
    others = () if obstacle is None else (short_message(obstacle),)
    return RepoNotice((*others, sentence), sentence, can_repair=True)


def repo_notice(state: "RepoState", problems: Sequence["Problem"], key_of: KeyOf) -> RepoNotice:
    """Return what is wrong with a programme.

    Args:
        state: The state of file, HEAD and locks.
        problems: What is wrong in the file.
        key_of: The keys that the sentences name.
    """
    from kvartal.history.store.repo_state import PlanStatus

    warnings: list[str] = []
    read_only_reason = ""
    obstacle, repair_hint = state.obstacle, ""
    if obstacle is not None:
        # The key comes first: on a narrow screen the end of a long reason is cut off.
        repair_hint = _repair_hint(obstacle, key_of)
        read_only_reason = f"{repair_hint} {_obstacle_text(obstacle)}".lstrip()
        warnings.append(_("Только просмотр. {reason}").format(reason=read_only_reason))
    elif state.is_edited:
        is_new = state.plan is PlanStatus.NEW
        template = _(NEW if is_new else EDITED)
        warnings.append(template.format(key=key_of("repair")))
        # A change would be mixed with the manual edit; a new file is committed with its first one.
        read_only_reason = "" if is_new else warnings[-1]
    if problems:
        first = problems[0]
        template = _("Ошибок в файле: {count}. {place}: {reason} {key} — показать все.")
        warnings.append(
            template.format(
                count=total_of(problems),
                place=problem_place(first),
                reason=first.message(on_screen),
                key=key_of("problems"),
            )
        )
    can_repair = bool(repair_hint) if obstacle else state.is_edited
    return RepoNotice(tuple(warnings), read_only_reason, can_repair, problems, obstacle)


def _repair_hint(obstacle: KvartalError, key_of: KeyOf) -> str:
    """Return which key removes an obstacle; empty where none does."""
    from kvartal.history.git.errors import (
        DubiousOwnership,
        NotARepository,
        UnfinishedRepository,
    )
    from kvartal.history.store.errors import LockIsFolder, StaleLock

    templates = {
        NotARepository: BEGIN,
        UnfinishedRepository: BEGIN,
        StaleLock: UNLOCK,
        LockIsFolder: UNLOCK,
        DubiousOwnership: TRUST,
    }
    return _(templates.get(type(obstacle), "")).format(key=key_of("repair"))


def _obstacle_text(obstacle: KvartalError) -> str:
    """Return what prevents saving; without the command, where the hint names the key for it."""
    from kvartal.history.git.errors import NotARepository, UnfinishedRepository

    folder = short_path(Path(str(obstacle.fields.get("folder", ""))))
    if isinstance(obstacle, UnfinishedRepository):
        template = _(
            "Историю в папке «{folder}» начали заводить и не закончили: в ней ещё ничего нет, "
            "сохранять некуда."
        )
        return template.format(folder=folder)
    if isinstance(obstacle, NotARepository):
        template = _(
            "Папка «{folder}» не в репозитории git: истории изменений нет, сохранять некуда."
        )
        return template.format(folder=folder)
    return short_message(obstacle)


def problem_place(problem: "Problem") -> str:
    """Return where a problem is: ``plan/2024.yaml:12:5``."""
    parts = (problem.file, problem.line, problem.column)
    return ":".join(str(part) for part in parts if part is not None)


def recovery_sentence(recovered: "Recovery") -> str:
    """Return what became of a change that a crash interrupted; empty where nothing need be said."""
    from kvartal.history.store.recovery import RecoveryOutcome

    if recovered.outcome is RecoveryOutcome.COMPLETED:
        return _("Прерванное сохранение завершено: {subject}").format(subject=recovered.subject)
    if recovered.outcome is RecoveryOutcome.WITHDRAWN:
        reason = short_message(recovered.reason) if recovered.reason else ""
        template = _("Прерванное сохранение отменено, повторите его: {subject} {reason}")
        return template.format(subject=recovered.subject, reason=reason).strip()
    if recovered.outcome is RecoveryOutcome.LEFT:
        template = _("Сохранение «{subject}» было прервано, а файл потом правили вручную.")
        return template.format(subject=recovered.subject)
    return ""
