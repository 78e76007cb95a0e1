"""Notes shown with a commit besides its subject and fields, the same everywhere."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kvartal.history.diff.words import SHORT_HASH
from kvartal.tui.i18n import LANGUAGES, _, translator

if TYPE_CHECKING:
    from kvartal.history.log.entry import CommitEntry, FileOrigin
    from kvartal.schema.changes import ChangeKind

_LINES: Final = 20
"""How many lines of a message are shown; one that a forge put together may have hundreds."""


def author_text(entry: "CommitEntry") -> str:
    """Return who made a commit, «Имя <адрес>»: two people may have one name; it may hold data."""
    return f"{entry.author} <{entry.email}>"


def commit_notes(entry: "CommitEntry", *, whole: bool) -> Iterator[str]:
    """Yield sentences about a commit; they may hold data.

    Args:
        entry: The commit.
        whole: Whether the history is that of the whole programme, not of one measure.
    """
    if entry.is_merge and not entry.edits and entry.is_readable:
        yield _("Соединены две линии работы; само это ничего не изменило.")
        return
    # Where it is not known whether a commit touched the programme, it may be one of this program.
    if entry.is_manual and entry.unread is None:
        yield _("Сделано без этой программы.")
    yield from _stated(entry)
    if entry.is_merge:
        yield from _merge_notes(entry)
    if entry.unread is not None or entry.origin is not None or entry.compared_with:
        yield from _limits(entry)
    elif whole and entry.is_initial:
        if entry.is_manual:
            template = _("Отсюда началась история. Мероприятий: {count}.")
            yield template.format(count=len(entry.measures))
    elif entry.edits == () and not (entry.groups or entry.is_merge or entry.kind):
        yield _("Значения не изменились: только оформление файла.")


def _stated(entry: "CommitEntry") -> Iterator[str]:
    """Yield what the message says besides, named as that."""
    stated = entry.stated
    for finding in stated.findings:
        yield _("В записи сказано: принято {what}.").format(what=finding)
    yield from map(_labelled, entry.note[:_LINES])
    if len(entry.note) > _LINES:
        yield _("… и ещё строк: {count}").format(count=len(entry.note) - _LINES)
    if stated.reverts is not None:
        yield _reversed(entry.kind, stated.reverts)


def _labelled(line: str) -> str:
    """Return a line of a message, named as the author's words unless it names itself.

    Nobody checked what an author says beside the fields: «Согласовано с директором» is not a fact.
    What the program wrote is none either: `verify` checks it, and whoever commits may change it.
    """
    from kvartal.history.messages.message import REASON, RESTORED

    if _begins_as(line, REASON):
        return line
    if _begins_as(line, RESTORED):
        return _("В записи сказано: {text}").format(text=line)
    return _("Слова автора: {text}").format(text=line)


def _begins_as(line: str, template: str) -> bool:
    """Tell whether a line is by a template, in whatever language."""
    templates = (translator(language)(template) for language in LANGUAGES)
    return line.startswith(tuple(one.partition("{")[0] for one in templates))


def _merge_notes(entry: "CommitEntry") -> Iterator[str]:
    if not entry.is_readable:
        yield _("Соединены две линии работы.")
        return
    if entry.is_altered:
        yield _("Соединены две линии работы; сверх того, что было в них, внесены изменения.")
    else:
        yield _("Соединены две линии работы; где они разошлись, осталось вот что.")
    if entry.choices:
        yield _("Выбор сделан автором этой записи: {author}.").format(author=entry.author)
    for choice in entry.choices[:_LINES]:
        yield f"{choice.text}."
    if len(entry.choices) > _LINES:
        yield _("… и ещё строк: {count}").format(count=len(entry.choices) - _LINES)


def shows_fields(entry: "CommitEntry", *, whole: bool) -> bool:
    """Return whether the fields of a commit are shown: in the initial one all of them are new.

    Args:
        entry: The commit.
        whole: Whether the history is that of the whole programme, not of one measure.
    """
    return not (whole and entry.is_initial)


def _reversed(kind: "ChangeKind | None", commit: str) -> str:
    is_redo = kind is not None and kind.value == "redo"
    template = (
        _("В записи сказано: возвращает то, что отменила запись {commit}.")
        if is_redo
        else _("В записи сказано: отменяет запись {commit}.")
    )
    return template.format(commit=commit[:SHORT_HASH])


def _limits(entry: "CommitEntry") -> Iterator[str]:
    """Yield why what a commit changed is not known, or since when."""
    if entry.unread is not None:
        yield _("Что изменено, не узнать: версия файла до или после этого изменения не читается.")
        yield entry.unread.message(_)
    elif entry.origin is not None:
        yield from _origin(entry.origin)
    else:
        yield from _compared(entry)


def _compared(entry: "CommitEntry") -> Iterator[str]:
    """Yield which version a commit is compared with instead of the one before it."""
    template = _(
        "Версия перед этим изменением не читается. Показано, чем оно отличается от последней "
        "читаемой: {commit}."
    )
    yield template.format(commit=entry.compared_with[:SHORT_HASH])
    if not entry.edits:
        yield _("По сравнению с ней ничего не изменилось.")


def _origin(origin: "FileOrigin") -> Iterator[str]:
    if origin.is_shallow:
        yield _(
            "Что было раньше, не получено с сервера: эта копия репозитория неполная. Подключитесь "
            "к серверу и получите всю историю, `git fetch --unshallow`, или сделайте полную копию "
            "(`git clone`)."
        )
    else:
        template = _(
            "Файл программы переименован или перенесён: прежде это был «{path}». "
            "Что было раньше: `git log -- ':/{path}'`."
        )
        yield template.format(path=origin.renamed_from)
