"""Checks dates: those of facts against the day of their commit, and those of commits.

Yields `date-in-future`, `backdated`, `import-backdated`, `old-facts-at-start`, `author-date`,
`commit-order` and `commit-in-future`.

The day is the committer's: an author's date is whatever is asked for. What was rebased or picked
from a different branch came into this history when that was done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kvartal.history.audit.facts import DATE_LABELS, Fact, FactKind
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.stored_objects import Commit
from kvartal.history.audit.version_cache import CachedMeasure, CachedVersion
from kvartal.history.audit.walk import CLOCK_SKEW, WalkStep
from kvartal.history.diff.items import as_list, as_row
from kvartal.history.diff.words import Words
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import ChangeKind
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import N_, Labels
from kvartal.schema.fields import show

IN_FUTURE: Final = "date-in-future"
BACKDATED: Final = "backdated"
IMPORT_BACKDATED: Final = "import-backdated"
OLD_AT_START: Final = "old-facts-at-start"
AUTHOR_DATE: Final = "author-date"
ORDER: Final = "commit-order"
COMMIT_IN_FUTURE: Final = "commit-in-future"

_LATER: Final = N_("{id}: {what} {date} позже дня, когда она внесена: {day}.")
_EARLIER: Final = N_(
    "{id}: {what} {date} внесена {day}, через {days} дн. Допускается не больше {limit}."
)
_IMPORTED: Final = N_(
    "Импорт {day} внёс задним числом: {facts}. Сверьте с тем, откуда импортировано: "
    "когда это записали там, по истории не проверить."
)
_AT_START: Final = N_(
    "История начинается {day}, и в первой же версии есть то, что было раньше: {facts}. "
    "Кто и когда это внёс, по истории не проверить."
)
_ONE_FACT: Final = N_("{id}, {what} {date} (за {days} дн.)")
_MORE: Final = N_("и ещё {more}")
_AFTER_NOW: Final = N_("Внесено {day}, а сейчас {now}: часы того, кто внёс, переведены вперёд.")
_WRITTEN_AFTER_NOW: Final = N_("Дата автора {day}, а сейчас {now}: часы автора переведены вперёд.")
_FAR: Final = N_("Дата автора {authored} и дата внесения {committed} расходятся на {days} дн.")
_BEFORE_PARENT: Final = N_(
    "Внесено {day}, раньше изменения, сделанного до него ({before}): часы переведены назад."
)

_NAMED: Final = 3
"""How many facts a finding about all facts of a commit names."""

_DECISIONS: Final = frozenset({FactKind.POSTPONEMENT, FactKind.CANCELLATION})
"""Facts that may be written down before the day from which they hold."""


def date_findings(  # noqa: PLR0913, PLR0917 - a commit and all that its dates are measured by
    step: WalkStep,
    before: Sequence[CachedVersion],
    after: CachedVersion,
    trailers: Trailers,
    days: int | None,
    is_known: Callable[[Fact], bool],
    words: Words,
) -> Iterator[Finding]:
    """Yield what is wrong with the dates of a commit and of the facts it brings.

    Args:
        step: The commit.
        before: The plan in those of its parents that have it.
        after: The plan in the commit.
        trailers: What its message claims.
        days: By how many days a fact may be earlier than its commit; None for what the plan says.
        is_known: Tells whether an earlier version had a fact: then it came back, and is not new.
        words: The language of the findings.
    """
    if days is None:
        # What the commit itself says counts from the next one on.
        days = min(version.audit.backdating_days for version in before or [after])
    facts = _misdated(step.commit, new_facts(before, after), days)
    facts = [fact for fact in facts if not is_known(fact)]
    early = [fact for fact in facts if days_late(step.commit, fact) < 0]
    late = [fact for fact in facts if fact not in early]
    yield from (_early_finding(step.commit, fact) for fact in early)
    if late and trailers.kind is ChangeKind.IMPORT:
        yield _joint_finding(IMPORT_BACKDATED, _IMPORTED, step.commit, late, words)
    else:
        for fact in late:
            found = _late_finding(step.commit, fact, days)
            yield replace(found, explanation=_reason_of(fact, after))
    yield from _order_findings(step)
    if trailers.kind:
        yield from _author_findings(step.commit, days)


def start_findings(
    step: WalkStep,
    after: CachedVersion,
    days: int | None,
    words: Words,
) -> Iterator[Finding]:
    """Yield the facts of the commit that begins a history which are too old for it, or too new.

    A history squashed into one commit looks like that, and so does a programme that was kept
    without git before.

    Args:
        step: The commit.
        after: The plan in it.
        days: By how many days a fact may be earlier; None for what the plan says.
        words: The language of the findings.
    """
    limit = after.audit.backdating_days if days is None else days
    facts = _misdated(step.commit, new_facts([], after), limit)
    late = [fact for fact in facts if days_late(step.commit, fact) > 0]
    if late:
        yield _joint_finding(OLD_AT_START, _AT_START, step.commit, late, words)
    for fact in facts:
        if fact not in late:
            yield _early_finding(step.commit, fact)


def clock_findings(commit: Commit, now: datetime) -> Iterator[Finding]:
    """Yield that a commit says it was made later than now.

    Args:
        commit: The commit.
        now: The time of verifying, with its zone.
    """
    for moment, template in ((commit.committed, _AFTER_NOW), (commit.authored, _WRITTEN_AFTER_NOW)):
        if moment - now > CLOCK_SKEW:
            fields = {"day": day_text(moment), "now": day_text(now)}
            yield Finding(COMMIT_IN_FUTURE, template, fields=fields, commit=commit)
            return


def _misdated(commit: Commit, facts: Iterable[Fact], limit: int) -> list[Fact]:
    """Return the facts whose date does not fit the day of a commit."""
    return [fact for fact in facts if _is_early(commit, fact) or _is_late(commit, fact, limit)]


def _is_early(commit: Commit, fact: Fact) -> bool:
    return days_late(commit, fact) < 0 and fact.kind not in _DECISIONS


def _is_late(commit: Commit, fact: Fact, limit: int) -> bool:
    return fact.kind is not FactKind.DOCUMENT and days_late(commit, fact) > limit


def days_late(commit: Commit, fact: Fact) -> int:
    """Return by how many days a fact is earlier than its commit."""
    return (commit.committed.date() - fact.day).days


def _reason_of(fact: Fact, after: CachedVersion) -> str:
    """Return why a record was made late, as all of its date say; empty where one does not."""
    if fact.kind is not FactKind.RECORD:
        return ""
    reasons = [
        show(record.get("reason", "")).strip()
        for measure in after.measures
        if measure.id == fact.measure
        for record in map(as_row, as_list(measure.row.get("records")))
        if record.get("date") == fact.day.isoformat()
    ]
    return "; ".join(dict.fromkeys(reasons)) if reasons and all(reasons) else ""


def _early_finding(commit: Commit, fact: Fact) -> Finding:
    fields = _fields(commit, fact)
    return Finding(IN_FUTURE, _LATER, fields=fields, commit=commit, measure=fact.measure)


def _late_finding(commit: Commit, fact: Fact, limit: int) -> Finding:
    fields = {**_fields(commit, fact), "limit": limit}
    return Finding(BACKDATED, _EARLIER, fields=fields, commit=commit, measure=fact.measure)


def _fields(commit: Commit, fact: Fact) -> dict[str, object]:
    return {
        "id": fact.measure,
        "what": Labels((("", DATE_LABELS[fact.kind]),)),
        "date": day_text(fact.day),
        "day": day_text(commit.committed),
        "days": days_late(commit, fact),
    }


def _joint_finding(
    code: str, template: str, commit: Commit, facts: Sequence[Fact], words: Words
) -> Finding:
    """Return one finding for all facts of a commit that are too old, the oldest named first."""
    oldest = sorted(facts, key=lambda fact: fact.day)
    named = [
        words.say(
            _ONE_FACT,
            id=fact.measure,
            what=words.translate(DATE_LABELS[fact.kind]),
            date=words.day(fact.day.isoformat()),
            days=days_late(commit, fact),
        )
        for fact in oldest[:_NAMED]
    ]
    if len(oldest) > _NAMED:
        named.append(words.say(_MORE, more=len(oldest) - _NAMED))
    measures = {fact.measure for fact in facts}
    return Finding(
        code,
        template,
        fields={"day": day_text(commit.committed), "facts": "; ".join(named)},
        commit=commit,
        measure=measures.pop() if len(measures) == 1 else None,
    )


def _order_findings(step: WalkStep) -> Iterator[Finding]:
    """Yield that a commit claims to be older than one before it."""
    commit, latest = step.commit, step.latest
    if latest is None or latest.committed - commit.committed <= CLOCK_SKEW:
        return
    fields = {"day": day_text(commit.committed), "before": day_text(latest.committed)}
    yield Finding(ORDER, _BEFORE_PARENT, fields=fields, commit=commit)


def _author_findings(commit: Commit, limit: int) -> Iterator[Finding]:
    """Yield that the two dates of a commit of the program are further apart than it makes them.

    A rebase keeps the date of the author, so that an honest one may be some days older.
    """
    apart = commit.committed - commit.authored
    if -CLOCK_SKEW <= apart <= timedelta(days=limit + 1):
        return
    fields = {
        "authored": day_text(commit.authored),
        "committed": day_text(commit.committed),
        "days": abs(apart.days),
    }
    yield Finding(AUTHOR_DATE, _FAR, fields=fields, commit=commit)


def new_facts(before: Sequence[CachedVersion], after: CachedVersion) -> list[Fact]:
    """Return the facts that none of the parents has."""
    # A measure that a parent has in the same words brings none.
    shared = {id(measure) for version in before for measure in version.measures}
    changed = [measure for measure in after.measures if id(measure) not in shared]
    if not changed:
        return []
    facts = _count_facts(changed)
    ids_after = {measure.id for measure in after.measures}
    ids_changed = {measure.id for measure in changed}
    for version in before:
        # A measure that got a new id took its facts with it.
        renamed = (measure for measure in version.measures if measure.id not in ids_after)
        moved = {(fact.kind, fact.day) for fact in _count_facts(renamed)}
        ids_before = {measure.id for measure in version.measures}
        known = _count_facts(measure for measure in version.measures if measure.id in ids_changed)
        for fact in list(facts):
            facts[fact] -= known[fact]
            if fact.measure not in ids_before and (fact.kind, fact.day) in moved:
                facts[fact] = 0
    return [fact for fact, count in facts.items() if count > 0]


def _count_facts(measures: Iterable[CachedMeasure]) -> Counter[Fact]:
    facts: Counter[Fact] = Counter()
    for measure in measures:
        facts.update(measure.facts)
    return facts
