"""Checks dates: those of facts against the day of their commit, and those of commits.

Yields `date-in-future`, `backdated`, `author-date` and `commit-order`.

The day is the committer's: an author's date is whatever is asked for. What was rebased or picked
from a different branch came into this history when that was done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from kvartal.history.audit.facts import DATE_LABELS, Fact, FactKind
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.version_cache import CachedMeasure, CachedVersion
from kvartal.history.audit.walk import WalkStep
from kvartal.history.messages.trailers import Trailers
from kvartal.schema.changes import ChangeKind
from kvartal.schema.errors import N_, Labels

IN_FUTURE: Final = "date-in-future"
BACKDATED: Final = "backdated"
AUTHOR_DATE: Final = "author-date"
ORDER: Final = "commit-order"

_LATER: Final = N_("{id}: {what} {date} позже дня, когда она внесена: {day}.")
_EARLIER: Final = N_(
    "{id}: {what} {date} внесена {day}, через {days} дн. Допускается не больше {limit}."
)
_FAR: Final = N_("Дата автора {authored} и дата внесения {committed} расходятся на {days} дн.")
_BEFORE_PARENT: Final = N_(
    "Внесено {day}, раньше предыдущего изменения ({before}): часы переведены назад."
)

_DECISIONS: Final = frozenset({FactKind.POSTPONEMENT, FactKind.CANCELLATION})
"""Facts that may be written down before the day from which they hold."""

_CLOCK_SKEW: Final = timedelta(days=1)
"""How far apart the clocks of two honest machines may be."""


def date_findings(  # noqa: PLR0913, PLR0917 - a commit and all that its dates are measured by
    step: WalkStep,
    before: Sequence[CachedVersion],
    after: CachedVersion,
    trailers: Trailers,
    days: int | None,
    is_known: Callable[[Fact], bool],
) -> Iterator[Finding]:
    """Yield what is wrong with the dates of a commit and of the facts it brings.

    Args:
        step: The commit.
        before: The plan in those of its parents that have it.
        after: The plan in the commit.
        trailers: What its message claims.
        days: By how many days a fact may be earlier than its commit; None for what the plan says.
        is_known: Tells whether an earlier version had a fact: then it came back, and is not new.
    """
    if days is None:
        # What the commit itself says counts from the next one on.
        days = min(version.audit.backdating_days for version in before or [after])
    # An import brings in what was recorded elsewhere: old facts are what it is for.
    limit = None if trailers.kind is ChangeKind.IMPORT else days
    yield from _fact_findings(step, before, after, limit, is_known)
    yield from _order_findings(step)
    if trailers.kind:
        yield from _author_findings(step.commit, days)


def _fact_findings(
    step: WalkStep,
    before: Sequence[CachedVersion],
    after: CachedVersion,
    limit: int | None,
    is_known: Callable[[Fact], bool],
) -> Iterator[Finding]:
    """Yield the new facts whose date does not fit the day of the commit.

    Args:
        step: The commit.
        before: The plan in those of its parents that have it.
        after: The plan in the commit.
        limit: By how many days a fact may be earlier; None for any number.
        is_known: Tells whether an earlier version had a fact.
    """
    day = step.commit.committed.date()
    for fact in _new_facts(before, after):
        late = (day - fact.day).days
        is_late = limit is not None and fact.kind is not FactKind.DOCUMENT and late > limit
        is_early = late < 0 and fact.kind not in _DECISIONS
        if not (is_early or is_late) or is_known(fact):
            continue
        fields: dict[str, object] = {
            "id": fact.measure,
            "what": Labels((("", DATE_LABELS[fact.kind]),)),
            "date": f"{fact.day:%d.%m.%Y}",
            "day": f"{day:%d.%m.%Y}",
            "days": late,
            "limit": limit,
        }
        code, template = (IN_FUTURE, _LATER) if is_early else (BACKDATED, _EARLIER)
        yield Finding(code, template, fields=fields, commit=step.commit, measure=fact.measure)


def _order_findings(step: WalkStep) -> Iterator[Finding]:
    """Yield that a commit claims to be older than one before it."""
    commit, latest = step.commit, step.latest
    if latest is None or latest.committed - commit.committed <= _CLOCK_SKEW:
        return
    fields = {"day": f"{commit.committed:%d.%m.%Y}", "before": f"{latest.committed:%d.%m.%Y}"}
    yield Finding(ORDER, _BEFORE_PARENT, fields=fields, commit=commit)


def _author_findings(commit: Commit, limit: int) -> Iterator[Finding]:
    """Yield that the two dates of a commit of the program are further apart than it makes them.

    A rebase keeps the date of the author, so that an honest one may be some days older.
    """
    apart = commit.committed - commit.authored
    if -_CLOCK_SKEW <= apart <= timedelta(days=limit + 1):
        return
    fields = {
        "authored": f"{commit.authored:%d.%m.%Y}",
        "committed": f"{commit.committed:%d.%m.%Y}",
        "days": abs(apart.days),
    }
    yield Finding(AUTHOR_DATE, _FAR, fields=fields, commit=commit)


def _new_facts(before: Sequence[CachedVersion], after: CachedVersion) -> list[Fact]:
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
