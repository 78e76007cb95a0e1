"""What is the matter with a programme, as the banner says it: file, history and their agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import N_, KvartalError
from kvartal.tui.actions.registry import BY_ID
from kvartal.tui.i18n import _
from kvartal.tui.presentation.error_text import brief

if TYPE_CHECKING:
    from kvartal.history.store.recovery import Recovered
    from kvartal.history.store.repo_state import RepoState
    from kvartal.schema.problems import Problem


EDITED: Final = N_("Файл правили вручную, в истории этого нет. {key} — посмотреть правку и решить.")
NEW: Final = N_("Этого файла ещё нет в истории. {key} — внести его.")
BEGIN: Final = N_("{key} — завести историю.")
TRUST: Final = N_("{key} — доверять ему.")
UNLOCK: Final = N_("{key} — убрать этот файл.")


@dataclass(frozen=True, slots=True)
class RepoNotice:
    """What is the matter.

    Attributes:
        warnings: Sentences for the banner.
        read_only: Why nothing can be changed; empty when it can.
        by_hand: Whether something can be mended here: edits by hand that are not in the history
            above all, or the obstacle.
        problems: What is wrong in the file.
        obstacle: What is in the way of saving.
    """

    warnings: tuple[str, ...] = ()
    read_only: str = ""
    by_hand: bool = False
    problems: tuple["Problem", ...] = ()
    obstacle: KvartalError | None = None


def unreadable(error: KvartalError, obstacle: KvartalError | None = None) -> RepoNotice:
    """Return the health of a programme whose file cannot be read any more.

    Args:
        error: Why it cannot.
        obstacle: What is in the way of saving besides, and may be the cause.
    """
    template = _("Показано прежнее содержание. {key} — вернуть прежний файл. {reason}")
    sentence = template.format(reason=brief(error), key=BY_ID["adopt"].key)
    others = () if obstacle is None else (brief(obstacle),)
    return RepoNotice((*others, sentence), sentence, by_hand=True)


def health(found: "RepoState", problems: Sequence["Problem"]) -> RepoNotice:
    """Return what is the matter with a programme.

    Args:
        found: How file, HEAD and locks stand to each other.
        problems: What is wrong in the file.
    """
    from kvartal.history.store.repo_state import InGit

    warnings: list[str] = []
    read_only = ""
    if found.obstacle is not None:
        # The key comes first: on a narrow screen the end of a long reason is cut off.
        read_only = f"{_way_out(found.obstacle)} {brief(found.obstacle)}".lstrip()
        warnings.append(_("Только просмотр. {reason}").format(reason=read_only))
    elif found.is_edited:
        is_new = found.plan is InGit.NEW
        template = _(NEW if is_new else EDITED)
        warnings.append(template.format(key=BY_ID["adopt"].key))
        # A change would be mixed with the edit by hand; a new file is taken in with its first one.
        read_only = "" if is_new else warnings[-1]
    if problems:
        first = problems[0]
        template = _("Ошибок в файле: {count}. {place}: {reason} {key} — показать все.")
        warnings.append(
            template.format(
                count=len(problems),
                place=place(first),
                reason=first.message(_),
                key=BY_ID["problems"].key,
            )
        )
    obstacle = found.obstacle
    by_hand = bool(_way_out(obstacle)) if obstacle else found.is_edited
    return RepoNotice(tuple(warnings), read_only, by_hand, tuple(problems), obstacle)


def _way_out(obstacle: KvartalError) -> str:
    """Return which key mends an obstacle; empty where none does."""
    from kvartal.history.git.errors import ForeignOwner, LockAbandoned, NotARepository

    ways = {NotARepository: BEGIN, LockAbandoned: UNLOCK, ForeignOwner: TRUST}
    return _(ways.get(type(obstacle), "")).format(key=BY_ID["adopt"].key)


def place(problem: "Problem") -> str:
    """Return where a problem stands: ``plan/2024.yaml:12:5``."""
    parts = (problem.file, problem.line, problem.column)
    return ":".join(str(part) for part in parts if part is not None)


def healed(found: "Recovered") -> str:
    """Return what became of a change that a crash interrupted; empty where nothing need be said."""
    from kvartal.history.store.recovery import Healing

    if found.healing is Healing.COMPLETED:
        return _("Прерванное сохранение завершено: {subject}").format(subject=found.subject)
    if found.healing is Healing.WITHDRAWN:
        reason = brief(found.reason) if found.reason else ""
        template = _("Прерванное сохранение отменено, повторите его: {subject} {reason}")
        return template.format(subject=found.subject, reason=reason).strip()
    if found.healing is Healing.LEFT:
        template = _("Сохранение «{subject}» было прервано, а файл потом правили вручную.")
        return template.format(subject=found.subject)
    return ""
