"""A range of a history for a reviewer: every change in fields, who, when, on what basis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvartal.exchange.reports.blocks import (
    Block,
    FigureBlock,
    Heading,
    ListBlock,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    ReportStyle,
    ReportTable,
    TextBlock,
)
from kvartal.exchange.reports.report_words import ReportWords
from kvartal.history.audit.findings import Finding, Severity
from kvartal.history.audit.report import VerifyReport
from kvartal.history.diff.groups import ChangeGroup
from kvartal.history.diff.words import SHORT_HASH
from kvartal.history.log.entry import CommitEntry
from kvartal.history.messages.message import REASON, RESTORED
from kvartal.schema.changes import Json
from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan

_SEVERITIES: Final = {
    Severity.ERROR: N_("ошибка"),
    Severity.WARNING: N_("предупреждение"),
    Severity.NOTE: N_("заметка"),
}

_VALUES: Final = 2.5
"""The width of a column of values; one without any takes no room from others."""
_NO_VALUES: Final = 0.1


@dataclass(frozen=True)
class ReviewedRange:
    """A range of a history.

    Attributes:
        first: Name of the version that it begins after, as typed; empty for the beginning.
        last: Name of its last version, as typed; empty for the newest one.
        entries: Its entries, newest first.
        verified: What verifying came to.
        findings: The findings that are about the range.
    """

    first: str
    last: str
    entries: Sequence[CommitEntry]
    verified: VerifyReport
    findings: Sequence[Finding]


def review_report(plan: Plan, reviewed: ReviewedRange, as_of: date, translate: Translate) -> Report:
    """Return the review of a range of a history.

    Args:
        plan: The programme as it is now.
        reviewed: The range.
        as_of: The day of the review.
        translate: Turns Russian texts into the programme's language.
    """
    words = ReportWords(plan, translate)
    heading = words.say(N_("Изменения программы: {range}"), range=_range_text(reviewed, words))
    blocks: list[Block] = [
        Heading(heading),
        TextBlock(plan.header("title")),
        FigureBlock(_figures(reviewed, words)),
        *_findings(reviewed, words),
        Heading(words.say(N_("Изменения")), 2),
    ]
    if not reviewed.entries:
        blocks.append(TextBlock(words.say(N_("Между этими версиями записей нет."))))
    for entry in reviewed.entries:
        blocks += _entry(entry, words)
    verified = reviewed.verified
    text = words.say(
        N_("Отпечаток истории до изменения {commit}: {anchor}"),
        commit=verified.head[:SHORT_HASH],
        anchor=verified.anchor,
    )
    blocks.append(TextBlock(text))
    return Report(
        kind="review",
        title=heading,
        language=plan.language,
        organization=plan.header("organization"),
        years=plan.years_text,
        as_of=as_of,
        blocks=tuple(blocks),
        data=_data(reviewed, translate),
    )


def _range_text(reviewed: ReviewedRange, words: ReportWords) -> str:
    if not reviewed.first and not reviewed.last:
        return words.say(N_("вся история"))
    first = reviewed.first or words.say(N_("с начала"))
    return f"{first} … {reviewed.last or words.say(N_('последнее'))}"


def _figures(reviewed: ReviewedRange, words: ReportWords) -> tuple[tuple[str, str], ...]:
    people = {(entry.author, entry.email) for entry in reviewed.entries}
    accepted = sum(one.id in reviewed.verified.accepted for one in reviewed.findings)
    return (
        (words.say(N_("Записей")), str(len(reviewed.entries))),
        (words.say(N_("Авторов")), str(len(people))),
        (words.say(N_("Открытых замечаний")), str(len(reviewed.findings) - accepted)),
        (words.say(N_("Принятых замечаний")), str(accepted)),
    )


def _findings(reviewed: ReviewedRange, words: ReportWords) -> Iterator[Block]:
    yield Heading(words.say(N_("Замечания проверки")), 2)
    if not reviewed.findings:
        yield TextBlock(words.say(N_("Проверка истории замечаний не нашла.")))
        return
    is_any = any(one.id in reviewed.verified.accepted for one in reviewed.findings)
    columns = (
        ReportColumn(words.say(N_("Замечание")), width=1.6),
        ReportColumn(words.say(N_("Важность")), width=0.9),
        ReportColumn(words.say(N_("Запись")), width=1.4),
        ReportColumn(words.say(N_("Что не сходится")), width=3.5),
        ReportColumn(words.say(N_("Принято")), width=2.2 if is_any else _NO_VALUES),
    )
    rows = tuple(_finding_row(one, reviewed, words) for one in reviewed.findings)
    yield ReportTable(words.say(N_("Замечания")), columns, rows)


def _finding_row(finding: Finding, reviewed: ReviewedRange, words: ReportWords) -> ReportRow:
    commit = finding.commit
    acceptance = reviewed.verified.accepted.get(finding.id)
    accepted: tuple[str, ...] = ()
    if acceptance is not None:
        by = acceptance.commit
        # As the subjects of commits print days, in either language.
        day = words.words.moment(by.authored.isoformat(), time=False)
        accepted = (f"{by.author} <{by.author_email}>, {day}", acceptance.reason)
        if acceptance.is_explanation_of(finding):
            accepted += (words.say(N_("объяснено в самом изменении")),)
        elif acceptance.is_by_author_of(finding):
            accepted += (words.say(N_("принял автор самого изменения")),)
    where = (
        (commit.id[:SHORT_HASH], commit.author)
        if commit is not None
        else (words.say(N_("рабочая копия")),)
    )
    style = ReportStyle.PLAIN if acceptance is not None else ReportStyle.OVERDUE
    message = finding.message(words.translate)
    about = f"{finding.measure}: " if finding.measure and finding.measure not in message else ""
    return ReportRow(
        (
            ReportCell((finding.id,)),
            ReportCell((words.translate(_SEVERITIES[finding.severity]),), style=style),
            ReportCell(where),
            ReportCell((f"{about}{message}",)),
            ReportCell(accepted),
        ),
        finding.measure or "",
    )


def _entry(entry: CommitEntry, words: ReportWords) -> Iterator[Block]:
    yield Heading(entry.subject, 3)
    who = f"{entry.author} <{entry.email}>"
    moment = words.words.moment(entry.date)
    yield TextBlock(f"{moment} · {who} · {entry.commit[:SHORT_HASH]}")
    notes = tuple(_notes(entry, words))
    if notes:
        yield ListBlock(notes)
    if not entry.is_initial and entry.groups:
        yield _changes(entry.groups, words)
    if entry.evidence:
        files = tuple(f"{one.path} · sha256:{one.sha256}" for one in entry.evidence)
        yield TextBlock(words.say(N_("Подтверждающие файлы:")))
        yield ListBlock(files)


def _labelled(line: str, words: ReportWords) -> str:
    """Return a line of a message, named as its author's words unless it names itself a reason."""
    if _begins_as(line, REASON, words):
        return line
    template = (
        N_("В записи сказано: {text}")
        if _begins_as(line, RESTORED, words)
        else N_("Слова автора: {text}")
    )
    return words.say(template, text=line)


def _begins_as(line: str, template: str, words: ReportWords) -> bool:
    templates = (template, words.translate(template))
    return line.startswith(tuple(one.partition("{")[0] for one in templates))


def _notes(entry: CommitEntry, words: ReportWords) -> Iterator[str]:
    """Yield what is to be said of an entry beside its fields."""
    if entry.is_manual:
        yield words.say(N_("Сделано без этой программы."))
    stated = entry.stated
    template = N_("В записи сказано: принято {what}.")
    yield from (words.say(template, what=one) for one in stated.findings)
    yield from (_labelled(line, words) for line in entry.note)
    source = stated.source
    if source is not None:
        yield words.say(
            N_("Взято из «{name}», SHA-256 {sha}."), name=source.name, sha=source.sha256
        )
    if stated.reverts:
        commit = stated.reverts[:SHORT_HASH]
        yield words.say(N_("В записи сказано: обращает запись {commit}."), commit=commit)
    if entry.is_merge:
        yield words.say(N_("Соединены две линии работы."))
    if entry.is_altered:
        yield words.say(N_("Сверх того, что было в них, внесены изменения."))
    yield from (choice.text for choice in entry.choices)
    if entry.unread is not None:
        yield words.say(N_("Что изменено, не узнать: одна из версий не читается."))
        yield entry.unread.message(words.translate)
    if entry.compared_with:
        commit = entry.compared_with[:SHORT_HASH]
        yield words.say(
            N_("Показано отличие от последней читаемой версии, {commit}."), commit=commit
        )
    if entry.is_initial:
        count = len(entry.measures)
        yield words.say(N_("Отсюда началась история. Мероприятий: {count}."), count=count)


def _changes(groups: Sequence[ChangeGroup], words: ReportWords) -> ReportTable:
    lines = [line for group in groups for line in group.lines]
    # What was recorded for the first time was nothing before.
    old = _VALUES if any(line.old for line in lines) else _NO_VALUES
    new = _VALUES if any(line.new for line in lines) else _NO_VALUES
    columns = (
        ReportColumn(words.say(N_("Мероприятие")), width=2),
        ReportColumn(words.say(N_("Поле")), width=1.5),
        ReportColumn(words.say(N_("Было")), width=old),
        ReportColumn(words.say(N_("Стало")), width=new),
    )
    rows: list[ReportRow] = []
    for group in groups:
        name = f"{group.id} {group.title}" if group.id else words.say(N_("Программа в целом"))
        for at, line in enumerate(group.lines):
            first = (ReportCell((name,), row_span=len(group.lines)),) if not at else ()
            cells = (
                ReportCell((line.label,)),
                ReportCell((line.old,) if line.old else ()),
                ReportCell((line.new,) if line.new else ()),
            )
            rows.append(ReportRow((*first, *cells), group.id))
    return ReportTable(words.say(N_("Изменения")), columns, tuple(rows))


def _data(reviewed: ReviewedRange, translate: Translate) -> Json:
    verified = reviewed.verified
    return {
        "first": reviewed.first or None,
        "last": reviewed.last or None,
        "head": verified.head,
        "anchor": verified.anchor,
        "entries": [_entry_data(entry, translate) for entry in reviewed.entries],
        "findings": [_finding_data(one, verified, translate) for one in reviewed.findings],
    }


def _entry_data(entry: CommitEntry, translate: Translate) -> Json:
    row: dict[str, Json] = {
        "commit": entry.commit,
        "date": entry.date,
        "author": entry.author,
        "email": entry.email,
        "subject": entry.subject,
        "kind": entry.kind.value if entry.kind else None,
        "by_hand": entry.is_manual,
        "merge": entry.is_merge,
        "note": "\n".join(entry.note),
        "evidence": [{"path": one.path, "sha256": one.sha256} for one in entry.evidence],
        "unread": None if entry.unread is None else entry.unread.message(translate),
    }
    return {**row, "changes": [change.as_json() for change in entry.changes]}


def _finding_data(finding: Finding, verified: VerifyReport, translate: Translate) -> Json:
    acceptance = verified.accepted.get(finding.id)
    accepted = None if acceptance is None else acceptance.as_json(finding)
    return {**finding.as_json(translate), "accepted": accepted}
