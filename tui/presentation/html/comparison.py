"""The page of ``kvartal diff --format html``: two versions, by section, measure and field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kvartal.history.diff.field_line import FieldLine
from kvartal.history.diff.groups import ChangeGroup, group_alike
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.matching import same
from kvartal.history.diff.words import ABSENT, SHORT_HASH, moment_text
from kvartal.history.log.entry import CommitEntry
from kvartal.schema.changes import Plain, PlanData
from kvartal.schema.fields import show
from kvartal.tui.i18n import _, current_language
from kvartal.tui.presentation.commit_notes import author_text, commit_notes
from kvartal.tui.presentation.compared_version import ComparedVersion, no_difference
from kvartal.tui.presentation.formats import written
from kvartal.tui.presentation.html.markup import Html, page, tag
from kvartal.tui.presentation.word_diff import Piece, Pieces, word_pieces

_OLD: Final = "del"
_NEW: Final = "ins"
_BREAK: Final = Html("\n")


def comparison_page(
    sides: tuple[ComparedVersion, ComparedVersion],
    groups: Sequence[ChangeGroup],
    entries: Sequence[CommitEntry],
) -> str:
    """Return the whole page.

    Args:
        sides: The older version, the newer one.
        groups: What changed, by measure, in the order of the table.
        entries: The commits between the two, newest first, with what each changed.
    """
    title = _("Что изменилось в программе")
    body = (*_header(title, sides, groups, entries), *_changes(sides, groups, entries))
    listed = tuple(_listed(entry) for entry in entries)
    none = tag("p", _("Между этими версиями записей нет."), class_="muted")
    history = (tag("h2", _("Записи истории")), tag("ol", *listed) if listed else none)
    return page(title, current_language(), *_apart((*body, *history)))


def _header(
    title: str,
    sides: tuple[ComparedVersion, ComparedVersion],
    groups: Sequence[ChangeGroup],
    entries: Sequence[CommitEntry],
) -> Iterator[Html]:
    yield tag("h1", title)
    document = as_row((sides[1].data or sides[0].data).get("document"))
    for key in ("title", "organization"):
        if key in document:
            yield tag("p", show(document[key]), class_="muted")
    names = (_("Было"), _("Стало"))
    rows = (tag("tr", tag("th", name, scope="row"), tag("td", *_version_text(side)))
            for name, side in zip(names, sides, strict=True))  # fmt: skip
    yield tag("table", tag("tbody", *rows), class_="sides")
    if not sides[1].is_saved:
        yield tag("p", _("В файле есть правки, которые ещё не внесены в историю."), class_="mark")
    changed = [group for group in groups if group.id]
    new = sum(group.before is None for group in changed)
    removed = sum(group.after is None for group in changed)
    counts = _("Мероприятий изменено: {changed}, добавлено: {new}, удалено: {gone}.")
    edited = len(changed) - new - removed
    counted = counts.format(changed=edited, new=new, gone=removed)
    # What a merge brings together is counted where it was made.
    merges = sum(one.is_merge and not one.edits and one.is_readable for one in entries)
    listed = _("Записей истории: {count}.").format(count=len(entries) - merges)
    if merges:
        more = _("Соединений двух линий работы, которые сами ничего не изменили: {count}.")
        listed = f"{listed} {more.format(count=merges)}"
    yield tag("p", f"{counted} {listed}")


def _version_text(side: ComparedVersion) -> Iterator[str | Html]:
    if side.commit is None:
        yield _("файл, каким он сейчас лежит на диске")
        return
    yield tag("bdi", side.name)
    when = _("запись {commit} от {date}")
    yield f" — {when.format(commit=side.commit[:SHORT_HASH], date=written(moment_text(side.date)))}"


def _changes(
    sides: tuple[ComparedVersion, ComparedVersion],
    groups: Sequence[ChangeGroup],
    entries: Sequence[CommitEntry],
) -> Iterator[Html]:
    if not groups:
        yield tag("h2", no_difference(*sides))
    where = {**_headings(sides[0].data), **_headings(sides[1].data)}
    by_section: dict[str, list[ChangeGroup]] = {}
    for group in groups:
        row = group.after or group.before or {}
        other = _("Без раздела") if group.id else _("Программа в целом")
        by_section.setdefault(where.get(_place(row), other), []).append(group)
    # Where only comments differ, the commits that changed comments are named.
    if not same(dict(sides[0].data), dict(sides[1].data)):
        entries = [entry for entry in entries if entry.edits]
    for section, members in by_section.items():
        yield tag("h2", section)
        yield from (_article(alike, entries) for alike in group_alike(members))


def _headings(data: PlanData) -> Mapping[tuple[str, str], str]:
    """Return the heading of the section that each channel or section is or stands in."""
    return dict(_below(data.get("sections"), ""))


def _below(sections: Plain | None, above: str) -> Iterator[tuple[tuple[str, str], str]]:
    for section in map(as_row, as_list(sections)):
        number = show(section.get("number", ""))
        heading = f"{above}{number.removesuffix('.')}. {show(section.get('title', ''))}"
        yield ("section", number), heading
        for channel in map(as_row, as_list(section.get("channels"))):
            yield ("channel", show(channel.get("number", ""))), heading
        yield from _below(section.get("sections"), f"{heading} › ")


def _place(row: Mapping[str, Plain]) -> tuple[str, str]:
    """Return where a measure stands: the name of the field and the number."""
    name = "channel" if "channel" in row else "section"
    return name, show(row.get(name, ""))


def _article(alike: tuple[ChangeGroup, ...], entries: Sequence[CommitEntry]) -> Html:
    """Return what changed in measures that changed in the same way, under their headings."""
    names = {group.id for group in alike}
    parts = [tag("h3", f"{one.id} {one.title}", *_mark(one)) for one in alike if one.id]
    changed_by = [entry for entry in entries if names & {group.id for group in entry.groups}]
    if changed_by:
        parts.append(tag("p", *_who(changed_by), class_="muted"))
    rows = (_row(line) for line in alike[0].lines)
    heads = (tag("th", name, scope="col") for name in (_("Поле"), _("Было"), _("Стало")))
    columns = tag("colgroup", *(tag("col") for _column in range(3)))
    head = tag("thead", tag("tr", *heads))
    body = tag("tbody", *_apart(rows))
    parts.append(tag("table", columns, head, body, class_="fields"))
    return tag("article", *_apart(parts))


def _mark(group: ChangeGroup) -> Iterator[str | Html]:
    text = _("добавлено") if group.before is None else _("удалено") if group.after is None else ""
    if text:
        yield " "
        yield tag("span", text, class_="mark")


def _who(entries: Iterable[CommitEntry]) -> Iterator[str | Html]:
    yield _("Изменения внесли: ")
    for number, entry in enumerate(entries):
        if number:
            yield "; "
        moment = written(moment_text(entry.date))
        yield tag("a", tag("bdi", entry.author), f" {moment}", href=f"#{_anchor(entry)}")


def _row(line: FieldLine) -> Html:
    old, new = line.old, line.new
    before: Pieces = (Piece(old, changed=True),) if old else ()
    after: Pieces = (Piece(new, changed=True),) if new else ()
    if old and new:
        before, after = word_pieces(old, new)
    label = tag("th", line.label, scope="row")
    return tag("tr", label, _cell(before, _OLD), _cell(after, _NEW))


def _cell(pieces: Pieces, name: str) -> Html:
    if not pieces:
        return tag("td", ABSENT, class_="muted")
    return tag("td", *(tag(name, one.text) if one.changed else one.text for one in pieces))


def _listed(entry: CommitEntry) -> Html:
    head = (
        tag("time", written(moment_text(entry.date)), datetime=entry.date),
        " ",
        tag("bdi", author_text(entry)),
    )
    notes = " ".join(commit_notes(entry, whole=True))
    below = (tag("br"), tag("span", notes, class_="muted")) if notes else ()
    return tag(
        "li",
        *head,
        " ",
        tag("code", entry.commit[:SHORT_HASH]),
        tag("br"),
        tag("bdi", entry.subject),
        *below,
        _BREAK,
        id=_anchor(entry),
    )


def _anchor(entry: CommitEntry) -> str:
    return f"c-{entry.commit[:SHORT_HASH]}"


def _apart(pieces: Iterable[Html]) -> Iterator[Html]:
    """Yield pieces each on a new line, for those who read the page's source."""
    for piece in pieces:
        yield _BREAK
        yield piece
