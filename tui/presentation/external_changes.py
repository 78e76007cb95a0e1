"""What others changed, in one sentence: measures, fields and authors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.groups import ChangeGroup, change_groups
from kvartal.history.diff.words import ABSENT, Words, lowered, one_line
from kvartal.tui.i18n import _
from kvartal.tui.presentation.elide import CUT, beginning

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry
    from kvartal.schema.changes import PlanData

MAX_NAMED: Final = 3
"""At most so many measures, fields or authors are named; of more, only the number."""
MAX_VALUE_LENGTH: Final = 60
"""The most letters of a value that are shown."""
_LEAD: Final = 15
"""How many letters are shown before the first one that differs."""


@dataclass(frozen=True, slots=True)
class ExternalChange:
    """What changed outside this window.

    Attributes:
        groups: What changed in the programme, by measure.
        is_text_only: Whether only comments or layout of the file changed.
        entries: The new commits, newest first.
        branch: The branch that was checked out instead; empty where it is the same.
        is_detached: Whether no branch is checked out any longer.
        is_rewound: Whether the branch no longer contains the commit it was at.
        is_committed: Whether the file is as HEAD has it.
    """

    groups: tuple[ChangeGroup, ...] = ()
    is_text_only: bool = False
    entries: "Sequence[CommitEntry]" = ()
    branch: str = ""
    is_detached: bool = False
    is_rewound: bool = False
    is_committed: bool = False


def differences(before: "PlanData", after: "PlanData") -> tuple[ChangeGroup, ...]:
    """Return what two programmes differ in, in the current language."""
    return change_groups(before, after, Words(_))


def change_sentence(change: ExternalChange) -> str:
    """Return a change in a sentence; empty where nothing on the screen changed."""
    if change.branch or change.is_detached or change.is_rewound:
        return _moved(change)
    if change.entries:
        return _committed(change)
    if change.groups:
        template = _("Файл изменился вне этого окна: {what}.")
        if change.is_committed:
            template = _("Файл вернули к тому, что в истории: {what}.")
        return template.format(what=groups_text(change.groups))
    if change.is_text_only:
        return _("Файл изменился вне этого окна: комментарии или расположение, значения те же.")
    return ""


def groups_text(groups: Sequence[ChangeGroup]) -> str:
    """Return in a few words what changed; empty for nothing."""
    if len(groups) == 1:
        return _one(groups[0])
    if len(groups) <= MAX_NAMED:
        return ", ".join(f"{_name(group)} ({_fields(group)})" for group in groups)
    names = ", ".join(_name(group) for group in groups[:MAX_NAMED])
    return _("изменено мероприятий: {count} ({names} …)").format(count=len(groups), names=names)


def _moved(change: ExternalChange) -> str:
    template = _("История ветки отмотана назад или заменена: {what}.")
    if change.is_detached:
        template = _("Открыта отдельная версия, а не ветка: {what}.")
    if change.branch:
        template = _("Открыта ветка «{branch}»: {what}.")
    what = groups_text(change.groups) or _("программа та же")
    return template.format(branch=change.branch, what=what)


def _committed(change: ExternalChange) -> str:
    names = list(dict.fromkeys(one_line(entry.author) for entry in change.entries))
    who = (
        ", ".join(names)
        if len(names) <= MAX_NAMED
        else _("авторов: {count}").format(count=len(names))
    )
    count = len(change.entries)
    if not change.groups:
        template = _("В истории новая запись: {subject}. Кто: {who}.")
        if count > 1:
            template = _("В истории новых записей: {count}; последняя: {subject}. Кто: {who}.")
        subject = change.entries[0].subject
        return template.format(count=count, subject=subject, who=who)
    template = _("Обновлено: {what}. Кто: {who}.")
    if count > 1:
        template = _("Обновлено, записей в истории: {count}; {what}. Кто: {who}.")
    return template.format(count=count, what=groups_text(change.groups), who=who)


def _one(group: ChangeGroup) -> str:
    if len(group.lines) == 1 and group.before is not None and group.after is not None:
        line = group.lines[0]
        values = " → ".join(_values(line.old or ABSENT, line.new or ABSENT))
        return f"{_name(group)}, {lowered(line.label)}: {values}"
    return f"{_name(group)}: {_fields(group)}"


def _name(group: ChangeGroup) -> str:
    return one_line(group.id) or _("документ и разделы")


def _fields(group: ChangeGroup) -> str:
    if group.id and group.before is None:
        return _("добавлено")
    if group.id and group.after is None:
        return _("удалено")
    labels = list(dict.fromkeys(lowered(line.label) for line in group.lines))
    if len(labels) <= MAX_NAMED:
        return ", ".join(labels)
    return _("полей: {count}").format(count=len(labels))


def _values(old: str, new: str) -> tuple[str, str]:
    """Return two values, of long ones the part where they begin to differ."""
    pairs = enumerate(zip(old, new, strict=False))
    shared = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    start = 0
    if max(len(old), len(new)) > MAX_VALUE_LENGTH and shared > MAX_VALUE_LENGTH - 2 * _LEAD:
        start = shared - _LEAD
        start = max(start, old.find(" ", start, shared) + 1)
    cut = CUT if start else ""
    first, second = (beginning(f"{cut}{text[start:]}", MAX_VALUE_LENGTH) for text in (old, new))
    return first, second
