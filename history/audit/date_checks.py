"""Dates: those of facts against the day of the commit that brought them, and those of commits.

The day is the committer's: an author's date is whatever is asked for. What was rebased or picked
from another branch came into this history when that was done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Final

from kvartal.history.audit.facts import NAMES, Fact, FactKind
from kvartal.history.audit.findings import Finding
from kvartal.history.audit.object_reader import Commit
from kvartal.history.audit.version_cache import CachedMeasure, CachedVersion
from kvartal.history.audit.walk import WalkStep
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

_SKEW: Final = timedelta(days=1)
"""How far the clocks of two honest machines may be apart."""


def fact_findings(
    step: WalkStep,
    now: CachedVersion,
    before: list[CachedVersion],
    limit: int | None,
    is_known: Callable[[Fact], bool],
) -> Iterator[Finding]:
    """Yield the facts that a commit brings with a date that does not fit its day.

    Args:
        step: The commit.
        now: The plan as it has it.
        before: The plan as its parents have it, those that have one.
        limit: By how many days a date of fact may be earlier; None for any number.
        is_known: Tells whether an earlier version had a fact: then it came back, and is not new.
    """
    day = step.commit.committed.date()
    for fact in _new(now, before):
        late = (day - fact.day).days
        is_late = limit is not None and fact.of is not FactKind.DOCUMENT and late > limit
        is_early = late < 0 and fact.of not in _DECISIONS
        if not (is_early or is_late) or is_known(fact):
            continue
        fields: dict[str, object] = {
            "id": fact.measure,
            "what": Labels((("", NAMES[fact.of]),)),
            "date": f"{fact.day:%d.%m.%Y}",
            "day": f"{day:%d.%m.%Y}",
            "days": late,
            "limit": limit,
        }
        code, template = (IN_FUTURE, _LATER) if is_early else (BACKDATED, _EARLIER)
        yield Finding(code, template, fields=fields, commit=step.commit, measure=fact.measure)


def author_finding(commit: Commit, limit: int) -> Finding | None:
    """Return that a commit of the program's has dates that no program gave it.

    A rebase keeps the date of the author, so that an honest one may be some days older.
    """
    apart = commit.committed - commit.authored
    if -_SKEW <= apart <= timedelta(days=limit + 1):
        return None
    fields = {
        "authored": f"{commit.authored:%d.%m.%Y}",
        "committed": f"{commit.committed:%d.%m.%Y}",
        "days": abs(apart.days),
    }
    return Finding(AUTHOR_DATE, _FAR, fields=fields, commit=commit)


def order_finding(step: WalkStep) -> Finding | None:
    """Return that a commit claims to be older than one before it."""
    commit, last = step.commit, step.latest
    if last is None or last.committed - commit.committed <= _SKEW:
        return None
    fields = {"day": f"{commit.committed:%d.%m.%Y}", "before": f"{last.committed:%d.%m.%Y}"}
    return Finding(ORDER, _BEFORE_PARENT, fields=fields, commit=commit)


def _new(now: CachedVersion, before: list[CachedVersion]) -> list[Fact]:
    """Return the facts that none of the parents has."""
    # A measure that a parent has in the same words brings none.
    shared = {id(part) for version in before for part in version.parts}
    changed = [part for part in now.parts if id(part) not in shared]
    if not changed:
        return []
    found = _facts(changed)
    here, names = {part.id for part in now.parts}, {part.id for part in changed}
    for version in before:
        # A measure that got another id took its facts with it.
        left = (part for part in version.parts if part.id not in here)
        gone = {(fact.of, fact.day) for fact in _facts(left)}
        old = {part.id for part in version.parts}
        known = _facts(part for part in version.parts if part.id in names)
        for fact in list(found):
            found[fact] -= known[fact]
            if fact.measure not in old and (fact.of, fact.day) in gone:
                found[fact] = 0
    return [fact for fact, count in found.items() if count > 0]


def _facts(parts: Iterable[CachedMeasure]) -> Counter[Fact]:
    found: Counter[Fact] = Counter()
    for part in parts:
        found.update(part.facts)
    return found
